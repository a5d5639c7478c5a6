/* What the voice says of the screens: on another screen its name and where one is, then whatever gets the focus, letters as they are typed
 * (not where they are hidden), and messages. It looks at what was drawn (where.h); no screen has code for it. */
#ifndef KIOSK_UI_TALK_H
#define KIOSK_UI_TALK_H

#include <stddef.h>

#include "kiosk/ui/where.h"

enum { TALK_TEXT = 1900 };

/* What was said last; zeroed memory: nothing. */
struct talk {
    struct where last;
    char flash[300];
};

/* Writes what is to be said of the screen now, "" when nothing is new. true: something is to be said, or broken off. */
bool talk_look(struct talk *t, struct shell *s, char *out, size_t size);

#endif
