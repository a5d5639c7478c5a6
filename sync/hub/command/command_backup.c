/* kiosk-hub backup, restore, restored, release. */
#include "sync/hub/command.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "kiosk/base/file.h"
#include "sync/hub/backup/backup.h"
#include "sync/hub/backup/backup_files.h"
#include "sync/hub/backup/backup_trial.h"
#include "sync/hub/hub_settings.h"
#include "sync/hub/seats/seats.h"

/* ---- backup */

struct backup_options {
    const char *keep, *with_keys;
};

/* Whether kiosks are to keep what they sent until a backup holds it: not when hub.conf says that there are none. */
static enum err backup_counts(struct hub *h, bool *counts, struct error *e)
{
    struct config *c = NULL;
    enum err err = hub_settings_load(&c, h->dir, h->config, e);
    *counts = err || strcmp(config_str(c, "hub", "backups"), "none") != 0;
    config_free(c);
    if (!*counts)
        fputs("kiosk-hub: hub.conf says that there are no backups, so kiosks keep nothing for this one\n", stderr);
    return err;
}

static enum err backup_drill(struct hub *h, const char *dir, const char *file, int64_t opseq, struct error *e)
{
    char scratch[4096];
    struct backup_trial t = {
        .file = file, .scratch = file_join(scratch, dir, "drill.tmp"), .data = h->dir, .clock = h->clock};
    enum err err = backup_try(&t, e);
    if (!err && t.opseq < opseq)
        err = error_set(e, ERR_CORRUPT, "the copy ends before it was begun");
    struct error second;
    enum err left = backup_remove_folder(scratch, err ? &second : e);
    return err ? err : left;
}

/* The copy has its name only when it was tried. */
static enum err backup_make(struct hub *h, const char *dir, bool counts, char path[4096], struct error *e)
{
    char name[BACKUP_NAME + 1], part[4096];
    int64_t opseq = 0;
    backup_name(name, hub_now(h));
    if (access(file_join(path, dir, name), F_OK) == 0)
        return error_set(e, ERR_EXISTS, "%s: there is a file of this name", path);
    file_join(part, dir, "backup.part");
    if (unlink(part) < 0 && errno != ENOENT)
        return error_set(e, ERR_IO, "%s: %s", part, error_errno(errno));
    enum err err = backup_copy(h, part, counts, &opseq, e);
    if (!err)
        err = backup_sync_file(part, e);
    if (!err)
        err = backup_drill(h, dir, part, opseq, e);
    if (!err && rename(part, path) < 0)
        err = error_set(e, ERR_IO, "%s: %s", path, error_errno(errno));
    if (!err)
        err = backup_sync_folder(dir, e);
    if (err)
        unlink(part);
    return err ? err : backup_passed(h, opseq, e);
}

static enum err backup_keys(struct hub *h, const char *path, struct error *e)
{
    char from[4096], to[4096];
    backup_keys_path(to, path);
    return backup_copy_folder(file_join(from, h->dir, "keys"), to, e);
}

static enum err backup_all(struct hub *h, const char *dir, const struct backup_options *o, struct error *e)
{
    char path[4096];
    bool counts = true;
    if (sql_is_shared(h->db))
        return error_set(e, ERR_USAGE, "a PostgreSQL is backed up by its own tools: pg_basebackup, or pg_dump");
    enum err err = file_make_dir(dir, 0700, e);
    if (!err)
        err = backup_counts(h, &counts, e);
    if (!err)
        err = backup_make(h, dir, counts, path, e);
    if (!err && o->with_keys)
        err = backup_keys(h, path, e);
    if (!err && o->keep)
        err = backup_prune(dir, (int)strtol(o->keep, NULL, 10), e);
    if (!err && printf("%s\n%s\n", path,
                       o->with_keys ? "with the keys: who has this folder can read every sign-up"
                                    : "without the keys: keep a copy of them apart") < 0)
        err = error_set(e, ERR_IO, "standard output: %s", error_errno(errno));
    return err;
}

int command_backup(struct hub *h, int argc, char **argv)
{
    struct backup_options o = {0};
    const struct cli_option options[] = {
        {"--keep", "N", "afterwards delete older copies but for the newest N, 1 to 999", &o.keep},
        {"--with-keys", NULL, "the hub's secret keys too", &o.with_keys},
        {.name = NULL}};
    struct error e = {0};
    struct stat st;
    int words =
        command_parse(argc, argv,
                      "backup [OPTION].. FOLDER\nCopies the database into FOLDER while it is used, and restores "
                      "the copy there for a trial. From the first one\non, kiosks keep what they sent until a "
                      "backup that passed holds it.",
                      options);
    if (words < 0)
        return -1 - words;
    if (words != 1)
        return command_usage("backup wants one FOLDER");
    if (stat(argv[1], &st) == 0 ? !S_ISDIR(st.st_mode) : strstr(argv[1], ".db") != NULL)
        return command_usage("backup wants a folder; it names the copies in it itself");
    if (o.keep &&
        (strspn(o.keep, "0123456789") != strlen(o.keep) || strlen(o.keep) > 3 || strtol(o.keep, NULL, 10) < 1))
        return command_usage("--keep wants a number from 1 to 999");
    return backup_all(h, argv[1], &o, &e) ? command_fail(&e) : CLI_DONE;
}

/* ---- restore */

/* The epoch of the database that is replaced, 0 when it cannot be told. Closing it takes its log into the file. */
static int64_t restore_old_epoch(const char *file)
{
    struct sql *db = NULL;
    int64_t epoch = 0;
    if (access(file, F_OK) == 0 && sql_open(&db, file, SQL_DURABLE, NULL) == ERR_NONE &&
        sql_quick_check(db, NULL) == ERR_NONE)
        epoch = hub_meta_int(db, "epoch", 0);
    sql_close(db);
    return epoch;
}

/* What is there goes aside together: the database, and what belongs to it. */
static enum err restore_put_aside(const char *data, int64_t now, char aside[4096], struct error *e)
{
    static const char *const parts[] = {"hub.db", "hub.db-wal", "hub.db-shm"};
    char name[BACKUP_NAME + 16], stamp[BACKUP_NAME + 1], from[4096], to[4096];
    bool moved = false;
    enum err err = ERR_NONE;
    backup_name(stamp, now);
    snprintf(name, sizeof name, "replaced-%.16s", stamp + 4);
    file_join(aside, data, name);
    for (size_t i = 0; !err && i < sizeof parts / sizeof parts[0]; i++) {
        if (access(file_join(from, data, parts[i]), F_OK) < 0)
            continue;
        err = file_make_dir(aside, 0700, e);
        moved = true;
        if (!err && rename(from, file_join(to, aside, parts[i])) < 0)
            err = error_set(e, ERR_IO, "%s: %s", from, error_errno(errno));
    }
    if (!moved)
        aside[0] = '\0';
    return err || !moved ? err : backup_sync_folder(aside, e);
}

static enum err restore_install(const char *data, const char *scratch, struct error *e)
{
    char from[4096], to[4096];
    file_join(from, scratch, "hub.db");
    if (rename(from, file_join(to, data, "hub.db")) < 0)
        return error_set(e, ERR_IO, "%s: %s", to, error_errno(errno));
    enum err err = backup_sync_folder(data, e);
    return err ? err : backup_remove_folder(scratch, e);
}

static enum err restore_keys(const char *data, const char *file, struct error *e)
{
    char keys[4096], beside[4096], path[4096];
    backup_keys_path(beside, file);
    if (access(file_join(path, file_join(keys, data, "keys"), "1.json"), F_OK) == 0)
        return ERR_NONE;
    if (access(beside, F_OK) < 0)
        return error_set(e, ERR_NOT_FOUND, "%s: the hub's keys are not here, nor beside the copy; put them back first",
                         keys);
    return backup_copy_folder(beside, keys, e);
}

/* Until the old database leaves its place nothing has changed; from then to the rename at the end there is none, and a
 * hub that is started says so; then there is the restored one, with nothing of the old beside it. */
static enum err restore_run(const char *data, const char *file, struct error *e)
{
    char scratch[4096], old[4096], aside[4096] = "";
    struct clock clock = clock_system();
    struct backup_trial t = {
        .file = file, .scratch = file_join(scratch, data, HUB_RESTORING), .data = data, .clock = clock};
    enum err err = restore_keys(data, file, e);
    if (err)
        return err;
    t.epoch_above = restore_old_epoch(file_join(old, data, "hub.db"));
    err = backup_try(&t, e);
    if (!err)
        err = restore_put_aside(data, clock_wall_ms(&clock) / 1000, aside, e);
    if (!err)
        err = restore_install(data, scratch, e);
    if (!err)
        fprintf(stderr, "kiosk-hub: restored from %s as epoch %lld.%s%s\n", file, (long long)t.epoch,
                aside[0] ? " What was here before lies in " : "", aside);
    return err;
}

static enum err restore_find(const char *where, char file[4096], struct error *e)
{
    struct stat st;
    char name[BACKUP_NAME + 1];
    if (stat(where, &st) < 0)
        return error_set(e, ERR_NOT_FOUND, "%s: %s", where, error_errno(errno));
    if (!S_ISDIR(st.st_mode)) {
        file_join(file, "", where);
        return ERR_NONE;
    }
    enum err err = backup_newest(where, name, e);
    if (!err)
        file_join(file, where, name);
    return err;
}

static enum err restore_locked(const char *data, const char *where, struct error *e)
{
    char file[4096];
    int fd = -1;
    enum err err = restore_find(where, file, e);
    if (!err)
        err = file_make_dir(data, 0700, e);
    if (!err)
        err = hub_lock_alone(data, &fd, e);
    if (!err)
        err = restore_run(data, file, e);
    if (fd >= 0)
        close(fd);
    return err;
}

int command_restore(struct hub *h, int argc, char **argv)
{
    const struct cli_option options[] = {{.name = NULL}};
    struct error e = {0};
    int words = command_parse(argc, argv,
                              "restore FOLDER|FILE\nPuts the newest copy of FOLDER back, or FILE, while the hub is "
                              "stopped; what was there is kept aside. Then no free\nseat is given away until every "
                              "kiosk has said what it holds.",
                              options);
    if (words < 0)
        return -1 - words;
    if (words != 1)
        return command_usage("restore wants one FOLDER or FILE");
    if (h->database && h->database[0])
        return command_usage("a PostgreSQL is restored by its own tools; the hub notices when it is started");
    return restore_locked(h->dir, argv[1], &e) ? command_fail(&e) : CLI_DONE;
}

/* ---- restored, release */

static int backup_window(struct hub *h, int argc, char **argv, const char *usage,
                         enum err (*change)(struct sql *, struct error *))
{
    const struct cli_option options[] = {{.name = NULL}};
    struct error e = {0};
    int words = command_parse(argc, argv, usage, options);
    if (words < 0)
        return -1 - words;
    if (words > 0)
        return command_usage("this command takes no words");
    enum err err = sql_begin_alone(h->db, &e);
    if (!err)
        err = change(h->db, &e);
    if (!err)
        err = sql_commit(h->db, &e);
    if (err)
        sql_rollback(h->db);
    return err ? command_fail(&e) : CLI_DONE;
}

static enum err backup_open_window(struct sql *db, struct error *e) { return seats_open_window(db, 0, e); }
static enum err backup_close_window(struct sql *db, struct error *e) { return seats_close_window(db, true, e); }

int command_restored(struct hub *h, int argc, char **argv)
{
    return backup_window(
        h, argc, argv,
        "restored\nAfter putting back a backup, before serve: no free seat is given away until every kiosk "
        "has said what it holds.",
        backup_open_window);
}

int command_release(struct hub *h, int argc, char **argv)
{
    return backup_window(h, argc, argv,
                         "release\nFrees the seats kept back since \"restored\" though some kiosk has not "
                         "spoken: it will not, a "
                         "person says.",
                         backup_close_window);
}
