/* Walking through rows. */
#include "kiosk/ui/list.h"

#include <stdio.h>

#include "kiosk/base/i18n.h"
#include "kiosk/base/text.h"
#include "kiosk/ui/spot.h"

enum { LIST_MARK_COLS = 3, LIST_DIGIT_COLS = 2, LIST_DIGIT = 2, LIST_DIGITS = 9 };

static int list_step(const struct list *l) { return (l->item_rows > 0 ? l->item_rows : 1) + l->gap; }

int list_page(const struct list *l)
{
    int page = (l->rows + l->gap) / list_step(l);
    return page > 0 ? page : 1;
}

/* The cursor stays in the list and in sight; the last page is a full one. */
static void list_fix(struct list *l)
{
    int page = list_page(l);
    if (l->cursor >= l->count)
        l->cursor = l->count - 1;
    if (l->cursor < 0)
        l->cursor = 0;
    if (l->top > l->count - page)
        l->top = l->count - page;
    if (l->top < 0)
        l->top = 0;
    if (l->cursor < l->top)
        l->top = l->cursor;
    if (l->cursor >= l->top + page)
        l->top = l->cursor - page + 1;
}

void list_place(struct list *l, int row, int rows, int item_rows)
{
    l->row = row;
    l->rows = rows;
    l->item_rows = item_rows;
    list_fix(l);
}

void list_set_count(struct list *l, int count)
{
    l->count = count > 0 ? count : 0;
    list_fix(l);
}

void list_set_cursor(struct list *l, int cursor)
{
    l->cursor = cursor;
    list_fix(l);
}

/* Pages turn whole, so that a row keeps its digit while one pages. */
static enum list_event list_move(struct list *l, int cursor, int top)
{
    l->cursor = cursor;
    l->top = top;
    list_fix(l);
    return LIST_MOVED;
}

/* At the edge the page turns, too: scrolling by one item would send a whole page with every step. */
static enum list_event list_walk(struct list *l, int by)
{
    int cursor = l->cursor + by, page = list_page(l);
    return list_move(l, cursor, cursor < l->top ? cursor - page + 1 : cursor >= l->top + page ? cursor : l->top);
}

static enum list_event list_choose(struct list *l, int index)
{
    if (index < 0 || index >= l->count)
        return LIST_NOT_MINE;
    l->cursor = index;
    list_fix(l);
    return LIST_CHOSEN;
}

static enum list_event list_click(struct list *l, int row)
{
    int at = row - l->row;
    if (at < 0 || at >= l->rows || at / list_step(l) >= list_page(l) || at % list_step(l) >= list_step(l) - l->gap)
        return LIST_NOT_MINE;
    return list_choose(l, l->top + at / list_step(l));
}

static enum list_event list_choose_digit(struct list *l, const struct key *k)
{
    int digit = key_digit(k);
    if (k->early == 0 || k->early != l->early) {
        l->early = k->early;
        l->early_cursor = l->cursor;
        l->early_top = l->top;
    }
    return digit > 0 && digit <= list_page(l) ? list_choose(l, l->top + digit - 1) : LIST_NOT_MINE;
}

static enum list_event list_untype(struct list *l, const struct key *k)
{
    if (k->early == 0 || k->early != l->early)
        return LIST_NOT_MINE;
    l->early = 0;
    return list_move(l, l->early_cursor, l->early_top);
}

enum list_event list_key(struct list *l, const struct key *k)
{
    int page = list_page(l);
    if (l->count == 0)
        return LIST_NOT_MINE;
    switch (k->code) {
    case K_UP:
    case K_WHEEL_UP:
        return list_walk(l, -1);
    case K_DOWN:
    case K_WHEEL_DOWN:
        return list_walk(l, 1);
    case K_PAGE_UP:
        return list_move(l, l->cursor - page, l->top - page);
    case K_PAGE_DOWN:
        return list_move(l, l->cursor + page, l->top + page);
    case K_END:
        return list_move(l, l->count - 1, l->count);
    case K_ENTER:
        return list_choose(l, l->cursor);
    case K_CLICK:
        return list_click(l, k->row);
    case K_CHAR:
        return list_choose_digit(l, k);
    case K_UNTYPE:
        return list_untype(l, k);
    default:
        return LIST_NOT_MINE;
    }
}

/* "2 of 5"; every row leaves the same room for it, so nothing moves with the focus. */
static int list_count_text(const struct list *l, int number, char *out, size_t size)
{
    snprintf(out, size, _("%d of %d"), number, l->count);
    return text_width(out);
}

/* A row that is read, not seen: its number and its place are said by whoever reads. */
static void list_draw_plain(struct canvas area, const struct list_look *look, int index, bool focus)
{
    look->item(area, index, focus ? STYLE_FOCUS : STYLE_TEXT, look->ctx);
    if (focus)
        canvas_cursor(area, 0, 0);
}

int list_mark_cols(bool numbers) { return LIST_MARK_COLS + (numbers ? LIST_DIGIT_COLS : 0); }

int list_item_cols(const struct list *l, const struct list_look *look, int cols)
{
    char text[64];
    bool count = !look->no_count && l->count > 1;
    int right = count ? list_count_text(l, l->count, text, sizeof text) + 2 : 0;
    return cols - list_mark_cols(look->numbers) - right - 1;
}

void list_draw_mark(struct canvas item, bool focus, int digit)
{
    int cols = list_mark_cols(digit >= 0) - 1;
    enum style style = focus ? STYLE_FOCUS : STYLE_STRONG;
    if (focus)
        canvas_clear(canvas_area(item, 0, 0, item.rows, cols), STYLE_FOCUS);
    canvas_text(item, 0, 0, style, focus ? ">" : " ");
    if (digit > 0 && digit <= LIST_DIGITS)
        canvas_textf(item, 0, LIST_DIGIT, style, "%d", digit);
    if (focus)
        canvas_cursor(item, 0, 1); /* beside the mark, not on it */
}

static void list_draw_item(struct canvas area, const struct list *l, const struct list_look *look, int index)
{
    bool focus = index == l->cursor && !look->unfocused;
    bool count = !look->no_count && l->count > 1;
    int left = list_mark_cols(look->numbers), cols = list_item_cols(l, look, area.cols);
    char text[64];
    canvas_spot(area, &(struct spot){.kind = SPOT_ROW, .index = index, .count = l->count, .focus = focus});
    if (canvas_is_plain(area)) {
        list_draw_plain(area, look, index, focus);
        return;
    }
    list_draw_mark(area, focus, look->numbers ? index - l->top + 1 : -1);
    look->item(canvas_area(area, 0, left, area.rows, cols), index, STYLE_TEXT, look->ctx);
    if (focus && count) {
        list_count_text(l, index + 1, text, sizeof text);
        canvas_right(canvas_area(area, 0, 0, 1, area.cols - 1), 0, STYLE_STRONG, text);
    }
}

void list_draw(struct canvas c, const struct list *l, const struct list_look *look)
{
    int page = list_page(l), step = list_step(l);
    for (int i = 0; i < page && l->top + i < l->count; i++)
        list_draw_item(canvas_area(c, i * step, 0, step - l->gap, c.cols), l, look, l->top + i);
}
