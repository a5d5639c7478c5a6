/* Guessing made slow: after a number of wrong tries nothing is accepted for a while. Nothing waits; the screen says
 * when to come back. Pure, times are ui->mono. Zeroed memory is a good start. */
#ifndef KIOSK_UI_TRIES_H
#define KIOSK_UI_TRIES_H

#include <stdbool.h>
#include <stdint.h>

struct tries {
    int wrong;     /* since the last right one */
    int64_t until; /* mono ms: refused before */
};

/* The allowed-th wrong one in a row, and each after it, costs a pause of pause_ms. */
void tries_wrong(struct tries *t, int64_t mono, int allowed, int64_t pause_ms);
void tries_right(struct tries *t);
int tries_wait(const struct tries *t, int64_t mono); /* seconds still to wait, rounded up; 0: go on */

#endif
