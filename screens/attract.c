/* What stands here while nobody is near: whose terminal it is, the time, what comes next, and how to begin, in the
 * languages of the place. It changes once a minute. */
#include "screens/screens.h"

#include <stdio.h>
#include <string.h>

#include "kiosk/base/config.h"
#include "kiosk/base/hours.h"
#include "kiosk/base/i18n.h"
#include "kiosk/base/text.h"
#include "kiosk/store/replica.h"
#include "kiosk/ui/shell.h"
#include "kiosk/ui/ui.h"
#include "kiosk/ui/when.h"
#include "screens/find.h"
#include "screens/lang.h"

enum {
    ATTRACT_NEXT = 8,
    ATTRACT_LANGS = 3,
    ATTRACT_BIG_ROWS = 5,
    ATTRACT_BIG_COLS = 6,
    ATTRACT_WIDTH = 76,
    ATTRACT_ROOMY = 14,
    ATTRACT_LOW = 20
};

struct attract {
    struct row next[ATTRACT_NEXT];
    int count;
    char begin[ATTRACT_LANGS][200]; /* "press any key", one per language */
    int langs;
    bool setting_up; /* nothing was ever received */
    char closed[200]; /* "closed, opens tomorrow at 10:00"; "" while it is open */
};

/* The same sentence in each language of the place, the first one first. */
static void attract_begin(const struct ui *ui, struct attract *s)
{
    struct i18n_lang langs[LANG_MAX];
    char now[8];
    int count = lang_offered(ui, langs, LANG_MAX);
    snprintf(now, sizeof now, "%s", i18n_lang());
    s->langs = 0;
    for (int i = 0; i < count && s->langs < ATTRACT_LANGS; i++) {
        i18n_set(strcmp(now, "xx") == 0 ? now : langs[i].code);
        snprintf(s->begin[s->langs++], sizeof s->begin[0], "%s", ui->plain ? _("Press Enter to begin") : _("Press any key to begin"));
    }
    i18n_set(now);
}

static void attract_closed(const struct ui *ui, struct attract *s)
{
    struct hours h;
    struct when w = when_of(ui);
    char opens[120];
    s->closed[0] = '\0';
    if (!ui->config || !ui->time_known || !hours_parse(&h, config_str(ui->config, "centre", "hours")) ||
        hours_is_open(&h, ui->zone, ui->now))
        return;
    snprintf(s->closed, sizeof s->closed, _("It is closed now. It opens: %s"), when_moment(opens, sizeof opens, hours_next(&h, ui->zone, ui->now), &w));
}

static void attract_refresh(struct ui *ui, void *state)
{
    struct attract *s = state;
    struct event_filter f = {.from = find_from(ui)};
    enum replica_state found = replica_state(ui->replica);
    s->setting_up = found == REPLICA_MISSING || found == REPLICA_EMPTY;
    s->count = replica_events(ui->replica, &f, 0, s->next, ATTRACT_NEXT);
    attract_begin(ui, s);
    attract_closed(ui, s);
}

/* ---- drawing */

/* Large where it fits, and the day below it. Returns the rows used. */
static int attract_draw_clock(const struct ui *ui, struct canvas c, int row)
{
    struct when w = when_of(ui);
    char text[160];
    if (!ui->time_known)
        return 0;
    when_time(text, sizeof text, ui->now, &w);
    int cols = (int)strlen(text) * ATTRACT_BIG_COLS;
    canvas_big(c, row, (c.cols - cols) / 2, STYLE_FOCUS, text);
    when_day_long(text, sizeof text, ui->today, &w);
    canvas_center(c, row + ATTRACT_BIG_ROWS + 1, STYLE_STRONG, text);
    return ATTRACT_BIG_ROWS + 2;
}

static void attract_draw_next(const struct ui *ui, const struct attract *s, struct canvas c)
{
    if (s->setting_up) {
        canvas_text(c, 0, 0, STYLE_HEADING, _("This kiosk is being set up"));
        canvas_wrap(c, 1, STYLE_TEXT,
                    _("It has nothing to show yet. As soon as the first news of the neighbourhood is here, it appears "
                      "by itself."));
    }
    if (s->count == 0)
        return;
    canvas_text(c, 0, 0, STYLE_HEADING, _("What is on in the neighbourhood"));
    struct find_next next = {.row = s->next, .count = s->count, .roomy = c.rows >= ATTRACT_ROOMY};
    int top = next.roomy ? 2 : 1;
    find_draw_next(canvas_area(c, top, 0, c.rows - top, c.cols), ui, &next);
}

static void attract_draw(const struct ui *ui, const void *state, struct canvas all)
{
    const struct attract *s = state;
    bool low = all.rows < ATTRACT_LOW; /* large letters: neither slogan nor clock */
    int spare = all.rows > 24 ? all.rows - 24 : 0, row = low ? 0 : 1 + spare / 6;
    int begin = all.rows - s->langs - (low ? 0 : 2) - spare / 6;
    int width = all.cols < ATTRACT_WIDTH + 4 ? all.cols - 4 : ATTRACT_WIDTH;
    canvas_center(all, row, STYLE_HEADING, find_centre(ui));
    if (!low || s->closed[0])
        canvas_center(all, row + 1, s->closed[0] ? STYLE_WARN : STYLE_DIM,
                      s->closed[0] ? s->closed : _("Communities, events and help close to you."));
    row += low ? 2 : 3 + spare / 8;
    row += low ? 0 : attract_draw_clock(ui, all, row) + 1 + spare / 8;
    attract_draw_next(ui, s, canvas_area(all, row, (all.cols - width) / 2, begin - row - 1, width));
    for (int i = 0; i < s->langs; i++)
        canvas_center(all, begin + i, STYLE_STRONG, s->begin[i]);
    int left = s->langs ? (all.cols - text_width(s->begin[0])) / 2 : 0;
    canvas_cursor(all, begin, left > 2 ? left - 2 : 0); /* beside the words: a block would cover a letter */
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
    .tick_ms = 60000,
    .flags = SCREEN_FULL | SCREEN_NO_IDLE | SCREEN_ONCE,
    .refresh = attract_refresh,
    .tick = attract_refresh,
    .draw = attract_draw,
    .key = attract_key,
};
