/* Why no change is missed, and none comes out of order.
 *
 * A number drawn inside a transaction, or a time of change, is seen by others in the order of commits, which is another
 * one: who reads "everything above my last number" passes over what commits later under a lower number. Here a reader
 * follows `change`, which only the sequencer writes: it holds a lock until its commit is visible, so numbers appear in
 * their order and without gaps. What it numbers, it takes out of `staged`: a row that it cannot see yet is there the
 * next time, however late it commits. It follows no cursor over staged rows, so it needs no horizon of transactions
 * either, and a long import (or a stranger's long transaction in the same cluster) holds up nothing but itself.
 *
 * Two changes of one record: the second is staged by who waited for the first one's commit (both lock the record's
 * row), so its n is higher, and whoever sees it sees the first. Ordering what is visible by n is therefore right. */
#include "sync/hub/feed_stage.h"

#include <stdlib.h>
#include <string.h>

#include "sync/hub/feed.h"
#include "sync/hub/hub_lock.h"
#include "sync/wire_page.h"

enum { STAGE_MOST = 1000 };

struct staged {
    char *kind, *id, *d; /* d NULL: deleted */
};

enum err feed_stage(struct sql *db, const char *kind, const char *id, const char *d, struct error *e)
{
    /* It has to fit whatever its number will be. */
    struct buf line;
    buf_init(&line, WIRE_ITEM_MAX);
    wire_item_write(&line, JSON_INT_MAX, kind, id, d);
    bool overflow = line.overflow;
    buf_done(&line);
    if (overflow)
        return error_set(e, ERR_TOO_BIG, "%s %s is larger than an item may be", kind, id);
    struct sql_stmt *st = sql_get(db, "INSERT INTO staged (kind, id, d) VALUES (:kind, :id, :d)");
    sql_bind_text(st, ":kind", kind);
    sql_bind_text(st, ":id", id);
    sql_bind_text(st, ":d", d);
    return sql_run(st, e);
}

/* Takes the oldest rows that can be seen. */
static enum err feed_take(struct sql *db, int most, struct staged *rows, int *count, struct error *e)
{
    struct sql_stmt *st =
        sql_get(db, "WITH taken AS (DELETE FROM staged WHERE n IN (SELECT n FROM staged ORDER BY n LIMIT :most) "
                    "RETURNING n, kind, id, d) SELECT kind, id, d FROM taken ORDER BY n");
    bool row = true;
    enum err err = ERR_NONE;
    sql_bind_int(st, ":most", most);
    while (!(err = sql_step(st, &row, e)) && row && *count < most) {
        struct staged *s = &rows[(*count)++];
        s->kind = mem_dup_str(sql_text(st, 0));
        s->id = mem_dup_str(sql_text(st, 1));
        s->d = sql_is_null(st, 2) ? NULL : mem_dup_str(sql_text(st, 2));
    }
    sql_reset(st);
    return err;
}

static enum err feed_number_rows(struct sql *db, int most, int *count, struct error *e)
{
    struct staged *rows = mem_new((size_t)most, sizeof *rows);
    enum err err = feed_take(db, most, rows, count, e);
    int64_t seq = feed_seq(db);
    for (int i = 0; i < *count; i++) {
        if (!err)
            err = feed_insert(db, ++seq, rows[i].kind, rows[i].id, rows[i].d, e);
        free(rows[i].kind);
        free(rows[i].id);
        free(rows[i].d);
    }
    free(rows);
    return err;
}

static bool feed_is_staged(struct sql *db)
{
    struct sql_stmt *st = sql_get(db, "SELECT EXISTS (SELECT 1 FROM staged)");
    bool row = false, any = sql_step(st, &row, NULL) == ERR_NONE && row && sql_int(st, 0) != 0;
    sql_reset(st);
    return any;
}

enum err feed_number(struct sql *db, int most, bool *more, struct error *e)
{
    int count = 0;
    *more = false;
    if (!sql_is_shared(db) || !feed_is_staged(db))
        return ERR_NONE;
    enum err err = sql_begin(db, e);
    /* The lock is a statement of its own: the next one sees what the sequencer before this one committed. */
    if (!err && hub_lock_try(db, HUB_LOCK_NUMBERS))
        err = feed_number_rows(db, most, &count, e);
    if (!err)
        err = sql_commit(db, e);
    if (err)
        sql_rollback(db);
    *more = !err && count == most;
    return err;
}

enum err feed_number_all(struct sql *db, struct error *e)
{
    bool more = true;
    enum err err = ERR_NONE;
    while (!err && more)
        err = feed_number(db, STAGE_MOST, &more, e);
    return err;
}
