/* Making and judging whole replicas. */
#include "kiosk/store/replica_snapshot.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "kiosk/base/buf.h"
#include "kiosk/base/date.h"
#include "kiosk/base/schema.h"
#include "kiosk/store/replica_writer.h"

enum { REPLICA_SHAPE_MAX = 64 << 10 };

/* ---- what a replica looks like */

static int64_t replica_number(struct sql *db, const char *pragma)
{
    bool row = false;
    struct sql_stmt *st = sql_get(db, pragma);
    int64_t n = sql_step(st, &row, NULL) == ERR_NONE && row ? sql_int(st, 0) : -1;
    sql_reset(st);
    return n;
}

/* Everything in the schema, a line each. The search's own tables are SQLite's: their texts may differ from version to
 * version, their names may not. */
static enum err replica_shape(struct sql *db, struct buf *out, struct error *e)
{
    struct sql_stmt *st = sql_get(db, "SELECT type, name, tbl_name, CASE WHEN name LIKE 'search\\_%' ESCAPE '\\'"
                                      " THEN '' ELSE ifnull(sql, '') END FROM sqlite_schema ORDER BY type, name");
    bool row = true;
    enum err code = ERR_NONE;
    while (!out->overflow && !(code = sql_step(st, &row, e)) && row)
        buf_addf(out, "%s %s %s %s\n", sql_text(st, 0), sql_text(st, 1), sql_text(st, 2), sql_text(st, 3));
    sql_reset(st);
    return code;
}

/* A fresh replica in memory: what others are compared with. */
static enum err replica_model(struct sql **out, struct error *e)
{
    enum err code = sql_open(out, ":memory:", SQL_NORMAL, e);
    return code ? code : sql_migrate(*out, schema_replica, e);
}

int replica_schema(void) { return sql_newest(schema_replica); }

static enum err replica_check_shape(struct sql *db, struct sql *model, const char *path, struct error *e)
{
    struct buf wanted, found;
    buf_init(&wanted, REPLICA_SHAPE_MAX);
    buf_init(&found, REPLICA_SHAPE_MAX);
    enum err code = replica_shape(model, &wanted, e);
    if (!code)
        code = replica_shape(db, &found, e);
    if (!code && (found.overflow || strcmp(found.data, wanted.data) != 0))
        code = error_set(e, ERR_CORRUPT, "%s: its tables are not a replica's", path);
    buf_done(&found);
    buf_done(&wanted);
    return code;
}

/* ---- judging */

static enum err replica_check_version(struct sql *db, struct sql *model, const char *path, struct error *e)
{
    int64_t version = replica_number(db, "PRAGMA user_version"), ours = replica_number(model, "PRAGMA user_version");
    if (replica_number(db, "PRAGMA application_id") != REPLICA_APPLICATION)
        return error_set(e, ERR_CORRUPT, "%s: not a replica", path);
    if (version != ours)
        return error_set(e, ERR_STATE, "%s: of version %" PRId64 ", this program's is %" PRId64, path, version, ours);
    return ERR_NONE;
}

/* What could not be read for want of memory or of the disk is no judgement: a snapshot that was judged bad is not tried
 * again. */
static enum err replica_check_kind(struct sql *db, const char *path, struct error *e)
{
    struct sql *model = NULL;
    enum err code = replica_model(&model, e);
    if (!code)
        code = sql_begin_view(model, e);
    if (!code)
        code = sql_begin_view(db, e);
    if (!code)
        code = replica_check_version(db, model, path, e);
    if (!code)
        code = replica_check_shape(db, model, path, e);
    if (code == ERR_CORRUPT || code == ERR_STATE) {
        struct error read;
        if (sql_commit(db, &read) || sql_commit(model, &read))
            code = error_set(e, read.code, "%s", read.text);
    }
    sql_rollback(db);
    sql_close(model);
    return code;
}

/* Every page and every index entry. Mapped: an index is looked up in all its corners. */
static enum err replica_check_integrity(struct sql *db, const char *path, struct error *e)
{
    bool row = false;
    enum err code = sql_exec(db, "PRAGMA mmap_size=1073741824", e);
    if (code)
        return code;
    struct sql_stmt *st = sql_get(db, "PRAGMA integrity_check(1)");
    code = sql_step(st, &row, e);
    if (!code && (!row || strcmp(sql_text(st, 0), "ok") != 0))
        code = error_set(e, ERR_CORRUPT, "%s: damaged", path);
    sql_reset(st);
    return code;
}

static enum err replica_check_meta(struct replica_writer *w, const char *path, const struct replica_position *want,
                                   const char *zone, struct error *e)
{
    struct replica_position at;
    char found[64];
    enum err code = replica_writer_position(w, &at, e);
    if (code)
        return code;
    if (strcmp(at.scope, want->scope) != 0 || at.epoch != want->epoch || at.seq != want->seq || at.page != want->page ||
        strcmp(at.chain, want->chain) != 0)
        return error_set(e, ERR_CORRUPT, "%s: stands at %u/%" PRId64 ", not where it was said to", path, at.epoch,
                         at.seq);
    code = replica_meta_get(w, "zone", found, sizeof found, e);
    if (!code && strcmp(found, zone) != 0)
        code = error_set(e, ERR_STATE, "%s: its days are those of %s, this centre's of %s", path, found, zone);
    return code;
}

enum err replica_snapshot_check(const char *path, const struct replica_position *want, const char *zone,
                                struct error *e)
{
    struct replica_writer w = {0};
    if (access(path, F_OK) != 0)
        return error_set(e, ERR_NOT_FOUND, "%s: no such file", path);
    /* As a writer, so that it is a WAL file afterwards: nothing has to be changed once readers have it. */
    enum err code = sql_open(&w.db, path, SQL_NORMAL, e);
    if (!code)
        code = replica_check_kind(w.db, path, e);
    if (!code)
        code = replica_check_integrity(w.db, path, e);
    if (!code)
        code = replica_check_meta(&w, path, want, zone, e);
    sql_close(w.db);
    return code == ERR_INVALID ? ERR_CORRUPT : code;
}

/* ---- making */

enum err replica_snapshot_write(struct replica_writer *w, const char *into, struct error *e)
{
    if (access(into, F_OK) == 0)
        return error_set(e, ERR_EXISTS, "%s: there is a file of this name", into);
    enum err code = sql_begin(w->db, e);
    if (!code)
        code = replica_meta_set(w, "zone", zone_name(w->zone), e);
    if (!code)
        code = sql_commit(w->db, e);
    if (code) {
        sql_rollback(w->db);
        return code;
    }
    struct sql_stmt *st = sql_get(w->db, "VACUUM INTO :into");
    sql_bind_text(st, ":into", into);
    return sql_run(st, e);
}
