/* Code pages of printers against the C library's own tables. */
#include "kiosk/print/codepage.h"

#include <iconv.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "kiosk/base/text.h"

static void codepage_is(enum codepage page, const char *s, const char *bytes)
{
    struct buf b;
    buf_init(&b, 1000);
    codepage_add(&b, page, s, strlen(s));
    assert_string_equal(b.data, bytes);
    buf_done(&b);
}

static void test_codepage__names(void **state)
{
    (void)state;
    enum codepage page;
    assert_true(codepage_by_name("CP866", &page) && page == CODEPAGE_866);
    assert_true(codepage_by_name("cp1251", &page) && page == CODEPAGE_1251);
    assert_false(codepage_by_name("koi8-r", &page));
    assert_false(codepage_by_name("", &page));
}

/* Every character that iconv turns into one byte of the page and back is the byte we print, unless a likeness stands
 * for it. */
static void test_codepage__agrees_with_iconv(void **state)
{
    (void)state;
    static const struct {
        const char *name;
        enum codepage page;
    } rows[] = {{"CP866", CODEPAGE_866}, {"CP1251", CODEPAGE_1251}};
    for (size_t row = 0; row < 2; row++) {
        iconv_t cd = iconv_open(rows[row].name, "UTF-8");
        if (cd == (iconv_t)-1)
            skip();
        int agreed = 0;
        for (uint32_t cp = 0x80; cp < 0x3000; cp++) {
            char in[5] = {0}, out[4] = {0}, *from = in, *to = out;
            size_t n = text_encode(cp, in), room = sizeof out;
            struct buf b;
            iconv(cd, NULL, NULL, NULL, NULL);
            if (iconv(cd, &from, &n, &to, &room) != 0 || to - out != 1)
                continue;
            buf_init(&b, 16);
            codepage_add(&b, rows[row].page, in, strlen(in));
            bool letter = cp >= 0x400 && cp <= 0x4FF;
            if (b.len == 1 && b.data[0] == out[0])
                agreed++;
            else if (letter && codepage_covers(rows[row].page, in) && (uint8_t)out[0] >= 0x80)
                assert_true(cp == 0x408 || cp == 0x458); /* Serbian: a likeness, Latin J, as good */
            buf_done(&b);
        }
        assert_true(agreed >= 75);
        iconv_close(cd);
    }
}

static void test_codepage__one_byte_for_each_column(void **state)
{
    (void)state;
    static const char *const texts[] = {"Съешь ещё",  "«Тест» — №…", "é́x",       "日本語",
                                        "Қазақ тілі", "\xff\xfe",    "👍🏽", ""};
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++)
        for (int page = CODEPAGE_866; page <= CODEPAGE_1251; page++) {
            struct buf b;
            buf_init(&b, 1000);
            codepage_add(&b, (enum codepage)page, texts[i], strlen(texts[i]));
            assert_int_equal(b.len, text_width(texts[i]));
            for (size_t k = 0; k < b.len; k++)
                assert_true((uint8_t)b.data[k] >= 0x20 && b.data[k] != 0x7F &&
                            (page == CODEPAGE_1251 || (uint8_t)b.data[k] != 0xFF));
            buf_done(&b);
        }
}

static void test_codepage__likenesses(void **state)
{
    (void)state;
    codepage_is(CODEPAGE_866, "«А» — №…", "\"\x80\" - \xfc.");
    codepage_is(CODEPAGE_866, "Әқ ₽ €", "\x9d\xaa \xe0 E");
    codepage_is(CODEPAGE_866, "日x", "??x");
    codepage_is(CODEPAGE_1251, "«я» — №…", "\xab\xff\xbb \x97 \xb9\x85");
    codepage_is(CODEPAGE_1251, "Ґї", "\xa5\xbf");
}

static void test_codepage__tells_what_it_covers(void **state)
{
    (void)state;
    assert_true(codepage_covers(CODEPAGE_866, "Вечер «игр» — № 5 ё?"));
    assert_true(codepage_covers(CODEPAGE_866, ""));
    assert_false(codepage_covers(CODEPAGE_866, "日本"));
    assert_false(codepage_covers(CODEPAGE_866, "عربي"));
    assert_false(codepage_covers(CODEPAGE_1251, "Հայ"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_codepage__names),
        cmocka_unit_test(test_codepage__agrees_with_iconv),
        cmocka_unit_test(test_codepage__one_byte_for_each_column),
        cmocka_unit_test(test_codepage__likenesses),
        cmocka_unit_test(test_codepage__tells_what_it_covers),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
