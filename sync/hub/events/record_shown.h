/* Inside the records: the times of an event as they are published. */
#ifndef SYNC_HUB_EVENTS_RECORD_SHOWN_H
#define SYNC_HUB_EVENTS_RECORD_SHOWN_H

#include "kiosk/base/date.h"
#include "sync/hub/events/record.h"

struct record_shown {
    char id[64], rid[32]; /* rid: its RECURRENCE-ID, "" for none */
    int64_t start, end;
    bool cancelled;
    int64_t terms;
};

/* The occurrences in the window, the earliest first, at most RECORD_OCCURRENCES. *list is the caller's. */
enum err record_shown_list(struct records *r, const char *id, struct record_shown **list, int *count,
                           struct error *e) MUST_CHECK;
/* A subEvent of the event d, in its zone. The caller's. */
struct json *record_shown_one(struct records *r, const struct record_shown *oc, const struct zone *z,
                              const struct json *d);

#endif
