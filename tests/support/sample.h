/* A ticket as residents get it, and the paper of it: what tests of printing begin with. */
#ifndef TESTS_SUPPORT_SAMPLE_H
#define TESTS_SUPPORT_SAMPLE_H

#include "kiosk/base/buf.h"
#include "kiosk/print/sheet.h"
#include "kiosk/store/ledger.h"
#include "tests/support/paper.h"

struct ticket sample_ticket(void);          /* confirmed, seats 19 and 20, a token, Russian texts */
struct sheet_paper sample_paper(int width); /* drawn letters, module 6, no cutter */
/* Prints t by the strict interpreter in i18n's language; asserts that there is no fault. p is paper_done's. */
void sample_print(struct paper *p, const struct ticket *t, const struct sheet_paper *how);
/* The same for a slip; slip NULL: for t. */
struct slip;
void sample_print_any(struct paper *p, const struct ticket *t, const struct slip *slip, const struct sheet_paper *how);
/* The languages of the build folder are bound and lang is set. */
void sample_language(const char *lang);

#endif
