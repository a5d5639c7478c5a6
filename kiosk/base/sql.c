/* The door to databases: what is the same for all drivers. Statements kept by their text, names checked, migrations. */
#include "kiosk/base/sql.h"

#include <stdlib.h>
#include <string.h>

#include "kiosk/base/sql_driver.h"

void sql_close(struct sql *db)
{
    if (!db)
        return;
    for (size_t i = 0; i < SQL_BUCKETS; i++) {
        for (struct sql_stmt *st = db->buckets[i], *next; st; st = next) {
            next = st->next;
            if (st->ready)
                db->driver->finalize(st);
            free(st->text);
            free(st);
        }
    }
    free(db->name);
    db->driver->close(db);
}

/* ---- transactions */

/* Remembers what a transaction failed of. Wrong values are the caller's to judge, and leave it as it was. */
static enum err sql_note(struct sql *db, enum err code)
{
    if (code && code != ERR_EXISTS && code != ERR_INVALID && db->inside && !db->fault)
        db->fault = code;
    return code;
}

static enum err sql_still_fails(const struct sql *db, struct error *e)
{
    return error_set(e, db->fault, "%s: the transaction has failed before (%s)", db->name, error_name(db->fault));
}

enum err sql_exec(struct sql *db, const char *script, struct error *e)
{
    return db->fault ? sql_still_fails(db, e) : sql_note(db, db->driver->exec(db, script, e));
}

static enum err sql_begin_as(struct sql *db, enum sql_begin_as as, struct error *e)
{
    enum err code = db->driver->begin(db, as, e);
    if (code)
        return code;
    db->inside = true;
    db->fault = ERR_NONE;
    return ERR_NONE;
}

enum err sql_begin(struct sql *db, struct error *e) { return sql_begin_as(db, SQL_BEGIN_WRITE, e); }
enum err sql_begin_alone(struct sql *db, struct error *e) { return sql_begin_as(db, SQL_BEGIN_ALONE, e); }
enum err sql_begin_view(struct sql *db, struct error *e) { return sql_begin_as(db, SQL_BEGIN_VIEW, e); }
bool sql_is_shared(const struct sql *db) { return db->driver->shared; }

enum err sql_commit(struct sql *db, struct error *e)
{
    if (db->fault)
        return sql_still_fails(db, e);
    enum err code = db->driver->commit(db, e);
    db->inside = db->inside && code;
    return code;
}

void sql_rollback(struct sql *db)
{
    db->inside = false;
    db->fault = ERR_NONE;
    if (!db->driver->in_transaction(db))
        return;
    for (size_t i = 0; i < SQL_BUCKETS; i++)
        for (struct sql_stmt *st = db->buckets[i]; st; st = st->next)
            sql_reset(st);
    db->driver->rollback(db);
}

enum err sql_scrub(struct sql *db, struct error *e) { return db->driver->scrub ? db->driver->scrub(db, e) : ERR_NONE; }

enum err sql_quick_check(struct sql *db, struct error *e) { return db->driver->quick_check(db, e); }
int64_t sql_data_version(struct sql *db) { return db->driver->data_version(db); }
int64_t sql_changes(struct sql *db) { return db->driver->changes(db); }

int64_t sql_last_id(struct sql *db)
{
    if (!db->driver->last_id)
        die("%s: this database has no last id; the statement should return it", db->name);
    return db->driver->last_id(db);
}

/* ---- migrations */

/* The next "-- migration N" line at or after s: its start, N, and where its text begins; NULL when there is none. */
static const char *sql_find_piece(const char *s, int *n, const char **body)
{
    static const char mark[] = "-- migration ";
    while (s && *s) {
        const char *end = strchr(s, '\n');
        if (strncmp(s, mark, sizeof mark - 1) == 0) {
            *n = (int)strtol(s + sizeof mark - 1, NULL, 10);
            *body = end ? end + 1 : s + strlen(s);
            return s;
        }
        s = end ? end + 1 : NULL;
    }
    return NULL;
}

int sql_newest(const char *schema)
{
    int n = 0;
    const char *body = schema;
    while (sql_find_piece(body, &n, &body))
        continue;
    return n;
}

static enum err sql_apply(struct sql *db, const char *text, size_t len, int n, struct error *e)
{
    int version;
    char *piece = mem_new(len + 1, 1);
    memcpy(piece, text, len);
    enum err code = sql_begin_alone(db, e);
    /* Read again inside: another program may have been quicker. */
    if (!code)
        code = db->driver->version(db, &version, e);
    if (!code && version < n)
        code = db->driver->piece(db, piece, e);
    if (!code && version < n)
        code = db->driver->set_version(db, n, e);
    if (!code)
        code = sql_commit(db, e);
    if (code) {
        sql_rollback(db);
        error_prefix(e, "migration %d", n);
    }
    free(piece);
    return code;
}

enum err sql_migrate(struct sql *db, const char *schema, struct error *e)
{
    int version, n = 0, last = 0, unused;
    const char *body, *after;
    enum err code = db->driver->version(db, &version, e);
    if (code)
        return code;
    for (const char *p = sql_find_piece(schema, &n, &body); p; p = sql_find_piece(body, &n, &body)) {
        if (n != last + 1)
            die("schema for %s: migration %d follows %d", db->name, n, last);
        last = n;
        const char *end = sql_find_piece(body, &unused, &after);
        size_t len = end ? (size_t)(end - body) : strlen(body);
        if (n > version)
            code = sql_apply(db, body, len, n, e);
        if (code)
            return code;
    }
    if (version > last)
        return error_set(e, ERR_STATE, "%s: version %d is newer than this program's %d", db->name, version, last);
    return ERR_NONE;
}

/* ---- statements */

static uint32_t sql_hash(const char *s)
{
    uint32_t h = 2166136261u; /* FNV-1a */
    for (; *s; s++)
        h = (h ^ (uint8_t)*s) * 16777619u;
    return h;
}

static struct sql_stmt *sql_find(struct sql *db, const char *text)
{
    uint32_t hash = sql_hash(text);
    struct sql_stmt **bucket = &db->buckets[hash % SQL_BUCKETS];
    struct sql_stmt *st = *bucket;
    while (st && (st->hash != hash || strcmp(st->text, text) != 0))
        st = st->next;
    if (!st) {
        st = mem_new(1, db->driver->stmt_size);
        *st = (struct sql_stmt){.db = db, .text = mem_dup_str(text), .hash = hash, .next = *bucket};
        *bucket = st;
    }
    return st;
}

struct sql_stmt *sql_get(struct sql *db, const char *text)
{
    struct sql_stmt **recent = &db->recent[((uintptr_t)text >> 3) % SQL_RECENT], *st = *recent;
    if (!st || strcmp(st->text, text) != 0)
        *recent = st = sql_find(db, text);
    st->unbound = false;
    if (st->ready) {
        db->driver->reset(st);
        db->driver->clear(st);
    } else {
        db->driver->prepare(st);
    }
    return st;
}

/* The parameter's number; 0 when the statement could not be prepared, which sql_step will tell. */
static int sql_parameter(struct sql_stmt *st, const char *name)
{
    if (!st->ready)
        return 0;
    int i = st->db->driver->parameter(st, name);
    if (i == 0)
        die("SQL: no parameter %s in: %s", name, st->text);
    return i;
}

void sql_bind_text(struct sql_stmt *st, const char *name, const char *value)
{
    int i = sql_parameter(st, name);
    if (i)
        st->unbound |= !st->db->driver->bind_text(st, i, value);
}

void sql_bind_int(struct sql_stmt *st, const char *name, int64_t value)
{
    int i = sql_parameter(st, name);
    if (i)
        st->unbound |= !st->db->driver->bind_int(st, i, value);
}

void sql_bind_real(struct sql_stmt *st, const char *name, double value)
{
    int i = sql_parameter(st, name);
    if (i)
        st->unbound |= !st->db->driver->bind_real(st, i, value);
}

void sql_bind_blob(struct sql_stmt *st, const char *name, const void *bytes, size_t n)
{
    int i = sql_parameter(st, name);
    /* A NULL pointer would bind NULL; nothing is an empty blob here. */
    if (i)
        st->unbound |= !st->db->driver->bind_blob(st, i, n ? bytes : "", n);
}

enum err sql_step(struct sql_stmt *st, bool *row, struct error *e)
{
    *row = false;
    if (st->db->fault)
        return sql_still_fails(st->db, e);
    if (!st->ready)
        return sql_note(st->db, error_set(e, st->fault, "%s: %s", st->db->name, st->why));
    if (st->unbound)
        return sql_note(st->db, error_set(e, ERR_MEMORY, "%s: no memory for a value", st->db->name));
    return sql_note(st->db, st->db->driver->step(st, row, e));
}

enum err sql_run(struct sql_stmt *st, struct error *e)
{
    bool row = true;
    enum err code = ERR_NONE;
    while (row && !code)
        code = sql_step(st, &row, e);
    return code;
}

void sql_reset(struct sql_stmt *st)
{
    if (st->ready)
        st->db->driver->reset(st);
}

const char *sql_text(struct sql_stmt *st, int column)
{
    const char *s = st->db->driver->text(st, column);
    return s ? s : "";
}

int64_t sql_int(struct sql_stmt *st, int column) { return st->db->driver->number(st, column); }
double sql_real(struct sql_stmt *st, int column) { return st->db->driver->real(st, column); }
bool sql_is_null(struct sql_stmt *st, int column) { return st->db->driver->is_null(st, column); }

const void *sql_blob(struct sql_stmt *st, int column, size_t *n)
{
    const void *bytes = st->db->driver->blob(st, column, n);
    return bytes ? bytes : "";
}
