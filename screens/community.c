/* One community: who they are, how to join, and below what one can open: its next events, its addresses on the internet. */
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

enum { COMMUNITY_NEXT = 2, COMMUNITY_OFFERS = COMMUNITY_NEXT + 2 + CONTENT_LINKS, COMMUNITY_ROWS = 6, COMMUNITY_COUNT = 500 };

struct community {
    char id[CONTENT_ID];
    bool found;
    struct content content;
    struct row next[COMMUNITY_NEXT]; /* its next events */
    int next_count, events;
    struct list list; /* the next events, "all events" when there are more, then the addresses */
    struct page page;
    struct phone phone; /* of its address, beside the page where there is room */
};

static void community_enter(struct ui *ui, void *state, const char *arg)
{
    struct community *s = state;
    (void)ui;
    snprintf(s->id, sizeof s->id, "%s", arg);
}

static bool community_has_all(const struct community *s) { return s->events > s->next_count; }

/* The address behind line `index` of the list, NULL when it is an event's. */
static const char *community_link(const struct community *s, int index)
{
    int at = index - s->next_count - community_has_all(s);
    if (s->content.url && at == 0)
        return s->content.url;
    at -= s->content.url != NULL;
    return at >= 0 && at < CONTENT_LINKS ? s->content.link[at] : NULL;
}

static void community_count(struct ui *ui, struct community *s)
{
    struct event_filter f = {.from = find_from(ui)};
    memcpy(f.community, s->id, sizeof f.community);
    s->next_count = replica_events(ui->replica, &f, 0, s->next, COMMUNITY_NEXT);
    s->events = replica_count_events(ui->replica, &f, COMMUNITY_COUNT);
    int count = s->next_count + community_has_all(s) + (s->content.url != NULL);
    for (int i = 0; i < CONTENT_LINKS; i++)
        count += s->content.link[i] != NULL;
    list_set_count(&s->list, count);
}

static void community_refresh(struct ui *ui, void *state)
{
    struct community *s = state;
    content_done(&s->content);
    page_begin(&s->page);
    s->found = replica_get(ui->replica, s->id, &s->content, NULL) == ERR_NONE;
    if (!s->found) {
        list_set_count(&s->list, 0);
        return;
    }
    community_count(ui, s);
    int rows = s->list.count < COMMUNITY_ROWS ? s->list.count : COMMUNITY_ROWS;
    community_page_fill(&s->page, ui, &s->content);
    phone_make_aside(&s->phone, ui, s->content.url);
    list_place(&s->list, page_place_above(&s->page, ui, rows), rows, 1);
}

static void community_choose(struct ui *ui, const struct community *s, int index)
{
    char arg[80];
    if (index < s->next_count) {
        shell_open(ui, SCREEN_EVENT, s->next[index].occurrence);
    } else if (community_link(s, index)) {
        shell_open(ui, SCREEN_LINK, community_link(s, index));
    } else {
        snprintf(arg, sizeof arg, "community:%s", s->id);
        shell_open(ui, SCREEN_EVENTS, arg);
    }
}

static bool community_key(struct ui *ui, void *state, const struct key *k)
{
    struct community *s = state;
    bool page_first = k->code == K_PAGE_UP || k->code == K_PAGE_DOWN || k->code == K_END || k->code == K_WHEEL_UP ||
                      k->code == K_WHEEL_DOWN || s->list.count < 2;
    if (page_first && page_key(&s->page, k))
        return true;
    switch (list_key(&s->list, k)) {
    case LIST_CHOSEN:
        community_choose(ui, s, s->list.cursor);
        return true;
    case LIST_MOVED:
        return true;
    default:
        return page_key(&s->page, k);
    }
}

struct community_look {
    const struct ui *ui;
    const struct community *s;
};

static void community_draw_offer(struct canvas area, int index, enum style style, const void *ctx)
{
    const struct community_look *look = ctx;
    const struct community *s = look->s;
    char text[400];
    const char *link = community_link(s, index);
    if (index < s->next_count)
        canvas_textf(area, 0, 0, style, "%s  %s", find_when(text, sizeof text, look->ui, &s->next[index]),
                     s->next[index].name);
    else if (link)
        canvas_textf(area, 0, 0, style, _("For your telephone: %s"), link);
    else
        canvas_textf(area, 0, 0, style, i18n_plural("See its %d event", "See all %d events", (unsigned long)s->events),
                     s->events);
}

static void community_draw(const struct ui *ui, const void *state, struct canvas body)
{
    const struct community *s = state;
    if (!s->found) {
        canvas_wrap(body, 1, STYLE_TEXT, _("This community is no longer in the list. Press Esc to go back."));
        return;
    }
    page_draw(body, &s->page);
    phone_draw_aside(body, &s->phone);
    if (s->list.count == 0)
        return;
    struct community_look ctx = {.ui = ui, .s = s};
    struct list_look look = {.item = community_draw_offer, .ctx = &ctx, .numbers = true, .no_count = true};
    int cols = s->phone.shown ? PHONE_ASIDE_COLS - 4 : body.cols;
    canvas_rule(canvas_area(body, s->list.row - 1, 0, 1, cols), 0, STYLE_BOX);
    list_draw(canvas_area(body, s->list.row, 0, s->list.rows, cols), &s->list, &look);
}

static void community_leave(struct ui *ui, void *state)
{
    struct community *s = state;
    (void)ui;
    content_done(&s->content);
    page_done(&s->page);
}

static const struct screen_key community_keys[] = {
    {K_ENTER, N_("Open"), 0, N_("Choose what is marked with >")},
    {0},
};

const struct screen screen_community = {
    .name = "community",
    .title = N_("Community"),
    .state_size = sizeof(struct community),
    .flags = SCREEN_UNTYPES,
    .keys = community_keys,
    .enter = community_enter,
    .refresh = community_refresh,
    .draw = community_draw,
    .key = community_key,
    .leave = community_leave,
};
