/* What a batch is while it is worked on, and the operations themselves. Inside the batch's transaction. */
#ifndef SYNC_HUB_SERVE_INTAKE_OPS_H
#define SYNC_HUB_SERVE_INTAKE_OPS_H

#include "sync/hub/serve/intake.h"

struct intake_kiosk {
    bool known, revoked;
    uint8_t pk[CRYPTO_SIGN_PUBLIC];
    int64_t inc, log_n, epoch, inbox;
    char log_h[WIRE_HEX + 1];
};

struct intake {
    struct hub *hub;
    const struct keys *keys;
    char kid[CRYPTO_KID + 1];
    struct intake_kiosk kiosk;
    struct wire_envelope v;
    int count;
    struct wire_op *ops;     /* count of them */
    struct wire_line *lines; /* their bytes */
    bool *fresh;             /* a sign-up that this batch brought first: its decision is in the inbox */
    int recall_count;        /* leases that the kiosk holds and nobody here knows of */
    int64_t recall[WIRE_HELD];
    struct intake_answer *out;
    bool working; /* its transaction has begun */
    bool alone;   /* nobody else writes meanwhile */
};

/* Takes every sign-up in by its id, whatever else is wrong with the batch. quarantine: the kiosk was revoked, no seat
 * moves. */
enum err intake_ingest(struct intake *b, bool quarantine, struct error *e) MUST_CHECK;
/* Holds the rows of all occurrences that the operations name, so that two batches cannot wait for each other. */
enum err intake_hold_events(struct intake *b, struct error *e) MUST_CHECK;
/* Applies operation i, whose n is new. */
enum err intake_apply(struct intake *b, int i, struct error *e) MUST_CHECK;

#endif
