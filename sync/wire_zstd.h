/* Compression of pages, indexes and tails, and the only user of zstd (RFC 8878). */
#ifndef SYNC_WIRE_ZSTD_H
#define SYNC_WIRE_ZSTD_H

#include "sync/wire.h"

enum { WIRE_LEVEL_PAGE = 19, WIRE_LEVEL_TAIL = 3 };

/* Appends the compressed bytes. At WIRE_LEVEL_TAIL small ones are packed against wire_words, at all others any zstd
 * reads them. ERR_MEMORY; ERR_TOO_BIG past out->max. */
enum err wire_pack(struct buf *out, const void *bytes, size_t n, int level, struct error *e) MUST_CHECK;
/* Appends the uncompressed bytes, of either kind; never more than out->max in total nor a window above 8 MB:
 * ERR_TOO_BIG. ERR_INVALID: not one whole zstd frame. */
enum err wire_unpack(struct buf *out, const void *bytes, size_t n, struct error *e) MUST_CHECK;

/* Files of any length with a bounded memory (wire_zstd_file.c). Paths; `into` is made anew with mode 0600.
 * ERR_NOT_FOUND, ERR_FULL, ERR_IO name the path. What was written before a failure is left to the caller. */
/* Synced to the disk. hash: of the compressed bytes, hex; *bytes: how many. level 1..19. */
enum err wire_pack_file(const char *from, const char *into, int level, char hash[WIRE_HEX + 1], int64_t *bytes,
                        struct error *e) MUST_CHECK;
/* Not synced: who keeps the file does that. ERR_TOO_BIG past max uncompressed bytes, ERR_INVALID: not one whole zstd
 * frame. */
enum err wire_unpack_file(const char *from, const char *into, int64_t max, struct error *e) MUST_CHECK;
/* Hash and length of a file's bytes. */
enum err wire_hash_file(const char *path, char hash[WIRE_HEX + 1], int64_t *bytes, struct error *e) MUST_CHECK;

#endif
