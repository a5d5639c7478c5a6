/* Days of the week out of words. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "sync/hub/import/weekdays.h"

enum { MO = 1, TU = 2, WE = 4, TH = 8, FR = 16, SA = 32, SU = 64, ALL = 127 };

static void test_weekdays__are_found_in_running_text(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        unsigned days;
    } rows[] = {
        {"", 0},
        {"вторник и четверг утром", TU | TH},
        {"По понедельникам и средам", MO | WE},
        {"понедельник, среда, пятница", MO | WE | FR},
        {"понедельник — пятница", MO | TU | WE | TH | FR},
        {"с понедельника по четверг", MO | TU | WE | TH},
        {"по вторникам и по четвергам", TU | TH},
        {"в пятницу – воскресенье", FR | SA | SU},
        {"сб-пн", SA | SU | MO},
        {"Пн 10:00–12:00, ср 18:00–20:00", MO | WE},
        {"вторник — йога, пятница — танцы", TU | FR},
        {"ежедневно, кроме понедельника", ALL & ~MO},
        {"кроме воскресенья", ALL & ~SU},
        {"ежедневно после школы", ALL},
        {"по будням с 9", MO | TU | WE | TH | FR},
        {"по выходным", SA | SU},
        {"ясные вечера, чаще суббота", SA},
        {"последняя суббота месяца", SA},
        {"по СУББОТАМ в тёплое время", SA},
        {"по объявлению", 0},
        {"субботник раз в месяц", 0},
        {"среди друзей", 0},
        {"раз в месяц, 1 числа", 0},
        {"We meet on Tuesdays and Thursdays", TU | TH},
        {"Mon-Fri", MO | TU | WE | TH | FR},
        {"from Monday to Wednesday", MO | TU | WE},
        {"every day except Sunday", ALL & ~SU},
        {"weekends", SA | SU},
        {"so we are", 0},
        {"дүшәмбе һәм җомга", MO | FR},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        if (weekdays_of(rows[i].text, false) != rows[i].days)
            fail_msg("%s: %x", rows[i].text, weekdays_of(rows[i].text, false));
}

static void test_weekdays__are_read_from_a_column(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        unsigned days;
    } rows[] = {{"MO TU", MO | TU}, {"we", WE}, {"1 3 7", MO | WE | SU}, {"mo-fr", MO | TU | WE | TH | FR}, {"вт, чт", TU | TH}, {"8", 0}};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        if (weekdays_of(rows[i].text, true) != rows[i].days)
            fail_msg("%s: %x", rows[i].text, weekdays_of(rows[i].text, true));
}

static void test_weekdays__go_into_the_record(void **state)
{
    (void)state;
    struct json *d = json_new_object();
    weekdays_put(d, "none", 0);
    weekdays_put(d, "some", TU | SU);
    assert_null(json_get(d, "none"));
    assert_int_equal(json_count(json_get(d, "some")), 2);
    assert_string_equal(json_value_str(json_at(json_get(d, "some"), 1), ""), "SU");
    json_free(d);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_weekdays__are_found_in_running_text),
        cmocka_unit_test(test_weekdays__are_read_from_a_column),
        cmocka_unit_test(test_weekdays__go_into_the_record),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
