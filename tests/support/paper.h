/* A printer that prints on bitmaps: a strict interpreter of the ESC/POS subset that kiosk-print may use. Any other
 * byte, any real-time command inside a job and any picture past the paper's edge is a fault. Bytes may come in any
 * pieces. */
#ifndef TESTS_SUPPORT_PAPER_H
#define TESTS_SUPPORT_PAPER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { PAPER_TEXT_MAX = 8192, PAPER_PAGES = 32 };

struct paper {
    int width;                      /* dots */
    uint8_t *dots;                  /* width bytes a row, 1 black; owned */
    int height, room;               /* rows used, rows allocated */
    bool cp1251;                    /* what text bytes mean; else CP866 */
    char fault[200];                /* the first thing a real printer would have got wrong; "" so far none */
    size_t taken;                   /* bytes interpreted */
    int resets, cuts, bands, feeds; /* commands met */
    int codepages[PAPER_PAGES], codepage_count; /* ESC t numbers in order, the first of them */
    char text[PAPER_TEXT_MAX];                  /* typed letters, UTF-8 */
    size_t text_len;
    /* state of the interpreter */
    uint8_t pending[16];
    size_t pending_len, raster_left, raster_row_bytes, raster_at;
    int raster_top;
    int align, wide, high, line_at;
    char line[400];
    bool chinese, dle;
};

void paper_init(struct paper *p, int width);
void paper_done(struct paper *p);
/* Forgets what is printed, keeps the printer's state: for the next paper. */
void paper_tear(struct paper *p);
/* Returns false once there is a fault. */
bool paper_feed(struct paper *p, const void *bytes, size_t n);
bool paper_is_blank(const struct paper *p);
/* The end of a job: nothing may be half said. Returns false with the fault set otherwise. */
bool paper_finish(struct paper *p);
bool paper_write_png(const struct paper *p, const char *path);
/* What paper_write_png wrote, margins included, into an uninitialised p; only width, height and dots. Then paper_done.
 */
bool paper_read_png(struct paper *p, const char *path);
/* Gives back what the drawing library keeps for the whole process. */
void paper_forget_fonts(void);

#endif
