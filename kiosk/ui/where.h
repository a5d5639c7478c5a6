/* "Where am I?" in words: the screen, the place among how many, what has the focus. For the message line, and for speech. */
#ifndef KIOSK_UI_WHERE_H
#define KIOSK_UI_WHERE_H

#include <stdbool.h>
#include <stddef.h>

struct shell;

enum { WHERE_TEXT = 500 };

struct where {
    unsigned serial;      /* of the screen; no two have the same */
    char title[80];       /* "" none */
    char place[48];       /* "3 of 12"; "" when there is nothing to count */
    char focus[WHERE_TEXT]; /* what the focused row, field or button says; "" none */
    char typed[WHERE_TEXT]; /* what stands in the line that is typed into */
    bool secret;          /* something is typed that nobody is to see */
};

/* Looks at the screen as it would be drawn now. Nothing of the shell changes. */
void where_look(struct shell *s, struct where *out);
/* "Events. 3 of 12. 18:00 Choir". out is returned. */
char *where_words(const struct where *w, char *out, size_t size);
/* All that stands on the screen in one line, after ". ". */
void where_read(struct shell *s, char *out, size_t size);
void where_tell(struct shell *s); /* in the message line */

#endif
