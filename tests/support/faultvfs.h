/* Faults under SQLite on real files, for tests: the nth operation of some kinds fails, or the nth allocation of
 * SQLite's. Everything else goes to the system. (diskvfs.h has disks in memory that lose unsynced writes; here files
 * can be renamed, copied and read by the system's own calls.) One plan for the process. */
#ifndef TESTS_SUPPORT_FAULTVFS_H
#define TESTS_SUPPORT_FAULTVFS_H

#include <stdbool.h>

/* Kinds of operations, as bits. */
enum fault_op {
    FAULT_WRITE = 1,
    FAULT_SYNC = 2,
    FAULT_OPEN = 4,
    FAULT_LOCK = 8, /* taking a lock of the file or of the WAL's index; giving one back never fails */
    FAULT_TRUNCATE = 16,
    FAULT_DELETE = 32,
    FAULT_READ = 64,
    FAULT_GROW = 128,   /* a write past the file's end; fails with SQLITE_FULL, so does a truncation in this plan */
    FAULT_MEMORY = 256, /* an allocation */
};

/* Once per process, before the first database is opened: SQLite's allocator and its default VFS are replaced. */
void faultvfs_register(void);
/* From now on the nth operation (1: the next) of these kinds fails: once, or it and all later ones of these kinds. ops
 * 0: nothing fails. Counting begins anew. */
void faultvfs_plan(unsigned ops, long nth, bool for_good);
/* How many failed since the plan was made. 0 after a whole run: it passed untouched. */
long faultvfs_failed(void);

#endif
