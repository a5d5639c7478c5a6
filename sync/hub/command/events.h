/* `kiosk-hub events`: every occurrence of every event in any range of dates, for people and programs. Expanded from the
 * stored calendars, so the published window does not matter. */
#ifndef SYNC_HUB_COMMAND_EVENTS_H
#define SYNC_HUB_COMMAND_EVENTS_H

#include <stdbool.h>
#include <stdio.h>

#include "kiosk/base/date.h"
#include "kiosk/base/error.h"
#include "sync/hub/hub.h"

enum { EVENTS_ROWS = 200000, EVENTS_SECONDS = 120 };

enum events_format { EVENTS_TEXT, EVENTS_CSV, EVENTS_JSON };

struct events_query {
    struct date from, to; /* both days included, in the hub's zone */
    enum events_format format;
};

/* "2026-12-01", "2026-12", "2026": the first day of what is named, or the last. */
bool events_parse_date(const char *text, bool last, struct date *out);
/* One row per occurrence, ordered by start, then uid: start, end (with offset; dates for all-day ones, end exclusive),
 * status (confirmed, cancelled, postponed), uid, title, seats (empty or null: no limit). More than EVENTS_ROWS rows or
 * EVENTS_SECONDS of work are cut, and what could not be expanded is left out; `notes` is told of both. */
enum err events_list(struct hub *h, const struct events_query *q, FILE *out, FILE *notes, struct error *e) MUST_CHECK;

/* argv[0] is "events". Exit code. */
int events_main(struct hub *h, int argc, char **argv);

#endif
