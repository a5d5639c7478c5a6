/* The terminal, and the only user of curses. Raw mode, restored on every way out. Input is handed over as bytes
 * (keys.h). */
#ifndef KIOSK_UI_TERM_H
#define KIOSK_UI_TERM_H

#include <stdbool.h>
#include <stddef.h>

#include "kiosk/base/error.h"
#include "kiosk/ui/canvas.h"

struct term;

/* Takes over the terminal on standard input and output. An unknown TERM becomes "linux", then "vt100". Colours: 16, 8,
 * or none (no_color, NO_COLOR set and not empty, or a monochrome terminal): then bold, reverse and underline. ERR_IO:
 * not a terminal. */
enum err term_open(struct term **out, bool no_color, struct error *e) MUST_CHECK;
/* Restores the terminal; takes NULL. When the process crashes the terminal is made usable again. */
void term_close(struct term *t);
int term_fd(const struct term *t); /* to poll for input */
/* Reads what is there without waiting: bytes read, 0 nothing now, -1 the terminal is gone (EOF, EIO). */
int term_read(struct term *t, void *bytes, size_t n);
void term_size(struct term *t, int *rows, int *cols); /* asks the system, follows a resize */
bool term_can_qr(const struct term *t); /* colours and the half block glyph (GIO_UNIMAP on a Linux console) */
/* Sends a message that terminals ignore (OSC 7777), after all that was drawn: for tests. */
void term_mark(struct term *t, const char *text);
/* The palette of high contrast, or the usual one. Without colours both are the same. */
void term_set_contrast(struct term *t, bool strong);
void term_tone(struct term *t); /* the terminal's bell */
/* Shows the grid: only cells that changed are sent. The cursor rests where the grid says (hidden nowhere). */
void term_draw(struct term *t, const struct canvas_grid *g);

#endif
