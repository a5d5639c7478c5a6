/* The start page answers one question: what can I do here? A new thing to do is a line of home_items[]. */
#include "screens/screens.h"

#include <stdio.h>
#include <string.h>

#include "kiosk/base/date.h"
#include "kiosk/base/i18n.h"
#include "kiosk/base/text.h"
#include "kiosk/store/replica.h"
#include "kiosk/ui/list.h"
#include "kiosk/ui/shell.h"
#include "kiosk/ui/ui.h"
#include "screens/find.h"
#include "screens/lang.h"

enum { HOME_NEXT = 12, HOME_COUNT_MAX = 500, HOME_CENSUS = 10000, HOME_ITEMS = 12, HOME_MENU_COLS = 66, HOME_TOP = 2, HOME_ROOMY = 34 };
enum home_count { HOME_NO_COUNT, HOME_TODAY, HOME_WEEK, HOME_COMMUNITIES, HOME_CALLS, HOME_LANGUAGES, HOME_COUNTS };

/* What people come for stands first, what comes back to somebody last; the first nine have digits. */
static const struct home_item {
    const char *label;
    int screen;
    const char *arg;
    enum home_count count;
    bool needs_time; /* only while the date is known */
} home_items[] = {
    {N_("Today here"), SCREEN_EVENTS, "today", HOME_TODAY, true},
    {N_("The next seven days"), SCREEN_EVENTS, "week", HOME_WEEK, true},
    {N_("Calendar: all events"), SCREEN_EVENTS, "all", HOME_NO_COUNT, false},
    {N_("Communities: find your people"), SCREEN_COMMUNITIES, "", HOME_COMMUNITIES, false},
    {N_("Find your community: five questions"), SCREEN_GUIDE, "", HOME_NO_COUNT, false},
    {N_("Take part: grants, internships, volunteering"), SCREEN_CALLS, "", HOME_CALLS, false},
    {N_("Share and seek: rooms, things, helping hands"), SCREEN_MATRIX, "", HOME_NO_COUNT, false},
    {N_("Good to know: advice for every day"), SCREEN_ARTICLES, "", HOME_NO_COUNT, false},
    {N_("My ticket: look at it, cancel, print again"), SCREEN_MYTICKET, "", HOME_NO_COUNT, false},
    {N_("Language"), SCREEN_LANGUAGE, "", HOME_LANGUAGES, false},
    {N_("Help"), SCREEN_HELP, "", HOME_NO_COUNT, false},
};

struct home {
    const struct home_item *item[HOME_ITEMS];
    struct list list;
    int count[HOME_COUNTS];
    char languages[80]; /* by their own names: whoever cannot read this page finds theirs */
    struct row next[HOME_NEXT];
    int next_count;
    bool wide;
};

static int home_count_events(struct ui *ui, int days)
{
    struct event_filter f = {.from = find_from(ui), .until = find_day_start(ui, ui->today + days)};
    return ui->time_known ? replica_count_events(ui->replica, &f, HOME_COUNT_MAX) : 0;
}

static void home_languages(const struct ui *ui, struct home *s)
{
    struct i18n_lang langs[LANG_MAX];
    int count = lang_offered(ui, langs, LANG_MAX);
    size_t n = 0;
    s->languages[0] = '\0';
    for (int i = 0; i < count && n < sizeof s->languages; i++)
        n += (size_t)snprintf(s->languages + n, sizeof s->languages - n, "%s%s", i ? " · " : "", langs[i].name);
}

/* Those that can still be answered. */
static int home_count_calls(struct ui *ui)
{
    struct record_filter calls = {.kind = "call"};
    if (ui->time_known)
        date_format(date_from_days(ui->today), calls.since);
    return replica_count_records(ui->replica, &calls, HOME_COUNT_MAX);
}

static void home_refresh(struct ui *ui, void *state)
{
    struct home *s = state;
    struct event_filter f = {.from = find_from(ui)};
    struct record_filter communities = {.kind = "community"};
    int count = 0;
    for (size_t i = 0; i < sizeof home_items / sizeof home_items[0]; i++)
        if (ui->time_known || !home_items[i].needs_time)
            s->item[count++] = &home_items[i];
    s->count[HOME_TODAY] = home_count_events(ui, 1);
    s->count[HOME_WEEK] = home_count_events(ui, 7);
    s->count[HOME_COMMUNITIES] = replica_count_records(ui->replica, &communities, HOME_CENSUS);
    s->count[HOME_CALLS] = home_count_calls(ui);
    home_languages(ui, s);
    s->next_count = replica_events(ui->replica, &f, 0, s->next, HOME_NEXT);
    s->wide = find_is_wide(ui->cols);
    s->list.gap = s->wide && ui->rows >= HOME_ROOMY;
    list_place(&s->list, HOME_TOP, s->wide || ui->rows - HOME_TOP < count ? ui->rows - HOME_TOP : count, 1);
    list_set_count(&s->list, count);
}

static bool home_key(struct ui *ui, void *state, const struct key *k)
{
    struct home *s = state;
    switch (list_key(&s->list, k)) {
    case LIST_CHOSEN:
        shell_open(ui, s->item[s->list.cursor]->screen, s->item[s->list.cursor]->arg);
        return true;
    case LIST_MOVED:
        return true;
    default:
        return false;
    }
}

/* "3 events", "more than 500 events"; "" where nothing is counted. */
static void home_count_text(char *out, size_t size, const struct home *s, enum home_count what)
{
    int n = s->count[what];
    unsigned long count = (unsigned long)n;
    out[0] = '\0';
    if (what == HOME_COMMUNITIES && n > 0 && n < HOME_CENSUS)
        snprintf(out, size, i18n_plural("%d community", "%d communities", count), n);
    if (what == HOME_CALLS && n > 0)
        snprintf(out, size, _("open now: %d"), n);
    if (what == HOME_LANGUAGES)
        snprintf(out, size, "%s", s->languages);
    if (what != HOME_TODAY && what != HOME_WEEK)
        return;
    if (n == 0)
        snprintf(out, size, "%s", _("nothing planned"));
    else if (n >= HOME_COUNT_MAX)
        snprintf(out, size, _("more than %d events"), n - 1);
    else
        snprintf(out, size, i18n_plural("%d event", "%d events", count), n);
}

static void home_draw_item(struct canvas area, int index, enum style style, const void *ctx)
{
    const struct home *s = ctx;
    char count[120];
    home_count_text(count, sizeof count, s, s->item[index]->count);
    int cols = text_width(count);
    canvas_text(canvas_area(area, 0, 0, 1, area.cols - cols - (cols ? 2 : 0)), 0, 0, style, _(s->item[index]->label));
    canvas_right(area, 0, style == STYLE_TEXT ? STYLE_DIM : style, count);
}

static void home_draw_next(const struct ui *ui, const struct home *s, struct canvas c)
{
    if (s->next_count == 0) {
        canvas_wrap(c, 0, STYLE_DIM, find_why_empty(ui) ? find_why_empty(ui) : "");
        return;
    }
    struct find_next next = {.row = s->next, .count = s->next_count, .roomy = s->wide};
    canvas_text(c, 0, 0, STYLE_HEADING, _("What is on in the neighbourhood"));
    int top = s->wide ? 2 : 1;
    find_draw_next(canvas_area(c, top, 0, c.rows - top, c.cols), ui, &next);
}

static void home_draw(const struct ui *ui, const void *state, struct canvas body)
{
    const struct home *s = state;
    struct list_look look = {.item = home_draw_item, .ctx = s, .numbers = true, .no_count = true};
    int cols = s->wide ? HOME_MENU_COLS : body.cols, below = HOME_TOP + s->list.count + 1;
    canvas_text(body, 0, 0, STYLE_HEADING, _("What would you like to do?"));
    if (s->wide)
        home_draw_next(ui, s, canvas_area(body, HOME_TOP, cols + 6, body.rows - HOME_TOP, body.cols - cols - 6));
    else
        home_draw_next(ui, s, canvas_area(body, below, 0, body.rows - below, body.cols));
    list_draw(canvas_area(body, HOME_TOP, 0, body.rows - HOME_TOP, cols), &s->list, &look);
}

static const struct screen_key home_keys[] = {
    {K_ENTER, N_("Choose"), 0, N_("Choose what is marked with >")},
    {0},
};

const struct screen screen_home = {
    .name = "home",
    .title = N_("Start page"),
    .state_size = sizeof(struct home),
    .flags = SCREEN_UNTYPES,
    .tick_ms = 60000,
    .keys = home_keys,
    .refresh = home_refresh,
    .tick = home_refresh,
    .draw = home_draw,
    .key = home_key,
};
