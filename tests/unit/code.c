/* Ticket codes. The rows of `vectors` are those of sync/PROTOCOL.md, "Ticket code". */
#include "kiosk/ticket/code.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "kiosk/base/text.h"
#include "kiosk/ticket/crypto.h"

#define COUNT(a) (sizeof(a) / sizeof(a)[0])

static const char symbols[] = "23456789CDFGJLNRVWX";

static const struct {
    const char *name, *typed;
    enum code_fault fault;
    const char *code;
} vectors[] = {
    {"plain", "4DXF92RV73", CODE_OK, "4DXF92RV73"},
    {"as shown", "4DXF9-2RV73", CODE_OK, "4DXF92RV73"},
    {"small letters", "4dxf9 2rv73", CODE_OK, "4DXF92RV73"},
    {"all zero", "2222222222", CODE_OK, "2222222222"},
    {"all highest", "XXXXXXXXXN", CODE_OK, "XXXXXXXXXN"},
    {"letters", "CDFGJLNRVV", CODE_OK, "CDFGJLNRVV"},
    {"digits up", "23456789CN", CODE_OK, "23456789CN"},
    {"digits down", "9876543225", CODE_OK, "9876543225"},
    {"backwards", "WVRNLJGFDN", CODE_OK, "WVRNLJGFDN"},
    {"Russian layout", "4ВЧА92КМ73", CODE_OK, "4DXF92RV73"},
    {"Russian layout, small, all letters", "свапщдткмм", CODE_SYMBOL, NULL}, /* щ is the key o */
    {"Russian layout, all letters", "СВАПОДТКММ", CODE_OK, "CDFGJLNRVV"},
    {"Cyrillic Х and З by their look", "4DХF92RV7З", CODE_OK, "4DXF92RV73"},
    {"misread letters", "4DXF9ZRV73", CODE_OK, "4DXF92RV73"},
    {"B for 8, S for 5", "9B76S4322S", CODE_OK, "9876543225"},
    {"the same keys in Russian", "9И76Ы4322Ы", CODE_OK, "9876543225"},
    {"dashes and spaces of print",
     " 4DXF9\xE2\x80\x94"
     "2RV73\r\n",
     CODE_OK, "4DXF92RV73"},
    {"URL", "HTTPS://HUB.EXAMPLE/T/4DXF92RV73", CODE_OK, "4DXF92RV73"},
    {"URL, small letters, more behind", "https://hub.example:8443/t/4dxf92rv73/?a=b#c", CODE_OK, "4DXF92RV73"},
    {"URL under the Russian layout", "РЕЕЗЫЖ..РГИюУЧФЬЗДУ.Е.4ВЧА92КМ73", CODE_OK, "4DXF92RV73"},
    {"one symbol wrong", "4DXF92RV74", CODE_CHECK, NULL},
    {"two neighbours exchanged", "4DFX92RV73", CODE_CHECK, NULL},
    {"two far ones exchanged", "3DXF92RV74", CODE_CHECK, NULL},
    {"short", "4DXF92RV7", CODE_SHORT, NULL},
    {"empty", "", CODE_SHORT, NULL},
    {"only dashes", "--  --", CODE_SHORT, NULL},
    {"long", "4DXF92RV733", CODE_LONG, NULL},
    {"digit 0", "4DXF92RV70", CODE_SYMBOL, NULL},
    {"letter of no symbol", "4DXF92RVK3", CODE_SYMBOL, NULL},
    {"symbol before length", "4DX!", CODE_SYMBOL, NULL},
    {"URL without a code", "HTTPS://HUB.EXAMPLE/T/", CODE_SHORT, NULL},
    {"URL of something else", "HTTPS://HUB.EXAMPLE/", CODE_SYMBOL, NULL},
    {"bad bytes",
     "4DXF9\xFF"
     "2RV73",
     CODE_SYMBOL, NULL},
};

static void test_code__reads_the_vectors(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(vectors); i++) {
        char out[CODE_LEN + 1] = "untouched";
        print_message("  %s\n", vectors[i].name);
        assert_int_equal(code_read(out, vectors[i].typed, strlen(vectors[i].typed)), vectors[i].fault);
        assert_string_equal(out, vectors[i].code ? vectors[i].code : "untouched");
        if (vectors[i].code)
            assert_int_equal(code_check(out), out[CODE_LEN - 1]);
    }
    char out[CODE_LEN + 1], much[400];
    memset(much, '-', sizeof much);
    assert_int_equal(code_read(out, "4DXF92RV73\0x", 12), CODE_SYMBOL);
    assert_int_equal(code_read(out, much, sizeof much), CODE_LONG);
    assert_int_equal(code_read(out, NULL, 0), CODE_SHORT);
}

/* The promise of the weights: no single mistake and no exchange of two passes. */
static void test_code__check_finds_mistakes(void **state)
{
    (void)state;
    char code[CODE_LEN + 1], wrong[CODE_LEN + 1], out[CODE_LEN + 1];
    for (int round = 0; round < 50; round++) {
        code_make(code);
        for (size_t i = 0; i < CODE_LEN; i++) {
            memcpy(wrong, code, sizeof wrong);
            for (const char *s = symbols; *s; s++) {
                wrong[i] = *s;
                enum code_fault want = *s == code[i] ? CODE_OK : CODE_CHECK;
                assert_int_equal(code_read(out, wrong, CODE_LEN), want);
            }
            for (size_t j = 0; j < i; j++) {
                memcpy(wrong, code, sizeof wrong);
                wrong[i] = code[j];
                wrong[j] = code[i];
                enum code_fault want = code[i] == code[j] ? CODE_OK : CODE_CHECK;
                assert_int_equal(code_read(out, wrong, CODE_LEN), want);
            }
        }
    }
}

static void test_code__made_codes_can_be_read(void **state)
{
    (void)state;
    char before[CODE_LEN + 1] = "";
    for (int round = 0; round < 200; round++) {
        char code[CODE_LEN + 1], shown[CODE_SHOWN + 1], out[CODE_LEN + 1], ru[CODE_LEN * 4 + 1];
        code_make(code);
        assert_int_equal(strspn(code, symbols), CODE_LEN);
        assert_string_not_equal(code, before);
        memcpy(before, code, sizeof before);
        code_show(shown, code);
        assert_int_equal(shown[5], '-');
        assert_int_equal(code_read(out, shown, CODE_SHOWN), CODE_OK);
        assert_string_equal(out, code);
        size_t n = 0;
        for (size_t i = 0; i < CODE_LEN; i++)
            n += text_encode(text_key_to_ru((unsigned char)code[i]), ru + n);
        assert_int_equal(code_read(out, ru, n), CODE_OK);
        assert_string_equal(out, code);
    }
}

static void test_code__url_of_the_qr(void **state)
{
    (void)state;
    static const struct {
        const char *name, *host, *url;
    } rows[] = {
        {"plain", "hub.example", "HTTPS://HUB.EXAMPLE/T/4DXF92RV73"},
        {"with a port", "hub.example:8443", "HTTPS://HUB.EXAMPLE:8443/T/4DXF92RV73"},
        {"the longest", "sosedi.karelia-lib.ru", "HTTPS://SOSEDI.KARELIA-LIB.RU/T/4DXF92RV73"},
        {"too long", "sosedi.karelia-libs.ru", NULL},
        {"no ASCII", "соседи.рф", NULL},
        {"a path", "hub/x", NULL},
        {"empty", "", NULL},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        char out[CODE_URL_MAX], back[CODE_LEN + 1];
        print_message("  %s\n", rows[i].name);
        assert_int_equal(code_url(out, rows[i].host, "4DXF92RV73"), rows[i].url != NULL);
        assert_string_equal(out, rows[i].url ? rows[i].url : "4DXF92RV73");
        assert_true(strlen(out) <= 42);
        assert_int_equal(code_read(back, out, strlen(out)), CODE_OK);
        assert_string_equal(back, "4DXF92RV73");
    }
}

static void test_code__enrolment(void **state)
{
    (void)state;
    static const struct {
        const char *name, *typed, *code; /* code NULL: refused */
    } rows[] = {
        {"plain", "23456789CDFGJLN8", "23456789CDFGJLN8"},
        {"as shown", "2345-6789-CDFG-JLN8", "23456789CDFGJLN8"},
        {"small letters", "xwvr nljg fdc9 876g", "XWVRNLJGFDC9876G"},
        {"Russian layout", "2345-6789-СВАП-ОДТ8", "23456789CDFGJLN8"},
        {"one symbol wrong", "23456789CDFGJLN9", NULL},
        {"exchanged", "32456789CDFGJLN8", NULL},
        {"short", "23456789CDFGJLN", NULL},
        {"long", "23456789CDFGJLN88", NULL},
        {"a ticket's code", "4DXF92RV73", NULL},
        {"no symbol", "23456789CDFGJLN0", NULL},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        char out[ENROL_LEN + 1] = "untouched";
        print_message("  %s\n", rows[i].name);
        assert_int_equal(enrol_code_read(out, rows[i].typed), rows[i].code != NULL);
        assert_string_equal(out, rows[i].code ? rows[i].code : "untouched");
    }
    for (int round = 0; round < 50; round++) {
        char code[ENROL_LEN + 1], shown[ENROL_SHOWN + 1], out[ENROL_LEN + 1];
        enrol_code_make(code);
        enrol_code_show(shown, code);
        assert_int_equal(strlen(shown), ENROL_SHOWN);
        assert_true(shown[4] == '-' && shown[9] == '-' && shown[14] == '-');
        assert_true(enrol_code_read(out, shown));
        assert_string_equal(out, code);
    }
}

static int setup(void **state)
{
    (void)state;
    struct error e = {0};
    return crypto_init(&e);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_code__reads_the_vectors),
        cmocka_unit_test(test_code__check_finds_mistakes),
        cmocka_unit_test(test_code__made_codes_can_be_read),
        cmocka_unit_test(test_code__url_of_the_qr),
        cmocka_unit_test(test_code__enrolment),
    };
    return cmocka_run_group_tests(tests, setup, NULL);
}
