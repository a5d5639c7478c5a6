/* Seven days below one another, each with its first events: where there is room, more of them. */
#include "screens/screens.h"

#include <stdio.h>
#include <string.h>

#include "kiosk/base/date.h"
#include "kiosk/base/i18n.h"
#include "kiosk/base/text.h"
#include "kiosk/ui/list.h"
#include "kiosk/ui/shell.h"
#include "kiosk/ui/ui.h"
#include "kiosk/ui/when.h"
#include "screens/days.h"
#include "screens/filter.h"
#include "screens/find.h"

enum { WEEK_ROWS = 8, WEEK_HOURS = 20, WEEK_TOP = DAYS_HEAD + 1, WEEK_COUNT_MAX = 1000, WEEK_FILTER_IS = 20 };
enum week_action { WEEK_MONTH = 1, WEEK_FILTER, WEEK_TODAY, WEEK_ANY };

struct week {
    struct days days;
    int32_t first; /* a Monday */
    struct list list;
    struct week_day {
        int count, shown;
        struct row row[WEEK_ROWS];
    } day[7];
    char span[200];
};

static void week_enter(struct ui *ui, void *state, const char *arg)
{
    struct week *s = state;
    days_enter(&s->days, ui, arg);
}

/* ---- what is asked for */

/* What begins on the day stands before what lasts since before it: exhibitions would fill every day of a month. */
static void week_sort(struct week_day *d, const struct row *rows, int count, int32_t day)
{
    d->shown = 0;
    for (int began = 1; began >= 0; began--)
        for (int i = 0; i < count && d->shown < WEEK_ROWS; i++)
            if ((rows[i].day == day) == began)
                d->row[d->shown++] = rows[i];
}

static void week_load(struct ui *ui, struct week *s)
{
    static const int most = 2 * WEEK_ROWS;
    struct row rows[2 * WEEK_ROWS];
    s->first = s->days.day - (date_weekday(s->days.day) - 1);
    for (int i = 0; i < 7; i++) {
        struct event_filter f = days_filter(&s->days, ui, s->first + i, s->first + i + 1);
        int n = replica_events_counted(ui->replica, &f, &(struct replica_window){0, most, WEEK_COUNT_MAX}, rows, &s->day[i].count);
        week_sort(&s->day[i], rows, n, s->first + i);
    }
    list_set_count(&s->list, 7);
    list_set_cursor(&s->list, s->days.day - s->first);
    struct when w = when_of(ui);
    struct when_span span = {find_day_start(ui, s->first), find_day_start(ui, s->first + 7), true};
    when_span(s->span, sizeof s->span, &span, &w);
}

static void week_refresh(struct ui *ui, void *state)
{
    struct week *s = state;
    int rows = (ui->rows - WEEK_TOP) / 7;
    s->list.gap = rows > 3;
    list_place(&s->list, WEEK_TOP, ui->rows - WEEK_TOP, rows - s->list.gap > WEEK_ROWS + 1 ? WEEK_ROWS + 1 : rows - s->list.gap);
    wish_say(&s->days.wish, ui);
    days_go(&s->days, ui, s->days.day);
    week_load(ui, s);
}

/* ---- keys */

static void week_go(struct ui *ui, struct week *s, int32_t day)
{
    days_go(&s->days, ui, day);
    if (s->days.day < s->first || s->days.day >= s->first + 7)
        week_load(ui, s);
    list_set_cursor(&s->list, s->days.day - s->first);
}

static void week_act(struct ui *ui, void *state, int action)
{
    struct week *s = state;
    char arg[512];
    switch (action) {
    case WEEK_MONTH:
        shell_replace(ui, SCREEN_MONTH, days_arg(arg, &s->days));
        return;
    case WEEK_FILTER:
        filter_open(ui, &s->days.wish, WEEK_FILTER_IS);
        return;
    case WEEK_FILTER_IS:
        wish_read(&s->days.wish, ui->answer);
        break;
    case DAYS_ANSWER:
        days_enter(&s->days, ui, ui->answer);
        break;
    case WEEK_ANY:
        wish_clear(&s->days.wish);
        input_wipe(&s->days.search);
        break;
    default:
        input_wipe(&s->days.date);
        days_go(&s->days, ui, days_today(ui));
    }
    week_refresh(ui, s);
}

static bool week_can(const struct ui *ui, const void *state, int action)
{
    const struct week *s = state;
    (void)ui;
    return action != WEEK_ANY || !wish_is_any(&s->days.wish) || s->days.search.text[0];
}

static bool week_click(struct ui *ui, struct week *s, const struct key *k)
{
    if (list_key(&s->list, k) != LIST_CHOSEN)
        return false;
    s->days.day = s->first + s->list.cursor;
    days_open(ui, &s->days);
    return true;
}

static bool week_key(struct ui *ui, void *state, const struct key *k)
{
    static const struct {
        enum key_code code;
        int days;
    } moves[] = {{K_UP, -1},      {K_DOWN, 1},      {K_LEFT, -7},     {K_RIGHT, 7},
                 {K_PAGE_UP, -7}, {K_PAGE_DOWN, 7}, {K_WHEEL_UP, -1}, {K_WHEEL_DOWN, 1}};
    struct week *s = state;
    enum days_typed typed = days_type(&s->days, ui, k);
    if (typed == DAYS_SEARCHED)
        week_load(ui, s);
    if (typed == DAYS_MOVED)
        week_go(ui, s, s->days.day);
    if (typed != DAYS_NOT_TYPED)
        return true;
    for (size_t i = 0; i < sizeof moves / sizeof moves[0]; i++)
        if (k->code == moves[i].code) {
            input_wipe(&s->days.date);
            week_go(ui, s, s->days.day + moves[i].days);
            return true;
        }
    if (k->code == K_ENTER)
        days_open(ui, &s->days);
    return k->code == K_ENTER || (k->code == K_CLICK && week_click(ui, s, k));
}

/* ---- drawing */

struct week_look {
    const struct ui *ui;
    const struct week *s;
};

/* "18:00 Choir · 19:00 Chess": as many as one line holds. */
static void week_draw_line(struct canvas row, const struct week_look *look, const struct week_day *d, enum style style)
{
    struct when w = when_of(look->ui);
    char time[20], text[300];
    int col = 0;
    for (int i = 0; i < d->shown && col < row.cols - 12; i++) {
        const struct row *r = &d->row[i];
        bool timed = !r->all_day && r->end - r->start <= 86400;
        snprintf(text, sizeof text, "%s%s%s%s", i ? " · " : "", timed ? when_time(time, sizeof time, r->start, &w) : "",
                 timed ? " " : "", r->name);
        col += canvas_text(row, 0, col, style, text);
    }
}

static void week_draw_rows(struct canvas c, const struct week_look *look, const struct week_day *d, enum style style)
{
    struct when w = when_of(look->ui);
    char text[160], marks[300];
    for (int i = 0; i < d->shown && i < c.rows; i++) {
        const struct row *r = &d->row[i];
        struct when_span span = {.start = r->start, .end = r->end, .all_day = r->all_day};
        canvas_text(canvas_area(c, i, 0, 1, WEEK_HOURS), 0, 0, style, when_hours(text, sizeof text, &span, &w));
        int cols = text_width(find_marks(marks, sizeof marks, r, &w));
        int name = canvas_text(canvas_area(c, i, WEEK_HOURS + 1, 1, c.cols - WEEK_HOURS - 1 - cols - 3), 0, 0, style, r->name);
        canvas_textf(c, i, WEEK_HOURS + 1 + name, style == STYLE_TEXT ? STYLE_DIM : style, "%s%s", cols ? " · " : "", marks);
    }
}

static void week_draw_day(struct canvas area, int index, enum style style, const void *ctx)
{
    const struct week_look *look = ctx;
    const struct week_day *d = &look->s->day[index];
    char text[200];
    canvas_text(area, 0, 0, style == STYLE_TEXT ? STYLE_HEADING : style,
                days_status(text, sizeof text, look->ui, look->s->first + index, d->count));
    struct canvas below = canvas_area(area, 1, 2, area.rows - 1, area.cols - 2);
    enum style plain = style == STYLE_TEXT ? STYLE_TEXT : style;
    if (below.rows == 1)
        week_draw_line(below, look, d, plain);
    else
        week_draw_rows(below, look, d, plain);
}

static void week_draw(const struct ui *ui, const void *state, struct canvas body)
{
    const struct week *s = state;
    struct week_look ctx = {.ui = ui, .s = s};
    struct list_look look = {.item = week_draw_day, .ctx = &ctx, .no_count = true};
    canvas_textf(body, 0, 0, STYLE_HEADING, "< %s >", s->span);
    days_draw_asked(canvas_area(body, 1, 0, 1, body.cols), &s->days, _("Type a date or a word"));
    list_draw(canvas_area(body, WEEK_TOP, 0, body.rows - WEEK_TOP, body.cols), &s->list, &look);
}

static const struct screen_key week_keys[] = {
    {K_ENTER, N_("Open"), 0, N_("What takes place on the marked day; arrows mark another one")},
    {K_F4, N_("Filter"), WEEK_FILTER, N_("Only a topic, only what is free, for whom, where: choose")},
    {K_F5, N_("Month"), WEEK_MONTH, N_("The month of the marked day")},
    {K_RIGHT, N_("Next week"), 0, N_("The next week; Left: the one before")},
    {K_END, N_("Today"), WEEK_TODAY, N_("Back to today")},
    {K_DELETE, N_("Show everything"), WEEK_ANY, N_("Ask for nothing again: everything is shown")},
    {0},
};

const struct screen screen_week = {
    .name = "week",
    .title = N_("Calendar"),
    .state_size = sizeof(struct week),
    .flags = SCREEN_UNTYPES,
    .keys = week_keys,
    .enter = week_enter,
    .refresh = week_refresh,
    .draw = week_draw,
    .act = week_act,
    .key = week_key,
    .can = week_can,
};
