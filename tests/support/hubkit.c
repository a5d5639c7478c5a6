/* A hub and kiosks in one process. */
#include "tests/support/hubkit.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "sync/hub/serve/admission.h"
#include "sync/hub/sql_pg.h"

static void hubkit_check(enum err err, const struct error *e)
{
    if (err)
        fail_msg("%s: %s", error_name(err), e->text);
}

/* A schema of its own for each kit, so that it begins empty. */
static void hubkit_database(struct hubkit *k)
{
    struct error e = {0};
    struct sql *db = NULL;
    char script[200];
    const char *url = getenv("SOSEDI_DATABASE");
    if (!url || !*url)
        return;
    snprintf(script, sizeof script, "DROP SCHEMA IF EXISTS kit%d CASCADE; CREATE SCHEMA kit%d", (int)getpid(),
             (int)getpid());
    hubkit_check(sql_pg_open(&db, url, NULL, &e), &e);
    hubkit_check(sql_exec(db, script, &e), &e);
    sql_close(db);
    snprintf(k->database, sizeof k->database, "%s%coptions=-csearch_path%%3Dkit%d", url, strchr(url, '?') ? '&' : '?',
             (int)getpid());
}

void hubkit_init(struct hubkit *k, int64_t wall_ms)
{
    struct error e = {0};
    uint8_t lease_pk[CRYPTO_SIGN_PUBLIC], seal_sk[CRYPTO_SEAL_SECRET];
    *k = (struct hubkit){.keys.doc = {.n = 1, .seal_count = 1, .seal = {{.id = "x1"}}}};
    folder_new(k->dir);
    hubkit_database(k);
    hubkit_check(hub_create(&k->hub, k->dir, k->database, &e), &e);
    hubkit_check(hub_meta_set(k->hub.db, "backups", "none", &e), &e);
    k->hub.clock = clock_test(wall_ms);
    if (!k->database[0])
        hubkit_check(sql_exec(k->hub.db, "PRAGMA synchronous = OFF", &e), &e);
    crypto_sign_keys(k->feed_pk, k->keys.feed);
    crypto_sign_keys(lease_pk, k->keys.lease);
    crypto_seal_keys(k->keys.doc.seal[0].pk, seal_sk);
    memcpy(k->keys.doc.feed, k->feed_pk, sizeof k->feed_pk);
    memcpy(k->keys.doc.lease, lease_pk, sizeof lease_pk);
}

void hubkit_done(struct hubkit *k)
{
    hub_close(&k->hub);
    folder_remove(k->dir);
}

void hubkit_event(struct hubkit *k, const char *ev, int64_t capacity, int64_t in_seconds)
{
    struct error e = {0};
    struct sql_stmt *st = sql_get(
        k->hub.db, "INSERT INTO record (id, kind, uid, name, d, live) VALUES (:id, 'event', :id, 'Event', '{}', 1)");
    sql_bind_text(st, ":id", ev);
    hubkit_check(sql_run(st, &e), &e);
    st = sql_get(k->hub.db, "INSERT INTO occurrence (id, record, rid, start_at, end_at, cancelled, capacity, terms) "
                            "VALUES (:id, :id, '', :start, :start + 3600, 0, :capacity, 1)");
    sql_bind_text(st, ":id", ev);
    sql_bind_int(st, ":start", hub_now(&k->hub) + in_seconds);
    sql_bind_int(st, ":capacity", capacity);
    hubkit_check(sql_run(st, &e), &e);
}

int64_t hubkit_number(struct hubkit *k, const char *sql)
{
    struct error e = {0};
    struct sql_stmt *st = sql_get(k->hub.db, sql);
    bool row = false;
    hubkit_check(sql_step(st, &row, &e), &e);
    int64_t n = row ? sql_int(st, 0) : -1;
    sql_reset(st);
    return n;
}

/* ---- kiosks */

void hubkit_kiosk_init(struct hubkit *k, struct hubkit_kiosk *q)
{
    struct error e = {0};
    struct wire_enrol m = {0};
    struct wire_enrolled r;
    struct buf ask, answer;
    char code[ENROL_LEN + 1];
    *q = (struct hubkit_kiosk){.found = WIRE_STATE_COUNT};
    memcpy(q->base_h, wire_zero_hash, sizeof q->base_h);
    crypto_sign_keys(q->pk, q->sk);
    hubkit_check(admission_make(&k->hub, "Kiosk", code, &e), &e);
    memcpy(m.code4, code, WIRE_CODE4);
    memcpy(m.pk, q->pk, sizeof m.pk);
    wire_nonce(m.nonce);
    wire_enrol_sign(&m, code);
    buf_init(&ask, WIRE_SMALL_MAX);
    buf_init(&answer, WIRE_SMALL_MAX);
    wire_enrol_write(&m, &ask);
    struct wire_line body = {ask.data, ask.len};
    assert_int_equal(admission_answer(&k->hub, &k->keys, &body, &answer), 200);
    hubkit_check(wire_enrolled_parse(&r, answer.data, answer.len, &e), &e);
    assert_true(wire_enrolled_verify(&r, code));
    memcpy(q->kid, r.kid, sizeof q->kid);
    q->inc = r.inc;
    q->epoch = r.epoch;
    buf_done(&ask);
    buf_done(&answer);
}

void hubkit_kiosk_done(struct hubkit_kiosk *q)
{
    for (int i = 0; i < q->log_count; i++)
        free(q->log[i]);
    q->log_count = 0;
}

void hubkit_kiosk_copy(struct hubkit_kiosk *to, const struct hubkit_kiosk *from)
{
    *to = *from;
    for (int i = 0; i < to->log_count; i++) {
        to->log[i] = mem_new(1, sizeof *to->log[i]);
        *to->log[i] = *from->log[i];
    }
}

void hubkit_op(struct hubkit_kiosk *q, const struct wire_op *op)
{
    assert_true(q->log_count < HUBKIT_LOG);
    struct wire_op *copy = mem_new(1, sizeof *copy);
    *copy = *op;
    q->log[q->log_count++] = copy;
}

static void hubkit_prove(const struct hubkit_kiosk *q, struct wire_op *op)
{
    for (int i = 0; i < q->had_count; i++)
        if (q->had[i] == op->lease) {
            op->block_first = q->grant[i].first;
            op->block_last = q->grant[i].last;
            op->block_terms = q->grant[i].terms;
            memcpy(op->block_sig, q->grant[i].sig, sizeof op->block_sig);
        }
}

/* The seats of one lease, `party` of them: taken out of the stock into op. */
static void hubkit_sell(struct hubkit_kiosk *q, struct wire_op *op)
{
    for (int i = 0; i + op->party <= q->stock_count; i++) {
        const struct hubkit_seat *a = &q->stock[i], *z = &q->stock[i + op->party - 1];
        if (strcmp(a->ev, op->ev) != 0 || strcmp(z->ev, op->ev) != 0 || a->lease != z->lease)
            continue;
        op->lease = a->lease;
        op->seat_count = op->party;
        for (int s = 0; s < op->party; s++)
            op->seats[s] = q->stock[i + s].seat;
        hubkit_prove(q, op);
        memmove(&q->stock[i], &q->stock[i + op->party], (size_t)(q->stock_count - i - op->party) * sizeof q->stock[0]);
        q->stock_count -= op->party;
        return;
    }
}

void hubkit_signup(struct hubkit_kiosk *q, const char *ev, int party, char id[WIRE_UUID + 1], char code[CODE_LEN + 1])
{
    struct wire_op op = {.kind = WIRE_OP_SIGNUP, .terms = 1, .party = party, .box_len = CRYPTO_SEAL_EXTRA + 9};
    crypto_uuid(op.id, 1767225600000);
    code_make(op.code);
    snprintf(op.ev, sizeof op.ev, "%s", ev);
    snprintf(op.box_key, sizeof op.box_key, "x1");
    snprintf(op.quality, sizeof op.quality, "ok");
    hubkit_sell(q, &op);
    memcpy(id, op.id, sizeof op.id);
    memcpy(code, op.code, sizeof op.code);
    hubkit_op(q, &op);
}

void hubkit_cancel(struct hubkit_kiosk *q, const char *id, const char *code)
{
    struct wire_op op = {.kind = WIRE_OP_CANCEL};
    snprintf(op.id, sizeof op.id, "%s", id);
    snprintf(op.code, sizeof op.code, "%s", code);
    hubkit_op(q, &op);
}

void hubkit_return(struct hubkit_kiosk *q)
{
    if (!q->stock_count)
        return;
    const struct hubkit_seat *s = &q->stock[--q->stock_count];
    struct wire_op op = {.kind = WIRE_OP_RETURN, .lease = s->lease, .seat_count = 1, .seats = {s->seat}};
    memcpy(op.ev, s->ev, sizeof op.ev);
    hubkit_op(q, &op);
}

void hubkit_want(struct hubkit_kiosk *q, const char *ev, int seats)
{
    struct wire_op op = {.kind = WIRE_OP_WANT, .want = seats};
    snprintf(op.ev, sizeof op.ev, "%s", ev);
    hubkit_op(q, &op);
}

const struct hubkit_told *hubkit_told_of(const struct hubkit_kiosk *q, const char *id)
{
    for (int i = 0; i < q->told_count; i++)
        if (strcmp(q->told[i].id, id) == 0)
            return &q->told[i];
    return NULL;
}

/* ---- messages */

static void hubkit_held(const struct hubkit_kiosk *q, struct wire_envelope *v)
{
    for (int i = 0; i < q->had_count; i++)
        for (int s = 0; s < q->stock_count; s++)
            if (q->stock[s].lease == q->had[i]) {
                v->held[v->held_count++] = q->had[i];
                break;
            }
}

void hubkit_pack(struct hubkit_kiosk *q, struct hubkit_message *m)
{
    struct wire_envelope v = {.inc = q->inc,
                              .epoch = q->epoch,
                              .first = q->base_n + 1,
                              .seen_epoch = q->epoch,
                              .seen_seq = q->seen_seq,
                              .inbox = q->inbox,
                              .anchor_lost = q->anchor_lost};
    char before[WIRE_PATH];
    wire_nonce(v.nonce);
    memcpy(v.h0, q->base_h, sizeof v.h0);
    memcpy(v.proof, q->proof, sizeof v.proof);
    memcpy(v.mark, q->mark, sizeof v.mark);
    hubkit_held(q, &v);
    buf_init(&m->body, WIRE_BATCH_MAX);
    wire_envelope_write(&v, &m->body);
    for (int i = 0; i < q->log_count && i < WIRE_SEND_OPS; i++) {
        q->log[i]->n = q->base_n + 1 + i;
        wire_op_write(q->log[i], &m->body);
        buf_add_char(&m->body, '\n');
    }
    wire_batch_before(before, q->kid);
    wire_sign(m->sig, WIRE_DOMAIN_BATCH, before, m->body.data, m->body.len, q->sk);
    memcpy(m->nonce, v.nonce, sizeof m->nonce);
    memcpy(q->nonce, v.nonce, sizeof q->nonce);
}

void hubkit_deliver(struct hubkit *k, struct hubkit_kiosk *q, const struct hubkit_message *m, struct intake_answer *out)
{
    struct wire_line body = {m->body.data, m->body.len};
    intake_run(&k->hub, &k->keys, q->kid, m->sig, &body, out);
}

static void hubkit_acknowledge(struct hubkit_kiosk *q, const struct wire_reply *r)
{
    while (q->base_n < r->ack_n && q->log_count > 0) {
        struct buf line;
        buf_init(&line, WIRE_OP_MAX);
        wire_op_write(q->log[0], &line);
        assert_true(wire_chain(q->base_h, line.data, line.len));
        buf_done(&line);
        free(q->log[0]);
        memmove(q->log, q->log + 1, (size_t)--q->log_count * sizeof q->log[0]);
        q->base_n++;
    }
    if (q->base_n == r->ack_n)
        assert_string_equal(q->base_h, r->ack_h);
}

static void hubkit_take_grant(struct hubkit *k, struct hubkit_kiosk *q, const struct wire_grant *g)
{
    assert_true(wire_grant_verify(g, q->kid, k->keys.doc.lease));
    for (int i = 0; i < q->had_count; i++)
        if (q->had[i] == g->lease)
            return;
    assert_true(q->had_count < HUBKIT_LEASES && q->stock_count + WIRE_PARTY_MAX < HUBKIT_STOCK);
    q->grant[q->had_count] = *g;
    q->had[q->had_count++] = g->lease;
    for (int seat = g->first; seat <= g->last; seat++) {
        struct hubkit_seat *s = &q->stock[q->stock_count++];
        *s = (struct hubkit_seat){.lease = g->lease, .seat = seat};
        memcpy(s->ev, g->ev, sizeof s->ev);
    }
}

static void hubkit_take_decision(struct hubkit_kiosk *q, const struct wire_decision *d)
{
    if (d->dn <= q->inbox)
        return;
    assert_int_equal(d->dn, q->inbox + 1);
    q->inbox = d->dn;
    if (d->st == WIRE_TICKET || d->st == WIRE_UNKNOWN) {
        q->found = d->st == WIRE_TICKET ? d->state : WIRE_UNKNOWN;
        return;
    }
    struct hubkit_told *t = (struct hubkit_told *)(void *)hubkit_told_of(q, d->id);
    if (!t) {
        assert_true(q->told_count < HUBKIT_TOLD);
        t = &q->told[q->told_count++];
    }
    memcpy(t->id, d->id, sizeof t->id);
    t->st = d->st;
    t->pos = d->pos;
    t->seat_count = d->seat_count;
    memcpy(t->seats, d->seats, sizeof t->seats);
}

static void hubkit_take_reply(struct hubkit *k, struct hubkit_kiosk *q, const struct intake_answer *a)
{
    struct wire_reply r;
    struct wire_line line;
    struct error e = {0};
    size_t pos = 0;
    assert_true(wire_next_line(a->body.data, a->body.len, &pos, &line));
    hubkit_check(wire_reply_parse(&r, line.s, line.n, &e), &e);
    hubkit_acknowledge(q, &r);
    memcpy(q->proof, r.proof, sizeof q->proof);
    while (wire_next_line(a->body.data, a->body.len, &pos, &line)) {
        struct wire_reply_line in;
        hubkit_check(wire_reply_line_parse(&in, line.s, line.n, &e), &e);
        if (in.kind == WIRE_LINE_GRANT)
            hubkit_take_grant(k, q, &in.grant);
        else if (in.kind == WIRE_LINE_DECISION)
            hubkit_take_decision(q, &in.decision);
    }
}

/* A 409 is obeyed as PROTOCOL.md says; operations that were acknowledged and are not safe are not modelled here. */
static void hubkit_obey(struct hubkit_kiosk *q, const struct intake_answer *a)
{
    struct error e = {0};
    hubkit_check(wire_refusal_parse(&q->refusal, a->body.data, a->body.len, &e), &e);
    if (strcmp(q->refusal.nonce, q->nonce) != 0)
        return;
    memcpy(q->proof, q->refusal.proof, sizeof q->proof);
    q->inc = q->refusal.newinc;
    q->epoch = q->refusal.epoch;
    q->base_n = 0;
    q->anchor_lost = false;
    memcpy(q->base_h, wire_zero_hash, sizeof q->base_h);
    if (q->refusal.type == WIRE_RESET)
        q->stock_count = 0;
}

void hubkit_receive(struct hubkit *k, struct hubkit_kiosk *q, const struct intake_answer *a)
{
    if (a->status != 200 && a->status != 409)
        return;
    assert_true(wire_verify(a->sig, WIRE_DOMAIN_REPLY, NULL, a->body.data, a->body.len, k->feed_pk));
    if (a->status == 409)
        hubkit_obey(q, a);
    else
        hubkit_take_reply(k, q, a);
}

int hubkit_exchange(struct hubkit *k, struct hubkit_kiosk *q)
{
    struct hubkit_message m;
    struct intake_answer a;
    hubkit_pack(q, &m);
    hubkit_deliver(k, q, &m, &a);
    hubkit_receive(k, q, &a);
    int status = a.status;
    buf_done(&a.body);
    buf_done(&m.body);
    return status;
}
