/* What is shared and sought: opening its list, words, and what is told about one thing. */
#ifndef SCREENS_RESOURCES_H
#define SCREENS_RESOURCES_H

#include "kiosk/store/content.h"
#include "screens/page.h"

struct ui;

/* Opens the list of one community's things of a kind, -1 of all; only: 0 all, 1 what is shared, 2 what is sought. Where it is a single one, that
 * one is opened. */
void resources_open(struct ui *ui, const char *owner, int kind, int only);
int resources_kind(const char *type); /* of marks_resources[], by its code; -1 none */
/* "Equipment: shared", "Rooms: sought"; out is returned. */
char *resources_what(char *out, size_t size, const char *type, bool wanted);
/* "in the same town · both: sewing": why a pair fits; out is returned. */
struct supply_fit;
char *resources_reason(char *out, size_t size, const struct supply_fit *fit);
void resource_page_fill(struct page *p, struct ui *ui, const struct content *c);

#endif
