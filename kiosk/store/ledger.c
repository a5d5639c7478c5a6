/* The ledger: opening, transactions, what the staff page shows. */
#include "kiosk/store/ledger.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "kiosk/base/buf.h"
#include "kiosk/base/file.h"
#include "kiosk/base/log.h"
#include "kiosk/base/schema.h"
#include "kiosk/store/ledger_private.h"

/* ---- opening */

static enum err ledger_connect_locked(struct ledger *l, bool check, struct error *e)
{
    struct stat s;
    enum err code = sql_open(&l->db, l->path, SQL_DURABLE, e);
    if (!code)
        code = sql_migrate(l->db, schema_ledger, e);
    if (!code && check)
        code = sql_quick_check(l->db, e);
    /* A database without our tables is damaged, too. */
    if (!code)
        code = sql_exec(l->db, "SELECT 1 FROM meta, op, signup, lease, stock, decision, found, job LIMIT 0", e);
    if (!code && stat(l->path, &s) != 0)
        code = error_set(e, ERR_IO, "%s: %s", l->path, error_errno(errno));
    if (code) {
        sql_close(l->db);
        l->db = NULL;
        return code;
    }
    l->dev = s.st_dev;
    l->ino = s.st_ino;
    l->version = sql_data_version(l->db);
    return ERR_NONE;
}

static enum err ledger_connect(struct ledger *l, bool check, struct error *e)
{
    int lock;
    enum err code = ledger_lock(l->path, false, &lock, e);
    if (!code)
        code = ledger_connect_locked(l, check, e);
    ledger_unlock(lock);
    return code;
}

static void ledger_read_boot(struct ledger *l)
{
    struct buf b;
    buf_init(&b, 64);
    if (file_read("/proc/sys/kernel/random/boot_id", &b, NULL) == ERR_NONE && b.len >= sizeof l->boot - 1)
        memcpy(l->boot, b.data, sizeof l->boot - 1);
    buf_done(&b);
}

enum err ledger_open(struct ledger **out, const char *dir, const struct clock *clock, bool check, struct error *e)
{
    char path[4096];
    *out = NULL;
    struct ledger *l = mem_new(1, sizeof *l);
    l->path = mem_dup_str(file_join(path, dir, "ledger.db"));
    l->clock = clock;
    ledger_read_boot(l);
    enum err code = ledger_salvage(l->path, true, e);
    if (!code)
        code = ledger_connect(l, check, e);
    if (code == ERR_CORRUPT) {
        log_line(LOG_ERROR, "ledger-damaged", "path=%s", l->path);
        code = ledger_salvage(l->path, false, e);
        if (!code)
            code = ledger_connect(l, false, e);
    }
    if (code)
        ledger_close(l);
    else
        *out = l;
    return code;
}

void ledger_close(struct ledger *l)
{
    if (!l)
        return;
    if (l->db)
        sql_rollback(l->db);
    sql_close(l->db);
    free(l->anchor);
    free(l->path);
    free(l);
}

struct sql *ledger_sql(struct ledger *l) { return l->db; }
int64_t ledger_now_ms(const struct ledger *l) { return clock_wall_ms(l->clock); }

/* ---- transactions */

static bool ledger_is_replaced(const struct ledger *l)
{
    struct stat s;
    return stat(l->path, &s) == 0 && (s.st_dev != l->dev || s.st_ino != l->ino);
}

static enum err ledger_reconnect(struct ledger *l, struct error *e)
{
    struct sql *old = l->db;
    enum err code = ledger_connect(l, false, e);
    /* The old connection stays when the new one fails: what asks next gets an error from it, not a crash. */
    if (code)
        l->db = old;
    else
        sql_close(old);
    return code;
}

enum err ledger_begin(struct ledger *l, struct error *e)
{
    enum err code = sql_begin(l->db, e);
    /* Looked at inside the transaction: a salvage holds the write lock of the old file until the new one is in place.
     */
    if (code || !ledger_is_replaced(l))
        return code;
    sql_rollback(l->db);
    code = ledger_reconnect(l, e);
    return code ? code : sql_begin(l->db, e);
}

enum err ledger_finish(struct ledger *l, enum err code, struct error *e)
{
    if (!code)
        code = sql_commit(l->db, e);
    if (code)
        sql_rollback(l->db);
    else
        ledger_anchor_follow(l);
    return code;
}

bool ledger_refresh(struct ledger *l)
{
    if (ledger_is_replaced(l))
        return ledger_reconnect(l, NULL) == ERR_NONE;
    int64_t version = sql_data_version(l->db);
    bool changed = version != l->version;
    l->version = version;
    return changed;
}

void ledger_suspect_replica(struct ledger *l)
{
    struct error e;
    enum err code = ledger_begin(l, &e);
    if (!code)
        code = ledger_meta_set(l, "suspect", "1", &e);
    if (ledger_finish(l, code, &e))
        log_line(LOG_WARN, "ledger-suspect", "fault=\"%s\"", error_name(e.code));
}

/* ---- the staff page */

static enum err ledger_count(struct ledger *l, const char *text, int *out, struct error *e)
{
    bool row;
    struct sql_stmt *st = sql_get(l->db, text);
    enum err code = sql_step(st, &row, e);
    *out = !code && row ? (int)sql_int(st, 0) : 0;
    sql_reset(st);
    return code;
}

enum err ledger_status(struct ledger *l, struct ledger_status *out, struct error *e)
{
    *out = (struct ledger_status){0};
    enum err code = ledger_count(l, "SELECT count(*) FROM op WHERE " LEDGER_UNSENT, &out->unsent, e);
    if (!code)
        code = ledger_count(l,
                            "SELECT count(*) FROM op WHERE opseq > coalesce((SELECT CAST(value AS INTEGER) FROM meta"
                            " WHERE name = 'safe_opseq'), 0)",
                            &out->unsafe, e);
    if (!code)
        code = ledger_count(l, "SELECT count(*) FROM job WHERE state IN ('queued', 'printing')", &out->jobs_open, e);
    if (!code)
        code = ledger_meta_get_int(l, "contact_at", &out->contact_at, e);
    if (!code)
        code = ledger_meta_get_int(l, "contact_try_at", &out->contact_try_at, e);
    if (!code)
        code = ledger_meta_get(l, "contact_fault", out->contact_fault, sizeof out->contact_fault, e);
    if (!code)
        code = ledger_meta_get(l, "line", out->line, sizeof out->line, e);
    if (!code)
        code = ledger_meta_get(l, "printer", out->printer, sizeof out->printer, e);
    if (!code)
        code = ledger_meta_get_int(l, "printer_at", &out->printer_at, e);
    return code;
}
