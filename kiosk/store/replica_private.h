/* Inside the store: what the files of the reading replica share. */
#ifndef KIOSK_STORE_REPLICA_PRIVATE_H
#define KIOSK_STORE_REPLICA_PRIVATE_H

#include <sys/types.h>

#include "kiosk/base/json.h"
#include "kiosk/base/sql.h"
#include "kiosk/store/replica.h"
#include "kiosk/store/replica_query.h"

#include "kiosk/store/replica_ord.h"

struct replica {
    char *path, lang[8];
    struct sql *db; /* NULL while missing */
    enum replica_state state;
    int64_t version; /* data_version last seen */
    dev_t dev;       /* the open (or damaged) file */
    ino_t ino;
};

/* True when questions can be asked: a database is open and has not shown damage. */
bool replica_is_open(const struct replica *r);
/* The next row of st. False at the end and for every fault; damage is remembered. */
bool replica_step(struct replica *r, struct sql_stmt *st);
/* A record's JSON by ord: *kind and *id (words) are filled. NULL when it is not there; the caller frees. */
struct json *replica_record(struct replica *r, int64_t ord, char kind[12], char id[CONTENT_ID]);

/* Fills the times and marks of row from columns id, ord, start_at, end_at, day, last_day, free, cancelled, full. */
void replica_row_times(struct row *row, struct sql_stmt *st);

/* Values for the parameters of replica_queries[]. Texts are never NULL. */
struct replica_values {
    const char *id, *kind, *topic, *city, *owner, *query;
    int64_t first, middle, last, from, until, start, limit;
    bool free;
};
struct sql_stmt *replica_ask(struct replica *r, enum replica_question q, const struct replica_values *v);

#endif
