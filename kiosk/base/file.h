/* Files: whole reads with a maximum, writes that are there entirely or not at all. */
#ifndef KIOSK_BASE_FILE_H
#define KIOSK_BASE_FILE_H

#include <stddef.h>

#include "kiosk/base/buf.h"
#include "kiosk/base/error.h"

/* Appends the file's bytes to out; ERR_TOO_BIG past out->max, ERR_NOT_FOUND, ERR_IO. Names the path. When it fails, out
 * holds what it held before (and out->overflow tells ERR_TOO_BIG). Never waits: a FIFO or device is not a file. */
enum err file_read(const char *path, struct buf *out, struct error *e) MUST_CHECK;
/* Writes a temporary file (PATH.PID.tmp) beside path, fsyncs it, renames it, fsyncs the folder. mode e.g. 0600,
 * exactly: the umask is not applied. ERR_FULL when there is no space; then the old file is untouched. */
enum err file_write(const char *path, const void *bytes, size_t n, unsigned mode, struct error *e) MUST_CHECK;
/* All of the bytes into an open file. -1 with errno when it fails. */
int file_write_all(int fd, const char *bytes, size_t n) MUST_CHECK;
/* Parents are made as well; a folder that exists is fine and keeps its mode. */
enum err file_make_dir(const char *path, unsigned mode, struct error *e) MUST_CHECK;
/* "dir/name" into out ("name" when dir is empty); cut text never happens: die() on overflow of PATH_MAX is a bug,
 * returns out. */
char *file_join(char out[4096], const char *dir, const char *name);
/* Folder of the running program, without a trailing slash. */
void file_program_dir(char out[4096]);
/* Finds an asset, a file or folder: PROGRAM_DIR/../share/sosedi/NAME (installed), else NAME or assets/NAME in the
 * program's folder and in up to four folders above it (the build tree: "locale" is build/locale, "demo" is
 * assets/demo). ERR_NOT_FOUND names what was looked for. */
enum err file_find_asset(const char *name, char out[4096], struct error *e) MUST_CHECK;

#endif
