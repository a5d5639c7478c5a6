/* Leases: blocks of free seats given to kiosks. How many is policy; that each comes from FREE seats only is the rule.
 */
#ifndef SYNC_HUB_SEATS_LEASE_H
#define SYNC_HUB_SEATS_LEASE_H

#include "sync/hub/hub.h"
#include "sync/hub/keys.h"
#include "sync/wire_reply.h"

enum {
    LEASE_MOST = WIRE_PARTY_MAX, /* seats of a block */
    LEASE_SHARE = 8,             /* of a kiosk of which nothing is known yet */
    LEASE_NEW = 7 * 86400,       /* seconds for which that is so */
    LEASE_CAPACITY_MIN = 10,     /* smaller occurrences are leased to their home kiosks only */
    LEASE_AHEAD = 30 * 86400,    /* seconds before its start that an occurrence is leased unasked */
    LEASE_AT_ONCE = 50,          /* unasked leases of one exchange */
};

/* One new lease, or none when policy refuses: nothing to spare, a queue, started, cancelled, too small. want 0: an
 * equal share. */
enum err lease_grant(struct hub *h, const struct keys *k, const char *kid, const char *ev, int want,
                     struct error *e) MUST_CHECK;
/* Blocks of the coming occurrences for a kiosk that has none of them. */
enum err lease_grant_coming(struct hub *h, const struct keys *k, const char *kid, struct error *e) MUST_CHECK;
/* The kiosk has said that it holds these. Those that are not known here (the hub was restored) go into unknown, which
 * has room for count. */
enum err lease_held(struct sql *db, const char *kid, const int64_t *held, int count, int64_t *unknown,
                    int *unknown_count, struct error *e) MUST_CHECK;
/* A lease it has named in an operation has arrived there too. */
enum err lease_taken(struct sql *db, const char *kid, int64_t lease, struct error *e) MUST_CHECK;
/* None of its leases is sent again: it began a new log, and an older copy of it may have had them. */
enum err lease_bind_all(struct sql *db, const char *kid, struct error *e) MUST_CHECK;
/* Appends the grants that the kiosk has not yet said it holds, signed by the present lease key: the one they were made
 * under may have been replaced. */
enum err lease_write(struct sql *db, const struct keys *k, const char *kid, struct buf *out, struct error *e) MUST_CHECK;

#endif
