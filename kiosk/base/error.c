/* Error records, and the few ways to die. */
#include "kiosk/base/error.h"

#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char *const error_names[ERR_COUNT] = {
    [ERR_NONE] = "no error",     [ERR_USAGE] = "wrong usage",    [ERR_INVALID] = "invalid input",
    [ERR_TOO_BIG] = "too big",   [ERR_NOT_FOUND] = "not found",  [ERR_EXISTS] = "exists already",
    [ERR_IO] = "system error",   [ERR_FULL] = "disk full",       [ERR_CORRUPT] = "damaged data",
    [ERR_BUSY] = "busy",         [ERR_DENIED] = "denied",        [ERR_TIMEOUT] = "timed out",
    [ERR_NET] = "no answer",     [ERR_CONFLICT] = "conflict",    [ERR_GONE] = "gone",
    [ERR_STATE] = "wrong state", [ERR_MEMORY] = "out of memory",
};

enum err error_set(struct error *e, enum err code, const char *fmt, ...)
{
    if (e) {
        va_list ap;
        va_start(ap, fmt);
        e->code = code;
        vsnprintf(e->text, sizeof e->text, fmt, ap);
        va_end(ap);
    }
    return code;
}

enum err error_prefix(struct error *e, const char *fmt, ...)
{
    if (!e)
        return ERR_NONE;
    char prefix[160], rest[sizeof e->text];
    va_list ap;
    va_start(ap, fmt);
    vsnprintf(prefix, sizeof prefix, fmt, ap);
    va_end(ap);
    memcpy(rest, e->text, sizeof rest);
    if (snprintf(e->text, sizeof e->text, "%s: %s", prefix, rest) < 0)
        e->text[0] = 0;
    return e->code;
}

const char *error_name(enum err code) { return code >= 0 && code < ERR_COUNT ? error_names[code] : "unknown error"; }

const char *error_errno(int no)
{
    const char *text = strerrordesc_np(no);
    return text ? text : "unknown error";
}

void die(const char *fmt, ...)
{
    va_list ap;
    va_start(ap, fmt);
    vfprintf(stderr, fmt, ap);
    va_end(ap);
    fputc('\n', stderr);
    abort();
}

void *mem_new(unsigned long count, unsigned long size)
{
    void *p = calloc(count ? count : 1, size ? size : 1);
    if (!p)
        die("out of memory (%lu x %lu bytes)", count, size);
    return p;
}

void *mem_resize(void *p, unsigned long count, unsigned long size)
{
    if (size && count > SIZE_MAX / size)
        die("allocation overflow (%lu x %lu bytes)", count, size);
    unsigned long bytes = count * size;
    void *q = realloc(p, bytes ? bytes : 1);
    if (!q)
        die("out of memory (%lu bytes)", bytes);
    return q;
}

char *mem_dup_str(const char *s)
{
    if (!s)
        return NULL;
    size_t n = strlen(s) + 1;
    return memcpy(mem_new(n, 1), s, n);
}
