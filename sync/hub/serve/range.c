/* Reading "bytes=FIRST-", "bytes=FIRST-LAST" and "bytes=-COUNT". */
#include "sync/hub/serve/range.h"

#include <stdlib.h>
#include <string.h>

enum { RANGE_DIGITS = 18 };

enum { RANGE_NONE = -1, RANGE_LONG = -2 };

/* A number of decimal digits at *s, which moves behind it. */
static int64_t range_number(const char **s)
{
    size_t digits = strspn(*s, "0123456789");
    int64_t value = digits == 0 ? RANGE_NONE : digits > RANGE_DIGITS ? RANGE_LONG : strtoll(*s, NULL, 10);
    *s += digits;
    return value;
}

int range_read(const char *range, const char *if_range, const char *etag, int64_t size, int64_t *first, int64_t *n)
{
    static const char unit[] = "bytes=";
    *first = 0;
    *n = size;
    if (!range || strncmp(range, unit, sizeof unit - 1) != 0 || (if_range && strcmp(if_range, etag) != 0))
        return 200;
    const char *s = range + sizeof unit - 1;
    int64_t from = range_number(&s);
    if (*s++ != '-')
        return 200;
    int64_t to = range_number(&s);
    if (*s || from == RANGE_LONG || to == RANGE_LONG || (from < 0 && to < 0) || (from >= 0 && to >= 0 && to < from))
        return 200;
    if (from < 0) { /* the last `to` bytes */
        from = to < size ? size - to : 0;
        to = size - 1;
    }
    if (from >= size)
        return 416;
    if (to < 0 || to >= size)
        to = size - 1;
    *first = from;
    *n = to - from + 1;
    return 206;
}
