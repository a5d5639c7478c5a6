/* Structured log lines on standard error: "2026-11-23T10:00:00Z level event key=value ...". One call is one line and one
 * write(2). Values are sanitised and quoted when needed. Never pass personal data: ids, numbers and codes of errors only. */
#ifndef KIOSK_BASE_LOG_H
#define KIOSK_BASE_LOG_H

enum log_level { LOG_ERROR, LOG_WARN, LOG_INFO, LOG_DEBUG };

/* fmt gives the key=value part, may be "" */
void log_line(enum log_level level, const char *event, const char *fmt, ...) __attribute__((format(printf, 3, 4)));
/* "a b" gives "\"a b\""; the result is harmless inside a log line; out is returned. */
const char *log_quote(char *out, unsigned long size, const char *value);

#endif
