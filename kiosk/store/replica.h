/* The replica as the screens see it: read only, never waits for a network, never dies. When the file is missing or
 * damaged every question has an empty answer and replica_state() says why; it is opened again by replica_refresh(). */
#ifndef KIOSK_STORE_REPLICA_H
#define KIOSK_STORE_REPLICA_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "kiosk/base/error.h"
#include "kiosk/store/content.h"

struct replica;
struct zone;

enum replica_state { REPLICA_READY, REPLICA_EMPTY, REPLICA_MISSING, REPLICA_DAMAGED };

/* path of replica.db. Never fails: see the state. */
struct replica *replica_open(const char *path);
void replica_close(struct replica *r);
enum replica_state replica_state(const struct replica *r);
/* True when another program changed or replaced the file since the last call: fetch again what is on the screen. */
bool replica_refresh(struct replica *r);
int64_t replica_checked_at(struct replica *r); /* Unix seconds when the hub was last heard of; 0 never */
/* Language of the rows and contents given from now on. */
void replica_set_lang(struct replica *r, const char *lang);

/* What a list shows. Zeroed members mean "any". */
struct event_filter {
    int64_t from, until; /* occurrences that end after from and start before until (Unix seconds, until 0: no end) */
    char topic[24];
    uint64_t marks;             /* all of these (marks.h) */
    char place[24];             /* row.id of replica_places() */
    char city[96];              /* addressLocality */
    char community[CONTENT_ID]; /* its organiser */
    char event[CONTENT_ID];     /* the times of one event; nothing but from, until and marks is looked at then */
    char text[96]; /* search words as typed (beginnings of words, all wanted); single letters do not filter yet */
};
/* Fills rows[0..max) with the occurrences in order of start, from the given offset on; returns how many.
 * offset < 2,000. A page is constant in cost for offset 0; with text at most the first 200 matching events that
 * begin after `from`, and 200 that recur or last since before it, are considered; the latter are looked for among
 * the last 1,000 matching events that began before `from`. */
int replica_events(struct replica *r, const struct event_filter *f, int offset, struct row *rows, int max);
/* How many there are, counted up to limit. */
int replica_count_events(struct replica *r, const struct event_filter *f, int limit);
/* Both in one walk, for what is asked with each letter: w->offset and w->max as in replica_events, *count up to w->limit. */
struct replica_window {
    int offset, max, limit;
};
int replica_events_counted(struct replica *r, const struct event_filter *f, const struct replica_window *w,
                           struct row *rows, int *count);

/* How much takes place on each of `days` days from `first` (days since 1970 in the centre's zone) on: count[i], each at most
 * DAY_COUNT_MAX; what lasts several days counts on each of them. f->from is the start of the first day, f->until of the one
 * after the last. False: there was so much that the later days were not counted to their end (more than REPLICA_DAYS_WALK
 * times were looked at; never when there is no other filter than a topic). */
enum { REPLICA_DAYS_MAX = 64, DAY_COUNT_MAX = 9999, REPLICA_DAYS_WALK = 200000 };
bool replica_day_counts(struct replica *r, const struct event_filter *f, int32_t first, int days, int *count);
/* Where events take place, by name: row.id is what event_filter.place wants, row.place the town, row.start the number of events. A
 * place that has a record has its name in the reader's language. */
int replica_places(struct replica *r, int offset, struct row *rows, int max);
bool replica_place(struct replica *r, const char *place, struct row *row); /* the one with this row.id */

struct record_filter {
    char kind[12]; /* required: "community", "article", ... */
    char topic[24], city[96], owner[CONTENT_ID];
    uint64_t marks; /* all of these (marks.h) */
    char since[11]; /* "2026-12-31": of calls those whose last day is not before it, or that have none; "" all */
    char text[96];
};
/* By name; calls by the day that ends them. */
int replica_records(struct replica *r, const struct record_filter *f, int offset, struct row *rows, int max);
int replica_count_records(struct replica *r, const struct record_filter *f, int limit);
/* The same records, but of each only what tells whether it may suit: for looking through many. */
struct candidate {
    int64_t ord; /* for replica_row() */
    char id[CONTENT_ID];
    uint64_t marks;
    char city[96];
};
int replica_candidates(struct replica *r, const struct record_filter *f, struct candidate *out, int max);
bool replica_row(struct replica *r, int64_t ord, struct row *out); /* false: it is not there any more */
/* Topics by position; cities that have records of `kind`, by name. row.start holds the number of those records, counted
 * up to 1,000. A city's row.place is the text to filter by (record_filter.city), its id is "" when it has no record of
 * its own. */
int replica_topics(struct replica *r, const char *kind, struct row *rows, int max);
int replica_cities(struct replica *r, const char *kind, struct row *rows, int max);
/* A topic's name in the reader's language; its id when it has none. out is returned. */
const char *replica_topic_name(struct replica *r, const char *topic, char *out, size_t size);

/* ERR_NOT_FOUND when the hub took it back. *out is the caller's: content_done. */
enum err replica_get(struct replica *r, const char *id, struct content *out, struct error *e) MUST_CHECK;
/* The occurrence and its event in one: row gets the times and marks, out the event. */
enum err replica_get_occurrence(struct replica *r, const char *occurrence, struct row *row, struct content *out,
                                struct error *e) MUST_CHECK;

#endif
