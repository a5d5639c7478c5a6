/* A ledger that was damaged: what can be read is saved, what cannot be believed any more is not sold from. */
#include "kiosk/store/ledger.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "kiosk/base/buf.h"
#include "kiosk/base/file.h"
#include "tests/support/enrolled.h"

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

/* The page behind page 1 that holds a table's definition. */
static int64_t find_schema_page(const char *path)
{
    static const char text[] = "CREATE TABLE job";
    struct buf b;
    buf_init(&b, 1 << 26);
    assert_int_equal(file_read(path, &b, NULL), ERR_NONE);
    const char *found = memmem(b.data, b.len, text, sizeof text - 1);
    assert_non_null(found);
    int64_t page = (found - b.data) / 4096 + 1;
    buf_done(&b);
    return page;
}

static void test_ledger_salvage__damaged_file_is_salvaged(void **state)
{
    struct enrolled *x = *state;
    enum { PEOPLE = 120 };
    char kept[FOLDER_FILE];
    x->event.capacity = 500;
    enrolled_grant(x, 9, 1, 200, 1);
    for (int i = 0; i < PEOPLE; i++)
        enrolled_sign_up(x);
    ledger_close(x->l);
    /* Somewhere in the middle of the tables; the first pages are the schema. */
    folder_spoil(x->path, 4096L * 40, 4096 * 2);
    enrolled_open(x, true);
    folder_file(kept, x->folder, "ledger.db.damaged");
    assert_int_equal(access(kept, F_OK), 0);
    int64_t signups = enrolled_count(x, "SELECT count(*) FROM signup"),
            ops = enrolled_count(x, "SELECT count(*) FROM op");
    assert_true(signups > PEOPLE * 3 / 4 && ops > PEOPLE * 3 / 4 && signups + ops < 2 * PEOPLE + 1);
    assert_int_equal(enrolled_count(x, "PRAGMA foreign_key_check"), -1);
    /* Nothing is sold from the stock of a log with holes, and the hub is told. */
    assert_int_equal(ledger_stock(x->l, ENROLLED_EVENT), 0);
    struct ledger_batch batch = {0};
    buf_init(&batch.lines, 1 << 18);
    assert_int_equal(ledger_batch(x->l, &batch, 50, NULL), ERR_NONE);
    assert_true(batch.anchor_lost);
    assert_int_equal(batch.held_count, 0);
    buf_done(&batch.lines);
    /* People can go on signing up. */
    struct ticket t = enrolled_sign_up(x);
    assert_int_equal(t.state, TICKET_ASKING);
    assert_int_equal(ledger_new_incarnation(x->l, 2, 1, true, NULL), ERR_NONE);
    assert_int_equal(enrolled_count(x, "SELECT max(n) - count(*) FROM op"), 0);
    assert_int_equal(enrolled_count(x, "SELECT value FROM meta WHERE name = 'anchor_lost'"), 0);
}

/* Page 1, which every checkpoint writes, and the schema's other page: without them SQLite reads nothing. */
static void test_ledger_salvage__a_damaged_schema_loses_nobody(void **state)
{
    struct enrolled *x = *state;
    int64_t pages[2] = {1, 0};
    for (int i = 0; i < 2; i++) {
        enrolled_done(x);
        enrolled_new(x);
        for (int k = 0; k < 30; k++)
            enrolled_sign_up(x);
        struct ticket t = enrolled_sign_up(x), after;
        ledger_close(x->l);
        pages[1] = find_schema_page(x->path);
        folder_spoil(x->path, 4096 * (long)(pages[i] - 1), 4096);
        enrolled_open(x, true);
        assert_int_equal(enrolled_count(x, "SELECT count(*) FROM signup"), 31);
        assert_int_equal(enrolled_count(x, "SELECT count(*) FROM op WHERE kind = 'signup' AND json_valid(body)"), 31);
        assert_int_equal(ledger_ticket_by_code(x->l, t.code, &after, NULL), ERR_NONE);
        enrolled_sign_up(x); /* who we are is known still */
    }
}

static void test_ledger_salvage__file_that_is_no_database(void **state)
{
    struct enrolled *x = *state;
    struct ticket t;
    char kept[FOLDER_FILE];
    folder_file(kept, x->folder, "ledger.db.damaged.1");
    for (int i = 0; i < 2; i++) {
        enrolled_sign_up(x);
        ledger_close(x->l);
        folder_spoil(x->path, 0, 4096 * 4);
        enrolled_open(x, true);
        assert_int_equal(ledger_sign_up(x->l, &x->draft, &t, NULL), ERR_STATE); /* fails closed: who we are is lost */
        enrolled_set(x);
    }
    assert_int_equal(access(kept, F_OK), 0);
    enrolled_sign_up(x);
}

/* Any page wrong: it opens, or says why; it never dies, and never sells from stock that it cannot be sure of. */
static void test_ledger_salvage__any_page_may_be_wrong(void **state)
{
    struct enrolled *x = *state;
    for (int page = 0; page < 40; page++) {
        enrolled_done(x);
        enrolled_new(x);
        x->event.capacity = 500;
        enrolled_grant(x, 9, 1, 60, 1);
        for (int i = 0; i < 25; i++)
            enrolled_sign_up(x);
        ledger_close(x->l);
        folder_spoil(x->path, 4096L * page + (page % 3 == 1 ? 0 : 1000), page % 2 ? 3000 : 300);
        enrolled_open(x, true);
        if (enrolled_count(x, "SELECT count(*) FROM meta WHERE name = 'anchor_lost'") > 0)
            assert_int_equal(ledger_stock(x->l, ENROLLED_EVENT), 0);
        struct ticket t;
        assert_true(ledger_sign_up(x->l, &x->draft, &t, NULL) < ERR_COUNT);
    }
}

/* A program that has the damaged ledger open while another salvages it goes over to the new file with its next act. */
static void test_ledger_salvage__others_follow_a_salvage(void **state)
{
    struct enrolled *x = *state;
    struct ledger *other;
    struct ticket t;
    for (int i = 0; i < 60; i++)
        enrolled_sign_up(x);
    enrolled_reopen(x, false);
    assert_int_equal(ledger_open(&other, x->folder, &x->clock, false, NULL), ERR_NONE);
    folder_spoil(x->path, 4096L * 25, 4096);
    ledger_close(x->l);
    enrolled_open(x, true);
    int64_t before = enrolled_count(x, "SELECT count(*) FROM signup");
    assert_int_equal(ledger_sign_up(other, &x->draft, &t, NULL), ERR_NONE);
    assert_int_equal(enrolled_count(x, "SELECT count(*) FROM signup"), before + 1);
    assert_true(ledger_refresh(x->l));
    assert_false(ledger_refresh(x->l));
    ledger_close(other);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_ledger_salvage__damaged_file_is_salvaged, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_ledger_salvage__a_damaged_schema_loses_nobody, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_ledger_salvage__file_that_is_no_database, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_ledger_salvage__any_page_may_be_wrong, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_ledger_salvage__others_follow_a_salvage, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
