/* rogue URL CODE EVENT KID LEASE SEAT ID TICKET: a kiosk of the hub at URL that is enrolled like any other (CODE) and means harm. It knows
 * everything of another kiosk KID but its key: a LEASE and SEAT of EVENT that one holds, the ID and TICKET code of a sign-up made there. For each thing it
 * tries a line "NAME STATUS STATE": the hub's status, and what it was told of its sign-up ("-": nothing). */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sync/transport.h"
#include "sync/wire_batch.h"
#include "sync/wire_enrol.h"
#include "sync/wire_reply.h"

struct rogue {
    struct transport *t;
    const char *ev, *victim, *id, *ticket;
    int64_t lease;
    int seat;
    char kid[CRYPTO_KID + 1];
    uint8_t pk[CRYPTO_SIGN_PUBLIC], sk[CRYPTO_SIGN_SECRET];
    struct wire_envelope next; /* as an honest kiosk's next batch would begin */
    struct buf sent;           /* the last batch that was taken, and its signature */
    char sent_sig[WIRE_SIG + 1];
    char told[32]; /* the state of the newest decision */
};

static void rogue_check(enum err err, const struct error *e)
{
    if (err)
        die("rogue: %s", e->text);
}

static void rogue_enrol(struct rogue *r, const char *code)
{
    struct wire_enrol m = {0};
    struct wire_enrolled in;
    struct transport_answer a;
    struct error e = {0};
    struct buf ask;
    char plain[ENROL_LEN + 1];
    if (!enrol_code_read(plain, code))
        die("rogue: no code");
    crypto_sign_keys(r->pk, r->sk);
    memcpy(m.code4, plain, WIRE_CODE4);
    memcpy(m.pk, r->pk, sizeof m.pk);
    wire_nonce(m.nonce);
    wire_enrol_sign(&m, plain);
    buf_init(&ask, WIRE_SMALL_MAX);
    wire_enrol_write(&m, &ask);
    transport_answer_init(&a);
    struct transport_request q = {.path = "/v1/enrol", .body = ask.data, .body_len = ask.len, .max = WIRE_SMALL_MAX};
    rogue_check(r->t->send(r->t, &q, &a, &e), &e);
    rogue_check(wire_enrolled_parse(&in, a.body.data, a.body.len, &e), &e);
    memcpy(r->kid, in.kid, sizeof r->kid);
    r->next = (struct wire_envelope){.inc = in.inc, .epoch = in.epoch, .first = 1, .seen_epoch = in.epoch};
    memcpy(r->next.h0, wire_zero_hash, sizeof r->next.h0);
    transport_answer_done(&a);
    buf_done(&ask);
}

/* What an answer teaches: where the log stands, what was decided. */
static void rogue_learn(struct rogue *r, const struct transport_answer *a)
{
    struct wire_reply reply;
    struct wire_reply_line in;
    struct wire_line line;
    size_t pos = 0;
    if (a->status != 200 || !wire_next_line(a->body.data, a->body.len, &pos, &line) ||
        wire_reply_parse(&reply, line.s, line.n, NULL))
        return;
    r->next.first = reply.ack_n + 1;
    memcpy(r->next.h0, reply.ack_h, sizeof r->next.h0);
    while (wire_next_line(a->body.data, a->body.len, &pos, &line))
        if (wire_reply_line_parse(&in, line.s, line.n, NULL) == ERR_NONE && in.kind == WIRE_LINE_DECISION) {
            r->next.inbox = in.decision.dn;
            snprintf(r->told, sizeof r->told, "%s", wire_state_name(in.decision.st));
        }
}

static void rogue_post(struct rogue *r, const char *name, const char *kid, const struct buf *body, const char *sig)
{
    char path[WIRE_PATH];
    struct transport_answer a;
    struct error e = {0};
    transport_answer_init(&a);
    wire_batch_path(path, kid);
    struct transport_request q = {
        .path = path, .body = body->data, .body_len = body->len, .signature = sig, .max = WIRE_REPLY_MAX};
    snprintf(r->told, sizeof r->told, "-");
    if (r->t->send(r->t, &q, &a, &e))
        printf("%s none %s\n", name, e.text);
    else
        rogue_learn(r, &a);
    if (a.status)
        printf("%s %d %s\n", name, a.status, r->told);
    transport_answer_done(&a);
}

/* A batch of these operations under that envelope, to `kid`. */
static void rogue_say_as(struct rogue *r, const char *name, const char *kid, struct wire_envelope v, struct wire_op *ops, int count)
{
    char before[WIRE_PATH];
    wire_nonce(v.nonce);
    buf_clear(&r->sent);
    wire_envelope_write(&v, &r->sent);
    for (int i = 0; i < count; i++) {
        ops[i].n = v.first + i;
        wire_op_write(&ops[i], &r->sent);
        buf_add_char(&r->sent, '\n');
    }
    wire_batch_before(before, kid);
    wire_sign(r->sent_sig, WIRE_DOMAIN_BATCH, before, r->sent.data, r->sent.len, r->sk);
    rogue_post(r, name, kid, &r->sent, r->sent_sig);
}

static void rogue_say(struct rogue *r, const char *name, struct wire_op op)
{
    rogue_say_as(r, name, r->kid, r->next, &op, 1);
}

static struct wire_op rogue_signup(const struct rogue *r, int64_t lease, int seat)
{
    struct wire_op op = {.kind = WIRE_OP_SIGNUP, .terms = 1, .party = 1, .box_len = CRYPTO_SEAL_EXTRA + 9, .lease = lease};
    crypto_uuid(op.id, 1767225600000);
    code_make(op.code);
    snprintf(op.ev, sizeof op.ev, "%s", r->ev);
    snprintf(op.box_key, sizeof op.box_key, "x1");
    snprintf(op.quality, sizeof op.quality, "ok");
    op.seat_count = lease ? 1 : 0;
    op.seats[0] = seat;
    return op;
}

static struct wire_op rogue_about(enum wire_op_kind kind, const char *id, const char *code)
{
    struct wire_op op = {.kind = kind};
    snprintf(op.id, sizeof op.id, "%s", id);
    snprintf(op.code, sizeof op.code, "%s", code);
    return op;
}

static void rogue_on_seats(struct rogue *r)
{
    int64_t epoch = r->next.epoch << 32;
    rogue_say(r, "seat-of-another", rogue_signup(r, r->lease, r->seat));
    rogue_say(r, "invented-lease", rogue_signup(r, epoch | 0x7ffffff0, r->seat));
    rogue_say(r, "lease-to-come", rogue_signup(r, (r->next.epoch + 1) << 32 | 1, r->seat));
    rogue_say(r, "seat-beyond", rogue_signup(r, r->lease, 5000));
    struct wire_op back = {.kind = WIRE_OP_RETURN, .lease = r->lease, .seat_count = 1, .seats = {r->seat}};
    snprintf(back.ev, sizeof back.ev, "%s", r->ev);
    rogue_say(r, "return-of-another", back);
    struct wire_envelope v = r->next;
    v.held[0] = r->lease;
    v.held_count = 1;
    rogue_say_as(r, "holds-anothers", r->kid, v, NULL, 0);
}

static void rogue_on_signups(struct rogue *r)
{
    char wrong[CODE_LEN + 1];
    struct wire_op op = rogue_signup(r, 0, 0);
    code_make(wrong);
    rogue_say(r, "cancel-by-id", rogue_about(WIRE_OP_CANCEL, r->id, wrong));
    memcpy(op.id, r->id, sizeof op.id);
    rogue_say(r, "same-id", op);
    snprintf(op.code, sizeof op.code, "%s", r->ticket);
    rogue_say(r, "same-id-and-code", op);
    op = rogue_signup(r, 0, 0);
    snprintf(op.code, sizeof op.code, "%s", r->ticket);
    rogue_say(r, "same-code", op);
    rogue_say(r, "find-guessed", rogue_about(WIRE_OP_FIND, "", wrong));
}

static void rogue_on_others(struct rogue *r)
{
    struct wire_op op = rogue_signup(r, 0, 0);
    struct buf body;
    rogue_say_as(r, "as-another", r->victim, r->next, &op, 1);
    rogue_say_as(r, "as-nobody", "aaaaaaaaaa", r->next, &op, 1);
    rogue_say(r, "own-signup", op);
    buf_init(&body, WIRE_BATCH_MAX);
    buf_add(&body, r->sent.data, r->sent.len);
    rogue_post(r, "replayed", r->kid, &body, r->sent_sig);
    rogue_post(r, "signature-moved", r->victim, &body, r->sent_sig);
    body.data[body.len / 2] ^= 1;
    rogue_post(r, "altered", r->kid, &body, r->sent_sig);
    buf_done(&body);
}

static void rogue_on_the_log(struct rogue *r)
{
    struct wire_envelope v = r->next;
    struct wire_op op = rogue_signup(r, 0, 0);
    v.first--;
    memcpy(v.h0, wire_zero_hash, sizeof v.h0);
    rogue_say_as(r, "forked", r->kid, v, &op, 1);
    v = r->next;
    v.first += 5;
    rogue_say_as(r, "gap", r->kid, v, &op, 1);
    v = r->next;
    v.inbox = 1000000;
    rogue_say_as(r, "heard-everything", r->kid, v, NULL, 0);
    v = r->next;
    v.epoch = v.seen_epoch = 1000000;
    rogue_say_as(r, "epoch-of-nowhere", r->kid, v, NULL, 0);
}

static void rogue_on_limits(struct rogue *r)
{
    enum { MANY = WIRE_BATCH_OPS + 1 };
    static struct wire_op ops[MANY];
    struct buf body;
    char sig[WIRE_SIG + 1], before[WIRE_PATH];
    for (int i = 0; i < MANY; i++)
        ops[i] = rogue_signup(r, 0, 0);
    buf_done(&r->sent);
    buf_init(&r->sent, 2 << 20);
    rogue_say_as(r, "too-many", r->kid, r->next, ops, MANY);
    buf_init(&body, 8 << 20);
    while (body.len < 4 << 20)
        buf_add_str(&body, "{\"v\":1,\"inc\":1}\n");
    wire_batch_before(before, r->kid);
    wire_sign(sig, WIRE_DOMAIN_BATCH, before, body.data, body.len, r->sk);
    rogue_post(r, "huge", r->kid, &body, sig);
    buf_clear(&body);
    buf_add_str(&body, "{\"v\":1,\"inc\":{}}\n");
    wire_sign(sig, WIRE_DOMAIN_BATCH, before, body.data, body.len, r->sk);
    rogue_post(r, "malformed", r->kid, &body, sig);
    buf_done(&body);
}

int main(int argc, char **argv)
{
    struct rogue r = {0};
    struct error e = {0};
    if (argc != 9)
        return 2;
    rogue_check(transport_curl_new(&r.t, argv[1], NULL, NULL, NULL, &e), &e);
    setvbuf(stdout, NULL, _IOLBF, 0);
    r.ev = argv[3];
    r.victim = argv[4];
    r.lease = strtoll(argv[5], NULL, 10);
    r.seat = (int)strtol(argv[6], NULL, 10);
    r.id = argv[7];
    r.ticket = argv[8];
    buf_init(&r.sent, WIRE_BATCH_MAX);
    rogue_enrol(&r, argv[2]);
    rogue_say_as(&r, "hello", r.kid, r.next, NULL, 0);
    rogue_on_seats(&r);
    rogue_on_signups(&r);
    rogue_on_others(&r);
    rogue_on_limits(&r);
    rogue_on_the_log(&r);
    buf_done(&r.sent);
    transport_free(r.t);
    return 0;
}
