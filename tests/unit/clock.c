/* The clock: learnt from the hub, handed from program to program, noticed when the system is set late. */
#include "kiosk/base/clock.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "kiosk/base/sql.h"
#include "kiosk/store/ledger_sync.h"
#include "tests/support/enrolled.h"

#define HUB_MS INT64_C(1778581800000) /* 2026-05-12T10:30:00Z */

static int set_up(void **state)
{
    static struct enrolled x;
    enrolled_new(&x);
    *state = &x;
    return 0;
}

static int tear_down(void **state)
{
    enrolled_done(*state);
    return 0;
}

static void test_clock__learnt_time_passes_on(void **state)
{
    (void)state;
    struct clock c = clock_system();
    clock_learn(&c, HUB_MS);
    int64_t at = clock_wall_ms(&c);
    assert_true(at >= HUB_MS && at < HUB_MS + 60000);
    assert_int_equal(c.quality, CLOCK_OK);
}

static void test_clock__never_set_system_is_noticed_when_it_is_set(void **state)
{
    (void)state;
    struct clock c = clock_test(INT64_C(1000));
    c.quality = CLOCK_UNSET;
    assert_false(clock_recheck(&c));
    c.test_wall_ms = HUB_MS;
    assert_true(clock_recheck(&c));
    assert_int_equal(c.quality, CLOCK_OK);
    assert_false(clock_recheck(&c));
}

/* A board without a clock: kiosk-sync reaches the hub, and the screens know what day it is. */
static void test_clock__what_sync_learnt_the_screens_know(void **state)
{
    struct enrolled *x = *state;
    struct clock screens = clock_system();
    screens.quality = CLOCK_UNSET;
    assert_false(ledger_learn_clock(x->l, &screens));
    assert_int_equal(ledger_set_contact(x->l, true, "", NULL), ERR_NONE);
    assert_false(ledger_learn_clock(x->l, &screens)); /* sync itself has learnt nothing yet */
    x->clock.wall_offset_ms = HUB_MS - clock_mono_ms(&screens);
    assert_int_equal(ledger_set_contact(x->l, false, "net", NULL), ERR_NONE);
    assert_false(ledger_learn_clock(x->l, &screens)); /* the hub was not reached */
    assert_int_equal(ledger_set_contact(x->l, true, "", NULL), ERR_NONE);
    assert_true(ledger_learn_clock(x->l, &screens));
    assert_int_equal(screens.quality, CLOCK_OK);
    assert_true(clock_wall_ms(&screens) >= HUB_MS && clock_wall_ms(&screens) < HUB_MS + 60000);
    assert_false(ledger_learn_clock(x->l, &screens)); /* nothing new */
}

/* After a restart of the machine the boot-time clock counts from another moment. */
static void test_clock__another_boot_knows_nothing(void **state)
{
    struct enrolled *x = *state;
    struct clock screens = clock_system();
    x->clock.wall_offset_ms = HUB_MS;
    assert_int_equal(ledger_set_contact(x->l, true, "", NULL), ERR_NONE);
    assert_int_equal(
        sql_exec(ledger_sql(x->l), "UPDATE meta SET value = '0badb007' || substr(value, 9) WHERE name = 'clock'", NULL),
        ERR_NONE);
    assert_false(ledger_learn_clock(x->l, &screens));
    assert_int_equal(sql_exec(ledger_sql(x->l), "UPDATE meta SET value = 'nonsense' WHERE name = 'clock'", NULL),
                     ERR_NONE);
    assert_false(ledger_learn_clock(x->l, &screens));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_clock__learnt_time_passes_on),
        cmocka_unit_test(test_clock__never_set_system_is_noticed_when_it_is_set),
        cmocka_unit_test_setup_teardown(test_clock__what_sync_learnt_the_screens_know, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_clock__another_boot_knows_nothing, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
