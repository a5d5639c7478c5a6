/* Takes print jobs from the ledger and brings them to paper, one after another. What became of each is in the ledger:
 * - printed: every byte was taken and the printer did not complain afterwards (a printer that never answers is
 * believed);
 * - unsure: every byte was taken, but a printer that can answer fell silent or hung up; the person may print again;
 * - queued with a fault (paper, cover, offline, stalled, error): waits, and is printed whole when the printer is well
 * again. */
#ifndef KIOSK_PRINT_WORKER_H
#define KIOSK_PRINT_WORKER_H

#include <stdbool.h>
#include <stdint.h>

#include "kiosk/base/clock.h"
#include "kiosk/print/port.h"
#include "kiosk/print/sheet.h"
#include "kiosk/store/ledger_jobs.h"

struct zone;

/* A printer with a fault is looked at again after this long, then twice as long, and so on. A job that was cut off
 * WORKER_TRIES times in the middle becomes unsure: more half tickets help nobody. */
enum { WORKER_RETRY_MIN_MS = 2000, WORKER_RETRY_MAX_MS = 20000, WORKER_TRIES = 20 };

struct worker {
    /* set by the owner, borrowed */
    struct ledger *ledger;
    const struct clock *clock;
    const struct zone *zone;
    const char *centre; /* "": the name in the ledger */
    struct port_config port;
    struct sheet_paper paper;
    bool torn; /* the last job ended in the middle, or is unknown: the printer may still wait for its dots */
    /* the worker's own, zero at the beginning */
    char word[12];    /* the printer's state in the ledger */
    int retry_ms;     /* 0: the printer is well */
    int64_t retry_at; /* mono_ms; jobs wait until then */
    int waiting;      /* jobs that a fault held back in the last step */
};

/* Prints every job that may be printed now. *wait_ms: until something is due, -1: nothing until the ledger changes.
 * Errors are the ledger's; the printer's are in the jobs. ERR_STATE: stop_fd asked to end. */
enum err worker_step(struct worker *w, int64_t *wait_ms, struct error *e) MUST_CHECK;
/* Asks the printer how it is and writes that down, for the staff page; prints nothing. */
enum err worker_look(struct worker *w, struct error *e) MUST_CHECK;
/* Sends a test page, past the ledger. Any fault of the printer is an error here, in words for staff. */
enum err worker_test_page(struct worker *w, struct error *e) MUST_CHECK;

#endif
