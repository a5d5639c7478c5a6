/* One event: what is told about it, and below what one can do. */
#include "screens/screens.h"

#include <stdio.h>
#include <string.h>

#include "kiosk/base/i18n.h"
#include "kiosk/store/replica.h"
#include "kiosk/ui/list.h"
#include "kiosk/ui/shell.h"
#include "kiosk/ui/ui.h"
#include "screens/phone.h"
#include "screens/event_page.h"
#include "screens/find.h"
#include "screens/page.h"

enum { EVENT_OFFERS = 4, EVENT_DATES_MAX = 400 };
enum event_offer { EVENT_SIGN_UP, EVENT_ORGANISER, EVENT_DATES, EVENT_LINK };
enum event_action { EVENT_ACT_SIGN_UP = 1 };

struct event {
    char occurrence[CONTENT_ID];
    bool found;
    struct row row;
    struct content content;
    enum event_standing standing;
    int dates; /* other ones */
    enum event_offer offer[EVENT_OFFERS];
    struct list list; /* of the offers */
    struct page page;
    struct phone phone; /* of its address, beside the page where there is room */
};

static void event_enter(struct ui *ui, void *state, const char *arg)
{
    struct event *s = state;
    (void)ui;
    snprintf(s->occurrence, sizeof s->occurrence, "%s", arg);
}

static void event_offer(struct event *s, enum event_offer offer, bool possible)
{
    if (possible)
        s->offer[s->list.count++] = offer;
}

static int event_count_dates(struct ui *ui, const struct event *s)
{
    struct event_filter f = {.from = find_from(ui)};
    memcpy(f.event, s->content.id, sizeof f.event);
    int count = replica_count_events(ui->replica, &f, EVENT_DATES_MAX);
    return count > 0 && s->row.end > f.from ? count - 1 : count;
}

static void event_refresh(struct ui *ui, void *state)
{
    struct event *s = state;
    content_done(&s->content);
    page_begin(&s->page);
    s->list.count = 0;
    s->found = replica_get_occurrence(ui->replica, s->occurrence, &s->row, &s->content, NULL) == ERR_NONE;
    if (!s->found)
        return;
    s->standing = event_standing(ui, &s->row, &s->content);
    s->dates = event_count_dates(ui, s);
    event_offer(s, EVENT_SIGN_UP, s->standing == EVENT_OPEN || s->standing == EVENT_QUEUE);
    event_offer(s, EVENT_ORGANISER, s->content.owner_id && s->content.owner_name);
    event_offer(s, EVENT_DATES, s->dates > 0);
    event_offer(s, EVENT_LINK, s->content.url != NULL);
    int offers = s->list.count;
    event_page_fill(&s->page, ui, &s->row, &s->content);
    phone_make_aside(&s->phone, ui, s->content.url);
    list_place(&s->list, page_place_above(&s->page, ui, offers), offers, 1);
}

static void event_choose(struct ui *ui, const struct event *s, enum event_offer offer)
{
    char arg[80];
    switch (offer) {
    case EVENT_SIGN_UP:
        shell_open(ui, SCREEN_SIGNUP, s->occurrence);
        break;
    case EVENT_ORGANISER:
        shell_open(ui, SCREEN_COMMUNITY, s->content.owner_id);
        break;
    case EVENT_DATES:
        snprintf(arg, sizeof arg, "event:%s", s->content.id);
        shell_open(ui, SCREEN_EVENTS, arg);
        break;
    case EVENT_LINK:
        shell_open(ui, SCREEN_LINK, s->content.url);
        break;
    }
}

static bool event_key(struct ui *ui, void *state, const struct key *k)
{
    struct event *s = state;
    bool page_first = k->code == K_PAGE_UP || k->code == K_PAGE_DOWN || k->code == K_END || k->code == K_WHEEL_UP ||
                      k->code == K_WHEEL_DOWN || s->list.count < 2;
    if (page_first && page_key(&s->page, k))
        return true;
    switch (list_key(&s->list, k)) {
    case LIST_CHOSEN:
        event_choose(ui, s, s->offer[s->list.cursor]);
        return true;
    case LIST_MOVED:
        return true;
    default:
        return page_key(&s->page, k);
    }
}

static void event_act(struct ui *ui, void *state, int action)
{
    const struct event *s = state;
    if (action == EVENT_ACT_SIGN_UP)
        event_choose(ui, s, EVENT_SIGN_UP);
}

static bool event_can(const struct ui *ui, const void *state, int action)
{
    const struct event *s = state;
    (void)ui;
    return action != EVENT_ACT_SIGN_UP || (s->found && s->list.count > 0 && s->offer[0] == EVENT_SIGN_UP);
}

static void event_draw_offer(struct canvas area, int index, enum style style, const void *ctx)
{
    const struct event *s = ctx;
    switch (s->offer[index]) {
    case EVENT_SIGN_UP:
        canvas_text(area, 0, 0, style == STYLE_TEXT ? STYLE_STRONG : style,
                    s->standing == EVENT_QUEUE ? _("Join the queue") : _("Sign up now"));
        break;
    case EVENT_ORGANISER:
        canvas_textf(area, 0, 0, style, _("More about: %s"), s->content.owner_name);
        break;
    case EVENT_DATES:
        canvas_textf(area, 0, 0, style,
                     i18n_plural("See %d other date", "See %d other dates", (unsigned long)s->dates), s->dates);
        break;
    case EVENT_LINK:
        canvas_text(area, 0, 0, style, _("Its page on the internet, for your telephone"));
        break;
    }
}

static void event_draw(const struct ui *ui, const void *state, struct canvas body)
{
    const struct event *s = state;
    (void)ui;
    if (!s->found) {
        canvas_wrap(body, 1, STYLE_TEXT, _("This event is no longer in the programme. Press Esc to go back."));
        return;
    }
    page_draw(body, &s->page);
    phone_draw_aside(body, &s->phone);
    if (s->list.count == 0)
        return;
    struct list_look look = {.item = event_draw_offer, .ctx = s, .numbers = true, .no_count = true};
    int cols = s->phone.shown ? PHONE_ASIDE_COLS - 4 : body.cols;
    canvas_rule(canvas_area(body, s->list.row - 1, 0, 1, cols), 0, STYLE_BOX);
    list_draw(canvas_area(body, s->list.row, 0, s->list.rows, cols), &s->list, &look);
}

static void event_leave(struct ui *ui, void *state)
{
    struct event *s = state;
    (void)ui;
    content_done(&s->content);
    page_done(&s->page);
}

static const struct screen_key event_keys[] = {
    {K_ENTER, N_("Choose"), 0, N_("Choose what is marked with >")},
    {K_F5, N_("Sign up now"), EVENT_ACT_SIGN_UP, N_("Sign up, or join the queue when all places are taken")},
    {0},
};

const struct screen screen_event = {
    .name = "event",
    .title = N_("Event"),
    .state_size = sizeof(struct event),
    .flags = SCREEN_UNTYPES,
    .keys = event_keys,
    .enter = event_enter,
    .refresh = event_refresh,
    .draw = event_draw,
    .act = event_act,
    .key = event_key,
    .can = event_can,
    .leave = event_leave,
};
