/* make bench: a new kiosk's replica by the log of pages, by the snapshot, and beside both the plain copy of the
 * unpacked file with the same check: what no way of moving a replica can beat. Nothing here goes over a network: the
 * line's time is bytes over its speed, and the bytes are printed. Figures of one run and their ratios, never asserted.
 * usage: snapshot KIOSK_PROGRAM FOLDER [EVENTS]   RECORDS=1000000 in the environment for another number than 20,000 */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "kiosk/base/date.h"
#include "kiosk/base/file.h"
#include "kiosk/store/replica_snapshot.h"
#include "sync/snapshot.h"
#include "sync/wire_zstd.h"
#include "tests/support/figures.h"
#include "tests/support/logpages.h"

enum { BENCH_PIECE = 256 << 10, BENCH_LEVEL = 12 };

struct bench {
    const char *dir;
    struct zone *zone;
    struct logpages log; /* level 3: packing a million records at the hub's 19 takes a quarter of an hour, and unpacking
                          * is as fast */
    struct wire_head head; /* of the snapshot */
};

static void bench_check(enum err code, const struct error *e)
{
    if (code)
        die("bench: %s", e->text);
}

static char *bench_path(const struct bench *b, const char *name, char out[4096])
{
    return file_join(out, b->dir, name);
}

/* ---- the log */
static double bench_by_log(struct bench *b)
{
    struct error e;
    struct replica_writer *w;
    struct replica_position at = {.scope = "all", .epoch = 1};
    char path[4096];
    bool damaged;
    double from = figures_now();
    bench_check(replica_writer_open(&w, bench_path(b, "log.db", path), b->zone, true, &damaged, &e), &e);
    for (int64_t n = 1; n <= b->log.count; n++)
        logpages_apply(&b->log, w, n, &at);
    replica_writer_retire(w);
    return figures_now() - from;
}

/* ---- the snapshot, made of what the log gave */
static double bench_make(struct bench *b)
{
    struct error e;
    struct stat st;
    struct replica_writer *w;
    struct replica_position at;
    struct wire_snapshot *s = &b->head.snapshot;
    char log[4096], copy[4096], packed[4096];
    bool damaged;
    double from = figures_now();
    bench_check(replica_writer_open(&w, bench_path(b, "log.db", log), b->zone, false, &damaged, &e), &e);
    bench_check(replica_writer_position(w, &at, &e), &e);
    bench_check(replica_snapshot_write(w, bench_path(b, "copy.db", copy), &e), &e);
    replica_writer_close(w);
    bench_check(wire_pack_file(copy, bench_path(b, "packed.zst", packed), BENCH_LEVEL, s->hash, &s->bytes, &e), &e);
    if (stat(copy, &st) < 0)
        die("bench: %s is gone", copy);
    snprintf(b->head.scope, sizeof b->head.scope, "all");
    b->head.epoch = 1;
    s->size = (int64_t)st.st_size;
    s->seq = at.seq;
    s->page = at.page;
    memcpy(s->chain, at.chain, sizeof s->chain);
    return figures_now() - from;
}

static void bench_copy(const char *from, const char *into)
{
    char *piece = mem_new(BENCH_PIECE, 1);
    int in = open(from, O_RDONLY), out = open(into, O_WRONLY | O_CREAT | O_TRUNC, 0600);
    if (in < 0 || out < 0)
        die("bench: cannot copy %s", from);
    for (ssize_t n = read(in, piece, BENCH_PIECE); n > 0; n = read(in, piece, BENCH_PIECE))
        if (write(out, piece, (size_t)n) != n)
            die("bench: %s: cannot write", into);
    if (fsync(out) < 0)
        die("bench: %s: cannot sync", into);
    close(in);
    close(out);
    free(piece);
}

/* As a kiosk does: the bytes into the part, hash, unpacking, check, into place of an old one, open. */
static double bench_by_snapshot(struct bench *b)
{
    struct error e;
    struct replica_writer *w;
    char packed[4096], part[4096], db[4096], path[4096];
    bool damaged;
    double from = figures_now();
    bench_copy(bench_path(b, "packed.zst", packed), bench_path(b, "part", part));
    bench_check(snapshot_unpack(part, &b->head, zone_name(b->zone), bench_path(b, "new.db", db), &e), &e);
    bench_check(replica_replace(bench_path(b, "replica.db", path), db, &e), &e);
    bench_check(replica_writer_open(&w, path, b->zone, false, &damaged, &e), &e);
    replica_writer_close(w);
    unlink(part);
    return figures_now() - from;
}

static double bench_copy_and_check(struct bench *b)
{
    struct error e;
    struct replica_position want = {
        .scope = "all", .epoch = 1, .seq = b->head.snapshot.seq, .page = b->head.snapshot.page};
    char from_path[4096], path[4096];
    memcpy(want.chain, b->head.snapshot.chain, sizeof want.chain);
    double from = figures_now();
    bench_copy(bench_path(b, "copy.db", from_path), bench_path(b, "copied.db", path));
    bench_check(replica_snapshot_check(path, &want, zone_name(b->zone), &e), &e);
    return figures_now() - from;
}

static void bench_clear(struct bench *b)
{
    static const char *const names[] = {"log.db",    "log.db-wal", "log.db-shm", "copy.db",
                                        "copied.db", "packed.zst", "replica.db"};
    char path[4096];
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
        unlink(bench_path(b, names[i], path));
}

int main(int argc, char **argv)
{
    struct error e;
    struct bench b = {.dir = argc > 2 ? argv[2] : ".", .zone = zone_new("Europe/Moscow")};
    int n = figures_size("RECORDS", 20000, 1000);
    bench_check(crypto_init(&e), &e);
    bench_clear(&b);
    logpages_make(&b.log, b.dir, n, 3);
    double log = bench_by_log(&b), make = bench_make(&b);
    double snapshot = bench_by_snapshot(&b), copy = bench_copy_and_check(&b);
    const struct wire_snapshot *s = &b.head.snapshot;
    printf("snapshot: %lld records, %.1f MB unpacked, %.1f MB packed (level %d); pages %.1f MB (level 3)\n",
           (long long)s->seq, (double)s->size / 1e6, (double)s->bytes / 1e6, BENCH_LEVEL, (double)b.log.bytes / 1e6);
    printf("  by the log       %8.2f s  %8.0f records/s\n", log, (double)s->seq / log);
    printf("  made at the hub  %8.2f s\n", make);
    printf("  by the snapshot  %8.2f s  %8.0f records/s\n", snapshot, (double)s->seq / snapshot);
    printf("  copy and check   %8.2f s\n", copy);
    figures_put("replica by snapshot : by the log (goal for 1,000,000 records)", log / snapshot, "x", FIGURE_AT_LEAST, 10);
    figures_put("replica by snapshot : copying and checking the file", copy / snapshot, "x", FIGURE_AT_LEAST, 0.5);
    bench_clear(&b);
    logpages_done(&b.log);
    zone_free(b.zone);
    return 0;
}
