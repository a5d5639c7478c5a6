/* Enrolment: a one-time code binds this kiosk's key to a hub (sync/PROTOCOL.md, 2). */
#ifndef SYNC_ENROL_H
#define SYNC_ENROL_H

#include "kiosk/store/ledger_sync.h"
#include "kiosk/ticket/crypto.h"
#include "sync/transport.h"

/* hub: a checked URL; code: what the person typed (never logged, never sent). Everything that the hub said is in the
 * ledger when it returns ERR_NONE. A reply that got lost: the same call again, with the same key. ERR_USAGE: no such
 * code can exist; ERR_STATE: enrolled already, and the ledger is not empty; ERR_NOT_FOUND, ERR_DENIED, ERR_CONFLICT:
 * the hub refused. */
enum err enrol_run(struct ledger *l, struct transport *t, const uint8_t sk[CRYPTO_SIGN_SECRET], const char *hub,
                   const char *code, struct error *e) MUST_CHECK;

#endif
