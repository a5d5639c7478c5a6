/* The passphrase of the opener's key: from a file, or asked for at the terminal. */
#ifndef SYNC_HUB_PASSPHRASE_H
#define SYNC_HUB_PASSPHRASE_H

#include "kiosk/base/error.h"

enum { PASSPHRASE_MIN = 8, PASSPHRASE_MAX = 1024 };

/* The first line of the file; file NULL: what a person types at /dev/tty, unseen. In locked memory, NUL-terminated;
 * *out is NULL when it fails. ERR_INVALID: shorter than 8 bytes; ERR_TOO_BIG: a file longer than 1,024. */
enum err passphrase_read(const char *file, char **out, struct error *e) MUST_CHECK;
void passphrase_free(char *passphrase); /* takes NULL */

#endif
