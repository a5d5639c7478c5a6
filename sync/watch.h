/* What wakes kiosk-sync besides the clock: signals that end it, and commits to the ledger by the other programs. Also
 * its claim to be the only one on a data folder. */
#ifndef SYNC_WATCH_H
#define SYNC_WATCH_H

#include <stdbool.h>
#include <stdint.h>

#include "kiosk/base/error.h"

struct watch {
    int signal_fd, inotify_fd, lock_fd; /* -1: none */
    bool ending;                        /* SIGTERM, SIGINT or SIGHUP came; stays */
};

/* Blocks the three signals (they are read from signal_fd from now on), ignores SIGPIPE, takes DIR/sync.lock and watches
 * DIR. ERR_BUSY: another kiosk-sync has the folder. */
enum err watch_open(struct watch *w, const char *dir, struct error *e) MUST_CHECK;
void watch_close(struct watch *w); /* takes zeroed memory */
/* Reads everything that came. True: the ledger was written to (by whomever, this process too). Never waits. */
bool watch_drain(struct watch *w);
/* Until something came, or ms milliseconds passed (-1: no end). */
void watch_wait(const struct watch *w, int64_t ms);

#endif
