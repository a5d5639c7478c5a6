/* What is said of a screen, and what a typed line does. */
#include "kiosk/ui/plain.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "kiosk/base/error.h"
#include "kiosk/base/i18n.h"
#include "kiosk/base/text.h"
#include "kiosk/ui/plain_read.h"

enum {
    PLAIN_BLANKS = 300,  /* more than a terminal shows, and than a small one keeps */
    PLAIN_WRAP = 78,
    PLAIN_TEXT = 1 << 16,
    PLAIN_PAGES = 700    /* to leaf to a row that is not shown */
};

struct plain {
    struct shell *shell;
    struct canvas_grid grid;
    struct buf said, now; /* lines, each ended with LF */
    unsigned serial;      /* of the screen that was said */
    unsigned kinds;       /* of what could be chosen on it: a form that has become its review is another page */
    bool someone;         /* a person has been here since the blank lines */
    bool left, again;
    char reply[200];      /* to the last line, before all else */
};

struct plain *plain_new(struct shell *s)
{
    struct plain *p = mem_new(1, sizeof *p);
    p->shell = s;
    canvas_grid_init(&p->grid, PLAIN_ROWS, PLAIN_COLS);
    p->grid.plain = true;
    buf_init(&p->said, PLAIN_TEXT);
    buf_init(&p->now, PLAIN_TEXT);
    shell_resize(s, PLAIN_ROWS, PLAIN_COLS);
    return p;
}

void plain_free(struct plain *p)
{
    if (!p)
        return;
    canvas_grid_done(&p->grid);
    buf_wipe(&p->said);
    buf_done(&p->said);
    buf_wipe(&p->now);
    buf_done(&p->now);
    free(p);
}

static void plain_draw(struct plain *p)
{
    canvas_grid_resize(&p->grid, PLAIN_ROWS, PLAIN_COLS);
    shell_draw(p->shell, &p->grid);
}

static const struct spots *plain_spots(const struct plain *p) { return canvas_grid_spots(&p->grid); }
static bool plain_is_typing(const struct spot *focus) { return focus && focus->kind == SPOT_INPUT; }
bool plain_left(const struct plain *p) { return p->left; }

bool plain_hides(const struct plain *p)
{
    const struct spot *focus = spots_focus(plain_spots(p));
    return plain_is_typing(focus) && focus->secret;
}

/* ---- saying */

/* What a line without a word does: "Enter: Open 3. Yoga". */
static void plain_compose_enter(struct plain *p, struct buf *out)
{
    const struct spots *spots = plain_spots(p);
    const struct spot *focus = spots_focus(spots);
    struct shell_item items[SHELL_ITEMS];
    char text[300] = "", number[24] = "";
    const char *label = _("Choose");
    int own, count = shell_items(p->shell, items, &own);
    if (shell_top(p->shell)->screen->flags & SCREEN_NO_IDLE)
        return;
    for (int i = 0; i < count; i++)
        label = items[i].key == K_ENTER ? items[i].label : label;
    if (plain_is_typing(focus)) {
        buf_addf(out, "%s\n", _("Type here and press Enter. A command begins with a dot."));
        return;
    }
    if (!focus && (own == 0 || items[0].key != K_ENTER))
        return;
    if (focus && plain_number(spots, (int)(focus - spots->spot)) > 0) {
        snprintf(number, sizeof number, "%d. ", plain_number(spots, (int)(focus - spots->spot)));
        plain_read_spot(&p->grid, focus, 1, text, sizeof text);
    }
    buf_addf(out, _("Enter alone: %s"), label);
    buf_addf(out, "%s%s%s\n", number[0] ? ", " : "", number, text);
}

/* "Lines 1 to 18 of 35." of a list that is longer than what was said. */
static void plain_compose_portion(const struct plain *p, struct buf *out)
{
    const struct spots *spots = plain_spots(p);
    int first = -1, last = -1;
    for (int i = 0; i < spots->count; i++) {
        if (spots->spot[i].kind != SPOT_ROW)
            continue;
        first = first < 0 ? i : first;
        last = i;
    }
    if (first < 0 || (spots->spot[first].index == 0 && spots->spot[last].index + 1 >= spots->spot[last].count))
        return;
    buf_addf(out, _("Lines %d to %d of %d."), spots->spot[first].index + 1, spots->spot[last].index + 1, spots->spot[last].count);
    buf_add_char(out, '\n');
}

static void plain_compose_commands(const struct plain *p, struct buf *out)
{
    struct plain_command list[PLAIN_COMMANDS];
    int n = plain_commands(p->shell, plain_spots(p), list);
    for (int i = 0; i < n; i++) {
        buf_add_str(out, i == 0 ? _("Commands:") : ";");
        buf_addf(out, list[i].letter[0] ? " %s %s" : "%s %s", list[i].letter, list[i].label);
    }
    if (n > 0)
        buf_add_char(out, '\n');
}

static void plain_compose(struct plain *p)
{
    const struct shell_frame *top = shell_top(p->shell);
    buf_wipe(&p->now);
    if (top->screen->title && !(top->screen->flags & SCREEN_FULL))
        buf_addf(&p->now, "%s\n", _(top->screen->title));
    plain_read_grid(&p->now, &p->grid);
    if (p->shell->flash[0])
        buf_addf(&p->now, "%s\n", p->shell->flash);
    plain_compose_portion(p, &p->now);
    plain_compose_enter(p, &p->now);
    plain_compose_commands(p, &p->now);
}

static unsigned plain_kinds(const struct plain *p)
{
    const struct spots *spots = plain_spots(p);
    bool form = false, list = false;
    for (int i = 0; i < spots->count; i++) {
        form = form || spots->spot[i].kind == SPOT_FIELD;
        list = list || spots->spot[i].kind == SPOT_ROW;
    }
    return (form ? 1u : 0u) | (list ? 2u : 0u);
}

static bool plain_was_said(const struct buf *said, const char *line, size_t n)
{
    for (const char *at = said->data; *at; at = strchr(at, '\n') + 1)
        if (strncmp(at, line, n) == 0 && at[n] == '\n')
            return true;
    return false;
}

/* Words are not broken where the terminal ends; what goes on hangs below the number. */
static void plain_write_line(struct buf *out, const char *line, size_t n)
{
    char text[2000];
    size_t pos = 0, from, bytes;
    bool first = true;
    snprintf(text, sizeof text, "%.*s", (int)n, line);
    while (text_wrap(text, PLAIN_WRAP, &pos, &from, &bytes)) {
        buf_addf(out, "%s%.*s\n", first ? "" : "   ", (int)bytes, text + from);
        first = false;
    }
    explicit_bzero(text, sizeof text);
}

static bool plain_write_new(const struct plain *p, struct buf *out, bool all)
{
    size_t before = out->len, n;
    for (const char *line = p->now.data; *line; line += n + 1) {
        n = strcspn(line, "\n");
        if (all || !plain_was_said(&p->said, line, n))
            plain_write_line(out, line, n);
    }
    return out->len > before;
}

/* Somebody waits for an answer, and nothing is new. */
static void plain_write_same(struct plain *p, struct buf *out)
{
    if (p->shell->flash[0])
        plain_write_line(out, p->shell->flash, strlen(p->shell->flash));
    else if (!p->reply[0])
        plain_write_line(out, _("Nothing has changed."), strlen(_("Nothing has changed.")));
}

static void plain_write_blanks(struct buf *out)
{
    for (int i = 0; i < PLAIN_BLANKS; i++)
        buf_add_char(out, '\n');
}

void plain_say(struct plain *p, struct buf *out, bool answer)
{
    plain_draw(p);
    const struct shell_frame *top = shell_top(p->shell);
    bool nobody = top->screen->flags & SCREEN_NO_IDLE, other = top->serial != p->serial || plain_kinds(p) != p->kinds;
    p->left = nobody && p->someone;
    p->someone = !nobody;
    if (!other && !answer && (top->screen->flags & SCREEN_ONCE))
        return;
    if (p->left)
        plain_write_blanks(out);
    if (p->reply[0])
        plain_write_line(out, p->reply, strlen(p->reply));
    plain_compose(p);
    if (other && out->len == 0)
        buf_add_char(out, '\n');
    if (!plain_write_new(p, out, other || p->again) && answer)
        plain_write_same(p, out);
    if (out->len > 0)
        buf_add_str(out, "> ");
    buf_wipe(&p->said);
    buf_add(&p->said, p->now.data, p->now.len);
    p->serial = top->serial;
    p->kinds = plain_kinds(p);
    p->again = false;
    explicit_bzero(p->reply, sizeof p->reply);
}

/* ---- lines */

static void plain_press(struct plain *p, int code)
{
    struct key k = {.code = (enum key_code)code};
    if (code < K_CHAR)
        k = (struct key){.code = K_CHAR, .ch = (uint32_t)code};
    shell_key(p->shell, &k);
}

static void plain_click(struct plain *p, const struct spot *s)
{
    shell_key(p->shell, &(struct key){.code = K_CLICK, .row = s->row, .col = s->col + s->cols / 2});
}

static const struct spot *plain_find_kind(const struct plain *p, enum spot_kind kind)
{
    const struct spots *spots = plain_spots(p);
    for (int i = 0; i < spots->count; i++)
        if (spots->spot[i].kind == kind)
            return &spots->spot[i];
    return NULL;
}

static const struct spot *plain_find_number(const struct plain *p, int number)
{
    const struct spots *spots = plain_spots(p);
    for (int i = 0; i < spots->count; i++)
        if (plain_number(spots, i) == number)
            return &spots->spot[i];
    return NULL;
}

/* A row of the list that was not said just now is leafed to. */
static void plain_choose(struct plain *p, int number)
{
    const struct spot *found = plain_find_number(p, number), *row = plain_find_kind(p, SPOT_ROW);
    for (int i = 0; !found && row && number <= row->count && i < PLAIN_PAGES; i++) {
        plain_press(p, number > row->index + 1 ? K_PAGE_DOWN : K_PAGE_UP);
        plain_draw(p);
        found = plain_find_number(p, number);
        row = plain_find_kind(p, SPOT_ROW);
    }
    if (found)
        plain_click(p, found);
    else
        snprintf(p->reply, sizeof p->reply, _("There is no number %d here."), number);
}

/* The line's new content; what stood there goes. */
static void plain_type(struct plain *p, const struct spot *input, const char *text)
{
    size_t n, len = strlen(text);
    int chars = input->chars;
    if (input->kind == SPOT_INPUT)
        plain_press(p, K_END);
    for (int i = 0; i < chars; i++)
        plain_press(p, K_BACKSPACE);
    for (size_t at = 0; at < len; at += n) {
        struct key k = {.code = K_CHAR};
        n = text_decode(text + at, len - at, &k.ch);
        shell_key(p->shell, &k);
    }
}

/* A word that is no command: into the search, or, a single letter, as a key like any other. */
static void plain_other(struct plain *p, const char *words, bool dot)
{
    const struct spot *search = dot ? NULL : plain_find_kind(p, SPOT_SEARCH);
    size_t bytes;
    text_cluster(words, &bytes);
    if (search) {
        plain_type(p, search, words);
    } else if (!dot && words[bytes] == '\0') {
        plain_type(p, &(struct spot){.kind = SPOT_SEARCH}, words);
    } else {
        snprintf(p->reply, sizeof p->reply, "%s", _("This is no command here."));
    }
}

static void plain_command(struct plain *p, const char *words, bool dot)
{
    struct plain_command list[PLAIN_COMMANDS], found;
    int n = plain_commands(p->shell, plain_spots(p), list);
    size_t digits = strspn(words, "0123456789");
    if (digits > 0 && digits < 8 && words[digits] == '\0')
        plain_choose(p, (int)strtol(words, NULL, 10));
    else if (!plain_find_command(list, n, words, &found))
        plain_other(p, words, dot);
    else if (found.what == PLAIN_AGAIN)
        p->again = true;
    else
        plain_press(p, found.key);
}

/* A click where it does the same: no "still held down" stands in its way. */
static void plain_enter(struct plain *p)
{
    const struct spots *spots = plain_spots(p);
    const struct spot *focus = spots_focus(spots);
    if (focus && plain_number(spots, (int)(focus - spots->spot)) > 0)
        plain_click(p, focus);
    else
        plain_press(p, K_ENTER);
}

void plain_line(struct plain *p, const char *line)
{
    char words[PLAIN_LINE];
    plain_draw(p);
    if (shell_top(p->shell)->screen->flags & SCREEN_NO_IDLE) {
        plain_press(p, K_ENTER);
        return;
    }
    if (shell_is_idle(p->shell)) { /* who was typing is still here; the line is for what lies below */
        plain_press(p, K_ENTER);
        plain_draw(p);
        if (!line[0])
            return;
    }
    text_sanitize(words, sizeof words, line, strlen(line), TEXT_LINE);
    const struct spot *focus = spots_focus(plain_spots(p));
    bool dot = words[0] == '.';
    if (!words[0]) {
        plain_enter(p);
    } else if (plain_is_typing(focus) && !dot) {
        plain_type(p, focus, words);
        plain_press(p, K_ENTER);
    } else {
        plain_command(p, words + dot, dot);
    }
    explicit_bzero(words, sizeof words);
}
