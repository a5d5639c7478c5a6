/* What the operator wants to know of a terminal, in a file to be sent: how it is, what it is, nothing about people. */
#ifndef SCREENS_STAFF_REPORT_H
#define SCREENS_STAFF_REPORT_H

#include "kiosk/base/error.h"
#include "screens/staff_facts.h"

enum { STAFF_REPORT_PATH = 4096, STAFF_HASH = 17 };

/* Writes the facts, the settings (but for the PIN), sizes and the machine to report.txt in the kiosk's folder; path is
 * where. */
enum err staff_report(const struct ui *ui, const struct staff_fact *facts, int count, char path[STAFF_REPORT_PATH],
                      struct error *e) MUST_CHECK;
/* The first 8 bytes of the running program's hash in hex, "" when it cannot be read. out is returned. */
char *staff_program_hash(char out[STAFF_HASH]);

#endif
