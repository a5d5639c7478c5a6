/* A recurrence rule in words. What is not understood whole is not told at all: half a rule would be a wrong one. */
#include "screens/repeat.h"

#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "kiosk/base/date.h"
#include "kiosk/base/i18n.h"
#include "kiosk/ui/when.h"

struct repeat {
    char freq;         /* 'D', 'W', 'M', 'Y', 0 unknown */
    int interval;
    unsigned weekdays; /* bit n: weekday n, 1 Monday */
    int nth;           /* of a monthly rule's weekday, -1 the last; 0 none */
    struct date until; /* month 0: without an end */
    bool strange;
};

static void repeat_read_freq(struct repeat *r, const char *value, size_t n)
{
    static const char *const names[] = {"DAILY", "WEEKLY", "MONTHLY", "YEARLY"};
    for (int i = 0; i < 4; i++)
        if (strlen(names[i]) == n && strncmp(names[i], value, n) == 0)
            r->freq = names[i][0];
}

static void repeat_read_interval(struct repeat *r, const char *value, size_t n)
{
    r->interval = 0;
    for (size_t i = 0; i < n && i < 3; i++)
        r->interval = value[i] >= '0' && value[i] <= '9' ? 10 * r->interval + (value[i] - '0') : -1000;
    r->strange |= r->interval < 1;
}

/* "TU", "2MO", "-1FR". */
static void repeat_read_day(struct repeat *r, const char *value, size_t n)
{
    static const char days[] = "MOTUWETHFRSASU";
    if (n > 2) {
        bool last = n == 4 && value[0] == '-' && value[1] == '1';
        bool nth = n == 3 && value[0] >= '1' && value[0] <= '4';
        r->strange |= !(last || nth) || r->nth != 0;
        r->nth = last ? -1 : value[0] - '0';
        value += n - 2;
    }
    int day = 0;
    for (int i = 0; i < 7 && n >= 2; i++)
        if (strncmp(days + 2 * i, value, 2) == 0)
            day = i + 1;
    r->strange |= day == 0;
    r->weekdays |= 1u << day;
}

static void repeat_read_days(struct repeat *r, const char *value, size_t n)
{
    for (size_t at = 0; at < n;) {
        size_t len = strcspn(value + at, ",;");
        len = at + len > n ? n - at : len;
        repeat_read_day(r, value + at, len);
        at += len + 1;
    }
}

/* The day of UNTIL as it is written: in UTC it is the last day of whoever lives east of it, as all here do. */
static void repeat_read_until(struct repeat *r, const char *value, size_t n)
{
    struct date d;
    if (n >= 8 && sscanf(value, "%4d%2d%2d", &d.year, &d.month, &d.day) == 3 && date_is_valid(d))
        r->until = d;
}

static void repeat_read_part(struct repeat *r, const char *part, size_t n)
{
    static const char *const told_elsewhere[] = {"COUNT=", "WKST="};
    if (n > 5 && strncmp(part, "FREQ=", 5) == 0)
        repeat_read_freq(r, part + 5, n - 5);
    else if (n > 9 && strncmp(part, "INTERVAL=", 9) == 0)
        repeat_read_interval(r, part + 9, n - 9);
    else if (n > 6 && strncmp(part, "BYDAY=", 6) == 0)
        repeat_read_days(r, part + 6, n - 6);
    else if (n > 6 && strncmp(part, "UNTIL=", 6) == 0)
        repeat_read_until(r, part + 6, n - 6);
    else {
        bool known = n == 0;
        for (int i = 0; i < 2; i++)
            known |= strncmp(part, told_elsewhere[i], strlen(told_elsewhere[i])) == 0;
        r->strange |= !known;
    }
}

static struct repeat repeat_read(const char *rrule)
{
    struct repeat r = {.interval = 1};
    if (strncmp(rrule, "RRULE:", 6) == 0)
        rrule += 6;
    while (*rrule) {
        size_t n = strcspn(rrule, ";");
        repeat_read_part(&r, rrule, n);
        rrule += n + (rrule[n] == ';');
    }
    r.strange |= r.nth != 0 && (r.freq != 'M' || (r.weekdays & (r.weekdays - 1)) != 0);
    r.strange |= r.nth == 0 && r.weekdays != 0 && r.freq != 'W' && r.freq != 'D';
    return r;
}

static void repeat_weekdays(char *out, size_t size, unsigned weekdays)
{
    size_t n = 0;
    out[0] = '\0';
    for (int day = 1; day <= 7; day++)
        if (weekdays & (1u << day) && n < size)
            n += (size_t)snprintf(out + n, size - n, "%s%s", n ? ", " : "", when_weekday_short(day));
}

/* The number of the only weekday, 0: there is none, or more than one. */
static int repeat_one_day(const struct repeat *r)
{
    for (int day = 1; day <= 7; day++)
        if (r->weekdays == 1u << day)
            return day;
    return 0;
}

static void repeat_weekly(char *out, size_t size, const struct repeat *r)
{
    char days[128];
    repeat_weekdays(days, sizeof days, r->weekdays);
    static const char *const one[] = {NULL, N_("every Monday"), N_("every Tuesday"), N_("every Wednesday"), N_("every Thursday"),
                                      N_("every Friday"), N_("every Saturday"), N_("every Sunday")};
    const unsigned workdays = 0x3E, all = 0xFE;
    if (r->interval == 1 && r->weekdays == all)
        snprintf(out, size, "%s", _("every day"));
    else if (r->interval == 1 && r->weekdays == workdays)
        snprintf(out, size, "%s", _("every weekday"));
    else if (r->interval == 1 && !r->weekdays)
        snprintf(out, size, "%s", _("every week"));
    else if (r->interval == 1 && repeat_one_day(r))
        snprintf(out, size, "%s", _(one[repeat_one_day(r)]));
    else if (r->interval == 1)
        snprintf(out, size, _("every week: %s"), days);
    else if (!r->weekdays)
        snprintf(out, size, i18n_plural("every %d week", "every %d weeks", (unsigned long)r->interval), r->interval);
    else
        snprintf(out, size, i18n_plural("every %d week: %s", "every %d weeks: %s", (unsigned long)r->interval), r->interval,
                 days);
}

static void repeat_say(char *out, size_t size, const struct repeat *r)
{
    if (r->freq == 'W' || (r->freq == 'D' && r->weekdays))
        repeat_weekly(out, size, r);
    else if (r->freq == 'M' && r->interval == 1)
        snprintf(out, size, "%s", _("every month")); /* which Monday of it, the dates say */
    else if (r->freq == 'D' && r->interval == 1)
        snprintf(out, size, "%s", _("every day"));
    else if (r->freq == 'Y' && r->interval == 1)
        snprintf(out, size, "%s", _("every year"));
}

char *repeat_words(char *out, size_t size, const char *rrule, const struct when *w)
{
    char words[300] = "", until[80];
    out[0] = '\0';
    struct repeat r = rrule ? repeat_read(rrule) : (struct repeat){.strange = true};
    if (r.strange)
        return out;
    repeat_say(words, sizeof words, &r);
    if (words[0] && r.until.month)
        snprintf(out, size, _("%s, until %s"), words, when_date(until, sizeof until, date_to_days(r.until), w));
    else
        snprintf(out, size, "%s", words);
    return out;
}
