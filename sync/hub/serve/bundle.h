/* Sticks at the hub: what kiosks sent comes in through the same intake as over the line and is answered by receipts;
 * what the hub publishes goes out under the paths of its URLs (PROTOCOL.md, 10). */
#ifndef SYNC_HUB_SERVE_BUNDLE_H
#define SYNC_HUB_SERVE_BUNDLE_H

#include "sync/hub/hub.h"
#include "sync/hub/keys.h"

struct bundle_in {
    int kiosks;   /* that had something on the stick */
    int faults;   /* of those: not everything was taken, or the receipt could not be written */
    int receipts; /* written */
};

/* Takes in what the kiosks put on the stick at dir and writes each one its receipt, after the commit. Reading the same
 * stick again changes nothing and gives the same receipts. One line for the operator per kiosk goes to words, with the
 * file in it when something is wrong; the others go on. Fails only when there is no folder "sosedi" to read. */
enum err bundle_in_run(struct hub *h, const struct keys *k, const char *dir, struct bundle_in *out, struct buf *words,
                       struct error *e) MUST_CHECK;

struct bundle_out {
    bool recent; /* leave out the pages that all active kiosks said they have */
    int files;   /* of the part, filled in */
    int64_t epoch, seq;
};
/* Writes keys, head, indexes, pages, tail (and the snapshot that the head names). What lies there already is not
 * written again. ERR_FULL, ERR_DENIED: what was on the stick before may be used only after another, finished, run. */
enum err bundle_out_run(struct hub *h, const struct keys *k, const char *dir, struct bundle_out *o,
                        struct error *e) MUST_CHECK;

#endif
