/* What takes place, day by day: a list with headings, walked through like any other. Keeps a window of rows around what is seen, so
 * that a key costs the same among a hundred and a hundred thousand. agenda_load, agenda_place and agenda_key may ask the replica. */
#ifndef SCREENS_AGENDA_H
#define SCREENS_AGENDA_H

#include "kiosk/store/replica.h"
#include "kiosk/ui/canvas.h"
#include "kiosk/ui/keys.h"
#include "kiosk/ui/list.h"

struct ui;

enum { AGENDA_ROWS = 160 };

struct agenda {
    struct event_filter filter;
    int32_t first_day; /* days before it are shown as it: what began earlier stands under the first day asked for */
    int count;         /* FIND_COUNT_MAX: that many or more */
    int cursor, top;   /* of all rows; the focused and the first visible one */
    int row, rows;     /* lines of the body it is drawn on */
    int shown;         /* items that are visible whole from top on */
    int first, held;   /* row[0] is item `first` of all; so many are held */
    struct row *item;  /* AGENDA_ROWS; owned */
    bool numbers;      /* digits stand beside the items, and choose */
    unsigned early;    /* the burst (struct key) of the last early digit */
    int early_cursor;  /* before it */
};

void agenda_init(struct agenda *a);
void agenda_done(struct agenda *a);
/* Asks again, with a->filter. The focus stays on the occurrence it was on, if it is still there (not when start_over). */
void agenda_load(struct agenda *a, struct ui *ui, bool start_over);
/* Lines of the body, `row` the first. Before agenda_load. */
void agenda_place(struct agenda *a, int row, int rows);
const struct row *agenda_focus(const struct agenda *a); /* NULL when it is empty; borrowed until the next call */
/* As list_key. */
enum list_event agenda_key(struct agenda *a, struct ui *ui, const struct key *k);
void agenda_draw(struct canvas c, const struct agenda *a, const struct ui *ui);

#endif
