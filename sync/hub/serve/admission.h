/* New kiosks (PROTOCOL.md, 2): a one-time code made by a person, and the request that proves it. */
#ifndef SYNC_HUB_SERVE_ADMISSION_H
#define SYNC_HUB_SERVE_ADMISSION_H

#include "sync/hub/hub.h"
#include "sync/hub/keys.h"
#include "sync/wire_enrol.h"

enum { ADMISSION_SECONDS = 7 * 86400, ADMISSION_FAULTS = 10 };

/* A new code for a kiosk of this name (cleaned; ERR_INVALID when nothing is left), in its plain form. */
enum err admission_make(struct hub *h, const char *name, char code[ENROL_LEN + 1], struct error *e) MUST_CHECK;
/* Where the kiosk of a code that was just made will stand: the names of a place and a city as events have them, "" for
 * none. */
enum err admission_place(struct hub *h, const char *code, const char *place, const char *city,
                         struct error *e) MUST_CHECK;
/* Answers POST /v1/enrol: the status, and out for 200. 503 when the database refuses, logged. */
int admission_answer(struct hub *h, const struct keys *k, const struct wire_line *body, struct buf *out);

#endif
