/* What every program does first for those whose words and keys pass through it, and memory for what must not get out:
 * keys, passphrases, what a resident types. Such memory is never swapped out, in no core dump, ends at a page that
 * cannot be touched, and is overwritten before it is given back. */
#ifndef KIOSK_BASE_GUARD_H
#define KIOSK_BASE_GUARD_H

#include <stddef.h>

#include "kiosk/base/error.h"

/* Once, first: files that this program makes are its own account's alone (umask 077); no core dumps, no debuggers,
 * unless SOSEDI_DEBUG is in the environment. Where the system lets no memory be locked (RLIMIT_MEMLOCK) that is logged
 * and the program goes on. */
enum err guard_begin(struct error *e) MUST_CHECK;

/* Zeroed, aligned to 16. Dies when there is none: for what is small and few (whole pages are taken). */
void *guard_new(size_t size);
void guard_free(void *p, size_t size); /* size as it was made with; p may be NULL */

#endif
