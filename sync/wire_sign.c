/* Signatures, hashes, nonces and lines: what every message is made of. */
#include "sync/wire.h"

#include <string.h>

const char wire_zero_hash[WIRE_HEX + 1] = "0000000000000000000000000000000000000000000000000000000000000000";

static const char *const wire_domain_names[WIRE_DOMAIN_COUNT] = {
    [WIRE_DOMAIN_KEYS] = "sosedi-keys-1\n",   [WIRE_DOMAIN_HEAD] = "sosedi-head-1\n",
    [WIRE_DOMAIN_TAIL] = "sosedi-tail-1\n",   [WIRE_DOMAIN_BATCH] = "sosedi-batch-1\n",
    [WIRE_DOMAIN_REPLY] = "sosedi-reply-1\n", [WIRE_DOMAIN_LEASE] = "sosedi-lease-1\n",
    [WIRE_DOMAIN_PROOF] = "sosedi-proof-1\n",
};

/* What is signed, in one piece: Ed25519 hashes its message twice, so it has to be at hand whole. */
static void wire_signed_text(struct buf *out, enum wire_domain domain, const char *before, const void *bytes, size_t n)
{
    buf_init(out, n + 512);
    buf_add_str(out, wire_domain_names[domain]);
    if (before) {
        buf_add_str(out, before);
        buf_add_char(out, '\n');
    }
    buf_add(out, bytes, n);
    if (out->overflow)
        die("a text of %zu bytes to be signed has no room", n);
}

void wire_sign(char sig[WIRE_SIG + 1], enum wire_domain domain, const char *before, const void *bytes, size_t n,
               const uint8_t sk[CRYPTO_SIGN_SECRET])
{
    struct buf text, b64;
    uint8_t raw[CRYPTO_SIGNATURE];
    wire_signed_text(&text, domain, before, bytes, n);
    crypto_sign_message(raw, text.data, text.len, sk);
    buf_init(&b64, WIRE_SIG);
    crypto_b64(&b64, raw, sizeof raw);
    memcpy(sig, b64.data, b64.len + 1);
    buf_done(&b64);
    buf_done(&text);
}

bool wire_verify(const char *sig, enum wire_domain domain, const char *before, const void *bytes, size_t n,
                 const uint8_t pk[CRYPTO_SIGN_PUBLIC])
{
    uint8_t raw[CRYPTO_SIGNATURE];
    if (!sig || strlen(sig) != WIRE_SIG || !crypto_from_b64(raw, sizeof raw, NULL, sig))
        return false;
    if (before && strlen(before) > 400)
        return false;
    struct buf text;
    wire_signed_text(&text, domain, before, bytes, n);
    bool good = crypto_verify(raw, text.data, text.len, pk);
    buf_done(&text);
    return good;
}

void wire_nonce(char out[WIRE_NONCE + 1])
{
    uint8_t raw[16];
    struct buf text;
    crypto_random(raw, sizeof raw);
    buf_init(&text, WIRE_NONCE);
    crypto_b64(&text, raw, sizeof raw);
    memcpy(out, text.data, text.len + 1);
    buf_done(&text);
}

void wire_hash(char out[WIRE_HEX + 1], const void *bytes, size_t n)
{
    uint8_t raw[CRYPTO_HASH];
    crypto_digest(raw, bytes, n);
    crypto_hex(out, raw, sizeof raw);
}

bool wire_is_hash(const char *s) { return strlen(s) == WIRE_HEX && strspn(s, "0123456789abcdef") == WIRE_HEX; }

bool wire_is_id(const char *s)
{
    return strlen(s) == WIRE_UUID && strspn(s, "0123456789abcdef-") == WIRE_UUID && crypto_is_uuid(s);
}

bool wire_next_line(const char *bytes, size_t n, size_t *pos, struct wire_line *out)
{
    if (*pos >= n)
        return false;
    const char *start = bytes + *pos;
    const char *end = memchr(start, '\n', n - *pos);
    out->s = start;
    out->n = end ? (size_t)(end - start) : n - *pos;
    *pos += out->n + (end ? 1 : 0);
    return true;
}
