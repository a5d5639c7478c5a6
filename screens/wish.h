/* What somebody asks of events beside days and words: a topic, marks (free, for children, in Tatar ...), a place, a town. Chosen in one
 * dialog (screens/filter.c), said in the heading, carried from screen to screen as a short text. Zeroed memory asks for nothing. */
#ifndef SCREENS_WISH_H
#define SCREENS_WISH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "kiosk/store/replica.h"
#include "kiosk/ui/canvas.h"

struct ui;

enum { WISH_TEXT = 256, WISH_WORDS = 400 };

struct wish {
    char topic[24], place[24], city[96]; /* as event_filter has them */
    uint64_t marks;
    char words[WISH_WORDS]; /* all of it in the reader's language, "" when nothing is asked; by wish_say */
};

bool wish_is_any(const struct wish *w); /* nothing is asked */
void wish_clear(struct wish *w);
void wish_into(const struct wish *w, struct event_filter *f);
/* Fills words: "Sport · free of charge · for children". Asks the replica for names. */
void wish_say(struct wish *w, struct ui *ui);
/* The words, and the key that takes them back: in the heading of a list. */
void wish_draw(struct canvas c, const struct wish *w);
/* The name of a place by its number, "" when there is none. out is returned. */
char *wish_place_name(struct ui *ui, const char *place, char *out, size_t size);
/* As a text for shell_open and shell_return, and back; what is not understood is left out. */
char *wish_write(char out[WISH_TEXT], const struct wish *w);
void wish_read(struct wish *w, const char *text);

#endif
