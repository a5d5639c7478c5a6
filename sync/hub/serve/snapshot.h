/* Snapshots at the hub: the replica that a kiosk would have after the newest sealed page, as one compressed file that
 * the head names (PROTOCOL.md, 3). The hub keeps a replica of its own in DATA/snapshots/, written by the kiosk's own
 * code, and brings it forward by the new pages each time; the files lie beside it under the names they are served by.
 */
#ifndef SYNC_HUB_SERVE_SNAPSHOT_H
#define SYNC_HUB_SERVE_SNAPSHOT_H

#include "sync/hub/hub.h"
#include "sync/wire_page.h"

struct config;

/* The section [snapshot] of hub.conf. */
struct snapshot_policy {
    int64_t pages;      /* sealed since the last before another is due; 0: never unless asked for */
    int64_t hours;      /* at least so long between two */
    int64_t keep_days;  /* an older one is served so long after its successor was made */
    int64_t keep_pages; /* sealed pages kept before the newest snapshot's; 0: all */
    int level;          /* zstd, 1..19 */
};

void snapshot_policy_read(struct snapshot_policy *out, const struct config *c);
/* Whether one is to be made now. Cheap. */
bool snapshot_is_due(struct hub *h, const struct snapshot_policy *p);
/* Seals what is complete, brings the hub's replica forward, packs it, records it and removes what has had its time.
 * Minutes for a million of records; hub.db is locked for moments only. *made: false when the newest one stands at the
 * last page already, or no page is sealed. ERR_BUSY: another process is at it. A death at any moment leaves nothing
 * that the next call does not clear away. */
enum err snapshot_make(struct hub *h, const struct snapshot_policy *p, bool *made, struct error *e) MUST_CHECK;
/* The newest of the present epoch whose file is there; path "" when there is none. */
void snapshot_newest(struct hub *h, int64_t epoch, struct wire_snapshot *out);
/* Opens a file that was recorded for this epoch, by the parts of its name; the caller closes *fd. ERR_NOT_FOUND. */
enum err snapshot_open(struct hub *h, int64_t epoch, int64_t seq, const char *hash16, int *fd, int64_t *bytes,
                       struct error *e) MUST_CHECK;

#endif
