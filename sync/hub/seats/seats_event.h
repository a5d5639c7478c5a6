/* What the seats need to know of an occurrence, and its rows. */
#ifndef SYNC_HUB_SEATS_SEATS_EVENT_H
#define SYNC_HUB_SEATS_SEATS_EVENT_H

#include <stdbool.h>
#include <stdint.h>

#include "kiosk/base/sql.h"

struct seats_event {
    bool known, cancelled;
    char id[37];
    int64_t capacity; /* -1: no limit; SEATS_MAX at most */
    int64_t terms, start_at, seated;
};

/* Reads it and holds its row until the end of the transaction: its seats and its queue are the caller's alone. */
enum err seats_event_get(struct sql *db, const char *ev, struct seats_event *out, struct error *e) MUST_CHECK;
/* Holds it only; nothing to do with a database of one writer. Several are held in the order of their ids. */
enum err seats_event_hold(struct sql *db, const char *ev, struct error *e) MUST_CHECK;
/* Makes its seat rows as many as its capacity: new ones are free (quarantined after a restore); only free ones are
 * taken away, the highest numbers first, so there are more rows than capacity while more are sold or held. */
enum err seats_event_fit(struct sql *db, const struct seats_event *ev, struct error *e) MUST_CHECK;

#endif
