/* A terminal without a keyboard: everything by touch, from the start page to a ticket, on the keys of the keyboard on the screen too. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "kiosk/base/text.h"
#include "tests/support/desk.h"
#include "tests/support/picture.h"

/* Where a text stands on the screen; fails when it is not there. */
static void touch_find(struct picture *p, const char *text, int *row, int *col)
{
    const char *all = picture_text(p), *at = strstr(all, text), *line = all;
    char before[1000];
    if (!at)
        fail_msg("no \"%s\" on\n%s", text, all);
    *row = 0;
    for (const char *c = all; c < at; c++)
        if (*c == '\n') {
            ++*row;
            line = c + 1;
        }
    snprintf(before, sizeof before, "%.*s", (int)(at - line), line);
    *col = text_width(before);
}

static void touch(struct picture *p, const char *text)
{
    int row, col;
    touch_find(p, text, &row, &col);
    picture_click(p, row, col);
}

/* Types on the screen, letter by letter: "│ й  │" is a key. At the corner of the key's 6 x 3 cells every other time. */
static void touch_type(struct picture *p, const char *text)
{
    char label[16];
    size_t n;
    for (int i = 0; *text; text += n, i++) {
        uint32_t ch;
        int row, col;
        n = text_decode(text, strlen(text), &ch);
        if (ch == ' ')
            snprintf(label, sizeof label, "Пробел");
        else
            snprintf(label, sizeof label, "│ %.*s  │", (int)n, text);
        touch_find(p, label, &row, &col);
        picture_click(p, i % 2 || ch == ' ' ? row : row - 1, col);
    }
}

static void test_touch__from_the_start_page_to_a_ticket(void **state)
{
    struct desk d;
    (void)state;
    desk_new(&d, NULL, true);
    struct picture *p = picture_start(&(struct picture_setup){.data = d.folder, .lang = "ru", .clock = DESK_CLOCK});
    touch(p, "Чтобы начать");
    touch(p, "Сегодня");
    touch(p, "Чаепитие");
    touch(p, "1  Записаться");
    touch(p, "Ваше имя");
    picture_check(p, "touch-name-ru");
    touch_type(p, "А");
    touch_type(p, "нна");
    touch(p, "Enter   │"); /* the one of the keyboard */
    touch(p, "ABC");
    picture_check(p, "touch-latin-ru");
    touch(p, "123");
    picture_check(p, "touch-signs-ru");
    touch_type(p, "89123456780");
    touch(p, "Стереть");
    touch_type(p, "9");
    touch(p, "Enter   │");
    touch(p, "Enter   │");
    touch(p, "Enter   │"); /* one person: to the consent, where there is nothing to type */
    picture_check(p, "touch-consent-ru");
    touch(p, "Да, согласен");
    touch(p, "Дальше: всё проверить");
    assert_true(picture_has(p, "+7 912 345-67-89"));
    touch(p, "Всё верно, запишите");
    assert_true(picture_has(p, "Вы записаны"));
    touch(p, "Готово");
    assert_true(picture_has(p, "Что вы хотите сделать?"));
    assert_int_equal(desk_count(&d), 1);
    assert_int_equal(picture_stop(p), 0);
    desk_done(&d);
}

static void test_touch__searching_and_putting_the_keyboard_away(void **state)
{
    struct desk d;
    (void)state;
    desk_new(&d, NULL, true);
    struct picture *p = picture_start(&(struct picture_setup){.data = d.folder, .lang = "ru", .clock = DESK_CLOCK});
    touch(p, "Чтобы начать");
    touch(p, "Календарь: вся афиша");
    touch(p, "просто печатайте");
    touch_type(p, "валенки");
    assert_true(picture_has(p, "Мастерская"));
    picture_check(p, "touch-search-ru");
    touch(p, "Убрать");
    assert_false(picture_has(p, "Убрать"));
    touch(p, "Esc");
    assert_int_equal(picture_stop(p), 0);
    desk_done(&d);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_touch__from_the_start_page_to_a_ticket),
        cmocka_unit_test(test_touch__searching_and_putting_the_keyboard_away),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
