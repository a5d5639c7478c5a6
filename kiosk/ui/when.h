/* Days and times in words for people, in the language of i18n: "сегодня", "вт, 12 мая", "18:00–20:00". Month and
 * weekday names are ours, since small systems lack locales. Every function writes at most size bytes with the NUL and
 * returns out. */
#ifndef KIOSK_UI_WHEN_H
#define KIOSK_UI_WHEN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct zone;

/* The moment of looking. today: days since 1970 in the zone; INT32_MIN when the clock is not known: no "today", years
 * shown. */
struct when {
    const struct zone *zone;
    int32_t today;
};
struct ui;
struct when when_of(const struct ui *ui);

struct when_span {
    int64_t start, end; /* Unix seconds; end exclusive, 0: unknown */
    bool all_day;
};

char *when_date(char *out, size_t size, int32_t day, const struct when *w); /* "12 May" (+ year when another) */
char *when_day(char *out, size_t size, int32_t day,
               const struct when *w); /* "today", "tomorrow", "Tue, 12 May" (+ year when another) */
char *when_day_long(char *out, size_t size, int32_t day, const struct when *w); /* "Today, Tuesday, 12 May" */
char *when_time(char *out, size_t size, int64_t instant, const struct when *w); /* "18:00" */
/* "18:00–20:00", "18:00", "all day", "until 15 May": the part beside a day in an agenda. */
char *when_hours(char *out, size_t size, const struct when_span *s, const struct when *w);
/* "Tue, 12 May, 18:00–20:00", "12–15 May", "Tue, 12 May, 18:00 – Wed, 13 May, 02:00". */
char *when_span(char *out, size_t size, const struct when_span *s, const struct when *w);
char *when_moment(char *out, size_t size, int64_t instant, const struct when *w); /* "12 May, 10:30", "today, 10:30" */
char *when_month(char *out, size_t size, int year, int month);                    /* "May 2026" */
/* "May"; beside_a_day: the form it has in a date ("мая"). */
char *when_month_name(char *out, size_t size, int month, bool beside_a_day);
char *when_date(char *out, size_t size, int32_t day, const struct when *w); /* "12 May", + year when it is another */
const char *when_weekday(int weekday);                                            /* "Tuesday"; 1 Monday .. 7 Sunday */
const char *when_weekday_short(int weekday);                                      /* "Tue" */

#endif
