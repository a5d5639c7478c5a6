/* Pull: brings the replica from its position to the hub's head (sync/PROTOCOL.md, 3). An enum of states, one question
 * to the hub per step, so that something more urgent can go between two steps, and what was applied stays applied. */
#ifndef SYNC_FEED_H
#define SYNC_FEED_H

#include <stdbool.h>
#include <stdint.h>

#include "kiosk/base/clock.h"
#include "kiosk/store/replica_write.h"
#include "sync/keyring.h"
#include "sync/snapshot.h"
#include "sync/transport.h"

enum feed_state { FEED_HEAD, FEED_KEYS, FEED_SNAPSHOT, FEED_INSTALL, FEED_INDEX, FEED_PAGE, FEED_TAIL, FEED_DONE };

struct feed {
    /* Set by feed_init; borrowed. The writer may be exchanged between two runs. */
    struct transport *transport;
    struct ledger *ledger; /* NULL: key documents and safe_opseq are kept nowhere */
    struct replica_writer *writer;
    struct keyring *keys;
    struct clock *clock;
    char scope[17];
    /* When the replica has to be built anew although it holds something: gives a writer to build it in, beside the old
     * one, which the screens go on showing. May be NULL: then the old one is emptied. The caller exchanges them once
     * the run is FEED_DONE. */
    enum err (*aside)(void *context, struct replica_writer **out, struct error *e);
    /* Puts a checked replica (a file of its own in the same folder) in the place of the one in use, or of the one
     * aside, and gives its writer; the old writer is closed by it. NULL: no snapshots are taken. When it fails there
     * may be no writer, and the run is over. */
    enum err (*install)(void *context, const char *file, bool aside, struct replica_writer **out, struct error *e);
    void *aside_context;      /* of both */
    struct snapshot snapshot; /* snapshot_init after feed_init; zeros: none are taken */
    /* The hub's answers lie on a stick and may be of any age: the tail is asked for from the sealed end on, the head's
     * time is a lower bound and no more, and the programme is as fresh as the head. */
    bool carried;

    /* One run. */
    enum feed_state state;
    struct replica_position at;
    struct wire_head head; /* valid once it was verified (head.epoch > 0) */
    struct buf head_body;  /* its bytes, and their signature */
    char head_sig[WIRE_SIG + 1];
    char etag[TRANSPORT_ETAG];
    bool past_caches, keys_tried;
    bool working;  /* the last step only looked whether work done beside has ended: the next one may wait a little */
    bool is_aside; /* the writer is the one that aside gave */
    int resets, restarts;
    struct wire_index *index; /* the one in hand, n -1: none */
    int64_t walk_n;           /* the next index to ask for, and its hash */
    char walk_hash[WIRE_HEX + 1];
    struct transport_answer answer;
    /* What has come of a page or an index before the line broke, and its name; kept from run to run. */
    char part_path[WIRE_PATH];
    struct buf part;
    bool part_past_caches;

    /* What came of it. */
    enum fault fault;
    int64_t retry_after_s;
    bool changed; /* something was applied */
    int applied, bad;
};

void feed_init(struct feed *f, struct transport *t, struct ledger *l, struct keyring *k, struct clock *c,
               const char *scope);
void feed_done(struct feed *f);
/* A new run from the head on. */
enum err feed_begin(struct feed *f, struct replica_writer *w, struct error *e) MUST_CHECK;
/* One question to the hub and what follows from it. When it fails, f->fault says why, and the run is over; ERR_BUSY
 * with f->answer.stopped: the same step can be made again. The replica keeps what it has whatever fails; it is emptied
 * only when the hub's own signed history leaves it (new epoch, broken chain). The head's time moves the clock forward,
 * never back: a head may be an hour old. */
enum err feed_step(struct feed *f, struct error *e) MUST_CHECK;

#endif
