/* Items into the replica, one page or tail per transaction. */
#include "sync/feed_apply.h"

#include <inttypes.h>
#include <string.h>

#include "kiosk/base/log.h"
#include "sync/wire_zstd.h"

enum err feed_unpack_named(struct buf *out, const struct buf *packed, const char *hash, struct error *e)
{
    char found[WIRE_HEX + 1];
    buf_clear(out);
    enum err code = wire_unpack(out, packed->data, packed->len, e);
    if (!code) {
        wire_hash(found, out->data, out->len);
        if (strcmp(found, hash) == 0)
            return ERR_NONE;
        code = error_set(e, ERR_CORRUPT, "its bytes are not those of its name");
    }
    buf_clear(out);
    return ERR_CORRUPT;
}

/* One item. What breaks the format is counted; only the disk can fail. */
static enum err feed_apply_line(struct feed *f, const struct wire_line *line, int64_t last, struct error *e)
{
    struct wire_item it = {0};
    enum err code = ERR_NONE;
    if (wire_item_parse(&it, line->s, line->n, NULL) != ERR_NONE || it.seq > last) {
        f->bad++;
    } else if (it.seq > f->at.seq) {
        code = it.put ? replica_put(f->writer, it.kind, it.id, it.seq, it.d, &f->bad, e)
                      : replica_del(f->writer, it.id, it.seq, e);
        f->applied++;
    }
    wire_item_done(&it);
    return code;
}

enum err feed_apply(struct feed *f, const struct buf *bytes, size_t pos, int64_t last,
                    const struct replica_position *to, struct error *e)
{
    struct wire_line line;
    int bad = f->bad;
    enum err code = replica_begin(f->writer, e);
    while (!code && bytes && wire_next_line(bytes->data, bytes->len, &pos, &line))
        code = feed_apply_line(f, &line, last, e);
    if (!code)
        code = replica_commit(f->writer, to, e);
    if (code) {
        replica_abort(f->writer);
        return code;
    }
    if (f->bad > bad)
        log_line(LOG_WARN, "items-skipped", "count=%d up_to=%" PRId64, f->bad - bad, to->seq);
    f->at = *to;
    f->changed = f->changed || bytes;
    return ERR_NONE;
}
