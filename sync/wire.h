/* The wire: what all messages between kiosk and hub share (sync/PROTOCOL.md is the authority). The wire_* modules are pure
 * code: bytes in, structs out and back, no sockets, no SQL, no clock.
 *   wire.h        limits, signatures, lines      wire_batch.h  what a kiosk says
 *   wire_reply.h  what the hub answers           wire_page.h   heads, keys, pages, indexes, tails
 *   wire_enrol.h  enrolment                      wire_zstd.h   compression
 *   wire_proof.h  what the hub said of itself */
#ifndef SYNC_WIRE_H
#define SYNC_WIRE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "kiosk/base/buf.h"
#include "kiosk/base/error.h"
#include "kiosk/ticket/crypto.h"

enum {
    WIRE_PAGE_MAX = 32 << 20,   /* bytes of a page, tail or index: WIRE_PER items at their largest; also of a compressed one */
    WIRE_ITEM_MAX = 64 << 10,   /* bytes of one item line */
    WIRE_BATCH_MAX = 256 << 10, /* bytes of a batch */
    WIRE_BATCH_OPS = 200,       /* operations the hub takes in one batch */
    WIRE_SEND_OPS = 50,         /* operations a kiosk sends in one batch */
    WIRE_OP_MAX = 8 << 10,      /* bytes of one operation line; an envelope is WIRE_SMALL_MAX at most */
    WIRE_SMALL_MAX = 8 << 10,   /* head, key document, enrolment */
    WIRE_REPLY_MAX = 1 << 20,   /* bytes of a reply */
    WIRE_DECISIONS = 500,       /* decisions in one reply */
    WIRE_GRANTS = 200,          /* grants in one reply */
    WIRE_HELD = 500,            /* leases a kiosk may hold */
    WIRE_PER = 500,             /* items of a page */
    WIRE_INDEX_PAGES = 1000,    /* pages named by one index */
    WIRE_BOX_MAX = 4096,        /* bytes of a sealed box */
    WIRE_PARTY_MAX = 20,        /* people of one sign-up; also seats of one operation, decision or lease */
    WIRE_UUID = 36,             /* letters of an id */
    WIRE_WORD = 64,             /* letters of a record's id: a UUID or a word */
    WIRE_HEX = 64,              /* letters of a hash */
    WIRE_HASH16 = 16,           /* letters of a hash in a name */
    WIRE_SIG = 86,              /* letters of a signature, b64 */
    WIRE_NONCE = 22,            /* letters of a nonce: b64 of 16 bytes */
    WIRE_TIME = 20,             /* letters of an instant in UTC */
    WIRE_ZONE = 48,             /* bytes of a time zone's name, with NUL */
    WIRE_PATH = 160,            /* bytes of the longest path, with NUL */
};

/* The kind of a signature. One made for a kind is never good as another. */
enum wire_domain {
    WIRE_DOMAIN_KEYS,
    WIRE_DOMAIN_HEAD,
    WIRE_DOMAIN_TAIL,
    WIRE_DOMAIN_BATCH,
    WIRE_DOMAIN_REPLY,
    WIRE_DOMAIN_LEASE,
    WIRE_DOMAIN_PROOF,
    WIRE_DOMAIN_COUNT
};

/* Signs "sosedi-NAME-1" LF, then `before` LF (unless NULL), then the bytes. `before` is the path with its query for a tail,
 * "POST\n/v1/kiosks/KID/sync" for a batch, the kiosk's name for a proof, NULL for all others. */
void wire_sign(char sig[WIRE_SIG + 1], enum wire_domain domain, const char *before, const void *bytes, size_t n,
               const uint8_t sk[CRYPTO_SIGN_SECRET]);
/* sig may be NULL or anything a stranger sent. */
bool wire_verify(const char *sig, enum wire_domain domain, const char *before, const void *bytes, size_t n,
                 const uint8_t pk[CRYPTO_SIGN_PUBLIC]);

/* A new random nonce. */
void wire_nonce(char out[WIRE_NONCE + 1]);
/* Lower-case hex of the BLAKE2b-256 of the bytes. */
void wire_hash(char out[WIRE_HEX + 1], const void *bytes, size_t n);
/* 64 zeros: the hash before the first page, index or operation. */
extern const char wire_zero_hash[WIRE_HEX + 1];
/* A hash in its one spelling: 64 lower-case hex digits. */
bool wire_is_hash(const char *s);
/* A UUID in its one spelling: lower-case. */
bool wire_is_id(const char *s);

/* JSON lines. Start with *pos = 0; each call gives one line without its LF (borrowed); false at the end. A last line without
 * LF is a line too. */
struct wire_line {
    const char *s;
    size_t n;
};
bool wire_next_line(const char *bytes, size_t n, size_t *pos, struct wire_line *out);

#endif
