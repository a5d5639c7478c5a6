/* What the hub publishes, onto a stick. */
#include "sync/hub/serve/bundle.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "sync/hub/feed.h"
#include "sync/hub/serve/roll.h"
#include "sync/hub/serve/snapshot.h"
#include "sync/stick_part.h"

enum { BUNDLE_SEAL = 20, BUNDLE_TRIES = 3 };

struct bundle_writer {
    struct view view;
    struct stick stick;
    struct stick_manifest files, before;
    struct bundle_out *o;
    int64_t first_page;
};

/* A blob under the name of its URL, and its signature beside it when there is one. */
static enum err bundle_put(struct bundle_writer *w, const char *path, const struct blob *b, const char *sig,
                           const char *what, struct error *e)
{
    char name[STICK_NAME], beside[STICK_NAME + 4];
    struct buf text, bytes = {.data = b->bytes, .len = b->n, .max = b->n};
    if (!stick_name_of_url(name, path) || strlen(name) + 4 >= STICK_NAME)
        return error_set(e, ERR_INVALID, "%s: no name for a file", path);
    enum err err = stick_part_write(&w->stick, &w->files, name, &bytes, what, e);
    if (err || !sig)
        return err;
    snprintf(beside, sizeof beside, "%s.sig", name);
    buf_init(&text, WIRE_SIG + 1);
    buf_addf(&text, "%s\n", sig);
    err = stick_part_write(&w->stick, &w->files, beside, &text, "its signature", e);
    buf_done(&text);
    return err;
}

static enum err bundle_put_keys(struct bundle_writer *w, struct error *e)
{
    enum err err = ERR_NONE;
    for (int64_t n = 1; n <= w->view.keys->doc.n && !err; n++) {
        char path[WIRE_PATH], sig[WIRE_SIG + 1];
        struct buf body;
        buf_init(&body, WIRE_SMALL_MAX);
        snprintf(path, sizeof path, "/v1/keys/%" PRId64, n);
        err = keys_document(w->view.hub->dir, n, &body, sig, e);
        if (!err) {
            struct blob *b = blob_take(&body);
            err = bundle_put(w, path, b, sig, "the hub's public keys", e);
            blob_drop(b);
        }
        buf_done(&body);
    }
    return err;
}

/* ---- indexes and pages */

static enum err bundle_put_file(struct bundle_writer *w, enum wire_file what, int64_t n, const char *hash,
                                struct error *e)
{
    char path[WIRE_PATH], words[STICK_WORDS], hash16[WIRE_HASH16 + 1];
    struct blob *b = NULL;
    wire_file_path(path, "all", w->view.head.epoch, what, n, hash);
    snprintf(hash16, sizeof hash16, "%.16s", hash);
    enum err err = view_file_get(&w->view, what, n, hash16, &b, e);
    if (err) {
        error_prefix(e, "%s", path);
        return err;
    }
    if (what == WIRE_PAGE)
        snprintf(words, sizeof words, "programme, changes %" PRId64 "-%" PRId64, (n - 1) * w->view.head.per + 1,
                 n * w->view.head.per);
    else
        snprintf(words, sizeof words, "names of the pages");
    err = bundle_put(w, path, b, NULL, words, e);
    blob_drop(b);
    return err;
}

static enum err bundle_next_file(struct sql *db, const char *what, int64_t after, int64_t *n, char hash[WIRE_HEX + 1],
                                 struct error *e)
{
    struct sql_stmt *st = sql_get(db, "SELECT n, hash FROM page WHERE what = :what AND n > :after ORDER BY n LIMIT 1");
    bool row = false;
    sql_bind_text(st, ":what", what);
    sql_bind_int(st, ":after", after);
    enum err err = sql_step(st, &row, e);
    *n = !err && row ? sql_int(st, 0) : INT64_MAX;
    snprintf(hash, WIRE_HEX + 1, "%s", !err && row ? sql_text(st, 1) : "");
    sql_reset(st);
    return err;
}

/* Those from `first` to `last`; one statement at a time, so that a slow stick keeps no lock. */
static enum err bundle_put_files(struct bundle_writer *w, enum wire_file what, int64_t first, int64_t last,
                                 struct error *e)
{
    char hash[WIRE_HEX + 1];
    int64_t n = first - 1;
    for (;;) {
        enum err err = bundle_next_file(w->view.hub->db, what == WIRE_PAGE ? "page" : "index", n, &n, hash, e);
        if (err || n > last)
            return err;
        err = bundle_put_file(w, what, n, hash, e);
        if (err)
            return err;
    }
}

/* ---- the snapshot */

static enum err bundle_put_snapshot(struct bundle_writer *w, struct error *e)
{
    const struct wire_snapshot *s = &w->view.head.snapshot;
    struct stick_file f = {.bytes = s->bytes};
    char path[WIRE_PATH], hash16[WIRE_HASH16 + 1];
    int fd = -1;
    int64_t bytes;
    if (!s->path[0])
        return ERR_NONE;
    wire_snapshot_path(path, "all", w->view.head.epoch, s);
    if (!stick_name_of_url(f.name, path))
        return error_set(e, ERR_INVALID, "%s: no name for a file", path);
    snprintf(f.what, sizeof f.what, "programme, whole up to change %" PRId64, s->seq);
    memcpy(f.hash, s->hash, sizeof f.hash);
    snprintf(hash16, sizeof hash16, "%.16s", s->hash);
    enum err err = snapshot_open(w->view.hub, w->view.head.epoch, s->seq, hash16, &fd, &bytes, e);
    if (!err)
        err = stick_part_copy(&w->stick, &w->files, &f, fd, e);
    if (fd >= 0)
        close(fd);
    return err;
}

/* ---- head and tail */

static enum err bundle_put_tail(struct bundle_writer *w, struct error *e)
{
    char path[WIRE_PATH], sig[WIRE_SIG + 1];
    struct blob *b = NULL;
    const struct wire_head *h = &w->view.head;
    int64_t after = h->sealed * h->per;
    if (h->seq <= after)
        return ERR_NONE;
    wire_tail_path(path, "all", h->epoch, after);
    enum err err = view_tail(&w->view, after, &b, sig, e);
    if (!err)
        err = bundle_put(w, path, b, sig, "programme, the newest changes", e);
    blob_drop(b);
    return err;
}

static enum err bundle_put_head(struct bundle_writer *w, struct error *e)
{
    char path[WIRE_PATH], words[STICK_WORDS];
    wire_head_path(path, "all");
    snprintf(words, sizeof words, "how far the programme goes: change %" PRId64, w->view.head.seq);
    return bundle_put(w, path, w->view.body, w->view.sig, words, e);
}

/* ---- the whole */

/* The first page that some active kiosk has not told to have. */
static enum err bundle_first_wanted(struct bundle_writer *w, struct error *e)
{
    struct sql_stmt *st = sql_get(w->view.hub->db, "SELECT min(CASE WHEN epoch = :epoch THEN seen_seq ELSE 0 END) FROM "
                                                   "kiosk WHERE state = 'active'");
    bool row = false;
    sql_bind_int(st, ":epoch", w->view.head.epoch);
    enum err err = sql_step(st, &row, e);
    int64_t seen = !err && row ? sql_int(st, 0) : 0;
    sql_reset(st);
    if (w->o->recent && seen / w->view.head.per + 1 > w->first_page)
        w->first_page = seen / w->view.head.per + 1;
    return err;
}

static enum err bundle_prepare(struct bundle_writer *w, struct error *e)
{
    bool changed;
    int left = 1;
    enum err err = ERR_NONE;
    roll_day(w->view.hub, &changed);
    while (!err && left > 0)
        err = feed_seal(w->view.hub->db, BUNDLE_SEAL, &left, e);
    w->view.stale = true;
    if (!err)
        err = view_head(&w->view, e);
    w->first_page = w->view.head.min_page;
    return err ? err : bundle_first_wanted(w, e);
}

static enum err bundle_put_all(struct bundle_writer *w, struct error *e)
{
    const struct wire_head *h = &w->view.head;
    enum err err = bundle_put_keys(w, e);
    if (!err && h->index_n >= 0)
        err = bundle_put_file(w, WIRE_INDEX, h->index_n, h->index_hash, e);
    if (!err && h->index_n > 0)
        err = bundle_put_files(w, WIRE_INDEX, 0, h->index_n - 1, e);
    if (!err)
        err = bundle_put_files(w, WIRE_PAGE, w->first_page, h->sealed, e);
    if (!err)
        err = bundle_put_snapshot(w, e);
    if (!err)
        err = bundle_put_tail(w, e);
    return err ? err : bundle_put_head(w, e);
}

static void bundle_name(struct bundle_writer *w)
{
    char host[128], from[48];
    hub_meta_str(w->view.hub->db, "host", "", host, sizeof host);
    snprintf(from, sizeof from, "hub %.40s", host);
    stick_manifest_done(&w->files);
    stick_manifest_init(&w->files, "hub", from, "all its kiosks", hub_now(w->view.hub));
}

/* While this goes on a server may seal a page, and then the index that our head names is no more: once again. */
static enum err bundle_write(struct bundle_writer *w, struct error *e)
{
    enum err err = stick_write_readme(&w->stick, e);
    if (!err && stick_part_load(&w->stick, "hub", &w->before, NULL) != ERR_NONE)
        w->before.count = 0;
    for (int i = 0; !err && i < BUNDLE_TRIES; i++) {
        bundle_name(w);
        err = bundle_prepare(w, e);
        if (!err)
            err = bundle_put_all(w, e);
        if (err != ERR_NOT_FOUND && err != ERR_GONE)
            break;
        err = i + 1 < BUNDLE_TRIES ? ERR_NONE : err;
    }
    return err ? err : stick_part_finish(&w->stick, &w->files, &w->before, e);
}

enum err bundle_out_run(struct hub *h, const struct keys *k, const char *dir, struct bundle_out *o, struct error *e)
{
    struct bundle_writer *w = mem_new(1, sizeof *w);
    w->o = o;
    view_init(&w->view, h, k);
    enum err err = stick_open(&w->stick, dir, true, e);
    if (!err)
        err = bundle_write(w, e);
    o->files = (int)w->files.count;
    o->epoch = w->view.head.epoch;
    o->seq = w->view.head.seq;
    stick_close(&w->stick);
    stick_manifest_done(&w->before);
    stick_manifest_done(&w->files);
    view_done(&w->view);
    free(w);
    return err;
}
