/* Pages of their own for secrets, and the promises of a process about itself. */
#include "kiosk/base/guard.h"

#include <errno.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "kiosk/base/log.h"

enum { GUARD_ALIGN = 16 };

static size_t guard_page(void) { return (size_t)sysconf(_SC_PAGESIZE); }

static size_t guard_padded(size_t size) { return (size + GUARD_ALIGN - 1) / GUARD_ALIGN * GUARD_ALIGN; }

/* Whole pages for size bytes, without the one behind them. */
static size_t guard_room(size_t size)
{
    size_t page = guard_page();
    return (guard_padded(size ? size : 1) + page - 1) / page * page;
}

/* mlock2 and not mlock: sanitizers turn the latter into nothing. */
static bool guard_lock(void *p, size_t n) { return mlock2(p, n, 0) == 0 && madvise(p, n, MADV_DONTDUMP) == 0; }

/* The memory ends where the page that cannot be touched begins. */
static uint8_t *guard_map(size_t size, bool *locked)
{
    size_t room = guard_room(size);
    uint8_t *base =
        mmap(NULL, room + guard_page(), PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (base == MAP_FAILED || mprotect(base + room, guard_page(), PROT_NONE) < 0)
        die("out of memory");
    *locked = guard_lock(base, room);
    return base + room - guard_padded(size);
}

void *guard_new(size_t size)
{
    bool locked;
    return guard_map(size, &locked);
}

void guard_free(void *p, size_t size)
{
    if (!p)
        return;
    explicit_bzero(p, size);
    munmap((uint8_t *)p + guard_padded(size) - guard_room(size), guard_room(size) + guard_page());
}

static void guard_try_lock(void)
{
    bool locked;
    void *p = guard_map(1, &locked);
    if (!locked)
        log_line(LOG_WARN, "memory-not-locked", "why=%s", error_errno(errno));
    guard_free(p, 1);
}

enum err guard_begin(struct error *e)
{
    const struct rlimit none = {0, 0};
    umask(077);
    guard_try_lock();
    if (getenv("SOSEDI_DEBUG"))
        return ERR_NONE;
    if (prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) < 0 || setrlimit(RLIMIT_CORE, &none) < 0)
        return error_set(e, ERR_IO, "core dumps cannot be switched off: %s", error_errno(errno));
    return ERR_NONE;
}
