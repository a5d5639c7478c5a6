/* The program's life: settings to a worker, then one of its three errands. */
#ifndef KIOSK_PRINT_RUN_H
#define KIOSK_PRINT_RUN_H

#include "kiosk/base/error.h"

enum print_errand { PRINT_RUN, PRINT_ONCE, PRINT_TEST_PAGE };

struct print_options {
    const char *data, *config, *printer; /* NULL: not given */
    enum print_errand errand;
};

/* Reads the errand from the only word; ERR_USAGE for anything else. */
enum err print_check_words(struct print_options *o, int words, const char *word, struct error *e) MUST_CHECK;
/* run: until SIGTERM, SIGINT or SIGHUP. once: ERR_STATE when a job has to wait. test-page: the printer's fault.
 * ERR_USAGE: no printer is configured, or not understood. */
enum err print_main(const struct print_options *o, struct error *e) MUST_CHECK;

#endif
