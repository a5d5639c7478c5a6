/* When the next batch goes to the hub: after a failure with growing pauses, with a new act of a person soon, never
 * against the hub's own word. Numbers from sync/PROTOCOL.md, 3. Pure: time, chance and what waits come from outside. */
#ifndef SYNC_PACE_H
#define SYNC_PACE_H

#include <stdbool.h>

#include "sync/backoff.h"
#include "sync/fault.h"

enum {
    PACE_LISTEN_MS = 300000,  /* with nothing to say: ask for decisions at least so often */
    PACE_DENIED_MS = 900000,  /* revoked, not known: a person has to act first */
    PACE_WAITING_MS = 120000, /* ceiling of the pauses while an act of a person waits */
    PACE_NEWS_MS = 2000       /* a new act is tried at once, but no sooner after the last try than this */
};

struct pace {
    struct backoff backoff;
    int64_t at;       /* monotonic ms of the next batch; 0: now */
    int64_t tried_at; /* of the last try that failed */
    int64_t quiet;    /* the hub asked for quiet until then: not even a new act breaks it */
    int unsent;       /* operations that waited when the last try failed */
};

/* Whether to try now; unsent: operations that wait now. */
bool pace_is_due(const struct pace *p, int64_t now, int unsent);
/* The same, and because of something new: worth breaking off what is under way. */
bool pace_is_urgent(const struct pace *p, int64_t now, int unsent);
/* When to ask pace_is_due again if nothing else happens. */
int64_t pace_next(const struct pace *p, int unsent);
/* A batch failed. asked_s: Retry-After, -1 none. Returns the milliseconds until the next. */
int64_t pace_fail(struct pace *p, int64_t now, enum fault why, int64_t asked_s, int unsent);
/* It went well; again: the hub has more to say. */
void pace_succeed(struct pace *p, int64_t now, bool again);

#endif
