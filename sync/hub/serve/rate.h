/* How often one address may ask: a bucket of tokens for each, in a table of fixed size. */
#ifndef SYNC_HUB_SERVE_RATE_H
#define SYNC_HUB_SERVE_RATE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { RATE_SLOTS = 4096 };

struct rate_slot {
    uint64_t key; /* 0: empty */
    int64_t at_ms;
    double tokens;
};

struct rate {
    double per_second; /* 0: no limit */
    double burst;
    uint64_t salt; /* random: strangers must not choose their slot */
    struct rate_slot slots[RATE_SLOTS];
};

/* One request from this address (its bytes: 4 of IPv4, the first 8 of IPv6) at this moment. False: too many. */
bool rate_allow(struct rate *r, const void *address, size_t n, int64_t mono_ms);

#endif
