/* The driver: one connection by libpq, results whole in memory, values in PostgreSQL's binary or text form. */
#include "sync/hub/sql_pg_own.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "kiosk/base/clock.h"
#include "kiosk/base/log.h"
#include "sync/hub/sql_pg_text.h"

/* The advisory lock of all writers: two numbers, ours and which. */
#define PG_LOCK "1399811945, 1"

enum { PG_AGAIN_MS = 1000 };

static struct pg *pg_of(struct sql *db) { return (struct pg *)db; }

/* ---- errors */

static const struct {
    const char *state; /* the beginning of a SQLSTATE; the first that fits counts */
    enum err code;
} pg_codes[] = {
    {"23505", ERR_EXISTS},  {"23", ERR_INVALID},    {"40", ERR_BUSY},       {"55P03", ERR_BUSY},
    {"53100", ERR_FULL},    {"53200", ERR_MEMORY},  {"53300", ERR_BUSY},    {"25006", ERR_DENIED},
    {"42501", ERR_DENIED},  {"28", ERR_DENIED},     {"57014", ERR_TIMEOUT}, {"57P", ERR_NET},
    {"08", ERR_NET},        {"42P01", ERR_CORRUPT}, {"42703", ERR_CORRUPT}, {"XX001", ERR_CORRUPT},
    {"XX002", ERR_CORRUPT}, {"54", ERR_TOO_BIG},    {"25", ERR_STATE},      {"3D000", ERR_NOT_FOUND},
};

static enum err pg_code(const char *state)
{
    for (size_t i = 0; i < sizeof pg_codes / sizeof pg_codes[0]; i++)
        if (strncmp(state, pg_codes[i].state, strlen(pg_codes[i].state)) == 0)
            return pg_codes[i].code;
    return ERR_IO;
}

/* The first line of what libpq says, which has no values in it. */
static enum err pg_fail_connection(struct pg *db, struct error *e)
{
    const char *why = PQerrorMessage(db->conn);
    return error_set(e, ERR_NET, "%s: %.*s", db->base.name, (int)strcspn(why, "\n"), why);
}

enum err pg_fail(struct pg *db, const PGresult *r, const char *text, struct error *e)
{
    ExecStatusType status = PQresultStatus(r);
    if (status == PGRES_COMMAND_OK || status == PGRES_TUPLES_OK || status == PGRES_EMPTY_QUERY)
        return ERR_NONE;
    const char *state = r ? PQresultErrorField(r, PG_DIAG_SQLSTATE) : NULL;
    if (!state || PQstatus(db->conn) != CONNECTION_OK)
        return pg_fail_connection(db, e);
    const char *why = PQresultErrorField(r, PG_DIAG_MESSAGE_PRIMARY);
    enum err code = pg_code(state);
    if (code == ERR_IO && strncmp(state, "42", 2) == 0)
        die("SQL: %s (%s) in: %s", why, state, text);
    return error_set(e, code, "%s: %s (%s)", db->base.name, why ? why : "no reason given", state);
}

/* ---- the connection */

static enum err pg_simple(struct pg *db, const char *script, struct error *e)
{
    PGresult *r = PQexec(db->conn, script);
    enum err code = pg_fail(db, r, script, e);
    PQclear(r);
    return code;
}

static void pg_notice(void *arg, const char *text)
{
    char quoted[300];
    (void)arg;
    log_line(LOG_DEBUG, "postgres", "says=%s", log_quote(quoted, sizeof quoted, text));
}

static enum err pg_greet(struct pg *db, struct error *e)
{
    db->greeted = false;
    db->connection++;
    enum err code = pg_simple(db,
                              "SET client_encoding = 'UTF8'; SET default_transaction_isolation = 'read committed'; "
                              "SET lock_timeout = '5s'; SET idle_in_transaction_session_timeout = '60s'; "
                              "SET bytea_output = 'hex'",
                              e);
    if (!code && db->greeter.greet) {
        db->greeting = true;
        code = db->greeter.greet(&db->base, db->greeter.arg, e);
        db->greeting = false;
    }
    db->greeted = !code;
    return code;
}

enum err pg_ready(struct pg *db, struct error *e)
{
    bool there = PQstatus(db->conn) == CONNECTION_OK;
    if (there && (db->greeted || db->greeting))
        return ERR_NONE;
    if (db->in_transaction || db->greeting)
        return error_set(e, ERR_NET, "%s: the connection was lost in the middle", db->base.name);
    struct clock clock = clock_system();
    if (!there && clock_mono_ms(&clock) < db->not_before_ms)
        return error_set(e, ERR_NET, "%s: the server is away", db->base.name);
    if (!there)
        PQreset(db->conn);
    db->not_before_ms = clock_mono_ms(&clock) + PG_AGAIN_MS;
    if (PQstatus(db->conn) != CONNECTION_OK)
        return pg_fail_connection(db, e);
    log_line(LOG_INFO, "database_connected", "again=%u", db->connection);
    return pg_greet(db, e);
}

/* ---- scripts and transactions */

static enum err pg_script(struct sql *base, const char *script, bool types, struct error *e)
{
    struct buf text;
    struct sql_pg_params none;
    buf_init(&text, 1 << 20);
    if (types)
        sql_pg_schema(&text, script);
    else
        sql_pg_statement(&text, script, &none);
    enum err code = pg_ready(pg_of(base), e);
    if (!code)
        code = pg_simple(pg_of(base), text.data, e);
    buf_done(&text);
    return code;
}

static enum err pg_exec(struct sql *base, const char *script, struct error *e)
{
    return pg_script(base, script, false, e);
}

static enum err pg_piece(struct sql *base, const char *text, struct error *e) { return pg_script(base, text, true, e); }

static enum err pg_begin(struct sql *base, enum sql_begin_as as, struct error *e)
{
    static const char *const texts[] = {
        [SQL_BEGIN_WRITE] = "BEGIN; SELECT pg_advisory_xact_lock_shared(" PG_LOCK ")",
        [SQL_BEGIN_ALONE] = "BEGIN; SELECT pg_advisory_xact_lock(" PG_LOCK ")",
        [SQL_BEGIN_VIEW] = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY",
    };
    struct pg *db = pg_of(base);
    if (db->in_transaction)
        return error_set(e, ERR_STATE, "%s: a transaction inside a transaction", base->name);
    enum err code = ERR_NET;
    /* That the server went away is noticed by the first word said to it. */
    for (int i = 0; i < 2 && code == ERR_NET; i++) {
        code = pg_ready(db, e);
        if (!code)
            code = pg_simple(db, texts[as], e);
    }
    db->in_transaction = !code;
    if (code && PQstatus(db->conn) == CONNECTION_OK)
        PQclear(PQexec(db->conn, "ROLLBACK"));
    return code;
}

static enum err pg_commit(struct sql *base, struct error *e)
{
    struct pg *db = pg_of(base);
    enum err code = pg_ready(db, e);
    if (code)
        return code;
    PGresult *r = PQexec(db->conn, "COMMIT");
    code = pg_fail(db, r, "COMMIT", e);
    if (!code) {
        db->in_transaction = false;
        /* After an error inside, which somebody may have passed over, the server takes all back. */
        if (strcmp(PQcmdStatus(r), "COMMIT") != 0)
            code = error_set(e, ERR_BUSY, "%s: the transaction had failed", base->name);
    }
    PQclear(r);
    return code;
}

static bool pg_in_transaction(struct sql *base) { return pg_of(base)->in_transaction; }

static void pg_rollback(struct sql *base)
{
    struct pg *db = pg_of(base);
    db->in_transaction = false;
    if (PQstatus(db->conn) == CONNECTION_OK)
        PQclear(PQexec(db->conn, "ROLLBACK"));
}

static int64_t pg_changes(struct sql *base) { return pg_of(base)->changes; }

/* ---- facts */

/* The first value of the first row of a query, 0 when there is none or it fails. */
static int64_t pg_ask(struct sql *base, const char *text, enum err *code, struct error *e)
{
    bool row = false;
    struct sql_stmt *st = sql_get(base, text);
    *code = sql_step(st, &row, e);
    int64_t n = !*code && row ? sql_int(st, 0) : 0;
    sql_reset(st);
    return n;
}

static enum err pg_version(struct sql *base, int *version, struct error *e)
{
    enum err code;
    *version = 0;
    int64_t there = pg_ask(base, "SELECT to_regclass('schema_version') IS NOT NULL", &code, e);
    if (!code && there)
        *version = (int)pg_ask(base, "SELECT version FROM schema_version", &code, e);
    return code;
}

static enum err pg_set_version(struct sql *base, int version, struct error *e)
{
    enum err code = pg_exec(
        base, "CREATE TABLE IF NOT EXISTS schema_version (version BIGINT NOT NULL); DELETE FROM schema_version", e);
    if (code)
        return code;
    struct sql_stmt *st = sql_get(base, "INSERT INTO schema_version (version) VALUES (:version)");
    sql_bind_int(st, ":version", version);
    return sql_run(st, e);
}

static enum err pg_quick_check(struct sql *base, struct error *e)
{
    enum err code;
    pg_ask(base, "SELECT 1", &code, e);
    return code;
}

/* Every commit leaves the set of transactions that are under way, or moves its ends: a cheap thing to compare. */
static int64_t pg_data_version(struct sql *base)
{
    enum err code;
    return pg_ask(base, "SELECT hashtextextended(CAST(pg_current_snapshot() AS TEXT), 0)", &code, NULL);
}

/* ---- the driver */

static void pg_close(struct sql *base)
{
    PQfinish(pg_of(base)->conn);
    free(base);
}

static const struct sql_driver pg_driver = {
    .shared = true,
    .stmt_size = sizeof(struct pg_stmt),
    .close = pg_close,
    .exec = pg_exec,
    .begin = pg_begin,
    .commit = pg_commit,
    .rollback = pg_rollback,
    .in_transaction = pg_in_transaction,
    .quick_check = pg_quick_check,
    .data_version = pg_data_version,
    .changes = pg_changes,
    .version = pg_version,
    .set_version = pg_set_version,
    .piece = pg_piece,
    .prepare = pg_prepare,
    .finalize = pg_finalize,
    .reset = pg_reset,
    .clear = pg_clear,
    .parameter = pg_parameter,
    .bind_text = pg_bind_text,
    .bind_int = pg_bind_int,
    .bind_real = pg_bind_real,
    .bind_blob = pg_bind_blob,
    .step = pg_step,
    .text = pg_text,
    .number = pg_number,
    .real = pg_real,
    .is_null = pg_is_null,
    .blob = pg_blob,
};

bool sql_pg_is_url(const char *name)
{
    return strncmp(name, "postgres://", 11) == 0 || strncmp(name, "postgresql://", 13) == 0;
}

void sql_pg_set_greeter(struct sql *db, const struct sql_pg_greeter *g) { pg_of(db)->greeter = *g; }

/* What messages call it: no user, no password. */
static char *pg_name(PGconn *conn)
{
    char name[256];
    const char *database = PQdb(conn), *host = PQhost(conn);
    snprintf(name, sizeof name, "database %s at %s", database ? database : "?", host && *host ? host : "?");
    return mem_dup_str(name);
}

enum err sql_pg_open(struct sql **out, const char *url, const struct sql_pg_greeter *g, struct error *e)
{
    /* What the URL says comes last and wins. */
    static const char *const keys[] = {
        "connect_timeout", "fallback_application_name", "keepalives_idle", "tcp_user_timeout", "dbname", NULL};
    char program[40]; /* who asks the server who is connected wants to know which of the hubs it is */
    snprintf(program, sizeof program, "kiosk-hub %d", (int)getpid());
    const char *const values[] = {"5", program, "10", "15000", url, NULL};
    struct pg *db = mem_new(1, sizeof *db);
    *out = NULL;
    db->conn = PQconnectdbParams(keys, values, 1);
    db->base = (struct sql){.driver = &pg_driver, .name = pg_name(db->conn)};
    if (g)
        db->greeter = *g;
    enum err code = ERR_NONE;
    if (PQstatus(db->conn) != CONNECTION_OK)
        code = pg_fail_connection(db, e);
    PQsetNoticeProcessor(db->conn, pg_notice, NULL);
    if (!code)
        code = pg_greet(db, e);
    if (code)
        sql_close(&db->base);
    else
        *out = &db->base;
    return code;
}
