/* Right-to-left text as it is seen from left to right. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "kiosk/ui/bidi.h"
#include "kiosk/ui/canvas.h"

static void test_bidi__lines_stand_as_they_are_read(void **state)
{
    static const struct {
        const char *name, *line, *seen;
    } rows[] = {
        {"Hebrew", "שלום", "םולש"},
        {"Hebrew with a number", "חדר 12", "12 רדח"},
        {"Hebrew in brackets", "(שלום)", "(םולש)"},
        {"a Latin name first", "Club שלום", "Club םולש"},
        {"a Latin name behind", "שלום Club", "Club םולש"},
        /* seen letters joined: final, medial, initial forms from the left */
        {"Arabic", "سلام", "\xef\xbb\xa1\xef\xbb\xbc\xef\xba\xb3"},
        {"Persian", "گل", "\xef\xbb\x9e\xef\xae\x94"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        char out[BIDI_BYTES];
        assert_true(bidi_is_rtl(rows[i].line, strlen(rows[i].line)));
        size_t n = bidi_visual(rows[i].line, strlen(rows[i].line), out);
        if (n != strlen(out) || strcmp(out, rows[i].seen) != 0)
            fail_msg("%s: \"%s\"", rows[i].name, out);
    }
}

static void test_bidi__other_scripts_are_left_alone(void **state)
{
    static const char *const lines[] = {"",     "Соседи",  "Ўзбекча", "Oʻzbekcha", "ქართული",
                                        "中文", "Հայերեն", "🙂",    "\xff\xfe"};
    (void)state;
    for (size_t i = 0; i < sizeof lines / sizeof lines[0]; i++)
        if (bidi_is_rtl(lines[i], strlen(lines[i])))
            fail_msg("%s", lines[i]);
}

static void test_bidi__a_line_too_long_is_not_turned(void **state)
{
    char line[2 * BIDI_CHARS + 3], out[BIDI_BYTES];
    (void)state;
    for (int i = 0; i <= BIDI_CHARS; i++)
        memcpy(line + 2 * i, "ש", 2);
    assert_int_equal(bidi_visual(line, 2 * BIDI_CHARS, out), 2 * BIDI_CHARS);
    assert_int_equal(bidi_visual(line, 2 * BIDI_CHARS + 2, out), 0);
}

static void test_bidi__the_canvas_shows_it_so_and_cuts_its_end(void **state)
{
    struct canvas_grid g;
    (void)state;
    canvas_grid_init(&g, 2, 10);
    canvas_text(canvas_all(&g), 0, 0, STYLE_TEXT, "שלום");
    canvas_text(canvas_area(canvas_all(&g), 1, 0, 1, 4), 0, 0, STYLE_TEXT, "שלום שלום");
    assert_string_equal(canvas_grid_cell(&g, 0, 0)->text, "ם");
    assert_string_equal(canvas_grid_cell(&g, 0, 3)->text, "ש");
    assert_string_equal(canvas_grid_cell(&g, 1, 2)->text, "ש"); /* the first letters stay */
    assert_string_equal(canvas_grid_cell(&g, 1, 3)->text, "…");
    assert_string_equal(canvas_grid_cell(&g, 1, 4)->text, " ");
    canvas_grid_done(&g);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_bidi__lines_stand_as_they_are_read),
        cmocka_unit_test(test_bidi__other_scripts_are_left_alone),
        cmocka_unit_test(test_bidi__a_line_too_long_is_not_turned),
        cmocka_unit_test(test_bidi__the_canvas_shows_it_so_and_cuts_its_end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
