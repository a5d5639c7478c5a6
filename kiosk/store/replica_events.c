/* Lists of what takes place, by start. One question of replica_queries[] gives the rows; for a plain or topic agenda
 * two do, one after the other: what began long ago and still goes on comes first. */
#include "kiosk/store/replica.h"

#include <string.h>

#include "kiosk/store/content_read.h"
#include "kiosk/store/replica_ord.h"
#include "kiosk/store/replica_private.h"
#include "kiosk/store/replica_search.h"

/* A walk through the rows: passes `skip` of them by, then counts up to max, filling rows when there are any. */
struct replica_walk {
    struct replica *r;
    int skip, count, max;
    struct row *rows; /* NULL: only count */
};

void replica_row_times(struct row *row, struct sql_stmt *st)
{
    content_word(row->occurrence, sizeof row->occurrence, sql_text(st, 0));
    row->start = sql_int(st, 2);
    row->end = sql_int(st, 3);
    row->day = (int32_t)sql_int(st, 4);
    row->last_day = (int32_t)sql_int(st, 5);
    row->free = sql_int(st, 6) != 0;
    row->cancelled = sql_int(st, 7) != 0;
    row->full = sql_int(st, 8) != 0;
}

static void replica_walk_row(struct replica_walk *w, struct sql_stmt *st)
{
    if (w->skip > 0) {
        w->skip--;
        return;
    }
    if (!w->rows) {
        w->count++;
        return;
    }
    char kind[12], id[CONTENT_ID];
    struct row *row = &w->rows[w->count];
    struct json *d = replica_record(w->r, sql_int(st, 1), kind, id);
    if (d && content_row(row, kind, id, d, w->r->lang)) {
        replica_row_times(row, st);
        w->count++;
    }
    json_free(d);
}

static void replica_walk_events(struct replica_walk *w, enum replica_question q, const struct replica_values *v)
{
    if (w->count >= w->max)
        return;
    struct sql_stmt *st = replica_ask(w->r, q, v);
    while (w->count < w->max && replica_step(w->r, st))
        replica_walk_row(w, st);
    sql_reset(st);
}

/* Minutes since 1970 as the key of an ord, within what a key holds. */
static uint32_t replica_minute(int64_t at)
{
    return at <= 0 ? 0 : at / 60 > UINT32_MAX ? UINT32_MAX : (uint32_t)(at / 60);
}

static void replica_run_events(struct replica_walk *w, const struct event_filter *f)
{
    char query[REPLICA_SEARCH_QUERY];
    int kind = replica_kind("event");
    struct replica_values v = {
        .id = f->event,
        .topic = f->topic,
        .owner = f->community,
        .query = query,
        .from = f->from,
        .until = f->until ? f->until : INT64_MAX,
        .free = f->free_only,
        .first = replica_ord_first(kind),
        .middle = replica_ord(kind, replica_minute(f->from), 0),
        .last = f->until ? replica_ord(kind, replica_minute(f->until), 0xFFFFFF) : replica_ord_last(kind),
    };
    if (!replica_is_open(w->r))
        return;
    if (f->event[0]) {
        replica_walk_events(w, REPLICA_EVENTS_ONE, &v);
    } else if (replica_search_query(query, f->text)) {
        replica_walk_events(w, REPLICA_EVENTS_TEXT, &v);
    } else if (f->community[0]) {
        replica_walk_events(w, REPLICA_EVENTS_OWNER, &v);
    } else {
        replica_walk_events(w, REPLICA_EVENTS_LONG, &v);
        replica_walk_events(w,
                            f->topic[0]    ? REPLICA_EVENTS_TOPIC
                            : f->free_only ? REPLICA_EVENTS_FREE
                                           : REPLICA_EVENTS_ALL,
                            &v);
    }
}

int replica_events(struct replica *r, const struct event_filter *f, int offset, struct row *rows, int max)
{
    struct replica_walk w = {.r = r, .skip = offset, .max = max, .rows = rows};
    replica_run_events(&w, f);
    return w.count;
}

int replica_count_events(struct replica *r, const struct event_filter *f, int limit)
{
    struct replica_walk w = {.r = r, .max = limit};
    replica_run_events(&w, f);
    return w.count;
}
