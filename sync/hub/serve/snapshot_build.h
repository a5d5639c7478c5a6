/* The work of a snapshot: pages into the hub's replica, the replica into a file. For snapshot.c alone. */
#ifndef SYNC_HUB_SERVE_SNAPSHOT_BUILD_H
#define SYNC_HUB_SERVE_SNAPSHOT_BUILD_H

#include "sync/hub/hub.h"
#include "sync/wire_page.h"

/* Makes dir/{seq}-{hash16}.zst as of s->page; the other members of s are filled in. dir is locked by the caller. */
enum err snapshot_build(struct hub *h, const char *dir, int64_t epoch, int level, struct wire_snapshot *s,
                        struct error *e) MUST_CHECK;
/* Removes what a dead process left half made, and the finished files that `has` does not know. */
void snapshot_build_sweep(const char *dir, bool (*has)(const void *context, int64_t seq, const char *hash16),
                          const void *context);

#endif
