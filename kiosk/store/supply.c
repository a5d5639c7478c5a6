/* The table of communities and kinds, read from provider and provider_cell. */
#include "kiosk/store/supply.h"

#include <stdlib.h>
#include <string.h>

#include "kiosk/store/content_read.h"
#include "kiosk/store/replica_private.h"

static void supply_read_times(struct replica *r, struct supply_row *row)
{
    struct sql_stmt *st = sql_get(r->db, "SELECT cell, times FROM provider_cell WHERE id = :id");
    sql_bind_text(st, ":id", row->id);
    while (replica_step(r, st)) {
        int64_t cell = sql_int(st, 0), times = sql_int(st, 1);
        if (cell >= 0 && cell < SUPPLY_CELLS)
            row->times[cell] = times > INT16_MAX ? INT16_MAX : (int)times;
    }
    sql_reset(st);
}

/* The community's own record has its name in the reader's language. */
static void supply_read_name(struct replica *r, int64_t ord, struct supply_row *row)
{
    char kind[12], id[CONTENT_ID];
    struct row own;
    struct json *d = ord ? replica_record(r, ord, kind, id) : NULL;
    row->has_card = d && content_row(&own, kind, id, d, r->lang);
    if (row->has_card)
        content_text(row->name, sizeof row->name, own.name);
    json_free(d);
}

static void supply_read(struct replica *r, struct sql_stmt *st, struct supply_row *row)
{
    *row = (struct supply_row){.has_card = false};
    content_word(row->id, sizeof row->id, sql_text(st, 0));
    content_text(row->name, sizeof row->name, sql_text(st, 2));
    content_text(row->city, sizeof row->city, sql_text(st, 3));
    supply_read_name(r, sql_int(st, 1), row);
    supply_read_times(r, row);
}

static struct sql_stmt *supply_ask(struct replica *r, const struct supply_filter *f, char query[REPLICA_SEARCH_QUERY])
{
    int community = replica_kind("community"), resource = replica_kind("resource");
    struct replica_values v = {
        .topic = f->topic,
        .city = f->city,
        .query = query,
        .first = replica_ord_first(community),
        .last = replica_ord_last(community),
        .resource_first = replica_ord_first(resource),
        .resource_last = replica_ord_last(resource),
        .cells = f->cells,
    };
    enum replica_question q = replica_search_query(query, f->text) ? REPLICA_PROVIDERS_TEXT
                              : f->city[0]                         ? REPLICA_PROVIDERS_CITY
                              : f->topic[0]                        ? REPLICA_PROVIDERS_TOPIC
                                                                   : REPLICA_PROVIDERS_NAME;
    return replica_ask(r, q, &v);
}

int supply_rows_counted(struct replica *r, const struct supply_filter *f, const struct replica_window *w, struct supply_row *rows,
                        int *count)
{
    char query[REPLICA_SEARCH_QUERY];
    int held = 0;
    *count = 0;
    if (!replica_is_open(r) || w->limit <= 0)
        return 0;
    struct sql_stmt *st = supply_ask(r, f, query);
    while (*count < w->limit && replica_step(r, st)) {
        if (*count >= w->offset && held < w->max)
            supply_read(r, st, &rows[held++]);
        ++*count;
    }
    sql_reset(st);
    return held;
}

int supply_rows(struct replica *r, const struct supply_filter *f, int offset, struct supply_row *rows, int max)
{
    struct replica_window w = {.offset = offset, .max = max, .limit = offset + max};
    int count;
    return supply_rows_counted(r, f, &w, rows, &count);
}

int supply_count(struct replica *r, const struct supply_filter *f, int limit)
{
    struct replica_window w = {.limit = limit};
    int count;
    supply_rows_counted(r, f, &w, NULL, &count);
    return count;
}

int supply_ids(struct replica *r, const struct supply_filter *f, char (*ids)[CONTENT_ID], int max)
{
    char query[REPLICA_SEARCH_QUERY];
    int count = 0;
    if (!replica_is_open(r))
        return 0;
    struct sql_stmt *st = supply_ask(r, f, query);
    while (count < max && replica_step(r, st))
        content_word(ids[count++], CONTENT_ID, sql_text(st, 0));
    sql_reset(st);
    return count;
}

/* ---- what to narrow it by */

int supply_topics(struct replica *r, struct row *rows, int max)
{
    int n = replica_topics(r, "community", rows, max), count = 0;
    for (int i = 0; i < n; i++) {
        struct supply_filter f = {.cells = 0};
        content_word(f.topic, sizeof f.topic, rows[i].id);
        rows[i].start = supply_count(r, &f, 1000);
        if (rows[i].start > 0)
            rows[count++] = rows[i];
    }
    return count;
}

int supply_cities(struct replica *r, struct row *rows, int max)
{
    int n = replica_cities(r, "community", rows, max), count = 0;
    for (int i = 0; i < n; i++) {
        struct supply_filter f = {.cells = 0};
        content_text(f.city, sizeof f.city, rows[i].place);
        rows[i].start = supply_count(r, &f, 1000);
        if (rows[i].start > 0)
            rows[count++] = rows[i];
    }
    return count;
}
