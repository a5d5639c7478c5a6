/* Who could help whom: what one community seeks beside what another shares, the likeliest pairs first, each with its reason. */
#include "screens/screens.h"

#include <stdio.h>
#include <stdlib.h>

#include "kiosk/base/error.h"
#include "kiosk/base/i18n.h"
#include "kiosk/store/supply_match.h"
#include "kiosk/ui/list.h"
#include "kiosk/ui/shell.h"
#include "kiosk/ui/ui.h"
#include "screens/find.h"
#include "screens/resources.h"

enum { HELPS_MAX = 200, HELPS_HEAD = 2, HELPS_ITEM = 3 };

struct helps {
    struct list list;
    struct supply_pair *pair; /* owned */
};

static void helps_enter(struct ui *ui, void *state, const char *arg)
{
    struct helps *s = state;
    (void)ui, (void)arg;
    s->pair = mem_new(HELPS_MAX, sizeof *s->pair);
}

static void helps_refresh(struct ui *ui, void *state)
{
    struct helps *s = state;
    list_place(&s->list, HELPS_HEAD, ui->rows - HELPS_HEAD, HELPS_ITEM);
    s->list.gap = 1;
    list_set_count(&s->list, supply_pairs(ui->replica, find_city(ui), s->pair, HELPS_MAX));
}

static bool helps_key(struct ui *ui, void *state, const struct key *k)
{
    struct helps *s = state;
    switch (list_key(&s->list, k)) {
    case LIST_CHOSEN:
        shell_open(ui, SCREEN_RESOURCE, s->pair[s->list.cursor].want.id);
        return true;
    case LIST_MOVED:
        return true;
    default:
        return false;
    }
}

/* Three lines: who seeks what, who shares what, why. */
static void helps_draw_item(struct canvas area, int index, enum style style, const void *ctx)
{
    const struct helps *s = ctx;
    const struct supply_pair *pair = &s->pair[index];
    enum style quiet = style == STYLE_TEXT ? STYLE_DIM : style;
    char kind[120], why[300];
    snprintf(kind, sizeof kind, "%s", _(marks_resources[pair->want.kind].word));
    canvas_textf(area, 0, 0, style, _("Seeks: %s — %s"), pair->want.name, pair->want.owner_name);
    canvas_textf(area, 1, 0, style, _("Shares: %s — %s"), pair->offer.name, pair->offer.owner_name);
    canvas_textf(area, 2, 0, quiet, "%s · %s", kind, resources_reason(why, sizeof why, &pair->fit));
}

static void helps_draw(const struct ui *ui, const void *state, struct canvas body)
{
    const struct helps *s = state;
    struct list_look look = {.item = helps_draw_item, .ctx = s, .numbers = true};
    const char *why = find_why_empty(ui);
    struct canvas list = canvas_area(body, HELPS_HEAD, 0, body.rows - HELPS_HEAD, body.cols);
    canvas_text(body, 0, 0, STYLE_HEADING, _("What one seeks, another may have"));
    if (s->list.count == 0) {
        canvas_cursor(list, 0, 0);
        canvas_wrap(list, 0, STYLE_TEXT, why ? why : _("Just now nothing that is sought fits what is shared. Look again another day."));
        return;
    }
    list_draw(list, &s->list, &look);
}

static void helps_leave(struct ui *ui, void *state)
{
    struct helps *s = state;
    (void)ui;
    free(s->pair);
}

static const struct screen_key helps_keys[] = {
    {K_ENTER, N_("Open"), 0, N_("Open what is sought; there one can help, and see who else could")},
    {0},
};

const struct screen screen_helps = {
    .name = "helps",
    .title = N_("Who helps whom"),
    .state_size = sizeof(struct helps),
    .flags = SCREEN_UNTYPES,
    .keys = helps_keys,
    .enter = helps_enter,
    .refresh = helps_refresh,
    .draw = helps_draw,
    .key = helps_key,
    .leave = helps_leave,
};
