/* What is printed besides tickets: an article, a reminder of an opportunity. Published content, nothing of a person. It
 * stands whole in its print job, as JSON, since kiosk-print reads no replica. */
#ifndef KIOSK_STORE_SLIP_H
#define KIOSK_STORE_SLIP_H

#include <stddef.h>

#include "kiosk/base/error.h"

struct json;

enum { SLIP_BYTES_MAX = 64 * 1024 };
enum slip_kind { SLIP_ARTICLE, SLIP_REMINDER };

/* Texts are sanitised UTF-8, "" or NULL when there is nothing to say; borrowed. */
struct slip {
    enum slip_kind kind;
    const char *title;
    const char *lead;      /* what it is about, in a sentence or two */
    const char *body;      /* of an article (kiosk/base/markup.h) */
    const char *organiser; /* of an opportunity, and how to reach it */
    const char *address, *telephone, *email, *joining;
    const char *url;
    const char *until; /* "2026-12-31": the last day to apply */
};

/* The same with "" in the place of every NULL. */
struct slip slip_whole(const struct slip *s);
/* The caller frees. NULL: it is larger than a job may hold. */
char *slip_write(const struct slip *s);
/* out borrows from *json, which is the caller's: json_free. ERR_INVALID: it is none, or has no title. */
enum err slip_read(struct slip *out, struct json **json, const char *text, struct error *e) MUST_CHECK;

#endif
