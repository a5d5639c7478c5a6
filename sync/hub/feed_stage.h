/* Numbers of changes when several transactions write at once: changes are staged without a number, and one sequencer
 * numbers them densely after their commit. */
#ifndef SYNC_HUB_FEED_STAGE_H
#define SYNC_HUB_FEED_STAGE_H

#include <stdint.h>

#include "kiosk/base/error.h"
#include "kiosk/base/sql.h"

/* In the caller's transaction. d: the object, NULL for a deletion. ERR_TOO_BIG. */
enum err feed_stage(struct sql *db, const char *kind, const char *id, const char *d, struct error *e) MUST_CHECK;
/* Numbers what is staged and committed, at most `most`, in a transaction of its own, unless another process is doing
 * it. *more: call again. Nothing to do with a database of one writer. */
enum err feed_number(struct sql *db, int most, bool *more, struct error *e) MUST_CHECK;
enum err feed_number_all(struct sql *db, struct error *e) MUST_CHECK;
/* Of feed.c: writes change `seq`. */
enum err feed_insert(struct sql *db, int64_t seq, const char *kind, const char *id, const char *d,
                     struct error *e) MUST_CHECK;

#endif
