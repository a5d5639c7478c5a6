/* A promotion shows by itself: nobody has to say that the hub forgot something. */
#include "sync/hub/hub_cluster.h"

#include <stdio.h>
#include <string.h>

#include "kiosk/base/log.h"
#include "sync/hub/hub.h"
#include "sync/hub/seats/seats.h"
#include "sync/hub/sql_pg.h"

enum { CLUSTER_NAME = 64 };

/* The control file still names the old timeline right after a promotion; the name of the WAL file that is written to
 * does not. */
static enum err hub_cluster_name(struct sql *db, char out[CLUSTER_NAME], struct error *e)
{
    struct sql_stmt *st = sql_get(db, "SELECT system_identifier || '/' || "
                                      "substr(pg_walfile_name(pg_current_wal_insert_lsn()), 1, 8) FROM "
                                      "pg_control_system()");
    bool row = false;
    enum err err = sql_step(st, &row, e);
    snprintf(out, CLUSTER_NAME, "%s", !err && row ? sql_text(st, 0) : "");
    sql_reset(st);
    return err;
}

static enum err hub_cluster_note(struct sql *db, const char *name, struct error *e)
{
    char stored[CLUSTER_NAME];
    hub_meta_str(db, "cluster", "", stored, sizeof stored);
    if (strcmp(stored, name) == 0) /* another program was quicker */
        return ERR_NONE;
    enum err err = stored[0] ? seats_open_window(db, 0, e) : ERR_NONE;
    if (!err && stored[0])
        log_line(LOG_ERROR, "database_promoted", "was=%s is=%s", stored, name);
    return err ? err : hub_meta_set(db, "cluster", name, e);
}

static enum err hub_cluster_check(struct sql *db, void *arg, struct error *e)
{
    char name[CLUSTER_NAME], stored[CLUSTER_NAME];
    (void)arg;
    enum err err = hub_cluster_name(db, name, e);
    hub_meta_str(db, "cluster", "", stored, sizeof stored);
    if (err || strcmp(stored, name) == 0)
        return err;
    err = sql_begin_alone(db, e);
    if (!err)
        err = hub_cluster_note(db, name, e);
    if (!err)
        err = sql_commit(db, e);
    if (err)
        sql_rollback(db);
    return err;
}

enum err hub_cluster_watch(struct sql *db, struct error *e)
{
    static const struct sql_pg_greeter greeter = {.greet = hub_cluster_check};
    sql_pg_set_greeter(db, &greeter);
    return hub_cluster_check(db, NULL, e);
}
