/* The published log: changes numbered densely in commit order, sealed into pages, under one signed head (PROTOCOL.md,
 * 3). */
#ifndef SYNC_HUB_FEED_H
#define SYNC_HUB_FEED_H

#include <stdint.h>

#include "kiosk/base/error.h"
#include "kiosk/base/json.h"
#include "kiosk/base/sql.h"

/* Both work inside the caller's transaction, in which the record's row (table `record`) has been written already; they
 * keep record.sent. Publishing what was last sent again, and withdrawing what is not published, change nothing.
 * ERR_NOT_FOUND: no such record. ERR_TOO_BIG: the item would pass 64 KB. d is the object on the wire, with subEvent for
 * events. */
enum err feed_put(struct sql *db, const char *kind, const char *id, const struct json *d, struct error *e) MUST_CHECK;
enum err feed_del(struct sql *db, const char *kind, const char *id, struct error *e) MUST_CHECK;

int64_t feed_seq(struct sql *db); /* the last change number, 0 for none */

/* Seals pages that are complete, at most `most` of them (each takes about 0.3 s of work), and the index. Each is
 * packed first and stored in a short transaction of its own. Call it after a large import so that the server need not.
 * *left: complete pages that still wait. */
enum err feed_seal(struct sql *db, int most, int *left, struct error *e) MUST_CHECK;

/* For the view that serves them: the number of sealed pages and the last one's hash (zeros for none); the newest index
 * (-1 for none); the lines of changes first..last, each with LF. */
int64_t feed_sealed(struct sql *db, char chain[65]);
int64_t feed_index(struct sql *db, char hash[65]);
enum err feed_lines(struct sql *db, int64_t first, int64_t last, struct buf *out, struct error *e) MUST_CHECK;

#endif
