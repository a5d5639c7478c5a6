/* Dates, instants and zones; the C library's own localtime is the witness for zones. */
#include "kiosk/base/date.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <cmocka.h>

#include "kiosk/base/date_zone.h"

#define COUNT(a) (sizeof(a) / sizeof(a)[0])

static void test_date__days_there_and_back(void **state)
{
    (void)state;
    assert_int_equal(date_to_days((struct date){1970, 1, 1}), 0);
    assert_int_equal(date_to_days((struct date){2000, 2, 29}), 11016);
    assert_int_equal(date_to_days((struct date){1900, 3, 1}), -25508);
    struct date before = date_from_days(date_to_days((struct date){1899, 12, 31}));
    for (int32_t n = date_to_days((struct date){1900, 1, 1}); n <= date_to_days((struct date){2199, 12, 31}); n++) {
        struct date d = date_from_days(n);
        assert_true(date_is_valid(d));
        assert_int_equal(date_to_days(d), n);
        bool next_day = d.year == before.year && d.month == before.month && d.day == before.day + 1;
        assert_true(next_day || (d.day == 1 && (d.month == before.month + 1 || (d.month == 1 && before.month == 12))));
        before = d;
    }
    static const int32_t far[] = {INT32_MIN, INT32_MIN + 1, -719468, -719469, INT32_MAX};
    for (size_t i = 0; i < COUNT(far); i++)
        assert_int_equal(date_to_days(date_from_days(far[i])), far[i]);
}

static void test_date__weekdays(void **state)
{
    (void)state;
    assert_int_equal(date_weekday(0), 4);
    assert_int_equal(date_weekday(-1), 3);
    assert_int_equal(date_weekday(date_to_days((struct date){2026, 11, 23})), 1);
    assert_int_equal(date_weekday(date_to_days((struct date){2026, 11, 29})), 7);
    assert_in_range(date_weekday(INT32_MIN), 1, 7);
}

static void test_date__parses_whole_dates_only(void **state)
{
    (void)state;
    static const struct {
        const char *name, *text;
        bool good;
    } rows[] = {
        {"plain", "2026-12-01", true},
        {"leap day", "2028-02-29", true},
        {"no leap day", "2027-02-29", false},
        {"no leap day in 2100", "2100-02-29", false},
        {"month 13", "2026-13-01", false},
        {"month 0", "2026-00-01", false},
        {"day 0", "2026-01-00", false},
        {"day 31 of June", "2026-06-31", false},
        {"early", "1899-12-31", false},
        {"late", "2200-01-01", false},
        {"short", "2026-1-01", false},
        {"sign", "+026-01-01", false},
        {"space before", " 2026-01-01", false},
        {"something after", "2026-01-01 ", false},
        {"empty", "", false},
        {"cut", "2026-01-0", false},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct date d = {7, 7, 7};
        print_message("  %s\n", rows[i].name);
        assert_int_equal(date_parse(rows[i].text, &d), rows[i].good);
        char back[11];
        date_format(d, back);
        assert_string_equal(back, rows[i].good ? rows[i].text : "0007-07-07");
    }
}

static void test_date__parses_instants(void **state)
{
    (void)state;
    static const struct {
        const char *name, *text, *utc; /* utc NULL: refused */
    } rows[] = {
        {"utc", "2026-12-01T15:00:00Z", "2026-12-01T15:00:00Z"},
        {"east", "2026-12-01T18:00:00+03:00", "2026-12-01T15:00:00Z"},
        {"west", "2026-12-31T20:30:00-04:30", "2027-01-01T01:00:00Z"},
        {"fraction", "2026-12-01T15:00:00.999Z", "2026-12-01T15:00:00Z"},
        {"small letters", "2026-12-01t15:00:00z", "2026-12-01T15:00:00Z"},
        {"space", "2026-12-01 15:00:00Z", "2026-12-01T15:00:00Z"},
        {"no seconds", "2026-12-01T15:00+03:00", "2026-12-01T12:00:00Z"},
        {"short offset", "2026-12-01T15:00:00+03", "2026-12-01T12:00:00Z"},
        {"offset without colon", "2026-12-01T15:00:00+0330", "2026-12-01T11:30:00Z"},
        {"leap second", "2016-12-31T23:59:60Z", "2017-01-01T00:00:00Z"},
        {"no offset", "2026-12-01T15:00:00", NULL},
        {"date only", "2026-12-01", NULL},
        {"hour 24", "2026-12-01T24:00:00Z", NULL},
        {"minute 60", "2026-12-01T15:60:00Z", NULL},
        {"second 61", "2026-12-01T15:00:61Z", NULL},
        {"offset of 24 hours", "2026-12-01T15:00:00+24:00", NULL},
        {"empty fraction", "2026-12-01T15:00:00.Z", NULL},
        {"half an offset", "2026-12-01T15:00:00+03:", NULL},
        {"odd offset", "2026-12-01T15:00:00+033", NULL},
        {"something after", "2026-12-01T15:00:00Zx", NULL},
        {"sign in the hour", "2026-12-01T-5:00:00Z", NULL},
        {"empty", "", NULL},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        int64_t t = -1;
        char utc[21];
        print_message("  %s\n", rows[i].name);
        assert_int_equal(instant_parse(rows[i].text, &t), rows[i].utc != NULL);
        if (!rows[i].utc) {
            assert_int_equal(t, -1);
            continue;
        }
        instant_format_utc(t, utc);
        assert_string_equal(utc, rows[i].utc);
    }
}

static struct zone *zone_or_skip(const char *name)
{
    struct zone *z = zone_new(name);
    if (!z) {
        print_message("no zone %s on this machine\n", name);
        skip();
    }
    return z;
}

static void test_date__formats_local(void **state)
{
    (void)state;
    struct zone *moscow = zone_or_skip("Europe/Moscow"), *john = zone_or_skip("America/St_Johns");
    char out[26];
    instant_format_local(INT64_C(1796137200), moscow, out);
    assert_string_equal(out, "2026-12-01T18:00:00+03:00");
    instant_format_local(INT64_C(1796137200), john, out);
    assert_string_equal(out, "2026-12-01T11:30:00-03:30");
    instant_format_local(INT64_C(1796137200), NULL, out);
    assert_string_equal(out, "2026-12-01T15:00:00+00:00");
    assert_string_equal(zone_name(moscow), "Europe/Moscow");
    assert_string_equal(zone_name(NULL), "UTC");
    zone_free(moscow);
    zone_free(john);
}

static void test_date__refuses_zone_names(void **state)
{
    (void)state;
    static const char *const names[] = {
        "",
        "/etc/passwd",
        "../zoneinfo/UTC",
        "Europe/../UTC",
        "Europe/",
        "Europe",
        "Nowhere/City",
        "zone.tab",
        "tzdata.zi",
        "Europe/Moscow\n",
        "Москва",
        "Europe/Moscow/aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
    };
    for (size_t i = 0; i < COUNT(names); i++)
        assert_null(zone_new(names[i]));
    assert_null(zone_new(NULL));
    zone_free(NULL);
}

/* The same instants by the C library: listed changes, the rule after them, zones of every kind of rule. */
static void test_date__zones_agree_with_the_system(void **state)
{
    (void)state;
    static const char *const names[] = {
        "Europe/Moscow",       "Europe/Berlin",    "Europe/Dublin",
        "America/New_York",    "America/St_Johns", "America/Santiago",
        "Asia/Kolkata",        "Asia/Tehran",      "Asia/Kathmandu",
        "Australia/Lord_Howe", "Pacific/Apia",     "Pacific/Chatham",
        "Africa/Casablanca",   "America/Nuuk",     "Asia/Gaza",
        "Antarctica/Troll",    "Etc/GMT+5",        "UTC",
    };
    for (size_t i = 0; i < COUNT(names); i++) {
        struct zone *z = zone_or_skip(names[i]);
        setenv("TZ", names[i], 1);
        tzset();
        for (int64_t t = INT64_C(-2000000000); t < INT64_C(6000000000); t += 1234567) {
            time_t system = (time_t)t;
            struct tm tm;
            localtime_r(&system, &tm);
            struct date_time l = zone_local(z, t);
            bool same = l.date.year == tm.tm_year + 1900 && l.date.month == tm.tm_mon + 1 && l.date.day == tm.tm_mday &&
                        l.hour == tm.tm_hour && l.minute == tm.tm_min && l.second == tm.tm_sec &&
                        l.offset == tm.tm_gmtoff && l.weekday % 7 == tm.tm_wday;
            if (!same)
                fail_msg("%s at %lld: %d-%d-%d %d:%d offset %d, the system says %ld", names[i], (long long)t,
                         l.date.year, l.date.month, l.date.day, l.hour, l.minute, l.offset, tm.tm_gmtoff);
            int64_t back = zone_instant(z, l.date, l.hour, l.minute, l.second);
            if (back != t) { /* the second of two equal local times */
                struct date_time twin = zone_local(z, back);
                assert_true(back < t && twin.hour == l.hour && twin.minute == l.minute && twin.date.day == l.date.day);
            }
        }
        zone_free(z);
    }
    unsetenv("TZ");
    tzset();
}

static void test_date__gaps_and_overlaps(void **state)
{
    (void)state;
    static const struct {
        const char *name, *zone;
        struct date d;
        int hour, minute;
        const char *local;
    } rows[] = {
        {"gap", "Europe/Berlin", {2026, 3, 29}, 2, 30, "2026-03-29T03:30:00+02:00"},
        {"start of the gap", "Europe/Berlin", {2026, 3, 29}, 2, 0, "2026-03-29T03:00:00+02:00"},
        {"end of the gap", "Europe/Berlin", {2026, 3, 29}, 3, 0, "2026-03-29T03:00:00+02:00"},
        {"overlap", "Europe/Berlin", {2026, 10, 25}, 2, 30, "2026-10-25T02:30:00+02:00"},
        {"after the overlap", "Europe/Berlin", {2026, 10, 25}, 3, 0, "2026-10-25T03:00:00+01:00"},
        {"gap by the rule", "Europe/Berlin", {2090, 3, 26}, 2, 30, "2090-03-26T03:30:00+02:00"},
        {"overlap by the rule", "America/New_York", {2090, 11, 5}, 1, 30, "2090-11-05T01:30:00-04:00"},
        {"a day that was left out", "Pacific/Apia", {2011, 12, 30}, 12, 0, "2011-12-31T12:00:00+14:00"},
        {"half an hour of summer", "Australia/Lord_Howe", {2026, 10, 4}, 2, 15, "2026-10-04T02:45:00+11:00"},
        {"no changes", "Europe/Moscow", {2026, 12, 1}, 18, 0, "2026-12-01T18:00:00+03:00"},
        {"back in 2014", "Europe/Moscow", {2014, 10, 26}, 1, 30, "2014-10-26T01:30:00+04:00"},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct zone *z = zone_or_skip(rows[i].zone);
        char out[26];
        print_message("  %s\n", rows[i].name);
        instant_format_local(zone_instant(z, rows[i].d, rows[i].hour, rows[i].minute, 0), z, out);
        assert_string_equal(out, rows[i].local);
        zone_free(z);
    }
    assert_int_equal(zone_instant(NULL, (struct date){1970, 1, 2}, 0, 0, 1), 86401);
}

static void test_date__far_instants_do_no_harm(void **state)
{
    (void)state;
    static const int64_t far[] = {INT64_MIN, INT64_MAX, INT64_C(-100000000000), INT64_C(100000000000)};
    struct zone *z = zone_or_skip("Europe/Berlin");
    for (size_t i = 0; i < COUNT(far); i++) {
        char out[26], utc[21];
        instant_format_local(far[i], z, out);
        instant_format_utc(far[i], utc);
        assert_int_equal(strlen(out), 25);
        assert_int_equal(strlen(utc), 20);
    }
    zone_free(z);
}

static void test_date__reads_rules(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        bool good;
        int standard, summer;
    } rows[] = {
        {"MSK-3", true, 10800, 0},
        {"<+0330>-3:30", true, 12600, 0},
        {"CET-1CEST,M3.5.0,M10.5.0/3", true, 3600, 7200},
        {"IST-1GMT0,M10.5.0,M3.5.0/1", true, 3600, 0},
        {"<-02>2<-01>,M3.5.0/-1,M10.5.0/0", true, -7200, -3600},
        {"EST5EDT,J60/2,J300/2", true, -18000, -14400},
        {"EST5EDT,0/0,365/25", true, -18000, -14400},
        {"", false, 0, 0},
        {"MSK", false, 0, 0},
        {"MS-3", false, 0, 0},
        {"<+03-3", false, 0, 0},
        {"CET-1CEST", false, 0, 0},
        {"CET-1CEST,M3.5.0", false, 0, 0},
        {"CET-1CEST,M13.5.0,M10.5.0", false, 0, 0},
        {"CET-1CEST,M3.6.0,M10.5.0", false, 0, 0},
        {"CET-1CEST,J366,J1", false, 0, 0},
        {"CET-99999", false, 0, 0},
        {"MSK-3x", false, 0, 0},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct zone_rule rule;
        print_message("  %s\n", rows[i].text);
        assert_int_equal(zone_rule_parse(rows[i].text, strlen(rows[i].text), &rule), rows[i].good);
        if (rows[i].good) {
            assert_int_equal(rule.standard, rows[i].standard);
            assert_int_equal(rule.has_summer ? rule.summer : 0, rows[i].summer);
        }
    }
}

/* Every cut and many single damages of a true file: refused or read, never a fault (the sanitizers watch). */
static void test_date__bears_damaged_zone_files(void **state)
{
    (void)state;
    FILE *f = fopen("/usr/share/zoneinfo/Europe/Berlin", "rb");
    if (!f) {
        print_message("no zone files on this machine\n");
        skip();
    }
    char whole[8192];
    size_t n = fread(whole, 1, sizeof whole, f);
    fclose(f);
    uint32_t seed = 1;
    for (size_t i = 0; i < n; i++) {
        char *copy = malloc(n);
        memcpy(copy, whole, n);
        struct zone *z = zone_from_bytes("x", copy, i); /* cut */
        assert_null(z);
        seed = seed * 1664525u + 1013904223u;
        copy[i] = (char)(seed >> 24);
        z = zone_from_bytes("x", copy, n);
        if (z)
            zone_local(z, (int64_t)seed);
        zone_free(z);
        free(copy);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_date__days_there_and_back),
        cmocka_unit_test(test_date__weekdays),
        cmocka_unit_test(test_date__parses_whole_dates_only),
        cmocka_unit_test(test_date__parses_instants),
        cmocka_unit_test(test_date__formats_local),
        cmocka_unit_test(test_date__refuses_zone_names),
        cmocka_unit_test(test_date__zones_agree_with_the_system),
        cmocka_unit_test(test_date__gaps_and_overlaps),
        cmocka_unit_test(test_date__far_instants_do_no_harm),
        cmocka_unit_test(test_date__reads_rules),
        cmocka_unit_test(test_date__bears_damaged_zone_files),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
