/* One community: who they are, how to join, what they offer and look for, and below what one can open: its next events, its addresses
 * on the internet, communities like it. */
#include "screens/screens.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "kiosk/base/error.h"
#include "kiosk/base/i18n.h"
#include "kiosk/store/marks.h"
#include "kiosk/store/match.h"
#include "kiosk/store/replica.h"
#include "kiosk/ui/ui.h"
#include "screens/card.h"
#include "screens/event_page.h"
#include "screens/find.h"

enum { COMMUNITY_NEXT = 2, COMMUNITY_COUNT = 500, COMMUNITY_RESOURCES = 8, COMMUNITY_LOOK = 300, COMMUNITY_RELATED = 3 };

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

/* ---- addresses */

/* What is behind an address, by its host; without scheme it is short enough to be read. */
static const char *community_host(const char *url)
{
    const char *host = strstr(url, "://");
    host = host ? host + 3 : url;
    return strncmp(host, "www.", 4) == 0 ? host + 4 : host;
}

static const char *community_site(const char *url)
{
    static const struct {
        const char *host, *name;
    } sites[] = {{"t.me/", "Telegram"},      {"vk.com/", N_("VK")},       {"ok.ru/", N_("Odnoklassniki")},        {"wa.me/", "WhatsApp"},
                 {"youtube.com/", "YouTube"}, {"rutube.ru/", "RuTube"}, {"facebook.com/", "Facebook"}, {"discord", "Discord"}};
    for (size_t i = 0; i < sizeof sites / sizeof sites[0]; i++)
        if (strncmp(community_host(url), sites[i].host, strlen(sites[i].host)) == 0)
            return _(sites[i].name);
    return _("Its page");
}

static void community_add_link(struct card *s, const char *url)
{
    char text[700];
    if (!url)
        return;
    snprintf(text, sizeof text, _("%s, for your telephone: %s"), community_site(url), community_host(url));
    card_add_link(s, url, text);
}

static void community_add_links(struct ui *ui, struct card *s, const struct content *c)
{
    community_add_link(s, c->url);
    for (int i = 0; i < CONTENT_LINKS; i++)
        community_add_link(s, c->link[i]);
    phone_make_aside(&s->phone, ui, c->url ? c->url : c->link[0]);
}

/* ---- what it offers and looks for */

static void community_add_resources(struct ui *ui, struct card *s)
{
    struct record_filter f = {.kind = "resource"};
    struct row rows[COMMUNITY_RESOURCES];
    char text[400];
    memcpy(f.owner, s->id, sizeof f.owner);
    int n = replica_records(ui->replica, &f, 0, rows, COMMUNITY_RESOURCES);
    for (int i = 0; i < n; i++) {
        snprintf(text, sizeof text, "%s: %s", rows[i].marks & MARK_WANT ? _("Looks for") : _("Offers"), rows[i].name);
        card_add(s, &(struct card_line){.screen = SCREEN_RESOURCE, .arg = rows[i].id, .text = text});
    }
}

/* ---- communities like it */

static void community_look(struct ui *ui, struct match_list *list, const struct record_filter *f, const char *own)
{
    struct candidate *c = mem_new(COMMUNITY_LOOK, sizeof *c);
    uint64_t marks = MARK_ADULTS | MARK_ELDERLY;
    int n = replica_candidates(ui->replica, f, c, COMMUNITY_LOOK);
    for (int i = 0; i < n; i++)
        marks = strcmp(c[i].id, own) == 0 ? c[i].marks : marks;
    for (int i = 0; i < n; i++) {
        struct match_candidate offered = {.key = c[i].ord, .turn = match_turn(c[i].ord, ui->today),
                                          .match = {.score = match_likeness(marks, c[i].marks)}};
        if (strcmp(c[i].id, own) != 0)
            match_offer(list, &offered);
    }
    free(c);
}

/* Of its topic in its town, those for people of the same ages first; elsewhere when there is none. */
static void community_add_related(struct ui *ui, struct card *s, const struct content *c)
{
    struct record_filter f = {.kind = "community"};
    struct match_list list = {0};
    char text[400];
    if (c->topic_count == 0)
        return;
    memcpy(f.topic, c->topic[0], sizeof f.topic);
    snprintf(f.city, sizeof f.city, "%.95s", c->city ? c->city : "");
    community_look(ui, &list, &f, s->id);
    f.city[0] = '\0';
    if (list.count == 0)
        community_look(ui, &list, &f, s->id);
    for (int i = 0; i < list.count && i < COMMUNITY_RELATED; i++) {
        struct row row;
        if (!replica_row(ui->replica, list.best[i].key, &row))
            continue;
        snprintf(text, sizeof text, _("Similar: %s"), row.name);
        card_add(s, &(struct card_line){.screen = SCREEN_COMMUNITY, .arg = row.id, .text = text});
    }
}

/* ---- the whole */

static bool community_fill(struct ui *ui, struct card *s)
{
    struct content c;
    if (replica_get(ui->replica, s->id, &c, NULL))
        return false;
    community_page_fill(&s->page, ui, &c);
    community_add_events(ui, s);
    community_add_links(ui, s, &c);
    community_add_resources(ui, s);
    community_add_related(ui, s, &c);
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
