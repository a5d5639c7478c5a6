/* How long to wait before the next try: full jitter (random between 0 and a ceiling that doubles), so that kiosks which
 * lost the hub together do not come back together. Numbers from sync/PROTOCOL.md, 3. Pure: time and chance come from
 * outside. */
#ifndef SYNC_BACKOFF_H
#define SYNC_BACKOFF_H

#include <stdint.h>

enum {
    BACKOFF_FIRST_MS = 5000,        /* ceiling of the first wait */
    BACKOFF_MAX_MS = 900000,        /* of any wait */
    BACKOFF_LEAST_MS = 500,         /* never spin */
    BACKOFF_IDLE_MS = 30000,        /* after success: this much */
    BACKOFF_IDLE_SPREAD_MS = 30000, /* and up to this much more */
    BACKOFF_ASKED_MAX_MS = 3600000  /* no hub may silence a kiosk for longer */
};

struct backoff {
    int failures;                             /* in a row */
    int64_t most_ms;                          /* ceiling of any wait, 0: BACKOFF_MAX_MS */
    uint32_t (*random_below)(uint32_t bound); /* 0 .. bound-1 */
};

/* Milliseconds to wait after a failure. asked_s: the answer's Retry-After in seconds, -1 for none: never less than
 * that. */
int64_t backoff_fail(struct backoff *b, int64_t asked_s);
/* Milliseconds to the next poll after a success. */
int64_t backoff_succeed(struct backoff *b);

#endif
