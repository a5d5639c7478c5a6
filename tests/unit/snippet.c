/* Snippets: the place where the words stand, whole words around it, marks where they are; of any text whatever. */
#include "kiosk/store/snippet.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "kiosk/base/error.h"
#include "kiosk/base/text.h"
#include "tests/support/hostile.h"

/* The text with its marked words in square brackets. */
static char *snippet_told(const struct snippet *s, char *out, size_t size)
{
    size_t n = 0, at = 0;
    out[0] = '\0';
    for (int i = 0; i <= s->marks; i++) {
        size_t from = i < s->marks ? s->mark[i].from : strlen(s->text);
        n += (size_t)snprintf(out + n, size - n, "%.*s", (int)(from - at), s->text + at);
        if (i < s->marks)
            n += (size_t)snprintf(out + n, size - n, "[%.*s]", s->mark[i].bytes, s->text + from);
        at = i < s->marks ? from + s->mark[i].bytes : from;
    }
    return out;
}

static void test_snippet__shows_the_place(void **state)
{
    (void)state;
    static const char text[] = "Ходите медленно, ступайте на всю стопу. Палка с шипом продаётся в аптеке. Упали — не вставайте "
                               "сразу, проверьте, где болит. Ёлки во дворе посыпаны песком.";
    static const struct {
        const char *name, *text, *typed;
        int columns;
        const char *want;
    } rows[] = {
        {"nothing typed", text, "", 30, "Ходите медленно, ступайте на…"},
        {"short", "Ходите медленно.", "", 30, "Ходите медленно."},
        {"not there", text, "слон", 30, "Ходите медленно, ступайте на…"},
        {"at the beginning", text, "ход", 40, "[Ходите] медленно, ступайте на всю стопу…"},
        {"in the middle", text, "аптек", 40, "…продаётся в [аптеке]. Упали — не…"},
        {"one of two words", text, "палка аптекарь", 50, "…на всю стопу. [Палка] с шипом продаётся в аптеке…"},
        {"both words", text, "шип апте", 44, "…Палка с [шипом] продаётся в [аптеке]. Упали —…"},
        {"ё is е", text, "елки", 40, "…где болит. [Ёлки] во дворе посыпаны…"},
        {"capitals", "СНЕГ и снежки", "снег", 30, "[СНЕГ] и снежки"},
        {"twice", "дом, дома и домик", "дом", 30, "[дом], [дома] и [домик]"},
        {"a letter is no word yet", "я и я", "я", 30, "я и я"},
        {"accents", "Café noir", "cafe", 30, "[Café] noir"},
        {"lines are one", "раз\nдва\nтри", "два", 30, "раз [два] три"},
        {"Latin and digits", "Позвоните 112 сразу", "112", 30, "Позвоните [112] сразу"},
        {"one long word", "wwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwww", "", 10, "wwwwwwwww…"},
        {"wide letters", "日本語の会があります", "会", 12, "日本語の会…"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct snippet s;
        char out[2000];
        snippet_make(&s, rows[i].text, rows[i].typed, rows[i].columns);
        if (text_width(s.text) > rows[i].columns)
            fail_msg("%s: %d columns", rows[i].name, text_width(s.text));
        if (strcmp(snippet_told(&s, out, sizeof out), rows[i].want) != 0)
            fail_msg("%s: %s", rows[i].name, out);
    }
}

static void snippet_hold(const char *text, const char *typed, int columns)
{
    struct snippet s;
    snippet_make(&s, text, typed, columns);
    assert_true(text_is_valid(s.text, strlen(s.text)) && text_width(s.text) <= columns);
    for (int i = 0; i < s.marks; i++) {
        size_t from = s.mark[i].from, bytes = s.mark[i].bytes;
        assert_true(bytes > 0 && from + bytes <= strlen(s.text) && text_is_valid(s.text + from, bytes));
        assert_true(i == 0 || from >= (size_t)s.mark[i - 1].from + s.mark[i - 1].bytes);
    }
}

static void test_snippet__hostile_texts(void **state)
{
    (void)state;
    const struct hostile_texts *t = hostile_texts_get();
    if (!t) {
        print_message("no hostile texts here\n");
        skip();
    }
    for (size_t i = 0; i < hostile_texts_count(t); i += 5) {
        char both[2000];
        snprintf(both, sizeof both, "%.900s %.900s", hostile_texts_at(t, i), hostile_texts_at(t, i + 3));
        char *clean = text_dup_clean(both, strlen(both), sizeof both, TEXT_LINES);
        char typed[96];
        text_sanitize(typed, sizeof typed, hostile_texts_at(t, i + 3), strlen(hostile_texts_at(t, i + 3)), TEXT_LINE);
        snippet_hold(clean, typed, 10 + (int)(i % 140));
        free(clean);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_snippet__shows_the_place),
        cmocka_unit_test(test_snippet__hostile_texts),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
