/* What is done with a request beside what is done with any sign-up. */
#include "sync/hub/seats/request.h"

#include <string.h>

#include "sync/hub/seats/signup.h"

bool request_is(struct sql *db, const char *ev)
{
    struct sql_stmt *st = sql_get(db, "SELECT 1 FROM record WHERE id = :id AND kind = 'resource'");
    bool row = false;
    sql_bind_text(st, ":id", ev);
    bool is = sql_step(st, &row, NULL) == ERR_NONE && row;
    sql_reset(st);
    return is;
}

/* Where several write at once its row is held, and read again: somebody may be cancelling it. */
static enum err request_hold(struct sql *db, struct signup *s, struct error *e)
{
    struct sql_stmt *st = sql_get(db, "SELECT 1 FROM signup WHERE arrival = :arrival /*pg FOR UPDATE */");
    char id[WIRE_UUID + 1];
    bool row = false;
    memcpy(id, s->id, sizeof id);
    sql_bind_int(st, ":arrival", s->arrival);
    enum err err = sql_step(st, &row, e);
    sql_reset(st);
    return err ? err : signup_by_id(db, id, s, e);
}

static enum err request_pass_in(struct sql *db, const char *code, struct error *e)
{
    struct signup s;
    enum err err = signup_by_code(db, code, &s, e);
    if (!err && (!s.arrival || !request_is(db, s.ev)))
        return error_set(e, ERR_NOT_FOUND, "no request has the code %s", code);
    if (!err)
        err = request_hold(db, &s, e);
    if (err || s.state == WIRE_CONFIRMED)
        return err;
    if (s.state != WIRE_WAITLISTED)
        return error_set(e, ERR_STATE, "the request %s is %s", code, wire_state_name(s.state));
    s.state = WIRE_CONFIRMED;
    err = signup_save(db, &s, e);
    return err ? err : signup_tell(db, &s, s.state, e);
}

enum err request_pass(struct sql *db, const char *code, struct error *e)
{
    enum err err = sql_begin(db, e);
    if (err)
        return err;
    err = request_pass_in(db, code, e);
    if (!err)
        err = sql_commit(db, e);
    if (err)
        sql_rollback(db);
    return err;
}
