/* What on a drawn grid can be chosen, touched or typed into, and where: widgets tell it while they draw. Touch, the plain mode, speech
 * and "where am I?" know the screens by this alone, so no screen has code for them. */
#ifndef KIOSK_UI_SPOT_H
#define KIOSK_UI_SPOT_H

#include <stdbool.h>

#include "kiosk/ui/canvas.h"

enum spot_kind {
    SPOT_ROW,    /* of a list; a click chooses it */
    SPOT_OPTION, /* of the open field of a form; a click chooses it */
    SPOT_BUTTON, /* a click presses it */
    SPOT_FIELD,  /* a field of a form; a click goes there */
    SPOT_INPUT,  /* a line that is typed into now */
    SPOT_SEARCH, /* a line that letters go into, whatever has the focus */
    SPOT_KEY,    /* a touch on it is the key `key` */
    SPOT_MORE    /* the same, where a text goes on: count lines are left */
};

struct spot {
    enum spot_kind kind;
    int row, col, rows, cols; /* on the grid; set by canvas_spot */
    int index, count;         /* the item's place among all, from 0, and how many there are; 0, 0: unknown */
    int key;                  /* K_ code a touch gives instead of a click; 0: a click */
    int chars;                /* of an input: clusters in it */
    bool focus;
    bool secret;              /* of an input: what is typed must not be seen */
};

enum { SPOTS_MAX = 250 };

struct spots {
    struct spot spot[SPOTS_MAX];
    int count;
};

/* Notes a spot of the size of the area; one without cells, and those past SPOTS_MAX, are left out. */
void canvas_spot(struct canvas area, const struct spot *what);
/* The last line of a text that scrolls: a touch turns the page, at the end (left 0) back. */
void spot_more(struct canvas line, int left);
/* The spots of what was drawn, in the order in which it was; never NULL, borrowed from the grid. */
const struct spots *canvas_grid_spots(const struct canvas_grid *g);
void canvas_grid_forget_spots(struct canvas_grid *g); /* what comes is drawn over all that was */
/* The last spot drawn at this cell; NULL none. */
const struct spot *spots_at(const struct spots *s, int row, int col);
/* The one with the focus; an input before what it stands in. NULL: none. */
const struct spot *spots_focus(const struct spots *s);

#endif
