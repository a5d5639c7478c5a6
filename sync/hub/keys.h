/* The hub's keys (PROTOCOL.md, 1). DATA/keys holds, all 0600: root.key feed.key lease.key (Ed25519), seal-x1.key
 * (X25519) or seal-x1.locked (the same under a passphrase), the key documents 1.json, 1.sig, 2.json ..., and the keys
 * that document N brought: feed-N.key lease-N.key seal-xN.key. */
#ifndef SYNC_HUB_KEYS_H
#define SYNC_HUB_KEYS_H

#include "kiosk/base/buf.h"
#include "kiosk/base/error.h"
#include "sync/wire_page.h"

struct keys {
    uint8_t feed[CRYPTO_SIGN_SECRET], lease[CRYPTO_SIGN_SECRET];
    struct wire_keys doc; /* the newest document */
};

/* Makes all keys and document 1. ERR_EXISTS when there are keys: they are never overwritten. passphrase NULL: not
 * locked. */
enum err keys_create(const char *dir, const char *passphrase, struct error *e) MUST_CHECK;
/* Loads what serving needs: feed, lease, and the newest document. The root key may be elsewhere. */
enum err keys_load(struct keys *k, const char *dir, struct error *e) MUST_CHECK;
/* A newer document is there than k's: load again. */
bool keys_have_changed(const struct keys *k, const char *dir);
void keys_done(struct keys *k);

/* What rotation replaces. */
enum keys_kind { KEYS_FEED = 1, KEYS_LEASE = 2, KEYS_SEAL = 4 };
/* Makes new keys and the next document, signed by root.key (ERR_NOT_FOUND: it is elsewhere, bring it for this). kinds:
 * of keys_kind. What they replace stays good until the next rotation of its kind, unless it was stolen. Old seal keys
 * stay where they are: what was sealed to them can be opened; WIRE_SEALS of them at most (ERR_TOO_BIG). passphrase of a
 * new seal key, NULL: not locked. *n: the new document's number. Cut short at any moment, it did nothing. */
enum err keys_rotate(const char *dir, unsigned kinds, bool stolen, const char *passphrase, int64_t *n,
                     struct error *e) MUST_CHECK;
/* Document n and its signature. ERR_NOT_FOUND. */
enum err keys_document(const char *dir, int64_t n, struct buf *body, char sig[WIRE_SIG + 1],
                       struct error *e) MUST_CHECK;
/* Whether the secret of a seal key is locked; ERR_NOT_FOUND when it is not here at all. */
enum err keys_seal_state(const char *dir, const char *id, bool *locked, struct error *e) MUST_CHECK;
/* The secret of a seal key. passphrase is used when it is locked. ERR_DENIED: a wrong one. The caller wipes sk. */
enum err keys_seal_secret(const char *dir, const char *id, const char *passphrase, uint8_t sk[CRYPTO_SEAL_SECRET],
                          struct error *e) MUST_CHECK;

#endif
