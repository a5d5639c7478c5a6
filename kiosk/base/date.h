/* Calendar dates and instants. An instant is Unix time in seconds (int64_t, UTC); a civil date is proleptic Gregorian.
 * Zones are IANA names read by the C library (tzdata). Sources: RFC 3339, ISO 8601, RFC 5545 3.3.5. */
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
    int offset; /* seconds east of UTC */
    int weekday; /* 1 Monday .. 7 Sunday (ISO 8601) */
};

int32_t date_to_days(struct date d); /* days since 1970-01-01 */
struct date date_from_days(int32_t days);
int date_weekday(int32_t days); /* 1 Monday .. 7 Sunday */
bool date_is_valid(struct date d); /* years 1900-2199 */
bool date_parse(const char *s, struct date *out); /* "YYYY-MM-DD", the whole string */
void date_format(struct date d, char out[11]);

/* A zone. zone_get never fails: an unknown name gives UTC and zone_is_known false. Kept for the process's life in a small
 * table owned by the caller's struct zones, so that two zones can be used in turn. */
struct zone; /* opaque */
struct zone *zone_new(const char *name); /* "Europe/Moscow"; NULL when unknown. Reads the TZif file (RFC 8536) */
void zone_free(struct zone *z);
const char *zone_name(const struct zone *z);
struct date_time zone_local(const struct zone *z, int64_t instant); /* z NULL: UTC */
/* The instant of a local time; in a gap the time after it, in an overlap the first. */
int64_t zone_instant(const struct zone *z, struct date d, int hour, int minute, int second);

/* RFC 3339 / ISO 8601 "2026-12-01T18:00:00+03:00" or "...Z". The whole string; false when it is none. */
bool instant_parse(const char *s, int64_t *out);
void instant_format_utc(int64_t instant, char out[21]);                       /* "2026-12-01T15:00:00Z" */
void instant_format_local(int64_t instant, const struct zone *z, char out[26]); /* "2026-12-01T18:00:00+03:00" */

#endif
