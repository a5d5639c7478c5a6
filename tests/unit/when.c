/* Days and times in words. */
#include "kiosk/ui/when.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "kiosk/base/date.h"
#include "kiosk/base/i18n.h"

#define COUNT(a) (sizeof(a) / sizeof(a)[0])

static int64_t at(const char *rfc3339)
{
    int64_t t;
    assert_true(instant_parse(rfc3339, &t));
    return t;
}

static void test_when__spans_as_people_say_them(void **state)
{
    struct zone *zone = *state;
    static const struct {
        const char *name, *start, *end;
        bool all_day;
        const char *hours, *span;
    } rows[] = {
        {"an evening", "2026-05-13T18:00:00+03:00", "2026-05-13T20:00:00+03:00", false, "18:00–20:00",
         "Wed, 13 May, 18:00–20:00"},
        {"today", "2026-05-11T09:05:00+03:00", "2026-05-11T10:00:00+03:00", false, "09:05–10:00", "today, 09:05–10:00"},
        {"tomorrow, no end", "2026-05-12T09:00:00+03:00", NULL, false, "09:00", "tomorrow, 09:00"},
        {"past midnight", "2026-05-13T22:00:00+03:00", "2026-05-14T02:00:00+03:00", false, "22:00–02:00",
         "Wed, 13 May, 22:00–02:00"},
        {"until midnight", "2026-05-13T22:00:00+03:00", "2026-05-14T00:00:00+03:00", false, "22:00–00:00",
         "Wed, 13 May, 22:00–00:00"},
        {"a whole day", "2026-05-13T00:00:00+03:00", "2026-05-14T00:00:00+03:00", true, "all day", "Wed, 13 May"},
        {"some days", "2026-05-13T00:00:00+03:00", "2026-05-16T00:00:00+03:00", true, "until 15 May", "13–15 May"},
        {"into the next month", "2026-05-30T00:00:00+03:00", "2026-06-03T00:00:00+03:00", true, "until 2 June",
         "30 May – 2 June"},
        {"into the next year", "2026-12-30T00:00:00+03:00", "2027-01-03T00:00:00+03:00", true, "until 2 January 2027",
         "30 December – 2 January 2027"},
        {"a camp with hours", "2026-05-13T10:00:00+03:00", "2026-05-15T18:00:00+03:00", false, "10:00, until 15 May",
         "Wed, 13 May, 10:00 – Fri, 15 May, 18:00"},
        {"another zone's midnight", "2026-05-13T21:30:00Z", "2026-05-13T22:30:00Z", false, "00:30–01:30",
         "Thu, 14 May, 00:30–01:30"},
        {"another year", "2027-02-01T18:00:00+03:00", NULL, false, "18:00", "Mon, 1 February 2027, 18:00"},
    };
    struct when w = {.zone = zone, .today = date_to_days((struct date){2026, 5, 11})};
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct when_span s = {
            .start = at(rows[i].start), .end = rows[i].end ? at(rows[i].end) : 0, .all_day = rows[i].all_day};
        char hours[120], span[200];
        when_hours(hours, sizeof hours, &s, &w);
        when_span(span, sizeof span, &s, &w);
        if (strcmp(hours, rows[i].hours) != 0 || strcmp(span, rows[i].span) != 0)
            fail_msg("%s: \"%s\" \"%s\"", rows[i].name, hours, span);
    }
}

static void test_when__unknown_clock_says_no_today(void **state)
{
    struct when w = {.zone = *state, .today = INT32_MIN};
    char out[120];
    assert_string_equal(when_day(out, sizeof out, date_to_days((struct date){2026, 5, 12}), &w), "Tue, 12 May 2026");
    assert_string_equal(when_moment(out, sizeof out, at("2026-05-12T10:30:00+03:00"), &w), "12 May 2026, 10:30");
}

static void test_when__headings_begin_with_a_capital(void **state)
{
    struct when w = {.zone = *state, .today = date_to_days((struct date){2026, 5, 11})};
    char out[120];
    assert_string_equal(when_day_long(out, sizeof out, w.today, &w), "Today, Monday, 11 May");
    assert_string_equal(when_day_long(out, sizeof out, w.today + 1, &w), "Tomorrow, Tuesday, 12 May");
    assert_string_equal(when_day_long(out, sizeof out, w.today + 2, &w), "Wednesday, 13 May");
    assert_string_equal(when_month(out, sizeof out, 2026, 5), "May 2026");
    assert_string_equal(when_moment(out, sizeof out, at("2026-05-11T10:30:00+03:00"), &w), "today, 10:30");
}

/* Every output size, from one byte on: always ended, never more. */
static void test_when__small_buffers_are_kept(void **state)
{
    struct when w = {.zone = *state, .today = date_to_days((struct date){2026, 5, 11})};
    struct when_span s = {.start = at("2026-05-13T10:00:00+03:00"), .end = at("2026-05-15T18:00:00+03:00")};
    for (size_t size = 1; size < 60; size++) {
        char out[64];
        memset(out, 'x', sizeof out);
        when_span(out, size, &s, &w);
        assert_true(strnlen(out, size) < size && out[size] == 'x');
        memset(out, 'x', sizeof out);
        when_day(out, size, w.today + 400, &w);
        assert_true(strnlen(out, size) < size && out[size] == 'x');
    }
}

static int when_setup(void **state)
{
    *state = zone_new("Europe/Moscow");
    i18n_set("en");
    return *state ? 0 : -1;
}

static int when_teardown(void **state)
{
    zone_free(*state);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_when__spans_as_people_say_them),
        cmocka_unit_test(test_when__unknown_clock_says_no_today),
        cmocka_unit_test(test_when__headings_begin_with_a_capital),
        cmocka_unit_test(test_when__small_buffers_are_kept),
    };
    return cmocka_run_group_tests(tests, when_setup, when_teardown);
}
