/* Opening hours as schema.org's openingHours and OpenStreetMap's opening_hours write them: "Mo-Fr 10:00-19:00; Sa
 * 11:00-17:00", several spans a day with commas, also in Russian: "пн-пт 10-19, сб 11-17". Days that are not named are
 * closed. */
#ifndef KIOSK_BASE_HOURS_H
#define KIOSK_BASE_HOURS_H

#include <stdbool.h>
#include <stdint.h>

enum { HOURS_SPANS = 3 };

struct zone;

/* Minutes after midnight, 0..1440; of each weekday, 0 Monday .. 6 Sunday. A span ends on its day, at 24:00 at the
 * latest. */
struct hours {
    struct hours_day {
        int count;
        int from[HOURS_SPANS], to[HOURS_SPANS];
    } day[7];
};

/* false: it cannot be understood, and *out is closed for ever. "" is understood and means: always open (count 0 on all
 * days). */
bool hours_parse(struct hours *out, const char *text);
bool hours_is_set(const struct hours *h); /* some day is open */
/* Is it open at this instant (Unix seconds), in this zone (NULL: UTC)? Always when nothing is set. */
bool hours_is_open(const struct hours *h, const struct zone *z, int64_t at);
/* The next opening after an instant at which it is closed, at most eight days on; 0 when there is none. */
int64_t hours_next(const struct hours *h, const struct zone *z, int64_t at);

#endif
