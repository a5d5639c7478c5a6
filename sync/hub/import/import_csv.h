/* The tables `kiosk-hub import csv` reads, as data. assets/demo/README.md describes them to people. */
#ifndef SYNC_HUB_IMPORT_IMPORT_CSV_H
#define SYNC_HUB_IMPORT_IMPORT_CSV_H

#include <stdbool.h>
#include <stddef.h>

#include "kiosk/base/date.h"
#include "kiosk/base/error.h"
#include "kiosk/base/json.h"
#include "sync/hub/import/csv.h"
#include "sync/hub/import/import.h"

/* How a cell becomes a member of the record. */
enum csv_kind {
    CSV_ID,        /* the record's name in its source */
    CSV_TEXT,      /* one line, `max` bytes */
    CSV_LINES,     /* paragraphs, `max` bytes */
    CSV_TOPICS,    /* ids or names to `about` */
    CSV_URL,       /* an address; further ones to sameAs */
    CSV_PROFILE,   /* a name or address at the site `extra`, to sameAs */
    CSV_WORDS,     /* a list separated by spaces or commas */
    CSV_INT,       /* a whole number */
    CSV_DEGREES,   /* latitude or longitude, as text; `max` is its bound */
    CSV_DATE,      /* a day, or +N days after today */
    CSV_CHOICE,    /* one of the words of `extra` */
    CSV_CHOICES,   /* a list of them */
    CSV_ZONE,      /* an IANA name or one that stands for one */
    CSV_COMMUNITY, /* `member` gets the id, `extra` the name */
    CSV_REF,       /* `member` gets the id of the record of kind `extra` that the cell names */
    CSV_REFS,      /* a list of them, `max` at most, of this file too: those need not have been read yet */
    CSV_LANGUAGE,  /* a two-letter code */
    CSV_RAW,       /* read by the table's own function */
};

struct csv_column {
    const char *name;   /* in the header row */
    const char *member; /* on the wire */
    enum csv_kind kind;
    size_t max;
    const char *extra;
    bool required, translated;
};

struct csv_table;

/* A table being read. */
struct csv_import {
    struct import *im;
    const struct csv_table *table;
    struct csv csv;
    int column[CSV_COLUMNS];   /* of the table, for each column of the file; -1 none */
    char lang[CSV_COLUMNS][3]; /* of the column's text; "" the row's own */
    int usable;
    bool broken; /* there was a row whose id could not be read */
};

struct csv_table {
    const char *name;                 /* on the command line */
    const char *kind;                 /* on the wire */
    const struct csv_column *columns; /* ends with a NULL name */
    /* Fills d with what the columns cannot say, and may give a calendar (*ics, the caller frees it). NULL: nothing to
     * do. ERR_INVALID: the row cannot be used, and why. */
    enum err (*finish)(struct csv_import *c, const char *uid, struct json *d, char **ics, struct error *e);
};

extern const struct csv_table csv_tables[]; /* ends with a NULL name */

/* The present row's cell of a column by its name, "" when there is none. */
const char *csv_cell(const struct csv_import *c, const char *column);
/* Puts one cell that is not empty; *good false: it cannot be understood. */
enum err csv_put_cell(struct csv_import *c, struct json *d, const struct csv_column *col, const char *cell, bool *good,
                      struct error *e) MUST_CHECK;
/* "2026-12-01", "01.12.2026", "+3" (days after today), each perhaps followed by " 18:00"; *has_time says so. */
bool csv_parse_when(const struct csv_import *c, const char *text, struct date *date, int *minutes, bool *has_time);
/* "18:00", "18:00:00" to minutes after midnight. */
bool csv_parse_clock(const char *text, int *minutes);
/* yes 1, no 0, empty -1, anything else -2. */
int csv_parse_yes(const char *text);

/* What events and communities both say of themselves (import_csv_said.c), each from the column of its name. */
struct csv_said {
    const char *column, *member;
    const char *const *words; /* pairs: as it is written, what it means; ends with NULL */
    const char *empty;        /* what an empty cell means; NULL: nothing */
};
void csv_put_said(struct csv_import *c, struct json *d, const struct csv_said *said);
void csv_put_online(struct csv_import *c, struct json *d);
void csv_put_accessible(struct csv_import *c, struct json *d);
/* Nothing but zeros and "free" is free; an empty cell too, or says nothing. */
void csv_put_price(struct csv_import *c, struct json *d, bool empty_is_free);

/* The communities' finish and the events', in files of their own. */
enum err import_csv_community(struct csv_import *c, const char *uid, struct json *d, char **ics,
                              struct error *e) MUST_CHECK;
enum err import_csv_event(struct csv_import *c, const char *uid, struct json *d, char **ics,
                          struct error *e) MUST_CHECK;

#endif
