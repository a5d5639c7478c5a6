/* What the hub once said of itself, signed, kept by the kiosk and shown to it again (PROTOCOL.md, 4): whoever says that the hub has
 * forgotten something has to bring its own word. One line of text: "EPOCH SEQ INC N H SIG". */
#ifndef SYNC_WIRE_PROOF_H
#define SYNC_WIRE_PROOF_H

#include "sync/wire_page.h"

enum { WIRE_PROOF = 5 * 21 + WIRE_HEX + WIRE_SIG }; /* letters at most */

struct wire_proof {
    int64_t epoch, seq; /* of the hub and its feed */
    int64_t inc, n;     /* the kiosk's log as the hub had it; n 0: says nothing of it */
    char h[WIRE_HEX + 1];
};

/* The text for kid, signed with the feed key. */
void wire_proof_write(char out[WIRE_PROOF + 1], const struct wire_proof *p, const char *kid, const uint8_t feed[CRYPTO_SIGN_SECRET]);
/* false: no proof for kid under the keys of this document. */
bool wire_proof_read(struct wire_proof *out, const char *text, const char *kid, const struct wire_keys *keys);
/* The same of a head: good for every kiosk (kid ""), and without a word on a log. Its signature goes in the head, the text is made again. */
void wire_proof_mark(struct wire_head *h, const uint8_t feed[CRYPTO_SIGN_SECRET]);
void wire_proof_of_head(char out[WIRE_PROOF + 1], const struct wire_head *h); /* "" when the head has none */
/* Its letters and length, for a member of a message. */
bool wire_ok_proof(const char *text);

#endif
