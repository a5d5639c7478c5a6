/* Seats in stock that cannot be sold any more, or do not sell, go back to the hub, where somebody may get them
 * (sync/PROTOCOL.md, 5: L4). */
#ifndef SYNC_STOCK_H
#define SYNC_STOCK_H

#include <stdint.h>

#include "kiosk/store/ledger_sync.h"

/* To be called while the replica stands at the hub's head: an occurrence that is not in it is over or withdrawn.
 * Returns the stock of those, of called off ones, of what began before `now` (Unix seconds; INT64_MIN: the time is not
 * known), of leases whose terms are not the event's, and what does not sell here. A replica that cannot be read:
 * nothing. *returned: events whose stock went. */
enum err stock_return(struct ledger *l, const char *replica_path, int64_t now, int *returned,
                      struct error *e) MUST_CHECK;

#endif
