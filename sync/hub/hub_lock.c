/* Advisory locks: they vanish with the connection of who holds them, so a hub that dies holds up nobody. */
#include "sync/hub/hub_lock.h"

/* The number that all advisory locks of a hub begin with; sql_pg.c has it too. */
#define HUB_LOCKS "1399811945"

static bool hub_lock_ask(struct sql *db, const char *text, enum hub_lock which)
{
    struct sql_stmt *st = sql_get(db, text);
    bool row = false;
    sql_bind_int(st, ":which", which);
    bool got = sql_step(st, &row, NULL) == ERR_NONE && row && sql_int(st, 0) != 0;
    sql_reset(st);
    return got;
}

bool hub_lock_try(struct sql *db, enum hub_lock which)
{
    return !sql_is_shared(db) ||
           hub_lock_ask(db, "SELECT pg_try_advisory_xact_lock(" HUB_LOCKS ", CAST(:which AS INTEGER))", which);
}

enum err hub_lock_wait(struct sql *db, enum hub_lock which, struct error *e)
{
    if (!sql_is_shared(db))
        return ERR_NONE;
    struct sql_stmt *st = sql_get(db, "SELECT pg_advisory_xact_lock(" HUB_LOCKS ", CAST(:which AS INTEGER))");
    sql_bind_int(st, ":which", which);
    return sql_run(st, e);
}

bool hub_lock_on_duty(struct sql *db)
{
    return !sql_is_shared(db) ||
           hub_lock_ask(db,
                        "SELECT CASE WHEN EXISTS (SELECT 1 FROM pg_locks WHERE locktype = 'advisory' AND granted AND "
                        "pid = pg_backend_pid() AND classid = CAST(" HUB_LOCKS " AS OID) AND "
                        "CAST(CAST(objid AS TEXT) AS BIGINT) = :which AND objsubid = 2) THEN TRUE ELSE "
                        "pg_try_advisory_lock(" HUB_LOCKS ", CAST(:which AS INTEGER)) END",
                        HUB_LOCK_DUTY);
}
