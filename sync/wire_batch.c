/* Envelopes and operations. Each kind of operation has one row in a table: how it is written and how it is read. */
#include "sync/wire_batch.h"

#include <stdio.h>
#include <string.h>

#include "sync/wire_field.h"

void wire_envelope_write(const struct wire_envelope *v, struct buf *out)
{
    struct json *j = json_new_object(), *seen = json_new_object(), *held = json_new_array();
    json_put_int(j, "v", 1);
    json_put_int(j, "inc", v->inc);
    json_put_int(j, "epoch", v->epoch);
    json_put_str(j, "nonce", v->nonce);
    if (v->part > 0)
        json_put_int(j, "part", v->part);
    json_put_int(j, "first", v->first);
    json_put_str(j, "h0", v->h0);
    json_put_int(seen, "epoch", v->seen_epoch);
    json_put_int(seen, "seq", v->seen_seq);
    json_put(j, "seen", seen);
    json_put_int(j, "inbox", v->inbox);
    json_put_bool(j, "anchor_lost", v->anchor_lost);
    if (v->proof[0])
        json_put_str(j, "proof", v->proof);
    if (v->mark[0])
        json_put_str(j, "mark", v->mark);
    for (int i = 0; i < v->held_count; i++)
        json_put_int(held, NULL, v->held[i]);
    json_put(j, "held", held);
    wire_put_line(j, out);
}

enum err wire_envelope_parse(struct wire_envelope *out, const char *line, size_t n, struct error *e)
{
    struct wire_in in;
    struct json *root;
    *out = (struct wire_envelope){0};
    enum err err = wire_in_open(&in, &root, line, n, WIRE_SMALL_MAX, e);
    if (err)
        return err;
    wire_in_int(&in, "v", 1, 1);
    out->inc = wire_in_int(&in, "inc", 1, UINT32_MAX);
    out->epoch = wire_in_int(&in, "epoch", 1, UINT32_MAX >> 11);
    wire_in_str(&in, "nonce", out->nonce, sizeof out->nonce, wire_ok_nonce);
    out->part = wire_in_has(&in, "part") ? wire_in_int(&in, "part", 1, JSON_INT_MAX) : 0;
    out->first = wire_in_int(&in, "first", 1, JSON_INT_MAX);
    wire_in_str(&in, "h0", out->h0, sizeof out->h0, wire_ok_hash);
    struct wire_in seen = {.j = json_get(root, "seen")};
    out->seen_epoch = wire_in_int(&seen, "epoch", 0, UINT32_MAX);
    out->seen_seq = wire_in_int(&seen, "seq", 0, JSON_INT_MAX);
    if (!in.bad)
        in.bad = seen.bad;
    out->inbox = wire_in_int(&in, "inbox", 0, JSON_INT_MAX);
    out->anchor_lost = wire_in_has(&in, "anchor_lost") && wire_in_bool(&in, "anchor_lost");
    wire_in_opt(&in, "proof", out->proof, sizeof out->proof, wire_ok_proof);
    wire_in_opt(&in, "mark", out->mark, sizeof out->mark, wire_ok_proof);
    out->held_count = wire_in_ints(&in, "held", out->held, WIRE_HELD);
    err = wire_in_close(&in, "batch envelope", e);
    json_free(root);
    return err;
}

/* ---- operations */

static void wire_op_put_seats(struct json *j, const struct wire_op *op)
{
    struct json *seats = json_new_array();
    for (int i = 0; i < op->seat_count; i++)
        json_put_int(seats, NULL, op->seats[i]);
    json_put(j, "seats", seats);
}

static void wire_op_put_block(struct json *j, const struct wire_op *op)
{
    struct json *block = json_new_object();
    json_put_int(block, "first", op->block_first);
    json_put_int(block, "last", op->block_last);
    json_put_int(block, "terms", op->block_terms);
    json_put_str(block, "sig", op->block_sig);
    json_put(j, "block", block);
}

static void wire_op_put_signup(struct json *j, const struct wire_op *op)
{
    struct json *box = json_new_object(), *at = json_new_object();
    json_put_str(j, "id", op->id);
    json_put_str(j, "code", op->code);
    json_put_str(j, "ev", op->ev);
    json_put_int(j, "terms", op->terms);
    json_put_int(j, "party", op->party);
    wire_op_put_seats(j, op);
    json_put_int(j, "lease", op->lease);
    if (op->block_sig[0])
        wire_op_put_block(j, op);
    json_put_str(j, "form", op->form);
    json_put_str(box, "key", op->box_key);
    wire_put_bytes(box, "ct", op->box, op->box_len);
    json_put(j, "box", box);
    json_put_str(at, "t", op->at);
    json_put_str(at, "q", op->quality);
    json_put_str(at, "boot", op->boot);
    json_put_int(at, "mono", op->mono);
    json_put(j, "at", at);
}

static void wire_op_put_cancel(struct json *j, const struct wire_op *op)
{
    json_put_str(j, "id", op->id);
    json_put_str(j, "code", op->code);
}

static void wire_op_put_return(struct json *j, const struct wire_op *op)
{
    json_put_str(j, "ev", op->ev);
    json_put_int(j, "lease", op->lease);
    wire_op_put_seats(j, op);
}

static void wire_op_put_want(struct json *j, const struct wire_op *op)
{
    json_put_str(j, "ev", op->ev);
    json_put_int(j, "seats", op->want);
}

static void wire_op_put_find(struct json *j, const struct wire_op *op) { json_put_str(j, "code", op->code); }

static void wire_op_get_seats(struct wire_in *in, struct wire_op *op)
{
    int64_t seats[WIRE_PARTY_MAX];
    op->seat_count = wire_in_ints(in, "seats", seats, WIRE_PARTY_MAX);
    for (int i = 0; i < op->seat_count; i++) {
        if (seats[i] > INT32_MAX)
            in->bad = "seats";
        op->seats[i] = (int)seats[i];
    }
}

static bool wire_ok_quality(const char *s)
{
    return strcmp(s, "ok") == 0 || strcmp(s, "suspect") == 0 || strcmp(s, "unset") == 0;
}

static bool wire_ok_time_or_none(const char *s) { return !*s || wire_ok_time(s); }

static void wire_op_get_box(struct wire_in *in, struct wire_op *op)
{
    struct wire_in box = {.j = json_get(in->j, "box")};
    wire_in_str(&box, "key", op->box_key, sizeof op->box_key, wire_ok_word);
    const char *ct = json_str(box.j, "ct", "");
    if (!crypto_from_b64(op->box, sizeof op->box, &op->box_len, ct) || op->box_len <= CRYPTO_SEAL_EXTRA)
        box.bad = "ct";
    if (!in->bad)
        in->bad = box.bad;
}

static void wire_op_get_at(struct wire_in *in, struct wire_op *op)
{
    struct wire_in at = {.j = json_get(in->j, "at")};
    wire_in_opt(&at, "t", op->at, sizeof op->at, wire_ok_time_or_none);
    wire_in_str(&at, "q", op->quality, sizeof op->quality, wire_ok_quality);
    wire_in_opt(&at, "boot", op->boot, sizeof op->boot, NULL);
    op->mono = wire_in_int(&at, "mono", 0, JSON_INT_MAX);
    if (!in->bad)
        in->bad = at.bad;
}

/* It may be left out: then a hub that forgot the lease will not honour it. */
static void wire_op_get_block(struct wire_in *in, struct wire_op *op)
{
    struct wire_in block = {.j = json_get(in->j, "block")};
    if (!json_is_object(block.j) || !op->lease)
        return;
    op->block_first = (int)wire_in_int(&block, "first", 1, INT32_MAX);
    op->block_last = (int)wire_in_int(&block, "last", op->block_first, INT32_MAX);
    op->block_terms = wire_in_int(&block, "terms", 0, UINT16_MAX);
    wire_in_str(&block, "sig", op->block_sig, sizeof op->block_sig, wire_ok_sig);
    if (!in->bad)
        in->bad = block.bad;
}

static void wire_op_get_signup(struct wire_in *in, struct wire_op *op)
{
    wire_in_str(in, "id", op->id, sizeof op->id, wire_ok_id);
    wire_in_str(in, "code", op->code, sizeof op->code, wire_ok_code);
    wire_in_str(in, "ev", op->ev, sizeof op->ev, wire_ok_id);
    op->terms = wire_in_int(in, "terms", 0, UINT16_MAX);
    op->party = (int)wire_in_int(in, "party", 1, WIRE_PARTY_MAX);
    wire_op_get_seats(in, op);
    op->lease = wire_in_has(in, "lease") ? wire_in_int(in, "lease", 0, JSON_INT_MAX) : 0;
    if (op->seat_count && (op->seat_count != op->party || !op->lease))
        in->bad = "seats";
    if (!op->seat_count)
        op->lease = 0;
    wire_op_get_block(in, op);
    wire_in_opt(in, "form", op->form, sizeof op->form, NULL);
    wire_op_get_box(in, op);
    wire_op_get_at(in, op);
}

static void wire_op_get_cancel(struct wire_in *in, struct wire_op *op)
{
    wire_in_str(in, "id", op->id, sizeof op->id, wire_ok_id);
    wire_in_str(in, "code", op->code, sizeof op->code, wire_ok_code);
}

static void wire_op_get_return(struct wire_in *in, struct wire_op *op)
{
    wire_in_str(in, "ev", op->ev, sizeof op->ev, wire_ok_id);
    op->lease = wire_in_int(in, "lease", 1, JSON_INT_MAX);
    wire_op_get_seats(in, op);
    if (!op->seat_count)
        in->bad = "seats";
}

static void wire_op_get_want(struct wire_in *in, struct wire_op *op)
{
    wire_in_str(in, "ev", op->ev, sizeof op->ev, wire_ok_id);
    op->want = (int)wire_in_int(in, "seats", 1, WIRE_PARTY_MAX);
}

static void wire_op_get_find(struct wire_in *in, struct wire_op *op)
{
    wire_in_str(in, "code", op->code, sizeof op->code, wire_ok_code);
}

static const struct wire_op_row {
    const char *name;
    void (*put)(struct json *j, const struct wire_op *op);
    void (*get)(struct wire_in *in, struct wire_op *op);
} wire_ops[WIRE_OP_COUNT] = {
    [WIRE_OP_SIGNUP] = {"signup", wire_op_put_signup, wire_op_get_signup},
    [WIRE_OP_CANCEL] = {"cancel", wire_op_put_cancel, wire_op_get_cancel},
    [WIRE_OP_RETURN] = {"return", wire_op_put_return, wire_op_get_return},
    [WIRE_OP_WANT] = {"want", wire_op_put_want, wire_op_get_want},
    [WIRE_OP_FIND] = {"find", wire_op_put_find, wire_op_get_find},
};

const char *wire_op_name(enum wire_op_kind kind) { return wire_ops[kind].name; }

void wire_op_write(const struct wire_op *op, struct buf *out)
{
    struct json *j = json_new_object();
    json_put_int(j, "n", op->n);
    json_put_str(j, "op", wire_ops[op->kind].name);
    wire_ops[op->kind].put(j, op);
    json_write(j, out);
    json_free(j);
}

static int wire_op_kind_of(const char *name)
{
    for (int i = 0; i < WIRE_OP_COUNT; i++)
        if (strcmp(wire_ops[i].name, name) == 0)
            return i;
    return -1;
}

enum err wire_op_parse(struct wire_op *out, const char *line, size_t n, struct error *e)
{
    struct wire_in in;
    struct json *root;
    memset(out, 0, sizeof *out);
    enum err err = wire_in_open(&in, &root, line, n, WIRE_OP_MAX, e);
    if (err)
        return err;
    out->n = wire_in_int(&in, "n", 1, JSON_INT_MAX);
    int kind = wire_op_kind_of(json_str(root, "op", ""));
    if (kind < 0) {
        in.bad = "op";
    } else {
        out->kind = (enum wire_op_kind)kind;
        wire_ops[kind].get(&in, out);
    }
    err = wire_in_close(&in, "operation", e);
    json_free(root);
    return err;
}

bool wire_chain(char h[WIRE_HEX + 1], const char *line, size_t n)
{
    uint8_t before[CRYPTO_HASH], after[CRYPTO_HASH];
    if (!wire_is_hash(h) || !crypto_from_hex(before, sizeof before, h))
        return false;
    crypto_digest2(after, before, sizeof before, line, n);
    crypto_hex(h, after, sizeof after);
    return true;
}

void wire_batch_path(char out[WIRE_PATH], const char *kid) { snprintf(out, WIRE_PATH, "/v1/kiosks/%.10s/sync", kid); }
void wire_batch_before(char out[WIRE_PATH], const char *kid)
{
    snprintf(out, WIRE_PATH, "POST\n/v1/kiosks/%.10s/sync", kid);
}
