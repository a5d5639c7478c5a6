/* Tables for other programs: CSV by RFC 4180, with a guard against cells that a spreadsheet would run as formulas. */
#ifndef SYNC_HUB_SEATS_SHEET_H
#define SYNC_HUB_SEATS_SHEET_H

#include <stdbool.h>

#include "kiosk/base/buf.h"

/* Appends one cell; `first` of its row gets no comma before it. A cell that begins with = + - @ TAB or CR gets a '
 * before it. */
void sheet_cell(struct buf *out, bool first, const char *text);
void sheet_end_row(struct buf *out); /* CRLF */

#endif
