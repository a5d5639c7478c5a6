/* Time zones of calendars: by IANA name, by Microsoft's names, by a prefix before an IANA name, by the VTIMEZONE of the
 * file. */
#ifndef SYNC_HUB_EVENTS_ICAL_ZONE_H
#define SYNC_HUB_EVENTS_ICAL_ZONE_H

#include <stdbool.h>
#include <stdint.h>

#include "kiosk/base/date.h"
#include "sync/hub/events/ical.h"

enum { ICAL_IANA_NAME = 64 };

/* The IANA name behind a TZID, or false: "Europe/Moscow", "/freeassociation.sourceforge.net/Europe/Moscow", "Russian
 * Standard Time", "America-Chicago", "UTC". Needs no library but the C library's zone files. */
bool ical_zone_iana(const char *tzid, char out[ICAL_IANA_NAME]);
/* A fixed offset that a name spells out, "(UTC+03:00) Moscow", "GMT+3", as Etc/GMT-3; whole hours only. */
bool ical_zone_fixed(const char *tzid, char out[ICAL_IANA_NAME]);

/* One zone. name is what times carry after they were normalised: an IANA name, "UTC", or the TZID of a VTIMEZONE. */
struct ical_zone {
    char name[ICAL_ZONE_NAME];
    struct zone *iana;    /* NULL with own NULL: UTC */
    struct ical_vtz *own; /* VTIMEZONE of the file at hand */
};

struct ical_zones; /* those met so far */

struct ical_zones *ical_zones_new(void);
void ical_zones_free(struct ical_zones *t);
void ical_zones_forget_own(struct ical_zones *t); /* a new file */
void ical_zones_add_own(struct ical_zones *t, const char *tzid, const char *vtimezone);
/* NULL: no such zone. Valid until ical_zones_forget_own. */
const struct ical_zone *ical_zone_find(struct ical_zones *t, const char *tzid);

int64_t ical_zone_instant(const struct ical_zone *z,
                          const struct ical_time *t); /* in a gap the time after it, in an overlap the first */
struct ical_time ical_zone_civil(const struct ical_zone *z, int64_t instant);
/* Seconds since 1970-01-01 00:00 of the same calendar, no zone in it: for order and differences. And back. */
int64_t ical_civil_seconds(const struct ical_time *t);
struct ical_time ical_civil_time(int64_t seconds, bool is_date, const char *zone);

#endif
