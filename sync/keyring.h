/* The hub's keys as this kiosk knows them: the newest key document, signed by the root that was pinned at enrolment
 * (sync/PROTOCOL.md, 1). Documents are got in order, from the one after the known one. */
#ifndef SYNC_KEYRING_H
#define SYNC_KEYRING_H

#include "kiosk/store/ledger_sync.h"
#include "sync/transport.h"
#include "sync/wire_page.h"

struct keyring {
    uint8_t root[CRYPTO_SIGN_PUBLIC];
    struct wire_keys doc; /* doc.n 0: none known yet */
};

/* From the ledger. ERR_STATE: not enrolled. A kept document that does not parse counts as none. */
enum err keyring_load(struct keyring *k, struct ledger *l, struct error *e) MUST_CHECK;
/* Asks for document doc.n + 1, checks it, and keeps it in the ledger (l NULL: in *k alone). ERR_NOT_FOUND: the hub has
 * no such number; ERR_DENIED: not signed by the root. *a is for the question; a->fault says why there was no good
 * answer. */
enum err keyring_fetch_next(struct keyring *k, struct transport *t, struct transport_answer *a, struct ledger *l,
                            struct error *e) MUST_CHECK;

#endif
