/* Lists of what takes place, by start. One question of replica_queries[] gives the rows; for a plain or topic agenda
 * two do, one after the other: what began long ago and still goes on comes first. */
#include "kiosk/store/replica.h"

#include <stdlib.h>
#include <string.h>

#include "kiosk/store/content_read.h"
#include "kiosk/store/marks.h"
#include "kiosk/store/replica_item.h"
#include "kiosk/store/replica_ord.h"
#include "kiosk/store/replica_private.h"
#include "kiosk/store/replica_search.h"

/* A walk through the rows: counts them up to `limit`, and fills `rows` with those from w.offset on. */
struct replica_walk {
    struct replica *r;
    struct replica_window w;
    int seen, filled;
    struct row *rows;
};

void replica_row_times(struct row *row, struct sql_stmt *st)
{
    content_word(row->occurrence, sizeof row->occurrence, sql_text(st, 0));
    row->start = sql_int(st, 2);
    row->end = sql_int(st, 3);
    row->day = (int32_t)sql_int(st, 4);
    row->last_day = (int32_t)sql_int(st, 5);
    row->marks = (uint64_t)sql_int(st, 6);
    row->moved_at = sql_int(st, 7);
    row->shift = (int)sql_int(st, 8);
    row->waiting = (int)sql_int(st, 9);
    row->cancelled = sql_int(st, 10) != 0;
    row->full = sql_int(st, 11) != 0;
    row->free = (row->marks & MARK_FREE) != 0;
}

static bool replica_walk_is_over(const struct replica_walk *w)
{
    return w->seen >= w->w.limit && w->filled >= w->w.max;
}

static void replica_walk_row(struct replica_walk *w, struct sql_stmt *st)
{
    if (w->seen++ < w->w.offset || w->filled >= w->w.max)
        return;
    char kind[12], id[CONTENT_ID];
    struct row *row = &w->rows[w->filled];
    struct json *d = replica_record(w->r, sql_int(st, 1), kind, id);
    if (d && content_row(row, kind, id, d, w->r->lang)) {
        replica_row_times(row, st);
        w->filled++;
    }
    json_free(d);
}

/* The question that counts what follows a row without reading it; -1 when there is none. */
static int replica_rest(enum replica_question q, const struct replica_values *v)
{
    if (v->marks || v->place || v->town)
        return -1;
    return q == REPLICA_EVENTS_ALL ? REPLICA_REST_ALL : q == REPLICA_EVENTS_TOPIC ? REPLICA_REST_TOPIC : -1;
}

static void replica_walk_rest(struct replica_walk *w, int rest, const struct replica_values *v, struct sql_stmt *row)
{
    char id[CONTENT_ID];
    struct replica_values after = *v;
    content_word(id, sizeof id, sql_text(row, 0));
    after.id = id;
    after.start = sql_int(row, 2);
    after.limit = w->w.limit - w->seen;
    struct sql_stmt *st = replica_ask(w->r, (enum replica_question)rest, &after);
    if (replica_step(w->r, st))
        w->seen += (int)sql_int(st, 0);
    sql_reset(st);
}

static void replica_walk_events(struct replica_walk *w, enum replica_question q, const struct replica_values *v)
{
    int rest = replica_rest(q, v);
    if (replica_walk_is_over(w))
        return;
    struct sql_stmt *st = replica_ask(w->r, q, v);
    while (!replica_walk_is_over(w) && replica_step(w->r, st)) {
        replica_walk_row(w, st);
        if (rest >= 0 && w->filled >= w->w.max && w->seen < w->w.limit && sql_int(st, 2) > v->from) {
            replica_walk_rest(w, rest, v, st);
            break;
        }
    }
    sql_reset(st);
}

/* Minutes since 1970 as the key of an ord, within what a key holds. */
static uint32_t replica_minute(int64_t at)
{
    return at <= 0 ? 0 : at / 60 > UINT32_MAX ? UINT32_MAX : (uint32_t)(at / 60);
}

struct replica_values replica_event_values(const struct event_filter *f, char query[REPLICA_SEARCH_QUERY], bool *by_text)
{
    int kind = replica_kind("event");
    *by_text = replica_search_query(query, f->text);
    return (struct replica_values){
        .id = f->event,
        .topic = f->topic,
        .owner = f->community,
        .query = query,
        .from = f->from,
        .until = f->until ? f->until : INT64_MAX,
        .marks = f->marks,
        .place = strtoll(f->place, NULL, 10),
        .town = replica_town(f->city),
        .first = replica_ord_first(kind),
        .middle = replica_ord(kind, replica_minute(f->from), 0),
        .last = f->until ? replica_ord(kind, replica_minute(f->until), 0xFFFFFF) : replica_ord_last(kind),
    };
}

static void replica_run_events(struct replica_walk *w, const struct event_filter *f)
{
    char query[REPLICA_SEARCH_QUERY];
    bool by_text;
    struct replica_values v = replica_event_values(f, query, &by_text);
    if (!replica_is_open(w->r))
        return;
    if (f->event[0]) {
        replica_walk_events(w, REPLICA_EVENTS_ONE, &v);
    } else if (by_text) {
        replica_walk_events(w, REPLICA_EVENTS_TEXT, &v);
    } else if (f->community[0]) {
        replica_walk_events(w, REPLICA_EVENTS_OWNER, &v);
    } else {
        replica_walk_events(w, REPLICA_EVENTS_LONG, &v);
        replica_walk_events(w, f->topic[0] ? REPLICA_EVENTS_TOPIC : REPLICA_EVENTS_ALL, &v);
    }
}

int replica_events_counted(struct replica *r, const struct event_filter *f, const struct replica_window *window,
                           struct row *rows, int *count)
{
    struct replica_walk w = {.r = r, .w = *window, .rows = rows};
    replica_run_events(&w, f);
    *count = w.seen < window->limit ? w.seen : window->limit;
    return w.filled;
}

int replica_events(struct replica *r, const struct event_filter *f, int offset, struct row *rows, int max)
{
    int count;
    return replica_events_counted(r, f, &(struct replica_window){.offset = offset, .max = max}, rows, &count);
}

int replica_count_events(struct replica *r, const struct event_filter *f, int limit)
{
    int count;
    replica_events_counted(r, f, &(struct replica_window){.limit = limit}, NULL, &count);
    return count;
}
