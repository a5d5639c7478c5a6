/* Lists, long texts and typing. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "kiosk/base/text.h"
#include "kiosk/ui/input.h"
#include "kiosk/ui/list.h"
#include "kiosk/ui/textview.h"

#define COUNT(a) (sizeof(a) / sizeof(a)[0])

static struct key press(enum key_code code) { return (struct key){.code = code}; }
static struct key type(uint32_t ch) { return (struct key){.code = K_CHAR, .ch = ch}; }

static struct list a_list(int count, int rows)
{
    struct list l = {.gap = 0};
    list_place(&l, 2, rows, 1);
    list_set_count(&l, count);
    return l;
}

static void test_list__moves_and_stays_in_sight(void **state)
{
    (void)state;
    static const struct {
        const char *name;
        int count, cursor, top; /* before, 5 rows visible; top follows the cursor */
        enum key_code key;
        int want_cursor, want_top;
    } rows[] = {
        {"down", 12, 0, 0, K_DOWN, 1, 0},
        {"down turns the page", 12, 4, 0, K_DOWN, 5, 5},
        {"down to the last page", 12, 9, 5, K_DOWN, 10, 7},
        {"down at the end", 12, 11, 7, K_DOWN, 11, 7},
        {"up at the start", 12, 0, 0, K_UP, 0, 0},
        {"up turns it back", 12, 5, 5, K_UP, 4, 0},
        {"up to the first page", 12, 3, 3, K_UP, 2, 0},
        {"a page down", 12, 1, 0, K_PAGE_DOWN, 6, 5},
        {"the last page is full", 12, 6, 5, K_PAGE_DOWN, 11, 7},
        {"a page up", 12, 11, 7, K_PAGE_UP, 6, 2},
        {"to the end", 12, 0, 0, K_END, 11, 7},
        {"one item", 1, 0, 0, K_PAGE_DOWN, 0, 0},
        {"wheel", 12, 0, 0, K_WHEEL_DOWN, 1, 0},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct list l = a_list(rows[i].count, 5);
        l.cursor = rows[i].cursor;
        l.top = rows[i].top;
        struct key k = press(rows[i].key);
        assert_int_equal(list_key(&l, &k), LIST_MOVED);
        if (l.cursor != rows[i].want_cursor || l.top != rows[i].want_top)
            fail_msg("%s: cursor %d top %d", rows[i].name, l.cursor, l.top);
    }
}

static void test_list__chooses_by_enter_digit_and_touch(void **state)
{
    (void)state;
    struct list l = a_list(12, 5);
    struct key k = press(K_ENTER);
    list_set_cursor(&l, 7);
    assert_int_equal(l.top, 3);
    assert_int_equal(list_key(&l, &k), LIST_CHOSEN);
    k = type('2');
    assert_int_equal(list_key(&l, &k), LIST_CHOSEN);
    assert_int_equal(l.cursor, 4); /* the second of those shown */
    k = type('6');
    assert_int_equal(list_key(&l, &k), LIST_NOT_MINE);
    k = (struct key){.code = K_CLICK, .row = 2, .col = 30};
    assert_int_equal(list_key(&l, &k), LIST_CHOSEN);
    assert_int_equal(l.cursor, 3);
    k.row = 7;
    assert_int_equal(list_key(&l, &k), LIST_NOT_MINE);
    k.row = -5;
    assert_int_equal(list_key(&l, &k), LIST_NOT_MINE);
    k = type('x');
    assert_int_equal(list_key(&l, &k), LIST_NOT_MINE);
}

static void test_list__empty_or_shrunk_lists_are_safe(void **state)
{
    (void)state;
    struct list l = a_list(0, 5);
    for (enum key_code code = K_ENTER; code <= K_WHEEL_DOWN; code++) {
        struct key k = press(code);
        assert_int_equal(list_key(&l, &k), LIST_NOT_MINE);
    }
    list_set_count(&l, 12);
    list_set_cursor(&l, 11);
    list_set_count(&l, 3);
    assert_int_equal(l.cursor, 2);
    assert_int_equal(l.top, 0);
    list_place(&l, 0, 0, 3);
    assert_int_equal(list_page(&l), 1);
    assert_int_equal(l.top, 2);
}

static void a_name(struct canvas area, int index, enum style style, const void *ctx)
{
    const char *const *names = ctx;
    canvas_text(area, 0, 0, style, names[index]);
}

static void test_list__focused_row_carries_mark_text_and_place(void **state)
{
    (void)state;
    static const char *const names[] = {"Хор", "Шахматы", "Прогулки с очень длинным названием, которое не помещается"};
    struct canvas_grid g;
    struct list l = a_list(3, 3);
    struct list_look look = {.item = a_name, .ctx = names, .numbers = true};
    canvas_grid_init(&g, 3, 40);
    list_set_cursor(&l, 1);
    list_draw(canvas_all(&g), &l, &look);
    assert_string_equal(canvas_grid_cell(&g, 1, 0)->text, ">");
    assert_int_equal(canvas_grid_cell(&g, 1, 0)->style, STYLE_FOCUS);
    assert_int_equal(canvas_grid_cell(&g, 1, 3)->style, STYLE_FOCUS);
    assert_int_equal(canvas_grid_cell(&g, 1, 5)->style, STYLE_TEXT); /* the text stays as it was */
    assert_string_equal(canvas_grid_cell(&g, 1, 38)->text, "3"); /* "2 of 3" */
    assert_string_equal(canvas_grid_cell(&g, 0, 2)->text, "1");
    assert_string_equal(canvas_grid_cell(&g, 0, 0)->text, " ");
    assert_int_equal(g.cursor_row, 1);
    canvas_grid_done(&g);
}

static void test_textview__scrolls_and_says_what_is_left(void **state)
{
    (void)state;
    static const char text[] = "1\n2\n3\n4\n5\n6\n7\n8\n9\n10";
    struct canvas_grid g;
    struct textview v = {.top = 0};
    textview_place(&v, text, 4, 30);
    assert_int_equal(v.total, 10);
    struct key k = press(K_PAGE_DOWN);
    assert_true(textview_key(&v, &k));
    assert_int_equal(v.top, 3); /* three lines and the mark */
    canvas_grid_init(&g, 4, 30);
    textview_draw(canvas_all(&g), &v, STYLE_TEXT, text);
    assert_string_equal(canvas_grid_cell(&g, 0, 0)->text, "4");
    assert_string_equal(canvas_grid_cell(&g, 3, 0)->text, "P"); /* "PgDn: 4 more lines" */
    assert_string_equal(canvas_grid_cell(&g, 3, 6)->text, "4");
    k = press(K_END);
    assert_true(textview_key(&v, &k));
    assert_int_equal(v.top, 7);
    textview_place(&v, "short", 4, 30);
    assert_false(textview_key(&v, &k));
    assert_int_equal(v.top, 0);
    canvas_grid_done(&g);
}

static void type_text(struct input *in, const char *s)
{
    while (*s) {
        uint32_t cp;
        s += text_decode(s, strlen(s), &cp);
        struct key k = type(cp);
        assert_true(input_key(in, &k));
    }
}

static void test_input__edits_at_the_cursor(void **state)
{
    (void)state;
    struct input in = {.max = 20};
    static const struct {
        enum key_code key;
        const char *want;
        int cursor;
        bool ours;
    } steps[] = {
        {K_LEFT, "Анна", 6, true},    {K_BACKSPACE, "Ана", 4, true}, {K_DELETE, "Ан", 4, true},
        {K_DELETE, "Ан", 4, true},    {K_HOME, "Ан", 0, true},       {K_LEFT, "Ан", 0, false},
        {K_BACKSPACE, "Ан", 0, true}, {K_RIGHT, "Ан", 2, true},      {K_END, "Ан", 4, true},
        {K_RIGHT, "Ан", 4, false},    {K_UP, "Ан", 4, false},        {K_ENTER, "Ан", 4, false},
        {K_SCAN, "Ан", 4, false},
    };
    type_text(&in, "Анна");
    for (size_t i = 0; i < COUNT(steps); i++) {
        struct key k = press(steps[i].key);
        assert_int_equal(input_key(&in, &k), steps[i].ours);
        assert_string_equal(in.text, steps[i].want);
        assert_int_equal(in.cursor, steps[i].cursor);
    }
}

/* Early characters are taken back by their number alone, and leave what was there before. */
static void test_input__takes_back_what_a_scanner_typed(void **state)
{
    (void)state;
    static const struct {
        const char *name, *before;
        int left; /* steps to the left before typing */
        const char *early;
        enum key_code then; /* K_NONE: nothing */
        unsigned untype;
        const char *want;
        int cursor;
    } rows[] = {
        {"at the end", "Ан", 0, "Ж", K_NONE, 7, "Ан", 4},
        {"in the middle", "Анна", 2, "77", K_NONE, 7, "Анна", 4},
        {"in a full field", "Аннааа", 0, "7", K_NONE, 7, "Аннааа", 12},
        {"a field that got full", "Аннаа", 0, "777", K_NONE, 7, "Аннаа", 10},
        {"another burst", "Ан", 0, "7", K_NONE, 8, "Ан7", 5},
        {"no burst", "Ан", 0, "7", K_NONE, 0, "Ан7", 5},
        {"edited since", "Ан", 0, "7", K_BACKSPACE, 7, "Ан", 4},
        {"moved since", "Ан", 0, "7", K_LEFT, 7, "Ан7", 4},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct input in = {.max = 6};
        input_set(&in, rows[i].before);
        for (int n = 0; n < rows[i].left; n++)
            input_key(&in, &(struct key){.code = K_LEFT});
        for (const char *c = rows[i].early; *c;) {
            struct key k = {.code = K_CHAR, .early = 7};
            c += text_decode(c, strlen(c), &k.ch);
            assert_true(input_key(&in, &k));
        }
        input_key(&in, &(struct key){.code = rows[i].then});
        input_key(&in, &(struct key){.code = K_UNTYPE, .early = rows[i].untype});
        if (strcmp(in.text, rows[i].want) != 0 || in.cursor != rows[i].cursor)
            fail_msg("%s: \"%s\" %d", rows[i].name, in.text, in.cursor);
    }
}

static void test_list__goes_back_when_a_scanner_chose(void **state)
{
    (void)state;
    struct list l = a_list(12, 5);
    list_set_cursor(&l, 9);
    int top = l.top;
    assert_int_equal(list_key(&l, &(struct key){.code = K_CHAR, .ch = '2', .early = 7}), LIST_CHOSEN);
    assert_int_equal(list_key(&l, &(struct key){.code = K_CHAR, .ch = '3', .early = 7}), LIST_CHOSEN);
    assert_int_equal(list_key(&l, &(struct key){.code = K_UNTYPE, .early = 6}), LIST_NOT_MINE);
    assert_int_equal(list_key(&l, &(struct key){.code = K_UNTYPE, .early = 7}), LIST_MOVED);
    assert_int_equal(l.cursor, 9);
    assert_int_equal(l.top, top);
    assert_int_equal(list_key(&l, &(struct key){.code = K_UNTYPE, .early = 7}), LIST_NOT_MINE);
}

static void test_input__counts_characters_not_bytes(void **state)
{
    (void)state;
    struct input in = {.max = 5};
    type_text(&in, "Привет");
    assert_string_equal(in.text, "Приве");
    input_set(&in, "\033[1mЗдравствуйте\n");
    assert_string_equal(in.text, "[1mЗд");
    assert_int_equal(in.cursor, (int)strlen(in.text));
    input_set(&in, "   ");
    assert_true(input_is_empty(&in));
}

static void test_input__backspace_takes_a_letter_with_its_mark(void **state)
{
    (void)state;
    struct input in = {.max = 9};
    input_set(&in, "x\xD0\xB0\xCC\x81"); /* x, а with an accent */
    struct key k = press(K_BACKSPACE);
    assert_true(input_key(&in, &k));
    assert_string_equal(in.text, "x");
}

static void test_input__wiping_leaves_nothing(void **state)
{
    (void)state;
    struct input in = {.max = 50};
    static const char zeros[INPUT_BYTES];
    type_text(&in, "+7 912 000-00-00");
    for (int i = 0; i < 5; i++) {
        struct key k = press(K_BACKSPACE);
        input_key(&in, &k);
    }
    assert_memory_equal(in.text + 11, zeros, sizeof in.text - 11); /* nor after erasing */
    input_wipe(&in);
    assert_memory_equal(in.text, zeros, sizeof in.text);
    assert_int_equal(in.max, 50);
}

static void test_input__never_holds_more_than_its_bytes(void **state)
{
    (void)state;
    struct input in = {.max = 100000};
    for (int i = 0; i < 400; i++)
        type_text(&in, "日");
    assert_int_equal(strlen(in.text), INPUT_BYTES - 2);
    assert_true(text_is_valid(in.text, strlen(in.text)));
}

static void test_input__scrolls_by_columns_and_keeps_the_cursor_in_sight(void **state)
{
    (void)state;
    struct canvas_grid g;
    struct input in = {.max = 40};
    canvas_grid_init(&g, 1, 10);
    type_text(&in, "日本語日本語abc");
    input_draw(canvas_all(&g), &in, true, NULL);
    assert_int_equal(g.cursor_col, 9);
    assert_string_equal(canvas_grid_cell(&g, 0, 8)->text, "c");
    struct key k = press(K_HOME);
    input_key(&in, &k);
    input_draw(canvas_all(&g), &in, true, NULL);
    assert_int_equal(g.cursor_col, 0);
    assert_string_equal(canvas_grid_cell(&g, 0, 0)->text, "日");
    in.secret = true;
    input_draw(canvas_all(&g), &in, true, NULL);
    assert_string_equal(canvas_grid_cell(&g, 0, 0)->text, "*");
    canvas_grid_done(&g);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_list__moves_and_stays_in_sight),
        cmocka_unit_test(test_list__chooses_by_enter_digit_and_touch),
        cmocka_unit_test(test_list__empty_or_shrunk_lists_are_safe),
        cmocka_unit_test(test_list__focused_row_carries_mark_text_and_place),
        cmocka_unit_test(test_textview__scrolls_and_says_what_is_left),
        cmocka_unit_test(test_input__edits_at_the_cursor),
        cmocka_unit_test(test_input__takes_back_what_a_scanner_typed),
        cmocka_unit_test(test_list__goes_back_when_a_scanner_chose),
        cmocka_unit_test(test_input__counts_characters_not_bytes),
        cmocka_unit_test(test_input__backspace_takes_a_letter_with_its_mark),
        cmocka_unit_test(test_input__wiping_leaves_nothing),
        cmocka_unit_test(test_input__never_holds_more_than_its_bytes),
        cmocka_unit_test(test_input__scrolls_by_columns_and_keeps_the_cursor_in_sight),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
