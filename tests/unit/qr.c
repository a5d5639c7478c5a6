/* QR codes: sizes and levels as promised, and a decoder that is not ours reads what was put in. */
#include "kiosk/ticket/qr.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <zbar.h>

enum { MODULE = 4, QUIET = 4 };

/* Draws the code with its quiet zone as grey pixels and lets zbar read it; the caller frees the text, NULL when unread.
 */
static char *scan(const struct qr *qr, size_t *n)
{
    unsigned side = (unsigned)(qr->side + 2 * QUIET) * MODULE;
    unsigned char *pixels = malloc((size_t)side * side);
    assert_non_null(pixels);
    memset(pixels, 255, (size_t)side * side);
    for (unsigned y = QUIET * MODULE; y < side - QUIET * MODULE; y++)
        for (unsigned x = QUIET * MODULE; x < side - QUIET * MODULE; x++)
            if (qr->dark[y / MODULE - QUIET][x / MODULE - QUIET])
                pixels[y * side + x] = 0;
    zbar_image_scanner_t *scanner = zbar_image_scanner_create();
    zbar_image_scanner_set_config(scanner, 0, ZBAR_CFG_ENABLE, 0);
    zbar_image_scanner_set_config(scanner, ZBAR_QRCODE, ZBAR_CFG_ENABLE, 1);
    zbar_image_scanner_set_config(scanner, ZBAR_QRCODE, ZBAR_CFG_BINARY, 1);
    zbar_image_t *image = zbar_image_create();
    zbar_image_set_format(image, zbar_fourcc('Y', '8', '0', '0'));
    zbar_image_set_size(image, side, side);
    zbar_image_set_data(image, pixels, (unsigned long)side * side, NULL);
    char *text = NULL;
    *n = 0;
    if (zbar_scan_image(scanner, image) == 1) {
        const zbar_symbol_t *symbol = zbar_image_first_symbol(image);
        *n = zbar_symbol_get_data_length(symbol);
        text = calloc(*n + 1, 1);
        assert_non_null(text);
        memcpy(text, zbar_symbol_get_data(symbol), *n);
    }
    zbar_image_destroy(image);
    zbar_image_scanner_destroy(scanner);
    free(pixels);
    return text;
}

static void test_qr__texts_are_read_back(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        int version;
        char level;
    } rows[] = {
        {"4DXF92RV7L", 1, 'H'},
        {"HTTPS://A.RU/T/4DXF92RV7L", 2, 'Q'},
        /* 42 upper-case characters, the longest of code_url: version 3, beside the text on an 80x24 screen. */
        {"HTTPS://HUB.SOSEDI.EXAMPLE:443/T/4DXF92RV7", 3, 'Q'},
        {"https://hub.example/t/4dxf92rv7l?lower=case&longer=yes", 4, 'M'},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct qr qr;
        struct error e = {0};
        size_t n;
        if (qr_make(&qr, rows[i].text, 11, &e))
            fail_msg("%s: %s", rows[i].text, e.text);
        assert_int_equal(qr.side, 17 + 4 * qr.version);
        if (qr.version != rows[i].version || qr.level != rows[i].level)
            fail_msg("%s: version %d-%c", rows[i].text, qr.version, qr.level);
        char *text = scan(&qr, &n);
        assert_non_null(text);
        assert_string_equal(text, rows[i].text);
        free(text);
    }
}

static void test_qr__every_version_is_read_back(void **state)
{
    (void)state;
    char text[260];
    for (size_t n = 5; n < 245; n += 20) {
        struct qr qr;
        size_t got;
        for (size_t i = 0; i < n; i++)
            text[i] = (char)('a' + (i * 7 + n) % 26);
        text[n] = 0;
        assert_int_equal(qr_make(&qr, text, 11, NULL), ERR_NONE);
        char *read = scan(&qr, &got);
        assert_non_null(read);
        assert_string_equal(read, text);
        free(read);
    }
}

static void test_qr__limits(void **state)
{
    (void)state;
    struct qr qr;
    char text[1500];
    memset(text, 'a', sizeof text - 1);
    text[sizeof text - 1] = 0;
    static const struct {
        const char *row, *text;
        int max;
        enum err code;
    } rows[] = {
        {"nothing", "", 3, ERR_INVALID},
        {"Cyrillic", "Привет", 3, ERR_INVALID},
        {"a control character", "A\nB", 3, ERR_INVALID},
        {"no version", "A", 0, ERR_USAGE},
        {"version 12", "A", 12, ERR_USAGE},
        {"69 letters in version 3", "HTTPS://HUB.SOSEDI.EXAMPLE:443/T/4DXF92RV7LLLLLLLLLLLLLLLLLLLLLLLLLLL", 3,
         ERR_TOO_BIG},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        if (qr_make(&qr, rows[i].text, rows[i].max, NULL) != rows[i].code)
            fail_msg("%s", rows[i].row);
    assert_int_equal(qr_make(&qr, text, 11, NULL), ERR_TOO_BIG);
}

static void test_qr__bytes_at_a_fixed_level(void **state)
{
    (void)state;
    struct qr qr;
    uint8_t bytes[106];
    size_t n;
    for (size_t i = 0; i < sizeof bytes; i++)
        bytes[i] = (uint8_t)(i * 37);
    /* The signed token: 99 bytes are 5-L (PROTOCOL: 41 by 21 cells with the quiet zone). */
    assert_int_equal(qr_make_bytes(&qr, bytes, 99, 'L', 11, NULL), ERR_NONE);
    assert_int_equal(qr.version, 5);
    assert_int_equal(qr.level, 'L');
    char *read = scan(&qr, &n);
    assert_non_null(read);
    assert_int_equal(n, 99);
    assert_memory_equal(read, bytes, 99);
    free(read);
    assert_int_equal(qr_make_bytes(&qr, bytes, 106, 'L', 5, NULL), ERR_NONE);
    assert_int_equal(qr_make_bytes(&qr, bytes, 106, 'H', 5, NULL), ERR_TOO_BIG);
    assert_int_equal(qr_make_bytes(&qr, bytes, 0, 'L', 5, NULL), ERR_INVALID);
    assert_int_equal(qr_make_bytes(&qr, bytes, 9, 'X', 5, NULL), ERR_USAGE);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_qr__texts_are_read_back),
        cmocka_unit_test(test_qr__every_version_is_read_back),
        cmocka_unit_test(test_qr__limits),
        cmocka_unit_test(test_qr__bytes_at_a_fixed_level),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
