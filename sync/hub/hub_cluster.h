/* Which PostgreSQL this is: its cluster's identifier and timeline. Both are new after a restore into a new cluster, a
 * recovery to a point in time, and the promotion of a standby, which may lack the last transactions. */
#ifndef SYNC_HUB_HUB_CLUSTER_H
#define SYNC_HUB_HUB_CLUSTER_H

#include "kiosk/base/sql.h"

/* Compares with what is stored (meta "cluster"), now and on every later connection of db. Another one: a new epoch and
 * the quarantine begin before anything else is done. */
enum err hub_cluster_watch(struct sql *db, struct error *e) MUST_CHECK;

#endif
