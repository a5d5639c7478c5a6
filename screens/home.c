/* The start page: the few things one can do here. */
#include "screens/screens.h"

#include "kiosk/base/i18n.h"
#include "kiosk/ui/list.h"
#include "kiosk/ui/shell.h"
#include "kiosk/ui/ui.h"

static const struct home_entry {
    const char *label, *hint;
    int screen;
} home_entries[] = {
    {N_("Events"), N_("What is on, day by day; sign up and take a ticket with you"), SCREEN_EVENTS},
    {N_("Communities"), N_("Clubs, choirs, circles and groups close to you"), SCREEN_COMMUNITIES},
    {N_("My ticket"), N_("See, reprint or cancel a sign-up by the code on it"), SCREEN_MYTICKET},
    {N_("Language"), N_("Choose the language of this screen"), SCREEN_LANGUAGE},
    {N_("Help"), N_("Which keys to press, and whom to ask"), SCREEN_HELP},
};
enum { HOME_COUNT = sizeof home_entries / sizeof home_entries[0], HOME_TOP = 2 };

struct home {
    struct list list;
};

static void home_refresh(struct ui *ui, void *state)
{
    struct home *s = state;
    s->list.gap = 1;
    list_place(&s->list, HOME_TOP, ui->rows - HOME_TOP, 2);
    list_set_count(&s->list, HOME_COUNT);
}

static void home_item(struct canvas area, int index, enum style style, const void *ctx)
{
    (void)ctx;
    const struct home_entry *e = &home_entries[index];
    canvas_text(area, 0, 0, style == STYLE_FOCUS ? style : STYLE_STRONG, _(e->label));
    canvas_text(area, 1, 0, style == STYLE_FOCUS ? style : STYLE_DIM, _(e->hint));
}

static void home_draw(const struct ui *ui, const void *state, struct canvas body)
{
    (void)ui;
    const struct home *s = state;
    struct list_look look = {.item = home_item, .numbers = true};
    canvas_text(body, 0, 0, STYLE_HEADING, _("What would you like to do?"));
    list_draw(canvas_area(body, s->list.row, 0, s->list.rows, body.cols), &s->list, &look);
}

static bool home_key(struct ui *ui, void *state, const struct key *k)
{
    struct home *s = state;
    enum list_event what = list_key(&s->list, k);
    if (what == LIST_CHOSEN)
        shell_open(ui, home_entries[s->list.cursor].screen, "");
    return what != LIST_NOT_MINE;
}

static const struct screen_key home_keys[] = {{K_ENTER, N_("Choose"), 0, N_("Choose what is marked with >")}, {0}};

const struct screen screen_home = {
    .name = "home",
    .title = N_("Start page"),
    .state_size = sizeof(struct home),
    .keys = home_keys,
    .refresh = home_refresh,
    .draw = home_draw,
    .key = home_key,
};
