/* What can be pressed on the screen below, and whom to ask. Made from the key tables: it cannot be out of date. */
#include "screens/screens.h"

#include "kiosk/base/config.h"
#include "kiosk/base/i18n.h"
#include "kiosk/ui/shell.h"
#include "kiosk/ui/ui.h"

enum { HELP_KEY_COLS = 18 };

/* Arrows and digits work in every list; they are told once, not in every table. */
static const struct help_row {
    const char *keys, *what;
} help_moving[] = {
    {N_("Up, Down"), N_("Move the mark to another row")},
    {N_("Enter"), N_("Choose the marked row")},
    {"1 - 9", N_("Choose the row with that number at once")},
    {N_("PgUp, PgDn"), N_("Turn the pages of long lists and texts")},
};

static int help_draw_row(struct canvas c, int row, const char *keys, const char *what)
{
    canvas_text(canvas_area(c, row, 0, 1, HELP_KEY_COLS - 2), 0, 0, STYLE_STRONG, keys);
    int rows =
        canvas_wrap(canvas_area(c, row, HELP_KEY_COLS, c.rows - row, c.cols - HELP_KEY_COLS), 0, STYLE_TEXT, what);
    return row + (rows > 0 ? rows : 1);
}

static int help_draw_keys(const struct ui *ui, struct canvas c, int row)
{
    struct screen_key k;
    char name[32];
    for (int i = 0; shell_help_row(ui, i, &k); i++)
        if (k.key)
            row = help_draw_row(c, row, key_name(k.key, name, sizeof name), _(k.help ? k.help : k.label));
    return row;
}

static void help_draw(const struct ui *ui, const void *state, struct canvas body)
{
    (void)state;
    const char *whom = ui->config ? config_str(ui->config, "centre", "help") : "";
    int row = help_draw_keys(ui, body, 0) + 1;
    for (size_t i = 0; i < sizeof help_moving / sizeof help_moving[0]; i++)
        row = help_draw_row(body, row, _(help_moving[i].keys), _(help_moving[i].what));
    row++;
    if (whom[0])
        canvas_textf(body, row, 0, STYLE_WARN, _("If anything is unclear, ask: %s"), whom);
    else
        canvas_text(body, row, 0, STYLE_WARN, _("If anything is unclear, ask the people who work here."));
}

const struct screen screen_help = {
    .name = "help",
    .title = N_("Help"),
    .draw = help_draw,
};
