/* A recurrence rule (RFC 5545 3.3.10) in words, when it is a simple one: "every week: Tue, Thu", "every Tuesday until 1 May". */
#ifndef SCREENS_REPEAT_H
#define SCREENS_REPEAT_H

#include <stddef.h>

/* "" when rrule is NULL, or says more than a short sentence can: then the list of dates says it. out is returned. */
struct when;
char *repeat_words(char *out, size_t size, const char *rrule, const struct when *w);

#endif
