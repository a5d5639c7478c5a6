/* Push: one batch of the kiosk's log up, one reply down (sync/PROTOCOL.md, 4). Each call is one question; what the hub
 * answered is in the ledger, in one transaction, when it returns. Sending anything twice is harmless, so a lost reply
 * needs no care. */
#ifndef SYNC_EXCHANGE_H
#define SYNC_EXCHANGE_H

#include <stdbool.h>
#include <stdint.h>

#include "kiosk/base/clock.h"
#include "kiosk/store/ledger_carry.h"
#include "sync/keyring.h"
#include "sync/transport.h"
#include "sync/wire_batch.h"

enum exchange_result {
    EXCHANGE_DONE,   /* all was said and heard */
    EXCHANGE_AGAIN,  /* go on at once: more operations, more decisions, a halved batch or a new incarnation */
    EXCHANGE_FAILED, /* see fault; wait before the next try */
};

struct exchange {
    /* Set by exchange_init; borrowed. */
    struct transport *transport;
    struct ledger *ledger;
    struct keyring *keys;
    struct clock *clock; /* learns the hub's time from every reply */
    const uint8_t *sign_sk;
    char kid[CRYPTO_KID + 1];

    /* Between calls. */
    int max_ops;  /* halved by a refusal, doubled by a success */
    int refusals; /* 409 in a row: more than a few are a fault of the hub */
    int rounds;   /* replies in a row that asked for more */
    struct transport_answer answer;
    struct ledger_batch batch;
    struct buf message;
    const struct wire_envelope *carried; /* of the batch whose answer came by stick; NULL: answers come at once */

    /* What came of the last call. */
    enum fault fault;
    int64_t retry_after_s;
    bool new_keys; /* the hub names a newer key document than is known: pull */
};

void exchange_init(struct exchange *x, struct transport *t, struct ledger *l, struct keyring *k, struct clock *c,
                   const uint8_t sign_sk[CRYPTO_SIGN_SECRET]);
void exchange_done(struct exchange *x);
/* seen: where the replica stands, told to the hub (it notices its own restore by it). e is filled when EXCHANGE_FAILED.
 */
enum exchange_result exchange_step(struct exchange *x, uint32_t seen_epoch, int64_t seen_seq, struct error *e);

/* ---- by stick (carry.h): the same in two halves, with weeks between them */

/* x->message is made of x->batch and the rest of v (nonce, part, seen), and signed. */
void exchange_write(struct exchange *x, struct wire_envelope *v, char sig[WIRE_SIG + 1]);
/* x->answer is the hub's answer to x->batch, whose nonce this is. With x->carried an answer of any age may be taken: its
 * acknowledgement is held against the log as it is now, its time teaches nothing, and a refusal is obeyed only while
 * nothing newer was sent. */
enum exchange_result exchange_take(struct exchange *x, const char *nonce, struct error *e);

#endif
