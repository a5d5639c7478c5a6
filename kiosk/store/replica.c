/* The reading side of the replica: opening, noticing changes, single records. Lists are in replica_events.c and
 * replica_records.c. */
#include "kiosk/store/replica.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "kiosk/base/schema.h"
#include "kiosk/store/content_read.h"
#include "kiosk/store/replica_private.h"

enum { REPLICA_DAY = 86400 };

bool replica_is_open(const struct replica *r) { return r->db && r->state != REPLICA_DAMAGED; }

bool replica_step(struct replica *r, struct sql_stmt *st)
{
    bool row;
    if (sql_step(st, &row, NULL) == ERR_CORRUPT)
        r->state = REPLICA_DAMAGED;
    return row;
}

/* ---- opening */

/* READY or EMPTY, by whether there is any record; what replica_step() met on the way stands. */
static void replica_look(struct replica *r)
{
    r->state = REPLICA_EMPTY;
    struct sql_stmt *st = sql_get(r->db, "SELECT 1 FROM record LIMIT 1");
    if (replica_step(r, st))
        r->state = REPLICA_READY;
    sql_reset(st);
}

/* False: of an older program, kiosk-sync will bring it up to date (or has only begun it). */
static bool replica_has_schema(struct replica *r)
{
    bool row;
    struct sql_stmt *st = sql_get(r->db, "PRAGMA user_version");
    bool older = sql_step(st, &row, NULL) == ERR_NONE && row && sql_int(st, 0) < sql_newest(schema_replica);
    sql_reset(st);
    return !older;
}

static void replica_connect(struct replica *r)
{
    struct stat s;
    r->state = REPLICA_MISSING;
    if (stat(r->path, &s) != 0)
        return;
    r->dev = s.st_dev;
    r->ino = s.st_ino;
    enum err code = sql_open(&r->db, r->path, SQL_READ, NULL);
    if (code == ERR_CORRUPT)
        r->state = REPLICA_DAMAGED;
    if (code)
        return;
    /* Begun this moment, or by a program that died at once, or before an update: not damaged, and looked at again. */
    if (!replica_has_schema(r)) {
        sql_close(r->db);
        r->db = NULL;
        return;
    }
    r->version = sql_data_version(r->db);
    replica_look(r);
}

static void replica_disconnect(struct replica *r)
{
    sql_close(r->db);
    r->db = NULL;
}

struct replica *replica_open(const char *path)
{
    struct replica *r = mem_new(1, sizeof *r);
    r->path = mem_dup_str(path);
    replica_connect(r);
    return r;
}

void replica_close(struct replica *r)
{
    if (!r)
        return;
    replica_disconnect(r);
    free(r->path);
    free(r);
}

enum replica_state replica_state(const struct replica *r) { return r->state; }

void replica_set_lang(struct replica *r, const char *lang) { content_word(r->lang, sizeof r->lang, lang); }

/* True when the path names another file than the one that is open, or was found damaged. */
static bool replica_is_replaced(const struct replica *r)
{
    struct stat s;
    if (stat(r->path, &s) != 0)
        return r->db != NULL;
    return s.st_dev != r->dev || s.st_ino != r->ino;
}

bool replica_refresh(struct replica *r)
{
    if (replica_is_replaced(r) || (!r->db && r->state == REPLICA_MISSING)) {
        enum replica_state before = r->state;
        bool was_open = r->db != NULL;
        replica_disconnect(r);
        replica_connect(r);
        return was_open || r->state != before;
    }
    /* The same damaged file is not tried again: it would show its sound half and fail again, on and on. */
    if (!replica_is_open(r))
        return false;
    int64_t version = sql_data_version(r->db);
    if (version == r->version)
        return false;
    r->version = version;
    replica_look(r);
    return true;
}

int64_t replica_checked_at(struct replica *r)
{
    if (!replica_is_open(r))
        return 0;
    struct sql_stmt *st = sql_get(r->db, "SELECT value FROM meta WHERE name = 'checked_at'");
    int64_t at = replica_step(r, st) ? sql_int(st, 0) : 0;
    sql_reset(st);
    return at;
}

/* ---- asking */

struct sql_stmt *replica_ask(struct replica *r, enum replica_question q, const struct replica_values *v)
{
    const struct replica_query *query = &replica_queries[q];
    struct sql_stmt *st = sql_get(r->db, query->text);
    const struct {
        unsigned param;
        const char *name, *value;
    } texts[] = {{REPLICA_Q_ID, ":id", v->id},          {REPLICA_Q_KIND, ":kind", v->kind},
                 {REPLICA_Q_TOPIC, ":topic", v->topic}, {REPLICA_Q_CITY, ":city", v->city},
                 {REPLICA_Q_OWNER, ":owner", v->owner}, {REPLICA_Q_TEXT, ":query", v->query},
                 {REPLICA_Q_SINCE, ":since", v->since}};
    const struct {
        unsigned param;
        const char *name;
        int64_t value;
    } numbers[] = {{REPLICA_Q_TEXT, ":first", v->first},
                   {REPLICA_Q_TEXT, ":last", v->last},
                   {REPLICA_Q_TIME, ":from", v->from},
                   {REPLICA_Q_TIME | REPLICA_Q_REST, ":until", v->until},
                   {REPLICA_Q_REST, ":start", v->start},
                   {REPLICA_Q_REST, ":limit", v->limit},
                   {REPLICA_Q_LOW, ":low", v->from > INT64_MIN + REPLICA_DAY ? v->from - REPLICA_DAY : v->from},
                   {REPLICA_Q_MARKS, ":marks", (int64_t)v->marks},
                   {REPLICA_Q_WHERE | REPLICA_Q_PLACE, ":place", v->place},
                   {REPLICA_Q_WHERE, ":town", v->town},
                   {REPLICA_Q_DAYS, ":first", v->first},
                   {REPLICA_Q_DAYS, ":last", v->last},
                   {REPLICA_Q_MIDDLE, ":middle", v->middle},
                   {REPLICA_Q_CELLS, ":cells", v->cells},
                   {REPLICA_Q_RESOURCES, ":resource_first", v->resource_first},
                   {REPLICA_Q_RESOURCES, ":resource_last", v->resource_last}};
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++)
        if (query->params & texts[i].param)
            sql_bind_text(st, texts[i].name, texts[i].value);
    for (size_t i = 0; i < sizeof numbers / sizeof numbers[0]; i++)
        if (query->params & numbers[i].param)
            sql_bind_int(st, numbers[i].name, numbers[i].value);
    return st;
}

struct json *replica_record(struct replica *r, int64_t ord, char kind[12], char id[CONTENT_ID])
{
    struct json *d = NULL;
    struct sql_stmt *st = sql_get(r->db, "SELECT kind, id, d FROM record WHERE ord = :ord");
    sql_bind_int(st, ":ord", ord);
    if (replica_step(r, st)) {
        content_word(kind, 12, sql_text(st, 0));
        content_word(id, CONTENT_ID, sql_text(st, 1));
        const char *text = sql_text(st, 2);
        if (json_parse(&d, text, strlen(text), REPLICA_D_MAX, NULL))
            d = NULL;
    }
    sql_reset(st);
    return d;
}

/* ---- single records */

/* ord of an id, -1 when there is none. */
static int64_t replica_find(struct replica *r, const char *id)
{
    if (!replica_is_open(r))
        return -1;
    struct sql_stmt *st = sql_get(r->db, "SELECT ord FROM record WHERE id = :id");
    sql_bind_text(st, ":id", id);
    int64_t ord = replica_step(r, st) ? sql_int(st, 0) : -1;
    sql_reset(st);
    return ord;
}

const char *replica_topic_name(struct replica *r, const char *topic, char *out, size_t size)
{
    char kind[12], id[CONTENT_ID];
    struct row row = {0};
    int64_t ord = replica_find(r, topic);
    struct json *d = ord < 0 ? NULL : replica_record(r, ord, kind, id);
    bool found = d && strcmp(kind, "topic") == 0 && content_row(&row, kind, id, d, r->lang);
    content_text(out, size, found ? row.name : topic);
    json_free(d);
    return out;
}

/* A text the record lacks, or for which the other record has a translation, is the other record's. */
static void replica_take_text(char **slot, const struct content_source *s, const char *name)
{
    const char *text = *slot && !s->translation ? NULL : content_pick(s, name);
    if (!text)
        return;
    free(*slot);
    *slot = mem_dup_str(text);
}

/* The record of an id, NULL when there is none; s reads it in the reader's language. */
static struct json *replica_other(struct replica *r, const char *id, struct content_source *s)
{
    char kind[12], found[CONTENT_ID];
    int64_t ord = id ? replica_find(r, id) : -1;
    struct json *d = ord < 0 ? NULL : replica_record(r, ord, kind, found);
    content_source_init(s, d, r->lang);
    return d;
}

/* What the event or resource does not say itself, or not in the reader's language, its community and its place say. */
static void replica_complete(struct replica *r, struct content *c)
{
    struct content_source s;
    struct json *d = replica_other(r, c->owner_id, &s);
    replica_take_text(&c->owner_name, &s, "name");
    json_free(d);
    d = replica_other(r, c->place_id, &s);
    replica_take_text(&c->place_name, &s, "name");
    s.translation = NULL;
    replica_take_text(&c->address, &s, "address");
    replica_take_text(&c->accessibility, &s, "accessibility");
    json_free(d);
}

static enum err replica_get_ord(struct replica *r, int64_t ord, struct content *out, struct row *row, struct error *e)
{
    char kind[12], id[CONTENT_ID];
    struct json *d = ord < 0 ? NULL : replica_record(r, ord, kind, id);
    if (!d)
        return error_set(e, ERR_NOT_FOUND, "no such record");
    enum err code = content_from_json(out, kind, id, d, r->lang, e);
    if (!code && row)
        content_row(row, kind, id, d, r->lang);
    json_free(d);
    if (!code)
        replica_complete(r, out);
    return code;
}

enum err replica_get(struct replica *r, const char *id, struct content *out, struct error *e)
{
    *out = (struct content){0};
    return replica_get_ord(r, replica_find(r, id), out, NULL, e);
}

enum err replica_get_occurrence(struct replica *r, const char *occurrence, struct row *row, struct content *out,
                                struct error *e)
{
    *out = (struct content){0};
    *row = (struct row){0};
    if (!replica_is_open(r))
        return error_set(e, ERR_NOT_FOUND, "%s: no replica", r->path);
    struct sql_stmt *st = sql_get(r->db, "SELECT ord FROM occurrence WHERE id = :id");
    sql_bind_text(st, ":id", occurrence);
    int64_t ord = replica_step(r, st) ? sql_int(st, 0) : -1;
    sql_reset(st);
    enum err code = replica_get_ord(r, ord, out, row, e);
    if (code)
        return code;
    st = replica_ask(r, REPLICA_OCCURRENCE, &(struct replica_values){.id = occurrence});
    if (replica_step(r, st)) {
        replica_row_times(row, st);
        out->terms = (int)sql_int(st, 12);
    } else
        code = error_set(e, ERR_NOT_FOUND, "occurrence %s is gone", occurrence);
    sql_reset(st);
    if (code)
        content_done(out);
    return code;
}
