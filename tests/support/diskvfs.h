/* Disks in memory under SQLite, for tests of crashes and broken media. A disk is one machine's: every database whose
 * path lies beneath its folder lives on it, all other paths go to the system's own VFS. The product opens by path as
 * ever. A file of each database's name, empty, is made in the real folder, because the product asks the system for
 * inode and existence.
 *
 * What was written and not synced is remembered write by write. A power cut keeps, loses or tears each of them by
 * chance; what was synced stays. Creating, deleting and locking need no sync: SQLite in WAL mode does not rely on their
 * order. One process, one thread. */
#ifndef TESTS_SUPPORT_DISKVFS_H
#define TESTS_SUPPORT_DISKVFS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct disk;
struct disk_image;

/* Kinds of operations, as bits. */
enum disk_op {
    DISK_WRITE = 1,
    DISK_SYNC = 2,
    DISK_TRUNCATE = 4,
    DISK_DELETE = 8,
    DISK_OPEN = 16,
    DISK_LOCK = 32, /* taking a lock of the file or of the WAL's index; giving one back never fails */
    DISK_READ = 64,
    DISK_CHANGES = DISK_WRITE | DISK_SYNC | DISK_TRUNCATE | DISK_DELETE,
    DISK_ALL = 127
};

/* What becomes of writes that were not synced. */
enum disk_loss {
    DISK_KEEPS,    /* the program was killed: nothing is lost */
    DISK_LOSES,    /* all of them are lost */
    DISK_GAMBLES,  /* each is kept, lost, or torn at a sector of 512 bytes, by chance */
};

/* Makes the VFS SQLite's default; once per process, before the first database is opened. */
void diskvfs_register(void);

/* folder must exist. Databases beneath it are opened on this disk from now on. */
struct disk *disk_new(const char *folder);
/* Everything on it must be closed. Takes NULL. */
void disk_free(struct disk *d);

/* From now on the nth (1: the next) operation of these kinds fails: once, or it and all later ones of these kinds.
 * ops 0 clears it. The error is that of the medium: SQLITE_IOERR_*, of DISK_OPEN SQLITE_CANTOPEN, of DISK_LOCK
 * SQLITE_IOERR_LOCK. */
void disk_fail(struct disk *d, unsigned ops, int64_t nth, bool for_good);
/* The nth change (DISK_CHANGES) from now on is the machine's end: it may still reach the disk in part, then everything
 * fails until disk_reboot. nth 0 clears it. */
void disk_crash_after(struct disk *d, int64_t nth);
void disk_crash_now(struct disk *d);
bool disk_is_dead(const struct disk *d);
/* Starts again after a crash, or without one. All files must be closed. random gives a number below bound; needed for
 * DISK_GAMBLES only. */
void disk_reboot(struct disk *d, enum disk_loss loss, uint32_t (*random)(void *context, uint32_t bound), void *context);
/* Full: no file grows that would bring all files together over so many bytes (SQLITE_FULL). 0: no limit. */
void disk_limit(struct disk *d, int64_t bytes);

/* Operations so far, of these kinds together; bytes of all files. */
int64_t disk_count(const struct disk *d, unsigned ops);
int64_t disk_bytes(const struct disk *d);

/* A copy of the whole disk as the programs see it now, and putting it on a disk (all files closed), with what it held
 * before gone. An image may be put on several disks. */
struct disk_image *disk_image_take(const struct disk *d);
void disk_image_put(struct disk *d, const struct disk_image *image);
void disk_image_free(struct disk_image *image); /* takes NULL */

/* Single files, by name beneath the folder ("hub.db"). Both synced at once. disk_file_get: NULL when it is not there,
 * else borrowed. Deleting takes one that is not there. */
const void *disk_file_get(const struct disk *d, const char *name, size_t *n);
void disk_file_put(struct disk *d, const char *name, const void *bytes, size_t n);
void disk_file_delete(struct disk *d, const char *name);

#endif
