/* The list of communities by name, of one topic or one place when wished; typing searches. */
#include "screens/screens.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "kiosk/base/error.h"
#include "kiosk/base/i18n.h"
#include "kiosk/store/replica.h"
#include "kiosk/ui/input.h"
#include "kiosk/ui/list.h"
#include "kiosk/ui/shell.h"
#include "kiosk/ui/ui.h"
#include "screens/event_page.h"
#include "screens/find.h"
#include "screens/page.h"
#include "screens/pick.h"

enum { COMMUNITIES_HEAD = 3, COMMUNITIES_SEARCH_COLS = 34, COMMUNITIES_GAP = 4, COMMUNITIES_ROWS = 100,
       COMMUNITIES_MAX = 10000, COMMUNITIES_ITEM = 2 };
enum communities_action { COMMUNITIES_TOPIC = 1, COMMUNITIES_CITY, COMMUNITIES_ANY, COMMUNITIES_TOPIC_IS,
                          COMMUNITIES_CITY_IS };

struct communities {
    struct record_filter filter;
    struct input search;
    struct list list;
    struct find_topics topics;
    int first, held; /* row[0] is item `first` of the list */
    struct row *row; /* COMMUNITIES_ROWS, owned */
    bool wide;
    struct page page; /* about the focused one, when wide */
    char shown[CONTENT_ID];
};

/* arg: "" or "topic:ID". */
static void communities_enter(struct ui *ui, void *state, const char *arg)
{
    struct communities *s = state;
    (void)ui;
    s->row = mem_new(COMMUNITIES_ROWS, sizeof *s->row);
    s->search.max = 40;
    snprintf(s->filter.kind, sizeof s->filter.kind, "community");
    if (strncmp(arg, "topic:", 6) == 0)
        snprintf(s->filter.topic, sizeof s->filter.topic, "%s", arg + 6);
}

static const struct row *communities_at(const struct communities *s, int index)
{
    int i = index - s->first;
    return i >= 0 && i < s->held ? &s->row[i] : NULL;
}

static void communities_fetch(struct ui *ui, struct communities *s)
{
    int page = list_page(&s->list), last = s->list.top + page - 1;
    if (last >= s->list.count)
        last = s->list.count - 1;
    if (s->held > 0 && s->list.top >= s->first && last < s->first + s->held)
        return;
    int want = 2 * page + 1 < COMMUNITIES_ROWS ? 2 * page + 1 : COMMUNITIES_ROWS;
    s->first = s->list.top > page / 2 ? s->list.top - page / 2 : 0;
    s->held = replica_records(ui->replica, &s->filter, s->first, s->row, want);
}

static void communities_preview(struct ui *ui, struct communities *s)
{
    const struct row *focus = communities_at(s, s->list.cursor);
    struct content c;
    page_begin(&s->page);
    if (!focus || strcmp(s->shown, focus->id) != 0)
        page_top(&s->page);
    snprintf(s->shown, sizeof s->shown, "%s", focus ? focus->id : "");
    if (!s->wide || !focus || replica_get(ui->replica, focus->id, &c, NULL))
        return;
    community_page_fill(&s->page, ui, &c);
    page_place(&s->page, ui->rows - COMMUNITIES_HEAD, ui->cols / 2 - COMMUNITIES_GAP);
    content_done(&c);
}

static void communities_load(struct ui *ui, struct communities *s, bool start_over)
{
    s->wide = find_is_wide(ui->cols);
    snprintf(s->filter.text, sizeof s->filter.text, "%.95s", s->search.text);
    s->held = 0;
    if (start_over)
        list_set_cursor(&s->list, 0);
    list_place(&s->list, COMMUNITIES_HEAD, ui->rows - COMMUNITIES_HEAD, COMMUNITIES_ITEM);
    list_set_count(&s->list, replica_count_records(ui->replica, &s->filter, COMMUNITIES_MAX));
    communities_fetch(ui, s);
    communities_preview(ui, s);
}

static void communities_refresh(struct ui *ui, void *state)
{
    struct communities *s = state;
    find_topics_load(ui, &s->topics);
    communities_load(ui, s, false);
}

/* ---- keys */

static void communities_act(struct ui *ui, void *state, int action)
{
    struct communities *s = state;
    if (action == COMMUNITIES_TOPIC) {
        pick_open(ui, "topic", "community", COMMUNITIES_TOPIC_IS);
        return;
    }
    if (action == COMMUNITIES_CITY) {
        pick_open(ui, "city", "community", COMMUNITIES_CITY_IS);
        return;
    }
    if (action == COMMUNITIES_TOPIC_IS)
        snprintf(s->filter.topic, sizeof s->filter.topic, "%s", ui->answer);
    if (action == COMMUNITIES_CITY_IS)
        snprintf(s->filter.city, sizeof s->filter.city, "%s", ui->answer);
    if (action == COMMUNITIES_ANY) {
        s->filter.topic[0] = s->filter.city[0] = '\0';
        input_wipe(&s->search);
    }
    communities_load(ui, s, true);
}

static bool communities_can(const struct ui *ui, const void *state, int action)
{
    const struct communities *s = state;
    (void)ui;
    return action != COMMUNITIES_ANY || s->filter.topic[0] || s->filter.city[0] || s->search.text[0];
}

static bool communities_key(struct ui *ui, void *state, const struct key *k)
{
    struct communities *s = state;
    if (find_search_key(&s->search, k) == FIND_TYPED) {
        communities_load(ui, s, true);
        return true;
    }
    switch (list_key(&s->list, k)) {
    case LIST_CHOSEN:
        communities_fetch(ui, s);
        communities_preview(ui, s);
        shell_open(ui, SCREEN_COMMUNITY, communities_at(s, s->list.cursor) ? communities_at(s, s->list.cursor)->id : "");
        return true;
    case LIST_MOVED:
        communities_fetch(ui, s);
        communities_preview(ui, s);
        return true;
    default:
        return false;
    }
}

/* ---- drawing */

static void communities_draw_item(struct canvas area, int index, enum style style, const void *ctx)
{
    const struct communities *s = ctx;
    const struct row *row = communities_at(s, index);
    if (!row)
        return;
    const char *topic = find_topic_name(&s->topics, row->topic);
    char below[220];
    snprintf(below, sizeof below, "%s%s%s", row->place, row->place[0] && topic[0] ? " · " : "", topic);
    struct find_two two = {.name = row->name, .below = below, .name_cols = area.cols, .focus = style == STYLE_FOCUS};
    if (!find_draw_two(area, &two))
        canvas_text(area, 1, 0, style == STYLE_TEXT ? STYLE_DIM : style, below);
}

static void communities_draw_head(const struct communities *s, struct canvas head)
{
    char text[300] = "";
    size_t n = 0;
    if (s->filter.topic[0])
        n = (size_t)snprintf(text, sizeof text, _("Topic: %s"), find_topic_name(&s->topics, s->filter.topic));
    if (s->filter.city[0])
        snprintf(text + n, sizeof text - n, "%s%s", n ? " · " : "", s->filter.city);
    find_search_draw(canvas_area(head, 1, 0, 1, COMMUNITIES_SEARCH_COLS), &s->search);
    int left = COMMUNITIES_SEARCH_COLS + 2;
    canvas_text(canvas_area(head, 1, left, 1, head.cols - left), 0, 0, STYLE_STRONG, text);
    if (s->list.count == 0 || s->list.count >= COMMUNITIES_MAX)
        return;
    canvas_textf(head, 0, 0, STYLE_HEADING,
                 i18n_plural("%d community", "%d communities", (unsigned long)s->list.count), s->list.count);
}

static const char *communities_empty_text(const struct ui *ui, const struct communities *s)
{
    const char *why = find_why_empty(ui);
    if (why)
        return why;
    if (s->search.text[0])
        return _("Nobody was found for these letters. Esc empties the search.");
    if (s->filter.topic[0] || s->filter.city[0])
        return _("There is no community like this yet. Press Delete to see all.");
    return _("No communities are listed yet. They appear here by themselves.");
}

static void communities_draw(const struct ui *ui, const void *state, struct canvas body)
{
    const struct communities *s = state;
    int left = s->wide ? body.cols / 2 : body.cols;
    struct canvas list = canvas_area(body, COMMUNITIES_HEAD, 0, body.rows - COMMUNITIES_HEAD, left);
    struct list_look look = {.item = communities_draw_item, .ctx = s, .numbers = s->search.text[0] == '\0'};
    communities_draw_head(s, canvas_area(body, 0, 0, 2, body.cols));
    if (s->list.count == 0) {
        canvas_cursor(list, 1, 0);
        canvas_wrap(list, 1, STYLE_TEXT, communities_empty_text(ui, s));
        return;
    }
    list_draw(list, &s->list, &look);
    if (s->wide)
        page_draw(canvas_area(body, COMMUNITIES_HEAD, left + COMMUNITIES_GAP, list.rows,
                              body.cols - left - COMMUNITIES_GAP), &s->page);
}

static void communities_leave(struct ui *ui, void *state)
{
    struct communities *s = state;
    (void)ui;
    free(s->row);
    page_done(&s->page);
}

static const struct screen_key communities_keys[] = {
    {K_ENTER, N_("Open"), 0, N_("Choose what is marked with >")},
    {K_F3, N_("Topic"), COMMUNITIES_TOPIC, N_("Only one topic")},
    {K_F4, N_("Town"), COMMUNITIES_CITY, N_("Only one town or district")},
    {K_DELETE, N_("See all"), COMMUNITIES_ANY, N_("See everything again: all topics, all towns")},
    {0},
};

const struct screen screen_communities = {
    .name = "communities",
    .title = N_("Communities"),
    .state_size = sizeof(struct communities),
    .flags = SCREEN_UNTYPES,
    .keys = communities_keys,
    .enter = communities_enter,
    .refresh = communities_refresh,
    .draw = communities_draw,
    .act = communities_act,
    .key = communities_key,
    .can = communities_can,
    .leave = communities_leave,
};
