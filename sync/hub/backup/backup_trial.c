/* The drill, step by step. */
#include "sync/hub/backup/backup_trial.h"

#include <stdlib.h>
#include <string.h>

#include "kiosk/base/file.h"
#include "kiosk/base/guard.h"
#include "sync/hub/backup/backup.h"
#include "sync/hub/backup/backup_files.h"
#include "sync/hub/serve/intake.h"
#include "sync/hub/seats/seats.h"
#include "sync/hub/serve/view.h"

static enum err backup_check_file(struct sql *db, struct error *e)
{
    bool row = false;
    struct sql_stmt *st = sql_get(db, "PRAGMA integrity_check(1)");
    enum err err = sql_step(st, &row, e);
    if (!err && (!row || strcmp(sql_text(st, 0), "ok") != 0))
        err = error_set(e, ERR_CORRUPT, "the copy is damaged: %.200s", row ? sql_text(st, 0) : "no answer");
    sql_reset(st);
    if (err)
        return err;
    st = sql_get(db, "PRAGMA foreign_key_check");
    err = sql_step(st, &row, e);
    if (!err && row)
        err = error_set(e, ERR_CORRUPT, "the copy has rows of %.80s that belong to nothing", sql_text(st, 0));
    sql_reset(st);
    return err;
}

/* Each question counts what must not be. */
static const struct {
    const char *sql, *what;
} backup_questions[] = {
    {"SELECT count(*) - coalesce(max(opseq), 0) FROM oplog", "operations are missing"},
    {"SELECT count(*) FROM kiosk k WHERE log_n < (SELECT coalesce(max(n), 0) FROM oplog o WHERE o.kid = k.kid AND "
     "o.inc = k.inc AND k.state = 'active')",
     "a kiosk's log goes on after its end"},
    {"SELECT coalesce(max(seq) - min(seq) + 1 - count(*), 0) FROM change", "published changes are missing"},
    {"SELECT count(*) FROM seat WHERE state = 'sold' AND NOT EXISTS (SELECT 1 FROM signup s WHERE s.id = seat.signup)",
     "seats are sold to nobody"},
    {"SELECT count(*) FROM seat WHERE state = 'held' AND NOT EXISTS (SELECT 1 FROM lease l WHERE l.lease = seat.lease)",
     "seats are held under no lease"},
};

static enum err backup_check_numbers(struct sql *db, struct error *e)
{
    enum err err = ERR_NONE;
    for (size_t i = 0; !err && i < sizeof backup_questions / sizeof backup_questions[0]; i++) {
        struct sql_stmt *st = sql_get(db, backup_questions[i].sql);
        bool row = false;
        err = sql_step(st, &row, e);
        if (!err && row && sql_int(st, 0) != 0)
            err = error_set(e, ERR_CORRUPT, "in the copy %s", backup_questions[i].what);
        sql_reset(st);
    }
    return err;
}

/* As after a loss: what kiosks heard since counts for more. This copy is one, so what it holds is safe. */
static enum err backup_begin_epoch(struct hub *h, const struct backup_trial *t, struct error *e)
{
    enum err err = sql_begin(h->db, e);
    if (!err)
        err = seats_open_window(h->db, t->epoch_above, e);
    if (!err)
        err = hub_meta_set(h->db, "backups", "yes", e);
    if (!err)
        err = hub_meta_set_int(h->db, "safe_opseq", t->opseq, e);
    if (!err)
        err = sql_commit(h->db, e);
    if (err)
        sql_rollback(h->db);
    return err;
}

/* What the first kiosk will ask for. */
static enum err backup_publish(struct hub *h, const struct backup_trial *t, struct error *e)
{
    struct keys *keys = guard_new(sizeof *keys);
    struct view *v = mem_new(1, sizeof *v);
    enum err err = keys_load(keys, t->data, e);
    if (!err) {
        view_init(v, h, keys);
        err = view_head(v, e);
        if (!err && (v->head.epoch != t->epoch ||
                     !wire_verify(v->sig, WIRE_DOMAIN_HEAD, NULL, v->body->bytes, v->body->n, keys->doc.feed)))
            err = error_set(e, ERR_CORRUPT, "the copy gives no head that the keys in %s/keys verify", t->data);
        view_done(v);
    }
    guard_free(keys, sizeof *keys);
    free(v);
    return err;
}

static enum err backup_run(struct hub *h, struct backup_trial *t, struct error *e)
{
    enum err err = hub_open(h, t->scratch, NULL, e);
    if (err)
        return err;
    h->clock = t->clock;
    err = backup_check_file(h->db, e);
    if (!err)
        err = backup_check_numbers(h->db, e);
    t->opseq = intake_opseq(h->db);
    if (!err)
        err = backup_begin_epoch(h, t, e);
    t->epoch = hub_meta_int(h->db, "epoch", 0);
    return err ? err : backup_publish(h, t, e);
}

enum err backup_try(struct backup_trial *t, struct error *e)
{
    struct hub *h = mem_new(1, sizeof *h);
    char path[4096];
    enum err err = backup_remove_folder(t->scratch, e);
    if (!err)
        err = file_make_dir(t->scratch, 0700, e);
    if (!err)
        err = backup_copy_file(t->file, file_join(path, t->scratch, "hub.db"), e);
    if (!err)
        err = backup_run(h, t, e);
    hub_close(h); /* the last one to close it leaves no log beside it */
    free(h);
    return err ? err : backup_sync_file(path, e);
}
