/* Inside the store: what the files of the reading replica share. */
#ifndef KIOSK_STORE_REPLICA_PRIVATE_H
#define KIOSK_STORE_REPLICA_PRIVATE_H

#include <sys/types.h>

#include "kiosk/base/json.h"
#include "kiosk/base/sql.h"
#include "kiosk/store/replica.h"
#include "kiosk/store/replica_query.h"

#include "kiosk/store/replica_ord.h"
#include "kiosk/store/replica_search.h"

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

/* Fills the times and marks of row from the columns OCCURRENCE of replica_query.c. */
void replica_row_times(struct row *row, struct sql_stmt *st);

/* Values for the parameters of replica_queries[]. Texts are never NULL. */
struct replica_values {
    const char *id, *kind, *topic, *city, *owner, *query, *since;
    int64_t first, middle, last, from, until, start, limit, place, town, resource_first, resource_last;
    uint64_t marks;
    unsigned cells;
};
struct sql_stmt *replica_ask(struct replica *r, enum replica_question q, const struct replica_values *v);

/* What an event_filter asks for; query is filled, *by_text says whether there are words to search for. */
struct replica_values replica_event_values(const struct event_filter *f, char query[REPLICA_SEARCH_QUERY], bool *by_text);

#endif
