/* Inside diskvfs: files in memory and what is not yet safe of them. */
#ifndef TESTS_SUPPORT_DISKVFS_FILE_H
#define TESTS_SUPPORT_DISKVFS_FILE_H

#include "tests/support/diskvfs.h"

enum { DISK_REGIONS = 64, DISK_SHM_LOCKS = 8 };

struct disk_bytes {
    unsigned char *bytes;
    size_t n, room;
};

/* One write or truncation since the last sync; from: where its bytes lie in the file's `held`. */
struct disk_write {
    bool truncate;
    size_t at, n, from;
};

struct disk_locks {
    int shared;
    const void *reserved, *pending, *exclusive; /* who */
};

struct disk_shm {
    void *regions[DISK_REGIONS];
    int users;
    int shared[DISK_SHM_LOCKS];
    unsigned exclusive; /* bits */
};

struct disk_file {
    char *name; /* "": unlinked while open */
    struct disk_bytes now, safe, held;
    struct disk_write *writes;
    size_t write_count, write_room;
    int uses;
    struct disk_locks locks;
    struct disk_shm shm;
    struct disk_file *next;
};

const char *disk_folder(const struct disk *d);
/* Counts the operation (0: none, asks for a crash only); true: it is to fail. */
bool disk_fails(struct disk *d, unsigned op);
/* Whether the next change is the one that the machine dies of. */
bool disk_is_last(const struct disk *d);
bool disk_has_room(const struct disk *d, const struct disk_file *f, int64_t size);

struct disk_file *disk_file_hold(struct disk *d, const char *name, bool create);
void disk_file_drop(struct disk *d, struct disk_file *f);
void disk_file_unlink(struct disk *d, struct disk_file *f);
void disk_file_write(struct disk_file *f, int64_t at, const void *bytes, size_t n);
void disk_file_truncate(struct disk_file *f, size_t n);
void disk_file_sync(struct disk_file *f);
void disk_shm_clear(struct disk_shm *m);

/* ---- diskvfs.c: which disks the VFS knows */
void diskvfs_attach(struct disk *d);
void diskvfs_detach(struct disk *d);

#endif
