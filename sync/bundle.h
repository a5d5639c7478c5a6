/* A whole exchange by stick at the kiosk: what the hub published and answered comes in, what people did goes out. The
 * pull is feed.h over transport_stick.h, the push carry.h. */
#ifndef SYNC_BUNDLE_H
#define SYNC_BUNDLE_H

#include "sync/agent.h"

struct bundle_report {
    bool news;      /* the stick holds what a hub published */
    bool stale;     /* which is older than what is here */
    int items;      /* changes taken from it */
    int receipts;   /* answers of the hub that were taken */
    int operations; /* put on the stick */
    enum err stick; /* what failed on the stick itself; ERR_NONE: whatever failed, it was not the stick */
};

/* dir: where the stick is mounted. Both want agent_connect before. What could be taken stays taken when a later file is
 * damaged. ERR_NOT_FOUND: no folder "sosedi" there; ERR_CORRUPT: a copy that was not finished, the file is named;
 * ERR_DENIED: it is of another hub; ERR_IO: pulled out. */
enum err bundle_import(struct agent *a, const char *dir, struct bundle_report *r, struct error *e) MUST_CHECK;
/* Takes the receipts, too: what is written replaces what they answer. ERR_FULL, ERR_DENIED (read-only): what was on the
 * stick before is still whole, nothing is lost here. */
enum err bundle_export(struct agent *a, const char *dir, struct bundle_report *r, struct error *e) MUST_CHECK;

#endif
