/* Calendar dates and instants. An instant is Unix time in seconds (int64_t, UTC); a civil date is proleptic Gregorian.
 * Zones are IANA names (tzdata), read here so that two can be used in turn.
 * Sources: RFC 3339, ISO 8601, RFC 5545 3.3.5, RFC 8536 (TZif). */
#ifndef KIOSK_BASE_DATE_H
#define KIOSK_BASE_DATE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct date {
    int year, month, day; /* month 1-12, day 1-31 */
};

struct date_time {
    struct date date;
    int hour, minute, second;
    int offset;  /* seconds east of UTC */
    int weekday; /* 1 Monday .. 7 Sunday (ISO 8601) */
};

int32_t date_to_days(struct date d); /* days since 1970-01-01 */
struct date date_from_days(int32_t days);
int date_weekday(int32_t days);                   /* 1 Monday .. 7 Sunday */
bool date_is_valid(struct date d);                /* years 1900-2199 */
bool date_parse(const char *s, struct date *out); /* "YYYY-MM-DD", the whole string */
void date_format(struct date d, char out[11]);    /* years 0-9999 */

/* A zone: its changes from the TZif file of /usr/share/zoneinfo, continued by the rule at the file's end. Immutable. */
struct zone; /* opaque */
/* "Europe/Moscow". NULL when there is no such zone, the name is no plain one or the file is damaged; NULL is UTC for
 * every function here. The caller frees it. */
struct zone *zone_new(const char *name);
void zone_free(struct zone *z);
const char *zone_name(const struct zone *z);                        /* borrowed; "UTC" for NULL */
struct date_time zone_local(const struct zone *z, int64_t instant); /* z NULL: UTC */
/* The instant of a local time; in an overlap the first. A time inside a gap is counted on the clock from before it (RFC
 * 5545 3.3.5): 02:30 on a night that jumps from 2 to 3 is 03:30. */
int64_t zone_instant(const struct zone *z, struct date d, int hour, int minute, int second);

/* RFC 3339 / ISO 8601 "2026-12-01T18:00:00+03:00" or "...Z"; seconds may be missing, a fraction is dropped, the offset
 * may be "+0300" or "+03", the T a space. The whole string; false (and *out untouched) when it is none, has no
 * offset or lies outside the years 1900-2199 of UTC. */
bool instant_parse(const char *s, int64_t *out);
void instant_format_utc(int64_t instant, char out[21]);                         /* "2026-12-01T15:00:00Z" */
void instant_format_local(int64_t instant, const struct zone *z, char out[26]); /* "2026-12-01T18:00:00+03:00" */

#endif
