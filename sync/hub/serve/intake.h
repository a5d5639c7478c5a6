/* Batches from kiosks (PROTOCOL.md, 4): one batch is one transaction, and the answer is made after its commit. Sending
 * any part of a log twice is harmless. */
#ifndef SYNC_HUB_SERVE_INTAKE_H
#define SYNC_HUB_SERVE_INTAKE_H

#include "sync/hub/hub.h"
#include "sync/hub/keys.h"
#include "sync/wire_batch.h"

enum { INTAKE_FULL = 64 };

struct intake_answer {
    int status;             /* 200, 400, 401, 403, 409, 413, 503 */
    struct buf body;        /* made by intake_run: buf_done */
    char sig[WIRE_SIG + 1]; /* of 200, 409, 403, and 400 to a readable envelope; else "" */
    int full_count;         /* occurrences that became full or are no longer: their events are to be published again */
    char full[INTAKE_FULL][WIRE_UUID + 1];
};

/* kid and sig as they came, body the bytes that were signed. Never fails: what goes wrong at the hub is 503, logged. */
void intake_run(struct hub *h, const struct keys *k, const char *kid, const char *sig, const struct wire_line *body,
                struct intake_answer *out);

/* Operations up to here survive the loss of the hub's disk, or its operator said that there are no backups (backup.h).
 */
int64_t intake_safe_opseq(struct sql *db);
int64_t intake_opseq(struct sql *db); /* the last operation taken */

#endif
