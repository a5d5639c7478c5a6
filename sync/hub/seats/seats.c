/* Seats change hands here and nowhere else. Each change names the state that it leaves in its WHERE, so that a seat can
 * be taken only from who has it. */
#include "sync/hub/seats/seats.h"

#include <string.h>

#include "kiosk/ticket/crypto.h"
#include "sync/hub/hub.h"
#include "sync/hub/seats/request.h"
#include "sync/hub/seats/seats_event.h"

enum { SEATS_EPOCH_STEP = 1000 };

/* ---- single seats */

bool seats_in_window(struct sql *db) { return hub_meta_int(db, "window", 0) != 0; }

static const char *seats_freed_state(struct sql *db) { return seats_in_window(db) ? "quarantined" : "free"; }

static enum err seats_free_one(struct sql *db, const char *ev, int seat, struct error *e)
{
    struct sql_stmt *st =
        sql_get(db, "UPDATE seat SET state = :state, lease = NULL, signup = NULL WHERE ev = :ev AND seat = :seat");
    sql_bind_text(st, ":state", seats_freed_state(db));
    sql_bind_text(st, ":ev", ev);
    sql_bind_int(st, ":seat", seat);
    return sql_run(st, e);
}

static enum err seats_sell_one(struct sql *db, const struct signup *s, int seat, struct error *e)
{
    struct sql_stmt *st =
        sql_get(db, "UPDATE seat SET state = 'sold', signup = :signup, lease = :lease WHERE ev = :ev AND seat = :seat");
    sql_bind_text(st, ":signup", s->id);
    sql_bind_int(st, ":lease", s->lease);
    sql_bind_text(st, ":ev", s->ev);
    sql_bind_int(st, ":seat", seat);
    return sql_run(st, e);
}

/* Whether the kiosk may dispose of the seat: it holds it under that lease. Or the hub was restored and the lease is one
 * it gave after the backup and forgot: then the seat lies in quarantine, and nobody else can have got it. */
static bool seats_is_held(struct sql *db, const struct wire_op *op, const char *kid, int seat)
{
    struct sql_stmt *st = sql_get(
        db,
        "SELECT CASE s.state WHEN 'held' THEN s.lease = :lease AND EXISTS (SELECT 1 FROM lease l WHERE l.lease = "
        ":lease "
        "AND l.kid = :kid AND l.ev = :ev) WHEN 'quarantined' THEN NOT EXISTS (SELECT 1 FROM lease l WHERE l.lease = "
        ":lease) "
        "AND :lease > :newest AND (:lease >> 32) < :window AND :proven = 1 ELSE FALSE END FROM seat s WHERE s.ev = "
        ":ev AND s.seat = :seat");
    bool row = false;
    sql_bind_int(st, ":lease", op->lease);
    sql_bind_text(st, ":kid", kid);
    sql_bind_text(st, ":ev", op->ev);
    sql_bind_int(st, ":seat", seat);
    /* What comes back is quarantined whoever had it; what is sold needs the hub's own signature under the lease. */
    sql_bind_int(st, ":proven", op->kind != WIRE_OP_SIGNUP || op->proven);
    sql_bind_int(st, ":newest", hub_meta_int(db, "window_lease", 0));
    sql_bind_int(st, ":window", hub_meta_int(db, "window", 0));
    bool held = sql_step(st, &row, NULL) == ERR_NONE && row && sql_int(st, 0) != 0;
    sql_reset(st);
    return held;
}

bool seats_knows_lease(struct sql *db, const struct wire_op *op, const char *kid)
{
    struct sql_stmt *st = sql_get(db, "SELECT 1 FROM lease WHERE lease = :lease AND kid = :kid AND ev = :ev");
    bool row = false;
    sql_bind_int(st, ":lease", op->lease);
    sql_bind_text(st, ":kid", kid);
    sql_bind_text(st, ":ev", op->ev);
    bool known = sql_step(st, &row, NULL) == ERR_NONE && row;
    sql_reset(st);
    return known;
}

/* How many are free, counted no further than to `enough`. */
static int seats_count_free(struct sql *db, const char *ev, int enough)
{
    struct sql_stmt *st =
        sql_get(db, "SELECT count(*) FROM (SELECT 1 FROM seat WHERE ev = :ev AND state = 'free' LIMIT :enough) AS few");
    bool row = false;
    sql_bind_text(st, ":ev", ev);
    sql_bind_int(st, ":enough", enough);
    int n = sql_step(st, &row, NULL) == ERR_NONE && row ? (int)sql_int(st, 0) : 0;
    sql_reset(st);
    return n;
}

/* The n lowest free seats go to s (the caller counted them); seats that it has stay its own. */
static enum err seats_take(struct sql *db, struct signup *s, int n, struct error *e)
{
    struct sql_stmt *st = sql_get(db, "SELECT seat FROM seat WHERE ev = :ev AND state = 'free' ORDER BY seat LIMIT :n");
    bool row = true;
    enum err err = ERR_NONE;
    int first = s->seat_count;
    sql_bind_text(st, ":ev", s->ev);
    sql_bind_int(st, ":n", n);
    while (!(err = sql_step(st, &row, e)) && row && s->seat_count < WIRE_PARTY_MAX)
        s->seats[s->seat_count++] = (int)sql_int(st, 0);
    sql_reset(st);
    s->lease = 0;
    for (int i = first; !err && i < s->seat_count; i++)
        err = seats_sell_one(db, s, s->seats[i], e);
    return err;
}

/* ---- the waiting list */

static enum err seats_confirm(struct sql *db, struct signup *s, struct error *e)
{
    s->state = WIRE_CONFIRMED;
    enum err err = signup_save(db, s, e);
    return err ? err : signup_tell(db, s, WIRE_CONFIRMED, e);
}

/* Those who wait before s, and go on waiting, were passed over once more. */
static enum err seats_count_passed(struct sql *db, const struct signup *s, enum wire_state state, struct error *e)
{
    struct sql_stmt *st = sql_get(
        db, "UPDATE signup SET passed = passed + 1 WHERE ev = :ev AND ((state = :state AND arrival < :arrival) OR "
            "(state = 'displaced' AND :queue = 1))");
    sql_bind_text(st, ":ev", s->ev);
    sql_bind_text(st, ":state", wire_state_name(state));
    sql_bind_int(st, ":arrival", s->arrival);
    sql_bind_int(st, ":queue", state == WIRE_WAITLISTED);
    return sql_run(st, e);
}

/* In order of arrival, the first who fits. A group that was passed over SEATS_PASSED times has the seats kept for it
 * until there are enough, and nobody behind it is seated (*held); one that is larger than the occurrence holds nobody
 * up. */
static enum err seats_promote_state(struct sql *db, const struct seats_event *ev, enum wire_state state, bool *held,
                                    struct error *e)
{
    struct signup s = {0};
    int64_t after = 0;
    int left = 1;
    enum err err = ERR_NONE;
    while (!err && left > 0 && !*held && !(err = signup_next(db, ev->id, state, after, &s, e)) && s.arrival) {
        after = s.arrival;
        left = seats_count_free(db, ev->id, s.party);
        if (left < s.party) {
            *held = s.passed >= SEATS_PASSED && s.party <= ev->capacity;
            continue;
        }
        err = seats_take(db, &s, s.party, e);
        if (!err)
            err = seats_confirm(db, &s, e);
        if (!err)
            err = seats_count_passed(db, &s, state, e);
    }
    return err;
}

static enum err seats_promote(struct sql *db, const struct seats_event *ev, struct error *e)
{
    bool held = false;
    enum err err = seats_promote_state(db, ev, WIRE_DISPLACED, &held, e);
    return err ? err : seats_promote_state(db, ev, WIRE_WAITLISTED, &held, e);
}

/* Without a capacity nobody waits. */
static enum err seats_confirm_all(struct sql *db, const char *ev, struct error *e)
{
    static const enum wire_state states[] = {WIRE_DISPLACED, WIRE_WAITLISTED};
    struct signup s = {0};
    enum err err = ERR_NONE;
    for (int i = 0; i < 2; i++)
        while (!err && !(err = signup_next(db, ev, states[i], 0, &s, e)) && s.arrival)
            err = seats_confirm(db, &s, e);
    return err;
}

static enum err seats_fit_and_promote(struct sql *db, const struct seats_event *ev, struct error *e)
{
    if (ev->cancelled)
        return ERR_NONE;
    if (ev->capacity < 0)
        return seats_confirm_all(db, ev->id, e);
    enum err err = seats_event_fit(db, ev, e);
    return err ? err : seats_promote(db, ev, e);
}

static enum err seats_fit_and_promote_id(struct sql *db, const char *id, struct error *e)
{
    struct seats_event ev;
    enum err err = seats_event_get(db, id, &ev, e);
    return err || !ev.known ? err : seats_fit_and_promote(db, &ev, e);
}

/* ---- arrivals */

/* Spends the seats that the kiosk sold under its lease: all for s, or, when one of them was not its own, none: what was
 * is freed. */
static enum err seats_claim(struct sql *db, struct signup *s, const struct wire_op *op, bool *all, struct error *e)
{
    bool held[WIRE_PARTY_MAX];
    enum err err = ERR_NONE;
    *all = op->seat_count > 0;
    for (int i = 0; i < op->seat_count; i++) {
        held[i] = seats_is_held(db, op, s->kid, op->seats[i]);
        *all = *all && held[i];
    }
    s->lease = *all ? op->lease : 0;
    for (int i = 0; !err && i < op->seat_count; i++) {
        if (*all) {
            s->seats[s->seat_count++] = op->seats[i];
            err = seats_sell_one(db, s, op->seats[i], e);
        } else if (held[i]) {
            err = seats_free_one(db, s->ev, op->seats[i], e);
        }
    }
    return err;
}

static enum err seats_settle_as(struct sql *db, struct signup *s, enum wire_state state, enum wire_state tell,
                                struct error *e)
{
    s->state = state;
    enum err err = signup_save(db, s, e);
    return err ? err : signup_tell(db, s, tell, e);
}

/* It waits behind those who came before, and if there is room for it now it does not wait at all. */
static enum err seats_settle_queued(struct sql *db, struct signup *s, bool displaced, struct error *e)
{
    s->state = displaced ? WIRE_DISPLACED : WIRE_WAITLISTED;
    enum err err = signup_save(db, s, e);
    if (!err)
        err = seats_fit_and_promote_id(db, s->ev, e);
    char id[WIRE_UUID + 1];
    memcpy(id, s->id, sizeof id);
    if (!err)
        err = signup_by_id(db, id, s, e);
    if (!err && s->state != WIRE_CONFIRMED)
        err = signup_tell(db, s, s->state, e);
    return err;
}

enum err seats_settle(struct sql *db, struct signup *s, const struct wire_op *op, struct error *e)
{
    struct seats_event ev;
    bool all = false;
    enum err err = seats_event_get(db, s->ev, &ev, e);
    if (err)
        return err;
    if (!ev.known) {
        enum wire_state state = request_is(db, s->ev) ? WIRE_WAITLISTED : WIRE_CONFLICT;
        return seats_settle_as(db, s, state, state, e);
    }
    if (ev.capacity >= 0)
        err = seats_event_fit(db, &ev, e);
    if (!err)
        err = seats_claim(db, s, op, &all, e);
    if (err)
        return err;
    if (ev.cancelled)
        return seats_settle_as(db, s, WIRE_EVENT_CANCELLED, WIRE_EVENT_CANCELLED, e);
    bool changed = op->terms > 0 && op->terms < ev.terms;
    if (ev.capacity < 0 || all)
        return seats_settle_as(db, s, WIRE_CONFIRMED, changed ? WIRE_TERMS_CHANGED : WIRE_CONFIRMED, e);
    /* Who names a lease that the hub never gave waits like everybody: only a right that was lost goes before others. */
    return seats_settle_queued(db, s, op->lease && (op->proven || seats_knows_lease(db, op, s->kid)), e);
}

/* ---- departures */

static enum err seats_free_signup(struct sql *db, struct signup *s, struct error *e)
{
    struct sql_stmt *st = sql_get(db, "UPDATE seat SET state = :state, lease = NULL, signup = NULL "
                                      "WHERE ev = :ev AND state = 'sold' AND signup = :signup");
    sql_bind_text(st, ":state", seats_freed_state(db));
    sql_bind_text(st, ":ev", s->ev);
    sql_bind_text(st, ":signup", s->id);
    s->seat_count = 0;
    s->lease = 0;
    return sql_run(st, e);
}

enum err seats_cancel(struct sql *db, struct signup *s, struct error *e)
{
    if (s->state == WIRE_CANCELLED)
        return signup_tell(db, s, WIRE_CANCELLED, e);
    enum err err = seats_event_hold(db, s->ev, e);
    if (!err)
        err = seats_free_signup(db, s, e);
    if (!err)
        err = seats_settle_as(db, s, WIRE_CANCELLED, WIRE_CANCELLED, e);
    return err ? err : seats_fit_and_promote_id(db, s->ev, e);
}

enum err seats_return(struct sql *db, const char *kid, const struct wire_op *op, struct error *e)
{
    enum err err = seats_event_hold(db, op->ev, e);
    for (int i = 0; !err && i < op->seat_count; i++)
        if (seats_is_held(db, op, kid, op->seats[i]))
            err = seats_free_one(db, op->ev, op->seats[i], e);
    return err ? err : seats_fit_and_promote_id(db, op->ev, e);
}

/* ---- changes of an occurrence */

static enum err seats_call_off(struct sql *db, const char *ev, struct error *e)
{
    static const enum wire_state states[] = {WIRE_CONFIRMED, WIRE_WAITLISTED, WIRE_DISPLACED};
    struct signup s = {0};
    enum err err = ERR_NONE;
    for (int i = 0; i < 3; i++)
        while (!err && !(err = signup_next(db, ev, states[i], 0, &s, e)) && s.arrival)
            err = seats_settle_as(db, &s, WIRE_EVENT_CANCELLED, WIRE_EVENT_CANCELLED, e);
    return err;
}

/* It takes place after all: who had seats has them still, all others queue. */
static enum err seats_call_on(struct sql *db, const struct seats_event *ev, struct error *e)
{
    struct signup s = {0};
    enum err err = ERR_NONE;
    while (!err && !(err = signup_next(db, ev->id, WIRE_EVENT_CANCELLED, 0, &s, e)) && s.arrival) {
        enum wire_state state = s.seat_count || ev->capacity < 0 ? WIRE_CONFIRMED : WIRE_WAITLISTED;
        err = seats_settle_as(db, &s, state, state, e);
    }
    return err;
}

/* A capacity that came later: who is confirmed already sits down first, as far as the seats go. */
static enum err seats_seat_confirmed(struct sql *db, const char *ev, struct error *e)
{
    struct signup s = {0};
    enum err err = ERR_NONE;
    int64_t after = 0;
    int left = 1;
    while (!err && left > 0 && !(err = signup_next(db, ev, WIRE_CONFIRMED, after, &s, e)) && s.arrival) {
        after = s.arrival;
        if (s.party <= s.seat_count)
            continue;
        left = seats_count_free(db, ev, s.party - s.seat_count);
        if (left > 0)
            err = seats_take(db, &s, left, e);
        if (!err)
            err = signup_save(db, &s, e);
    }
    return err;
}

static enum err seats_tell_terms(struct sql *db, const char *ev, struct error *e)
{
    struct signup s = {0};
    enum err err = ERR_NONE;
    int64_t after = 0;
    while (!err && !(err = signup_next(db, ev, WIRE_CONFIRMED, after, &s, e)) && s.arrival) {
        after = s.arrival;
        err = signup_tell(db, &s, WIRE_TERMS_CHANGED, e);
    }
    return err;
}

enum err seats_occurrence_changed(struct sql *db, const char *id, int64_t before_terms, struct error *e)
{
    struct seats_event ev;
    enum err err = seats_event_get(db, id, &ev, e);
    if (err || !ev.known)
        return err;
    if (ev.cancelled)
        return seats_call_off(db, id, e);
    err = seats_call_on(db, &ev, e);
    if (!err && ev.capacity >= 0)
        err = seats_event_fit(db, &ev, e);
    if (!err && ev.capacity >= 0)
        err = seats_seat_confirmed(db, id, e);
    if (!err)
        err = seats_fit_and_promote(db, &ev, e);
    if (!err && ev.terms > before_terms)
        err = seats_tell_terms(db, id, e);
    return err;
}

/* ---- people's words */

/* Fits and promotes every occurrence that has seats. */
static enum err seats_settle_all(struct sql *db, struct error *e)
{
    char id[WIRE_UUID + 1] = "";
    bool row = true;
    enum err err = ERR_NONE;
    while (!err) {
        struct sql_stmt *st =
            sql_get(db, "SELECT id FROM occurrence WHERE seated > 0 AND id > :after ORDER BY id LIMIT 1");
        sql_bind_text(st, ":after", id);
        err = sql_step(st, &row, e);
        if (err || !row)
            break;
        strncpy(id, sql_text(st, 0), WIRE_UUID);
        sql_reset(st);
        err = seats_fit_and_promote_id(db, id, e);
    }
    return err;
}

enum err seats_write_off(struct sql *db, const char *kid, struct error *e)
{
    struct sql_stmt *st = sql_get(db, "UPDATE seat SET state = :state, lease = NULL WHERE state = 'held' "
                                      "AND lease IN (SELECT lease FROM lease WHERE kid = :kid)");
    sql_bind_text(st, ":state", seats_freed_state(db));
    sql_bind_text(st, ":kid", kid);
    enum err err = sql_run(st, e);
    return err ? err : seats_settle_all(db, e);
}

/* A copy that is put back twice does not know of the epoch in between. The next number would be that one's again, and
 * what kiosks heard in it would be taken for true in this one: so the number is drawn. */
enum err seats_open_window(struct sql *db, int64_t at_least, struct error *e)
{
    int64_t epoch = hub_meta_int(db, "epoch", 1);
    epoch = (at_least > epoch ? at_least : epoch) + 1 + crypto_random_below(SEATS_EPOCH_STEP);
    enum err err = sql_exec(db,
                            "UPDATE seat SET state = 'quarantined' WHERE state = 'free';"
                            "INSERT INTO meta (name, value) SELECT 'window_lease', CAST(coalesce(max(lease), 0) AS "
                            "TEXT) FROM lease WHERE true "
                            "ON CONFLICT (name) DO UPDATE SET value = excluded.value",
                            e);
    if (!err)
        err = hub_meta_set_int(db, "epoch", epoch, e);
    if (!err)
        err = hub_meta_set_int(db, "window", epoch, e);
    return err ? err : hub_meta_set_int(db, "window_dirty", 0, e);
}

/* Kiosks that a person has not written off and that have not told what they hold since the restore. */
static int64_t seats_silent_kiosks(struct sql *db)
{
    struct sql_stmt *st = sql_get(db, "SELECT count(*) FROM kiosk WHERE state <> 'gone' AND epoch < :epoch");
    bool row = false;
    sql_bind_int(st, ":epoch", hub_meta_int(db, "window", 0));
    int64_t n = sql_step(st, &row, NULL) == ERR_NONE && row ? sql_int(st, 0) : 1;
    sql_reset(st);
    return n;
}

enum err seats_close_window(struct sql *db, bool force, struct error *e)
{
    if (!seats_in_window(db) || (!force && (hub_meta_int(db, "window_dirty", 0) || seats_silent_kiosks(db) > 0)))
        return ERR_NONE;
    enum err err = sql_exec(db, "UPDATE seat SET state = 'free' WHERE state = 'quarantined'", e);
    if (!err)
        err = hub_meta_set_int(db, "window", 0, e);
    return err ? err : seats_settle_all(db, e);
}
