/* The choice of language, each by its own name. */
#include "screens/screens.h"

#include <stdio.h>
#include <string.h>

#include "kiosk/base/config.h"
#include "kiosk/base/i18n.h"
#include "kiosk/ui/list.h"
#include "kiosk/ui/shell.h"
#include "kiosk/ui/ui.h"

enum { LANGUAGE_MAX = 32, LANGUAGE_TOP = 2 };

struct language {
    struct list list;
    struct i18n_lang langs[LANGUAGE_MAX];
};

/* Is it among those the centre offers ("ru en", "": all)? */
static bool language_offered(const struct ui *ui, const char *code)
{
    const char *list = ui->config ? config_str(ui->config, "centre", "languages") : "";
    size_t n = strlen(code);
    for (const char *at = list; *at; at += strcspn(at, " ,"), at += strspn(at, " ,"))
        if (strcspn(at, " ,") == n && memcmp(at, code, n) == 0)
            return true;
    return !list[0];
}

static void language_enter(struct ui *ui, void *state, const char *arg)
{
    struct language *s = state;
    struct i18n_lang all[LANGUAGE_MAX];
    int n = i18n_list(all, LANGUAGE_MAX), kept = 0;
    (void)arg;
    s->list.gap = 1;
    s->list.row = LANGUAGE_TOP;
    for (int i = 0; i < n; i++)
        if (language_offered(ui, all[i].code))
            s->langs[kept++] = all[i];
    list_set_count(&s->list, kept);
    for (int i = 0; i < kept; i++)
        if (strcmp(s->langs[i].code, ui->lang) == 0)
            list_set_cursor(&s->list, i);
}

static void language_refresh(struct ui *ui, void *state)
{
    struct language *s = state;
    list_place(&s->list, LANGUAGE_TOP, ui->rows - LANGUAGE_TOP, 1);
}

static void language_item(struct canvas area, int index, enum style style, const void *ctx)
{
    const struct language *s = ctx;
    canvas_text(area, 0, 0, style == STYLE_FOCUS ? style : STYLE_STRONG, s->langs[index].name);
}

static void language_draw(const struct ui *ui, const void *state, struct canvas body)
{
    (void)ui;
    const struct language *s = state;
    struct list_look look = {.item = language_item, .ctx = s, .numbers = true};
    canvas_text(body, 0, 0, STYLE_HEADING, _("Choose the language of this screen"));
    list_draw(canvas_area(body, s->list.row, 0, s->list.rows, body.cols), &s->list, &look);
}

static bool language_key(struct ui *ui, void *state, const struct key *k)
{
    struct language *s = state;
    enum list_event what = list_key(&s->list, k);
    if (what == LIST_CHOSEN) {
        shell_set_lang(ui, s->langs[s->list.cursor].code);
        shell_back(ui);
    }
    return what != LIST_NOT_MINE;
}

static const struct screen_key language_keys[] = {{K_ENTER, N_("Choose"), 0, N_("Choose what is marked with >")}, {0}};

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
