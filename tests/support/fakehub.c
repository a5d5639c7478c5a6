/* An honest hub in memory, and the hook that makes it a liar. */
#include "tests/support/fakehub.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "kiosk/ticket/key.h"
#include "sync/wire_batch.h"
#include "sync/wire_zstd.h"

void fakehub_id(char out[WIRE_UUID + 1], int i) { snprintf(out, WIRE_UUID + 1, "0198a1b2-0000-7000-8000-%012d", i); }

/* ---- keys */

static void fakehub_write_keys(struct fakehub *h)
{
    struct buf *body = &h->doc_body[h->doc.n];
    buf_init(body, WIRE_SMALL_MAX);
    wire_keys_write(&h->doc, body);
    wire_sign(h->doc_sig[h->doc.n], WIRE_DOMAIN_KEYS, NULL, body->data, body->len, h->root_sk);
    h->head.keys = h->doc.n;
}

void fakehub_rotate_keys(struct fakehub *h)
{
    crypto_sign_keys(h->doc.feed, h->feed_sk);
    crypto_seal_keys(h->seal_pk, h->seal_sk);
    h->doc.n++;
    h->doc.seal_count = 1;
    snprintf(h->doc.seal[0].id, sizeof h->doc.seal[0].id, "x%d", (int)h->doc.n);
    memcpy(h->doc.seal[0].pk, h->seal_pk, sizeof h->seal_pk);
    fakehub_write_keys(h);
}

/* ---- feed */

static void fakehub_add_file(struct fakehub *h, enum wire_file what, int64_t n, const struct buf *bytes, char hash[65])
{
    if (h->file_count == FAKEHUB_FILES)
        die("the fake hub has no room for more files");
    struct fakehub_file *f = &h->files[h->file_count++];
    wire_hash(hash, bytes->data, bytes->len);
    wire_file_path(f->path, h->head.scope, h->head.epoch, what, n, hash);
    buf_init(&f->packed, WIRE_PAGE_MAX);
    if (wire_pack(&f->packed, bytes->data, bytes->len, WIRE_LEVEL_TAIL, NULL) != ERR_NONE)
        die("the fake hub cannot pack");
}

static void fakehub_add_items(const struct fakehub *h, int64_t first, int64_t last, struct buf *out)
{
    for (int64_t seq = first; seq <= last; seq++) {
        buf_add(out, h->items[seq - 1].data, h->items[seq - 1].len);
        buf_add_char(out, '\n');
    }
}

static void fakehub_seal(struct fakehub *h)
{
    struct buf bytes;
    struct wire_page p = {.page = h->head.sealed + 1, .last = (h->head.sealed + 1) * WIRE_PER};
    p.first = p.last - WIRE_PER + 1;
    memcpy(p.prev, h->head.chain, sizeof p.prev);
    buf_init(&bytes, WIRE_PAGE_MAX);
    wire_page_write(&p, &bytes);
    fakehub_add_items(h, p.first, p.last, &bytes);
    fakehub_add_file(h, WIRE_PAGE, p.page, &bytes, h->head.chain);
    memcpy(h->index.hash[h->index.count++], h->head.chain, sizeof h->head.chain);
    buf_clear(&bytes);
    wire_index_write(&h->index, &bytes);
    fakehub_add_file(h, WIRE_INDEX, 0, &bytes, h->head.index_hash);
    buf_done(&bytes);
    h->head.index_n = 0;
    h->head.sealed++;
}

void fakehub_publish(struct fakehub *h, const char *rest)
{
    h->head.seq++;
    h->items = mem_resize(h->items, (unsigned long)h->head.seq, sizeof *h->items);
    struct buf *item = &h->items[h->head.seq - 1];
    buf_init(item, WIRE_ITEM_MAX * 2);
    buf_addf(item, "{\"seq\":%lld,%s", (long long)h->head.seq, rest);
    if (h->head.seq == (h->head.sealed + 1) * WIRE_PER)
        fakehub_seal(h);
}

void fakehub_put(struct fakehub *h, int i, const char *name)
{
    char id[WIRE_UUID + 1], rest[800];
    fakehub_id(id, i);
    snprintf(rest, sizeof rest, "\"k\":\"community\",\"id\":\"%s\",\"op\":\"put\",\"d\":{\"name\":\"%s\"}}", id, name);
    fakehub_publish(h, rest);
}

void fakehub_del(struct fakehub *h, int i)
{
    char id[WIRE_UUID + 1], rest[200];
    fakehub_id(id, i);
    snprintf(rest, sizeof rest, "\"k\":\"community\",\"id\":\"%s\",\"op\":\"del\"}", id);
    fakehub_publish(h, rest);
}

void fakehub_fill(struct fakehub *h, int n)
{
    char name[40];
    for (int i = 1; i <= n; i++) {
        snprintf(name, sizeof name, "Community %d", i);
        fakehub_put(h, i, name);
    }
}

static void fakehub_forget(struct fakehub *h)
{
    for (int64_t i = 0; i < h->head.seq; i++)
        buf_done(&h->items[i]);
    for (int i = 0; i < h->file_count; i++)
        buf_done(&h->files[i].packed);
    free(h->items);
    h->items = NULL;
    h->file_count = 0;
}

static void fakehub_begin_epoch(struct fakehub *h, int64_t epoch)
{
    h->head.epoch = epoch;
    h->head.seq = h->head.sealed = 0;
    h->head.index_n = -1;
    memcpy(h->head.chain, wire_zero_hash, sizeof h->head.chain);
    h->index = (struct wire_index){0};
    memcpy(h->index.prev, wire_zero_hash, sizeof h->index.prev);
}

void fakehub_new_epoch(struct fakehub *h)
{
    fakehub_forget(h);
    fakehub_begin_epoch(h, h->head.epoch + 1);
}

/* ---- answers */

static void fakehub_give_head(struct fakehub *h, const struct transport_request *q, struct transport_answer *a)
{
    char hash[WIRE_HEX + 1];
    wire_head_write(&h->head, &a->body);
    wire_hash(hash, a->body.data, a->body.len);
    snprintf(a->etag, sizeof a->etag, "\"%.16s\"", hash);
    wire_sign(a->signature, WIRE_DOMAIN_HEAD, NULL, a->body.data, a->body.len, h->feed_sk);
    a->status = 200;
    if (q->etag && strcmp(q->etag, a->etag) == 0) {
        a->status = 304;
        buf_clear(&a->body);
        a->signature[0] = 0;
    }
}

static void fakehub_give_tail(struct fakehub *h, const char *path, struct transport_answer *a)
{
    const char *mark = strstr(path, "after=");
    struct wire_tail t = {.after = strtoll(mark + 6, NULL, 10), .epoch = h->head.epoch, .last = h->head.seq};
    struct buf bytes;
    if (t.after < h->head.sealed * WIRE_PER) {
        a->status = 410;
        return;
    }
    if (t.last > t.after + WIRE_PER)
        t.last = t.after + WIRE_PER;
    buf_init(&bytes, WIRE_PAGE_MAX);
    wire_tail_write(&t, &bytes);
    fakehub_add_items(h, t.after + 1, t.last, &bytes);
    if (wire_pack(&a->body, bytes.data, bytes.len, WIRE_LEVEL_TAIL, NULL) != ERR_NONE)
        die("the fake hub cannot pack");
    wire_sign(a->signature, WIRE_DOMAIN_TAIL, path, a->body.data, a->body.len, h->feed_sk);
    a->status = 200;
    buf_done(&bytes);
}

static void fakehub_give_file(struct fakehub *h, const char *path, struct transport_answer *a)
{
    a->status = 404;
    for (int i = 0; i < h->file_count; i++)
        if (strcmp(h->files[i].path, path) == 0) {
            buf_add(&a->body, h->files[i].packed.data, h->files[i].packed.len);
            a->status = 200;
        }
}

static void fakehub_give_keys(struct fakehub *h, int n, struct transport_answer *a)
{
    a->status = 404;
    if (n < 1 || n > h->doc.n)
        return;
    buf_add(&a->body, h->doc_body[n].data, h->doc_body[n].len);
    snprintf(a->signature, sizeof a->signature, "%s", h->doc_sig[n]);
    a->status = 200;
}

void fakehub_answer_signed(struct fakehub *h, struct transport_answer *a, int status, const char *body)
{
    buf_clear(&a->body);
    buf_add_str(&a->body, body);
    wire_sign(a->signature, WIRE_DOMAIN_REPLY, NULL, a->body.data, a->body.len, h->feed_sk);
    a->status = status;
}

/* ---- batches */

static void fakehub_take_op(struct fakehub *h, const struct wire_line *line)
{
    struct wire_op op;
    if (wire_op_parse(&op, line->s, line->n, NULL) != ERR_NONE)
        die("a kiosk sent an operation that does not parse");
    if (op.n <= h->log_n)
        return;
    if (op.n != h->log_n + 1)
        die("a kiosk left out an operation");
    h->log_n = op.n;
    wire_chain(h->log_h, line->s, line->n);
    h->opseq++;
    if (op.kind == WIRE_OP_SIGNUP && h->said_count < FAKEHUB_SAID)
        memcpy(h->said[h->said_count++], op.id, sizeof op.id);
}

static void fakehub_reply(struct fakehub *h, struct transport_answer *a)
{
    struct wire_reply r = {.ack_n = h->log_n, .ack_opseq = h->opseq, .safe_opseq = h->safe_opseq, .keys = h->doc.n};
    memcpy(r.nonce, h->envelope.nonce, sizeof r.nonce);
    memcpy(r.ack_h, h->log_h, sizeof r.ack_h);
    memcpy(r.time, h->head.time, sizeof r.time);
    wire_reply_write(&r, &a->body);
    buf_add(&a->body, h->extra.data, h->extra.len);
    wire_sign(a->signature, WIRE_DOMAIN_REPLY, NULL, a->body.data, a->body.len, h->feed_sk);
    a->status = 200;
}

static void fakehub_take_batch(struct fakehub *h, const struct transport_request *q, struct transport_answer *a)
{
    char before[WIRE_PATH], kid[CRYPTO_KID + 1];
    struct wire_line line;
    size_t pos = 0;
    crypto_kid(kid, h->kiosk_pk);
    wire_batch_before(before, kid);
    h->batches++;
    a->status = 401;
    if (!wire_verify(q->signature, WIRE_DOMAIN_BATCH, before, q->body, q->body_len, h->kiosk_pk))
        return;
    a->status = 400;
    if (!wire_next_line(q->body, q->body_len, &pos, &line) ||
        wire_envelope_parse(&h->envelope, line.s, line.n, NULL) != ERR_NONE)
        return;
    size_t ops = pos;
    for (h->envelope_ops = 0; wire_next_line(q->body, q->body_len, &ops, &line);)
        h->envelope_ops++;
    a->status = h->gate ? h->gate(h, q) : 0;
    if (a->status)
        return;
    if (h->envelope.inc > h->inc) {
        h->inc = h->envelope.inc;
        h->log_n = 0;
        memcpy(h->log_h, wire_zero_hash, sizeof h->log_h);
    }
    while (wire_next_line(q->body, q->body_len, &pos, &line))
        fakehub_take_op(h, &line);
    fakehub_reply(h, a);
}

/* ---- enrolment */

static int fakehub_judge_enrol(struct fakehub *h, const struct wire_enrol *m)
{
    if (strncmp(m->code4, h->code16, WIRE_CODE4) != 0)
        return 404;
    if (!wire_enrol_verify(m, h->code16))
        return 403;
    if (h->enrolments > 0 && memcmp(h->enrolled_pk, m->pk, sizeof m->pk) != 0)
        return 409;
    return 200;
}

static void fakehub_enrol(struct fakehub *h, const struct transport_request *q, struct transport_answer *a)
{
    struct wire_enrol m;
    struct wire_enrolled r = {
        .keys = h->doc.n, .epoch = h->head.epoch, .inc = 1, .name = "Test", .host = "hub.example"};
    a->status = wire_enrol_parse(&m, q->body, q->body_len, NULL) ? 400 : fakehub_judge_enrol(h, &m);
    if (a->status != 200)
        return;
    h->enrolments++;
    memcpy(h->enrolled_pk, m.pk, sizeof m.pk);
    crypto_kid(r.kid, m.pk);
    memcpy(r.scope, h->head.scope, sizeof r.scope);
    memcpy(r.nonce, m.nonce, sizeof r.nonce);
    memcpy(r.root, h->doc.root, sizeof r.root);
    wire_enrolled_sign(&r, h->code16);
    wire_enrolled_write(&r, &a->body);
}

/* ---- the transport */

/* The body as a range when one was asked for, then into the sink, where it goes in pieces. */
static enum err fakehub_pour(struct fakehub *h, const struct transport_request *q, struct transport_answer *a,
                             struct error *e)
{
    enum { PIECE = 4096 };
    size_t from = a->status == 200 && !h->no_ranges && q->from > 0 ? (size_t)q->from : 0;
    if (a->status != 200 && a->status != 206)
        return ERR_NONE;
    if (from > a->body.len) {
        a->status = 416;
        return ERR_NONE;
    }
    a->status = from ? 206 : 200;
    for (size_t at = from; at < a->body.len; at += PIECE) {
        size_t n = a->body.len - at < PIECE ? a->body.len - at : PIECE;
        if (h->cut_after && (size_t)a->taken >= h->cut_after)
            return ERR_NET;
        enum err code = q->sink->take(q->sink->context, (int64_t)at, a->body.data + at, n, e);
        if (code) {
            a->fault = fault_of_store(code);
            return code;
        }
        a->taken += (int64_t)n;
    }
    buf_clear(&a->body);
    return ERR_NONE;
}

static enum err fakehub_send(struct transport *t, const struct transport_request *q, struct transport_answer *a,
                             struct error *e)
{
    struct fakehub *h = (struct fakehub *)t;
    transport_answer_clear(a, q->sink ? q->max * 2 : q->max);
    if (h->asked_count < FAKEHUB_ASKED)
        snprintf(h->asked[h->asked_count++], sizeof h->asked[0], "%s%s", q->path, q->past_caches ? " again" : "");
    if (strcmp(q->path, "/v1/enrol") == 0)
        fakehub_enrol(h, q, a);
    else if (q->body)
        fakehub_take_batch(h, q, a);
    else if (strstr(q->path, "/head"))
        fakehub_give_head(h, q, a);
    else if (strstr(q->path, "/tail"))
        fakehub_give_tail(h, q->path, a);
    else if (strstr(q->path, "/keys/"))
        fakehub_give_keys(h, (int)strtol(strrchr(q->path, '/') + 1, NULL, 10), a);
    else
        fakehub_give_file(h, q->path, a);
    enum err code = h->tamper ? h->tamper(h, q, a) : ERR_NONE;
    if (!code && q->sink)
        code = fakehub_pour(h, q, a, e);
    if (code) {
        a->status = 0;
        a->fault = a->fault ? a->fault : FAULT_NET;
        error_set(e, code, "spoilt on the way");
    }
    return code;
}

static void fakehub_leave(struct transport *t) { (void)t; }

struct fakehub *fakehub_new(void)
{
    struct fakehub *h = mem_new(1, sizeof *h);
    if (crypto_init(NULL) != ERR_NONE)
        die("no cryptography");
    h->base = (struct transport){.send = fakehub_send, .free = fakehub_leave};
    crypto_sign_keys(h->doc.root, h->root_sk);
    crypto_sign_keys(h->doc.lease, h->lease_sk);
    crypto_sign_keys(h->kiosk_pk, h->kiosk_sk);
    fakehub_rotate_keys(h);
    snprintf(h->head.scope, sizeof h->head.scope, "all");
    snprintf(h->head.min_client, sizeof h->head.min_client, "0.1");
    snprintf(h->head.time, sizeof h->head.time, "2026-05-01T10:00:00Z");
    h->head.per = WIRE_PER;
    h->head.min_page = 1;
    h->inc = 1;
    memcpy(h->log_h, wire_zero_hash, sizeof h->log_h);
    buf_init(&h->extra, WIRE_REPLY_MAX);
    fakehub_begin_epoch(h, 1);
    return h;
}

void fakehub_free(struct fakehub *h)
{
    fakehub_forget(h);
    for (int i = 0; i < 4; i++)
        buf_done(&h->doc_body[i]);
    buf_done(&h->extra);
    free(h);
}

int fakehub_asked(const struct fakehub *h, const char *part)
{
    int n = 0;
    for (int i = 0; i < h->asked_count; i++)
        n += strstr(h->asked[i], part) != NULL;
    return n;
}
