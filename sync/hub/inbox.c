/* The inboxes of the kiosks. */
#include "sync/hub/inbox.h"

static enum err inbox_next(struct sql *db, const char *kid, int64_t *dn, struct error *e)
{
    struct sql_stmt *st = sql_get(db, "UPDATE kiosk SET dn = dn + 1 WHERE kid = :kid RETURNING dn");
    bool row = false;
    sql_bind_text(st, ":kid", kid);
    enum err err = sql_step(st, &row, e);
    *dn = !err && row ? sql_int(st, 0) : 0;
    if (!err && row)
        err = sql_step(st, &row, e); /* an UPDATE is done when its rows have been read to the end */
    sql_reset(st);
    return err;
}

enum err inbox_put(struct sql *db, const char *kid, const struct wire_decision *d, struct error *e)
{
    struct wire_decision numbered = *d;
    enum err err = inbox_next(db, kid, &numbered.dn, e);
    if (err || !numbered.dn)
        return err;
    struct buf line;
    buf_init(&line, WIRE_SMALL_MAX);
    wire_decision_write(&numbered, &line);
    struct sql_stmt *st = sql_get(db, "INSERT INTO decision (kid, dn, body) VALUES (:kid, :dn, :body)");
    sql_bind_text(st, ":kid", kid);
    sql_bind_int(st, ":dn", numbered.dn);
    sql_bind_text(st, ":body", line.data);
    err = sql_run(st, e);
    buf_done(&line);
    return err;
}

enum err inbox_confirm(struct sql *db, const char *kid, int64_t inbox, struct error *e)
{
    struct sql_stmt *st = sql_get(db, "UPDATE kiosk SET inbox = CASE WHEN inbox < :inbox THEN :inbox ELSE inbox END, "
                                      "dn = CASE WHEN dn < :inbox THEN :inbox ELSE dn END WHERE kid = :kid");
    sql_bind_text(st, ":kid", kid);
    sql_bind_int(st, ":inbox", inbox);
    enum err err = sql_run(st, e);
    if (err)
        return err;
    st = sql_get(db, "DELETE FROM decision WHERE kid = :kid AND dn <= :inbox");
    sql_bind_text(st, ":kid", kid);
    sql_bind_int(st, ":inbox", inbox);
    return sql_run(st, e);
}

enum err inbox_reset(struct sql *db, const char *kid, int64_t inbox, struct error *e)
{
    struct sql_stmt *st = sql_get(db, "UPDATE kiosk SET inbox = :inbox, dn = max(dn, :inbox) WHERE kid = :kid");
    sql_bind_text(st, ":kid", kid);
    sql_bind_int(st, ":inbox", inbox);
    return sql_run(st, e);
}

enum err inbox_write(struct sql *db, const char *kid, int most, struct buf *out, bool *more, struct error *e)
{
    struct sql_stmt *st = sql_get(db, "SELECT body FROM decision WHERE kid = :kid ORDER BY dn LIMIT :most + 1");
    enum err err = ERR_NONE;
    bool row = true;
    sql_bind_text(st, ":kid", kid);
    sql_bind_int(st, ":most", most);
    *more = false;
    for (int i = 0; !(err = sql_step(st, &row, e)) && row; i++) {
        if (i == most) {
            *more = true;
            break;
        }
        buf_add_str(out, sql_text(st, 0));
    }
    sql_reset(st);
    return err;
}
