/* Building records from texts of files: sanitised, cut to the limits of PROTOCOL.md section 9, references and topics
 * found. */
#ifndef SYNC_HUB_IMPORT_CONTENT_H
#define SYNC_HUB_IMPORT_CONTENT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "kiosk/base/error.h"
#include "kiosk/base/json.h"
#include "kiosk/base/text.h"
#include "sync/hub/events/record.h"

enum { CONTENT_NAME = 200, CONTENT_TEXT = 1000, CONTENT_LONG = 4000, CONTENT_BODY = 24000, CONTENT_TOPICS = 8 };

/* Puts value under name, sanitised and cut to max bytes; nothing when it is empty. */
void content_put(struct json *d, const char *name, const char *value, size_t max, enum text_flags flags);
/* Puts it only when it is an address a browser opens (http, https; a bare host gets https). False: it is none and not
 * empty. */
bool content_put_url(struct json *d, const char *name, const char *value);
bool content_is_url(const char *value); /* http:// or https:// and something, no spaces */
/* "ru" when there are Cyrillic letters, else NULL: not known. */
const char *content_language(const char *text);

/* Topics by their ids and names. */
struct content_topics;
enum err content_topics_load(struct content_topics **out, struct records *r, struct error *e) MUST_CHECK;
void content_topics_free(struct content_topics *t); /* takes NULL */
/* The id of a topic by id or name, without regard to case; NULL: none. */
const char *content_topic(const struct content_topics *t, const char *name);
/* Appends a topic's id to d.about unless it is there or there are 8. */
void content_add_topic(struct json *d, const char *id);

/* A record another one names: by uid, in the same source first, then in any; last by its name. */
struct content_ref {
    char id[64];    /* "" when there is none */
    struct json *d; /* the caller's: json_free; NULL when there is none */
};
enum err content_find(struct records *r, const char *kind, int64_t source, const char *uid, struct content_ref *out,
                      struct error *e) MUST_CHECK;

#endif
