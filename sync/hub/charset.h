/* Bytes of a file from outside as UTF-8. Sources: RFC 3629 (UTF-8), RFC 2781 (UTF-16), the windows-1251 code page. */
#ifndef SYNC_HUB_CHARSET_H
#define SYNC_HUB_CHARSET_H

#include <stddef.h>

#include "kiosk/base/buf.h"

enum charset { CHARSET_UTF8, CHARSET_UTF16, CHARSET_CP1251 };

/* Appends the n bytes to out as valid UTF-8, without a byte order mark and without NULs. What is strict UTF-8 stays; a
 * UTF-16 byte order mark says UTF-16; all else is read as windows-1251, which every byte fits. Returns what was found.
 * out->overflow tells that it did not fit. */
enum charset charset_to_utf8(struct buf *out, const char *bytes, size_t n);

#endif
