/* Facts about characters, for the text module alone.
 * Sources: UAX #11 (East_Asian_Width, Unicode 16), UAX #44 General_Category, UAX #15 (canonical pairs). */
#ifndef KIOSK_BASE_TEXT_TABLES_H
#define KIOSK_BASE_TEXT_TABLES_H

#include <stdbool.h>
#include <stdint.h>

bool text_is_wide(uint32_t cp); /* two columns */
bool text_is_mark(uint32_t cp); /* joins the character before it, no column of its own */
/* Never let through the door: controls, bidi controls, zero-width and other invisible characters, variation selectors,
 * fillers, tags, surrogates, private use, noncharacters. */
bool text_is_unsafe(uint32_t cp);
/* The one character that base followed by mark is canonically equal to; 0 when there is none. Latin, Greek, Cyrillic
 * and Hangul. */
uint32_t text_compose(uint32_t base, uint32_t mark);

#endif
