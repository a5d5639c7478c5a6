/* A month at a glance: how much takes place on each day. Below it what the focused day has first, or beside it, where there is room, all
 * of it. Read in lines (ui->plain) it is a list of the days that have something. */
#include "screens/screens.h"

#include <stdio.h>
#include <string.h>

#include "kiosk/base/date.h"
#include "kiosk/base/i18n.h"
#include "kiosk/base/text.h"
#include "kiosk/ui/shell.h"
#include "kiosk/ui/spot.h"
#include "kiosk/ui/ui.h"
#include "kiosk/ui/when.h"
#include "screens/agenda.h"
#include "screens/days.h"
#include "screens/filter.h"
#include "screens/find.h"

enum {
    MONTH_WEEKS = 6,
    MONTH_DAYS = 42,
    MONTH_SMALL_ROWS = 18, MONTH_SMALL_CELL = 8,
    MONTH_CELL_MAX = 12,
    MONTH_GAP = 4,
    MONTH_FILTER_IS = 20,
};
enum month_action { MONTH_WEEK = 1, MONTH_FILTER, MONTH_TODAY, MONTH_ANY };

struct month {
    struct days days;
    int32_t first; /* the day in the first cell, a Monday */
    int count[MONTH_DAYS];
    bool whole; /* everything was counted */
    struct agenda agenda; /* of the focused day, when wide */
    struct row next;      /* else its first event */
    int32_t told; /* the day that is told about below or beside: the focused one, a moment later */
    bool has_next, wide;
    int line[MONTH_DAYS], lines; /* when plain: the cells that are told, in order */
    bool small; /* large letters: one line a week, the title gives way to what is typed */
    int top, cell_cols, cell_rows; /* top: the first week's row */
};

static void month_enter(struct ui *ui, void *state, const char *arg)
{
    struct month *s = state;
    days_enter(&s->days, ui, arg);
    agenda_init(&s->agenda);
    s->agenda.numbers = false;
}

/* ---- what is asked for */

/* The Monday on or before the first of the day's month. */
static int32_t month_first_cell(int32_t day)
{
    struct date d = date_from_days(day);
    int32_t first = date_to_days((struct date){d.year, d.month, 1});
    return first - (date_weekday(first) - 1);
}

static void month_load_day(struct ui *ui, struct month *s)
{
    struct event_filter f = days_filter(&s->days, ui, s->days.day, s->days.day + 1);
    s->has_next = false;
    s->told = s->days.day;
    if (s->wide) {
        s->agenda.filter = f;
        s->agenda.first_day = s->days.day;
        agenda_place(&s->agenda, 0, ui->rows);
        agenda_load(&s->agenda, ui, true);
    } else {
        s->has_next = replica_events(ui->replica, &f, 0, &s->next, 1) > 0;
    }
}

static void month_load(struct ui *ui, struct month *s)
{
    int32_t today = days_today(ui);
    s->first = month_first_cell(s->days.day);
    struct event_filter f = days_filter(&s->days, ui, s->first, s->first + MONTH_DAYS);
    f.from = find_day_start(ui, s->first);
    s->whole = replica_day_counts(ui->replica, &f, s->first, MONTH_DAYS, s->count);
    if (today >= s->first && today < s->first + MONTH_DAYS) {
        f = days_filter(&s->days, ui, today, today + 1);
        s->count[today - s->first] = replica_count_events(ui->replica, &f, DAY_COUNT_MAX);
    }
    s->lines = 0;
    for (int i = 0; i < MONTH_DAYS; i++)
        if (s->count[i] > 0 && s->first + i >= today &&
            date_from_days(s->first + i).month == date_from_days(s->days.day).month)
            s->line[s->lines++] = i;
    month_load_day(ui, s);
}

static void month_refresh(struct ui *ui, void *state)
{
    struct month *s = state;
    s->wide = find_is_wide(ui->cols) && !ui->plain;
    int cols = s->wide ? (ui->cols - MONTH_GAP) / 2 : ui->cols;
    s->cell_cols = cols / 7 > MONTH_CELL_MAX ? MONTH_CELL_MAX : cols / 7;
    s->small = ui->rows < MONTH_SMALL_ROWS || s->cell_cols < MONTH_SMALL_CELL;
    s->top = s->small ? 2 : DAYS_HEAD + 1;
    s->cell_rows = s->small ? 1 : s->wide ? (ui->rows - s->top - 1) / MONTH_WEEKS : 2;
    s->cell_rows = s->cell_rows > 5 ? 5 : s->cell_rows;
    wish_say(&s->days.wish, ui);
    days_go(&s->days, ui, s->days.day);
    month_load(ui, s);
}

/* ---- keys */

static void month_go(struct ui *ui, struct month *s, int32_t day)
{
    days_go(&s->days, ui, day);
    if (month_first_cell(s->days.day) != s->first)
        month_load(ui, s);
    else if (s->days.day != s->told)
        shell_later(ui);
}

static void month_later(struct ui *ui, void *state) { month_load_day(ui, state); }

/* The same day of another month, or its last one. */
static int32_t month_beside(int32_t day, int months)
{
    struct date d = date_from_days(day);
    int month = d.year * 12 + d.month - 1 + months;
    d.year = month / 12;
    d.month = month % 12 + 1;
    while (!date_is_valid(d) && d.day > 28)
        d.day--;
    return date_to_days(d);
}

static void month_act(struct ui *ui, void *state, int action)
{
    struct month *s = state;
    char arg[512];
    switch (action) {
    case MONTH_WEEK:
        shell_replace(ui, SCREEN_WEEK, days_arg(arg, &s->days));
        return;
    case MONTH_FILTER:
        filter_open(ui, &s->days.wish, MONTH_FILTER_IS);
        return;
    case MONTH_FILTER_IS:
        wish_read(&s->days.wish, ui->answer);
        break;
    case DAYS_ANSWER:
        days_enter(&s->days, ui, ui->answer);
        break;
    case MONTH_ANY:
        wish_clear(&s->days.wish);
        input_wipe(&s->days.search);
        break;
    default:
        input_wipe(&s->days.date);
        days_go(&s->days, ui, days_today(ui));
    }
    month_refresh(ui, s);
}

static bool month_can(const struct ui *ui, const void *state, int action)
{
    const struct month *s = state;
    (void)ui;
    return action != MONTH_ANY || !wish_is_any(&s->days.wish) || s->days.search.text[0];
}

static int month_aside(const struct month *s) { return 7 * s->cell_cols + MONTH_GAP; } /* its first column */

static bool month_click_event(struct ui *ui, struct month *s, const struct key *k)
{
    if (agenda_key(&s->agenda, ui, k) != LIST_CHOSEN)
        return false;
    shell_open(ui, SCREEN_EVENT, agenda_focus(&s->agenda)->occurrence);
    return true;
}

/* A touch on a day opens it, one on an event beside the month that. */
static bool month_click(struct ui *ui, struct month *s, const struct key *k)
{
    int row = k->row - s->top, cell = row < 0 ? -1 : 7 * (row / s->cell_rows) + k->col / s->cell_cols;
    if (s->wide && k->col >= month_aside(s))
        return month_click_event(ui, s, k);
    if (ui->plain)
        cell = row >= 0 && row < s->lines ? s->line[row] : -1;
    else if (k->col < 0 || k->col >= 7 * s->cell_cols)
        cell = -1;
    if (cell < 0 || cell >= MONTH_DAYS)
        return false;
    month_go(ui, s, s->first + cell);
    days_open(ui, &s->days);
    return true;
}

static bool month_key(struct ui *ui, void *state, const struct key *k)
{
    static const struct {
        enum key_code code;
        int days, months;
    } moves[] = {{K_LEFT, -1, 0},      {K_RIGHT, 1, 0},     {K_UP, -7, 0},         {K_DOWN, 7, 0},
                 {K_PAGE_UP, 0, -1},   {K_PAGE_DOWN, 0, 1}, {K_WHEEL_UP, 0, -1},   {K_WHEEL_DOWN, 0, 1}};
    struct month *s = state;
    enum days_typed typed = days_type(&s->days, ui, k);
    if (typed == DAYS_SEARCHED)
        month_load(ui, s);
    if (typed == DAYS_MOVED)
        month_go(ui, s, s->days.day);
    if (typed != DAYS_NOT_TYPED)
        return true;
    for (size_t i = 0; i < sizeof moves / sizeof moves[0]; i++)
        if (k->code == moves[i].code) {
            input_wipe(&s->days.date);
            month_go(ui, s, month_beside(s->days.day, moves[i].months) + moves[i].days);
            return true;
        }
    if (k->code == K_ENTER)
        days_open(ui, &s->days);
    return k->code == K_ENTER || (k->code == K_CLICK && month_click(ui, s, k));
}

/* ---- drawing */

static void month_draw_title(const struct month *s, struct canvas row)
{
    char text[120];
    struct date d = date_from_days(s->days.day);
    canvas_textf(row, 0, 0, STYLE_HEADING, "< %s >", when_month(text, sizeof text, d.year, d.month));
    if (!s->whole)
        canvas_right(row, 0, STYLE_DIM, _("so much that not all is counted"));
}

static void month_draw_weekdays(const struct month *s, struct canvas row)
{
    for (int i = 0; i < 7; i++)
        canvas_text(canvas_area(row, 0, i * s->cell_cols, 1, s->cell_cols - 1), 0, 2, STYLE_DIM, when_weekday_short(i + 1));
}

/* " 12 " and below it how many; today in brackets. */
static void month_draw_cell(const struct ui *ui, const struct month *s, struct canvas cell, int index)
{
    int32_t day = s->first + index;
    struct date d = date_from_days(day), here = date_from_days(s->days.day);
    bool focus = day == s->days.day, today = ui->time_known && day == ui->today;
    bool other = d.month != here.month || (ui->time_known && day < ui->today);
    enum style style = focus ? STYLE_FOCUS : other ? STYLE_DIM : STYLE_STRONG;
    struct canvas area = canvas_area(cell, 0, 0, 2, cell.cols >= MONTH_SMALL_CELL ? cell.cols - 1 : cell.cols);
    canvas_spot(area, &(struct spot){.kind = SPOT_ROW, .index = index, .count = MONTH_DAYS, .focus = focus});
    if (focus)
        canvas_clear(area, STYLE_FOCUS);
    const char *after = today ? "]" : s->small && s->count[index] > 0 ? "+" : "";
    canvas_textf(area, 0, 0, style, "%s%s%2d%s", focus ? ">" : " ", today ? "[" : " ", d.day, after);
    if (s->count[index] > 0 && cell.cols >= MONTH_SMALL_CELL)
        canvas_textf(area, cell.rows > 1 ? 1 : 0, cell.rows > 1 ? 2 : 5, focus ? STYLE_FOCUS : other ? STYLE_DIM : STYLE_GOOD, "%d",
                     s->count[index]);
    if (focus)
        canvas_cursor(cell, 0, 1);
}

static void month_draw_next(const struct ui *ui, const struct month *s, struct canvas c)
{
    struct when w = when_of(ui);
    const struct row *row = &s->next;
    struct when_span span = {.start = row->start, .end = row->end, .all_day = row->all_day};
    char text[200];
    canvas_text(c, 0, 0, STYLE_HEADING, days_status(text, sizeof text, ui, s->told, s->count[s->told - s->first]));
    if (s->has_next && c.rows > 1) {
        int cols = canvas_text(c, 1, 0, STYLE_TEXT, when_hours(text, sizeof text, &span, &w));
        canvas_text(canvas_area(c, 1, cols + 2, 1, c.cols - cols - 2), 0, 0, STYLE_TEXT, row->name);
    }
}

static void month_draw_lines(const struct ui *ui, const struct month *s, struct canvas c)
{
    char text[200];
    for (int i = 0; i < s->lines; i++) {
        struct canvas row = canvas_area(c, i, 0, 1, c.cols);
        int32_t day = s->first + s->line[i];
        canvas_spot(row, &(struct spot){.kind = SPOT_ROW, .index = i, .count = s->lines, .focus = day == s->days.day});
        canvas_text(row, 0, 0, STYLE_TEXT, days_status(text, sizeof text, ui, day, s->count[s->line[i]]));
    }
}

static void month_draw_aside(const struct ui *ui, const struct month *s, struct canvas c)
{
    char text[200];
    if (s->agenda.count > 0) {
        struct agenda shown = s->agenda;
        shown.cursor = -1; /* the focus is in the month */
        agenda_draw(c, &shown, ui);
        return;
    }
    canvas_text(c, 0, 0, STYLE_HEADING, days_status(text, sizeof text, ui, s->told, 0));
    canvas_wrap(c, 2, STYLE_DIM, find_why_empty(ui) ? find_why_empty(ui) : "");
}

static void month_draw_grid(const struct ui *ui, const struct month *s, struct canvas c)
{
    for (int week = 1; week <= MONTH_WEEKS && s->cell_rows > 2; week++)
        canvas_rule(canvas_area(c, 1 + week * s->cell_rows - 1, 0, 1, 7 * s->cell_cols), 0, STYLE_BOX);
    month_draw_weekdays(s, canvas_area(c, 0, 0, 1, c.cols));
    for (int i = 0; i < MONTH_DAYS; i++)
        month_draw_cell(ui, s, canvas_area(c, 1 + i / 7 * s->cell_rows, i % 7 * s->cell_cols, s->cell_rows, s->cell_cols), i);
}

static void month_draw_head(const struct month *s, struct canvas c)
{
    bool asked = s->days.date.text[0] || s->days.search.text[0] || s->days.wish.words[0];
    if (!s->small || !asked)
        month_draw_title(s, canvas_area(c, 0, 0, 1, c.cols));
    if (!s->small || asked)
        days_draw_asked(canvas_area(c, s->small ? 0 : 1, 0, 1, c.cols), &s->days, _("Type a date or a word"));
}

static void month_draw(const struct ui *ui, const void *state, struct canvas body)
{
    const struct month *s = state;
    int bottom = s->top + MONTH_WEEKS * s->cell_rows + !s->small, aside = month_aside(s);
    struct canvas left = s->wide ? canvas_area(body, 0, 0, body.rows, aside - MONTH_GAP) : body;
    month_draw_head(s, left);
    if (ui->plain) {
        month_draw_lines(ui, s, canvas_area(body, s->top, 0, body.rows - s->top, body.cols));
        return;
    }
    month_draw_grid(ui, s, canvas_area(left, s->top - 1, 0, left.rows - s->top + 1, left.cols));
    struct canvas below = canvas_area(left, bottom, 0, left.rows - bottom, left.cols);
    if (s->wide)
        month_draw_aside(ui, s, canvas_area(body, 0, aside, body.rows, body.cols - aside));
    else
        month_draw_next(ui, s, below);
    if (!s->small)
        canvas_text(below, s->wide ? 0 : below.rows - 1, 0, STYLE_DIM, _("The figure below a day says how many events it has."));
}

static void month_leave(struct ui *ui, void *state)
{
    struct month *s = state;
    (void)ui;
    agenda_done(&s->agenda);
}

static const struct screen_key month_keys[] = {
    {K_ENTER, N_("Open"), 0, N_("What takes place on the marked day; arrows mark another one")},
    {K_F4, N_("Filter"), MONTH_FILTER, N_("Only a topic, only what is free, for whom, where: choose")},
    {K_F5, N_("Week"), MONTH_WEEK, N_("The week of the marked day")},
    {K_PAGE_DOWN, N_("Next month"), 0, N_("The next month; PgUp: the one before")},
    {K_END, N_("Today"), MONTH_TODAY, N_("Back to today")},
    {K_DELETE, N_("Show everything"), MONTH_ANY, N_("Ask for nothing again: everything is shown")},
    {0},
};

const struct screen screen_month = {
    .name = "month",
    .title = N_("Calendar"),
    .state_size = sizeof(struct month),
    .flags = SCREEN_UNTYPES,
    .keys = month_keys,
    .enter = month_enter,
    .refresh = month_refresh,
    .draw = month_draw,
    .act = month_act,
    .key = month_key,
    .later = month_later,
    .can = month_can,
    .leave = month_leave,
};
