/* What the hub publishes, ready to be sent: the signed head, sealed files kept in memory, tails, and the RPDE view for
 * others (https://developer.openactive.io/publishing-data/data-feeds/how-a-data-feed-works). */
#ifndef SYNC_HUB_SERVE_VIEW_H
#define SYNC_HUB_SERVE_VIEW_H

#include "sync/hub/serve/blob.h"
#include "sync/hub/hub.h"
#include "sync/hub/keys.h"
#include "sync/hub/serve/safety.h"

enum { VIEW_FILES = 128, VIEW_HEAD_SECONDS = 3600, VIEW_RPDE_MAX = 500, VIEW_LOOK_MS = 20 };

struct view_file {
    enum wire_file what;
    int64_t n;
    char hash[WIRE_HEX + 1];
    struct blob *blob; /* NULL: an empty place */
};

struct view {
    struct hub *hub;
    const struct keys *keys;
    struct safety safety;
    bool stale;        /* this process changed something since the head was made: set by whoever did */
    int64_t version;   /* sql_data_version when it was made */
    int64_t looked_ms; /* monotonic: when it was last asked for; asking costs two file locks */
    int look_every_ms; /* VIEW_LOOK_MS; 0: for every head, in tests */
    struct wire_head head;
    struct blob *body;   /* of the head, NULL before the first */
    struct blob *packed; /* the same packed */
    char sig[WIRE_SIG + 1];
    char etag[WIRE_HASH16 + 3];
    int64_t made_at; /* Unix seconds */
    struct view_file files[VIEW_FILES];
    int next; /* place that is used next */
};

void view_init(struct view *v, struct hub *h, const struct keys *k);
void view_done(struct view *v);
/* Makes v->body, v->sig and v->etag fresh; seals a page or two when some are complete. */
enum err view_head(struct view *v, struct error *e) MUST_CHECK;
/* A sealed file by its name's parts. ERR_NOT_FOUND for any other name, ERR_GONE below min_page. The caller drops *out.
 */
enum err view_file_get(struct view *v, enum wire_file what, int64_t n, const char *hash16, struct blob **out,
                       struct error *e) MUST_CHECK;
/* Changes after `after`, compressed, and their signature. ERR_NOT_FOUND past the end. */
enum err view_tail(struct view *v, int64_t after, struct blob **out, char sig[WIRE_SIG + 1],
                   struct error *e) MUST_CHECK;
/* One RPDE page of a kind: each record once, at its newest change. base: "https://hub.example" or "". */
enum err view_rpde(struct view *v, const char *kind, int64_t after, int64_t limit, const char *base, struct buf *out,
                   struct error *e) MUST_CHECK;

#endif
