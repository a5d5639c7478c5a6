/* One batch: who sent it, does its log go on from the one known, and then its operations. */
#include "sync/hub/serve/intake.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "kiosk/base/log.h"
#include "sync/hub/seats/demand.h"
#include "sync/hub/inbox.h"
#include "sync/hub/serve/intake_ops.h"
#include "sync/hub/serve/intake_proof.h"
#include "sync/hub/seats/lease.h"
#include "sync/hub/seats/seats.h"
#include "sync/hub/seats/signup.h"
#include "sync/hub/feed.h"

/* An epoch a kiosk claims to have seen is believed so far above the hub's own. */
enum {
    INTAKE_EPOCHS = 20000,
    INTAKE_DAY = 86400,
    INTAKE_KEPT = 30 * 86400, /* kiosks forget tickets so long after */
    INTAKE_TRIES = 5,
    INTAKE_PATIENCE_MS = 5000, /* other kiosks are waiting */
};

/* How the kiosk's log stands to the known one. */
enum intake_standing {
    INTAKE_GOES_ON, /* it extends what is known, or repeats it */
    INTAKE_NEW_LOG, /* a new incarnation, from its first operation */
    INTAKE_GAP,     /* a later part of what a stick carries, come without the one before it */
    INTAKE_AHEAD,   /* it has had answers that this hub does not remember: the hub was restored */
    INTAKE_OTHER_EPOCH,
    INTAKE_DIVERGED,
    INTAKE_BEHIND,
    INTAKE_ANCHOR,
};

/* ---- reading */

#define INTAKE_KIOSK "SELECT pk, state, inc, log_n, log_h, epoch, inbox FROM kiosk WHERE kid = :kid"

/* Inside the transaction it holds the kiosk's row. */
static enum err intake_load_kiosk(struct intake *b, struct error *e)
{
    struct sql_stmt *st = sql_get(b->hub->db, b->working ? INTAKE_KIOSK " /*pg FOR UPDATE */" : INTAKE_KIOSK);
    struct intake_kiosk *k = &b->kiosk;
    bool row = false;
    *k = (struct intake_kiosk){0};
    sql_bind_text(st, ":kid", b->kid);
    enum err err = sql_step(st, &row, e);
    if (err || !row)
        return err;
    k->known = crypto_from_b64(k->pk, sizeof k->pk, NULL, sql_text(st, 0));
    k->revoked = strcmp(sql_text(st, 1), "active") != 0;
    k->inc = sql_int(st, 2);
    k->log_n = sql_int(st, 3);
    snprintf(k->log_h, sizeof k->log_h, "%s", sql_text(st, 4));
    k->epoch = sql_int(st, 5);
    k->inbox = sql_int(st, 6);
    sql_reset(st);
    return ERR_NONE;
}

/* The lines of a batch: the envelope, then operations numbered from v.first. Returns the status that is due, 0 for
 * none. */
static int intake_parse(struct intake *b, const struct wire_line *body, struct error *e)
{
    struct wire_line line;
    size_t pos = 0;
    if (!wire_next_line(body->s, body->n, &pos, &line) || wire_envelope_parse(&b->v, line.s, line.n, e)) {
        b->v.nonce[0] = '\0'; /* an envelope that cannot be read has no nonce to answer */
        return 400;
    }
    b->ops = mem_new(WIRE_BATCH_OPS, sizeof *b->ops);
    b->lines = mem_new(WIRE_BATCH_OPS, sizeof *b->lines);
    b->fresh = mem_new(WIRE_BATCH_OPS, sizeof *b->fresh);
    while (wire_next_line(body->s, body->n, &pos, &line)) {
        if (b->count == WIRE_BATCH_OPS)
            return 413;
        if (wire_op_parse(&b->ops[b->count], line.s, line.n, e))
            return 400;
        if (b->ops[b->count].n != b->v.first + b->count) {
            error_set(e, ERR_INVALID, "operation numbers have a gap");
            return 400;
        }
        b->lines[b->count++] = line;
    }
    return 0;
}

/* ---- judging */

/* Same incarnation: does the log's hash at the known end agree? h becomes the hash at the batch's end. */
static enum intake_standing intake_judge_log(const struct intake *b, char h[WIRE_HEX + 1])
{
    int64_t known = b->kiosk.log_n, last = b->v.first + b->count - 1;
    if (b->v.first - 1 > known)
        return b->v.part > 1 ? INTAKE_GAP : INTAKE_AHEAD;
    bool same = b->v.first - 1 == known && strcmp(h, b->kiosk.log_h) == 0, met = b->v.first - 1 == known;
    for (int i = 0; i < b->count; i++) {
        wire_chain(h, b->lines[i].s, b->lines[i].n);
        if (b->v.first + i == known) {
            met = true;
            same = strcmp(h, b->kiosk.log_h) == 0;
        }
    }
    if (!met)
        return last < known ? INTAKE_BEHIND : INTAKE_DIVERGED;
    return same ? INTAKE_GOES_ON : INTAKE_DIVERGED;
}

static enum intake_standing intake_judge_new(const struct intake *b, char h[WIRE_HEX + 1])
{
    if (b->v.first != 1 || strcmp(b->v.h0, wire_zero_hash) != 0)
        return b->v.part > 1 ? INTAKE_GAP : INTAKE_AHEAD;
    for (int i = 0; i < b->count; i++)
        wire_chain(h, b->lines[i].s, b->lines[i].n);
    return INTAKE_NEW_LOG;
}

static enum intake_standing intake_judge(const struct intake *b, char h[WIRE_HEX + 1])
{
    int64_t epoch = hub_meta_int(b->hub->db, "epoch", 1);
    memcpy(h, b->v.h0, WIRE_HEX + 1);
    if (b->v.inc < b->kiosk.inc)
        return INTAKE_BEHIND;
    if (b->v.anchor_lost)
        return INTAKE_ANCHOR;
    enum intake_standing s = b->v.inc == b->kiosk.inc ? intake_judge_log(b, h) : intake_judge_new(b, h);
    if (s == INTAKE_GOES_ON && b->v.inbox < b->kiosk.inbox) /* it forgot decisions that it had: an older copy of it */
        s = INTAKE_BEHIND;
    if (s == INTAKE_DIVERGED || s == INTAKE_BEHIND || s == INTAKE_GAP)
        return s;
    if (s == INTAKE_AHEAD || b->v.epoch > epoch || intake_forgotten_epoch(b, epoch))
        return INTAKE_AHEAD;
    return b->v.epoch != epoch ? INTAKE_OTHER_EPOCH : s;
}

/* ---- answering */

static void intake_say(struct intake *b, int status, const char *text)
{
    b->out->status = status;
    b->out->full_count = 0;
    buf_clear(&b->out->body);
    buf_addf(&b->out->body, "%s\n", text);
}

static void intake_sign(struct intake *b)
{
    wire_sign(b->out->sig, WIRE_DOMAIN_REPLY, NULL, b->out->body.data, b->out->body.len, b->keys->feed);
}

/* A refusal that the kiosk may act on: only the hub can have said it, and only of this batch. */
static void intake_rule(struct intake *b, int status, const char *type)
{
    b->out->status = status;
    b->out->full_count = 0;
    buf_clear(&b->out->body);
    wire_verdict_write(type, b->v.nonce, &b->out->body);
    intake_sign(b);
}

static enum err intake_refuse(struct intake *b, enum intake_standing s, struct error *e)
{
    static const char *const why[] = {
        [INTAKE_DIVERGED] = "log-diverged", [INTAKE_BEHIND] = "behind", [INTAKE_ANCHOR] = "anchor-lost"};
    bool reset = s == INTAKE_DIVERGED || s == INTAKE_BEHIND || s == INTAKE_ANCHOR;
    struct wire_refusal r = {.type = reset ? WIRE_RESET : WIRE_EPOCH, .epoch = hub_meta_int(b->hub->db, "epoch", 1)};
    r.newinc = (b->v.inc > b->kiosk.inc ? b->v.inc : b->kiosk.inc) + 1;
    memcpy(r.nonce, b->v.nonce, sizeof r.nonce);
    intake_prove(b, r.proof, r.newinc, 0, wire_zero_hash);
    if (reset)
        snprintf(r.why, sizeof r.why, "%s", why[s]);
    b->out->status = 409;
    wire_refusal_write(&r, &b->out->body);
    intake_sign(b);
    log_line(LOG_WARN, "kiosk_refused", "kid=%s why=%s inc=%lld newinc=%lld", b->kid, reset ? r.why : "epoch",
             (long long)b->v.inc, (long long)r.newinc);
    /* What a reset kiosk held after the backup is lost with it: the quarantine waits for a person. A late copy of a
     * message from an incarnation that is over resets nobody. */
    bool now = reset && b->v.inc >= b->kiosk.inc;
    return now && seats_in_window(b->hub->db) ? hub_meta_set_int(b->hub->db, "window_dirty", 1, e) : ERR_NONE;
}

int64_t intake_opseq(struct sql *db)
{
    /* Where several write at once: the last transaction of which none before it is under way any more. */
    struct sql_stmt *st =
        sql_get(db, sql_is_shared(db) ? "SELECT coalesce(max(xid), 0) FROM oplog WHERE xid < "
                                        "CAST(CAST(pg_snapshot_xmin(pg_current_snapshot()) AS TEXT) AS BIGINT)"
                                      : "SELECT coalesce(max(opseq), 0) FROM oplog");
    bool row = false;
    int64_t n = sql_step(st, &row, NULL) == ERR_NONE && row ? sql_int(st, 0) : 0;
    sql_reset(st);
    return n;
}

/* What the kiosk is to wait for. */
static int64_t intake_ack(struct intake *b)
{
    struct sql *db = b->hub->db;
    if (!sql_is_shared(db))
        return intake_opseq(db);
    struct sql_stmt *st = sql_get(db, "SELECT coalesce(max(xid), 0) FROM oplog WHERE kid = :kid");
    bool row = false;
    sql_bind_text(st, ":kid", b->kid);
    int64_t n = sql_step(st, &row, NULL) == ERR_NONE && row ? sql_int(st, 0) : 0;
    sql_reset(st);
    return n;
}

int64_t intake_safe_opseq(struct sql *db)
{
    char backups[8];
    if (sql_is_shared(db) && hub_meta_int(db, "standbys", 0) > 0) /* safety.c */
        return hub_meta_int(db, "safe_opseq", 0);
    hub_meta_str(db, "backups", "", backups, sizeof backups);
    return strcmp(backups, "none") == 0 ? intake_opseq(db) : hub_meta_int(db, "safe_opseq", 0);
}

static enum err intake_reply(struct intake *b, struct error *e)
{
    struct sql *db = b->hub->db;
    struct wire_reply r = {.ack_n = b->kiosk.log_n, .ack_opseq = intake_ack(b), .keys = b->keys->doc.n};
    struct buf rest;
    bool more = false;
    buf_init(&rest, WIRE_REPLY_MAX - WIRE_SMALL_MAX);
    enum err err = lease_write(db, b->keys, b->kid, &rest, e);
    for (int i = 0; i < b->recall_count; i++)
        wire_recall_write(b->recall[i], &rest);
    if (!err)
        err = inbox_write(db, b->kid, WIRE_DECISIONS, &rest, &more, e);
    if (!err && rest.overflow)
        err = error_set(e, ERR_TOO_BIG, "the reply to %s", b->kid);
    /* In the window the hub wants an empty batch: only then has the kiosk said everything. */
    r.more = more || (b->count > 0 && seats_in_window(db));
    r.safe_opseq = intake_safe_opseq(db);
    memcpy(r.nonce, b->v.nonce, sizeof r.nonce);
    memcpy(r.ack_h, b->kiosk.log_h, sizeof r.ack_h);
    intake_prove(b, r.proof, b->kiosk.inc, b->kiosk.log_n, b->kiosk.log_h);
    instant_format_utc(hub_now(b->hub), r.time);
    wire_reply_write(&r, &b->out->body);
    buf_add(&b->out->body, rest.data, rest.len);
    buf_done(&rest);
    b->out->status = 200;
    intake_sign(b);
    return err;
}

/* ---- working */

/* A new incarnation is a reset when the kiosk has spoken in this epoch before and its stock is gone (it may also begin
 * one by itself, to leave a bad operation out, and then keeps its stock). Two resets in a day look like a clone. */
static enum err intake_begin_log(struct intake *b, struct error *e)
{
    bool reset = b->kiosk.epoch >= b->v.epoch && b->v.held_count == 0;
    struct sql_stmt *st = sql_get(
        b->hub->db,
        "UPDATE kiosk SET resets = CASE WHEN :reset = 0 THEN resets WHEN reset_at > :day THEN resets + 1 ELSE 1 END, "
        "reset_at = CASE WHEN :reset = 1 AND reset_at <= :day THEN :now ELSE reset_at END WHERE kid = :kid RETURNING "
        "resets");
    bool row = false;
    sql_bind_int(st, ":reset", reset);
    sql_bind_int(st, ":day", hub_now(b->hub) - INTAKE_DAY);
    sql_bind_int(st, ":now", hub_now(b->hub));
    sql_bind_text(st, ":kid", b->kid);
    enum err err = sql_step(st, &row, e);
    if (!err && row && reset && sql_int(st, 0) >= 2)
        log_line(LOG_ERROR, "kiosk_clone_suspected", "kid=%s resets=%lld", b->kid, (long long)sql_int(st, 0));
    sql_reset(st);
    b->kiosk.inc = b->v.inc;
    b->kiosk.log_n = 0;
    memcpy(b->kiosk.log_h, wire_zero_hash, sizeof b->kiosk.log_h);
    if (!err)
        err = lease_bind_all(b->hub->db, b->kid, e);
    if (!err)
        err = inbox_reset(b->hub->db, b->kid, b->v.inbox, e);
    return err ? err : signup_tell_all(b->hub->db, b->kid, hub_now(b->hub) - INTAKE_KEPT, e);
}

static enum err intake_save_kiosk(struct intake *b, bool spoken, struct error *e)
{
    struct sql_stmt *st =
        sql_get(b->hub->db, "UPDATE kiosk SET inc = :inc, log_n = :n, log_h = :h, seen_at = :now, seen_seq = :seq, "
                            "silence = " DEMAND_SILENCE ", "
                            "epoch = CASE WHEN :spoken = 1 THEN :epoch ELSE epoch END WHERE kid = :kid");
    sql_bind_int(st, ":inc", b->kiosk.inc);
    sql_bind_int(st, ":n", b->kiosk.log_n);
    sql_bind_text(st, ":h", b->kiosk.log_h);
    sql_bind_int(st, ":now", hub_now(b->hub));
    sql_bind_int(st, ":seq", b->v.seen_seq);
    sql_bind_int(st, ":spoken", spoken);
    sql_bind_int(st, ":epoch", b->v.epoch);
    sql_bind_text(st, ":kid", b->kid);
    return sql_run(st, e);
}

static enum err intake_accept(struct intake *b, const char *h, struct error *e)
{
    struct sql *db = b->hub->db;
    int64_t last = b->v.first + b->count - 1;
    enum err err = lease_held(db, b->kid, b->v.held, b->v.held_count, b->recall, &b->recall_count, e);
    for (int i = 0; !err && i < b->count; i++)
        if (b->ops[i].n > b->kiosk.log_n)
            err = intake_apply(b, i, e);
    if (last > b->kiosk.log_n) {
        b->kiosk.log_n = last;
        memcpy(b->kiosk.log_h, h, sizeof b->kiosk.log_h);
    }
    if (!err)
        err = inbox_confirm(db, b->kid, b->v.inbox, e);
    if (!err)
        err = intake_save_kiosk(b, b->count == 0 && b->recall_count == 0, e);
    if (!err)
        err = seats_close_window(db, false, e);
    if (!err)
        err = lease_grant_coming(b->hub, b->keys, b->kid, e);
    return err ? err : intake_reply(b, e);
}

/* The kiosk knows more of this hub than the hub does, and can show it: it was restored from a backup, and no free seat is free until all
 * have spoken. One kiosk is believed once a day: one that lies must not stop the others. */
static enum err intake_restored(struct intake *b, bool *believed, struct error *e)
{
    char name[32];
    int64_t epoch = hub_meta_int(b->hub->db, "epoch", 1);
    int64_t shown = intake_forgotten_epoch(b, epoch), claimed = shown > b->v.epoch ? shown : b->v.epoch;
    snprintf(name, sizeof name, "raised:%s", b->kid);
    *believed = shown && claimed <= epoch + INTAKE_EPOCHS && hub_meta_int(b->hub->db, name, 0) <= hub_now(b->hub) - INTAKE_DAY;
    log_line(LOG_ERROR, *believed ? "hub_was_restored" : "kiosk_ahead", "kid=%s epoch=%lld claimed=%lld", b->kid,
             (long long)epoch, (long long)claimed);
    if (!*believed)
        return ERR_NONE;
    enum err err = seats_open_window(b->hub->db, claimed, e);
    return err ? err : hub_meta_set_int(b->hub->db, name, hub_now(b->hub), e);
}

/* The sign-ups of a batch that is told to begin anew in this epoch were taken in. Its log does not go on, but its end
 * is remembered: were an older image of the kiosk put back now, that would not know of them and keep their seats. */
static enum err intake_remember_log(struct intake *b, struct error *e)
{
    char h[WIRE_HEX + 1];
    memcpy(h, b->v.h0, sizeof h);
    for (int i = 0; i < b->count; i++)
        wire_chain(h, b->lines[i].s, b->lines[i].n);
    struct sql_stmt *st = sql_get(b->hub->db, "UPDATE kiosk SET inc = :inc, log_n = :n, log_h = :h WHERE kid = :kid");
    sql_bind_int(st, ":inc", b->v.inc);
    sql_bind_int(st, ":n", b->v.first + b->count - 1);
    sql_bind_text(st, ":h", h);
    sql_bind_text(st, ":kid", b->kid);
    return sql_run(st, e);
}

static enum err intake_answer_standing(struct intake *b, enum intake_standing s, const char *h, struct error *e)
{
    enum err err = ERR_NONE;
    switch (s) {
    case INTAKE_AHEAD:
        intake_say(b, 503, "this kiosk knows more of this hub than the hub does; the operator decides");
        return ERR_NONE;
    case INTAKE_GAP:
        intake_say(b, 503, "the part before this one has not come");
        return ERR_NONE;
    case INTAKE_NEW_LOG:
        err = intake_begin_log(b, e);
        return err ? err : intake_accept(b, h, e);
    case INTAKE_GOES_ON:
        return intake_accept(b, h, e);
    case INTAKE_OTHER_EPOCH:
        err = intake_remember_log(b, e);
        return err ? err : intake_refuse(b, s, e);
    default:
        return intake_refuse(b, s, e);
    }
}

/* Sign-ups are taken in before the state of the device is answered; but a restored hub first stops giving seats away.
 */
static enum err intake_work(struct intake *b, struct error *e)
{
    char h[WIRE_HEX + 1];
    bool believed = false;
    enum err err = intake_load_kiosk(b, e);
    if (!err)
        err = intake_hold_events(b, e);
    if (err)
        return err;
    enum intake_standing s = b->kiosk.revoked ? INTAKE_GOES_ON : intake_judge(b, h);
    if (!b->alone && (s == INTAKE_AHEAD || seats_in_window(b->hub->db))) {
        b->alone = true;
        return error_set(e, ERR_BUSY, "the batch has to be worked on alone");
    }
    if (s == INTAKE_AHEAD)
        err = intake_restored(b, &believed, e);
    if (!err && s != INTAKE_GAP)
        err = intake_ingest(b, b->kiosk.revoked, e);
    if (err)
        return err;
    if (b->kiosk.revoked) {
        intake_rule(b, 403, "revoked");
        return ERR_NONE;
    }
    return intake_answer_standing(b, believed ? INTAKE_OTHER_EPOCH : s, h, e);
}

static enum err intake_try(struct intake *b, struct error *e)
{
    struct sql *db = b->hub->db;
    buf_clear(&b->out->body);
    b->out->full_count = 0;
    b->out->sig[0] = '\0';
    memset(b->fresh, 0, WIRE_BATCH_OPS * sizeof *b->fresh);
    enum err err = b->alone ? sql_begin_alone(db, e) : sql_begin(db, e);
    b->working = true;
    if (!err)
        err = intake_work(b, e);
    if (!err)
        err = sql_commit(db, e);
    if (err)
        sql_rollback(db);
    b->working = false;
    return err;
}

/* Where several hubs write at once, two may stand in each other's way, or take the same sign-up in from two kiosks: the
 * one that was turned back does its work again. */
static void intake_transact(struct intake *b)
{
    struct error e = {0};
    bool shared = sql_is_shared(b->hub->db);
    int64_t begun = clock_mono_ms(&b->hub->clock);
    b->alone = !shared || seats_in_window(b->hub->db);
    enum err err = intake_try(b, &e);
    for (int i = 1; shared && i < INTAKE_TRIES && (err == ERR_BUSY || err == ERR_EXISTS) &&
                    clock_mono_ms(&b->hub->clock) - begun < INTAKE_PATIENCE_MS;
         i++)
        err = intake_try(b, &e);
    if (!err)
        return;
    char text[400];
    log_line(LOG_ERROR, "batch_failed", "kid=%s why=%s", b->kid, log_quote(text, sizeof text, e.text));
    intake_say(b, 503, "try again later");
}

void intake_run(struct hub *h, const struct keys *k, const char *kid, const char *sig, const struct wire_line *body,
                struct intake_answer *out)
{
    struct intake b = {.hub = h, .keys = k, .out = out};
    struct error e = {0};
    char before[WIRE_PATH], why[400];
    *out = (struct intake_answer){0};
    buf_init(&out->body, WIRE_REPLY_MAX);
    snprintf(b.kid, sizeof b.kid, "%s", kid);
    wire_batch_before(before, b.kid);
    int status = 0;
    if (intake_load_kiosk(&b, &e))
        intake_say(&b, 503, "try again later");
    else if (!b.kiosk.known || !wire_verify(sig, WIRE_DOMAIN_BATCH, before, body->s, body->n, b.kiosk.pk))
        intake_say(&b, 401, "unknown kiosk or signature");
    else if ((status = intake_parse(&b, body, &e)) == 400 && b.v.nonce[0])
        intake_rule(&b, 400, "malformed");
    else if (status != 0)
        intake_say(&b, status, e.text[0] ? e.text : "a batch holds an envelope and at most 200 operations");
    else
        intake_transact(&b);
    if (status != 0 && e.text[0])
        log_line(LOG_WARN, "batch_refused", "kid=%s status=%d why=%s", b.kid, status,
                 log_quote(why, sizeof why, e.text));
    free(b.ops);
    free(b.lines);
    free(b.fresh);
}
