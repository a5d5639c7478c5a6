/* A keyboard on the screen, for terminals that are touched: keys of 6 x 3 cells, Cyrillic as on Russian keyboards, Latin, digits and
 * signs. It knows no screen: a touch goes in, a key comes out. */
#ifndef KIOSK_UI_OSK_H
#define KIOSK_UI_OSK_H

#include <stdbool.h>

#include "kiosk/ui/canvas.h"
#include "kiosk/ui/keys.h"

enum { OSK_ROWS = 12, OSK_COLS = 72, OSK_LEAST_ROWS = 24 };
enum osk_layout { OSK_CYRILLIC, OSK_LATIN, OSK_SIGNS, OSK_LAYOUTS };

struct osk {
    bool wanted;     /* somebody touched a field of the screen below */
    bool shown;      /* there is something to type into just now */
    unsigned serial; /* of that screen */
    enum osk_layout layout;
    bool shift;      /* the next letter is a capital */
};

struct osk_touch {
    int row, col; /* in the keyboard */
    int cols;     /* its width */
    bool capital; /* a name begins: letters are capitals */
};

bool osk_fits(int rows, int cols); /* of the grid */
/* Into c, which has OSK_ROWS rows. capital: a name begins. */
void osk_draw(struct canvas c, const struct osk *o, bool capital);
/* The key that is touched. false: none is there, or it was for the keyboard itself: another
 * layout, Shift, away with it (wanted becomes false). */
bool osk_press(struct osk *o, const struct osk_touch *at, struct key *out);

#endif
