/* Replies, grants, decisions and refusals. */
#include "sync/wire_reply.h"

#include <stdio.h>
#include <string.h>

#include "sync/wire_field.h"

static const char *const wire_states[WIRE_STATE_COUNT] = {
    [WIRE_CONFIRMED] = "confirmed",
    [WIRE_WAITLISTED] = "waitlisted",
    [WIRE_DISPLACED] = "displaced",
    [WIRE_EVENT_CANCELLED] = "event_cancelled",
    [WIRE_TERMS_CHANGED] = "terms_changed",
    [WIRE_CONFLICT] = "conflict",
    [WIRE_QUARANTINED] = "quarantined",
    [WIRE_CANCELLED] = "cancelled",
    [WIRE_TICKET] = "ticket",
    [WIRE_UNKNOWN] = "unknown",
};

const char *wire_state_name(enum wire_state s) { return wire_states[s]; }

bool wire_state_read(enum wire_state *out, const char *name)
{
    for (int i = 0; i < WIRE_STATE_COUNT; i++)
        if (strcmp(wire_states[i], name) == 0) {
            *out = (enum wire_state)i;
            return true;
        }
    return false;
}

/* ---- the first line */

void wire_reply_write(const struct wire_reply *r, struct buf *out)
{
    struct json *j = json_new_object(), *ack = json_new_object();
    json_put_int(j, "v", 1);
    json_put_str(j, "nonce", r->nonce);
    json_put_int(ack, "n", r->ack_n);
    json_put_str(ack, "h", r->ack_h);
    json_put_int(ack, "opseq", r->ack_opseq);
    json_put(j, "ack", ack);
    json_put_int(j, "safe_opseq", r->safe_opseq);
    json_put_str(j, "time", r->time);
    json_put_int(j, "keys", r->keys);
    json_put_bool(j, "more", r->more);
    if (r->proof[0])
        json_put_str(j, "proof", r->proof);
    wire_put_line(j, out);
}

enum err wire_reply_parse(struct wire_reply *out, const char *line, size_t n, struct error *e)
{
    struct wire_in in;
    struct json *root;
    *out = (struct wire_reply){0};
    enum err err = wire_in_open(&in, &root, line, n, WIRE_SMALL_MAX, e);
    if (err)
        return err;
    struct wire_in ack = {.j = json_get(root, "ack")};
    wire_in_int(&in, "v", 1, 1);
    wire_in_str(&in, "nonce", out->nonce, sizeof out->nonce, wire_ok_nonce);
    out->ack_n = wire_in_int(&ack, "n", 0, JSON_INT_MAX);
    wire_in_str(&ack, "h", out->ack_h, sizeof out->ack_h, wire_ok_hash);
    out->ack_opseq = wire_in_int(&ack, "opseq", 0, JSON_INT_MAX);
    out->safe_opseq = wire_in_int(&in, "safe_opseq", 0, JSON_INT_MAX);
    wire_in_str(&in, "time", out->time, sizeof out->time, wire_ok_time);
    out->keys = wire_in_int(&in, "keys", 1, JSON_INT_MAX);
    out->more = wire_in_bool(&in, "more");
    wire_in_opt(&in, "proof", out->proof, sizeof out->proof, wire_ok_proof);
    if (!in.bad)
        in.bad = ack.bad;
    err = wire_in_close(&in, "reply", e);
    json_free(root);
    return err;
}

/* ---- grants */

void wire_grant_write(const struct wire_grant *g, struct buf *out)
{
    struct json *j = json_new_object();
    json_put_str(j, "t", "grant");
    json_put_str(j, "ev", g->ev);
    json_put_int(j, "lease", g->lease);
    json_put_int(j, "first", g->first);
    json_put_int(j, "last", g->last);
    json_put_int(j, "terms", g->terms);
    json_put_str(j, "sig", g->sig);
    wire_put_line(j, out);
}

static void wire_grant_get(struct wire_in *in, struct wire_grant *g)
{
    wire_in_str(in, "ev", g->ev, sizeof g->ev, wire_ok_id);
    g->lease = wire_in_int(in, "lease", 1, JSON_INT_MAX);
    g->first = (int)wire_in_int(in, "first", 1, INT32_MAX - WIRE_PARTY_MAX);
    g->last = (int)wire_in_int(in, "last", g->first, g->first + WIRE_PARTY_MAX - 1);
    g->terms = wire_in_int(in, "terms", 0, UINT16_MAX);
    wire_in_str(in, "sig", g->sig, sizeof g->sig, wire_ok_sig);
}

static int wire_grant_text(char *out, size_t size, const struct wire_grant *g, const char *kid)
{
    return snprintf(out, size, "%s\n%lld\n%d\n%d\n%lld\n%s", g->ev, (long long)g->lease, g->first, g->last,
                    (long long)g->terms, kid);
}

void wire_grant_sign(struct wire_grant *g, const char *kid, const uint8_t sk[CRYPTO_SIGN_SECRET])
{
    char text[160];
    int n = wire_grant_text(text, sizeof text, g, kid);
    wire_sign(g->sig, WIRE_DOMAIN_LEASE, NULL, text, (size_t)n, sk);
}

bool wire_grant_verify(const struct wire_grant *g, const char *kid, const uint8_t pk[CRYPTO_SIGN_PUBLIC])
{
    char text[160];
    int n = wire_grant_text(text, sizeof text, g, kid);
    return n < (int)sizeof text && wire_verify(g->sig, WIRE_DOMAIN_LEASE, NULL, text, (size_t)n, pk);
}

void wire_recall_write(int64_t lease, struct buf *out)
{
    struct json *j = json_new_object();
    json_put_str(j, "t", "recall");
    json_put_int(j, "lease", lease);
    wire_put_line(j, out);
}

/* ---- decisions */

static void wire_put_seats(struct json *j, const struct wire_decision *d)
{
    struct json *seats = json_new_array();
    for (int i = 0; i < d->seat_count; i++)
        json_put_int(seats, NULL, d->seats[i]);
    json_put(j, "seats", seats);
}

void wire_decision_write(const struct wire_decision *d, struct buf *out)
{
    struct json *j = json_new_object();
    json_put_str(j, "t", "decision");
    json_put_int(j, "dn", d->dn);
    json_put_str(j, "st", wire_states[d->st]);
    if (d->st == WIRE_TICKET || d->st == WIRE_UNKNOWN)
        json_put_str(j, "code", d->code);
    if (d->st != WIRE_UNKNOWN)
        json_put_str(j, "id", d->id);
    if (d->st == WIRE_TICKET) {
        json_put_str(j, "ev", d->ev);
        json_put_str(j, "state", wire_states[d->state]);
        wire_put_seats(j, d);
        json_put_int(j, "party", d->party);
    } else if (d->st != WIRE_UNKNOWN) {
        wire_put_seats(j, d);
    }
    if (d->st != WIRE_UNKNOWN) {
        json_put_int(j, "lease", d->lease);
        json_put_int(j, "pos", d->pos);
    }
    wire_put_line(j, out);
}

static enum wire_state wire_state_get(struct wire_in *in, const char *name)
{
    enum wire_state s = WIRE_CONFLICT;
    if (!wire_state_read(&s, json_str(in->j, name, "")) && !in->bad)
        in->bad = name;
    return s;
}

static void wire_decision_get(struct wire_in *in, struct wire_decision *d)
{
    int64_t seats[WIRE_PARTY_MAX];
    d->dn = wire_in_int(in, "dn", 1, JSON_INT_MAX);
    d->st = wire_state_get(in, "st");
    if (d->st == WIRE_TICKET || d->st == WIRE_UNKNOWN)
        wire_in_str(in, "code", d->code, sizeof d->code, wire_ok_code);
    if (d->st == WIRE_UNKNOWN)
        return;
    wire_in_str(in, "id", d->id, sizeof d->id, wire_ok_id);
    if (d->st == WIRE_TICKET) {
        wire_in_str(in, "ev", d->ev, sizeof d->ev, wire_ok_id);
        d->state = wire_state_get(in, "state");
        d->party = (int)wire_in_int(in, "party", 1, WIRE_PARTY_MAX);
    }
    d->seat_count = wire_in_ints(in, "seats", seats, WIRE_PARTY_MAX);
    for (int i = 0; i < d->seat_count; i++)
        d->seats[i] = seats[i] > INT32_MAX ? 0 : (int)seats[i];
    d->lease = wire_in_has(in, "lease") ? wire_in_int(in, "lease", 0, JSON_INT_MAX) : 0;
    d->pos = wire_in_has(in, "pos") ? wire_in_int(in, "pos", 0, JSON_INT_MAX) : 0;
}

enum err wire_reply_line_parse(struct wire_reply_line *out, const char *line, size_t n, struct error *e)
{
    struct wire_in in;
    struct json *root;
    *out = (struct wire_reply_line){.kind = WIRE_LINE_OTHER};
    enum err err = wire_in_open(&in, &root, line, n, WIRE_SMALL_MAX, e);
    if (err)
        return err;
    const char *t = json_str(root, "t", "");
    if (strcmp(t, "grant") == 0) {
        out->kind = WIRE_LINE_GRANT;
        wire_grant_get(&in, &out->grant);
    } else if (strcmp(t, "decision") == 0) {
        out->kind = WIRE_LINE_DECISION;
        wire_decision_get(&in, &out->decision);
    } else if (strcmp(t, "recall") == 0) {
        out->kind = WIRE_LINE_RECALL;
        out->recall = wire_in_int(&in, "lease", 1, JSON_INT_MAX);
    }
    err = wire_in_close(&in, "reply line", e);
    json_free(root);
    return err;
}

/* ---- refusals */

void wire_refusal_write(const struct wire_refusal *r, struct buf *out)
{
    struct json *j = json_new_object();
    json_put_str(j, "type", r->type == WIRE_RESET ? "reset" : "epoch");
    if (r->type == WIRE_RESET)
        json_put_str(j, "why", r->why);
    json_put_int(j, "epoch", r->epoch);
    json_put_int(j, "newinc", r->newinc);
    json_put_str(j, "nonce", r->nonce);
    if (r->proof[0])
        json_put_str(j, "proof", r->proof);
    wire_put_line(j, out);
}

enum err wire_refusal_parse(struct wire_refusal *out, const char *bytes, size_t n, struct error *e)
{
    struct wire_in in;
    struct json *root;
    *out = (struct wire_refusal){0};
    enum err err = wire_in_open(&in, &root, bytes, n, WIRE_SMALL_MAX, e);
    if (err)
        return err;
    const char *type = json_str(root, "type", "");
    out->type = strcmp(type, "epoch") == 0 ? WIRE_EPOCH : WIRE_RESET;
    if (out->type == WIRE_RESET && strcmp(type, "reset") != 0)
        in.bad = "type";
    if (out->type == WIRE_RESET)
        wire_in_str(&in, "why", out->why, sizeof out->why, wire_ok_word);
    out->epoch = wire_in_int(&in, "epoch", 1, UINT32_MAX);
    out->newinc = wire_in_int(&in, "newinc", 1, UINT32_MAX);
    wire_in_str(&in, "nonce", out->nonce, sizeof out->nonce, wire_ok_nonce);
    wire_in_opt(&in, "proof", out->proof, sizeof out->proof, wire_ok_proof);
    err = wire_in_close(&in, "refusal", e);
    json_free(root);
    return err;
}

/* ---- verdicts */

void wire_verdict_write(const char *type, const char *nonce, struct buf *out)
{
    struct json *j = json_new_object();
    json_put_str(j, "type", type);
    json_put_str(j, "nonce", nonce);
    wire_put_line(j, out);
}

bool wire_verdict_is(const char *bytes, size_t n, const char *type, const char *nonce)
{
    struct json *j;
    if (json_parse(&j, bytes, n, WIRE_SMALL_MAX, NULL) != ERR_NONE)
        return false;
    bool is = strcmp(json_str(j, "type", ""), type) == 0 && strcmp(json_str(j, "nonce", ""), nonce) == 0;
    json_free(j);
    return is;
}
