/* What a printer says of itself (ESC/POS DLE EOT 1..4) and what that means for a job. Many cheap printers never answer.
 */
#ifndef KIOSK_PRINT_STATUS_H
#define KIOSK_PRINT_STATUS_H

#include <stdbool.h>
#include <stdint.h>

#include "kiosk/store/ledger_jobs.h"

struct port;

enum { STATUS_BYTES = 4, STATUS_SILENT = -1 };

struct status {
    bool known; /* it answered in the form of the command; else nothing below is set, but paper_out by the port */
    bool offline, cover_open, paper_out, error, near_end;
};

/* From the answers to DLE EOT 1, 2, 3, 4; STATUS_SILENT where there was none. A byte without the fixed bits is no
 * answer. */
struct status status_read(const int answers[STATUS_BYTES]);
/* Asks; wait_ms for each answer, and no more questions after the first silence. */
struct status status_ask(struct port *p, int wait_ms);
/* Why nothing can be printed, JOB_FINE when it can or when nothing is known. */
enum job_fault status_fault(const struct status *s);
/* The word for the ledger: "ok", "low" (paper soon at its end), "paper", "cover", "error", "offline", "unknown". */
const char *status_word(const struct status *s);

#endif
