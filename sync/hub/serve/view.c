/* Heads, files and tails. A head is signed when something changed, not when somebody asks. */
#include "sync/hub/serve/view.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sync/hub/feed.h"
#include "sync/hub/feed_stage.h"
#include "sync/hub/serve/intake.h"
#include "sync/hub/serve/snapshot.h"
#include "sync/wire_zstd.h"
#include "sync/wire_proof.h"

enum { VIEW_SEAL = 2, VIEW_NUMBER = 500 };

void view_init(struct view *v, struct hub *h, const struct keys *k)
{
    *v = (struct view){.hub = h, .keys = k, .stale = true, .look_every_ms = VIEW_LOOK_MS};
}

void view_done(struct view *v)
{
    blob_drop(v->body);
    blob_drop(v->packed);
    for (int i = 0; i < VIEW_FILES; i++)
        blob_drop(v->files[i].blob);
    *v = (struct view){0};
}

/* ---- head */

static void view_fill_head(struct view *v, struct wire_head *h)
{
    struct sql *db = v->hub->db;
    *h = (struct wire_head){.scope = "all", .per = WIRE_PER, .keys = v->keys->doc.n};
    h->epoch = hub_meta_int(db, "epoch", 1);
    h->seq = feed_seq(db);
    h->sealed = feed_sealed(db, h->chain);
    h->min_page = hub_meta_int(db, "min_page", 1);
    h->index_n = feed_index(db, h->index_hash);
    if (h->index_n < 0)
        h->index_hash[0] = '\0';
    h->safe_opseq = intake_safe_opseq(db);
    snapshot_newest(v->hub, h->epoch, &h->snapshot);
    hub_meta_str(db, "min_client", "0.1", h->min_client, sizeof h->min_client);
    memcpy(h->time, v->head.time, sizeof h->time);
    memcpy(h->mark, v->head.mark, sizeof h->mark);
}

static void view_make_head(struct view *v, const struct wire_head *h, int64_t at)
{
    struct buf body, packed;
    char hash[WIRE_HEX + 1];
    v->head = *h;
    v->made_at = at;
    instant_format_utc(v->made_at, v->head.time);
    wire_proof_mark(&v->head, v->keys->feed);
    buf_init(&body, WIRE_SMALL_MAX);
    wire_head_write(&v->head, &body);
    wire_sign(v->sig, WIRE_DOMAIN_HEAD, NULL, body.data, body.len, v->keys->feed);
    wire_hash(hash, body.data, body.len);
    snprintf(v->etag, sizeof v->etag, "\"%.16s\"", hash);
    buf_init(&packed, WIRE_SMALL_MAX);
    if (wire_pack(&packed, body.data, body.len, WIRE_LEVEL_TAIL, NULL))
        die("a head cannot be packed");
    blob_drop(v->body);
    blob_drop(v->packed);
    v->packed = blob_take(&packed);
    v->body = blob_take(&body);
    buf_done(&packed);
    buf_done(&body);
}

/* Whether another process committed something since the last look. */
static bool view_others_wrote(struct view *v)
{
    int64_t now = clock_mono_ms(&v->hub->clock);
    if (now - v->looked_ms < v->look_every_ms)
        return false;
    v->looked_ms = now;
    int64_t version = sql_data_version(v->hub->db);
    bool wrote = version != v->version;
    v->version = version;
    return wrote;
}

/* A head that says the same has the same time whichever hub makes it, and so the same bytes and name: who asks one hub
 * after another hears "unchanged". The first to say something new sets its time. */
static enum err view_store_time(struct sql *db, const char *hash, int64_t *at, struct error *e)
{
    struct sql_stmt *st = sql_get(db, "SELECT value FROM meta WHERE name = 'head' /*pg FOR UPDATE */");
    bool row = false;
    char value[WIRE_HEX + 32] = "";
    enum err err = sql_step(st, &row, e);
    if (!err && row)
        snprintf(value, sizeof value, "%s", sql_text(st, 0));
    sql_reset(st);
    if (strncmp(value, hash, WIRE_HEX) == 0) {
        int64_t before = strtoll(value + WIRE_HEX, NULL, 10);
        if (before <= *at && *at - before < VIEW_HEAD_SECONDS) {
            *at = before;
            return err;
        }
    }
    snprintf(value, sizeof value, "%s %lld", hash, (long long)*at);
    return err ? err : hub_meta_set(db, "head", value, e);
}

static enum err view_agree_on_time(struct view *v, const struct wire_head *h, int64_t *at, struct error *e)
{
    struct wire_head timeless = *h;
    struct buf body;
    char hash[WIRE_HEX + 1];
    if (!sql_is_shared(v->hub->db))
        return ERR_NONE;
    instant_format_utc(0, timeless.time);
    buf_init(&body, WIRE_SMALL_MAX);
    wire_head_write(&timeless, &body);
    wire_hash(hash, body.data, body.len);
    buf_done(&body);
    enum err err = sql_begin(v->hub->db, e);
    if (!err)
        err = view_store_time(v->hub->db, hash, at, e);
    if (!err)
        err = sql_commit(v->hub->db, e);
    if (err)
        sql_rollback(v->hub->db);
    return err;
}

/* All of it as of one moment, and all of it read: a head is not made of what could not be. */
static enum err view_read_head(struct view *v, struct wire_head *h, struct error *e)
{
    enum err err = sql_begin_view(v->hub->db, e);
    if (err)
        return err;
    view_fill_head(v, h);
    err = sql_commit(v->hub->db, e);
    if (err)
        sql_rollback(v->hub->db);
    return err;
}

enum err view_head(struct view *v, struct error *e)
{
    int64_t age = hub_now(v->hub) - v->made_at;
    bool old = !v->body || age >= VIEW_HEAD_SECONDS || age < 0;
    v->stale = view_others_wrote(v) || v->stale;
    if (!v->stale && !old)
        return ERR_NONE;
    struct wire_head h;
    int left = 0;
    bool more = false;
    int64_t at = hub_now(v->hub);
    enum err err = feed_number(v->hub->db, VIEW_NUMBER, &more, e);
    if (!err)
        err = feed_seal(v->hub->db, VIEW_SEAL, &left, e);
    if (!err)
        err = safety_follow(&v->safety, v->hub->db, e);
    if (!err)
        err = view_read_head(v, &h, e);
    if (err)
        return err;
    if (old || memcmp(&h, &v->head, sizeof h) != 0) {
        err = view_agree_on_time(v, &h, &at, e);
        if (!err)
            view_make_head(v, &h, at);
    }
    v->stale = err || left > 0 || more || v->safety.opseq > 0;
    return err;
}

/* ---- files */

static struct blob *view_find(const struct view *v, enum wire_file what, int64_t n, const char *hash16)
{
    for (int i = 0; i < VIEW_FILES; i++) {
        const struct view_file *f = &v->files[i];
        if (f->blob && f->what == what && f->n == n && memcmp(f->hash, hash16, WIRE_HASH16) == 0)
            return f->blob;
    }
    return NULL;
}

static struct blob *view_load(struct view *v, enum wire_file what, int64_t n, const char *hash16, struct error *e)
{
    struct sql_stmt *st = sql_get(
        v->hub->db, "SELECT hash, zst FROM page WHERE what = :what AND n = :n AND substr(hash, 1, 16) = :hash16");
    bool row = false;
    size_t size = 0;
    struct view_file *f = &v->files[v->next];
    sql_bind_text(st, ":what", what == WIRE_PAGE ? "page" : "index");
    sql_bind_int(st, ":n", n);
    sql_bind_text(st, ":hash16", hash16);
    if (sql_step(st, &row, e) || !row)
        return NULL;
    blob_drop(f->blob);
    *f = (struct view_file){.what = what, .n = n};
    snprintf(f->hash, sizeof f->hash, "%s", sql_text(st, 0));
    const void *bytes = sql_blob(st, 1, &size);
    f->blob = blob_copy(bytes, size);
    sql_reset(st);
    v->next = (v->next + 1) % VIEW_FILES;
    return f->blob;
}

enum err view_file_get(struct view *v, enum wire_file what, int64_t n, const char *hash16, struct blob **out,
                       struct error *e)
{
    if (what == WIRE_PAGE && n < v->head.min_page)
        return error_set(e, ERR_GONE, "page %lld is no longer kept", (long long)n);
    struct blob *found = view_find(v, what, n, hash16);
    if (!found)
        found = view_load(v, what, n, hash16, e);
    if (!found)
        return error_set(e, ERR_NOT_FOUND, "no such file");
    *out = blob_hold(found);
    return ERR_NONE;
}

/* ---- tails */

enum err view_tail(struct view *v, int64_t after, struct blob **out, char sig[WIRE_SIG + 1], struct error *e)
{
    struct wire_tail t = {.after = after, .epoch = v->head.epoch, .last = feed_seq(v->hub->db)};
    char path[WIRE_PATH];
    struct buf bytes, packed;
    if (after < 0 || after > t.last)
        return error_set(e, ERR_NOT_FOUND, "past the end");
    if (t.last > after + WIRE_PER)
        t.last = after + WIRE_PER;
    buf_init(&bytes, WIRE_PAGE_MAX);
    buf_init(&packed, WIRE_PAGE_MAX);
    wire_tail_write(&t, &bytes);
    enum err err = feed_lines(v->hub->db, after + 1, t.last, &bytes, e);
    if (!err)
        err = wire_pack(&packed, bytes.data, bytes.len, WIRE_LEVEL_TAIL, e);
    if (!err) {
        wire_tail_path(path, "all", t.epoch, after);
        wire_sign(sig, WIRE_DOMAIN_TAIL, path, packed.data, packed.len, v->keys->feed);
        *out = blob_take(&packed);
    }
    buf_done(&packed);
    buf_done(&bytes);
    return err;
}
