/* A calendar file cut into the pieces that matter, before any of it meets the iCalendar library: unfolded (RFC
 * 5545, 3.1), as UTF-8, only VEVENT and VTIMEZONE, only the properties that are used. vCalendar 1.0's quoted-printable
 * values are decoded. */
#ifndef SYNC_HUB_EVENTS_ICAL_SPLIT_H
#define SYNC_HUB_EVENTS_ICAL_SPLIT_H

#include <stdbool.h>
#include <stddef.h>

#include "kiosk/base/error.h"

enum {
    ICAL_FILE_MAX = 16 * 1024 * 1024, /* bytes of a file */
    ICAL_LINES_MAX = 600000,          /* of a file; the rest is not read */
    ICAL_EVENTS_MAX = 50000,          /* of a file */
    ICAL_ZONES_MAX = 500,
    ICAL_LINE_BYTES = 64 * 1024, /* of an unfolded line; the rest is cut */
    ICAL_BLOCK_LINES = 8000,     /* of one component; the rest is left out */
};

struct ical_calendar {
    char *name;   /* X-WR-CALNAME or NAME (RFC 7986); NULL when missing, like the next two */
    char *zone;   /* X-WR-TIMEZONE */
    char *method; /* METHOD, upper case */
};

struct ical_block {
    int line;     /* of its BEGIN in the file, from 1 */
    int calendar; /* index of the calendar it stands in */
    char *text;   /* BEGIN:.. to END:.., CRLF lines */
    char *key;    /* an event's UID, a zone's TZID; raw; "" when missing */
};

struct ical_file {
    struct ical_calendar *calendars; /* one at least when there are blocks: events outside of any have an unnamed one */
    int calendar_count;
    struct ical_block *events, *zones;
    int event_count, zone_count;
    bool complete; /* a VCALENDAR was there and each was closed: what is not in the file is not in the calendar */
    bool cut;      /* a limit was met */
};

/* Never fails: a file that is no calendar has no calendars and no events. The caller ends with ical_split_done. */
void ical_split(struct ical_file *out, const char *bytes, size_t n);
void ical_split_done(struct ical_file *f);
/* RFC 5545 3.3.11: "\n" "\," "\;" "\\" in place. */
void ical_unescape(char *s);

#endif
