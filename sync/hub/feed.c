/* Appending to the log and sealing its pages. SQLite runs one writer at a time, so the next number is the largest plus
 * one, and numbers become visible in their order: a reader can never see seq 18 before 17. Where several write at once
 * feed_stage.c sees to that. */
#include "sync/hub/feed.h"

#include <stdlib.h>
#include <string.h>

#include "sync/hub/feed_stage.h"
#include "sync/hub/hub_lock.h"
#include "sync/wire_page.h"
#include "sync/wire_zstd.h"

int64_t feed_seq(struct sql *db)
{
    struct sql_stmt *st = sql_get(db, "SELECT coalesce(max(seq), 0) FROM change");
    bool row = false;
    int64_t seq = sql_step(st, &row, NULL) == ERR_NONE && row ? sql_int(st, 0) : 0;
    sql_reset(st);
    return seq;
}

/* ---- changes */

enum err feed_insert(struct sql *db, int64_t seq, const char *kind, const char *id, const char *d, struct error *e)
{
    struct buf line;
    buf_init(&line, WIRE_ITEM_MAX);
    wire_item_write(&line, seq, kind, id, d);
    enum err err = ERR_NONE;
    if (line.overflow) {
        err = error_set(e, ERR_TOO_BIG, "%s %s is larger than an item may be", kind, id);
    } else {
        struct sql_stmt *st = sql_get(db, "INSERT INTO change (seq, kind, id, line) VALUES (:seq, :kind, :id, :line)");
        sql_bind_int(st, ":seq", seq);
        sql_bind_text(st, ":kind", kind);
        sql_bind_text(st, ":id", id);
        sql_bind_text(st, ":line", line.data);
        err = sql_run(st, e);
    }
    buf_done(&line);
    return err;
}

static enum err feed_append(struct sql *db, const char *kind, const char *id, const char *d, struct error *e)
{
    return sql_is_shared(db) ? feed_stage(db, kind, id, d, e) : feed_insert(db, feed_seq(db) + 1, kind, id, d, e);
}

/* And holds the record's row: changes of one record are staged in the order of their commits. */
static enum err feed_sent_get(struct sql *db, const char *id, char out[WIRE_HEX + 1], struct error *e)
{
    struct sql_stmt *st = sql_get(db, "SELECT sent FROM record WHERE id = :id /*pg FOR UPDATE */");
    bool row = false;
    sql_bind_text(st, ":id", id);
    enum err err = sql_step(st, &row, e);
    if (err)
        return err;
    if (!row)
        return error_set(e, ERR_NOT_FOUND, "record %s does not exist", id);
    const char *sent = sql_text(st, 0);
    size_t n = strnlen(sent, WIRE_HEX);
    memcpy(out, sent, n);
    out[n] = '\0';
    sql_reset(st);
    return ERR_NONE;
}

static enum err feed_sent_set(struct sql *db, const char *id, const char *sent, struct error *e)
{
    struct sql_stmt *st = sql_get(db, "UPDATE record SET sent = :sent WHERE id = :id");
    sql_bind_text(st, ":id", id);
    sql_bind_text(st, ":sent", sent);
    return sql_run(st, e);
}

enum err feed_put(struct sql *db, const char *kind, const char *id, const struct json *d, struct error *e)
{
    char before[WIRE_HEX + 1], now[WIRE_HEX + 1];
    struct buf text;
    enum err err = feed_sent_get(db, id, before, e);
    if (err)
        return err;
    buf_init(&text, WIRE_ITEM_MAX);
    json_write(d, &text);
    wire_hash(now, text.data, text.len);
    if (text.overflow)
        err = error_set(e, ERR_TOO_BIG, "%s %s is larger than an item may be", kind, id);
    else if (strcmp(before, now) != 0) {
        err = feed_append(db, kind, id, text.data, e);
        if (!err)
            err = feed_sent_set(db, id, now, e);
    }
    buf_done(&text);
    return err;
}

enum err feed_del(struct sql *db, const char *kind, const char *id, struct error *e)
{
    char before[WIRE_HEX + 1];
    enum err err = feed_sent_get(db, id, before, e);
    if (err || !before[0])
        return err;
    err = feed_append(db, kind, id, NULL, e);
    return err ? err : feed_sent_set(db, id, "", e);
}

/* ---- sealing */

/* The newest sealed page or index: its number (0 or -1 for none) and hash. */
static int64_t feed_newest(struct sql *db, const char *what, int64_t none, char hash[WIRE_HEX + 1])
{
    struct sql_stmt *st = sql_get(db, "SELECT n, hash FROM page WHERE what = :what ORDER BY n DESC LIMIT 1");
    bool row = false;
    int64_t n = none;
    memcpy(hash, wire_zero_hash, WIRE_HEX + 1);
    sql_bind_text(st, ":what", what);
    if (sql_step(st, &row, NULL) == ERR_NONE && row) {
        n = sql_int(st, 0);
        memcpy(hash, sql_text(st, 1), WIRE_HEX + 1);
    }
    sql_reset(st);
    return n;
}

int64_t feed_sealed(struct sql *db, char chain[WIRE_HEX + 1]) { return feed_newest(db, "page", 0, chain); }

/* A sealed file on its way into the table. */
struct feed_file {
    const char *what;
    int64_t n;
    char hash[WIRE_HEX + 1];
    struct buf packed; /* the caller's to end */
};

static enum err feed_pack(struct feed_file *f, const struct buf *bytes, struct error *e)
{
    wire_hash(f->hash, bytes->data, bytes->len);
    return wire_pack(&f->packed, bytes->data, bytes->len, WIRE_LEVEL_PAGE, e);
}

static enum err feed_store(struct sql *db, const struct feed_file *f, struct error *e)
{
    struct sql_stmt *st = sql_get(db, "INSERT INTO page (what, n, hash, zst) VALUES (:what, :n, :hash, :zst)");
    sql_bind_text(st, ":what", f->what);
    sql_bind_int(st, ":n", f->n);
    sql_bind_text(st, ":hash", f->hash);
    sql_bind_blob(st, ":zst", f->packed.data, f->packed.len);
    return sql_run(st, e);
}

enum err feed_lines(struct sql *db, int64_t first, int64_t last, struct buf *out, struct error *e)
{
    struct sql_stmt *st = sql_get(db, "SELECT line FROM change WHERE seq BETWEEN :first AND :last ORDER BY seq");
    bool row = true;
    enum err err = ERR_NONE;
    sql_bind_int(st, ":first", first);
    sql_bind_int(st, ":last", last);
    while (!(err = sql_step(st, &row, e)) && row) {
        buf_add_str(out, sql_text(st, 0));
        buf_add_char(out, '\n');
    }
    return err;
}

static enum err feed_make_page(struct sql *db, struct feed_file *f, const char *prev, struct error *e)
{
    struct wire_page head = {.page = f->n, .first = (f->n - 1) * WIRE_PER + 1, .last = f->n * WIRE_PER};
    struct buf bytes;
    memcpy(head.prev, prev, WIRE_HEX + 1);
    buf_init(&bytes, WIRE_PAGE_MAX);
    wire_page_write(&head, &bytes);
    enum err err = feed_lines(db, head.first, head.last, &bytes, e);
    if (!err && bytes.overflow)
        err = error_set(e, ERR_TOO_BIG, "page %lld is larger than a page may be", (long long)f->n);
    if (!err)
        err = feed_pack(f, &bytes, e);
    buf_done(&bytes);
    return err;
}

/* The hash an index's first line names: of the complete index before it. */
static enum err feed_index_prev(struct sql *db, int64_t n, char out[WIRE_HEX + 1], struct error *e)
{
    memcpy(out, wire_zero_hash, WIRE_HEX + 1);
    if (n == 0)
        return ERR_NONE;
    struct sql_stmt *st = sql_get(db, "SELECT hash FROM page WHERE what = 'index' AND n = :n");
    bool row = false;
    sql_bind_int(st, ":n", n - 1);
    enum err err = sql_step(st, &row, e);
    if (!err && !row)
        err = error_set(e, ERR_CORRUPT, "index %lld is missing", (long long)(n - 1));
    if (!err)
        memcpy(out, sql_text(st, 0), WIRE_HEX + 1);
    sql_reset(st);
    return err;
}

/* Writes the index that names page `sealed`. The incomplete one before it under the same number goes: kiosks that know
 * its name only from an older head ask for a head again. */
static enum err feed_seal_index(struct sql *db, int64_t sealed, struct error *e)
{
    struct wire_index *x = mem_new(1, sizeof *x);
    struct buf bytes;
    bool row = true;
    x->n = (sealed - 1) / WIRE_INDEX_PAGES;
    enum err err = feed_index_prev(db, x->n, x->prev, e);
    struct sql_stmt *st =
        sql_get(db, "SELECT hash FROM page WHERE what = 'page' AND n BETWEEN :first AND :last ORDER BY n");
    sql_bind_int(st, ":first", x->n * WIRE_INDEX_PAGES + 1);
    sql_bind_int(st, ":last", sealed);
    while (!err && !(err = sql_step(st, &row, e)) && row)
        memcpy(x->hash[x->count++], sql_text(st, 0), WIRE_HEX + 1);
    sql_reset(st);
    buf_init(&bytes, WIRE_PAGE_MAX);
    wire_index_write(x, &bytes);
    if (!err) {
        st = sql_get(db, "DELETE FROM page WHERE what = 'index' AND n = :n");
        sql_bind_int(st, ":n", x->n);
        err = sql_run(st, e);
    }
    struct feed_file f = {.what = "index", .n = x->n};
    buf_init(&f.packed, WIRE_PAGE_MAX);
    if (!err)
        err = feed_pack(&f, &bytes, e);
    if (!err)
        err = feed_store(db, &f, e);
    buf_done(&f.packed);
    buf_done(&bytes);
    free(x);
    return err;
}

int64_t feed_index(struct sql *db, char hash[WIRE_HEX + 1]) { return feed_newest(db, "index", -1, hash); }

/* Page and index in one transaction. Somebody else may have sealed the page meanwhile: it is the same page. */
static enum err feed_seal_store(struct sql *db, const struct feed_file *page, struct error *e)
{
    char chain[WIRE_HEX + 1];
    enum err err = sql_begin(db, e);
    if (!err)
        err = hub_lock_wait(db, HUB_LOCK_PAGES, e);
    if (!err && feed_sealed(db, chain) == page->n - 1) {
        err = feed_store(db, page, e);
        if (!err)
            err = feed_seal_index(db, page->n, e);
    }
    if (!err)
        err = sql_commit(db, e);
    if (err)
        sql_rollback(db);
    return err;
}

/* A page's lines never change, so it is made before the transaction: packing takes a tenth of a second and more, and
 * kiosks wait for the writer. */
static enum err feed_seal_next(struct sql *db, int64_t sealed, const char *chain, struct error *e)
{
    struct feed_file page = {.what = "page", .n = sealed + 1};
    buf_init(&page.packed, WIRE_PAGE_MAX);
    enum err err = feed_make_page(db, &page, chain, e);
    if (!err)
        err = feed_seal_store(db, &page, e);
    buf_done(&page.packed);
    return err;
}

enum err feed_seal(struct sql *db, int most, int *left, struct error *e)
{
    char chain[WIRE_HEX + 1];
    int64_t complete = feed_seq(db) / WIRE_PER, sealed = feed_sealed(db, chain);
    enum err err = ERR_NONE;
    for (int i = 0; !err && i < most && sealed < complete; i++) {
        err = feed_seal_next(db, sealed, chain, e);
        sealed = feed_sealed(db, chain);
    }
    *left = err ? 0 : (int)(complete - sealed);
    return err;
}
