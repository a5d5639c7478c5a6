/* Answers of the calendar's helper process by their question. */
#ifndef SYNC_HUB_EVENTS_CALENDAR_MEMO_H
#define SYNC_HUB_EVENTS_CALENDAR_MEMO_H

#include <stdbool.h>

#include "kiosk/base/buf.h"
#include "kiosk/base/error.h"

struct calendar_memo;

struct calendar_memo *calendar_memo_new(void);
void calendar_memo_free(struct calendar_memo *m); /* takes NULL */
/* Appends the answer, or sets *why to the failure that it was; false: not asked before. */
bool calendar_memo_find(const struct calendar_memo *m, const struct buf *question, struct buf *answer,
                        struct error *why);
/* why->code ERR_NONE: it was answered. Beyond 128 MB nothing more is kept. */
void calendar_memo_keep(struct calendar_memo *m, const struct buf *question, const struct buf *answer,
                        const struct error *why);

#endif
