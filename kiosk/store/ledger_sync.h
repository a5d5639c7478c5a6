/* The ledger as kiosk-sync uses it: the log to send, and one transaction for everything a reply says. */
#ifndef KIOSK_STORE_LEDGER_SYNC_H
#define KIOSK_STORE_LEDGER_SYNC_H

#include "kiosk/base/buf.h"
#include "kiosk/store/ledger.h"

/* After enrolment, or when the key document changed. Values are wire texts. */
struct ledger_enrolment {
    const char *hub, *kid, *name, *scope, *host, *root_b64;
    uint32_t epoch, inc;
};
/* Enrol first, then set the keys: another root forgets the keys of the one before. */
enum err ledger_enrol(struct ledger *l, const struct ledger_enrolment *x, struct error *e) MUST_CHECK;
/* The verified key document n, its text kept; ledger_identity() then knows the seal key, ledger_keys() gives the text
 * back. */
enum err ledger_set_keys(struct ledger *l, int n, const char *document, struct error *e) MUST_CHECK;
enum err ledger_keys(struct ledger *l, int *n, struct buf *document, struct error *e) MUST_CHECK;
enum err ledger_root(struct ledger *l, uint8_t pk[32], struct error *e) MUST_CHECK;

/* What a batch is made of. lines: up to max_ops unacknowledged operation bodies, each ended by LF. */
struct ledger_batch {
    uint32_t inc, epoch;
    int64_t first, last; /* operation numbers; last = first - 1 when there is none */
    char h0[65];         /* chain before first */
    int64_t inbox;
    int64_t held[256]; /* leases, rising */
    int held_count;
    bool anchor_lost; /* the ledger was salvaged: its log may have holes */
    char proof[256], mark[256]; /* what the hub gave to be shown to it again, in a reply and in a head; "" none */
    struct buf lines; /* the caller inits and frees */
};
enum err ledger_batch(struct ledger *l, struct ledger_batch *out, int max_ops, struct error *e) MUST_CHECK;
/* The same from the operation after `after` on, if that one is not acknowledged, for a stick: what goes by it is cut
 * into several batches, as no answer comes between them. */
enum err ledger_batch_after(struct ledger *l, struct ledger_batch *out, int64_t after, int max_ops,
                            struct error *e) MUST_CHECK;
bool ledger_has_unsent(struct ledger *l);

struct ledger_grant {
    int64_t lease;
    char event[CONTENT_ID];
    int first, last, terms;
    char sig[96]; /* verified by the caller */
};
/* begin; any of the following; commit: one reply is one transaction. */
enum err ledger_reply_begin(struct ledger *l, struct error *e) MUST_CHECK;
enum err ledger_reply_ack(struct ledger *l, int64_t n, int64_t opseq, int64_t safe_opseq, struct error *e) MUST_CHECK;
/* The hub's word on itself, to be shown with each batch from now on; "" changes nothing. Also outside a reply. */
enum err ledger_reply_proof(struct ledger *l, const char *proof, struct error *e) MUST_CHECK;
enum err ledger_set_mark(struct ledger *l, const char *mark, struct error *e) MUST_CHECK; /* the same of a head */
enum err ledger_reply_grant(struct ledger *l, const struct ledger_grant *g, struct error *e) MUST_CHECK;
/* The hub, restored from a backup, does not know this lease: what is left of its seats is returned. */
enum err ledger_reply_recall(struct ledger *l, int64_t lease, struct error *e) MUST_CHECK;
/* The kiosk's key (64 bytes, borrowed): sign-ups made here that a decision confirms then get their token. NULL: they
 * get none. */
void ledger_use_key(struct ledger *l, const uint8_t *sign_sk);
/* A decision line as received (JSON text); unknown ones are stored and ignored. Numbers at or below the inbox are
 * skipped. */
enum err ledger_reply_decision(struct ledger *l, const char *line, size_t n, struct error *e) MUST_CHECK;
enum err ledger_reply_commit(struct ledger *l, struct error *e) MUST_CHECK;
void ledger_reply_abort(struct ledger *l);

/* safe_opseq as a head of that epoch tells it (outside a reply). Of another epoch than the ledger's it says nothing:
 * the hub's numbers begin elsewhere there, and what was acknowledged before may be forgotten. */
enum err ledger_set_safe(struct ledger *l, int64_t epoch, int64_t safe_opseq, struct error *e) MUST_CHECK;

/* Gives the hub back what stock of an event there is, but for leases with these terms (-1: all): over, called off,
 * terms changed. */
enum err ledger_return_stock(struct ledger *l, const char *event, int keep_terms, struct error *e) MUST_CHECK;
/* Gives back what does not sell: of blocks that came before `quiet_since` (Unix seconds) and of which nothing was sold
 * since then, all but what was asked for here in the 7 days before `now` and at least one seat. */
enum err ledger_return_unsold(struct ledger *l, const char *event, int64_t now, int64_t quiet_since,
                              struct error *e) MUST_CHECK;
/* The events that there is stock of, at most max; returns how many. */
int ledger_stock_events(struct ledger *l, char (*events)[CONTENT_ID], int max);

/* 409: a new incarnation. reset: leases and stock are dropped. Both: operations that are not safe yet (acknowledged
 * ones too: the hub may have forgotten them) are renumbered from 1 and the chain built anew (bodies get their new "n");
 * returns of dropped seats are left out; what was set aside stays aside. One transaction. */
enum err ledger_new_incarnation(struct ledger *l, uint32_t inc, uint32_t epoch, bool drop_leases,
                                struct error *e) MUST_CHECK;
/* Drops what is safe and old: bodies covered by safe_opseq, sign-ups 30 days after their event. */
enum err ledger_purge(struct ledger *l, struct error *e) MUST_CHECK;
/* Remembers how the last exchange went; fault "" means well. */
enum err ledger_set_contact(struct ledger *l, bool reached, const char *fault, struct error *e) MUST_CHECK;
/* The way to the network (sync/line.h), for the staff page. Written only when it changed. */
enum err ledger_set_line(struct ledger *l, const char *line, struct error *e) MUST_CHECK;
bool ledger_take_suspect(struct ledger *l); /* true once after ledger_suspect_replica() */
/* Sets one unparsable operation aside: it is acknowledged locally without an opseq and logged; nothing is deleted. */
enum err ledger_set_aside(struct ledger *l, int64_t n, struct error *e) MUST_CHECK;

#endif
