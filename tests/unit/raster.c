/* Tickets as papers: drawn and typed, at every width, in every state, read back by a camera's eyes. */
#include "kiosk/print/raster.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "kiosk/ticket/token.h"
#include "tests/support/paper_qr.h"
#include "tests/support/sample.h"

static const int raster_widths[] = {384, 512, 576};

static void raster_reads(const struct paper *p, const char *name, int codes)
{
    char qr[4][PAPER_QR_TEXT];
    int count = paper_read_qr(p, qr, 4);
    if (count != codes || strcmp(qr[0], "HTTPS://SOSEDI.EXAMPLE/T/4DXF92RV7L") != 0)
        fail_msg("%s at %d dots: %d codes were read", name, p->width, count);
    if (codes > 1) {
        struct ticket t = sample_ticket();
        uint8_t token[TOKEN_BYTES];
        assert_true(token_from_text(token, qr[1]));
        assert_memory_equal(token, t.token, sizeof token);
    }
}

static void test_raster__codes_are_read_at_every_width(void **state)
{
    (void)state;
    sample_language("ru");
    for (size_t i = 0; i < 3; i++)
        for (int mode = 0; mode < 3; mode++) {
            struct ticket t = sample_ticket();
            struct sheet_paper how = sample_paper(raster_widths[i]);
            how.text = mode > 0;
            how.codepage = mode == 2 ? CODEPAGE_1251 : CODEPAGE_866;
            struct paper p;
            sample_print(&p, &t, &how);
            static const char *const names[] = {"drawn", "typed", "typed in CP1251"};
            raster_reads(&p, names[mode], 2);
            if (mode) {
                assert_non_null(strstr(p.text, "4DXF9-2RV7L"));
                assert_non_null(strstr(p.text, "Вы записаны"));
                assert_int_equal(p.codepages[0], 17);
            } else {
                assert_string_equal(p.text, "");
            }
            paper_done(&p);
        }
}

static void test_raster__every_state_and_module(void **state)
{
    (void)state;
    sample_language("ru");
    for (int s = TICKET_ASKING; s <= TICKET_CANCELLED; s++) {
        struct ticket t = sample_ticket();
        t.state = (enum ticket_state)s;
        t.pos = s == TICKET_WAITING ? 4 : 0;
        struct sheet_paper how = sample_paper(384);
        how.module = 4 + s % 5;
        struct paper p;
        sample_print(&p, &t, &how);
        raster_reads(&p, "a state", t.state == TICKET_CANCELLED || t.state == TICKET_EVENT_CANCELLED ? 1 : 2);
        paper_done(&p);
    }
}

/* Scripts that no code page holds are drawn although text is configured; nobody's language becomes question marks. */
static void test_raster__any_script_in_text_mode(void **state)
{
    (void)state;
    static const char *const titles[] = {"日本語の会", "مساء الألعاب", "ערב משחקים", "Հայերեն երեկո", "খেলার সন্ধ্যা"};
    sample_language("ru");
    for (size_t i = 0; i < sizeof titles / sizeof titles[0]; i++) {
        struct ticket t = sample_ticket();
        snprintf(t.facts.title, sizeof t.facts.title, "%s", titles[i]);
        struct sheet_paper how = sample_paper(384);
        how.text = true;
        struct paper p;
        sample_print(&p, &t, &how);
        assert_string_equal(p.text, "");
        raster_reads(&p, titles[i], 2);
        paper_done(&p);
    }
}

static void test_raster__long_and_hostile_titles(void **state)
{
    (void)state;
    static const struct {
        const char *name, *piece;
    } rows[] = {{"one long word", "ж"},
                {"many words", "слово "},
                {"thin lines", "|"},
                {"full stops", ". "},
                {"marks", "é́́́́"},
                {"wide", "日"},
                {"escapes", "\x1b@\x10\x04\x01"},
                {"dashes", "— "},
                {"quotes", "«»"}};
    sample_language("ru");
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        for (int text = 0; text < 2; text++) {
            struct ticket t = sample_ticket();
            size_t n = 0, piece = strlen(rows[i].piece);
            while (n + piece < sizeof t.facts.title) {
                memcpy(t.facts.title + n, rows[i].piece, piece);
                n += piece;
            }
            t.facts.title[n] = 0;
            memcpy(t.facts.address, t.facts.title, sizeof t.facts.address);
            struct sheet_paper how = sample_paper(384);
            how.text = text;
            struct paper p;
            sample_print(&p, &t, &how);
            raster_reads(&p, rows[i].name, 2);
            assert_true(p.height < 2600);
            paper_done(&p);
        }
}

/* The catalogue of hostile strings as titles, many to a paper's run; only that nothing breaks. */
static void test_raster__hostile_corpus(void **state)
{
    (void)state;
    const char *data = getenv("SOSEDI_DATA");
    char path[4096], line[1024];
    snprintf(path, sizeof path, "%s/hostile-text/blns.txt", data ? data : "../shared/data");
    FILE *f = fopen(path, "rb");
    if (!f) {
        print_message("skipped: no %s\n", path);
        skip();
    }
    sample_language("ru");
    int count = 0;
    while (f && fgets(line, sizeof line, f)) {
        struct ticket t = sample_ticket();
        size_t n = strlen(line) < sizeof t.facts.title ? strlen(line) : sizeof t.facts.title - 1;
        memcpy(t.facts.title, line, n);
        t.facts.title[n] = 0;
        if (++count % 4) /* every fourth: enough kinds, little time */
            continue;
        struct sheet_paper how = sample_paper(384);
        how.text = count % 8 == 0;
        struct paper p;
        sample_print(&p, &t, &how);
        paper_done(&p);
    }
    fclose(f);
    assert_true(count > 100);
}

static void test_raster__every_language_and_the_longest(void **state)
{
    (void)state;
    static const char *const langs[] = {"en", "ru", "xx"};
    for (size_t i = 0; i < 3; i++) {
        sample_language(langs[i]);
        struct ticket t = sample_ticket();
        t.party = LEDGER_SEATS_MAX;
        t.seat_count = LEDGER_SEATS_MAX;
        for (int k = 0; k < LEDGER_SEATS_MAX; k++)
            t.seats[k] = 1001 + 2 * k;
        for (int text = 0; text < 2; text++) {
            struct sheet_paper how = sample_paper(384);
            how.text = text;
            struct paper p;
            sample_print(&p, &t, &how);
            raster_reads(&p, langs[i], 2);
            paper_done(&p);
        }
    }
}

static void test_raster__the_code_is_one_line(void **state)
{
    (void)state;
    struct layout one, two;
    struct raster a, b;
    for (size_t i = 0; i < 3; i++) {
        layout_init(&one);
        layout_init(&two);
        layout_add(&one, (struct block){.size = SIZE_HUGE, .bold = true, .lines = 1}, "4DXF9");
        layout_add(&two, (struct block){.size = SIZE_HUGE, .bold = true, .lines = 1}, "WWWWW-WWWWW");
        assert_int_equal(raster_draw(&a, &one, raster_widths[i], NULL), ERR_NONE);
        assert_int_equal(raster_draw(&b, &two, raster_widths[i], NULL), ERR_NONE);
        assert_true(b.height <= a.height);
        raster_done(&a);
        raster_done(&b);
        layout_done(&one);
        layout_done(&two);
    }
}

static void test_raster__limits(void **state)
{
    (void)state;
    struct layout l;
    struct raster r;
    struct error e;
    layout_init(&l);
    assert_int_equal(raster_draw(&r, &l, 100, &e), ERR_USAGE);
    assert_int_equal(raster_draw(&r, &l, 600, &e), ERR_USAGE);
    assert_int_equal(raster_draw(&r, &l, 385, &e), ERR_USAGE);
    assert_int_equal(raster_draw(&r, &l, 384, &e), ERR_NONE);
    assert_int_equal(r.height, 0);
    raster_done(&r);
    char big[1000];
    memset(big, 'W', sizeof big - 1);
    big[sizeof big - 1] = 0;
    for (int i = 0; i < LAYOUT_BLOCKS; i++)
        layout_add(&l, (struct block){.size = SIZE_LARGE}, big);
    assert_int_equal(raster_draw(&r, &l, 384, &e), ERR_TOO_BIG);
    layout_done(&l);
}

static void test_raster__test_page(void **state)
{
    (void)state;
    sample_language("ru");
    for (size_t i = 0; i < 3; i++) {
        struct sheet_paper how = sample_paper(raster_widths[i]);
        how.cut = ESCPOS_CUT_PARTIAL;
        struct buf b;
        struct paper p;
        char qr[2][PAPER_QR_TEXT];
        buf_init(&b, SHEET_BYTES_MAX);
        assert_int_equal(sheet_test_page(&b, &how, "Центр", NULL), ERR_NONE);
        paper_init(&p, raster_widths[i]);
        paper_feed(&p, b.data, b.len);
        paper_finish(&p);
        assert_string_equal(p.fault, "");
        assert_int_equal(p.cuts, 1);
        assert_true(p.codepage_count == 20 && p.codepages[0] == 17);
        assert_non_null(strstr(p.text, "17 Съешь же ещё этих мягких\n   французских булок да чаю\n"));
        assert_int_equal(paper_read_qr(&p, qr, 2), 1);
        paper_done(&p);
        buf_done(&b);
    }
}

static void test_raster__too_large_a_job_is_refused(void **state)
{
    (void)state;
    struct ticket t = sample_ticket();
    struct layout l;
    struct layout_where where = {.centre = "", .host = "", .width = 384, .module = 6};
    struct sheet_paper how = sample_paper(384);
    struct buf b;
    struct error e;
    buf_init(&b, 500);
    layout_ticket(&l, &t, &where);
    assert_int_equal(sheet_bytes(&b, &l, &how, &e), ERR_TOO_BIG);
    layout_done(&l);
    buf_done(&b);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_raster__codes_are_read_at_every_width),
        cmocka_unit_test(test_raster__every_state_and_module),
        cmocka_unit_test(test_raster__any_script_in_text_mode),
        cmocka_unit_test(test_raster__long_and_hostile_titles),
        cmocka_unit_test(test_raster__hostile_corpus),
        cmocka_unit_test(test_raster__every_language_and_the_longest),
        cmocka_unit_test(test_raster__the_code_is_one_line),
        cmocka_unit_test(test_raster__limits),
        cmocka_unit_test(test_raster__test_page),
        cmocka_unit_test(test_raster__too_large_a_job_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
