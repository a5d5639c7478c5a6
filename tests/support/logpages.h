/* The log of a hub as files: made-up content (fill.h) in whole pages, as they are served, and applied as a kiosk does. */
#ifndef TESTS_SUPPORT_LOGPAGES_H
#define TESTS_SUPPORT_LOGPAGES_H

#include "kiosk/store/replica_write.h"
#include "sync/wire_page.h"

struct logpages {
    const char *dir; /* borrowed; page N is the file DIR/page-N */
    int level;       /* of zstd */
    int64_t count, bytes, plain_bytes;
    struct buf page;
    char chain[WIRE_HEX + 1];
};

/* Die when they cannot. Whole pages only: what is left over is not in any. */
void logpages_make(struct logpages *p, const char *dir, int records, int level);
void logpages_done(struct logpages *p); /* removes the files */
/* Page n, unpacked, in the place of what bytes held. */
void logpages_read(const struct logpages *p, int64_t n, struct buf *bytes);
void logpages_apply(const struct logpages *p, struct replica_writer *w, int64_t n, struct replica_position *at);

#endif
