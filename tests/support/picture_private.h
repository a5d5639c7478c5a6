/* Between picture.c (the terminal) and picture_camera.c (what is seen of it). */
#ifndef TESTS_SUPPORT_PICTURE_PRIVATE_H
#define TESTS_SUPPORT_PICTURE_PRIVATE_H

#include <stdint.h>
#include <sys/types.h>
#include <termios.h>

#include <vterm.h>

#include "kiosk/base/buf.h"

struct picture {
    pid_t pid;
    int master, slave;
    struct termios before;
    int rows, cols;
    VTerm *vt;
    VTermScreen *screen;
    long long sent;             /* bytes of input so far */
    long long taken;            /* of them the program took, by its last mark */
    int drawn_rows, drawn_cols; /* the size it has drawn, by its last mark */
    int unfinished;             /* something beside the focus is still to be drawn, by the same mark */
    long fed, answer;           /* bytes it sent since a key, and until it was ready for the next (-1: not yet) */
    struct buf text;
    struct buf seen, wanted; /* of the comparison going on */
    struct picture *older;
};

/* Colours as they are seen: red, green and blue, changed round where the cell is reversed. */
VTermScreenCell picture_cell(const struct picture *p, int row, int col);
uint8_t picture_grey(const VTermColor *c);

#endif
