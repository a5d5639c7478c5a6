/* What a write-off risks, in numbers and words, before a person decides (PROTOCOL.md, 5: L5). */
#ifndef SYNC_HUB_SEATS_WRITEOFF_H
#define SYNC_HUB_SEATS_WRITEOFF_H

#include "kiosk/base/buf.h"
#include "sync/hub/hub.h"

/* Appends lines for a person: since when the kiosk is silent, how many seats of which coming occurrences it may have
 * sold without this hub knowing. *seats: how many would be given to others; 0: nothing is risked. ERR_NOT_FOUND: no
 * such kiosk. */
enum err writeoff_describe(struct hub *h, const char *kid, struct buf *out, int64_t *seats, struct error *e) MUST_CHECK;

#endif
