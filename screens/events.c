/* What takes place. The days are chosen with Left and Right, what is asked of events in one dialog, everything else by typing; beside
 * the list, where there is room, what is told about the focused event. */
#include "screens/screens.h"

#include <stdio.h>
#include <string.h>

#include "kiosk/base/date.h"
#include "kiosk/base/i18n.h"
#include "kiosk/base/text.h"
#include "kiosk/store/replica.h"
#include "kiosk/ui/input.h"
#include "kiosk/ui/shell.h"
#include "kiosk/ui/ui.h"
#include "kiosk/ui/when.h"
#include "screens/agenda.h"
#include "screens/days.h"
#include "screens/event_page.h"
#include "screens/filter.h"
#include "screens/find.h"
#include "screens/page.h"
#include "screens/pick.h"

enum { EVENTS_HEAD = 3, EVENTS_GAP = 4, EVENTS_WEEK = 7, EVENTS_MONTH = 31, EVENTS_TAB = 2 };
enum events_period { EVENTS_TODAY, EVENTS_WEEKEND, EVENTS_NEXT_WEEK, EVENTS_NEXT_MONTH, EVENTS_ALL, EVENTS_PERIODS };
enum events_action { EVENTS_EARLIER = 1, EVENTS_LATER, EVENTS_TOPIC, EVENTS_FILTER, EVENTS_TOPIC_IS, EVENTS_FILTER_IS, EVENTS_ANY,
                     EVENTS_CALENDAR };

static const char *const events_period_names[EVENTS_PERIODS] = {N_("Today"), N_("Weekend"), N_("Week"), N_("Month"),
                                                                N_("All days")};
static const char *const events_period_args[EVENTS_PERIODS] = {"today", "weekend", "week", "month", "all"};

struct events {
    enum events_period period;
    struct days days; /* days.wish is what is asked for, whatever days are shown; days.search what is typed */
    bool one_day;     /* of the calendar: days.day, no period */
    char community[CONTENT_ID], event[CONTENT_ID]; /* only theirs; "" */
    char scope[208];                               /* name of that community or event */
    struct agenda agenda;
    bool wide;
    struct page page; /* about the focused event, when wide */
    char shown[CONTENT_ID];
};

/* arg: a period ("week"), "day:" and what days_arg() made, "topic:ID", "community:ID" or "event:ID" (its other dates). */
static void events_enter(struct ui *ui, void *state, const char *arg)
{
    struct events *s = state;
    s->period = ui->time_known && arg[0] == '\0' ? EVENTS_NEXT_WEEK : EVENTS_ALL;
    agenda_init(&s->agenda);
    s->one_day = strncmp(arg, "day:", 4) == 0;
    days_enter(&s->days, ui, s->one_day ? arg + 4 : "");
    for (int i = 0; i < EVENTS_PERIODS; i++)
        if (strcmp(arg, events_period_args[i]) == 0)
            s->period = (enum events_period)i;
    if (strncmp(arg, "topic:", 6) == 0)
        snprintf(s->days.wish.topic, sizeof s->days.wish.topic, "%s", arg + 6);
    else if (strncmp(arg, "community:", 10) == 0)
        snprintf(s->community, sizeof s->community, "%s", arg + 10);
    else if (strncmp(arg, "event:", 6) == 0)
        snprintf(s->event, sizeof s->event, "%s", arg + 6);
}

/* ---- what is asked for */

/* The days of a period: first, and the one after the last (0: no end). */
static void events_days(const struct ui *ui, enum events_period period, int32_t *first, int32_t *after)
{
    int weekday = date_weekday(ui->today);
    *first = ui->today;
    *after = 0;
    if (period == EVENTS_TODAY)
        *after = ui->today + 1;
    if (period == EVENTS_WEEKEND) {
        *first = weekday < 6 ? ui->today + 6 - weekday : ui->today;
        *after = ui->today + 8 - weekday;
    }
    if (period == EVENTS_NEXT_WEEK)
        *after = ui->today + EVENTS_WEEK;
    if (period == EVENTS_NEXT_MONTH)
        *after = ui->today + EVENTS_MONTH;
}

static void events_filter(const struct ui *ui, struct events *s)
{
    struct event_filter *f = &s->agenda.filter;
    int32_t after;
    *f = (struct event_filter){.from = find_from(ui)};
    s->agenda.first_day = INT32_MIN;
    if (s->one_day) {
        *f = days_filter(&s->days, ui, s->days.day, s->days.day + 1);
        s->agenda.first_day = s->days.day;
        return;
    }
    if (ui->time_known) {
        events_days(ui, s->period, &s->agenda.first_day, &after);
        if (s->agenda.first_day > ui->today)
            f->from = find_day_start(ui, s->agenda.first_day);
        f->until = after ? find_day_start(ui, after) : 0;
    }
    wish_into(&s->days.wish, f);
    memcpy(f->community, s->community, sizeof f->community);
    memcpy(f->event, s->event, sizeof f->event);
    snprintf(f->text, sizeof f->text, "%.95s", s->days.search.text);
}

/* What is told about the focused event, when there is room for it. */
static void events_preview(struct ui *ui, struct events *s)
{
    const struct row *focus = agenda_focus(&s->agenda);
    struct content c;
    struct row row;
    bool same = focus && strcmp(s->shown, focus->occurrence) == 0;
    page_begin(&s->page);
    if (!same)
        page_top(&s->page);
    snprintf(s->shown, sizeof s->shown, "%s", focus ? focus->occurrence : "");
    if (!s->wide || !focus || replica_get_occurrence(ui->replica, focus->occurrence, &row, &c, NULL))
        return;
    event_page_fill(&s->page, ui, &row, &c);
    page_place(&s->page, ui->rows - EVENTS_HEAD, ui->cols / 2 - EVENTS_GAP);
    content_done(&c);
}

static void events_load(struct ui *ui, struct events *s, bool start_over)
{
    s->wide = find_is_wide(ui->cols);
    s->agenda.numbers = s->days.search.text[0] == '\0';
    events_filter(ui, s);
    agenda_place(&s->agenda, EVENTS_HEAD, ui->rows - EVENTS_HEAD);
    agenda_load(&s->agenda, ui, start_over);
    events_preview(ui, s);
}

static void events_scope(struct ui *ui, struct events *s)
{
    struct content c;
    const char *id = s->event[0] ? s->event : s->community;
    if (!id[0] || replica_get(ui->replica, id, &c, NULL))
        return;
    snprintf(s->scope, sizeof s->scope, "%s", c.name);
    content_done(&c);
}

static void events_refresh(struct ui *ui, void *state)
{
    struct events *s = state;
    if (!ui->time_known)
        s->period = EVENTS_ALL;
    wish_say(&s->days.wish, ui);
    events_scope(ui, s);
    events_load(ui, s, false);
}

/* ---- keys */

static bool events_is_filtered(const struct events *s) { return !wish_is_any(&s->days.wish) || s->days.search.text[0]; }

static void events_set_period(struct ui *ui, struct events *s, int period)
{
    if (period < 0 || period >= EVENTS_PERIODS)
        return;
    s->period = (enum events_period)period;
    events_load(ui, s, true);
}

static void events_step(struct ui *ui, struct events *s, int step)
{
    if (!s->one_day) {
        events_set_period(ui, s, (int)s->period + step);
        return;
    }
    days_go(&s->days, ui, s->days.day + step);
    events_load(ui, s, true);
}

/* One day was opened from the calendar, which is below: it goes on with the day and what is asked for now. */
static void events_calendar(struct ui *ui, struct events *s)
{
    char arg[512];
    const struct row *focus = agenda_focus(&s->agenda);
    if (s->one_day) {
        shell_return(ui, DAYS_ANSWER, days_arg(arg, &s->days));
        return;
    }
    if (focus)
        days_go(&s->days, ui, focus->day > days_today(ui) ? focus->day : days_today(ui));
    shell_open(ui, SCREEN_MONTH, days_arg(arg, &s->days));
}

static void events_ask(struct ui *ui, struct events *s, int action)
{
    struct wish *w = &s->days.wish;
    if (action == EVENTS_TOPIC_IS)
        snprintf(w->topic, sizeof w->topic, "%s", ui->answer);
    if (action == EVENTS_FILTER_IS)
        wish_read(w, ui->answer);
    if (action == EVENTS_ANY) {
        wish_clear(w);
        input_wipe(&s->days.search);
        s->period = EVENTS_ALL;
    }
    wish_say(w, ui);
    events_load(ui, s, true);
}

static void events_act(struct ui *ui, void *state, int action)
{
    struct events *s = state;
    switch (action) {
    case EVENTS_EARLIER:
    case EVENTS_LATER:
        events_step(ui, s, action == EVENTS_LATER ? 1 : -1);
        break;
    case EVENTS_TOPIC:
        pick_open(ui, "topic", "event", EVENTS_TOPIC_IS);
        break;
    case EVENTS_FILTER:
        filter_open(ui, &s->days.wish, EVENTS_FILTER_IS);
        break;
    case EVENTS_CALENDAR:
        events_calendar(ui, s);
        break;
    default:
        events_ask(ui, s, action);
    }
}

static bool events_can(const struct ui *ui, const void *state, int action)
{
    const struct events *s = state;
    bool scoped = s->community[0] || s->event[0];
    switch (action) {
    case EVENTS_EARLIER:
    case EVENTS_LATER:
        return (ui->time_known || s->one_day) && !scoped;
    case EVENTS_TOPIC:
    case EVENTS_FILTER:
    case EVENTS_CALENDAR:
        return !scoped;
    case EVENTS_ANY:
        return events_is_filtered(s);
    default:
        return true;
    }
}

/* A touch on the line of the days: the column decides. The same walk draws them. */
static int events_tab_at(const struct events *s, int col)
{
    int at = EVENTS_TAB;
    for (int i = 0; i < EVENTS_PERIODS; i++) {
        int cols = text_width(_(events_period_names[i])) + 2;
        if (col >= at && col < at + cols)
            return i;
        at += cols + 1;
    }
    return (int)s->period + (col < EVENTS_TAB ? -1 : 1);
}

static bool events_key(struct ui *ui, void *state, const struct key *k)
{
    struct events *s = state;
    if (!s->event[0] && find_search_key(&s->days.search, k) == FIND_TYPED) {
        events_load(ui, s, true);
        return true;
    }
    if (k->code == K_ESC && s->one_day) {
        events_calendar(ui, s);
        return true;
    }
    if (k->code == K_CLICK && k->row == 0 && !s->one_day && events_can(ui, s, EVENTS_LATER)) {
        events_set_period(ui, s, events_tab_at(s, k->col));
        return true;
    }
    switch (agenda_key(&s->agenda, ui, k)) {
    case LIST_CHOSEN:
        shell_open(ui, SCREEN_EVENT, agenda_focus(&s->agenda)->occurrence);
        return true;
    case LIST_MOVED:
        if (s->wide)
            shell_later(ui);
        return true;
    default:
        return false;
    }
}

static void events_later(struct ui *ui, void *state) { events_preview(ui, state); }

/* ---- drawing */

static void events_draw_tabs(const struct events *s, struct canvas row)
{
    char text[120];
    int col = EVENTS_TAB;
    canvas_text(row, 0, 0, STYLE_DIM, "<");
    for (int i = 0; i < EVENTS_PERIODS; i++) {
        bool here = i == (int)s->period;
        snprintf(text, sizeof text, "%s%s%s", here ? "[" : " ", _(events_period_names[i]), here ? "]" : " ");
        canvas_text(row, 0, col, here ? STYLE_STRONG : STYLE_DIM, text);
        col += text_width(_(events_period_names[i])) + 3;
    }
    canvas_text(row, 0, col, STYLE_DIM, ">");
}

static void events_draw_scope(const struct events *s, struct canvas row)
{
    canvas_textf(row, 0, 0, STYLE_HEADING, s->event[0] ? _("All dates: %s") : _("Events of: %s"), s->scope);
}

static void events_draw_day(const struct ui *ui, const struct events *s, struct canvas row)
{
    struct when w = when_of(ui);
    char text[160];
    canvas_textf(row, 0, 0, STYLE_HEADING, "< %s >", when_day_long(text, sizeof text, s->days.day, &w));
}

static const char *events_empty_text(const struct ui *ui, const struct events *s)
{
    const char *why = find_why_empty(ui);
    if (why)
        return why;
    if (s->one_day && !events_is_filtered(s))
        return _("Nothing is planned for this day. Right shows the next one.");
    if (s->days.search.text[0] && (s->one_day || s->period == EVENTS_ALL || !events_can(ui, s, EVENTS_LATER)))
        return _("Nothing was found for these letters. Esc empties the search.");
    if (s->days.search.text[0])
        return _("Nothing was found for these letters. Esc empties the search; Right shows more days.");
    if (s->event[0] || s->community[0])
        return _("Nothing is planned here at the moment.");
    if (s->period != EVENTS_ALL && !s->one_day)
        return _("Nothing on these days. Press Right to see more days.");
    if (!wish_is_any(&s->days.wish))
        return _("Nothing like this is planned. Press Delete to see everything.");
    return _("Nothing is planned at the moment. New events appear here by themselves.");
}

static void events_draw(const struct ui *ui, const void *state, struct canvas body)
{
    const struct events *s = state;
    bool scoped = s->event[0] || s->community[0];
    int left = s->wide ? body.cols / 2 : body.cols;
    struct canvas head = canvas_area(body, 0, 0, 1, body.cols);
    if (scoped)
        events_draw_scope(s, head);
    else if (s->one_day)
        events_draw_day(ui, s, head);
    else if (ui->time_known)
        events_draw_tabs(s, head);
    if (!s->event[0]) {
        days_draw_asked(canvas_area(body, 1, 0, 1, body.cols), &s->days, _("Type to search"));
    }
    struct canvas list = canvas_area(body, EVENTS_HEAD, 0, body.rows - EVENTS_HEAD, left);
    if (s->agenda.count == 0) {
        canvas_cursor(list, 1, 0);
        canvas_wrap(list, 1, STYLE_TEXT, events_empty_text(ui, s));
        return;
    }
    agenda_draw(list, &s->agenda, ui);
    if (s->wide)
        page_draw(canvas_area(body, EVENTS_HEAD, left + EVENTS_GAP, list.rows, body.cols - left - EVENTS_GAP), &s->page);
}

static void events_leave(struct ui *ui, void *state)
{
    struct events *s = state;
    (void)ui;
    agenda_done(&s->agenda);
    page_done(&s->page);
}

static const struct screen_key events_keys[] = {
    {K_ENTER, N_("Open"), 0, N_("Choose what is marked with >")},
    {K_RIGHT, NULL, EVENTS_LATER, N_("More days: today, the weekend, a week, a month, all")},
    {K_LEFT, NULL, EVENTS_EARLIER, N_("Fewer days")},
    {K_F3, NULL, EVENTS_TOPIC, N_("Only one topic")},
    {K_F4, N_("Filter"), EVENTS_FILTER, N_("Only a topic, only what is free, for whom, where: choose")},
    {K_F5, N_("Calendar"), EVENTS_CALENDAR, N_("The month at a glance, and any date")},
    {K_DELETE, NULL, EVENTS_ANY, N_("See everything again: all days, all topics")},
    {0},
};

const struct screen screen_events = {
    .name = "events",
    .title = N_("Events"),
    .state_size = sizeof(struct events),
    .flags = SCREEN_UNTYPES,
    .keys = events_keys,
    .enter = events_enter,
    .refresh = events_refresh,
    .draw = events_draw,
    .act = events_act,
    .key = events_key,
    .later = events_later,
    .can = events_can,
    .leave = events_leave,
};
