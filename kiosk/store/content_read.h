/* Inside the store: reading one record's JSON in the reader's language. Used by content.c, content_event.c and the
 * lists. */
#ifndef KIOSK_STORE_CONTENT_READ_H
#define KIOSK_STORE_CONTENT_READ_H

#include "kiosk/base/json.h"
#include "kiosk/store/content.h"

struct content_source {
    const struct json *d;
    const struct json *translation; /* d.translations[reader's language] when that has a name, else NULL */
    char lang[8];                   /* language the texts come in; "" when it is the reader's or unknown */
};

/* d is borrowed for the life of out. lang: the reader's, "" or NULL for "as written". */
void content_source_init(struct content_source *out, const struct json *d, const char *lang);
/* A text member: from the translation when it has one, else as written; NULL when missing or empty. Borrowed. */
const char *content_pick(const struct content_source *s, const char *name);
/* Copies a word (id, code); "" when it is NULL or does not fit: half an id is none. */
void content_word(char *out, size_t size, const char *word);
/* Copies a text, cut at a character's border; NULL is "". */
void content_text(char *out, size_t size, const char *text);
/* True when status is the schema.org status `name`, bare or as a URL ("https://schema.org/EventCancelled"). */
bool content_status_is(const char *status, const char *name);
/* A list's row but for the times (those are the occurrence's). False when d has no name. */
bool content_row(struct row *row, const char *kind, const char *id, const struct json *d, const char *lang);
/* The event members of out (content_event.c). */
void content_read_event(struct content *out, const struct content_source *s);

#endif
