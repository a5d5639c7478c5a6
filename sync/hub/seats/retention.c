/* The box is overwritten, not the row: who sends the sign-up again is still recognised. SQLite zeroes what an update
 * frees (sql_open), and sql_scrub empties its log, where the page as it was would lie for weeks at a quiet hub. */
#include "sync/hub/seats/retention.h"

#include <string.h>

#include "kiosk/base/log.h"

enum { RETENTION_DAY = 86400, RETENTION_PART = 500 /* rows in one transaction: kiosks are waiting */ };

static enum err retention_part(struct hub *h, int64_t limit, int64_t *rows, struct error *e)
{
    enum err err = sql_begin(h->db, e);
    if (err)
        return err;
    struct sql_stmt *st =
        sql_get(h->db, "UPDATE signup SET box = :none, box_key = '' WHERE arrival IN (SELECT s.arrival FROM signup s "
                       "LEFT JOIN occurrence o ON o.id = s.ev WHERE s.box_key <> '' AND "
                       "coalesce(o.end_at, s.at) < :limit LIMIT :most)");
    sql_bind_blob(st, ":none", "", 0);
    sql_bind_int(st, ":limit", limit);
    sql_bind_int(st, ":most", RETENTION_PART);
    err = sql_run(st, e);
    *rows = err ? 0 : sql_changes(h->db);
    if (!err)
        err = sql_commit(h->db, e);
    if (err)
        sql_rollback(h->db);
    return err;
}

enum err retention_purge(struct hub *h, int days, int64_t *erased, struct error *e)
{
    int64_t limit = hub_now(h) - (int64_t)days * RETENTION_DAY, rows = 1, all = 0;
    enum err err = ERR_NONE;
    while (!err && rows > 0) {
        err = retention_part(h, limit, &rows, e);
        all += err ? 0 : rows;
    }
    if (erased)
        *erased = all;
    return err ? err : sql_scrub(h->db, e);
}

void retention_daily(struct hub *h, int days, char day[11])
{
    struct error e = {0};
    char today[11], text[400];
    int64_t erased = 0;
    date_format(zone_local(h->zone, hub_now(h)).date, today);
    if (strcmp(today, day) == 0)
        return;
    enum err err = retention_purge(h, days, &erased, &e);
    if (err)
        log_line(LOG_ERROR, "purge_failed", "why=%s", log_quote(text, sizeof text, e.text));
    else
        memcpy(day, today, 11);
    if (erased > 0)
        log_line(LOG_INFO, "purged", "signups=%lld days=%d", (long long)erased, days);
}
