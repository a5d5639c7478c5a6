/* kiosk-hub init, and the commands of backups: backup, restored, release. */
#include "sync/hub/command.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "sync/hub/keys.h"
#include "sync/hub/intake.h"
#include "sync/hub/passphrase.h"
#include "sync/hub/seats.h"
#include "sync/wire_enrol.h"

struct init_options {
    const char *host, *name, *zone, *passphrase_file;
};

static enum err init_check(const struct init_options *o, struct error *e)
{
    static const char letters[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.-:[]";
    if (o->host && (strlen(o->host) > WIRE_HOST || strspn(o->host, letters) != strlen(o->host)))
        return error_set(e, ERR_USAGE, "--host %s: a name like hub.example, perhaps with :PORT", o->host);
    struct zone *z = zone_new(o->zone);
    if (!z)
        return error_set(e, ERR_USAGE, "--timezone %s: not a time zone", o->zone);
    zone_free(z);
    return ERR_NONE;
}

static enum err init_meta(struct sql *db, const struct init_options *o, struct error *e)
{
    enum err err = sql_begin(db, e);
    if (!err)
        err = hub_meta_set_int(db, "epoch", 1, e);
    if (!err)
        err = hub_meta_set(db, "host", o->host ? o->host : "", e);
    if (!err)
        err = hub_meta_set(db, "name", o->name ? o->name : "", e);
    if (!err)
        err = hub_meta_set(db, "zone", o->zone, e);
    if (!err)
        err = sql_commit(db, e);
    if (err)
        sql_rollback(db);
    return err;
}

/* The keys come last: a folder with keys is a whole hub, one without may be made again. */
static enum err init_make(const char *dir, const char *database, const struct init_options *o, struct error *e)
{
    struct hub h;
    struct buf passphrase;
    char path[4096 + 16];
    snprintf(path, sizeof path, "%s/keys/1.json", dir);
    if (access(path, F_OK) == 0)
        return error_set(e, ERR_EXISTS, "%s: there is a hub already", dir);
    buf_init(&passphrase, PASSPHRASE_MAX);
    enum err err = o->passphrase_file ? passphrase_read(o->passphrase_file, &passphrase, e) : ERR_NONE;
    if (!err)
        err = hub_create(&h, dir, database, e);
    if (!err) {
        err = init_meta(h.db, o, e);
        if (!err)
            err = keys_create(dir, o->passphrase_file ? passphrase.data : NULL, e);
        hub_close(&h);
    }
    buf_wipe(&passphrase);
    buf_done(&passphrase);
    return err;
}

int command_init(struct hub *h, int argc, char **argv)
{
    struct init_options o = {.zone = "Europe/Moscow"};
    const struct cli_option options[] = {
        {"--host", "HOST", "name in the tickets' QR codes, e.g. hub.example", &o.host},
        {"--name", "NAME", "what people call this hub", &o.name},
        {"--timezone", "ZONE", "of days without a zone of their own (Europe/Moscow)", &o.zone},
        {"--passphrase-file", "FILE", "lock the opener's key with the first line of FILE", &o.passphrase_file},
        {.name = NULL},
    };
    struct error e = {0};
    int words = command_parse(argc, argv, "init [OPTION]...\nMakes a hub in DIR, which may not hold one yet.", options);
    if (words < 0)
        return -1 - words;
    if (words > 0)
        return command_usage("init takes no words");
    enum err err = init_check(&o, &e);
    if (!err)
        err = init_make(h->dir, h->database, &o, &e);
    return err ? command_fail(&e) : CLI_DONE;
}

/* ---- backups */

/* From now on an operation is safe only when a backup holds it. Written before the copy is made, so that a hub restored
 * from it knows this as well; kiosks were told so far that all is safe. */
static enum err backup_begin(struct hub *h, struct error *e)
{
    char backups[8];
    hub_meta_str(h->db, "backups", "no", backups, sizeof backups);
    if (strcmp(backups, "yes") == 0)
        return ERR_NONE;
    enum err err = sql_begin(h->db, e);
    if (!err)
        err = hub_meta_set_int(h->db, "safe_opseq", intake_opseq(h->db), e);
    if (!err)
        err = hub_meta_set(h->db, "backups", "yes", e);
    if (!err)
        err = sql_commit(h->db, e);
    if (err)
        sql_rollback(h->db);
    return err;
}

static enum err backup_make(struct hub *h, const char *file, struct error *e)
{
    if (sql_is_shared(h->db))
        return error_set(e, ERR_USAGE, "a PostgreSQL is backed up by its own tools: pg_basebackup, pg_dump");
    if (access(file, F_OK) == 0)
        return error_set(e, ERR_EXISTS, "%s: there is a file of this name", file);
    enum err err = backup_begin(h, e);
    if (err)
        return err;
    /* What the file holds is at least what is committed now. */
    int64_t opseq = intake_opseq(h->db);
    struct sql_stmt *st = sql_get(h->db, "VACUUM INTO :file");
    sql_bind_text(st, ":file", file);
    err = sql_run(st, e);
    if (!err)
        err = sql_begin(h->db, e);
    if (!err)
        err = hub_meta_set_int(h->db, "safe_opseq", opseq, e);
    if (!err)
        err = sql_commit(h->db, e);
    if (err)
        sql_rollback(h->db);
    return err;
}

int command_backup(struct hub *h, int argc, char **argv)
{
    const struct cli_option options[] = {{.name = NULL}};
    struct error e = {0};
    int words = command_parse(argc, argv,
                              "backup FILE\nCopies the database while it is used. From the first backup on, "
                              "kiosks keep what they sent until a "
                              "backup holds it.",
                              options);
    if (words < 0)
        return -1 - words;
    if (words != 1)
        return command_usage("backup wants one FILE");
    return backup_make(h, argv[1], &e) ? command_fail(&e) : CLI_DONE;
}

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
