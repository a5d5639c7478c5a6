/* Requests: sign-ups for a resource instead of an event (PROTOCOL.md, 6). */
#ifndef SYNC_HUB_SEATS_REQUEST_H
#define SYNC_HUB_SEATS_REQUEST_H

#include <stdbool.h>

#include "kiosk/base/sql.h"

/* Whether this id is a resource's, published or withdrawn. Inside the caller's transaction. */
bool request_is(struct sql *db, const char *ev);
/* A person has passed the request with this code on to the community: it is confirmed, and its kiosk told, in a transaction of
 * its own. Harmless when it was done before. ERR_NOT_FOUND: no request has the code; ERR_STATE: it is cancelled or quarantined. */
enum err request_pass(struct sql *db, const char *code, struct error *e) MUST_CHECK;

#endif
