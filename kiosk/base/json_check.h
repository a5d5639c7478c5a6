/* Is it JSON? A strict check of RFC 8259 that builds nothing; json_parse runs it before the parser. */
#ifndef KIOSK_BASE_JSON_CHECK_H
#define KIOSK_BASE_JSON_CHECK_H

#include <stddef.h>

#include "kiosk/base/error.h"

enum { JSON_DEPTH_MAX = 32, JSON_NUMBER_MAX = 60 };

/* ERR_NONE when the n bytes are one JSON text: UTF-8 without BOM, no lone surrogates, no NUL (written \u0000 or raw) in
 * a string, ERR_TOO_BIG for nesting over JSON_DEPTH_MAX, or a number over JSON_NUMBER_MAX characters or the range of a
 * double; ERR_INVALID otherwise. Messages name the byte offset. Duplicate names are not looked for here. */
enum err json_check(const char *bytes, size_t n, struct error *e) MUST_CHECK;

/* Bytes at the front of a string's that stand for themselves in JSON as they are: ASCII without what is escaped, and whole
 * characters of two bytes. What follows may be such too, of three or four. */
size_t json_plain(const char *s, size_t n);

#endif
