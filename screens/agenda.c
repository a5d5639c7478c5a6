/* What takes place, day by day. An item has two lines, title and place; a heading stands before the first of a day, and again at the
 * top of what is visible. So how many fit depends on the days: it is counted through. */
#include "screens/agenda.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "kiosk/base/error.h"
#include "kiosk/base/i18n.h"
#include "kiosk/base/text.h"
#include "kiosk/ui/spot.h"
#include "kiosk/ui/ui.h"
#include "kiosk/ui/when.h"
#include "screens/find.h"

enum { AGENDA_ITEM_LINES = 2, AGENDA_HOURS_MIN = 11, AGENDA_HOURS_MAX = 26, AGENDA_BEHIND = 20, AGENDA_NARROW = 60 };

void agenda_init(struct agenda *a)
{
    a->item = mem_new(AGENDA_ROWS, sizeof *a->item);
    a->numbers = true;
}

void agenda_done(struct agenda *a) { free(a->item); }

static const struct row *agenda_at(const struct agenda *a, int index)
{
    int i = index - a->first;
    return i >= 0 && i < a->held ? &a->item[i] : NULL;
}

const struct row *agenda_focus(const struct agenda *a) { return agenda_at(a, a->cursor); }

/* ---- the window */

/* Items that could be seen at once. */
static int agenda_page(const struct agenda *a) { return a->rows / AGENDA_ITEM_LINES + 1; }

static struct replica_window agenda_window(const struct agenda *a, int around, int limit)
{
    int want = 2 * agenda_page(a) + AGENDA_BEHIND;
    want = want > AGENDA_ROWS ? AGENDA_ROWS : want;
    return (struct replica_window){.offset = around > want / 2 ? around - want / 2 : 0, .max = want, .limit = limit};
}

static void agenda_fetch(struct agenda *a, struct ui *ui, int around)
{
    struct replica_window w = agenda_window(a, around, 0);
    a->first = w.offset;
    a->held = replica_events(ui->replica, &a->filter, w.offset, a->item, w.max);
}

/* The items from..to are held, as far as they exist. */
static void agenda_need(struct agenda *a, struct ui *ui, int from, int to)
{
    to = to >= a->count ? a->count - 1 : to;
    if (from < a->first || to >= a->first + a->held)
        agenda_fetch(a, ui, (from + to) / 2);
}

static int32_t agenda_day(const struct agenda *a, const struct row *row)
{
    return row->day < a->first_day ? a->first_day : row->day;
}

/* A heading stands before item index when the list is shown from top on. */
static bool agenda_has_heading(const struct agenda *a, int top, int index)
{
    const struct row *before = agenda_at(a, index - 1), *row = agenda_at(a, index);
    return index == top || !before || !row || agenda_day(a, before) != agenda_day(a, row);
}

/* Items that are seen whole from top on. */
static int agenda_fit(const struct agenda *a, int top)
{
    int lines = 0, index = top;
    while (index < a->count && agenda_at(a, index)) {
        lines += AGENDA_ITEM_LINES + agenda_has_heading(a, top, index);
        if (lines > a->rows)
            break;
        index++;
    }
    return index > top ? index - top : 1;
}

/* The cursor stays in the list and in sight. */
static void agenda_fix(struct agenda *a, struct ui *ui)
{
    a->cursor = a->cursor >= a->count ? a->count - 1 : a->cursor;
    a->cursor = a->cursor < 0 ? 0 : a->cursor;
    a->top = a->top < 0 ? 0 : a->top > a->cursor ? a->cursor : a->top;
    if (a->cursor - a->top > agenda_page(a))
        a->top = a->cursor - agenda_page(a);
    agenda_need(a, ui, a->top > 0 ? a->top - 1 : 0, a->top + agenda_page(a));
    while (a->top < a->cursor && a->top + agenda_fit(a, a->top) <= a->cursor)
        a->top++;
    /* the last page is a full one */
    while (a->top > 0 && a->top + agenda_fit(a, a->top) >= a->count && agenda_at(a, a->top - 1) &&
           a->top - 1 + agenda_fit(a, a->top - 1) >= a->count)
        a->top--;
    a->shown = agenda_fit(a, a->top);
}

void agenda_place(struct agenda *a, int row, int rows)
{
    a->row = row;
    a->rows = rows;
}

static int agenda_index_of(const struct agenda *a, const char *occurrence)
{
    for (int i = 0; i < a->held; i++)
        if (strcmp(a->item[i].occurrence, occurrence) == 0)
            return a->first + i;
    return -1;
}

void agenda_load(struct agenda *a, struct ui *ui, bool start_over)
{
    char focus[CONTENT_ID] = "";
    const struct row *row = agenda_focus(a);
    if (row && !start_over)
        memcpy(focus, row->occurrence, sizeof focus);
    a->cursor = start_over ? 0 : a->cursor;
    a->top = start_over ? 0 : a->top;
    struct replica_window w = agenda_window(a, a->cursor, FIND_COUNT_MAX);
    a->first = w.offset;
    a->held = replica_events_counted(ui->replica, &a->filter, &w, a->item, &a->count);
    int index = focus[0] ? agenda_index_of(a, focus) : -1;
    if (index >= 0) {
        a->top += index - a->cursor;
        a->cursor = index;
    }
    agenda_fix(a, ui);
}

/* ---- keys */

static enum list_event agenda_move(struct agenda *a, struct ui *ui, int cursor, int top)
{
    a->cursor = cursor;
    a->top = top;
    agenda_fix(a, ui);
    return LIST_MOVED;
}

static enum list_event agenda_choose(struct agenda *a, int index)
{
    if (index < a->top || index >= a->top + a->shown || index >= a->count)
        return LIST_NOT_MINE;
    a->cursor = index;
    return LIST_CHOSEN;
}

static enum list_event agenda_click(struct agenda *a, int row)
{
    int line = a->row;
    for (int index = a->top; index < a->top + a->shown; index++) {
        line += agenda_has_heading(a, a->top, index);
        if (row >= line && row < line + AGENDA_ITEM_LINES)
            return agenda_choose(a, index);
        line += AGENDA_ITEM_LINES;
    }
    return LIST_NOT_MINE;
}

static enum list_event agenda_choose_digit(struct agenda *a, const struct key *k)
{
    if (k->early == 0 || k->early != a->early) {
        a->early = k->early;
        a->early_cursor = a->cursor;
    }
    return a->numbers && key_digit(k) ? agenda_choose(a, a->top + key_digit(k) - 1) : LIST_NOT_MINE;
}

static enum list_event agenda_untype(struct agenda *a, struct ui *ui, const struct key *k)
{
    if (k->early == 0 || k->early != a->early)
        return LIST_NOT_MINE;
    a->early = 0;
    return agenda_move(a, ui, a->early_cursor, a->top);
}

enum list_event agenda_key(struct agenda *a, struct ui *ui, const struct key *k)
{
    if (a->count == 0)
        return LIST_NOT_MINE;
    switch (k->code) { /* at the edge the page turns, as in list.c */
    case K_UP: case K_WHEEL_UP:
        return agenda_move(a, ui, a->cursor - 1, a->cursor > a->top ? a->top : a->top - agenda_page(a));
    case K_DOWN: case K_WHEEL_DOWN:
        return agenda_move(a, ui, a->cursor + 1, a->cursor + 1 < a->top + a->shown ? a->top : a->cursor + 1);
    case K_PAGE_UP:
        return agenda_move(a, ui, a->cursor - a->shown, a->top - a->shown);
    case K_PAGE_DOWN:
        return agenda_move(a, ui, a->cursor + a->shown, a->top + a->shown);
    case K_END:
        return agenda_move(a, ui, a->count - 1, a->count - 1);
    case K_ENTER:
        return agenda_choose(a, a->cursor);
    case K_CLICK:
        return agenda_click(a, k->row);
    case K_CHAR:
        return agenda_choose_digit(a, k);
    case K_UNTYPE:
        return agenda_untype(a, ui, k);
    default:
        return LIST_NOT_MINE;
    }
}

/* ---- drawing */

struct agenda_look {
    const struct agenda *a;
    struct when when;
    int hours_cols, position_cols;
};

static char *agenda_hours(char *out, size_t size, const struct row *row, const struct when *w)
{
    struct when_span span = {.start = row->start, .end = row->end, .all_day = row->all_day};
    return when_hours(out, size, &span, w);
}

static int agenda_hours_cols(const struct agenda *a, const struct when *w)
{
    int widest = AGENDA_HOURS_MIN;
    char text[160];
    for (int index = a->top; index < a->top + a->shown; index++) {
        const struct row *row = agenda_at(a, index);
        int cols = row ? text_width(agenda_hours(text, sizeof text, row, w)) : 0;
        widest = cols > widest ? cols : widest;
    }
    return widest < AGENDA_HOURS_MAX ? widest : AGENDA_HOURS_MAX;
}

static void agenda_draw_heading(struct canvas c, int line, const struct row *row, const struct agenda_look *look)
{
    char text[160];
    canvas_rule(canvas_area(c, line, 0, 1, c.cols), 0, STYLE_BOX);
    when_day_long(text, sizeof text, agenda_day(look->a, row), &look->when);
    int cols = canvas_text(c, line, 0, STYLE_HEADING, text);
    canvas_text(c, line, cols, STYLE_HEADING, " ");
}

/* What stands on the second line, from column col on: the place as far as there is room, and the marks. */
static void agenda_draw_place(struct canvas c, int col, const struct row *row, const char *marks)
{
    enum style strong = row->cancelled ? STYLE_BAD : row->full ? STYLE_WARN : STYLE_TEXT;
    int mark_cols = text_width(marks), room = c.cols - col - (mark_cols ? mark_cols + 3 : 0), at = 0;
    if (room >= text_width(row->place) || room >= FIND_TWO_LEAST)
        at = canvas_text(canvas_area(c, 1, col, 1, room), 0, 0, STYLE_DIM, row->place);
    if (at > 0 && mark_cols)
        at += canvas_text(c, 1, col + at, STYLE_DIM, " · ");
    canvas_text(c, 1, col + at, strong, marks);
}

/* The name, and on the second line the rest of it, the hours (in large letters; "" when they stand elsewhere), the place, the marks. */
static void agenda_draw_name(struct canvas c, const struct row *row, const struct agenda_look *look, const char *hours)
{
    char marks[300];
    int mark_cols = text_width(find_marks(marks, sizeof marks, row, &look->when)), hours_cols = text_width(hours);
    int keep = (mark_cols ? mark_cols + 3 : 0) + (hours_cols ? hours_cols + 3 : 0);
    int used = find_draw_two(c, &(struct find_two){.name = row->name, .name_cols = c.cols - look->position_cols, .keep = keep});
    if (hours_cols) {
        used += used ? canvas_text(c, 1, used, STYLE_DIM, " · ") : 0;
        used += canvas_text(c, 1, used, STYLE_TEXT, hours);
    }
    if (used && (mark_cols || used + 3 + FIND_TWO_LEAST <= c.cols))
        used += canvas_text(c, 1, used, STYLE_DIM, " · ");
    agenda_draw_place(c, used, row, marks);
}

static void agenda_draw_item(struct canvas c, int index, const struct row *row, const struct agenda_look *look)
{
    const struct agenda *a = look->a;
    bool focus = index == a->cursor, narrow = c.cols < AGENDA_NARROW, plain = canvas_is_plain(c);
    char text[160];
    int col = list_mark_cols(a->numbers), title = narrow ? col : col + look->hours_cols + 2;
    canvas_spot(c, &(struct spot){.kind = SPOT_ROW, .index = index, .count = a->count, .focus = focus});
    if (!plain)
        list_draw_mark(c, focus, a->numbers ? index - a->top + 1 : -1);
    else if (focus)
        canvas_cursor(c, 0, 1);
    agenda_hours(text, sizeof text, row, &look->when);
    struct canvas name = canvas_area(c, 0, title, AGENDA_ITEM_LINES, c.cols - title - 1);
    if (narrow) { /* large letters: the name has a line for itself, the hours begin the second */
        agenda_draw_name(name, row, look, text);
    } else {
        canvas_text(canvas_area(c, 0, col, 1, look->hours_cols), 0, 0, STYLE_TEXT, text);
        agenda_draw_name(name, row, look, "");
    }
    if (focus && look->position_cols && !plain)
        canvas_right(canvas_area(c, 0, 0, 1, c.cols - 1), 0, STYLE_STRONG, find_position(text, sizeof text, index, a->count));
}

void agenda_draw(struct canvas c, const struct agenda *a, const struct ui *ui)
{
    struct agenda_look look = {.a = a, .when = when_of(ui)};
    char text[160];
    look.hours_cols = agenda_hours_cols(a, &look.when);
    if (a->count > 1)
        look.position_cols = text_width(find_position(text, sizeof text, a->count - 1, a->count)) + 2;
    int line = 0;
    for (int index = a->top; index < a->top + a->shown && index < a->count; index++) {
        const struct row *row = agenda_at(a, index);
        if (!row)
            return;
        if (agenda_has_heading(a, a->top, index))
            agenda_draw_heading(c, line++, row, &look);
        agenda_draw_item(canvas_area(c, line, 0, AGENDA_ITEM_LINES, c.cols), index, row, &look);
        line += AGENDA_ITEM_LINES;
    }
}
