/* The month at a glance, and the places to choose from. */
#include "kiosk/store/replica.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "kiosk/base/json.h"
#include "kiosk/store/content_read.h"
#include "kiosk/store/replica_private.h"

struct replica_days {
    struct replica *r;
    int32_t first;
    int days, *count;
    int left; /* rows that may still be looked at */
};

static void replica_days_add(struct replica_days *d, int64_t first, int64_t last, int64_t times)
{
    int64_t from = first - d->first, to = last - d->first;
    for (int64_t i = from < 0 ? 0 : from; i <= to && i < d->days; i++)
        d->count[i] = d->count[i] + times > DAY_COUNT_MAX ? DAY_COUNT_MAX : d->count[i] + (int)times;
}

/* A question that gives the first and the last day of each time. */
static void replica_days_walk(struct replica_days *d, enum replica_question q, const struct replica_values *v)
{
    struct sql_stmt *st = replica_ask(d->r, q, v);
    while (d->left > 0 && replica_step(d->r, st)) {
        replica_days_add(d, sql_int(st, 0), sql_int(st, 1), 1);
        d->left--;
    }
    sql_reset(st);
}

static void replica_days_counted(struct replica_days *d, const struct replica_values *v)
{
    struct replica_values days = *v;
    days.first = d->first;
    days.last = d->first + d->days - 1;
    struct sql_stmt *st = replica_ask(d->r, REPLICA_DAYS_COUNTED, &days);
    while (replica_step(d->r, st))
        replica_days_add(d, sql_int(st, 0), sql_int(st, 0), sql_int(st, 1));
    sql_reset(st);
}

/* Lists that are short anyway: words, an organiser, one event. */
static void replica_days_listed(struct replica_days *d, enum replica_question q, const struct replica_values *v)
{
    struct sql_stmt *st = replica_ask(d->r, q, v);
    while (d->left > 0 && replica_step(d->r, st)) {
        replica_days_add(d, sql_int(st, 4), sql_int(st, 5), 1);
        d->left--;
    }
    sql_reset(st);
}

bool replica_day_counts(struct replica *r, const struct event_filter *f, int32_t first, int days, int *count)
{
    char query[REPLICA_SEARCH_QUERY];
    bool by_text;
    struct replica_days d = {.r = r, .first = first, .days = days, .count = count, .left = REPLICA_DAYS_WALK};
    struct replica_values v = replica_event_values(f, query, &by_text);
    memset(count, 0, (size_t)days * sizeof *count);
    if (!replica_is_open(r))
        return true;
    if (f->event[0] || by_text || f->community[0]) {
        replica_days_listed(&d, f->event[0] ? REPLICA_EVENTS_ONE : by_text ? REPLICA_EVENTS_TEXT : REPLICA_EVENTS_OWNER, &v);
        return d.left > 0;
    }
    replica_days_walk(&d, REPLICA_DAYS_LONG, &v);
    if (v.marks || v.place || v.town)
        replica_days_walk(&d, f->topic[0] ? REPLICA_DAYS_TOPIC : REPLICA_DAYS_SHORT, &v);
    else
        replica_days_counted(&d, &v);
    return d.left > 0;
}

/* ---- places */

static void replica_fill_place(struct replica *r, struct sql_stmt *st, struct row *row)
{
    struct content c;
    *row = (struct row){.kind = "place", .start = sql_int(st, 4)};
    snprintf(row->id, sizeof row->id, "%lld", (long long)sql_int(st, 0));
    content_text(row->name, sizeof row->name, sql_text(st, 2));
    content_text(row->place, sizeof row->place, sql_text(st, 3));
    if (!sql_text(st, 1)[0] || replica_get(r, sql_text(st, 1), &c, NULL))
        return;
    content_text(row->name, sizeof row->name, c.name);
    content_done(&c);
}

int replica_places(struct replica *r, int offset, struct row *rows, int max)
{
    int count = 0;
    if (!replica_is_open(r) || max <= 0)
        return 0;
    struct sql_stmt *st = replica_ask(r, REPLICA_PLACES, &(struct replica_values){.id = ""});
    while (count < max && replica_step(r, st)) {
        if (offset > 0)
            offset--;
        else
            replica_fill_place(r, st, &rows[count++]);
    }
    sql_reset(st);
    return count;
}

bool replica_place(struct replica *r, const char *place, struct row *row)
{
    if (!replica_is_open(r))
        return false;
    struct sql_stmt *st = replica_ask(r, REPLICA_PLACE, &(struct replica_values){.place = strtoll(place, NULL, 10)});
    bool found = replica_step(r, st);
    if (found)
        replica_fill_place(r, st, row);
    sql_reset(st);
    return found;
}
