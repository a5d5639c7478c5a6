/* A new incarnation: the log begins again at 1 with everything the hub may not have (PROTOCOL.md, 4). */
#include "kiosk/store/ledger_sync.h"

#include <string.h>

#include "kiosk/base/log.h"
#include "kiosk/store/content_read.h"
#include "kiosk/store/ledger_private.h"

enum { LEDGER_LINE_MAX = 16 * 1024 };

/* One operation that is taken along. */
struct ledger_kept {
    int64_t n;
    char kind[12];
    struct buf body;
};

static enum err ledger_run_int(struct ledger *l, const char *text, const char *name, int64_t value, struct error *e)
{
    struct sql_stmt *st = sql_get(l->db, text);
    sql_bind_int(st, name, value);
    return sql_run(st, e);
}

/* The line with another number, its other members as they were and in their order. */
static enum err ledger_renumber(struct buf *body, int64_t n, struct error *e)
{
    struct json *j, *line;
    enum err code = json_parse(&j, body->data, body->len, LEDGER_LINE_MAX, e);
    if (code)
        return code;
    line = json_new_object();
    for (const struct json *m = json_first(j); m; m = json_next(m)) {
        if (strcmp(json_name(m), "n") == 0)
            json_put_int(line, "n", n);
        else
            json_put(line, json_name(m), json_dup(m));
    }
    buf_clear(body);
    json_write(line, body);
    json_free(line);
    json_free(j);
    return ERR_NONE;
}

static enum err ledger_next_kept(struct ledger *l, int64_t after, struct ledger_kept *out, bool *found, struct error *e)
{
    struct sql_stmt *st = sql_get(l->db, "SELECT n, kind, body FROM op WHERE n > :after ORDER BY n LIMIT 1");
    sql_bind_int(st, ":after", after);
    enum err code = sql_step(st, found, e);
    if (!code && *found) {
        out->n = sql_int(st, 0);
        content_word(out->kind, sizeof out->kind, sql_text(st, 1));
        buf_clear(&out->body);
        buf_add_str(&out->body, sql_text(st, 2));
    }
    sql_reset(st);
    return code;
}

static enum err ledger_move_op(struct ledger *l, int64_t from, int64_t to, const char *body, const char *h,
                               struct error *e)
{
    struct sql_stmt *st = sql_get(l->db, "UPDATE op SET n = :to, body = :body, h = :h, opseq = NULL WHERE n = :from");
    sql_bind_int(st, ":from", from);
    sql_bind_int(st, ":to", to);
    sql_bind_text(st, ":body", body);
    sql_bind_text(st, ":h", h);
    return sql_run(st, e);
}

/* Numbers only fall and rows are taken in rising order, so none meets another on its way. */
static enum err ledger_rebuild(struct ledger *l, bool drop_returns, int64_t *last, struct error *e)
{
    struct ledger_kept op = {0};
    char h[65] = "";
    bool found = true;
    enum err code = ERR_NONE;
    buf_init(&op.body, LEDGER_LINE_MAX);
    *last = 0;
    while (!code) {
        code = ledger_next_kept(l, op.n, &op, &found, e);
        if (code || !found)
            break;
        if (drop_returns && strcmp(op.kind, "return") == 0) {
            code = ledger_run_int(l, "DELETE FROM op WHERE n = :n", ":n", op.n, e);
            continue;
        }
        code = ledger_renumber(&op.body, *last + 1, e);
        if (code)
            break;
        ledger_chain(h, h, op.body.data);
        code = ledger_move_op(l, op.n, ++*last, op.body.data, h, e);
    }
    buf_done(&op.body);
    return code;
}

/* What was set aside leaves the numbers of the log; what is safe leaves the ledger. */
static enum err ledger_clear_log(struct ledger *l, struct error *e)
{
    int64_t safe;
    enum err code = ledger_meta_get_int(l, "safe_opseq", &safe, e);
    if (!code)
        code = ledger_run_int(l, "DELETE FROM op WHERE n > 0 AND opseq >= 0 AND (opseq <= :safe OR body = '')", ":safe",
                              safe, e);
    if (!code)
        code = sql_exec(l->db, "UPDATE op SET n = min(0, (SELECT min(n) FROM op)) - n WHERE n > 0 AND opseq = -1", e);
    return code;
}

static enum err ledger_set_log(struct ledger *l, uint32_t inc, uint32_t epoch, bool reset, struct error *e)
{
    int64_t before;
    enum err code = ledger_meta_get_int(l, "epoch", &before, e);
    if (!code && before != epoch) /* the numbers of the hub's log begin elsewhere */
        code = ledger_meta_set_int(l, "safe_opseq", 0, e);
    const struct {
        const char *name;
        int64_t value;
    } numbers[] = {{"inc", inc}, {"epoch", epoch}, {"ack_n", 0}};
    for (size_t i = 0; i < sizeof numbers / sizeof numbers[0] && !code; i++)
        code = ledger_meta_set_int(l, numbers[i].name, numbers[i].value, e);
    /* Only with the stock goes the doubt whether it was sold already. */
    return !code && reset ? ledger_meta_set_int(l, "anchor_lost", 0, e) : code;
}

enum err ledger_new_incarnation(struct ledger *l, uint32_t inc, uint32_t epoch, bool drop_leases, struct error *e)
{
    int64_t last = 0;
    enum err code = ledger_begin(l, e);
    if (!code)
        code = ledger_clear_log(l, e);
    if (!code)
        code = ledger_rebuild(l, drop_leases, &last, e);
    if (!code)
        code = ledger_set_log(l, inc, epoch, drop_leases, e);
    if (!code && drop_leases)
        code = sql_exec(l->db, "DELETE FROM stock; UPDATE lease SET held = 0", e);
    /* A hub that was restored may not remember having given them. */
    if (!code && !drop_leases)
        code = sql_exec(l->db, "UPDATE lease SET told = 0 WHERE held = 1", e);
    l->anchor_force = l->anchor_force || (!code && drop_leases);
    code = ledger_finish(l, code, e);
    if (!code)
        log_line(LOG_WARN, "ledger-incarnation", "inc=%u epoch=%u operations=%lld leases=%s", inc, epoch,
                 (long long)last, drop_leases ? "dropped" : "kept");
    return code;
}
