/* One event: what is told about it, and below what one can do. */
#include "screens/screens.h"

#include <stdio.h>
#include <string.h>

#include "kiosk/base/i18n.h"
#include "kiosk/store/replica.h"
#include "kiosk/ui/ui.h"
#include "screens/card.h"
#include "screens/event_page.h"
#include "screens/find.h"

enum { EVENT_DATES_MAX = 400 };
enum event_action { EVENT_ACT_SIGN_UP = 1 };

static void event_add_sign_up(struct card *s, enum event_standing standing)
{
    if (standing == EVENT_OPEN || standing == EVENT_QUEUE)
        card_add(s, &(struct card_line){.screen = SCREEN_SIGNUP, .arg = s->id, .style = STYLE_STRONG,
                                        .text = standing == EVENT_QUEUE ? _("Join the queue") : _("Sign up now")});
}

static void event_add_organiser(struct card *s, const struct content *c)
{
    char text[400];
    if (!c->owner_id || !c->owner_name)
        return;
    snprintf(text, sizeof text, _("More about: %s"), c->owner_name);
    card_add(s, &(struct card_line){.screen = SCREEN_COMMUNITY, .arg = c->owner_id, .text = text});
}

static void event_add_dates(struct ui *ui, struct card *s, const struct row *row, const struct content *c)
{
    struct event_filter f = {.from = find_from(ui)};
    char arg[80], text[200];
    memcpy(f.event, c->id, sizeof f.event);
    int count = replica_count_events(ui->replica, &f, EVENT_DATES_MAX);
    int others = count > 0 && row->end > f.from ? count - 1 : count;
    if (others == 0)
        return;
    snprintf(arg, sizeof arg, "event:%s", c->id);
    snprintf(text, sizeof text, i18n_plural("See %d other date", "See %d other dates", (unsigned long)others), others);
    card_add(s, &(struct card_line){.screen = SCREEN_EVENTS, .arg = arg, .text = text});
}

static bool event_fill(struct ui *ui, struct card *s)
{
    struct content c;
    struct row row;
    if (replica_get_occurrence(ui->replica, s->id, &row, &c, NULL))
        return false;
    event_page_fill(&s->page, ui, &row, &c);
    event_add_sign_up(s, event_standing(ui, &row, &c));
    event_add_organiser(s, &c);
    event_add_dates(ui, s, &row, &c);
    card_add_link(s, c.url, _("Its page on the internet, for your telephone"));
    phone_make_aside(&s->phone, ui, c.url);
    content_done(&c);
    return true;
}

static const struct card_kind event_kind = {
    .gone = N_("This event is no longer in the programme. Press Esc to go back."),
    .fill = event_fill,
};

/* arg: an occurrence's id. */
static void event_enter(struct ui *ui, void *state, const char *arg)
{
    (void)ui;
    card_enter(state, &event_kind, arg);
}

static void event_act(struct ui *ui, void *state, int action)
{
    if (action == EVENT_ACT_SIGN_UP)
        card_go(ui, state, SCREEN_SIGNUP);
}

static bool event_can(const struct ui *ui, const void *state, int action)
{
    (void)ui;
    return action != EVENT_ACT_SIGN_UP || card_has(state, SCREEN_SIGNUP);
}

static const struct screen_key event_keys[] = {
    {K_ENTER, N_("Choose"), 0, N_("Choose what is marked with >")},
    {K_F5, N_("Sign up now"), EVENT_ACT_SIGN_UP, N_("Sign up, or join the queue when all places are taken")},
    {0},
};

const struct screen screen_event = {
    .name = "event",
    .title = N_("Event"),
    .state_size = sizeof(struct card),
    .flags = SCREEN_UNTYPES,
    .keys = event_keys,
    .enter = event_enter,
    .refresh = card_refresh,
    .draw = card_draw,
    .act = event_act,
    .key = card_key,
    .can = event_can,
    .leave = card_leave,
};
