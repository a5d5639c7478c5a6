/* Inside the store: what the files of the writing replica share. */
#ifndef KIOSK_STORE_REPLICA_WRITER_H
#define KIOSK_STORE_REPLICA_WRITER_H

#include "kiosk/base/sql.h"
#include "kiosk/store/replica_write.h"

struct replica_writer {
    struct sql *db;
    const struct zone *zone;
    struct replica_days_sum *days; /* gathered for the next commit */
    int64_t now; /* Unix seconds by the hub (meta checked_at), 0 unknown: what is over when an item is applied */
};

/* Where and under which number an item is written. */
struct replica_mark {
    const char *id;
    int64_t ord, seq;
};

/* One value of the table meta; "" when there is none. */
enum err replica_meta_get(struct replica_writer *w, const char *name, char *out, size_t size,
                          struct error *e) MUST_CHECK;
enum err replica_meta_set(struct replica_writer *w, const char *name, const char *value, struct error *e) MUST_CHECK;

#endif
