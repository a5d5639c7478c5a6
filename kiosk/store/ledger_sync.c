/* The ledger as kiosk-sync sends it: identity, batches, what is safe and old. Replies are in ledger_reply.c. */
#include "kiosk/store/ledger_sync.h"

#include <string.h>

#include "kiosk/base/log.h"
#include "kiosk/store/content_read.h"
#include "kiosk/store/ledger_private.h"

enum { LEDGER_KEEP_S = 30 * 86400, LEDGER_DECISIONS_KEPT = 500 };

static const char ledger_zeros[65] = "0000000000000000000000000000000000000000000000000000000000000000";

/* ---- identity */

static enum err ledger_write_enrolment(struct ledger *l, const struct ledger_enrolment *x, struct error *e)
{
    const struct {
        const char *name, *value;
    } texts[] = {{"hub", x->hub},     {"kid", x->kid},   {"name", x->name},
                 {"scope", x->scope}, {"host", x->host}, {"root", x->root_b64}};
    enum err code = ERR_NONE;
    for (size_t i = 0; i < sizeof texts / sizeof texts[0] && !code; i++)
        code = ledger_meta_set(l, texts[i].name, texts[i].value ? texts[i].value : "", e);
    if (!code)
        code = ledger_meta_set_int(l, "epoch", x->epoch, e);
    if (!code)
        code = ledger_meta_set_int(l, "inc", x->inc, e);
    return code;
}

/* Another hub's keys are none: nothing is sealed to them any more. */
static enum err ledger_forget_hub(struct ledger *l, struct error *e)
{
    return sql_exec(l->db, "DELETE FROM meta WHERE name IN ('keys', 'keys_n')", e);
}

enum err ledger_enrol(struct ledger *l, const struct ledger_enrolment *x, struct error *e)
{
    char kid[12], root[64];
    enum err code = ledger_meta_get(l, "kid", kid, sizeof kid, e);
    if (!code)
        code = ledger_meta_get(l, "root", root, sizeof root, e);
    bool other = kid[0] && strcmp(kid, x->kid) != 0;
    /* Another key is another kiosk to the hub: what it has not got for certain goes up again under the new name, and
     * its decisions are counted from 1. */
    if (!code && other)
        code = ledger_new_incarnation(l, x->inc, x->epoch, true, e);
    if (code)
        return code;
    code = ledger_begin(l, e);
    if (!code)
        code = ledger_write_enrolment(l, x, e);
    if (!code && strcmp(root, x->root_b64) != 0)
        code = ledger_forget_hub(l, e);
    if (!code && other)
        code = sql_exec(l->db,
                        "DELETE FROM decision; UPDATE meta SET value = '0' WHERE name IN ('inbox', 'safe_opseq')", e);
    return ledger_finish(l, code, e);
}

enum err ledger_set_keys(struct ledger *l, int n, const char *document, struct error *e)
{
    enum err code = ledger_begin(l, e);
    if (!code)
        code = ledger_meta_set_int(l, "keys_n", n, e);
    if (!code)
        code = ledger_meta_set(l, "keys", document, e);
    return ledger_finish(l, code, e);
}

/* ---- a batch */

/* The hash of the log before operation n. */
static enum err ledger_hash_before(struct ledger *l, int64_t n, char out[65], struct error *e)
{
    bool row;
    memcpy(out, ledger_zeros, 65);
    struct sql_stmt *st = sql_get(l->db, "SELECT h FROM op WHERE n = :n AND :n > 0");
    sql_bind_int(st, ":n", n - 1);
    enum err code = sql_step(st, &row, e);
    if (!code && row)
        content_word(out, 65, sql_text(st, 0));
    sql_reset(st);
    return code;
}

/* Bodies from out->first on, as long as they follow one another, fit and are wanted. */
static enum err ledger_batch_lines(struct ledger *l, struct ledger_batch *out, int max_ops, struct error *e)
{
    bool row = true;
    enum err code = ERR_NONE;
    struct sql_stmt *st = sql_get(l->db, "SELECT n, body FROM op WHERE n >= :first AND opseq IS NULL ORDER BY n");
    sql_bind_int(st, ":first", out->first);
    while (max_ops-- > 0) {
        code = sql_step(st, &row, e);
        if (code || !row || sql_int(st, 0) != out->last + 1)
            break;
        const char *body = sql_text(st, 1);
        if (out->lines.len + strlen(body) + 1 > out->lines.max)
            break;
        buf_add_str(&out->lines, body);
        buf_add_char(&out->lines, '\n');
        out->last++;
    }
    sql_reset(st);
    return code;
}

/* What the hub has not heard of comes first when there are too many for one batch; the wire wants rising numbers. */
static const char ledger_held[] =
    "SELECT lease FROM (SELECT lease, told FROM lease l WHERE held = 1 AND "
    "(told = 0 OR EXISTS (SELECT 1 FROM stock s WHERE s.event = l.event AND s.lease = l.lease)) "
    "ORDER BY told, lease LIMIT :max) ORDER BY lease";

static enum err ledger_batch_held(struct ledger *l, struct ledger_batch *out, struct error *e)
{
    bool row = true;
    enum err code = ERR_NONE;
    struct sql_stmt *st = sql_get(l->db, ledger_held);
    sql_bind_int(st, ":max", sizeof out->held / sizeof out->held[0]);
    while (!code) {
        code = sql_step(st, &row, e);
        if (code || !row)
            break;
        out->held[out->held_count++] = sql_int(st, 0);
    }
    sql_reset(st);
    return code;
}

static enum err ledger_batch_read(struct ledger *l, struct ledger_batch *out, int64_t after, int max_ops,
                                  struct error *e)
{
    bool row;
    int64_t inc = 0, epoch = 0, lost = 0, last = 0;
    out->held_count = 0;
    enum err code = ledger_meta_get_int(l, "inc", &inc, e);
    if (!code)
        code = ledger_meta_get_int(l, "epoch", &epoch, e);
    if (!code)
        code = ledger_meta_get_int(l, "inbox", &out->inbox, e);
    if (!code)
        code = ledger_meta_get_int(l, "anchor_lost", &lost, e);
    if (!code)
        code = ledger_op_last(l, &last, out->h0, e);
    if (code)
        return code;
    out->inc = (uint32_t)inc;
    out->epoch = (uint32_t)epoch;
    out->anchor_lost = lost != 0;
    if (ledger_meta_get(l, "proof", out->proof, sizeof out->proof, e) ||
        ledger_meta_get(l, "mark", out->mark, sizeof out->mark, e))
        return e->code;
    struct sql_stmt *st = sql_get(l->db, "SELECT min(n) FROM op WHERE " LEDGER_UNSENT);
    code = sql_step(st, &row, e);
    out->first = !code && row && !sql_is_null(st, 0) ? sql_int(st, 0) : last + 1;
    if (out->first <= after)
        out->first = after + 1;
    out->last = out->first - 1;
    sql_reset(st);
    if (!code)
        code = ledger_hash_before(l, out->first, out->h0, e);
    if (!code)
        code = ledger_batch_lines(l, out, max_ops, e);
    if (!code)
        code = ledger_batch_held(l, out, e);
    return code;
}

enum err ledger_batch(struct ledger *l, struct ledger_batch *out, int max_ops, struct error *e)
{
    /* One transaction, so that the parts are of one moment while the screens go on writing. */
    enum err code = ledger_begin(l, e);
    if (!code)
        code = ledger_batch_read(l, out, 0, max_ops, e);
    /* From now on a refusal of what a stick carries is not of the newest message. */
    if (!code)
        code = sql_exec(l->db, "DELETE FROM meta WHERE name = 'carried'", e);
    return ledger_finish(l, code, e);
}

enum err ledger_batch_after(struct ledger *l, struct ledger_batch *out, int64_t after, int max_ops, struct error *e)
{
    enum err code = ledger_begin(l, e);
    if (!code)
        code = ledger_batch_read(l, out, after, max_ops, e);
    return ledger_finish(l, code, e);
}

bool ledger_has_unsent(struct ledger *l)
{
    bool row;
    struct sql_stmt *st = sql_get(l->db, "SELECT 1 FROM op WHERE " LEDGER_UNSENT " LIMIT 1");
    bool unsent = sql_step(st, &row, NULL) == ERR_NONE && row;
    sql_reset(st);
    return unsent;
}

/* ---- around the exchange */

enum err ledger_set_contact(struct ledger *l, bool reached, const char *fault, struct error *e)
{
    int64_t now = ledger_now_ms(l) / 1000;
    enum err code = ledger_begin(l, e);
    if (!code)
        code = ledger_meta_set_int(l, "contact_try_at", now, e);
    if (!code && reached)
        code = ledger_meta_set_int(l, "contact_at", now, e);
    if (!code)
        code = ledger_meta_set(l, "contact_fault", fault, e);
    if (!code && reached)
        code = ledger_note_clock(l, e);
    return ledger_finish(l, code, e);
}

enum err ledger_set_line(struct ledger *l, const char *line, struct error *e)
{
    char known[sizeof((struct ledger_status *)NULL)->line];
    enum err code = ledger_meta_get(l, "line", known, sizeof known, e);
    if (code || strcmp(known, line) == 0)
        return code;
    code = ledger_begin(l, e);
    if (!code)
        code = ledger_meta_set(l, "line", line, e);
    return ledger_finish(l, code, e);
}

bool ledger_take_suspect(struct ledger *l)
{
    int64_t suspect = 0;
    if (ledger_meta_get_int(l, "suspect", &suspect, NULL) || !suspect)
        return false;
    enum err code = ledger_begin(l, NULL);
    if (!code)
        code = ledger_meta_set(l, "suspect", "0", NULL);
    return ledger_finish(l, code, NULL) == ERR_NONE;
}

enum err ledger_set_aside(struct ledger *l, int64_t n, struct error *e)
{
    enum err code = ledger_begin(l, e);
    if (!code) {
        struct sql_stmt *st = sql_get(l->db, "UPDATE op SET opseq = -1 WHERE n = :n AND opseq IS NULL");
        sql_bind_int(st, ":n", n);
        code = sql_run(st, e);
    }
    if (!code && sql_changes(l->db) == 0)
        code = error_set(e, ERR_NOT_FOUND, "no operation %lld to set aside", (long long)n);
    if (!code)
        log_line(LOG_ERROR, "operation-set-aside", "n=%lld", (long long)n);
    return ledger_finish(l, code, e);
}

/* ---- forgetting */

static enum err ledger_purge_run(struct ledger *l, const char *text, int64_t limit, struct error *e)
{
    struct sql_stmt *st = sql_get(l->db, text);
    sql_bind_int(st, ":limit", limit);
    return sql_run(st, e);
}

/* Operations that the hub has for certain. The last acknowledged one stays, without its body: its hash begins the next
 * batch. */
static enum err ledger_purge_log(struct ledger *l, struct error *e)
{
    int64_t safe, inbox;
    enum err code = ledger_meta_get_int(l, "safe_opseq", &safe, e);
    if (!code)
        code = ledger_meta_get_int(l, "inbox", &inbox, e);
    if (!code)
        code = ledger_purge_run(
            l, "DELETE FROM op WHERE opseq BETWEEN 1 AND :limit AND n < (SELECT max(n) FROM op WHERE opseq > 0)", safe,
            e);
    if (!code)
        code = ledger_purge_run(l, "UPDATE op SET body = '' WHERE opseq BETWEEN 1 AND :limit AND body <> ''", safe, e);
    if (!code)
        code = ledger_purge_run(l, "DELETE FROM decision WHERE dn <= :limit", inbox - LEDGER_DECISIONS_KEPT, e);
    return code;
}

#define LEDGER_FORGOTTEN                                                                                               \
    "SELECT id FROM signup s WHERE ends_at < :limit AND NOT EXISTS (SELECT 1 FROM op WHERE op.signup = s.id AND "      \
    "op.body <> '')"

static enum err ledger_purge_people(struct ledger *l, struct error *e)
{
    int64_t limit = ledger_now_ms(l) / 1000 - LEDGER_KEEP_S;
    /* Without the time nobody knows what is old. */
    if (l->clock->quality == CLOCK_UNSET)
        return ERR_NONE;
    enum err code = ledger_purge_run(l, "DELETE FROM job WHERE signup IN (" LEDGER_FORGOTTEN ")", limit, e);
    if (!code)
        code = ledger_purge_run(l, "DELETE FROM signup WHERE id IN (" LEDGER_FORGOTTEN ")", limit, e);
    if (!code)
        code = ledger_purge_run(l, "DELETE FROM job WHERE signup IS NULL AND done_at < :limit", limit, e);
    if (!code)
        code = ledger_purge_run(l, "DELETE FROM found WHERE state <> 'asked' AND at < :limit", limit, e);
    return code;
}

enum err ledger_purge(struct ledger *l, struct error *e)
{
    enum err code = ledger_begin(l, e);
    if (!code)
        code = ledger_purge_log(l, e);
    if (!code)
        code = ledger_purge_people(l, e);
    code = ledger_finish(l, code, e);
    /* The screen reads all the time, for a moment each: what it holds back now goes an hour later. */
    if (!code && sql_scrub(l->db, NULL) == ERR_BUSY)
        log_line(LOG_DEBUG, "purge", "%s", "the log is still read");
    return code;
}
