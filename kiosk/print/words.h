/* Days, times and seats as a ticket words them, in the language of i18n: whole dates with weekday and year, since paper
 * is read on another day than it was printed. Every function writes at most size bytes with the NUL and returns out. */
#ifndef KIOSK_PRINT_WORDS_H
#define KIOSK_PRINT_WORDS_H

#include <stddef.h>
#include <stdint.h>

#include "kiosk/store/ledger.h"

struct zone;

char *words_date(char *out, size_t size, int64_t instant, const struct zone *zone); /* "Saturday, 12 May 2026" */
/* The day or days of an event: "Saturday, 12 May 2026", or "12 May 2026 – 15 May 2026". */
char *words_days(char *out, size_t size, const struct ticket_facts *facts, const struct zone *zone);
/* Its hours: "18:00 – 20:00", "at 18:00", "all day"; "" when they are of no use (whole days in a row). */
char *words_hours(char *out, size_t size, const struct ticket_facts *facts, const struct zone *zone);
char *words_plain(char *out, size_t size, int64_t instant, const struct zone *zone); /* "12 May 2026" */
/* Numbers with runs drawn together: "3, 5–7". */
char *words_numbers(char *out, size_t size, const int *numbers, int count);

#endif
