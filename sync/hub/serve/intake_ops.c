/* The operations of kiosks. A kind is one function in a table. */
#include "sync/hub/serve/intake_ops.h"

#include <stdlib.h>
#include <string.h>

#include "kiosk/base/log.h"
#include "sync/hub/inbox.h"
#include "sync/hub/seats/lease.h"
#include "sync/hub/seats/seats.h"
#include "sync/hub/seats/seats_event.h"
#include "sync/hub/seats/signup.h"

/* ---- holding */

/* The occurrence an operation is about, "" for none. */
static enum err intake_event_of(struct intake *b, const struct wire_op *op, char out[WIRE_UUID + 1], struct error *e)
{
    struct signup s = {0};
    enum err err = op->kind == WIRE_OP_CANCEL ? signup_by_id(b->hub->db, op->id, &s, e) : ERR_NONE;
    memcpy(out, op->kind == WIRE_OP_CANCEL ? s.ev : op->ev, WIRE_UUID + 1);
    return err;
}

static int intake_compare_ids(const void *a, const void *b) { return strcmp(a, b); }

/* In the order of their ids, each once. */
enum err intake_hold_events(struct intake *b, struct error *e)
{
    enum err err = ERR_NONE;
    if (!sql_is_shared(b->hub->db))
        return ERR_NONE;
    char(*ids)[WIRE_UUID + 1] = mem_new((size_t)b->count + 1, sizeof *ids);
    for (int i = 0; !err && i < b->count; i++)
        err = intake_event_of(b, &b->ops[i], ids[i], e);
    qsort(ids, (size_t)b->count, sizeof *ids, intake_compare_ids);
    for (int i = 0; !err && i < b->count; i++)
        if (ids[i][0] && (i == 0 || strcmp(ids[i], ids[i - 1]) != 0))
            err = seats_event_hold(b->hub->db, ids[i], e);
    free(ids);
    return err;
}

/* ---- working */

static enum err intake_log(struct intake *b, const struct wire_op *op, struct error *e)
{
    struct sql_stmt *st = sql_get(b->hub->db, "INSERT INTO oplog (kid, inc, n, kind, ref, at) "
                                              "VALUES (:kid, :inc, :n, :kind, :ref, :at)");
    sql_bind_text(st, ":kid", b->kid);
    sql_bind_int(st, ":inc", b->v.inc);
    sql_bind_int(st, ":n", op->n);
    sql_bind_text(st, ":kind", wire_op_name(op->kind));
    sql_bind_text(st, ":ref", op->id[0] ? op->id : op->ev);
    sql_bind_int(st, ":at", hub_now(b->hub));
    return sql_run(st, e);
}

/* Remembers an occurrence of whose seats something else is to be published. Beyond the room for them the daily roll catches up. */
static void intake_note_full(struct intake *b, const char *ev, struct seats_shown before)
{
    struct seats_shown now = seats_shown(b->hub->db, ev);
    bool same = now.full == before.full && now.waiting == before.waiting;
    if (!same && b->out->full_count < INTAKE_FULL)
        memcpy(b->out->full[b->out->full_count++], ev, WIRE_UUID + 1);
}

static enum err intake_unknown(struct intake *b, const char *code, struct error *e)
{
    struct wire_decision d = {.st = WIRE_UNKNOWN};
    memcpy(d.code, code, sizeof d.code);
    return inbox_put(b->hub->db, b->kid, &d, e);
}

/* ---- sign-ups */

/* Whether its holder cancelled it before it came (again): after a restore the kiosk where that happened may be the first
 * to speak. */
static bool intake_is_cancelled(struct intake *b, const struct wire_op *op)
{
    struct sql_stmt *st = sql_get(b->hub->db, "SELECT 1 FROM early_cancel WHERE id = :id AND code = :code");
    bool row = false;
    sql_bind_text(st, ":id", op->id);
    sql_bind_text(st, ":code", op->code);
    bool cancelled = sql_step(st, &row, NULL) == ERR_NONE && row;
    sql_reset(st);
    return cancelled;
}

static enum err intake_cancel_early(struct intake *b, const struct wire_op *op, struct error *e)
{
    struct sql_stmt *st = sql_get(b->hub->db, "INSERT INTO early_cancel (id, code, at) VALUES (:id, :code, :at) "
                                              "ON CONFLICT DO NOTHING");
    sql_bind_text(st, ":id", op->id);
    sql_bind_text(st, ":code", op->code);
    sql_bind_int(st, ":at", hub_now(b->hub));
    enum err err = sql_run(st, e);
    return err ? err : intake_unknown(b, op->code, e);
}

/* Whether the hub's own signature is under the lease that the sign-up names, and its seats are of that block. */
static bool intake_is_proven(const struct intake *b, const struct wire_op *op)
{
    struct wire_grant g = {
        .lease = op->lease, .first = op->block_first, .last = op->block_last, .terms = op->block_terms};
    if (!op->block_sig[0] || op->seats[0] < g.first || op->seats[op->seat_count - 1] > g.last)
        return false;
    memcpy(g.ev, op->ev, sizeof g.ev);
    memcpy(g.sig, op->block_sig, sizeof g.sig);
    return wire_keys_verify_grant(&b->keys->doc, &g, b->kid);
}

static enum err intake_ingest_one(struct intake *b, const struct wire_op *op, bool quarantine, struct error *e)
{
    struct signup s;
    enum err err = signup_insert(b->hub->db, op, b->kid, hub_now(b->hub), &s, e);
    if (err)
        return err;
    if (quarantine) {
        s.state = WIRE_QUARANTINED;
        return signup_save(b->hub->db, &s, e);
    }
    struct seats_shown before = seats_shown(b->hub->db, op->ev);
    err = seats_settle(b->hub->db, &s, op, e);
    if (!err && intake_is_cancelled(b, op))
        err = seats_cancel(b->hub->db, &s, e);
    intake_note_full(b, op->ev, before);
    return err;
}

enum err intake_ingest(struct intake *b, bool quarantine, struct error *e)
{
    enum err err = ERR_NONE;
    for (int i = 0; !err && i < b->count; i++) {
        struct signup s;
        if (b->ops[i].kind != WIRE_OP_SIGNUP)
            continue;
        err = signup_by_id(b->hub->db, b->ops[i].id, &s, e);
        if (err || s.arrival)
            continue;
        b->ops[i].proven = b->ops[i].lease && !seats_knows_lease(b->hub->db, &b->ops[i], b->kid) &&
                           intake_is_proven(b, &b->ops[i]);
        err = intake_ingest_one(b, &b->ops[i], quarantine, e);
        b->fresh[i] = true;
        if (!err && quarantine)
            err = intake_log(b, &b->ops[i], e);
    }
    return err;
}

/* The id was taken in earlier, by this log or an older one: the same answer again. An id that belongs to somebody else
 * is a conflict, and nothing is told about it. */
static enum err intake_signup(struct intake *b, int i, struct error *e)
{
    const struct wire_op *op = &b->ops[i];
    struct signup s;
    if (b->fresh[i])
        return op->lease ? lease_taken(b->hub->db, b->kid, op->lease, e) : ERR_NONE;
    enum err err = signup_by_id(b->hub->db, op->id, &s, e);
    if (err)
        return err;
    if (strcmp(s.kid, b->kid) == 0 && strcmp(s.code, op->code) == 0 && strcmp(s.ev, op->ev) == 0)
        return signup_tell(b->hub->db, &s, s.state, e);
    struct wire_decision d = {.st = WIRE_CONFLICT};
    memcpy(d.id, op->id, sizeof d.id);
    return inbox_put(b->hub->db, b->kid, &d, e);
}

/* Whoever has the paper may cancel, at any kiosk: the code proves it. Both kiosks are told. */
static enum err intake_cancel(struct intake *b, int i, struct error *e)
{
    const struct wire_op *op = &b->ops[i];
    struct signup s;
    enum err err = signup_by_id(b->hub->db, op->id, &s, e);
    if (err)
        return err;
    if (!s.arrival)
        return intake_cancel_early(b, op, e);
    if (strcmp(s.code, op->code) != 0)
        return intake_unknown(b, op->code, e);
    struct seats_shown before = seats_shown(b->hub->db, s.ev);
    err = seats_cancel(b->hub->db, &s, e);
    if (!err && strcmp(s.kid, b->kid) != 0)
        err = signup_tell_to(b->hub->db, b->kid, &s, s.state, e);
    intake_note_full(b, s.ev, before);
    return err;
}

static enum err intake_return(struct intake *b, int i, struct error *e)
{
    const struct wire_op *op = &b->ops[i];
    struct seats_shown before = seats_shown(b->hub->db, op->ev);
    enum err err = lease_taken(b->hub->db, b->kid, op->lease, e);
    if (!err)
        err = seats_return(b->hub->db, b->kid, op, e);
    intake_note_full(b, op->ev, before);
    return err;
}

static enum err intake_want(struct intake *b, int i, struct error *e)
{
    return lease_grant(b->hub, b->keys, b->kid, b->ops[i].ev, b->ops[i].want, e);
}

static enum err intake_find(struct intake *b, int i, struct error *e)
{
    struct signup s;
    enum err err = signup_by_code(b->hub->db, b->ops[i].code, &s, e);
    if (err)
        return err;
    if (!s.arrival)
        return intake_unknown(b, b->ops[i].code, e);
    return signup_tell_to(b->hub->db, b->kid, &s, WIRE_TICKET, e);
}

enum err intake_apply(struct intake *b, int i, struct error *e)
{
    static enum err (*const kinds[WIRE_OP_COUNT])(struct intake *, int, struct error *) = {
        [WIRE_OP_SIGNUP] = intake_signup, [WIRE_OP_CANCEL] = intake_cancel, [WIRE_OP_RETURN] = intake_return,
        [WIRE_OP_WANT] = intake_want,     [WIRE_OP_FIND] = intake_find,
    };
    enum err err = intake_log(b, &b->ops[i], e);
    return err ? err : kinds[b->ops[i].kind](b, i, e);
}
