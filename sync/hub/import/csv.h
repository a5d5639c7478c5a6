/* Reading tables: RFC 4180 with a header row, and what spreadsheets make of it: ';' or tab between fields, LF, CRLF or
 * CR at the end of rows, a byte order mark, windows-1251. A list of JSON objects (RFC 8259) is read as a table too. */
#ifndef SYNC_HUB_IMPORT_CSV_H
#define SYNC_HUB_IMPORT_CSV_H

#include <stdbool.h>
#include <stddef.h>

#include "kiosk/base/buf.h"
#include "kiosk/base/error.h"

struct json;

enum { CSV_COLUMNS = 128, CSV_FIELD = 64 * 1024 };

/* One table being read. All members are the reader's own; `line`, `count`, `fault` are for the caller to read. */
struct csv {
    struct buf text;  /* the whole file as UTF-8 */
    size_t pos;       /* where the next row begins */
    int next_line;    /* its line number, from 1 */
    char separator;   /* ',' ';' or tab */
    struct buf cells; /* the present row's fields, each followed by NUL */
    size_t offset[CSV_COLUMNS];
    int count;         /* fields of the present row */
    int line;          /* line where the present row began; of JSON the number of the object, from 1 */
    const char *fault; /* why the present row cannot be used; NULL: it can */
    /* of JSON */
    struct json *tree;       /* owned; NULL: it is a table */
    const struct json *item; /* the next object */
    bool header_given;
    size_t name[CSV_COLUMNS]; /* of the columns, in cells */
    int names;
};

/* Takes a copy of the n bytes, finds character set and separator. The file must be within max bytes of UTF-8, else
 * false. */
bool csv_open(struct csv *c, const char *bytes, size_t n, size_t max);
/* The objects of an array, of {"items": [..]} (RPDE pages too: what is deleted is left out) or {"contents": [..]} (HSDS), or one object.
 * The first row is the names of all members; a member inside an object is "outer.inner", a translation "name_en"; lists have commas.
 * ERR_INVALID says where it is no JSON. To be closed in any case. */
bool csv_open_json(struct csv *c, const char *bytes, size_t n, size_t max, struct error *e);
bool csv_json_next(struct csv *c); /* csv_next of such a table */
void csv_close(struct csv *c);
/* The next row that is not empty; false at the end. A row with a fault (quote never closed, too many or too long
 * fields) has count 0; reading goes on with the line after the one where it began. */
bool csv_next(struct csv *c);
/* Field i of the present row, "" when the row is shorter. Borrowed until the next csv_next. */
const char *csv_field(const struct csv *c, int i);

#endif
