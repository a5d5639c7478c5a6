/* The rows of `occurrence` of one event brought in line with its calendar. Part of the record module. */
#ifndef SYNC_HUB_EVENTS_RECORD_TIMES_H
#define SYNC_HUB_EVENTS_RECORD_TIMES_H

#include <stdbool.h>
#include <stdint.h>

#include "sync/hub/events/calendar.h"
#include "sync/hub/events/record.h"

struct record_times {
    const char *id;     /* of the record */
    const char *tz;     /* of the event, IANA */
    int64_t capacity;   /* -1: no limit */
    bool place_changed; /* every occurrence to come gets higher terms */
    int64_t terms;      /* in: the highest so far, 0 none; out: the highest now, at least 1 */
};

/* times NULL: the event was withdrawn; all that is to come vanishes. Inside the caller's transaction. */
enum err record_times_apply(struct records *r, struct record_times *t, const struct calendar_times *times,
                            struct error *e) MUST_CHECK;

#endif
