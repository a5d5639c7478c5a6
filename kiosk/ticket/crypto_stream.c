/* BLAKE2b-256 of bytes that come in pieces. */
#include "kiosk/ticket/crypto.h"

#include <sodium.h>

#include "kiosk/base/error.h"

_Static_assert(sizeof(crypto_generichash_state) <= sizeof(struct crypto_stream), "the state has room");

/* The library's state lies in ours: same size, same alignment. */
static crypto_generichash_state *crypto_stream_state(struct crypto_stream *s)
{
    return (crypto_generichash_state *)(void *)s->state;
}

void crypto_stream_begin(struct crypto_stream *s)
{
    if (crypto_generichash_init(crypto_stream_state(s), NULL, 0, CRYPTO_HASH) != 0)
        die("cryptography: BLAKE2b failed");
}

void crypto_stream_add(struct crypto_stream *s, const void *bytes, size_t n)
{
    if (n && crypto_generichash_update(crypto_stream_state(s), bytes, n) != 0)
        die("cryptography: BLAKE2b failed");
}

void crypto_stream_end(struct crypto_stream *s, uint8_t out[CRYPTO_HASH])
{
    if (crypto_generichash_final(crypto_stream_state(s), out, CRYPTO_HASH) != 0)
        die("cryptography: BLAKE2b failed");
}
