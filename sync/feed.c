/* The pull's states. What belongs to bytes and the replica is in feed_apply.c, what belongs to snapshots in
 * feed_snapshot.c. */
#include "sync/feed.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "kiosk/base/date.h"
#include "kiosk/base/log.h"
#include "sync/feed_apply.h"
#include "sync/feed_file.h"
#include "sync/feed_private.h"
#include "sync/wire_zstd.h"
#include "sync/wire_proof.h"

enum { FEED_RESETS = 2, FEED_RESTARTS = 2, FEED_INDEX_WALK = 1000 };

enum err feed_fail(struct feed *f, enum fault fault, enum err code)
{
    f->fault = fault;
    return code;
}

/* A question; the answer may have any status. */
static enum err feed_ask(struct feed *f, const char *path, size_t max, bool past_caches, struct error *e)
{
    struct transport_request q = {
        .path = path, .max = max, .past_caches = past_caches, .packed = f->state == FEED_HEAD};
    if (f->state == FEED_HEAD && !past_caches && f->etag[0])
        q.etag = f->etag;
    enum err code = f->transport->send(f->transport, &q, &f->answer, e);
    f->retry_after_s = f->answer.retry_after_s;
    return code ? feed_fail(f, f->answer.fault, code) : ERR_NONE;
}

/* What a status that was not hoped for means. */
enum err feed_refused(struct feed *f, const char *path, struct error *e)
{
    int status = f->answer.status;
    enum fault fault = status == 429 || status == 503   ? FAULT_BUSY
                       : status == 426                  ? FAULT_OLD
                       : status == 401 || status == 403 ? FAULT_REFUSED
                                                        : FAULT_HUB;
    return feed_fail(f, fault, error_set(e, ERR_NET, "%s: status %d", path, status));
}

static bool feed_is_behind(const struct feed *f) { return f->at.page < f->head.sealed || f->at.seq < f->head.seq; }

/* The end of a run: everything up to the head is in the replica, so its mark may be kept. */
static enum err feed_finish(struct feed *f, const char *etag, struct error *e)
{
    int64_t at = clock_wall_ms(f->clock) / 1000;
    if (f->carried && instant_parse(f->head.time, &at) && at < replica_writer_checked_at(f->writer))
        at = replica_writer_checked_at(f->writer);
    enum err code = replica_set_checked(f->writer, at, etag, e);
    if (code)
        return feed_fail(f, fault_of_store(code), code);
    /* What an earlier run began to fetch was overtaken by the pages. */
    snapshot_drop(&f->snapshot);
    f->state = FEED_DONE;
    return ERR_NONE;
}

enum err feed_choose(struct feed *f, struct error *e)
{
    if (!feed_is_behind(f))
        return feed_finish(f, f->etag, e);
    if (feed_snapshot_wanted(f))
        return feed_snapshot_begin(f, e);
    if (f->at.page >= f->head.sealed) {
        f->state = FEED_TAIL;
        return ERR_NONE;
    }
    if (f->index->count > 0 && f->index->n == f->at.page / WIRE_INDEX_PAGES &&
        f->at.page % WIRE_INDEX_PAGES < f->index->count) {
        f->state = FEED_PAGE;
        return ERR_NONE;
    }
    f->state = FEED_INDEX;
    f->walk_n = f->head.index_n;
    memcpy(f->walk_hash, f->head.index_hash, sizeof f->walk_hash);
    return ERR_NONE;
}

static enum err feed_reset(struct feed *f, struct error *e)
{
    enum err code = replica_reset(f->writer, f->scope, (uint32_t)f->head.epoch, e);
    return code ? code : replica_writer_position(f->writer, &f->at, e);
}

/* Goes over to a replica beside the old one. What an earlier run built there is gone on with. */
static enum err feed_go_aside(struct feed *f, struct error *e)
{
    enum err code = f->aside(f->aside_context, &f->writer, e);
    if (!code)
        code = replica_writer_position(f->writer, &f->at, e);
    f->is_aside = !code;
    if (code || (strcmp(f->at.scope, f->scope) == 0 && f->at.epoch == f->head.epoch && f->at.seq <= f->head.seq))
        return code;
    return feed_reset(f, e);
}

static enum err feed_empty(struct feed *f, struct error *e)
{
    bool aside = f->aside && !f->is_aside && f->at.seq > 0;
    enum err code = aside ? feed_go_aside(f, e) : feed_reset(f, e);
    if (code)
        return feed_fail(f, fault_of_store(code), code);
    f->changed = true;
    return ERR_NONE;
}

/* Signed history leaves what the replica was built from: it is built anew. */
static enum err feed_anew(struct feed *f, const char *why, struct error *e)
{
    if (f->resets++ >= FEED_RESETS)
        return feed_fail(f, FAULT_SIGN,
                         error_set(e, ERR_CORRUPT, "the hub's pages do not follow one another: %s", why));
    log_line(LOG_WARN, "replica-anew", "why=%s epoch=%" PRId64, why, f->head.epoch);
    enum err code = feed_empty(f, e);
    return code ? code : feed_choose(f, e);
}

/* Asks for the head again, past caches: what it named is not there (any more), or it was not fit. */
enum err feed_restart(struct feed *f, enum fault fault, enum err code)
{
    if (f->restarts++ >= FEED_RESTARTS)
        return feed_fail(f, fault, code);
    f->state = FEED_HEAD;
    f->past_caches = true;
    f->index->count = 0;
    return ERR_NONE;
}

/* ---- head */
static void feed_learn_time(struct feed *f)
{
    int64_t at;
    if (!instant_parse(f->head.time, &at))
        return;
    /* It was later than that when the stick was written, and how much later is unknown. */
    if (f->carried && clock_wall_ms(f->clock) < at * 1000) {
        clock_learn(f->clock, at * 1000);
        f->clock->quality = CLOCK_SUSPECT;
    }
    if (f->carried)
        return;
    if (f->clock->quality != CLOCK_OK || clock_wall_ms(f->clock) < at * 1000)
        clock_learn(f->clock, at * 1000);
}

/* Below min_page nothing is served any more: the snapshot, or where there is none an empty replica that begins there.
 */
static enum err feed_skip_to_min_page(struct feed *f, struct error *e)
{
    if (f->head.min_page <= f->at.page + 1 || f->head.sealed < f->head.min_page || feed_snapshot_wanted(f))
        return ERR_NONE;
    if (f->head.snapshot.path[0])
        return feed_fail(f, FAULT_OLD,
                         error_set(e, ERR_STATE, "pages below %" PRId64 " are gone, and the snapshot is of no use here",
                                   f->head.min_page));
    if (f->at.seq > 0) {
        enum err code = feed_empty(f, e);
        if (code || f->head.min_page <= f->at.page + 1)
            return code;
    }
    f->at.page = f->head.min_page - 1;
    f->at.seq = f->at.page * f->head.per;
    f->at.chain[0] = 0; /* unknown: the index alone names the first page */
    return ERR_NONE;
}

static enum err feed_head_position(struct feed *f, struct error *e)
{
    bool stale = f->head.epoch < f->at.epoch || (f->head.epoch == f->at.epoch && f->head.seq < f->at.seq);
    if (strcmp(f->at.scope, f->scope) == 0 && stale) {
        enum err code = error_set(e, ERR_CONFLICT, "the head is at %" PRId64 "/%" PRId64 ", this kiosk at %u/%" PRId64,
                                  f->head.epoch, f->head.seq, f->at.epoch, f->at.seq);
        return f->past_caches ? feed_fail(f, FAULT_STALE, code) : feed_restart(f, FAULT_STALE, code);
    }
    if (strcmp(f->at.scope, f->scope) != 0 || f->head.epoch > f->at.epoch) {
        enum err code = feed_empty(f, e);
        if (code)
            return code;
    }
    enum err code = feed_skip_to_min_page(f, e);
    return code ? code : feed_choose(f, e);
}

/* What the head says of the hub is kept, to be shown to a hub that has forgotten it. Older ones teach nothing. */
static enum err feed_keep_mark(struct feed *f, struct error *e)
{
    char mark[WIRE_PROOF + 1];
    bool older = f->head.epoch < f->at.epoch || (f->head.epoch == f->at.epoch && f->head.seq < f->at.seq);
    if (!f->ledger || older)
        return ERR_NONE;
    wire_proof_of_head(mark, &f->head);
    return ledger_set_mark(f->ledger, mark, e);
}

/* A head whose signature holds: may it be followed? */
static enum err feed_head_accept(struct feed *f, struct error *e)
{
    if (strcmp(f->head.scope, f->scope) != 0)
        return feed_fail(f, FAULT_HUB, error_set(e, ERR_INVALID, "a head of another scope"));
    if (wire_version_compare(f->head.min_client, SOSEDI_VERSION) > 0)
        return feed_fail(f, FAULT_OLD, error_set(e, ERR_STATE, "the hub wants version %s", f->head.min_client));
    feed_learn_time(f);
    enum err code = f->ledger ? ledger_set_safe(f->ledger, f->head.epoch, f->head.safe_opseq, e) : ERR_NONE;
    if (!code)
        code = feed_keep_mark(f, e);
    if (code)
        return feed_fail(f, fault_of_store(code), code);
    memcpy(f->etag, f->answer.etag, sizeof f->etag);
    buf_clear(&f->head_body);
    buf_add(&f->head_body, f->answer.body.data, f->answer.body.len);
    memcpy(f->head_sig, f->answer.signature, WIRE_SIG);
    f->head_sig[WIRE_SIG] = '\0';
    return feed_head_position(f, e);
}

static enum err feed_step_head(struct feed *f, struct error *e)
{
    char path[WIRE_PATH];
    wire_head_path(path, f->scope);
    enum err code = feed_ask(f, path, WIRE_SMALL_MAX, f->past_caches, e);
    if (code)
        return code;
    if (f->answer.status == 304 && f->etag[0] && !f->past_caches)
        return feed_finish(f, f->etag, e);
    if (f->answer.status != 200)
        return feed_refused(f, path, e);
    const struct buf *body = &f->answer.body;
    code = wire_head_parse(&f->head, body->data, body->len, e);
    if (code)
        return feed_fail(f, FAULT_HUB, code);
    if (f->head.keys > f->keys->doc.n && !f->keys_tried) {
        f->state = FEED_KEYS;
        return ERR_NONE;
    }
    if (!wire_keys_verify(&f->keys->doc, f->answer.signature, WIRE_DOMAIN_HEAD, NULL,
                          &(struct wire_line){body->data, body->len})) {
        code = error_set(e, ERR_DENIED, "the head is not signed by the hub's feed key");
        return f->past_caches ? feed_fail(f, FAULT_SIGN, code) : feed_restart(f, FAULT_SIGN, code);
    }
    return feed_head_accept(f, e);
}

/* ---- keys */
static enum err feed_step_keys(struct feed *f, struct error *e)
{
    enum err code = keyring_fetch_next(f->keys, f->transport, &f->answer, f->ledger, e);
    if (code == ERR_NONE && f->keys->doc.n < f->head.keys)
        return ERR_NONE;
    if (code && (code != ERR_NOT_FOUND || f->keys->doc.n == 0))
        return feed_fail(f, f->answer.fault ? f->answer.fault : FAULT_SIGN, code);
    /* What the head claims of keys is believed only after its signature; asked again, it is checked with the newest. */
    f->keys_tried = f->head.keys > 0;
    f->state = FEED_HEAD;
    f->etag[0] = 0;
    return ERR_NONE;
}

/* ---- index and pages */
static enum err feed_step_index(struct feed *f, struct error *e)
{
    int64_t want = f->at.page / WIRE_INDEX_PAGES;
    if (f->walk_n < want || f->walk_n - want > FEED_INDEX_WALK)
        return feed_fail(f, FAULT_HUB,
                         error_set(e, ERR_INVALID, "the head names no index for page %" PRId64, f->at.page + 1));
    struct buf bytes;
    buf_init(&bytes, WIRE_PAGE_MAX);
    enum err code = feed_file_get(f, WIRE_INDEX, f->walk_n, f->walk_hash, &bytes, e);
    if (feed_file_goes_on(f, code)) {
        code = ERR_NONE;
    } else if (code == ERR_GONE) {
        code = feed_restart(f, FAULT_HUB, code);
    } else if (!code) {
        code = wire_index_parse(f->index, bytes.data, bytes.len, e);
        if (code || f->index->n != f->walk_n ||
            (f->index->n == want && f->at.page % WIRE_INDEX_PAGES >= f->index->count)) {
            f->index->count = 0;
            code = feed_fail(f, FAULT_HUB,
                             error_set(e, ERR_INVALID, "index %" PRId64 " is not what the head says", f->walk_n));
        } else if (f->index->n == want) {
            f->state = FEED_PAGE;
        } else {
            f->walk_n--;
            memcpy(f->walk_hash, f->index->prev, sizeof f->walk_hash);
            f->index->count = 0;
        }
    }
    buf_done(&bytes);
    return code;
}

/* A page whose changes all came with tails: its hash is known from the index, there is nothing to fetch. */
static enum err feed_pass_page(struct feed *f, const char *hash, struct error *e)
{
    struct replica_position to = f->at;
    to.page++;
    snprintf(to.chain, sizeof to.chain, "%s", hash);
    enum err code = feed_apply(f, NULL, 0, 0, &to, e);
    return code ? feed_fail(f, fault_of_store(code), code) : feed_choose(f, e);
}

static enum err feed_take_page(struct feed *f, const struct buf *bytes, const char *hash, struct error *e)
{
    struct wire_page page;
    size_t pos = 0;
    int64_t p = f->at.page + 1;
    enum err code = wire_page_parse(&page, bytes->data, bytes->len, &pos, e);
    if (code || page.page != p || page.first != f->at.page * f->head.per + 1 || page.last != p * f->head.per)
        return feed_fail(f, FAULT_HUB, error_set(e, ERR_INVALID, "page %" PRId64 " is another one", p));
    if (f->at.chain[0] && strcmp(page.prev, f->at.chain) != 0)
        return feed_anew(f, "chain", e);
    struct replica_position to = f->at;
    to.page = p;
    to.seq = to.seq > page.last ? to.seq : page.last;
    snprintf(to.chain, sizeof to.chain, "%s", hash);
    code = feed_apply(f, bytes, pos, page.last, &to, e);
    return code ? feed_fail(f, fault_of_store(code), code) : feed_choose(f, e);
}

static enum err feed_step_page(struct feed *f, struct error *e)
{
    const char *hash = f->index->hash[f->at.page % WIRE_INDEX_PAGES];
    if (f->at.seq >= (f->at.page + 1) * f->head.per && f->at.chain[0])
        return feed_pass_page(f, hash, e);
    struct buf bytes;
    buf_init(&bytes, WIRE_PAGE_MAX);
    enum err code = feed_file_get(f, WIRE_PAGE, f->at.page + 1, hash, &bytes, e);
    if (feed_file_goes_on(f, code))
        code = ERR_NONE;
    else if (code == ERR_GONE)
        code = feed_restart(f, FAULT_HUB, code);
    else if (!code)
        code = feed_take_page(f, &bytes, hash, e);
    buf_done(&bytes);
    return code;
}

/* ---- tail */
/* A stick holds the one tail that begins where the pages end. */
static int64_t feed_tail_after(const struct feed *f) { return f->carried ? f->head.sealed * f->head.per : f->at.seq; }

static enum err feed_take_tail(struct feed *f, const struct buf *bytes, struct error *e)
{
    struct wire_tail tail;
    size_t pos = 0;
    enum err code = wire_tail_parse(&tail, bytes->data, bytes->len, &pos, e);
    if (code)
        return feed_fail(f, FAULT_HUB, code);
    if (tail.after != feed_tail_after(f) || tail.last <= f->at.seq || tail.epoch != f->head.epoch ||
        tail.last <= tail.after)
        return feed_fail(f, FAULT_STALE,
                         error_set(e, ERR_CONFLICT, "the tail after %" PRId64 " brings nothing", f->at.seq));
    struct replica_position to = f->at;
    to.seq = tail.last;
    code = feed_apply(f, bytes, pos, tail.last, &to, e);
    return code ? feed_fail(f, fault_of_store(code), code) : feed_choose(f, e);
}

static enum err feed_step_tail(struct feed *f, struct error *e)
{
    char path[WIRE_PATH];
    struct buf bytes;
    const struct buf *body = &f->answer.body;
    wire_tail_path(path, f->scope, f->head.epoch, feed_tail_after(f));
    enum err code = feed_ask(f, path, WIRE_PAGE_MAX, false, e);
    if (code)
        return code;
    /* Sealed in the meantime, or restored: the head knows. */
    if (f->answer.status == 404 || f->answer.status == 410)
        return feed_restart(f, FAULT_HUB, error_set(e, ERR_GONE, "%s: status %d", path, f->answer.status));
    if (f->answer.status != 200)
        return feed_refused(f, path, e);
    if (!wire_keys_verify(&f->keys->doc, f->answer.signature, WIRE_DOMAIN_TAIL, path,
                          &(struct wire_line){body->data, body->len}))
        return feed_fail(f, FAULT_SIGN, error_set(e, ERR_DENIED, "%s: not signed by the hub's feed key", path));
    buf_init(&bytes, WIRE_PAGE_MAX);
    code = wire_unpack(&bytes, body->data, body->len, e);
    code = code ? feed_fail(f, FAULT_SIGN, code) : feed_take_tail(f, &bytes, e);
    buf_done(&bytes);
    return code;
}

static enum err (*const feed_steps[])(struct feed *f, struct error *e) = {
    [FEED_HEAD] = feed_step_head,         [FEED_KEYS] = feed_step_keys,
    [FEED_SNAPSHOT] = feed_snapshot_step, [FEED_INSTALL] = feed_snapshot_install_step,
    [FEED_INDEX] = feed_step_index,       [FEED_PAGE] = feed_step_page,
    [FEED_TAIL] = feed_step_tail,
};

enum err feed_step(struct feed *f, struct error *e)
{
    f->working = false;
    return f->state == FEED_DONE ? ERR_NONE : feed_steps[f->state](f, e);
}

void feed_init(struct feed *f, struct transport *t, struct ledger *l, struct keyring *k, struct clock *c,
               const char *scope)
{
    *f = (struct feed){.transport = t, .ledger = l, .keys = k, .clock = c, .state = FEED_DONE};
    snprintf(f->scope, sizeof f->scope, "%s", scope);
    f->index = mem_new(1, sizeof *f->index);
    buf_init(&f->head_body, WIRE_SMALL_MAX);
    buf_init(&f->part, WIRE_PAGE_MAX);
    transport_answer_init(&f->answer);
}

void feed_done(struct feed *f)
{
    free(f->index);
    f->index = NULL;
    snapshot_done(&f->snapshot);
    buf_done(&f->head_body);
    buf_done(&f->part);
    transport_answer_done(&f->answer);
}

enum err feed_begin(struct feed *f, struct replica_writer *w, struct error *e)
{
    f->writer = w;
    f->head = (struct wire_head){0};
    f->past_caches = f->keys_tried = f->is_aside = f->changed = false;
    f->resets = f->restarts = f->applied = f->bad = 0;
    f->fault = FAULT_NONE;
    f->retry_after_s = -1;
    f->index->count = 0;
    f->snapshot.on = false;
    enum err code = replica_writer_position(w, &f->at, e);
    if (!code)
        code = replica_get_etag(w, f->etag, e);
    if (code)
        return feed_fail(f, fault_of_store(code), code);
    /* Without a key nothing can be checked, so that comes first. */
    f->state = f->keys->doc.n > 0 ? FEED_HEAD : FEED_KEYS;
    return ERR_NONE;
}
