/* A hub in a folder of its own and kiosks that talk to its intake, for tests: each kiosk keeps its log, its stock of
 * seats and what it was told, and a test may lose, repeat or delay any message. */
#ifndef TESTS_SUPPORT_HUBKIT_H
#define TESTS_SUPPORT_HUBKIT_H

#include "sync/hub/hub.h"
#include "sync/hub/serve/intake.h"
#include "sync/hub/keys.h"
#include "sync/wire_reply.h"
#include "tests/support/folder.h"

enum { HUBKIT_LOG = 600, HUBKIT_STOCK = 400, HUBKIT_TOLD = 600, HUBKIT_LEASES = 300 };

struct hubkit {
    struct hub hub;
    struct keys keys;
    uint8_t feed_pk[CRYPTO_SIGN_PUBLIC];
    char dir[FOLDER_PATH];
    char database[512]; /* URL, "" for SQLite: SOSEDI_DATABASE in the environment, in a schema of its own */
};

struct hubkit_seat {
    char ev[WIRE_UUID + 1];
    int64_t lease;
    int seat;
};

struct hubkit_told {
    char id[WIRE_UUID + 1];
    enum wire_state st;
    int seat_count, seats[WIRE_PARTY_MAX];
    int64_t pos;
};

struct hubkit_kiosk {
    char kid[CRYPTO_KID + 1];
    uint8_t pk[CRYPTO_SIGN_PUBLIC], sk[CRYPTO_SIGN_SECRET];
    int64_t inc, epoch, seen_seq, inbox;
    bool anchor_lost;
    int64_t base_n; /* acknowledged */
    char base_h[WIRE_HEX + 1];
    struct wire_op *log[HUBKIT_LOG]; /* not acknowledged, from base_n + 1 */
    int log_count;
    struct hubkit_seat stock[HUBKIT_STOCK];
    int stock_count;
    int64_t had[HUBKIT_LEASES]; /* every lease it ever took */
    struct wire_grant grant[HUBKIT_LEASES]; /* the same, as the hub signed them */
    int had_count;
    struct hubkit_told told[HUBKIT_TOLD]; /* newest decision of each sign-up */
    int told_count;
    enum wire_state found;       /* answer of the last find, WIRE_STATE_COUNT: none yet */
    struct wire_refusal refusal; /* of the last 409 */
    char nonce[WIRE_NONCE + 1];  /* of the last message made */
    char proof[WIRE_PROOF + 1];  /* the newest that the hub gave */
    char mark[WIRE_PROOF + 1];   /* of a head, "" as long as a test sets none */
};

/* One message on its way. */
struct hubkit_message {
    struct buf body;
    char sig[WIRE_SIG + 1];
    char nonce[WIRE_NONCE + 1];
    int kiosk; /* for the test's own use */
};

void hubkit_init(struct hubkit *k, int64_t wall_ms);
void hubkit_done(struct hubkit *k);
/* An event with one occurrence `ev` that begins in so many seconds. capacity -1: no limit. */
void hubkit_event(struct hubkit *k, const char *ev, int64_t capacity, int64_t in_seconds);
int64_t hubkit_number(struct hubkit *k, const char *sql); /* the first column of the first row */

void hubkit_kiosk_init(struct hubkit *k, struct hubkit_kiosk *q);
void hubkit_kiosk_done(struct hubkit_kiosk *q);
/* A copy of the device as it is now, as an image of its card would be. The caller ends it with hubkit_kiosk_done. */
void hubkit_kiosk_copy(struct hubkit_kiosk *to, const struct hubkit_kiosk *from);
/* Appends to the log; the number is given here. */
void hubkit_op(struct hubkit_kiosk *q, const struct wire_op *op);
/* A sign-up: from the stock when `party` seats of one lease are there, else it asks. id receives the sign-up's, code
 * its code. */
void hubkit_signup(struct hubkit_kiosk *q, const char *ev, int party, char id[WIRE_UUID + 1], char code[CODE_LEN + 1]);
void hubkit_cancel(struct hubkit_kiosk *q, const char *id, const char *code);
void hubkit_return(struct hubkit_kiosk *q); /* the last seat in stock, if any */
void hubkit_want(struct hubkit_kiosk *q, const char *ev, int seats);
const struct hubkit_told *hubkit_told_of(const struct hubkit_kiosk *q, const char *id); /* NULL: nothing yet */

/* Everything not acknowledged, at most 50 operations. The caller: buf_done(&m->body). */
void hubkit_pack(struct hubkit_kiosk *q, struct hubkit_message *m);
/* Brings it to the hub. The caller: buf_done(&out->body). */
void hubkit_deliver(struct hubkit *k, struct hubkit_kiosk *q, const struct hubkit_message *m,
                    struct intake_answer *out);
/* The answer arrives: a 200 is applied, a 409 obeyed, when it is of the newest message. */
void hubkit_receive(struct hubkit *k, struct hubkit_kiosk *q, const struct intake_answer *a);
/* All three without a fault; returns the status. */
int hubkit_exchange(struct hubkit *k, struct hubkit_kiosk *q);

#endif
