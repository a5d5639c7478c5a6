/* Calendars for the rest of the hub: reading events of files and expanding stored ones. The work is done in a helper
 * process (worker.h), so that no calendar from outside can harm, stop or fill the hub: what breaks it is one error. */
#ifndef SYNC_HUB_EVENTS_CALENDAR_H
#define SYNC_HUB_EVENTS_CALENDAR_H

#include <stdbool.h>
#include <stdint.h>

#include "kiosk/base/error.h"
#include "kiosk/base/json.h"
#include "sync/hub/events/ical_split.h"

struct calendar;

struct calendar *calendar_new(void);
void calendar_free(struct calendar *c); /* takes NULL */
/* From now on an answer (a failure, too) is kept and given again to the same question, up to a limit of memory: an
 * import asks everything once before its transaction, and then again inside it without waiting. Called again it begins
 * anew, with patience for what takes too long renewed as well. */
void calendar_remember(struct calendar *c);

enum calendar_flags {
    CALENDAR_PLAIN = 0,
    CALENDAR_SINGLE = 1, /* leave the rule out */
    CALENDAR_CANCEL = 2, /* set its status to cancelled */
    CALENDAR_ALIGN = 4,  /* move a start that the rule does not give to the first one that it does */
};

/* One event of a split file; zone: the IANA name for floating times; flags: of calendar_flags. *out, the caller's:
 * {"uid","rid","sequence","summary","description","location","url","organizer","status","class","categories" (one a
 * line), "seats","registration","allDay","tz","rrule","needs":[TZIDs of
 * VTIMEZONEs],"faults":[texts],"vevent":normalised}. rid is "" for a master. ERR_INVALID: it cannot be used, and why;
 * ERR_TIMEOUT, ERR_CORRUPT: it broke its reader. */
enum err calendar_read(struct calendar *c, const struct ical_file *f, int event, const char *zone, unsigned flags,
                       struct json **out, struct error *e) MUST_CHECK;

struct calendar_time {
    const char *rid;    /* RECURRENCE-ID in UTC basic format, a date for all-day events, "" for a single event */
    int64_t start, end; /* instants; of an all-day one midnight in the zone asked with, end exclusive */
    bool is_date, cancelled;
    const char *title, *place; /* where this occurrence differs, else NULL */
};

struct calendar_times {
    struct calendar_time *list; /* ordered by start */
    int count;
    bool all_day, is_private; /* of the event */
    bool cut;                 /* there are more than were asked for, or than could be walked to */
    struct json *from;        /* owns the texts */
};

struct calendar_range {
    const char *zone; /* IANA name, for all-day events */
    int64_t from, to; /* instants; what overlaps [from, to) */
    int max;
};

/* ics: a stored VCALENDAR of one UID. ERR_TIMEOUT, ERR_CORRUPT as above. */
enum err calendar_expand(struct calendar *c, const char *ics, const struct calendar_range *range,
                         struct calendar_times *out, struct error *e) MUST_CHECK;
void calendar_times_done(struct calendar_times *t);

#endif
