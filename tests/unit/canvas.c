/* The canvas: nothing leaves its field, whatever the text; QR codes by the rule of half blocks. */
#include "kiosk/ui/canvas.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "kiosk/ticket/qr.h"

#define COUNT(a) (sizeof(a) / sizeof(a)[0])

/* One row of the grid as text; the right half of a wide character is nothing. */
static const char *row_text(const struct canvas_grid *g, int row, char out[600])
{
    size_t n = 0;
    for (int col = 0; col < g->cols; col++) {
        const struct cell *c = canvas_grid_cell(g, row, col);
        n += (size_t)snprintf(out + n, 600 - n, "%s", c->text);
    }
    return out;
}

static void test_canvas__text_stays_in_its_field(void **state)
{
    (void)state;
    static const struct {
        const char *name, *text, *want; /* in a field of 6 columns at column 2 of 10 */
        int used;
    } rows[] = {
        {"short", "abc", "..abc   ..", 3},
        {"exact", "abcdef", "..abcdef..", 6},
        {"too long", "abcdefgh", "..abcde…..", 6},
        {"Cyrillic", "привет!", "..приве…..", 6},
        {"wide, odd rest", "日本語日", "..日本… ..", 5},
        {"escape and returns are left out", "a\033[31m\r\n\tb", "..a[31mb..", 6},
        {"bad bytes", "a\xFF\xC3(b", "..a\xEF\xBF\xBD\xEF\xBF\xBD(b ..", 5},
        {"mark on a letter", "e\xCC\x81x", "..e\xCC\x81x    ..", 2},
        {"mark alone", "\xCC\x81x", "..x     ..", 1},
        {"empty", "", "..      ..", 0},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct canvas_grid g;
        char out[600];
        canvas_grid_init(&g, 3, 10);
        struct canvas all = canvas_all(&g), field = canvas_area(all, 1, 2, 1, 6);
        for (int row = 0; row < 3; row++)
            canvas_text(all, row, 0, STYLE_TEXT, "..........");
        canvas_clear(field, STYLE_TEXT);
        int used = canvas_text(field, 0, 0, STYLE_TEXT, rows[i].text);
        row_text(&g, 1, out);
        if (strcmp(out, rows[i].want) != 0 || used != rows[i].used)
            fail_msg("%s: \"%s\" %d", rows[i].name, out, used);
        assert_string_equal(row_text(&g, 0, out), "..........");
        assert_string_equal(row_text(&g, 2, out), "..........");
        canvas_grid_done(&g);
    }
}

static void test_canvas__areas_are_cut_to_their_parent(void **state)
{
    (void)state;
    struct canvas_grid g;
    canvas_grid_init(&g, 10, 20);
    struct canvas all = canvas_all(&g);
    static const struct {
        const char *name;
        int in[4], out[4]; /* row/top, col/left, rows, cols */
    } rows[] = {
        {"inside", {1, 2, 3, 4}, {1, 2, 3, 4}},
        {"over the edge", {8, 15, 10, 10}, {8, 15, 2, 5}},
        {"before the corner", {-2, -3, 5, 5}, {0, 0, 3, 2}},
        {"outside", {30, 40, 5, 5}, {10, 20, 0, 0}},
        {"negative size", {1, 1, -5, -1}, {1, 1, 0, 0}},
        {"absurd", {2147483647, 2147483647, 2147483647, 2147483647}, {10, 20, 0, 0}},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        const int *a = rows[i].in, *b = rows[i].out;
        struct canvas c = canvas_area(all, a[0], a[1], a[2], a[3]);
        if (c.top != b[0] || c.left != b[1] || c.rows != b[2] || c.cols != b[3])
            fail_msg("%s: %d %d %d %d", rows[i].name, c.top, c.left, c.rows, c.cols);
    }
    canvas_grid_done(&g);
}

static void test_canvas__half_of_a_wide_character_is_never_left(void **state)
{
    (void)state;
    struct canvas_grid g;
    char out[600];
    canvas_grid_init(&g, 1, 6);
    struct canvas all = canvas_all(&g);
    canvas_text(all, 0, 0, STYLE_TEXT, "日本語");
    canvas_text(all, 0, 1, STYLE_TEXT, "x");
    assert_string_equal(row_text(&g, 0, out), " x本語");
    canvas_text(all, 0, 2, STYLE_TEXT, "y");
    assert_string_equal(row_text(&g, 0, out), " xy 語");
    canvas_clear(canvas_area(all, 0, 5, 1, 1), STYLE_TEXT);
    assert_string_equal(row_text(&g, 0, out), " xy   ");
    canvas_grid_done(&g);
}

static void test_canvas__wraps_and_counts_alike(void **state)
{
    (void)state;
    struct canvas_grid g;
    char out[600];
    static const char text[] = "Сегодня в клубе вечер настольных игр, приходите всей семьёй";
    canvas_grid_init(&g, 10, 16);
    struct canvas all = canvas_all(&g);
    assert_int_equal(canvas_wrap(all, 0, STYLE_TEXT, text), 4);
    assert_int_equal(canvas_wrap_rows(text, 16), 4);
    assert_string_equal(row_text(&g, 0, out), "Сегодня в клубе ");
    assert_int_equal(canvas_wrap(canvas_area(all, 8, 0, 2, 16), 0, STYLE_TEXT, text), 2);
    assert_int_equal(canvas_wrap(canvas_area(all, 0, 0, 5, 1), 0, STYLE_TEXT, text), 0);
    canvas_grid_done(&g);
}

static void test_canvas__big_letters_or_nothing(void **state)
{
    (void)state;
    struct canvas_grid g;
    canvas_grid_init(&g, 5, 66);
    struct canvas all = canvas_all(&g);
    assert_int_equal(canvas_big(all, 0, 0, STYLE_QR_LIGHT, "4DXF9-2RV7L"), 65);
    assert_int_equal(canvas_big(all, 0, 2, STYLE_QR_LIGHT, "4DXF9-2RV7L"), 0);
    assert_int_equal(canvas_big(all, 1, 0, STYLE_QR_LIGHT, "4"), 0);
    assert_int_equal(canvas_big(all, 0, 0, STYLE_QR_LIGHT, ""), 0);
    assert_int_equal(canvas_grid_cell(&g, 0, 0)->style, STYLE_QR_LIGHT);
    canvas_grid_done(&g);
}

/* The modules back from the cells: what a camera would see. */
static bool module_of(const struct canvas_grid *g, int row, int col)
{
    const struct cell *c = canvas_grid_cell(g, row / 2, col);
    bool lower = row % 2 == 1;
    switch ((enum style)c->style) {
    case STYLE_QR_DARK:
        return true;
    case STYLE_QR_LIGHT_OVER_DARK:
        return lower;
    case STYLE_QR_DARK_OVER_LIGHT:
        return !lower;
    default:
        return false;
    }
}

static void test_canvas__qr_is_spaces_and_half_blocks(void **state)
{
    (void)state;
    struct qr qr;
    struct canvas_grid g;
    assert_int_equal(qr_make(&qr, "HTTPS://HUB.EXAMPLE/T/4DXF92RV7L", 5, NULL), ERR_NONE);
    canvas_grid_init(&g, 24, 80);
    int rows = canvas_qr(canvas_all(&g), 0, 0, &qr, 4);
    assert_int_equal(rows, canvas_qr_rows(&qr, 4));
    for (int y = 0; y < 2 * rows; y++)
        for (int x = 0; x < canvas_qr_cols(&qr, 4); x++) {
            int r = y - 4, c = x - 4;
            bool dark = r >= 0 && c >= 0 && r < qr.side && c < qr.side && qr.dark[r][c];
            const struct cell *cell = canvas_grid_cell(&g, y / 2, x);
            bool uniform = cell->style == STYLE_QR_DARK || cell->style == STYLE_QR_LIGHT;
            assert_int_equal(module_of(&g, y, x), dark);
            assert_string_equal(cell->text, uniform ? " " : "▄");
        }
    canvas_grid_done(&g);
}

static void test_canvas__qr_gives_up_quiet_zone_down_to_two_then_itself(void **state)
{
    (void)state;
    struct qr qr;
    assert_int_equal(qr_make(&qr, "HTTPS://HUB.EXAMPLE/T/4DXF92RV7L", 5, NULL), ERR_NONE);
    for (int cols = qr.side; cols <= qr.side + 9; cols++) {
        struct canvas_grid g;
        canvas_grid_init(&g, 40, cols);
        int rows = canvas_qr(canvas_all(&g), 0, 0, &qr, 4), quiet = (cols - qr.side) / 2;
        assert_int_equal(rows, quiet < 2 ? 0 : canvas_qr_rows(&qr, quiet > 4 ? 4 : quiet));
        canvas_grid_done(&g);
    }
}

static uint32_t next_random(uint32_t *seed) { return *seed = *seed * 1664525u + 1013904223u; }

/* Bytes of any kind at places of any kind: a frame of untouched cells around the field stays as it was. */
static void test_canvas__random_bytes_never_leave_the_field(void **state)
{
    (void)state;
    uint32_t seed = 7;
    for (int round = 0; round < 2000; round++) {
        struct canvas_grid g;
        char text[64];
        canvas_grid_init(&g, 8, 30);
        struct canvas all = canvas_all(&g);
        canvas_clear(all, STYLE_BOX);
        struct canvas field = canvas_area(all, 2, 5, 3, 12);
        for (size_t i = 0; i < sizeof text - 1; i++)
            text[i] = (char)(next_random(&seed) >> 24);
        text[sizeof text - 1] = 0;
        int row = (int)(next_random(&seed) >> 28) - 4, col = (int)(next_random(&seed) >> 26) - 30;
        canvas_text(field, row, col, STYLE_TEXT, text);
        canvas_wrap(field, row, STYLE_TEXT, text);
        canvas_right(field, row, STYLE_TEXT, text);
        canvas_center(field, row, STYLE_TEXT, text);
        canvas_cursor(field, row, col);
        for (int y = 0; y < 8; y++)
            for (int x = 0; x < 30; x++) {
                const struct cell *c = canvas_grid_cell(&g, y, x);
                bool inside = y >= 2 && y < 5 && x >= 5 && x < 17;
                assert_true(inside || (c->style == STYLE_BOX && strcmp(c->text, " ") == 0));
                assert_true(memchr(c->text, 0, sizeof c->text) && c->width <= 2);
            }
        canvas_grid_done(&g);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_canvas__text_stays_in_its_field),
        cmocka_unit_test(test_canvas__areas_are_cut_to_their_parent),
        cmocka_unit_test(test_canvas__half_of_a_wide_character_is_never_left),
        cmocka_unit_test(test_canvas__wraps_and_counts_alike),
        cmocka_unit_test(test_canvas__big_letters_or_nothing),
        cmocka_unit_test(test_canvas__qr_is_spaces_and_half_blocks),
        cmocka_unit_test(test_canvas__qr_gives_up_quiet_zone_down_to_two_then_itself),
        cmocka_unit_test(test_canvas__random_bytes_never_leave_the_field),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
