/* zstd with limits: a small file must not become a large one in memory. */
#include "sync/wire_zstd.h"

#include <stdlib.h>
#include <string.h>
#include <zstd.h>

#include "sync/wire_words.h"

enum {
    WIRE_WINDOW_LOG = 23, /* level 19 wants 8 MB */
    WIRE_SMALL_TAIL = 16 << 10
};

/* What is small is worth the dictionary and the highest level; what is not gains little by them and waits long. Neither
 * the dictionary's number nor a checksum: whatever is packed is signed. */
static size_t wire_compress(void *room, size_t bound, const void *bytes, size_t n, int level)
{
    ZSTD_CCtx *z = ZSTD_createCCtx();
    if (!z)
        return (size_t)-1;
    bool words = level == WIRE_LEVEL_TAIL && n <= WIRE_SMALL_TAIL;
    ZSTD_CCtx_setParameter(z, ZSTD_c_compressionLevel, words ? WIRE_LEVEL_PAGE : level);
    if (words)
        ZSTD_CCtx_loadDictionary(z, wire_words, strlen(wire_words));
    size_t packed = ZSTD_compress2(z, room, bound, bytes, n);
    ZSTD_freeCCtx(z);
    return packed;
}

enum err wire_pack(struct buf *out, const void *bytes, size_t n, int level, struct error *e)
{
    size_t bound = ZSTD_compressBound(n);
    char *room = malloc(bound);
    if (!room)
        return error_set(e, ERR_MEMORY, "no memory to compress %zu bytes", n);
    size_t packed = wire_compress(room, bound, bytes, n, level);
    enum err err = ERR_NONE;
    if (ZSTD_isError(packed))
        err = error_set(e, ERR_MEMORY, "zstd: %s", ZSTD_getErrorName(packed));
    else if (packed > out->max - out->len)
        err = error_set(e, ERR_TOO_BIG, "%zu compressed bytes do not fit", packed);
    else
        buf_add(out, room, packed);
    free(room);
    return err;
}

/* One step after the other into a small room, so that the size is judged by what comes out and not by what the frame
 * claims. */
static enum err wire_unpack_frame(ZSTD_DStream *z, struct buf *out, const void *bytes, size_t n, struct error *e)
{
    char room[16384];
    ZSTD_inBuffer in = {bytes, n, 0};
    size_t left = 1;
    while (left != 0) {
        ZSTD_outBuffer o = {room, sizeof room, 0};
        size_t before = in.pos;
        left = ZSTD_decompressStream(z, &o, &in);
        if (ZSTD_isError(left))
            return error_set(e, ERR_INVALID, "zstd: %s", ZSTD_getErrorName(left));
        if (o.pos > out->max - out->len)
            return error_set(e, ERR_TOO_BIG, "more than %zu uncompressed bytes", out->max);
        buf_add(out, room, o.pos);
        if (left != 0 && o.pos == 0 && in.pos == before)
            return error_set(e, ERR_INVALID, "zstd: the frame is cut short");
    }
    return in.pos == n ? ERR_NONE : error_set(e, ERR_INVALID, "zstd: bytes after the frame");
}

enum err wire_unpack(struct buf *out, const void *bytes, size_t n, struct error *e)
{
    ZSTD_DStream *z = ZSTD_createDStream();
    if (!z)
        return error_set(e, ERR_MEMORY, "no memory to uncompress");
    ZSTD_DCtx_setParameter(z, ZSTD_d_windowLogMax, WIRE_WINDOW_LOG);
    /* A frame that was made without it never points into it. */
    ZSTD_DCtx_loadDictionary(z, wire_words, strlen(wire_words));
    enum err err = wire_unpack_frame(z, out, bytes, n, e);
    ZSTD_freeDStream(z);
    return err;
}
