/* What people were promised: some days after the event nothing of what they typed is in any file of the hub, sealed or
 * not; and the hub still knows that it had the sign-up. */
#include "sync/hub/seats/retention.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <sodium.h>

#include "tests/support/hubkit.h"

enum { BOXES = 120, BOX_MARK = 32, DAY = 86400 };
static const char ev_past[] = "0198a1b2-0000-7000-8000-00000000e001";
static const char ev_later[] = "0198a1b2-0000-7000-8000-00000000e002";
static const char ev_nowhere[] = "0198a1b2-0000-7000-8000-00000000e00f";
static const int64_t noon = INT64_C(1796126400000);

struct fixture {
    struct hubkit k;
    struct hubkit_kiosk q;
    int count;
    uint8_t box[BOXES][WIRE_BOX_MAX];
    size_t len[BOXES];
    struct wire_op last;
};

static int set_up(void **state)
{
    assert_int_equal(crypto_init(NULL), ERR_NONE);
    struct fixture *f = mem_new(1, sizeof *f);
    hubkit_init(&f->k, noon);
    hubkit_event(&f->k, ev_past, -1, DAY);
    hubkit_event(&f->k, ev_later, -1, 60 * DAY);
    hubkit_kiosk_init(&f->k, &f->q);
    *state = f;
    return 0;
}

static int tear_down(void **state)
{
    struct fixture *f = *state;
    hubkit_kiosk_done(&f->q);
    hubkit_done(&f->k);
    free(f);
    return 0;
}

/* Boxes from short to those that fill pages of their own. */
static void sign_up(struct fixture *f, const char *ev)
{
    struct wire_op *op = &f->last;
    int i = f->count++;
    *op = (struct wire_op){.kind = WIRE_OP_SIGNUP, .terms = 1, .party = 1};
    f->len[i] = op->box_len = 120 + (size_t)i * 977 % (WIRE_BOX_MAX - 120);
    randombytes_buf(op->box, op->box_len);
    memcpy(f->box[i], op->box, op->box_len);
    crypto_uuid(op->id, noon);
    code_make(op->code);
    strncpy(op->ev, ev, sizeof op->ev - 1);
    strncpy(op->box_key, "x1", sizeof op->box_key - 1);
    strncpy(op->quality, "ok", sizeof op->quality - 1);
    hubkit_op(&f->q, op);
}

static void send_all(struct fixture *f)
{
    for (int i = 0; i < 20 && f->q.log_count > 0; i++)
        assert_int_equal(hubkit_exchange(&f->k, &f->q), 200);
    assert_int_equal(f->q.log_count, 0);
}

/* Every part of box i, as far as one page may have kept one and lost another. */
static bool anywhere(struct fixture *f, int i)
{
    bool found = false;
    for (size_t at = 0; at + BOX_MARK <= f->len[i] && !found; at += f->len[i] > 1000 ? 800 : 64)
        found = folder_holds(f->k.dir, f->box[i] + at, BOX_MARK, NULL);
    return found;
}

static void pass_days(struct fixture *f, int days) { f->k.hub.clock.test_wall_ms = noon + (int64_t)days * DAY * 1000; }

static void test_retention__nothing_is_left_of_what_was_typed(void **state)
{
    struct fixture *f = *state;
    int64_t erased = -1;
    for (int i = 0; i < 40; i++)
        sign_up(f, i % 2 ? ev_past : ev_later);
    send_all(f);
    assert_true(anywhere(f, 1) && anywhere(f, 39));
    pass_days(f, 31);
    assert_int_equal(retention_purge(&f->k.hub, 30, &erased, NULL), ERR_NONE);
    assert_int_equal(erased, 0);
    pass_days(f, 33);
    assert_int_equal(retention_purge(&f->k.hub, 30, &erased, NULL), ERR_NONE);
    assert_int_equal(erased, 20);
    for (int i = 0; i < 40; i++)
        assert_int_equal(anywhere(f, i), i % 2 == 0);
    assert_int_equal(retention_purge(&f->k.hub, 30, &erased, NULL), ERR_NONE);
    assert_int_equal(erased, 0);
}

/* Rows that were written over and over, among others that stay: pages were split and rows moved about. */
static void test_retention__rows_that_moved_leave_nothing(void **state)
{
    struct fixture *f = *state;
    for (int i = 0; i < BOXES; i++) {
        sign_up(f, i % 3 ? ev_past : ev_later);
        if (i % 5 == 0)
            hubkit_cancel(&f->q, f->last.id, f->last.code);
    }
    send_all(f);
    pass_days(f, 40);
    assert_int_equal(retention_purge(&f->k.hub, 30, NULL, NULL), ERR_NONE);
    for (int i = 0; i < BOXES; i++)
        assert_int_equal(anywhere(f, i), i % 3 == 0);
}

static void test_retention__the_signup_is_still_known(void **state)
{
    struct fixture *f = *state;
    sign_up(f, ev_past);
    struct wire_op op = f->last;
    send_all(f);
    pass_days(f, 40);
    assert_int_equal(retention_purge(&f->k.hub, 30, NULL, NULL), ERR_NONE);
    assert_int_equal(hubkit_number(&f->k, "SELECT count(*) FROM signup WHERE state = 'confirmed' AND length(code) > 0 "
                                          "AND length(box) = 0"),
                     1);
    /* a kiosk that lost the answer says it again: no second row, and the box does not come back */
    hubkit_op(&f->q, &op);
    send_all(f);
    assert_int_equal(hubkit_number(&f->k, "SELECT count(*) FROM signup"), 1);
    assert_int_equal(hubkit_number(&f->k, "SELECT length(box) FROM signup"), 0);
    assert_int_equal(hubkit_told_of(&f->q, op.id)->st, WIRE_CONFIRMED);
    assert_false(anywhere(f, 0));
}

static void test_retention__what_waits_for_a_person_is_erased_too(void **state)
{
    struct fixture *f = *state;
    sign_up(f, ev_nowhere);
    send_all(f);
    assert_int_equal(sql_exec(f->k.hub.db, "UPDATE kiosk SET state = 'revoked'", NULL), ERR_NONE);
    sign_up(f, ev_past);
    hubkit_exchange(&f->k, &f->q);
    assert_int_equal(hubkit_number(&f->k, "SELECT count(*) FROM signup WHERE state = 'quarantined'"), 1);
    pass_days(f, 40);
    assert_int_equal(retention_purge(&f->k.hub, 30, NULL, NULL), ERR_NONE);
    assert_false(anywhere(f, 0) || anywhere(f, 1));
}

static void test_retention__once_a_day(void **state)
{
    struct fixture *f = *state;
    char day[11] = "";
    sign_up(f, ev_past);
    send_all(f);
    pass_days(f, 31);
    retention_daily(&f->k.hub, 30, day);
    assert_true(day[0] != '\0');
    assert_true(anywhere(f, 0));
    f->k.hub.clock.test_wall_ms += 5 * 3600 * 1000;
    char same[11];
    memcpy(same, day, sizeof same);
    retention_daily(&f->k.hub, 30, day);
    assert_string_equal(day, same);
    pass_days(f, 33);
    retention_daily(&f->k.hub, 30, day);
    assert_string_not_equal(day, same);
    assert_false(anywhere(f, 0));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_retention__nothing_is_left_of_what_was_typed, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_retention__rows_that_moved_leave_nothing, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_retention__the_signup_is_still_known, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_retention__what_waits_for_a_person_is_erased_too, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_retention__once_a_day, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
