/* What is told of an opportunity, and the words for its kind and its last day. */
#ifndef SCREENS_CALL_PAGE_H
#define SCREENS_CALL_PAGE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "kiosk/store/content.h"
#include "screens/page.h"

struct ui;

/* "Grant" for "grant"; "" for a kind that is not known. */
const char *call_word(const char *type);
/* "5 days left", "today is the last day", "until 12 August", "at any time", "closed". day: the last one, days since 1970, 0: none.
 * out is returned. */
char *call_left(char *out, size_t size, const struct ui *ui, int32_t day);
bool call_is_over(const struct ui *ui, int32_t day);
/* Fills p (after page_begin, before page_place). */
void call_page_fill(struct page *p, struct ui *ui, const struct content *c);
/* Its last day, 0: none. */
int32_t call_day(const struct content *c);

#endif
