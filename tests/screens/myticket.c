/* My ticket: codes typed well and badly, scanned, guessed, and those of other terminals. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "kiosk/base/sql.h"
#include "tests/support/desk.h"
#include "tests/support/picture.h"

#define HERE      "4DXF92RV73"
#define ELSEWHERE "WVRNLJGFDN"

static struct picture *myticket_open(const struct desk *d, const char *lang)
{
    struct picture *p = picture_start(&(struct picture_setup){.data = d->folder, .lang = lang, .clock = DESK_CLOCK});
    picture_press(p, "enter 9");
    return p;
}

static void test_myticket__looks_right(void **state)
{
    static const struct {
        const char *keys, *name;
    } steps[] = {{"", "empty"},
                 {"4DXF9 enter", "short"},
                 {"-2RV73333 enter", "long"},
                 {"backspace backspace backspace backspace K enter", "sign"},
                 {"backspace 4 enter", "wrong"},
                 {"backspace N enter", "wrong-again"}};
    static const char *const langs[] = {"ru", "en", "xx"};
    struct desk d;
    (void)state;
    desk_new(&d, NULL, true);
    for (size_t i = 0; i < sizeof langs / sizeof langs[0]; i++) {
        struct picture *p = myticket_open(&d, langs[i]);
        for (size_t k = 0; k < sizeof steps / sizeof steps[0]; k++) {
            char name[80];
            picture_press(p, steps[k].keys);
            snprintf(name, sizeof name, "myticket-%s-%s", steps[k].name, langs[i]);
            picture_check(p, name);
        }
        assert_int_equal(picture_stop(p), 0);
    }
    desk_done(&d);
}

static void test_myticket__code_opens_the_ticket_however_it_comes(void **state)
{
    static const struct {
        const char *name, *keys, *burst;
    } rows[] = {
        {"typed", HERE " enter", NULL},
        {"small letters and a dash", "4dxf9-2rv73 enter", NULL},
        {"Russian layout", "4вча92км73 enter", NULL},
        {"scanned", NULL, "\x02" HERE "\r"},
        {"scanned from a screen", NULL, "\x02HTTPS://HUB.EXAMPLE/T/" HERE "\r"},
        {"scanned under the Russian layout", NULL, "\x02РЕЕЗЫЖ..РГИюУЧФЬЗДУ.Е.4ВЧА92КМ73\r"},
    };
    struct desk d;
    (void)state;
    desk_new(&d, NULL, true);
    desk_sign_up(&d, DESK_PLAIN, 1, HERE);
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct picture *p = myticket_open(&d, "ru");
        if (rows[i].keys)
            picture_press(p, rows[i].keys);
        else
            picture_send(p, rows[i].burst, strlen(rows[i].burst));
        if (!picture_has(p, "Вы записаны"))
            fail_msg("%s:\n%s", rows[i].name, picture_text(p));
        picture_press(p, "esc"); /* to the start page: the code is not left in the field */
        assert_false(picture_has(p, "4DXF9"));
        picture_press(p, "5");
        assert_false(picture_has(p, HERE));
        assert_int_equal(picture_stop(p), 0);
    }
    desk_done(&d);
}

/* Also by a person who goes away and comes back in between. */
static void test_myticket__guessing_is_slowed(void **state)
{
    struct desk d;
    (void)state;
    desk_new(&d, NULL, true);
    desk_sign_up(&d, DESK_PLAIN, 1, HERE);
    struct picture *p = myticket_open(&d, "ru");
    picture_press(p, "4DXF92RV74 enter");
    for (int i = 0; i < 4; i++) {
        assert_true(picture_has(p, "Одна из букв или цифр неверна"));
        picture_press(p, "esc 9 4DXF92RV74 enter");
    }
    assert_true(picture_has(p, "Слишком много неверных кодов"));
    picture_press(p, "esc 9 " HERE " enter"); /* even the right one waits */
    assert_true(picture_has(p, "Слишком много неверных кодов"));
    assert_false(picture_has(p, "Вы записаны"));
    picture_send(p, "\x02" HERE "\r", 12);
    assert_false(picture_has(p, "Вы записаны"));
    assert_int_equal(picture_stop(p), 0);
    desk_done(&d);
}

static int asked(struct desk *d)
{
    struct sql_stmt *st = sql_get(ledger_sql(d->ledger), "SELECT count(*) FROM op WHERE kind = 'find'");
    struct error e;
    bool row;
    assert_int_equal(sql_step(st, &row, &e), ERR_NONE);
    int n = (int)sql_int(st, 0);
    sql_reset(st);
    return n;
}

static void test_myticket__ticket_of_another_terminal_is_asked_for(void **state)
{
    struct desk d;
    (void)state;
    desk_new(&d, NULL, true);
    struct picture *p = myticket_open(&d, "ru");
    picture_press(p, ELSEWHERE " enter");
    picture_check(p, "myticket-asked-ru");
    picture_press(p, "enter enter"); /* impatience asks no second time */
    assert_int_equal(asked(&d), 1);
    desk_find_answer(&d, ELSEWHERE, DESK_ASKS);
    assert_true(picture_wait_text(p, "Вы записаны"));
    picture_press(p, "tab backtab");
    assert_true(picture_has(p, "Шахматный вечер")); /* the hub tells no facts: they are in the programme */
    assert_true(picture_has(p, "Ваше место: 3"));
    assert_int_equal(picture_stop(p), 0);
    desk_done(&d);
}

static void test_myticket__hub_knows_no_such_ticket(void **state)
{
    struct desk d;
    (void)state;
    desk_new(&d, NULL, true);
    struct picture *p = myticket_open(&d, "ru");
    picture_press(p, ELSEWHERE " enter");
    desk_find_answer(&d, ELSEWHERE, (enum desk_event)0);
    assert_true(picture_wait_text(p, "Билета с таким кодом нет"));
    picture_press(p, "left");
    picture_check(p, "myticket-unknown-ru");
    assert_int_equal(picture_stop(p), 0);
    desk_done(&d);
}

static void test_myticket__kiosk_that_is_not_enrolled_has_nobody_to_ask(void **state)
{
    struct desk d;
    (void)state;
    desk_new(&d, NULL, false);
    struct picture *p = myticket_open(&d, "ru");
    picture_press(p, ELSEWHERE " enter");
    picture_check(p, "myticket-no-line-ru");
    assert_int_equal(picture_stop(p), 0);
    desk_done(&d);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_myticket__looks_right),
        cmocka_unit_test(test_myticket__code_opens_the_ticket_however_it_comes),
        cmocka_unit_test(test_myticket__guessing_is_slowed),
        cmocka_unit_test(test_myticket__ticket_of_another_terminal_is_asked_for),
        cmocka_unit_test(test_myticket__hub_knows_no_such_ticket),
        cmocka_unit_test(test_myticket__kiosk_that_is_not_enrolled_has_nobody_to_ask),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
