/* Single-byte code pages of printers, for text mode. A character that the page lacks becomes the nearest one that it
 * has, so that columns stay where the layout put them; a letter with no likeness becomes "?". Sources: the Unicode
 * Consortium's mapping tables CP866.TXT and CP1251.TXT. */
#ifndef KIOSK_PRINT_CODEPAGE_H
#define KIOSK_PRINT_CODEPAGE_H

#include <stdbool.h>
#include <stddef.h>

#include "kiosk/base/buf.h"

enum codepage { CODEPAGE_866, CODEPAGE_1251 };

/* "cp866", "cp1251", any case; false for another name. */
bool codepage_by_name(const char *name, enum codepage *out);
/* Appends the first n bytes of s (UTF-8) as bytes 20-7E and 80-FE (and FF, the я of CP1251): one for each column
 * (text_width). LF stays LF. */
void codepage_add(struct buf *out, enum codepage page, const char *s, size_t n);
/* Every character of s is in the page or has a likeness: nothing would become "?" that is not one. */
bool codepage_covers(enum codepage page, const char *s);

#endif
