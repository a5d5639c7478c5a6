/* Counted bytes. */
#include "sync/hub/serve/blob.h"

#include <stdlib.h>
#include <string.h>

#include "kiosk/base/error.h"

struct blob *blob_take(struct buf *b)
{
    struct blob *out = mem_new(1, sizeof *out);
    *out = (struct blob){.uses = 1, .n = b->len};
    out->bytes = buf_take(b);
    return out;
}

struct blob *blob_copy(const void *bytes, size_t n)
{
    struct blob *out = mem_new(1, sizeof *out);
    *out = (struct blob){.uses = 1, .n = n, .bytes = mem_new(n + 1, 1)};
    memcpy(out->bytes, bytes, n);
    return out;
}

struct blob *blob_hold(struct blob *b)
{
    b->uses++;
    return b;
}

void blob_drop(struct blob *b)
{
    if (!b || --b->uses > 0)
        return;
    free(b->bytes);
    free(b);
}
