/* Shapes on a canvas: rules, frames, block letters and QR codes. */
#include "kiosk/ui/canvas.h"

#include <stdint.h>
#include <string.h>

#include "kiosk/ticket/qr.h"

void canvas_rule(struct canvas c, int row, enum style style)
{
    for (int col = 0; col < c.cols; col++)
        canvas_text(c, row, col, style, "─");
}

void canvas_box(struct canvas c, enum style style)
{
    if (c.rows < 2 || c.cols < 2)
        return;
    canvas_rule(c, 0, style);
    canvas_rule(c, c.rows - 1, style);
    for (int row = 1; row < c.rows - 1; row++) {
        canvas_text(c, row, 0, style, "│");
        canvas_text(c, row, c.cols - 1, style, "│");
    }
    canvas_text(c, 0, 0, style, "┌");
    canvas_text(c, 0, c.cols - 1, style, "┐");
    canvas_text(c, c.rows - 1, 0, style, "└");
    canvas_text(c, c.rows - 1, c.cols - 1, style, "┘");
}

/* Five rows of five dots, the leftmost dot is bit 4. */
enum { BIG_ROWS = 5, BIG_DOTS = 5, BIG_COLS = 6 };
static const struct canvas_glyph {
    char ch;
    uint8_t row[BIG_ROWS];
} canvas_glyphs[] = {
    {'0', {0x0E, 0x11, 0x11, 0x11, 0x0E}}, {'1', {0x04, 0x0C, 0x04, 0x04, 0x0E}}, {'2', {0x1E, 0x01, 0x0E, 0x10, 0x1F}},
    {'3', {0x1E, 0x01, 0x0E, 0x01, 0x1E}}, {'4', {0x12, 0x12, 0x1F, 0x02, 0x02}}, {'5', {0x1F, 0x10, 0x1E, 0x01, 0x1E}},
    {'6', {0x0E, 0x10, 0x1E, 0x11, 0x0E}}, {'7', {0x1F, 0x01, 0x02, 0x04, 0x04}}, {'8', {0x0E, 0x11, 0x0E, 0x11, 0x0E}},
    {'9', {0x0E, 0x11, 0x0F, 0x01, 0x0E}}, {'A', {0x0E, 0x11, 0x1F, 0x11, 0x11}}, {'B', {0x1E, 0x11, 0x1E, 0x11, 0x1E}},
    {'C', {0x0F, 0x10, 0x10, 0x10, 0x0F}}, {'D', {0x1E, 0x11, 0x11, 0x11, 0x1E}}, {'E', {0x1F, 0x10, 0x1E, 0x10, 0x1F}},
    {'F', {0x1F, 0x10, 0x1E, 0x10, 0x10}}, {'G', {0x0F, 0x10, 0x13, 0x11, 0x0F}}, {'H', {0x11, 0x11, 0x1F, 0x11, 0x11}},
    {'I', {0x0E, 0x04, 0x04, 0x04, 0x0E}}, {'J', {0x07, 0x02, 0x02, 0x12, 0x0C}}, {'K', {0x12, 0x14, 0x18, 0x14, 0x12}},
    {'L', {0x10, 0x10, 0x10, 0x10, 0x1F}}, {'M', {0x11, 0x1B, 0x15, 0x11, 0x11}}, {'N', {0x11, 0x19, 0x15, 0x13, 0x11}},
    {'O', {0x0E, 0x11, 0x11, 0x11, 0x0E}}, {'P', {0x1E, 0x11, 0x1E, 0x10, 0x10}}, {'Q', {0x0E, 0x11, 0x15, 0x12, 0x0D}},
    {'R', {0x1E, 0x11, 0x1E, 0x12, 0x11}}, {'S', {0x0F, 0x10, 0x0E, 0x01, 0x1E}}, {'T', {0x1F, 0x04, 0x04, 0x04, 0x04}},
    {'U', {0x11, 0x11, 0x11, 0x11, 0x0E}}, {'V', {0x11, 0x11, 0x11, 0x0A, 0x04}}, {'W', {0x11, 0x11, 0x15, 0x1B, 0x11}},
    {'X', {0x11, 0x0A, 0x04, 0x0A, 0x11}}, {'Y', {0x11, 0x0A, 0x04, 0x04, 0x04}}, {'Z', {0x1F, 0x02, 0x04, 0x08, 0x1F}},
    {':', {0x00, 0x04, 0x00, 0x04, 0x00}}, {'-', {0x00, 0x00, 0x0E, 0x00, 0x00}},
};

static const struct canvas_glyph *canvas_glyph(char ch)
{
    if (ch >= 'a' && ch <= 'z')
        ch = (char)(ch - 'a' + 'A');
    for (size_t i = 0; i < sizeof canvas_glyphs / sizeof canvas_glyphs[0]; i++)
        if (canvas_glyphs[i].ch == ch)
            return &canvas_glyphs[i];
    return NULL;
}

/* "4 D X F 9 - 2 R V 7 3": a code is spelled, a time is read. */
static int canvas_big_spelled(struct canvas c, int row, int col, enum style style, const char *text)
{
    int start = col;
    if (strchr(text, ':'))
        return canvas_text(c, row, col, style, text);
    for (; *text; text++, col += 2)
        canvas_textf(c, row, col, style, "%c", *text);
    return col - start;
}

int canvas_big(struct canvas c, int row, int col, enum style style, const char *text)
{
    if (c.grid->plain)
        return canvas_big_spelled(c, row, col, style, text);
    int cols = (int)strnlen(text, CANVAS_MAX_COLS) * BIG_COLS - 1;
    if (row < 0 || col < 0 || cols < 0 || row + BIG_ROWS > c.rows || col + cols > c.cols)
        return 0;
    for (int i = 0; text[i]; i++) {
        const struct canvas_glyph *g = canvas_glyph(text[i]);
        for (int dot = 0; g && dot < BIG_ROWS * BIG_DOTS; dot++)
            if (g->row[dot / BIG_DOTS] & (0x10 >> dot % BIG_DOTS))
                canvas_clear(canvas_area(c, row + dot / BIG_DOTS, col + i * BIG_COLS + dot % BIG_DOTS, 1, 1), style);
    }
    return cols;
}

/* Dots of a column of a letter: bit 0 the upper one. */
static int canvas_big_pair(const struct canvas_glyph *g, int row, int dot)
{
    int upper = (g->row[2 * row] & (0x10 >> dot)) != 0;
    int lower = 2 * row + 1 < BIG_ROWS && (g->row[2 * row + 1] & (0x10 >> dot)) != 0;
    return upper + 2 * lower;
}

int canvas_big_low(struct canvas c, int row, int col, const char *text)
{
    enum { ROWS = (BIG_ROWS + 1) / 2 };
    static const enum style styles[] = {[1] = STYLE_FOCUS, [2] = STYLE_TEXT, [3] = STYLE_FOCUS};
    int cols = (int)strnlen(text, CANVAS_MAX_COLS) * BIG_COLS - 1;
    if (row < 0 || col < 0 || cols < 0 || row + ROWS > c.rows || col + cols > c.cols)
        return 0;
    for (int i = 0; text[i]; i++) {
        const struct canvas_glyph *g = canvas_glyph(text[i]);
        for (int dot = 0; g && dot < ROWS * BIG_DOTS; dot++) {
            int pair = canvas_big_pair(g, dot / BIG_DOTS, dot % BIG_DOTS);
            if (pair)
                canvas_text(c, row + dot / BIG_DOTS, col + i * BIG_COLS + dot % BIG_DOTS, styles[pair],
                            pair == 3 ? " " : "▄");
        }
    }
    return cols;
}

int canvas_qr_rows(const struct qr *qr, int quiet) { return (qr->side + 2 * quiet + 1) / 2; }
int canvas_qr_cols(const struct qr *qr, int quiet) { return qr->side + 2 * quiet; }

/* The quiet zone and what lies below an odd number of rows are light. */
static bool canvas_qr_dark(const struct qr *qr, int row, int col)
{
    return row >= 0 && col >= 0 && row < qr->side && col < qr->side && qr->dark[row][col];
}

/* Uniform cells are spaces on an explicit background and only mixed ones glyphs: foreground blocks leave hairlines in
 * many fonts, which decoders fail on. */
static void canvas_qr_cell(struct canvas c, int row, int col, bool upper, bool lower)
{
    static const enum style uniform[2] = {STYLE_QR_LIGHT, STYLE_QR_DARK};
    if (upper == lower)
        canvas_clear(canvas_area(c, row, col, 1, 1), uniform[upper]);
    else
        canvas_text(c, row, col, upper ? STYLE_QR_DARK_OVER_LIGHT : STYLE_QR_LIGHT_OVER_DARK, "▄");
}

int canvas_qr(struct canvas c, int row, int col, const struct qr *qr, int quiet)
{
    while (quiet > 2 && (row + canvas_qr_rows(qr, quiet) > c.rows || col + canvas_qr_cols(qr, quiet) > c.cols))
        quiet--;
    int rows = canvas_qr_rows(qr, quiet), cols = canvas_qr_cols(qr, quiet);
    if (quiet < 2 || row < 0 || col < 0 || row + rows > c.rows || col + cols > c.cols)
        return 0;
    for (int y = 0; y < rows; y++)
        for (int x = 0; x < cols; x++)
            canvas_qr_cell(c, row + y, col + x, canvas_qr_dark(qr, 2 * y - quiet, x - quiet),
                           canvas_qr_dark(qr, 2 * y + 1 - quiet, x - quiet));
    return rows;
}
