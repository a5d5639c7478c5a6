/* What the staff page tells, in words. */
#ifndef SCREENS_STAFF_FACTS_H
#define SCREENS_STAFF_FACTS_H

#include <stdbool.h>
#include <stddef.h>

struct ui;

enum { STAFF_FACTS = 12, STAFF_TEXT = 480 };

struct staff_fact {
    const char *label; /* translated */
    char text[STAFF_TEXT];
    bool bad;          /* somebody should do something */
};

/* Fills out, returns how many. Reads the ledger. */
int staff_facts(const struct ui *ui, struct staff_fact out[STAFF_FACTS]);

#endif
