/* Inside the store: what the files of the ledger share. */
#ifndef KIOSK_STORE_LEDGER_PRIVATE_H
#define KIOSK_STORE_LEDGER_PRIVATE_H

#include <sys/types.h>

#include "kiosk/base/json.h"
#include "kiosk/base/sql.h"
#include "kiosk/store/ledger.h"

struct ledger {
    char *path;
    struct sql *db;
    const struct clock *clock;
    int64_t version; /* data_version last seen */
    dev_t dev;       /* the open file */
    ino_t ino;
    char boot[9];                 /* begin of the kernel's boot id: tells which boot mono_ms belongs to */
    const uint8_t *sign_sk;       /* for tokens of sign-ups that a decision confirms; may be NULL */
    char *anchor;                 /* path of the anchor, NULL: none is used */
    bool anchor_bad;              /* it cannot be written: nothing is sold from stock */
    bool anchor_force;            /* the log began anew: what the anchor says counts no more */
    int64_t anchor_inc, anchor_n; /* as it was last written */
};

/* ---- ledger_anchor.c */
/* After a commit: the anchor moves to the log's end. */
void ledger_anchor_follow(struct ledger *l);
/* Whether seats may be sold from stock: neither is the anchor in doubt nor was the ledger salvaged. In a transaction.
 */
bool ledger_anchor_holds(struct ledger *l);

/* ---- ledger.c */
/* A transaction. Opens the ledger anew when a salvage has replaced the file. */
enum err ledger_begin(struct ledger *l, struct error *e) MUST_CHECK;
/* Commits when code is ERR_NONE, else rolls back; returns the first error. */
enum err ledger_finish(struct ledger *l, enum err code, struct error *e) MUST_CHECK;
int64_t ledger_now_ms(const struct ledger *l);

/* ---- ledger_meta.c: "" and 0 for what is not there */
enum err ledger_meta_get(struct ledger *l, const char *name, char *out, size_t size, struct error *e) MUST_CHECK;
enum err ledger_meta_get_int(struct ledger *l, const char *name, int64_t *out, struct error *e) MUST_CHECK;
enum err ledger_meta_set(struct ledger *l, const char *name, const char *value, struct error *e) MUST_CHECK;
enum err ledger_meta_set_int(struct ledger *l, const char *name, int64_t value, struct error *e) MUST_CHECK;

/* WHERE: operations that the hub has not acknowledged. Those it has are passed by without being read. */
#define LEDGER_UNSENT                                                                                                  \
    "n > coalesce((SELECT CAST(value AS INTEGER) FROM meta WHERE name = 'ack_n'), 0) AND opseq IS NULL"

/* ---- ledger_clock.c, inside a transaction: what l's clock learnt of the hub's, for ledger_learn_clock() */
enum err ledger_note_clock(struct ledger *l, struct error *e) MUST_CHECK;

/* ---- ledger_op.c: the log, always inside a transaction */
struct ledger_op {
    int64_t n;
    const char *kind;
    char before[65];   /* hash of the log before it */
    struct json *line; /* {"n":..,"op":kind}: the caller puts the rest */
};
/* The last operation of this incarnation and its hash; 0 and "" when there is none. */
enum err ledger_op_last(struct ledger *l, int64_t *n, char h[65], struct error *e) MUST_CHECK;
enum err ledger_op_init(struct ledger *l, struct ledger_op *op, const char *kind, struct error *e) MUST_CHECK;
/* Writes the line, advances the chain. signup may be NULL. Frees op->line in any case. */
enum err ledger_op_append(struct ledger *l, struct ledger_op *op, const char *signup, struct error *e) MUST_CHECK;
/* Tells the hub that the ticket is cancelled; its state here stays as it is. */
enum err ledger_append_cancel(struct ledger *l, const struct ticket *t, struct error *e) MUST_CHECK;
/* h of a log whose hash was `before` (hex) after this line. out and before may be the same. */
void ledger_chain(char out[65], const char before[65], const char *line);
/* {"t":..,"q":..,"boot":..,"mono":..}; the caller puts it. */
struct json *ledger_moment(const struct ledger *l);

/* ---- ledger_ticket.c */
const char *ledger_state_name(enum ticket_state state); /* as in signup.state */
enum ticket_state ledger_state_read(const char *name);
struct json *ledger_seats_json(const int *seats, int count);
/* "19,20" */
void ledger_seats_text(char out[160], const int *seats, int count);

/* ---- ledger_stock.c */
/* Takes party seats of one block with these terms; count 0 when no block holds them all. */
struct ledger_seats {
    int64_t lease;
    int count, seats[LEDGER_SEATS_MAX];
};
enum err ledger_take_seats(struct ledger *l, const char *event, int terms, int party, struct ledger_seats *out,
                           struct error *e) MUST_CHECK;

/* ---- ledger_signup.c */
/* What a draft is for: the id of its occurrence, of a request that of the resource. Borrowed. */
const char *ledger_subject(const struct signup_draft *d);

/* ---- ledger_seal.c */
/* Appends the sealed box (b64) of a draft for the sign-up id. ERR_TOO_BIG when what was typed does not fit. */
enum err ledger_seal(const struct ledger *l, const struct signup_draft *d, const char *id,
                     const struct ledger_identity *who, struct buf *out, struct error *e) MUST_CHECK;
/* The token of a confirmed ticket into t->token. */
void ledger_sign(struct ticket *t, const char *kid, const uint8_t *sign_sk);

/* ---- ledger_salvage.c */
/* Copies what can be read of a damaged path into a new file in its place; the old one is kept as path.damaged. Does
 * nothing when it is sound: another program was quicker. only_finish: just brings an earlier one to its end that was
 * cut short after its copy. */
enum err ledger_salvage(const char *path, bool only_finish, struct error *e) MUST_CHECK;
/* The lock beside the file: opening shares it, salvage has it alone, so that nobody opens a file between its old WAL
 * and its new place. */
enum err ledger_lock(const char *path, bool alone, int *fd, struct error *e) MUST_CHECK;
void ledger_unlock(int fd);

/* ---- ledger_graft.c */
/* Writes a copy of path and its WAL to `to` whose schema pages are those of fresh, a new and empty ledger without a
 * WAL, made by the same migrations. ERR_CORRUPT when that cannot be. */
enum err ledger_graft(const char *path, const char *fresh, const char *to, struct error *e) MUST_CHECK;

#endif
