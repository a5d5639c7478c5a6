/* A growable run of bytes with a hard maximum. Appending past the maximum sets `overflow` and drops the bytes; the
 * producer checks once at the end. The content is always followed by a NUL that is not counted. */
#ifndef KIOSK_BASE_BUF_H
#define KIOSK_BASE_BUF_H

#include <stdbool.h>
#include <stddef.h>

struct buf {
    char *data;    /* never NULL after buf_init */
    size_t len;    /* bytes used */
    size_t cap;    /* bytes allocated */
    size_t max;    /* len never exceeds this */
    bool overflow; /* something did not fit */
};

void buf_init(struct buf *b, size_t max);
void buf_done(struct buf *b); /* frees; b may be zeroed memory or NULL */
void buf_clear(struct buf *b); /* empties, keeps the memory */
/* Takes the bytes away: the caller frees them with free(). b is empty again. */
char *buf_take(struct buf *b);
void buf_add(struct buf *b, const void *bytes, size_t n);
void buf_add_str(struct buf *b, const char *s);
void buf_add_char(struct buf *b, char c);
void buf_addf(struct buf *b, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
/* Removes n bytes from the front (n <= len). */
void buf_drop(struct buf *b, size_t n);
/* Overwrites the content with zeros before forgetting it: for what a person typed. */
void buf_wipe(struct buf *b);

#endif
