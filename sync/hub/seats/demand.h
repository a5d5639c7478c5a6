/* What people will ask for at a kiosk, and which kiosks are an occurrence's own: policy of leases, no part of their
 * safety (PROTOCOL.md, 5). */
#ifndef SYNC_HUB_SEATS_DEMAND_H
#define SYNC_HUB_SEATS_DEMAND_H

#include "sync/hub/hub.h"

enum {
    DEMAND_SITE = 256,         /* bytes of a folded name of a place or city */
    DEMAND_OWN = 7 * 86400,    /* seconds that are looked back for the occurrence itself */
    DEMAND_ALL = 28 * 86400,   /* and for all that the kiosk signs up for */
    DEMAND_SILENCE_MIN = 3600, /* a kiosk is expected to be silent for so long at least */
    DEMAND_SILENCE_MAX = 30 * 86400,
};

/* SQL: the silence to expect of a kiosk that speaks :now: the longest lately, forgotten within some 14 days. */
#define DEMAND_SILENCE                                                                                                 \
    "CASE WHEN seen_at = 0 OR :now < seen_at THEN silence WHEN :now - seen_at > 2592000 THEN 2592000 "                 \
    "WHEN :now - seen_at > silence - silence * (:now - seen_at) / 1209600 THEN :now - seen_at "                        \
    "ELSE silence - silence * (:now - seen_at) / 1209600 END"

/* SQL: the kiosk `me` is at home where the record `r` takes place: at that place, or, when no kiosk stands there, in
 * that city. */
#define DEMAND_HOME                                                                                                    \
    "((me.place <> '' AND me.place = r.place) OR (me.city <> '' AND me.city = r.city AND NOT EXISTS (SELECT 1 FROM "   \
    "kiosk other WHERE other.state = 'active' AND other.place <> '' AND other.place = r.place)))"

/* Seats of the occurrence that will be asked for at this kiosk until it speaks again: the people it signed up for it in
 * the last 7 days, or for an average occurrence in the last 28, whichever is more a second, times its silence; 0 when
 * nobody signed up there. */
int64_t demand_forecast(const struct hub *h, const char *kid, const char *ev);
bool demand_is_home(const struct hub *h, const char *kid, const char *ev);
/* Events that are new or changed get their place and city read, some hundred at a time. */
enum err demand_read_places(struct hub *h, struct error *e) MUST_CHECK;

#endif
