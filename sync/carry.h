/* The push by stick: the kiosk's batches as files, the hub's receipts as files (sync/PROTOCOL.md, 10). What is put on a
 * stick stays in the ledger as it is; only a receipt whose signature and log hash hold acknowledges anything, so a
 * stick that is lost, copied, late or brought twice changes nothing. */
#ifndef SYNC_CARRY_H
#define SYNC_CARRY_H

#include "sync/exchange.h"
#include "sync/stick_part.h"

struct carry {
    struct exchange *exchange; /* its transport is not used */
    struct stick *stick;
    char up[48], down[48]; /* the parts */
    int64_t now;           /* Unix seconds, for the manifest */
    /* What came of it. */
    int batches, operations; /* written */
    int receipts;            /* that told something */
    enum fault fault;        /* of a receipt */
};

void carry_init(struct carry *c, struct exchange *x, struct stick *s, int64_t now);
/* Everything unacknowledged and, last, an empty batch that asks for decisions; in place of what this kiosk had put
 * there before. host: of the hub, for the manifest. */
enum err carry_write(struct carry *c, const char *host, uint32_t seen_epoch, int64_t seen_seq,
                     struct error *e) MUST_CHECK;
/* Takes the receipts to what lies in this kiosk's part. A stick that has none is fine. ERR_DENIED: a receipt that is
 * not the hub's, or not to this kiosk's log. */
enum err carry_read(struct carry *c, struct error *e) MUST_CHECK;

#endif
