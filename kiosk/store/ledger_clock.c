/* The hub's time, handed from kiosk-sync to the other programs of this machine: all of them read the same boot-time
 * clock, so its distance to the hub's is one number, true until the machine starts again. */
#include "kiosk/store/ledger_private.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

enum { LEDGER_CLOCK_TEXT = 40 };

enum err ledger_note_clock(struct ledger *l, struct error *e)
{
    char text[LEDGER_CLOCK_TEXT];
    if (!l->boot[0] || l->clock->wall_offset_ms == INT64_MIN)
        return ERR_NONE;
    snprintf(text, sizeof text, "%s %" PRId64, l->boot, l->clock->wall_offset_ms);
    return ledger_meta_set(l, "clock", text, e);
}

bool ledger_learn_clock(struct ledger *l, struct clock *clock)
{
    char text[LEDGER_CLOCK_TEXT], boot[sizeof l->boot];
    int64_t offset;
    if (ledger_meta_get(l, "clock", text, sizeof text, NULL) != ERR_NONE)
        return false;
    if (sscanf(text, "%8s %" SCNd64, boot, &offset) != 2 || strcmp(boot, l->boot) != 0)
        return false;
    if (clock->wall_offset_ms == offset && clock->quality == CLOCK_OK)
        return false;
    clock->wall_offset_ms = offset;
    clock->quality = CLOCK_OK;
    return true;
}
