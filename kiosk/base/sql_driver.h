/* What a database driver fills in, and what sql.c does for all of them: keeping statements by their text, cutting
 * schemas into migrations. For drivers only; everybody else includes sql.h. A driver puts struct sql and struct
 * sql_stmt first in structs of its own. All functions behave as those of the same name in sql.h. */
#ifndef KIOSK_BASE_SQL_DRIVER_H
#define KIOSK_BASE_SQL_DRIVER_H

#include "kiosk/base/sql.h"

enum { SQL_BUCKETS = 64, SQL_RECENT = 128 };

enum sql_begin_as { SQL_BEGIN_WRITE, SQL_BEGIN_ALONE, SQL_BEGIN_VIEW };

struct sql_driver {
    bool shared;                   /* several programs write at the same time */
    size_t stmt_size;              /* of the driver's statement */
    void (*close)(struct sql *db); /* all statements are gone by then; frees db */
    enum err (*exec)(struct sql *db, const char *script, struct error *e);
    enum err (*begin)(struct sql *db, enum sql_begin_as as, struct error *e);
    enum err (*commit)(struct sql *db, struct error *e);
    void (*rollback)(struct sql *db); /* statements need not be reset: sql.c did */
    bool (*in_transaction)(struct sql *db);
    enum err (*scrub)(struct sql *db, struct error *e); /* NULL: no old copies that are this program's business */
    enum err (*quick_check)(struct sql *db, struct error *e);
    int64_t (*data_version)(struct sql *db);
    int64_t (*changes)(struct sql *db);
    int64_t (*last_id)(struct sql *db); /* NULL: this kind of database has none */
    /* The schema's version, 0 for a new database; set_version and piece run inside a transaction, piece with one
     * migration's text. */
    enum err (*version)(struct sql *db, int *version, struct error *e);
    enum err (*set_version)(struct sql *db, int version, struct error *e);
    enum err (*piece)(struct sql *db, const char *text, struct error *e);

    /* prepare sets st->ready, or st->fault and st->why. The others are called for ready statements only. */
    void (*prepare)(struct sql_stmt *st);
    void (*finalize)(struct sql_stmt *st);
    void (*reset)(struct sql_stmt *st);
    void (*clear)(struct sql_stmt *st);                      /* all parameters NULL again */
    int (*parameter)(struct sql_stmt *st, const char *name); /* from 1; 0: no such name */
    /* false: no memory */
    bool (*bind_text)(struct sql_stmt *st, int i, const char *value);
    bool (*bind_int)(struct sql_stmt *st, int i, int64_t value);
    bool (*bind_real)(struct sql_stmt *st, int i, double value);
    bool (*bind_blob)(struct sql_stmt *st, int i, const void *bytes, size_t n);
    /* A row's texts and blobs can be read without a fault: what needs memory for that takes it here. */
    enum err (*step)(struct sql_stmt *st, bool *row, struct error *e);
    const char *(*text)(struct sql_stmt *st, int column); /* NULL for NULL */
    int64_t (*number)(struct sql_stmt *st, int column);
    double (*real)(struct sql_stmt *st, int column);
    bool (*is_null)(struct sql_stmt *st, int column);
    const void *(*blob)(struct sql_stmt *st, int column, size_t *n); /* NULL for NULL and for 0 bytes */
};

struct sql_stmt {
    struct sql *db;
    char *text;
    uint32_t hash;
    bool ready;
    enum err fault; /* why it is not ready; reported by sql_step */
    bool unbound;   /* a value could not be bound: no memory; the same */
    char why[160];
    struct sql_stmt *next; /* in its bucket */
};

struct sql {
    const struct sql_driver *driver;
    char *name; /* for messages: the file, or the server's database without its password; owned */
    struct sql_stmt *buckets[SQL_BUCKETS];
    struct sql_stmt *recent[SQL_RECENT]; /* by where the text stands: a literal is found without reading it twice */
    bool inside;    /* a transaction was begun and neither committed nor rolled back by the program */
    enum err fault; /* what it failed of: no memory, the disk.. */
};

#endif
