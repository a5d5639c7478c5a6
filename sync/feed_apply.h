/* What the pull does with bytes once they are here: names to hashes, items to the replica. For feed.c alone. */
#ifndef SYNC_FEED_APPLY_H
#define SYNC_FEED_APPLY_H

#include "sync/feed.h"

/* Unpacks a sealed file and checks it against the whole hash that named it. ERR_CORRUPT; out is empty then. */
enum err feed_unpack_named(struct buf *out, const struct buf *packed, const char *hash, struct error *e) MUST_CHECK;
/* Applies the items from pos on whose seq lies above f->at.seq and at or below last, and the new position, in one
 * transaction; then f->at is *to. bytes NULL: the position alone. Items below f->at.seq came by a tail: applying them
 * again could bring back what a later one deleted. */
enum err feed_apply(struct feed *f, const struct buf *bytes, size_t pos, int64_t last,
                    const struct replica_position *to, struct error *e) MUST_CHECK;

#endif
