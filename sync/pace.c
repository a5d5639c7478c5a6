/* The pace of a kiosk's batches. */
#include "sync/pace.h"

static bool pace_has_news(const struct pace *p, int unsent) { return unsent > p->unsent; }

/* The earliest moment for a new act. */
static int64_t pace_news_at(const struct pace *p)
{
    int64_t at = p->tried_at ? p->tried_at + PACE_NEWS_MS : 0;
    return p->quiet > at ? p->quiet : at;
}

int64_t pace_next(const struct pace *p, int unsent)
{
    int64_t news = pace_news_at(p);
    return pace_has_news(p, unsent) && news < p->at ? news : p->at;
}

bool pace_is_due(const struct pace *p, int64_t now, int unsent) { return now >= pace_next(p, unsent); }

bool pace_is_urgent(const struct pace *p, int64_t now, int unsent)
{
    return pace_has_news(p, unsent) && now >= pace_news_at(p);
}

/* Those that were sent away together get a little jitter on top. */
static int64_t pace_asked_ms(const struct pace *p, int64_t asked_s)
{
    int64_t most = BACKOFF_ASKED_MAX_MS / 1000;
    if (asked_s <= 0)
        return BACKOFF_FIRST_MS;
    return (asked_s < most ? asked_s : most) * 1000 + p->backoff.random_below(BACKOFF_FIRST_MS);
}

/* With a new act the pauses begin anew: the hub may be there again, and somebody may stand and wait. So a kiosk that
 * people use tries a few times after each of them, one that nobody uses hardly ever. */
int64_t pace_fail(struct pace *p, int64_t now, enum fault why, int64_t asked_s, int unsent)
{
    if (pace_has_news(p, unsent))
        p->backoff.failures = 0;
    p->backoff.most_ms = unsent > 0 ? PACE_WAITING_MS : 0;
    int64_t wait = backoff_fail(&p->backoff, asked_s);
    if (why == FAULT_REVOKED || why == FAULT_REFUSED)
        wait = PACE_DENIED_MS;
    p->at = now + wait;
    p->tried_at = now;
    if (asked_s > 0 || why == FAULT_BUSY)
        p->quiet = now + pace_asked_ms(p, asked_s);
    p->unsent = unsent;
    return wait;
}

void pace_succeed(struct pace *p, int64_t now, bool again)
{
    p->unsent = 0;
    p->tried_at = 0;
    p->at = again ? 0 : now + PACE_LISTEN_MS;
    if (!again)
        p->backoff.failures = 0;
}
