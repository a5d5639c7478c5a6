/* The first page of a database and the pages of its schema are the ones without which SQLite reads nothing else, and
 * the first is written more often than any other. What they say is known, though: the schema is ours, and tables that
 * were made by the same script lie on the same pages. So those pages are taken from a new, empty ledger. Source: the
 * SQLite file format, sections 1.3 and 1.6. */
#include "kiosk/store/ledger_private.h"

#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

enum {
    LEDGER_PAGE = 4096,
    LEDGER_HEADER = 100, /* of the file, at the begin of page 1 */
    LEDGER_INTERIOR = 5, /* kind of an inner page of a table's tree */
    LEDGER_CELLS = 12    /* where the cell pointers of an inner page begin, after its header */
};

struct ledger_graft {
    int fresh, to;
    uint8_t page[LEDGER_PAGE];
};

static uint32_t ledger_get32(const uint8_t *p)
{
    return (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 | (uint32_t)p[2] << 8 | p[3];
}

static void ledger_put32(uint8_t *p, uint32_t n)
{
    p[0] = (uint8_t)(n >> 24);
    p[1] = (uint8_t)(n >> 16);
    p[2] = (uint8_t)(n >> 8);
    p[3] = (uint8_t)n;
}

static bool ledger_copy_file(int from, int to)
{
    uint8_t bytes[16 * LEDGER_PAGE];
    for (;;) {
        ssize_t n = read(from, bytes, sizeof bytes);
        if (n <= 0)
            return n == 0;
        if (write(to, bytes, (size_t)n) != n)
            return false;
    }
}

static bool ledger_graft_page(struct ledger_graft *g, uint32_t number, uint8_t page[LEDGER_PAGE])
{
    off_t at = (off_t)(number - 1) * LEDGER_PAGE;
    return number > 0 && pread(g->fresh, page, LEDGER_PAGE, at) == LEDGER_PAGE &&
           pwrite(g->to, page, LEDGER_PAGE, at) == LEDGER_PAGE;
}

/* The schema's other pages: children of page 1, one level deep (a deeper schema would be some hundred tables). */
static bool ledger_graft_children(struct ledger_graft *g)
{
    const uint8_t *tree = g->page + LEDGER_HEADER;
    uint8_t child[LEDGER_PAGE];
    if (tree[0] != LEDGER_INTERIOR)
        return true;
    bool ok = ledger_graft_page(g, ledger_get32(tree + 8), child);
    unsigned cells = (unsigned)tree[3] << 8 | tree[4];
    for (unsigned i = 0; i < cells && ok && LEDGER_HEADER + LEDGER_CELLS + 2 * i + 1 < LEDGER_PAGE; i++) {
        unsigned cell = (unsigned)tree[LEDGER_CELLS + 2 * i] << 8 | tree[LEDGER_CELLS + 2 * i + 1];
        ok = cell + 4 <= LEDGER_PAGE && ledger_graft_page(g, ledger_get32(g->page + cell), child);
    }
    return ok;
}

/* Page 1 with what is particular to the old file: its length, and no free pages that anyone could trust. */
static bool ledger_graft_first(struct ledger_graft *g, off_t size)
{
    if (pread(g->fresh, g->page, LEDGER_PAGE, 0) != LEDGER_PAGE ||
        ((unsigned)g->page[16] << 8 | g->page[17]) != LEDGER_PAGE)
        return false;
    ledger_put32(g->page + 28, (uint32_t)(size / LEDGER_PAGE));
    ledger_put32(g->page + 32, 0);
    ledger_put32(g->page + 36, 0);
    memcpy(g->page + 92, g->page + 24, 4);
    return pwrite(g->to, g->page, LEDGER_PAGE, 0) == LEDGER_PAGE;
}

static bool ledger_copy_path(const char *from, const char *to)
{
    int in = open(from, O_RDONLY | O_CLOEXEC), out = open(to, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    bool ok = in >= 0 && out >= 0 && ledger_copy_file(in, out);
    if (in >= 0)
        close(in);
    if (out >= 0)
        close(out);
    return ok;
}

/* What was committed last may be in the WAL alone. Its frames are checked by their sums, whatever the file says. */
static bool ledger_copy_wal(const char *path, const char *to)
{
    char from_wal[PATH_MAX], to_wal[PATH_MAX];
    if (snprintf(from_wal, sizeof from_wal, "%s-wal", path) >= PATH_MAX ||
        snprintf(to_wal, sizeof to_wal, "%s-wal", to) >= PATH_MAX)
        return false;
    return access(from_wal, F_OK) != 0 || ledger_copy_path(from_wal, to_wal);
}

enum err ledger_graft(const char *path, const char *fresh, const char *to, struct error *e)
{
    struct ledger_graft g = {.fresh = -1, .to = -1};
    bool ok = ledger_copy_path(path, to) && ledger_copy_wal(path, to);
    if (ok) {
        g.fresh = open(fresh, O_RDONLY | O_CLOEXEC);
        g.to = open(to, O_RDWR | O_CLOEXEC);
        off_t size = g.to < 0 ? 0 : lseek(g.to, 0, SEEK_END);
        ok = g.fresh >= 0 && size > LEDGER_PAGE && ledger_graft_first(&g, size) && ledger_graft_children(&g);
    }
    if (g.fresh >= 0)
        close(g.fresh);
    if (g.to >= 0)
        close(g.to);
    return ok ? ERR_NONE : error_set(e, ERR_CORRUPT, "%s: its schema cannot be made anew", path);
}
