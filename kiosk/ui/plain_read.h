/* Inside of the plain mode: from a drawn grid to lines of text, and the words that stand for keys. */
#ifndef KIOSK_UI_PLAIN_READ_H
#define KIOSK_UI_PLAIN_READ_H

#include "kiosk/base/buf.h"
#include "kiosk/ui/canvas.h"
#include "kiosk/ui/shell_state.h"
#include "kiosk/ui/spot.h"

enum { PLAIN_COMMANDS = SHELL_ITEMS + 12 };

/* The number by which spot i is chosen; 0: none. Answers and rows have their place in the whole list, buttons come after them. */
int plain_number(const struct spots *spots, int i);
/* The rows of the grid as lines, numbered where something can be chosen. */
void plain_read_grid(struct buf *out, const struct canvas_grid *g);
/* The text of one spot, of its first `rows` rows, in one line. out is returned. */
char *plain_read_spot(const struct canvas_grid *g, const struct spot *spot, int rows, char *out, size_t size);

enum plain_word { PLAIN_KEY, PLAIN_AGAIN };

struct plain_command {
    enum plain_word what;
    int key;           /* of PLAIN_KEY, as in a screen's table */
    const char *label; /* translated, borrowed */
    char letter[8];    /* the letter that stands for it; "" none */
};

/* What can be pressed now, Enter aside. Returns how many. */
int plain_commands(const struct shell *s, const struct spots *spots, struct plain_command out[PLAIN_COMMANDS]);
/* The command that the words mean, a key's name included; false: none. */
bool plain_find_command(const struct plain_command *list, int count, const char *words, struct plain_command *out);

#endif
