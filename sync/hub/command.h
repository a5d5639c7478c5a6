/* The commands of kiosk-hub: one file and one row of a table each. */
#ifndef SYNC_HUB_COMMAND_H
#define SYNC_HUB_COMMAND_H

#include "kiosk/base/buf.h"
#include "kiosk/base/cli.h"
#include "sync/hub/hub.h"

struct command {
    const char *name;
    bool makes; /* init: the data folder is only named in h->dir, nothing is opened */
    /* argv[0] is the command's name; returns an exit code. */
    int (*run)(struct hub *h, int argc, char **argv);
    const char *help;
};

extern const struct command commands[]; /* ends with a NULL name */

int command_init(struct hub *h, int argc, char **argv);
int command_serve(struct hub *h, int argc, char **argv);
int command_enrol(struct hub *h, int argc, char **argv);
int command_kiosks(struct hub *h, int argc, char **argv);
int command_revoke(struct hub *h, int argc, char **argv);
int command_signups(struct hub *h, int argc, char **argv);
int command_requests(struct hub *h, int argc, char **argv);
int command_purge(struct hub *h, int argc, char **argv);
int command_snapshot(struct hub *h, int argc, char **argv);
int command_bundle(struct hub *h, int argc, char **argv);
int command_backup(struct hub *h, int argc, char **argv);
int command_restore(struct hub *h, int argc, char **argv);
int command_restored(struct hub *h, int argc, char **argv);
int command_rotate(struct hub *h, int argc, char **argv);
int command_release(struct hub *h, int argc, char **argv);

/* cli_parse for a command: usage is its own part of the line ("enrol NAME") and, on further lines, what it does; what
 * all commands take is said here. */
int command_parse(int argc, char **argv, const char *usage, const struct cli_option *options);
/* For the commands: reports on standard error and gives the exit code; writes what was made to standard output. */
int command_fail(const struct error *e);
int command_usage(const char *text);
int command_print(const struct buf *b);

#endif
