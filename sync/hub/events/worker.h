/* A helper process for work on hostile bytes: a fault, a hang or a swelling in it becomes an error of one call, and the
 * next call gets a fresh process. The process has no file of ours open, a limit on memory and processor time, and dies
 * with its parent. */
#ifndef SYNC_HUB_EVENTS_WORKER_H
#define SYNC_HUB_EVENTS_WORKER_H

#include <stddef.h>

#include "kiosk/base/buf.h"
#include "kiosk/base/error.h"

struct worker_task {
    /* Runs in the helper process for each call: reads the request (n bytes and a NUL), appends the reply. state is its
     * own. */
    void (*answer)(void *state, const char *request, size_t n, struct buf *reply);
    void *(*start)(void); /* makes the state when a process begins; may be NULL */
    size_t memory;        /* bytes it may allocate */
    size_t reply_max;     /* bytes of one reply */
    int timeout_ms; /* of one call: processor time, so that a busy machine fails nobody; 8 times as long by the clock */
};

struct worker;

struct worker *
worker_new(const struct worker_task *task); /* the process starts with the first call; task is borrowed */
void worker_free(struct worker *w);         /* ends the process; takes NULL */
/* Appends the reply. ERR_TIMEOUT: too slow; ERR_CORRUPT: the process died; ERR_TOO_BIG: the reply was too long. */
enum err worker_call(struct worker *w, const void *request, size_t n, struct buf *reply, struct error *e) MUST_CHECK;

#endif
