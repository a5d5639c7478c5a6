/* The inboxes of the kiosks. */
#include "sync/hub/inbox.h"

#include <string.h>

/* What a decision's line begins with before it has its number. */
static const char inbox_unnumbered[] = "{\"t\":\"decision\",\"dn\":0,";

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

static enum err inbox_insert(struct sql *db, const char *kid, int64_t dn, const char *body, struct error *e)
{
    struct sql_stmt *st = sql_get(db, "INSERT INTO decision (kid, dn, body) VALUES (:kid, :dn, :body)");
    sql_bind_text(st, ":kid", kid);
    sql_bind_int(st, ":dn", dn);
    sql_bind_text(st, ":body", body);
    return sql_run(st, e);
}

static enum err inbox_post(struct sql *db, const char *kid, const char *body, struct error *e)
{
    struct sql_stmt *st = sql_get(db, "INSERT INTO posted (kid, body) SELECT :kid, :body "
                                      "WHERE EXISTS (SELECT 1 FROM kiosk WHERE kid = :kid)");
    sql_bind_text(st, ":kid", kid);
    sql_bind_text(st, ":body", body);
    return sql_run(st, e);
}

enum err inbox_put(struct sql *db, const char *kid, const struct wire_decision *d, struct error *e)
{
    struct wire_decision numbered = *d;
    bool shared = sql_is_shared(db);
    numbered.dn = 0;
    enum err err = shared ? ERR_NONE : inbox_next(db, kid, &numbered.dn, e);
    if (err || (!shared && !numbered.dn))
        return err;
    struct buf line;
    buf_init(&line, WIRE_SMALL_MAX);
    wire_decision_write(&numbered, &line);
    err = shared ? inbox_post(db, kid, line.data, e) : inbox_insert(db, kid, numbered.dn, line.data, e);
    buf_done(&line);
    return err;
}

/* ---- numbering what was posted */

static enum err inbox_number_one(struct sql *db, const char *kid, const char *body, struct error *e)
{
    int64_t dn = 0;
    size_t n = sizeof inbox_unnumbered - 1;
    struct buf line;
    if (strncmp(body, inbox_unnumbered, n) != 0)
        return error_set(e, ERR_CORRUPT, "a decision for %s does not begin as one", kid);
    enum err err = inbox_next(db, kid, &dn, e);
    buf_init(&line, WIRE_SMALL_MAX);
    buf_addf(&line, "%.*s%lld,%s", (int)(n - 2), body, (long long)dn, body + n);
    if (!err)
        err = inbox_insert(db, kid, dn, line.data, e);
    buf_done(&line);
    return err;
}

/* Posting takes no lock that two batches could want in opposite order: a batch that seats somebody of another kiosk
 * does not wait for that kiosk's batch. The numbers are given here, by who holds the kiosk's row. */
static enum err inbox_number(struct sql *db, const char *kid, struct error *e)
{
    struct sql_stmt *st = sql_get(db, "WITH taken AS (DELETE FROM posted WHERE kid = :kid RETURNING n, body) "
                                      "SELECT body FROM taken ORDER BY n");
    bool row = true;
    enum err err = ERR_NONE;
    sql_bind_text(st, ":kid", kid);
    while (!err && !(err = sql_step(st, &row, e)) && row)
        err = inbox_number_one(db, kid, sql_text(st, 0), e);
    sql_reset(st);
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
    enum err err = sql_is_shared(db) ? inbox_number(db, kid, e) : ERR_NONE;
    if (err)
        return err;
    struct sql_stmt *st = sql_get(db, "SELECT body FROM decision WHERE kid = :kid ORDER BY dn LIMIT :most + 1");
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
