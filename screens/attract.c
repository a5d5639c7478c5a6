/* What stands on the screen while nobody is there: whose kiosk it is, what comes next, how to begin. */
#include "screens/screens.h"

#include <stdio.h>
#include <string.h>

#include "kiosk/base/config.h"
#include "kiosk/base/i18n.h"
#include "kiosk/base/text.h"
#include "kiosk/store/replica.h"
#include "kiosk/ui/shell.h"
#include "kiosk/ui/ui.h"
#include "kiosk/ui/when.h"

enum { ATTRACT_ROWS = 8, ATTRACT_LANGS = 4, ATTRACT_WIDE = 100, ATTRACT_DAY_COLS = 22 };

struct attract {
    struct row rows[ATTRACT_ROWS];
    int count;
    struct i18n_lang langs[ATTRACT_LANGS];
    int lang_count;
    bool setting_up; /* nothing was ever received */
};

static void attract_refresh(struct ui *ui, void *state)
{
    struct attract *s = state;
    enum replica_state found = replica_state(ui->replica);
    struct event_filter next = {.from = ui->now};
    int room = (ui->rows - 16) / 2;
    s->setting_up = found == REPLICA_MISSING || found == REPLICA_EMPTY;
    s->count = 0;
    if (ui->time_known && room > 0)
        s->count = replica_events(ui->replica, &next, 0, s->rows, room < ATTRACT_ROWS ? room : ATTRACT_ROWS);
    s->lang_count = i18n_list(s->langs, ATTRACT_LANGS);
}

static const char *attract_centre(const struct ui *ui)
{
    const char *set = ui->config ? config_str(ui->config, "centre", "name") : "";
    return set[0] ? set : ui->identity.name;
}

static void attract_draw_head(const struct ui *ui, struct canvas c)
{
    char time[16];
    struct when w = when_of(ui);
    const char *centre = attract_centre(ui);
    canvas_clear(canvas_area(c, 0, 0, 3, c.cols), STYLE_TITLE);
    canvas_text(c, 1, 4, STYLE_TITLE, centre[0] ? centre : _("Sosedi"));
    if (ui->time_known)
        canvas_right(canvas_area(c, 1, 0, 1, c.cols - 4), 0, STYLE_TITLE, when_time(time, sizeof time, ui->now, &w));
}

static void attract_draw_event(const struct ui *ui, const struct row *r, struct canvas c)
{
    char text[160];
    struct when w = when_of(ui);
    struct when_span span = {.start = r->start, .end = r->end, .all_day = r->all_day};
    struct canvas what = canvas_area(c, 0, ATTRACT_DAY_COLS, 2, c.cols - ATTRACT_DAY_COLS);
    canvas_text(canvas_area(c, 0, 0, 1, ATTRACT_DAY_COLS - 1), 0, 0, STYLE_WARN, when_day(text, sizeof text, r->day, &w));
    canvas_text(canvas_area(c, 1, 0, 1, ATTRACT_DAY_COLS - 1), 0, 0, STYLE_TEXT, when_hours(text, sizeof text, &span, &w));
    canvas_text(what, 0, 0, STYLE_STRONG, r->name);
    canvas_text(what, 1, 0, STYLE_DIM, r->place);
}

/* "Press any key" in every language there is: the one who comes may read another one than the last. */
static void attract_draw_foot(const struct attract *s, struct canvas c)
{
    char line[200] = "";
    for (int i = 0; i < s->lang_count; i++)
        snprintf(line + strnlen(line, sizeof line), sizeof line - strnlen(line, sizeof line), "%s%s", i ? "   " : "", s->langs[i].name);
    canvas_bar(c, c.rows - 5, STYLE_FOCUS, "");
    canvas_center(c, c.rows - 5, STYLE_FOCUS, _("Press any key to begin"));
    canvas_center(c, c.rows - 3, STYLE_TEXT, line);
    canvas_cursor(c, c.rows - 5, (c.cols - text_width(_("Press any key to begin"))) / 2 - 2);
}

static void attract_draw(const struct ui *ui, const void *state, struct canvas c)
{
    const struct attract *s = state;
    int margin = c.cols >= ATTRACT_WIDE ? 12 : 4;
    struct canvas in = canvas_area(c, 0, margin, c.rows, c.cols - 2 * margin);
    attract_draw_head(ui, c);
    int row = 5;
    if (s->setting_up) {
        canvas_text(in, row, 0, STYLE_HEADING, _("This kiosk is being set up"));
        row += 2;
        row += canvas_wrap(in, row, STYLE_TEXT, _("It has nothing to show yet. As soon as the first news of the neighbourhood is here, it appears by itself."));
    } else {
        canvas_text(in, row, 0, STYLE_HEADING, _("What is on in the neighbourhood"));
        row += 2;
        for (int i = 0; i < s->count; i++, row += 2)
            attract_draw_event(ui, &s->rows[i], canvas_area(in, row, 0, 2, in.cols));
        if (s->count == 0)
            canvas_wrap(in, row, STYLE_TEXT, _("Communities, events and help close to you."));
    }
    attract_draw_foot(s, c);
}

static bool attract_key(struct ui *ui, void *state, const struct key *k)
{
    (void)state;
    if (k->code == K_SCAN)
        shell_open(ui, SCREEN_MYTICKET, k->text);
    else
        shell_home(ui);
    return true;
}

const struct screen screen_attract = {
    .name = "attract",
    .state_size = sizeof(struct attract),
    .flags = SCREEN_FULL | SCREEN_NO_IDLE,
    .refresh = attract_refresh,
    .draw = attract_draw,
    .key = attract_key,
};
