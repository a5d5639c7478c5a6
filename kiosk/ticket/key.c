/* The kiosk's key file. */
#include "kiosk/ticket/key.h"

#include <string.h>

#include "kiosk/base/file.h"

void key_public(uint8_t pk[CRYPTO_SIGN_PUBLIC], const uint8_t sk[CRYPTO_SIGN_SECRET])
{
    memcpy(pk, sk + CRYPTO_SIGN_SECRET - CRYPTO_SIGN_PUBLIC, CRYPTO_SIGN_PUBLIC);
}

/* Bytes of the right length may still be rubbish: only a key signs what its public half verifies. */
static bool key_works(const uint8_t sk[CRYPTO_SIGN_SECRET])
{
    uint8_t pk[CRYPTO_SIGN_PUBLIC], sig[CRYPTO_SIGNATURE];
    key_public(pk, sk);
    crypto_sign_message(sig, "key", 3, sk);
    return crypto_verify(sig, "key", 3, pk);
}

enum err key_load(uint8_t sk[CRYPTO_SIGN_SECRET], const char *dir, struct error *e)
{
    char path[4096];
    struct buf bytes;
    file_join(path, dir, "kiosk.key");
    buf_init(&bytes, CRYPTO_SIGN_SECRET);
    enum err code = file_read(path, &bytes, e);
    if (code == ERR_TOO_BIG || (!code && bytes.len != CRYPTO_SIGN_SECRET)) {
        code = error_set(e, ERR_CORRUPT, "%s: not a key of %d bytes", path, CRYPTO_SIGN_SECRET);
    } else if (!code) {
        memcpy(sk, bytes.data, CRYPTO_SIGN_SECRET);
        if (!key_works(sk))
            code = error_set(e, ERR_CORRUPT, "%s: the key in it is damaged", path);
    }
    buf_wipe(&bytes);
    buf_done(&bytes);
    return code;
}

enum err key_load_or_make(uint8_t sk[CRYPTO_SIGN_SECRET], const char *dir, struct error *e)
{
    char path[4096];
    uint8_t pk[CRYPTO_SIGN_PUBLIC];
    enum err code = key_load(sk, dir, e);
    if (code != ERR_NOT_FOUND)
        return code;
    crypto_sign_keys(pk, sk);
    return file_write(file_join(path, dir, "kiosk.key"), sk, CRYPTO_SIGN_SECRET, 0600, e);
}
