/* Buttons beside each other, for the one decision at the foot of a page: "> [ Done ]   [ Print again ]". They flow into further rows when
 * the width asks for it. */
#ifndef KIOSK_FORM_BUTTONS_H
#define KIOSK_FORM_BUTTONS_H

#include "kiosk/ui/canvas.h"
#include "kiosk/ui/keys.h"

enum { BUTTONS_MAX = 6 };

struct buttons {
    const char *label[BUTTONS_MAX]; /* translated, borrowed for the process's life */
    int action[BUTTONS_MAX];        /* what buttons_key returns, > 0 */
    int count, focus;
    int row, cols; /* of the body: where the first row is drawn, how wide */
};

void buttons_clear(struct buttons *b); /* none; the focus stays where it was as far as there are buttons */
void buttons_add(struct buttons *b, const char *label, int action);
int buttons_rows(const struct buttons *b, int cols); /* rows needed */
void buttons_place(struct buttons *b, int row, int cols);
enum { BUTTONS_NOT_MINE = -1, BUTTONS_MOVED = 0 };
/* Arrows and Tab move, Enter, the space bar and a click give the action. */
int buttons_key(struct buttons *b, const struct key *k);
void buttons_draw(struct canvas body, const struct buttons *b);

#endif
