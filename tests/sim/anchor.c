/* The second medium of a kiosk, with the anchor of its log: memory that is a device of its own. It gets pulled out,
 * comes back or is replaced by an empty one; a crash tears what was written last. */
#include <fcntl.h>
#include <stdio.h>
#include <sys/mman.h>
#include <unistd.h>

#include "kiosk/base/error.h"
#include "tests/sim/sim.h"

static void anchor_put(struct sim_kiosk *k, const uint8_t bytes[LEDGER_ANCHOR_BYTES])
{
    if (pwrite(k->anchor_medium, bytes, LEDGER_ANCHOR_BYTES, 0) != LEDGER_ANCHOR_BYTES)
        die("sim: no anchor");
}

/* Pulled out, the path leads to a folder. */
static void anchor_plug(struct sim_kiosk *k, bool in)
{
    int nothing = open("/", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (nothing < 0 || dup2(in ? k->anchor_medium : nothing, k->anchor_fd) < 0)
        die("sim: no medium");
    close(nothing);
    k->anchor_in = in;
}

void anchor_build(struct sim_kiosk *k)
{
    static const uint8_t empty[LEDGER_ANCHOR_BYTES];
    k->anchor_medium = memfd_create("anchor", MFD_CLOEXEC);
    k->anchor_fd = dup(k->anchor_medium);
    snprintf(k->anchor, sizeof k->anchor, "/proc/self/fd/%d", k->anchor_fd);
    k->anchored = true;
    anchor_put(k, empty);
}

void anchor_keep(struct sim_kiosk *k)
{
    if (pread(k->anchor_medium, k->anchor_start, LEDGER_ANCHOR_BYTES, 0) != LEDGER_ANCHOR_BYTES)
        die("sim: no anchor was written");
}

void anchor_begin(struct sim *s, struct sim_kiosk *k)
{
    k->anchored = chance(s, 400);
    anchor_put(k, k->anchor_start);
    anchor_plug(k, true);
}

void anchor_free(struct sim_kiosk *k)
{
    close(k->anchor_fd);
    close(k->anchor_medium);
}

void anchor_tear(struct sim *s, struct sim_kiosk *k)
{
    uint8_t byte;
    off_t at = (off_t)chance_below(s, LEDGER_ANCHOR_BYTES);
    if (!chance(s, 200) || pread(k->anchor_medium, &byte, 1, at) != 1)
        return;
    byte ^= 0x40;
    if (pwrite(k->anchor_medium, &byte, 1, at) != 1)
        die("sim: no anchor");
}

void anchor_heal(struct sim_kiosk *k) { anchor_plug(k, true); }

void act_anchor(struct sim *s, struct sim_kiosk *k)
{
    static const uint8_t empty[LEDGER_ANCHOR_BYTES];
    if (!k->anchored)
        return;
    anchor_plug(k, !k->anchor_in);
    if (k->anchor_in && chance(s, 200))
        anchor_put(k, empty);
}
