/* All transactions below a number had ended before a place in the log was read: who has the log up to there has them.
 */
#include "sync/hub/serve/safety.h"

#include <stdio.h>

#include "sync/hub/hub.h"
#include "sync/hub/serve/intake.h"

enum err safety_set(struct sql *db, int64_t standbys, struct error *e)
{
    if (!sql_is_shared(db) || hub_meta_int(db, "standbys", 0) == standbys)
        return ERR_NONE;
    enum err err = sql_begin(db, e);
    if (!err)
        err = hub_meta_set_int(db, "standbys", standbys, e);
    if (!err)
        err = sql_commit(db, e);
    if (err)
        sql_rollback(db);
    return err;
}

/* How many standbys have the log up to lsn on their disks. */
static enum err safety_count(struct sql *db, const char *lsn, int64_t *count, struct error *e)
{
    struct sql_stmt *st =
        sql_get(db, "SELECT count(*) FROM pg_stat_replication WHERE flush_lsn >= CAST(:lsn AS PG_LSN)");
    bool row = false;
    sql_bind_text(st, ":lsn", lsn);
    enum err err = sql_step(st, &row, e);
    *count = !err && row ? sql_int(st, 0) : 0;
    sql_reset(st);
    return err;
}

/* Several hubs do this at once: the number only rises. */
static enum err safety_raise(struct sql *db, int64_t opseq, struct error *e)
{
    struct sql_stmt *st =
        sql_get(db, "INSERT INTO meta (name, value) VALUES ('safe_opseq', CAST(:opseq AS TEXT)) ON CONFLICT (name) DO "
                    "UPDATE SET value = excluded.value WHERE CAST(meta.value AS BIGINT) < :opseq");
    sql_bind_int(st, ":opseq", opseq);
    return sql_run(st, e);
}

static enum err safety_begin(struct safety *s, struct sql *db, struct error *e)
{
    s->opseq = intake_opseq(db); /* first this, then the place in the log */
    if (s->opseq <= hub_meta_int(db, "safe_opseq", 0)) {
        s->opseq = 0;
        return ERR_NONE;
    }
    struct sql_stmt *st = sql_get(db, "SELECT pg_current_wal_insert_lsn()");
    bool row = false;
    enum err err = sql_step(st, &row, e);
    snprintf(s->lsn, sizeof s->lsn, "%s", !err && row ? sql_text(st, 0) : "FFFFFFFF/0");
    sql_reset(st);
    return err;
}

enum err safety_follow(struct safety *s, struct sql *db, struct error *e)
{
    int64_t standbys = sql_is_shared(db) ? hub_meta_int(db, "standbys", 0) : 0, count = 0;
    enum err err = ERR_NONE;
    if (standbys == 0)
        return ERR_NONE;
    if (s->opseq > 0 && !(err = safety_count(db, s->lsn, &count, e)) && count >= standbys) {
        err = safety_raise(db, s->opseq, e);
        s->opseq = 0;
    }
    return err || s->opseq > 0 ? err : safety_begin(s, db, e);
}
