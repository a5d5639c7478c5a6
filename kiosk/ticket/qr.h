/* QR codes (ISO/IEC 18004), and the only user of libqrencode. Payloads are ASCII only (HARDWARE: no ECI). */
#ifndef KIOSK_TICKET_QR_H
#define KIOSK_TICKET_QR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "kiosk/base/error.h"

enum { QR_SIDE_MAX = 61 }; /* version 11 */

struct qr {
    int side;                               /* modules, without the quiet zone */
    int version;                            /* 1..11 */
    char level;                             /* 'L', 'M', 'Q' or 'H' */
    uint8_t dark[QR_SIDE_MAX][QR_SIDE_MAX]; /* [row][column], 1 is dark */
};

/* The smallest version that holds text at level M, then the highest level that version allows. Upper-case payloads
 * become alphanumeric. ERR_TOO_BIG past max_version (1..11), ERR_INVALID for nothing and for bytes outside printable
 * ASCII. */
enum err qr_make(struct qr *out, const char *text, int max_version, struct error *e) MUST_CHECK;
/* The same for raw bytes at a fixed level ('L' allowed: the signed token on paper). */
enum err qr_make_bytes(struct qr *out, const void *bytes, size_t n, char level, int max_version,
                       struct error *e) MUST_CHECK;

#endif
