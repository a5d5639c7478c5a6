/* A printer behind a TCP port, for tests and the demo: it interprets jobs strictly, answers DLE EOT as its state says,
 * and keeps each finished paper as a picture. Its state can be changed while it runs. */
#ifndef TESTS_SUPPORT_PRINTER_H
#define TESTS_SUPPORT_PRINTER_H

#include <stdbool.h>

/* ok; low: paper near its end; paper: none left; cover: open; error: needs a hand; offline: for no reason it tells;
 * silent: prints, never answers; slow: 4 KB/s or so; stalled: takes nothing; dropped: hangs up after a few thousand
 * bytes; runs-out: paper ends in the middle of the job and the rest is thrown away; mute: answers before a job, never
 * after. */
enum printer_state {
    PRINTER_OK,
    PRINTER_LOW,
    PRINTER_PAPER,
    PRINTER_COVER,
    PRINTER_ERROR,
    PRINTER_OFFLINE,
    PRINTER_SILENT,
    PRINTER_SLOW,
    PRINTER_STALLED,
    PRINTER_DROPPED,
    PRINTER_RUNS_OUT,
    PRINTER_MUTE
};

bool printer_state_by_name(const char *name, enum printer_state *out);

struct printer_setup {
    int listen_fd;      /* a listening socket; becomes the printer's */
    int control_fd;     /* lines "state NAME" and "quit", each answered by "ok" on answer_fd; -1: none */
    int answer_fd;      /* -1: no answers */
    int stop_fd;        /* readable: end; -1: none */
    const char *papers; /* folder for paper-0001.png, ...; a job with a fault leaves paper-0001.fault with its reason */
    int width;          /* dots */
    enum printer_state state; /* at the beginning */
};

/* Listens on 127.0.0.1 or another numeric "HOST:PORT" (0: any port, *port tells); -1 when that fails. */
int printer_listen(const char *address, int *port);
/* Until "quit", stop_fd or the end of control_fd. Returns false when something of this machine failed. */
bool printer_run(const struct printer_setup *setup);

#endif
