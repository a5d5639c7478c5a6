/* Structured log lines on standard error: "2026-11-23T10:00:00Z level event key=value ...". One call is one line and
 * one write(2). Values are sanitised and quoted when needed. Never pass personal data: ids, numbers and codes of errors
 * only. */
#ifndef KIOSK_BASE_LOG_H
#define KIOSK_BASE_LOG_H

enum log_level { LOG_ERROR, LOG_WARN, LOG_INFO, LOG_DEBUG };

/* fmt gives the key=value part, may be "". Lines over 1,000 bytes are cut. LOG_DEBUG is silent unless SOSEDI_DEBUG is
 * in the environment. */
void log_line(enum log_level level, const char *event, const char *fmt, ...) __attribute__((format(printf, 3, 4)));
/* "a b" gives "\"a b\""; the result is harmless inside a log line, cut when longer than size (>= 3); out is returned.
 * NULL is "". */
const char *log_quote(char *out, unsigned long size, const char *value);

#endif
