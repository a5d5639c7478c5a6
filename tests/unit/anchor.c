/* The anchor on a second medium: a crash in between is told from a card that went back. */
#include "kiosk/store/ledger_anchor.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "kiosk/base/file.h"
#include "kiosk/store/ledger_private.h"
#include "kiosk/store/ledger_sync.h"

#define EV "0198a1b2-0000-7000-8000-00000000e001"

struct fixture {
    char dir[64], other[64], anchor[80], ledger_path[80];
    struct clock clock;
    struct ledger *ledger;
    struct error e;
};

static void reopen(struct fixture *f)
{
    ledger_close(f->ledger);
    assert_int_equal(ledger_open(&f->ledger, f->dir, &f->clock, true, &f->e), ERR_NONE);
    assert_int_equal(ledger_use_anchor(f->ledger, f->anchor, &f->e), ERR_NONE);
}

static void copy(const char *from, const char *to)
{
    struct buf b;
    struct error e;
    buf_init(&b, 16 << 20);
    assert_int_equal(file_read(from, &b, &e), ERR_NONE);
    assert_int_equal(file_write(to, b.data, b.len, 0600, &e), ERR_NONE);
    buf_done(&b);
}

/* Closed, the ledger is one file: its image. */
static void image(struct fixture *f, const char *name, bool back)
{
    char path[100];
    snprintf(path, sizeof path, "%s/%s", f->dir, name);
    ledger_close(f->ledger);
    f->ledger = NULL;
    copy(back ? path : f->ledger_path, back ? f->ledger_path : path);
    reopen(f);
}

static bool is_lost(struct fixture *f)
{
    struct ledger_batch b = {0};
    buf_init(&b.lines, 100000);
    assert_int_equal(ledger_batch(f->ledger, &b, 50, &f->e), ERR_NONE);
    buf_done(&b.lines);
    return b.anchor_lost;
}

/* An act that moves the log; true: seats were sold from stock. */
static bool sells(struct fixture *f)
{
    struct ledger_seats seats;
    struct ledger_op op;
    assert_int_equal(ledger_begin(f->ledger, &f->e), ERR_NONE);
    enum err code = ledger_take_seats(f->ledger, EV, 1, 1, &seats, &f->e);
    if (!code)
        code = ledger_op_init(f->ledger, &op, "want", &f->e);
    if (!code) {
        json_put_str(op.line, "ev", EV);
        json_put_int(op.line, "seats", 1 + seats.count);
        code = ledger_op_append(f->ledger, &op, NULL, &f->e);
    }
    assert_int_equal(ledger_finish(f->ledger, code, &f->e), ERR_NONE);
    return seats.count == 1;
}

static void grant(struct fixture *f, int64_t lease, int first)
{
    struct ledger_grant g = {.lease = lease, .event = EV, .first = first, .last = first + 9, .terms = 1, .sig = "s"};
    assert_int_equal(ledger_reply_begin(f->ledger, &f->e), ERR_NONE);
    assert_int_equal(ledger_reply_grant(f->ledger, &g, &f->e), ERR_NONE);
    assert_int_equal(ledger_reply_commit(f->ledger, &f->e), ERR_NONE);
}

static int set_up(void **state)
{
    struct stat here, there;
    struct fixture *f = calloc(1, sizeof *f);
    snprintf(f->dir, sizeof f->dir, "/tmp/sosedi-anchor-XXXXXX");
    snprintf(f->other, sizeof f->other, "/dev/shm/sosedi-anchor-XXXXXX");
    assert_non_null(mkdtemp(f->dir));
    *state = f;
    if (!mkdtemp(f->other) || stat(f->dir, &here) < 0 || stat(f->other, &there) < 0 || here.st_dev == there.st_dev) {
        f->other[0] = '\0';
        return 0;
    }
    snprintf(f->anchor, sizeof f->anchor, "%s/anchor", f->other);
    snprintf(f->ledger_path, sizeof f->ledger_path, "%s/ledger.db", f->dir);
    f->clock = clock_test(INT64_C(1796126400000));
    struct ledger_enrolment x = {.hub = "http://127.0.0.1:1",
                                 .kid = "abcdefghij",
                                 .name = "T",
                                 .scope = "all",
                                 .host = "",
                                 .root_b64 = "",
                                 .epoch = 1,
                                 .inc = 1};
    reopen(f);
    assert_int_equal(ledger_enrol(f->ledger, &x, &f->e), ERR_NONE);
    grant(f, 7, 1);
    return 0;
}

static int tear_down(void **state)
{
    struct fixture *f = *state;
    char command[200];
    ledger_close(f->ledger);
    snprintf(command, sizeof command, "rm -rf %s %s", f->dir, f->other);
    assert_int_equal(system(command), 0);
    free(f);
    return 0;
}

static struct fixture *fixture_of(void **state)
{
    struct fixture *f = *state;
    if (!f->other[0]) {
        print_message("skipped: /dev/shm is no other device\n");
        skip();
    }
    return f;
}

static void test_anchor__a_new_kiosk_is_anchored_and_goes_on(void **state)
{
    struct fixture *f = fixture_of(state);
    assert_true(sells(f));
    reopen(f);
    assert_false(is_lost(f));
    assert_true(sells(f));
    reopen(f);
    assert_false(is_lost(f));
    assert_int_equal(ledger_anchor_state(f->ledger), LEDGER_ANCHOR_GOOD);
}

static void test_anchor__a_crash_before_it_was_written_is_no_loss(void **state)
{
    struct fixture *f = fixture_of(state);
    char old[100];
    snprintf(old, sizeof old, "%s/old", f->other);
    for (int i = 0; i < 3; i++) { /* whichever slot is the newer one */
        assert_true(sells(f));
        copy(f->anchor, old);
        assert_true(sells(f));
        copy(old, f->anchor);
        reopen(f);
        assert_false(is_lost(f));
    }
    /* cut off in the middle of writing: the slot before counts */
    assert_true(sells(f));
    struct buf b;
    buf_init(&b, 1000);
    assert_int_equal(file_read(f->anchor, &b, &f->e), ERR_NONE);
    assert_int_equal(b.len, LEDGER_ANCHOR_BYTES);
    for (int slot = 0; slot < 2; slot++) {
        struct buf torn;
        buf_init(&torn, 1000);
        buf_add(&torn, b.data, b.len);
        memset(torn.data + slot * LEDGER_ANCHOR_SLOT + 20, 0x55, 30);
        assert_int_equal(file_write(f->anchor, torn.data, torn.len, 0600, &f->e), ERR_NONE);
        buf_done(&torn);
        reopen(f);
        assert_false(is_lost(f));
    }
    buf_done(&b);
}

static void test_anchor__an_older_image_sells_nothing_until_the_hub_has_answered(void **state)
{
    struct fixture *f = fixture_of(state);
    assert_true(sells(f));
    image(f, "image", false);
    assert_false(is_lost(f));
    assert_true(sells(f));
    image(f, "image", true);
    assert_true(is_lost(f));
    assert_int_equal(ledger_stock(f->ledger, EV), 9);
    assert_false(sells(f));
    reopen(f);
    assert_true(is_lost(f)); /* and no act makes it good */
    /* one that it begins by itself takes no doubt away */
    assert_int_equal(ledger_new_incarnation(f->ledger, 2, 1, false, &f->e), ERR_NONE);
    assert_true(is_lost(f));
    assert_int_equal(ledger_new_incarnation(f->ledger, 3, 1, true, &f->e), ERR_NONE);
    assert_false(is_lost(f));
    grant(f, 8, 21);
    assert_true(sells(f));
    reopen(f);
    assert_false(is_lost(f));
}

static void test_anchor__a_log_that_went_another_way_is_found_out(void **state)
{
    struct fixture *f = fixture_of(state);
    image(f, "image", false);
    assert_true(sells(f));
    ledger_close(f->ledger);
    f->ledger = NULL;
    char path[100];
    snprintf(path, sizeof path, "%s/image", f->dir);
    copy(path, f->ledger_path);
    /* started without its anchor, it goes on otherwise and further */
    assert_int_equal(ledger_open(&f->ledger, f->dir, &f->clock, true, &f->e), ERR_NONE);
    f->ledger->boot[0] ^= 1;
    struct ledger_op op;
    for (int i = 0; i < 3; i++) {
        assert_int_equal(ledger_begin(f->ledger, &f->e), ERR_NONE);
        assert_int_equal(ledger_op_init(f->ledger, &op, "find", &f->e), ERR_NONE);
        assert_int_equal(ledger_op_append(f->ledger, &op, NULL, &f->e), ERR_NONE);
        assert_int_equal(ledger_finish(f->ledger, ERR_NONE, &f->e), ERR_NONE);
    }
    reopen(f);
    assert_true(is_lost(f));
}

static void test_anchor__missing_or_of_another_kiosk(void **state)
{
    struct fixture *f = fixture_of(state);
    assert_true(sells(f));
    assert_int_equal(unlink(f->anchor), 0);
    reopen(f);
    assert_true(is_lost(f));
    assert_false(sells(f));
    assert_int_equal(ledger_new_incarnation(f->ledger, 2, 1, true, &f->e), ERR_NONE);
    reopen(f);
    assert_false(is_lost(f));
    assert_int_equal(ledger_begin(f->ledger, &f->e), ERR_NONE);
    enum err code = ledger_meta_set(f->ledger, "kid", "klmnopqrst", &f->e);
    f->ledger->anchor_bad = false;
    char *anchor = f->ledger->anchor;
    f->ledger->anchor = NULL;
    assert_int_equal(ledger_finish(f->ledger, code, &f->e), ERR_NONE);
    f->ledger->anchor = anchor;
    reopen(f);
    assert_true(is_lost(f));
}

static void test_anchor__a_medium_that_is_not_there_stops_sales_not_sign_ups(void **state)
{
    struct fixture *f = fixture_of(state);
    assert_true(sells(f));
    char away[100];
    snprintf(away, sizeof away, "%s.away", f->other);
    assert_int_equal(rename(f->other, away), 0);
    assert_true(sells(f));  /* it could not know before it tried */
    assert_false(sells(f)); /* but it is recorded */
    assert_int_equal(rename(away, f->other), 0);
    sells(f);
    assert_true(sells(f));
    reopen(f);
    assert_false(is_lost(f));
    /* a folder of the same disk where the medium is mounted else */
    snprintf(f->anchor, sizeof f->anchor, "%s/anchor", f->dir);
    reopen(f);
    assert_true(is_lost(f));
    assert_false(sells(f));
    assert_int_not_equal(access(f->anchor, F_OK), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_anchor__a_new_kiosk_is_anchored_and_goes_on, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_anchor__a_crash_before_it_was_written_is_no_loss, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_anchor__an_older_image_sells_nothing_until_the_hub_has_answered, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(test_anchor__a_log_that_went_another_way_is_found_out, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_anchor__missing_or_of_another_kiosk, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_anchor__a_medium_that_is_not_there_stops_sales_not_sign_ups, set_up,
                                        tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
