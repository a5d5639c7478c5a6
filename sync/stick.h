/* The folder "sosedi" on a USB stick, which is a stranger's: no link on it is followed, no name goes above it, nothing
 * but plain files is read and never more than was asked for. Files are written whole or not at all. Everything goes
 * through the folder's descriptor, so that a stick pulled out in the middle is an error and not a write somewhere else.
 *
 * Paths are relative to it: parts of a-z 0-9 . _ - that begin with a letter or a digit, separated by slashes,
 * STICK_PATH bytes with NUL at most. So they fit FAT, and no two differ by case alone. */
#ifndef SYNC_STICK_H
#define SYNC_STICK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "kiosk/base/buf.h"
#include "kiosk/base/error.h"

enum { STICK_PATH = 160, STICK_NAMES = 500 };

struct stick {
    int fd;         /* of the folder, -1: closed */
    enum err fault; /* the last thing that failed on it, but for files that are not there; ERR_NONE: nothing did */
    char name[512]; /* for messages: "/run/sosedi/usb/sosedi" */
};

/* The errors of all calls name the file: ERR_NOT_FOUND; ERR_FULL: no space left; ERR_DENIED: it cannot be written
 * (switch, format, rights); ERR_INVALID: a link or a device where a file or folder should be; ERR_IO: it breaks, or was
 * taken out. */

/* Opens DIR/sosedi; make: makes it first when it is missing. DIR itself is never made: ERR_NOT_FOUND. */
enum err stick_open(struct stick *s, const char *dir, bool make, struct error *e) MUST_CHECK;
void stick_close(struct stick *s); /* takes {.fd = -1}, twice too */
/* Whether there is a stick at DIR: something is mounted there, or it holds a folder "sosedi". */
bool stick_is_there(const char *dir);

bool stick_path_is_good(const char *path); /* as said above */
/* Appends the file's bytes. ERR_TOO_BIG before anything is read when it has more bytes than out takes. When it fails,
 * out holds what it held before. */
enum err stick_read(struct stick *s, const char *path, struct buf *out, struct error *e) MUST_CHECK;
/* Makes the folders, writes path.tmp, syncs it, renames it. When it fails, what was under that name is still there. */
enum err stick_write(struct stick *s, const char *path, const void *bytes, size_t n, struct error *e) MUST_CHECK;
/* For files that do not fit in memory. The bytes from `from` on go to take (whose error ends it and is given back);
 * ERR_CORRUPT when the file is not `bytes` long. */
struct stick_sink {
    enum err (*take)(void *context, int64_t at, const void *bytes, size_t n, struct error *e);
    void *context;
};
enum err stick_pour(struct stick *s, const char *path, int64_t from, int64_t bytes, const struct stick_sink *sink,
                    struct error *e) MUST_CHECK;
/* stick_write of what can be read from fd, from its beginning on. */
enum err stick_copy(struct stick *s, const char *path, int fd, struct error *e) MUST_CHECK;
/* A file that is not there is fine. */
enum err stick_remove(struct stick *s, const char *path, struct error *e) MUST_CHECK;
/* Names of what lies in a folder of the stick, those only that could be parts of a path; sorted; at most STICK_NAMES.
 * A missing folder has none. */
enum err stick_list(struct stick *s, const char *path, char (*names)[32], int *count, struct error *e) MUST_CHECK;
/* Everything is on the medium: it may be pulled out. */
enum err stick_sync(struct stick *s, struct error *e) MUST_CHECK;

#endif
