/* The articles: by name, of one topic when wished; typing searches and shows the place where the words stand. */
#include "screens/screens.h"

#include <stdio.h>

#include "kiosk/base/i18n.h"
#include "screens/article_page.h"
#include "screens/browse.h"

enum articles_filter { ARTICLES_TOPIC };

static const struct browse_filter *const articles_filters[] = {
    [ARTICLES_TOPIC] = &browse_by_topic,
    NULL,
};

static void articles_heading(char *out, size_t size, int count)
{
    snprintf(out, size, i18n_plural("%d article", "%d articles", (unsigned long)count), count);
}

static const struct browse_kind articles_kind = {
    .kind = "article",
    .screen = SCREEN_ARTICLE,
    .filters = articles_filters,
    .heading = articles_heading,
    .fill = article_page_fill,
    .notes = true,
    .not_found = N_("No article has these words. Esc empties the search."),
    .none_like = N_("There is no article on this yet. Press Delete to see all."),
    .none_yet = N_("There are no articles yet. They appear here by themselves."),
};

/* arg: "" or "topic:ID". */
static void articles_enter(struct ui *ui, void *state, const char *arg)
{
    (void)ui;
    browse_enter(state, &articles_kind, arg);
}

static const struct screen_key articles_keys[] = {
    {K_ENTER, N_("Read"), 0, N_("Choose what is marked with >")},
    {K_F3, N_("Topic"), BROWSE_FILTER + ARTICLES_TOPIC, N_("Only one topic")},
    {K_DELETE, N_("See all"), BROWSE_ALL, N_("See all articles again")},
    {0},
};

const struct screen screen_articles = {
    .name = "articles",
    .title = N_("Good to know"),
    .state_size = sizeof(struct browse),
    .flags = SCREEN_UNTYPES,
    .keys = articles_keys,
    .enter = articles_enter,
    .refresh = browse_refresh,
    .draw = browse_draw,
    .act = browse_act,
    .key = browse_key,
    .later = browse_later,
    .can = browse_can,
    .leave = browse_leave,
};
