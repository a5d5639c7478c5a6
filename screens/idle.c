/* The question before everything is wiped. Any key is an answer. */
#include "screens/screens.h"

#include "kiosk/base/i18n.h"
#include "kiosk/ui/shell.h"
#include "kiosk/ui/ui.h"

enum { IDLE_ROWS = 9, IDLE_COLS = 60 };

static void idle_draw(const struct ui *ui, const void *state, struct canvas body)
{
    (void)state;
    struct canvas box =
        canvas_area(body, (body.rows - IDLE_ROWS) / 2, (body.cols - IDLE_COLS) / 2, IDLE_ROWS, IDLE_COLS);
    canvas_clear(box, STYLE_TEXT);
    canvas_box(box, STYLE_WARN);
    struct canvas in = canvas_area(box, 1, 3, IDLE_ROWS - 2, IDLE_COLS - 6);
    canvas_center(in, 1, STYLE_HEADING, _("Are you still here?"));
    canvas_wrap(in, 3, STYLE_TEXT,
                ui->plain
                    ? _("Soon everything you typed disappears, so that nobody else sees it. Press Enter to go on.")
                    : _("Soon everything you typed disappears, so that nobody else sees it. Press any key to go on."));
    canvas_cursor(in, 1, 0);
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
    .flags = SCREEN_DIALOG | SCREEN_ONCE,
    .keys = idle_keys,
    .draw = idle_draw,
    .key = idle_key,
};
