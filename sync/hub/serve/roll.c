/* What is published follows the calendar and the seats. */
#include "sync/hub/serve/roll.h"

#include <stdio.h>
#include <string.h>

#include "kiosk/base/log.h"
#include "sync/hub/events/record.h"

static void roll_failed(const char *what, const struct error *e)
{
    char text[400];
    log_line(LOG_ERROR, what, "why=%s", log_quote(text, sizeof text, e->text));
}

void roll_day(struct hub *h, bool *changed)
{
    struct error e = {0};
    char today[11], last[16];
    int64_t items = 0;
    date_format(zone_local(h->zone, hub_now(h)).date, today);
    hub_meta_str(h->db, "rolled", "", last, sizeof last);
    *changed = false;
    if (strcmp(today, last) == 0)
        return;
    if (record_roll(h, &items, &e) || hub_meta_set(h->db, "rolled", today, &e)) {
        roll_failed("roll_failed", &e);
        return;
    }
    log_line(LOG_INFO, "rolled", "day=%s items=%lld", today, (long long)items);
    *changed = true;
}

static enum err roll_record_of(struct sql *db, const char *ev, char record[65], struct error *e)
{
    struct sql_stmt *st = sql_get(db, "SELECT record FROM occurrence WHERE id = :id");
    bool row = false;
    sql_bind_text(st, ":id", ev);
    enum err err = sql_step(st, &row, e);
    snprintf(record, 65, "%s", !err && row ? sql_text(st, 0) : "");
    sql_reset(st);
    return err;
}

static enum err roll_publish(struct api *a, struct records *r, struct error *e)
{
    enum err err = sql_begin(a->hub->db, e);
    for (int i = 0; !err && i < a->full_count; i++) {
        char record[65];
        err = roll_record_of(a->hub->db, a->full[i], record, e);
        if (!err && record[0])
            err = record_publish(r, record, e);
    }
    if (!err)
        err = sql_commit(a->hub->db, e);
    if (err)
        sql_rollback(a->hub->db);
    return err;
}

void roll_full(struct api *a)
{
    struct records r = {0};
    struct error e = {0};
    if (a->full_count == 0)
        return;
    enum err err = records_begin(&r, a->hub, NULL, &e);
    if (!err)
        err = roll_publish(a, &r, &e);
    if (err)
        roll_failed("publish_failed", &e);
    records_end(&r);
    a->full_count = 0;
    a->view.stale = true;
}
