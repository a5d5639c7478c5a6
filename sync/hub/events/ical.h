/* iCalendar (RFC 5545), and the only user of libical: reading one event, walking one rule, asking one VTIMEZONE. Only
 * ever called in the helper process of calendar.h, because the library meets bytes from outside here. */
#ifndef SYNC_HUB_EVENTS_ICAL_H
#define SYNC_HUB_EVENTS_ICAL_H

#include <stdbool.h>
#include <stdint.h>

#include "kiosk/base/date.h"

enum { ICAL_RULES = 8, ICAL_DATES = 5000, ICAL_ZONE_NAME = 128 };

/* A date or date-time as written. */
struct ical_time {
    struct date date;
    int hour, minute, second;  /* 0 for a date */
    bool is_date;              /* VALUE=DATE */
    char zone[ICAL_ZONE_NAME]; /* "" floating or a date, "UTC" for Z, else the TZID */
};

/* An entry of RDATE. */
struct ical_extra {
    struct ical_time at;
    int64_t seconds; /* length of a PERIOD, -1: as the event */
};

enum ical_text {
    ICAL_UID,
    ICAL_SUMMARY,
    ICAL_DESCRIPTION,
    ICAL_LOCATION,
    ICAL_URL,
    ICAL_ORGANIZER, /* the CN */
    ICAL_STATUS,    /* upper case, like CLASS */
    ICAL_CLASS,
    ICAL_CATEGORIES, /* one a line */
    ICAL_SEATS,
    ICAL_REGISTRATION,
    ICAL_TEXTS
};

/* A VEVENT. Owns its memory: ical_event_done. */
struct ical_event {
    char *text[ICAL_TEXTS]; /* never NULL after ical_read_event; "" when missing; unescaped, not sanitised */
    int sequence;
    bool has_start, has_end, has_rid;
    bool rid_future; /* RANGE=THISANDFUTURE */
    struct ical_time start, end, rid;
    bool has_duration;
    int days;                                      /* of DURATION: whole days and weeks */
    int64_t seconds;                               /* of DURATION: the rest, at least 0 */
    char *rules[ICAL_RULES], *exrules[ICAL_RULES]; /* RRULE, EXRULE values as the library writes them */
    int rule_count, exrule_count;
    struct ical_extra *extras; /* RDATE */
    int extra_count;
    struct ical_time *exdates;
    int exdate_count;
    const char *fault; /* something could not be read and was left out ("the rule is not valid"); NULL: nothing */
};

/* Reads "BEGIN:VEVENT .. END:VEVENT". False when it is none. */
bool ical_read_event(struct ical_event *out, const char *text);
void ical_event_done(struct ical_event *ev);
void ical_event_set_text(struct ical_event *ev, enum ical_text which, const char *value); /* copies */

/* A recurrence rule in civil time: zones do not exist here. */
struct ical_rule;
struct ical_rule *ical_rule_new(const char *text);                      /* NULL: not valid */
void ical_rule_free(struct ical_rule *r);                               /* takes NULL */
bool ical_rule_until(const struct ical_rule *r, struct ical_time *out); /* false: it has none */
void ical_rule_set_until(struct ical_rule *r, const struct ical_time *civil);
bool ical_rule_has_count(const struct ical_rule *r);
/* Begins the walk at the event's start. `from` (not before start) skips what lies before it where the rule allows that;
 * NULL: none. */
bool ical_rule_begin(struct ical_rule *r, const struct ical_time *start, const struct ical_time *from);
bool ical_rule_next(struct ical_rule *r, struct ical_time *out); /* false: no more */

/* A VTIMEZONE. */
struct ical_vtz;
struct ical_vtz *ical_vtz_new(const char *text);                        /* NULL: it says nothing usable */
void ical_vtz_free(struct ical_vtz *z);                                 /* takes NULL */
int ical_vtz_offset(struct ical_vtz *z, const struct ical_time *local); /* seconds east of UTC */
int ical_vtz_offset_utc(struct ical_vtz *z, const struct ical_time *utc);

#endif
