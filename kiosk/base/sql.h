/* The door to databases: SQLite (sql_sqlite.c, its only user), and others by drivers (sql_driver.h). One connection,
 * statements prepared once and bound by name, nothing formatted into SQL. Codes: ERR_BUSY (locked for 5 s), ERR_FULL,
 * ERR_CORRUPT (damaged, or it cannot be read from the disk), ERR_EXISTS (unique or primary key), ERR_INVALID (other
 * constraints), ERR_DENIED (read only), ERR_TOO_BIG, ERR_MEMORY, ERR_IO. Messages name the file, no bound value. */
#ifndef KIOSK_BASE_SQL_H
#define KIOSK_BASE_SQL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "kiosk/base/error.h"

struct sql;
struct sql_stmt; /* owned by its connection */

enum sql_mode {
    SQL_READ,    /* no writes; the file must exist */
    SQL_NORMAL,  /* WAL, synchronous NORMAL: can be fetched again */
    SQL_DURABLE, /* WAL, synchronous FULL: what people did */
};

/* Opens (creates unless SQL_READ, then ERR_NOT_FOUND) with foreign keys on, 5 s busy time-out, trusted_schema off and
 * text in double quotes refused. ERR_CORRUPT: not a database or damaged. ":memory:" is a private one. */
enum err sql_open(struct sql **out, const char *path, enum sql_mode mode, struct error *e) MUST_CHECK;
void sql_close(struct sql *db); /* takes NULL */
/* Brings the schema's version (SQLite: user_version) to the newest: `schema` is cut at lines "-- migration N" (N from
 * 1, rising); each piece above the present version runs in one transaction of its own, together with the rise of the
 * version. Two programs may do it at once. ERR_STATE when the file is newer than the program. */
enum err sql_migrate(struct sql *db, const char *schema, struct error *e) MUST_CHECK;
int sql_newest(const char *schema); /* the number of its last migration */
enum err sql_exec(struct sql *db, const char *script, struct error *e) MUST_CHECK;
/* After a statement has failed in a transaction (of the disk, of memory, of a lock; a constraint is no failure of this
 * kind) all others in it fail, and so does the commit, until it is rolled back: SQLite may have rolled it back by
 * itself, and what follows would be committed piece by piece.
 *
 * A transaction that writes. SQLite has one writer at a time (BEGIN IMMEDIATE); where several write at once
 * (sql_is_shared), each statement sees what was committed before it, and rows are locked by who changes them. */
enum err sql_begin(struct sql *db, struct error *e) MUST_CHECK;
enum err sql_begin_alone(struct sql *db, struct error *e) MUST_CHECK; /* and nobody else writes meanwhile */
enum err sql_begin_view(struct sql *db, struct error *e) MUST_CHECK;  /* no writes; all statements see one moment */
bool sql_is_shared(const struct sql *db); /* several programs may be writing at the same time */
/* When rows were changed the file's time is set anew afterwards: inotify's IN_ATTRIB is the moment at which others can
 * read it. */
enum err sql_commit(struct sql *db, struct error *e) MUST_CHECK; /* after an error the caller rolls back */
void sql_rollback(struct sql *db); /* resets all statements; harmless outside a transaction */
/* Takes what was overwritten or deleted out of the database's files too, where the database keeps old copies (SQLite:
 * its write-ahead log is emptied). SQL_DURABLE databases zero what is deleted. ERR_BUSY: a reader needs the old copies
 * still; try again. Outside transactions. */
enum err sql_scrub(struct sql *db, struct error *e) MUST_CHECK;
/* ERR_CORRUPT: damaged, or the medium does not give it back. Other codes (no memory, a lock) say nothing of the file.
 */
enum err sql_quick_check(struct sql *db, struct error *e) MUST_CHECK;
int64_t sql_data_version(struct sql *db); /* changes when another connection committed; 0 when it cannot be read */
int64_t sql_changes(struct sql *db);      /* rows of the last statement */
int64_t sql_last_id(struct sql *db);

/* The statement for this text: prepared once per connection and kept (keyed by the text), reset and unbound when given
 * again. A text that does not compile is a bug: dies. A damaged database, or one that lacks the table or column that
 * the text names, gives ERR_CORRUPT at sql_step, a lock ERR_BUSY; binding is then without effect. Never NULL. */
struct sql_stmt *sql_get(struct sql *db, const char *text);
/* Binding by name, ":id"; an unknown name is a bug: dies. Texts and blobs are copied. NULL text binds NULL, 0 bytes an
 * empty blob. What is not bound is NULL. */
void sql_bind_text(struct sql_stmt *st, const char *name, const char *value);
void sql_bind_int(struct sql_stmt *st, const char *name, int64_t value);
void sql_bind_real(struct sql_stmt *st, const char *name, double value);
void sql_bind_blob(struct sql_stmt *st, const char *name, const void *bytes, size_t n);
/* Next row: *row false at the end or after an error, and then the statement is reset. The readers below want a row. */
enum err sql_step(struct sql_stmt *st, bool *row, struct error *e) MUST_CHECK;
enum err sql_run(struct sql_stmt *st, struct error *e) MUST_CHECK; /* steps to the end */
void sql_reset(struct sql_stmt *st);                               /* when leaving before the end */
const char *sql_text(struct sql_stmt *st, int column);             /* borrowed until the next step; "" for NULL */
int64_t sql_int(struct sql_stmt *st, int column);
double sql_real(struct sql_stmt *st, int column);
bool sql_is_null(struct sql_stmt *st, int column);
const void *sql_blob(struct sql_stmt *st, int column, size_t *n); /* borrowed */

#endif
