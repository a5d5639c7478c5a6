/* Key documents: kept, got, checked. */
#include "sync/keyring.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

enum err keyring_load(struct keyring *k, struct ledger *l, struct error *e)
{
    struct buf text;
    int n = 0;
    *k = (struct keyring){0};
    enum err code = ledger_root(l, k->root, e);
    if (code)
        return code;
    buf_init(&text, WIRE_SMALL_MAX);
    code = ledger_keys(l, &n, &text, e);
    if (code == ERR_NOT_FOUND || (!code && n == 0))
        code = ERR_NONE;
    else if (!code && wire_keys_parse(&k->doc, text.data, text.len, NULL) != ERR_NONE)
        k->doc = (struct wire_keys){0};
    buf_done(&text);
    return code;
}

/* Fills *doc when the answer is document n under the root's signature. */
static enum err keyring_check(const struct keyring *k, const struct transport_answer *a, int64_t n,
                              struct wire_keys *doc, struct error *e)
{
    if (!wire_verify(a->signature, WIRE_DOMAIN_KEYS, NULL, a->body.data, a->body.len, k->root))
        return error_set(e, ERR_DENIED, "key document %" PRId64 " is not signed by the hub's root", n);
    enum err code = wire_keys_parse(doc, a->body.data, a->body.len, e);
    if (code)
        return code;
    if (doc->n != n || !crypto_equal(doc->root, k->root, sizeof k->root))
        return error_set(e, ERR_DENIED, "key document %" PRId64 " names another number or root", n);
    return ERR_NONE;
}

enum err keyring_fetch_next(struct keyring *k, struct transport *t, struct transport_answer *a, struct ledger *l,
                            struct error *e)
{
    char path[WIRE_PATH];
    struct wire_keys doc;
    int64_t n = k->doc.n + 1;
    snprintf(path, sizeof path, "/v1/keys/%" PRId64, n);
    enum err code = t->send(t, &(struct transport_request){.path = path, .max = WIRE_SMALL_MAX}, a, e);
    if (code)
        return code;
    if (a->status != 200) {
        a->fault = a->status == 404 ? FAULT_NONE : FAULT_HUB;
        return error_set(e, a->status == 404 ? ERR_NOT_FOUND : ERR_NET, "%s: status %d", path, a->status);
    }
    code = keyring_check(k, a, n, &doc, e);
    if (code) {
        a->fault = FAULT_SIGN;
        return code;
    }
    if (l) {
        code = ledger_set_keys(l, (int)n, a->body.data, e);
        if (code) {
            a->fault = FAULT_DISK;
            return code;
        }
    }
    k->doc = doc;
    return ERR_NONE;
}
