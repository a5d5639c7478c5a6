/* Fetching a snapshot. A name means the same bytes for ever, so a part of a file is good as long as the name is. */
#include "sync/snapshot.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include "kiosk/base/file.h"
#include "kiosk/base/log.h"
#include "kiosk/store/replica_snapshot.h"
#include "sync/wire_zstd.h"

enum { SNAPSHOT_SPARE = 16 << 20 }; /* bytes of the disk that are left to others */

static const char snapshot_note[] = "replica.snapshot";
static const char snapshot_part[] = "replica.snapshot.part";
static const char snapshot_db[] = "replica.snapshot.db";

/* ---- whether */

bool snapshot_is_worth(const struct wire_head *head, const struct replica_position *at)
{
    const struct wire_snapshot *s = &head->snapshot;
    if (!s->path[0] || s->page <= at->page || s->seq <= at->seq)
        return false;
    if (at->seq == 0 || at->page + 1 < head->min_page)
        return true;
    return (double)s->pages_bytes / (double)s->page * (double)(s->page - at->page) >= (double)s->bytes;
}

bool snapshot_is_usable(const struct wire_snapshot *s, const char *zone)
{
    return s->path[0] && s->schema == replica_schema() && strcmp(s->zone, zone) == 0;
}

/* ---- a packed file */

static void snapshot_remove_db(const char *db)
{
    static const char *const ends[] = {"", "-wal", "-shm", "-journal"};
    char path[4096 + 16];
    for (size_t i = 0; i < sizeof ends / sizeof ends[0]; i++) {
        snprintf(path, sizeof path, "%s%s", db, ends[i]);
        unlink(path);
    }
}

enum err snapshot_unpack(const char *packed, const struct wire_head *head, const char *zone, const char *into,
                         struct error *e)
{
    const struct wire_snapshot *s = &head->snapshot;
    struct replica_position want = {.epoch = (uint32_t)head->epoch, .seq = s->seq, .page = s->page};
    char hash[WIRE_HEX + 1];
    int64_t bytes;
    snprintf(want.scope, sizeof want.scope, "%s", head->scope);
    memcpy(want.chain, s->chain, sizeof want.chain);
    /* Before the first byte is unpacked: only what the hub signed gets as far as that. */
    enum err code = wire_hash_file(packed, hash, &bytes, e);
    if (code)
        return code;
    if (bytes != s->bytes || strcmp(hash, s->hash) != 0)
        return error_set(e, ERR_DENIED, "%s: its bytes are not those the hub names", packed);
    snapshot_remove_db(into);
    code = wire_unpack_file(packed, into, s->size, e);
    if (!code)
        code = replica_snapshot_check(into, &want, zone, e);
    if (code)
        snapshot_remove_db(into);
    return code == ERR_INVALID || code == ERR_TOO_BIG ? error_set(e, ERR_CORRUPT, "%s: no packed replica", packed)
                                                      : code;
}

/* ---- files */

static char *snapshot_file(const struct snapshot *s, const char *name, char out[4096])
{
    return file_join(out, s->dir, name);
}

void snapshot_path(const struct snapshot *s, char out[4096]) { snapshot_file(s, snapshot_db, out); }

/* Bytes that have come; 0 when there is no such file. */
static int64_t snapshot_have(const struct snapshot *s)
{
    char path[4096];
    struct stat st;
    return stat(snapshot_file(s, snapshot_part, path), &st) == 0 ? (int64_t)st.st_size : 0;
}

static void snapshot_drop_part(struct snapshot *s)
{
    char path[4096];
    snapshot_apart_stop(&s->apart);
    unlink(snapshot_file(s, snapshot_part, path));
    snapshot_remove_db(snapshot_file(s, snapshot_db, path));
}

void snapshot_drop(struct snapshot *s)
{
    char path[4096];
    if (!s->dir || !s->kept)
        return;
    unlink(snapshot_file(s, snapshot_note, path));
    snapshot_drop_part(s);
    s->kept = s->on = s->past_caches = false;
}

void snapshot_refuse(struct snapshot *s, const struct error *why)
{
    char text[400];
    log_line(LOG_WARN, "snapshot-refused", "path=%s why=%s", s->head.snapshot.path,
             log_quote(text, sizeof text, why->text));
    memcpy(s->refused, s->head.snapshot.hash, sizeof s->refused);
    snapshot_drop(s);
}

void snapshot_init(struct snapshot *s, const char *dir, const char *zone)
{
    char path[4096];
    *s = (struct snapshot){.dir = dir, .zone = zone};
    s->kept = dir && (access(snapshot_file(s, snapshot_note, path), F_OK) == 0 ||
                      access(snapshot_file(s, snapshot_part, path), F_OK) == 0 ||
                      access(snapshot_file(s, snapshot_db, path), F_OK) == 0);
}

/* ---- the note: the head that named it, under its signature */

/* In place, without a file beside it: half a note is one whose signature does not hold. */
static enum err snapshot_write_file(const char *path, const char *bytes, size_t n, struct error *e)
{
    int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0600);
    ssize_t put = fd < 0 ? -1 : write(fd, bytes, n);
    int why = errno;
    if (fd >= 0)
        close(fd);
    if (put == (ssize_t)n)
        return ERR_NONE;
    bool full = put >= 0 || why == ENOSPC || why == EDQUOT;
    return error_set(e, full ? ERR_FULL : ERR_IO, "%s: %s", path, full ? "no space" : error_errno(why));
}

static enum err snapshot_write_note(const struct snapshot *s, const struct wire_line *body, const char *sig,
                                    struct error *e)
{
    struct buf note;
    char path[4096];
    buf_init(&note, WIRE_SMALL_MAX + WIRE_SIG + 1);
    buf_add_str(&note, sig);
    buf_add_char(&note, '\n');
    buf_add(&note, body->s, body->n);
    enum err code = note.overflow ? error_set(e, ERR_TOO_BIG, "a head too long to be kept")
                                  : snapshot_write_file(snapshot_file(s, snapshot_note, path), note.data, note.len, e);
    buf_done(&note);
    return code;
}

/* The head of an earlier time; false when there is none to be believed. */
static bool snapshot_read_note(const struct snapshot *s, struct wire_head *out, const uint8_t feed[CRYPTO_SIGN_PUBLIC])
{
    struct buf note;
    char path[4096], sig[WIRE_SIG + 1] = "";
    const size_t skip = WIRE_SIG + 1;
    buf_init(&note, WIRE_SMALL_MAX + skip);
    bool good = file_read(snapshot_file(s, snapshot_note, path), &note, NULL) == ERR_NONE && note.len > skip;
    if (good)
        memcpy(sig, note.data, WIRE_SIG);
    good = good && wire_verify(sig, WIRE_DOMAIN_HEAD, NULL, note.data + skip, note.len - skip, feed) &&
           wire_head_parse(out, note.data + skip, note.len - skip, NULL) == ERR_NONE && out->snapshot.path[0];
    buf_done(&note);
    return good;
}

/* ---- beginning */

/* An older one is gone on with as long as the pages after it are served: on a slow line the newest would never end. */
static bool snapshot_goes_on(const struct snapshot *s, const struct wire_head *old, const struct wire_head *now)
{
    int64_t have = snapshot_have(s);
    return have > 0 && have <= old->snapshot.bytes && old->epoch == now->epoch && strcmp(old->scope, now->scope) == 0 &&
           now->min_page <= old->snapshot.page + 1 && strcmp(old->snapshot.hash, s->refused) != 0 &&
           snapshot_is_usable(&old->snapshot, s->zone);
}

static enum err snapshot_check_room(const struct snapshot *s, struct error *e)
{
    struct statvfs v;
    int64_t wanted = s->head.snapshot.bytes - snapshot_have(s) + s->head.snapshot.size + SNAPSHOT_SPARE;
    if (statvfs(s->dir, &v) == 0 && (double)v.f_bavail * (double)v.f_frsize < (double)wanted)
        return error_set(e, ERR_FULL, "%s: the snapshot wants %" PRId64 " bytes", s->dir, wanted);
    return ERR_NONE;
}

enum err snapshot_begin(struct snapshot *s, const struct wire_head *head, const struct wire_line *body, const char *sig,
                        const uint8_t feed[CRYPTO_SIGN_PUBLIC], struct error *e)
{
    struct wire_head old;
    enum err code = ERR_NONE;
    if (s->on && s->head.epoch == head->epoch)
        return ERR_NONE;
    if (s->kept && snapshot_read_note(s, &old, feed) && snapshot_goes_on(s, &old, head)) {
        s->head = old;
    } else {
        snapshot_drop(s);
        s->head = *head;
        s->kept = true;
        code = snapshot_write_note(s, body, sig, e);
    }
    if (!code)
        code = snapshot_check_room(s, e);
    s->on = !code;
    s->past_caches = false;
    log_line(LOG_INFO, "snapshot-begun", "path=%s bytes=%" PRId64 " have=%" PRId64, s->head.snapshot.path,
             s->head.snapshot.bytes, snapshot_have(s));
    return code;
}

/* ---- fetching */

/* Wrong bytes: once more from the start, past caches; then it is left. */
static enum snapshot_result snapshot_spoilt(struct snapshot *s, const struct error *why)
{
    if (s->past_caches) {
        snapshot_refuse(s, why);
        return SNAPSHOT_REFUSED;
    }
    log_line(LOG_WARN, "snapshot-spoilt", "path=%s", s->head.snapshot.path);
    snapshot_drop_part(s);
    s->past_caches = true;
    return SNAPSHOT_MORE;
}

struct snapshot_target {
    int fd;
    int64_t size; /* no byte is taken beyond */
};

static enum err snapshot_take(void *context, int64_t at, const void *bytes, size_t n, struct error *e)
{
    const struct snapshot_target *target = context;
    int fd = target->fd;
    if (at < 0 || at > target->size || (int64_t)n > target->size - at)
        return error_set(e, ERR_TOO_BIG, "%s: more bytes than the hub names", snapshot_part);
    /* The other side began at the beginning: so do we. */
    if (at == 0 && ftruncate(fd, 0) < 0)
        return error_set(e, ERR_IO, "%s: %s", snapshot_part, error_errno(errno));
    for (size_t put = 0; put < n;) {
        ssize_t w = pwrite(fd, (const char *)bytes + put, n - put, (off_t)(at + (int64_t)put));
        if (w < 0 && errno != EINTR)
            return error_set(e, errno == ENOSPC || errno == EDQUOT ? ERR_FULL : ERR_IO, "%s: %s", snapshot_part,
                             error_errno(errno));
        put += w > 0 ? (size_t)w : 0;
    }
    return ERR_NONE;
}

/* What the status and the length say. */
static enum snapshot_result snapshot_judge(struct snapshot *s, const struct transport_answer *a, struct error *e)
{
    if (a->status == 404 || a->status == 410) {
        snapshot_drop(s);
        return SNAPSHOT_GONE;
    }
    /* More is here than there is: not a part of it. */
    if (a->status == 416)
        snapshot_drop_part(s);
    else if (a->status != 200 && a->status != 206) {
        error_set(e, ERR_NET, "%s: status %d", s->head.snapshot.path, a->status);
        return SNAPSHOT_FAILED;
    }
    return snapshot_have(s) >= s->head.snapshot.bytes ? SNAPSHOT_COMPLETE : SNAPSHOT_MORE;
}

enum snapshot_result snapshot_fetch(struct snapshot *s, struct transport *t, struct transport_answer *a,
                                    struct error *e)
{
    char path[WIRE_PATH], part[4096];
    int64_t have = snapshot_have(s);
    if (have == s->head.snapshot.bytes)
        return SNAPSHOT_COMPLETE;
    int fd = open(snapshot_file(s, snapshot_part, part), O_WRONLY | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
    if (fd < 0) {
        error_set(e, ERR_IO, "%s: %s", part, error_errno(errno));
        a->fault = FAULT_DISK;
        return SNAPSHOT_FAILED;
    }
    struct snapshot_target target = {fd, s->head.snapshot.bytes};
    struct transport_sink sink = {snapshot_take, &target};
    struct transport_request q = {.path = path,
                                  .max = (size_t)s->head.snapshot.bytes,
                                  .from = have,
                                  .sink = &sink,
                                  .past_caches = s->past_caches};
    wire_snapshot_path(path, s->head.scope, s->head.epoch, &s->head.snapshot);
    enum err code = t->send(t, &q, a, e);
    close(fd);
    if (!code)
        return snapshot_judge(s, a, e);
    if (code == ERR_TOO_BIG)
        return snapshot_spoilt(s, e);
    if (code == ERR_FULL) {
        snapshot_refuse(s, e);
        return SNAPSHOT_REFUSED;
    }
    /* A line that breaks is asked again at once as long as it brings something. */
    return a->taken > 0 && !a->stopped && a->fault == FAULT_NET ? SNAPSHOT_MORE : SNAPSHOT_FAILED;
}

/* ---- what came of it */

/* false: not yet. Where no process can be made the work is done here. */
static bool snapshot_work(struct snapshot *s, enum err *code, struct error *e)
{
    char part[4096], db[4096];
    snapshot_file(s, snapshot_part, part);
    snapshot_file(s, snapshot_db, db);
    if (s->apart.pid)
        return snapshot_apart_ended(&s->apart, code, e);
    if (s->is_apart && snapshot_apart_start(&s->apart, part, &s->head, s->zone, db, e) == ERR_NONE)
        return false;
    *code = snapshot_unpack(part, &s->head, s->zone, db, e);
    return true;
}

void snapshot_done(struct snapshot *s) { snapshot_apart_stop(&s->apart); }

enum snapshot_result snapshot_prepare(struct snapshot *s, struct error *e)
{
    enum err code = ERR_NONE;
    if (!snapshot_work(s, &code, e))
        return SNAPSHOT_WORKING;
    if (!code)
        return SNAPSHOT_READY;
    if (code == ERR_DENIED)
        return snapshot_spoilt(s, e);
    if (code == ERR_IO || code == ERR_MEMORY)
        return SNAPSHOT_FAILED;
    snapshot_refuse(s, e);
    return SNAPSHOT_REFUSED;
}
