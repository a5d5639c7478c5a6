/* The text module: decoding, the door, width, cutting, wrapping, folding, keyboard layouts. */
#include "kiosk/base/text.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define COUNT(a) (sizeof(a) / sizeof(a)[0])

static void test_text__decodes_strictly(void **state)
{
    (void)state;
    static const struct {
        const char *name, *bytes;
        size_t used;
        uint32_t cp;
    } rows[] = {
        {"ascii", "A", 1, 'A'},
        {"two bytes", "\xD1\x91", 2, 0x451},
        {"three bytes", "\xE2\x84\x96", 3, 0x2116},
        {"four bytes", "\xF0\x9F\x98\x80", 4, 0x1F600},
        {"the last code point", "\xF4\x8F\xBF\xBF", 4, 0x10FFFF},
        {"above the last", "\xF4\x90\x80\x80", 1, 0xFFFD},
        {"overlong slash", "\xC0\xAF", 1, 0xFFFD},
        {"overlong in three", "\xE0\x80\xAF", 1, 0xFFFD},
        {"overlong in four", "\xF0\x80\x80\xAF", 1, 0xFFFD},
        {"surrogate", "\xED\xA0\x80", 1, 0xFFFD},
        {"last before surrogates", "\xED\x9F\xBF", 3, 0xD7FF},
        {"lone continuation", "\x80", 1, 0xFFFD},
        {"cut short", "\xE2\x84", 1, 0xFFFD},
        {"broken off by ascii",
         "\xE2\x84"
         "A",
         1, 0xFFFD},
        {"byte that never occurs", "\xFF", 1, 0xFFFD},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        uint32_t cp;
        print_message("  %s\n", rows[i].name);
        assert_int_equal(text_decode(rows[i].bytes, strlen(rows[i].bytes), &cp), rows[i].used);
        assert_int_equal(cp, rows[i].cp);
    }
}

static void test_text__encodes_what_it_decodes(void **state)
{
    (void)state;
    for (uint32_t cp = 0; cp <= 0x110000; cp++) {
        char bytes[4];
        uint32_t back;
        size_t n = text_encode(cp, bytes);
        bool valid = cp <= 0x10FFFF && (cp < 0xD800 || cp > 0xDFFF);
        assert_int_equal(text_decode(bytes, n, &back), n);
        assert_int_equal(back, valid ? cp : 0xFFFD);
    }
}

static void test_text__door_makes_harmless(void **state)
{
    (void)state;
    static const struct {
        const char *name, *in, *line, *lines;
    } rows[] = {
        {"plain", "Хор «Ладога»", "Хор «Ладога»", "Хор «Ладога»"},
        {"escape sequence", "a\x1B[2Jb", "a[2Jb", "a[2Jb"},
        {"c1 csi",
         "a\xC2\x9B"
         "31mb",
         "a31mb", "a31mb"},
        {"delete and bell",
         "a\x7F\x07"
         "b",
         "ab", "ab"},
        {"crlf", "a\r\nb", "a b", "a\nb"},
        {"tab", "a\tb", "a b", "a b"},
        {"line separator",
         "a\xE2\x80\xA8"
         "b",
         "a b", "a\nb"},
        {"trimmed", " \n a \n\t", "a", "a"},
        {"bidi override",
         "a\xE2\x80\xAE"
         "b\xE2\x80\xAC",
         "ab", "ab"},
        {"bidi isolate",
         "\xE2\x81\xA6"
         "a\xE2\x81\xA9",
         "a", "a"},
        {"zero width",
         "a\xE2\x80\x8B"
         "b\xE2\x80\x8D"
         "c\xEF\xBB\xBF",
         "abc", "abc"},
        {"soft hyphen",
         "ле\xC2\xAD"
         "то",
         "лето", "лето"},
        {"private use",
         "a\xEE\x80\x80"
         "b\xF4\x80\x80\x80",
         "ab", "ab"},
        {"noncharacter",
         "a\xEF\xBF\xBE"
         "b\xEF\xB7\x90",
         "ab", "ab"},
        {"tag", "a\xF3\xA0\x81\x81", "a", "a"},
        {"variation selector", "\xE2\x9D\xA4\xEF\xB8\x8F", "❤", "❤"},
        {"bad bytes",
         "a\xFF\xC3"
         "b",
         "a\xEF\xBF\xBD\xEF\xBF\xBD"
         "b",
         "a\xEF\xBF\xBD\xEF\xBF\xBD"
         "b"},
        {"short i", "и\xCC\x86", "й", "й"},
        {"capital short i", "И\xCC\x86", "Й", "Й"},
        {"io", "е\xCC\x88", "ё", "ё"},
        {"yi", "і\xCC\x88", "ї", "ї"},
        {"short u", "у\xCC\x86", "ў", "ў"},
        {"latin pair", "e\xCC\x81", "é", "é"},
        {"two marks that compose", "a\xCC\x82\xCC\x81", "ấ", "ấ"},
        {"composes across a dropped one", "e\xE2\x80\x8B\xCC\x81", "é", "é"},
        {"hangul", "\xE1\x84\x92\xE1\x85\xA1\xE1\x86\xAB", "한", "한"},
        {"one mark stays", "т\xCC\x86", "т\xCC\x86", "т\xCC\x86"},
        {"a heap of marks", "т\xCC\x86\xCC\x88\xCC\x81\xCC\x82", "т\xCC\x86", "т\xCC\x86"},
        {"mark with nothing before",
         "\xCC\x81"
         "a",
         "a", "a"},
        {"mark on a space",
         "a \xCC\x81"
         "b",
         "a b", "a b"},
        {"empty", "", "", ""},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        char out[80];
        print_message("  %s\n", rows[i].name);
        assert_int_equal(text_sanitize(out, sizeof out, rows[i].in, strlen(rows[i].in), TEXT_LINE),
                         strlen(rows[i].line));
        assert_string_equal(out, rows[i].line);
        text_sanitize(out, sizeof out, rows[i].in, strlen(rows[i].in), TEXT_LINES);
        assert_string_equal(out, rows[i].lines);
    }
}

static void test_text__door_drops_nul_inside(void **state)
{
    (void)state;
    char out[8];
    assert_int_equal(text_sanitize(out, sizeof out, "a\0b", 3, TEXT_LINE), 2);
    assert_string_equal(out, "ab");
}

static void test_text__door_cuts_at_cluster(void **state)
{
    (void)state;
    const char *in = "аб т\xCC\x86";
    static const char *const want[] = {
        NULL, "", "", "а", "а", "аб", "аб", "аб", "аб", "аб", "аб т\xCC\x86",
    };
    for (size_t size = 1; size < COUNT(want); size++) {
        char out[16];
        text_sanitize(out, size, in, strlen(in), TEXT_LINE);
        assert_string_equal(out, want[size]);
    }
    char *dup = text_dup_clean(in, strlen(in), 4, TEXT_LINE);
    assert_string_equal(dup, "аб");
    free(dup);
}

static void test_text__width_of_characters(void **state)
{
    (void)state;
    static const struct {
        const char *name;
        uint32_t cp;
        int columns;
    } rows[] = {
        {"latin", 'a', 1},
        {"cyrillic", 0x416, 1},
        {"nul", 0, 0},
        {"escape", 0x1B, 0},
        {"acute", 0x301, 0},
        {"box line", 0x2500, 1},
        {"half block", 0x2584, 1},
        {"dots", 0x2026, 1},
        {"han", 0x4E2D, 2},
        {"hangul", 0xD55C, 2},
        {"kana", 0x3042, 2},
        {"full width A", 0xFF21, 2},
        {"emoji", 0x1F600, 2},
        {"heart", 0x2764, 1},
        {"number sign", 0x2116, 1},
        {"han extension", 0x20000, 2},
        {"arabic mark", 0x64B, 0},
        {"replacement", 0xFFFD, 1},
        {"joiner", 0x200D, 0},
        {"rouble", 0x20BD, 1},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        print_message("  %s\n", rows[i].name);
        assert_int_equal(text_width_char(rows[i].cp), rows[i].columns);
    }
    assert_int_equal(text_width("Ёлка 中文 т\xCC\x86"), 11);
}

static void test_text__clusters_cover_the_text(void **state)
{
    (void)state;
    const char *s = "т\xCC\x86\xCC\x88中a";
    size_t bytes;
    assert_int_equal(text_cluster(s, &bytes), 1);
    assert_int_equal(bytes, 6);
    assert_int_equal(text_cluster(s + 6, &bytes), 2);
    assert_int_equal(bytes, 3);
    assert_int_equal(text_cluster("", &bytes), 0);
    assert_int_equal(bytes, 0);
    assert_int_equal(text_fit(s, 2), 6);
    assert_int_equal(text_fit(s, 3), 9);
    assert_int_equal(text_fit(s, 0), 0);
    assert_int_equal(text_fit(s, -1), 0);
}

static void test_text__ellipsis_fits(void **state)
{
    (void)state;
    static const struct {
        const char *name, *in, *out;
        int columns, width;
    } rows[] = {
        {"fits", "Хор", "Хор", 3, 3},
        {"cut", "Хоровод", "Хор…", 4, 4},
        {"space before the dots", "Хор дома", "Хор…", 5, 4},
        {"wide", "中文字", "中…", 4, 3},
        {"one column", "Хор", "…", 1, 1},
        {"no column", "Хор", "", 0, 0},
        {"empty", "", "", 0, 0},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        char out[32];
        print_message("  %s\n", rows[i].name);
        assert_int_equal(text_ellipsis(out, sizeof out, rows[i].in, rows[i].columns), rows[i].width);
        assert_string_equal(out, rows[i].out);
    }
    char small[6];
    text_ellipsis(small, sizeof small, "Хоровод", 80);
    assert_string_equal(small, "Х…");
}

static void test_text__wraps_at_words(void **state)
{
    (void)state;
    static const struct {
        const char *name, *in;
        int columns;
        const char *lines; /* joined by | */
    } rows[] = {
        {"words", "раз два три", 7, "раз два|три"},
        {"exactly full", "раз два три", 3, "раз|два|три"},
        {"space at the edge", "раз  два", 4, "раз|два"},
        {"long word", "велосипедист", 5, "велос|ипеди|ст"},
        {"long word after a short", "а велосипедист", 5, "а|велос|ипеди|ст"},
        {"hyphen", "как-нибудь потом", 8, "как-|нибудь|потом"},
        {"minus stays", "до -5 градусов", 4, "до|-5|град|усов"},
        {"own lines", "раз\nдва\n\nтри", 10, "раз|два||три"},
        {"no line after the last", "раз\n", 10, "раз"},
        {"space before its own line end", "раз \nдва", 3, "раз|два"},
        {"wide", "中文字", 4, "中文|字"},
        {"empty", "", 10, ""},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        char got[200] = "";
        size_t pos = 0, line, bytes, len = 0;
        print_message("  %s\n", rows[i].name);
        for (bool first = true; text_wrap(rows[i].in, rows[i].columns, &pos, &line, &bytes); first = false)
            len += (size_t)snprintf(got + len, sizeof got - len, "%s%.*s", first ? "" : "|", (int)bytes,
                                    rows[i].in + line);
        assert_string_equal(got, rows[i].lines);
    }
}

static void test_text__capitalizes_a_sentence(void **state)
{
    (void)state;
    static const char *const rows[][2] = {{"", ""}, {"по средам", "По средам"}, {"ёлка", "Ёлка"}, {"on Mondays", "On Mondays"}, {"әби", "Әби"},
                                          {"Готово", "Готово"}, {"60 лет", "60 лет"}, {"\xF0", "\xF0"}};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        char text[40];
        snprintf(text, sizeof text, "%s", rows[i][0]);
        text_capitalize(text);
        assert_string_equal(text, rows[i][1]);
    }
}

static void test_text__folds_for_search(void **state)
{
    (void)state;
    static const struct {
        const char *name, *in, *out;
    } rows[] = {
        {"case", "Хор ЛАДОГА", "хор ладога"},
        {"io is ie", "Ёлка ещё", "елка еще"},
        {"io of two", "е\xCC\x88", "е"},
        {"short i stays", "ЙОД", "йод"},
        {"short i of two", "И\xCC\x86", "й"},
        {"ukrainian", "Її Ґанок", "її ґанок"},
        {"tatar", "ӘҢҮ", "әңү"},
        {"latin marks", "Café Ångström Łódź", "cafe angstrom lodz"},
        {"latin marks apart", "q\xCC\x83", "q"},
        {"two letters from one", "Straße Æ", "strasse ae"},
        {"greek", "ΆΝΘΡΩΠΟΣ ς", "ανθρωποσ σ"},
        {"full width", "ＡＢ１", "ab1"},
        {"turkish", "İıŞ", "iis"},
        {"no-break space",
         "a\xC2\xA0"
         "b",
         "a b"},
        {"others stay", "中文 №5", "中文 №5"},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        char out[80];
        print_message("  %s\n", rows[i].name);
        assert_int_equal(text_fold(out, sizeof out, rows[i].in), strlen(rows[i].out));
        assert_string_equal(out, rows[i].out);
    }
    char small[4];
    assert_int_equal(text_fold(small, sizeof small, "хор"), 2);
}

static void test_text__sorts_as_people_expect(void **state)
{
    (void)state;
    static const char *const order[] = {
        "10 шагов", "Arbour", "Zebra",  "автобус", "ВСЕ",  "Всё",    "все вместе", "«Ёлка»", "Ель",
        "Жизнь",    "идея",   "і далі", "їжак",    "йога", "Ладога", "Эхо",        "Яблоко",
    };
    char before[160], key[160];
    for (size_t i = 0; i < COUNT(order); i++) {
        size_t n = text_sort_key(key, sizeof key, order[i]);
        assert_int_equal(n, strlen(key));
        assert_true(text_is_valid(key, n));
        if (i > 0 && strcmp(before, key) >= 0)
            fail_msg("\"%s\" does not come before \"%s\"", order[i - 1], order[i]);
        memcpy(before, key, n + 1);
    }
}

static void test_text__layout_is_a_bijection(void **state)
{
    (void)state;
    for (uint32_t a = 0x20; a < 0x7F; a++) {
        for (uint32_t b = 0x20; b < a; b++)
            assert_int_not_equal(text_key_to_ru(a), text_key_to_ru(b));
        uint32_t ru = text_key_to_ru(a);
        if (ru >= 0x80)
            assert_int_equal(text_key_to_us(ru), a);
        else
            assert_int_equal(text_key_to_us(ru), ru);
    }
    assert_int_equal(text_key_to_us(0x4E2D), 0x4E2D);
}

static void test_text__burst_comes_back_from_russian(void **state)
{
    (void)state;
    char ascii[96], ru[300] = "", back[96];
    size_t n = 0;
    for (uint32_t a = 0x20; a < 0x7F; a++) {
        ascii[a - 0x20] = (char)a;
        n += text_encode(text_key_to_ru(a), ru + n);
    }
    ascii[95] = 0;
    ru[n] = 0;
    assert_int_equal(text_keys_to_us(back, sizeof back, ru), 95);
    assert_string_equal(back, ascii);
    text_keys_to_us(back, sizeof back, "РЕЕЗЫЖ..РГИ.Е.");
    assert_string_equal(back, "HTTPS://HUB/T/");
    text_keys_to_us(back, sizeof back, "https://hub/t/?");
    assert_string_equal(back, "https://hub/t/?");
    assert_int_equal(text_keys_to_us(back, 3, "abc"), 2);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_text__decodes_strictly),
        cmocka_unit_test(test_text__encodes_what_it_decodes),
        cmocka_unit_test(test_text__door_makes_harmless),
        cmocka_unit_test(test_text__door_drops_nul_inside),
        cmocka_unit_test(test_text__door_cuts_at_cluster),
        cmocka_unit_test(test_text__width_of_characters),
        cmocka_unit_test(test_text__clusters_cover_the_text),
        cmocka_unit_test(test_text__ellipsis_fits),
        cmocka_unit_test(test_text__wraps_at_words),
        cmocka_unit_test(test_text__capitalizes_a_sentence),
        cmocka_unit_test(test_text__folds_for_search),
        cmocka_unit_test(test_text__sorts_as_people_expect),
        cmocka_unit_test(test_text__layout_is_a_bijection),
        cmocka_unit_test(test_text__burst_comes_back_from_russian),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
