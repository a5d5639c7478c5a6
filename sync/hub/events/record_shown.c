/* Occurrences as subEvent. */
#include "sync/hub/events/record_shown.h"

#include <stdio.h>
#include <string.h>

#include "kiosk/base/sql.h"
#include "sync/hub/seats/seats.h"

/* All-day occurrences are dates; one that an override gave an hour is a time all the same. */
static void record_put_when(struct json *o, const char *name, int64_t at, const struct zone *z, bool all_day)
{
    char text[26];
    struct date_time t = zone_local(z, at);
    if (all_day && t.hour == 0 && t.minute == 0 && t.second == 0)
        date_format(t.date, text);
    else
        instant_format_local(at, z, text);
    json_put_str(o, name, text);
}

/* When an occurrence would begin by its series: a RECURRENCE-ID in UTC basic format, or a date. False: it is in none. */
static bool record_rid_start(const char *rid, const struct zone *z, int64_t *out)
{
    struct date d;
    int hour, minute, second, n = 0;
    if (sscanf(rid, "%4d%2d%2d%n", &d.year, &d.month, &d.day, &n) != 3 || n != 8 || !date_is_valid(d))
        return false;
    *out = zone_instant(z, d, 0, 0, 0);
    if (rid[8] == '\0')
        return true;
    if (sscanf(rid + 8, "T%2d%2d%2dZ", &hour, &minute, &second) != 3)
        return false;
    *out = zone_instant(NULL, d, hour, minute, second);
    return true;
}

struct json *record_shown_one(struct records *r, const struct record_shown *oc, const struct zone *z,
                                     const struct json *d)
{
    bool all_day = json_bool(d, "allDay", false);
    int64_t terms = json_int(d, "terms", 1);
    struct json *o = json_new_object();
    json_put_str(o, "id", oc->id);
    record_put_when(o, "startDate", oc->start, z, all_day);
    record_put_when(o, "endDate", oc->end, z, all_day);
    if (oc->cancelled)
        json_put_str(o, "eventStatus", "EventCancelled");
    if (oc->terms != terms)
        json_put_int(o, "terms", oc->terms);
    struct seats_shown seats = seats_shown(r->hub->db, oc->id);
    if (seats.full)
        json_put_bool(o, "full", true);
    if (seats.waiting > 0)
        json_put_int(o, "waiting", seats.waiting);
    int64_t before;
    if (record_rid_start(oc->rid, z, &before) && before != oc->start)
        record_put_when(o, "previousStartDate", before, z, all_day);
    return o;
}

enum err record_shown_list(struct records *r, const char *id, struct record_shown **list, int *count,
                                   struct error *e)
{
    struct sql_stmt *st =
        sql_get(r->hub->db, "SELECT id, start_at, end_at, cancelled, terms, rid FROM occurrence WHERE record = :id AND "
                            "start_at < :to AND (end_at > :from OR start_at >= :from) "
                            "ORDER BY start_at, id LIMIT :most");
    bool row = false;
    enum err code;
    sql_bind_text(st, ":id", id);
    sql_bind_int(st, ":from", r->from);
    sql_bind_int(st, ":to", r->to);
    sql_bind_int(st, ":most", RECORD_OCCURRENCES);
    *list = mem_new(RECORD_OCCURRENCES, sizeof **list);
    *count = 0;
    while ((code = sql_step(st, &row, e)) == ERR_NONE && row) {
        struct record_shown *oc = &(*list)[(*count)++];
        snprintf(oc->id, sizeof oc->id, "%s", sql_text(st, 0));
        oc->start = sql_int(st, 1);
        oc->end = sql_int(st, 2);
        oc->cancelled = sql_int(st, 3) != 0;
        oc->terms = sql_int(st, 4);
        snprintf(oc->rid, sizeof oc->rid, "%s", sql_text(st, 5));
    }
    return code;
}
