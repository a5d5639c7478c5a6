/* Lists of records by name, topics by position, cities. */
#include "kiosk/store/replica.h"

#include <stdio.h>
#include <string.h>

#include "kiosk/base/text.h"
#include "kiosk/store/content_read.h"
#include "kiosk/store/replica_ord.h"
#include "kiosk/store/replica_private.h"
#include "kiosk/store/replica_search.h"

static bool replica_fill(struct replica *r, int64_t ord, struct row *row)
{
    char kind[12], id[CONTENT_ID];
    struct json *d = replica_record(r, ord, kind, id);
    bool ok = d && content_row(row, kind, id, d, r->lang);
    json_free(d);
    return ok;
}

static struct sql_stmt *replica_ask_records(struct replica *r, const struct record_filter *f, char *query)
{
    int kind = replica_kind(f->kind);
    struct replica_values v = {
        .kind = f->kind,
        .topic = f->topic,
        .city = f->city,
        .owner = f->owner,
        .since = f->since,
        .query = query,
        .marks = f->marks,
        .first = replica_ord_first(kind),
        .last = replica_ord_last(kind),
    };
    enum replica_question q = replica_search_query(query, f->text) ? REPLICA_RECORDS_TEXT
                              : f->owner[0]                        ? REPLICA_RECORDS_OWNER
                              : f->city[0]                         ? REPLICA_RECORDS_CITY
                              : f->topic[0]                        ? REPLICA_RECORDS_TOPIC
                                                                   : REPLICA_RECORDS_NAME;
    return replica_ask(r, q, &v);
}

int replica_candidates(struct replica *r, const struct record_filter *f, struct candidate *out, int max)
{
    char query[REPLICA_SEARCH_QUERY];
    int count = 0;
    if (!replica_is_open(r) || max <= 0 || !replica_kind(f->kind))
        return 0;
    struct sql_stmt *st = replica_ask_records(r, f, query);
    struct sql_stmt *one = sql_get(r->db, "SELECT marks, city, id FROM record WHERE ord = :ord");
    while (count < max && replica_step(r, st)) {
        struct candidate *c = &out[count];
        c->ord = sql_int(st, 0);
        sql_bind_int(one, ":ord", c->ord);
        if (replica_step(r, one)) {
            c->marks = (uint64_t)sql_int(one, 0);
            snprintf(c->city, sizeof c->city, "%s", sql_text(one, 1));
            content_word(c->id, sizeof c->id, sql_text(one, 2));
            count++;
        }
        sql_reset(one);
    }
    sql_reset(st);
    return count;
}

bool replica_row(struct replica *r, int64_t ord, struct row *out)
{
    return replica_is_open(r) && replica_fill(r, ord, out);
}

/* Passes skip rows by, then gives up to max; rows NULL only counts. */
static int replica_run_records(struct replica *r, const struct record_filter *f, int skip, struct row *rows, int max)
{
    char query[REPLICA_SEARCH_QUERY];
    int count = 0;
    if (!replica_is_open(r) || max <= 0 || !replica_kind(f->kind))
        return 0;
    struct sql_stmt *st = replica_ask_records(r, f, query);
    while (count < max && replica_step(r, st)) {
        if (skip > 0)
            skip--;
        else
            count += !rows || replica_fill(r, sql_int(st, 0), &rows[count]);
    }
    sql_reset(st);
    return count;
}

int replica_records(struct replica *r, const struct record_filter *f, int offset, struct row *rows, int max)
{
    return replica_run_records(r, f, offset, rows, max);
}

int replica_count_records(struct replica *r, const struct record_filter *f, int limit)
{
    return replica_run_records(r, f, 0, NULL, limit);
}

static int64_t replica_count_topic(struct replica *r, const char *kind, const char *topic)
{
    struct sql_stmt *st =
        sql_get(r->db, "SELECT count(*) FROM (SELECT 1 FROM record_topic WHERE kind = :kind AND topic = :topic"
                       " LIMIT 1000)");
    sql_bind_text(st, ":kind", kind);
    sql_bind_text(st, ":topic", topic);
    int64_t count = replica_step(r, st) ? sql_int(st, 0) : 0;
    sql_reset(st);
    return count;
}

int replica_topics(struct replica *r, const char *kind, struct row *rows, int max)
{
    int count = 0, topic = replica_kind("topic");
    if (!replica_is_open(r))
        return 0;
    struct sql_stmt *st = sql_get(r->db, "SELECT ord FROM record WHERE ord BETWEEN :first AND :last ORDER BY ord");
    sql_bind_int(st, ":first", replica_ord_first(topic));
    sql_bind_int(st, ":last", replica_ord_last(topic));
    while (count < max && replica_step(r, st)) {
        if (!replica_fill(r, sql_int(st, 0), &rows[count]))
            continue;
        rows[count].start = replica_count_topic(r, kind, rows[count].id);
        count++;
    }
    sql_reset(st);
    return count;
}

/* The city's own record, when there is one, gives its id and its name in the reader's language. */
static void replica_fill_city(struct replica *r, const char *city, struct row *row)
{
    char key[512];
    int64_t ord = -1;
    text_sort_key(key, sizeof key, city);
    struct sql_stmt *st =
        sql_get(r->db, "SELECT ord FROM record WHERE kind = 'city' AND sort_key = :key ORDER BY ord LIMIT 1");
    sql_bind_text(st, ":key", key);
    if (replica_step(r, st))
        ord = sql_int(st, 0);
    sql_reset(st);
    if (ord < 0 || !replica_fill(r, ord, row)) {
        *row = (struct row){.kind = "city"};
        content_text(row->name, sizeof row->name, city);
    }
    content_text(row->place, sizeof row->place, city);
}

int replica_cities(struct replica *r, const char *kind, struct row *rows, int max)
{
    int count = 0;
    if (!replica_is_open(r))
        return 0;
    /* Steps from one city to the next in record_by_city instead of reading all of its entries. */
    struct sql_stmt *st = sql_get(
        r->db,
        "WITH RECURSIVE c (city) AS (SELECT min(city) FROM record WHERE kind = :kind AND city > '' UNION ALL"
        " SELECT (SELECT min(city) FROM record WHERE kind = :kind AND city > c.city) FROM c WHERE c.city IS NOT NULL)"
        " SELECT city, (SELECT count(*) FROM (SELECT 1 FROM record WHERE kind = :kind AND city = c.city LIMIT 1000))"
        " FROM c WHERE city IS NOT NULL");
    sql_bind_text(st, ":kind", kind);
    while (count < max && replica_step(r, st)) {
        replica_fill_city(r, sql_text(st, 0), &rows[count]);
        rows[count].start = sql_int(st, 1);
        count++;
    }
    sql_reset(st);
    return count;
}
