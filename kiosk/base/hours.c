/* A rule is days, then spans; rules are parted by ';' or, before a day's name, by ','. */
#include "kiosk/base/hours.h"

#include <stdio.h>
#include <string.h>

#include "kiosk/base/date.h"
#include "kiosk/base/text.h"

enum { HOURS_TEXT = 200, HOURS_DAY = 24 * 60 };

struct hours_reading {
    const char *at;
    struct hours *out;
};

/* ---- words and numbers */

static void hours_skip(struct hours_reading *r, const char *signs) { r->at += strspn(r->at, signs); }

/* The text is folded: lower case, ё as е. */
static int hours_day(struct hours_reading *r)
{
    static const char *const names[][7] = {{"mo", "tu", "we", "th", "fr", "sa", "su"},
                                           {"пн", "вт", "ср", "чт", "пт", "сб", "вс"}};
    for (int l = 0; l < 2; l++)
        for (int d = 0; d < 7; d++)
            if (strncmp(r->at, names[l][d], strlen(names[l][d])) == 0) {
                r->at += strlen(names[l][d]);
                return d;
            }
    return -1;
}

static bool hours_dash(struct hours_reading *r)
{
    static const char *const dashes[] = {"-", "\xe2\x80\x93", "\xe2\x80\x94"}; /* also – and — */
    hours_skip(r, " ");
    for (int i = 0; i < 3; i++)
        if (strncmp(r->at, dashes[i], strlen(dashes[i])) == 0) {
            r->at += strlen(dashes[i]);
            hours_skip(r, " ");
            return true;
        }
    return false;
}

/* "10", "10:30", "10.30" to minutes; -1: none. */
static int hours_clock(struct hours_reading *r)
{
    int hour = 0, minute = 0, digits = 0;
    for (; digits < 2 && *r->at >= '0' && *r->at <= '9'; digits++)
        hour = hour * 10 + *r->at++ - '0';
    if (digits > 0 && (*r->at == ':' || *r->at == '.')) {
        if (r->at[1] < '0' || r->at[1] > '5' || r->at[2] < '0' || r->at[2] > '9')
            return -1;
        minute = (r->at[1] - '0') * 10 + r->at[2] - '0';
        r->at += 3;
    }
    return digits > 0 && hour * 60 + minute <= HOURS_DAY ? hour * 60 + minute : -1;
}

/* ---- rules */

/* "mo-fr", "mo,we,fr"; bits of days, 0: none. */
static unsigned hours_days(struct hours_reading *r)
{
    unsigned days = 0;
    for (;;) {
        int from = hours_day(r), to = from;
        if (from < 0)
            return 0;
        if (hours_dash(r) && (to = hours_day(r)) < 0)
            return 0;
        for (int d = from;; d = (d + 1) % 7) {
            days |= 1U << d;
            if (d == to)
                break;
        }
        const char *before = r->at;
        hours_skip(r, " ,");
        struct hours_reading next = *r;
        if (hours_day(&next) >= 0)
            continue;
        r->at = before;
        return days;
    }
}

static bool hours_span(struct hours_reading *r, unsigned days)
{
    int from = hours_clock(r);
    if (from < 0 || !hours_dash(r))
        return false;
    int to = hours_clock(r);
    if (to <= from)
        return false;
    for (int d = 0; d < 7; d++) {
        struct hours_day *day = &r->out->day[d];
        if (!(days & 1U << d))
            continue;
        if (day->count == HOURS_SPANS || (day->count > 0 && day->to[day->count - 1] > from))
            return false;
        day->from[day->count] = from;
        day->to[day->count++] = to;
    }
    return true;
}

static bool hours_closed(struct hours_reading *r)
{
    static const char *const words[] = {"off", "closed", "выходной", "закрыто"};
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++)
        if (strncmp(r->at, words[i], strlen(words[i])) == 0) {
            r->at += strlen(words[i]);
            return true;
        }
    return false;
}

static bool hours_rule(struct hours_reading *r)
{
    unsigned days = hours_days(r);
    hours_skip(r, " :");
    if (days == 0)
        return false;
    if (hours_closed(r))
        return true;
    do {
        hours_skip(r, " ,");
        if (!hours_span(r, days))
            return false;
        hours_skip(r, " ");
    } while (*r->at == ',' && strspn(r->at + 1, " 0123456789") > strspn(r->at + 1, " "));
    return true;
}

bool hours_parse(struct hours *out, const char *text)
{
    char folded[HOURS_TEXT];
    *out = (struct hours){.day = {{.count = 0}}};
    if (strlen(text) >= sizeof folded)
        return false;
    text_fold(folded, sizeof folded, text);
    struct hours_reading r = {.at = folded, .out = out};
    for (hours_skip(&r, " ;,"); *r.at; hours_skip(&r, " ;,"))
        if (!hours_rule(&r)) {
            *out = (struct hours){.day = {{.count = 0}}};
            return false;
        }
    return true;
}

/* ---- questions */

bool hours_is_set(const struct hours *h)
{
    for (int d = 0; d < 7; d++)
        if (h->day[d].count > 0)
            return true;
    return false;
}

bool hours_is_open(const struct hours *h, const struct zone *z, int64_t at)
{
    struct date_time t = zone_local(z, at);
    const struct hours_day *day = &h->day[t.weekday - 1];
    int minute = t.hour * 60 + t.minute;
    for (int i = 0; i < day->count; i++)
        if (minute >= day->from[i] && minute < day->to[i])
            return true;
    return !hours_is_set(h);
}

int64_t hours_next(const struct hours *h, const struct zone *z, int64_t at)
{
    int32_t today = date_to_days(zone_local(z, at).date);
    for (int32_t d = today; d <= today + 8; d++) {
        const struct hours_day *day = &h->day[date_weekday(d) - 1];
        for (int i = 0; i < day->count; i++) {
            int64_t opens = zone_instant(z, date_from_days(d), day->from[i] / 60, day->from[i] % 60, 0);
            if (opens > at)
                return opens;
        }
    }
    return 0;
}
