/* Calendar arithmetic, and instants as text. */
#include "kiosk/base/date.h"

#include <stdio.h>
#include <string.h>

enum { DATE_YEAR_MIN = 1900, DATE_YEAR_MAX = 2199, DATE_ERA_DAYS = 146097, DAY_SECONDS = 86400 };

/* Counted in years that begin in March, so that the leap day is the last of its year; an era is 400 years. */
int32_t date_to_days(struct date d)
{
    int64_t year = (int64_t)d.year - (d.month <= 2);
    int64_t era = (year >= 0 ? year : year - 399) / 400;
    int of_era = (int)(year - era * 400);
    int month = (d.month + 9) % 12; /* 0 March */
    int of_year = (153 * month + 2) / 5 + d.day - 1;
    int day = of_era * 365 + of_era / 4 - of_era / 100 + of_year;
    return (int32_t)(era * DATE_ERA_DAYS + day - 719468); /* 0000-03-01 to 1970-01-01 */
}

struct date date_from_days(int32_t days)
{
    int64_t n = (int64_t)days + 719468;
    int64_t era = (n >= 0 ? n : n - (DATE_ERA_DAYS - 1)) / DATE_ERA_DAYS;
    int of_era = (int)(n - era * DATE_ERA_DAYS);
    int year = (of_era - of_era / 1460 + of_era / 36524 - of_era / 146096) / 365;
    int of_year = of_era - (365 * year + year / 4 - year / 100);
    int month = (5 * of_year + 2) / 153;
    struct date d = {.day = of_year - (153 * month + 2) / 5 + 1, .month = month < 10 ? month + 3 : month - 9};
    d.year = (int)(year + era * 400) + (d.month <= 2);
    return d;
}

int date_weekday(int32_t days) { return (int)((((int64_t)days + 3) % 7 + 7) % 7) + 1; /* 1970-01-01 was a Thursday */ }

static int date_month_days(int year, int month)
{
    static const char days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
    return days[month - 1] + (month == 2 && leap);
}

bool date_is_valid(struct date d)
{
    return d.year >= DATE_YEAR_MIN && d.year <= DATE_YEAR_MAX && d.month >= 1 && d.month <= 12 && d.day >= 1 &&
           d.day <= date_month_days(d.year, d.month);
}

/* Reads exactly `digits` digits at *s and moves it on. */
static bool date_number(const char **s, int digits, int *out)
{
    int value = 0;
    for (int i = 0; i < digits; i++) {
        char c = (*s)[i];
        if (c < '0' || c > '9')
            return false;
        value = value * 10 + (c - '0');
    }
    *s += digits;
    *out = value;
    return true;
}

static bool date_skip(const char **s, char c)
{
    if (**s != c)
        return false;
    (*s)++;
    return true;
}

static bool date_read(const char **s, struct date *out)
{
    struct date d;
    if (!date_number(s, 4, &d.year) || !date_skip(s, '-') || !date_number(s, 2, &d.month) || !date_skip(s, '-') ||
        !date_number(s, 2, &d.day) || !date_is_valid(d))
        return false;
    *out = d;
    return true;
}

bool date_parse(const char *s, struct date *out)
{
    struct date d;
    if (!date_read(&s, &d) || *s)
        return false;
    *out = d;
    return true;
}

/* The last digits of a number, so that any int fits its place. */
static void date_digits(char *out, int digits, int value)
{
    unsigned left = value < 0 ? 0u : (unsigned)value;
    for (int i = digits - 1; i >= 0; i--) {
        out[i] = (char)('0' + left % 10);
        left /= 10;
    }
}

void date_format(struct date d, char out[11])
{
    memcpy(out, "0000-00-00", 11);
    date_digits(out, 4, d.year);
    date_digits(out + 5, 2, d.month);
    date_digits(out + 8, 2, d.day);
}

/* ---- instants */

/* hh:mm, then seconds and a fraction that is not kept. 24:00 is left out as RFC 3339 does; second 60 is a leap second.
 */
static bool instant_read_time(const char **s, int *seconds)
{
    int hour, minute, second = 0;
    if (!date_number(s, 2, &hour) || !date_skip(s, ':') || !date_number(s, 2, &minute))
        return false;
    if (date_skip(s, ':')) {
        if (!date_number(s, 2, &second))
            return false;
        if (**s == '.' || **s == ',') {
            int digit;
            ++*s;
            if (!date_number(s, 1, &digit))
                return false;
            while (date_number(s, 1, &digit))
                continue;
        }
    }
    *seconds = hour * 3600 + minute * 60 + second;
    return hour <= 23 && minute <= 59 && second <= 60;
}

static bool instant_read_offset(const char **s, int *seconds)
{
    *seconds = 0;
    if (**s == 'Z' || **s == 'z') {
        ++*s;
        return true;
    }
    int sign = **s == '-' ? -1 : 1, hour, minute = 0;
    if (**s != '+' && **s != '-')
        return false;
    ++*s;
    if (!date_number(s, 2, &hour))
        return false;
    bool colon = date_skip(s, ':');
    if ((colon || **s) && !date_number(s, 2, &minute))
        return false;
    *seconds = sign * (hour * 3600 + minute * 60);
    return hour <= 23 && minute <= 59;
}

bool instant_parse(const char *s, int64_t *out)
{
    struct date d;
    int seconds, offset;
    if (!date_read(&s, &d))
        return false;
    if (*s != 'T' && *s != 't' && *s != ' ')
        return false;
    s++;
    if (!instant_read_time(&s, &seconds) || !instant_read_offset(&s, &offset) || *s)
        return false;
    int64_t instant = (int64_t)date_to_days(d) * DAY_SECONDS + seconds - offset;
    if (instant < (int64_t)date_to_days((struct date){1900, 1, 1}) * DAY_SECONDS ||
        instant >= (int64_t)date_to_days((struct date){2200, 1, 1}) * DAY_SECONDS)
        return false; /* its spelling in UTC would not be read */
    *out = instant;
    return true;
}

static void instant_digits(const struct date_time *t, char out[20])
{
    memcpy(out, "0000-00-00T00:00:00", 20);
    date_digits(out, 4, t->date.year);
    date_digits(out + 5, 2, t->date.month);
    date_digits(out + 8, 2, t->date.day);
    date_digits(out + 11, 2, t->hour);
    date_digits(out + 14, 2, t->minute);
    date_digits(out + 17, 2, t->second);
}

void instant_format_utc(int64_t instant, char out[21])
{
    struct date_time t = zone_local(NULL, instant);
    instant_digits(&t, out);
    memcpy(out + 19, "Z", 2);
}

void instant_format_local(int64_t instant, const struct zone *z, char out[26])
{
    struct date_time t = zone_local(z, instant);
    int minutes = (t.offset < 0 ? -t.offset : t.offset) / 60;
    instant_digits(&t, out);
    memcpy(out + 19, t.offset < 0 ? "-00:00" : "+00:00", 7);
    date_digits(out + 20, 2, minutes / 60);
    date_digits(out + 23, 2, minutes % 60);
}
