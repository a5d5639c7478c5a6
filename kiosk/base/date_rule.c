/* The POSIX TZ string at the end of a TZif file: "MSK-3", "CET-1CEST,M3.5.0,M10.5.0/3". */
#include "kiosk/base/date_zone.h"

#include <string.h>

enum { DAY_SECONDS = 86400, HOURS_MAX = 167 };

struct zone_text {
    const char *at, *end;
};

static char zone_peek(const struct zone_text *t) { return t->at < t->end ? *t->at : 0; }

static bool zone_take(struct zone_text *t, char c)
{
    if (zone_peek(t) != c)
        return false;
    t->at++;
    return true;
}

static bool zone_int(struct zone_text *t, int low, int high, int *out)
{
    int value = 0, digits = 0;
    while (zone_peek(t) >= '0' && zone_peek(t) <= '9' && digits < 4) {
        value = value * 10 + (*t->at++ - '0');
        digits++;
    }
    *out = value;
    return digits > 0 && value >= low && value <= high;
}

/* An abbreviation: letters, or anything printable between < and >. Only its length matters. */
static bool zone_abbreviation(struct zone_text *t)
{
    const char *start = t->at;
    bool quoted = zone_take(t, '<');
    for (;;) {
        char c = zone_peek(t);
        bool letter = (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
        bool sign_or_digit = (c >= '0' && c <= '9') || c == '+' || c == '-';
        if (!letter && !(quoted && sign_or_digit))
            break;
        t->at++;
    }
    if (quoted)
        return zone_take(t, '>');
    return t->at - start >= 3;
}

/* [+-]h[hh][:mm[:ss]] */
static bool zone_seconds(struct zone_text *t, int *out)
{
    int sign = 1, hour, minute = 0, second = 0;
    if (zone_take(t, '-'))
        sign = -1;
    else
        zone_take(t, '+');
    if (!zone_int(t, 0, HOURS_MAX, &hour))
        return false;
    if (zone_take(t, ':')) {
        if (!zone_int(t, 0, 59, &minute))
            return false;
        if (zone_take(t, ':') && !zone_int(t, 0, 59, &second))
            return false;
    }
    *out = sign * (hour * 3600 + minute * 60 + second);
    return true;
}

static bool zone_day_parse(struct zone_text *t, struct zone_day *out)
{
    *out = (struct zone_day){.second = 2 * 3600};
    bool good;
    if (zone_take(t, 'M')) {
        out->kind = ZONE_DAY_MONTH;
        good = zone_int(t, 1, 12, &out->month) && zone_take(t, '.') && zone_int(t, 1, 5, &out->week) &&
               zone_take(t, '.') && zone_int(t, 0, 6, &out->weekday);
    } else if (zone_take(t, 'J')) {
        out->kind = ZONE_DAY_JULIAN;
        good = zone_int(t, 1, 365, &out->n);
    } else {
        out->kind = ZONE_DAY_ZERO;
        good = zone_int(t, 0, 365, &out->n);
    }
    if (good && zone_take(t, '/'))
        good = zone_seconds(t, &out->second);
    return good;
}

bool zone_rule_parse(const char *s, size_t n, struct zone_rule *out)
{
    struct zone_text t = {s, s + n};
    *out = (struct zone_rule){0};
    if (!zone_abbreviation(&t) || !zone_seconds(&t, &out->standard))
        return false;
    out->standard = -out->standard; /* the string counts west of Greenwich */
    if (t.at == t.end)
        return true;
    if (!zone_abbreviation(&t))
        return false;
    out->has_summer = true;
    out->summer = out->standard + 3600;
    if (zone_peek(&t) != ',') {
        if (!zone_seconds(&t, &out->summer))
            return false;
        out->summer = -out->summer;
    }
    return zone_take(&t, ',') && zone_day_parse(&t, &out->begin) && zone_take(&t, ',') &&
           zone_day_parse(&t, &out->end) && t.at == t.end;
}

/* Local seconds since 1970 at which the day's change comes in a year, counted on the clock in force before it. */
static int64_t zone_day_in(const struct zone_day *d, int year)
{
    int32_t january = date_to_days((struct date){year, 1, 1});
    int32_t day;
    if (d->kind == ZONE_DAY_ZERO) {
        day = january + d->n;
    } else if (d->kind == ZONE_DAY_JULIAN) {
        int32_t march = date_to_days((struct date){year, 3, 1});
        day = d->n <= 59 ? january + d->n - 1 : march + d->n - 60;
    } else {
        int32_t first = date_to_days((struct date){year, d->month, 1});
        int32_t next = d->month == 12 ? date_to_days((struct date){year + 1, 1, 1})
                                      : date_to_days((struct date){year, d->month + 1, 1});
        day = first + (d->weekday - date_weekday(first) % 7 + 7) % 7 + (d->week - 1) * 7;
        if (day >= next)
            day -= 7;
    }
    return (int64_t)day * DAY_SECONDS + d->second;
}

int zone_rule_offset(const struct zone_rule *r, int64_t instant)
{
    if (!r->has_summer)
        return r->standard;
    int64_t local = instant + r->standard;
    int64_t days = local / DAY_SECONDS - (local % DAY_SECONDS < 0);
    int year = date_from_days((int32_t)days).year;
    int64_t begin = zone_day_in(&r->begin, year) - r->standard;
    int64_t end = zone_day_in(&r->end, year) - r->summer;
    bool summer = begin < end ? instant >= begin && instant < end : instant >= begin || instant < end;
    return summer ? r->summer : r->standard;
}
