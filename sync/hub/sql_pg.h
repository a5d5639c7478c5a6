/* PostgreSQL (15 or newer) behind the door of databases (kiosk/base/sql.h), for the hub. sql_pg.c is the only user of
 * libpq.
 *
 * Texts are written for both databases. What differs is translated here and nowhere else:
 * - ":name" becomes $n;
 * - what stands in a comment that begins with "pg ", as in "SELECT .. FROM kiosk WHERE .. {*pg FOR UPDATE *}" (with
 *   slashes in place of the braces), is for PostgreSQL alone;
 * - in schemas INTEGER is BIGINT, INTEGER PRIMARY KEY numbers itself, BLOB is BYTEA, WITHOUT ROWID goes away.
 * Values are bound with the type they are bound by: text, bigint, double precision, bytea.
 *
 * Transactions are READ COMMITTED; every one that writes holds an advisory lock shared, sql_begin_alone holds it alone.
 * Codes beside those of sql.h: ERR_BUSY also for a deadlock or 5 s of waiting for a lock (take the transaction back and
 * do it again), ERR_NET when the server is gone: what was in a transaction is lost, and when it was the commit, nobody
 * knows; the next transaction or statement connects again. */
#ifndef SYNC_HUB_SQL_PG_H
#define SYNC_HUB_SQL_PG_H

#include "kiosk/base/sql.h"

/* Called on each new connection before anything else is done on it; may use db. Its error is that of whoever wanted
 * the connection. */
struct sql_pg_greeter {
    enum err (*greet)(struct sql *db, void *arg, struct error *e); /* NULL: nobody */
    void *arg;
};

bool sql_pg_is_url(const char *name); /* "postgres://.." or "postgresql://.." */
/* url: a connection URI of libpq (PostgreSQL 15 documentation, 34.1.1.2); several hosts with
 * target_session_attrs=read-write follow a fail-over. Messages name host and database, never a password. */
enum err sql_pg_open(struct sql **out, const char *url, const struct sql_pg_greeter *g, struct error *e) MUST_CHECK;
void sql_pg_set_greeter(struct sql *db, const struct sql_pg_greeter *g);

#endif
