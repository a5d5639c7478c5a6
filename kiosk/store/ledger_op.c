/* The log of operations: lines, numbers, the chain of hashes (PROTOCOL.md, 4). */
#include "kiosk/store/ledger_private.h"

#include <string.h>

#include "kiosk/base/buf.h"
#include "kiosk/base/date.h"
#include "kiosk/store/content_read.h"
#include "kiosk/ticket/crypto.h"

enum { LEDGER_LINE_MAX = 16 * 1024 };

void ledger_chain(char out[65], const char before[65], const char *line)
{
    uint8_t h[CRYPTO_HASH] = {0}, next[CRYPTO_HASH];
    /* No hash yet is 64 zeros. */
    if (before[0] && !crypto_from_hex(h, sizeof h, before))
        die("ledger: a hash of the log is none");
    crypto_digest2(next, h, sizeof h, line, strlen(line));
    crypto_hex(out, next, sizeof next);
}

struct json *ledger_moment(const struct ledger *l)
{
    char text[21];
    struct json *at = json_new_object();
    instant_format_utc(ledger_now_ms(l) / 1000, text);
    json_put_str(at, "t", text);
    json_put_str(at, "q", clock_quality_name(l->clock->quality));
    json_put_str(at, "boot", l->boot);
    json_put_int(at, "mono", clock_mono_ms(l->clock) / 1000);
    return at;
}

enum err ledger_op_last(struct ledger *l, int64_t *n, char h[65], struct error *e)
{
    bool row;
    struct sql_stmt *st = sql_get(l->db, "SELECT n, h FROM op WHERE n > 0 ORDER BY n DESC LIMIT 1");
    enum err code = sql_step(st, &row, e);
    *n = !code && row ? sql_int(st, 0) : 0;
    content_word(h, 65, !code && row ? sql_text(st, 1) : "");
    sql_reset(st);
    return code;
}

enum err ledger_op_init(struct ledger *l, struct ledger_op *op, const char *kind, struct error *e)
{
    *op = (struct ledger_op){.kind = kind};
    enum err code = ledger_op_last(l, &op->n, op->before, e);
    if (code)
        return code;
    op->n++;
    op->line = json_new_object();
    json_put_int(op->line, "n", op->n);
    json_put_str(op->line, "op", kind);
    return ERR_NONE;
}

static enum err ledger_op_insert(struct ledger *l, const struct ledger_op *op, const char *signup, const char *line,
                                 struct error *e)
{
    char h[65];
    ledger_chain(h, op->before, line);
    struct sql_stmt *st =
        sql_get(l->db, "INSERT INTO op (n, kind, signup, body, h) VALUES (:n, :kind, :signup, :body, :h)");
    sql_bind_int(st, ":n", op->n);
    sql_bind_text(st, ":kind", op->kind);
    sql_bind_text(st, ":signup", signup);
    sql_bind_text(st, ":body", line);
    sql_bind_text(st, ":h", h);
    return sql_run(st, e);
}

enum err ledger_op_append(struct ledger *l, struct ledger_op *op, const char *signup, struct error *e)
{
    struct buf line;
    buf_init(&line, LEDGER_LINE_MAX);
    json_write(op->line, &line);
    enum err code = line.overflow ? error_set(e, ERR_TOO_BIG, "operation %lld is too long", (long long)op->n)
                                  : ledger_op_insert(l, op, signup, line.data, e);
    buf_done(&line);
    json_free(op->line);
    op->line = NULL;
    return code;
}
