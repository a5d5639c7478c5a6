/* Batches onto a stick, receipts off it. */
#include "sync/carry.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "kiosk/base/log.h"
#include "sync/wire_reply.h"

enum { CARRY_PARTS = 10000 };

void carry_init(struct carry *c, struct exchange *x, struct stick *s, int64_t now)
{
    *c = (struct carry){.exchange = x, .stick = s, .now = now};
    snprintf(c->up, sizeof c->up, "kiosks/%s/up", x->kid);
    snprintf(c->down, sizeof c->down, "kiosks/%s/down", x->kid);
}

static enum err carry_put(struct carry *c, struct stick_manifest *m, const char *base, const char *sig,
                          const char *what, struct error *e)
{
    char name[STICK_NAME];
    struct buf text;
    snprintf(name, sizeof name, "%s.batch", base);
    enum err code = stick_part_write(c->stick, m, name, &c->exchange->message, what, e);
    if (code)
        return code;
    buf_init(&text, WIRE_SIG + 1);
    buf_addf(&text, "%s\n", sig);
    snprintf(name, sizeof name, "%s.sig", base);
    code = stick_part_write(c->stick, m, name, &text, "the kiosk's signature", e);
    buf_done(&text);
    return code;
}

/* ---- batches */

/* One batch of what comes after operation *after. *empty: there was nothing more, it is the last. */
static enum err carry_write_part(struct carry *c, struct stick_manifest *m, struct wire_envelope *v, int64_t *after,
                                 bool *empty, struct error *e)
{
    struct exchange *x = c->exchange;
    char sig[WIRE_SIG + 1], hash[WIRE_HEX + 1], base[64], what[STICK_WORDS];
    buf_clear(&x->batch.lines);
    enum err code = ledger_batch_after(x->ledger, &x->batch, *after, ledger_carry_ops(x->ledger, WIRE_BATCH_OPS), e);
    if (code)
        return code;
    int64_t count = x->batch.last - x->batch.first + 1;
    exchange_write(x, v, sig);
    wire_hash(hash, x->message.data, x->message.len);
    snprintf(base, sizeof base, "%04" PRId64 "-%.16s", v->part, hash);
    if (count > 0)
        snprintf(what, sizeof what, "operations %" PRId64 "-%" PRId64 ", sealed", x->batch.first, x->batch.last);
    else
        snprintf(what, sizeof what, "asks for decisions");
    *after = x->batch.last;
    *empty = count <= 0;
    c->batches++;
    c->operations += (int)count;
    return carry_put(c, m, base, sig, what, e);
}

enum err carry_write(struct carry *c, const char *host, uint32_t seen_epoch, int64_t seen_seq, struct error *e)
{
    struct wire_envelope *v = mem_new(1, sizeof *v);
    struct stick_manifest m, before = {0};
    char from[48], to[144];
    bool last = false;
    int64_t after = 0;
    snprintf(from, sizeof from, "kiosk %s", c->exchange->kid);
    snprintf(to, sizeof to, "hub %s", host);
    stick_manifest_init(&m, c->up, from, to, c->now);
    *v = (struct wire_envelope){.seen_epoch = seen_epoch, .seen_seq = seen_seq};
    wire_nonce(v->nonce);
    c->batches = c->operations = 0;
    if (stick_part_load(c->stick, c->up, &before, NULL) != ERR_NONE)
        before.count = 0;
    enum err code = stick_write_readme(c->stick, e);
    if (!code)
        code = ledger_carry_begin(c->exchange->ledger, v->nonce, e);
    for (v->part = 1; !code && !last && v->part <= CARRY_PARTS; v->part++)
        code = carry_write_part(c, &m, v, &after, &last, e);
    if (!code)
        code = stick_part_finish(c->stick, &m, &before, e);
    stick_manifest_done(&before);
    stick_manifest_done(&m);
    free(v);
    return code;
}

/* ---- receipts */

/* A batch of this kiosk's own, as it lies on the stick; the envelope goes to v, its lines to the exchange. ERR_GONE: it
 * belongs to a log that this kiosk has left. */
static enum err carry_recall(struct carry *c, const struct buf *batch, const char *sig, struct wire_envelope *v,
                             struct error *e)
{
    struct exchange *x = c->exchange;
    struct ledger_identity id;
    struct wire_line line;
    size_t pos = 0;
    char before[WIRE_PATH];
    wire_batch_before(before, x->kid);
    if (!wire_verify(sig, WIRE_DOMAIN_BATCH, before, batch->data, batch->len,
                     x->sign_sk + CRYPTO_SIGN_SECRET - CRYPTO_SIGN_PUBLIC))
        return error_set(e, ERR_DENIED, "%s/%s: a batch that this kiosk did not sign", c->stick->name, c->up);
    if (!wire_next_line(batch->data, batch->len, &pos, &line))
        return error_set(e, ERR_INVALID, "%s/%s: an empty batch", c->stick->name, c->up);
    enum err code = wire_envelope_parse(v, line.s, line.n, e);
    if (!code)
        code = ledger_identity(x->ledger, &id, e);
    if (code)
        return code;
    if (v->inc != id.inc || v->epoch != id.epoch)
        return error_set(e, ERR_GONE, "%s/%s: a message of an earlier log", c->stick->name, c->up);
    x->batch.inc = id.inc;
    x->batch.epoch = id.epoch;
    x->batch.first = v->first;
    x->batch.last = v->first - 1;
    memcpy(x->batch.h0, v->h0, sizeof x->batch.h0);
    buf_clear(&x->batch.lines);
    buf_add(&x->batch.lines, batch->data + pos, batch->len - pos);
    while (wire_next_line(batch->data, batch->len, &pos, &line))
        x->batch.last++;
    return ERR_NONE;
}

/* What the status was that the same bytes would have had over HTTP. They are signed, a status would not be. */
static int carry_status(const struct buf *body, const char *nonce)
{
    struct wire_refusal r;
    if (wire_refusal_parse(&r, body->data, body->len, NULL) == ERR_NONE)
        return 409;
    if (wire_verdict_is(body->data, body->len, "malformed", nonce))
        return 400;
    return wire_verdict_is(body->data, body->len, "revoked", nonce) ? 403 : 200;
}

static enum err carry_take(struct carry *c, const struct wire_envelope *v, struct error *e)
{
    struct exchange *x = c->exchange;
    int ops = ledger_carry_ops(x->ledger, WIRE_BATCH_OPS), before = x->max_ops;
    enum err code = ERR_NONE;
    x->answer.status = carry_status(&x->answer.body, v->nonce);
    x->carried = v;
    x->max_ops = ops;
    x->refusals = 0;
    x->fault = FAULT_NONE;
    enum exchange_result result = exchange_take(x, v->nonce, e);
    if (x->answer.status == 400 && x->max_ops < ops)
        code = ledger_carry_set_ops(x->ledger, x->max_ops, e);
    else if (x->answer.status == 200 && result != EXCHANGE_FAILED && ops < WIRE_BATCH_OPS)
        code = ledger_carry_set_ops(x->ledger, WIRE_BATCH_OPS, e);
    x->carried = NULL;
    x->max_ops = before;
    c->fault = x->fault;
    if (result == EXCHANGE_FAILED)
        code = e && e->code ? e->code : ERR_DENIED;
    else
        c->receipts++;
    log_line(LOG_INFO, "receipt", "status=%d fault=%s", x->answer.status, fault_name(x->fault));
    return code;
}

/* Text of a file whose rest after the first line end does not count. */
static enum err carry_read_sig(struct carry *c, const struct stick_manifest *m, const char *base,
                               char out[WIRE_SIG + 1], struct error *e)
{
    char name[STICK_NAME];
    struct buf text;
    buf_init(&text, 200);
    snprintf(name, sizeof name, "%.100s.sig", base);
    enum err code = stick_part_read(c->stick, m, name, &text, e);
    snprintf(out, WIRE_SIG + 1, "%.*s", (int)strcspn(text.data, "\r\n"), text.data);
    buf_done(&text);
    return code;
}

/* The receipt "BASE.reply" and the batch it is to, "BASE.batch" in the part up. */
static enum err carry_read_receipt(struct carry *c, const struct stick_manifest *up, const struct stick_manifest *down,
                                   const char *base, struct error *e)
{
    struct wire_envelope *v = mem_new(1, sizeof *v);
    struct transport_answer *a = &c->exchange->answer;
    char name[STICK_NAME], sig[WIRE_SIG + 1];
    struct buf batch;
    buf_init(&batch, WIRE_BATCH_MAX + WIRE_SMALL_MAX);
    transport_answer_clear(a, WIRE_REPLY_MAX);
    snprintf(name, sizeof name, "%.100s.batch", base);
    enum err code = stick_manifest_find(up, name) ? stick_part_read(c->stick, up, name, &batch, e)
                                                  : error_set(e, ERR_GONE, "%s: not on this stick any more", name);
    if (!code)
        code = carry_read_sig(c, up, base, sig, e);
    if (!code)
        code = carry_recall(c, &batch, sig, v, e);
    snprintf(name, sizeof name, "%.100s.reply", base);
    if (!code)
        code = stick_part_read(c->stick, down, name, &a->body, e);
    if (!code)
        code = carry_read_sig(c, down, base, a->signature, e);
    if (!code)
        code = carry_take(c, v, e);
    buf_done(&batch);
    free(v);
    if (code == ERR_GONE) {
        log_line(LOG_INFO, "receipt-passed", "why=old");
        return ERR_NONE;
    }
    return code;
}

static enum err carry_read_all(struct carry *c, const struct stick_manifest *up, const struct stick_manifest *down,
                               struct error *e)
{
    static const char end[] = ".reply";
    enum err code = ERR_NONE;
    for (size_t i = 0; i < down->count && !code; i++) {
        char base[STICK_NAME];
        size_t n = strlen(down->files[i].name);
        if (n <= sizeof end - 1 || strcmp(down->files[i].name + n - (sizeof end - 1), end) != 0)
            continue;
        snprintf(base, sizeof base, "%.*s", (int)(n - (sizeof end - 1)), down->files[i].name);
        code = carry_read_receipt(c, up, down, base, e);
        if (code)
            error_prefix(e, "%s/%s", c->down, down->files[i].name);
    }
    return code;
}

enum err carry_read(struct carry *c, struct error *e)
{
    struct stick_manifest up = {0}, down = {0};
    c->receipts = 0;
    c->fault = FAULT_NONE;
    enum err code = stick_part_load(c->stick, c->down, &down, e);
    if (!code)
        code = stick_part_load(c->stick, c->up, &up, e);
    /* Nothing was sent by this stick, or nothing was answered. */
    if (code == ERR_NOT_FOUND)
        code = ERR_NONE;
    else if (!code)
        code = carry_read_all(c, &up, &down, e);
    stick_manifest_done(&up);
    stick_manifest_done(&down);
    return code;
}
