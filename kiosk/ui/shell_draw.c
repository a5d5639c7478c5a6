/* What is around every screen: the title line, the message line, the bottom line with the keys. */
#include "kiosk/ui/shell.h"

#include <stdio.h>
#include <string.h>

#include "kiosk/base/config.h"
#include "kiosk/base/i18n.h"
#include "kiosk/base/text.h"
#include "kiosk/ui/shell_state.h"
#include "kiosk/ui/spot.h"
#include "kiosk/ui/when.h"

enum { SHELL_WIDE = 120, SHELL_LOW = 20, SHELL_NARROW = 60, SHELL_GAP = 3, SHELL_GAP_LEAST = 2 };

struct canvas shell_body(const struct shell *s, const struct screen *screen, struct canvas all)
{
    (void)s;
    if (screen->flags & SCREEN_FULL)
        return all;
    int margin = all.cols >= SHELL_WIDE ? 6 : all.cols < SHELL_NARROW ? 1 : 2;
    bool low = all.rows < SHELL_LOW; /* large letters: every row counts, a message covers the last one for its time */
    return canvas_area(all, low ? 1 : 2, margin, all.rows - (low ? 2 : 4), all.cols - 2 * margin);
}

/* ---- the title line */

static const char *shell_centre(const struct ui *ui)
{
    const char *set = ui->config ? config_str(ui->config, "centre", "name") : "";
    return set[0] ? set : ui->identity.name[0] ? ui->identity.name : _("Sosedi");
}

static void shell_draw_title(const struct shell *s, const struct screen *screen, struct canvas bar)
{
    const struct ui *ui = s->ui;
    struct when w = when_of(ui);
    char right[160] = "", text[80];
    bool narrow = bar.cols < SHELL_NARROW;
    if (ui->fresh_at > 0 && ui->time_known && !narrow) {
        char sentence[120];
        snprintf(sentence, sizeof sentence, _("as of %s"), when_moment(text, sizeof text, ui->fresh_at, &w));
        snprintf(right, sizeof right, "%s", sentence);
    }
    if (ui->time_known) {
        size_t n = strlen(right);
        snprintf(right + n, sizeof right - n, "%s%s", n ? " │ " : "", when_time(text, sizeof text, ui->now, &w));
    }
    canvas_clear(bar, STYLE_TITLE);
    int margin = narrow ? 1 : 2, room = bar.cols - 2 * margin - text_width(right);
    bool titled = screen->title && screen->title[0];
    struct canvas left = canvas_area(bar, 0, margin, 1, room - 2);
    int used = canvas_text(left, 0, 0, STYLE_TITLE, narrow && titled ? _(screen->title) : shell_centre(ui));
    if (titled && !narrow)
        canvas_textf(left, 0, used, STYLE_TITLE, " │ %s", _(screen->title));
    canvas_right(canvas_area(bar, 0, 0, 1, bar.cols - margin), 0, STYLE_TITLE, right);
}

/* ---- the bottom line */

static const struct screen_key shell_keys_dialog[] = {{K_ESC, N_("Close"), 0, NULL}, {0}};
static const struct screen_key shell_keys_home[] = {
    {K_ESC, N_("Finish"), 0, N_("Finish: everything you did here disappears from the screen")},
    {K_F2, N_("Language"), 0, N_("Choose another language")},
    {K_F1, N_("Help"), 0, N_("This help")},
    {K_F8, NULL, 0, N_("Strong contrast, or the usual colours")},
    {K_F9, NULL, 0, N_("Where am I? The screen, the place in the list and what is marked, in words")},
    {0}};
static const struct screen_key shell_keys_usual[] = {{K_ESC, N_("Back"), 0, N_("Back to where you came from")},
                                                     {K_HOME, N_("Start page"), 0, N_("To the start page")},
                                                     {K_F2, N_("Language"), 0, N_("Choose another language")},
                                                     {K_F1, N_("Help"), 0, N_("This help")},
                                                     {K_F8, NULL, 0, N_("Strong contrast, or the usual colours")},
                                                     {K_F9, NULL, 0, N_("Where am I? The screen, the place in the list and what is marked, in words")},
                                                     {0}};

const struct screen_key *shell_everywhere(const struct shell *s)
{
    const struct screen *top = shell_top(s)->screen;
    if (top->flags & SCREEN_DIALOG)
        return shell_keys_dialog;
    return top == s->setup.screens[s->setup.home] ? shell_keys_home : shell_keys_usual;
}

static int shell_item_add(struct shell_item *items, int n, const struct screen_key *row)
{
    if (n >= SHELL_ITEMS)
        return n;
    items[n] = (struct shell_item){.key = row->key, .label = _(row->label)};
    key_name(row->key, items[n].name, sizeof items[n].name);
    items[n].cols = text_width(items[n].name) + 1 + text_width(items[n].label);
    return n + 1;
}

static bool shell_item_known(const struct shell_item *items, int n, int key)
{
    for (int i = 0; i < n; i++)
        if (items[i].key == key)
            return true;
    return false;
}

static int shell_items_cols(const struct shell_item *items, int n, int gap)
{
    int cols = 0;
    for (int i = 0; i < n; i++)
        cols += items[i].cols + (i ? gap : 0);
    return cols;
}

static void shell_item_remove(struct shell_item *items, int *n, int at)
{
    memmove(&items[at], &items[at + 1], (size_t)(*n - at - 1) * sizeof *items);
    --*n;
}

/* The key goes, if the line is still too long. */
static void shell_items_spare(struct shell_item *items, int *n, int key, int room)
{
    for (int i = 0; i < *n; i++)
        if (items[i].key == key && shell_items_cols(items, *n, SHELL_GAP_LEAST) > room)
            shell_item_remove(items, n, i--);
}

/* Too much for the line: they move closer, then the start page goes, then the screen's own keys from the last, then the language; the
 * screen's first key, Esc and F1 stay to the end. Returns the columns between two. */
static int shell_items_fit(struct shell_item *items, int *n, int own, int room)
{
    if (shell_items_cols(items, *n, SHELL_GAP) <= room)
        return SHELL_GAP;
    shell_items_spare(items, n, K_HOME, room);
    for (int i = own - 1; i > 0 && shell_items_cols(items, *n, SHELL_GAP_LEAST) > room; i--)
        if (items[i].key != K_ESC)
            shell_item_remove(items, n, i);
    shell_items_spare(items, n, K_F2, room);
    while (*n > 0 && shell_items_cols(items, *n, SHELL_GAP_LEAST) > room)
        --*n;
    return shell_items_cols(items, *n, SHELL_GAP) <= room ? SHELL_GAP : SHELL_GAP_LEAST;
}

int shell_items(const struct shell *s, struct shell_item items[SHELL_ITEMS], int *own)
{
    const struct shell_frame *f = shell_top(s);
    int n = 0;
    for (const struct screen_key *row = f->screen->keys; row && row->key; row++)
        if (row->label && shell_can(s, f, row))
            n = shell_item_add(items, n, row);
    *own = n;
    for (const struct screen_key *row = shell_everywhere(s); row->key; row++)
        if (row->label && !shell_item_known(items, *own, row->key))
            n = shell_item_add(items, n, row);
    return n;
}

int shell_footer(const struct shell *s, struct shell_item items[SHELL_ITEMS])
{
    int own, n = shell_items(s, items, &own);
    int margin = s->cols < SHELL_NARROW ? 1 : 2, gap = shell_items_fit(items, &n, own, s->cols - 2 * margin);
    for (int i = 0, col = margin; i < n; col += items[i].cols + gap, i++)
        items[i].col = col;
    return n;
}

static void shell_draw_footer(const struct shell *s, struct canvas bar)
{
    struct shell_item items[SHELL_ITEMS];
    int n = shell_footer(s, items);
    canvas_clear(bar, STYLE_FOOTER);
    for (int i = 0; i < n; i++) {
        int used = canvas_text(bar, 0, items[i].col, STYLE_KEY, items[i].name);
        canvas_text(bar, 0, items[i].col + used + 1, STYLE_FOOTER, items[i].label);
    }
}

bool shell_help_row(const struct ui *ui, int i, struct screen_key *out)
{
    const struct shell *s = ui->shell;
    static const struct screen_key none[] = {{0}};
    if (s->depth < 2)
        return false;
    const struct shell_frame *below = &s->frame[s->depth - 2];
    bool home = below->screen == s->setup.screens[s->setup.home];
    for (const struct screen_key *row = below->screen->keys ? below->screen->keys : none; row->key; row++)
        if ((row->label || row->help) && shell_can(s, below, row) && i-- == 0) {
            *out = *row;
            return true;
        }
    if (i-- == 0) {
        *out = (struct screen_key){0};
        return true;
    }
    for (const struct screen_key *row = home ? shell_keys_home : shell_keys_usual; row->key; row++)
        if (i-- == 0) {
            *out = *row;
            return true;
        }
    return false;
}

/* ---- the whole */

/* In both languages at once: whoever made the window small may read either. */
static void shell_draw_small(struct canvas all)
{
    static const char *const lines[] = {"Окно слишком мало:", "нужно 40 x 12", "",
                                        "The window is too small:", "40 x 12 are needed"};
    int count = (int)(sizeof lines / sizeof lines[0]), top = all.rows > count ? (all.rows - count) / 2 : 0;
    for (int i = 0; i < count; i++)
        canvas_center(all, top + i, STYLE_TEXT, lines[i]);
    canvas_cursor(all, 0, 0);
}

static void shell_draw_frame(const struct shell *s, const struct shell_frame *f, struct canvas all)
{
    struct canvas body = shell_body(s, f->screen, all);
    s->ui->rows = body.rows;
    s->ui->cols = body.cols;
    canvas_cursor(all, body.top, body.left > 0 ? body.left - 1 : 0); /* a screen without a focus: at its first row */
    if (f->screen->draw)
        f->screen->draw(s->ui, f->state, body);
}

static void shell_draw_flash(const struct shell *s, struct canvas row)
{
    if (!s->flash[0])
        return;
    canvas_clear(row, s->flash_style);
    canvas_text(canvas_area(row, 0, 2, 1, row.cols - 4), 0, 0, s->flash_style, s->flash);
}

void shell_draw(struct shell *s, struct canvas_grid *g)
{
    struct canvas whole = canvas_all(g), all = canvas_area(whole, 0, 0, shell_rows(s), whole.cols);
    s->dirty = false;
    if (shell_is_small(s)) {
        shell_draw_small(whole);
        return;
    }
    if (s->osk.shown && !g->plain)
        osk_draw(canvas_area(whole, all.rows, 0, OSK_ROWS, whole.cols), &s->osk, s->osk_capital);
    int base = s->depth - 1;
    while (base > 0 && (s->frame[base].screen->flags & SCREEN_DIALOG))
        base--;
    if (g->plain)
        base = s->depth - 1; /* what is behind a dialog would be read with it; what is around the screen is said in words */
    for (int i = base; i < s->depth; i++) {
        canvas_grid_forget_spots(g);
        shell_draw_frame(s, &s->frame[i], all);
    }
    shell_note_spots(s, g);
    if (g->plain || s->frame[base].screen->flags & SCREEN_FULL)
        return;
    shell_draw_title(s, s->frame[base].screen, canvas_area(all, 0, 0, 1, all.cols));
    shell_draw_flash(s, canvas_area(all, all.rows - 2, 0, 1, all.cols));
    shell_draw_footer(s, canvas_area(all, all.rows - 1, 0, 1, all.cols));
}

void shell_tone(struct ui *ui) { ui->shell->tone = true; }

bool shell_take_tone(struct shell *s)
{
    bool tone = s->tone && s->ui->config && config_bool(s->ui->config, "screen", "sound");
    s->tone = false;
    return tone;
}
