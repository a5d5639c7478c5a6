/* Where one is. */
#include "kiosk/ui/where.h"

#include <stdio.h>
#include <string.h>

#include "kiosk/base/i18n.h"
#include "kiosk/ui/plain_read.h"
#include "kiosk/ui/shell_state.h"

/* The field around the line that is typed into says more than the line. */
static const struct spot *where_spot(const struct spots *spots)
{
    for (int i = 0; i < spots->count; i++)
        if (spots->spot[i].kind == SPOT_FIELD && spots->spot[i].focus)
            return &spots->spot[i];
    return spots_focus(spots);
}

static void where_draw(struct shell *s, struct canvas_grid *g)
{
    bool dirty = s->dirty;
    canvas_grid_init(g, s->rows, s->cols);
    g->plain = true;
    shell_draw(s, g);
    s->dirty = dirty;
}

static void where_wipe(struct canvas_grid *g)
{
    memset(g->cells, 0, (size_t)g->rows * (size_t)g->cols * sizeof *g->cells);
    canvas_grid_done(g);
}

void where_read(struct shell *s, char *out, size_t size)
{
    struct canvas_grid g;
    struct buf text;
    buf_init(&text, size > 3 ? size - 3 : 0);
    where_draw(s, &g);
    plain_read_grid(&text, &g);
    for (char *c = text.data; *c; c++)
        *c = *c == '\n' ? ' ' : *c;
    if (text.len > 0)
        snprintf(out, size, ". %s", text.data);
    where_wipe(&g);
    buf_wipe(&text);
    buf_done(&text);
}

void where_look(struct shell *s, struct where *out)
{
    struct canvas_grid g;
    const struct screen *screen = shell_top(s)->screen;
    *out = (struct where){.serial = shell_top(s)->serial};
    where_draw(s, &g);
    const struct spots *spots = canvas_grid_spots(&g);
    const struct spot *spot = where_spot(spots), *typed = spots_focus(spots);
    if (screen->title && !(screen->flags & SCREEN_FULL))
        snprintf(out->title, sizeof out->title, "%s", _(screen->title));
    if (spot && spot->count > 1)
        snprintf(out->place, sizeof out->place, _("%d of %d"), spot->index + 1, spot->count);
    if (spot)
        plain_read_spot(&g, spot, spot->rows, out->focus, sizeof out->focus);
    if (typed && typed->kind == SPOT_INPUT)
        plain_read_spot(&g, typed, 1, out->typed, sizeof out->typed);
    out->secret = typed && typed->secret;
    where_wipe(&g);
}

char *where_words(const struct where *w, char *out, size_t size)
{
    snprintf(out, size, "%s%s%s%s%s", w->title, w->title[0] && w->place[0] ? ". " : "", w->place,
             (w->title[0] || w->place[0]) && w->focus[0] ? ". " : "", w->focus);
    return out;
}

void where_tell(struct shell *s)
{
    struct where w;
    char text[SHELL_TEXT];
    where_look(s, &w);
    shell_flash(s->ui, STYLE_TEXT, where_words(&w, text, sizeof text));
    explicit_bzero(&w, sizeof w);
    explicit_bzero(text, sizeof text);
}
