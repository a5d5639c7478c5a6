/* Layouts of the keyboard on the screen, its drawing, and which key is where. */
#include "kiosk/ui/osk.h"

#include <string.h>

#include "kiosk/base/i18n.h"
#include "kiosk/base/text.h"

enum { OSK_KEY_COLS = 6, OSK_KEY_ROWS = 3, OSK_LINES = 3, OSK_KEYS = 12, OSK_CONTROLS = 6 };

/* A character each; a blank is no key. */
static const char *const osk_lines[OSK_LAYOUTS][OSK_LINES] = {
    [OSK_CYRILLIC] = {"йцукенгшщзхъ", "фывапролджэё", "ячсмитьбю.-@"},
    [OSK_LATIN] = {"qwertyuiop'\"", "asdfghjkl_+-", "zxcvbnm,.@:/"},
    [OSK_SIGNS] = {"1234567890+-", "@._-:;()/\"'№", "?!,&=*#%…«» "},
};

enum osk_control { OSK_LAYOUT, OSK_SHIFT, OSK_SPACE, OSK_ERASE, OSK_ENTER, OSK_AWAY };

static const struct osk_control_key {
    const char *label; /* NULL: of the next layout */
    int col, cols;
} osk_controls[OSK_CONTROLS] = {
    [OSK_LAYOUT] = {NULL, 0, 8},           [OSK_SHIFT] = {N_("Capital"), 8, 12}, [OSK_SPACE] = {N_("Space"), 20, 16},
    [OSK_ERASE] = {N_("Erase"), 36, 12},   [OSK_ENTER] = {N_("Enter"), 48, 12},  [OSK_AWAY] = {N_("Put away"), 60, 12},
};
static const char *const osk_layout_names[OSK_LAYOUTS] = {"АБВ", "ABC", "123"};

bool osk_fits(int rows, int cols) { return rows >= OSK_LEAST_ROWS && cols >= OSK_COLS; }

static enum osk_layout osk_next(enum osk_layout layout) { return (layout + 1) % OSK_LAYOUTS; }

/* Lower to upper case, of the letters that are on the keys. */
static uint32_t osk_capital(uint32_t ch)
{
    if (ch == 0x451)
        return 0x401; /* ё */
    return (ch >= 'a' && ch <= 'z') || (ch >= 0x430 && ch <= 0x44F) ? ch - 32 : ch;
}

/* 0: no key. */
static uint32_t osk_char(const struct osk *o, int line, int key, bool capital)
{
    const char *s = osk_lines[o->layout][line];
    uint32_t ch = 0;
    for (int i = 0; i <= key; i++) {
        if (!*s)
            return 0;
        s += text_decode(s, strlen(s), &ch);
    }
    return ch == ' ' ? 0 : o->shift || (capital && o->layout != OSK_SIGNS) ? osk_capital(ch) : ch;
}

static void osk_draw_key(struct canvas c, int row, int col, int cols, const char *label)
{
    struct canvas key = canvas_area(c, row, col, OSK_KEY_ROWS, cols);
    canvas_box(key, STYLE_BOX);
    canvas_center(canvas_area(key, 1, 1, 1, cols - 2), 0, STYLE_STRONG, label);
}

void osk_draw(struct canvas c, const struct osk *o, bool capital)
{
    int left = (c.cols - OSK_COLS) / 2;
    canvas_clear(c, STYLE_TEXT);
    for (int line = 0; line < OSK_LINES; line++)
        for (int key = 0; key < OSK_KEYS; key++) {
            char label[8] = "";
            uint32_t ch = osk_char(o, line, key, capital);
            if (!ch)
                continue;
            text_encode(ch, label);
            osk_draw_key(c, line * OSK_KEY_ROWS, left + key * OSK_KEY_COLS, OSK_KEY_COLS, label);
        }
    for (int i = 0; i < OSK_CONTROLS; i++)
        osk_draw_key(c, OSK_LINES * OSK_KEY_ROWS, left + osk_controls[i].col, osk_controls[i].cols,
                     osk_controls[i].label ? _(osk_controls[i].label) : osk_layout_names[osk_next(o->layout)]);
}

static bool osk_control(struct osk *o, int col, struct key *out)
{
    int i = 0;
    while (i < OSK_CONTROLS && col >= osk_controls[i].col + osk_controls[i].cols)
        i++;
    switch (i) {
    case OSK_LAYOUT:
        o->layout = osk_next(o->layout);
        return false;
    case OSK_SHIFT:
        o->shift = !o->shift;
        return false;
    case OSK_AWAY:
        o->wanted = false;
        return false;
    case OSK_SPACE:
        *out = (struct key){.code = K_CHAR, .ch = ' '};
        return true;
    default:
        *out = (struct key){.code = i == OSK_ERASE ? K_BACKSPACE : K_ENTER};
        return i < OSK_CONTROLS;
    }
}

bool osk_press(struct osk *o, const struct osk_touch *at, struct key *out)
{
    int col = at->col - (at->cols - OSK_COLS) / 2, line = at->row / OSK_KEY_ROWS;
    if (col < 0 || col >= OSK_COLS || at->row < 0 || at->row >= OSK_ROWS)
        return false;
    if (line == OSK_LINES)
        return osk_control(o, col, out);
    *out = (struct key){.code = K_CHAR, .ch = osk_char(o, line, col / OSK_KEY_COLS, at->capital)};
    o->shift = o->shift && out->ch == 0;
    return out->ch != 0;
}
