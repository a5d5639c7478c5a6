/* Readers for the blind follow the hardware cursor: on every screen it rests on what has the focus, and the order in which keys walk
 * through the screen is always the same. And whatever a key chooses, a finger does. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "kiosk/ui/spot.h"
#include "screens/screens.h"
#include "tests/support/stand.h"

static const char *focus_screen_names[] = {
#define SCREEN(number, file) #number,
#include "screens/list.def"
#undef SCREEN
};

/* What a screen is opened with; "" is right for most. */
static const char *focus_arg(int screen, char id[CONTENT_ID])
{
    desk_event_id(id, DESK_ASKS);
    switch (screen) {
    case SCREEN_EVENTS:
        return "all";
    case SCREEN_EVENT:
    case SCREEN_SIGNUP:
        return id;
    case SCREEN_PICK:
        return "topic event 1";
    case SCREEN_LINK:
        return "https://sosedi.example/a";
    default:
        return "";
    }
}

/* The screen on the start page, and nothing else, as nobody has touched it yet. */
static void focus_open(struct stand *s, int screen)
{
    char id[CONTENT_ID];
    shell_leave(&s->ui);
    stand_wait(s, 1); /* the move is done */
    stand_press(s, K_ENTER);
    if (screen == SCREEN_CONFIRM)
        shell_ask(&s->ui, &(struct shell_question){.text = "Really?", .yes = "Yes", .no = "No", .action = 1});
    else
        shell_open(&s->ui, screen, focus_arg(screen, id));
    stand_wait(s, 1000);
}

static void focus_check(struct stand *s, const char *name, const char *after)
{
    stand_text(s);
    const struct canvas_grid *g = &s->grid;
    const struct spot *focus = spots_focus(canvas_grid_spots(g));
    if (g->cursor_row < 0 || g->cursor_col < 0)
        fail_msg("%s after %s: no cursor\n%s", name, after, s->text.data);
    if (focus && (g->cursor_row < focus->row || g->cursor_row >= focus->row + focus->rows || g->cursor_col < focus->col ||
                  g->cursor_col >= focus->col + focus->cols))
        fail_msg("%s after %s: the cursor is at %d,%d, the focus at %d,%d (%d x %d)\n%s", name, after, g->cursor_row, g->cursor_col,
                 focus->row, focus->col, focus->rows, focus->cols, s->text.data);
}

static const struct {
    int key;
    const char *name;
} focus_keys[] = {{K_DOWN, "down"},   {K_DOWN, "down"}, {K_PAGE_DOWN, "pgdn"}, {K_UP, "up"},   {K_TAB, "tab"}, {K_TAB, "tab"},
                  {K_RIGHT, "right"}, {K_LEFT, "left"}, {K_BACKTAB, "backtab"}, {K_END, "end"}, {K_PAGE_UP, "pgup"}, {'x', "x"},
                  {K_BACKSPACE, "backspace"}};

static void focus_walk(int screen, int rows, int cols)
{
    struct stand s;
    stand_open(&s);
    stand_resize(&s, rows, cols);
    focus_open(&s, screen);
    const char *name = focus_screen_names[screen];
    focus_check(&s, name, "opening");
    for (size_t k = 0; k < sizeof focus_keys / sizeof focus_keys[0] && strcmp(shell_top_name(s.shell), screens[screen]->name) == 0; k++) {
        stand_press(&s, focus_keys[k].key);
        focus_check(&s, name, focus_keys[k].name);
    }
    stand_close(&s);
}

static void test_focus__cursor_rests_on_what_has_the_focus(void **state)
{
    static const struct {
        int rows, cols;
    } sizes[] = {{24, 80}, {12, 40}, {45, 160}};
    (void)state;
    for (size_t z = 0; z < sizeof sizes / sizeof sizes[0]; z++)
        for (int i = 0; i < SCREEN_COUNT; i++)
            if (!(screens[i]->flags & SCREEN_NO_IDLE)) /* any key leaves it */
                focus_walk(i, sizes[z].rows, sizes[z].cols);
}

/* Two people who press the same see the same. */
static void test_focus__order_is_fixed(void **state)
{
    (void)state;
    for (int i = 0; i < SCREEN_COUNT; i++) {
        char *first = NULL;
        struct stand s;
        stand_open(&s);
        for (int turn = 0; turn < 2; turn++) {
            focus_open(&s, i);
            for (size_t k = 0; k < sizeof focus_keys / sizeof focus_keys[0]; k++)
                stand_press(&s, focus_keys[k].key);
            const char *text = stand_text(&s);
            if (turn == 0)
                first = mem_dup_str(text);
            else if (i != SCREEN_STAFF && strcmp(first, text) != 0)
                fail_msg("%s: once\n%s\nthen\n%s", focus_screen_names[i], first, text);
        }
        stand_close(&s);
        free(first);
    }
}

static void focus_click(struct stand *s, int row, int col)
{
    shell_key(s->shell, &(struct key){.code = K_CLICK, .row = row, .col = col});
}

/* Every row, button, answer and field is pressed where it is drawn: something comes of it, at both edges. */
static void test_focus__whatever_can_be_chosen_can_be_touched(void **state)
{
    (void)state;
    for (int i = 0; i < SCREEN_COUNT; i++) {
        struct stand s;
        if (screens[i]->flags & SCREEN_NO_IDLE)
            continue;
        stand_open(&s);
        focus_open(&s, i);
        stand_text(&s);
        int count = canvas_grid_spots(&s.grid)->count;
        for (int k = 0; k < count; k++) {
            focus_open(&s, i);
            char *before = mem_dup_str(stand_text(&s));
            struct spot spot = canvas_grid_spots(&s.grid)->spot[k];
            int cursor = s.grid.cursor_row;
            bool idle = spot.focus && (spot.kind == SPOT_FIELD || spot.kind == SPOT_INPUT); /* one is there already */
            focus_click(&s, spot.row, spot.col + (k % 2 ? spot.cols - 1 : 0));
            if (!idle && spot.kind != SPOT_SEARCH && strcmp(before, stand_text(&s)) == 0 && cursor == s.grid.cursor_row)
                fail_msg("%s: nothing comes of touching spot %d (kind %d) at %d,%d\n%s", focus_screen_names[i], k, (int)spot.kind, spot.row,
                         spot.col, before);
            free(before);
        }
        stand_close(&s);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_focus__cursor_rests_on_what_has_the_focus),
        cmocka_unit_test(test_focus__order_is_fixed),
        cmocka_unit_test(test_focus__whatever_can_be_chosen_can_be_touched),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
