/* The passphrase of the opener's key: from a file, or asked for at the terminal. */
#ifndef SYNC_HUB_PASSPHRASE_H
#define SYNC_HUB_PASSPHRASE_H

#include "kiosk/base/buf.h"
#include "kiosk/base/error.h"

enum { PASSPHRASE_MIN = 8, PASSPHRASE_MAX = 1024 };

/* Appends the first line of the file; file NULL: what a person types at /dev/tty, unseen. ERR_INVALID: shorter than 8
 * bytes. The caller wipes out. */
enum err passphrase_read(const char *file, struct buf *out, struct error *e) MUST_CHECK;

#endif
