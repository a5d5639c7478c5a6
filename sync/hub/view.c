/* Heads, files and tails. A head is signed when something changed, not when somebody asks. */
#include "sync/hub/view.h"

#include <stdio.h>
#include <string.h>

#include "sync/hub/feed.h"
#include "sync/hub/intake.h"
#include "sync/hub/snapshot.h"
#include "sync/wire_zstd.h"

enum { VIEW_SEAL = 2 };

void view_init(struct view *v, struct hub *h, const struct keys *k)
{
    *v = (struct view){.hub = h, .keys = k, .stale = true, .look_every_ms = VIEW_LOOK_MS};
}

void view_done(struct view *v)
{
    blob_drop(v->body);
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
}

static void view_make_head(struct view *v, const struct wire_head *h)
{
    struct buf body;
    char hash[WIRE_HEX + 1];
    v->head = *h;
    v->made_at = hub_now(v->hub);
    instant_format_utc(v->made_at, v->head.time);
    buf_init(&body, WIRE_SMALL_MAX);
    wire_head_write(&v->head, &body);
    wire_sign(v->sig, WIRE_DOMAIN_HEAD, NULL, body.data, body.len, v->keys->feed);
    wire_hash(hash, body.data, body.len);
    snprintf(v->etag, sizeof v->etag, "\"%.16s\"", hash);
    blob_drop(v->body);
    v->body = blob_take(&body);
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

enum err view_head(struct view *v, struct error *e)
{
    int64_t age = hub_now(v->hub) - v->made_at;
    bool old = !v->body || age >= VIEW_HEAD_SECONDS || age < 0;
    v->stale = view_others_wrote(v) || v->stale;
    if (!v->stale && !old)
        return ERR_NONE;
    struct wire_head h;
    int left = 0;
    enum err err = feed_seal(v->hub->db, VIEW_SEAL, &left, e);
    if (err)
        return err;
    view_fill_head(v, &h);
    if (old || memcmp(&h, &v->head, sizeof h) != 0)
        view_make_head(v, &h);
    v->stale = left > 0;
    return ERR_NONE;
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
    struct wire_tail t = {.after = after, .epoch = hub_meta_int(v->hub->db, "epoch", 1), .last = feed_seq(v->hub->db)};
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
