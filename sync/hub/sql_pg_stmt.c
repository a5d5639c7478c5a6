/* Statements of the PostgreSQL driver: prepared when they first run, because only then the types of their values are
 * known; results whole in memory. */
#include "sync/hub/sql_pg_own.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { PG_TEXT = 25, PG_INT8 = 20, PG_FLOAT8 = 701, PG_BYTEA = 17, PG_BOOL = 16 }; /* OIDs of types, fixed */

static struct pg *pg_of(struct sql *db) { return (struct pg *)db; }
static struct pg_stmt *pg_stmt_of(struct sql_stmt *st) { return (struct pg_stmt *)st; }

void pg_prepare(struct sql_stmt *st)
{
    struct pg_stmt *own = pg_stmt_of(st);
    struct buf text;
    buf_init(&text, 65536);
    sql_pg_statement(&text, st->text, &own->params);
    own->sql = buf_take(&text);
    buf_done(&text);
    st->ready = true;
}

void pg_reset(struct sql_stmt *st)
{
    struct pg_stmt *own = pg_stmt_of(st);
    PQclear(own->result);
    PQfreemem(own->blob);
    own->result = NULL;
    own->blob = NULL;
    own->row = -1;
}

void pg_clear(struct sql_stmt *st)
{
    struct pg_stmt *own = pg_stmt_of(st);
    for (int i = 0; i < own->params.count; i++) {
        free(own->values[i].bytes);
        own->values[i] = (struct pg_value){0};
    }
}

void pg_finalize(struct sql_stmt *st)
{
    pg_reset(st);
    pg_clear(st);
    free(pg_stmt_of(st)->sql);
}

int pg_parameter(struct sql_stmt *st, const char *name)
{
    const struct sql_pg_params *p = &pg_stmt_of(st)->params;
    for (int i = 0; i < p->count; i++)
        if (strcmp(p->names[i], name) == 0)
            return i + 1;
    return 0;
}

static bool pg_bind(struct sql_stmt *st, int i, Oid type, const void *bytes, size_t n)
{
    struct pg_value *v = &pg_stmt_of(st)->values[i - 1];
    free(v->bytes);
    *v = (struct pg_value){.type = type, .n = (int)n, .bytes = mem_new(n + 1, 1)};
    memcpy(v->bytes, bytes, n);
    return n < (1u << 30);
}

bool pg_bind_text(struct sql_stmt *st, int i, const char *value)
{
    if (value)
        return pg_bind(st, i, PG_TEXT, value, strlen(value));
    struct pg_value *v = &pg_stmt_of(st)->values[i - 1];
    free(v->bytes);
    *v = (struct pg_value){.type = PG_TEXT}; /* a NULL that knows its type */
    return true;
}

bool pg_bind_int(struct sql_stmt *st, int i, int64_t value)
{
    unsigned char bytes[8];
    for (int k = 0; k < 8; k++)
        bytes[k] = (unsigned char)((uint64_t)value >> (56 - 8 * k));
    return pg_bind(st, i, PG_INT8, bytes, sizeof bytes);
}

bool pg_bind_real(struct sql_stmt *st, int i, double value)
{
    char text[40];
    snprintf(text, sizeof text, "%.17g", value);
    return pg_bind(st, i, PG_FLOAT8, text, strlen(text));
}

bool pg_bind_blob(struct sql_stmt *st, int i, const void *bytes, size_t n)
{
    return pg_bind(st, i, PG_BYTEA, bytes, n);
}

/* Prepared on this connection, with these types? A value that is NULL fits any. */
static bool pg_is_prepared(const struct pg *db, const struct pg_stmt *st)
{
    if (st->connection != db->connection)
        return false;
    for (int i = 0; i < st->params.count; i++)
        if (st->values[i].type && st->values[i].type != st->types[i])
            return false;
    return true;
}

static enum err pg_prepare_now(struct pg *db, struct pg_stmt *st, struct error *e)
{
    if (pg_is_prepared(db, st))
        return ERR_NONE;
    for (int i = 0; i < st->params.count; i++)
        if (st->values[i].type || st->connection == 0)
            st->types[i] = st->values[i].type;
    snprintf(st->name, sizeof st->name, "s%u", ++db->next_name);
    PGresult *r = PQprepare(db->conn, st->name, st->sql, st->params.count, st->types);
    enum err code = pg_fail(db, r, st->sql, e);
    PQclear(r);
    if (!code)
        st->connection = db->connection;
    return code;
}

static enum err pg_execute(struct pg *db, struct pg_stmt *st, struct error *e)
{
    const char *values[SQL_PG_PARAMS];
    int lengths[SQL_PG_PARAMS], formats[SQL_PG_PARAMS];
    unsigned before = db->connection;
    enum err code = pg_ready(db, e);
    /* Who greeted the new connection may have used this very statement: its values are not the caller's any more. */
    if (!code && before != db->connection)
        code = error_set(e, ERR_NET, "%s: the connection was lost and is there again", db->base.name);
    if (!code)
        code = pg_prepare_now(db, st, e);
    if (code)
        return code;
    for (int i = 0; i < st->params.count; i++) {
        values[i] = st->values[i].bytes;
        lengths[i] = st->values[i].n;
        formats[i] = st->values[i].type == PG_INT8 || st->values[i].type == PG_BYTEA;
    }
    st->result = PQexecPrepared(db->conn, st->name, st->params.count, values, lengths, formats, 0);
    st->row = -1;
    code = pg_fail(db, st->result, st->sql, e);
    db->changes = code ? 0 : strtoll(PQcmdTuples(st->result), NULL, 10);
    return code;
}

enum err pg_step(struct sql_stmt *st, bool *row, struct error *e)
{
    struct pg_stmt *own = pg_stmt_of(st);
    enum err code = own->result ? ERR_NONE : pg_execute(pg_of(st->db), own, e);
    if (!code && own->row + 1 < PQntuples(own->result)) {
        own->row++;
        PQfreemem(own->blob);
        own->blob = NULL;
        *row = true;
        return ERR_NONE;
    }
    pg_reset(st);
    return code;
}

/* ---- values of a row */

bool pg_is_null(struct sql_stmt *st, int column)
{
    return PQgetisnull(pg_stmt_of(st)->result, pg_stmt_of(st)->row, column) != 0;
}

const char *pg_text(struct sql_stmt *st, int column)
{
    return pg_is_null(st, column) ? NULL : PQgetvalue(pg_stmt_of(st)->result, pg_stmt_of(st)->row, column);
}

int64_t pg_number(struct sql_stmt *st, int column)
{
    const char *s = pg_text(st, column);
    if (s && PQftype(pg_stmt_of(st)->result, column) == PG_BOOL)
        return s[0] == 't';
    return s ? strtoll(s, NULL, 10) : 0;
}

double pg_real(struct sql_stmt *st, int column)
{
    const char *s = pg_text(st, column);
    return s ? strtod(s, NULL) : 0;
}

const void *pg_blob(struct sql_stmt *st, int column, size_t *n)
{
    struct pg_stmt *own = pg_stmt_of(st);
    const char *s = pg_text(st, column);
    PQfreemem(own->blob);
    own->blob = s ? PQunescapeBytea((const unsigned char *)s, n) : NULL;
    if (!own->blob)
        *n = 0;
    return own->blob;
}
