/* Push: the batch, and what each answer means. */
#include "sync/exchange.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "kiosk/base/date.h"
#include "kiosk/base/log.h"
#include "sync/wire_reply.h"

enum {
    EXCHANGE_BODY = WIRE_BATCH_MAX - WIRE_SMALL_MAX, /* operations' bytes beside the envelope */
    EXCHANGE_REFUSALS = 3,
    EXCHANGE_ROUNDS = 500,    /* replies in a row that ask for one more: above, the hub goes round in circles */
    EXCHANGE_CLOCK_MS = 2000, /* the hub's time comes in whole seconds and late by the line: less is no news */
};

static enum exchange_result exchange_fail(struct exchange *x, enum fault fault)
{
    x->fault = fault;
    return EXCHANGE_FAILED;
}

static int64_t exchange_count(const struct exchange *x) { return x->batch.last - x->batch.first + 1; }

/* ---- the batch */

void exchange_write(struct exchange *x, struct wire_envelope *v, char sig[WIRE_SIG + 1])
{
    const struct ledger_batch *b = &x->batch;
    char before[WIRE_PATH];
    v->inc = b->inc;
    v->epoch = b->epoch;
    v->first = b->first;
    v->inbox = b->inbox;
    v->anchor_lost = b->anchor_lost;
    memcpy(v->h0, b->h0, sizeof v->h0);
    snprintf(v->proof, sizeof v->proof, "%s", b->proof);
    snprintf(v->mark, sizeof v->mark, "%s", b->mark);
    v->held_count = 0;
    for (int i = 0; i < b->held_count && i < WIRE_HELD; i++)
        v->held[v->held_count++] = b->held[i];
    buf_clear(&x->message);
    wire_envelope_write(v, &x->message);
    buf_add(&x->message, b->lines.data, b->lines.len);
    wire_batch_before(before, x->kid);
    wire_sign(sig, WIRE_DOMAIN_BATCH, before, x->message.data, x->message.len, x->sign_sk);
}

static enum err exchange_send(struct exchange *x, const char *sig, struct error *e)
{
    char path[WIRE_PATH];
    wire_batch_path(path, x->kid);
    struct transport_request q = {.path = path,
                                  .body = x->message.data,
                                  .body_len = x->message.len,
                                  .signature = sig,
                                  .type = "application/ck-sync+jsonl",
                                  .max = WIRE_REPLY_MAX};
    return x->transport->send(x->transport, &q, &x->answer, e);
}

static bool exchange_is_signed(const struct exchange *x)
{
    const struct buf *body = &x->answer.body;
    return wire_keys_verify(&x->keys->doc, x->answer.signature, WIRE_DOMAIN_REPLY, NULL,
                            &(struct wire_line){body->data, body->len});
}

/* ---- 200 */

/* The hub says it has the log up to n with hash h: is that our log? */
static bool exchange_ack_is_ours(const struct exchange *x, const struct wire_reply *r)
{
    const struct ledger_batch *b = &x->batch;
    char h[WIRE_HEX + 1];
    struct wire_line line;
    size_t pos = 0;
    enum ledger_fit fit;
    /* Later batches may have gone another way since: not this batch alone is the measure, but the log. */
    if (x->carried)
        return ledger_log_fit(x->ledger, r->ack_n, r->ack_h, &fit, NULL) == ERR_NONE && fit != LEDGER_STRANGE;
    if (r->ack_n > b->last)
        return false;
    if (r->ack_n < b->first - 1)
        return true; /* older than this batch: nothing is acknowledged by it */
    memcpy(h, b->h0, sizeof h);
    for (int64_t n = b->first; n <= r->ack_n; n++)
        if (!wire_next_line(b->lines.data, b->lines.len, &pos, &line) || !wire_chain(h, line.s, line.n))
            return false;
    return strcmp(h, r->ack_h) == 0;
}

static void exchange_learn_time(struct exchange *x, const char *time)
{
    int64_t at;
    if (x->carried || !instant_parse(time, &at))
        return;
    int64_t off = at * 1000 - clock_wall_ms(x->clock);
    if (x->clock->quality != CLOCK_OK || off > EXCHANGE_CLOCK_MS || off < -EXCHANGE_CLOCK_MS) {
        log_line(LOG_INFO, "clock-learned", "off_ms=%" PRId64, off);
        clock_learn(x->clock, at * 1000);
    }
}

static enum err exchange_take_grant(struct exchange *x, const struct wire_grant *g, struct error *e)
{
    if (!wire_keys_verify_grant(&x->keys->doc, g, x->kid)) {
        log_line(LOG_WARN, "lease-refused", "lease=%" PRId64 " why=signature", g->lease);
        return ERR_NONE;
    }
    struct ledger_grant to = {.lease = g->lease, .first = g->first, .last = g->last, .terms = (int)g->terms};
    snprintf(to.event, sizeof to.event, "%s", g->ev);
    snprintf(to.sig, sizeof to.sig, "%s", g->sig);
    return ledger_reply_grant(x->ledger, &to, e);
}

static enum err exchange_take_line(struct exchange *x, const struct wire_line *line, struct error *e)
{
    struct wire_reply_line in;
    if (wire_reply_line_parse(&in, line->s, line->n, NULL) != ERR_NONE) {
        /* Signed, so it is the hub's: a kind of decision this version does not know. The ledger keeps it. */
        enum err code = ledger_reply_decision(x->ledger, line->s, line->n, e);
        if (code == ERR_INVALID)
            log_line(LOG_WARN, "reply-line-skipped", "bytes=%zu", line->n);
        return code == ERR_INVALID ? ERR_NONE : code;
    }
    if (in.kind == WIRE_LINE_GRANT)
        return exchange_take_grant(x, &in.grant, e);
    if (in.kind == WIRE_LINE_RECALL)
        return ledger_reply_recall(x->ledger, in.recall, e);
    if (in.kind == WIRE_LINE_DECISION)
        return ledger_reply_decision(x->ledger, line->s, line->n, e);
    return ERR_NONE;
}

/* Everything a reply says, in one transaction. */
static enum err exchange_store(struct exchange *x, const struct wire_reply *r, size_t pos, struct error *e)
{
    const struct buf *body = &x->answer.body;
    struct wire_line line;
    enum err code = x->carried ? ledger_reply_begin_carried(x->ledger, x->carried->held, x->carried->held_count, e)
                               : ledger_reply_begin(x->ledger, e);
    if (code)
        return code;
    code = ledger_reply_ack(x->ledger, r->ack_n, r->ack_opseq, r->safe_opseq, e);
    if (!code)
        code = ledger_reply_proof(x->ledger, r->proof, e);
    while (!code && wire_next_line(body->data, body->len, &pos, &line))
        code = exchange_take_line(x, &line, e);
    if (!code)
        code = ledger_reply_commit(x->ledger, e);
    if (code)
        ledger_reply_abort(x->ledger);
    return code;
}

static enum exchange_result exchange_on_reply(struct exchange *x, const char *nonce, struct error *e)
{
    const struct buf *body = &x->answer.body;
    struct wire_line first;
    struct wire_reply r;
    size_t pos = 0;
    if (!exchange_is_signed(x)) {
        error_set(e, ERR_DENIED, "the reply is not signed by the hub's feed key");
        return exchange_fail(x, FAULT_SIGN);
    }
    if (!wire_next_line(body->data, body->len, &pos, &first) || wire_reply_parse(&r, first.s, first.n, e))
        return exchange_fail(x, FAULT_HUB);
    if (strcmp(r.nonce, nonce) != 0 || !exchange_ack_is_ours(x, &r)) {
        error_set(e, ERR_DENIED, "the reply is not to this batch");
        return exchange_fail(x, FAULT_SIGN);
    }
    enum err code = exchange_store(x, &r, pos, e);
    if (code)
        return exchange_fail(x, fault_of_store(code));
    exchange_learn_time(x, r.time);
    x->refusals = 0;
    x->max_ops = x->max_ops * 2 < WIRE_SEND_OPS ? x->max_ops * 2 : WIRE_SEND_OPS;
    x->new_keys = r.keys > x->keys->doc.n;
    if (x->carried)
        return EXCHANGE_DONE;
    /* Nothing of this batch taken: sending it again at once would only circle. */
    if (exchange_count(x) > 0 && r.ack_n < x->batch.first) {
        error_set(e, ERR_NET, "the hub took none of %" PRId64 " operations", exchange_count(x));
        return exchange_fail(x, FAULT_HUB);
    }
    if (!r.more && !ledger_has_unsent(x->ledger)) {
        x->rounds = 0;
        return EXCHANGE_DONE;
    }
    if (++x->rounds <= EXCHANGE_ROUNDS)
        return EXCHANGE_AGAIN;
    x->rounds = 0;
    error_set(e, ERR_NET, "the hub never comes to an end");
    return exchange_fail(x, FAULT_HUB);
}

/* ---- other answers */

/* A refusal that came by stick when newer messages had gone out: it is about a past that is over. */
static bool exchange_is_passed(const struct exchange *x, const char *nonce)
{
    if (!x->carried || ledger_carry_is_newest(x->ledger, nonce))
        return false;
    log_line(LOG_INFO, "refusal-passed", "status=%d", x->answer.status);
    return true;
}

static enum exchange_result exchange_on_refusal(struct exchange *x, const char *nonce, struct error *e)
{
    struct wire_refusal r;
    if (!exchange_is_signed(x)) {
        error_set(e, ERR_DENIED, "a refusal (409) that the hub's feed key did not sign");
        return exchange_fail(x, FAULT_SIGN);
    }
    if (wire_refusal_parse(&r, x->answer.body.data, x->answer.body.len, e))
        return exchange_fail(x, FAULT_HUB);
    if (exchange_is_passed(x, nonce))
        return EXCHANGE_DONE;
    if (strcmp(r.nonce, nonce) != 0 || r.newinc <= x->batch.inc || ++x->refusals > EXCHANGE_REFUSALS) {
        error_set(e, ERR_CONFLICT, "a refusal (409) that cannot be obeyed");
        return exchange_fail(x, FAULT_HUB);
    }
    bool reset = r.type == WIRE_RESET;
    log_line(LOG_WARN, "incarnation", "new=%" PRId64 " epoch=%" PRId64 " why=%s", r.newinc, r.epoch,
             reset ? r.why : "epoch");
    enum err code = ledger_new_incarnation(x->ledger, (uint32_t)r.newinc, (uint32_t)r.epoch, reset, e);
    if (!code)
        code = ledger_reply_proof(x->ledger, r.proof, e);
    return code ? exchange_fail(x, fault_of_store(code)) : EXCHANGE_AGAIN;
}

/* Whether this is the hub's word on this very batch: anything on the way can say 400 or 403. */
static bool exchange_is_verdict(const struct exchange *x, const char *type, const char *nonce)
{
    return exchange_is_signed(x) && wire_verdict_is(x->answer.body.data, x->answer.body.len, type, nonce);
}

static enum exchange_result exchange_on_malformed(struct exchange *x, const char *nonce, struct error *e)
{
    int64_t count = exchange_count(x);
    error_set(e, ERR_INVALID, "the hub refuses a batch of %" PRId64 " operations (%d)", count, x->answer.status);
    if (x->carried && (!exchange_is_verdict(x, "malformed", nonce) || exchange_is_passed(x, nonce)))
        return EXCHANGE_DONE;
    if (count > 1) {
        x->max_ops = (int)(count / 2);
        return EXCHANGE_AGAIN;
    }
    if (count < 1 || x->answer.status != 400 || !exchange_is_verdict(x, "malformed", nonce))
        return exchange_fail(x, FAULT_HUB);
    enum err code = ledger_set_aside(x->ledger, x->batch.first, e);
    /* The hub's log must not get a hole: what is left is told as a log of its own. */
    if (!code)
        code = ledger_new_incarnation(x->ledger, x->batch.inc + 1, x->batch.epoch, false, e);
    return code ? exchange_fail(x, fault_of_store(code)) : EXCHANGE_AGAIN;
}

enum exchange_result exchange_take(struct exchange *x, const char *nonce, struct error *e)
{
    switch (x->answer.status) {
    case 200:
        return exchange_on_reply(x, nonce, e);
    case 409:
        return exchange_on_refusal(x, nonce, e);
    case 400:
    case 413:
        return exchange_on_malformed(x, nonce, e);
    default:
        break;
    }
    error_set(e, ERR_NET, "the hub answers a batch with status %d", x->answer.status);
    switch (x->answer.status) {
    case 401:
        return exchange_fail(x, FAULT_REFUSED);
    case 403:
        return exchange_fail(x, exchange_is_verdict(x, "revoked", nonce) ? FAULT_REVOKED : FAULT_REFUSED);
    case 429:
    case 503:
        return exchange_fail(x, FAULT_BUSY);
    default:
        return exchange_fail(x, FAULT_HUB);
    }
}

enum exchange_result exchange_step(struct exchange *x, uint32_t seen_epoch, int64_t seen_seq, struct error *e)
{
    char sig[WIRE_SIG + 1];
    struct wire_envelope v = {.seen_epoch = seen_epoch, .seen_seq = seen_seq};
    x->fault = FAULT_NONE;
    x->retry_after_s = -1;
    x->new_keys = false;
    buf_clear(&x->batch.lines);
    enum err code = ledger_batch(x->ledger, &x->batch, x->max_ops, e);
    if (code)
        return exchange_fail(x, fault_of_store(code));
    wire_nonce(v.nonce);
    exchange_write(x, &v, sig);
    if (exchange_send(x, sig, e))
        return exchange_fail(x, x->answer.fault);
    x->retry_after_s = x->answer.retry_after_s;
    return exchange_take(x, v.nonce, e);
}

void exchange_init(struct exchange *x, struct transport *t, struct ledger *l, struct keyring *k, struct clock *c,
                   const uint8_t sign_sk[CRYPTO_SIGN_SECRET])
{
    *x = (struct exchange){
        .transport = t, .ledger = l, .keys = k, .clock = c, .sign_sk = sign_sk, .max_ops = WIRE_SEND_OPS};
    crypto_kid(x->kid, sign_sk + CRYPTO_SIGN_SECRET - CRYPTO_SIGN_PUBLIC);
    buf_init(&x->batch.lines, EXCHANGE_BODY);
    buf_init(&x->message, WIRE_BATCH_MAX + WIRE_SMALL_MAX);
    transport_answer_init(&x->answer);
}

void exchange_done(struct exchange *x)
{
    buf_done(&x->batch.lines);
    buf_done(&x->message);
    transport_answer_done(&x->answer);
}
