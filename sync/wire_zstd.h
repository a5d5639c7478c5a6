/* Compression of pages, indexes and tails, and the only user of zstd (RFC 8878). */
#ifndef SYNC_WIRE_ZSTD_H
#define SYNC_WIRE_ZSTD_H

#include "sync/wire.h"

enum { WIRE_LEVEL_PAGE = 19, WIRE_LEVEL_TAIL = 3 };

/* Appends the compressed bytes. ERR_MEMORY; ERR_TOO_BIG past out->max. */
enum err wire_pack(struct buf *out, const void *bytes, size_t n, int level, struct error *e) MUST_CHECK;
/* Appends the uncompressed bytes; never more than out->max in total nor a window above 8 MB: ERR_TOO_BIG.
 * ERR_INVALID: not one whole zstd frame. */
enum err wire_unpack(struct buf *out, const void *bytes, size_t n, struct error *e) MUST_CHECK;

#endif
