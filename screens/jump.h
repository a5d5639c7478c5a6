/* A date as people type it, read with each letter, so that one sees where it leads: "12", "12.12", "12.12.27", "12 дек", "dec 12",
 * "2026-12-12". */
#ifndef SCREENS_JUMP_H
#define SCREENS_JUMP_H

#include <stdbool.h>
#include <stdint.h>

/* Days since 1970 of what is typed so far; false while it is no date. A day alone is one of the month of `at`; a day and a month
 * without a year the next such day, or one of the last two months: `today`. Names of months in the reader's language and in
 * English, by their beginning; of two that begin so, the next one after today. */
bool jump_read(const char *typed, int32_t at, int32_t today, int32_t *day);

#endif
