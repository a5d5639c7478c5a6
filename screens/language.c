/* The choice of language, each by its own name: whoever reads none of the others finds theirs. */
#include "screens/screens.h"

#include <string.h>

#include "kiosk/base/i18n.h"
#include "kiosk/ui/list.h"
#include "kiosk/ui/shell.h"
#include "kiosk/ui/ui.h"
#include "screens/lang.h"

enum { LANGUAGE_TOP = 2 };

struct language {
    struct i18n_lang lang[LANG_MAX];
    struct list list;
};

static void language_enter(struct ui *ui, void *state, const char *arg)
{
    struct language *s = state;
    (void)arg;
    int count = lang_offered(ui, s->lang, LANG_MAX);
    list_place(&s->list, LANGUAGE_TOP, count, 1);
    list_set_count(&s->list, count);
    for (int i = 0; i < count; i++)
        if (strcmp(s->lang[i].code, ui->lang) == 0)
            list_set_cursor(&s->list, i);
}

static void language_refresh(struct ui *ui, void *state)
{
    struct language *s = state;
    list_place(&s->list, LANGUAGE_TOP, ui->rows - LANGUAGE_TOP, 1);
}

static bool language_key(struct ui *ui, void *state, const struct key *k)
{
    struct language *s = state;
    switch (list_key(&s->list, k)) {
    case LIST_CHOSEN:
        shell_set_lang(ui, s->lang[s->list.cursor].code);
        shell_back(ui);
        return true;
    case LIST_MOVED:
        return true;
    default:
        return false;
    }
}

static void language_draw_item(struct canvas area, int index, enum style style, const void *ctx)
{
    const struct language *s = ctx;
    canvas_text(area, 0, 0, style, s->lang[index].name);
}

static void language_draw(const struct ui *ui, const void *state, struct canvas body)
{
    const struct language *s = state;
    struct list_look look = {.item = language_draw_item, .ctx = s, .numbers = true, .no_count = true};
    (void)ui;
    canvas_text(body, 0, 0, STYLE_HEADING, _("Choose the language of this screen"));
    list_draw(canvas_area(body, LANGUAGE_TOP, 0, body.rows - LANGUAGE_TOP, body.cols), &s->list, &look);
}

static const struct screen_key language_keys[] = {
    {K_ENTER, N_("Choose"), 0, N_("Choose what is marked with >")},
    {0},
};

const struct screen screen_language = {
    .name = "language",
    .title = N_("Language"),
    .state_size = sizeof(struct language),
    .keys = language_keys,
    .enter = language_enter,
    .refresh = language_refresh,
    .draw = language_draw,
    .key = language_key,
};
