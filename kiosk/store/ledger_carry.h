/* The ledger and USB sticks: what is remembered of messages that a stick carries, for kiosk-sync; and how kiosk-sync
 * and the staff page speak about a stick, since the program that people touch may not touch a device. */
#ifndef KIOSK_STORE_LEDGER_CARRY_H
#define KIOSK_STORE_LEDGER_CARRY_H

#include "kiosk/store/ledger_sync.h"

/* ---- kiosk-sync: messages by stick (sync/PROTOCOL.md, 10) */

/* Before a message with this nonce (wire text) is put on a stick. What the hub refuses of an older one is not obeyed
 * any more; nor of this one once a batch was made for the line (ledger_batch). */
enum err ledger_carry_begin(struct ledger *l, const char *nonce, struct error *e) MUST_CHECK;
bool ledger_carry_is_newest(struct ledger *l, const char *nonce);
/* Operations of one batch, at most; the hub refused a longer one. most: what it is when nothing was refused. */
int ledger_carry_ops(struct ledger *l, int most);
enum err ledger_carry_set_ops(struct ledger *l, int ops, struct error *e) MUST_CHECK;

/* Does this kiosk's log have hash h at operation n? A receipt may be of any age. */
enum ledger_fit {
    LEDGER_FITS,
    LEDGER_PURGED, /* acknowledged long ago, and forgotten */
    LEDGER_STRANGE /* it is another log */
};
enum err ledger_log_fit(struct ledger *l, int64_t n, const char *h, enum ledger_fit *out, struct error *e) MUST_CHECK;
/* ledger_reply_begin for a receipt: the hub has seen these leases and no others. */
enum err ledger_reply_begin_carried(struct ledger *l, const int64_t *held, int count, struct error *e) MUST_CHECK;

/* ---- the staff page */

enum ledger_stick_state {
    LEDGER_STICK_NONE,
    LEDGER_STICK_FOUND, /* one is in, nobody asked for anything */
    LEDGER_STICK_BUSY,
    LEDGER_STICK_DONE, /* it may be taken out; see fault */
    LEDGER_STICK_COUNT
};

struct ledger_stick {
    enum ledger_stick_state state;
    char fault[16]; /* of DONE: "" or "full", "readonly", "damaged", "stranger", "broken", "disk" */
    int sent;       /* operations that were put on it */
    int items;      /* changes of the programme that were taken from it */
    bool answered;  /* the hub's answer to something sent before was on it */
    bool news;      /* there was something of the hub's on it at all */
    bool asked;     /* the staff page asks, and kiosk-sync has not begun yet */
    int64_t at;     /* Unix seconds of the last change */
};
enum err ledger_stick(struct ledger *l, struct ledger_stick *out, struct error *e) MUST_CHECK;
/* By the staff page: do it now, if a stick is in. */
enum err ledger_stick_ask(struct ledger *l, struct error *e) MUST_CHECK;
/* By kiosk-sync; asked is taken back, at is set by it. */
enum err ledger_stick_tell(struct ledger *l, const struct ledger_stick *s, struct error *e) MUST_CHECK;

#endif
