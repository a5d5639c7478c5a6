/* The screens over a desk without a terminal: the shell, a clock that is moved by hand, a grid to look at. */
#ifndef TESTS_SUPPORT_STAND_H
#define TESTS_SUPPORT_STAND_H

#include "kiosk/base/buf.h"
#include "kiosk/base/clock.h"
#include "kiosk/ui/shell.h"
#include "kiosk/ui/ui.h"
#include "tests/support/desk.h"

enum { STAND_ROWS = 24, STAND_COLS = 80, STAND_IDLE_MS = 600000, STAND_GONE_MS = 20000 };

struct stand {
    struct desk d;
    struct clock clock;
    struct ui ui;
    struct shell *shell;
    struct config *config;
    struct buf key, text;
    struct canvas_grid grid;
    int rows, cols;
};

/* On the start page, in English. */
void stand_open(struct stand *s);
void stand_close(struct stand *s);
void stand_resize(struct stand *s, int rows, int cols);
const char *stand_text(struct stand *s); /* what is on the grid, row by row; borrowed until the next call */
void stand_sees(struct stand *s, const char *text); /* fails the test when it is not there */
void stand_wait(struct stand *s, int ms);           /* time goes by, deadline by deadline, as the loop would let it */
void stand_data_changed(struct stand *s);
void stand_press(struct stand *s, int code);        /* a K_ code or a character */
void stand_type(struct stand *s, const char *text); /* UTF-8 */

#endif
