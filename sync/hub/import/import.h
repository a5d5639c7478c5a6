/* `kiosk-hub import`: files of others become records. One run is one transaction: a file lands with all its good rows,
 * or not at all. */
#ifndef SYNC_HUB_IMPORT_IMPORT_H
#define SYNC_HUB_IMPORT_IMPORT_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include "kiosk/base/buf.h"
#include "kiosk/base/error.h"
#include "sync/hub/import/content.h"
#include "sync/hub/events/record.h"

enum { IMPORT_FILE_MAX = 16 * 1024 * 1024, IMPORT_JSON_MAX = 8 * 1024 * 1024 };

struct import_count {
    int added, updated, unchanged, withdrawn, skipped;
};

struct import {
    struct records records;
    struct content_topics *topics;
    const char *source_name;
    int64_t source;
    const char *topic;        /* for every event of a calendar, an id; NULL none */
    const char *city;         /* for events without one; NULL none */
    const char *registration; /* open, none */
    FILE *out;                /* where rows and summaries are told; NULL: nowhere */
    struct buf *bytes;        /* of each file */
    const char *file;         /* the present one, for messages */
    bool json;                /* tables come as JSON */
    struct import_count count;
};

/* "FILE:LINE: text", sanitised; line 0: without one. */
void import_tell(struct import *im, int line, const char *fmt, ...) __attribute__((format(printf, 3, 4)));
/* Tells it and counts the row as skipped. */
void import_skip(struct import *im, int line, const char *fmt, ...) __attribute__((format(printf, 3, 4)));
void import_counted(struct import *im, enum record_change change);

/* One calendar file; bytes are the whole file, not empty. *complete: what is not in it is gone from its source.
 * ERR_INVALID: it is no calendar, or nothing in it could be used. */
enum err import_ics(struct import *im, const struct buf *bytes, bool *complete, struct error *e) MUST_CHECK;
/* The same with a table. what: "events", "communities" .. as on the command line. */
enum err import_csv(struct import *im, const char *what, const struct buf *bytes, bool *complete,
                    struct error *e) MUST_CHECK;
/* "event" for "events"; NULL: there is no such table. */
const char *import_csv_kind(const char *what);

/* Imports files of one source into a hub in one transaction, tells on `out`, and commits unless dry. */
struct import_order {
    const char *what;   /* "ics", or a table's name */
    char *const *files; /* "-": standard input */
    int file_count;
    const char *source; /* NULL: the file's absolute path */
    const char *topic, *city, *registration;
    bool dry;
    bool json; /* the tables are lists of JSON objects */
    struct calendar *calendar; /* borrowed, for many runs; NULL: one of its own, which no other feed has touched */
    FILE *out;
};
enum err import_run(struct hub *h, const struct import_order *order, struct error *e) MUST_CHECK;

/* `kiosk-hub import ...`: argv[0] is "import". Exit code. */
int import_main(struct hub *h, int argc, char **argv);

#endif
