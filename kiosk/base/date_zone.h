/* Inside the date module: zones from bytes, and the rule that continues them. For date_zone.c, date_rule.c, tests. */
#ifndef KIOSK_BASE_DATE_ZONE_H
#define KIOSK_BASE_DATE_ZONE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "kiosk/base/date.h"

/* A day of every year, as in the POSIX TZ string (IEEE 1003.1, 8.3). */
struct zone_day {
    enum zone_day_kind { ZONE_DAY_JULIAN, ZONE_DAY_ZERO, ZONE_DAY_MONTH } kind; /* Jn, n, Mm.w.d */
    int n;           /* Jn: 1-365 without 29 February; n: 0-365 */
    int month, week; /* 1-12, 1-5 (5 is the last) */
    int weekday;     /* 0 Sunday .. 6 */
    int second;      /* of local time; RFC 8536 allows -167 to 167 hours */
};

/* What holds after the last listed change. */
struct zone_rule {
    bool has_summer;
    int standard, summer;       /* seconds east of UTC */
    struct zone_day begin, end; /* of summer time */
};

/* Reads a POSIX TZ string, n bytes, the whole of it. False leaves *out undefined. */
bool zone_rule_parse(const char *s, size_t n, struct zone_rule *out);
/* Seconds east of UTC at an instant. */
int zone_rule_offset(const struct zone_rule *r, int64_t instant);

/* A zone from the bytes of a TZif file (RFC 8536, versions 1 to 4). NULL when they are none; the caller frees it. */
struct zone *zone_from_bytes(const char *name, const void *bytes, size_t n);

#endif
