/* A list one walks through: cursor, scrolling, digits, mouse. It knows numbers only; the rows are the screen's, which
 * keeps the page that is visible: fetch [top, top + list_page()) in refresh and whenever list_key says LIST_MOVED.
 * Menus are lists. */
#ifndef KIOSK_UI_LIST_H
#define KIOSK_UI_LIST_H

#include "kiosk/ui/canvas.h"
#include "kiosk/ui/keys.h"

struct list {
    int count;     /* items in all */
    int cursor;    /* 0..count-1 */
    int top;       /* first visible item */
    int row, rows; /* lines of the body it is drawn on, for the mouse and for paging */
    int item_rows; /* lines of one item, 1 or more */
    int gap;       /* blank lines between items */
    unsigned early;              /* the burst (struct key) of the last early digit */
    int early_cursor, early_top; /* before it */
};

enum list_event {
    LIST_NOT_MINE, /* some other key */
    LIST_MOVED,    /* cursor or top changed, or stayed at an end */
    LIST_CHOSEN    /* Enter, a digit or a click: cursor is the item */
};

/* Where the list will be drawn: `row` of the body, so many rows of it. In refresh. */
void list_place(struct list *l, int row, int rows, int item_rows);
void list_set_count(struct list *l, int count); /* cursor and top are kept when possible */
void list_set_cursor(struct list *l, int cursor);
int list_page(const struct list *l); /* items that fit */
/* Up, Down, PgUp, PgDn, End, wheel move; Enter and click choose; 1-9 choose the item shown with that number, K_UNTYPE
 * goes back to where the cursor was before. (Home goes to the home screen everywhere.) */
enum list_event list_key(struct list *l, const struct key *k);
/* Draws the visible items into c, whose row 0 is body row l->row: "> 1 text      2 of 5". item() draws item `index`
 * (0..count-1) into an area of item_rows lines. The focus is a reversed block before the item, as high as it, and nothing of the item
 * changes with it: a step sends few bytes, however long the texts are. With it the hardware cursor rests beside the mark. In lines
 * (canvas_is_plain) there is no block, and `style` is STYLE_FOCUS for the focused item; else it is STYLE_TEXT. */
struct list_look {
    void (*item)(struct canvas area, int index, enum style style, const void *ctx);
    const void *ctx;
    bool numbers;   /* show the digits */
    bool no_count;  /* leave "2 of 5" away */
    bool unfocused; /* the focus is elsewhere on the screen */
};
/* Columns that item() gets on a list so wide. */
int list_item_cols(const struct list *l, const struct list_look *look, int cols);
int list_mark_cols(bool numbers); /* columns before an item: the block, its digit, and a blank one */
/* That block, for lists that are drawn otherwise. digit: 1-9 is shown, 0 and others leave its room empty, -1 leaves no room. */
void list_draw_mark(struct canvas item, bool focus, int digit);
void list_draw(struct canvas c, const struct list *l, const struct list_look *look);

#endif
