/* Checking and unpacking a snapshot in a process of its own: a minute of work at a million records, for which no
 * sign-up waits. */
#ifndef SYNC_SNAPSHOT_APART_H
#define SYNC_SNAPSHOT_APART_H

#include <stdbool.h>
#include <sys/types.h>

#include "sync/wire_page.h"

struct snapshot_apart {
    pid_t pid; /* 0: none */
    int fd;    /* its verdict comes here */
};

/* snapshot_unpack (sync/snapshot.h), begun. ERR_MEMORY: no process could be made. */
enum err snapshot_apart_start(struct snapshot_apart *a, const char *packed, const struct wire_head *head,
                              const char *zone, const char *into, struct error *e) MUST_CHECK;
/* Never waits. true: it has ended; *code and e are what it said. One that died says ERR_IO. */
bool snapshot_apart_ended(struct snapshot_apart *a, enum err *code, struct error *e);
void snapshot_apart_stop(struct snapshot_apart *a); /* nothing comes of it; takes zeroed memory */

#endif
