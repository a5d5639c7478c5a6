/* Items of the feed in a line each, for tests of the replica. */
#ifndef TESTS_SUPPORT_FEED_H
#define TESTS_SUPPORT_FEED_H

#include <stdint.h>

struct replica_writer;

/* Puts an item whose "d" is JSON text, in a transaction of its own; the position's seq becomes seq. Returns the number
 * of bad items (0 or 1). Fails the test when the store fails. */
int item_put(struct replica_writer *w, const char *kind, const char *id, int64_t seq, const char *d);
void item_del(struct replica_writer *w, const char *id, int64_t seq);
/* An id: "e7" as 00000000-0000-4000-8000-0000000000e7 (up to 12 hex digits). */
const char *item_id(char out[37], const char *hex);

#endif
