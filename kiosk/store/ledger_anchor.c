/* The anchor: reading, judging, following. A slot: "SOSANCH1", counter, incarnation, operation (each 8 bytes,
 * big-endian), hash of the log (32), kid (10, padded to 16), then the first 16 bytes of the BLAKE2b-256 of all that. */
#include "kiosk/store/ledger_anchor.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "kiosk/base/buf.h"
#include "kiosk/base/log.h"
#include "kiosk/store/ledger_private.h"
#include "kiosk/ticket/crypto.h"

enum { ANCHOR_KID = 16, ANCHOR_CHECK = 16, ANCHOR_AT_CHECK = 8 + 3 * 8 + CRYPTO_HASH + ANCHOR_KID };

static const char anchor_magic[] = "SOSANCH1";

/* A place in a log. */
struct anchor {
    int64_t counter, inc, n; /* counter 0: none */
    char h[65];
    char kid[ANCHOR_KID];
};

/* ---- slots */

static uint8_t *anchor_put(uint8_t *p, int64_t value)
{
    for (int i = 0; i < 8; i++)
        *p++ = (uint8_t)((uint64_t)value >> (56 - 8 * i));
    return p;
}

static const uint8_t *anchor_take(const uint8_t *p, int64_t *value)
{
    uint64_t v = 0;
    for (int i = 0; i < 8; i++)
        v = v << 8 | *p++;
    *value = (int64_t)v;
    return p;
}

static void anchor_check(uint8_t out[CRYPTO_HASH], const uint8_t slot[LEDGER_ANCHOR_SLOT])
{
    crypto_digest2(out, slot, 8, slot + 8, ANCHOR_AT_CHECK - 8);
}

static void anchor_pack(uint8_t slot[LEDGER_ANCHOR_SLOT], const struct anchor *a)
{
    uint8_t check[CRYPTO_HASH];
    memset(slot, 0, LEDGER_ANCHOR_SLOT);
    memcpy(slot, anchor_magic, 8);
    uint8_t *p = anchor_put(anchor_put(anchor_put(slot + 8, a->counter), a->inc), a->n);
    if (a->h[0] && !crypto_from_hex(p, CRYPTO_HASH, a->h))
        die("anchor: a hash of the log is none");
    memcpy(p + CRYPTO_HASH, a->kid, ANCHOR_KID);
    anchor_check(check, slot);
    memcpy(slot + ANCHOR_AT_CHECK, check, ANCHOR_CHECK);
}

static bool anchor_unpack(struct anchor *a, const uint8_t slot[LEDGER_ANCHOR_SLOT])
{
    uint8_t check[CRYPTO_HASH];
    anchor_check(check, slot);
    if (memcmp(slot, anchor_magic, 8) != 0 || memcmp(slot + ANCHOR_AT_CHECK, check, ANCHOR_CHECK) != 0)
        return false;
    const uint8_t *p = anchor_take(anchor_take(anchor_take(slot + 8, &a->counter), &a->inc), &a->n);
    crypto_hex(a->h, p, CRYPTO_HASH);
    memcpy(a->kid, p + CRYPTO_HASH, ANCHOR_KID);
    return a->counter > 0;
}

/* ---- the medium */

/* Opens and locks it. A file beside the ledger is no second medium: a stick that is not mounted looks like that. */
static int anchor_open(const struct ledger *l, struct error *e)
{
    struct stat st;
    int fd = open(l->anchor, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (fd < 0 || fstat(fd, &st) < 0 || flock(fd, LOCK_EX) < 0) {
        error_set(e, ERR_IO, "%s: %s", l->anchor, error_errno(errno));
    } else if (st.st_dev == l->dev) {
        error_set(e, ERR_IO, "%s: on the same medium as the ledger", l->anchor);
        if (st.st_size == 0)
            unlink(l->anchor);
    } else {
        return fd;
    }
    if (fd >= 0)
        close(fd);
    return -1;
}

/* The newer of the two slots that are whole; counter 0 when none is. */
static struct anchor anchor_read(int fd)
{
    struct anchor newest = {0};
    for (int i = 0; i < 2; i++) {
        uint8_t slot[LEDGER_ANCHOR_SLOT] = {0};
        struct anchor a;
        if (pread(fd, slot, sizeof slot, i * LEDGER_ANCHOR_SLOT) == (ssize_t)sizeof slot && anchor_unpack(&a, slot) &&
            a.counter > newest.counter)
            newest = a;
    }
    return newest;
}

/* Into the slot that is not the newest: when this is cut short, that one is still there. */
static enum err anchor_write(int fd, const char *path, struct anchor *a, int64_t counter, struct error *e)
{
    uint8_t slot[LEDGER_ANCHOR_SLOT];
    a->counter = counter + 1;
    anchor_pack(slot, a);
    if (pwrite(fd, slot, sizeof slot, a->counter % 2 * LEDGER_ANCHOR_SLOT) != (ssize_t)sizeof slot)
        return error_set(e, ERR_IO, "%s: %s", path, error_errno(errno));
    /* A chip behind a driver has nothing to sync and says EINVAL. */
    if (fdatasync(fd) < 0 && errno != EINVAL)
        return error_set(e, ERR_IO, "%s: %s", path, error_errno(errno));
    return ERR_NONE;
}

/* ---- judging */

/* Where the ledger's log stands now. */
static enum err anchor_of_ledger(struct ledger *l, struct anchor *out, struct error *e)
{
    *out = (struct anchor){0};
    enum err code = ledger_meta_get_int(l, "inc", &out->inc, e);
    if (!code)
        code = ledger_meta_get(l, "kid", out->kid, sizeof out->kid, e);
    return code ? code : ledger_op_last(l, &out->n, out->h, e);
}

/* Whether the log still holds the operation at which it was anchored, by its hash. One that is no longer kept was safe
 * at the hub long before, and the log goes on after it. */
static bool anchor_is_in_log(struct ledger *l, const struct anchor *a, const struct anchor *now)
{
    if (a->counter == 0 || memcmp(a->kid, now->kid, ANCHOR_KID) != 0 || a->inc > now->inc)
        return false;
    if (a->inc < now->inc || a->n == 0)
        return true;
    bool row = false;
    struct sql_stmt *st = sql_get(l->db, "SELECT h FROM op WHERE n >= :n AND n > 0 ORDER BY n LIMIT 1");
    sql_bind_int(st, ":n", a->n);
    bool held = sql_step(st, &row, NULL) == ERR_NONE && row;
    sql_reset(st);
    st = sql_get(l->db, "SELECT h FROM op WHERE n = :n");
    sql_bind_int(st, ":n", a->n);
    if (held && sql_step(st, &row, NULL) == ERR_NONE && row)
        held = strcmp(sql_text(st, 0), a->h) == 0;
    sql_reset(st);
    return held;
}

/* fd -1: the medium is not there, which says as little as an empty one. */
static enum err anchor_judge(struct ledger *l, int fd, struct error *e)
{
    struct anchor now, a = {0};
    if (fd >= 0)
        a = anchor_read(fd);
    enum err code = anchor_of_ledger(l, &now, e);
    if (code || !now.kid[0] || anchor_is_in_log(l, &a, &now))
        return code;
    log_line(LOG_ERROR, "anchor-lost", "why=%s inc=%lld n=%lld anchor_inc=%lld anchor_n=%lld",
             a.counter ? "mismatch" : "missing", (long long)now.inc, (long long)now.n, (long long)a.inc,
             (long long)a.n);
    return ledger_meta_set(l, "anchor_lost", "1", e);
}

/* ---- following */

static void anchor_say(struct ledger *l, const struct error *e)
{
    char why[400];
    if (!l->anchor_bad)
        log_line(LOG_ERROR, "anchor-bad", "why=%s", log_quote(why, sizeof why, e->text));
    l->anchor_bad = true;
}

static enum err anchor_move(struct ledger *l, struct anchor *now, struct error *e)
{
    int fd = anchor_open(l, e);
    if (fd < 0)
        return e->code;
    struct anchor a = anchor_read(fd);
    bool ahead = a.counter && memcmp(a.kid, now->kid, ANCHOR_KID) == 0 &&
                 (a.inc > now->inc || (a.inc == now->inc && a.n >= now->n));
    enum err code = ahead && !l->anchor_force ? ERR_NONE : anchor_write(fd, l->anchor, now, a.counter, e);
    close(fd);
    return code;
}

void ledger_anchor_follow(struct ledger *l)
{
    struct error e = {0};
    struct anchor now;
    int64_t lost = 0;
    if (!l->anchor)
        return;
    enum err code = anchor_of_ledger(l, &now, &e);
    if (!code)
        code = ledger_meta_get_int(l, "anchor_lost", &lost, &e);
    bool moved = now.inc != l->anchor_inc || now.n != l->anchor_n || l->anchor_force || l->anchor_bad;
    /* What shows that something is wrong stays until the hub has answered it. */
    if (code || lost || !now.kid[0] || !moved)
        return;
    if (anchor_move(l, &now, &e)) {
        anchor_say(l, &e);
        return;
    }
    l->anchor_bad = l->anchor_force = false;
    l->anchor_inc = now.inc;
    l->anchor_n = now.n;
}

enum ledger_anchor_state ledger_anchor_state(struct ledger *l)
{
    int64_t lost = 0;
    if (l->anchor_bad)
        return LEDGER_ANCHOR_AWAY;
    if (ledger_meta_get_int(l, "anchor_lost", &lost, NULL) != ERR_NONE || lost)
        return LEDGER_ANCHOR_LOST;
    return l->anchor ? LEDGER_ANCHOR_GOOD : LEDGER_ANCHOR_NONE;
}

bool ledger_anchor_holds(struct ledger *l) { return ledger_anchor_state(l) <= LEDGER_ANCHOR_GOOD; }

enum err ledger_use_anchor(struct ledger *l, const char *path, struct error *e)
{
    struct error why = {0};
    if (!path || !*path)
        return ERR_NONE;
    l->anchor = mem_dup_str(path);
    l->anchor_inc = -1;
    l->anchor_bad = false;
    int fd = anchor_open(l, &why);
    if (fd < 0)
        anchor_say(l, &why);
    /* Inside a transaction, so that no other program moves the log meanwhile; its end then writes the anchor. */
    enum err code = ledger_begin(l, e);
    if (!code)
        code = anchor_judge(l, fd, e);
    if (fd >= 0)
        close(fd);
    return ledger_finish(l, code, e);
}
