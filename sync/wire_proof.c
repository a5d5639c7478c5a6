/* Proofs: a text of numbers and a hash, and a signature over it and the kiosk's name. */
#include "sync/wire_proof.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

static void wire_proof_text(char out[WIRE_PROOF + 1], const struct wire_proof *p)
{
    snprintf(out, WIRE_PROOF + 1, "%" PRId64 " %" PRId64 " %" PRId64 " %" PRId64 " %s", p->epoch, p->seq, p->inc, p->n, p->h);
}

void wire_proof_write(char out[WIRE_PROOF + 1], const struct wire_proof *p, const char *kid, const uint8_t feed[CRYPTO_SIGN_SECRET])
{
    char sig[WIRE_SIG + 1];
    wire_proof_text(out, p);
    size_t n = strlen(out);
    wire_sign(sig, WIRE_DOMAIN_PROOF, kid, out, n, feed);
    snprintf(out + n, WIRE_PROOF + 1 - n, " %s", sig);
}

bool wire_ok_proof(const char *text)
{
    static const char letters[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_ ";
    return strlen(text) <= WIRE_PROOF && strspn(text, letters) == strlen(text);
}

bool wire_proof_read(struct wire_proof *out, const char *text, const char *kid, const struct wire_keys *keys)
{
    char again[WIRE_PROOF + 1];
    const char *sig = strrchr(text, ' ');
    *out = (struct wire_proof){0};
    if (!sig || !wire_ok_proof(text) ||
        sscanf(text, "%" SCNd64 " %" SCNd64 " %" SCNd64 " %" SCNd64 " %64s", &out->epoch, &out->seq, &out->inc, &out->n,
               out->h) != 5)
        return false;
    /* One spelling: what was read is what was signed. */
    wire_proof_text(again, out);
    size_t n = strlen(again);
    return n == (size_t)(sig - text) && memcmp(again, text, n) == 0 &&
           wire_keys_verify(keys, sig + 1, WIRE_DOMAIN_PROOF, kid, &(struct wire_line){again, n});
}

static struct wire_proof wire_proof_place(const struct wire_head *h)
{
    struct wire_proof p = {.epoch = h->epoch, .seq = h->seq};
    memcpy(p.h, wire_zero_hash, sizeof p.h);
    return p;
}

void wire_proof_mark(struct wire_head *h, const uint8_t feed[CRYPTO_SIGN_SECRET])
{
    char text[WIRE_PROOF + 1];
    struct wire_proof p = wire_proof_place(h);
    wire_proof_write(text, &p, "", feed);
    snprintf(h->mark, sizeof h->mark, "%s", strrchr(text, ' ') + 1);
}

void wire_proof_of_head(char out[WIRE_PROOF + 1], const struct wire_head *h)
{
    struct wire_proof p = wire_proof_place(h);
    out[0] = '\0';
    if (!h->mark[0])
        return;
    wire_proof_text(out, &p);
    size_t n = strlen(out);
    snprintf(out + n, WIRE_PROOF + 1 - n, " %s", h->mark);
}
