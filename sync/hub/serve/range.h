/* One range of bytes (RFC 9110, 14): what a client asks of a file that it has in part. */
#ifndef SYNC_HUB_SERVE_RANGE_H
#define SYNC_HUB_SERVE_RANGE_H

#include <stdint.h>

/* The answer's status: 200 (no range, one that cannot be read, several: the whole file; first 0, n size), 206 (n bytes
 * from first on), 416 (beyond the end). if_range: when it is given and not etag, the whole. range, if_range may be
 * NULL.
 */
int range_read(const char *range, const char *if_range, const char *etag, int64_t size, int64_t *first, int64_t *n);

#endif
