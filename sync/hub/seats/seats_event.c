/* Occurrences and the number of their seats. */
#include "sync/hub/seats/seats_event.h"

#include <stdio.h>

#include "sync/hub/seats/seats.h"

static enum err seats_event_read(struct sql_stmt *st, const char *ev, struct seats_event *out, struct error *e)
{
    bool row = false;
    *out = (struct seats_event){.capacity = -1};
    snprintf(out->id, sizeof out->id, "%s", ev);
    sql_bind_text(st, ":id", ev);
    enum err err = sql_step(st, &row, e);
    if (err || !row)
        return err;
    out->known = true;
    out->capacity = sql_int(st, 0) < 0 ? -1 : sql_int(st, 0);
    if (out->capacity > SEATS_MAX)
        out->capacity = SEATS_MAX;
    out->cancelled = sql_int(st, 1) != 0;
    out->terms = sql_int(st, 2);
    out->start_at = sql_int(st, 3);
    out->seated = sql_int(st, 4);
    sql_reset(st);
    return ERR_NONE;
}

#define SEATS_EVENT "SELECT capacity, cancelled, terms, start_at, seated FROM occurrence WHERE id = :id"

enum err seats_event_get(struct sql *db, const char *ev, struct seats_event *out, struct error *e)
{
    return seats_event_read(sql_get(db, SEATS_EVENT " /*pg FOR NO KEY UPDATE */"), ev, out, e);
}

enum err seats_event_hold(struct sql *db, const char *ev, struct error *e)
{
    struct seats_event unused;
    return sql_is_shared(db) ? seats_event_get(db, ev, &unused, e) : ERR_NONE;
}

static enum err seats_event_add(struct sql *db, const struct seats_event *ev, int64_t missing, struct error *e)
{
    struct sql_stmt *st = sql_get(
        db,
        "INSERT INTO seat (ev, seat, state) WITH RECURSIVE c (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM c WHERE n < "
        ":capacity) "
        "SELECT :ev, n, :state FROM c WHERE n NOT IN (SELECT seat FROM seat WHERE ev = :ev) ORDER BY n LIMIT :missing");
    sql_bind_int(st, ":capacity", ev->capacity);
    sql_bind_text(st, ":ev", ev->id);
    sql_bind_text(st, ":state", seats_in_window(db) ? "quarantined" : "free");
    sql_bind_int(st, ":missing", missing);
    return sql_run(st, e);
}

static enum err seats_event_drop(struct sql *db, const struct seats_event *ev, int64_t surplus, struct error *e)
{
    struct sql_stmt *st =
        sql_get(db, "DELETE FROM seat WHERE ev = :ev AND state = 'free' AND seat IN "
                    "(SELECT seat FROM seat WHERE ev = :ev AND state = 'free' ORDER BY seat DESC LIMIT :surplus)");
    sql_bind_text(st, ":ev", ev->id);
    sql_bind_int(st, ":surplus", surplus);
    return sql_run(st, e);
}

enum err seats_event_fit(struct sql *db, const struct seats_event *ev, struct error *e)
{
    if (ev->seated == ev->capacity)
        return ERR_NONE;
    enum err err = ev->seated < ev->capacity ? seats_event_add(db, ev, ev->capacity - ev->seated, e)
                                             : seats_event_drop(db, ev, ev->seated - ev->capacity, e);
    if (err)
        return err;
    struct sql_stmt *st =
        sql_get(db, "UPDATE occurrence SET seated = (SELECT count(*) FROM seat WHERE ev = :id) WHERE id = :id");
    sql_bind_text(st, ":id", ev->id);
    return sql_run(st, e);
}

bool seats_is_full(struct sql *db, const char *id)
{
    struct seats_event ev;
    if (seats_event_read(sql_get(db, SEATS_EVENT), id, &ev, NULL) || !ev.known || ev.capacity < 0)
        return false;
    if (ev.seated == 0)
        return ev.capacity == 0;
    struct sql_stmt *st =
        sql_get(db, "SELECT NOT EXISTS (SELECT 1 FROM seat WHERE ev = :ev AND state IN ('free', 'held'))");
    bool row = false;
    sql_bind_text(st, ":ev", id);
    bool full = sql_step(st, &row, NULL) == ERR_NONE && row && sql_int(st, 0) != 0;
    sql_reset(st);
    return full;
}

/* People, not groups. Of a very long queue the first 500 groups are enough to say that it is one. */
static int64_t seats_waiting(struct sql *db, const char *id)
{
    struct sql_stmt *st =
        sql_get(db, "SELECT coalesce(sum(party), 0) FROM (SELECT party FROM signup WHERE ev = :ev AND state IN "
                    "('waitlisted', 'displaced') LIMIT 500) AS q");
    bool row = false;
    sql_bind_text(st, ":ev", id);
    int64_t people = sql_step(st, &row, NULL) == ERR_NONE && row ? sql_int(st, 0) : 0;
    sql_reset(st);
    return people;
}

struct seats_shown seats_shown(struct sql *db, const char *id)
{
    int64_t n = seats_waiting(db, id);
    int64_t step = n <= 5 ? 1 : n < 20 ? 5 : n < 100 ? 10 : 100;
    n = n > 1000 ? 1000 : n;
    return (struct seats_shown){.full = seats_is_full(db, id), .waiting = (int)(n - n % step)};
}
