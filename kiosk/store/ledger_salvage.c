/* A damaged ledger: every row that can still be read is copied into a new file, one by one, past the damaged pages. The
 * new file gives nothing away that the old one might have sold: stock is not copied, and the hub is told that the log
 * may have holes. */
#include "kiosk/store/ledger_private.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <sys/file.h>
#include <unistd.h>

#include "kiosk/base/log.h"
#include "kiosk/base/schema.h"

enum {
    LEDGER_GAP_MAX = 20000, /* unreadable rowids in a row after which a table's end is believed */
    LEDGER_GRAFTABLE = 3    /* newest version whose tables lie where those of a new ledger do */
};

/* Tables with a rowid. Parents come before their children. */
static const struct ledger_table {
    const char *name, *next, *copy;
} ledger_tables[] = {
    {"signup", "SELECT rowid FROM old.signup NOT INDEXED WHERE rowid >= :k ORDER BY rowid LIMIT 1",
     "INSERT OR IGNORE INTO main.signup (id, code, event, state, party, seats, lease, pos, terms, facts, token, lang, "
     "mine,"
     " created_at, quality, ends_at) SELECT id, code, event, state, party, seats, lease, pos, terms, facts, token, "
     "lang, mine,"
     " created_at, quality, ends_at FROM old.signup NOT INDEXED WHERE rowid = :k"},
    {"op", "SELECT rowid FROM old.op NOT INDEXED WHERE rowid >= :k ORDER BY rowid LIMIT 1",
     "INSERT OR IGNORE INTO main.op (n, kind, signup, body, h, opseq) SELECT n, kind, signup, body, h, opseq FROM "
     "old.op NOT INDEXED"
     " WHERE rowid = :k"},
    {"lease", "SELECT rowid FROM old.lease NOT INDEXED WHERE rowid >= :k ORDER BY rowid LIMIT 1",
     "INSERT OR IGNORE INTO main.lease (lease, event, first, last, terms, sig, told, held) SELECT lease, event, first, "
     "last, terms, sig,"
     " 1, 0 FROM old.lease NOT INDEXED WHERE rowid = :k"},
    {"decision", "SELECT rowid FROM old.decision NOT INDEXED WHERE rowid >= :k ORDER BY rowid LIMIT 1",
     "INSERT OR IGNORE INTO main.decision (dn, body) SELECT dn, body FROM old.decision NOT INDEXED WHERE rowid = :k"},
    {"job", "SELECT rowid FROM old.job NOT INDEXED WHERE rowid >= :k ORDER BY rowid LIMIT 1",
     "INSERT OR IGNORE INTO main.job (id, kind, signup, state, fault, hold_ms, lang, tries, made_at, done_at) SELECT "
     "id, kind, signup,"
     " state, fault, hold_ms, lang, tries, made_at, done_at FROM old.job NOT INDEXED WHERE rowid = :k"},
};

/* ---- copying */

static enum err ledger_next_rowid(struct sql *db, const struct ledger_table *t, int64_t *k, bool *row, struct error *e)
{
    struct sql_stmt *st = sql_get(db, t->next);
    sql_bind_int(st, ":k", *k);
    enum err code = sql_step(st, row, e);
    if (!code && *row)
        *k = sql_int(st, 0);
    sql_reset(st);
    return code;
}

static enum err ledger_copy_table(struct sql *db, const struct ledger_table *t, struct error *e)
{
    bool row = true;
    int gap = 0, copied = 0, lost = 0;
    enum err code = ERR_NONE;
    for (int64_t k = INT64_MIN; gap < LEDGER_GAP_MAX; k++) {
        /* The begin of a table is not at hand when its first page is damaged; then rowids are tried from 1 on. */
        code = ledger_next_rowid(db, t, &k, &row, e);
        if (code == ERR_CORRUPT && k == INT64_MIN)
            k = 0;
        if (!code && !row)
            break;
        if (!code) {
            struct sql_stmt *st = sql_get(db, t->copy);
            sql_bind_int(st, ":k", k);
            code = sql_run(st, e);
        }
        /* Not readable is left behind; what could not be written or held in memory is a reason to begin anew later. */
        if (code && code != ERR_CORRUPT)
            return code;
        gap = code ? gap + 1 : 0;
        copied += !code;
        lost += code != ERR_NONE;
    }
    log_line(LOG_WARN, "ledger-salvaged", "table=%s rows=%d unreadable=%d", t->name, copied, lost);
    return ERR_NONE;
}

/* meta and found have no rowid: they are read from both ends as far as that goes. */
static enum err ledger_copy_meta(struct sql *db, const char *text, struct error *e)
{
    bool row = true;
    struct sql_stmt *from = sql_get(db, text), *to;
    enum err code = ERR_NONE, read;
    while (!(read = sql_step(from, &row, e)) && row && !code) {
        to = sql_get(db, "INSERT OR IGNORE INTO main.meta (name, value) VALUES (:name, :value)");
        sql_bind_text(to, ":name", sql_text(from, 0));
        sql_bind_text(to, ":value", sql_text(from, 1));
        code = sql_run(to, e);
    }
    sql_reset(from);
    return code || read == ERR_CORRUPT ? code : read;
}

/* What cannot be believed any more after a loss is said so. */
static const char ledger_after[] = "DELETE FROM job WHERE kind = 'slip' OR (signup IS NOT NULL AND signup NOT IN (SELECT id FROM signup));"
                                   "INSERT OR REPLACE INTO meta (name, value) VALUES ('anchor_lost', '1');";

static enum err ledger_copy_all(struct sql *db, struct error *e)
{
    enum err code = ledger_copy_meta(db, "SELECT name, value FROM old.meta ORDER BY name", e);
    if (!code)
        code = ledger_copy_meta(db, "SELECT name, value FROM old.meta ORDER BY name DESC", e);
    for (size_t i = 0; i < sizeof ledger_tables / sizeof ledger_tables[0] && !code; i++)
        code = ledger_copy_table(db, &ledger_tables[i], e);
    return code ? code : sql_exec(db, ledger_after, e);
}

/* ---- files */

static void ledger_beside(char out[PATH_MAX], const char *path, const char *end)
{
    if (snprintf(out, PATH_MAX, "%s%s", path, end) >= PATH_MAX)
        die("path too long: %s", path);
}

static void ledger_remove(const char *path)
{
    static const char *const ends[] = {"", "-wal", "-shm"};
    char name[PATH_MAX];
    for (size_t i = 0; i < sizeof ends / sizeof ends[0]; i++) {
        ledger_beside(name, path, ends[i]);
        unlink(name);
    }
}

/* Renames when it is there. */
static enum err ledger_move(const char *from, const char *to, struct error *e)
{
    if (rename(from, to) == 0 || errno == ENOENT)
        return ERR_NONE;
    return error_set(e, ERR_IO, "%s: cannot rename: %s", from, error_errno(errno));
}

/* PATH.damaged, or PATH.damaged.1 .. 9: what was kept before is kept. */
static void ledger_kept_name(char out[PATH_MAX], const char *path)
{
    char end[32] = ".damaged";
    ledger_beside(out, path, end);
    for (int i = 1; i < 10 && access(out, F_OK) == 0; i++) {
        snprintf(end, sizeof end, ".damaged.%d", i);
        ledger_beside(out, path, end);
    }
}

/* ---- the old file beside the new one */

/* ERR_CORRUPT when it is no database, or its schema cannot be read. */
static enum err ledger_attach(struct sql *db, const char *path, struct error *e)
{
    struct sql_stmt *st = sql_get(db, "ATTACH :path AS old");
    sql_bind_text(st, ":path", path);
    enum err code = sql_run(st, e);
    if (code)
        return code;
    code =
        sql_run(sql_get(db, "SELECT 1 FROM old.meta, old.op, old.signup, old.lease, old.decision, old.job LIMIT 0"), e);
    if (code && sql_exec(db, "DETACH old", NULL) != ERR_NONE)
        log_line(LOG_WARN, "ledger-not-detached", "path=%s", path);
    return code;
}

/* Tables that a later migration made or changed lie elsewhere in a file that grew: then there is nothing to graft from.
 * Migrations 2 and 3 only added columns: every table stays where it was, and the schema fits the first page as before. */
static bool ledger_can_graft(struct sql *db)
{
    bool row;
    struct sql_stmt *st = sql_get(db, "PRAGMA main.user_version");
    bool first = sql_step(st, &row, NULL) == ERR_NONE && row && sql_int(st, 0) <= LEDGER_GRAFTABLE;
    sql_reset(st);
    return first;
}

/* Attaches the old file, with a new schema when its own is damaged. copy: the path of db, which is new and empty. */
static enum err ledger_attach_old(struct sql *db, const char *path, const char *copy, struct error *e)
{
    char graft[PATH_MAX];
    enum err code = ledger_attach(db, path, e);
    if (code != ERR_CORRUPT || !ledger_can_graft(db))
        return code;
    ledger_beside(graft, path, ".graft");
    ledger_remove(graft);
    code = sql_exec(db, "PRAGMA main.wal_checkpoint(TRUNCATE)", e);
    if (!code)
        code = ledger_graft(path, copy, graft, e);
    if (!code)
        code = ledger_attach(db, graft, e);
    log_line(LOG_WARN, "ledger-schema-damaged", "grafted=%s", code ? "no" : "yes");
    return code;
}

static enum err ledger_copy_from(struct sql *db, const char *path, const char *copy, struct error *e)
{
    enum err code = ledger_attach_old(db, path, copy, e);
    /* Not even a database: there is nothing to copy, but the new ledger must work all the same. */
    if (code)
        return code == ERR_CORRUPT ? sql_exec(db, ledger_after, e) : code;
    /* Each row is a transaction: SQLite gives up the whole one in which it meets a damaged page. They need not be
     * durable one by one; the checkpoint at the end makes all of them so before the file gets its name. */
    code = sql_exec(db, "PRAGMA main.synchronous=OFF", e);
    if (!code)
        code = ledger_copy_all(db, e);
    return code ? code : sql_exec(db, "PRAGMA main.synchronous=FULL; PRAGMA main.wal_checkpoint(TRUNCATE)", e);
}

/* ---- the swap */

/* Puts the complete copy, when there is one, in the place of path. Each step can be the last before a power cut. */
static enum err ledger_swap(const char *path, struct error *e)
{
    char complete[PATH_MAX], kept[PATH_MAX], from[PATH_MAX], to[PATH_MAX];
    ledger_beside(complete, path, ".salvaged");
    if (access(complete, F_OK) != 0)
        return ERR_NONE;
    ledger_kept_name(kept, path);
    ledger_beside(from, path, "-wal");
    ledger_beside(to, kept, "-wal");
    enum err code = ledger_move(from, to, e);
    ledger_beside(from, path, "-shm");
    unlink(from);
    if (!code)
        code = ledger_move(path, kept, e);
    if (!code)
        code = ledger_move(complete, path, e);
    return code;
}

/* The copy under a name of its own first; .salvaged is only ever whole. */
static enum err ledger_make_copy(const char *path, struct error *e)
{
    char copy[PATH_MAX], complete[PATH_MAX];
    struct sql *db = NULL;
    ledger_beside(copy, path, ".copy");
    ledger_beside(complete, path, ".salvaged");
    ledger_remove(copy);
    enum err code = sql_open(&db, copy, SQL_DURABLE, e);
    if (!code)
        code = sql_migrate(db, schema_ledger, e);
    if (!code)
        code = sql_exec(db, "PRAGMA foreign_keys=OFF", e);
    if (!code)
        code = ledger_copy_from(db, path, copy, e);
    sql_close(db);
    ledger_beside(copy, path, ".graft");
    ledger_remove(copy);
    ledger_beside(copy, path, ".copy");
    return code ? code : ledger_move(copy, complete, e);
}

/* ERR_NONE when another program has been here first: the file is sound. Only ERR_CORRUPT is a reason to replace it. */
static enum err ledger_judge(const char *path, struct error *e)
{
    struct sql *db = NULL;
    enum err code = sql_open(&db, path, SQL_READ, e);
    if (!code)
        code = sql_quick_check(db, e);
    sql_close(db);
    return code;
}

static enum err ledger_copy_and_swap(const char *path, struct error *e)
{
    struct sql *old = NULL;
    enum err code = ledger_judge(path, e);
    if (code != ERR_CORRUPT)
        return code;
    /* Programs that have the old file open must not write to it while it is copied and put away; they find the new one
     * when they get their turn (ledger_begin). When the damage does not even let us lock it, they cannot write either.
     */
    if (sql_open(&old, path, SQL_DURABLE, NULL) == ERR_NONE && sql_begin(old, NULL) != ERR_NONE)
        log_line(LOG_WARN, "ledger-not-locked", "path=%s", path);
    code = ledger_make_copy(path, e);
    if (!code)
        code = ledger_swap(path, e);
    sql_close(old);
    return code;
}

enum err ledger_lock(const char *path, bool alone, int *fd, struct error *e)
{
    char name[PATH_MAX];
    ledger_beside(name, path, ".lock");
    *fd = open(name, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (*fd < 0 || flock(*fd, alone ? LOCK_EX : LOCK_SH) != 0)
        return error_set(e, errno == ENOSPC ? ERR_FULL : ERR_IO, "%s: %s", name, error_errno(errno));
    return ERR_NONE;
}

void ledger_unlock(int fd)
{
    if (fd >= 0)
        close(fd);
}

enum err ledger_salvage(const char *path, bool only_finish, struct error *e)
{
    int lock;
    char complete[PATH_MAX];
    ledger_beside(complete, path, ".salvaged");
    if (only_finish && access(complete, F_OK) != 0)
        return ERR_NONE;
    enum err code = ledger_lock(path, true, &lock, e);
    if (!code)
        code = ledger_swap(path, e);
    if (!code && !only_finish)
        code = ledger_copy_and_swap(path, e);
    ledger_unlock(lock);
    return code;
}
