/* A VFS (https://www.sqlite.org/vfs.html) that stands before the system's own and counts. */
#include "tests/support/faultvfs.h"

#include <errno.h>
#include <sqlite3.h>
#include <string.h>

#include "kiosk/base/error.h"

struct faultvfs_file {
    sqlite3_file base;
    sqlite3_file *real; /* lies behind this struct */
};

/* SQLite's registry and allocator are one for the process, and so is this. */
static struct {
    sqlite3_vfs vfs;
    sqlite3_vfs *real;
    sqlite3_mem_methods memory;
    unsigned ops;
    long nth, seen, failed;
    bool for_good;
} faultvfs;

static bool faultvfs_fails(unsigned op)
{
    if (!(faultvfs.ops & op))
        return false;
    faultvfs.seen++;
    bool fails = faultvfs.for_good ? faultvfs.seen >= faultvfs.nth : faultvfs.seen == faultvfs.nth;
    faultvfs.failed += fails;
    if (fails)
        errno = EIO;
    return fails;
}

void faultvfs_plan(unsigned ops, long nth, bool for_good)
{
    faultvfs.ops = ops;
    faultvfs.nth = nth;
    faultvfs.for_good = for_good;
    faultvfs.seen = faultvfs.failed = 0;
}

long faultvfs_failed(void) { return faultvfs.failed; }

/* ---- files */

static sqlite3_file *faultvfs_of(sqlite3_file *f) { return ((struct faultvfs_file *)(void *)f)->real; }

static int faultvfs_close(sqlite3_file *f)
{
    sqlite3_file *real = faultvfs_of(f);
    return real->pMethods->xClose(real);
}

static int faultvfs_read(sqlite3_file *f, void *out, int n, sqlite3_int64 at)
{
    sqlite3_file *real = faultvfs_of(f);
    return faultvfs_fails(FAULT_READ) ? SQLITE_IOERR_READ : real->pMethods->xRead(real, out, n, at);
}

static int faultvfs_write(sqlite3_file *f, const void *bytes, int n, sqlite3_int64 at)
{
    sqlite3_file *real = faultvfs_of(f);
    sqlite3_int64 size = 0;
    if (faultvfs_fails(FAULT_WRITE))
        return SQLITE_IOERR_WRITE;
    if (faultvfs.ops & FAULT_GROW && real->pMethods->xFileSize(real, &size) == SQLITE_OK && at + n > size &&
        faultvfs_fails(FAULT_GROW))
        return SQLITE_FULL;
    return real->pMethods->xWrite(real, bytes, n, at);
}

static int faultvfs_truncate(sqlite3_file *f, sqlite3_int64 n)
{
    sqlite3_file *real = faultvfs_of(f);
    return faultvfs_fails(FAULT_TRUNCATE) ? SQLITE_IOERR_TRUNCATE : real->pMethods->xTruncate(real, n);
}

static int faultvfs_sync(sqlite3_file *f, int flags)
{
    sqlite3_file *real = faultvfs_of(f);
    return faultvfs_fails(FAULT_SYNC) ? SQLITE_IOERR_FSYNC : real->pMethods->xSync(real, flags);
}

static int faultvfs_size(sqlite3_file *f, sqlite3_int64 *n)
{
    sqlite3_file *real = faultvfs_of(f);
    return real->pMethods->xFileSize(real, n);
}

static int faultvfs_lock(sqlite3_file *f, int level)
{
    sqlite3_file *real = faultvfs_of(f);
    return faultvfs_fails(FAULT_LOCK) ? SQLITE_IOERR_LOCK : real->pMethods->xLock(real, level);
}

static int faultvfs_unlock(sqlite3_file *f, int level)
{
    sqlite3_file *real = faultvfs_of(f);
    return real->pMethods->xUnlock(real, level);
}

static int faultvfs_check_reserved(sqlite3_file *f, int *out)
{
    sqlite3_file *real = faultvfs_of(f);
    return real->pMethods->xCheckReservedLock(real, out);
}

static int faultvfs_control(sqlite3_file *f, int op, void *arg)
{
    sqlite3_file *real = faultvfs_of(f);
    return real->pMethods->xFileControl(real, op, arg);
}

static int faultvfs_sector(sqlite3_file *f)
{
    sqlite3_file *real = faultvfs_of(f);
    return real->pMethods->xSectorSize(real);
}

static int faultvfs_characteristics(sqlite3_file *f)
{
    sqlite3_file *real = faultvfs_of(f);
    return real->pMethods->xDeviceCharacteristics(real);
}

static int faultvfs_shm_map(sqlite3_file *f, int region, int size, int extend, void volatile **out)
{
    sqlite3_file *real = faultvfs_of(f);
    return real->pMethods->xShmMap(real, region, size, extend, out);
}

static int faultvfs_shm_lock(sqlite3_file *f, int offset, int n, int flags)
{
    sqlite3_file *real = faultvfs_of(f);
    if (flags & SQLITE_SHM_LOCK && faultvfs_fails(FAULT_LOCK))
        return SQLITE_IOERR_SHMLOCK;
    return real->pMethods->xShmLock(real, offset, n, flags);
}

static void faultvfs_shm_barrier(sqlite3_file *f)
{
    sqlite3_file *real = faultvfs_of(f);
    real->pMethods->xShmBarrier(real);
}

static int faultvfs_shm_unmap(sqlite3_file *f, int delete_it)
{
    sqlite3_file *real = faultvfs_of(f);
    return real->pMethods->xShmUnmap(real, delete_it);
}

static const sqlite3_io_methods faultvfs_methods = {
    .iVersion = 2,
    .xClose = faultvfs_close,
    .xRead = faultvfs_read,
    .xWrite = faultvfs_write,
    .xTruncate = faultvfs_truncate,
    .xSync = faultvfs_sync,
    .xFileSize = faultvfs_size,
    .xLock = faultvfs_lock,
    .xUnlock = faultvfs_unlock,
    .xCheckReservedLock = faultvfs_check_reserved,
    .xFileControl = faultvfs_control,
    .xSectorSize = faultvfs_sector,
    .xDeviceCharacteristics = faultvfs_characteristics,
    .xShmMap = faultvfs_shm_map,
    .xShmLock = faultvfs_shm_lock,
    .xShmBarrier = faultvfs_shm_barrier,
    .xShmUnmap = faultvfs_shm_unmap,
};

/* ---- names */

static int faultvfs_open(sqlite3_vfs *v, const char *path, sqlite3_file *f, int flags, int *out_flags)
{
    struct faultvfs_file *own = (struct faultvfs_file *)(void *)f;
    (void)v;
    own->base.pMethods = NULL;
    if (faultvfs_fails(FAULT_OPEN))
        return SQLITE_CANTOPEN;
    own->real = (sqlite3_file *)(void *)(own + 1);
    memset(own->real, 0, (size_t)faultvfs.real->szOsFile);
    int rc = faultvfs.real->xOpen(faultvfs.real, path, own->real, flags, out_flags);
    if (rc == SQLITE_OK)
        own->base.pMethods = &faultvfs_methods;
    else if (own->real->pMethods)
        own->real->pMethods->xClose(own->real);
    return rc;
}

static int faultvfs_delete(sqlite3_vfs *v, const char *path, int sync_dir)
{
    (void)v;
    return faultvfs_fails(FAULT_DELETE) ? SQLITE_IOERR_DELETE : faultvfs.real->xDelete(faultvfs.real, path, sync_dir);
}

/* ---- memory */

static void *faultvfs_malloc(int n) { return faultvfs_fails(FAULT_MEMORY) ? NULL : faultvfs.memory.xMalloc(n); }

static void *faultvfs_realloc(void *p, int n)
{
    return faultvfs_fails(FAULT_MEMORY) ? NULL : faultvfs.memory.xRealloc(p, n);
}

void faultvfs_register(void)
{
    if (faultvfs.real)
        return;
    if (sqlite3_config(SQLITE_CONFIG_GETMALLOC, &faultvfs.memory) != SQLITE_OK)
        die("faultvfs: SQLite runs already");
    sqlite3_mem_methods memory = faultvfs.memory;
    memory.xMalloc = faultvfs_malloc;
    memory.xRealloc = faultvfs_realloc;
    /* Lookaside would hide most allocations from the plan. */
    if (sqlite3_config(SQLITE_CONFIG_MALLOC, &memory) != SQLITE_OK ||
        sqlite3_config(SQLITE_CONFIG_LOOKASIDE, 0, 0) != SQLITE_OK || sqlite3_initialize() != SQLITE_OK)
        die("faultvfs: SQLite takes no allocator");
    faultvfs.real = sqlite3_vfs_find(NULL);
    faultvfs.vfs = *faultvfs.real; /* what is not replaced is the system's own, and asks nothing of its struct */
    faultvfs.vfs.szOsFile = (int)sizeof(struct faultvfs_file) + faultvfs.real->szOsFile;
    faultvfs.vfs.zName = "fault";
    faultvfs.vfs.pNext = NULL;
    faultvfs.vfs.xOpen = faultvfs_open;
    faultvfs.vfs.xDelete = faultvfs_delete;
    if (sqlite3_vfs_register(&faultvfs.vfs, 1) != SQLITE_OK)
        die("faultvfs: SQLite takes no VFS");
}
