/* A command of this program in a process of its own, with the least priority, that ends when its parent does. */
#ifndef SYNC_HUB_SERVE_BACKGROUND_H
#define SYNC_HUB_SERVE_BACKGROUND_H

#include <stdbool.h>
#include <sys/types.h>

#include "kiosk/base/error.h"

/* argv[0] is a name to be known by; the last is NULL. Standard output goes to nowhere. */
enum err background_start(pid_t *out, const char *const argv[], struct error *e) MUST_CHECK;
/* True when it has ended; *good: with exit code 0. Never waits. */
bool background_has_ended(pid_t pid, bool *good);
void background_stop(pid_t pid); /* ends it and waits; 0: nothing */

#endif
