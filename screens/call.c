/* One opportunity: until when, for whom, how to apply; below, signing up where that is done here, the code of the address to apply at,
 * and who is asking. F5 prints a reminder. */
#include "screens/screens.h"

#include <stdio.h>
#include <string.h>

#include "kiosk/base/i18n.h"
#include "kiosk/store/replica.h"
#include "kiosk/store/slip.h"
#include "kiosk/ui/ui.h"
#include "screens/call_page.h"
#include "screens/card.h"
#include "screens/find.h"
#include "screens/printing.h"

enum call_action { CALL_REMIND = 1 };

struct call {
    struct card card;
    struct printing printing;
    bool over;
};

/* The event one signs up for: its next time. */
static void call_add_event(struct ui *ui, struct card *s, const struct content *c)
{
    struct event_filter f = {.from = find_from(ui)};
    struct row row;
    char text[500], when[200];
    snprintf(f.event, sizeof f.event, "%s", c->event);
    if (!c->event[0] || replica_events(ui->replica, &f, 0, &row, 1) == 0)
        return;
    snprintf(text, sizeof text, _("Sign up: %s, %s"), row.name, find_when(when, sizeof when, ui, &row));
    card_add(s, &(struct card_line){.screen = SCREEN_EVENT, .arg = row.occurrence, .text = text, .style = STYLE_STRONG});
}

static void call_add_lines(struct ui *ui, struct card *s, const struct content *c)
{
    char text[700];
    call_add_event(ui, s, c);
    card_add_link(s, c->url, _("Apply: the address for your telephone"));
    for (int i = 0; i < CONTENT_LINKS; i++) {
        snprintf(text, sizeof text, _("For your telephone: %s"), c->link[i] ? c->link[i] : "");
        card_add_link(s, c->link[i], text);
    }
    if (!c->owner_id || !c->owner_name)
        return;
    snprintf(text, sizeof text, _("More about: %s"), c->owner_name);
    card_add(s, &(struct card_line){.screen = SCREEN_COMMUNITY, .arg = c->owner_id, .text = text});
}

static bool call_fill(struct ui *ui, struct card *s)
{
    struct call *own = (struct call *)s;
    struct content c;
    if (replica_get(ui->replica, s->id, &c, NULL))
        return false;
    own->over = call_is_over(ui, call_day(&c));
    call_page_fill(&s->page, ui, &c);
    call_add_lines(ui, s, &c);
    phone_make_aside(&s->phone, ui, c.url);
    content_done(&c);
    return true;
}

static const struct card_kind call_kind = {
    .gone = N_("This opportunity is no longer here. Press Esc to go back."),
    .fill = call_fill,
};

static void call_enter(struct ui *ui, void *state, const char *arg)
{
    struct call *s = state;
    (void)ui;
    card_enter(&s->card, &call_kind, arg);
}

static void call_refresh(struct ui *ui, void *state)
{
    struct call *s = state;
    card_refresh(ui, state);
    printing_look(ui, &s->printing);
}

static void call_tick(struct ui *ui, void *state)
{
    struct call *s = state;
    printing_look(ui, &s->printing);
}

static void call_act(struct ui *ui, void *state, int action)
{
    struct call *s = state;
    struct content c;
    char address[512];
    if (action != CALL_REMIND || replica_get(ui->replica, s->card.id, &c, NULL))
        return;
    snprintf(address, sizeof address, "%s%s%s", c.address ? c.address : "", c.address && c.city ? ", " : "", c.city ? c.city : "");
    const struct slip slip = {.kind = SLIP_REMINDER,
                              .title = c.name,
                              .lead = c.description,
                              .organiser = c.owner_name,
                              .address = address,
                              .telephone = c.telephone,
                              .email = c.email,
                              .joining = c.joining,
                              .url = c.url,
                              .until = c.valid_through};
    printing_start(ui, &s->printing, &slip);
    content_done(&c);
}

static bool call_can(const struct ui *ui, const void *state, int action)
{
    const struct call *s = state;
    (void)ui;
    return action != CALL_REMIND || (s->card.found && !s->over);
}

static const struct screen_key call_keys[] = {
    {K_ENTER, N_("Open"), 0, N_("Choose what is marked with >")},
    {K_F5, N_("Remind me"), CALL_REMIND, N_("Print a slip: what, until when, where to apply")},
    {0},
};

const struct screen screen_call = {
    .name = "call",
    .title = N_("Opportunity"),
    .state_size = sizeof(struct call),
    .tick_ms = PRINTING_TICK_MS,
    .flags = SCREEN_UNTYPES,
    .keys = call_keys,
    .enter = call_enter,
    .refresh = call_refresh,
    .draw = card_draw,
    .act = call_act,
    .key = card_key,
    .tick = call_tick,
    .leave = card_leave,
    .can = call_can,
};
