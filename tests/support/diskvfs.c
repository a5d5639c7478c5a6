/* The VFS (https://www.sqlite.org/vfs.html): files in memory, locks and the WAL's index shared between connections of
 * this process. What happens to unsynced writes is in diskvfs_file.c. */
#include "tests/support/diskvfs.h"

#include <fcntl.h>
#include <sqlite3.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "kiosk/base/error.h"
#include "kiosk/ticket/crypto.h"
#include "tests/support/diskvfs_file.h"

enum { DISKVFS_DISKS = 32, DISKVFS_SECTOR = 4096 };

/* An open file. */
struct diskvfs_handle {
    sqlite3_file base;
    struct disk *disk;
    struct disk_file *file;
    int level; /* SQLITE_LOCK_... */
    bool delete_on_close, has_shm;
    unsigned shm_shared, shm_exclusive; /* bits of the locks that this connection has */
};

/* SQLite's registry of VFS is one for the process, and so is this. */
static struct {
    sqlite3_vfs vfs;
    sqlite3_vfs *real;
    struct disk *disks[DISKVFS_DISKS];
} diskvfs;

static struct diskvfs_handle *diskvfs_of(sqlite3_file *f) { return (struct diskvfs_handle *)(void *)f; }

/* ---- bytes */

static int diskvfs_close(sqlite3_file *f)
{
    struct diskvfs_handle *h = diskvfs_of(f);
    if (h->delete_on_close)
        disk_file_unlink(h->disk, h->file);
    disk_file_drop(h->disk, h->file);
    return SQLITE_OK;
}

static int diskvfs_read(sqlite3_file *f, void *out, int n, sqlite3_int64 at)
{
    struct diskvfs_handle *h = diskvfs_of(f);
    if (disk_fails(h->disk, DISK_READ))
        return SQLITE_IOERR_READ;
    size_t have = (size_t)at < h->file->now.n ? h->file->now.n - (size_t)at : 0;
    have = have > (size_t)n ? (size_t)n : have;
    if (have)
        memcpy(out, h->file->now.bytes + at, have);
    memset((char *)out + have, 0, (size_t)n - have);
    return have == (size_t)n ? SQLITE_OK : SQLITE_IOERR_SHORT_READ;
}

static int diskvfs_write(sqlite3_file *f, const void *bytes, int n, sqlite3_int64 at)
{
    struct diskvfs_handle *h = diskvfs_of(f);
    if (!disk_has_room(h->disk, h->file, at + n))
        return SQLITE_FULL;
    bool last = disk_is_last(h->disk);
    if (disk_fails(h->disk, DISK_WRITE)) {
        if (last) /* the power went while it was under way: it may have reached the disk */
            disk_file_write(h->file, at, bytes, (size_t)n);
        return SQLITE_IOERR_WRITE;
    }
    disk_file_write(h->file, at, bytes, (size_t)n);
    return SQLITE_OK;
}

static int diskvfs_truncate(sqlite3_file *f, sqlite3_int64 n)
{
    struct diskvfs_handle *h = diskvfs_of(f);
    if (disk_fails(h->disk, DISK_TRUNCATE))
        return SQLITE_IOERR_TRUNCATE;
    disk_file_truncate(h->file, (size_t)n);
    return SQLITE_OK;
}

static int diskvfs_sync(sqlite3_file *f, int flags)
{
    struct diskvfs_handle *h = diskvfs_of(f);
    (void)flags;
    if (disk_fails(h->disk, DISK_SYNC))
        return SQLITE_IOERR_FSYNC;
    disk_file_sync(h->file);
    return SQLITE_OK;
}

static int diskvfs_size(sqlite3_file *f, sqlite3_int64 *n)
{
    *n = (sqlite3_int64)diskvfs_of(f)->file->now.n;
    return SQLITE_OK;
}

/* ---- locks of the file (https://www.sqlite.org/lockingv3.html) */

static int diskvfs_lock(sqlite3_file *f, int level)
{
    struct diskvfs_handle *h = diskvfs_of(f);
    struct disk_locks *l = &h->file->locks;
    if (h->level >= level)
        return SQLITE_OK;
    if (disk_fails(h->disk, DISK_LOCK))
        return SQLITE_IOERR_LOCK;
    if (level == SQLITE_LOCK_SHARED) {
        if (l->pending || l->exclusive)
            return SQLITE_BUSY;
        l->shared++;
    } else if (level == SQLITE_LOCK_RESERVED) {
        if (l->reserved)
            return SQLITE_BUSY;
        l->reserved = h;
    } else {
        if ((l->reserved && l->reserved != h) || (l->pending && l->pending != h))
            return SQLITE_BUSY;
        l->pending = h;
        if (l->shared > 1) {
            h->level = SQLITE_LOCK_PENDING;
            return SQLITE_BUSY;
        }
        l->exclusive = h;
    }
    h->level = level;
    return SQLITE_OK;
}

static int diskvfs_unlock(sqlite3_file *f, int level)
{
    struct diskvfs_handle *h = diskvfs_of(f);
    struct disk_locks *l = &h->file->locks;
    if (h->level <= level)
        return SQLITE_OK;
    l->exclusive = l->exclusive == h ? NULL : l->exclusive;
    l->pending = l->pending == h ? NULL : l->pending;
    l->reserved = l->reserved == h ? NULL : l->reserved;
    if (level == SQLITE_LOCK_NONE && h->level >= SQLITE_LOCK_SHARED)
        l->shared--;
    h->level = level;
    return SQLITE_OK;
}

static int diskvfs_check_reserved(sqlite3_file *f, int *out)
{
    const struct disk_locks *l = &diskvfs_of(f)->file->locks;
    *out = l->reserved || l->pending || l->exclusive;
    return SQLITE_OK;
}

static int diskvfs_control(sqlite3_file *f, int op, void *arg)
{
    (void)f, (void)op, (void)arg;
    return SQLITE_NOTFOUND;
}

static int diskvfs_sector(sqlite3_file *f)
{
    (void)f;
    return DISKVFS_SECTOR;
}

/* As SQLite's own VFS for Linux says. */
static int diskvfs_characteristics(sqlite3_file *f)
{
    (void)f;
    return SQLITE_IOCAP_POWERSAFE_OVERWRITE;
}

/* ---- the WAL's index */

static int diskvfs_shm_map(sqlite3_file *f, int region, int size, int extend, void volatile **out)
{
    struct diskvfs_handle *h = diskvfs_of(f);
    struct disk_shm *m = &h->file->shm;
    *out = NULL;
    if (disk_fails(h->disk, 0) || region >= DISK_REGIONS)
        return SQLITE_IOERR_SHMMAP;
    if (!h->has_shm) {
        if (m->users++ == 0)
            disk_shm_clear(m);
        h->has_shm = true;
    }
    if (!m->regions[region] && extend)
        m->regions[region] = mem_new(1, (size_t)size);
    *out = m->regions[region];
    return SQLITE_OK;
}

static int diskvfs_shm_lock(sqlite3_file *f, int offset, int n, int flags)
{
    struct diskvfs_handle *h = diskvfs_of(f);
    struct disk_shm *m = &h->file->shm;
    unsigned mask = ((1u << n) - 1) << offset;
    if (flags & SQLITE_SHM_UNLOCK) {
        for (int i = offset; i < offset + n; i++)
            m->shared[i] -= h->shm_shared & mask & (1u << i) ? 1 : 0;
        m->exclusive &= ~(h->shm_exclusive & mask);
        h->shm_shared &= ~mask;
        h->shm_exclusive &= ~mask;
        return SQLITE_OK;
    }
    if (disk_fails(h->disk, DISK_LOCK))
        return SQLITE_IOERR_SHMLOCK;
    if (m->exclusive & mask & ~h->shm_exclusive)
        return SQLITE_BUSY;
    for (int i = offset; i < offset + n; i++)
        if ((flags & SQLITE_SHM_EXCLUSIVE) && m->shared[i] > (h->shm_shared & (1u << i) ? 1 : 0))
            return SQLITE_BUSY;
    if (flags & SQLITE_SHM_EXCLUSIVE) {
        m->exclusive |= mask;
        h->shm_exclusive |= mask;
        return SQLITE_OK;
    }
    for (int i = offset; i < offset + n; i++)
        m->shared[i] += h->shm_shared & (1u << i) ? 0 : 1;
    h->shm_shared |= mask;
    return SQLITE_OK;
}

static void diskvfs_shm_barrier(sqlite3_file *f) { (void)f; }

static int diskvfs_shm_unmap(sqlite3_file *f, int delete_it)
{
    struct diskvfs_handle *h = diskvfs_of(f);
    (void)delete_it;
    if (!h->has_shm)
        return SQLITE_OK;
    diskvfs_shm_lock(f, 0, SQLITE_SHM_NLOCK, SQLITE_SHM_UNLOCK);
    h->has_shm = false;
    if (--h->file->shm.users == 0)
        disk_shm_clear(&h->file->shm);
    return SQLITE_OK;
}

static const sqlite3_io_methods diskvfs_methods = {
    .iVersion = 2,
    .xClose = diskvfs_close,
    .xRead = diskvfs_read,
    .xWrite = diskvfs_write,
    .xTruncate = diskvfs_truncate,
    .xSync = diskvfs_sync,
    .xFileSize = diskvfs_size,
    .xLock = diskvfs_lock,
    .xUnlock = diskvfs_unlock,
    .xCheckReservedLock = diskvfs_check_reserved,
    .xFileControl = diskvfs_control,
    .xSectorSize = diskvfs_sector,
    .xDeviceCharacteristics = diskvfs_characteristics,
    .xShmMap = diskvfs_shm_map,
    .xShmLock = diskvfs_shm_lock,
    .xShmBarrier = diskvfs_shm_barrier,
    .xShmUnmap = diskvfs_shm_unmap,
};

/* ---- names */

/* The disk a path lies on and the name there; NULL: none. */
static struct disk *diskvfs_find(const char *path, const char **name)
{
    for (int i = 0; path && i < DISKVFS_DISKS; i++) {
        size_t n = diskvfs.disks[i] ? strlen(disk_folder(diskvfs.disks[i])) : 0;
        if (n && strncmp(path, disk_folder(diskvfs.disks[i]), n) == 0 && path[n] == '/') {
            *name = path + n + 1;
            return diskvfs.disks[i];
        }
    }
    return NULL;
}

static int diskvfs_open(sqlite3_vfs *v, const char *path, sqlite3_file *f, int flags, int *out_flags)
{
    const char *name;
    struct disk *d = diskvfs_find(path, &name);
    (void)v;
    if (!d)
        return diskvfs.real->xOpen(diskvfs.real, path, f, flags, out_flags);
    struct diskvfs_handle *h = diskvfs_of(f);
    *h = (struct diskvfs_handle){.disk = d, .delete_on_close = (flags & SQLITE_OPEN_DELETEONCLOSE) != 0};
    if (disk_fails(d, DISK_OPEN))
        return SQLITE_CANTOPEN;
    h->file = disk_file_hold(d, name, (flags & SQLITE_OPEN_CREATE) != 0);
    if (!h->file)
        return SQLITE_CANTOPEN;
    if (flags & SQLITE_OPEN_MAIN_DB && access(path, F_OK) != 0) {
        int fd = open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
        if (fd >= 0)
            close(fd);
    }
    if (out_flags)
        *out_flags = flags;
    h->base.pMethods = &diskvfs_methods;
    return SQLITE_OK;
}

static int diskvfs_delete(sqlite3_vfs *v, const char *path, int sync_dir)
{
    const char *name;
    struct disk *d = diskvfs_find(path, &name);
    (void)v;
    if (!d)
        return diskvfs.real->xDelete(diskvfs.real, path, sync_dir);
    if (disk_fails(d, DISK_DELETE))
        return SQLITE_IOERR_DELETE;
    size_t n;
    if (!disk_file_get(d, name, &n))
        return SQLITE_IOERR_DELETE_NOENT;
    disk_file_delete(d, name);
    return SQLITE_OK;
}

static int diskvfs_access(sqlite3_vfs *v, const char *path, int flags, int *out)
{
    const char *name;
    size_t n;
    struct disk *d = diskvfs_find(path, &name);
    (void)v;
    if (!d)
        return diskvfs.real->xAccess(diskvfs.real, path, flags, out);
    *out = disk_file_get(d, name, &n) != NULL && (flags != SQLITE_ACCESS_EXISTS || n > 0);
    return SQLITE_OK;
}

static int diskvfs_full_path(sqlite3_vfs *v, const char *path, int n, char *out)
{
    const char *name;
    (void)v;
    if (!diskvfs_find(path, &name))
        return diskvfs.real->xFullPathname(diskvfs.real, path, n, out);
    sqlite3_snprintf(n, out, "%s", path);
    return SQLITE_OK;
}

/* As random as the process: reproducible where the test has put its own generator under libsodium. */
static int diskvfs_randomness(sqlite3_vfs *v, int n, char *out)
{
    (void)v;
    crypto_random(out, (size_t)n);
    return n;
}

/* Whoever would be waited for is in this very thread: waiting would change nothing. */
static int diskvfs_sleep(sqlite3_vfs *v, int us)
{
    (void)v;
    return us;
}

static int diskvfs_time(sqlite3_vfs *v, sqlite3_int64 *out)
{
    (void)v;
    return diskvfs.real->xCurrentTimeInt64(diskvfs.real, out);
}

static int diskvfs_last_error(sqlite3_vfs *v, int n, char *out)
{
    (void)v, (void)n, (void)out;
    return 0;
}

void diskvfs_register(void)
{
    if (diskvfs.real)
        return;
    diskvfs.real = sqlite3_vfs_find(NULL);
    int size = diskvfs.real->szOsFile;
    diskvfs.vfs = (sqlite3_vfs){.iVersion = 2,
                                .szOsFile = size > (int)sizeof(struct diskvfs_handle) ? size
                                                                                      : (int)sizeof(struct diskvfs_handle),
                                .mxPathname = diskvfs.real->mxPathname,
                                .zName = "disk",
                                .xOpen = diskvfs_open,
                                .xDelete = diskvfs_delete,
                                .xAccess = diskvfs_access,
                                .xFullPathname = diskvfs_full_path,
                                .xRandomness = diskvfs_randomness,
                                .xSleep = diskvfs_sleep,
                                .xGetLastError = diskvfs_last_error,
                                .xCurrentTimeInt64 = diskvfs_time};
    if (sqlite3_vfs_register(&diskvfs.vfs, 1) != SQLITE_OK)
        die("diskvfs: SQLite takes no VFS");
}

void diskvfs_attach(struct disk *d)
{
    for (int i = 0; i < DISKVFS_DISKS; i++) {
        if (!diskvfs.disks[i]) {
            diskvfs.disks[i] = d;
            return;
        }
    }
    die("diskvfs: too many disks");
}

void diskvfs_detach(struct disk *d)
{
    for (int i = 0; i < DISKVFS_DISKS; i++)
        if (diskvfs.disks[i] == d)
            diskvfs.disks[i] = NULL;
}
