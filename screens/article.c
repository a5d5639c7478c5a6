/* One article to read: below it its addresses by the numbers they have in the text, and what belongs to it. */
#include "screens/screens.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "kiosk/base/error.h"
#include "kiosk/base/i18n.h"
#include "kiosk/base/markup.h"
#include "kiosk/store/replica.h"
#include "kiosk/store/slip.h"
#include "kiosk/ui/ui.h"
#include "screens/article_page.h"
#include "screens/card.h"
#include "screens/printing.h"

enum { ARTICLE_LIST_ROWS = 4, ARTICLE_RELATED = 3, ARTICLE_LOOK = 100 };
enum article_action { ARTICLE_PRINT = 1 };

struct article {
    struct card card;
    struct printing printing;
};

static void article_add_links(struct card *s, const struct content *c)
{
    struct markup m;
    char text[2 * MARKUP_URL];
    markup_parse(&m, c->body);
    for (int i = 0; i < m.links; i++) {
        const struct markup_link *link = &m.link[i];
        bool bare = strstr(link->url, link->words) != NULL;
        snprintf(text, sizeof text, "[%d] %s%s%s", i + 1, link->words, bare ? "" : ": ", bare ? "" : link->url);
        card_add_link(s, link->url, text);
    }
    markup_done(&m);
    card_add_link(s, c->url, _("This article on the internet, for your telephone"));
}

/* ---- what else to read */

struct article_also {
    char id[ARTICLE_RELATED][CONTENT_ID];
    int count;
};

static void article_also(struct ui *ui, struct card *s, struct article_also *also, const char *id)
{
    struct content c;
    char text[400];
    bool there = also->count == ARTICLE_RELATED || strcmp(id, s->id) == 0;
    for (int i = 0; i < also->count; i++)
        there |= strcmp(also->id[i], id) == 0;
    if (there || replica_get(ui->replica, id, &c, NULL))
        return;
    if (strcmp(c.kind, "article") == 0) {
        snprintf(also->id[also->count++], CONTENT_ID, "%s", id);
        snprintf(text, sizeof text, _("Read also: %s"), c.name);
        card_add(s, &(struct card_line){.screen = SCREEN_ARTICLE, .arg = id, .text = text});
    }
    content_done(&c);
}

/* Those of the topic that follow this one by name, so that not every article leads to the same few. */
static void article_also_of_topic(struct ui *ui, struct card *s, struct article_also *also, const char *topic)
{
    struct record_filter f = {.kind = "article"};
    struct row *rows = mem_new(ARTICLE_LOOK, sizeof *rows);
    snprintf(f.topic, sizeof f.topic, "%s", topic);
    int count = replica_records(ui->replica, &f, 0, rows, ARTICLE_LOOK), own = 0;
    while (own < count && strcmp(rows[own].id, s->id) != 0)
        own++;
    for (int i = 1; i < count && also->count < ARTICLE_RELATED; i++)
        article_also(ui, s, also, rows[(own + i) % count].id);
    free(rows);
}

static void article_add_related(struct ui *ui, struct card *s, const struct content *c)
{
    struct article_also also = {.count = 0};
    for (int i = 0; i < CONTENT_RELATED && c->related[i][0]; i++)
        article_also(ui, s, &also, c->related[i]);
    for (int i = 0; i < c->topic_count; i++)
        article_also_of_topic(ui, s, &also, c->topic[i]);
}

/* ---- the screen */

static bool article_fill(struct ui *ui, struct card *s)
{
    struct content c;
    if (replica_get(ui->replica, s->id, &c, NULL))
        return false;
    s->page.counts_pages = true;
    article_page_fill(&s->page, ui, &c);
    article_add_links(s, &c);
    article_add_related(ui, s, &c);
    phone_make_aside(&s->phone, ui, c.url);
    content_done(&c);
    return true;
}

static const struct card_kind article_kind = {
    .rows = ARTICLE_LIST_ROWS,
    .gone = N_("This article is no longer here. Press Esc to go back."),
    .fill = article_fill,
};

static void article_enter(struct ui *ui, void *state, const char *arg)
{
    struct article *s = state;
    (void)ui;
    card_enter(&s->card, &article_kind, arg);
}

static void article_refresh(struct ui *ui, void *state)
{
    struct article *s = state;
    card_refresh(ui, state);
    printing_look(ui, &s->printing);
}

static void article_tick(struct ui *ui, void *state)
{
    struct article *s = state;
    printing_look(ui, &s->printing);
}

static void article_act(struct ui *ui, void *state, int action)
{
    struct article *s = state;
    struct content c;
    if (action != ARTICLE_PRINT || replica_get(ui->replica, s->card.id, &c, NULL))
        return;
    const struct slip slip = {.kind = SLIP_ARTICLE, .title = c.name, .lead = c.description, .body = c.body, .url = c.url};
    printing_start(ui, &s->printing, &slip);
    content_done(&c);
}

static bool article_can(const struct ui *ui, const void *state, int action)
{
    const struct article *s = state;
    (void)ui;
    return action != ARTICLE_PRINT || s->card.found;
}

static const struct screen_key article_keys[] = {
    {K_ENTER, N_("Open"), 0, N_("Choose what is marked with >")},
    {K_F5, N_("Print"), ARTICLE_PRINT, N_("Print this article to take it along")},
    {K_PAGE_DOWN, N_("Read on"), 0, N_("Turn the page")},
    {0},
};

const struct screen screen_article = {
    .name = "article",
    .title = N_("Good to know"),
    .state_size = sizeof(struct article),
    .tick_ms = PRINTING_TICK_MS,
    .flags = SCREEN_UNTYPES,
    .keys = article_keys,
    .enter = article_enter,
    .refresh = article_refresh,
    .draw = card_draw,
    .act = article_act,
    .key = card_key,
    .tick = article_tick,
    .leave = card_leave,
    .can = article_can,
};
