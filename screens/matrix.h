/* The table of communities and kinds of help: what its two files share. */
#ifndef SCREENS_MATRIX_H
#define SCREENS_MATRIX_H

#include "kiosk/store/supply.h"
#include "kiosk/ui/input.h"
#include "kiosk/ui/list.h"
#include "kiosk/ui/screen.h"

struct ui;

enum { MATRIX_ROWS = 90, MATRIX_MAX = 3000, MATRIX_SHOWN = 3, MATRIX_LOW = 14 /* rows of the body: large letters */ };

/* Where its columns stand; the same for drawing and for the mouse. */
struct matrix_columns {
    int name_cols;     /* of the names, from MATRIX_LEFT on */
    int cell_cols;     /* of a kind, with the blank behind it */
    int first, count;  /* kinds in sight */
    bool roomy;        /* there is room for both numbers of a cell */
};
enum { MATRIX_LEFT = 5 };

struct matrix {
    struct supply_filter filter;
    int only;     /* 0 offers and wants, 1 offers, 2 wants */
    int only_kind; /* -1 all */
    bool looked;   /* it was filled once */
    char said[300]; /* the filters in words */
    struct input search;
    struct list list;
    int first, held;         /* row[0] is item `first` of the list */
    struct supply_row *row;  /* owned */
    int kind;                /* the column with the focus */
    int head, foot;          /* rows above and below the communities */
    struct matrix_columns columns;
    char about[400], inside[900]; /* the focused cell in words */
};

/* The row of an item, NULL when it is not held. */
const struct supply_row *matrix_at(const struct matrix *m, int index);
/* What a cell has while only offers or only wants are asked for. */
int matrix_times(const struct matrix *m, const struct supply_row *row, int cell);
extern const struct screen_key matrix_keys[];
void matrix_place(struct matrix *m, int cols);
void matrix_draw(const struct ui *ui, const void *state, struct canvas body);

#endif
