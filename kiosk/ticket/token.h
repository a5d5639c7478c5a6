/* The signed token on the paper: any kiosk checks it without a network (sync/PROTOCOL.md, "Ticket token").
 * 35 bytes: version 1 | event 8 | seat u16 | sign-up id prefix 8 | kid 6 | lease u64 | terms u16, big-endian, then
 * Ed25519 by the kiosk's key: 99 bytes. Printed as base32 (RFC 4648, no padding, upper case) so that scanners can type
 * it. */
#ifndef KIOSK_TICKET_TOKEN_H
#define KIOSK_TICKET_TOKEN_H

#include <stdbool.h>
#include <stdint.h>

#include "kiosk/base/error.h"
#include "kiosk/ticket/crypto.h"

enum { TOKEN_BODY = 35, TOKEN_BYTES = TOKEN_BODY + CRYPTO_SIGNATURE, TOKEN_TEXT = 160 };

struct token {
    uint8_t event[8]; /* first bytes of the occurrence's UUID */
    uint16_t seat;    /* first seat; 0: an event without numbered seats */
    uint8_t signup[8];
    uint8_t kid[6]; /* first 6 characters of the kiosk's key id, no NUL */
    uint64_t lease;
    uint16_t terms;
};

void token_make(uint8_t out[TOKEN_BYTES], const struct token *t, const uint8_t sk[CRYPTO_SIGN_SECRET]);
/* The fields without looking at the signature: to learn whose key (kid) is wanted for token_read. ERR_INVALID: not a
 * token. */
enum err token_peek(struct token *out, const uint8_t bytes[TOKEN_BYTES], struct error *e) MUST_CHECK;
/* ERR_INVALID: not a token; ERR_DENIED: the signature is not pk's. out is written on success only. */
enum err token_read(struct token *out, const uint8_t bytes[TOKEN_BYTES], const uint8_t pk[CRYPTO_SIGN_PUBLIC],
                    struct error *e) MUST_CHECK;
void token_text(char out[TOKEN_TEXT + 1], const uint8_t bytes[TOKEN_BYTES]);
/* Any case, with spaces, dashes and line ends in it, as typed on a Latin or a Russian layout; out is written on success
 * only. */
bool token_from_text(uint8_t out[TOKEN_BYTES], const char *text);

#endif
