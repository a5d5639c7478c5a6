/* A yes/no question (shell_ask). The focus starts on "no": a habitual Enter changes nothing. */
#include "screens/screens.h"

#include "kiosk/base/i18n.h"
#include "kiosk/base/text.h"
#include "kiosk/ui/shell.h"
#include "kiosk/ui/spot.h"
#include "kiosk/ui/ui.h"

enum { CONFIRM_COLS = 60, CONFIRM_PAD = 3 };

struct confirm {
    bool yes;            /* the focused button */
    int top, left, rows, cols; /* of the box in the body */
};

static void confirm_refresh(struct ui *ui, void *state)
{
    struct confirm *s = state;
    s->cols = CONFIRM_COLS < ui->cols ? CONFIRM_COLS : ui->cols;
    s->rows = canvas_wrap_rows(shell_asked(ui)->text, s->cols - 2 * CONFIRM_PAD) + 7;
    s->rows = s->rows < ui->rows ? s->rows : ui->rows;
    s->top = ui->rows > s->rows ? (ui->rows - s->rows) / 2 : 0;
    s->left = (ui->cols - s->cols) / 2;
}

static void confirm_button(struct canvas in, int row, bool focused, const char *label)
{
    enum style style = focused ? STYLE_FOCUS : STYLE_STRONG;
    struct canvas button = canvas_area(in, row, 0, 1, in.cols);
    canvas_spot(button, &(struct spot){.kind = SPOT_BUTTON, .index = row, .focus = focused});
    if (focused)
        canvas_clear(button, STYLE_FOCUS);
    canvas_textf(button, 0, 0, style, "%s %s", focused && !canvas_is_plain(in) ? ">" : " ", label);
    if (focused)
        canvas_cursor(button, 0, 1);
}

static void confirm_draw(const struct ui *ui, const void *state, struct canvas body)
{
    const struct confirm *s = state;
    const struct shell_question *q = shell_asked(ui);
    struct canvas box = canvas_area(body, s->top, s->left, s->rows, s->cols);
    canvas_clear(box, STYLE_TEXT);
    canvas_box(box, STYLE_WARN);
    struct canvas in = canvas_area(box, 2, CONFIRM_PAD, s->rows - 3, s->cols - 2 * CONFIRM_PAD);
    int row = canvas_wrap(canvas_area(in, 0, 0, in.rows - 3, in.cols), 0, STYLE_STRONG, q->text);
    confirm_button(in, row + 1, !s->yes, q->no);
    confirm_button(in, row + 2, s->yes, q->yes);
}

static void confirm_answer(struct ui *ui, bool yes)
{
    if (yes)
        shell_return(ui, shell_asked(ui)->action, "");
    else
        shell_back(ui);
}

static bool confirm_click(struct ui *ui, const struct confirm *s, const struct key *k)
{
    int row = k->row - (s->top + s->rows - 4);
    if (k->col < s->left || k->col >= s->left + s->cols || row < 0 || row > 1)
        return false;
    confirm_answer(ui, row == 1);
    return true;
}

static bool confirm_key(struct ui *ui, void *state, const struct key *k)
{
    struct confirm *s = state;
    switch (k->code) {
    case K_UP:
    case K_DOWN:
    case K_LEFT:
    case K_RIGHT:
    case K_TAB:
    case K_BACKTAB:
        s->yes = !s->yes;
        return true;
    case K_ENTER:
        confirm_answer(ui, s->yes);
        return true;
    case K_CLICK:
        return confirm_click(ui, s, k);
    default:
        return false;
    }
}

static const struct screen_key confirm_keys[] = {
    {K_UP, N_("Other answer"), 0, NULL}, {K_ENTER, N_("Choose"), 0, NULL}, {0}};

const struct screen screen_confirm = {
    .name = "confirm",
    .title = N_("Please answer"),
    .state_size = sizeof(struct confirm),
    .flags = SCREEN_DIALOG,
    .keys = confirm_keys,
    .refresh = confirm_refresh,
    .draw = confirm_draw,
    .key = confirm_key,
};
