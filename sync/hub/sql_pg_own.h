/* The PostgreSQL driver's inside, shared by its two files. */
#ifndef SYNC_HUB_SQL_PG_OWN_H
#define SYNC_HUB_SQL_PG_OWN_H

#include <libpq-fe.h>

#include "kiosk/base/sql_driver.h"
#include "sync/hub/sql_pg.h"
#include "sync/hub/sql_pg_text.h"

struct pg {
    struct sql base;
    PGconn *conn;
    unsigned connection; /* counts connections: statements prepared on an older one are not there any more */
    unsigned next_name;
    bool in_transaction;    /* as the caller sees it: also when the connection was lost in it */
    bool greeted, greeting; /* this connection; being so now */
    int64_t changes;
    int64_t not_before_ms; /* a server that is away is asked for no oftener than once a second */
    struct sql_pg_greeter greeter;
};

struct pg_value {
    Oid type; /* 0: NULL */
    char *bytes;
    int n;
};

struct pg_stmt {
    struct sql_stmt base;
    char *sql;
    struct sql_pg_params params;
    struct pg_value values[SQL_PG_PARAMS];
    Oid types[SQL_PG_PARAMS]; /* it was prepared with these */
    char name[16];
    unsigned connection; /* it was prepared on; 0: not yet */
    PGresult *result;    /* NULL: at its start */
    int row;
    unsigned char *blob; /* decoded, of this row */
};

/* ERR_NONE for the results of success. Wrong SQL is a bug: dies. */
enum err pg_fail(struct pg *db, const PGresult *r, const char *text, struct error *e) MUST_CHECK;
/* Connects again when the server went away, but never inside a transaction: what it did is lost, and so must all of it
 * be. */
enum err pg_ready(struct pg *db, struct error *e) MUST_CHECK;

/* The driver's functions for statements (sql_driver.h). */
void pg_prepare(struct sql_stmt *st);
void pg_finalize(struct sql_stmt *st);
void pg_reset(struct sql_stmt *st);
void pg_clear(struct sql_stmt *st);
int pg_parameter(struct sql_stmt *st, const char *name);
bool pg_bind_text(struct sql_stmt *st, int i, const char *value);
bool pg_bind_int(struct sql_stmt *st, int i, int64_t value);
bool pg_bind_real(struct sql_stmt *st, int i, double value);
bool pg_bind_blob(struct sql_stmt *st, int i, const void *bytes, size_t n);
enum err pg_step(struct sql_stmt *st, bool *row, struct error *e);
const char *pg_text(struct sql_stmt *st, int column);
int64_t pg_number(struct sql_stmt *st, int column);
double pg_real(struct sql_stmt *st, int column);
bool pg_is_null(struct sql_stmt *st, int column);
const void *pg_blob(struct sql_stmt *st, int column, size_t *n);

#endif
