/* Between the two files that import calendars. */
#ifndef SYNC_HUB_IMPORT_IMPORT_ICS_H
#define SYNC_HUB_IMPORT_IMPORT_ICS_H

#include <stdint.h>

#include "kiosk/base/error.h"
#include "kiosk/base/json.h"
#include "sync/hub/import/import.h"

struct ics_about {
    struct import *im;
    int64_t source;
    const char *calendar_name; /* whose event it is when it names no organiser; NULL: nameless */
};

/* Fills d, an event on the wire without terms and subEvent, from what calendar_read gave. */
enum err ics_describe(struct json *d, const struct ics_about *about, const struct json *j, struct error *e) MUST_CHECK;

#endif
