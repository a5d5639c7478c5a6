/* One event, one line, one write. */
#include "kiosk/base/log.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "kiosk/base/text.h"

enum { LOG_LINE = 1024 };

static const char *const log_names[] = {
    [LOG_ERROR] = "error", [LOG_WARN] = "warn", [LOG_INFO] = "info", [LOG_DEBUG] = "debug"};

static size_t log_stamp(char *out, size_t size)
{
    struct tm tm;
    time_t now = time(NULL);
    return strftime(out, size, "%Y-%m-%dT%H:%M:%SZ", gmtime_r(&now, &tm));
}

void log_line(enum log_level level, const char *event, const char *fmt, ...)
{
    if (level == LOG_DEBUG && !getenv("SOSEDI_DEBUG"))
        return;
    char raw[LOG_LINE], line[LOG_LINE + 1], stamp[32];
    log_stamp(stamp, sizeof stamp);
    int n = snprintf(raw, sizeof raw, "%s %s %s ", stamp, log_names[level], event);
    if (n < 0 || (size_t)n >= sizeof raw)
        return;
    va_list ap;
    va_start(ap, fmt);
    vsnprintf(raw + n, sizeof raw - (size_t)n, fmt, ap);
    va_end(ap);
    size_t len = text_sanitize(line, sizeof line - 1, raw, strlen(raw), TEXT_LINE);
    line[len++] = '\n';
    /* A lost log line is not worth a second try: nobody could be told. */
    if (write(STDERR_FILENO, line, len) < 0)
        return;
}

static bool log_is_plain(const char *s)
{
    for (const char *p = s; *p; p++)
        if (*p == ' ' || *p == '"' || *p == '=' || *p == '\\')
            return false;
    return *s != 0;
}

const char *log_quote(char *out, unsigned long size, const char *value)
{
    char clean[LOG_LINE];
    if (size < 3) {
        if (size > 0)
            out[0] = 0;
        return out;
    }
    size_t max = size - 2 < sizeof clean ? size - 2 : sizeof clean;
    text_sanitize(clean, max, value ? value : "", value ? strlen(value) : 0, TEXT_LINE);
    if (log_is_plain(clean)) {
        memcpy(out, clean, strlen(clean) + 1);
        return out;
    }
    size_t n = 0;
    out[n++] = '"';
    for (size_t at = 0, used, left = strlen(clean); at < left; at += used) {
        uint32_t cp;
        used = text_decode(clean + at, left - at, &cp);
        bool escaped = cp == '"' || cp == '\\';
        if (n + used + escaped + 2 > size) /* the quote and the NUL still to come */
            break;
        if (escaped)
            out[n++] = '\\';
        memcpy(out + n, clean + at, used);
        n += used;
    }
    out[n++] = '"';
    out[n] = 0;
    return out;
}
