/* Runs a scenario with its 1st, 2nd, 3rd .. operation failing, of each kind, once and for good, until a whole run
 * passes untouched; before each run the folder is as it was. */
#ifndef TESTS_SUPPORT_FAULTRUN_H
#define TESTS_SUPPORT_FAULTRUN_H

#include <stdbool.h>

#include "kiosk/base/error.h"

struct faultrun {
    const char *folder; /* flat; its files are put back before each run */
    /* Opens what it needs, acts, closes all of it. */
    enum err (*act)(void *x, struct error *e);
    /* Without faults. code: what act said. Opens, checks that the act is there whole or not at all (whole for
     * ERR_NONE), does it again where it can be, closes. failed: something did fail, though act may have got over it. */
    void (*check)(void *x, enum err code);
    void *x;
    unsigned without; /* kinds of fault (faultvfs.h) that are left out */
    int step;         /* after the first 40 of a kind every so manyth is tried; SOSEDI_FAULTS=all: every one */
};

/* Fails the test, with the kind and number of the fault, when act says an error that is none of a disk or of memory, or
 * none at all in words, and where `check` fails. Prints how many runs it took. */
void faultrun(const struct faultrun *r);
/* The main of a program of such tests: puts the faults under SQLite and folders where syncing is cheap. */
void faultrun_init(void);
/* What is being tried, for messages: "write 7, for good". */
const char *faultrun_now(void);

#endif
