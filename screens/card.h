/* One record on a page: what is told about it, scrolling; below, what one can do and what belongs to it, as a list; beside it, where
 * there is room, the code of its address for a telephone. A screen is a struct card_kind, a table of keys and an `enter` that calls
 * card_enter; its other slots are the functions below, its state is a struct card or begins with one. */
#ifndef SCREENS_CARD_H
#define SCREENS_CARD_H

#include "kiosk/store/content.h"
#include "kiosk/ui/list.h"
#include "kiosk/ui/screen.h"
#include "screens/page.h"
#include "screens/phone.h"

enum { CARD_LINES = 40, CARD_ROWS = 6, CARD_ROWS_TALL = 14, CARD_TALL = 34 };

/* One line of the list. */
struct card_line {
    int screen;      /* what it opens */
    const char *arg; /* with this; at most 511 bytes */
    const char *text;
    enum style style; /* while it has not the focus */
};

struct card;
struct card_kind {
    int rows;         /* of the list, at most; 0: CARD_ROWS */
    const char *gone; /* N_(): said instead of it when the record is not there any more */
    /* Fills page, lines and address of an emptied card; false when the record is gone. */
    bool (*fill)(struct ui *ui, struct card *c);
};

struct card {
    const struct card_kind *kind;
    char id[CONTENT_ID]; /* the argument the screen was opened with: of a record or an occurrence */
    bool found;
    struct page page;
    struct phone phone;
    struct list list;
    struct card_line line[CARD_LINES]; /* texts owned */
};

void card_enter(struct card *c, const struct card_kind *kind, const char *id);
/* In fill: one more line, copied; more than CARD_LINES are left out. */
void card_add(struct card *c, const struct card_line *line);
void card_add_link(struct card *c, const char *url, const char *text); /* opens the code of an address; nothing for NULL */
/* Is there a line that opens this screen? Opens the first. */
bool card_has(const struct card *c, int screen);
void card_go(struct ui *ui, const struct card *c, int screen);
/* For the slots of the same names; state is a struct card. */
void card_refresh(struct ui *ui, void *state);
void card_draw(const struct ui *ui, const void *state, struct canvas body);
bool card_key(struct ui *ui, void *state, const struct key *k);
void card_leave(struct ui *ui, void *state);

#endif
