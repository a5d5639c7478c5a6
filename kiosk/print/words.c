/* Days, times and seats in words for paper. The dates are whole messages, since languages inflect the month beside a
 * number and order the parts in their own way. */
#include "kiosk/print/words.h"

#include <stdio.h>

#include "kiosk/base/date.h"
#include "kiosk/base/i18n.h"

enum { WORDS_DATE = 120 };

static void words_plain_date(char out[WORDS_DATE], struct date d)
{
    switch (d.month) {
    case 1:
        snprintf(out, WORDS_DATE, _("%d January %d"), d.day, d.year);
        break;
    case 2:
        snprintf(out, WORDS_DATE, _("%d February %d"), d.day, d.year);
        break;
    case 3:
        snprintf(out, WORDS_DATE, _("%d March %d"), d.day, d.year);
        break;
    case 4:
        snprintf(out, WORDS_DATE, _("%d April %d"), d.day, d.year);
        break;
    case 5:
        snprintf(out, WORDS_DATE, _("%d May %d"), d.day, d.year);
        break;
    case 6:
        snprintf(out, WORDS_DATE, _("%d June %d"), d.day, d.year);
        break;
    case 7:
        snprintf(out, WORDS_DATE, _("%d July %d"), d.day, d.year);
        break;
    case 8:
        snprintf(out, WORDS_DATE, _("%d August %d"), d.day, d.year);
        break;
    case 9:
        snprintf(out, WORDS_DATE, _("%d September %d"), d.day, d.year);
        break;
    case 10:
        snprintf(out, WORDS_DATE, _("%d October %d"), d.day, d.year);
        break;
    case 11:
        snprintf(out, WORDS_DATE, _("%d November %d"), d.day, d.year);
        break;
    default:
        snprintf(out, WORDS_DATE, _("%d December %d"), d.day, d.year);
        break;
    }
}

static void words_with_weekday(char *out, size_t size, int weekday, const char *date)
{
    switch (weekday) {
    case 1:
        snprintf(out, size, _("Monday, %s"), date);
        break;
    case 2:
        snprintf(out, size, _("Tuesday, %s"), date);
        break;
    case 3:
        snprintf(out, size, _("Wednesday, %s"), date);
        break;
    case 4:
        snprintf(out, size, _("Thursday, %s"), date);
        break;
    case 5:
        snprintf(out, size, _("Friday, %s"), date);
        break;
    case 6:
        snprintf(out, size, _("Saturday, %s"), date);
        break;
    default:
        snprintf(out, size, _("Sunday, %s"), date);
        break;
    }
}

char *words_date(char *out, size_t size, int64_t instant, const struct zone *zone)
{
    struct date_time t = zone_local(zone, instant);
    char date[WORDS_DATE];
    words_plain_date(date, t.date);
    words_with_weekday(out, size, t.weekday, date);
    return out;
}

/* The last moment that still belongs to the event; its start when the end is unknown. */
static int64_t words_last(const struct ticket_facts *facts)
{
    return facts->end > facts->start ? facts->end - 1 : facts->start;
}

static bool words_one_day(const struct ticket_facts *facts, const struct zone *zone)
{
    int32_t first = date_to_days(zone_local(zone, facts->start).date);
    int32_t last = date_to_days(zone_local(zone, words_last(facts)).date);
    /* an evening that ends after midnight is one evening */
    return first == last || (!facts->all_day && last == first + 1 && facts->end - facts->start <= 12 * 3600);
}

char *words_days(char *out, size_t size, const struct ticket_facts *facts, const struct zone *zone)
{
    if (words_one_day(facts, zone))
        return words_date(out, size, facts->start, zone);
    char first[WORDS_DATE], last[WORDS_DATE];
    words_plain_date(first, zone_local(zone, facts->start).date);
    words_plain_date(last, zone_local(zone, words_last(facts)).date);
    snprintf(out, size, "%s – %s", first, last);
    return out;
}

char *words_hours(char *out, size_t size, const struct ticket_facts *facts, const struct zone *zone)
{
    struct date_time from = zone_local(zone, facts->start), to = zone_local(zone, facts->end);
    bool one_day = words_one_day(facts, zone);
    if (facts->all_day)
        snprintf(out, size, "%s", one_day ? _("all day") : "");
    else if (one_day && facts->end > facts->start)
        snprintf(out, size, "%02d:%02d – %02d:%02d", from.hour, from.minute, to.hour, to.minute);
    else
        snprintf(out, size, _("begins at %02d:%02d"), from.hour, from.minute);
    return out;
}

char *words_plain(char *out, size_t size, int64_t instant, const struct zone *zone)
{
    char date[WORDS_DATE];
    words_plain_date(date, zone_local(zone, instant).date);
    snprintf(out, size, "%s", date);
    return out;
}

char *words_numbers(char *out, size_t size, const int *numbers, int count)
{
    size_t at = 0;
    *out = 0;
    for (int i = 0; i < count && at < size;) {
        int last = i;
        while (last + 1 < count && numbers[last + 1] == numbers[last] + 1)
            last++;
        const char *comma = i ? ", " : "";
        int n = last > i ? snprintf(out + at, size - at, "%s%d–%d", comma, numbers[i], numbers[last])
                         : snprintf(out + at, size - at, "%s%d", comma, numbers[i]);
        at += (size_t)n;
        i = last + 1;
    }
    return out;
}
