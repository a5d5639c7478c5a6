/* Records from sources: put, withdrawn, published (PROTOCOL.md, 8). A record is known by its source, kind and the
 * source's own name for it; the same thing in the next import of the source is the same record.
 *
 * Events carry a stored VCALENDAR, the truth of their times; the table `occurrence` holds what it gives in the
 * published window (yesterday to 400 days ahead, in the hub's zone). Ids of occurrences outlive a move: an occurrence
 * whose start changes within its day keeps its id and gets higher `terms`; one that vanishes after people signed up is
 * cancelled, not forgotten. */
#ifndef SYNC_HUB_EVENTS_RECORD_H
#define SYNC_HUB_EVENTS_RECORD_H

#include <stdint.h>

#include "kiosk/base/error.h"
#include "kiosk/base/json.h"
#include "sync/hub/events/calendar.h"
#include "sync/hub/hub.h"

enum { RECORD_AHEAD_DAYS = 400, RECORD_OCCURRENCES = 1000 };

/* What the functions below work with; made by records_begin. */
struct records {
    struct hub *hub;
    struct calendar *calendar; /* never NULL */
    struct calendar *own;      /* the same when it was made here, else NULL */
    int64_t now, from, to;     /* Unix seconds; the published window */
    bool rehearsal;            /* nothing is written; calendars are asked, so that the next time they answer at once */
    char zone[64];             /* the hub's IANA name */
};

/* calendar: borrowed; NULL: one of its own. */
enum err records_begin(struct records *r, struct hub *h, struct calendar *calendar, struct error *e) MUST_CHECK;
void records_end(struct records *r); /* takes zeroed memory */

/* In a rehearsal, outside transactions: record_put only expands, record_source finds the source (0: it is new), records
 * are noted as seen and record_withdraw_rest does nothing. This ends it and forgets what was seen. */
enum err records_end_rehearsal(struct records *r, struct error *e) MUST_CHECK;

/* The source of this name, made when missing; `at` becomes now. kind: "ics", "csv". */
enum err record_source(struct records *r, const char *kind, const char *name, int64_t *id, struct error *e) MUST_CHECK;

enum record_change { RECORD_ADDED, RECORD_UPDATED, RECORD_UNCHANGED };

struct record_in {
    int64_t source;
    const char *source_name;
    const char *kind; /* as on the wire */
    const char *uid;
    struct json *d;  /* as on the wire, without subEvent and terms; borrowed, terms are put into it */
    const char *ics; /* of events, else NULL */
};

/* All inside the caller's transaction. record_put writes, expands and publishes one record and notes it as seen. An
 * event whose calendar cannot be expanded gives ERR_TIMEOUT or ERR_CORRUPT, and then nothing was written. */
enum err record_put(struct records *r, const struct record_in *in, enum record_change *change,
                    struct error *e) MUST_CHECK;
/* Notes a record as seen though its row could not be used, so that it stays as it was. */
enum err record_keep(struct records *r, const struct record_in *in, struct error *e) MUST_CHECK;
/* Withdraws what this source has of the kind and was not seen since records_begin. */
enum err record_withdraw_rest(struct records *r, int64_t source, const char *kind, int *withdrawn,
                              struct error *e) MUST_CHECK;

/* Id of a record: that of topics is their uid, others' follows from source, kind and uid. */
void record_id(const struct record_in *in, char out[64]);
/* Sends what the feed should now say of an event: after its occurrences, or what fills them, changed. */
enum err record_publish(struct records *r, const char *id, struct error *e) MUST_CHECK;

/* Expands and publishes all events for a new day, in transactions of its own, a part at a time. *changed (may be NULL):
 * items the feed gained. An event that cannot be expanded is logged and left as it is. */
enum err record_roll(struct hub *h, int64_t *changed, struct error *e) MUST_CHECK;

#endif
