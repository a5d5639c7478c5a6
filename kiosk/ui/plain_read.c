/* Reading a grid in lines, and naming keys in words. */
#include "kiosk/ui/plain_read.h"

#include <stdio.h>
#include <string.h>

#include "kiosk/base/i18n.h"
#include "kiosk/base/text.h"

/* ---- numbers */

static bool plain_is_answer(const struct spot *s) { return s->kind == SPOT_ROW || s->kind == SPOT_OPTION; }

int plain_number(const struct spots *spots, int i)
{
    int before = 0;
    if (plain_is_answer(&spots->spot[i]))
        return spots->spot[i].index + 1;
    if (spots->spot[i].kind != SPOT_BUTTON)
        return 0;
    for (int k = 0; k < spots->count; k++) {
        if (plain_is_answer(&spots->spot[k]))
            before = spots->spot[k].count > before ? spots->spot[k].count : before;
    }
    for (int k = 0; k < i; k++)
        before += spots->spot[k].kind == SPOT_BUTTON;
    return before + 1;
}

/* ---- the grid */

/* Frames, rules and blocks are for eyes. */
static bool plain_is_shape(const struct cell *cell)
{
    uint32_t cp;
    if (!cell->text[0])
        return true;
    text_decode(cell->text, strlen(cell->text), &cp);
    return cp == ' ' || (cp >= 0x2500 && cp < 0x25A0);
}

/* Where a run of cells ends up: one space between words, two where there were more. */
struct plain_run {
    struct buf *out;
    size_t start;
    int blanks;
};

static void plain_run_cell(struct plain_run *r, const struct cell *cell)
{
    if (cell->width == 0)
        return;
    if (plain_is_shape(cell)) {
        r->blanks++;
        return;
    }
    if (r->out->len > r->start && r->blanks > 0)
        buf_add_str(r->out, r->blanks > 1 ? "  " : " ");
    r->blanks = 0;
    buf_add_str(r->out, cell->text);
}

static void plain_cut(struct buf *out, size_t len)
{
    out->len = len;
    out->data[len] = '\0';
}

static bool plain_run_cells(struct buf *out, const struct canvas_grid *g, const struct spot *where, int row)
{
    struct plain_run r = {.out = out, .start = out->len};
    for (int col = where->col; col < where->col + where->cols; col++)
        plain_run_cell(&r, canvas_grid_cell(g, row, col));
    return out->len > r.start;
}

/* What stands in a row outside of what has a number. */
static void plain_read_rest(struct buf *out, const struct canvas_grid *g, int row)
{
    const struct spots *spots = canvas_grid_spots(g);
    static const struct cell blank = {.text = " ", .width = 1};
    struct plain_run r = {.out = out, .start = out->len};
    for (int col = 0; col < g->cols; col++) {
        bool taken = false;
        for (int i = 0; i < spots->count && !taken; i++) {
            const struct spot *s = &spots->spot[i];
            taken = plain_number(spots, i) > 0 && row >= s->row && row < s->row + s->rows && col >= s->col && col < s->col + s->cols;
        }
        plain_run_cell(&r, taken ? &blank : canvas_grid_cell(g, row, col));
    }
    if (out->len > r.start)
        buf_add_char(out, '\n');
}

static void plain_read_numbered(struct buf *out, const struct canvas_grid *g, int i)
{
    const struct spots *spots = canvas_grid_spots(g);
    const struct spot *s = &spots->spot[i];
    buf_addf(out, "%d. ", plain_number(spots, i));
    for (int row = s->row; row < s->row + s->rows; row++) {
        size_t start = out->len;
        if (row > s->row)
            buf_add_str(out, "   ");
        if (plain_run_cells(out, g, s, row))
            buf_add_char(out, '\n');
        else if (row > s->row)
            plain_cut(out, start);
        else
            buf_add_char(out, '\n');
    }
}

void plain_read_grid(struct buf *out, const struct canvas_grid *g)
{
    const struct spots *spots = canvas_grid_spots(g);
    for (int row = 0; row < g->rows; row++) {
        plain_read_rest(out, g, row);
        for (int i = 0; i < spots->count; i++)
            if (spots->spot[i].row == row && plain_number(spots, i) > 0)
                plain_read_numbered(out, g, i);
    }
}

char *plain_read_spot(const struct canvas_grid *g, const struct spot *spot, int rows, char *out, size_t size)
{
    struct buf text;
    buf_init(&text, size - 1);
    for (int row = spot->row; row < spot->row + spot->rows && row < spot->row + rows; row++) {
        size_t start = text.len;
        if (start > 0)
            buf_add_str(&text, "  ");
        if (!plain_run_cells(&text, g, spot, row))
            plain_cut(&text, start);
    }
    snprintf(out, size, "%s", text.data);
    buf_wipe(&text);
    buf_done(&text);
    return out;
}

/* ---- words for keys */

static int plain_command_add(struct plain_command *list, int n, struct plain_command c)
{
    if (n == PLAIN_COMMANDS || !c.label)
        return n;
    list[n] = c;
    return n + 1;
}

static bool plain_letter_taken(const struct plain_command *list, int n, const char *letter)
{
    for (int i = 0; i < n; i++)
        if (strcmp(list[i].letter, letter) == 0)
            return true;
    return false;
}

/* The first letter of its label that no other command has. */
static void plain_give_letter(struct plain_command *list, int count, int i)
{
    char folded[300];
    size_t n, len = text_fold(folded, sizeof folded, list[i].label);
    list[i].letter[0] = '\0';
    for (size_t at = 0; at < len; at += n) {
        char letter[8] = "";
        uint32_t cp;
        n = text_decode(folded + at, len - at, &cp);
        if (n >= sizeof letter || cp < 'A' || (cp > 'z' && cp < 0xC0) || cp == 0xFFFD)
            continue;
        memcpy(letter, folded + at, n);
        if (plain_letter_taken(list, count, letter))
            continue;
        memcpy(list[i].letter, letter, sizeof letter);
        return;
    }
}

/* Those that mean the same everywhere have the same letter everywhere: they choose first. */
static void plain_give_letters(struct plain_command *list, int n)
{
    static const int first[] = {K_ESC, K_F1, K_F2, K_HOME, K_PAGE_DOWN, K_PAGE_UP};
    for (size_t k = 0; k < sizeof first / sizeof first[0]; k++)
        for (int i = 0; i < n; i++)
            if (list[i].what == PLAIN_KEY && list[i].key == first[k])
                plain_give_letter(list, n, i);
    for (int i = 0; i < n; i++)
        if (!list[i].letter[0])
            plain_give_letter(list, n, i);
}

/* Is there more of a list or a text, before (step -1) or after what is shown? */
static bool plain_has_more(const struct spots *spots, int step)
{
    for (int i = 0; i < spots->count; i++) {
        const struct spot *s = &spots->spot[i], *next = i + 1 < spots->count ? s + 1 : NULL;
        bool first = i == 0 || s[-1].kind != SPOT_ROW, last = !next || next->kind != SPOT_ROW;
        if (s->kind == SPOT_MORE && (step > 0) == (s->count > 0))
            return true;
        if (s->kind == SPOT_ROW && ((step > 0 && last && s->index + 1 < s->count) || (step < 0 && first && s->index > 0)))
            return true;
    }
    return false;
}

static int plain_hidden_keys(const struct shell *s, struct plain_command *out, int n)
{
    const struct shell_frame *f = shell_top(s);
    for (const struct screen_key *row = f->screen->keys; row && row->key; row++)
        if (!row->label && row->help && shell_can(s, f, row))
            n = plain_command_add(out, n, (struct plain_command){.key = row->key, .label = _(row->help)});
    return n;
}

int plain_commands(const struct shell *s, const struct spots *spots, struct plain_command out[PLAIN_COMMANDS])
{
    struct shell_item items[SHELL_ITEMS];
    int own, count = shell_items(s, items, &own), n = 0;
    if (shell_top(s)->screen->flags & SCREEN_NO_IDLE)
        return 0;
    for (int i = 0; i < count; i++)
        if (items[i].key != K_ENTER)
            n = plain_command_add(out, n, (struct plain_command){.key = items[i].key, .label = items[i].label});
    n = plain_hidden_keys(s, out, n);
    if (plain_has_more(spots, 1))
        n = plain_command_add(out, n, (struct plain_command){.key = K_PAGE_DOWN, .label = _("More")});
    if (plain_has_more(spots, -1))
        n = plain_command_add(out, n, (struct plain_command){.key = K_PAGE_UP, .label = _("Previous lines")});
    n = plain_command_add(out, n, (struct plain_command){.key = K_F9, .label = _("Where am I?")});
    n = plain_command_add(out, n, (struct plain_command){.what = PLAIN_AGAIN, .label = _("Say it again")});
    plain_give_letters(out, n);
    return n;
}

static bool plain_same(const char *folded, const char *label)
{
    char text[300];
    text_fold(text, sizeof text, label);
    return strcmp(folded, text) == 0;
}

bool plain_find_command(const struct plain_command *list, int count, const char *words, struct plain_command *out)
{
    char folded[300], name[40];
    text_fold(folded, sizeof folded, words);
    for (int i = 0; i < count; i++)
        if (strcmp(list[i].letter, folded) == 0 || plain_same(folded, list[i].label)) {
            *out = list[i];
            return true;
        }
    for (int key = K_ENTER; key <= K_F12; key++)
        if (plain_same(folded, key_name(key, name, sizeof name))) {
            *out = (struct plain_command){.key = key, .label = ""};
            return true;
        }
    return false;
}
