/* Copies, their names, and the word about what is safe. */
#include "sync/hub/backup/backup.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "kiosk/base/file.h"
#include "sync/hub/backup/backup_files.h"
#include "sync/hub/serve/intake.h"

/* ---- what is safe */

static void backup_word(struct sql *db, char out[8]) { hub_meta_str(db, "backups", "", out, 8); }

static enum err backup_end(struct sql *db, enum err err, struct error *e)
{
    if (!err)
        err = sql_commit(db, e);
    if (err)
        sql_rollback(db);
    return err;
}

/* Whoever was told that all is safe has forgotten it: with "yes" after "none", what came until now is safe. */
static enum err backup_write_word(struct sql *db, const char *before, const char *word, struct error *e)
{
    enum err err = ERR_NONE;
    if (strcmp(before, "none") == 0)
        err = hub_meta_set_int(db, "safe_opseq", intake_opseq(db), e);
    return err ? err : hub_meta_set(db, "backups", word, e);
}

enum err backup_decide(struct sql *db, const char *word, struct error *e)
{
    char before[8];
    if (strcmp(word, "yes") != 0 && strcmp(word, "none") != 0)
        return error_set(e, ERR_USAGE, "backups: \"%s\" is neither yes nor none", word);
    /* Read inside: a word that could not be read must not pass for none. */
    enum err err = sql_begin(db, e);
    if (err)
        return err;
    backup_word(db, before);
    if (strcmp(before, word) != 0)
        err = backup_write_word(db, before, word, e);
    return backup_end(db, err, e);
}

enum err backup_copy(struct hub *h, const char *file, bool counts, int64_t *opseq, struct error *e)
{
    if (sql_is_shared(h->db))
        return error_set(e, ERR_USAGE,
                         "a PostgreSQL is backed up by its own tools: pg_basebackup and its archive, or pg_dump");
    if (access(file, F_OK) == 0)
        return error_set(e, ERR_EXISTS, "%s: there is a file of this name", file);
    /* Before the copy is made, so that a hub restored from it knows this as well. */
    enum err err = counts ? backup_decide(h->db, "yes", e) : ERR_NONE;
    if (err)
        return err;
    *opseq = intake_opseq(h->db);
    struct sql_stmt *st = sql_get(h->db, "VACUUM INTO :file");
    sql_bind_text(st, ":file", file);
    return sql_run(st, e);
}

enum err backup_passed(struct hub *h, int64_t opseq, struct error *e)
{
    enum err err = sql_begin(h->db, e);
    if (!err && opseq > hub_meta_int(h->db, "safe_opseq", 0))
        err = hub_meta_set_int(h->db, "safe_opseq", opseq, e);
    return backup_end(h->db, err, e);
}

static enum err backup_move_mark(struct hub *h, int64_t before, struct error *e)
{
    int64_t next = hub_meta_int(h->db, "safe_next", 0);
    enum err err = ERR_NONE;
    if (before)
        err = hub_meta_set_int(h->db, "safe_opseq", next, e);
    if (!err)
        err = hub_meta_set_int(h->db, "safe_next", intake_opseq(h->db), e);
    return err ? err : hub_meta_set_int(h->db, "safe_next_at", hub_now(h), e);
}

/* A mark is set, and 30 days later it is what is safe, and the next one is set. */
enum err backup_undecided(struct hub *h, struct error *e)
{
    char word[8];
    int64_t at = hub_meta_int(h->db, "safe_next_at", 0);
    backup_word(h->db, word);
    if (word[0] || (at && hub_now(h) - at < BACKUP_UNDECIDED))
        return ERR_NONE;
    enum err err = sql_begin(h->db, e);
    if (!err)
        err = backup_move_mark(h, at, e);
    return backup_end(h->db, err, e);
}

/* ---- names */

void backup_name(char out[BACKUP_NAME + 1], int64_t at)
{
    time_t t = (time_t)at;
    struct tm tm;
    gmtime_r(&t, &tm);
    strftime(out, BACKUP_NAME + 1, "hub-%Y%m%dT%H%M%SZ.db", &tm);
}

bool backup_is_name(const char *name)
{
    static const char pattern[] = "hub-00000000T000000Z.db";
    size_t i = 0;
    for (; pattern[i] && name[i]; i++)
        if (pattern[i] == '0' ? name[i] < '0' || name[i] > '9' : name[i] != pattern[i])
            return false;
    return !pattern[i] && !name[i];
}

/* The first or the last by name, which is by time, and how many there are. */
static enum err backup_look(const char *dir, bool newest, char name[BACKUP_NAME + 1], int *count, struct error *e)
{
    DIR *d = opendir(dir);
    if (!d)
        return error_set(e, errno == ENOENT ? ERR_NOT_FOUND : ERR_IO, "%s: %s", dir, error_errno(errno));
    *count = 0;
    name[0] = '\0';
    for (struct dirent *f = readdir(d); f; f = readdir(d)) {
        if (!backup_is_name(f->d_name))
            continue;
        if (++*count == 1 || (newest ? strcmp(f->d_name, name) > 0 : strcmp(f->d_name, name) < 0))
            snprintf(name, BACKUP_NAME + 1, "%.*s", BACKUP_NAME, f->d_name);
    }
    closedir(d);
    return ERR_NONE;
}

enum err backup_newest(const char *dir, char name[BACKUP_NAME + 1], struct error *e)
{
    int count = 0;
    enum err err = backup_look(dir, true, name, &count, e);
    return !err && count == 0 ? error_set(e, ERR_NOT_FOUND, "%s: no copy of a hub here", dir) : err;
}

enum err backup_prune(const char *dir, int keep, struct error *e)
{
    char name[BACKUP_NAME + 1], path[4096], keys[4096];
    int count = 0;
    enum err err = ERR_NONE;
    while (!(err = backup_look(dir, false, name, &count, e)) && count > keep) {
        if (unlink(file_join(path, dir, name)) < 0)
            return error_set(e, ERR_IO, "%s: %s", path, error_errno(errno));
        backup_keys_path(keys, path);
        err = backup_remove_folder(keys, e);
        if (err)
            break;
    }
    return err;
}
