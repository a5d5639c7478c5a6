/* Bytes that several replies may be sending at once: counted, freed by the last one to let go. One thread. */
#ifndef SYNC_HUB_SERVE_BLOB_H
#define SYNC_HUB_SERVE_BLOB_H

#include <stddef.h>

#include "kiosk/base/buf.h"

struct blob {
    int uses;
    size_t n;
    char *bytes;
};

struct blob *blob_take(struct buf *b);               /* takes the content of b, one use */
struct blob *blob_copy(const void *bytes, size_t n); /* one use */
struct blob *blob_hold(struct blob *b);              /* one use more; returns b */
void blob_drop(struct blob *b);                      /* takes NULL */

#endif
