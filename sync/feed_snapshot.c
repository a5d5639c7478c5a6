/* The two states of the pull that take a snapshot, and when they are entered. */
#include "sync/feed_private.h"

#include <inttypes.h>
#include <string.h>

#include "kiosk/base/log.h"

bool feed_snapshot_wanted(const struct feed *f)
{
    const struct wire_snapshot *s = &f->head.snapshot;
    return f->install && f->snapshot.dir && strcmp(s->hash, f->snapshot.refused) != 0 &&
           snapshot_is_worth(&f->head, &f->at) && snapshot_is_usable(s, f->snapshot.zone);
}

enum err feed_snapshot_begin(struct feed *f, struct error *e)
{
    struct wire_line body = {f->head_body.data, f->head_body.len};
    enum err code = snapshot_begin(&f->snapshot, &f->head, &body, f->head_sig, f->keys->doc.feed, e);
    if (code == ERR_FULL) {
        snapshot_refuse(&f->snapshot, e);
        return feed_choose(f, e);
    }
    f->state = FEED_SNAPSHOT;
    return code ? feed_fail(f, fault_of_store(code), code) : ERR_NONE;
}

enum err feed_snapshot_step(struct feed *f, struct error *e)
{
    enum snapshot_result result = snapshot_fetch(&f->snapshot, f->transport, &f->answer, e);
    f->retry_after_s = f->answer.retry_after_s;
    if (result == SNAPSHOT_COMPLETE)
        f->state = FEED_INSTALL;
    if (result == SNAPSHOT_GONE)
        return feed_restart(f, FAULT_HUB, error_set(e, ERR_GONE, "the snapshot is gone"));
    if (result == SNAPSHOT_REFUSED)
        return feed_choose(f, e);
    if (result == SNAPSHOT_FAILED)
        return f->answer.status ? feed_refused(f, f->snapshot.head.snapshot.path, e)
                                : feed_fail(f, f->answer.fault, e->code);
    return ERR_NONE;
}

/* A checked replica lies beside the old one: it takes its place now, unless the old one is shown until all is whole. */
static enum err feed_snapshot_install(struct feed *f, struct error *e)
{
    char path[4096];
    snapshot_path(&f->snapshot, path);
    enum err code = f->install(f->aside_context, path, f->is_aside, &f->writer, e);
    if (!code)
        code = replica_writer_position(f->writer, &f->at, e);
    if (code)
        return feed_fail(f, FAULT_DISK, code);
    log_line(LOG_INFO, "snapshot-taken", "epoch=%u seq=%" PRId64, f->at.epoch, f->at.seq);
    snapshot_drop(&f->snapshot);
    f->changed = true;
    return feed_choose(f, e);
}

enum err feed_snapshot_install_step(struct feed *f, struct error *e)
{
    switch (snapshot_prepare(&f->snapshot, e)) {
    case SNAPSHOT_WORKING:
        f->working = true;
        return ERR_NONE;
    case SNAPSHOT_READY:
        return feed_snapshot_install(f, e);
    case SNAPSHOT_MORE:
        f->state = FEED_SNAPSHOT;
        return ERR_NONE;
    case SNAPSHOT_REFUSED:
        return feed_choose(f, e);
    default:
        return feed_fail(f, FAULT_DISK, e->code);
    }
}
