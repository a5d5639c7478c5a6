/* One line to type into. Counts characters as people do; scrolls by columns when the text is wider than its field. */
#ifndef KIOSK_UI_INPUT_H
#define KIOSK_UI_INPUT_H

#include "kiosk/ui/canvas.h"
#include "kiosk/ui/keys.h"

enum { INPUT_BYTES = 512 };

struct input {
    char text[INPUT_BYTES]; /* UTF-8, NUL-terminated */
    int cursor;             /* byte offset, at a cluster's border */
    int max;                /* clusters; 0 is 100 */
    bool secret;            /* shown as stars */
    unsigned early;         /* the burst (struct key) of the last early characters */
    int early_at, early_len; /* the bytes that they are */
};

void input_set(struct input *in, const char *text); /* sanitised; cursor at the end */
/* Characters, Backspace, Delete, Left, Right, Home, End. false: not a key of a text field, or nothing to do (Backspace
 * in an empty one, Left at the start, Home and End in an empty one). K_UNTYPE takes back what the scanner typed, false:
 * that went elsewhere. A scan is not taken: the screen decides. */
bool input_key(struct input *in, const struct key *k);
/* Into the first row of c, over its whole width; with the focus the hardware cursor goes there. hint is shown in an
 * empty field. */
void input_draw(struct canvas c, const struct input *in, bool focused, const char *hint);
int input_length(const struct input *in);     /* in characters as people count them */
bool input_is_empty(const struct input *in); /* nothing but spaces */
void input_wipe(struct input *in);           /* overwritten, max and secret stay */

#endif
