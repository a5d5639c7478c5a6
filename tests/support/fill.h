/* A replica full of made-up content, for tests and benches: towns, communities and events of the coming year, quickly
 * and always the same for the same numbers. */
#ifndef TESTS_SUPPORT_FILL_H
#define TESTS_SUPPORT_FILL_H

#include <stdint.h>

struct json;

/* Event i (from 0) has the id fill_id(.., "event", i) and one occurrence fill_id(.., "time", i), community i
 * fill_id(.., "community", i). Times begin FILL_START and are spread evenly over FILL_DAYS days; every third is free,
 * every tenth full, one in 97 cancelled, one in 50 lasts 10 days; one in 5 is accessible, in 7 for children, in 11 online, in 13
 * the city's or the state's. */
#define FILL_START INT64_C(1782864000) /* 2026-07-01T00:00:00Z */
enum { FILL_DAYS = 365 };

/* Makes path anew with that many events and communities, 11 topics and 20 cities, as change numbers 1.. of scope "all",
 * epoch 1. Dies when it cannot. The centre's zone is Europe/Moscow. */
void fill_replica(const char *path, int events, int communities);
/* The same items one after the other, seq from 1: d is the item's, lent for the call. */
typedef void fill_take(void *context, int64_t seq, const char *kind, const char *id, const struct json *d);
void fill_items(int events, int communities, fill_take *take, void *context);
void fill_id(char out[37], const char *kind, int i);

#endif
