/* From a stored VCALENDAR to its occurrences in any range of time (RFC 5545, 3.8.5): rules, added and excluded dates,
 * moved and cancelled ones. Runs in the helper process (calendar.h).
 *
 * Where the standard leaves it open: DTSTART is an occurrence even where the rule does not give it; an override whose
 * RECURRENCE-ID the rule does not give is an occurrence of its own; EXDATE with a date excludes every occurrence of
 * that day; UNTIL with a date includes that whole day; a rule finer than a day counts on the clock of its zone. */
#ifndef SYNC_HUB_EVENTS_EXPAND_H
#define SYNC_HUB_EVENTS_EXPAND_H

#include <stdint.h>

#include "kiosk/base/json.h"
#include "sync/hub/events/ical_zone.h"

enum { EXPAND_STEPS = 400000, EXPAND_ROWS = 20000 };

struct expand_range {
    int64_t from, to; /* instants: what ends after `from` (or is at it) and starts before `to` */
    int max;          /* occurrences at most, 1..EXPAND_ROWS; the earliest are given */
};

/* What calendar_expand reads: {"allDay","private","cut","o":[{"r","s","e","d","c","t","l"}]} with rid, start, end, is a
 * date, cancelled, and title and place where an override changes them. ics has one UID. zone: of dates and floating
 * times. */
struct json *expand_events(struct ical_zones *zones, const char *ics, const char *zone,
                           const struct expand_range *range);

#endif
