/* Sign-ups in the database. */
#include "sync/hub/seats/signup.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sync/hub/inbox.h"

#define SIGNUP_COLUMNS "arrival, id, ev, code, kid, state, party, seats, lease, terms, passed"

static void signup_copy(char *out, size_t size, const char *text) { snprintf(out, size, "%s", text); }

static void signup_read_seats(struct signup *s, const char *text)
{
    while (*text && s->seat_count < WIRE_PARTY_MAX) {
        char *end;
        s->seats[s->seat_count++] = (int)strtol(text, &end, 10);
        text = *end == ',' ? end + 1 : end;
    }
}

static enum err signup_fetch(struct sql_stmt *st, struct signup *out, struct error *e)
{
    bool row = false;
    *out = (struct signup){0};
    enum err err = sql_step(st, &row, e);
    if (err || !row)
        return err;
    out->arrival = sql_int(st, 0);
    signup_copy(out->id, sizeof out->id, sql_text(st, 1));
    signup_copy(out->ev, sizeof out->ev, sql_text(st, 2));
    signup_copy(out->code, sizeof out->code, sql_text(st, 3));
    signup_copy(out->kid, sizeof out->kid, sql_text(st, 4));
    out->party = (int)sql_int(st, 6);
    signup_read_seats(out, sql_text(st, 7));
    out->lease = sql_int(st, 8);
    out->terms = sql_int(st, 9);
    out->passed = sql_int(st, 10);
    if (!wire_state_read(&out->state, sql_text(st, 5)))
        err = error_set(e, ERR_CORRUPT, "sign-up %s has no state", out->id);
    sql_reset(st);
    return err;
}

enum err signup_by_id(struct sql *db, const char *id, struct signup *out, struct error *e)
{
    struct sql_stmt *st = sql_get(db, "SELECT " SIGNUP_COLUMNS " FROM signup WHERE id = :id");
    sql_bind_text(st, ":id", id);
    return signup_fetch(st, out, e);
}

enum err signup_by_code(struct sql *db, const char *code, struct signup *out, struct error *e)
{
    struct sql_stmt *st = sql_get(db, "SELECT " SIGNUP_COLUMNS " FROM signup WHERE code = :code "
                                      "ORDER BY state = 'cancelled', arrival DESC LIMIT 1");
    sql_bind_text(st, ":code", code);
    return signup_fetch(st, out, e);
}

enum err signup_next(struct sql *db, const char *ev, enum wire_state state, int64_t after, struct signup *out,
                     struct error *e)
{
    struct sql_stmt *st = sql_get(db, "SELECT " SIGNUP_COLUMNS " FROM signup WHERE ev = :ev AND state = :state "
                                      "AND arrival > :after ORDER BY arrival LIMIT 1");
    sql_bind_text(st, ":ev", ev);
    sql_bind_int(st, ":after", after);
    sql_bind_text(st, ":state", wire_state_name(state));
    return signup_fetch(st, out, e);
}

enum err signup_insert(struct sql *db, const struct wire_op *op, const char *kid, int64_t at, struct signup *out,
                       struct error *e)
{
    struct sql_stmt *st = sql_get(
        db, "INSERT INTO signup (id, code, ev, kid, state, party, seats, lease, terms, form, box_key, box, claimed_at, "
            "quality, at) VALUES (:id, :code, :ev, :kid, 'waitlisted', :party, '', 0, :terms, :form, :box_key, :box, "
            ":claimed_at, :quality, :at)");
    sql_bind_text(st, ":id", op->id);
    sql_bind_text(st, ":code", op->code);
    sql_bind_text(st, ":ev", op->ev);
    sql_bind_text(st, ":kid", kid);
    sql_bind_int(st, ":party", op->party);
    sql_bind_int(st, ":terms", op->terms);
    sql_bind_text(st, ":form", op->form);
    sql_bind_text(st, ":box_key", op->box_key);
    sql_bind_blob(st, ":box", op->box, op->box_len);
    sql_bind_text(st, ":claimed_at", op->at);
    sql_bind_text(st, ":quality", op->quality);
    sql_bind_int(st, ":at", at);
    enum err err = sql_run(st, e);
    return err ? err : signup_by_id(db, op->id, out, e);
}

enum err signup_save(struct sql *db, const struct signup *s, struct error *e)
{
    struct buf seats;
    buf_init(&seats, 512);
    for (int i = 0; i < s->seat_count; i++)
        buf_addf(&seats, "%s%d", i ? "," : "", s->seats[i]);
    struct sql_stmt *st =
        sql_get(db, "UPDATE signup SET state = :state, seats = :seats, lease = :lease WHERE arrival = :arrival");
    sql_bind_text(st, ":state", wire_state_name(s->state));
    sql_bind_text(st, ":seats", seats.data);
    sql_bind_int(st, ":lease", s->lease);
    sql_bind_int(st, ":arrival", s->arrival);
    enum err err = sql_run(st, e);
    buf_done(&seats);
    return err;
}

int64_t signup_position(struct sql *db, const struct signup *s)
{
    if (s->state != WIRE_WAITLISTED && s->state != WIRE_DISPLACED)
        return 0;
    struct sql_stmt *st =
        sql_get(db, "SELECT count(*) FROM signup WHERE ev = :ev AND ((state = 'displaced' AND (:displaced = 0 OR "
                    "arrival <= :arrival)) OR (state = 'waitlisted' AND :displaced = 0 AND arrival <= :arrival))");
    bool row = false;
    sql_bind_text(st, ":ev", s->ev);
    sql_bind_int(st, ":arrival", s->arrival);
    sql_bind_int(st, ":displaced", s->state == WIRE_DISPLACED);
    int64_t n = sql_step(st, &row, NULL) == ERR_NONE && row ? sql_int(st, 0) : 0;
    sql_reset(st);
    return n;
}

enum err signup_tell_to(struct sql *db, const char *kid, const struct signup *s, enum wire_state st, struct error *e)
{
    struct wire_decision d = {
        .st = st, .state = s->state, .party = s->party, .seat_count = s->seat_count, .lease = s->lease};
    memcpy(d.id, s->id, sizeof d.id);
    memcpy(d.ev, s->ev, sizeof d.ev);
    memcpy(d.code, s->code, sizeof d.code);
    memcpy(d.seats, s->seats, sizeof d.seats);
    d.pos = signup_position(db, s);
    return inbox_put(db, kid, &d, e);
}

enum err signup_tell(struct sql *db, const struct signup *s, enum wire_state st, struct error *e)
{
    return signup_tell_to(db, s->kid, s, st, e);
}

/* The next sign-up of a kiosk; changed: the occurrence's terms are not those that it was made for. */
static enum err signup_next_of(struct sql *db, const char *kid, int64_t since, struct signup *s, bool *changed,
                               struct error *e)
{
    struct sql_stmt *st =
        sql_get(db, "SELECT s.id, s.state = 'confirmed' AND s.terms < o.terms FROM signup s LEFT JOIN occurrence o "
                    "ON o.id = s.ev WHERE s.kid = :kid AND s.arrival > :after AND coalesce(o.end_at, s.at) > :since "
                    "ORDER BY s.arrival LIMIT 1");
    char id[WIRE_UUID + 1] = "";
    bool row = false;
    sql_bind_text(st, ":kid", kid);
    sql_bind_int(st, ":after", s->arrival);
    sql_bind_int(st, ":since", since);
    enum err err = sql_step(st, &row, e);
    *s = (struct signup){0};
    if (err || !row)
        return err;
    signup_copy(id, sizeof id, sql_text(st, 0));
    *changed = sql_int(st, 1) != 0;
    sql_reset(st);
    return signup_by_id(db, id, s, e);
}

enum err signup_tell_all(struct sql *db, const char *kid, int64_t since, struct error *e)
{
    struct signup s = {0};
    bool changed = false;
    enum err err = ERR_NONE;
    while (!err && !(err = signup_next_of(db, kid, since, &s, &changed, e)) && s.arrival)
        err = signup_tell(db, &s, changed ? WIRE_TERMS_CHANGED : s.state, e);
    return err;
}
