/* Buttons: flow, keys, drawing. */
#include "kiosk/form/buttons.h"

#include "kiosk/base/text.h"
#include "kiosk/ui/spot.h"

enum { BUTTONS_FRAME = 6, BUTTONS_GAP = 2 }; /* "> [ " and " ]" around a label */

struct buttons_spot {
    int row, col, cols;
};

static struct buttons_spot buttons_spot(const struct buttons *b, int index, int cols)
{
    struct buttons_spot s = {.cols = 0};
    for (int i = 0; i <= index; i++) {
        s.col += s.cols + (s.cols ? BUTTONS_GAP : 0);
        s.cols = text_width(b->label[i]) + BUTTONS_FRAME;
        s.cols = s.cols > cols ? cols : s.cols;
        if (s.col > 0 && s.col + s.cols > cols) {
            s.row++;
            s.col = 0;
        }
    }
    return s;
}

void buttons_clear(struct buttons *b) { b->count = 0; }

void buttons_add(struct buttons *b, const char *label, int action)
{
    if (b->count == BUTTONS_MAX)
        return;
    b->label[b->count] = label;
    b->action[b->count++] = action;
}

int buttons_rows(const struct buttons *b, int cols) { return b->count > 0 ? buttons_spot(b, b->count - 1, cols).row + 1 : 0; }

void buttons_place(struct buttons *b, int row, int cols)
{
    b->row = row;
    b->cols = cols;
    if (b->focus >= b->count)
        b->focus = b->count > 0 ? b->count - 1 : 0;
}

static int buttons_click(struct buttons *b, const struct key *k)
{
    for (int i = 0; i < b->count; i++) {
        struct buttons_spot s = buttons_spot(b, i, b->cols);
        if (k->row == b->row + s.row && k->col >= s.col && k->col < s.col + s.cols) {
            b->focus = i;
            return b->action[i];
        }
    }
    return BUTTONS_NOT_MINE;
}

int buttons_key(struct buttons *b, const struct key *k)
{
    int step = 0;
    if (b->count == 0)
        return BUTTONS_NOT_MINE;
    switch (k->code) {
    case K_LEFT: case K_UP: case K_BACKTAB:
        step = -1;
        break;
    case K_RIGHT: case K_DOWN: case K_TAB:
        step = 1;
        break;
    case K_ENTER:
        return b->action[b->focus];
    case K_CLICK:
        return buttons_click(b, k);
    case K_CHAR:
        return k->ch == ' ' ? b->action[b->focus] : BUTTONS_NOT_MINE;
    default:
        return BUTTONS_NOT_MINE;
    }
    b->focus = (b->focus + step + b->count) % b->count;
    return BUTTONS_MOVED;
}

void buttons_draw(struct canvas body, const struct buttons *b)
{
    for (int i = 0; i < b->count; i++) {
        struct buttons_spot s = buttons_spot(b, i, b->cols);
        struct canvas c = canvas_area(body, b->row + s.row, s.col, 1, s.cols);
        bool focused = i == b->focus;
        enum style style = focused ? STYLE_FOCUS : STYLE_STRONG;
        canvas_spot(c, &(struct spot){.kind = SPOT_BUTTON, .index = i, .count = b->count, .focus = focused});
        canvas_clear(c, focused ? STYLE_FOCUS : STYLE_TEXT);
        if (canvas_is_plain(body))
            canvas_text(c, 0, 0, style, b->label[i]);
        else
            canvas_textf(c, 0, 0, style, "%s [ %s ]", focused ? ">" : " ", b->label[i]);
        if (focused)
            canvas_cursor(c, 0, 1);
    }
}
