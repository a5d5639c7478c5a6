/* What is on the paper: blocks from top to bottom, before any printer is thought of. A pure function of a ticket, words
 * included: the same ticket gives the same paper. */
#ifndef KIOSK_PRINT_LAYOUT_H
#define KIOSK_PRINT_LAYOUT_H

#include <stdbool.h>
#include <stdint.h>

#include "kiosk/store/ledger.h"
#include "kiosk/ticket/qr.h"

struct slip;
struct zone;

enum { LAYOUT_BLOCKS = 200, LAYOUT_QUIET = 4 /* white modules around a QR code */, LAYOUT_MODULE_MIN = 4 /* dots */ };

enum block_kind {
    BLOCK_TEXT,
    BLOCK_BANNER /* white on black */,
    BLOCK_FRAME /* text in a frame */,
    BLOCK_RULE,
    BLOCK_GAP,
    BLOCK_QR
};
enum block_size { SIZE_SMALL, SIZE_NORMAL, SIZE_LARGE, SIZE_HUGE };

struct block {
    enum block_kind kind;
    enum block_size size; /* of text; of a gap its height */
    bool bold, centred;
    int hang;      /* columns of the mark a text begins with ("– "): its other lines stand beside the mark */
    int lines;     /* text longer than this many lines ends in "…"; 0: all of it */
    char *text;    /* owned; one line of sanitised UTF-8; NULL unless text, banner or frame */
    struct qr *qr; /* owned; BLOCK_QR */
    int module;    /* dots of one of its modules */
};

struct layout {
    struct block block[LAYOUT_BLOCKS];
    int count;
};

/* What is said beside the ticket itself. */
struct layout_where {
    const char *centre;      /* name of the place, "" leaves it out */
    const char *host;        /* for the address in the QR code; "": the bare code */
    const struct zone *zone; /* of the centre; NULL: UTC */
    int64_t printed_at;      /* Unix seconds; 0: the clock is not to be trusted, no date is printed */
    int width;               /* of the paper, dots */
    int module; /* dots wanted for one module of the code's QR; made smaller (not below 4) when the paper is narrow */
};

/* The language is i18n's present one. A code that no QR can hold, or a paper too narrow for it, leaves the QR out: the
 * code in letters always stands. Free with layout_done. */
void layout_ticket(struct layout *out, const struct ticket *ticket, const struct layout_where *where);
/* An article, or a reminder of an opportunity. A long article ends where about half a metre of paper does, and says so. */
void layout_slip(struct layout *out, const struct slip *slip, const struct layout_where *where);
/* The pieces that the test page is made of; texts are sanitised and copied, cut at 1,000 bytes. */
void layout_init(struct layout *out);
void layout_gap(struct layout *out, enum block_size size);
void layout_rule(struct layout *out);
/* The last line: the day of printing, when it is known. */
void layout_printed(struct layout *out, const struct layout_where *where);
void layout_add(struct layout *out, struct block block, const char *text);
void layout_add_qr(struct layout *out, const char *payload, int module, int width);
void layout_done(struct layout *out); /* zeroed memory is fine */

#endif
