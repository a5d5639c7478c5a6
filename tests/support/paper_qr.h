/* What a camera would read on a paper. */
#ifndef TESTS_SUPPORT_PAPER_QR_H
#define TESTS_SUPPORT_PAPER_QR_H

#include "tests/support/paper.h"

enum { PAPER_QR_TEXT = 512 };

/* The payloads of the QR codes on the paper by zbar, from the top; returns how many (at most max). */
int paper_read_qr(const struct paper *p, char out[][PAPER_QR_TEXT], int max);

#endif
