/* The data folder and the small facts about the hub itself. */
#include "sync/hub/hub.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

#include "kiosk/base/file.h"
#include "kiosk/base/schema.h"
#include "sync/hub/hub_cluster.h"
#include "sync/hub/sql_pg.h"

static bool hub_is_url(const char *database) { return database && database[0]; }

static enum err hub_connect(struct hub *h, const char *database, struct error *e)
{
    char path[4096];
    if (!hub_is_url(database))
        return sql_open(&h->db, file_join(path, h->dir, "hub.db"), SQL_DURABLE, e);
    if (!sql_pg_is_url(database))
        return error_set(e, ERR_USAGE, "the database is given as postgres://HOST/NAME");
    return sql_pg_open(&h->db, database, NULL, e);
}

/* Whether a hub's tables are there. */
static bool hub_is_made(struct hub *h)
{
    struct sql_stmt *st = sql_get(h->db, "SELECT to_regclass('meta') IS NOT NULL");
    bool row = false, made = sql_step(st, &row, NULL) == ERR_NONE && row && sql_int(st, 0);
    sql_reset(st);
    return made;
}

static enum err hub_open_db(struct hub *h, const char *database, bool create, struct error *e)
{
    char zone[64];
    enum err err = hub_connect(h, database, e);
    if (!err && !create && hub_is_url(database) && !hub_is_made(h))
        err = error_set(e, ERR_NOT_FOUND, "no hub in this database; \"init\" makes one");
    if (!err)
        err = sql_migrate(h->db, schema_hub, e);
    if (!err && hub_is_url(database))
        err = hub_cluster_watch(h->db, e);
    if (err)
        return err;
    hub_meta_str(h->db, "zone", "Europe/Moscow", zone, sizeof zone);
    h->zone = zone_new(zone);
    h->clock = clock_system();
    return ERR_NONE;
}

static enum err hub_set_dir(struct hub *h, const char *dir, struct error *e)
{
    *h = (struct hub){0};
    if (!dir || !*dir || strlen(dir) >= sizeof h->dir - 64)
        return error_set(e, ERR_USAGE, "the data folder has no usable name");
    memcpy(h->dir, dir, strlen(dir) + 1);
    return ERR_NONE;
}

/* ---- the lock: on the folder itself, so that nothing needs to be made */

static enum err hub_lock(const char *dir, int how, int *fd, struct error *e)
{
    *fd = open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (*fd < 0)
        return error_set(e, ERR_IO, "%s: %s", dir, error_errno(errno));
    if (flock(*fd, how | LOCK_NB) == 0)
        return ERR_NONE;
    int no = errno;
    close(*fd);
    *fd = -1;
    if (no != EWOULDBLOCK)
        return error_set(e, ERR_IO, "%s: %s", dir, error_errno(no));
    return error_set(e, ERR_BUSY,
                     how == LOCK_EX ? "%s: this hub is running; stop it first" : "%s: this hub is just being restored",
                     dir);
}

enum err hub_lock_alone(const char *dir, int *fd, struct error *e) { return hub_lock(dir, LOCK_EX, fd, e); }

static enum err hub_hold(struct hub *h, struct error *e)
{
    int fd;
    enum err err = hub_lock(h->dir, LOCK_SH, &fd, e);
    h->lock = fd + 1;
    return err;
}

static enum err hub_missing(const char *dir, struct error *e)
{
    char path[4096];
    if (access(file_join(path, dir, HUB_RESTORING), F_OK) == 0)
        return error_set(e, ERR_NOT_FOUND, "%s: a restore was cut short here; run \"restore\" again", dir);
    return error_set(e, ERR_NOT_FOUND, "%s: no hub here; \"kiosk-hub --data DIR init\" makes one", dir);
}

enum err hub_open(struct hub *h, const char *dir, const char *database, struct error *e)
{
    char path[4096];
    enum err err = hub_set_dir(h, dir, e);
    if (err)
        return err;
    if (!hub_is_url(database) && access(file_join(path, dir, "hub.db"), F_OK) < 0)
        return hub_missing(dir, e);
    err = hub_hold(h, e);
    if (!err)
        err = hub_open_db(h, database, false, e);
    if (err)
        hub_close(h);
    return err;
}

enum err hub_create(struct hub *h, const char *dir, const char *database, struct error *e)
{
    enum err err = hub_set_dir(h, dir, e);
    if (!err)
        err = file_make_dir(dir, 0700, e);
    if (!err)
        err = hub_hold(h, e);
    if (!err)
        err = hub_open_db(h, database, true, e);
    if (err)
        hub_close(h);
    return err;
}

void hub_close(struct hub *h)
{
    sql_close(h->db);
    zone_free(h->zone);
    if (h->lock)
        close(h->lock - 1);
    h->lock = 0;
    h->db = NULL;
    h->zone = NULL;
}

int64_t hub_now(const struct hub *h) { return clock_wall_ms(&h->clock) / 1000; }

/* ---- meta */

void hub_meta_str(struct sql *db, const char *name, const char *def, char *out, unsigned long size)
{
    struct sql_stmt *st = sql_get(db, "SELECT value FROM meta WHERE name = :name");
    bool row = false;
    sql_bind_text(st, ":name", name);
    const char *value = sql_step(st, &row, NULL) == ERR_NONE && row ? sql_text(st, 0) : def;
    snprintf(out, size, "%s", value);
    sql_reset(st);
}

int64_t hub_meta_int(struct sql *db, const char *name, int64_t def)
{
    char text[32];
    hub_meta_str(db, name, "", text, sizeof text);
    return text[0] ? strtoll(text, NULL, 10) : def;
}

enum err hub_meta_set(struct sql *db, const char *name, const char *value, struct error *e)
{
    struct sql_stmt *st = sql_get(db, "INSERT INTO meta (name, value) VALUES (:name, :value) "
                                      "ON CONFLICT (name) DO UPDATE SET value = excluded.value");
    sql_bind_text(st, ":name", name);
    sql_bind_text(st, ":value", value);
    return sql_run(st, e);
}

enum err hub_meta_set_int(struct sql *db, const char *name, int64_t value, struct error *e)
{
    char text[32];
    snprintf(text, sizeof text, "%" PRId64, value);
    return hub_meta_set(db, name, text, e);
}
