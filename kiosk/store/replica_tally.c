/* Counts of days and places, and computing again what an older program could not know. */
#include "kiosk/store/replica_tally.h"

#include <stdio.h>
#include <string.h>

#include "kiosk/base/date.h"
#include "kiosk/base/log.h"
#include "kiosk/base/text.h"
#include "kiosk/store/marks.h"
#include "kiosk/store/replica_days_sum.h"
#include "kiosk/store/replica_ord.h"
#include "kiosk/store/replica_provider.h"

enum { REPLICA_PART = 2000, REPLICA_SHORT = 86400 }; /* records in one transaction; seconds of what is counted by day */

/* ---- days */

static enum err replica_tally_day(struct replica_writer *w, const struct replica_tally *t, int64_t day, struct error *e)
{
    enum err code = ERR_NONE;
    for (int i = -1; i < t->topic_count && !code; i++)
        code = replica_days_sum_add(w->days, w->db, i < 0 ? "" : t->topic[i], day, t->sign, e);
    return code;
}

enum err replica_tally_days(struct replica_writer *w, const struct replica_tally *t, struct error *e)
{
    bool row = true;
    enum err code = ERR_NONE;
    struct sql_stmt *st = sql_get(w->db, "SELECT day, last_day, end_at - start_at FROM occurrence"
                                         " INDEXED BY occurrence_by_event WHERE ord = :ord");
    sql_bind_int(st, ":ord", t->ord);
    while (!code && !(code = sql_step(st, &row, e)) && row) {
        if (sql_int(st, 2) > REPLICA_SHORT)
            continue;
        for (int64_t day = sql_int(st, 0); day <= sql_int(st, 1) && !code; day++)
            code = replica_tally_day(w, t, day, e);
    }
    sql_reset(st);
    return code;
}

/* ---- places */

/* Most are there already, and then neither the index nor the sort key is touched. */
static enum err replica_tally_known_venue(struct replica_writer *w, const struct replica_venue *v, struct error *e)
{
    struct sql_stmt *st = sql_get(w->db, "UPDATE venue SET events = events + 1"
                                         " WHERE place = :place AND name = :name AND city = :city");
    sql_bind_int(st, ":place", v->place);
    sql_bind_text(st, ":name", v->name);
    sql_bind_text(st, ":city", v->town);
    return sql_run(st, e);
}

static enum err replica_tally_add_venue(struct replica_writer *w, const struct replica_venue *v, struct error *e)
{
    char key[640];
    enum err code = replica_tally_known_venue(w, v, e);
    if (code || sql_changes(w->db) == 1)
        return code;
    text_sort_key(key, sizeof key, v->name);
    struct sql_stmt *st =
        sql_get(w->db, "INSERT INTO venue (place, id, name, city, sort_key, events)"
                       " VALUES (:place, :id, :name, :city, :key, 1) ON CONFLICT (place) DO UPDATE SET"
                       " name = excluded.name, city = excluded.city, sort_key = excluded.sort_key, events = events + 1");
    sql_bind_int(st, ":place", v->place);
    sql_bind_text(st, ":id", v->id);
    sql_bind_text(st, ":name", v->name);
    sql_bind_text(st, ":city", v->town);
    sql_bind_text(st, ":key", key);
    return sql_run(st, e);
}

enum err replica_tally_venue(struct replica_writer *w, const struct replica_venue *v, int sign, struct error *e)
{
    if (!v->place)
        return ERR_NONE;
    if (sign > 0)
        return replica_tally_add_venue(w, v, e);
    struct sql_stmt *st = sql_get(w->db, "UPDATE venue SET events = events - 1 WHERE place = :place");
    sql_bind_int(st, ":place", v->place);
    enum err code = sql_run(st, e);
    if (code)
        return code;
    st = sql_get(w->db, "DELETE FROM venue WHERE place = :place AND events <= 0");
    sql_bind_int(st, ":place", v->place);
    return sql_run(st, e);
}

/* ---- anew */

struct replica_anew {
    struct replica_writer *w;
    struct zone *tz;
    int64_t ord;
    struct json *d;
};

static enum err replica_anew_time(const struct replica_anew *a, const struct replica_time *t, uint64_t marks,
                                  struct error *e)
{
    struct replica_venue v = replica_item_venue(a->d);
    struct sql_stmt *st = sql_get(a->w->db, "UPDATE occurrence SET marks = :marks, place = :place, city = :city, shift = :shift"
                                            " WHERE start_at = :start AND id = :id");
    sql_bind_int(st, ":marks", (int64_t)(marks | marks_of_days(t->day, t->last_day)));
    sql_bind_int(st, ":place", v.place);
    sql_bind_int(st, ":city", v.city);
    sql_bind_int(st, ":shift", t->shift);
    sql_bind_int(st, ":start", t->start);
    sql_bind_text(st, ":id", t->id);
    return sql_run(st, e);
}

static enum err replica_anew_times(struct replica_anew *a, uint64_t marks, struct error *e)
{
    bool row = true;
    enum err code = ERR_NONE;
    struct sql_stmt *st = sql_get(a->w->db, "SELECT id, start_at, day, last_day FROM occurrence WHERE ord = :ord");
    sql_bind_int(st, ":ord", a->ord);
    while (!code && !(code = sql_step(st, &row, e)) && row) {
        struct replica_time t = {.start = sql_int(st, 1), .day = (int32_t)sql_int(st, 2), .last_day = (int32_t)sql_int(st, 3)};
        snprintf(t.id, sizeof t.id, "%s", sql_text(st, 0));
        t.shift = replica_item_shift(a->d, t.start, a->w->zone, &a->tz);
        code = replica_anew_time(a, &t, marks, e);
    }
    sql_reset(st);
    return code;
}

static enum err replica_anew_topics(struct replica_anew *a, const struct replica_tally *t, struct error *e)
{
    enum err code = ERR_NONE;
    for (int i = 0; i < t->topic_count && !code; i++) {
        struct sql_stmt *st =
            sql_get(a->w->db, "UPDATE occurrence_topic SET marks = (SELECT o.marks FROM occurrence o WHERE"
                              " o.start_at = occurrence_topic.start_at AND o.id = occurrence_topic.id)"
                              " WHERE topic = :topic AND (start_at, id) IN (SELECT start_at, id FROM occurrence WHERE ord = :ord)");
        sql_bind_text(st, ":topic", t->topic[i]);
        sql_bind_int(st, ":ord", a->ord);
        code = sql_run(st, e);
    }
    return code;
}

static enum err replica_anew_event(struct replica_anew *a, uint64_t marks, struct error *e)
{
    char topic[CONTENT_TOPICS][24];
    struct replica_venue v = replica_item_venue(a->d);
    struct replica_tally t = {.ord = a->ord, .topic = topic, .topic_count = replica_item_topics(topic, a->d), .sign = 1};
    enum err code = replica_anew_times(a, marks, e);
    if (!code)
        code = replica_anew_topics(a, &t, e);
    if (!code)
        code = replica_tally_days(a->w, &t, e);
    return code ? code : replica_tally_venue(a->w, &v, 1, e);
}

static enum err replica_anew_record(struct replica_anew *a, const char *d, struct error *e)
{
    if (json_parse(&a->d, d, strlen(d), REPLICA_D_MAX, NULL))
        return error_set(e, ERR_CORRUPT, "replica: a record's text is damaged");
    char room[CONTENT_ID];
    uint64_t marks = marks_of(a->d);
    struct sql_stmt *st = sql_get(a->w->db, "UPDATE record SET marks = :marks, owner = :owner WHERE ord = :ord");
    sql_bind_int(st, ":marks", (int64_t)marks);
    sql_bind_text(st, ":owner", replica_item_owner(a->d, room));
    sql_bind_int(st, ":ord", a->ord);
    enum err code = sql_run(st, e);
    int kind = replica_kind("event");
    if (!code && a->ord >= replica_ord_first(kind) && a->ord <= replica_ord_last(kind))
        code = replica_anew_event(a, marks, e);
    /* their communities come before them in this order */
    if (!code && marks & (MARK_OFFER | MARK_WANT))
        code = replica_provider_count(a->w, a->d, 1, e);
    json_free(a->d);
    return code;
}

/* The records after a->ord, REPLICA_PART of them; *more false when there were none. */
static enum err replica_anew_part(struct replica_anew *a, bool *more, struct error *e)
{
    enum err code = sql_begin(a->w->db, e);
    *more = true;
    for (int i = 0; i < REPLICA_PART && !code && *more; i++) {
        struct sql_stmt *st = sql_get(a->w->db, "SELECT ord, d FROM record WHERE ord > :ord ORDER BY ord LIMIT 1");
        sql_bind_int(st, ":ord", a->ord);
        code = sql_step(st, more, e);
        if (!code && *more) {
            a->ord = sql_int(st, 0);
            code = replica_anew_record(a, sql_text(st, 1), e);
        }
        sql_reset(st);
    }
    if (!code && !*more) {
        char version[16];
        snprintf(version, sizeof version, "%d", MARKS_VERSION);
        code = replica_meta_set(a->w, "marks", version, e);
    }
    if (!code)
        code = replica_days_sum_write(a->w->days, a->w->db, e);
    if (!code)
        code = sql_commit(a->w->db, e);
    if (code)
        replica_abort(a->w);
    return code;
}

enum err replica_tally_anew(struct replica_writer *w, struct error *e)
{
    struct replica_anew a = {.w = w, .ord = -1};
    char have[16], want[16];
    bool more = true;
    snprintf(want, sizeof want, "%d", MARKS_VERSION);
    enum err code = replica_meta_get(w, "marks", have, sizeof have, e);
    if (code || strcmp(have, want) == 0)
        return code;
    code = sql_begin(w->db, e);
    if (!code)
        code = sql_exec(w->db, "DELETE FROM day_count; DELETE FROM venue; DELETE FROM provider; DELETE FROM provider_cell", e);
    if (!code)
        code = sql_commit(w->db, e);
    if (code)
        sql_rollback(w->db);
    while (!code && more)
        code = replica_anew_part(&a, &more, e);
    zone_free(a.tz);
    if (!code && a.ord >= 0)
        log_line(LOG_INFO, "replica-marks", "from=%s to=%s", have[0] ? have : "none", want);
    return code;
}
