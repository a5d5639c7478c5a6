/* What passes by itself on the screens of signing up: the shell without a terminal, a clock that is moved by hand. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "kiosk/base/error.h"
#include "screens/screens.h"
#include "tests/support/stand.h"

static void stand_scan(struct stand *s, const char *code) { shell_key(s->shell, &(struct key){.code = K_SCAN, .text = code}); }

static void stand_enter(struct stand *s, const char *text)
{
    stand_type(s, text);
    stand_press(s, K_ENTER);
}

static void test_desk_screens__asking_ends_after_three_seconds(void **state)
{
    struct stand s;
    (void)state;
    stand_open(&s);
    desk_sign_up(&s.d, DESK_FULL, 1, "4DXF92RV73");
    stand_scan(&s, "4DXF92RV73");
    stand_sees(&s, "One moment, asking");
    stand_wait(&s, 2000);
    stand_sees(&s, "One moment, asking");
    stand_wait(&s, 1600);
    stand_sees(&s, "It is not confirmed yet");
    stand_close(&s);
}

static void test_desk_screens__printer_that_does_nothing_is_called_silent(void **state)
{
    struct stand s;
    (void)state;
    stand_open(&s);
    desk_sign_up(&s.d, DESK_PLAIN, 1, "4DXF92RV73");
    stand_scan(&s, "4DXF92RV73");
    stand_sees(&s, "Your ticket will be printed at once");
    stand_wait(&s, 16000);
    stand_sees(&s, "The printer does not answer");
    stand_close(&s);
}

static void test_desk_screens__no_answer_is_no_line_and_may_still_come(void **state)
{
    struct stand s;
    (void)state;
    stand_open(&s);
    stand_scan(&s, "WVRNLJGFDN");
    stand_sees(&s, "One moment, asking");
    stand_wait(&s, 9000);
    stand_sees(&s, "there is no line to it just now");
    desk_find_answer(&s.d, "WVRNLJGFDN", DESK_PLAIN);
    stand_data_changed(&s);
    stand_sees(&s, "You are signed up");
    stand_close(&s);
}

static void test_desk_screens__code_pause_ends_after_half_a_minute(void **state)
{
    struct stand s;
    (void)state;
    stand_open(&s);
    desk_sign_up(&s.d, DESK_PLAIN, 1, "4DXF92RV73");
    for (int i = 0; i < 5; i++)
        stand_scan(&s, "4DXF92RV74");
    stand_sees(&s, "Please wait 30 seconds");
    stand_wait(&s, 29000);
    stand_sees(&s, "Please wait 1 second,");
    stand_scan(&s, "4DXF92RV73");
    stand_sees(&s, "Too many wrong codes");
    stand_wait(&s, 1500);
    stand_scan(&s, "4DXF92RV73");
    stand_sees(&s, "You are signed up");
    stand_close(&s);
}

static void test_desk_screens__pin_pause_ends_after_a_minute(void **state)
{
    struct stand s;
    (void)state;
    stand_open(&s);
    shell_key(s.shell, &(struct key){.code = K_F12});
    for (int i = 0; i < 5; i++)
        stand_enter(&s, "1111");
    stand_sees(&s, "Please wait 60 seconds");
    stand_wait(&s, 61000);
    stand_enter(&s, "1111"); /* one more try, then the next minute */
    stand_sees(&s, "Please wait 60 seconds");
    stand_wait(&s, 61000);
    stand_enter(&s, "2468");
    stand_sees(&s, "Close the program");
    stand_close(&s);
}

static void test_desk_screens__staff_page_is_left_and_locked_when_nobody_is_there(void **state)
{
    struct stand s;
    (void)state;
    stand_open(&s);
    shell_key(s.shell, &(struct key){.code = K_F12});
    stand_enter(&s, "2468");
    stand_wait(&s, 621000);
    assert_string_equal(shell_top_name(s.shell), "attract");
    shell_key(s.shell, &(struct key){.code = K_F12});
    stand_sees(&s, "Type the staff PIN");
    stand_close(&s);
}


static void stand_goto(struct stand *s, int screen, enum desk_event event)
{
    char id[CONTENT_ID] = "";
    if (event)
        desk_event_id(id, event);
    shell_open(&s->ui, screen, screen == SCREEN_EVENTS ? "all" : id);
    stand_press(s, K_UP);
}

/* What a scanner's first characters did before they were known to be a scanner's is undone, whatever it was. */
static void test_desk_screens__first_characters_of_a_scan_are_taken_back(void **state)
{
    static const struct {
        const char *name;
        int screen;
        enum desk_event event;
        const char *typed; /* before, by a person; '\t' goes to the next field */
        const char *early; /* by the scanner */
        const char *meanwhile; /* the screen on top then */
    } rows[] = {
        {"the start page, a digit", SCREEN_HOME, 0, "", "9", "myticket"},
        {"the start page, a letter", SCREEN_HOME, 0, "", "H", "home"},
        {"events, a digit", SCREEN_EVENTS, 0, "", "3", "event"},
        {"events, and one more on what it opened", SCREEN_EVENTS, 0, "", "22", NULL},
        {"events, a letter", SCREEN_EVENTS, 0, "", "D", "events"},
        {"events, while searching", SCREEN_EVENTS, 0, "ev", "3", "events"},
        {"communities", SCREEN_COMMUNITIES, 0, "", "C", "communities"},
        {"an event", SCREEN_EVENT, DESK_ASKS, "", "1", NULL},
        {"a form, the first field", SCREEN_SIGNUP, DESK_ASKS, "", "4", "signup"},
        {"a form, something stands there", SCREEN_SIGNUP, DESK_ASKS, "An", "JJJ", "signup"},
        {"a form, further down", SCREEN_SIGNUP, DESK_ASKS, "2\tAnna\t", "7", "signup"},
        {"a form, all the way down", SCREEN_SIGNUP, DESK_ASKS, "2\tAnna\t\t\t\t", "2", "signup"},
        {"a form, beyond that", SCREEN_SIGNUP, DESK_ASKS, "2\tAnna\t\t\t\t\t", "2", "signup"},
        {"a form, its end", SCREEN_SIGNUP, DESK_PLAIN, "\t\t\t\t\t\t\t\t\t\t\t", "2", "signup"},
        {"a code half typed", SCREEN_MYTICKET, 0, "4DX", "4", "myticket"},
        {"the PIN", SCREEN_STAFF, 0, "24", "6", "staff"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct stand s;
        stand_open(&s);
        stand_goto(&s, rows[i].screen, rows[i].event);
        for (const char *c = rows[i].typed; *c; c++)
            shell_key(s.shell, *c == '\t' ? &(struct key){.code = K_TAB} : &(struct key){.code = K_CHAR, .ch = (unsigned char)*c});
        const char *top = shell_top_name(s.shell);
        char *before = mem_dup_str(stand_text(&s));
        assert_true(shell_can_untype(s.shell));
        for (const char *c = rows[i].early; *c; c++)
            shell_key(s.shell, &(struct key){.code = K_CHAR, .ch = (unsigned char)*c, .early = 7});
        if (rows[i].meanwhile)
            assert_string_equal(shell_top_name(s.shell), rows[i].meanwhile);
        shell_key(s.shell, &(struct key){.code = K_UNTYPE, .early = 8}); /* another's */
        shell_key(s.shell, &(struct key){.code = K_UNTYPE, .early = 7});
        if (shell_top_name(s.shell) != top || strcmp(before, stand_text(&s)) != 0)
            fail_msg("%s:\n%s\nbefore:\n%s", rows[i].name, s.text.data, before);
        free(before);
        stand_close(&s);
    }
}

/* A digit that could only do for good what it does has to wait until it is known whose it is. */
static void test_desk_screens__what_cannot_be_taken_back_waits(void **state)
{
    static const int waits[] = {SCREEN_ATTRACT, SCREEN_LANGUAGE, SCREEN_TICKET, SCREEN_CONFIRM, SCREEN_IDLE, SCREEN_PICK};
    (void)state;
    for (size_t i = 0; i < sizeof waits / sizeof waits[0]; i++)
        assert_false(screens[waits[i]]->flags & SCREEN_UNTYPES);
    for (int i = 0; i < SCREEN_COUNT; i++) /* a letter in the table acts at once: it must not be taken for text */
        for (const struct screen_key *k = screens[i]->keys; k && k->key; k++)
            if (k->key < K_CHAR && k->action > 0 && (screens[i]->flags & SCREEN_UNTYPES))
                fail_msg("%s", screens[i]->name);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_desk_screens__asking_ends_after_three_seconds),
        cmocka_unit_test(test_desk_screens__printer_that_does_nothing_is_called_silent),
        cmocka_unit_test(test_desk_screens__no_answer_is_no_line_and_may_still_come),
        cmocka_unit_test(test_desk_screens__code_pause_ends_after_half_a_minute),
        cmocka_unit_test(test_desk_screens__pin_pause_ends_after_a_minute),
        cmocka_unit_test(test_desk_screens__staff_page_is_left_and_locked_when_nobody_is_there),
        cmocka_unit_test(test_desk_screens__first_characters_of_a_scan_are_taken_back),
        cmocka_unit_test(test_desk_screens__what_cannot_be_taken_back_waits),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
