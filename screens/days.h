/* What the screens that show many days at once share: the focused day, what is asked for, what is typed: digits are a date to go to,
 * letters search. */
#ifndef SCREENS_DAYS_H
#define SCREENS_DAYS_H

#include <stdbool.h>
#include <stdint.h>

#include "kiosk/store/replica.h"
#include "kiosk/ui/canvas.h"
#include "kiosk/ui/input.h"
#include "kiosk/ui/keys.h"
#include "screens/wish.h"

struct ui;

/* DAYS_ANSWER: the action with which the agenda of one day gives days_arg() back. */
enum { DAYS_HEAD = 2, DAYS_SEARCH_COLS = 34, DAYS_NARROW = 60, DAYS_ANSWER = 90 };

struct days {
    int32_t day;  /* the focused one, days since 1970 in the centre's zone */
    int32_t from; /* where a date began to be typed: a day without a month is one of its month */
    struct wish wish;
    struct input search, date;
};

/* arg: "" (today) or what days_arg() made. */
void days_enter(struct days *d, const struct ui *ui, const char *arg);
/* "DAY;wish;search", for shell_open: the same days, asked for in the same way. out is returned. */
char *days_arg(char out[512], const struct days *d);
int32_t days_today(const struct ui *ui); /* while the clock is not known: the day of the last word from the hub */
/* The focused day becomes this one, within what can be of interest: some months back, two years ahead. */
void days_go(struct days *d, const struct ui *ui, int32_t day);
/* What takes place from day `first` on and before day `after`, with all that is asked; of today what is not over yet. */
struct event_filter days_filter(const struct days *d, const struct ui *ui, int32_t first, int32_t after);
/* A search line that is not empty, a date and Esc are for what is typed. DAYS_MOVED: a date leads to another day. */
enum days_typed { DAYS_NOT_TYPED, DAYS_TYPED, DAYS_MOVED, DAYS_SEARCHED };
enum days_typed days_type(struct days *d, const struct ui *ui, const struct key *k);
void days_open(struct ui *ui, struct days *d); /* the agenda of the focused day */
/* The second line of the screen: what is typed, and what is asked for; hint (translated): while nothing is typed. In a narrow row the
 * one that matters more. */
void days_draw_asked(struct canvas row, const struct days *d, const char *hint);
/* "Tuesday, 12 May: 5 events". out is returned. */
char *days_status(char *out, size_t size, const struct ui *ui, int32_t day, int count);

#endif
