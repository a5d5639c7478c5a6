/* A layout as dots, by pango and cairo and the only user of them: any script the fonts of the machine have, one bit a
 * dot. */
#ifndef KIOSK_PRINT_RASTER_H
#define KIOSK_PRINT_RASTER_H

#include <stddef.h>
#include <stdint.h>

#include "kiosk/base/error.h"
#include "kiosk/print/layout.h"

enum { RASTER_HEIGHT_MAX = 8000 /* dots: a metre of paper */ };

struct raster {
    int width, height; /* dots; width is a multiple of 8 */
    int row_bytes;
    uint8_t *dots; /* height * row_bytes, the left dot in bit 7, 1 black; owned */
};

/* Draws at 384, 512 or 576 dots (any multiple of 8 from 256 to 576). ERR_TOO_BIG past RASTER_HEIGHT_MAX, ERR_USAGE for
 * another width, ERR_MEMORY. On success out is the caller's: raster_done. */
enum err raster_draw(struct raster *out, const struct layout *l, int width, struct error *e) MUST_CHECK;
/* The same for one QR block: centred in the width. */
enum err raster_draw_qr(struct raster *out, const struct block *b, int width, struct error *e) MUST_CHECK;
void raster_done(struct raster *r); /* zeroed memory is fine */

#endif
