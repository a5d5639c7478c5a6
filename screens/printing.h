/* Something to take along on paper: ordering it, and telling in words what becomes of it, in the line above the footer. */
#ifndef SCREENS_PRINTING_H
#define SCREENS_PRINTING_H

#include "kiosk/store/ledger_jobs.h"

struct slip;
struct ui;

enum { PRINTING_TICK_MS = 500, PRINTING_PATIENCE_MS = 15000 /* a job nobody takes for so long is one nobody will */ };

/* Zeroed memory: nothing was ordered. */
struct printing {
    int64_t job;       /* 0: none is on its way */
    int64_t since;     /* ui->mono */
    const char *told;  /* what was said last, untranslated */
};

bool printing_has_printer(const struct ui *ui);
void printing_start(struct ui *ui, struct printing *p, const struct slip *slip);
/* In refresh and tick: tells what is new. */
void printing_look(struct ui *ui, struct printing *p);

#endif
