/* The first screens: before there is anything to show, with events, the start page, languages, help, sizes, and ways
 * out. */
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "kiosk/base/file.h"
#include "tests/support/fill.h"
#include "tests/support/picture.h"

struct fixture {
    char empty[64], full[64];
};

static int start_setup(void **state)
{
    static struct fixture f;
    char path[4096];
    picture_data(f.empty);
    picture_data(f.full);
    fill_replica(file_join(path, f.full, "replica.db"), 300, 40);
    *state = &f;
    return 0;
}

static int start_teardown(void **state)
{
    struct fixture *f = *state;
    picture_data_done(f->empty);
    picture_data_done(f->full);
    return 0;
}

static const char start_clock[] = "2026-07-02T07:30:00Z";

static void test_start__kiosk_without_content_says_so(void **state)
{
    struct fixture *f = *state;
    static const struct {
        const char *lang, *name;
    } rows[] = {{"ru", "attract-empty-ru"}, {"en", "attract-empty-en"}, {"xx", "attract-empty-xx"}};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct picture *p = picture_start(&(struct picture_setup){.data = f->empty, .lang = rows[i].lang});
        picture_check(p, rows[i].name);
        assert_int_equal(picture_stop(p), 0);
    }
}

static void test_start__walk_through_the_first_screens(void **state)
{
    struct fixture *f = *state;
    static const struct {
        const char *lang;
        int rows, cols;
        const char *suffix;
    } rows[] = {{"ru", 24, 80, "ru"}, {"en", 24, 80, "en"}, {"xx", 24, 80, "xx"}, {"ru", 45, 160, "ru-large"}};
    static const struct {
        const char *keys, *name;
    } steps[] = {
        {"", "attract"}, {"enter", "home"}, {"down down", "home-third"}, {"f1", "help"}, {"esc f2", "language"}};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct picture *p = picture_start(&(struct picture_setup){
            .data = f->full, .lang = rows[i].lang, .rows = rows[i].rows, .cols = rows[i].cols, .clock = start_clock});
        for (size_t k = 0; k < sizeof steps / sizeof steps[0]; k++) {
            char name[80];
            picture_press(p, steps[k].keys);
            snprintf(name, sizeof name, "%s-%s", steps[k].name, rows[i].suffix);
            picture_check(p, name);
        }
        assert_int_equal(picture_stop(p), 0);
    }
}

static void test_start__language_changes_at_once_and_ends_with_the_person(void **state)
{
    struct fixture *f = *state;
    struct picture *p = picture_start(&(struct picture_setup){.data = f->full, .lang = "ru", .clock = start_clock});
    picture_press(p, "enter f2 2");
    assert_true(picture_has(p, "What would you like to do?"));
    picture_press(p, "esc");
    assert_true(picture_has(p, "Чтобы начать, нажмите любую клавишу"));
    assert_int_equal(picture_stop(p), 0);
}

static void test_start__where_am_i_is_answered_in_words(void **state)
{
    struct fixture *f = *state;
    struct picture *p = picture_start(&(struct picture_setup){.data = f->full, .lang = "ru", .clock = start_clock});
    picture_press(p, "enter down f9");
    assert_true(picture_has(p, "Начало. 2 из "));
    picture_press(p, "up");
    assert_false(picture_has(p, "Начало. 2 из "));
    picture_press(p, "f2 f9");
    assert_true(picture_has(p, "Язык. 1 из 3. Русский"));
    assert_int_equal(picture_stop(p), 0);
}

/* One person's colours: the strong ones come with F8, stay for the person, and go with them. */
static void test_start__strong_contrast_ends_with_the_person(void **state)
{
    struct fixture *f = *state;
    struct picture *p = picture_start(&(struct picture_setup){.data = f->full, .lang = "en", .clock = start_clock});
    struct picture *usual = picture_start(&(struct picture_setup){.data = f->full, .lang = "en", .clock = start_clock});
    picture_press(usual, "enter");
    picture_press(p, "enter f8");
    assert_true(picture_has(p, "Strong contrast is on"));
    picture_press(p, "down up");
    for (int row = 0; row < 24; row += 23) /* title and bottom line */
        assert_false(picture_same(p, usual, row, 0, 80));
    picture_press(p, "f8 down up");
    assert_true(picture_same(p, usual, 0, 0, 80));
    picture_press(p, "f8 esc enter");
    for (int row = 0; row < 24; row++)
        assert_true(picture_same(p, usual, row, 0, 80));
    assert_int_equal(picture_stop(usual), 0);
    assert_int_equal(picture_stop(p), 0);
}

static void test_start__touch_works_on_rows_and_on_the_bottom_line(void **state)
{
    struct fixture *f = *state;
    struct picture *p = picture_start(&(struct picture_setup){.data = f->full, .lang = "en", .clock = start_clock});
    picture_click(p, 10, 40);
    assert_true(picture_has(p, "What would you like to do?"));
    picture_click(p, 23, 20); /* Esc Finish */
    assert_true(picture_has(p, "Press any key to begin"));
    picture_send(p, "\033[<0;99999;99999M", 17);
    assert_true(picture_has(p, "Press any key to begin"));
    assert_int_equal(picture_stop(p), 0);
}

static void test_start__sizes_from_nothing_to_large_are_survived(void **state)
{
    struct fixture *f = *state;
    static const struct {
        int rows, cols;
    } sizes[] = {{1, 1}, {23, 80}, {24, 79}, {12, 40}, {11, 40}, {12, 39}, {2, 200}, {200, 500}, {24, 80}};
    struct picture *p = picture_start(&(struct picture_setup){.data = f->full, .lang = "ru", .clock = start_clock});
    picture_press(p, "enter");
    for (size_t i = 0; i < sizeof sizes / sizeof sizes[0]; i++)
        picture_resize(p, sizes[i].rows, sizes[i].cols);
    picture_check(p, "home-ru");
    picture_resize(p, 10, 39);
    picture_check(p, "too-small");
    assert_int_equal(picture_stop(p), 0);
}

/* Interrupt, quit, stop, flow control; bytes that are no text; answers no one asked for. */
static void test_start__no_bytes_leave_the_kiosk(void **state)
{
    struct fixture *f = *state;
    static const char hostile[] =
        "\x03\x1a\x1c\x13\x11\x04\xff\xc3\x28\033[?1;2c\033]0;title\007\033P1$r0m\033\\\033[12;40R\033[I\xf8\x80\x80";
    struct picture *p = picture_start(&(struct picture_setup){.data = f->full, .lang = "ru", .clock = start_clock});
    picture_press(p, "enter");
    picture_send(p, hostile, sizeof hostile - 1);
    picture_check(p, "home-ru");
    assert_int_equal(picture_stop(p), 0);
}

static void test_start__without_colours_and_with_an_unknown_terminal(void **state)
{
    struct fixture *f = *state;
    static const struct {
        const char *term, *name;
        bool no_color;
    } rows[] = {{"xterm", "home-mono", true}, {"no-such-terminal", "home-ru", false}, {"vt100", "home-mono", false}};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct picture *p = picture_start(&(struct picture_setup){
            .data = f->full, .lang = "ru", .clock = start_clock, .term = rows[i].term, .no_color = rows[i].no_color});
        picture_press(p, "enter");
        picture_check(p, rows[i].name); /* without colours the title is reverse too */
        assert_int_equal(picture_stop(p), 0);
    }
}

/* A crash must not leave the next person, or the administrator, a terminal without echo. */
static void test_start__every_end_gives_the_terminal_back(void **state)
{
    struct fixture *f = *state;
    static const struct {
        const char *name;
        int sig, code;
    } rows[] = {{"the service manager", SIGTERM, 0}, {"the line is cut", SIGHUP, 1}, {"a bug", SIGABRT, 128 + SIGABRT}};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct picture *p = picture_start(&(struct picture_setup){.data = f->full, .lang = "ru", .clock = start_clock});
        assert_false(picture_echoes(p));
        int code = picture_kill(p, rows[i].sig);
        if (code != rows[i].code || !picture_echoes(p))
            fail_msg("%s: code %d, echo %d", rows[i].name, code, picture_echoes(p));
        picture_stop(p);
    }
}

static void test_start__signals_of_the_keyboard_and_of_others_do_nothing(void **state)
{
    struct fixture *f = *state;
    static const int signals[] = {SIGINT, SIGQUIT, SIGTSTP, SIGTTIN, SIGTTOU, SIGPIPE, SIGUSR1, SIGUSR2};
    struct picture *p = picture_start(&(struct picture_setup){.data = f->full, .lang = "ru", .clock = start_clock});
    for (size_t i = 0; i < sizeof signals / sizeof signals[0]; i++)
        picture_signal(p, signals[i]);
    picture_press(p, "enter");
    picture_check(p, "home-ru");
    assert_int_equal(picture_stop(p), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_start__kiosk_without_content_says_so),
        cmocka_unit_test(test_start__walk_through_the_first_screens),
        cmocka_unit_test(test_start__language_changes_at_once_and_ends_with_the_person),
        cmocka_unit_test(test_start__where_am_i_is_answered_in_words),
        cmocka_unit_test(test_start__strong_contrast_ends_with_the_person),
        cmocka_unit_test(test_start__touch_works_on_rows_and_on_the_bottom_line),
        cmocka_unit_test(test_start__sizes_from_nothing_to_large_are_survived),
        cmocka_unit_test(test_start__no_bytes_leave_the_kiosk),
        cmocka_unit_test(test_start__every_end_gives_the_terminal_back),
        cmocka_unit_test(test_start__signals_of_the_keyboard_and_of_others_do_nothing),
        cmocka_unit_test(test_start__without_colours_and_with_an_unknown_terminal),
    };
    return cmocka_run_group_tests(tests, start_setup, start_teardown);
}
