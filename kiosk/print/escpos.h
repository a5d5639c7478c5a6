/* The encoder of ESC/POS: the subset that cheap receipt printers share, and nothing else. Every function appends to a
 * buffer. Source: Epson's ESC/POS command reference, by the names of the commands below; what cheap printers do of it
 * was measured. */
#ifndef KIOSK_PRINT_ESCPOS_H
#define KIOSK_PRINT_ESCPOS_H

#include <stddef.h>
#include <stdint.h>

#include "kiosk/base/buf.h"

enum escpos_align { ESCPOS_LEFT, ESCPOS_CENTRE, ESCPOS_RIGHT };
enum escpos_cut { ESCPOS_CUT_NONE, ESCPOS_CUT_PARTIAL, ESCPOS_CUT_FULL };
enum {
    ESCPOS_BAND_ROWS = 128,
    ESCPOS_ROW_BYTES = 72
}; /* rows of one raster command; bytes of the widest row (576 dots) */

/* ESC @ and FS . : as after power-on, and out of the Chinese mode that cheap printers start in. */
void escpos_begin(struct buf *out);
/* Bytes that end whatever raster data a torn job left the printer waiting for: NULs, which are white dots there and
 * nothing elsewhere. Goes before escpos_begin of the next job. */
void escpos_flush(struct buf *out);
void escpos_codepage(struct buf *out, int number);           /* ESC t n; 0..255 */
void escpos_align(struct buf *out, enum escpos_align align); /* ESC a n; at the start of a line */
void escpos_size(struct buf *out, int wide, int high);       /* GS ! n; 1 or 2 times each */
/* Text already in the printer's code page. Only 20-7E, 80-FF and LF pass, so no byte of it is ever a command. */
void escpos_text(struct buf *out, const char *bytes, size_t n);
/* A picture, rows from the top, row_bytes (1..72) each, the left dot in bit 7, 1 black: GS v 0 in bands of at most 128
 * rows. A printer executes 10 04, 10 05 and 10 14 wherever they stand, inside a picture too; there the single dot 10 is
 * made two dots wide (18). Strokes of two dots and QR modules never hold such a pair, so only a hair line grows by one
 * dot. */
void escpos_raster(struct buf *out, const uint8_t *rows, int row_bytes, int height);
void escpos_feed(struct buf *out, int lines); /* ESC d n; 0..255 lines */
/* Feeds the paper past the blade and cuts it, GS V 65/66 0. Without a cutter: feeds four lines to the tear bar. */
void escpos_end(struct buf *out, enum escpos_cut cut);

/* The place of the first pair that a printer would execute as a real-time command, or n when there is none. */
size_t escpos_hazard(const uint8_t *bytes, size_t n);

#endif
