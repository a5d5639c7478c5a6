/* The builder. It applies items with kiosk/store's own writer, so that a snapshot is what a kiosk would have made of
 * the same pages, and judges the result as a kiosk will before anybody is told of it. */
#include "sync/hub/serve/snapshot_build.h"

#include <dirent.h>
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "kiosk/base/file.h"
#include "kiosk/base/log.h"
#include "kiosk/store/replica_snapshot.h"
#include "sync/hub/feed.h"
#include "sync/wire_zstd.h"

static const char snapshot_replica[] = "replica.db";
static const char snapshot_copy[] = "copy.db";
static const char snapshot_packed[] = "packed.tmp";

struct snapshot_builder {
    struct hub *hub;
    struct replica_writer *writer;
    struct replica_position at;
    int bad;
};

/* ---- pages into the replica */

static enum err snapshot_page_hash(struct hub *h, int64_t page, char out[WIRE_HEX + 1], struct error *e)
{
    bool row = false;
    memcpy(out, wire_zero_hash, WIRE_HEX + 1);
    if (page == 0)
        return ERR_NONE;
    struct sql_stmt *st = sql_get(h->db, "SELECT hash FROM page WHERE what = 'page' AND n = :n");
    sql_bind_int(st, ":n", page);
    enum err err = sql_step(st, &row, e);
    if (!err && row)
        snprintf(out, WIRE_HEX + 1, "%s", sql_text(st, 0));
    else if (!err)
        err = error_set(e, ERR_NOT_FOUND, "page %" PRId64 " is not sealed", page);
    sql_reset(st);
    return err;
}

static enum err snapshot_put_line(struct snapshot_builder *b, const struct wire_line *line, struct error *e)
{
    struct wire_item it = {0};
    enum err err = ERR_NONE;
    if (wire_item_parse(&it, line->s, line->n, NULL))
        b->bad++;
    else
        err = it.put ? replica_put(b->writer, it.kind, it.id, it.seq, it.d, &b->bad, e)
                     : replica_del(b->writer, it.id, it.seq, e);
    wire_item_done(&it);
    return err;
}

static enum err snapshot_put_page(struct snapshot_builder *b, struct error *e)
{
    struct replica_position to = b->at;
    struct wire_line line;
    struct buf lines;
    size_t pos = 0;
    to.page++;
    to.seq = to.page * WIRE_PER;
    buf_init(&lines, WIRE_PAGE_MAX);
    enum err err = snapshot_page_hash(b->hub, to.page, to.chain, e);
    if (!err)
        err = feed_lines(b->hub->db, b->at.seq + 1, to.seq, &lines, e);
    if (!err)
        err = replica_begin(b->writer, e);
    while (!err && wire_next_line(lines.data, lines.len, &pos, &line))
        err = snapshot_put_line(b, &line, e);
    if (!err)
        err = replica_commit(b->writer, &to, e);
    else
        replica_abort(b->writer);
    if (!err)
        b->at = to;
    buf_done(&lines);
    return err;
}

/* The replica of the last time is gone on with when it stands at a page of this very history. After a restore the epoch
 * is another one and the pages up to there may be the same. */
static enum err snapshot_settle(struct snapshot_builder *b, int64_t epoch, int64_t page, struct error *e)
{
    char hash[WIRE_HEX + 1];
    enum err err = replica_writer_position(b->writer, &b->at, e);
    if (err)
        return err;
    bool same = strcmp(b->at.scope, "all") == 0 && b->at.page <= page && b->at.seq == b->at.page * WIRE_PER &&
                snapshot_page_hash(b->hub, b->at.page, hash, NULL) == ERR_NONE && strcmp(hash, b->at.chain) == 0;
    if (same && b->at.epoch == epoch)
        return ERR_NONE;
    if (!same) {
        err = replica_reset(b->writer, "all", (uint32_t)epoch, e);
        return err ? err : replica_writer_position(b->writer, &b->at, e);
    }
    b->at.epoch = (uint32_t)epoch;
    err = replica_begin(b->writer, e);
    return err ? err : replica_commit(b->writer, &b->at, e);
}

static enum err snapshot_bring_forward(struct snapshot_builder *b, const char *path, int64_t epoch, int64_t page,
                                       struct error *e)
{
    bool damaged;
    enum err err = replica_writer_open(&b->writer, path, b->hub->zone, false, &damaged, e);
    /* Which time of an event comes next is judged by this. */
    if (!err)
        err = replica_set_checked(b->writer, hub_now(b->hub), "", e);
    if (!err)
        err = snapshot_settle(b, epoch, page, e);
    while (!err && b->at.page < page)
        err = snapshot_put_page(b, e);
    if (!err && b->bad)
        log_line(LOG_WARN, "items-skipped", "count=%d", b->bad);
    return err;
}

/* ---- the replica into a file */

static int64_t snapshot_pages_bytes(struct hub *h, int64_t page)
{
    struct sql_stmt *st = sql_get(h->db, "SELECT CAST(sum(length(zst)) AS BIGINT), count(*) FROM page"
                                         " WHERE what = 'page' AND n <= :n AND length(zst) > 0");
    bool row = false;
    sql_bind_int(st, ":n", page);
    int64_t bytes = 0;
    /* Of pages that are no longer kept the mean of the others is assumed. */
    if (sql_step(st, &row, NULL) == ERR_NONE && row && sql_int(st, 1) > 0)
        bytes = sql_int(st, 0) / sql_int(st, 1) * page;
    sql_reset(st);
    return bytes;
}

static enum err snapshot_copy_out(struct snapshot_builder *b, const char *copy, struct wire_snapshot *s,
                                  struct error *e)
{
    struct stat st;
    enum err err = replica_snapshot_write(b->writer, copy, e);
    if (!err)
        err = replica_snapshot_check(copy, &b->at, zone_name(b->hub->zone), e);
    if (!err && stat(copy, &st) < 0)
        err = error_set(e, ERR_IO, "%s: %s", copy, error_errno(errno));
    s->size = err ? 0 : (int64_t)st.st_size;
    s->seq = b->at.seq;
    memcpy(s->chain, b->at.chain, sizeof s->chain);
    s->schema = replica_schema();
    s->pages_bytes = snapshot_pages_bytes(b->hub, s->page);
    snprintf(s->zone, sizeof s->zone, "%s", zone_name(b->hub->zone));
    return err;
}

static enum err snapshot_pack(const char *dir, const char *copy, int level, struct wire_snapshot *s, struct error *e)
{
    char packed[4096], file[4096], name[64];
    enum err err = wire_pack_file(copy, file_join(packed, dir, snapshot_packed), level, s->hash, &s->bytes, e);
    if (err)
        return err;
    snprintf(name, sizeof name, "%" PRId64 "-%.16s.zst", s->seq, s->hash);
    snprintf(s->path, sizeof s->path, "snap/%s", name);
    if (rename(packed, file_join(file, dir, name)) < 0)
        return error_set(e, ERR_IO, "%s: %s", file, error_errno(errno));
    return ERR_NONE;
}

enum err snapshot_build(struct hub *h, const char *dir, int64_t epoch, int level, struct wire_snapshot *s,
                        struct error *e)
{
    struct snapshot_builder b = {.hub = h};
    char path[4096], copy[4096];
    file_join(path, dir, snapshot_replica);
    file_join(copy, dir, snapshot_copy);
    enum err err = snapshot_bring_forward(&b, path, epoch, s->page, e);
    if (!err)
        err = snapshot_copy_out(&b, copy, s, e);
    /* The copy has the faults of what it was made from: next time that is made anew. */
    if (err == ERR_CORRUPT && b.writer && replica_reset(b.writer, "", 0, NULL) != ERR_NONE)
        log_line(LOG_ERROR, "snapshot-replica", "%s", "why=damaged");
    replica_writer_close(b.writer);
    if (!err)
        err = snapshot_pack(dir, copy, level, s, e);
    unlink(copy);
    return err;
}

/* ---- leftovers */

static bool snapshot_is_leftover(const char *name, bool (*has)(const void *, int64_t, const char *),
                                 const void *context)
{
    char hash16[WIRE_HASH16 + 1];
    int64_t seq;
    if (wire_file_name_read(name, &seq, hash16))
        return !has(context, seq, hash16);
    return strncmp(name, snapshot_copy, sizeof snapshot_copy - 1) == 0 || strcmp(name, snapshot_packed) == 0 ||
           strcmp(name, "replica.db.damaged") == 0;
}

void snapshot_build_sweep(const char *dir, bool (*has)(const void *context, int64_t seq, const char *hash16),
                          const void *context)
{
    DIR *d = opendir(dir);
    for (struct dirent *entry = d ? readdir(d) : NULL; entry; entry = readdir(d))
        if (snapshot_is_leftover(entry->d_name, has, context))
            unlinkat(dirfd(d), entry->d_name, 0);
    if (d)
        closedir(d);
}
