/* kiosk-hub init. */
#include "sync/hub/command.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "sync/hub/backup/backup.h"
#include "sync/hub/keys.h"
#include "sync/hub/passphrase.h"
#include "sync/wire_enrol.h"

struct init_options {
    const char *host, *name, *zone, *passphrase_file, *backups;
};

static enum err init_check(const struct init_options *o, struct error *e)
{
    static const char letters[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.-:[]";
    if (o->host && (strlen(o->host) > WIRE_HOST || strspn(o->host, letters) != strlen(o->host)))
        return error_set(e, ERR_USAGE, "--host %s: a name like hub.example, perhaps with :PORT", o->host);
    if (o->backups && strcmp(o->backups, "yes") != 0 && strcmp(o->backups, "none") != 0)
        return error_set(e, ERR_USAGE, "--backups %s: yes or none", o->backups);
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
    if (!err && o->backups)
        err = hub_meta_set(db, "backups", o->backups, e);
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
    char *passphrase = NULL;
    char path[4096 + 16];
    snprintf(path, sizeof path, "%s/keys/1.json", dir);
    if (access(path, F_OK) == 0)
        return error_set(e, ERR_EXISTS, "%s: there is a hub already", dir);
    enum err err = o->passphrase_file ? passphrase_read(o->passphrase_file, &passphrase, e) : ERR_NONE;
    if (!err)
        err = hub_create(&h, dir, database, e);
    if (!err) {
        err = init_meta(h.db, o, e);
        if (!err)
            err = keys_create(dir, passphrase, e);
        hub_close(&h);
    }
    passphrase_free(passphrase);
    return err;
}

int command_init(struct hub *h, int argc, char **argv)
{
    struct init_options o = {.zone = "Europe/Moscow"};
    const struct cli_option options[] = {
        {"--host", "HOST", "name in the tickets' QR codes, e.g. hub.example", &o.host},
        {"--name", "NAME", "what people call this hub", &o.name},
        {"--timezone", "ZONE", "of days without a zone of their own (Europe/Moscow)", &o.zone},
        {"--backups", "yes|none", "whether there will be any; decides how long kiosks keep what they sent", &o.backups},
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
    if (!err && !o.backups)
        fputs("kiosk-hub: nobody said whether there will be backups: kiosks keep what they send for 30 to 60 days.\n"
              "Make one (kiosk-hub backup), or say that there are none: [hub] backups = none in hub.conf.\n",
              stderr);
    return err ? command_fail(&e) : CLI_DONE;
}
