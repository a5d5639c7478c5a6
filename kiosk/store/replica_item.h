/* Inside the store: one item of the feed as the rows it becomes. */
#ifndef KIOSK_STORE_REPLICA_ITEM_H
#define KIOSK_STORE_REPLICA_ITEM_H

#include <stdbool.h>
#include <stdint.h>

#include "kiosk/base/buf.h"
#include "kiosk/base/error.h"
#include "kiosk/base/json.h"
#include "kiosk/store/content.h"

struct zone;

struct replica_time {
    char id[CONTENT_ID];
    int64_t start, end;
    int64_t moved_at; /* when it would have begun, 0: it was not moved */
    int32_t day, last_day;
    int shift, waiting; /* minutes, people: replica.sql */
    bool cancelled, full;
    int terms;
};

/* Where an event takes place; place 0: nobody said. Texts are borrowed from d. */
struct replica_venue {
    int64_t place, city;
    const char *id, *name, *town;
};

struct replica_item {
    int kind;       /* replica_kind() */
    struct json *d; /* sanitised, without subEvent */
    uint32_t key;   /* of replica_ord() */
    char sort_key[640];
    const char *name, *city, *owner; /* borrowed from d, or owner_name; "" for none */
    char owner_name[CONTENT_ID];     /* of a resource that names its owner without an id */
    uint64_t marks;
    struct replica_venue venue;
    char topic[CONTENT_TOPICS][24];
    int topic_count;
    struct replica_time *times;
    int time_count;
};

/* A copy of d, an object, without subEvent, with every text made harmless and cut to PROTOCOL.md's limits. The caller
 * frees. */
struct json *replica_clean(const struct json *d);
/* Reads an item. now: Unix seconds; an event's key is its first time that is not over then. zone: the centre's.
 * ERR_INVALID when the item breaks the format. Free with replica_item_done in any case. */
enum err replica_item_read(struct replica_item *out, const char *kind, const char *id, const struct json *d,
                           const struct zone *zone, int64_t now, struct error *e) MUST_CHECK;
void replica_item_done(struct replica_item *item);
/* The topics of a cleaned d: ids as they should be, each once, at most CONTENT_TOPICS; returns how many. */
int replica_item_topics(char (*out)[24], const struct json *d);
/* Where a cleaned d of an event takes place. */
struct replica_venue replica_item_venue(const struct json *d);
/* Whose a cleaned d is: the id of a community, for a resource without one a name made of providerName, or "". Borrowed from d or
 * from room. */
const char *replica_item_owner(const struct json *d, char room[CONTENT_ID]);
/* The number of a town's name; 0 for "". */
int64_t replica_town(const char *name);
/* Minutes by which the clock of d's "tz" is ahead of zone's at an instant; *tz caches the last zone, the caller's to free. */
int replica_item_shift(const struct json *d, int64_t at, const struct zone *zone, struct zone **tz);
/* The words of a cleaned d that its search row holds; the same d gives the same text. Makes out: buf_done. */
void replica_item_words(struct buf *out, const struct json *d);

#endif
