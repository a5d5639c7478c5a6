/* FriBidi works on code points; what it puts in for itself is left out again. */
#include "kiosk/ui/bidi.h"

#include <fribidi.h>

#include "kiosk/base/text.h"

bool bidi_is_rtl(const char *s, size_t n)
{
    const unsigned char *u = (const unsigned char *)s;
    for (size_t i = 0; i < n; i++) {
        if (u[i] < 0xD7)
            continue;     /* ASCII, Latin, Greek, Cyrillic, Armenian, and what follows a first byte */
        if (u[i] <= 0xDF) /* U+05C0..U+07FF */
            return true;
        if (i + 2 < n && ((u[i] == 0xE0 && u[i + 1] <= 0xA3) || (u[i] == 0xEF && u[i + 1] >= 0xAC && u[i + 1] <= 0xBB)))
            return true; /* U+0800..U+08FF, the presentation forms */
        if (i + 2 < n && u[i] == 0xF0 && u[i + 1] == 0x90 && u[i + 2] >= 0xA0)
            return true;
    }
    return false;
}

/* What FriBidi puts where a ligature took a place, and signs that only say a direction. */
static bool bidi_is_filler(FriBidiChar cp)
{
    return cp == FRIBIDI_CHAR_FILL || cp == 0x200E || cp == 0x200F || (cp >= 0x202A && cp <= 0x202E) ||
           (cp >= 0x2066 && cp <= 0x2069);
}

size_t bidi_visual(const char *s, size_t n, char out[BIDI_BYTES])
{
    FriBidiChar logical[BIDI_CHARS], visual[BIDI_CHARS];
    FriBidiParType direction = FRIBIDI_PAR_ON;
    size_t used, count = 0, length = 0;
    for (size_t at = 0; at < n; at += used) {
        uint32_t cp;
        used = text_decode(s + at, n - at, &cp);
        if (count == BIDI_CHARS || used == 0)
            return 0;
        logical[count++] = cp;
    }
    if (count == 0 || fribidi_log2vis(logical, (FriBidiStrIndex)count, &direction, visual, NULL, NULL, NULL) == 0)
        return 0;
    for (size_t i = 0; i < count; i++)
        if (!bidi_is_filler(visual[i]))
            length += text_encode(visual[i], out + length);
    out[length] = '\0';
    return length;
}
