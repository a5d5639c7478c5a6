/* libsodium behind a small door. A call that cannot fail dies when it does: nothing goes on without its cryptography.
 */
#include "kiosk/ticket/crypto.h"

#include <sodium.h>
#include <stdlib.h>
#include <string.h>

_Static_assert(CRYPTO_SIGN_PUBLIC == crypto_sign_PUBLICKEYBYTES, "Ed25519 public key");
_Static_assert(CRYPTO_SIGN_SECRET == crypto_sign_SECRETKEYBYTES, "Ed25519 secret key");
_Static_assert(CRYPTO_SIGNATURE == crypto_sign_BYTES, "Ed25519 signature");
_Static_assert(CRYPTO_SEAL_PUBLIC == crypto_box_PUBLICKEYBYTES, "X25519 public key");
_Static_assert(CRYPTO_SEAL_SECRET == crypto_box_SECRETKEYBYTES, "X25519 secret key");
_Static_assert(CRYPTO_SEAL_EXTRA == crypto_box_SEALBYTES, "sealed box");

static void crypto_must(int rc, const char *what)
{
    if (rc != 0)
        die("cryptography: %s failed", what);
}

/* ---- start, chance, memory */

enum err crypto_init(struct error *e)
{
    if (sodium_init() < 0)
        return error_set(e, ERR_IO, "libsodium does not start: no source of random numbers?");
    return ERR_NONE;
}

void crypto_random(void *out, size_t n) { randombytes_buf(out, n); }
uint32_t crypto_random_below(uint32_t bound) { return randombytes_uniform(bound); }
void crypto_wipe(void *p, size_t n) { sodium_memzero(p, n); }
bool crypto_equal(const void *a, const void *b, size_t n) { return sodium_memcmp(a, b, n) == 0; }

/* ---- hashes */

void crypto_digest(uint8_t out[CRYPTO_HASH], const void *bytes, size_t n) { crypto_digest2(out, bytes, n, NULL, 0); }

void crypto_digest2(uint8_t out[CRYPTO_HASH], const void *a, size_t an, const void *b, size_t bn)
{
    crypto_generichash_state state;
    crypto_must(crypto_generichash_init(&state, NULL, 0, CRYPTO_HASH), "BLAKE2b");
    if (an)
        crypto_must(crypto_generichash_update(&state, a, an), "BLAKE2b");
    if (bn)
        crypto_must(crypto_generichash_update(&state, b, bn), "BLAKE2b");
    crypto_must(crypto_generichash_final(&state, out, CRYPTO_HASH), "BLAKE2b");
}

void crypto_mac(uint8_t out[CRYPTO_HASH], const char *key, const void *bytes, size_t n)
{
    size_t len = strlen(key);
    if (len == 0 || len > crypto_generichash_KEYBYTES_MAX)
        die("cryptography: a MAC key of %zu bytes", len);
    crypto_must(crypto_generichash(out, CRYPTO_HASH, n ? bytes : key, n, (const uint8_t *)key, len), "BLAKE2b");
}

/* ---- signatures */

void crypto_sign_keys(uint8_t pk[CRYPTO_SIGN_PUBLIC], uint8_t sk[CRYPTO_SIGN_SECRET])
{
    crypto_must(crypto_sign_ed25519_keypair(pk, sk), "key generation");
}

void crypto_sign_message(uint8_t sig[CRYPTO_SIGNATURE], const void *bytes, size_t n,
                         const uint8_t sk[CRYPTO_SIGN_SECRET])
{
    crypto_must(crypto_sign_detached(sig, NULL, bytes, n, sk), "signing");
}

bool crypto_verify(const uint8_t sig[CRYPTO_SIGNATURE], const void *bytes, size_t n,
                   const uint8_t pk[CRYPTO_SIGN_PUBLIC])
{
    return crypto_sign_verify_detached(sig, bytes, n, pk) == 0;
}

void crypto_kid(char out[CRYPTO_KID + 1], const uint8_t pk[CRYPTO_SIGN_PUBLIC])
{
    uint8_t hash[CRYPTO_HASH];
    char text[(CRYPTO_HASH * 8 + 4) / 5 + 1];
    crypto_digest(hash, pk, CRYPTO_SIGN_PUBLIC);
    crypto_base32(text, hash, sizeof hash);
    for (size_t i = 0; i < CRYPTO_KID; i++)
        out[i] = text[i] >= 'A' ? (char)(text[i] | 0x20) : text[i];
    out[CRYPTO_KID] = 0;
}

/* ---- sealed boxes */

void crypto_seal_keys(uint8_t pk[CRYPTO_SEAL_PUBLIC], uint8_t sk[CRYPTO_SEAL_SECRET])
{
    crypto_must(crypto_box_keypair(pk, sk), "key generation");
}

enum err crypto_seal(uint8_t *out, const void *text, size_t n, const uint8_t pk[CRYPTO_SEAL_PUBLIC], struct error *e)
{
    if (sodium_is_zero(pk, CRYPTO_SEAL_PUBLIC) || crypto_box_seal(out, text, n, pk) != 0)
        return error_set(e, ERR_INVALID, "the key to seal to is none");
    return ERR_NONE;
}

enum err crypto_open(uint8_t *out, const uint8_t *box, size_t n, const uint8_t pk[CRYPTO_SEAL_PUBLIC],
                     const uint8_t sk[CRYPTO_SEAL_SECRET], struct error *e)
{
    if (n < CRYPTO_SEAL_EXTRA || crypto_box_seal_open(out, box, n, pk, sk) != 0)
        return error_set(e, ERR_DENIED, "a sealed box of %zu bytes does not open with this key", n);
    return ERR_NONE;
}

/* ---- secrets under a passphrase: "SOSLOCK1", passes u32, memory in KiB u32 (big-endian), salt 16, nonce 24, secretbox
 */

enum {
    LOCK_MAGIC = 8,
    LOCK_SALT_AT = LOCK_MAGIC + 8,
    LOCK_NONCE_AT = LOCK_SALT_AT + crypto_pwhash_argon2id_SALTBYTES,
    LOCK_HEAD = LOCK_NONCE_AT + crypto_secretbox_NONCEBYTES,
    LOCK_PASSES = 3,
    LOCK_KIB = 64 * 1024,
    /* What foreign bytes may ask for. */
    LOCK_PASSES_MAX = 10,
    LOCK_KIB_MAX = 512 * 1024,
};
_Static_assert(LOCK_HEAD + crypto_secretbox_MACBYTES == CRYPTO_LOCK_EXTRA, "size of a locked secret");

static const char lock_magic[] = "SOSLOCK1";

static void crypto_put_u32(uint8_t out[4], uint32_t v)
{
    for (int i = 0; i < 4; i++)
        out[i] = (uint8_t)(v >> (24 - 8 * i));
}

static uint32_t crypto_get_u32(const uint8_t in[4])
{
    return (uint32_t)in[0] << 24 | (uint32_t)in[1] << 16 | (uint32_t)in[2] << 8 | in[3];
}

static enum err crypto_lock_key(uint8_t key[crypto_secretbox_KEYBYTES], const uint8_t head[LOCK_HEAD],
                                const char *passphrase, struct error *e)
{
    uint32_t passes = crypto_get_u32(head + LOCK_MAGIC), kib = crypto_get_u32(head + LOCK_MAGIC + 4);
    if (memcmp(head, lock_magic, LOCK_MAGIC) != 0 || passes < 1 || passes > LOCK_PASSES_MAX || kib < 8 ||
        kib > LOCK_KIB_MAX)
        return error_set(e, ERR_INVALID, "not a locked secret");
    if (crypto_pwhash_argon2id(key, crypto_secretbox_KEYBYTES, passphrase, strlen(passphrase), head + LOCK_SALT_AT,
                               passes, (size_t)kib * 1024, crypto_pwhash_argon2id_ALG_ARGON2ID13) != 0)
        return error_set(e, ERR_MEMORY, "no memory for the passphrase (%u KiB)", (unsigned)kib);
    return ERR_NONE;
}

enum err crypto_lock(struct buf *out, const void *secret, size_t n, const char *passphrase, struct error *e)
{
    uint8_t head[LOCK_HEAD], key[crypto_secretbox_KEYBYTES];
    if (out->max - out->len < CRYPTO_LOCK_EXTRA || out->max - out->len - CRYPTO_LOCK_EXTRA < n)
        return error_set(e, ERR_TOO_BIG, "no room for a locked secret of %zu bytes", n);
    memcpy(head, lock_magic, LOCK_MAGIC);
    crypto_put_u32(head + LOCK_MAGIC, LOCK_PASSES);
    crypto_put_u32(head + LOCK_MAGIC + 4, LOCK_KIB);
    crypto_random(head + LOCK_SALT_AT, LOCK_HEAD - LOCK_SALT_AT);
    enum err code = crypto_lock_key(key, head, passphrase, e);
    if (code)
        return code;
    size_t size = n + crypto_secretbox_MACBYTES;
    uint8_t *box = mem_new(size, 1);
    crypto_must(crypto_secretbox_easy(box, secret, n, head + LOCK_NONCE_AT, key), "secretbox");
    buf_add(out, head, sizeof head);
    buf_add(out, box, size);
    free(box);
    crypto_wipe(key, sizeof key);
    return ERR_NONE;
}

enum err crypto_unlock(struct buf *out, const void *bytes, size_t n, const char *passphrase, struct error *e)
{
    uint8_t key[crypto_secretbox_KEYBYTES];
    const uint8_t *head = bytes;
    if (n < CRYPTO_LOCK_EXTRA)
        return error_set(e, ERR_INVALID, "not a locked secret");
    size_t size = n - CRYPTO_LOCK_EXTRA;
    if (out->max - out->len < size)
        return error_set(e, ERR_TOO_BIG, "no room for a secret of %zu bytes", size);
    enum err code = crypto_lock_key(key, head, passphrase, e);
    if (code)
        return code;
    uint8_t *secret = mem_new(size, 1);
    if (crypto_secretbox_open_easy(secret, head + LOCK_HEAD, n - LOCK_HEAD, head + LOCK_NONCE_AT, key) == 0)
        buf_add(out, secret, size);
    else
        code = error_set(e, ERR_DENIED, "wrong passphrase, or the locked secret was changed");
    crypto_wipe(secret, size);
    free(secret);
    crypto_wipe(key, sizeof key);
    return code;
}

/* ---- text forms */

void crypto_b64(struct buf *out, const void *bytes, size_t n)
{
    enum { CHUNK = 3 * 64 };
    char text[CHUNK / 3 * 4 + 1];
    const uint8_t *p = bytes;
    for (size_t part; n > 0; n -= part, p += part) {
        part = n < CHUNK ? n : CHUNK;
        sodium_bin2base64(text, sizeof text, p, part, sodium_base64_VARIANT_URLSAFE_NO_PADDING);
        buf_add_str(out, text);
    }
}

bool crypto_from_b64(void *out, size_t size, size_t *n, const char *text)
{
    size_t got = 0;
    if (sodium_base642bin(out, size, text, strlen(text), NULL, &got, NULL, sodium_base64_VARIANT_URLSAFE_NO_PADDING) !=
        0)
        return false;
    if (n)
        *n = got;
    return n || got == size;
}

void crypto_hex(char *out, const void *bytes, size_t n) { sodium_bin2hex(out, 2 * n + 1, bytes, n); }

bool crypto_from_hex(void *out, size_t size, const char *text)
{
    size_t got = 0;
    if (strlen(text) != 2 * size || strpbrk(text, "ABCDEF"))
        return false;
    return sodium_hex2bin(out, size, text, 2 * size, NULL, &got, NULL) == 0 && got == size;
}

void crypto_base32(char *out, const void *bytes, size_t n)
{
    const uint8_t *p = bytes;
    unsigned bits = 0, have = 0;
    for (size_t i = 0; i < n; i++) {
        bits = (bits << 8 | p[i]) & 0xfff;
        for (have += 8; have >= 5; have -= 5)
            *out++ = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"[bits >> (have - 5) & 31];
    }
    if (have)
        *out++ = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"[bits << (5 - have) & 31];
    *out = 0;
}

static int crypto_base32_value(char c)
{
    if (c >= 'A' && c <= 'Z')
        return c - 'A';
    if (c >= 'a' && c <= 'z')
        return c - 'a';
    return c >= '2' && c <= '7' ? c - '2' + 26 : -1;
}

bool crypto_from_base32(void *out, size_t size, const char *text)
{
    uint8_t *p = out;
    unsigned bits = 0, have = 0;
    if (strlen(text) != (8 * size + 4) / 5)
        return false;
    for (; *text; text++) {
        int value = crypto_base32_value(*text);
        if (value < 0)
            return false;
        bits = (bits << 5 | (unsigned)value) & 0xfff;
        have += 5;
        if (have >= 8) {
            have -= 8;
            *p++ = (uint8_t)(bits >> have);
        }
    }
    return (bits & ((1u << have) - 1)) == 0;
}

/* ---- UUIDs */

static void crypto_uuid_format(char out[37], uint8_t b[16], unsigned version)
{
    char hex[33];
    b[6] = (uint8_t)((b[6] & 0x0f) | version << 4);
    b[8] = (uint8_t)((b[8] & 0x3f) | 0x80);
    crypto_hex(hex, b, 16);
    for (size_t i = 0, at = 0; i < 32; i++) {
        if (i == 8 || i == 12 || i == 16 || i == 20)
            out[at++] = '-';
        out[at++] = hex[i];
    }
    out[36] = 0;
}

void crypto_uuid(char out[37], int64_t wall_ms)
{
    uint8_t b[16];
    uint64_t ms = wall_ms > 0 ? (uint64_t)wall_ms : 0;
    crypto_random(b, sizeof b);
    for (int i = 0; i < 6; i++)
        b[i] = (uint8_t)(ms >> (40 - 8 * i));
    crypto_uuid_format(out, b, 7);
}

void crypto_uuid_name(char out[37], const char *space, const char *name)
{
    uint8_t hash[CRYPTO_HASH];
    /* With the NUL of the space between them, "ab" + "c" is not "a" + "bc". */
    crypto_digest2(hash, space, strlen(space) + 1, name, strlen(name));
    crypto_uuid_format(out, hash, 8);
}

bool crypto_is_uuid(const char *s)
{
    if (!s || strlen(s) != 36)
        return false;
    for (size_t i = 0; i < 36; i++) {
        bool dash = i == 8 || i == 13 || i == 18 || i == 23;
        bool hex = (s[i] >= '0' && s[i] <= '9') || (s[i] >= 'a' && s[i] <= 'f');
        if (dash ? s[i] != '-' : !hex)
            return false;
    }
    return true;
}
