/* Enrolment, from the code to the first key documents. */
#include "sync/enrol.h"

#include <string.h>

#include "kiosk/ticket/code.h"
#include "kiosk/ticket/key.h"
#include "sync/keyring.h"
#include "sync/wire_enrol.h"

enum { ENROL_KEYS_MAX = 1000 };

/* A kiosk may be enrolled anew only while no act of a person would be left behind by it. */
static enum err enrol_check_free(struct ledger *l, struct error *e)
{
    struct ledger_identity id;
    struct ledger_batch batch = {0};
    enum err code = ledger_identity(l, &id, e);
    if (code || !id.kid[0])
        return code;
    buf_init(&batch.lines, WIRE_SEND_OPS * (WIRE_OP_MAX + 1));
    code = ledger_batch(l, &batch, 1, e);
    buf_done(&batch.lines);
    if (code)
        return code;
    if (batch.first == 1 && batch.last == 0 && batch.inbox == 0 && batch.held_count == 0)
        return ERR_NONE;
    return error_set(e, ERR_STATE,
                     "this kiosk is enrolled already as %s at %s and its ledger is not empty: "
                     "let it exchange until nothing is unsent, then begin with an empty data folder",
                     id.kid, id.hub);
}

static enum err enrol_refused(int status, struct error *e)
{
    switch (status) {
    case 403:
        return error_set(e, ERR_DENIED, "the hub knows this code's beginning, but the code is wrong");
    case 404:
        return error_set(e, ERR_NOT_FOUND, "the hub does not know this code: mistyped, expired or withdrawn");
    case 409:
        return error_set(e, ERR_CONFLICT, "this code was used by another kiosk: ask for a new one");
    case 429:
    case 503:
        return error_set(e, ERR_BUSY, "the hub is busy, try again in a minute");
    default:
        return error_set(e, ERR_NET, "the hub answers with status %d", status);
    }
}

static enum err enrol_ask(struct transport *t, struct transport_answer *a, const struct wire_enrol *m, struct error *e)
{
    struct buf body;
    buf_init(&body, WIRE_SMALL_MAX);
    wire_enrol_write(m, &body);
    struct transport_request q = {.path = "/v1/enrol",
                                  .body = body.data,
                                  .body_len = body.len,
                                  .type = "application/json",
                                  .max = WIRE_SMALL_MAX};
    enum err code = t->send(t, &q, a, e);
    buf_done(&body);
    if (!code && a->status != 200)
        code = enrol_refused(a->status, e);
    return code;
}

/* The reply is from who made the code, to this very question, and about this key. */
static enum err enrol_check(const struct transport_answer *a, const struct wire_enrol *m, const char *code16,
                            struct wire_enrolled *out, struct error *e)
{
    char kid[CRYPTO_KID + 1];
    enum err code = wire_enrolled_parse(out, a->body.data, a->body.len, e);
    if (code)
        return code;
    crypto_kid(kid, m->pk);
    if (!wire_enrolled_verify(out, code16) || strcmp(out->nonce, m->nonce) != 0 || strcmp(out->kid, kid) != 0)
        return error_set(e, ERR_DENIED, "the answer is not from the hub that made this code");
    return ERR_NONE;
}

/* Key documents are checked before anything is kept: a hub that cannot show them would leave a kiosk that can do
 * nothing. */
static enum err enrol_fetch_keys(struct keyring *k, struct transport *t, struct transport_answer *a, int64_t upto,
                                 struct ledger *l, struct error *e)
{
    if (upto > ENROL_KEYS_MAX)
        return error_set(e, ERR_TOO_BIG, "the hub names %d key documents and more", ENROL_KEYS_MAX);
    while (k->doc.n < upto) {
        enum err code = keyring_fetch_next(k, t, a, l, e);
        if (code)
            return code;
    }
    return ERR_NONE;
}

static enum err enrol_keep(struct ledger *l, const char *hub, const struct wire_enrolled *r, struct error *e)
{
    struct buf root;
    buf_init(&root, 64);
    crypto_b64(&root, r->root, sizeof r->root);
    struct ledger_enrolment x = {.hub = hub,
                                 .kid = r->kid,
                                 .name = r->name,
                                 .scope = r->scope,
                                 .host = r->host,
                                 .root_b64 = root.data,
                                 .epoch = (uint32_t)r->epoch,
                                 .inc = (uint32_t)r->inc};
    enum err code = ledger_enrol(l, &x, e);
    buf_done(&root);
    return code;
}

static enum err enrol_exchange(struct ledger *l, struct transport *t, const struct wire_enrol *m, const char *code16,
                               const char *hub, struct error *e)
{
    struct transport_answer a;
    struct wire_enrolled r;
    struct keyring tried = {0}, kept = {0};
    transport_answer_init(&a);
    enum err code = enrol_ask(t, &a, m, e);
    if (!code)
        code = enrol_check(&a, m, code16, &r, e);
    if (!code) {
        memcpy(tried.root, r.root, sizeof tried.root);
        memcpy(kept.root, r.root, sizeof kept.root);
        code = enrol_fetch_keys(&tried, t, &a, 1, NULL, e);
    }
    if (!code)
        code = enrol_keep(l, hub, &r, e);
    if (!code)
        code = enrol_fetch_keys(&kept, t, &a, r.keys, l, e);
    transport_answer_done(&a);
    return code;
}

enum err enrol_run(struct ledger *l, struct transport *t, const uint8_t sk[CRYPTO_SIGN_SECRET], const char *hub,
                   const char *code, struct error *e)
{
    char code16[ENROL_LEN + 1] = "";
    struct wire_enrol m = {0};
    if (!enrol_code_read(code16, code))
        return error_set(e, ERR_USAGE, "this is no enrolment code: 16 letters and digits, as the hub showed them");
    enum err err = enrol_check_free(l, e);
    if (!err) {
        memcpy(m.code4, code16, WIRE_CODE4);
        key_public(m.pk, sk);
        wire_nonce(m.nonce);
        wire_enrol_sign(&m, code16);
        err = enrol_exchange(l, t, &m, code16, hub, e);
    }
    crypto_wipe(code16, sizeof code16);
    return err;
}
