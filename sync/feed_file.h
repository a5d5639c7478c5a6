/* Inside the pull: sealed files by name, fetched in as many pieces as the line makes of them. */
#ifndef SYNC_FEED_FILE_H
#define SYNC_FEED_FILE_H

#include "sync/feed.h"
#include "sync/wire_page.h"

/* Page or index n by its hash into out, checked. When it is not there or damaged, once more past caches. ERR_BUSY with
 * f->fault FAULT_NONE: the line broke, a part came and is kept; asked again, the rest is fetched. Any other failure is
 * the run's end, but ERR_GONE: nobody has it. */
enum err feed_file_get(struct feed *f, enum wire_file what, int64_t n, const char *hash, struct buf *out,
                       struct error *e) MUST_CHECK;
bool feed_file_goes_on(const struct feed *f, enum err code); /* that case of what it said */

#endif
