/* One item in, one item out: the record and everything that follows from it. */
#include "kiosk/store/replica_write.h"

#include <string.h>

#include "kiosk/base/log.h"
#include "kiosk/store/content_read.h"
#include "kiosk/store/marks.h"
#include "kiosk/store/replica_item.h"
#include "kiosk/store/replica_ord.h"
#include "kiosk/store/replica_provider.h"
#include "kiosk/store/replica_tally.h"
#include "kiosk/store/replica_writer.h"

/* What a record's row says of itself now. */
struct replica_old {
    bool found;
    int64_t ord, seq;
    char kind[12], sort_key[640];
    char topic[CONTENT_TOPICS][24];
    int topic_count;
    struct json *d;
    struct buf words; /* of its search row */
};

static void replica_old_done(struct replica_old *old)
{
    json_free(old->d);
    buf_done(&old->words);
}

static enum err replica_old_text(struct replica_old *old, const char *text, struct error *e)
{
    /* We wrote it: what cannot be read any more is damage. */
    if (json_parse(&old->d, text, strlen(text), REPLICA_D_MAX, NULL))
        return error_set(e, ERR_CORRUPT, "replica: a record's text is damaged");
    replica_item_words(&old->words, old->d);
    old->topic_count = replica_item_topics(old->topic, old->d);
    return ERR_NONE;
}

/* The present row of id, if any; replica_old_done is the caller's. */
static enum err replica_old_read(struct replica_writer *w, const char *id, struct replica_old *old, struct error *e)
{
    old->found = false;
    old->ord = old->seq = 0;
    old->d = NULL;
    old->words = (struct buf){0};
    struct sql_stmt *st = sql_get(w->db, "SELECT ord, seq, d, kind, sort_key FROM record WHERE id = :id");
    sql_bind_text(st, ":id", id);
    enum err code = sql_step(st, &old->found, e);
    if (!code && old->found) {
        old->ord = sql_int(st, 0);
        old->seq = sql_int(st, 1);
        content_word(old->kind, sizeof old->kind, sql_text(st, 3));
        content_word(old->sort_key, sizeof old->sort_key, sql_text(st, 4));
        code = replica_old_text(old, sql_text(st, 2), e);
    }
    sql_reset(st);
    return code;
}

static enum err replica_run_ord(struct replica_writer *w, const char *text, int64_t ord, struct error *e)
{
    struct sql_stmt *st = sql_get(w->db, text);
    sql_bind_int(st, ":ord", ord);
    return sql_run(st, e);
}

static enum err replica_search_run(struct replica_writer *w, const char *text, int64_t ord, const char *words,
                                   struct error *e)
{
    struct sql_stmt *st = sql_get(w->db, text);
    sql_bind_int(st, ":ord", ord);
    sql_bind_text(st, ":words", words);
    return sql_run(st, e);
}

static enum err replica_search_delete(struct replica_writer *w, int64_t ord, const char *words, struct error *e)
{
    return replica_search_run(w, "INSERT INTO search (search, rowid, text) VALUES ('delete', :ord, :words)", ord, words,
                              e);
}

/* The rows of one topic, found by their keys: indexes that only deletion needs would cost more than they save. */
static enum err replica_delete_topic(struct replica_writer *w, const struct replica_old *old, const char *topic,
                                     struct error *e)
{
    struct sql_stmt *st =
        sql_get(w->db, "DELETE FROM record_topic WHERE kind = :kind AND topic = :topic AND sort_key = :key"
                       " AND ord = :ord");
    sql_bind_text(st, ":kind", old->kind);
    sql_bind_text(st, ":topic", topic);
    sql_bind_text(st, ":key", old->sort_key);
    sql_bind_int(st, ":ord", old->ord);
    enum err code = sql_run(st, e);
    if (code)
        return code;
    st = sql_get(w->db, "DELETE FROM occurrence_topic WHERE topic = :topic AND (start_at, id) IN"
                        " (SELECT start_at, id FROM occurrence WHERE ord = :ord)");
    sql_bind_text(st, ":topic", topic);
    sql_bind_int(st, ":ord", old->ord);
    return sql_run(st, e);
}

static enum err replica_untally(struct replica_writer *w, const struct replica_old *old, struct error *e)
{
    struct replica_tally t = {.ord = old->ord, .topic = old->topic, .topic_count = old->topic_count, .sign = -1};
    struct replica_venue v = replica_item_venue(old->d);
    enum err code = replica_tally_days(w, &t, e);
    return code ? code : replica_tally_venue(w, &v, -1, e);
}

/* What others say because of it. */
static enum err replica_take_back(struct replica_writer *w, const struct replica_old *old, struct error *e)
{
    if (strcmp(old->kind, "event") == 0)
        return replica_untally(w, old, e);
    if (strcmp(old->kind, "resource") == 0)
        return replica_provider_count(w, old->d, -1, e);
    return strcmp(old->kind, "community") == 0 ? replica_provider_leave(w, old->ord, e) : ERR_NONE;
}

/* All rows of a record but its search row. */
static enum err replica_delete_rows(struct replica_writer *w, const struct replica_old *old, struct error *e)
{
    enum err code = replica_take_back(w, old, e);
    for (int i = 0; i < old->topic_count && !code; i++)
        code = replica_delete_topic(w, old, old->topic[i], e);
    if (!code)
        code = replica_run_ord(w, "DELETE FROM occurrence WHERE ord = :ord", old->ord, e);
    if (!code)
        code = replica_run_ord(w, "DELETE FROM record WHERE ord = :ord", old->ord, e);
    return code;
}

/* A free ord for the key; `same` is returned when it belongs to the very key (the row's own, from before). */
static enum err replica_free_ord(struct replica_writer *w, const struct replica_item *item, const char *id,
                                 int64_t same, int64_t *ord, struct error *e)
{
    bool taken = true;
    enum err code = ERR_NONE;
    if (same && replica_ord(item->kind, item->key, 0) == (same & ~(int64_t)0xFFFFFF)) {
        *ord = same;
        return ERR_NONE;
    }
    for (uint32_t tie = replica_tie(id); taken && !code; tie++) {
        *ord = replica_ord(item->kind, item->key, tie);
        struct sql_stmt *st = sql_get(w->db, "SELECT 1 FROM record WHERE ord = :ord");
        sql_bind_int(st, ":ord", *ord);
        code = sql_step(st, &taken, e);
        sql_reset(st);
    }
    return code;
}

/* ---- the rows of an item */

static enum err replica_insert_record(struct replica_writer *w, const struct replica_item *item, const char *kind,
                                      const struct replica_mark *m, struct error *e)
{
    struct buf text;
    buf_init(&text, REPLICA_D_MAX);
    json_write(item->d, &text);
    struct sql_stmt *st = sql_get(w->db, "INSERT INTO record (ord, id, kind, seq, name, sort_key, city, owner, d, marks)"
                                         " VALUES (:ord, :id, :kind, :seq, :name, :key, :city, :owner, :d, :marks)");
    sql_bind_int(st, ":ord", m->ord);
    sql_bind_text(st, ":id", m->id);
    sql_bind_text(st, ":kind", kind);
    sql_bind_int(st, ":seq", m->seq);
    sql_bind_text(st, ":name", item->name);
    sql_bind_text(st, ":key", item->sort_key);
    sql_bind_text(st, ":city", item->city);
    sql_bind_text(st, ":owner", item->owner);
    sql_bind_text(st, ":d", text.data);
    sql_bind_int(st, ":marks", (int64_t)item->marks);
    enum err code = sql_run(st, e);
    buf_done(&text);
    return code;
}

static enum err replica_insert_topics(struct replica_writer *w, const struct replica_item *item, const char *kind,
                                      int64_t ord, struct error *e)
{
    enum err code = ERR_NONE;
    for (int i = 0; i < item->topic_count && !code; i++) {
        struct sql_stmt *st = sql_get(w->db, "INSERT INTO record_topic (kind, topic, sort_key, ord)"
                                             " VALUES (:kind, :topic, :key, :ord)");
        sql_bind_text(st, ":kind", kind);
        sql_bind_text(st, ":topic", item->topic[i]);
        sql_bind_text(st, ":key", item->sort_key);
        sql_bind_int(st, ":ord", ord);
        code = sql_run(st, e);
    }
    return code;
}

static uint64_t replica_time_marks(const struct replica_item *item, const struct replica_time *t)
{
    return item->marks | marks_of_days(t->day, t->last_day);
}

static enum err replica_insert_time(struct replica_writer *w, const struct replica_item *item,
                                    const struct replica_time *t, int64_t ord, struct error *e)
{
    struct sql_stmt *st =
        sql_get(w->db, "INSERT OR IGNORE INTO occurrence (start_at, id, ord, end_at, day, last_day, marks, place, city,"
                       " moved_at, shift, waiting, cancelled, full, terms) VALUES (:start, :id, :ord, :end, :day, :last,"
                       " :marks, :place, :city, :moved, :shift, :waiting, :cancelled, :full, :terms)");
    const struct {
        const char *name;
        int64_t value;
    } numbers[] = {{":ord", ord},
                   {":start", t->start},
                   {":end", t->end},
                   {":day", t->day},
                   {":last", t->last_day},
                   {":marks", (int64_t)replica_time_marks(item, t)},
                   {":place", item->venue.place},
                   {":city", item->venue.city},
                   {":moved", t->moved_at},
                   {":shift", t->shift},
                   {":waiting", t->waiting},
                   {":cancelled", t->cancelled},
                   {":full", t->full},
                   {":terms", t->terms}};
    sql_bind_text(st, ":id", t->id);
    for (size_t i = 0; i < sizeof numbers / sizeof numbers[0]; i++)
        sql_bind_int(st, numbers[i].name, numbers[i].value);
    return sql_run(st, e);
}

static enum err replica_insert_times(struct replica_writer *w, const struct replica_item *item, int64_t ord,
                                     struct error *e)
{
    enum err code = ERR_NONE;
    for (int i = 0; i < item->time_count && !code; i++) {
        code = replica_insert_time(w, item, &item->times[i], ord, e);
        /* An occurrence that another event has already stays there: ids are the hub's, and the first is as good as the
         * second. */
        bool is_new = sql_changes(w->db) == 1;
        for (int k = 0; k < item->topic_count && !code && is_new; k++) {
            struct sql_stmt *st = sql_get(w->db, "INSERT INTO occurrence_topic (topic, start_at, id, ord, marks)"
                                                 " VALUES (:topic, :start, :id, :ord, :marks)");
            sql_bind_text(st, ":topic", item->topic[k]);
            sql_bind_int(st, ":start", item->times[i].start);
            sql_bind_text(st, ":id", item->times[i].id);
            sql_bind_int(st, ":ord", ord);
            sql_bind_int(st, ":marks", (int64_t)replica_time_marks(item, &item->times[i]));
            code = sql_run(st, e);
        }
    }
    struct replica_tally t = {.ord = ord, .topic = item->topic, .topic_count = item->topic_count, .sign = 1};
    if (!code && item->kind == replica_kind("event"))
        code = replica_tally_venue(w, &item->venue, 1, e);
    return code || !item->time_count ? code : replica_tally_days(w, &t, e);
}

/* The search row, rewritten only when its words or its place changed: that is the dearest part of an item. */
static enum err replica_update_search(struct replica_writer *w, const struct replica_old *old, int64_t ord,
                                      const char *words, struct error *e)
{
    if (old->found && old->ord == ord && strcmp(old->words.data, words) == 0)
        return ERR_NONE;
    enum err code = old->found ? replica_search_delete(w, old->ord, old->words.data, e) : ERR_NONE;
    if (!code)
        code = replica_search_run(w, "INSERT INTO search (rowid, text) VALUES (:ord, :words)", ord, words, e);
    return code;
}

static enum err replica_store(struct replica_writer *w, const struct replica_item *item, const char *kind,
                              const char *id, int64_t seq, const struct replica_old *old, struct error *e)
{
    struct replica_mark m = {.id = id, .seq = seq};
    struct buf words;
    replica_item_words(&words, item->d);
    enum err code = replica_free_ord(w, item, id, old->ord, &m.ord, e);
    if (!code)
        code = replica_update_search(w, old, m.ord, words.data, e);
    if (!code && old->found)
        code = replica_delete_rows(w, old, e);
    if (!code)
        code = replica_insert_record(w, item, kind, &m, e);
    if (!code)
        code = replica_insert_topics(w, item, kind, m.ord, e);
    if (!code)
        code = replica_insert_times(w, item, m.ord, e);
    if (!code && strcmp(kind, "resource") == 0)
        code = replica_provider_count(w, item->d, 1, e);
    if (!code && strcmp(kind, "community") == 0)
        code = replica_provider_come(w, id, e);
    buf_done(&words);
    return code;
}

enum err replica_put(struct replica_writer *w, const char *kind, const char *id, int64_t seq, const struct json *d,
                     int *bad, struct error *e)
{
    struct replica_item item;
    struct replica_old old;
    struct error why = {0};
    enum err code = replica_old_read(w, id, &old, e);
    if (code || (old.found && old.seq >= seq)) {
        replica_old_done(&old);
        return code;
    }
    if (replica_item_read(&item, kind, id, d, w->zone, w->now, &why) == ERR_NONE) {
        code = replica_store(w, &item, kind, id, seq, &old, e);
    } else {
        ++*bad;
        log_line(LOG_WARN, "replica-item-skipped", "seq=%lld why=\"%s\"", (long long)seq, why.text);
    }
    replica_item_done(&item);
    replica_old_done(&old);
    return code;
}

enum err replica_del(struct replica_writer *w, const char *id, int64_t seq, struct error *e)
{
    struct replica_old old;
    enum err code = replica_old_read(w, id, &old, e);
    if (!code && old.found && old.seq < seq) {
        code = replica_search_delete(w, old.ord, old.words.data, e);
        if (!code)
            code = replica_delete_rows(w, &old, e);
    }
    replica_old_done(&old);
    return code;
}
