/* Snapshots: when, where, which. How one is made from pages is in snapshot_build.c. */
#include "sync/hub/serve/snapshot.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "kiosk/base/config.h"
#include "kiosk/base/file.h"
#include "kiosk/base/log.h"
#include "sync/hub/feed.h"
#include "sync/hub/serve/snapshot_build.h"

enum { SNAPSHOT_DAY = 86400 };

/* The file of a snapshot whose path on the wire is known. */
static void snapshot_file(char out[4096], const struct hub *h, const char *path)
{
    char dir[4096];
    const char *name = strrchr(path, '/');
    file_join(out, file_join(dir, h->dir, "snapshots"), name ? name + 1 : path);
}

static void snapshot_read(struct sql_stmt *st, struct wire_snapshot *s)
{
    *s = (struct wire_snapshot){.seq = sql_int(st, 0), .page = sql_int(st, 1)};
    snprintf(s->hash, sizeof s->hash, "%s", sql_text(st, 2));
    snprintf(s->chain, sizeof s->chain, "%s", sql_text(st, 3));
    s->bytes = sql_int(st, 4);
    s->size = sql_int(st, 5);
    s->pages_bytes = sql_int(st, 6);
    s->schema = sql_int(st, 7);
    snprintf(s->zone, sizeof s->zone, "%s", sql_text(st, 8));
    snprintf(s->path, sizeof s->path, "snap/%" PRId64 "-%.16s.zst", s->seq, s->hash);
}

static bool snapshot_is_there(const struct hub *h, const struct wire_snapshot *s)
{
    char file[4096];
    struct stat st;
    snapshot_file(file, h, s->path);
    return stat(file, &st) == 0 && st.st_size == s->bytes;
}

/* A hub restored from a backup may name files that are gone. */
void snapshot_newest(struct hub *h, int64_t epoch, struct wire_snapshot *out)
{
    struct sql_stmt *st = sql_get(h->db, "SELECT seq, page, hash, chain, bytes, size, pages_bytes, schema, zone"
                                         " FROM snapshot WHERE epoch = :epoch ORDER BY seq DESC, made_at DESC");
    bool row = false, found = false;
    sql_bind_int(st, ":epoch", epoch);
    while (!found && sql_step(st, &row, NULL) == ERR_NONE && row) {
        snapshot_read(st, out);
        found = snapshot_is_there(h, out);
    }
    sql_reset(st);
    if (!found)
        *out = (struct wire_snapshot){0};
}

static int64_t snapshot_newest_at(struct hub *h, int64_t epoch)
{
    struct sql_stmt *st = sql_get(h->db, "SELECT coalesce(max(made_at), 0) FROM snapshot WHERE epoch = :epoch");
    bool row = false;
    sql_bind_int(st, ":epoch", epoch);
    int64_t at = sql_step(st, &row, NULL) == ERR_NONE && row ? sql_int(st, 0) : 0;
    sql_reset(st);
    return at;
}

void snapshot_policy_read(struct snapshot_policy *out, const struct config *c)
{
    *out = (struct snapshot_policy){.pages = config_int(c, "snapshot", "pages"),
                                    .hours = config_int(c, "snapshot", "hours"),
                                    .keep_days = config_int(c, "snapshot", "keep_days"),
                                    .keep_pages = config_int(c, "snapshot", "keep_pages"),
                                    .level = (int)config_int(c, "snapshot", "level")};
}

bool snapshot_is_due(struct hub *h, const struct snapshot_policy *p)
{
    struct wire_snapshot last;
    char chain[WIRE_HEX + 1];
    int64_t epoch = hub_meta_int(h->db, "epoch", 1);
    if (p->pages <= 0 || feed_seq(h->db) / WIRE_PER < p->pages)
        return false;
    snapshot_newest(h, epoch, &last);
    int64_t waited = hub_now(h) - snapshot_newest_at(h, epoch);
    return feed_sealed(h->db, chain) - last.page >= p->pages &&
           (!last.path[0] || waited < 0 || waited >= p->hours * 3600);
}

enum err snapshot_open(struct hub *h, int64_t epoch, int64_t seq, const char *hash16, int *fd, int64_t *bytes,
                       struct error *e)
{
    char name[64], file[4096];
    struct stat s;
    bool row = false;
    struct sql_stmt *st = sql_get(h->db, "SELECT bytes FROM snapshot WHERE epoch = :epoch AND seq = :seq"
                                         " AND substr(hash, 1, 16) = :hash16");
    sql_bind_int(st, ":epoch", epoch);
    sql_bind_int(st, ":seq", seq);
    sql_bind_text(st, ":hash16", hash16);
    enum err err = sql_step(st, &row, e);
    *bytes = !err && row ? sql_int(st, 0) : -1;
    sql_reset(st);
    if (err)
        return err;
    snprintf(name, sizeof name, "%" PRId64 "-%.16s.zst", seq, hash16);
    snapshot_file(file, h, name);
    *fd = row ? open(file, O_RDONLY | O_CLOEXEC | O_NOFOLLOW) : -1;
    if (*fd >= 0 && (fstat(*fd, &s) < 0 || s.st_size != *bytes)) {
        close(*fd);
        *fd = -1;
    }
    return *fd < 0 ? error_set(e, ERR_NOT_FOUND, "no such snapshot") : ERR_NONE;
}

/* ---- making one */

static enum err snapshot_lock(const char *dir, int *fd, struct error *e)
{
    char path[4096];
    *fd = open(file_join(path, dir, "lock"), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
    if (*fd < 0)
        return error_set(e, ERR_IO, "%s: %s", path, error_errno(errno));
    if (flock(*fd, LOCK_EX | LOCK_NB) == 0)
        return ERR_NONE;
    return error_set(e, ERR_BUSY, "%s: a snapshot is being made already", dir);
}

static enum err snapshot_record(struct hub *h, int64_t epoch, const struct wire_snapshot *s, struct error *e)
{
    struct sql_stmt *st = sql_get(
        h->db, "INSERT INTO snapshot (epoch, seq, page, hash, chain, bytes, size, pages_bytes, schema, zone, made_at)"
               " VALUES (:epoch, :seq, :page, :hash, :chain, :bytes, :size, :pages, :schema, :zone, :at)");
    sql_bind_int(st, ":epoch", epoch);
    sql_bind_int(st, ":seq", s->seq);
    sql_bind_int(st, ":page", s->page);
    sql_bind_text(st, ":hash", s->hash);
    sql_bind_text(st, ":chain", s->chain);
    sql_bind_int(st, ":bytes", s->bytes);
    sql_bind_int(st, ":size", s->size);
    sql_bind_int(st, ":pages", s->pages_bytes);
    sql_bind_int(st, ":schema", s->schema);
    sql_bind_text(st, ":zone", s->zone);
    sql_bind_int(st, ":at", hub_now(h));
    return sql_run(st, e);
}

/* What an older snapshot can replace need not be served for ever: the hashes stay, indexes name them. */
static enum err snapshot_drop_pages(struct hub *h, const struct wire_snapshot *s, int64_t keep, struct error *e)
{
    int64_t from = s->page - keep + 1;
    if (keep <= 0 || from <= hub_meta_int(h->db, "min_page", 1))
        return ERR_NONE;
    enum err err = hub_meta_set_int(h->db, "min_page", from, e);
    if (err)
        return err;
    struct sql_stmt *st = sql_get(h->db, "UPDATE page SET zst = :none WHERE what = 'page' AND n < :from");
    sql_bind_blob(st, ":none", "", 0);
    sql_bind_int(st, ":from", from);
    return sql_run(st, e);
}

/* Rows of other epochs, and those replaced long ago, go; their files with the next sweep. */
static enum err snapshot_forget(struct hub *h, int64_t epoch, const struct wire_snapshot *s, int64_t keep_days,
                                struct error *e)
{
    struct sql_stmt *st = sql_get(
        h->db, "DELETE FROM snapshot WHERE epoch <> :epoch OR (hash <> :hash AND EXISTS (SELECT 1 FROM snapshot later"
               " WHERE later.seq >= snapshot.seq AND later.hash <> snapshot.hash AND later.made_at < :before))");
    sql_bind_int(st, ":epoch", epoch);
    sql_bind_text(st, ":hash", s->hash);
    sql_bind_int(st, ":before", hub_now(h) - keep_days * SNAPSHOT_DAY);
    return sql_run(st, e);
}

static enum err snapshot_publish(struct hub *h, const struct snapshot_policy *p, int64_t epoch,
                                 const struct wire_snapshot *s, struct error *e)
{
    enum err err = sql_begin(h->db, e);
    if (err)
        return err;
    if (hub_meta_int(h->db, "epoch", 1) != epoch)
        err = error_set(e, ERR_CONFLICT, "the hub was restored meanwhile");
    if (!err)
        err = snapshot_record(h, epoch, s, e);
    if (!err)
        err = snapshot_forget(h, epoch, s, p->keep_days, e);
    if (!err)
        err = snapshot_drop_pages(h, s, p->keep_pages, e);
    if (!err)
        err = sql_commit(h->db, e);
    if (err)
        sql_rollback(h->db);
    return err;
}

static enum err snapshot_seal(struct hub *h, struct error *e)
{
    int left = 1;
    enum err err = ERR_NONE;
    while (left && !err)
        err = feed_seal(h->db, 1, &left, e);
    return err;
}

static bool snapshot_has(const void *context, int64_t seq, const char *hash16)
{
    struct hub *h = (struct hub *)context;
    struct sql_stmt *st = sql_get(h->db, "SELECT 1 FROM snapshot WHERE seq = :seq AND substr(hash, 1, 16) = :hash16");
    bool row = false;
    sql_bind_int(st, ":seq", seq);
    sql_bind_text(st, ":hash16", hash16);
    /* When it cannot be told, it stays. */
    enum err err = sql_step(st, &row, NULL);
    sql_reset(st);
    return err || row;
}

enum err snapshot_make(struct hub *h, const struct snapshot_policy *p, bool *made, struct error *e)
{
    char dir[4096], chain[WIRE_HEX + 1];
    struct wire_snapshot last, next = {0};
    int lock = -1;
    *made = false;
    enum err err = file_make_dir(file_join(dir, h->dir, "snapshots"), 0700, e);
    if (!err)
        err = snapshot_lock(dir, &lock, e);
    if (!err)
        err = snapshot_seal(h, e);
    int64_t epoch = hub_meta_int(h->db, "epoch", 1);
    snapshot_newest(h, epoch, &last);
    if (!err)
        snapshot_build_sweep(dir, snapshot_has, h);
    next.page = err ? 0 : feed_sealed(h->db, chain);
    if (next.page > last.page) {
        err = snapshot_build(h, dir, epoch, p->level, &next, e);
        if (!err)
            err = snapshot_publish(h, p, epoch, &next, e);
        *made = !err;
        if (!err)
            snapshot_build_sweep(dir, snapshot_has, h);
    }
    if (lock >= 0)
        close(lock);
    return err;
}
