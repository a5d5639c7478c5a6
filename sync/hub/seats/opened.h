/* Sign-ups and requests with their sealed boxes opened: the one place where personal data is readable. */
#ifndef SYNC_HUB_SEATS_OPENED_H
#define SYNC_HUB_SEATS_OPENED_H

#include "kiosk/base/buf.h"
#include "sync/hub/hub.h"

enum opened_what { OPENED_SIGNUPS, OPENED_REQUESTS };

struct opened_query {
    enum opened_what what;
    const char *event;      /* of sign-ups: id of an event or of one occurrence; NULL: all */
    char format;            /* 'j' JSON, 'c' CSV */
    const char *passphrase; /* of locked keys, NULL: none */
};

/* Appends the whole table, in order of arrival. A box that cannot be opened, or that was made for another sign-up, is a
 * row with `fault` and no personal data. ERR_DENIED: a wrong passphrase. ERR_NOT_FOUND: no such event. */
enum err opened_list(struct hub *h, const struct opened_query *q, struct buf *out, struct error *e) MUST_CHECK;

#endif
