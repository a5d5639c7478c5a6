/* Signing up, as a resident meets it: from the programme to the ticket, and everything that may come between. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "kiosk/base/sql.h"
#include "tests/support/desk.h"
#include "tests/support/folder.h"
#include "tests/support/picture.h"

static int signup_setup(void **state)
{
    static struct desk d;
    desk_new(&d, NULL, true);
    *state = &d;
    return 0;
}

static int signup_teardown(void **state)
{
    desk_done(*state);
    return 0;
}

/* From the first screen to the empty form. */
static struct picture *signup_open(const struct desk *d, const char *lang, int rows, enum desk_event event)
{
    struct picture *p = picture_start(&(struct picture_setup){.data = d->folder, .lang = lang, .rows = rows,
                                                              .cols = rows == 45 ? 160 : 80, .clock = DESK_CLOCK});
    picture_press(p, "enter 1");
    for (int i = DESK_PLAIN; i < (int)event; i++)
        picture_press(p, "down");
    picture_press(p, "enter f5");
    return p;
}

/* Name, phone, no address, so many people. */
static void signup_fill(struct picture *p) { picture_press(p, "'Анна Петрова' enter '8 912 345-67-89' enter enter 2 enter"); }

static const struct signup_look {
    const char *lang;
    int rows;
    const char *suffix;
} signup_looks[] = {{"ru", 24, "ru"}, {"en", 24, "en"}, {"xx", 24, "xx"}, {"ru", 45, "ru-large"}};

static void test_signup__every_step_looks_right(void **state)
{
    static const struct {
        const char *keys, *name;
    } steps[] = {
        {"", "empty"},
        {"enter", "no-name"},
        {"'Анна Петрова' enter '8 912' enter", "short-phone"},
        {"backspace backspace backspace backspace backspace enter enter", "neither"},
        {"'фттф\"ьфшдюкг' enter", "people"},
        {"99 enter", "too-many"},
        {"2 enter", "choice"},
        {"2 67 enter", "yesno"},
        {"1 enter", "consent"},
        {"space down", "agreed"},
        {"enter", "review"},
        {"right", "change"},
        {"esc", "again"},
        {"esc", "leave"},
    };
    for (size_t i = 0; i < sizeof signup_looks / sizeof signup_looks[0]; i++) {
        const struct signup_look *look = &signup_looks[i];
        struct picture *p = signup_open(*state, look->lang, look->rows, DESK_ASKS);
        for (size_t k = 0; k < sizeof steps / sizeof steps[0]; k++) {
            char name[80];
            picture_press(p, steps[k].keys);
            snprintf(name, sizeof name, "signup-%s-%s", steps[k].name, look->suffix);
            picture_check(p, name);
        }
        assert_int_equal(picture_stop(p), 0);
    }
}

static void test_signup__ends_with_a_ticket_whose_code_can_be_read(void **state)
{
    struct desk *d = *state;
    char id[CONTENT_ID], code[CODE_LEN + 1], want[CODE_URL_MAX], seen[200];
    struct picture *p = signup_open(d, "ru", 24, DESK_ASKS);
    signup_fill(p);
    picture_press(p, "2 67 enter 1 'Бабушка' enter enter enter space");
    assert_true(picture_has(p, "Вы записаны"));
    assert_true(picture_has(p, "Ваши места: 1, 2"));
    assert_int_equal(desk_count(d), 1);
    assert_true(desk_last(d, id, code));
    snprintf(want, sizeof want, "HTTPS://HUB.EXAMPLE/T/%s", code);
    assert_string_equal(picture_qr(p, seen, sizeof seen), want);
    picture_press(p, "space"); /* done */
    assert_true(picture_has(p, "Что вы хотите сделать?"));
    assert_int_equal(picture_stop(p), 0);
}

/* What a person typed is sealed on the disk and gone from the screen. */
static void test_signup__nothing_readable_stays(void **state)
{
    struct desk d;
    (void)state;
    desk_new(&d, NULL, true);
    char which[FOLDER_PATH] = "";
    struct picture *p = signup_open(&d, "ru", 24, DESK_PLAIN);
    picture_press(p, "'Евдокия Полуэктова' enter '8 912 777-66-55' enter 'evdokia@mail.ru' enter enter enter enter space");
    assert_true(picture_has(p, "Вы записаны"));
    static const char *const secrets[] = {"Евдокия", "Полуэктова", "9127776655", "777-66-55", "evdokia"};
    ledger_close(d.ledger); /* a file that is read and closed takes SQLite's locks of this process away */
    d.ledger = NULL;
    for (size_t i = 0; i < sizeof secrets / sizeof secrets[0]; i++)
        if (folder_holds(d.folder, secrets[i], strlen(secrets[i]), which))
            fail_msg("%s is in %s", secrets[i], which);
    picture_press(p, "esc 1 enter f5");
    assert_true(picture_has(p, "1 из 5"));
    for (size_t i = 0; i < sizeof secrets / sizeof secrets[0]; i++)
        assert_false(picture_has(p, secrets[i]));
    assert_int_equal(picture_stop(p), 0);
    desk_done(&d);
}

/* A held Enter runs through no decision. */
static void test_signup__a_held_enter_signs_nobody_up(void **state)
{
    struct desk *d = *state;
    int before = desk_count(d);
    struct picture *p = signup_open(d, "ru", 24, DESK_PLAIN);
    signup_fill(p);
    picture_send(p, "\r\r\r\r\r\r\r\r", 8);
    assert_true(picture_has(p, "Всё верно?"));
    assert_int_equal(desk_count(d), before);
    assert_int_equal(picture_stop(p), 0);
}

static void test_signup__typed_things_are_not_lost_by_one_key(void **state)
{
    struct picture *p = signup_open(*state, "ru", 24, DESK_PLAIN);
    picture_press(p, "'Анна' home 'x' home esc");
    assert_true(picture_has(p, "Выйти без записи?"));
    picture_press(p, "enter"); /* the focus is on "stay" */
    assert_true(picture_has(p, "xАнна"));
    picture_press(p, "f1");
    picture_press(p, "esc");
    assert_true(picture_has(p, "xАнна"));
    picture_press(p, "f2 2");
    assert_true(picture_has(p, "Your name"));
    assert_true(picture_has(p, "xАнна"));
    picture_press(p, "esc down enter");
    assert_false(picture_has(p, "xАнна"));
    assert_int_equal(picture_stop(p), 0);
}

/* The bottom line offers Home, so it must do something: it did nothing where all is looked over once more. */
static void test_signup__home_asks_before_it_forgets(void **state)
{
    struct picture *p = signup_open(*state, "ru", 24, DESK_PLAIN);
    picture_press(p, "home"); /* nothing typed, nothing asked */
    assert_true(picture_has(p, "Что вы хотите сделать?"));
    assert_int_equal(picture_stop(p), 0);
    p = signup_open(*state, "ru", 24, DESK_PLAIN);
    picture_press(p, "'Анна' down home"); /* from another, empty line */
    assert_true(picture_has(p, "Выйти без записи?"));
    picture_press(p, "esc up backspace backspace backspace backspace");
    signup_fill(p);
    picture_press(p, "enter enter");
    assert_true(picture_has(p, "Всё верно?"));
    picture_press(p, "home");
    assert_true(picture_has(p, "Выйти без записи?"));
    picture_press(p, "enter"); /* the focus is on "stay" */
    assert_true(picture_has(p, "Всё верно?"));
    picture_press(p, "home down enter");
    assert_true(picture_has(p, "Что вы хотите сделать?"));
    assert_int_equal(picture_stop(p), 0);
}

static void test_signup__works_by_touch(void **state)
{
    struct desk *d = *state;
    int before = desk_count(d);
    struct picture *p = signup_open(d, "ru", 24, DESK_PLAIN);
    picture_press(p, "'Анна Петрова'");
    picture_click(p, 9, 10); /* the phone's line */
    picture_press(p, "89123456789");
    assert_true(picture_has(p, "> Телефон"));
    picture_press(p, "pgdn enter"); /* the button leads to the missing consent */
    assert_true(picture_has(p, "Без вашего согласия"));
    int row, col;
    picture_cursor(p, &row, &col);
    picture_click(p, row, 20);
    assert_true(picture_has(p, "> [ Дальше"));
    picture_cursor(p, &row, &col);
    picture_click(p, row, 8);
    assert_true(picture_has(p, "Всё верно?"));
    picture_cursor(p, &row, &col);
    picture_click(p, row, 8);
    assert_true(picture_has(p, "Вы записаны"));
    assert_int_equal(desk_count(d), before + 1);
    assert_int_equal(picture_stop(p), 0);
}

static void test_signup__long_forms_scroll_and_show_everything_in_the_review(void **state)
{
    struct desk *d = *state;
    struct picture *p = signup_open(d, "ru", 24, DESK_LONG);
    signup_fill(p);
    picture_press(p, "'Одно' enter 'Другое' enter");
    picture_check(p, "signup-long-choice");
    picture_press(p, "3 pgdn up space down");
    picture_check(p, "signup-long-button");
    picture_press(p, "enter");
    picture_check(p, "signup-long-review");
    picture_press(p, "pgdn");
    picture_check(p, "signup-long-review-below");
    assert_int_equal(picture_stop(p), 0);
}

/* ---- what may happen meanwhile */

static struct picture *signup_at_review(struct desk *d)
{
    struct picture *p = signup_open(d, "ru", 24, DESK_PLAIN);
    signup_fill(p);
    picture_press(p, "enter enter");
    assert_true(picture_has(p, "Всё верно?"));
    return p;
}

static void test_signup__event_is_moved_meanwhile(void **state)
{
    struct desk d;
    (void)state;
    desk_new(&d, NULL, true);
    struct picture *p = signup_at_review(&d);
    desk_event_move(&d, DESK_PLAIN);
    assert_true(picture_wait_text(p, "17:00–19:00"));
    picture_press(p, "tab backtab"); /* what came by itself is drawn whole */
    picture_check(p, "signup-moved-ru");
    picture_press(p, "space");
    assert_true(picture_has(p, "Вы записаны"));
    assert_int_equal(desk_count(&d), 1);
    assert_int_equal(picture_stop(p), 0);
    desk_done(&d);
}

static void test_signup__event_is_called_off_or_gone_meanwhile(void **state)
{
    static const struct {
        const char *name;
        void (*change)(struct desk *d, enum desk_event i);
        const char *text, *picture;
    } rows[] = {{"called off", desk_event_cancel, "Это событие отменено", "signup-cancelled-ru"},
                {"gone", desk_event_remove, "Этого события больше нет", "signup-gone-ru"}};
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct desk d;
        desk_new(&d, NULL, true);
        struct picture *p = signup_at_review(&d);
        rows[i].change(&d, DESK_PLAIN);
        if (!picture_wait_text(p, rows[i].text))
            fail_msg("%s:\n%s", rows[i].name, picture_text(p));
        picture_press(p, "tab backtab");
        picture_check(p, rows[i].picture);
        picture_press(p, "space");
        assert_int_equal(desk_count(&d), 0);
        assert_int_equal(picture_stop(p), 0);
        desk_done(&d);
    }
}

/* Another program holds the ledger for longer than one waits: nothing is said to be saved, and the second try works. */
static void test_signup__what_cannot_be_saved_is_not_said_to_be(void **state)
{
    struct desk d;
    struct error e;
    (void)state;
    desk_new(&d, NULL, true);
    struct picture *p = signup_at_review(&d);
    assert_int_equal(sql_begin(ledger_sql(d.ledger), &e), ERR_NONE);
    picture_press(p, "space");
    picture_check(p, "signup-failed-ru");
    sql_rollback(ledger_sql(d.ledger));
    assert_int_equal(desk_count(&d), 0);
    picture_press(p, "space");
    assert_true(picture_has(p, "Вы записаны"));
    assert_int_equal(desk_count(&d), 1);
    assert_int_equal(picture_stop(p), 0);
    desk_done(&d);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_signup__every_step_looks_right),
        cmocka_unit_test(test_signup__ends_with_a_ticket_whose_code_can_be_read),
        cmocka_unit_test(test_signup__nothing_readable_stays),
        cmocka_unit_test(test_signup__a_held_enter_signs_nobody_up),
        cmocka_unit_test(test_signup__typed_things_are_not_lost_by_one_key),
        cmocka_unit_test(test_signup__home_asks_before_it_forgets),
        cmocka_unit_test(test_signup__works_by_touch),
        cmocka_unit_test(test_signup__long_forms_scroll_and_show_everything_in_the_review),
        cmocka_unit_test(test_signup__event_is_moved_meanwhile),
        cmocka_unit_test(test_signup__event_is_called_off_or_gone_meanwhile),
        cmocka_unit_test(test_signup__what_cannot_be_saved_is_not_said_to_be),
    };
    return cmocka_run_group_tests(tests, signup_setup, signup_teardown);
}
