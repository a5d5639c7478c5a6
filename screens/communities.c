/* The list of communities by name, of one topic or one place when wished; typing searches. */
#include "screens/screens.h"

#include <stdio.h>

#include "kiosk/base/i18n.h"
#include "screens/browse.h"
#include "screens/event_page.h"

enum communities_filter { COMMUNITIES_TOPIC, COMMUNITIES_CITY, COMMUNITIES_AGE, COMMUNITIES_LANGUAGE, COMMUNITIES_DAY };

static const struct browse_filter *const communities_filters[] = {
    [COMMUNITIES_TOPIC] = &browse_by_topic,
    [COMMUNITIES_CITY] = &browse_by_city,
    [COMMUNITIES_AGE] = &browse_by_age,
    [COMMUNITIES_LANGUAGE] = &browse_by_language,
    [COMMUNITIES_DAY] = &browse_by_day,
    NULL,
};

static void communities_heading(char *out, size_t size, int count)
{
    snprintf(out, size, i18n_plural("%d community", "%d communities", (unsigned long)count), count);
}

static void communities_below(char *out, size_t size, const struct browse *b, const struct row *row)
{
    const char *topic = find_topic_name(&b->topics, row->topic);
    snprintf(out, size, "%s%s%s", row->place, row->place[0] && topic[0] ? " · " : "", topic);
}

static const char *const communities_hints[] = {N_("Topic"), N_("Town"), N_("Age"), N_("Language"), N_("Day")};

static const struct screen_key communities_keys[] = {
    {K_ENTER, N_("Open"), 0, N_("Choose what is marked with >")},
    {K_F3, NULL, BROWSE_FILTER + COMMUNITIES_TOPIC, N_("Only one topic")},
    {K_F4, NULL, BROWSE_FILTER + COMMUNITIES_CITY, N_("Only one town or district")},
    {K_F5, NULL, BROWSE_FILTER + COMMUNITIES_AGE, N_("Only for children, teenagers, adults or people over 60")},
    {K_F6, NULL, BROWSE_FILTER + COMMUNITIES_LANGUAGE, N_("Only those where one language is spoken")},
    {K_F7, NULL, BROWSE_FILTER + COMMUNITIES_DAY, N_("Only those that meet on one day of the week")},
    {K_DELETE, N_("See all"), BROWSE_ALL, N_("See everything again: all topics, all towns, all ages")},
    {0},
};

static const struct browse_kind communities_kind = {
    .kind = "community",
    .screen = SCREEN_COMMUNITY,
    .filters = communities_filters,
    .heading = communities_heading,
    .below = communities_below,
    .fill = community_page_fill,
    .keys = communities_keys,
    .hints = communities_hints,
    .not_found = N_("Nobody was found for these letters. Esc empties the search."),
    .none_like = N_("There is no community like this yet. Press Delete to see all."),
    .none_yet = N_("No communities are listed yet. They appear here by themselves."),
};

/* arg: "" or "topic:ID" or "city:NAME". */
static void communities_enter(struct ui *ui, void *state, const char *arg)
{
    (void)ui;
    browse_enter(state, &communities_kind, arg);
}

const struct screen screen_communities = {
    .name = "communities",
    .title = N_("Communities"),
    .state_size = sizeof(struct browse),
    .flags = SCREEN_UNTYPES,
    .keys = communities_keys,
    .enter = communities_enter,
    .refresh = browse_refresh,
    .draw = browse_draw,
    .act = browse_act,
    .key = browse_key,
    .later = browse_later,
    .can = browse_can,
    .leave = browse_leave,
};
