/* Seats of occurrences (PROTOCOL.md, 5): never more confirmed than capacity, whatever arrives in whatever order.
 * All functions work inside the caller's transaction.
 * Where several hubs write at once, each function first holds the occurrence's row. seats_write_off, seats_open_window
 * and seats_close_window want a transaction alone (sql_begin_alone). */
#ifndef SYNC_HUB_SEATS_SEATS_H
#define SYNC_HUB_SEATS_SEATS_H

#include <stdbool.h>
#include <stdint.h>

#include "kiosk/base/error.h"
#include "kiosk/base/sql.h"
#include "sync/hub/seats/signup.h"

enum {
    SEATS_MAX = 100000, /* a larger capacity counts as this */
    SEATS_PASSED = 3,   /* so often others are seated before a group that waits for more seats than there are */
};

/* To be called after a row of `occurrence` was written or changed (capacity, cancelled, terms): fits the seat rows to
 * the capacity (FREE ones only are taken away), promotes who waits, and tells the holders of tickets when it was
 * cancelled or its terms changed. before_terms: the row's `terms` before the change, or the same for none. */
enum err seats_occurrence_changed(struct sql *db, const char *ev, int64_t before_terms, struct error *e) MUST_CHECK;
/* Whether an occurrence's `full` is true: it has a capacity, and no seat is free or waiting to be sold at a kiosk. */
bool seats_is_full(struct sql *db, const char *ev);
/* What is published of an occurrence's seats. waiting: people in the queue, as a number that does not change with each of
 * them: exact up to 5, then rounded down to fives, from 20 on to tens, from 100 on to hundreds; at most 1,000. */
struct seats_shown {
    bool full;
    int waiting;
};
struct seats_shown seats_shown(struct sql *db, const char *ev);

/* Whether the hub knows the lease that the operation names as one of this kiosk and occurrence. */
bool seats_knows_lease(struct sql *db, const struct wire_op *op, const char *kid);
/* Gives a sign-up that just arrived its state and seats, and tells its kiosk. `op` is what its kiosk said: the seats it
 * sold. */
enum err seats_settle(struct sql *db, struct signup *s, const struct wire_op *op, struct error *e) MUST_CHECK;
/* Cancels a sign-up: its seats become free and go to who waits. Tells its kiosk. */
enum err seats_cancel(struct sql *db, struct signup *s, struct error *e) MUST_CHECK;
/* The kiosk gives seats back that it holds under a lease. Seats that it does not hold are left as they are. */
enum err seats_return(struct sql *db, const char *kid, const struct wire_op *op, struct error *e) MUST_CHECK;
/* A person's word that a kiosk will never speak again: its seats become free. Wrong, it is the one way to oversell. */
enum err seats_write_off(struct sql *db, const char *kid, struct error *e) MUST_CHECK;

/* After a restore: a new epoch, in which nothing is free until all holders have spoken. at_least: an epoch a kiosk has
 * seen. */
enum err seats_open_window(struct sql *db, int64_t at_least, struct error *e) MUST_CHECK;
/* Ends the quarantine when every active kiosk has spoken in this epoch and none was reset meanwhile; force: a person
 * decided. */
enum err seats_close_window(struct sql *db, bool force, struct error *e) MUST_CHECK;
bool seats_in_window(struct sql *db);

#endif
