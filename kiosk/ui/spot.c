/* What can be chosen on a grid. */
#include "kiosk/ui/spot.h"

#include <stddef.h>

#include "kiosk/ui/keys.h"

static const struct spots spots_none;

void canvas_spot(struct canvas area, const struct spot *what)
{
    struct spots *s = area.grid->spots;
    if (!s || s->count == SPOTS_MAX || area.rows < 1 || area.cols < 1)
        return;
    struct spot *spot = &s->spot[s->count++];
    *spot = *what;
    spot->row = area.top;
    spot->col = area.left;
    spot->rows = area.rows;
    spot->cols = area.cols;
}

void spot_more(struct canvas line, int left)
{
    canvas_spot(line, &(struct spot){.kind = SPOT_MORE, .key = left > 0 ? K_PAGE_DOWN : K_PAGE_UP, .count = left});
}

const struct spots *canvas_grid_spots(const struct canvas_grid *g) { return g->spots ? g->spots : &spots_none; }

void canvas_grid_forget_spots(struct canvas_grid *g)
{
    if (g->spots)
        g->spots->count = 0;
}

const struct spot *spots_at(const struct spots *s, int row, int col)
{
    for (int i = s->count - 1; i >= 0; i--) {
        const struct spot *p = &s->spot[i];
        if (row >= p->row && row < p->row + p->rows && col >= p->col && col < p->col + p->cols)
            return p;
    }
    return NULL;
}

const struct spot *spots_focus(const struct spots *s)
{
    const struct spot *found = NULL;
    for (int i = 0; i < s->count; i++)
        if (s->spot[i].focus && (!found || s->spot[i].kind == SPOT_INPUT || found->kind == SPOT_FIELD))
            found = &s->spot[i];
    return found;
}
