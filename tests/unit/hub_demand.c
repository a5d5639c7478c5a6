/* How many seats a kiosk gets: what people ask for there, how long it is silent, and whether it is at home. */
#include "sync/hub/seats/demand.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "sync/hub/seats/lease.h"
#include "tests/support/hubkit.h"

static const char ev_small[] = "0198a1b2-0000-7000-8000-00000000e001";
static const char ev_large[] = "0198a1b2-0000-7000-8000-00000000e002";
static const char ev_next[] = "0198a1b2-0000-7000-8000-00000000e003";
static const int64_t noon = INT64_C(1796126400000);

static int set_up(void **state)
{
    (void)state;
    setenv("SOSEDI_DEBUG", "1", 1);
    return crypto_init(NULL) == ERR_NONE ? 0 : -1;
}

static void change(struct hubkit *k, const char *sql)
{
    struct error e = {0};
    if (sql_exec(k->hub.db, sql, &e))
        fail_msg("%s", e.text);
}

static int stock_of(const struct hubkit_kiosk *q, const char *ev)
{
    int n = 0;
    for (int i = 0; i < q->stock_count; i++)
        n += strcmp(q->stock[i].ev, ev) == 0;
    return n;
}

static void test_demand__blocks_follow_what_is_asked_for_and_silence(void **state)
{
    (void)state;
    static const struct {
        const char *name;
        int people, silence, want;
    } rows[] = {
        {"nobody ever came", 0, 86400, 1},
        {"seven in a week, heard each hour", 7, 3600, 1},
        {"seven in a week, heard each day", 7, 86400, 1},
        {"fourteen in a week, silent for three days", 14, 3 * 86400, 6},
        {"many, silent for a week: a block at most", 40, 7 * 86400, LEASE_MOST},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct hubkit k;
        struct hubkit_kiosk q;
        char id[WIRE_UUID + 1], code[CODE_LEN + 1];
        print_message("%s\n", rows[i].name);
        hubkit_init(&k, noon);
        hubkit_event(&k, ev_next, 500, 40 * 86400); /* too far off to be leased unasked */
        hubkit_kiosk_init(&k, &q);
        for (int p = 0; p < rows[i].people; p++)
            hubkit_signup(&q, ev_next, 1, id, code);
        assert_int_equal(hubkit_exchange(&k, &q), 200);
        change(&k, "UPDATE kiosk SET made_at = 0");
        k.hub.clock.test_wall_ms += INT64_C(12) * 86400 * 1000; /* now it is near enough */
        change(&k, "UPDATE signup SET at = at + 12 * 86400");
        char sql[80];
        snprintf(sql, sizeof sql, "UPDATE kiosk SET seen_at = 0, silence = %d", rows[i].silence);
        change(&k, sql);
        assert_int_equal(hubkit_exchange(&k, &q), 200);
        assert_int_equal(stock_of(&q, ev_next), rows[i].want);
        assert_int_equal(hubkit_exchange(&k, &q), 200);
        assert_int_equal(stock_of(&q, ev_next), rows[i].want);
        hubkit_kiosk_done(&q);
        hubkit_done(&k);
    }
}

static void test_demand__a_block_that_sold_out_is_followed_by_another_one_that_came_back_is_not(void **state)
{
    (void)state;
    struct hubkit k;
    struct hubkit_kiosk q;
    char id[WIRE_UUID + 1], code[CODE_LEN + 1];
    hubkit_init(&k, noon);
    hubkit_event(&k, ev_large, 200, 86400);
    hubkit_kiosk_init(&k, &q);
    assert_int_equal(hubkit_exchange(&k, &q), 200);
    int block = stock_of(&q, ev_large);
    assert_int_equal(block, LEASE_SHARE);
    for (int i = 0; i < block; i++)
        hubkit_signup(&q, ev_large, 1, id, code);
    assert_int_equal(stock_of(&q, ev_large), 0);
    assert_int_equal(hubkit_exchange(&k, &q), 200);
    assert_true(stock_of(&q, ev_large) > 0);
    while (stock_of(&q, ev_large) > 0)
        hubkit_return(&q);
    assert_int_equal(hubkit_exchange(&k, &q), 200);
    assert_int_equal(hubkit_exchange(&k, &q), 200);
    assert_int_equal(stock_of(&q, ev_large), 0);
    hubkit_want(&q, ev_large, 4);
    assert_int_equal(hubkit_exchange(&k, &q), 200);
    assert_true(stock_of(&q, ev_large) >= 4);
    hubkit_kiosk_done(&q);
    hubkit_done(&k);
}

static void test_demand__silence_is_the_longest_gap_and_fades(void **state)
{
    (void)state;
    struct hubkit k;
    struct hubkit_kiosk q;
    hubkit_init(&k, noon);
    hubkit_kiosk_init(&k, &q);
    assert_int_equal(hubkit_exchange(&k, &q), 200);
    assert_int_equal(hubkit_number(&k, "SELECT silence FROM kiosk"), 86400);
    k.hub.clock.test_wall_ms += INT64_C(3) * 86400 * 1000;
    assert_int_equal(hubkit_exchange(&k, &q), 200);
    assert_int_equal(hubkit_number(&k, "SELECT silence FROM kiosk"), 3 * 86400);
    for (int i = 0; i < 14 * 24; i++) {
        k.hub.clock.test_wall_ms += 3600 * 1000;
        assert_int_equal(hubkit_exchange(&k, &q), 200);
    }
    int64_t faded = hubkit_number(&k, "SELECT silence FROM kiosk");
    assert_in_range(faded, 80000, 110000);
    hubkit_kiosk_done(&q);
    hubkit_done(&k);
}

static void test_demand__few_seats_are_lent_to_kiosks_at_home_only(void **state)
{
    (void)state;
    static const struct {
        const char *name, *site, *other;
        int want;
    } rows[] = {
        {"nobody said where it stands", "place = ''", NULL, 0},
        {"at the place", "place = 'library'", NULL, 2},
        {"elsewhere", "place = 'town hall'", NULL, 0},
        {"in the city, and no kiosk is nearer", "city = 'sosnovka'", NULL, 2},
        {"in the city, but another one is at the place", "city = 'sosnovka'", "place = 'library'", 0},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct hubkit k;
        struct hubkit_kiosk q, other;
        char sql[200];
        print_message("%s\n", rows[i].name);
        hubkit_init(&k, noon);
        hubkit_event(&k, ev_small, 8, 86400);
        change(&k, "UPDATE record SET d = '{\"name\":\"N\",\"location\":{\"name\":\"Library\"},"
                   "\"addressLocality\":\"SOSNOVKA\"}', place = NULL");
        hubkit_kiosk_init(&k, &q);
        hubkit_kiosk_init(&k, &other);
        if (rows[i].other) {
            snprintf(sql, sizeof sql, "UPDATE kiosk SET %s WHERE kid = '%s'", rows[i].other, other.kid);
            change(&k, sql);
        }
        snprintf(sql, sizeof sql, "UPDATE kiosk SET %s WHERE kid = '%s'", rows[i].site, q.kid);
        change(&k, sql);
        assert_int_equal(hubkit_exchange(&k, &q), 200);
        assert_int_equal(stock_of(&q, ev_small), rows[i].want);
        hubkit_kiosk_done(&other);
        hubkit_kiosk_done(&q);
        hubkit_done(&k);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_demand__blocks_follow_what_is_asked_for_and_silence),
        cmocka_unit_test(test_demand__a_block_that_sold_out_is_followed_by_another_one_that_came_back_is_not),
        cmocka_unit_test(test_demand__silence_is_the_longest_gap_and_fades),
        cmocka_unit_test(test_demand__few_seats_are_lent_to_kiosks_at_home_only),
    };
    return cmocka_run_group_tests(tests, set_up, NULL);
}
