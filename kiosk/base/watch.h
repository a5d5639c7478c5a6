/* What wakes a program without a screen besides the clock: signals that end it, and commits to the ledger by the other
 * programs. Also its claim to be the only one of its kind on a data folder. */
#ifndef KIOSK_BASE_WATCH_H
#define KIOSK_BASE_WATCH_H

#include <stdbool.h>
#include <stdint.h>

#include "kiosk/base/error.h"

struct watch {
    int signal_fd, inotify_fd, lock_fd; /* -1: none */
    int mount_fd; /* with watch_mounts: told when anything is mounted or taken away */
    bool ending;                        /* SIGTERM, SIGINT or SIGHUP came; stays */
};

/* Blocks the three signals (they are read from signal_fd from now on), ignores SIGPIPE, takes the file lock in dir and
 * watches dir. ERR_BUSY: another process has that lock. */
enum err watch_open(struct watch *w, const char *dir, const char *lock, struct error *e) MUST_CHECK;
/* From now on watch_wait ends, too, when a file system is mounted or unmounted. Where the system cannot tell, nothing
 * changes. */
void watch_mounts(struct watch *w);
void watch_close(struct watch *w); /* takes zeroed memory */
/* Reads everything that came. True: the ledger was written to (by whomever, this process too). Never waits. */
bool watch_drain(struct watch *w);
/* Until something came, or ms milliseconds passed (-1: no end). */
void watch_wait(const struct watch *w, int64_t ms);

#endif
