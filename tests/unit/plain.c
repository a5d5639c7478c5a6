/* The plain mode without a terminal: what is said, what lines do, that nothing is left of a person. */
#include "kiosk/ui/plain.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "tests/support/stand.h"

struct reader {
    struct stand stand;
    struct plain *plain;
    struct buf out;
};

static const char *reader_says(struct reader *r, bool answer)
{
    buf_wipe(&r->out);
    plain_say(r->plain, &r->out, answer);
    return r->out.data;
}

static const char *reader_line(struct reader *r, const char *line)
{
    plain_line(r->plain, line);
    return reader_says(r, true);
}

/* At the start page, in English, all said. */
static void reader_open(struct reader *r)
{
    stand_open(&r->stand);
    r->plain = plain_new(r->stand.shell);
    r->stand.ui.plain = true;
    buf_init(&r->out, 1 << 17);
    reader_says(r, false);
}

static void reader_close(struct reader *r)
{
    plain_free(r->plain);
    buf_done(&r->out);
    stand_close(&r->stand);
}

#define says(text, part) assert_non_null(strstr(text, part))
#define says_not(text, part) assert_null(strstr(text, part))

static void test_plain__lines_that_lead_somewhere(void **state)
{
    /* from the start page: lines typed, what the last one is answered with */
    static const struct {
        const char *name, *lines[5], *answer;
    } rows[] = {
        {"number", {"1"}, "1. 15:00"},
        {"nothing is Enter", {"1", ""}, "1. Sign up"},
        {"letter", {"h"}, "Help\n"},
        {"word", {"help"}, "Help\n"},
        {"word in capitals", {"HELP"}, "Help\n"},
        {"key's name", {"f2"}, "Choose the language"},
        {"dot before a letter", {".h"}, "Help\n"},
        {"dot before a number", {".1"}, "1. 15:00"},
        {"back", {"1", "b"}, "What would you like to do?"},
        {"number that is not there", {"77"}, "There is no number 77 here."},
        {"word that is none", {"mumble"}, "This is no command here."},
        {"dot and a word that is none", {"1", ".mumble"}, "This is no command here."},
        {"where", {"1", "w"}, "Events. 1 of "},
        {"where in a form", {"1", "1", "1", ".w"}, "Sign up. 1 of 5. "},
        {"again", {"s"}, "What would you like to do?"},
        {"nothing new", {"up"}, "Nothing has changed."},
        {"search", {"3", "mumble"}, "Nothing was found for these letters"},
        {"search again replaces", {"3", "mumble", "no limit"}, "Search: no limit"},
        {"number beyond the list", {"3", "99999"}, "There is no number 99999 here."},
        {"spaces around", {"  h  "}, "Help\n"},
        {"only spaces", {"1", "   "}, "1. Sign up"},
        {"hostile bytes", {"\033[2J\377\200\033]0;x\007"}, "This is no command here."},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct reader r;
        const char *answer = "";
        reader_open(&r);
        for (int k = 0; rows[i].lines[k]; k++)
            answer = reader_line(&r, rows[i].lines[k]);
        if (!strstr(answer, rows[i].answer))
            fail_msg("%s: no \"%s\" in\n%s", rows[i].name, rows[i].answer, answer);
        reader_close(&r);
    }
    (void)state;
}

static void test_plain__only_what_changed_is_said(void **state)
{
    struct reader r;
    (void)state;
    reader_open(&r);
    const char *moved = reader_line(&r, "down");
    says(moved, "Enter alone: Choose, 2. ");
    says_not(moved, "What would you like to do?");
    says_not(moved, "Commands:");
    says(reader_line(&r, "1"), "Commands:");
    reader_close(&r);
}

static void test_plain__a_minute_that_passes_is_silent(void **state)
{
    struct reader r;
    (void)state;
    reader_open(&r);
    stand_wait(&r.stand, 61000);
    assert_string_equal(reader_says(&r, false), "");
    reader_close(&r);
}

static void test_plain__asks_once_then_leaves_nothing_behind(void **state)
{
    struct reader r;
    (void)state;
    reader_open(&r);
    reader_line(&r, "1");
    reader_line(&r, "1");
    reader_line(&r, "1");
    reader_line(&r, "Evdokia");
    stand_wait(&r.stand, STAND_IDLE_MS);
    says(reader_says(&r, false), "Are you still here?");
    for (int s = 0; s < STAND_GONE_MS / 1000 - 1; s++) {
        stand_wait(&r.stand, 1000);
        assert_string_equal(reader_says(&r, false), "");
    }
    stand_wait(&r.stand, 2000);
    const char *gone = reader_says(&r, false);
    assert_true(plain_left(r.plain));
    assert_int_equal(strspn(gone, "\n"), 300);
    says(gone, "Press Enter to begin");
    says_not(gone, "Evdokia");
    says_not(reader_line(&r, "Ivan"), "Ivan"); /* any line begins, and is nothing else */
    reader_close(&r);
}

/* Who types slowly is asked in between; the line they then send is not lost. */
static void test_plain__line_after_the_question_counts(void **state)
{
    struct reader r;
    (void)state;
    reader_open(&r);
    reader_line(&r, "1");
    reader_line(&r, "1");
    reader_line(&r, "1");
    stand_wait(&r.stand, STAND_IDLE_MS);
    says(reader_says(&r, false), "Are you still here?");
    says(reader_line(&r, "Evdokia"), "Your name  Evdokia");
    reader_close(&r);
}

static void test_plain__answers_are_replaced_not_added_to(void **state)
{
    struct reader r;
    (void)state;
    reader_open(&r);
    reader_line(&r, "1");
    reader_line(&r, "1");
    reader_line(&r, "1");
    reader_line(&r, "Evdokia");
    reader_line(&r, "8 912");
    says(reader_line(&r, "8 912 345-67-89"), "+7 912 345-67-89");
    says(reader_line(&r, ".up"), "Phone"); /* the line before */
    says(reader_line(&r, ".up"), "Your name");
    says(reader_line(&r, "Anna"), "Your name  Anna\n");
    reader_close(&r);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_plain__lines_that_lead_somewhere),
        cmocka_unit_test(test_plain__only_what_changed_is_said),
        cmocka_unit_test(test_plain__a_minute_that_passes_is_silent),
        cmocka_unit_test(test_plain__asks_once_then_leaves_nothing_behind),
        cmocka_unit_test(test_plain__line_after_the_question_counts),
        cmocka_unit_test(test_plain__answers_are_replaced_not_added_to),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
