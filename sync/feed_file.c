/* A sealed file has the same bytes for ever, so what has come of one stays good: the rest is asked for by Range. */
#include "sync/feed_file.h"

#include <stdio.h>
#include <string.h>

#include "sync/feed_apply.h"
#include "sync/feed_private.h"

static void feed_file_forget(struct feed *f)
{
    buf_clear(&f->part);
    f->part_path[0] = 0;
    f->part_past_caches = false;
}

/* What came joins what is here; false when it begins somewhere else. */
static bool feed_file_join(struct feed *f)
{
    const struct transport_answer *a = &f->answer;
    size_t at = a->status == 200 ? 0 : (size_t)a->at;
    if (at == 0)
        buf_clear(&f->part);
    if (at != f->part.len)
        return false;
    buf_add(&f->part, a->body.data, a->body.len);
    return !f->part.overflow;
}

/* The line broke. Asked again at once as long as it brings something. */
static enum err feed_file_broken(struct feed *f, enum err code)
{
    size_t had = f->part.len;
    if (f->answer.taken > 0 && !feed_file_join(f))
        buf_clear(&f->part);
    if (f->answer.stopped || f->answer.fault != FAULT_NET || f->part.len <= had)
        return feed_fail(f, f->answer.fault, code);
    f->fault = FAULT_NONE;
    return ERR_BUSY;
}

/* The answer is there: is it the file? ERR_CORRUPT, ERR_GONE: it may be so past caches. */
static enum err feed_file_judge(struct feed *f, const char *path, const char *hash, struct buf *out, struct error *e)
{
    int status = f->answer.status;
    if (status == 404 || status == 410)
        return feed_fail(f, FAULT_HUB, error_set(e, ERR_GONE, "%s: status %d", path, status));
    if (status == 416)
        return feed_fail(f, FAULT_SIGN, error_set(e, ERR_CORRUPT, "%s: more of it is here than there is", path));
    if (status != 200 && status != 206)
        return feed_refused(f, path, e);
    enum err code = feed_file_join(f) ? feed_unpack_named(out, &f->part, hash, e)
                                      : error_set(e, ERR_CORRUPT, "not the part that was asked for");
    if (!code)
        return ERR_NONE;
    error_prefix(e, "%s", path);
    return feed_fail(f, FAULT_SIGN, code);
}

static enum err feed_file_ask(struct feed *f, const char *path, struct error *e)
{
    const struct transport_request q = {.path = path,
                                        .max = WIRE_PAGE_MAX,
                                        .past_caches = f->part_past_caches,
                                        .from = (int64_t)f->part.len};
    enum err code = f->transport->send(f->transport, &q, &f->answer, e);
    f->retry_after_s = f->answer.retry_after_s;
    return code;
}

enum err feed_file_get(struct feed *f, enum wire_file what, int64_t n, const char *hash, struct buf *out,
                       struct error *e)
{
    char path[WIRE_PATH];
    wire_file_path(path, f->scope, f->head.epoch, what, n, hash);
    if (strcmp(path, f->part_path) != 0)
        feed_file_forget(f);
    snprintf(f->part_path, sizeof f->part_path, "%s", path);
    for (;;) {
        enum err code = feed_file_ask(f, path, e);
        if (code && code != ERR_TOO_BIG)
            return feed_file_broken(f, code);
        code = code ? feed_fail(f, f->answer.fault, code) : feed_file_judge(f, path, hash, out, e);
        if (code == ERR_NET)
            return code;
        if (!code || f->part_past_caches) {
            feed_file_forget(f);
            return code;
        }
        buf_clear(&f->part);
        f->part_past_caches = true;
    }
}

bool feed_file_goes_on(const struct feed *f, enum err code) { return code == ERR_BUSY && !f->answer.stopped; }
