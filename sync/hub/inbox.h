/* What each kiosk is to be told: decisions numbered per kiosk, kept until its inbox covers them (PROTOCOL.md, 4).
 * All functions work inside the caller's transaction. */
#ifndef SYNC_HUB_INBOX_H
#define SYNC_HUB_INBOX_H

#include <stdbool.h>

#include "kiosk/base/sql.h"
#include "sync/wire_reply.h"

/* Gives d the kiosk's next number and keeps it. A kiosk that is not known is skipped. */
enum err inbox_put(struct sql *db, const char *kid, const struct wire_decision *d, struct error *e) MUST_CHECK;
/* Forgets what the kiosk has stored. A number above all given raises the next one: a restored hub must not use it
 * again. */
enum err inbox_confirm(struct sql *db, const char *kid, int64_t inbox, struct error *e) MUST_CHECK;
/* The kiosk began a new log and stands at this number again, which may be less than it once confirmed. */
enum err inbox_reset(struct sql *db, const char *kid, int64_t inbox, struct error *e) MUST_CHECK;
/* Appends at most `most` lines, the oldest first; *more when others wait. */
enum err inbox_write(struct sql *db, const char *kid, int most, struct buf *out, bool *more,
                     struct error *e) MUST_CHECK;

#endif
