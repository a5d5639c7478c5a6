/* Opening hours: what is understood, when it is open, when it opens next. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "kiosk/base/date.h"
#include "kiosk/base/hours.h"

static const char week[] = "Mo-Fr 10:00-13:00,14:00-19:00; Sa 11:00-17:00";

static int64_t at(const char *text)
{
    int64_t out;
    assert_true(instant_parse(text, &out));
    return out;
}

static void test_hours__understands_what_people_write(void **state)
{
    static const struct {
        const char *text;
        bool good;
        int monday, saturday; /* spans */
    } rows[] = {
        {"", true, 0, 0},
        {"Mo-Fr 10:00-19:00", true, 1, 0},
        {"пн-пт 10-19, сб 11-17", true, 1, 1},
        {"Пн–Пт: 10.00–19.00; сб, вс 11:00 - 17:00", true, 1, 1},
        {week, true, 2, 1},
        {"Sa-Mo 9-10", true, 1, 1},
        {"Mo-Su 00:00-24:00", true, 1, 1},
        {"пн выходной; сб 10-12", true, 0, 1},
        {"Mo,Sa 8-9", true, 1, 1},
        {"10-19", false, 0, 0},
        {"Mo", false, 0, 0},
        {"Mo 19-10", false, 0, 0},
        {"Mo 10-25", false, 0, 0},
        {"Mo 10:60-12", false, 0, 0},
        {"Mo 10-12,11-13", false, 0, 0},
        {"every day", false, 0, 0},
        {"Mo 1-2,3-4,5-6,7-8", false, 0, 0},
    };
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct hours h;
        bool good = hours_parse(&h, rows[i].text);
        if (good != rows[i].good || h.day[0].count != rows[i].monday || h.day[5].count != rows[i].saturday)
            fail_msg("\"%s\": %s, %d spans on Monday, %d on Saturday", rows[i].text,
                     good ? "understood" : "not understood", h.day[0].count, h.day[5].count);
    }
}

/* 2026-11-23 is a Monday. */
static void test_hours__tells_open_and_the_next_opening(void **state)
{
    static const struct {
        const char *name, *now, *next; /* next NULL: open */
    } rows[] = {
        {"before", "2026-11-23T09:59:59+03:00", "2026-11-23T10:00:00+03:00"},
        {"the first minute", "2026-11-23T10:00:00+03:00", NULL},
        {"at lunch", "2026-11-23T13:00:00+03:00", "2026-11-23T14:00:00+03:00"},
        {"after", "2026-11-23T19:00:00+03:00", "2026-11-24T10:00:00+03:00"},
        {"Saturday", "2026-11-28T16:59:00+03:00", NULL},
        {"Sunday", "2026-11-29T12:00:00+03:00", "2026-11-30T10:00:00+03:00"},
    };
    struct zone *z = zone_new("Europe/Moscow");
    struct hours h;
    (void)state;
    assert_true(hours_parse(&h, week));
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        assert_int_equal(hours_is_open(&h, z, at(rows[i].now)), rows[i].next == NULL);
        if (rows[i].next && hours_next(&h, z, at(rows[i].now)) != at(rows[i].next))
            fail_msg("%s: another opening", rows[i].name);
    }
    assert_true(hours_parse(&h, ""));
    assert_true(hours_is_open(&h, z, at("2026-11-29T03:00:00+03:00")));
    assert_int_equal(hours_next(&h, z, at("2026-11-29T03:00:00+03:00")), 0);
    zone_free(z);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_hours__understands_what_people_write),
        cmocka_unit_test(test_hours__tells_open_and_the_next_opening),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
