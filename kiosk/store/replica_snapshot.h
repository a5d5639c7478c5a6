/* A whole replica as one file: made where the pages are applied (the hub's own copy), judged before it takes a
 * replica's place. What carries it, and whose word its bytes are, is not known here (sync/snapshot.h). */
#ifndef KIOSK_STORE_REPLICA_SNAPSHOT_H
#define KIOSK_STORE_REPLICA_SNAPSHOT_H

#include "kiosk/store/replica_write.h"

/* PRAGMA application_id of a replica: "Sosr". */
enum { REPLICA_APPLICATION = 0x536f7372 };

/* The user_version that this program's replicas have. */
int replica_schema(void);
/* Copies what w holds, packed, into a new file `into` (ERR_EXISTS when there is one), with no journal beside it. The
 * name of w's zone goes with it. Not inside a transaction. ERR_FULL; what was written is left to the caller. */
enum err replica_snapshot_write(struct replica_writer *w, const char *into, struct error *e) MUST_CHECK;
/* Whether the file may become a replica: application_id, user_version, integrity_check, exactly the tables and indexes
 * of ours (no views, no triggers, nothing else), the position, and the zone by name. Leaves it closed and ready for
 * replica_replace. ERR_CORRUPT when it is damaged or another file; ERR_STATE when it is of another version or zone.
 * Reads the whole file: seconds for each million of records. */
enum err replica_snapshot_check(const char *path, const struct replica_position *want, const char *zone,
                                struct error *e) MUST_CHECK;

#endif
