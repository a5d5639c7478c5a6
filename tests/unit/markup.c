/* Articles' marks: lines to blocks, addresses to numbers, and texts that want to break it. */
#include "kiosk/base/markup.h"

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

/* One line for each block: what it is, whether it is set apart, its text; then the addresses. */
static char *markup_told(const char *text, char *out, size_t size)
{
    static const char *const kinds[] = {"p", "h", "s", "-"};
    struct markup m;
    size_t n = 0;
    markup_parse(&m, text);
    out[0] = '\0';
    for (int i = 0; i < m.count && n < size; i++) {
        const struct markup_block *b = &m.block[i];
        n += (size_t)snprintf(out + n, size - n, "%s%s", b->apart ? "|" : "", kinds[b->kind]);
        if (n < size && b->number)
            n += (size_t)snprintf(out + n, size - n, "%d", b->number);
        if (n < size)
            n += (size_t)snprintf(out + n, size - n, ":%s\n", b->text);
    }
    for (int i = 0; i < m.links && n < size; i++)
        n += (size_t)snprintf(out + n, size - n, "%d=%s (%s)\n", i + 1, m.link[i].url, m.link[i].words);
    markup_done(&m);
    return out;
}

static void test_markup__blocks(void **state)
{
    (void)state;
    static const struct {
        const char *name, *text, *want;
    } rows[] = {
        {"nothing", "", ""},
        {"blank lines alone", "\n \n\n", ""},
        {"paragraphs", "Раз.\nДва.\n\n\nТри.", "p:Раз.\np:Два.\n|p:Три.\n"},
        {"headings", "# Приметы\n## Ещё\n### Глубже", "h:Приметы\ns:Ещё\ns:Глубже\n"},
        {"no headings", "#хештег\n#\n# \n####### семь", "p:#хештег\np:#\np:####### семь\n"},
        {"lists", "- раз\n* два\n• три\n– четыре\n— пять", "-:раз\n-:два\n-:три\n-:четыре\n-:пять\n"},
        {"no lists", "-раз\n-5 градусов\n--", "p:-раз\np:-5 градусов\np:--\n"},
        {"numbers", "1. раз\n2) два\n103 - скорая\n0. ноль\n1000. год", "-1:раз\n-2:два\np:103 - скорая\np:0. ноль\np:1000. год\n"},
        {"blanks around", "  - раз  \n\t# Заголовок\r\n", "-:раз\nh:Заголовок\n"},
        {"a mark alone", "- \n\nраз\n#", "p:раз\np:#\n"},
        {"an empty entry sets nothing apart", "раз\n- \nдва", "p:раз\np:два\n"},
    };
    char out[2000];
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        if (strcmp(markup_told(rows[i].text, out, sizeof out), rows[i].want) != 0)
            fail_msg("%s:\n%s", rows[i].name, out);
}

static void test_markup__addresses(void **state)
{
    (void)state;
    static const struct {
        const char *name, *text, *want;
    } rows[] = {
        {"bare", "См. https://a.example/x.", "p:См. a.example/x [1].\n1=https://a.example/x (a.example/x)\n"},
        {"bare with slash", "https://a.example/", "p:a.example [1]\n1=https://a.example/ (a.example)\n"},
        {"named", "Есть [памятка](https://a.example/p) тут", "p:Есть памятка [1] тут\n1=https://a.example/p (памятка)\n"},
        {"twice the same", "http://a.example и http://a.example, [она](http://a.example)",
         "p:a.example [1] и a.example [1], она [1]\n1=http://a.example (a.example)\n"},
        {"two", "- https://a.example\n- https://b.example", "-:a.example [1]\n-:b.example [2]\n1=https://a.example (a.example)\n"
                                                          "2=https://b.example (b.example)\n"},
        {"brackets of the sentence", "(https://a.example)", "p:(a.example [1])\n1=https://a.example (a.example)\n"},
        {"brackets of the address", "https://a.example/w_(x)", "p:a.example/w_(x) [1]\n1=https://a.example/w_(x) (a.example/w_(x))\n"},
        {"guillemets", "«https://a.example»", "p:«a.example [1]»\n1=https://a.example (a.example)\n"},
        {"no ASCII", "https://соседи.рф/вход!", "p:соседи.рф/вход [1]!\n1=https://соседи.рф/вход (соседи.рф/вход)\n"},
        {"capitals", "HTTPS://A.EXAMPLE", "p:A.EXAMPLE [1]\n1=HTTPS://A.EXAMPLE (A.EXAMPLE)\n"},
        {"no address", "https:// и http://. shttp://x", "p:https:// и http://. shttp://x\n"},
        {"no other scheme", "[x](javascript:alert) mailto:a@b", "p:[x](javascript:alert) mailto:a@b\n"},
        {"unfinished", "[x](https://a.example", "p:[x](a.example [1]\n1=https://a.example (a.example)\n"},
        {"empty words", "[](https://a.example)", "p:[](a.example [1])\n1=https://a.example (a.example)\n"},
        {"brackets of another kind", "[1] и [два]", "p:[1] и [два]\n"},
    };
    char out[2000];
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        if (strcmp(markup_told(rows[i].text, out, sizeof out), rows[i].want) != 0)
            fail_msg("%s:\n%s", rows[i].name, out);
}

/* More than there is room for loses no word. */
static void test_markup__limits(void **state)
{
    (void)state;
    struct markup m;
    char *text = mem_new(200000, 1);
    size_t n = 0;
    for (int i = 0; i < 3 * MARKUP_BLOCKS; i++)
        n += (size_t)snprintf(text + n, 200000 - n, "- строка %d https://a.example/%d\n", i, i);
    markup_parse(&m, text);
    assert_int_equal(m.count, MARKUP_BLOCKS);
    assert_int_equal(m.links, MARKUP_LINKS);
    assert_non_null(strstr(m.block[MARKUP_BLOCKS - 1].text, "строка 1199 https://a.example/1199"));
    assert_null(strchr(m.block[MARKUP_BLOCKS - 1].text, '\n'));
    markup_done(&m);
    memset(text, 'a', 199999);
    memcpy(text, "https://", 8);
    markup_parse(&m, text);
    assert_int_equal(m.links, 0);
    assert_int_equal(strlen(m.block[0].text), 199999);
    markup_done(&m);
    free(text);
}

static void markup_hold(const char *text)
{
    struct markup m;
    markup_parse(&m, text);
    for (int i = 0; i < m.count; i++) {
        assert_true(m.block[i].text[0] && text_is_valid(m.block[i].text, strlen(m.block[i].text)));
        assert_null(strchr(m.block[i].text, '\n'));
    }
    for (int i = 0; i < m.links; i++)
        assert_true(strncasecmp(m.link[i].url, "http", 4) == 0 && text_is_valid(m.link[i].url, strlen(m.link[i].url)) &&
                    text_is_valid(m.link[i].words, strlen(m.link[i].words)));
    markup_done(&m);
}

static void test_markup__hostile_texts(void **state)
{
    (void)state;
    const struct hostile_texts *t = hostile_texts_get();
    if (!t) {
        print_message("no hostile texts here\n");
        skip();
    }
    char mixed[4000];
    for (size_t i = 0; i < hostile_texts_count(t); i += 7) {
        snprintf(mixed, sizeof mixed, "# %.500s\n- [%.500s](https://a.example/%.500s)\nhttps://%.500s\n", hostile_texts_at(t, i),
                 hostile_texts_at(t, i + 1), hostile_texts_at(t, i + 2), hostile_texts_at(t, i + 3));
        char *clean = text_dup_clean(mixed, strlen(mixed), sizeof mixed, TEXT_LINES);
        markup_hold(clean);
        free(clean);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_markup__blocks),
        cmocka_unit_test(test_markup__addresses),
        cmocka_unit_test(test_markup__limits),
        cmocka_unit_test(test_markup__hostile_texts),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
