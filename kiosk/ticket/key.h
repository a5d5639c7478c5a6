/* The kiosk's own key (PROTOCOL.md, 1): DATA/kiosk.key, the 64 raw bytes of an Ed25519 secret, mode 0600. It signs
 * batches and the tokens on paper. Made once, before the first enrolment, and never again: who loses it enrols as a new
 * kiosk. */
#ifndef KIOSK_TICKET_KEY_H
#define KIOSK_TICKET_KEY_H

#include "kiosk/base/error.h"
#include "kiosk/ticket/crypto.h"

/* ERR_NOT_FOUND: none was made; ERR_CORRUPT: the file is no key. The caller wipes sk (crypto_wipe). */
enum err key_load(uint8_t sk[CRYPTO_SIGN_SECRET], const char *dir, struct error *e) MUST_CHECK;
/* The same, and makes the key when there is none: durable before it returns. */
enum err key_load_or_make(uint8_t sk[CRYPTO_SIGN_SECRET], const char *dir, struct error *e) MUST_CHECK;
/* The public half, which lies in the secret's second half. */
void key_public(uint8_t pk[CRYPTO_SIGN_PUBLIC], const uint8_t sk[CRYPTO_SIGN_SECRET]);

#endif
