/* Old rows and new times are matched by RECURRENCE-ID first; what is left over on both sides of the same day, once
 * each, is the same occurrence at another hour. */
#include "sync/hub/events/record_times.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "kiosk/base/date.h"
#include "kiosk/base/sql.h"
#include "kiosk/ticket/crypto.h"
#include "sync/hub/seats/seats.h"

struct record_row {
    char id[64], rid[32];
    int64_t start, end, capacity, terms;
    bool cancelled;
    const struct calendar_time *match; /* the time it has from now on, NULL: none */
};

struct record_match {
    struct records *r;
    struct record_times *t;
    struct record_row *rows;
    int row_count;
    bool *taken; /* of each new time: a row has it */
    struct zone *zone;
    int64_t bumped; /* terms of what changes in this run */
};

static enum err record_load_rows(struct record_match *m, struct error *e)
{
    struct sql_stmt *st =
        sql_get(m->r->hub->db, "SELECT id, rid, start_at, end_at, cancelled, capacity, terms FROM occurrence "
                               "WHERE record = :record ORDER BY start_at, id");
    bool more = false;
    enum err code;
    sql_bind_text(st, ":record", m->t->id);
    while ((code = sql_step(st, &more, e)) == ERR_NONE && more) {
        if (m->row_count % 64 == 0)
            m->rows = mem_resize(m->rows, (size_t)m->row_count + 64, sizeof *m->rows);
        struct record_row *row = &m->rows[m->row_count++];
        *row = (struct record_row){.start = sql_int(st, 2),
                                   .end = sql_int(st, 3),
                                   .cancelled = sql_int(st, 4) != 0,
                                   .capacity = sql_int(st, 5),
                                   .terms = sql_int(st, 6)};
        snprintf(row->id, sizeof row->id, "%s", sql_text(st, 0));
        snprintf(row->rid, sizeof row->rid, "%s", sql_text(st, 1));
    }
    return code;
}

/* ---- matching */

static int32_t record_day(const struct record_match *m, int64_t instant)
{
    return date_to_days(zone_local(m->zone, instant).date);
}

static int record_compare_rids(const void *a, const void *b)
{
    const struct record_row *const *p = a, *const *q = b;
    return strcmp((*p)->rid, (*q)->rid);
}

static void record_match_rids(struct record_match *m, const struct calendar_times *times)
{
    struct record_row **sorted = mem_new((size_t)m->row_count + 1, sizeof *sorted);
    for (int i = 0; i < m->row_count; i++)
        sorted[i] = &m->rows[i];
    if (m->row_count > 1)
        qsort(sorted, (size_t)m->row_count, sizeof *sorted, record_compare_rids);
    for (int i = 0; i < times->count; i++) {
        struct record_row key;
        const struct record_row *wanted = &key;
        snprintf(key.rid, sizeof key.rid, "%s", times->list[i].rid);
        struct record_row **hit = bsearch(&wanted, sorted, (size_t)m->row_count, sizeof *sorted, record_compare_rids);
        if (hit != NULL && (*hit)->match == NULL) {
            (*hit)->match = &times->list[i];
            m->taken[i] = true;
        }
    }
    free(sorted);
}

/* The only unmatched row to come on a day; NULL when there is none or more than one. */
static struct record_row *record_lone_row(const struct record_match *m, int32_t day)
{
    struct record_row *found = NULL;
    for (int i = 0; i < m->row_count; i++) {
        struct record_row *row = &m->rows[i];
        if (row->match != NULL || row->cancelled || row->end < m->r->now || record_day(m, row->start) != day)
            continue;
        if (found != NULL)
            return NULL;
        found = row;
    }
    return found;
}

static void record_match_days(struct record_match *m, const struct calendar_times *times)
{
    int left = 0;
    for (int i = 0; i < m->row_count; i++)
        left += m->rows[i].match == NULL && !m->rows[i].cancelled && m->rows[i].end >= m->r->now;
    for (int i = 0; i < times->count && left > 0; i++) {
        int32_t day = record_day(m, times->list[i].start);
        bool alone = !m->taken[i];
        for (int k = i - 1; k >= 0 && alone && record_day(m, times->list[k].start) == day; k--)
            alone = m->taken[k];
        for (int k = i + 1; k < times->count && alone && record_day(m, times->list[k].start) == day; k++)
            alone = m->taken[k];
        struct record_row *row = alone ? record_lone_row(m, day) : NULL;
        if (row == NULL)
            continue;
        row->match = &times->list[i];
        m->taken[i] = true;
        left--;
    }
}

/* ---- writing */

static enum err record_update_row(struct record_match *m, const struct record_row *row, struct error *e)
{
    const struct calendar_time *now = row->match;
    bool to_come = now->end >= m->r->now || row->end >= m->r->now;
    bool moved = now->start != row->start || now->end != row->end || m->t->place_changed;
    int64_t terms = moved && to_come ? m->bumped : row->terms;
    if (terms == row->terms && now->start == row->start && now->end == row->end && now->cancelled == row->cancelled &&
        m->t->capacity == row->capacity && strcmp(now->rid, row->rid) == 0)
        return ERR_NONE;
    struct sql_stmt *st =
        sql_get(m->r->hub->db, "UPDATE occurrence SET rid = :rid, start_at = :start, end_at = :end, "
                               "cancelled = :cancelled, capacity = :capacity, terms = :terms WHERE id = :id");
    sql_bind_text(st, ":rid", now->rid);
    sql_bind_int(st, ":start", now->start);
    sql_bind_int(st, ":end", now->end);
    sql_bind_int(st, ":cancelled", now->cancelled);
    sql_bind_int(st, ":capacity", m->t->capacity);
    sql_bind_int(st, ":terms", terms);
    sql_bind_text(st, ":id", row->id);
    enum err code = sql_run(st, e);
    if (terms > m->t->terms)
        m->t->terms = terms;
    return code != ERR_NONE ? code : seats_occurrence_changed(m->r->hub->db, row->id, row->terms, e);
}

static enum err record_exists(struct record_match *m, const char *text, const char *id, bool *yes, struct error *e)
{
    struct sql_stmt *st = sql_get(m->r->hub->db, text);
    sql_bind_text(st, ":id", id);
    enum err code = sql_step(st, yes, e);
    if (code == ERR_NONE && *yes)
        sql_reset(st);
    return code;
}

/* A row that moved keeps the id made from its first RECURRENCE-ID, so that one may be taken. */
static enum err record_new_id(struct record_match *m, const char *rid, char out[64], struct error *e)
{
    char name[48];
    bool taken = true;
    snprintf(out, 64, "%s", m->t->id);
    for (int i = 0; taken; i++) {
        if (i == 0)
            snprintf(name, sizeof name, "%s", rid);
        else
            snprintf(name, sizeof name, "%s#%d", rid, i);
        if (*rid != '\0' || i > 0)
            crypto_uuid_name(out, m->t->id, name);
        enum err code = record_exists(m, "SELECT 1 FROM occurrence WHERE id = :id", out, &taken, e);
        if (code != ERR_NONE)
            return code;
    }
    return ERR_NONE;
}

static enum err record_insert_row(struct record_match *m, const struct calendar_time *now, struct error *e)
{
    char id[64];
    enum err code = record_new_id(m, now->rid, id, e);
    if (code != ERR_NONE)
        return code;
    int64_t terms = m->t->terms < 1 ? 1 : m->t->terms;
    struct sql_stmt *st =
        sql_get(m->r->hub->db, "INSERT INTO occurrence (id, record, rid, start_at, end_at, cancelled, capacity, terms) "
                               "VALUES (:id, :record, :rid, :start, :end, :cancelled, :capacity, :terms)");
    sql_bind_text(st, ":id", id);
    sql_bind_text(st, ":record", m->t->id);
    sql_bind_text(st, ":rid", now->rid);
    sql_bind_int(st, ":start", now->start);
    sql_bind_int(st, ":end", now->end);
    sql_bind_int(st, ":cancelled", now->cancelled);
    sql_bind_int(st, ":capacity", m->t->capacity);
    sql_bind_int(st, ":terms", terms);
    code = sql_run(st, e);
    return code != ERR_NONE ? code : seats_occurrence_changed(m->r->hub->db, id, terms, e);
}

static enum err record_delete_row(struct record_match *m, const char *id, struct error *e)
{
    static const char *const texts[] = {"DELETE FROM seat WHERE ev = :id", "DELETE FROM occurrence WHERE id = :id"};
    enum err code = ERR_NONE;
    for (int i = 0; i < 2 && code == ERR_NONE; i++) {
        struct sql_stmt *st = sql_get(m->r->hub->db, texts[i]);
        sql_bind_text(st, ":id", id);
        code = sql_run(st, e);
    }
    return code;
}

/* The calendar does not give this row any more: it is over, or it was taken out. What people hold tickets or leases of
 * stays. */
static enum err record_drop_row(struct record_match *m, const struct record_row *row, struct error *e)
{
    bool used = false, over = row->end < m->r->from;
    if (row->start >= m->r->to)
        return ERR_NONE;
    enum err code =
        record_exists(m,
                      "SELECT 1 FROM occurrence WHERE id = :id AND (EXISTS (SELECT 1 FROM signup WHERE ev = :id) OR "
                      "EXISTS (SELECT 1 FROM lease WHERE ev = :id) OR "
                      "EXISTS (SELECT 1 FROM seat WHERE ev = :id AND state <> 'free'))",
                      row->id, &used, e);
    if (code != ERR_NONE)
        return code;
    if (!used)
        return record_delete_row(m, row->id, e);
    if (over || row->cancelled)
        return ERR_NONE;
    struct sql_stmt *st = sql_get(m->r->hub->db, "UPDATE occurrence SET cancelled = 1 WHERE id = :id");
    sql_bind_text(st, ":id", row->id);
    code = sql_run(st, e);
    return code != ERR_NONE ? code : seats_occurrence_changed(m->r->hub->db, row->id, row->terms, e);
}

static enum err record_write_rows(struct record_match *m, const struct calendar_times *times, struct error *e)
{
    enum err code = ERR_NONE;
    for (int i = 0; i < m->row_count && code == ERR_NONE; i++)
        code = m->rows[i].match != NULL ? record_update_row(m, &m->rows[i], e) : record_drop_row(m, &m->rows[i], e);
    for (int i = 0; i < times->count && code == ERR_NONE; i++) {
        if (!m->taken[i])
            code = record_insert_row(m, &times->list[i], e);
    }
    return code;
}

enum err record_times_apply(struct records *r, struct record_times *t, const struct calendar_times *times,
                            struct error *e)
{
    static const struct calendar_times none;
    struct record_match m = {.r = r, .t = t, .zone = zone_new(t->tz), .bumped = t->terms + 1};
    if (times == NULL || times->is_private)
        times = &none;
    m.taken = mem_new((size_t)times->count + 1, sizeof *m.taken);
    enum err code = record_load_rows(&m, e);
    if (code == ERR_NONE) {
        record_match_rids(&m, times);
        record_match_days(&m, times);
        code = record_write_rows(&m, times, e);
    }
    if (t->terms < 1)
        t->terms = 1;
    zone_free(m.zone);
    free(m.taken);
    free(m.rows);
    return code;
}
