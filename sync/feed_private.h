/* Inside the pull: what its files share. */
#ifndef SYNC_FEED_PRIVATE_H
#define SYNC_FEED_PRIVATE_H

#include "sync/feed.h"

/* feed.c. Ends the run with a fault; returns code. */
enum err feed_fail(struct feed *f, enum fault fault, enum err code);
/* The same for an answer whose status was not hoped for. */
enum err feed_refused(struct feed *f, const char *path, struct error *e) MUST_CHECK;
/* The next state, by where the replica stands and what the head says. */
enum err feed_choose(struct feed *f, struct error *e) MUST_CHECK;
/* The head once more past caches; code and fault when that was done before. */
enum err feed_restart(struct feed *f, enum fault fault, enum err code) MUST_CHECK;

/* feed_snapshot.c. Whether the head's snapshot is to be had, and better than the pages. */
bool feed_snapshot_wanted(const struct feed *f);
enum err feed_snapshot_begin(struct feed *f, struct error *e) MUST_CHECK;
enum err feed_snapshot_step(struct feed *f, struct error *e) MUST_CHECK;         /* FEED_SNAPSHOT */
enum err feed_snapshot_install_step(struct feed *f, struct error *e) MUST_CHECK; /* FEED_INSTALL */

#endif
