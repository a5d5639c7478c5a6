/* The grid and text on it. Shapes (frames, block letters, QR codes) are in canvas_shapes.c. */
#include "kiosk/ui/canvas.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "kiosk/base/error.h"
#include "kiosk/base/text.h"
#include "kiosk/ui/bidi.h"
#include "kiosk/ui/spot.h"

static const char canvas_ellipsis[] = "…";

static int canvas_min(int a, int b) { return a < b ? a : b; }
static int canvas_clamp(int v, int low, int high) { return v < low ? low : v > high ? high : v; }

static void canvas_blank(struct cell *cell, enum style style)
{
    *cell = (struct cell){.text = " ", .width = 1, .style = (uint8_t)style};
}

void canvas_grid_init(struct canvas_grid *g, int rows, int cols)
{
    *g = (struct canvas_grid){.cells = NULL};
    g->spots = mem_new(1, sizeof *g->spots);
    canvas_grid_resize(g, rows, cols);
}

void canvas_grid_done(struct canvas_grid *g)
{
    free(g->cells);
    free(g->spots);
    *g = (struct canvas_grid){.cells = NULL};
}

void canvas_grid_resize(struct canvas_grid *g, int rows, int cols)
{
    rows = canvas_clamp(rows, 0, CANVAS_MAX_ROWS);
    cols = canvas_clamp(cols, 0, CANVAS_MAX_COLS);
    if (!g->cells || rows * cols != g->rows * g->cols)
        g->cells = mem_resize(g->cells, (unsigned long)rows * (unsigned long)cols + 1, sizeof *g->cells);
    g->rows = rows;
    g->cols = cols;
    g->cursor_row = g->cursor_col = -1;
    canvas_grid_forget_spots(g);
    canvas_clear(canvas_all(g), STYLE_TEXT);
}

const struct cell *canvas_grid_cell(const struct canvas_grid *g, int row, int col)
{
    if (row < 0 || col < 0 || row >= g->rows || col >= g->cols)
        return NULL;
    return &g->cells[row * g->cols + col];
}

struct canvas canvas_all(struct canvas_grid *g) { return (struct canvas){.grid = g, .rows = g->rows, .cols = g->cols}; }

struct canvas canvas_area(struct canvas c, int row, int col, int rows, int cols)
{
    row = canvas_clamp(row, -CANVAS_MAX_ROWS, CANVAS_MAX_ROWS);
    col = canvas_clamp(col, -CANVAS_MAX_COLS, CANVAS_MAX_COLS);
    rows = canvas_clamp(rows, 0, CANVAS_MAX_ROWS);
    cols = canvas_clamp(cols, 0, CANVAS_MAX_COLS);
    int top = canvas_clamp(row, 0, c.rows), left = canvas_clamp(col, 0, c.cols);
    int bottom = canvas_clamp(row + rows, top, c.rows), right = canvas_clamp(col + cols, left, c.cols);
    return (struct canvas){
        .grid = c.grid, .top = c.top + top, .left = c.left + left, .rows = bottom - top, .cols = right - left};
}

/* Half of a wide character that is about to be overwritten leaves a space behind, not half a character. */
static void canvas_split(struct canvas_grid *g, int row, int col)
{
    struct cell *line = &g->cells[row * g->cols];
    if (line[col].width == 0 && col > 0)
        canvas_blank(&line[col - 1], line[col - 1].style);
    if (line[col].width == 2 && col + 1 < g->cols)
        canvas_blank(&line[col + 1], line[col + 1].style);
}

/* One cluster into a cell known to be inside the area, its width too. */
static void canvas_put(struct canvas c, int row, int col, enum style style, const struct cell *what)
{
    struct canvas_grid *g = c.grid;
    int y = c.top + row, x = c.left + col;
    for (int i = 0; i < what->width; i++)
        canvas_split(g, y, x + i);
    g->cells[y * g->cols + x] = *what;
    g->cells[y * g->cols + x].style = (uint8_t)style;
    if (what->width == 2)
        g->cells[y * g->cols + x + 1] = (struct cell){.style = (uint8_t)style};
}

bool canvas_is_plain(struct canvas c) { return c.grid->plain; }

void canvas_clear(struct canvas c, enum style style)
{
    struct cell blank;
    canvas_blank(&blank, style);
    for (int row = 0; row < c.rows; row++) {
        struct cell *line = &c.grid->cells[(c.top + row) * c.grid->cols];
        if (c.cols > 0) {
            canvas_split(c.grid, c.top + row, c.left);
            canvas_split(c.grid, c.top + row, c.left + c.cols - 1);
        }
        for (int col = 0; col < c.cols; col++)
            line[c.left + col] = blank;
    }
}

/* The next cluster of s as a cell; bytes used. Marks without a base, and clusters past 15 bytes beyond their whole code
 * points, are dropped: width 0 then, with bytes > 0. */
static size_t canvas_cluster(const char *s, struct cell *out)
{
    size_t bytes;
    int width = text_cluster(s, &bytes);
    if (bytes == 0)
        return 0;
    uint32_t cp;
    text_decode(s, bytes, &cp);
    canvas_blank(out, STYLE_TEXT);
    if (cp < 0x20 || (cp >= 0x7F && cp < 0xA0))
        width = 0;
    out->width = (uint8_t)canvas_clamp(width, 0, 2);
    if (out->width == 0)
        return bytes;
    size_t keep = 0, used = 0;
    while (used < bytes) {
        size_t n = text_decode(s + used, bytes - used, &cp);
        char utf8[4];
        size_t m = text_encode(cp, utf8);
        if (keep + m >= CANVAS_CLUSTER)
            break;
        memcpy(out->text + keep, utf8, m);
        keep += m;
        used += n;
    }
    out->text[keep] = 0;
    return bytes;
}

/* Writes at most `bytes` of text within columns [col, right); returns the column after it. */
static int canvas_run(struct canvas c, int row, int col, enum style style, const char *text, size_t bytes, int right)
{
    struct cell cell;
    size_t n, turned;
    char visual[BIDI_BYTES];
    if (!canvas_is_plain(c) && bidi_is_rtl(text, bytes) && (turned = bidi_visual(text, bytes, visual)) > 0) {
        text = visual;
        bytes = turned;
    }
    for (size_t at = 0; at < bytes && (n = canvas_cluster(text + at, &cell)) > 0; at += n) {
        if (cell.width == 0)
            continue;
        if (col + cell.width > right)
            break;
        if (col >= 0)
            canvas_put(c, row, col, style, &cell);
        col += cell.width;
    }
    return col;
}

int canvas_text(struct canvas c, int row, int col, enum style style, const char *text)
{
    if (row < 0 || row >= c.rows || col >= c.cols || !text)
        return 0;
    size_t bytes = strlen(text);
    if (text_width(text) <= c.cols - col)
        return canvas_run(c, row, col, style, text, bytes, c.cols) - col;
    bytes = text_fit(text, c.cols - col - 1);
    int end = canvas_run(c, row, col, style, text, bytes, c.cols - 1);
    return canvas_run(c, row, end, style, canvas_ellipsis, sizeof canvas_ellipsis - 1, c.cols) - col;
}

int canvas_textf(struct canvas c, int row, int col, enum style style, const char *fmt, ...)
{
    char text[1000];
    va_list ap;
    va_start(ap, fmt);
    vsnprintf(text, sizeof text, fmt, ap);
    va_end(ap);
    return canvas_text(c, row, col, style, text);
}

int canvas_center(struct canvas c, int row, enum style style, const char *text)
{
    int width = canvas_min(text_width(text), c.cols);
    return canvas_text(c, row, (c.cols - width) / 2, style, text);
}

int canvas_right(struct canvas c, int row, enum style style, const char *text)
{
    int width = canvas_min(text_width(text), c.cols);
    return canvas_text(c, row, c.cols - width, style, text);
}

int canvas_wrap(struct canvas c, int row, enum style style, const char *text)
{
    int used = 0;
    size_t pos = 0, line, bytes;
    if (c.cols < 2)
        return 0;
    while (row + used < c.rows && text_wrap(text, c.cols, &pos, &line, &bytes)) {
        if (row + used >= 0)
            canvas_run(c, row + used, 0, style, text + line, bytes, c.cols);
        used++;
    }
    return used;
}

int canvas_wrap_rows(const char *text, int cols)
{
    int rows = 0;
    size_t pos = 0, line, bytes;
    if (cols < 2)
        return 0;
    while (text_wrap(text, cols, &pos, &line, &bytes))
        rows++;
    return rows;
}

int canvas_fact(struct canvas c, int row, enum style style, const struct canvas_fact *f)
{
    if (!f->value || !f->value[0])
        return 0;
    canvas_text(canvas_area(c, row, 0, 1, f->label_cols - 1), 0, 0, STYLE_DIM, f->label);
    return canvas_wrap(canvas_area(c, row, f->label_cols, c.rows - row, c.cols - f->label_cols), 0, style, f->value);
}

void canvas_bar(struct canvas c, int row, enum style style, const char *text)
{
    canvas_clear(canvas_area(c, row, 0, 1, c.cols), style);
    canvas_text(c, row, 0, style, text);
}

void canvas_restyle(struct canvas c, int row, enum style style)
{
    if (row < 0 || row >= c.rows)
        return;
    struct cell *line = &c.grid->cells[(c.top + row) * c.grid->cols + c.left];
    for (int col = 0; col < c.cols; col++)
        line[col].style = (uint8_t)style;
}

void canvas_cursor(struct canvas c, int row, int col)
{
    if (row < 0 || col < 0 || row >= c.rows || col >= c.cols)
        return;
    c.grid->cursor_row = c.top + row;
    c.grid->cursor_col = c.left + col;
}
