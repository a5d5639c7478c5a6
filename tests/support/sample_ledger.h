/* A ledger with the sample ticket in it, for tests of printing. */
#ifndef TESTS_SUPPORT_SAMPLE_LEDGER_H
#define TESTS_SUPPORT_SAMPLE_LEDGER_H

#include "kiosk/store/ledger_jobs.h"

/* Opens dir's ledger and puts t into it, printable at once. clock must outlive it. */
struct ledger *sample_ledger(const char *dir, const struct clock *clock, const struct ticket *t);

#endif
