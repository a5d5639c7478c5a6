/* One event of a file made ready for the hub: zones by their proper names, texts sanitised and cut, oddities mended and
 * named. Runs in the helper process (calendar.h). */
#ifndef SYNC_HUB_EVENTS_ICAL_NORM_H
#define SYNC_HUB_EVENTS_ICAL_NORM_H

#include <stdbool.h>

#include "kiosk/base/json.h"
#include "sync/hub/events/ical.h"
#include "sync/hub/events/ical_zone.h"

enum { ICAL_FAULTS = 4 };

struct ical_norm {
    struct ical_zones *zones;
    const char *zone; /* for floating times: an IANA name */
    unsigned flags;   /* of calendar_flags */
    const char *faults[ICAL_FAULTS];
    int fault_count;
};

/* Changes ev so that each of its times is a date, in UTC, in an IANA zone, or in a VTIMEZONE of the file. A missing UID
 * is derived from the content. False: it cannot be used, the reason is the last fault. */
bool ical_normalise(struct ical_norm *n, struct ical_event *ev);
/* What calendar_read gives back, see there. */
struct json *ical_describe(struct ical_norm *n, const struct ical_event *ev);

#endif
