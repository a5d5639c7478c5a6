/* What is told of an article: the same on its own screen and beside the list. */
#ifndef SCREENS_ARTICLE_PAGE_H
#define SCREENS_ARTICLE_PAGE_H

#include "kiosk/store/content.h"
#include "screens/page.h"

struct ui;

/* Fills p (after page_begin, before page_place). */
void article_page_fill(struct page *p, struct ui *ui, const struct content *c);

#endif
