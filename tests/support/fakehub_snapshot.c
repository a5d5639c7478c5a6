/* The fake hub's snapshots, made as the hub makes them. */
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "kiosk/base/date.h"
#include "kiosk/base/file.h"
#include "kiosk/store/replica_snapshot.h"
#include "sync/wire_zstd.h"
#include "tests/support/fakehub.h"

static void fakehub_check(enum err code, const struct error *e)
{
    if (code)
        die("the fake hub's snapshot: %s", e->text);
}

static void fakehub_apply(struct fakehub *h, struct replica_writer *w, const struct replica_position *to)
{
    struct error e = {0};
    int bad = 0;
    fakehub_check(replica_begin(w, &e), &e);
    for (int64_t i = 0; i < to->seq; i++) {
        struct wire_item it;
        fakehub_check(wire_item_parse(&it, h->items[i].data, h->items[i].len, &e), &e);
        fakehub_check(
            it.put ? replica_put(w, it.kind, it.id, it.seq, it.d, &bad, &e) : replica_del(w, it.id, it.seq, &e), &e);
        wire_item_done(&it);
    }
    fakehub_check(replica_commit(w, to, &e), &e);
}

static void fakehub_build(struct fakehub *h, const char *db, const char *copy)
{
    struct error e = {0};
    struct replica_writer *w;
    struct replica_position to = {
        .epoch = (uint32_t)h->head.epoch, .seq = h->head.sealed * WIRE_PER, .page = h->head.sealed};
    struct zone *zone = zone_new("Europe/Moscow");
    bool damaged;
    snprintf(to.scope, sizeof to.scope, "%s", h->head.scope);
    memcpy(to.chain, h->head.chain, sizeof to.chain);
    fakehub_check(replica_writer_open(&w, db, zone, false, &damaged, &e), &e);
    fakehub_apply(h, w, &to);
    fakehub_check(replica_snapshot_write(w, copy, &e), &e);
    replica_writer_close(w);
    zone_free(zone);
    unlink(db);
}

void fakehub_snapshot(struct fakehub *h, const char *dir, void (*spoil)(const char *db))
{
    char db[4096], copy[4096], packed[4096];
    struct error e = {0};
    struct stat st;
    struct wire_snapshot *s = &h->head.snapshot;
    struct fakehub_file *f = &h->files[h->file_count++];
    if (h->file_count >= FAKEHUB_FILES)
        die("the fake hub has no room for more files");
    file_join(db, dir, "fake.db");
    file_join(copy, dir, "fake.copy");
    file_join(packed, dir, "fake.zst");
    fakehub_build(h, db, copy);
    if (spoil)
        spoil(copy);
    *s = (struct wire_snapshot){.seq = h->head.sealed * WIRE_PER, .page = h->head.sealed, .zone = "Europe/Moscow"};
    s->schema = replica_schema();
    s->size = stat(copy, &st) == 0 ? (int64_t)st.st_size : 0;
    memcpy(s->chain, h->head.chain, sizeof s->chain);
    fakehub_check(wire_pack_file(copy, packed, 3, s->hash, &s->bytes, &e), &e);
    snprintf(s->path, sizeof s->path, "snap/%lld-%.16s.zst", (long long)s->seq, s->hash);
    wire_snapshot_path(f->path, h->head.scope, h->head.epoch, s);
    buf_init(&f->packed, WIRE_PAGE_MAX);
    fakehub_check(file_read(packed, &f->packed, &e), &e);
    unlink(copy);
    unlink(packed);
}
