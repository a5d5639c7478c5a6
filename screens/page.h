/* A page of facts and text that scrolls: what the screens of one event, one community and the previews beside lists show.
 * Filled in refresh, with words of the reader's language; drawn without another thought. Zeroed memory is an empty page. */
#ifndef SCREENS_PAGE_H
#define SCREENS_PAGE_H

#include <stdbool.h>

#include "kiosk/ui/canvas.h"
#include "kiosk/ui/keys.h"

struct ui;

enum { PAGE_ITEMS = 500 };

struct page_item {
    enum style style;
    bool is_entry; /* label is the mark of a list's entry, "•" or "12.": the text hangs beside it */
    char *label;   /* beside a fact; NULL: a text over the whole width */
    char *text;    /* "" is a blank line */
};

struct page_line {
    int item;
    unsigned from, bytes; /* of the item's text */
    bool first;           /* of its item: the label stands here */
};

struct page {
    struct page_item *item; /* items of them, owned */
    int items;
    bool counts_pages; /* the last line tells "page 2 of 5": for what is read from beginning to end */
    struct page_line *line;
    int lines, room; /* used, allocated */
    int label_cols;  /* 0: labels stand on lines of their own */
    int top, rows, cols;
};

/* Empties it; the place in the text is kept, so that fresh data do not move what somebody reads. */
void page_begin(struct page *p);
void page_done(struct page *p);
/* Texts are copied; NULL and "" add nothing. More than PAGE_ITEMS are left out. */
void page_text(struct page *p, enum style style, const char *text);
void page_fact(struct page *p, const char *label, const char *text);
void page_entry(struct page *p, const char *mark, const char *text); /* of a list */
void page_gap(struct page *p); /* one blank line, never two, never the first */
/* Breaks it into lines for an area of this size. After the last item. */
void page_place(struct page *p, int rows, int cols);
/* The same above a list of so many rows, with a line between them: at the bottom, on tall screens right below the text. Returns the
 * list's first row. */
int page_place_above(struct page *p, const struct ui *ui, int list_rows);
bool page_scrolls(const struct page *p);
void page_top(struct page *p); /* to its beginning */
/* Up, Down, PgUp, PgDn, End, Space, wheel. false: not such a key, or nothing to scroll. */
bool page_key(struct page *p, const struct key *k);
/* When something lies outside, the last line says how much and which key shows it. */
void page_draw(struct canvas c, const struct page *p);

#endif
