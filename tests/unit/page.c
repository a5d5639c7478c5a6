/* Pages: entries of lists hang beside their mark, a text that is read page by page says which it is. */
#include "screens/page.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

enum { COLS = 24 };

/* The rows as text, each ended by "|". */
static char *page_told(const struct page *p, int rows, char *out, size_t size)
{
    struct canvas_grid g;
    size_t n = 0;
    canvas_grid_init(&g, rows, COLS);
    page_draw(canvas_all(&g), p);
    for (int r = 0; r < rows; r++) {
        size_t end = n;
        for (int c = 0; c < COLS; c++) {
            const char *text = canvas_grid_cell(&g, r, c)->text;
            n += (size_t)snprintf(out + n, size - n, "%s", text);
            end = strcmp(text, " ") != 0 ? n : end;
        }
        n = end + (size_t)snprintf(out + end, size - end, "|");
    }
    canvas_grid_done(&g);
    return out;
}

static void test_page__entries_hang(void **state)
{
    (void)state;
    struct page p = {.items = 0};
    char out[2000];
    page_entry(&p, "•", "Положите трубку и позвоните сами");
    page_entry(&p, "12.", "Назовите сначала адрес, потом беду");
    page_gap(&p);
    page_gap(&p);
    page_text(&p, STYLE_TEXT, "Конец");
    page_place(&p, 8, COLS);
    assert_string_equal(page_told(&p, 8, out, sizeof out),
                        "• Положите трубку и|  позвоните сами|12. Назовите сначала|    адрес, потом беду||Конец|||");
    page_done(&p);
}

/* However tall, the last page is counted once and the numbers rise with PgDn. */
static void test_page__pages_are_counted(void **state)
{
    (void)state;
    static const struct {
        const char *name;
        int rows, lines, pages;
    } rows[] = {{"one line too many", 6, 7, 2}, {"two", 6, 9, 2}, {"three", 6, 10, 3}, {"many", 10, 100, 13}};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct page p = {.counts_pages = true};
        struct key down = {.code = K_PAGE_DOWN};
        char out[4000], want[80];
        for (int k = 0; k < rows[i].lines; k++)
            page_text(&p, STYLE_TEXT, "строка");
        page_place(&p, rows[i].rows, COLS);
        for (int page = 1; page <= rows[i].pages; page++) {
            snprintf(want, sizeof want, "Page %d of %d.", page, rows[i].pages);
            if (!strstr(page_told(&p, rows[i].rows, out, sizeof out), want))
                fail_msg("%s: %s\n%s", rows[i].name, want, out);
            assert_true(page_key(&p, &down));
        }
        page_done(&p);
    }
}

static void test_page__holds_what_it_can(void **state)
{
    (void)state;
    struct page p = {.items = 0};
    for (int i = 0; i < 2 * PAGE_ITEMS; i++)
        page_entry(&p, "•", "и ещё");
    assert_int_equal(p.items, PAGE_ITEMS);
    page_place(&p, 5, COLS);
    page_begin(&p);
    page_begin(&p);
    page_done(&p);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_page__entries_hang),
        cmocka_unit_test(test_page__pages_are_counted),
        cmocka_unit_test(test_page__holds_what_it_can),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
