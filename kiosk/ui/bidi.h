/* Lines of right-to-left scripts in the order terminals want: from left to right as they are seen (Unicode UAX #9),
 * with Arabic letters in their joined forms, since terminals join none. The only user of FriBidi. */
#ifndef KIOSK_UI_BIDI_H
#define KIOSK_UI_BIDI_H

#include <stdbool.h>
#include <stddef.h>

enum { BIDI_CHARS = 600, BIDI_BYTES = 4 * BIDI_CHARS + 1 };

/* Is there a letter of Hebrew, Arabic, Syriac, Thaana, N'Ko .. in n bytes of UTF-8? Cheap: most text has no byte of
 * theirs. */
bool bidi_is_rtl(const char *s, size_t n);
/* One line, n bytes of UTF-8, in visual order; the direction is that of its first strong letter. Bytes written to out,
 * which ends with NUL; 0 when it is longer than BIDI_CHARS: draw it as it is then. */
size_t bidi_visual(const char *s, size_t n, char out[BIDI_BYTES]);

#endif
