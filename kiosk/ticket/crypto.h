/* Cryptography, and the only user of libsodium. Ed25519 (RFC 8032), X25519 sealed boxes (libsodium crypto_box_seal),
 * BLAKE2b (RFC 7693), Argon2id (RFC 9106). Everything fails closed. The names keep clear of those that libsodium
 * exports itself (crypto_hash, crypto_sign, crypto_sign_keypair): ours would take their place at link time. */
#ifndef KIOSK_TICKET_CRYPTO_H
#define KIOSK_TICKET_CRYPTO_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "kiosk/base/buf.h"
#include "kiosk/base/error.h"

enum {
    CRYPTO_HASH = 32,
    CRYPTO_SIGN_PUBLIC = 32,
    CRYPTO_SIGN_SECRET = 64,
    CRYPTO_SIGNATURE = 64,
    CRYPTO_SEAL_PUBLIC = 32,
    CRYPTO_SEAL_SECRET = 32,
    CRYPTO_SEAL_EXTRA = 48, /* a sealed box is this much longer than its text */
    CRYPTO_LOCK_EXTRA = 72, /* a locked secret is this much longer */
    CRYPTO_KID = 10,        /* letters of a key id */
};

/* Once, before everything else here. */
enum err crypto_init(struct error *e) MUST_CHECK;
void crypto_random(void *out, size_t n);
uint32_t crypto_random_below(uint32_t bound);
void crypto_wipe(void *p, size_t n);
bool crypto_equal(const void *a, const void *b, size_t n); /* constant time */

void crypto_digest(uint8_t out[CRYPTO_HASH], const void *bytes, size_t n);
/* Of a followed by b. */
void crypto_digest2(uint8_t out[CRYPTO_HASH], const void *a, size_t an, const void *b, size_t bn);
/* The same piece by piece, for what does not fit in memory (crypto_stream.c). */
struct crypto_stream {
    _Alignas(64) uint8_t state[384];
};
void crypto_stream_begin(struct crypto_stream *s);
void crypto_stream_add(struct crypto_stream *s, const void *bytes, size_t n);
void crypto_stream_end(struct crypto_stream *s, uint8_t out[CRYPTO_HASH]);
/* Keyed BLAKE2b; the key is a text of 1-64 bytes. */
void crypto_mac(uint8_t out[CRYPTO_HASH], const char *key, const void *bytes, size_t n);

void crypto_sign_keys(uint8_t pk[CRYPTO_SIGN_PUBLIC], uint8_t sk[CRYPTO_SIGN_SECRET]);
void crypto_sign_message(uint8_t sig[CRYPTO_SIGNATURE], const void *bytes, size_t n,
                         const uint8_t sk[CRYPTO_SIGN_SECRET]);
bool crypto_verify(const uint8_t sig[CRYPTO_SIGNATURE], const void *bytes, size_t n,
                   const uint8_t pk[CRYPTO_SIGN_PUBLIC]);
/* The key id of a public key: base32 (RFC 4648, lower case) of its BLAKE2b, the first 10 letters; NUL at [10]. */
void crypto_kid(char out[CRYPTO_KID + 1], const uint8_t pk[CRYPTO_SIGN_PUBLIC]);

void crypto_seal_keys(uint8_t pk[CRYPTO_SEAL_PUBLIC], uint8_t sk[CRYPTO_SEAL_SECRET]);
/* out holds n + CRYPTO_SEAL_EXTRA bytes. ERR_INVALID for a key that is none (all zero). */
enum err crypto_seal(uint8_t *out, const void *text, size_t n, const uint8_t pk[CRYPTO_SEAL_PUBLIC],
                     struct error *e) MUST_CHECK;
/* out holds n - CRYPTO_SEAL_EXTRA bytes. ERR_DENIED when it was sealed to another key or changed. */
enum err crypto_open(uint8_t *out, const uint8_t *box, size_t n, const uint8_t pk[CRYPTO_SEAL_PUBLIC],
                     const uint8_t sk[CRYPTO_SEAL_SECRET], struct error *e) MUST_CHECK;
/* A secret kept under a passphrase (Argon2id + secretbox); the output is self-describing bytes, n + CRYPTO_LOCK_EXTRA,
 * appended to out. Takes about 0.2 s and 64 MB. Unlocking: ERR_DENIED for a wrong passphrase or changed bytes,
 * ERR_INVALID for bytes that are no locked secret, ERR_TOO_BIG when out cannot take it; out is then as it was. The
 * caller wipes what it got. */
enum err crypto_lock(struct buf *out, const void *secret, size_t n, const char *passphrase, struct error *e) MUST_CHECK;
enum err crypto_unlock(struct buf *out, const void *bytes, size_t n, const char *passphrase,
                       struct error *e) MUST_CHECK;

/* Text forms: base64url without padding (RFC 4648 5), lower-case hex, base32 without padding (RFC 4648 6, upper case).
 * Decoders want the whole string, the exact size and the one canonical spelling; base32 is read in any case. */
void crypto_b64(struct buf *out, const void *bytes, size_t n);
bool crypto_from_b64(void *out, size_t size, size_t *n, const char *text); /* n NULL: exactly size bytes are wanted */
void crypto_hex(char *out, const void *bytes, size_t n);                   /* out holds 2n + 1 */
bool crypto_from_hex(void *out, size_t size, const char *text);
void crypto_base32(char *out, const void *bytes, size_t n); /* out holds (8n + 4) / 5 + 1 */
bool crypto_from_base32(void *out, size_t size, const char *text);

/* A UUID version 7 (RFC 9562) of wall_ms as 36 characters; and one that follows from a name (version 8, BLAKE2b). */
void crypto_uuid(char out[37], int64_t wall_ms);
/* space and name are texts; the same two give the same id on every machine. */
void crypto_uuid_name(char out[37], const char *space, const char *name);
bool crypto_is_uuid(const char *s); /* 36 characters, lower case, any version; NULL is none */

#endif
