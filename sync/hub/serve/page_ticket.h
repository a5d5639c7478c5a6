/* The page behind a ticket's QR code: what it is for and whether it holds, for a person with a telephone. No personal
 * data: who has the code sees the event, the time, the seats and the state. */
#ifndef SYNC_HUB_SERVE_PAGE_TICKET_H
#define SYNC_HUB_SERVE_PAGE_TICKET_H

#include "kiosk/base/buf.h"
#include "sync/hub/hub.h"

/* code as it came in the path; language: the Accept-Language header or NULL (Russian unless English is wanted first).
 */
enum err page_ticket(struct hub *h, const char *code, const char *language, struct buf *out, int *status,
                     struct error *e) MUST_CHECK;

#endif
