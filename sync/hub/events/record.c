/* Records are compared as text: members are written in a fixed order, so equal text is an equal record. */
#include "sync/hub/events/record.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "kiosk/base/date.h"
#include "kiosk/base/log.h"
#include "kiosk/base/sql.h"
#include "kiosk/ticket/crypto.h"
#include "sync/hub/feed.h"
#include "sync/hub/events/record_shown.h"
#include "sync/hub/events/record_times.h"

enum {
    RECORD_DAY = 86400,
    RECORD_MAX = 256 * 1024,     /* bytes of d */
    RECORD_ITEM_MAX = 60 * 1024, /* of what is published: below the feed's limit */
    RECORD_ROLL_PART = 200,      /* events in one transaction of record_roll */
};

/* A row of `record` as it was before. */
struct record_old {
    bool exists, live;
    char id[64];
    char *d, *ics; /* NULL while there is none */
};

enum err records_begin(struct records *r, struct hub *h, struct calendar *calendar, struct error *e)
{
    *r = (struct records){.hub = h, .own = calendar == NULL ? calendar_new() : NULL, .now = hub_now(h)};
    r->calendar = calendar == NULL ? r->own : calendar;
    snprintf(r->zone, sizeof r->zone, "%s", h->zone == NULL ? "UTC" : zone_name(h->zone));
    int32_t today = date_to_days(zone_local(h->zone, r->now).date);
    r->from = zone_instant(h->zone, date_from_days(today - 1), 0, 0, 0);
    r->to = zone_instant(h->zone, date_from_days(today + RECORD_AHEAD_DAYS + 1), 0, 0, 0);
    enum err code = sql_exec(h->db, "CREATE TEMP TABLE IF NOT EXISTS seen (id TEXT PRIMARY KEY); DELETE FROM seen;", e);
    if (code != ERR_NONE)
        records_end(r);
    return code;
}

void records_end(struct records *r)
{
    calendar_free(r->own);
    *r = (struct records){0};
}

enum err records_end_rehearsal(struct records *r, struct error *e)
{
    r->rehearsal = false;
    return sql_exec(r->hub->db, "DELETE FROM seen", e);
}

static enum err record_find_source(struct records *r, const char *name, int64_t *id, struct error *e)
{
    struct sql_stmt *st = sql_get(r->hub->db, "SELECT id FROM source WHERE name = :name");
    bool row = false;
    sql_bind_text(st, ":name", name);
    enum err code = sql_step(st, &row, e);
    *id = code == ERR_NONE && row ? sql_int(st, 0) : 0;
    sql_reset(st);
    return code;
}

enum err record_source(struct records *r, const char *kind, const char *name, int64_t *id, struct error *e)
{
    struct sql_stmt *st = sql_get(r->hub->db, "INSERT INTO source (kind, name, at) VALUES (:kind, :name, :at) "
                                              "ON CONFLICT (name) DO UPDATE SET at = excluded.at RETURNING id");
    bool row = false;
    if (r->rehearsal)
        return record_find_source(r, name, id, e);
    sql_bind_text(st, ":kind", kind);
    sql_bind_text(st, ":name", name);
    sql_bind_int(st, ":at", r->now);
    enum err code = sql_step(st, &row, e);
    if (code != ERR_NONE)
        return code;
    *id = sql_int(st, 0);
    return sql_run(st, e);
}

void record_id(const struct record_in *in, char out[64])
{
    if (strcmp(in->kind, "topic") == 0) {
        snprintf(out, 64, "%s", in->uid);
        return;
    }
    struct buf name;
    buf_init(&name, 8192);
    buf_addf(&name, "%s/%s", in->kind, in->uid);
    crypto_uuid_name(out, in->source_name, name.data);
    buf_done(&name);
}

/* ---- one record */

static void record_old_done(struct record_old *old)
{
    free(old->d);
    free(old->ics);
}

static enum err record_load(struct records *r, const char *id, struct record_old *old, struct error *e)
{
    struct sql_stmt *st = sql_get(r->hub->db, "SELECT live, d, ics FROM record WHERE id = :id /*pg FOR UPDATE */");
    *old = (struct record_old){0};
    snprintf(old->id, sizeof old->id, "%s", id);
    sql_bind_text(st, ":id", id);
    enum err code = sql_step(st, &old->exists, e);
    if (code != ERR_NONE || !old->exists)
        return code;
    old->live = sql_int(st, 0) != 0;
    old->d = mem_dup_str(sql_text(st, 1));
    old->ics = sql_is_null(st, 2) ? NULL : mem_dup_str(sql_text(st, 2));
    sql_reset(st);
    return ERR_NONE;
}

static enum err record_note_seen(struct records *r, const char *id, struct error *e)
{
    struct sql_stmt *st = sql_get(r->hub->db, "INSERT INTO seen (id) VALUES (:id) ON CONFLICT (id) DO NOTHING");
    sql_bind_text(st, ":id", id);
    return sql_run(st, e);
}

static enum err record_write(struct records *r, const char *id, const struct record_in *in, struct error *e)
{
    struct buf text;
    buf_init(&text, RECORD_MAX);
    json_write(in->d, &text);
    struct sql_stmt *st =
        sql_get(r->hub->db, "INSERT INTO record (id, kind, source, uid, name, d, ics, live) "
                            "VALUES (:id, :kind, :source, :uid, :name, :d, :ics, 1) "
                            "ON CONFLICT (id) DO UPDATE SET source = excluded.source, uid = excluded.uid, "
                            "name = excluded.name, d = excluded.d, ics = excluded.ics, live = 1, "
                            "place = NULL, city = NULL");
    sql_bind_text(st, ":id", id);
    sql_bind_text(st, ":kind", in->kind);
    sql_bind_int(st, ":source", in->source);
    sql_bind_text(st, ":uid", in->uid);
    sql_bind_text(st, ":name", json_str(in->d, "name", ""));
    sql_bind_text(st, ":d", text.data);
    sql_bind_text(st, ":ics", in->ics);
    enum err code = text.overflow ? error_set(e, ERR_TOO_BIG, "it is too long") : sql_run(st, e);
    buf_done(&text);
    return code;
}

static bool record_same_member(const struct json *a, const struct json *b, const char *name)
{
    struct buf x, y;
    buf_init(&x, 16384);
    buf_init(&y, 16384);
    if (json_get(a, name) != NULL)
        json_write(json_get(a, name), &x);
    if (json_get(b, name) != NULL)
        json_write(json_get(b, name), &y);
    bool same = strcmp(x.data, y.data) == 0;
    buf_done(&x);
    buf_done(&y);
    return same;
}

static bool record_same_text(const struct json *d, const char *old)
{
    struct buf text;
    buf_init(&text, RECORD_MAX);
    json_write(d, &text);
    bool same = old != NULL && strcmp(text.data, old) == 0;
    buf_done(&text);
    return same;
}

static bool record_same_ics(const char *a, const char *b)
{
    return (a == NULL) == (b == NULL) && (a == NULL || strcmp(a, b) == 0);
}

static void record_range(const struct records *r, const struct json *d, struct calendar_range *range)
{
    *range = (struct calendar_range){
        .zone = json_str(d, "tz", r->zone), .from = r->from, .to = r->to, .max = RECORD_OCCURRENCES};
}

/* The event's times; in->d gets its `terms`. */
static enum err record_put_times(struct records *r, const char *id, const struct record_in *in,
                                 const struct record_old *old, const struct calendar_times *times, struct error *e)
{
    struct json *before = NULL;
    if (old->exists && json_parse(&before, old->d, strlen(old->d), RECORD_MAX, NULL) != ERR_NONE)
        before = NULL;
    struct record_times t = {
        .id = id,
        .tz = json_str(in->d, "tz", r->zone),
        .capacity = json_int(in->d, "maximumAttendeeCapacity", -1),
        .place_changed = before != NULL && (!record_same_member(before, in->d, "location") ||
                                            !record_same_member(before, in->d, "addressLocality")),
        .terms = json_int(before, "terms", 0),
    };
    enum err code = record_times_apply(r, &t, times, e);
    json_put_int(in->d, "terms", t.terms);
    json_free(before);
    return code;
}

static enum err record_put_event(struct records *r, const char *id, const struct record_in *in,
                                 const struct record_old *old, struct error *e)
{
    struct calendar_range range;
    struct calendar_times times;
    record_range(r, in->d, &range);
    enum err code = calendar_expand(r->calendar, in->ics, &range, &times, e);
    if (code != ERR_NONE)
        return code;
    code = record_write(r, id, in, e); /* first: the occurrences' rows refer to it */
    if (code == ERR_NONE)
        code = record_put_times(r, id, in, old, &times, e);
    if (code == ERR_NONE)
        code = record_write(r, id, in, e);
    calendar_times_done(&times);
    return code != ERR_NONE ? code : record_publish(r, id, e);
}

static enum err record_put_plain(struct records *r, const char *id, const struct record_in *in, struct error *e)
{
    enum err code = record_write(r, id, in, e);
    return code != ERR_NONE ? code : feed_put(r->hub->db, in->kind, id, in->d, e);
}

static enum err record_rehearse(struct records *r, const char *id, const struct record_in *in, struct error *e)
{
    struct calendar_range range;
    struct calendar_times times = {0};
    record_range(r, in->d, &range);
    enum err code = in->ics == NULL ? ERR_NONE : calendar_expand(r->calendar, in->ics, &range, &times, e);
    calendar_times_done(&times);
    return code != ERR_NONE ? code : record_note_seen(r, id, e);
}

enum err record_put(struct records *r, const struct record_in *in, enum record_change *change, struct error *e)
{
    char id[64];
    struct record_old old;
    record_id(in, id);
    if (r->rehearsal)
        return record_rehearse(r, id, in, e);
    enum err code = record_load(r, id, &old, e);
    if (code == ERR_NONE)
        code = in->ics == NULL ? record_put_plain(r, id, in, e) : record_put_event(r, id, in, &old, e);
    if (code == ERR_NONE)
        code = record_note_seen(r, id, e);
    bool same = old.exists && old.live && record_same_text(in->d, old.d) && record_same_ics(in->ics, old.ics);
    *change = !old.exists || !old.live ? RECORD_ADDED : same ? RECORD_UNCHANGED : RECORD_UPDATED;
    record_old_done(&old);
    return code;
}

enum err record_keep(struct records *r, const struct record_in *in, struct error *e)
{
    char id[64];
    record_id(in, id);
    return record_note_seen(r, id, e);
}

/* ---- withdrawing */

static enum err record_withdraw(struct records *r, const char *id, const char *kind, struct error *e)
{
    struct record_old old;
    struct json *d = NULL;
    enum err code = record_load(r, id, &old, e);
    if (code == ERR_NONE && old.ics != NULL && json_parse(&d, old.d, strlen(old.d), RECORD_MAX, NULL) == ERR_NONE) {
        struct record_times t = {.id = id,
                                 .tz = json_str(d, "tz", r->zone),
                                 .capacity = json_int(d, "maximumAttendeeCapacity", -1),
                                 .terms = json_int(d, "terms", 0)};
        code = record_times_apply(r, &t, NULL, e);
    }
    json_free(d);
    record_old_done(&old);
    if (code != ERR_NONE)
        return code;
    struct sql_stmt *st = sql_get(r->hub->db, "UPDATE record SET live = 0 WHERE id = :id");
    sql_bind_text(st, ":id", id);
    code = sql_run(st, e);
    return code != ERR_NONE ? code : feed_del(r->hub->db, kind, id, e);
}

enum err record_withdraw_rest(struct records *r, int64_t source, const char *kind, int *withdrawn, struct error *e)
{
    while (!r->rehearsal) {
        char id[64];
        bool row = false;
        struct sql_stmt *st =
            sql_get(r->hub->db, "SELECT id FROM record WHERE source = :source AND kind = :kind AND live = 1 "
                                "AND id NOT IN (SELECT id FROM seen) LIMIT 1");
        sql_bind_int(st, ":source", source);
        sql_bind_text(st, ":kind", kind);
        enum err code = sql_step(st, &row, e);
        if (code != ERR_NONE || !row)
            return code;
        snprintf(id, sizeof id, "%s", sql_text(st, 0));
        sql_reset(st);
        code = record_withdraw(r, id, kind, e);
        if (code != ERR_NONE)
            return code;
        ++*withdrawn;
    }
    return ERR_NONE;
}

/* ---- publishing events */

/* d with subEvent, as many as one item holds. */
static enum err record_publish_live(struct records *r, const char *id, struct json *d, struct error *e)
{
    struct record_shown *list = NULL;
    struct zone *z = zone_new(json_str(d, "tz", r->zone));
    struct buf size;
    int count = 0;
    enum err code = record_shown_list(r, id, &list, &count, e);
    struct json *sub = json_new_array();
    buf_init(&size, RECORD_ITEM_MAX);
    json_write(d, &size);
    for (int i = 0; i < count && code == ERR_NONE && !size.overflow; i++) {
        struct json *o = record_shown_one(r, &list[i], z, d);
        json_write(o, &size);
        buf_add_char(&size, ',');
        if (size.overflow)
            json_free(o);
        else
            json_put(sub, NULL, o);
    }
    bool any = json_count(sub) > 0;
    json_put(d, "subEvent", sub);
    if (code == ERR_NONE)
        code = any ? feed_put(r->hub->db, "event", id, d, e) : feed_del(r->hub->db, "event", id, e);
    buf_done(&size);
    zone_free(z);
    free(list);
    return code;
}

enum err record_publish(struct records *r, const char *id, struct error *e)
{
    struct record_old row;
    struct json *d = NULL;
    enum err code = record_load(r, id, &row, e);
    if (code == ERR_NONE && !row.exists)
        code = error_set(e, ERR_NOT_FOUND, "no record %s", id);
    if (code == ERR_NONE && !row.live)
        code = feed_del(r->hub->db, "event", id, e);
    else if (code == ERR_NONE) {
        code = json_parse(&d, row.d, strlen(row.d), RECORD_MAX, e);
        if (code == ERR_NONE)
            code = record_publish_live(r, id, d, e);
    }
    json_free(d);
    record_old_done(&row);
    return code;
}

/* ---- a new day */

static enum err record_roll_one(struct records *r, const char *id, struct error *e)
{
    struct record_old row;
    struct json *d = NULL;
    struct calendar_times times = {0};
    enum err code = record_load(r, id, &row, e);
    if (code == ERR_NONE)
        code = json_parse(&d, row.d, strlen(row.d), RECORD_MAX, e);
    if (code == ERR_NONE) {
        struct calendar_range range;
        struct error fault;
        record_range(r, d, &range);
        if (calendar_expand(r->calendar, row.ics == NULL ? "" : row.ics, &range, &times, &fault) != ERR_NONE) {
            log_line(LOG_WARN, "event-not-expanded", "id=%s why=%s", id, error_name(fault.code));
        } else {
            struct record_times t = {.id = id,
                                     .tz = json_str(d, "tz", r->zone),
                                     .capacity = json_int(d, "maximumAttendeeCapacity", -1),
                                     .terms = json_int(d, "terms", 0)};
            code = record_times_apply(r, &t, &times, e);
        }
    }
    calendar_times_done(&times);
    json_free(d);
    record_old_done(&row);
    return code != ERR_NONE ? code : record_publish(r, id, e);
}

/* The next RECORD_ROLL_PART events after `last`, which becomes the last of them; *more false when there were none. */
static enum err record_roll_part(struct records *r, char last[64], bool *more, struct error *e)
{
    enum err code = sql_begin(r->hub->db, e);
    *more = code == ERR_NONE;
    for (int i = 0; i < RECORD_ROLL_PART && code == ERR_NONE && *more; i++) {
        struct sql_stmt *st =
            sql_get(r->hub->db, "SELECT id FROM record WHERE kind = 'event' AND live = 1 AND id > :last "
                                "ORDER BY id LIMIT 1");
        sql_bind_text(st, ":last", last);
        code = sql_step(st, more, e);
        if (code != ERR_NONE || !*more)
            break;
        snprintf(last, 64, "%s", sql_text(st, 0));
        sql_reset(st);
        code = record_roll_one(r, last, e);
    }
    if (code == ERR_NONE)
        return sql_commit(r->hub->db, e);
    sql_rollback(r->hub->db);
    return code;
}

enum err record_roll(struct hub *h, int64_t *changed, struct error *e)
{
    struct records r;
    char last[64] = "";
    bool more = true;
    int64_t before = feed_seq(h->db);
    enum err code = records_begin(&r, h, NULL, e);
    while (code == ERR_NONE && more)
        code = record_roll_part(&r, last, &more, e);
    records_end(&r);
    if (changed != NULL)
        *changed = feed_seq(h->db) - before;
    return code;
}
