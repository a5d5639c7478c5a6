/* Days and times in words. A day of a month is one message ("%d May"), because in Russian and its neighbours the
 * month's name changes its form beside a number. */
#include "kiosk/ui/when.h"

#include <stdio.h>
#include <string.h>

#include "kiosk/base/date.h"
#include "kiosk/base/i18n.h"
#include "kiosk/base/text.h"
#include "kiosk/ui/ui.h"

enum { WHEN_TEXT = 80, WHEN_NIGHT_ENDS = 6 };

static const char *const when_month_names[] = {N_("January"),   N_("February"), N_("March"),    N_("April"),
                                               N_("May"),       N_("June"),     N_("July"),     N_("August"),
                                               N_("September"), N_("October"),  N_("November"), N_("December")};
static const char *const when_month_days[] = {
    N_("%d January"), N_("%d February"), N_("%d March"),     N_("%d April"),   N_("%d May"),      N_("%d June"),
    N_("%d July"),    N_("%d August"),   N_("%d September"), N_("%d October"), N_("%d November"), N_("%d December")};
static const char *const when_weekdays[] = {N_("Monday"), N_("Tuesday"),  N_("Wednesday"), N_("Thursday"),
                                            N_("Friday"), N_("Saturday"), N_("Sunday")};
static const char *const when_weekdays_short[] = {N_("Mon"), N_("Tue"), N_("Wed"), N_("Thu"),
                                                  N_("Fri"), N_("Sat"), N_("Sun")};

struct when when_of(const struct ui *ui)
{
    return (struct when){.zone = ui->zone, .today = ui->time_known ? ui->today : INT32_MIN};
}

static int when_index(int value, int count) { return value < 1 || value > count ? 0 : value - 1; }

const char *when_weekday(int weekday) { return _(when_weekdays[when_index(weekday, 7)]); }
const char *when_weekday_short(int weekday) { return _(when_weekdays_short[when_index(weekday, 7)]); }

char *when_month(char *out, size_t size, int year, int month)
{
    snprintf(out, size, "%s %d", _(when_month_names[when_index(month, 12)]), year);
    return out;
}

char *when_month_name(char *out, size_t size, int month, bool beside_a_day)
{
    const char *text = beside_a_day ? _(when_month_days[when_index(month, 12)]) : _(when_month_names[when_index(month, 12)]);
    const char *at = beside_a_day ? strstr(text, "%d") : NULL;
    const char *after = at ? at + 2 + strspn(at + 2, " .") : "";
    snprintf(out, size, "%.*s%s", (int)(at ? at - text : (ptrdiff_t)strlen(text)), text, after);
    return out;
}

/* A translation says where the number goes; it is put there by hand, since a catalogue must not bring its own format.
 */
static void when_day_of_month(char *out, size_t size, int day, int month)
{
    const char *fmt = _(when_month_days[when_index(month, 12)]), *at = strstr(fmt, "%d");
    if (at)
        snprintf(out, size, "%.*s%d%s", (int)(at - fmt), fmt, day, at + 2);
    else
        snprintf(out, size, "%d %s", day, fmt);
}

/* "12 May", with the year when it is not the present one. */
char *when_date(char *out, size_t size, int32_t day, const struct when *w)
{
    struct date d = date_from_days(day);
    when_day_of_month(out, size, d.day, d.month);
    if (w->today == INT32_MIN || date_from_days(w->today).year != d.year) {
        size_t n = strlen(out);
        snprintf(out + n, size - n, " %d", d.year);
    }
    return out;
}

/* "today", "tomorrow", or NULL. */
static const char *when_near(int32_t day, const struct when *w)
{
    if (w->today == INT32_MIN)
        return NULL;
    return day == w->today ? _("today") : day == w->today + 1 ? _("tomorrow") : NULL;
}

char *when_day(char *out, size_t size, int32_t day, const struct when *w)
{
    const char *near = when_near(day, w);
    char date[WHEN_TEXT];
    if (near)
        snprintf(out, size, "%s", near);
    else
        snprintf(out, size, "%s, %s", when_weekday_short(date_weekday(day)), when_date(date, sizeof date, day, w));
    return out;
}

char *when_day_long(char *out, size_t size, int32_t day, const struct when *w)
{
    const char *near = when_near(day, w), *weekday = when_weekday(date_weekday(day));
    char date[WHEN_TEXT];
    when_date(date, sizeof date, day, w);
    if (near)
        snprintf(out, size, "%s, %s, %s", near, weekday, date);
    else
        snprintf(out, size, "%s, %s", weekday, date);
    text_capitalize(out);
    return out;
}

static int32_t when_local_day(int64_t instant, const struct when *w)
{
    return date_to_days(zone_local(w->zone, instant).date);
}

char *when_time(char *out, size_t size, int64_t instant, const struct when *w)
{
    struct date_time t = zone_local(w->zone, instant);
    snprintf(out, size, "%02d:%02d", t.hour, t.minute);
    return out;
}

static bool when_has_end(const struct when_span *s) { return s->end > s->start; }

/* The last day: the end is exclusive. */
static int32_t when_last_day(const struct when_span *s, const struct when *w)
{
    return when_local_day(when_has_end(s) ? s->end - 1 : s->start, w);
}

/* One evening, though it may end after midnight. */
static bool when_is_one_day(const struct when_span *s, const struct when *w)
{
    int32_t first = when_local_day(s->start, w), last = when_last_day(s, w);
    if (first == last)
        return true;
    return !s->all_day && last == first + 1 && zone_local(w->zone, s->end).hour < WHEN_NIGHT_ENDS &&
           s->end - s->start < 86400;
}

char *when_hours(char *out, size_t size, const struct when_span *s, const struct when *w)
{
    char from[WHEN_TEXT], to[WHEN_TEXT], until[WHEN_TEXT + 40];
    bool one_day = when_is_one_day(s, w);
    when_time(from, sizeof from, s->start, w);
    if (s->all_day && one_day) {
        snprintf(out, size, "%s", _("all day"));
    } else if (!one_day) {
        snprintf(until, sizeof until, _("until %s"), when_date(to, sizeof to, when_last_day(s, w), w));
        if (s->all_day)
            snprintf(out, size, "%s", until);
        else
            snprintf(out, size, "%s, %s", from, until);
    } else if (when_has_end(s)) {
        snprintf(out, size, "%s–%s", from, when_time(to, sizeof to, s->end, w));
    } else {
        snprintf(out, size, "%s", from);
    }
    return out;
}

/* "12–15 May", "30 April – 2 May". */
static char *when_days(char *out, size_t size, int32_t first, int32_t last, const struct when *w)
{
    struct date a = date_from_days(first), b = date_from_days(last);
    char from[WHEN_TEXT], to[WHEN_TEXT];
    when_date(from, sizeof from, first, w);
    when_date(to, sizeof to, last, w);
    if (a.year == b.year && a.month == b.month)
        snprintf(out, size, "%d–%s", a.day, to);
    else
        snprintf(out, size, "%s – %s", from, to);
    return out;
}

char *when_span(char *out, size_t size, const struct when_span *s, const struct when *w)
{
    int32_t first = when_local_day(s->start, w), last = when_last_day(s, w);
    char day[WHEN_TEXT * 2], end_day[WHEN_TEXT * 2], from[WHEN_TEXT], to[WHEN_TEXT], hours[WHEN_TEXT * 3];
    when_day(day, sizeof day, first, w);
    if (when_is_one_day(s, w)) {
        if (s->all_day)
            snprintf(out, size, "%s", day);
        else
            snprintf(out, size, "%s, %s", day, when_hours(hours, sizeof hours, s, w));
    } else if (s->all_day) {
        when_days(out, size, first, last, w);
    } else {
        when_day(end_day, sizeof end_day, when_local_day(s->end, w), w);
        snprintf(out, size, "%s, %s – %s, %s", day, when_time(from, sizeof from, s->start, w), end_day,
                 when_time(to, sizeof to, s->end, w));
    }
    return out;
}

char *when_moment(char *out, size_t size, int64_t instant, const struct when *w)
{
    int32_t day = when_local_day(instant, w);
    char date[WHEN_TEXT], time[WHEN_TEXT];
    const char *today = day == w->today ? _("today") : when_date(date, sizeof date, day, w);
    snprintf(out, size, "%s, %s", today, when_time(time, sizeof time, instant, w));
    return out;
}
