/* What people were promised: some days after the event nothing is left of what they typed (PROTOCOL.md, 6). The sign-up
 * itself stays without it: its id, code and state, for ids never expire. */
#ifndef SYNC_HUB_SEATS_RETENTION_H
#define SYNC_HUB_SEATS_RETENTION_H

#include <stdint.h>

#include "sync/hub/hub.h"

enum { RETENTION_DAYS_MAX = 365 };

/* Erases the sealed boxes of sign-ups whose occurrence ended more than `days` days ago (0..RETENTION_DAYS_MAX); of an
 * event the hub does not know, that arrived so long ago. In transactions of its own, short ones, and then out of the
 * database's log as well. *erased (may be NULL) counts them. ERR_BUSY: erased, but a reader kept the log's bytes alive;
 * calling again finishes it. */
enum err retention_purge(struct hub *h, int days, int64_t *erased, struct error *e) MUST_CHECK;

/* The same once a day for `serve`, and logged; `day` (11 bytes, "" at first) is the day it was last done. A failure is
 * logged and tried again with the next call. */
void retention_daily(struct hub *h, int days, char day[11]);

#endif
