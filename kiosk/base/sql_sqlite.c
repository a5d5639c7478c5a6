/* SQLite behind the door of databases: opening as this project wants it. */
#include "kiosk/base/sql_driver.h"

#include <errno.h>
#include <fcntl.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "kiosk/base/log.h"

enum { SQLITE_BUSY_MS = 5000, SQLITE_WAL_TRIES = 20 };

struct sqlite_stmt {
    struct sql_stmt base;
    sqlite3_stmt *st; /* NULL while the text could not be prepared */
    int bound;        /* the parameter that was bound last */
};

struct sqlite {
    struct sql base;
    sqlite3 *db;
    sqlite3_stmt *rollback; /* prepared when there is memory: a transaction that cannot be ended locks all others out */
    int64_t changes;        /* of the connection when its transaction began */
};

static struct sqlite *sqlite_of(struct sql *db) { return (struct sqlite *)db; }
static sqlite3 *sqlite_db(const struct sql *db) { return ((const struct sqlite *)db)->db; }
static sqlite3_stmt *sqlite_st(struct sql_stmt *st) { return ((struct sqlite_stmt *)st)->st; }

/* ---- errors */

static enum err sqlite_code_io(int extended)
{
    switch (extended) {
    case SQLITE_IOERR_READ:       /* a dead sector is damage, too; a write that failed is not */
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

static enum err sqlite_code_constraint(int extended)
{
    return extended == SQLITE_CONSTRAINT_UNIQUE || extended == SQLITE_CONSTRAINT_PRIMARYKEY ||
                   extended == SQLITE_CONSTRAINT_ROWID
               ? ERR_EXISTS
               : ERR_INVALID;
}

static enum err sqlite_code(int extended)
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
        return sqlite_code_constraint(extended);
    case SQLITE_ABORT:
    case SQLITE_MISUSE:
        return ERR_STATE;
    default:
        return sqlite_code_io(extended);
    }
}

/* ERR_NONE for the codes of success. */
static enum err sqlite_fail(const struct sql *db, int extended, struct error *e)
{
    enum err code = sqlite_code(extended);
    if (code == ERR_NONE)
        return ERR_NONE;
    if (code == ERR_IO && (extended & 0xff) == SQLITE_CANTOPEN && sqlite3_system_errno(sqlite_db(db)) == ENOENT)
        code = ERR_NOT_FOUND;
    return error_set(e, code, "%s: %s (%d)", db->name, sqlite3_errmsg(sqlite_db(db)), extended);
}

/* ---- opening */

static enum err sqlite_exec(struct sql *db, const char *script, struct error *e)
{
    return sqlite_fail(db, sqlite3_exec(sqlite_db(db), script, NULL, NULL, NULL), e);
}

/* Turning a new file into a WAL file needs it for oneself, and SQLite does not wait for that. An empty write
 * transaction does wait, so two programs that create the same database at once both succeed. */
static enum err sqlite_set_wal(struct sql *db, bool *wal, struct error *e)
{
    sqlite3_stmt *st;
    int rc = SQLITE_BUSY;
    for (int i = 0; i < SQLITE_WAL_TRIES && (rc & 0xff) == SQLITE_BUSY; i++) {
        if (i > 0)
            sqlite3_exec(sqlite_db(db), "BEGIN IMMEDIATE; ROLLBACK", NULL, NULL, NULL);
        rc = sqlite3_prepare_v2(sqlite_db(db), "PRAGMA journal_mode=WAL", -1, &st, NULL);
        if (rc != SQLITE_OK)
            continue;
        rc = sqlite3_step(st);
        *wal = rc == SQLITE_ROW && strcmp((const char *)sqlite3_column_text(st, 0), "wal") == 0;
        sqlite3_finalize(st);
    }
    return sqlite_fail(db, rc, e);
}

static enum err sqlite_set_up(struct sql *db, enum sql_mode mode, struct error *e)
{
    sqlite3_extended_result_codes(sqlite_db(db), 1);
    sqlite3_busy_timeout(sqlite_db(db), SQLITE_BUSY_MS);
    sqlite3_db_config(sqlite_db(db), SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
    sqlite3_db_config(sqlite_db(db), SQLITE_DBCONFIG_DQS_DML, 0, NULL);
    sqlite3_db_config(sqlite_db(db), SQLITE_DBCONFIG_DQS_DDL, 0, NULL);
    enum err code = sqlite_exec(db, "PRAGMA trusted_schema=OFF; PRAGMA foreign_keys=ON; PRAGMA cell_size_check=ON", e);
    if (!code)
        code = sqlite_fail(db, sqlite3_prepare_v2(sqlite_db(db), "ROLLBACK", -1, &sqlite_of(db)->rollback, NULL), e);
    if (code)
        return code;
    if (mode == SQL_READ) {
        sqlite3_db_config(sqlite_db(db), SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, NULL);
        return sqlite_exec(db, "PRAGMA query_only=ON; SELECT count(*) FROM sqlite_schema", e);
    }
    bool wal = false;
    code = sqlite_set_wal(db, &wal, e);
    if (code)
        return code;
    /* NORMAL is safe with a WAL only; memory and odd file systems get FULL. */
    bool normal = mode == SQL_NORMAL && wal;
    if (mode == SQL_DURABLE && (code = sqlite_exec(db, "PRAGMA secure_delete=ON", e)) != ERR_NONE)
        return code;
    return sqlite_exec(db, normal ? "PRAGMA synchronous=NORMAL" : "PRAGMA synchronous=FULL", e);
}

static enum err sqlite_open_flags(struct sqlite *db, int flags, enum sql_mode mode, struct error *e)
{
    int rc = sqlite3_open_v2(db->base.name, &db->db, flags | SQLITE_OPEN_EXRESCODE, NULL);
    if (!db->db)
        return error_set(e, ERR_MEMORY, "%s: no memory for a connection", db->base.name);
    return rc == SQLITE_OK ? sqlite_set_up(&db->base, mode, e) : sqlite_fail(&db->base, rc, e);
}

/* ---- transactions */

static void sqlite_rollback(struct sql *db)
{
    sqlite3_step(sqlite_of(db)->rollback);
    sqlite3_reset(sqlite_of(db)->rollback);
}

static bool sqlite_in_transaction(struct sql *db) { return !sqlite3_get_autocommit(sqlite_db(db)); }

static enum err sqlite_begin(struct sql *db, enum sql_begin_as as, struct error *e)
{
    if (sqlite_in_transaction(db))
        sqlite_rollback(db); /* once more: without memory it may have failed when it was wanted */
    sqlite_of(db)->changes = sqlite3_total_changes64(sqlite_db(db));
    return sqlite_exec(db, as == SQL_BEGIN_VIEW ? "BEGIN" : "BEGIN IMMEDIATE", e);
}

static enum err sqlite_commit(struct sql *db, struct error *e)
{
    enum err code = sqlite_exec(db, "COMMIT", e);
    /* The writes to the WAL can be watched, but they come before its sync, and only after that can others read the
     * commit: who wakes for the last write looks too early and then sleeps. This is seen when all is done. */
    if (!code && sqlite3_total_changes64(sqlite_db(db)) != sqlite_of(db)->changes &&
        utimensat(AT_FDCWD, db->name, NULL, 0) < 0)
        log_line(LOG_DEBUG, "sql-touch", "errno=%d", errno);
    return code;
}

static int64_t sqlite_changes(struct sql *db) { return sqlite3_changes64(sqlite_db(db)); }
static int64_t sqlite_last_id(struct sql *db) { return sqlite3_last_insert_rowid(sqlite_db(db)); }

/* ---- facts about the file */

static enum err sqlite_version(struct sql *db, int *version, struct error *e)
{
    bool row;
    struct sql_stmt *st = sql_get(db, "PRAGMA user_version");
    enum err code = sql_step(st, &row, e);
    *version = code == ERR_NONE && row ? (int)sql_int(st, 0) : 0;
    sql_reset(st);
    return code;
}

static enum err sqlite_set_version(struct sql *db, int version, struct error *e)
{
    /* A pragma takes no parameters: the number, made here from an int, is the one thing formatted into SQL. */
    char pragma[40];
    snprintf(pragma, sizeof pragma, "PRAGMA user_version=%d", version);
    return sqlite_exec(db, pragma, e);
}

static enum err sqlite_scrub(struct sql *db, struct error *e)
{
    int rc = sqlite3_wal_checkpoint_v2(sqlite_db(db), NULL, SQLITE_CHECKPOINT_TRUNCATE, NULL, NULL);
    return sqlite_fail(db, rc, e);
}

/* What the check says of a page that could not be read holds the reason; want of memory says nothing about the file. */
static enum err sqlite_damage(struct sql *db, const char *finding, struct error *e)
{
    const char *reason = strstr(finding, "error code=");
    int rc = reason ? (int)strtol(reason + strlen("error code="), NULL, 10) : 0;
    if (sqlite_code(rc) == ERR_MEMORY)
        return error_set(e, ERR_MEMORY, "%s: no memory for looking through it", db->name);
    return error_set(e, ERR_CORRUPT, "%s: damaged", db->name);
}

static enum err sqlite_quick_check(struct sql *db, struct error *e)
{
    bool row;
    struct sql_stmt *st = sql_get(db, "PRAGMA quick_check(1)");
    enum err code = sql_step(st, &row, e);
    if (!code && (!row || strcmp(sql_text(st, 0), "ok") != 0))
        code = sqlite_damage(db, row ? sql_text(st, 0) : "", e);
    sql_reset(st);
    return code;
}

static int64_t sqlite_data_version(struct sql *db)
{
    bool row;
    struct sql_stmt *st = sql_get(db, "PRAGMA data_version");
    int64_t version = sql_step(st, &row, NULL) == ERR_NONE && row ? sql_int(st, 0) : 0;
    sql_reset(st);
    return version;
}

/* ---- statements */

/* Wrong SQL is a bug. What the file brings about is not: a lock, damage, and a schema other than ours. */
static void sqlite_prepare(struct sql_stmt *st)
{
    sqlite3 *db = sqlite_db(st->db);
    struct sqlite_stmt *own = (struct sqlite_stmt *)st;
    int rc = sqlite3_prepare_v3(db, st->text, -1, SQLITE_PREPARE_PERSISTENT, &own->st, NULL);
    const char *why = sqlite3_errmsg(db);
    st->ready = rc == SQLITE_OK;
    if (st->ready)
        return;
    if (rc == SQLITE_ERROR && strncmp(why, "no such ", 8) != 0)
        die("SQL: %s in: %s", why, st->text);
    st->fault = rc == SQLITE_ERROR ? ERR_CORRUPT : sqlite_code(rc);
    snprintf(st->why, sizeof st->why, "%s (%d)", why, rc);
}

static void sqlite_finalize(struct sql_stmt *st) { sqlite3_finalize(sqlite_st(st)); }
static void sqlite_reset(struct sql_stmt *st) { sqlite3_reset(sqlite_st(st)); }
static void sqlite_clear(struct sql_stmt *st) { sqlite3_clear_bindings(sqlite_st(st)); }

static int sqlite_parameter(struct sql_stmt *st, const char *name)
{
    struct sqlite_stmt *s = (struct sqlite_stmt *)st;
    /* They are bound in the order in which they stand, as a rule. */
    const char *next = sqlite3_bind_parameter_name(s->st, s->bound + 1);
    s->bound = next && strcmp(next, name) == 0 ? s->bound + 1 : sqlite3_bind_parameter_index(s->st, name);
    return s->bound;
}

static bool sqlite_bind_text(struct sql_stmt *st, int i, const char *value)
{
    return sqlite3_bind_text(sqlite_st(st), i, value, -1, SQLITE_TRANSIENT) == SQLITE_OK;
}

static bool sqlite_bind_int(struct sql_stmt *st, int i, int64_t value)
{
    return sqlite3_bind_int64(sqlite_st(st), i, value) == SQLITE_OK;
}

static bool sqlite_bind_real(struct sql_stmt *st, int i, double value)
{
    return sqlite3_bind_double(sqlite_st(st), i, value) == SQLITE_OK;
}

static bool sqlite_bind_blob(struct sql_stmt *st, int i, const void *bytes, size_t n)
{
    return sqlite3_bind_blob64(sqlite_st(st), i, bytes, n, SQLITE_TRANSIENT) == SQLITE_OK;
}

/* Takes the memory that the row's texts and blobs need: later they would silently be empty without it, and a log would
 * be chained to nothing. */
static bool sqlite_hold_row(sqlite3_stmt *st)
{
    for (int i = sqlite3_column_count(st) - 1; i >= 0; i--) {
        int type = sqlite3_column_type(st, i);
        bool held = type == SQLITE_TEXT   ? sqlite3_column_text(st, i) != NULL
                    : type == SQLITE_BLOB ? sqlite3_column_blob(st, i) || sqlite3_column_bytes(st, i) == 0
                                          : true;
        if (!held)
            return false;
    }
    return true;
}

static enum err sqlite_step(struct sql_stmt *st, bool *row, struct error *e)
{
    int rc = sqlite3_step(sqlite_st(st));
    *row = rc == SQLITE_ROW && sqlite_hold_row(sqlite_st(st));
    if (*row)
        return ERR_NONE;
    if (rc == SQLITE_ROW) {
        sqlite3_reset(sqlite_st(st));
        return error_set(e, ERR_MEMORY, "%s: no memory for a row", st->db->name);
    }
    /* A schema that lost what a kept statement wants says plain SQLITE_ERROR when it is prepared anew. */
    enum err code = sqlite_fail(st->db, rc, e);
    const char *why = sqlite3_errmsg(sqlite_db(st->db));
    if (rc == SQLITE_ERROR && strncmp(why, "no such ", 8) == 0)
        code = error_set(e, ERR_CORRUPT, "%s: %s", st->db->name, why);
    sqlite3_reset(sqlite_st(st));
    return code;
}

static const char *sqlite_text(struct sql_stmt *st, int column)
{
    return (const char *)sqlite3_column_text(sqlite_st(st), column);
}

static int64_t sqlite_number(struct sql_stmt *st, int column) { return sqlite3_column_int64(sqlite_st(st), column); }
static double sqlite_real(struct sql_stmt *st, int column) { return sqlite3_column_double(sqlite_st(st), column); }

static bool sqlite_is_null(struct sql_stmt *st, int column)
{
    return sqlite3_column_type(sqlite_st(st), column) == SQLITE_NULL;
}

static const void *sqlite_blob(struct sql_stmt *st, int column, size_t *n)
{
    const void *bytes = sqlite3_column_blob(sqlite_st(st), column);
    *n = (size_t)sqlite3_column_bytes(sqlite_st(st), column);
    return bytes;
}

/* ---- the driver */

static void sqlite_close(struct sql *db)
{
    sqlite3_finalize(sqlite_of(db)->rollback);
    sqlite3_close_v2(sqlite_db(db));
    free(db);
}

static const struct sql_driver sqlite_driver = {
    .stmt_size = sizeof(struct sqlite_stmt),
    .close = sqlite_close,
    .exec = sqlite_exec,
    .begin = sqlite_begin,
    .commit = sqlite_commit,
    .rollback = sqlite_rollback,
    .in_transaction = sqlite_in_transaction,
    .scrub = sqlite_scrub,
    .quick_check = sqlite_quick_check,
    .data_version = sqlite_data_version,
    .changes = sqlite_changes,
    .last_id = sqlite_last_id,
    .version = sqlite_version,
    .set_version = sqlite_set_version,
    .piece = sqlite_exec,
    .prepare = sqlite_prepare,
    .finalize = sqlite_finalize,
    .reset = sqlite_reset,
    .clear = sqlite_clear,
    .parameter = sqlite_parameter,
    .bind_text = sqlite_bind_text,
    .bind_int = sqlite_bind_int,
    .bind_real = sqlite_bind_real,
    .bind_blob = sqlite_bind_blob,
    .step = sqlite_step,
    .text = sqlite_text,
    .number = sqlite_number,
    .real = sqlite_real,
    .is_null = sqlite_is_null,
    .blob = sqlite_blob,
};

enum err sql_open(struct sql **out, const char *path, enum sql_mode mode, struct error *e)
{
    struct sqlite *db = mem_new(1, sizeof *db);
    db->base = (struct sql){.driver = &sqlite_driver, .name = mem_dup_str(path)};
    *out = NULL;
    int flags = SQLITE_OPEN_READWRITE | (mode == SQL_READ ? 0 : SQLITE_OPEN_CREATE);
    enum err code = sqlite_open_flags(db, flags, mode, e);
    /* A reader shares the WAL's index and so wants to write there; where it may not, a file without a WAL is still
     * readable. */
    if (mode == SQL_READ && (code == ERR_IO || code == ERR_DENIED)) {
        sqlite3_finalize(db->rollback);
        db->rollback = NULL;
        sqlite3_close_v2(db->db);
        db->db = NULL;
        code = sqlite_open_flags(db, SQLITE_OPEN_READONLY, mode, e);
    }
    if (code)
        sql_close(&db->base);
    else
        *out = &db->base;
    return code;
}
