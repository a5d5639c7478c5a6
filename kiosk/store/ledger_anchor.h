/* An anchor: where the ledger's log stood, kept on a second medium (another disk, an EEPROM), so that a kiosk whose
 * card went back to an older state notices (sync/PROTOCOL.md, 5: L7). Written after each commit that moved the log. A
 * log that goes on from the anchor was at most cut off in between; one that does not hold it is older than it was. */
#ifndef KIOSK_STORE_LEDGER_ANCHOR_H
#define KIOSK_STORE_LEDGER_ANCHOR_H

#include "kiosk/store/ledger.h"

enum { LEDGER_ANCHOR_SLOT = 128, LEDGER_ANCHOR_BYTES = 256 }; /* two slots, written in turn; both checked by a hash */

/* path: a file on another device than the ledger's, made when missing, or a device of at least 256 bytes; "" is none.
 * To be called once after opening, by each program that writes to the log. Compares, and where the anchor is missing or
 * does not lie on this log the ledger is marked: nothing is sold from stock until the hub gave a new incarnation. The
 * same as long as the medium cannot be written. Neither is an error. */
enum err ledger_use_anchor(struct ledger *l, const char *path, struct error *e) MUST_CHECK;

enum ledger_anchor_state {
    LEDGER_ANCHOR_NONE, /* none is used, and nothing is in doubt */
    LEDGER_ANCHOR_GOOD,
    LEDGER_ANCHOR_AWAY, /* it cannot be written: nothing is sold from stock until it can */
    LEDGER_ANCHOR_LOST, /* the log is in doubt (it may be older than it was, or was repaired) until the hub has answered */
};
enum ledger_anchor_state ledger_anchor_state(struct ledger *l);

#endif
