/* The snapshot at a kiosk (PROTOCOL.md, 3): when it is worth taking, fetching it in as many pieces as the line gives,
 * and making a checked replica of the file. Nothing here touches the replica in use; feed.c puts the new one in its
 * place. Files in the kiosk's folder while one is on its way, good across restarts: replica.snapshot       the signed
 * head that named it      replica.snapshot.part  the bytes so far replica.snapshot.db    unpacked, being checked */
#ifndef SYNC_SNAPSHOT_H
#define SYNC_SNAPSHOT_H

#include "kiosk/store/replica_write.h"
#include "sync/snapshot_apart.h"
#include "sync/transport.h"
#include "sync/wire_page.h"

/* Whether a kiosk that stands at `at`, of the head's scope and epoch, should take the head's snapshot and not the
 * pages: it brings something and (1) the kiosk has nothing, or (2) the pages it needs are no longer served, or (3) the
 * pages it saves are at least as many bytes as it is itself. Applying a page costs many times what unpacking costs, so
 * where the bytes are equal the snapshot is faster on any line. */
bool snapshot_is_worth(const struct wire_head *head, const struct replica_position *at);
/* Whether this program in this zone can use it: schema and zone are its own. */
bool snapshot_is_usable(const struct wire_snapshot *s, const char *zone);

/* A packed file, from the line or from a stick, against a head whose signature was verified: checks length and hash,
 * unpacks it to `into` (made anew) and judges the result (replica_snapshot_check). ERR_DENIED: the bytes are not those
 * the head names; nothing was unpacked. ERR_CORRUPT, ERR_STATE: they are, and of no use here. ERR_FULL. `into` is gone
 * when it fails, and ready for replica_replace when it does not. Bounded memory; seconds for each million of records.
 */
enum err snapshot_unpack(const char *packed, const struct wire_head *head, const char *zone, const char *into,
                         struct error *e) MUST_CHECK;

/* One that is on its way. */
struct snapshot {
    const char *dir;  /* the kiosk's folder, borrowed; NULL: none is ever taken */
    const char *zone; /* the centre's, borrowed */
    bool kept;        /* files of one may lie there */
    bool on;          /* head names the one that is being fetched */
    bool past_caches; /* its bytes were wrong once */
    bool is_apart;    /* set by who has something better to do than to wait: the work is done beside, in `apart` */
    struct snapshot_apart apart;
    struct wire_head head;
    char refused[WIRE_HEX + 1]; /* hash of one that was of no use: not tried again */
};

enum snapshot_result {
    SNAPSHOT_MORE,     /* ask again */
    SNAPSHOT_WORKING,  /* ask again later: it is being checked beside */
    SNAPSHOT_COMPLETE, /* all bytes are here */
    SNAPSHOT_READY,    /* a checked replica lies at snapshot_path */
    SNAPSHOT_GONE,     /* the hub has it no longer: a newer head will name another */
    SNAPSHOT_REFUSED,  /* it is of no use here: take the pages */
    SNAPSHOT_FAILED,   /* the code says why; what has come is kept */
};

/* dir and zone are borrowed. */
void snapshot_init(struct snapshot *s, const char *dir, const char *zone);
/* Begins with the one that head names, or goes on with an older one that is partly here and serves as well. body and
 * sig are the head's as they came; what lies on the disk is believed only under `feed`, the key of heads. */
enum err snapshot_begin(struct snapshot *s, const struct wire_head *head, const struct wire_line *body, const char *sig,
                        const uint8_t feed[CRYPTO_SIGN_PUBLIC], struct error *e) MUST_CHECK;
/* One question for the bytes that are missing. a->stopped as with any question. */
enum snapshot_result snapshot_fetch(struct snapshot *s, struct transport *t, struct transport_answer *a,
                                    struct error *e);
/* After SNAPSHOT_COMPLETE: WORKING (with is_apart), READY, MORE (wrong bytes: from the start, past caches), REFUSED or FAILED (the disk). */
enum snapshot_result snapshot_prepare(struct snapshot *s, struct error *e);
void snapshot_path(const struct snapshot *s, char out[4096]); /* of the checked replica */
void snapshot_drop(struct snapshot *s);                       /* removes its files */
void snapshot_done(struct snapshot *s);                       /* leaves them: the next run goes on with them */
/* Drops it, and does not take it again while this program runs. */
void snapshot_refuse(struct snapshot *s, const struct error *why);

#endif
