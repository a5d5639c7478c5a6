/* The waiting list, and what a write-off says before it is done. */
#include "sync/hub/seats/seats.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "sync/hub/seats/writeoff.h"
#include "tests/support/hubkit.h"

static const char ev_small[] = "0198a1b2-0000-7000-8000-00000000e001";
static const char ev_large[] = "0198a1b2-0000-7000-8000-00000000e002";
static const int64_t noon = INT64_C(1796126400000);

enum { QUEUE_MAX = 16 };

struct queue {
    struct hubkit k;
    struct hubkit_kiosk q;
    int count;
    char id[QUEUE_MAX][WIRE_UUID + 1], code[QUEUE_MAX][CODE_LEN + 1];
};

static int set_up(void **state)
{
    (void)state;
    setenv("SOSEDI_DEBUG", "1", 1);
    return crypto_init(NULL) == ERR_NONE ? 0 : -1;
}

static void queue_init(struct queue *u, int64_t capacity)
{
    *u = (struct queue){0};
    hubkit_init(&u->k, noon);
    hubkit_event(&u->k, ev_small, capacity, 86400);
    hubkit_kiosk_init(&u->k, &u->q);
}

static void queue_done(struct queue *u)
{
    hubkit_kiosk_done(&u->q);
    hubkit_done(&u->k);
}

/* Returns its number. */
static int arrives(struct queue *u, int party)
{
    int i = u->count++;
    hubkit_signup(&u->q, ev_small, party, u->id[i], u->code[i]);
    assert_int_equal(hubkit_exchange(&u->k, &u->q), 200);
    return i;
}

static void leaves(struct queue *u, int i)
{
    hubkit_cancel(&u->q, u->id[i], u->code[i]);
    assert_int_equal(hubkit_exchange(&u->k, &u->q), 200);
}

static enum wire_state stands(struct queue *u, int i) { return hubkit_told_of(&u->q, u->id[i])->st; }

static void test_queue__a_group_is_passed_over_three_times_then_seats_are_kept_for_it(void **state)
{
    (void)state;
    struct queue u;
    int single[8];
    queue_init(&u, 4);
    for (int i = 0; i < 4; i++)
        single[i] = arrives(&u, 1);
    int group = arrives(&u, 3);
    for (int i = 4; i < 8; i++)
        single[i] = arrives(&u, 1);
    for (int i = 0; i < SEATS_PASSED; i++) {
        leaves(&u, single[i]);
        assert_int_equal(stands(&u, single[4 + i]), WIRE_CONFIRMED);
        assert_int_equal(stands(&u, group), WIRE_WAITLISTED);
    }
    leaves(&u, single[3]);
    assert_int_equal(stands(&u, single[7]), WIRE_WAITLISTED); /* the seat is kept now */
    leaves(&u, single[4]);
    assert_int_equal(stands(&u, single[7]), WIRE_WAITLISTED);
    leaves(&u, single[5]);
    assert_int_equal(stands(&u, group), WIRE_CONFIRMED);
    leaves(&u, single[6]);
    assert_int_equal(stands(&u, single[7]), WIRE_CONFIRMED);
    queue_done(&u);
}

static void test_queue__a_group_that_gives_up_holds_nobody(void **state)
{
    (void)state;
    struct queue u;
    int single[6];
    queue_init(&u, 3);
    for (int i = 0; i < 3; i++)
        single[i] = arrives(&u, 1);
    int group = arrives(&u, 2);
    hubkit_number(&u.k, "UPDATE signup SET passed = 3 WHERE party = 2 RETURNING passed");
    single[3] = arrives(&u, 1);
    leaves(&u, single[0]);
    assert_int_equal(stands(&u, single[3]), WIRE_WAITLISTED);
    leaves(&u, group);
    assert_int_equal(stands(&u, single[3]), WIRE_CONFIRMED);
    queue_done(&u);
}

static void test_queue__a_group_larger_than_the_occurrence_holds_nobody_up(void **state)
{
    (void)state;
    struct queue u;
    queue_init(&u, 2);
    int first = arrives(&u, 2), group = arrives(&u, 3);
    hubkit_number(&u.k, "UPDATE signup SET passed = 9 WHERE party = 3 RETURNING passed");
    int other = arrives(&u, 1);
    leaves(&u, first);
    assert_int_equal(stands(&u, other), WIRE_CONFIRMED);
    assert_int_equal(stands(&u, group), WIRE_WAITLISTED);
    queue_done(&u);
}

/* Who waits is told as a number of people that does not change with each of them. */
static void test_queue__its_length_is_shown(void **state)
{
    (void)state;
    struct queue u;
    queue_init(&u, 1);
    arrives(&u, 1);
    assert_int_equal(seats_shown(u.k.hub.db, ev_small).waiting, 0);
    assert_true(seats_shown(u.k.hub.db, ev_small).full);
    int group = arrives(&u, 3);
    assert_int_equal(seats_shown(u.k.hub.db, ev_small).waiting, 3);
    static const struct {
        int more, shown;
    } rows[] = {{2, 5}, {4, 5}, {1, 10}, {9, 15}, {6, 20}, {7, 30}};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        arrives(&u, rows[i].more);
        assert_int_equal(seats_shown(u.k.hub.db, ev_small).waiting, rows[i].shown);
    }
    leaves(&u, group);
    assert_int_equal(seats_shown(u.k.hub.db, ev_small).waiting, 20);
    queue_done(&u);
}

static void test_queue__the_risk_of_a_write_off_is_counted(void **state)
{
    (void)state;
    struct hubkit k;
    struct hubkit_kiosk q;
    struct buf text;
    struct error e = {0};
    int64_t seats = -1;
    hubkit_init(&k, noon);
    hubkit_event(&k, ev_large, 40, 86400);
    hubkit_kiosk_init(&k, &q);
    buf_init(&text, 10000);
    assert_int_equal(writeoff_describe(&k.hub, q.kid, &text, &seats, &e), ERR_NONE);
    assert_int_equal(seats, 0);
    assert_non_null(strstr(text.data, "never heard of"));
    assert_non_null(strstr(text.data, "nobody can be turned away"));
    assert_int_equal(hubkit_exchange(&k, &q), 200);
    k.hub.clock.test_wall_ms += 5 * 3600 * 1000;
    buf_clear(&text);
    assert_int_equal(writeoff_describe(&k.hub, q.kid, &text, &seats, &e), ERR_NONE);
    assert_int_equal(seats, q.stock_count);
    assert_true(seats > 0);
    assert_non_null(strstr(text.data, "5 hours ago"));
    assert_non_null(strstr(text.data, "people stand at the door"));
    k.hub.clock.test_wall_ms += INT64_C(5) * 86400 * 1000; /* it is over */
    buf_clear(&text);
    assert_int_equal(writeoff_describe(&k.hub, q.kid, &text, &seats, &e), ERR_NONE);
    assert_int_equal(seats, 0);
    assert_int_equal(writeoff_describe(&k.hub, "nobody", &text, &seats, &e), ERR_NOT_FOUND);
    buf_done(&text);
    hubkit_kiosk_done(&q);
    hubkit_done(&k);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_queue__a_group_is_passed_over_three_times_then_seats_are_kept_for_it),
        cmocka_unit_test(test_queue__a_group_that_gives_up_holds_nobody),
        cmocka_unit_test(test_queue__a_group_larger_than_the_occurrence_holds_nobody_up),
        cmocka_unit_test(test_queue__its_length_is_shown),
        cmocka_unit_test(test_queue__the_risk_of_a_write_off_is_counted),
    };
    return cmocka_run_group_tests(tests, set_up, NULL);
}
