/* Decoding, width, and cutting text to columns. A cluster here is a character and the marks that follow it: text that
 * came through the door (text_clean.c) has no joiners or variation selectors, so this is all a terminal needs. */
#include "kiosk/base/text.h"

#include <string.h>

#include "kiosk/base/text_tables.h"

enum { TEXT_REPLACEMENT = 0xFFFD };
static const char text_dots[] = "…";

/* What the first byte promises: length of the sequence, payload bits, smallest honest value. */
static size_t text_lead(unsigned char c, uint32_t *bits, uint32_t *least)
{
    if (c >= 0xC2 && c <= 0xDF) {
        *bits = c & 0x1F, *least = 0x80;
        return 2;
    }
    if (c >= 0xE0 && c <= 0xEF) {
        *bits = c & 0x0F, *least = 0x800;
        return 3;
    }
    if (c >= 0xF0 && c <= 0xF4) {
        *bits = c & 0x07, *least = 0x10000;
        return 4;
    }
    return 0;
}

size_t text_decode(const char *s, size_t n, uint32_t *cp)
{
    unsigned char first = (unsigned char)s[0];
    *cp = first;
    if (first < 0x80)
        return 1;
    *cp = TEXT_REPLACEMENT;
    uint32_t value = 0, least = 0;
    size_t len = text_lead(first, &value, &least);
    if (len == 0 || len > n)
        return 1;
    for (size_t i = 1; i < len; i++) {
        unsigned char c = (unsigned char)s[i];
        if ((c & 0xC0) != 0x80)
            return 1;
        value = value << 6 | (c & 0x3F);
    }
    if (value < least || value > 0x10FFFF || (value >= 0xD800 && value <= 0xDFFF))
        return 1;
    *cp = value;
    return len;
}

size_t text_encode(uint32_t cp, char *out)
{
    if (cp > 0x10FFFF || (cp >= 0xD800 && cp <= 0xDFFF))
        cp = TEXT_REPLACEMENT;
    if (cp < 0x80) {
        out[0] = (char)cp;
        return 1;
    }
    size_t n = cp < 0x800 ? 2 : cp < 0x10000 ? 3 : 4;
    for (size_t i = n - 1; i > 0; i--) {
        out[i] = (char)(0x80 | (cp & 0x3F));
        cp >>= 6;
    }
    out[0] = (char)(((0xF00 >> n) & 0xFF) | cp);
    return n;
}

bool text_put(char *out, size_t size, size_t *len, const char *bytes, size_t n)
{
    if (*len + n >= size)
        return false;
    memcpy(out + *len, bytes, n);
    *len += n;
    return true;
}

bool text_is_valid(const char *s, size_t n)
{
    for (size_t i = 0; i < n;) {
        uint32_t cp;
        size_t used = text_decode(s + i, n - i, &cp);
        if (used == 1 && (unsigned char)s[i] >= 0x80)
            return false;
        i += used;
    }
    return true;
}

int text_width_char(uint32_t cp)
{
    if (cp >= 0x20 && cp < 0x7F)
        return 1;
    if (text_is_mark(cp) || text_is_unsafe(cp))
        return 0;
    return text_is_wide(cp) ? 2 : 1;
}

int text_cluster(const char *s, size_t *bytes)
{
    *bytes = 0;
    if (!*s)
        return 0;
    /* The NUL ends every sequence early enough: it is never a continuation byte. */
    uint32_t cp;
    size_t n = text_decode(s, strnlen(s, 4), &cp);
    int columns = text_width_char(cp);
    while (s[n]) {
        size_t used = text_decode(s + n, strnlen(s + n, 4), &cp);
        if (!text_is_mark(cp))
            break;
        n += used;
    }
    *bytes = n;
    return columns;
}

int text_width(const char *s)
{
    int columns = 0;
    size_t bytes;
    for (; *s; s += bytes)
        columns += text_cluster(s, &bytes);
    return columns;
}

size_t text_fit(const char *s, int columns)
{
    size_t n = 0, bytes;
    for (int used = 0; s[n]; n += bytes) {
        used += text_cluster(s + n, &bytes);
        if (used > columns)
            break;
    }
    return n;
}

/* Copies whole clusters of the first n bytes of s as far as they fit in size; returns the bytes copied. */
static size_t text_copy(char *out, size_t size, const char *s, size_t n)
{
    size_t len = 0, bytes;
    while (len < n) {
        text_cluster(s + len, &bytes);
        if (len + bytes >= size)
            break;
        len += bytes;
    }
    memcpy(out, s, len);
    out[len] = 0;
    return len;
}

int text_ellipsis(char *out, size_t size, const char *s, int columns)
{
    if (size == 0)
        return 0;
    size_t n = text_fit(s, columns), dots = sizeof text_dots - 1;
    if (!s[n] && n < size) {
        memcpy(out, s, n + 1);
        return text_width(out);
    }
    out[0] = 0;
    if (columns < 1 || size <= dots)
        return 0;
    n = text_copy(out, size - dots, s, text_fit(s, columns - 1));
    while (n > 0 && out[n - 1] == ' ')
        n--;
    memcpy(out + n, text_dots, dots + 1);
    return text_width(out);
}

/* ---- word wrap */

/* May a line end after this hyphen? Not in "-5" and not before a space, where the space is the better place. */
static bool text_is_hyphen_break(const char *line, size_t at, size_t bytes)
{
    bool hyphen = (bytes == 1 && line[at] == '-') || (bytes == 3 && memcmp(line + at, "\xE2\x80\x90", 3) == 0);
    if (!hyphen || at == 0 || line[at - 1] == ' ' || line[at - 1] == '-')
        return false;
    char next = line[at + bytes];
    return next && next != ' ' && next != '\n' && next != '-';
}

/* How many bytes of line belong on it: up to LF, the end, or the last good place before columns are used up. */
static size_t text_line(const char *line, int columns)
{
    size_t n = 0, bytes, good = 0;
    int used = 0;
    for (; line[n] && line[n] != '\n'; n += bytes) {
        int width = text_cluster(line + n, &bytes);
        bool space = line[n] == ' ' && bytes == 1;
        if (space && n > 0 && line[n - 1] != ' ')
            good = n;
        if (used + width > columns && !space)
            return good ? good : n ? n : bytes;
        used += width;
        if (used <= columns && text_is_hyphen_break(line, n, bytes))
            good = n + bytes;
    }
    return n;
}

bool text_wrap(const char *s, int columns, size_t *pos, size_t *line, size_t *bytes)
{
    if (!s[*pos])
        return false;
    const char *start = s + *pos;
    size_t n = text_line(start, columns), next = n;
    while (start[next] == ' ')
        next++;
    if (start[next] == '\n')
        next++;
    while (n > 0 && start[n - 1] == ' ')
        n--;
    *line = *pos;
    *bytes = n;
    *pos += next;
    return true;
}
