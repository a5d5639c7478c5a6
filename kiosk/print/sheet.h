/* A ticket as the bytes for the printer: layout, then dots or text, then ESC/POS. Pure: nothing is opened, sent or
 * recorded. */
#ifndef KIOSK_PRINT_SHEET_H
#define KIOSK_PRINT_SHEET_H

#include <stdbool.h>

#include "kiosk/base/buf.h"
#include "kiosk/base/error.h"
#include "kiosk/print/codepage.h"
#include "kiosk/print/escpos.h"
#include "kiosk/print/layout.h"

enum { SHEET_BYTES_MAX = 1 << 20 };

/* What is known of the printer from the configuration. */
struct sheet_paper {
    int width;           /* dots: 384, 512 or 576 */
    int module;          /* dots of a QR module */
    bool text;           /* the printer's own letters instead of drawn ones */
    int codepage_number; /* of ESC t, when text */
    enum codepage codepage;
    enum escpos_cut cut;
};

/* Appends the whole job for a layout. A text that the code page lacks is drawn as dots even when paper->text, so that
 * no one's language becomes question marks. */
enum err sheet_bytes(struct buf *out, const struct layout *l, const struct sheet_paper *paper,
                     struct error *e) MUST_CHECK;
/* The test page: what is configured, numbered code pages with a Russian pangram (staff look for the readable one),
 * drawn letters, a QR code. */
enum err sheet_test_page(struct buf *out, const struct sheet_paper *paper, const char *centre,
                         struct error *e) MUST_CHECK;

#endif
