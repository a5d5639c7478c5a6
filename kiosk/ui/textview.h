/* A long text that scrolls. The text is the screen's; this keeps the place. The last row says what is left ("12 more
 * lines: PgDn"). */
#ifndef KIOSK_UI_TEXTVIEW_H
#define KIOSK_UI_TEXTVIEW_H

#include "kiosk/ui/canvas.h"
#include "kiosk/ui/keys.h"

struct textview {
    int top, rows, total; /* lines */
};

void textview_place(struct textview *v, const char *text, int rows, int cols); /* in refresh */
bool textview_key(struct textview *v,
                  const struct key *k); /* Up, Down, PgUp, PgDn, End, space, wheel; false: nothing to scroll */
void textview_draw(struct canvas c, const struct textview *v, enum style style, const char *text);

#endif
