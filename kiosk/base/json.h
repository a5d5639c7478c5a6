/* JSON (RFC 8259) in and out. The only user of cJSON. Strict: a checker of our own (json_check.h) runs before the
 * parser, so that what RFC 8259 refuses is refused (JSONTestSuite's n_ cases), and duplicate names, NUL in strings, bad
 * UTF-8, lone surrogates, depth over 32, numbers over 60 characters or beyond a double, and sizes over the given
 * maximum too. A tree takes up to 40 times the memory of its text: choose the maximum with that in mind. */
#ifndef KIOSK_BASE_JSON_H
#define KIOSK_BASE_JSON_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "kiosk/base/buf.h"
#include "kiosk/base/error.h"

/* 2^53 - 1: up to here every integer is exact, in every JSON library. */
#define JSON_INT_MAX INT64_C(9007199254740991)

struct json; /* one value; an object's or array's children are borrowed from it */

/* Parses exactly n bytes. ERR_INVALID names the byte offset, ERR_TOO_BIG the limit. *out is the caller's: json_free. */
enum err json_parse(struct json **out, const char *bytes, size_t n, size_t max, struct error *e) MUST_CHECK;
void json_free(struct json *j); /* takes NULL */

/* Readers: never fail, NULL is fine as j; the default is given back when the member is missing or of another type. */
const struct json *json_get(const struct json *j, const char *name);           /* member or NULL */
const char *json_str(const struct json *j, const char *name, const char *def); /* borrowed */
int64_t json_int(const struct json *j, const char *name, int64_t def); /* whole, within +-JSON_INT_MAX, else def */
bool json_bool(const struct json *j, const char *name, bool def);
const char *json_value_str(const struct json *j, const char *def); /* j itself is a string */
int64_t json_value_int(const struct json *j, int64_t def);
bool json_is_object(const struct json *j);
bool json_is_array(const struct json *j);
bool json_is_null(const struct json *j); /* the value null; a member that is missing is none */
size_t json_count(const struct json *j);                    /* array or object members */
const struct json *json_at(const struct json *j, size_t i); /* O(i): walk with json_first/next */
const struct json *json_first(const struct json *j);
const struct json *json_next(const struct json *j);
const char *json_name(const struct json *j); /* of a member, else NULL */

/* Builders: objects and arrays are made with json_new_*; a child that is put belongs to its parent. Putting a name
 * again replaces it (it moves to the end). An integer beyond JSON_INT_MAX is written exactly, but json_int gives def
 * for it. */
struct json *json_new_object(void);
struct json *json_new_array(void);
/* name NULL: append to an array. A value of NULL puts nothing. */
void json_put_str(struct json *j, const char *name, const char *value);
void json_put_int(struct json *j, const char *name, int64_t value);
void json_put_bool(struct json *j, const char *name, bool value);
void json_put_null(struct json *j, const char *name);
void json_put(struct json *j, const char *name, struct json *child); /* takes child */
struct json *json_dup(const struct json *j);                         /* the caller's; NULL gives NULL */
/* Appends the compact text (no spaces, members in the order they were put, UTF-8 as it is, bad bytes as U+FFFD); the
 * caller looks at out->overflow. NULL writes nothing. */
void json_write(const struct json *j, struct buf *out);

#endif
