/* When a kiosk tries: soon for a person, seldom for nobody, never against the hub's word. */
#include "sync/pace.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

static uint32_t highest(uint32_t bound) { return bound - 1; }

/* Lets time pass in steps of a second and counts the tries that fail until `end`; unsent operations wait all the while. */
static int tries_until(struct pace *p, int64_t *now, int64_t end, int unsent, enum fault why, int64_t asked_s)
{
    int tries = 0;
    for (; *now < end; *now += 1000)
        if (pace_is_due(p, *now, unsent)) {
            pace_fail(p, *now, why, asked_s, unsent);
            tries++;
        }
    return tries;
}

static struct pace fresh(void)
{
    return (struct pace){.backoff = {.random_below = highest}};
}

static void test_pace__a_kiosk_that_nobody_uses_is_quiet_while_the_hub_is_down(void **state)
{
    (void)state;
    struct pace p = fresh();
    int64_t now = 1000;
    tries_until(&p, &now, 3600000, 0, FAULT_NET, -1);
    assert_in_range(tries_until(&p, &now, 2 * 3600000, 0, FAULT_NET, -1), 3, 5); /* every 15 minutes */
}

/* The hub was away for an hour and is there again: who signs up now must not wait for the pause to end. */
static void test_pace__a_new_sign_up_is_tried_at_once_after_a_long_outage(void **state)
{
    (void)state;
    struct pace p = fresh();
    int64_t now = 1000;
    tries_until(&p, &now, 3600000, 0, FAULT_NET, -1);
    assert_false(pace_is_due(&p, now, 0));
    assert_true(pace_is_due(&p, now, 1));
    assert_true(pace_is_urgent(&p, now, 1));
}

/* It signed up while the hub was still down, and the hub came back a little later: at most a few seconds. */
static void test_pace__the_pauses_begin_anew_with_each_sign_up(void **state)
{
    (void)state;
    struct pace p = fresh();
    int64_t now = 1000;
    tries_until(&p, &now, 3600000, 0, FAULT_NET, -1);
    for (int unsent = 1; unsent < 4; unsent++) {
        assert_true(pace_is_due(&p, now, unsent));
        assert_int_equal(pace_fail(&p, now, FAULT_NET, -1, unsent), 5000);
        assert_false(pace_is_due(&p, now + 4999, unsent));
        assert_true(pace_is_due(&p, now + 5000, unsent));
        now += 5000;
        assert_int_equal(pace_fail(&p, now, FAULT_NET, -1, unsent), 10000);
        now += 10000;
    }
}

static void test_pace__what_waits_is_tried_every_two_minutes_at_least(void **state)
{
    (void)state;
    struct pace p = fresh();
    int64_t now = 1000;
    tries_until(&p, &now, 3600000, 3, FAULT_NET, -1);
    assert_in_range(tries_until(&p, &now, 2 * 3600000, 3, FAULT_NET, -1), 28, 31);
}

/* A queue before the kiosk, an act a second: at most one try in two seconds. */
static void test_pace__many_new_acts_are_no_storm(void **state)
{
    (void)state;
    struct pace p = fresh();
    int tries = 0;
    for (int i = 1; i <= 600; i++) {
        if (pace_is_due(&p, i * 1000, i)) {
            pace_fail(&p, i * 1000, FAULT_NET, -1, i);
            tries++;
        }
        if (i > 1)
            assert_true(pace_next(&p, i + 1) <= i * 1000 + PACE_NEWS_MS);
    }
    assert_in_range(tries, 290, 301);
}

static void test_pace__the_hub_s_word_stands_above_a_new_act(void **state)
{
    (void)state;
    static const struct {
        const char *name;
        enum fault why;
        int64_t asked_s, least, most; /* ms until a new act is tried */
    } rows[] = {
        {"retry after a minute", FAULT_BUSY, 60, 60000, 66000},
        {"retry after a minute, of a proxy", FAULT_HUB, 60, 60000, 66000},
        {"busy, no word", FAULT_BUSY, -1, 5000, 5000},
        {"an answer that cannot be used", FAULT_HUB, -1, 2000, 2000},
        {"no line", FAULT_NET, -1, 2000, 2000},
        {"revoked", FAULT_REVOKED, -1, 2000, 2000},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct pace p = fresh();
        print_message("%s\n", rows[i].name);
        for (int k = 0; k < 8; k++) /* a long series: the pause itself is long */
            pace_fail(&p, 1000, rows[i].why, -1, 0);
        pace_fail(&p, 1000, rows[i].why, rows[i].asked_s, 0);
        int64_t at = pace_next(&p, 1) - 1000;
        assert_in_range(at, rows[i].least, rows[i].most);
        assert_false(pace_is_due(&p, 1000 + at - 1, 1));
        assert_true(pace_is_due(&p, 1000 + at, 1));
    }
}

static void test_pace__who_is_revoked_asks_four_times_an_hour(void **state)
{
    (void)state;
    struct pace p = fresh();
    int64_t now = 1000;
    assert_in_range(tries_until(&p, &now, 3600000, 2, FAULT_REVOKED, -1), 4, 4);
}

static void test_pace__success_forgets(void **state)
{
    (void)state;
    struct pace p = fresh();
    int64_t now = 1000;
    tries_until(&p, &now, 3600000, 1, FAULT_NET, -1);
    pace_succeed(&p, now, true);
    assert_true(pace_is_due(&p, now, 0)); /* the hub has more to say */
    pace_succeed(&p, now, false);
    assert_int_equal(pace_next(&p, 0), now + PACE_LISTEN_MS);
    assert_true(pace_is_due(&p, now, 1));
    assert_int_equal(pace_fail(&p, now, FAULT_NET, -1, 1), 5000);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_pace__a_kiosk_that_nobody_uses_is_quiet_while_the_hub_is_down),
        cmocka_unit_test(test_pace__a_new_sign_up_is_tried_at_once_after_a_long_outage),
        cmocka_unit_test(test_pace__the_pauses_begin_anew_with_each_sign_up),
        cmocka_unit_test(test_pace__what_waits_is_tried_every_two_minutes_at_least),
        cmocka_unit_test(test_pace__many_new_acts_are_no_storm),
        cmocka_unit_test(test_pace__the_hub_s_word_stands_above_a_new_act),
        cmocka_unit_test(test_pace__who_is_revoked_asks_four_times_an_hour),
        cmocka_unit_test(test_pace__success_forgets),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
