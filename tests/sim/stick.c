/* Sticks: carried by people between kiosks and the hub, in any order, at any time. They get lost, are copied and come
 * again, are pulled out before the copy was finished. What is on them are real files. */
#include <errno.h>
#include <fcntl.h>
#include <fts.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "kiosk/base/file.h"
#include "sync/carry.h"
#include "sync/hub/serve/bundle.h"
#include "sync/transport_stick.h"
#include "tests/sim/sim.h"

enum { STICK_FILE = 64 << 20, STICK_STEPS = 60, STICK_WORDS_MAX = 1 << 16 };

/* ---- folders */

static int stick_order(const FTSENT **a, const FTSENT **b) { return strcmp((*a)->fts_name, (*b)->fts_name); }

/* Calls take for each file and folder; folders come before and after what is in them. */
static void stick_walk(char *dir, void (*take)(void *context, const FTSENT *f), void *context)
{
    char *const paths[] = {dir, NULL};
    FTS *fts = fts_open(paths, FTS_PHYSICAL | FTS_NOCHDIR, stick_order);
    for (FTSENT *f = fts ? fts_read(fts) : NULL; f; f = fts_read(fts))
        take(context, f);
    if (fts)
        fts_close(fts);
}

static void stick_remove_one(void *context, const FTSENT *f)
{
    (void)context;
    if (f->fts_info == FTS_F)
        unlink(f->fts_path);
    else if (f->fts_info == FTS_DP)
        rmdir(f->fts_path);
}

void folder_drop(const char *dir)
{
    char path[4096];
    snprintf(path, sizeof path, "%s", dir);
    stick_walk(path, stick_remove_one, NULL);
}

struct stick_copying {
    const char *from, *to;
};

static void stick_copy_one(void *context, const FTSENT *f)
{
    const struct stick_copying *c = context;
    char path[4096];
    struct buf bytes;
    snprintf(path, sizeof path, "%s%s", c->to, f->fts_path + strlen(c->from));
    if (f->fts_info == FTS_D)
        mkdir(path, 0700);
    if (f->fts_info != FTS_F)
        return;
    buf_init(&bytes, STICK_FILE);
    int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0600);
    if (file_read(f->fts_path, &bytes, NULL) || fd < 0 || write(fd, bytes.data, bytes.len) != (ssize_t)bytes.len)
        die("sim: %s cannot be copied", f->fts_path);
    close(fd);
    buf_done(&bytes);
}

void folder_copy(const char *from, const char *to)
{
    char path[4096];
    folder_drop(to);
    snprintf(path, sizeof path, "%s", from);
    stick_walk(path, stick_copy_one, &(struct stick_copying){from, to});
}

/* ---- sticks: the first half are in use, the second are copies of them that somebody made */

static void stick_path(const struct sim *s, int n, char out[FOLDER_FILE])
{
    snprintf(out, FOLDER_FILE, "%s/stick%d", s->root, n);
}

void sticks_new(struct sim *s)
{
    char dir[FOLDER_FILE];
    for (int i = 0; i < 2 * SIM_STICKS; i++) {
        stick_path(s, i, dir);
        folder_drop(dir);
        mkdir(dir, 0700);
    }
}

void sticks_forget(struct sim *s, const struct sim_kiosk *k)
{
    char dir[FOLDER_FILE], path[4096];
    for (int i = 0; i < 2 * SIM_STICKS; i++) {
        stick_path(s, i, dir);
        snprintf(path, sizeof path, "%.300s/sosedi/kiosks/%.10s", dir, k->kid);
        folder_drop(path);
    }
}

struct stick_spoiling {
    int count, wanted; /* wanted -1: only count */
    uint32_t keep;     /* bytes */
};

static void stick_spoil_one(void *context, const FTSENT *f)
{
    struct stick_spoiling *p = context;
    if (f->fts_info != FTS_F || p->count++ != p->wanted)
        return;
    int64_t keep = p->keep % (f->fts_statp->st_size + 1);
    if (keep == 0 ? unlink(f->fts_path) : truncate(f->fts_path, keep))
        die("sim: %s cannot be spoilt", f->fts_path);
}

/* A copy that was not finished: one file is short or missing. */
static void stick_spoil(struct sim *s, char *dir)
{
    struct stick_spoiling p = {.wanted = -1};
    stick_walk(dir, stick_spoil_one, &p);
    if (!p.count)
        return;
    p.wanted = (int)chance_below(s, (uint32_t)p.count);
    p.count = 0;
    p.keep = chance_below(s, 4096);
    stick_walk(dir, stick_spoil_one, &p);
}

/* The manifest of a part is made out to another kiosk, and says so of itself. */
static void stick_claim(const char *dir, const char *part, const char *kid, const char *was)
{
    enum { END = 4 + WIRE_HEX + 1 };
    char path[4096], hash[WIRE_HEX + 1];
    struct buf text;
    struct error e;
    buf_init(&text, STICK_FILE);
    snprintf(path, sizeof path, "%.400s/sosedi/kiosks/%s/%s/MANIFEST.txt", dir, kid, part);
    if (file_read(path, &text, NULL) == ERR_NONE && text.len > END) {
        for (char *at = text.data; (at = strstr(at, was)); at += CRYPTO_KID)
            memcpy(at, kid, CRYPTO_KID);
        wire_hash(hash, text.data, text.len - END);
        memcpy(text.data + text.len - END + 4, hash, WIRE_HEX);
        if (file_write(path, text.data, text.len, 0600, &e))
            die("sim: %s", e.text);
    }
    buf_done(&text);
}

/* Somebody means harm: the folders of two kiosks are exchanged. */
static void stick_swap(const struct sim *s, const char *dir)
{
    const char *kids[] = {s->kiosks[0].kid, s->kiosks[1].kid};
    char one[4096], two[4096], aside[4096];
    snprintf(one, sizeof one, "%.300s/sosedi/kiosks/%.10s", dir, s->kiosks[0].kid);
    snprintf(two, sizeof two, "%.300s/sosedi/kiosks/%.10s", dir, s->kiosks[1].kid);
    snprintf(aside, sizeof aside, "%.300s/aside", dir);
    bool first = rename(one, aside) == 0;
    if (rename(two, one) != 0 && errno != ENOENT)
        die("sim: %s stays", two);
    if (first && rename(aside, two) != 0)
        die("sim: %s stays", aside);
    for (int i = 0; i < 2; i++) {
        stick_claim(dir, "up", kids[i], kids[1 - i]);
        stick_claim(dir, "down", kids[i], kids[1 - i]);
    }
}

/* ---- at a kiosk: bundle.h without the agent around it */

static void stick_pull(struct sim_kiosk *k, struct stick *stick)
{
    struct stick_manifest hub;
    struct transport *t;
    struct feed f;
    struct error e;
    enum err code = stick_part_load(stick, "hub", &hub, &e);
    if (!code) {
        transport_stick_new(&t, stick, &hub);
        feed_init(&f, t, k->sync, &k->keys, &k->clock, "all");
        f.carried = true;
        code = feed_begin(&f, k->writer, &e);
        for (int i = 0; i < STICK_STEPS && !code && f.state != FEED_DONE; i++)
            code = feed_step(&f, &e);
        feed_done(&f);
        transport_free(t);
        /* Whatever came of it, the line goes on from where the replica stands. */
        code = replica_writer_position(k->writer, &k->feed.at, &e);
    }
    stick_manifest_done(&hub);
}

static void stick_at_kiosk(struct sim *s, struct sim_kiosk *k, int n)
{
    char dir[FOLDER_FILE];
    struct stick stick;
    struct carry c;
    struct error e = {0};
    stick_path(s, n, dir);
    enum err code = stick_open(&stick, dir, true, &e);
    if (!code) {
        stick_pull(k, &stick);
        carry_init(&c, &k->exchange, &stick, clock_wall_ms(&k->clock) / 1000);
        if (carry_read(&c, &e) == ERR_NONE && c.receipts > 0)
            k->tainted = false;
        s->receipts += c.receipts;
        code = carry_write(&c, "hub.example", k->feed.at.epoch, k->feed.at.seq, &e);
    }
    if (code && !disk_is_dead(k->disk))
        sim_fault(s, "kiosk %d cannot write a stick: %s", k->number, e.text);
    stick_close(&stick);
}

void act_stick_kiosk(struct sim *s, struct sim_kiosk *k) { stick_at_kiosk(s, k, (int)chance_below(s, SIM_STICKS)); }

/* ---- at the hub */

static void stick_at_hub(struct sim *s, int n)
{
    char dir[FOLDER_FILE];
    struct bundle_in in;
    struct bundle_out out = {.recent = chance(s, 300)};
    struct error e = {0};
    struct buf words;
    stick_path(s, n, dir);
    buf_init(&words, STICK_WORDS_MAX);
    enum err code = bundle_in_run(&s->hub.hub, &s->hub.keys, dir, &in, &words, &e);
    buf_done(&words);
    if (code == ERR_NOT_FOUND)
        code = ERR_NONE;
    if (!code && (s->calm || chance(s, 600)))
        code = bundle_out_run(&s->hub.hub, &s->hub.keys, dir, &out, &e);
    s->hub.api.view.stale = true;
    if (code && !disk_is_dead(s->hub.disk))
        sim_fault(s, "the hub cannot use a stick: %s", e.text);
}

/* On a stick with the answers for both. */
static void stick_mix_up(struct sim *s, const char *dir, int n)
{
    for (int i = 0; i < 2; i++)
        if (s->kiosks[i].open)
            stick_at_kiosk(s, &s->kiosks[i], n);
    if (s->hub.up && chance(s, 800))
        stick_at_hub(s, n);
    stick_swap(s, dir);
    for (int i = 0; i < 2; i++) {
        act_person(s, &s->kiosks[i]);
        if (s->kiosks[i].open)
            stick_at_kiosk(s, &s->kiosks[i], n);
    }
}

void act_stick_trouble(struct sim *s, struct sim_kiosk *k)
{
    char dir[FOLDER_FILE], copy[FOLDER_FILE];
    int n = (int)chance_below(s, SIM_STICKS);
    (void)k;
    stick_path(s, n, dir);
    stick_path(s, SIM_STICKS + n, copy);
    switch (chance_below(s, 5)) {
    case 0: /* lost, and a new one bought */
        folder_drop(dir);
        mkdir(dir, 0700);
        return;
    case 1:
        folder_copy(dir, copy);
        return;
    case 2:
        folder_copy(copy, dir);
        return;
    case 3:
        stick_mix_up(s, dir, n);
        return;
    default:
        stick_spoil(s, dir);
    }
}

void act_stick_hub(struct sim *s, struct sim_kiosk *k)
{
    (void)k;
    stick_at_hub(s, (int)chance_below(s, SIM_STICKS));
}

void stick_trip(struct sim *s, struct sim_kiosk *k)
{
    stick_at_kiosk(s, k, 0);
    stick_at_hub(s, 0);
    stick_at_kiosk(s, k, 0);
}
