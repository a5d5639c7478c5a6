/* Whole files through zstd and BLAKE2b, a piece at a time. */
#include "sync/wire_zstd.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <zstd.h>

enum {
    WIRE_FILE_PIECE = 256 << 10,
    WIRE_FILE_WINDOW_LOG = 23, /* what wire_unpack takes */
};

struct wire_files {
    const char *from, *into;
    int in, out; /* -1: not open */
    char *read, *made;
    size_t made_size;
};

static enum err wire_file_error(const char *path, struct error *e)
{
    enum err code = errno == ENOENT ? ERR_NOT_FOUND : errno == ENOSPC || errno == EDQUOT ? ERR_FULL : ERR_IO;
    return error_set(e, code, "%s: %s", path, error_errno(errno));
}

static enum err wire_files_open(struct wire_files *f, const char *from, const char *into, struct error *e)
{
    *f = (struct wire_files){.from = from, .into = into, .out = -1};
    f->made_size = ZSTD_DStreamOutSize() > ZSTD_CStreamOutSize() ? ZSTD_DStreamOutSize() : ZSTD_CStreamOutSize();
    f->read = mem_new(WIRE_FILE_PIECE, 1);
    f->made = mem_new(f->made_size, 1);
    f->in = open(from, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
    if (f->in < 0)
        return wire_file_error(from, e);
    if (into)
        f->out = open(into, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0600);
    return into && f->out < 0 ? wire_file_error(into, e) : ERR_NONE;
}

/* Closes both. sync: what was written is on the disk when code is, and stays, ERR_NONE. */
static enum err wire_files_close(struct wire_files *f, enum err code, bool sync, struct error *e)
{
    if (!code && sync && fsync(f->out) < 0)
        code = wire_file_error(f->into, e);
    if (f->out >= 0 && close(f->out) < 0 && !code)
        code = wire_file_error(f->into, e);
    if (f->in >= 0)
        close(f->in);
    free(f->read);
    free(f->made);
    return code;
}

/* The next piece of the file; *n 0 at its end. */
static enum err wire_files_read(struct wire_files *f, size_t *n, struct error *e)
{
    ssize_t got;
    do
        got = read(f->in, f->read, WIRE_FILE_PIECE);
    while (got < 0 && errno == EINTR);
    *n = got < 0 ? 0 : (size_t)got;
    return got < 0 ? wire_file_error(f->from, e) : ERR_NONE;
}

static enum err wire_files_write(struct wire_files *f, size_t n, struct error *e)
{
    for (size_t sent = 0; sent < n;) {
        ssize_t put = write(f->out, f->made + sent, n - sent);
        if (put < 0 && errno != EINTR)
            return wire_file_error(f->into, e);
        sent += put > 0 ? (size_t)put : 0;
    }
    return ERR_NONE;
}

/* ---- packing */

struct wire_packer {
    ZSTD_CCtx *z;
    struct crypto_stream hash;
    int64_t bytes;
};

/* Gives one piece (n 0: the end) to the compressor and writes what comes out. */
static enum err wire_pack_piece(struct wire_packer *p, struct wire_files *f, size_t n, struct error *e)
{
    ZSTD_inBuffer in = {f->read, n, 0};
    size_t left = 1;
    while (n ? in.pos < in.size : left != 0) {
        ZSTD_outBuffer out = {f->made, f->made_size, 0};
        left = ZSTD_compressStream2(p->z, &out, &in, n ? ZSTD_e_continue : ZSTD_e_end);
        if (ZSTD_isError(left))
            return error_set(e, ERR_MEMORY, "zstd: %s", ZSTD_getErrorName(left));
        crypto_stream_add(&p->hash, f->made, out.pos);
        p->bytes += (int64_t)out.pos;
        enum err code = wire_files_write(f, out.pos, e);
        if (code)
            return code;
    }
    return ERR_NONE;
}

static enum err wire_pack_all(struct wire_packer *p, struct wire_files *f, struct error *e)
{
    size_t n = 1;
    enum err code = ERR_NONE;
    while (n && !code) {
        code = wire_files_read(f, &n, e);
        if (!code)
            code = wire_pack_piece(p, f, n, e);
    }
    return code;
}

static void wire_file_hex(struct crypto_stream *s, char hash[WIRE_HEX + 1])
{
    static const char digits[] = "0123456789abcdef";
    uint8_t raw[CRYPTO_HASH];
    crypto_stream_end(s, raw);
    for (size_t i = 0; i < sizeof raw; i++) {
        hash[2 * i] = digits[raw[i] >> 4];
        hash[2 * i + 1] = digits[raw[i] & 15];
    }
    hash[WIRE_HEX] = '\0';
}

enum err wire_pack_file(const char *from, const char *into, int level, char hash[WIRE_HEX + 1], int64_t *bytes,
                        struct error *e)
{
    struct wire_files f;
    struct wire_packer p = {.z = ZSTD_createCCtx()};
    if (!p.z)
        return error_set(e, ERR_MEMORY, "no memory to compress");
    ZSTD_CCtx_setParameter(p.z, ZSTD_c_compressionLevel, level);
    ZSTD_CCtx_setParameter(p.z, ZSTD_c_windowLog, WIRE_FILE_WINDOW_LOG);
    crypto_stream_begin(&p.hash);
    enum err code = wire_files_open(&f, from, into, e);
    if (!code)
        code = wire_pack_all(&p, &f, e);
    code = wire_files_close(&f, code, true, e);
    ZSTD_freeCCtx(p.z);
    wire_file_hex(&p.hash, hash);
    *bytes = p.bytes;
    return code;
}

/* ---- unpacking */

struct wire_unpacker {
    ZSTD_DStream *z;
    int64_t left; /* bytes that may still come out */
    size_t want;  /* 0: the frame is complete */
};

static enum err wire_unpack_piece(struct wire_unpacker *u, struct wire_files *f, size_t n, struct error *e)
{
    ZSTD_inBuffer in = {f->read, n, 0};
    bool full = true; /* the last answer filled its room: more may wait */
    while (in.pos < in.size || full) {
        ZSTD_outBuffer out = {f->made, f->made_size, 0};
        if (u->want == 0)
            return in.pos < in.size ? error_set(e, ERR_INVALID, "%s: bytes after the frame", f->from) : ERR_NONE;
        u->want = ZSTD_decompressStream(u->z, &out, &in);
        if (ZSTD_isError(u->want))
            return error_set(e, ERR_INVALID, "%s: zstd: %s", f->from, ZSTD_getErrorName(u->want));
        if ((int64_t)out.pos > u->left)
            return error_set(e, ERR_TOO_BIG, "%s: larger than it was said to be", f->from);
        u->left -= (int64_t)out.pos;
        full = out.pos == out.size;
        enum err code = wire_files_write(f, out.pos, e);
        if (code)
            return code;
    }
    return ERR_NONE;
}

static enum err wire_unpack_all(struct wire_unpacker *u, struct wire_files *f, struct error *e)
{
    size_t n = 1;
    enum err code = ERR_NONE;
    while (n && !code) {
        code = wire_files_read(f, &n, e);
        if (!code && n)
            code = wire_unpack_piece(u, f, n, e);
    }
    if (!code && u->want != 0)
        code = error_set(e, ERR_INVALID, "%s: the frame is cut short", f->from);
    return code;
}

enum err wire_unpack_file(const char *from, const char *into, int64_t max, struct error *e)
{
    struct wire_files f;
    struct wire_unpacker u = {.z = ZSTD_createDStream(), .left = max, .want = 1};
    if (!u.z)
        return error_set(e, ERR_MEMORY, "no memory to uncompress");
    ZSTD_DCtx_setParameter(u.z, ZSTD_d_windowLogMax, WIRE_FILE_WINDOW_LOG);
    enum err code = wire_files_open(&f, from, into, e);
    if (!code)
        code = wire_unpack_all(&u, &f, e);
    code = wire_files_close(&f, code, false, e);
    ZSTD_freeDStream(u.z);
    return code;
}

/* ---- hashes */

enum err wire_hash_file(const char *path, char hash[WIRE_HEX + 1], int64_t *bytes, struct error *e)
{
    struct wire_files f;
    struct crypto_stream s;
    size_t n = 1;
    *bytes = 0;
    crypto_stream_begin(&s);
    enum err code = wire_files_open(&f, path, NULL, e);
    while (n && !code) {
        code = wire_files_read(&f, &n, e);
        crypto_stream_add(&s, f.read, n);
        *bytes += (int64_t)n;
    }
    wire_file_hex(&s, hash);
    return wire_files_close(&f, code, false, e);
}
