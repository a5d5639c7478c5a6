/* ESC/POS, the shared subset. */
#include "kiosk/print/escpos.h"

#include <string.h>

enum { ESC = 0x1B, FS = 0x1C, GS = 0x1D, DLE = 0x10, DLE_WIDER = 0x18 };

static void escpos_add(struct buf *out, const uint8_t *bytes, size_t n) { buf_add(out, bytes, n); }

void escpos_begin(struct buf *out) { escpos_add(out, (const uint8_t[]){ESC, '@', FS, '.'}, 4); }

void escpos_flush(struct buf *out)
{
    static const uint8_t nothing[ESCPOS_ROW_BYTES];
    for (int row = 0; row < ESCPOS_BAND_ROWS; row++)
        escpos_add(out, nothing, sizeof nothing);
}

void escpos_codepage(struct buf *out, int number) { escpos_add(out, (const uint8_t[]){ESC, 't', (uint8_t)number}, 3); }

void escpos_align(struct buf *out, enum escpos_align align)
{
    escpos_add(out, (const uint8_t[]){ESC, 'a', (uint8_t)align}, 3);
}

void escpos_size(struct buf *out, int wide, int high)
{
    escpos_add(out, (const uint8_t[]){GS, '!', (uint8_t)((wide == 2 ? 0x10 : 0) | (high == 2 ? 0x01 : 0))}, 3);
}

void escpos_text(struct buf *out, const char *bytes, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        uint8_t byte = (uint8_t)bytes[i];
        if (byte == '\n' || (byte >= 0x20 && byte != 0x7F))
            buf_add_char(out, bytes[i]);
    }
}

static int escpos_is_realtime(uint8_t after_dle) { return after_dle == 0x04 || after_dle == 0x05 || after_dle == 0x14; }

size_t escpos_hazard(const uint8_t *bytes, size_t n)
{
    for (size_t i = 0; i + 1 < n; i++)
        if (bytes[i] == DLE && escpos_is_realtime(bytes[i + 1]))
            return i;
    return n;
}

/* One band. The pair may span two rows, so the whole band is looked at as the printer sees it: one run of bytes. */
static void escpos_band(struct buf *out, const uint8_t *rows, int row_bytes, int height)
{
    size_t n = (size_t)row_bytes * (size_t)height;
    uint8_t band[ESCPOS_ROW_BYTES * ESCPOS_BAND_ROWS];
    memcpy(band, rows, n);
    for (size_t i = escpos_hazard(band, n); i < n; i += escpos_hazard(band + i, n - i))
        band[i] = DLE_WIDER;
    escpos_add(out, (const uint8_t[]){GS, 'v', '0', 0, (uint8_t)row_bytes, 0, (uint8_t)height, 0}, 8);
    escpos_add(out, band, n);
}

void escpos_raster(struct buf *out, const uint8_t *rows, int row_bytes, int height)
{
    if (row_bytes < 1 || row_bytes > ESCPOS_ROW_BYTES)
        return;
    for (int row = 0; row < height; row += ESCPOS_BAND_ROWS) {
        int left = height - row;
        escpos_band(out, rows + (size_t)row * (size_t)row_bytes, row_bytes,
                    left < ESCPOS_BAND_ROWS ? left : ESCPOS_BAND_ROWS);
    }
}

void escpos_feed(struct buf *out, int lines) { escpos_add(out, (const uint8_t[]){ESC, 'd', (uint8_t)lines}, 3); }

void escpos_end(struct buf *out, enum escpos_cut cut)
{
    if (cut == ESCPOS_CUT_NONE)
        escpos_feed(out, 4);
    else
        escpos_add(out, (const uint8_t[]){GS, 'V', cut == ESCPOS_CUT_FULL ? 65 : 66, 0}, 4);
}
