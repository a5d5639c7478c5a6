/* What is told about an event and about a community: the same on their own screens and beside the lists. */
#ifndef SCREENS_EVENT_PAGE_H
#define SCREENS_EVENT_PAGE_H

#include <stdbool.h>

#include "kiosk/store/content.h"
#include "screens/page.h"

struct ui;

enum event_standing {
    EVENT_OPEN,      /* one can sign up */
    EVENT_QUEUE,     /* all places are taken, one can join the queue */
    EVENT_COME,      /* no sign-up: just come */
    EVENT_OVER,
    EVENT_CANCELLED,
    EVENT_POSTPONED,
    EVENT_CLOSED     /* this kiosk cannot take sign-ups now */
};

enum event_standing event_standing(const struct ui *ui, const struct row *row, const struct content *c);
/* Fill p (after page_begin, before page_place). */
void event_page_fill(struct page *p, struct ui *ui, const struct row *row, const struct content *c);
/* Facts that other pages have too. */
void event_page_topics(struct page *p, struct ui *ui, const struct content *c);
void event_page_age(struct page *p, const char *age);
void event_page_place(struct page *p, const struct content *c); /* address and town of what is no event */
void event_page_language(struct page *p, const struct content *c); /* that it is not the reader's */
void community_page_fill(struct page *p, struct ui *ui, const struct content *c);

#endif
