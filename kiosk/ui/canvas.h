/* A grid of character cells to draw on, apart from any terminal. Drawing never allocates, never fails and never leaves
 * its area: what does not fit is cut. A `struct canvas` is a window on a grid and is passed by value; rows and columns
 * count from 0 inside it. Texts are UTF-8; control characters are left out. */
#ifndef KIOSK_UI_CANVAS_H
#define KIOSK_UI_CANVAS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct qr;
struct spots;

/* What a cell means; the terminal module knows its colours (16, 8, none). */
enum style {
    STYLE_TEXT,
    STYLE_DIM,     /* beside the matter: places, hints, dates of others */
    STYLE_HEADING, /* of a page or a group */
    STYLE_STRONG,  /* a word that matters, in running text */
    STYLE_TITLE,   /* the line at the top */
    STYLE_FOOTER,  /* the line at the bottom */
    STYLE_KEY,     /* the name of a key, in the bottom line */
    STYLE_FOCUS,   /* the focused row or button: reverse */
    STYLE_GOOD,
    STYLE_WARN,
    STYLE_BAD,         /* each of these three beside a word that says the same */
    STYLE_FIELD,       /* something to type into */
    STYLE_FIELD_FOCUS, /* the one that is typed into now */
    STYLE_BOX,         /* frames and rules */
    STYLE_QR_LIGHT,
    STYLE_QR_DARK,
    STYLE_QR_LIGHT_OVER_DARK, /* drawn with a lower half block */
    STYLE_QR_DARK_OVER_LIGHT,
    STYLE_COUNT
};

enum { CANVAS_CLUSTER = 16, CANVAS_MAX_ROWS = 200, CANVAS_MAX_COLS = 500 };

struct cell {
    char text[CANVAS_CLUSTER]; /* one cluster of at most 15 bytes; "" in the right half of a wide one */
    uint8_t width;             /* 1 or 2; 0: right half of the wide cell before it */
    uint8_t style;
};

struct canvas_grid {
    int rows, cols;
    int cursor_row, cursor_col; /* where the hardware cursor rests; -1: nowhere */
    struct cell *cells;         /* rows * cols, row by row; owned */
    struct spots *spots;        /* what can be chosen on it (spot.h); owned */
    bool plain;                 /* read as lines, not seen: marks, digits and shapes are left out, codes are spelled */
};

struct canvas {
    struct canvas_grid *grid;  /* borrowed */
    int top, left, rows, cols; /* inside the grid; rows and cols may be 0 */
};

void canvas_grid_init(struct canvas_grid *g, int rows, int cols); /* blank; sizes are clamped to 0..CANVAS_MAX_* */
void canvas_grid_done(struct canvas_grid *g);
void canvas_grid_resize(struct canvas_grid *g, int rows, int cols);                 /* blank afterwards */
const struct cell *canvas_grid_cell(const struct canvas_grid *g, int row, int col); /* NULL outside */

struct canvas canvas_all(struct canvas_grid *g);
/* A window on c; whatever lies outside c is cut off. Negative row or col are cut off too. */
struct canvas canvas_area(struct canvas c, int row, int col, int rows, int cols);

bool canvas_is_plain(struct canvas c);                /* the grid's `plain` */
void canvas_clear(struct canvas c, enum style style); /* spaces of this style */
/* Text from (row, col) to the right; cut with "…" at the area's edge. Returns the columns written. */
int canvas_text(struct canvas c, int row, int col, enum style style, const char *text);
int canvas_textf(struct canvas c, int row, int col, enum style style, const char *fmt, ...)
    __attribute__((format(printf, 5, 6))); /* formatted text over 1,000 bytes is cut */
int canvas_center(struct canvas c, int row, enum style style, const char *text);
int canvas_right(struct canvas c, int row, enum style style, const char *text); /* ends at the right edge */
/* Word wrap from row on, over the whole width. Returns the rows used (those cut off at the bottom do not count). */
int canvas_wrap(struct canvas c, int row, enum style style, const char *text);
int canvas_wrap_rows(const char *text, int cols); /* the rows it would need */
/* "label  value": a label column of label_cols, the value wrapped beside it. Returns rows used; 0 for an empty value.
 */
struct canvas_fact {
    int label_cols;
    const char *label, *value;
};
int canvas_fact(struct canvas c, int row, enum style style, const struct canvas_fact *f);
/* The row becomes spaces of this style, then the text: bars and buttons. */
void canvas_bar(struct canvas c, int row, enum style style, const char *text);
void canvas_restyle(struct canvas c, int row, enum style style); /* keeps the text of the row */
void canvas_rule(struct canvas c, int row, enum style style);    /* ──── */
void canvas_box(struct canvas c, enum style style);              /* a frame along the area's edge */
/* Block letters, 5 rows high, 6 columns each: 0-9 A-Z : - and space, others blank. For ticket codes and the clock.
 * Returns the columns used, 0 (nothing drawn) when it does not fit. */
int canvas_big(struct canvas c, int row, int col, enum style style, const char *text);
/* The same letters 3 rows high, of half blocks: only where the terminal can show a QR code (ui->can_qr). */
int canvas_big_low(struct canvas c, int row, int col, const char *text);
/* The code by the rule of dark-on-light half blocks. quiet: modules of quiet zone wished (4), lowered to 2 when the
 * area is small. Draws nothing and returns 0 when it does not fit even so; else returns the rows used. */
int canvas_qr(struct canvas c, int row, int col, const struct qr *qr, int quiet);
int canvas_qr_rows(const struct qr *qr, int quiet);
int canvas_qr_cols(const struct qr *qr, int quiet);
/* Puts the hardware cursor there (readers for the blind follow it). The last call of a drawing wins; outside c:
 * ignored. */
void canvas_cursor(struct canvas c, int row, int col);

#endif
