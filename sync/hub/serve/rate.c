/* Token buckets. When a slot's neighbours are all taken the one that rested longest is given up: its bucket is the
 * fullest. */
#include "sync/hub/serve/rate.h"

#include <string.h>

enum { RATE_PROBES = 8 };

/* FNV-1a with a salt: enough to spread addresses, and a collision costs no more than a shared bucket. */
static uint64_t rate_key(const struct rate *r, const void *address, size_t n)
{
    uint64_t h = 0xcbf29ce484222325u ^ r->salt;
    for (size_t i = 0; i < n; i++)
        h = (h ^ ((const uint8_t *)address)[i]) * 0x100000001b3u;
    h ^= h >> 29;
    return h ? h : 1;
}

static struct rate_slot *rate_find(struct rate *r, uint64_t key, int64_t now)
{
    struct rate_slot *oldest = NULL;
    for (size_t i = 0; i < RATE_PROBES; i++) {
        struct rate_slot *s = &r->slots[(key + i) % RATE_SLOTS];
        if (s->key == key)
            return s;
        if (!oldest || !s->key || (oldest->key && s->at_ms < oldest->at_ms))
            oldest = s;
    }
    *oldest = (struct rate_slot){.key = key, .at_ms = now, .tokens = r->burst};
    return oldest;
}

bool rate_allow(struct rate *r, const void *address, size_t n, int64_t mono_ms)
{
    if (r->per_second <= 0)
        return true;
    struct rate_slot *s = rate_find(r, rate_key(r, address, n), mono_ms);
    s->tokens += (double)(mono_ms - s->at_ms) * r->per_second / 1000;
    if (s->tokens > r->burst)
        s->tokens = r->burst;
    s->at_ms = mono_ms;
    if (s->tokens < 1)
        return false;
    s->tokens -= 1;
    return true;
}
