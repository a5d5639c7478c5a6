/* The strict interpreter finds what a real printer would stumble over: otherwise the tests that trust it prove nothing.
 */
#include "tests/support/paper.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "tests/support/sample.h"

#define BYTES(s) (s), sizeof(s) - 1

static void test_paper__refuses(void **state)
{
    (void)state;
    static const struct {
        const char *name, *bytes;
        size_t n;
        const char *fault;
    } rows[] = {
        {"unknown escape",
         BYTES("\x1b"
               "E\x01"),
         "unknown command"},
        {"printer's own QR", BYTES("\x1d(k\x03\x00"), "unknown command"},
        {"text before FS .", BYTES("\x1b@abc\n"), "Chinese"},
        {"status inside a picture", BYTES("\x1b@\x1c.\x1dv0\x00\x02\x00\x01\x00\x10\x04"), "real-time"},
        {"status across rows", BYTES("\x1b@\x1c.\x1dv0\x00\x01\x00\x02\x00\x10\x04"), "real-time"},
        {"drawer in text", BYTES("\x1c.\x10\x14\x01"), "stray"},
        {"band of 200 rows", BYTES("\x1c.\x1dv0\x00\x01\x00\xc8\x00"), "a band of 200 rows"},
        {"band of no rows", BYTES("\x1c.\x1dv0\x00\x01\x00\x00\x00"), "a band of 0 rows"},
        {"wider than the paper", BYTES("\x1c.\x1dv0\x00\x31\x00\x01\x00"), "392 dots"},
        {"doubled picture", BYTES("\x1c.\x1dv0\x03\x01\x00\x01\x00"), "mode 3"},
        {"line too long", BYTES("\x1c.0123456789012345678901234567890123\n"), "does not fit"},
        {"alignment in a line",
         BYTES("\x1c."
               "ab\x1b"
               "a\x01"),
         "into a line"},
        {"picture in a line",
         BYTES("\x1c."
               "ab\x1dv0\x00\x01\x00\x01\x00"),
         "middle of a line"},
        {"tabulator", BYTES("\x1c.\t"), "stray byte 09"},
        {"DEL", BYTES("\x1c.\x7f"), "stray byte 7F"},
        {"letters five times as high", BYTES("\x1c.\x1d!\x44"), "GS ! 44"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct paper p;
        paper_init(&p, 384);
        bool good = paper_feed(&p, rows[i].bytes, rows[i].n);
        if (good || !strstr(p.fault, rows[i].fault))
            fail_msg("%s: \"%s\"", rows[i].name, p.fault);
        paper_done(&p);
    }
}

static void test_paper__a_job_must_end(void **state)
{
    (void)state;
    static const struct {
        const char *name, *bytes;
        size_t n;
        bool good;
    } rows[] = {
        {"whole",
         BYTES("\x1b@\x1c.ab\n\x1b"
               "d\x04"),
         true},
        {"half a command", BYTES("\x1b@\x1c.\x1b"), false},
        {"half a picture", BYTES("\x1c.\x1dv0\x00\x02\x00\x01\x00\x01"), false},
        {"half a line",
         BYTES("\x1c."
               "ab"),
         false},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct paper p;
        paper_init(&p, 384);
        assert_true(paper_feed(&p, rows[i].bytes, rows[i].n));
        if (paper_finish(&p) != rows[i].good)
            fail_msg("%s", rows[i].name);
        paper_done(&p);
    }
}

static void test_paper__bytes_in_any_pieces(void **state)
{
    (void)state;
    sample_language("ru");
    struct ticket t = sample_ticket();
    struct layout_where where = {.centre = "", .host = "", .width = 384, .module = 6};
    struct sheet_paper how = sample_paper(384);
    how.text = true;
    struct layout l;
    struct buf b;
    struct paper whole, pieces;
    layout_ticket(&l, &t, &where);
    buf_init(&b, SHEET_BYTES_MAX);
    assert_int_equal(sheet_bytes(&b, &l, &how, NULL), ERR_NONE);
    paper_init(&whole, 384);
    paper_init(&pieces, 384);
    assert_true(paper_feed(&whole, b.data, b.len));
    for (size_t i = 0; i < b.len; i++)
        assert_true(paper_feed(&pieces, b.data + i, 1));
    assert_true(paper_finish(&pieces));
    assert_int_equal(whole.height, pieces.height);
    assert_memory_equal(whole.dots, pieces.dots, (size_t)whole.height * 384);
    paper_tear(&pieces);
    assert_true(paper_is_blank(&pieces));
    paper_done(&whole);
    paper_done(&pieces);
    layout_done(&l);
    buf_done(&b);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_paper__refuses),
        cmocka_unit_test(test_paper__a_job_must_end),
        cmocka_unit_test(test_paper__bytes_in_any_pieces),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
