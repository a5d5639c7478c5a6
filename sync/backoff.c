/* Waiting with full jitter. */
#include "sync/backoff.h"

static int64_t backoff_ceiling(const struct backoff *b)
{
    int64_t ms = BACKOFF_FIRST_MS, most = b->most_ms ? b->most_ms : BACKOFF_MAX_MS;
    for (int i = 0; i < b->failures && ms < most; i++)
        ms *= 2;
    return ms < most ? ms : most;
}

int64_t backoff_fail(struct backoff *b, int64_t asked_s)
{
    int64_t wait = b->random_below((uint32_t)backoff_ceiling(b) + 1);
    if (b->failures < 1000)
        b->failures++;
    if (wait < BACKOFF_LEAST_MS)
        wait = BACKOFF_LEAST_MS;
    if (asked_s > BACKOFF_ASKED_MAX_MS / 1000)
        asked_s = BACKOFF_ASKED_MAX_MS / 1000;
    /* Those that were sent away together get a little jitter of their own on top. */
    if (asked_s > 0 && wait < asked_s * 1000)
        wait = asked_s * 1000 + b->random_below(BACKOFF_FIRST_MS);
    return wait;
}

int64_t backoff_succeed(struct backoff *b)
{
    b->failures = 0;
    return BACKOFF_IDLE_MS + b->random_below(BACKOFF_IDLE_SPREAD_MS + 1);
}
