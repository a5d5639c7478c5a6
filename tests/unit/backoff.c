/* Waiting: within its bounds, grows, obeys the hub, forgets after a success. */
#include "sync/backoff.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

static uint32_t highest(uint32_t bound) { return bound - 1; }
static uint32_t lowest(uint32_t bound) { return bound - bound; }

static void test_backoff__ceiling_doubles_up_to_a_quarter_of_an_hour(void **state)
{
    (void)state;
    const int64_t want[] = {5000, 10000, 20000, 40000, 80000, 160000, 320000, 640000, 900000, 900000, 900000};
    struct backoff b = {.random_below = highest};
    for (size_t i = 0; i < sizeof want / sizeof want[0]; i++)
        assert_int_equal(backoff_fail(&b, -1), want[i]);
}

static void test_backoff__never_spins(void **state)
{
    (void)state;
    struct backoff b = {.random_below = lowest};
    for (int i = 0; i < 20; i++)
        assert_int_equal(backoff_fail(&b, -1), BACKOFF_LEAST_MS);
}

static void test_backoff__many_failures_do_not_overflow(void **state)
{
    (void)state;
    struct backoff b = {.random_below = highest};
    for (int i = 0; i < 100000; i++)
        assert_in_range(backoff_fail(&b, -1), BACKOFF_LEAST_MS, BACKOFF_MAX_MS);
}

static void test_backoff__retry_after_is_obeyed_within_reason(void **state)
{
    (void)state;
    const struct {
        const char *name;
        uint32_t (*chance)(uint32_t);
        int64_t asked_s, want;
    } rows[] = {
        {"none asked", lowest, -1, BACKOFF_LEAST_MS},
        {"zero", lowest, 0, BACKOFF_LEAST_MS},
        {"a minute", lowest, 60, 60000},
        {"a minute, late", highest, 60, 64999},
        {"shorter than the wait", highest, 2, 5000},
        {"an hour", lowest, 3600, 3600000},
        {"a year", lowest, 31536000, 3600000},
        {"more than there is", lowest, INT64_MAX, 3600000},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct backoff b = {.random_below = rows[i].chance};
        print_message("%s\n", rows[i].name);
        assert_int_equal(backoff_fail(&b, rows[i].asked_s), rows[i].want);
    }
}

static void test_backoff__success_forgets(void **state)
{
    (void)state;
    struct backoff b = {.random_below = highest};
    for (int i = 0; i < 9; i++)
        backoff_fail(&b, -1);
    assert_int_equal(backoff_succeed(&b), BACKOFF_IDLE_MS + BACKOFF_IDLE_SPREAD_MS);
    assert_int_equal(backoff_fail(&b, -1), 5000);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_backoff__ceiling_doubles_up_to_a_quarter_of_an_hour),
        cmocka_unit_test(test_backoff__never_spins),
        cmocka_unit_test(test_backoff__many_failures_do_not_overflow),
        cmocka_unit_test(test_backoff__retry_after_is_obeyed_within_reason),
        cmocka_unit_test(test_backoff__success_forgets),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
