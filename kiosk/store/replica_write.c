/* The writing side of the replica: opening, transactions and the position in the feed. Items are in replica_put.c. */
#include "kiosk/store/replica_write.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "kiosk/base/log.h"
#include "kiosk/base/schema.h"
#include "kiosk/store/content_read.h"
#include "kiosk/store/replica_days_sum.h"
#include "kiosk/store/replica_tally.h"
#include "kiosk/store/replica_writer.h"

/* ---- meta */

enum err replica_meta_set(struct replica_writer *w, const char *name, const char *value, struct error *e)
{
    struct sql_stmt *st = sql_get(w->db, "INSERT OR REPLACE INTO meta (name, value) VALUES (:name, :value)");
    sql_bind_text(st, ":name", name);
    sql_bind_text(st, ":value", value);
    return sql_run(st, e);
}

static enum err replica_meta_set_int(struct replica_writer *w, const char *name, int64_t value, struct error *e)
{
    char text[24];
    snprintf(text, sizeof text, "%lld", (long long)value);
    return replica_meta_set(w, name, text, e);
}

enum err replica_meta_get(struct replica_writer *w, const char *name, char *out, size_t size, struct error *e)
{
    bool row;
    struct sql_stmt *st = sql_get(w->db, "SELECT value FROM meta WHERE name = :name");
    sql_bind_text(st, ":name", name);
    enum err code = sql_step(st, &row, e);
    content_word(out, size, !code && row ? sql_text(st, 0) : "");
    sql_reset(st);
    return code;
}

static enum err replica_meta_get_int(struct replica_writer *w, const char *name, int64_t *out, struct error *e)
{
    char text[24];
    enum err code = replica_meta_get(w, name, text, sizeof text, e);
    *out = code ? 0 : strtoll(text, NULL, 10);
    return code;
}

/* ---- opening */

/* The WAL and its index belong to one file alone. */
static void replica_remove_wal(const char *path)
{
    char other[PATH_MAX];
    snprintf(other, sizeof other, "%s-wal", path);
    unlink(other);
    snprintf(other, sizeof other, "%s-shm", path);
    unlink(other);
}

/* A file's or folder's bytes onto the disk. */
static enum err replica_sync(const char *path, struct error *e)
{
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    int rc = fd < 0 ? -1 : fsync(fd);
    enum err code = rc < 0 ? error_set(e, ERR_IO, "%s: %s", path, error_errno(errno)) : ERR_NONE;
    if (fd >= 0)
        close(fd);
    return code;
}

enum err replica_replace(const char *path, const char *with, struct error *e)
{
    char folder[PATH_MAX];
    snprintf(folder, sizeof folder, "%s", path);
    char *slash = strrchr(folder, '/');
    snprintf(slash ? slash + 1 : folder, 2, "%s", slash ? "" : ".");
    enum err code = replica_sync(with, e);
    if (code)
        return code;
    replica_remove_wal(path);
    if (rename(with, path) != 0)
        return error_set(e, ERR_IO, "%s: cannot take the place of %s: %s", with, path, error_errno(errno));
    return replica_sync(folder, e);
}

/* Moves the file aside; its companions are of no use without it. */
static enum err replica_set_aside(const char *path, struct error *e)
{
    char other[PATH_MAX];
    snprintf(other, sizeof other, "%s.damaged", path);
    if (rename(path, other) != 0)
        return error_set(e, ERR_IO, "%s: cannot set aside: %s", path, error_errno(errno));
    replica_remove_wal(path);
    log_line(LOG_WARN, "replica-damaged", "kept=%s.damaged", path);
    return ERR_NONE;
}

static enum err replica_writer_connect(struct replica_writer *w, const char *path, bool check, struct error *e)
{
    enum err code = sql_open(&w->db, path, SQL_NORMAL, e);
    if (!code)
        code = sql_migrate(w->db, schema_replica, e);
    if (!code && check)
        code = sql_quick_check(w->db, e);
    /* A question to every table: a file that is another program's database has none of them. */
    if (!code)
        code = sql_exec(w->db, "SELECT 1 FROM meta, record, record_topic, occurrence, occurrence_topic, venue, day_count, provider, provider_cell LIMIT 0", e);
    /* A page touches rows all over a dozen trees: with SQLite's usual 2 MB they would be read again for every record.
     */
    if (!code)
        code = sql_exec(w->db, "PRAGMA cache_size=-24000", e);
    if (!code)
        code = replica_tally_anew(w, e);
    if (!code)
        code = replica_meta_get_int(w, "checked_at", &w->now, e);
    if (code) {
        sql_close(w->db);
        w->db = NULL;
    }
    return code;
}

enum err replica_writer_open(struct replica_writer **out, const char *path, const struct zone *zone, bool check,
                             bool *was_damaged, struct error *e)
{
    struct replica_writer *w = mem_new(1, sizeof *w);
    w->zone = zone;
    w->days = replica_days_sum_new();
    *out = NULL;
    *was_damaged = false;
    enum err code = replica_writer_connect(w, path, check, e);
    /* A file of a newer program (ERR_STATE) is as useless here as a damaged one, and can be fetched again just as well.
     */
    if (code == ERR_CORRUPT || code == ERR_STATE) {
        *was_damaged = true;
        code = replica_set_aside(path, e);
        if (!code)
            code = replica_writer_connect(w, path, false, e);
    }
    if (code)
        replica_writer_close(w);
    else
        *out = w;
    return code;
}

void replica_writer_close(struct replica_writer *w)
{
    if (!w)
        return;
    if (w->db)
        sql_rollback(w->db);
    sql_close(w->db);
    replica_days_sum_free(w->days);
    free(w);
}

void replica_writer_retire(struct replica_writer *w)
{
    bool row;
    if (!w)
        return;
    sql_rollback(w->db);
    struct sql_stmt *st = sql_get(w->db, "PRAGMA wal_checkpoint(TRUNCATE)");
    if (sql_step(st, &row, NULL) != ERR_NONE || !row || sql_int(st, 0) != 0)
        log_line(LOG_WARN, "replica-checkpoint", "%s", "left=wal");
    sql_reset(st);
    replica_writer_close(w);
}

/* ---- position */

enum err replica_writer_position(struct replica_writer *w, struct replica_position *out, struct error *e)
{
    int64_t epoch = 0;
    *out = (struct replica_position){0};
    enum err code = replica_meta_get(w, "scope", out->scope, sizeof out->scope, e);
    if (!code)
        code = replica_meta_get_int(w, "epoch", &epoch, e);
    if (!code)
        code = replica_meta_get_int(w, "seq", &out->seq, e);
    if (!code)
        code = replica_meta_get_int(w, "page", &out->page, e);
    if (!code)
        code = replica_meta_get(w, "chain", out->chain, sizeof out->chain, e);
    out->epoch = (uint32_t)epoch;
    if (!out->chain[0])
        memset(out->chain, '0', sizeof out->chain - 1);
    return code;
}

static enum err replica_set_position(struct replica_writer *w, const struct replica_position *at, struct error *e)
{
    enum err code = replica_meta_set(w, "scope", at->scope, e);
    if (!code)
        code = replica_meta_set_int(w, "epoch", at->epoch, e);
    if (!code)
        code = replica_meta_set_int(w, "seq", at->seq, e);
    if (!code)
        code = replica_meta_set_int(w, "page", at->page, e);
    if (!code)
        code = replica_meta_set(w, "chain", at->chain, e);
    return code;
}

/* ---- transactions */

enum err replica_begin(struct replica_writer *w, struct error *e) { return sql_begin(w->db, e); }

void replica_abort(struct replica_writer *w)
{
    replica_days_sum_drop(w->days);
    sql_rollback(w->db);
}

/* Commits, or rolls back when something failed before or does now. */
static enum err replica_finish(struct replica_writer *w, enum err code, struct error *e)
{
    if (!code)
        code = replica_days_sum_write(w->days, w->db, e);
    if (!code)
        code = sql_commit(w->db, e);
    if (code)
        replica_abort(w);
    return code;
}

enum err replica_commit(struct replica_writer *w, const struct replica_position *at, struct error *e)
{
    return replica_finish(w, replica_set_position(w, at, e), e);
}

enum err replica_reset(struct replica_writer *w, const char *scope, uint32_t epoch, struct error *e)
{
    struct replica_position at = {.epoch = epoch};
    content_word(at.scope, sizeof at.scope, scope);
    memset(at.chain, '0', sizeof at.chain - 1);
    enum err code = sql_begin(w->db, e);
    if (!code)
        code = sql_exec(
            w->db,
            "DELETE FROM record; DELETE FROM record_topic; DELETE FROM occurrence; DELETE FROM occurrence_topic;"
            "DELETE FROM venue; DELETE FROM day_count; DELETE FROM provider; DELETE FROM provider_cell;"
            "INSERT INTO search (search) VALUES ('delete-all'); DELETE FROM meta WHERE name = 'head_etag'",
            e);
    if (!code)
        code = replica_set_position(w, &at, e);
    return replica_finish(w, code, e);
}

enum err replica_set_checked(struct replica_writer *w, int64_t at, const char *etag, struct error *e)
{
    enum err code = sql_begin(w->db, e);
    if (!code)
        code = replica_meta_set_int(w, "checked_at", at, e);
    if (!code)
        code = replica_meta_set(w, "head_etag", etag ? etag : "", e);
    code = replica_finish(w, code, e);
    if (!code)
        w->now = at;
    return code;
}

int64_t replica_writer_checked_at(const struct replica_writer *w) { return w->now; }

enum err replica_get_etag(struct replica_writer *w, char out[80], struct error *e)
{
    return replica_meta_get(w, "head_etag", out, 80, e);
}
