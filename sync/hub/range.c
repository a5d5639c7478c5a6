/* Reading "bytes=FIRST-", "bytes=FIRST-LAST" and "bytes=-COUNT". */
#include "sync/hub/range.h"

#include <stdlib.h>
#include <string.h>

enum { RANGE_DIGITS = 18 };

/* A number of decimal digits at *s, which moves behind it. -1: there is none. */
static int64_t range_number(const char **s)
{
    size_t digits = strspn(*s, "0123456789");
    int64_t value = digits > 0 && digits <= RANGE_DIGITS ? strtoll(*s, NULL, 10) : -1;
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
    if (*s || (from < 0 && to < 0) || (from >= 0 && to >= 0 && to < from))
        return 200;
    if (from < 0) { /* the last `to` bytes */
        from = to < size ? size - to : 0;
        to = to == 0 ? from - 1 : size - 1;
    }
    if (from >= size || to == from - 1)
        return 416;
    if (to < 0 || to >= size)
        to = size - 1;
    *first = from;
    *n = to - from + 1;
    return 206;
}
