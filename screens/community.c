/* One community: who they are, how to join, and below what one can open: its next events, its addresses on the internet. */
#include "screens/screens.h"

#include <stdio.h>
#include <string.h>

#include "kiosk/base/i18n.h"
#include "kiosk/store/replica.h"
#include "kiosk/ui/ui.h"
#include "screens/card.h"
#include "screens/event_page.h"
#include "screens/find.h"

enum { COMMUNITY_NEXT = 2, COMMUNITY_COUNT = 500 };

/* Its next events, and a line to all of them when there are more. */
static void community_add_events(struct ui *ui, struct card *s)
{
    struct event_filter f = {.from = find_from(ui)};
    struct row next[COMMUNITY_NEXT];
    char text[400], when[200];
    memcpy(f.community, s->id, sizeof f.community);
    int shown = replica_events(ui->replica, &f, 0, next, COMMUNITY_NEXT);
    int events = replica_count_events(ui->replica, &f, COMMUNITY_COUNT);
    for (int i = 0; i < shown; i++) {
        snprintf(text, sizeof text, "%s  %s", find_when(when, sizeof when, ui, &next[i]), next[i].name);
        card_add(s, &(struct card_line){.screen = SCREEN_EVENT, .arg = next[i].occurrence, .text = text});
    }
    if (events <= shown)
        return;
    snprintf(text, sizeof text, i18n_plural("See its %d event", "See all %d events", (unsigned long)events), events);
    snprintf(when, sizeof when, "community:%s", s->id);
    card_add(s, &(struct card_line){.screen = SCREEN_EVENTS, .arg = when, .text = text});
}

static void community_add_link(struct card *s, const char *url)
{
    char text[700];
    snprintf(text, sizeof text, _("For your telephone: %s"), url ? url : "");
    card_add_link(s, url, text);
}

static bool community_fill(struct ui *ui, struct card *s)
{
    struct content c;
    if (replica_get(ui->replica, s->id, &c, NULL))
        return false;
    community_page_fill(&s->page, ui, &c);
    community_add_events(ui, s);
    community_add_link(s, c.url);
    for (int i = 0; i < CONTENT_LINKS; i++)
        community_add_link(s, c.link[i]);
    phone_make_aside(&s->phone, ui, c.url);
    content_done(&c);
    return true;
}

static const struct card_kind community_kind = {
    .gone = N_("This community is no longer in the list. Press Esc to go back."),
    .fill = community_fill,
};

static void community_enter(struct ui *ui, void *state, const char *arg)
{
    (void)ui;
    card_enter(state, &community_kind, arg);
}

static const struct screen_key community_keys[] = {
    {K_ENTER, N_("Open"), 0, N_("Choose what is marked with >")},
    {0},
};

const struct screen screen_community = {
    .name = "community",
    .title = N_("Community"),
    .state_size = sizeof(struct card),
    .flags = SCREEN_UNTYPES,
    .keys = community_keys,
    .enter = community_enter,
    .refresh = card_refresh,
    .draw = card_draw,
    .key = card_key,
    .leave = card_leave,
};
