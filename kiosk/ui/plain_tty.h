/* Standard input and output of the plain mode: lines in, text out, with or without a terminal at the other end. A terminal keeps its
 * own line editing; what it echoes is switched off while something is typed that nobody is to see. */
#ifndef KIOSK_UI_PLAIN_TTY_H
#define KIOSK_UI_PLAIN_TTY_H

#include "kiosk/ui/shell.h"

struct plain_tty;

/* s outlives it. Ctrl-C, Ctrl-Z, Ctrl-D and Ctrl-S do nothing from now on. */
struct plain_tty *plain_tty_open(struct shell *s);
void plain_tty_close(struct plain_tty *t); /* the terminal is as it was; takes NULL */
int plain_tty_fd(const struct plain_tty *t); /* to poll for input */
/* Takes what is there and answers every whole line of it. Bytes read, -1 when the other end is gone. */
int plain_tty_take(struct plain_tty *t);
void plain_tty_draw(struct plain_tty *t); /* says what has changed by itself */

#endif
