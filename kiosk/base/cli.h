/* Command lines: the options every program has, and its exit codes. */
#ifndef KIOSK_BASE_CLI_H
#define KIOSK_BASE_CLI_H

#include "kiosk/base/error.h"

enum cli_exit { CLI_DONE = 0, CLI_FAILED = 1, CLI_USAGE = 2 };

struct cli_option {
    const char *name;  /* "--data" */
    const char *value; /* "DIR"; NULL for a switch */
    const char *help;
    const char **into; /* receives the value, or "" for a switch; borrowed from argv */
};

/* Reads options anywhere on the line ("--data DIR" or "--data=DIR"; the last one counts); "--" ends them, "-" is a
 * word; words are left in argv[1..], then NULL. --help and --version are built in and print to standard output. Returns
 * the number of words left (>= 0), or -1 - exit code when the program should end now. Unknown options and missing
 * values are written to standard error (exit 2). options ends with a NULL name; *into keeps its value when the option
 * is not given. */
int cli_parse(int argc, char **argv, const char *program, const char *usage, const struct cli_option *options);
/* Writes "program: text" to standard error, returns CLI_FAILED (CLI_USAGE for ERR_USAGE). */
int cli_fail(const char *program, const struct error *e);

#endif
