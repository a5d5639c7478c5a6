/* Reading members of a message with their limits: the first one that is missing, of another type or out of range is remembered,
 * the rest is read on; the parser asks once at the end. For the wire_* modules alone. */
#ifndef SYNC_WIRE_FIELD_H
#define SYNC_WIRE_FIELD_H

#include "kiosk/base/json.h"
#include "sync/wire.h"

struct wire_in {
    const struct json *j; /* an object */
    const char *bad;      /* name of the first bad member, NULL: none */
};

/* Parses one message that must be an object. On success *root is the caller's: json_free. */
enum err wire_in_open(struct wire_in *in, struct json **root, const char *bytes, size_t n, size_t max, struct error *e) MUST_CHECK;
/* ERR_INVALID naming the bad member, or ERR_NONE. what: "batch envelope". */
enum err wire_in_close(const struct wire_in *in, const char *what, struct error *e) MUST_CHECK;

/* A whole message of at most WIRE_SMALL_MAX bytes and version 1: opened, its members read by take, closed. */
struct wire_reader {
    const char *what; /* for the error */
    void (*take)(struct wire_in *in, void *out);
};
enum err wire_read(const struct wire_reader *r, void *out, const char *bytes, size_t n, struct error *e) MUST_CHECK;
bool wire_in_has(const struct wire_in *in, const char *name);

int64_t wire_in_int(struct wire_in *in, const char *name, int64_t min, int64_t max); /* min when it is bad */
bool wire_in_bool(struct wire_in *in, const char *name);
/* Text of min..size-1 bytes without control characters; `ok` (may be NULL) judges it. */
void wire_in_str(struct wire_in *in, const char *name, char *out, size_t size, bool (*ok)(const char *));
/* The same, "" when the member is missing. */
void wire_in_opt(struct wire_in *in, const char *name, char *out, size_t size, bool (*ok)(const char *));
void wire_in_bytes(struct wire_in *in, const char *name, void *out, size_t size); /* b64 of exactly size bytes */
/* An array of at most max whole numbers >= 1 that rise; missing gives 0. */
int wire_in_ints(struct wire_in *in, const char *name, int64_t *out, int max);

/* Checks for wire_in_str */
bool wire_ok_hash(const char *s);
bool wire_ok_id(const char *s);
bool wire_ok_code(const char *s);
bool wire_ok_nonce(const char *s);
bool wire_ok_sig(const char *s);
bool wire_ok_time(const char *s);
bool wire_ok_word(const char *s); /* letters, digits, - . _ and at least one */

/* Writers beside json_put_*. */
void wire_put_bytes(struct json *j, const char *name, const void *bytes, size_t n); /* as b64 */
void wire_put_line(struct json *take, struct buf *out); /* the object, LF; frees it */

#endif
