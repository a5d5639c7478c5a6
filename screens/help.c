/* What can be pressed on the screen below, and whom to ask. Made from the key tables: it cannot be out of date. */
#include "screens/screens.h"

#include <stdio.h>

#include "kiosk/base/config.h"
#include "kiosk/base/i18n.h"
#include "kiosk/ui/shell.h"
#include "kiosk/ui/ui.h"
#include "screens/page.h"

struct help {
    struct page page;
};

/* Arrows and digits work in every list; they are told once, not in every table. */
static const struct help_row {
    const char *keys, *what;
} help_moving[] = {
    {N_("Up, Down"), N_("Move the mark to another row")},
    {N_("Enter"), N_("Choose the marked row")},
    {"1 - 9", N_("Choose the row with that number at once")},
    {N_("PgUp, PgDn"), N_("Turn the pages of long lists and texts")},
};

static void help_fill(struct ui *ui, struct page *p)
{
    const char *whom = ui->config ? config_str(ui->config, "centre", "help") : "";
    struct screen_key k;
    char text[300];
    for (int i = 0; shell_help_row(ui, i, &k); i++)
        if (k.key)
            page_fact(p, key_name(k.key, text, sizeof text), _(k.help ? k.help : k.label));
    page_gap(p);
    for (size_t i = 0; i < sizeof help_moving / sizeof help_moving[0]; i++)
        page_fact(p, _(help_moving[i].keys), _(help_moving[i].what));
    page_gap(p);
    snprintf(text, sizeof text, _("If anything is unclear, ask: %s"), whom);
    page_text(p, STYLE_WARN, whom[0] ? text : _("If anything is unclear, ask the people who work here."));
}

static void help_refresh(struct ui *ui, void *state)
{
    struct help *s = state;
    page_begin(&s->page);
    help_fill(ui, &s->page);
    page_place(&s->page, ui->rows, ui->cols);
}

static bool help_key(struct ui *ui, void *state, const struct key *k)
{
    struct help *s = state;
    (void)ui;
    return page_key(&s->page, k);
}

static void help_draw(const struct ui *ui, const void *state, struct canvas body)
{
    const struct help *s = state;
    (void)ui;
    page_draw(body, &s->page);
}

static void help_leave(struct ui *ui, void *state)
{
    struct help *s = state;
    (void)ui;
    page_done(&s->page);
}

const struct screen screen_help = {
    .name = "help",
    .title = N_("Help"),
    .state_size = sizeof(struct help),
    .refresh = help_refresh,
    .draw = help_draw,
    .key = help_key,
    .leave = help_leave,
};
