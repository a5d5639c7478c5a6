/* The question before everything is wiped. Any key is an answer. */
#include "screens/screens.h"

#include <stdio.h>

#include "kiosk/base/i18n.h"
#include "kiosk/ui/shell.h"
#include "kiosk/ui/ui.h"

enum { IDLE_ROWS = 10, IDLE_COLS = 60 };

struct idle {
    int left; /* seconds */
};

static void idle_tick(struct ui *ui, void *state)
{
    struct idle *s = state;
    int left = shell_seconds_left(ui);
    if (left != s->left)
        shell_redraw(ui);
    s->left = left;
}

static void idle_draw(const struct ui *ui, const void *state, struct canvas body)
{
    const struct idle *s = state;
    char text[300];
    int rows = IDLE_ROWS < body.rows ? IDLE_ROWS : body.rows, cols = IDLE_COLS < body.cols ? IDLE_COLS : body.cols;
    struct canvas box = canvas_area(body, (body.rows - rows) / 2, (body.cols - cols) / 2, rows, cols);
    canvas_clear(box, STYLE_TEXT);
    canvas_box(box, STYLE_WARN);
    struct canvas in = canvas_area(box, 1, 3, rows - 2, cols - 6);
    canvas_center(in, 0, STYLE_HEADING, _("Are you still here?"));
    snprintf(text, sizeof text,
             i18n_plural("In %d second everything you typed disappears, so that nobody else sees it.",
                         "In %d seconds everything you typed disappears, so that nobody else sees it.", (unsigned long)s->left),
             s->left);
    int used = canvas_wrap(in, 2, STYLE_TEXT, text);
    canvas_wrap(in, 2 + used, STYLE_TEXT, ui->plain ? _("Press Enter to go on.") : _("Press any key to go on."));
    canvas_cursor(in, 0, 0);
}

static bool idle_key(struct ui *ui, void *state, const struct key *k)
{
    (void)state;
    (void)k;
    shell_back(ui);
    return true;
}

static const struct screen_key idle_keys[] = {{K_ENTER, N_("Go on"), 0, NULL}, {0}};

const struct screen screen_idle = {
    .name = "idle",
    .title = N_("Are you still here?"),
    .state_size = sizeof(struct idle),
    .tick_ms = 250,
    .flags = SCREEN_DIALOG | SCREEN_ONCE,
    .keys = idle_keys,
    .refresh = idle_tick,
    .tick = idle_tick,
    .draw = idle_draw,
    .key = idle_key,
};
