/* The encoder of ESC/POS: golden bytes, and no real-time command in any picture. */
#include "kiosk/print/escpos.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "tests/support/paper.h"
#include "tests/support/sample.h"

static void escpos_is(struct buf *b, const char *bytes, size_t n)
{
    assert_int_equal(b->len, n);
    assert_memory_equal(b->data, bytes, n);
    buf_clear(b);
}

static void test_escpos__golden_bytes(void **state)
{
    (void)state;
    struct buf b;
    buf_init(&b, 1 << 20);
    escpos_begin(&b);
    escpos_is(&b, "\x1b@\x1c.", 4);
    escpos_codepage(&b, 17);
    escpos_is(&b, "\x1bt\x11", 3);
    escpos_align(&b, ESCPOS_CENTRE);
    escpos_is(&b,
              "\x1b"
              "a\x01",
              3);
    escpos_size(&b, 2, 1);
    escpos_is(&b, "\x1d!\x10", 3);
    escpos_size(&b, 2, 2);
    escpos_is(&b, "\x1d!\x11", 3);
    escpos_end(&b, ESCPOS_CUT_NONE);
    escpos_is(&b,
              "\x1b"
              "d\x04",
              3);
    escpos_end(&b, ESCPOS_CUT_PARTIAL);
    escpos_is(&b, "\x1dV\x42\x00", 4);
    escpos_end(&b, ESCPOS_CUT_FULL);
    escpos_is(&b, "\x1dV\x41\x00", 4);
    escpos_raster(&b, (const uint8_t[]){0x80, 0x01, 0xFF, 0x00}, 2, 2);
    escpos_is(&b, "\x1dv0\x00\x02\x00\x02\x00\x80\x01\xFF\x00", 12);
    escpos_raster(&b, (const uint8_t[]){0}, 73, 1);
    escpos_is(&b, "", 0);
    buf_done(&b);
}

static void test_escpos__text_holds_no_commands(void **state)
{
    (void)state;
    struct buf b;
    char all[256];
    buf_init(&b, 1000);
    for (int i = 0; i < 256; i++)
        all[i] = (char)i;
    escpos_text(&b, all, sizeof all);
    assert_int_equal(b.len, 1 + (0x7F - 0x20) + 128);
    for (size_t i = 0; i < b.len; i++) {
        uint8_t byte = (uint8_t)b.data[i];
        assert_true(byte == '\n' || (byte >= 0x20 && byte != 0x7F));
    }
    buf_done(&b);
}

static void test_escpos__tall_pictures_are_bands(void **state)
{
    (void)state;
    enum { ROWS = 300, BYTES = 48 };
    uint8_t *rows = calloc(ROWS, BYTES);
    assert_non_null(rows);
    for (int i = 0; i < ROWS * BYTES; i++)
        rows[i] = (uint8_t)(i * 7 | 3); /* never a single dot */
    struct buf b;
    struct paper p;
    buf_init(&b, 1 << 20);
    escpos_begin(&b);
    escpos_raster(&b, rows, BYTES, ROWS);
    paper_init(&p, 384);
    assert_true(paper_feed(&p, b.data, b.len));
    assert_true(paper_finish(&p));
    assert_int_equal(p.bands, 3);
    assert_int_equal(p.height, ROWS);
    for (int y = 0; y < ROWS; y++)
        for (int x = 0; x < 384; x++)
            assert_int_equal(p.dots[y * 384 + x], rows[y * BYTES + x / 8] >> (7 - x % 8) & 1);
    paper_done(&p);
    buf_done(&b);
    free(rows);
}

/* Printers execute 10 04 n, 10 05 n and 10 14 n inside pictures too: hair lines one dot wide made them answer, recover
 * or open the cash drawer in the middle of a ticket. */
static void test_escpos__pictures_hold_no_realtime_commands(void **state)
{
    (void)state;
    static const struct {
        const char *name;
        uint8_t second;
    } rows[] = {{"status", 0x04}, {"recover", 0x05}, {"drawer", 0x14}};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        uint8_t inside[] = {0x00, 0x10, rows[i].second, 0x01}, across[] = {0x01, 0x10, rows[i].second, 0x00};
        struct buf b;
        struct paper p;
        buf_init(&b, 1000);
        escpos_begin(&b);
        escpos_raster(&b, inside, 4, 1);
        escpos_raster(&b, across, 2, 2);
        assert_int_equal(escpos_hazard((uint8_t *)b.data, b.len), b.len);
        assert_int_equal((uint8_t)b.data[4 + 8 + 1], 0x18);
        paper_init(&p, 384);
        if (!paper_feed(&p, b.data, b.len))
            fail_msg("%s: %s", rows[i].name, p.fault);
        paper_done(&p);
        buf_done(&b);
    }
}

static void test_escpos__random_dots_hold_no_realtime_commands(void **state)
{
    (void)state;
    enum { BYTES = 72, ROWS = 400 };
    uint8_t *rows = malloc(BYTES * ROWS);
    assert_non_null(rows);
    uint32_t seed = 1;
    static const uint8_t likely[8] = {0x10, 0x04, 0x05, 0x14, 0x10, 0x00, 0x18, 0x10};
    for (int i = 0; i < BYTES * ROWS; i++) {
        seed = seed * 1664525u + 1013904223u;
        rows[i] = likely[seed >> 29];
    }
    assert_true(escpos_hazard(rows, BYTES * ROWS) < BYTES * ROWS);
    struct buf b;
    buf_init(&b, 1 << 20);
    escpos_raster(&b, rows, BYTES, ROWS);
    assert_int_equal(escpos_hazard((uint8_t *)b.data, b.len), b.len);
    buf_done(&b);
    free(rows);
}

/* A job torn in a picture leaves the printer waiting for dots: the flush gives them to it, and the next job begins
 * clean. */
static void test_escpos__flush_ends_a_torn_picture(void **state)
{
    (void)state;
    static const uint8_t rows[72 * 128] = {0xFF};
    struct buf b;
    struct paper p;
    buf_init(&b, 1 << 20);
    escpos_begin(&b);
    escpos_raster(&b, rows, 72, 128);
    paper_init(&p, 576);
    paper_feed(&p, b.data, 4 + 8 + 100);
    buf_clear(&b);
    escpos_flush(&b);
    escpos_begin(&b);
    escpos_text(&b, "ok\n", 3);
    assert_true(paper_feed(&p, b.data, b.len));
    assert_true(paper_finish(&p));
    assert_string_equal(p.text, "ok\n");
    paper_done(&p);
    buf_done(&b);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_escpos__golden_bytes),
        cmocka_unit_test(test_escpos__text_holds_no_commands),
        cmocka_unit_test(test_escpos__tall_pictures_are_bands),
        cmocka_unit_test(test_escpos__pictures_hold_no_realtime_commands),
        cmocka_unit_test(test_escpos__random_dots_hold_no_realtime_commands),
        cmocka_unit_test(test_escpos__flush_ends_a_torn_picture),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
