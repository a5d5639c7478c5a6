/* The code for a telephone's camera that leads to an address, sized for the room there is. */
#ifndef SCREENS_PHONE_H
#define SCREENS_PHONE_H

#include <stdbool.h>

#include "kiosk/ticket/qr.h"
#include "kiosk/ui/canvas.h"

struct ui;

struct phone {
    bool shown; /* false: no address, no colours, does not fit, or not ASCII: then letters have to do */
    struct qr qr;
    int rows, cols, quiet;
};

void phone_make(struct phone *c, const struct ui *ui, const char *url, int rows, int cols); /* url may be NULL */
void phone_draw(struct canvas area, int row, int col, const struct phone *c);
/* At the right edge of a wide screen, beside a page: the code with a line above it that says what it is for. */
enum { PHONE_ASIDE_COLS = 80 }; /* what the page keeps */
void phone_make_aside(struct phone *c, const struct ui *ui, const char *url);
void phone_draw_aside(struct canvas body, const struct phone *c);

#endif
