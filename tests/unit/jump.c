/* Dates as people type them, letter by letter. */
#include "screens/jump.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "kiosk/base/date.h"
#include "kiosk/base/i18n.h"
#include "tests/support/sample.h"

static void test_jump__reads_what_people_type(void **state)
{
    (void)state;
    static const struct {
        const char *typed, *want; /* "" none; today is 2026-11-24, the month on the screen February 2027 */
    } rows[] = {
        {"1", "2027-02-01"},          {"12", "2027-02-12"},        {"12.", "2027-02-12"},       {"30", ""},
        {"12.1", "2027-01-12"},       {"12.12", "2026-12-12"},     {"12/12/27", "2027-12-12"},  {"12.12.2028", "2028-12-12"},
        {"24.11", "2026-11-24"},      {"1.10", "2026-10-01"},      {"1.9", "2027-09-01"},       {"29.2", ""},
        {"12 дек", "2026-12-12"},     {"12 декабря", "2026-12-12"}, {"12 ДЕК", "2026-12-12"},   {"12дек", "2026-12-12"},
        {"5 мая", "2027-05-05"},      {"5 май", "2027-05-05"},     {"5 м", "2027-03-05"},       {"5 ма", "2027-03-05"},
        {"12 dec", "2026-12-12"},     {"dec 12", "2026-12-12"},    {"7 мая 2028", "2028-05-07"}, {"2026-12-12", "2026-12-12"},
        {"12 щщ", ""},                {"", ""},                    {"дек", ""},                 {"12.13", ""},
        {"32", ""},                   {"123456", ""},              {"0", ""},                   {"1.2.3.4", ""},
        {"12 дек дек", ""},           {"12.12.", "2026-12-12"},    {"12.12.2", "2026-12-12"},
    };
    int32_t today = date_to_days((struct date){2026, 11, 24}), at = date_to_days((struct date){2027, 2, 3});
    sample_language("ru");
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        int32_t day = 0;
        char got[11] = "";
        if (jump_read(rows[i].typed, at, today, &day))
            date_format(date_from_days(day), got);
        assert_string_equal(rows[i].want[0] == 0 && got[0] ? rows[i].typed : got, rows[i].want);
    }
    i18n_set("en");
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_jump__reads_what_people_type)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
