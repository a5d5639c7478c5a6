/* What a finger or a mouse means: the bottom line, marked places, the keyboard on the screen, and else a click for the screen. */
#include "kiosk/ui/shell.h"

#include <string.h>

#include "kiosk/ui/shell_state.h"
#include "kiosk/ui/spot.h"

static struct key shell_key_of(int key)
{
    return key < K_CHAR ? (struct key){.code = K_CHAR, .ch = (uint32_t)key} : (struct key){.code = (enum key_code)key};
}

int shell_rows(const struct shell *s) { return s->rows - (s->osk.shown ? OSK_ROWS : 0); }

void shell_note_spots(struct shell *s, const struct canvas_grid *g)
{
    const struct spots *spots = canvas_grid_spots(g);
    s->marked = 0;
    for (int i = 0; i < spots->count; i++)
        if (spots->spot[i].key && s->marked < SHELL_MARKED)
            s->mark[s->marked++] = spots->spot[i];
}

/* A touch on the bottom line is the key named there, on a marked place the key it stands for; elsewhere it counts from the body's corner. */
struct key shell_aim(const struct shell *s, const struct key *k)
{
    struct key out = *k;
    if (k->code != K_CLICK && k->code != K_WHEEL_UP && k->code != K_WHEEL_DOWN)
        return out;
    const struct screen *screen = shell_top(s)->screen;
    struct shell_item items[SHELL_ITEMS];
    bool bottom = k->code == K_CLICK && k->row == shell_rows(s) - 1 && !(screen->flags & SCREEN_FULL);
    int n = bottom ? shell_footer(s, items) : 0;
    for (int i = 0; i < n; i++)
        if (k->col >= items[i].col && k->col < items[i].col + items[i].cols)
            return shell_key_of(items[i].key);
    for (int i = 0; k->code == K_CLICK && i < s->marked; i++)
        if (k->row >= s->mark[i].row && k->row < s->mark[i].row + s->mark[i].rows && k->col >= s->mark[i].col &&
            k->col < s->mark[i].col + s->mark[i].cols)
            return shell_key_of(s->mark[i].key);
    struct canvas_grid size = {.rows = shell_rows(s), .cols = s->cols};
    struct canvas body = shell_body(s, screen, canvas_all(&size));
    out.row -= body.top;
    out.col -= body.left;
    return out;
}

/* ---- the keyboard on the screen */

/* The line that is typed into, or letters are searched with; false: none. */
static bool shell_find_typed(struct shell *s, struct spot *out)
{
    struct canvas_grid g;
    bool dirty = s->dirty, found = false;
    canvas_grid_init(&g, s->rows, s->cols);
    shell_draw(s, &g);
    s->dirty = dirty;
    const struct spots *spots = canvas_grid_spots(&g);
    for (int i = 0; i < spots->count; i++)
        if (spots->spot[i].kind == SPOT_INPUT || (!found && spots->spot[i].kind == SPOT_SEARCH)) {
            *out = spots->spot[i];
            found = true;
        }
    memset(g.cells, 0, (size_t)g.rows * (size_t)g.cols * sizeof *g.cells);
    canvas_grid_done(&g);
    return found;
}

bool shell_osk_take(struct shell *s, const struct key *k, struct key *out)
{
    *out = *k;
    if (k->code != K_CLICK || !s->osk.shown || k->row < shell_rows(s))
        return true;
    struct osk_touch at = {.row = k->row - shell_rows(s), .col = k->col, .cols = s->cols, .capital = s->osk_capital};
    return osk_press(&s->osk, &at, out);
}

/* Is a line that is typed into touched, or a field that has one? */
static bool shell_osk_asked(struct shell *s, const struct key *k)
{
    struct canvas_grid g;
    if (k->code != K_CLICK || !osk_fits(s->rows, s->cols) || (s->osk.shown && k->row >= shell_rows(s)))
        return false;
    canvas_grid_init(&g, s->rows, s->cols);
    bool dirty = s->dirty;
    shell_draw(s, &g);
    s->dirty = dirty;
    const struct spot *spot = spots_at(canvas_grid_spots(&g), k->row, k->col);
    bool asked = spot && (spot->kind == SPOT_INPUT || spot->kind == SPOT_SEARCH || spot->kind == SPOT_FIELD);
    memset(g.cells, 0, (size_t)g.rows * (size_t)g.cols * sizeof *g.cells);
    canvas_grid_done(&g);
    return asked;
}

bool shell_osk_touch(struct shell *s, const struct key *k)
{
    if (!shell_osk_asked(s, k))
        return false;
    bool again = s->osk.wanted && s->osk.serial == shell_top(s)->serial;
    if (!again)
        s->osk = (struct osk){.layout = strcmp(s->ui->lang, "en") == 0 ? OSK_LATIN : OSK_CYRILLIC, .shown = s->osk.shown};
    s->osk.wanted = true;
    s->osk.serial = shell_top(s)->serial;
    return true;
}

/* Letters begin a name where nothing stands yet; only there they are capitals by themselves. */
bool shell_osk_settle(struct shell *s)
{
    struct spot typed;
    bool was = s->osk.shown;
    if (!s->osk.wanted && !was)
        return false;
    bool kept = false;
    for (int i = 0; i < s->depth; i++)
        kept = kept || s->frame[i].serial == s->osk.serial;
    s->osk.wanted = s->osk.wanted && kept && osk_fits(s->rows, s->cols);
    s->osk.shown = s->osk.wanted && s->osk.serial == shell_top(s)->serial && shell_find_typed(s, &typed);
    s->osk_capital = s->osk.shown && typed.kind == SPOT_INPUT && typed.chars == 0;
    return s->osk.shown != was;
}
