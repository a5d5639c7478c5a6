/* SQLite behind a small door: opening as this project wants it, migrations, statements kept by their text. */
#include "kiosk/base/sql.h"

#include <errno.h>
#include <fcntl.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "kiosk/base/log.h"

enum { SQL_BUCKETS = 64, SQL_BUSY_MS = 5000, SQL_WAL_TRIES = 20 };

struct sql_stmt {
    struct sql *db;
    sqlite3_stmt *st; /* NULL while the text could not be prepared */
    char *text;
    uint32_t hash;
    enum err fault; /* why st is NULL; reported by sql_step */
    char why[160];
    struct sql_stmt *next; /* in its bucket */
};

struct sql {
    sqlite3 *db;
    struct sql_stmt *buckets[SQL_BUCKETS];
    int64_t changes; /* of the connection when its transaction began */
    char path[];
};

/* ---- errors */

static enum err sql_code_io(int extended)
{
    switch (extended) {
    case SQLITE_IOERR_SHORT_READ: /* the file ends inside a page */
    case SQLITE_IOERR_CORRUPTFS:
    case SQLITE_IOERR_DATA:
        return ERR_CORRUPT;
    case SQLITE_IOERR_NOMEM:
        return ERR_MEMORY;
    default:
        return ERR_IO;
    }
}

static enum err sql_code_constraint(int extended)
{
    return extended == SQLITE_CONSTRAINT_UNIQUE || extended == SQLITE_CONSTRAINT_PRIMARYKEY ||
                   extended == SQLITE_CONSTRAINT_ROWID
               ? ERR_EXISTS
               : ERR_INVALID;
}

static enum err sql_code(int extended)
{
    switch (extended & 0xff) {
    case SQLITE_OK:
    case SQLITE_ROW:
    case SQLITE_DONE:
        return ERR_NONE;
    case SQLITE_FULL:
        return ERR_FULL;
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
    case SQLITE_FORMAT:
        return ERR_CORRUPT;
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
        return ERR_BUSY;
    case SQLITE_NOMEM:
        return ERR_MEMORY;
    case SQLITE_TOOBIG:
        return ERR_TOO_BIG;
    case SQLITE_INTERRUPT:
        return ERR_TIMEOUT;
    case SQLITE_READONLY:
    case SQLITE_PERM:
    case SQLITE_AUTH:
        return ERR_DENIED;
    case SQLITE_CONSTRAINT:
        return sql_code_constraint(extended);
    case SQLITE_ABORT:
    case SQLITE_MISUSE:
        return ERR_STATE;
    default:
        return sql_code_io(extended);
    }
}

/* ERR_NONE for the codes of success. */
static enum err sql_fail(const struct sql *db, int extended, struct error *e)
{
    enum err code = sql_code(extended);
    if (code == ERR_NONE)
        return ERR_NONE;
    if (code == ERR_IO && (extended & 0xff) == SQLITE_CANTOPEN && sqlite3_system_errno(db->db) == ENOENT)
        code = ERR_NOT_FOUND;
    return error_set(e, code, "%s: %s (%d)", db->path, sqlite3_errmsg(db->db), extended);
}

/* ---- opening */

enum err sql_exec(struct sql *db, const char *script, struct error *e)
{
    return sql_fail(db, sqlite3_exec(db->db, script, NULL, NULL, NULL), e);
}

/* Turning a new file into a WAL file needs it for oneself, and SQLite does not wait for that. An empty write
 * transaction does wait, so two programs that create the same database at once both succeed. */
static enum err sql_set_wal(struct sql *db, bool *wal, struct error *e)
{
    sqlite3_stmt *st;
    int rc = SQLITE_BUSY;
    for (int i = 0; i < SQL_WAL_TRIES && (rc & 0xff) == SQLITE_BUSY; i++) {
        if (i > 0)
            sqlite3_exec(db->db, "BEGIN IMMEDIATE; ROLLBACK", NULL, NULL, NULL);
        rc = sqlite3_prepare_v2(db->db, "PRAGMA journal_mode=WAL", -1, &st, NULL);
        if (rc != SQLITE_OK)
            continue;
        rc = sqlite3_step(st);
        *wal = rc == SQLITE_ROW && strcmp((const char *)sqlite3_column_text(st, 0), "wal") == 0;
        sqlite3_finalize(st);
    }
    return sql_fail(db, rc, e);
}

static enum err sql_set_up(struct sql *db, enum sql_mode mode, struct error *e)
{
    sqlite3_extended_result_codes(db->db, 1);
    sqlite3_busy_timeout(db->db, SQL_BUSY_MS);
    sqlite3_db_config(db->db, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
    sqlite3_db_config(db->db, SQLITE_DBCONFIG_DQS_DML, 0, NULL);
    sqlite3_db_config(db->db, SQLITE_DBCONFIG_DQS_DDL, 0, NULL);
    enum err code = sql_exec(db, "PRAGMA trusted_schema=OFF; PRAGMA foreign_keys=ON; PRAGMA cell_size_check=ON", e);
    if (code)
        return code;
    if (mode == SQL_READ) {
        sqlite3_db_config(db->db, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, NULL);
        return sql_exec(db, "PRAGMA query_only=ON; SELECT count(*) FROM sqlite_schema", e);
    }
    bool wal = false;
    code = sql_set_wal(db, &wal, e);
    if (code)
        return code;
    /* NORMAL is safe with a WAL only; memory and odd file systems get FULL. */
    bool normal = mode == SQL_NORMAL && wal;
    return sql_exec(db, normal ? "PRAGMA synchronous=NORMAL" : "PRAGMA synchronous=FULL", e);
}

static enum err sql_open_flags(struct sql *db, int flags, enum sql_mode mode, struct error *e)
{
    int rc = sqlite3_open_v2(db->path, &db->db, flags | SQLITE_OPEN_EXRESCODE, NULL);
    if (!db->db)
        return error_set(e, ERR_MEMORY, "%s: no memory for a connection", db->path);
    return rc == SQLITE_OK ? sql_set_up(db, mode, e) : sql_fail(db, rc, e);
}

enum err sql_open(struct sql **out, const char *path, enum sql_mode mode, struct error *e)
{
    struct sql *db = mem_new(1, sizeof *db + strlen(path) + 1);
    memcpy(db->path, path, strlen(path) + 1);
    *out = NULL;
    int flags = SQLITE_OPEN_READWRITE | (mode == SQL_READ ? 0 : SQLITE_OPEN_CREATE);
    enum err code = sql_open_flags(db, flags, mode, e);
    /* A reader shares the WAL's index and so wants to write there; where it may not, a file without a WAL is still
     * readable. */
    if (mode == SQL_READ && (code == ERR_IO || code == ERR_DENIED)) {
        sqlite3_close_v2(db->db);
        db->db = NULL;
        code = sql_open_flags(db, SQLITE_OPEN_READONLY, mode, e);
    }
    if (code)
        sql_close(db);
    else
        *out = db;
    return code;
}

void sql_close(struct sql *db)
{
    if (!db)
        return;
    for (size_t i = 0; i < SQL_BUCKETS; i++) {
        for (struct sql_stmt *st = db->buckets[i], *next; st; st = next) {
            next = st->next;
            sqlite3_finalize(st->st);
            free(st->text);
            free(st);
        }
    }
    sqlite3_close_v2(db->db);
    free(db);
}

/* ---- transactions */

enum err sql_begin(struct sql *db, struct error *e)
{
    db->changes = sqlite3_total_changes64(db->db);
    return sql_exec(db, "BEGIN IMMEDIATE", e);
}

enum err sql_commit(struct sql *db, struct error *e)
{
    enum err code = sql_exec(db, "COMMIT", e);
    /* The writes to the WAL can be watched, but they come before its sync, and only after that can others read the commit:
     * who wakes for the last write looks too early and then sleeps. This is seen when all is done. */
    if (!code && sqlite3_total_changes64(db->db) != db->changes && utimensat(AT_FDCWD, db->path, NULL, 0) < 0)
        log_line(LOG_DEBUG, "sql-touch", "errno=%d", errno);
    return code;
}

void sql_rollback(struct sql *db)
{
    if (sqlite3_get_autocommit(db->db))
        return;
    for (size_t i = 0; i < SQL_BUCKETS; i++)
        for (struct sql_stmt *st = db->buckets[i]; st; st = st->next)
            sqlite3_reset(st->st);
    sqlite3_exec(db->db, "ROLLBACK", NULL, NULL, NULL);
}

int64_t sql_changes(struct sql *db) { return sqlite3_changes64(db->db); }
int64_t sql_last_id(struct sql *db) { return sqlite3_last_insert_rowid(db->db); }

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

static enum err sql_user_version(struct sql *db, int *version, struct error *e)
{
    bool row;
    struct sql_stmt *st = sql_get(db, "PRAGMA user_version");
    enum err code = sql_step(st, &row, e);
    *version = code == ERR_NONE && row ? (int)sql_int(st, 0) : 0;
    sql_reset(st);
    return code;
}

static enum err sql_apply(struct sql *db, const char *text, size_t len, int n, struct error *e)
{
    int version;
    /* A pragma takes no parameters: the number, made here from an int, is the one thing formatted into SQL. */
    char pragma[40];
    snprintf(pragma, sizeof pragma, "PRAGMA user_version=%d", n);
    char *piece = mem_new(len + 1, 1);
    memcpy(piece, text, len);
    enum err code = sql_begin(db, e);
    /* Read again inside: another program may have been quicker. */
    if (!code)
        code = sql_user_version(db, &version, e);
    if (!code && version < n)
        code = sql_exec(db, piece, e);
    if (!code && version < n)
        code = sql_exec(db, pragma, e);
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
    enum err code = sql_user_version(db, &version, e);
    if (code)
        return code;
    for (const char *p = sql_find_piece(schema, &n, &body); p; p = sql_find_piece(body, &n, &body)) {
        if (n != last + 1)
            die("schema for %s: migration %d follows %d", db->path, n, last);
        last = n;
        const char *end = sql_find_piece(body, &unused, &after);
        size_t len = end ? (size_t)(end - body) : strlen(body);
        if (n > version)
            code = sql_apply(db, body, len, n, e);
        if (code)
            return code;
    }
    if (version > last)
        return error_set(e, ERR_STATE, "%s: version %d is newer than this program's %d", db->path, version, last);
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

/* Wrong SQL is a bug. What the file brings about is not: a lock, damage, and a schema other than ours. */
static void sql_prepare(struct sql_stmt *st)
{
    sqlite3 *db = st->db->db;
    int rc = sqlite3_prepare_v3(db, st->text, -1, SQLITE_PREPARE_PERSISTENT, &st->st, NULL);
    const char *why = sqlite3_errmsg(db);
    if (rc == SQLITE_OK) {
        st->fault = ERR_NONE;
        return;
    }
    if (rc == SQLITE_ERROR && strncmp(why, "no such ", 8) != 0)
        die("SQL: %s in: %s", why, st->text);
    st->fault = rc == SQLITE_ERROR ? ERR_CORRUPT : sql_code(rc);
    snprintf(st->why, sizeof st->why, "%s (%d)", why, rc);
}

struct sql_stmt *sql_get(struct sql *db, const char *text)
{
    uint32_t hash = sql_hash(text);
    struct sql_stmt **bucket = &db->buckets[hash % SQL_BUCKETS];
    struct sql_stmt *st = *bucket;
    while (st && (st->hash != hash || strcmp(st->text, text) != 0))
        st = st->next;
    if (!st) {
        st = mem_new(1, sizeof *st);
        *st = (struct sql_stmt){.db = db, .text = mem_dup_str(text), .hash = hash, .next = *bucket};
        *bucket = st;
    }
    if (st->st) {
        sqlite3_reset(st->st);
        sqlite3_clear_bindings(st->st);
    } else {
        sql_prepare(st);
    }
    return st;
}

/* The parameter's number; 0 when the statement could not be prepared, which sql_step will tell. */
static int sql_parameter(struct sql_stmt *st, const char *name)
{
    if (!st->st)
        return 0;
    int i = sqlite3_bind_parameter_index(st->st, name);
    if (i == 0)
        die("SQL: no parameter %s in: %s", name, st->text);
    return i;
}

static void sql_bound(struct sql_stmt *st, const char *name, int rc)
{
    if (rc != SQLITE_OK)
        die("SQL: cannot bind %s (%d) in: %s", name, rc, st->text);
}

void sql_bind_text(struct sql_stmt *st, const char *name, const char *value)
{
    int i = sql_parameter(st, name);
    if (i)
        sql_bound(st, name, sqlite3_bind_text(st->st, i, value, -1, SQLITE_TRANSIENT));
}

void sql_bind_int(struct sql_stmt *st, const char *name, int64_t value)
{
    int i = sql_parameter(st, name);
    if (i)
        sql_bound(st, name, sqlite3_bind_int64(st->st, i, value));
}

void sql_bind_real(struct sql_stmt *st, const char *name, double value)
{
    int i = sql_parameter(st, name);
    if (i)
        sql_bound(st, name, sqlite3_bind_double(st->st, i, value));
}

void sql_bind_blob(struct sql_stmt *st, const char *name, const void *bytes, size_t n)
{
    int i = sql_parameter(st, name);
    /* A NULL pointer would bind NULL; nothing is an empty blob here. */
    if (i)
        sql_bound(st, name, sqlite3_bind_blob64(st->st, i, n ? bytes : "", n, SQLITE_TRANSIENT));
}

enum err sql_step(struct sql_stmt *st, bool *row, struct error *e)
{
    *row = false;
    if (!st->st)
        return error_set(e, st->fault, "%s: %s", st->db->path, st->why);
    int rc = sqlite3_step(st->st);
    if (rc == SQLITE_ROW) {
        *row = true;
        return ERR_NONE;
    }
    /* A schema that lost what a kept statement wants says plain SQLITE_ERROR when it is prepared anew. */
    enum err code = sql_fail(st->db, rc, e);
    if (rc == SQLITE_ERROR && strncmp(sqlite3_errmsg(st->db->db), "no such ", 8) == 0)
        code = error_set(e, ERR_CORRUPT, "%s: %s", st->db->path, sqlite3_errmsg(st->db->db));
    sqlite3_reset(st->st);
    return code;
}

enum err sql_run(struct sql_stmt *st, struct error *e)
{
    bool row = true;
    enum err code = ERR_NONE;
    while (row && !code)
        code = sql_step(st, &row, e);
    return code;
}

void sql_reset(struct sql_stmt *st) { sqlite3_reset(st->st); }

const char *sql_text(struct sql_stmt *st, int column)
{
    const unsigned char *s = sqlite3_column_text(st->st, column);
    return s ? (const char *)s : "";
}

int64_t sql_int(struct sql_stmt *st, int column) { return sqlite3_column_int64(st->st, column); }
double sql_real(struct sql_stmt *st, int column) { return sqlite3_column_double(st->st, column); }

bool sql_is_null(struct sql_stmt *st, int column) { return sqlite3_column_type(st->st, column) == SQLITE_NULL; }

const void *sql_blob(struct sql_stmt *st, int column, size_t *n)
{
    const void *bytes = sqlite3_column_blob(st->st, column);
    *n = (size_t)sqlite3_column_bytes(st->st, column);
    return bytes ? bytes : "";
}

bool sql_quick_check(struct sql *db)
{
    bool row;
    struct sql_stmt *st = sql_get(db, "PRAGMA quick_check(1)");
    bool sound = sql_step(st, &row, NULL) == ERR_NONE && row && strcmp(sql_text(st, 0), "ok") == 0;
    sql_reset(st);
    return sound;
}

int64_t sql_data_version(struct sql *db)
{
    bool row;
    struct sql_stmt *st = sql_get(db, "PRAGMA data_version");
    int64_t version = sql_step(st, &row, NULL) == ERR_NONE && row ? sql_int(st, 0) : 0;
    sql_reset(st);
    return version;
}
