/* The kiosk in lines, for braille terminals, speech and serial lines (kiosk --plain). Screens draw on a grid as ever; this reads the grid
 * and what can be chosen on it (spot.h) and says it in numbered lines, and makes keys of the lines that a person types. It knows no
 * single screen. No byte below 20 (hex) but LF leaves it, and no escape sequence.
 *
 * A line typed: nothing is Enter; a number chooses the row, answer or button with it, seen just now or not; a letter or word of the
 * line "Commands" is that key, and so is the name of a key; all else is typed into the search. While a field has the focus, the line is
 * its new content, and commands begin with a dot. */
#ifndef KIOSK_UI_PLAIN_H
#define KIOSK_UI_PLAIN_H

#include <stdbool.h>

#include "kiosk/base/buf.h"

struct shell;

enum { PLAIN_ROWS = 38, PLAIN_COLS = 80, PLAIN_LINE = 600 };

struct plain;

/* s outlives it, and its size is set to PLAIN_ROWS x PLAIN_COLS here. */
struct plain *plain_new(struct shell *s);
void plain_free(struct plain *p); /* what was said is overwritten */
/* Adds to out what there is to say: everything when the screen is another, else the lines that are new, then the prompt "> ". Nothing
 * when there is nothing, unless it is the answer to a line. When a person has gone, so many empty lines come first that nothing of
 * theirs is on the terminal any more. */
void plain_say(struct plain *p, struct buf *out, bool answer);
/* What the line asks for; LF and CR are not part of it. shell_advance comes before it, plain_say after it. */
void plain_line(struct plain *p, const char *line);
bool plain_hides(const struct plain *p); /* what is typed now must not be seen */
bool plain_left(const struct plain *p);  /* the last plain_say was a person's end: what they typed and did not send is to be dropped */

#endif
