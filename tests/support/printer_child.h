/* The printer of printer.h in a process of its own, for unit tests. */
#ifndef TESTS_SUPPORT_PRINTER_CHILD_H
#define TESTS_SUPPORT_PRINTER_CHILD_H

#include <sys/types.h>

struct printer_child {
    pid_t pid;
    int control, answer;
    int port;
    char dir[64]; /* a fresh folder of the test's; papers are in dir/papers */
    char url[64]; /* tcp://127.0.0.1:PORT */
};

/* Starts in the state named; fails the test when it cannot. */
void printer_child_start(struct printer_child *c, const char *state);
/* Returns when the printer is in that state. */
void printer_child_set(struct printer_child *c, const char *state);
/* Papers finished so far. */
int printer_child_papers(struct printer_child *c);
/* Ends the printer; asserts that no job had a fault when clean. Removes the folder and everything in it. */
void printer_child_end(struct printer_child *c, int clean);

#endif
