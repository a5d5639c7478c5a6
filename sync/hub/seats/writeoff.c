/* The risk of a write-off: seats that the kiosk holds unheard may have been sold, and would be sold once more. */
#include "sync/hub/seats/writeoff.h"

#include "kiosk/base/date.h"

enum { WRITEOFF_LINES = 20 }; /* occurrences that are named, the earliest */

/* "3 days ago"-like words are left to the reader: the moment says more. */
static enum err writeoff_head(struct hub *h, const char *kid, struct buf *out, struct error *e)
{
    struct sql_stmt *st =
        sql_get(h->db, "SELECT name, state, seen_at, (SELECT count(*) FROM signup s WHERE s.kid = k.kid) "
                       "FROM kiosk k WHERE kid = :kid");
    char seen[21];
    bool row = false;
    sql_bind_text(st, ":kid", kid);
    enum err err = sql_step(st, &row, e);
    if (err)
        return err;
    if (!row)
        return error_set(e, ERR_NOT_FOUND, "no kiosk %s", kid);
    buf_addf(out, "%s (%s, %s): ", sql_text(st, 0), kid, sql_text(st, 1));
    if (sql_int(st, 2)) {
        instant_format_utc(sql_int(st, 2), seen);
        buf_addf(out, "last heard of %s, %lld hours ago; ", seen, (long long)(hub_now(h) - sql_int(st, 2)) / 3600);
    } else {
        buf_add_str(out, "never heard of; ");
    }
    buf_addf(out, "%lld sign-ups of it are known here.\n", (long long)sql_int(st, 3));
    sql_reset(st);
    return ERR_NONE;
}

/* Only what is still to come can have two people at the door. */
static enum err writeoff_events(struct hub *h, const char *kid, struct buf *out, int64_t *seats, struct error *e)
{
    struct sql_stmt *st = sql_get(
        h->db, "SELECT r.name, o.start_at, count(*) FROM lease l JOIN seat s ON s.ev = l.ev AND s.lease = l.lease AND "
               "s.state = 'held' JOIN occurrence o ON o.id = l.ev JOIN record r ON r.id = o.record WHERE l.kid = :kid "
               "AND o.end_at > :now AND o.cancelled = 0 GROUP BY o.id, r.name, o.start_at ORDER BY o.start_at, o.id");
    char start[21];
    bool row = true;
    enum err err;
    int lines = 0;
    sql_bind_text(st, ":kid", kid);
    sql_bind_int(st, ":now", hub_now(h));
    *seats = 0;
    while (!(err = sql_step(st, &row, e)) && row) {
        *seats += sql_int(st, 2);
        if (++lines > WRITEOFF_LINES)
            continue;
        instant_format_utc(sql_int(st, 1), start);
        buf_addf(out, "  %lld of %s, %s\n", (long long)sql_int(st, 2), sql_text(st, 0), start);
    }
    if (lines > WRITEOFF_LINES)
        buf_addf(out, "  and of %d more\n", lines - WRITEOFF_LINES);
    return err;
}

enum err writeoff_describe(struct hub *h, const char *kid, struct buf *out, int64_t *seats, struct error *e)
{
    struct buf list;
    buf_init(&list, out->max);
    enum err err = writeoff_head(h, kid, out, e);
    if (!err)
        err = writeoff_events(h, kid, &list, seats, e);
    if (!err && *seats == 0) {
        buf_add_str(out, "It holds no seat of anything that is still to come: nobody can be turned away at a door.\n");
    } else if (!err) {
        buf_addf(out,
                 "It holds %lld seats that it may have sold since, on paper that says \"confirmed\":\n%sWritten off, "
                 "they are given to others. If it did sell them, up to %lld people stand at the door with a seat\n"
                 "that somebody else has too. Nothing undoes that. Wait instead, if it may speak again.\n",
                 (long long)*seats, list.data, (long long)*seats);
    }
    buf_done(&list);
    return err;
}
