/* Seats of occurrences (PROTOCOL.md, 5): never more confirmed than capacity, whatever arrives in whatever order.
 * All functions work inside the caller's transaction. */
#ifndef SYNC_HUB_SEATS_H
#define SYNC_HUB_SEATS_H

#include <stdbool.h>
#include <stdint.h>

#include "kiosk/base/error.h"
#include "kiosk/base/sql.h"

/* To be called after a row of `occurrence` was written or changed (capacity, cancelled, terms): fits the seat rows to the capacity
 * (FREE ones only are taken away), promotes who waits, and tells the holders of tickets when it was cancelled or its terms
 * changed. before_terms: the row's `terms` before the change, or the same for none. */
enum err seats_occurrence_changed(struct sql *db, const char *ev, int64_t before_terms, struct error *e) MUST_CHECK;
/* Whether an occurrence's `full` is true: it has a capacity, and no seat is free or waiting to be sold at a kiosk. */
bool seats_is_full(struct sql *db, const char *ev);

#endif
