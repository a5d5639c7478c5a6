/* The machines: prepared once, then every seed begins with copies of their disks. */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "kiosk/base/date.h"
#include "kiosk/base/file.h"
#include "sync/enrol.h"
#include "sync/hub/serve/admission.h"
#include "sync/hub/command.h"
#include "sync/hub/events/record.h"
#include "sync/hub/seats/seats.h"
#include "tests/sim/sim.h"

#define TOWN_NOW INT64_C(1798900000000) /* 2027-01-01T.. in ms */

enum { TOWN_DAY = 86400 };

void sim_fault(struct sim *s, const char *fmt, ...)
{
    va_list args;
    if (s->fault[0])
        return;
    s->kind = fmt;
    va_start(args, fmt);
    vsnprintf(s->fault, sizeof s->fault, fmt, args);
    va_end(args);
}

static void town_check(enum err code, const struct error *e)
{
    if (code)
        die("town: %s", e->text);
}

/* A command of kiosk-hub: its name and its words, then NULL. */
bool town_command(struct hub *h, int (*run)(struct hub *, int, char **), const char *const words[])
{
    enum { TOWN_WORDS = 6 };
    char text[TOWN_WORDS][512], *argv[TOWN_WORDS + 1] = {NULL};
    int n = 0;
    for (; words[n] && n < TOWN_WORDS; n++) {
        snprintf(text[n], sizeof text[n], "%s", words[n]);
        argv[n] = text[n];
    }
    return run(h, n, argv) == CLI_DONE;
}

/* ---- the hub */

void hub_stop(struct sim *s)
{
    if (s->hub.up) {
        api_done(&s->hub.api);
        hub_close(&s->hub.hub);
    }
    s->hub.up = false;
}

void hub_start(struct sim *s, enum disk_loss loss)
{
    struct error e = {0};
    hub_stop(s);
    disk_reboot(s->hub.disk, loss, chance_disk, s);
    enum err code = hub_open(&s->hub.hub, s->hub.dir, NULL, &e);
    s->hub.looked = -1;
    if (code) {
        sim_fault(s, "the hub does not open its database again: %s", e.text);
        return;
    }
    s->hub.hub.clock = clock_test(s->now_ms);
    api_init(&s->hub.api, &s->hub.hub, &s->hub.keys);
    s->hub.api.view.look_every_ms = 0;
    s->hub.up = true;
}

/* An instant as iCalendar has it: 20270104T120000Z. */
static void town_ics_time(int64_t at, char out[40])
{
    char text[40];
    instant_format_utc(at, text);
    for (const char *c = text; *c; c++)
        if (*c != '-' && *c != ':')
            *out++ = *c;
    *out = '\0';
}

/* The truth of its times: every day the hub looks there again. */
static void town_write_ics(const struct sim_event *ev, char out[400])
{
    char start[40], end[40];
    town_ics_time(ev->start_at, start);
    town_ics_time(ev->start_at + 3600, end);
    snprintf(out, 400,
             "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//town//EN\r\nBEGIN:VEVENT\r\nUID:%s\r\nDTSTAMP:%s\r\n"
             "DTSTART:%s\r\nDTEND:%s\r\nSUMMARY:Event\r\n%sEND:VEVENT\r\nEND:VCALENDAR\r\n",
             ev->id, start, start, end, ev->cancelled ? "STATUS:CANCELLED\r\n" : "");
}

static enum err town_write_event(struct sim *s, const struct sim_event *ev, struct error *e)
{
    char d[400], ics[400];
    struct sql *db = s->hub.hub.db;
    snprintf(d, sizeof d,
             "{\"name\":\"Event\",\"tz\":\"Europe/"
             "Moscow\",%s\"maximumAttendeeCapacity\":%d,\"registration\":\"open\",\"terms\":%d}",
             "", ev->capacity, ev->terms);
    town_write_ics(ev, ics);
    struct sql_stmt *st = sql_get(db, "UPDATE record SET d = :d, ics = :ics WHERE id = :id");
    sql_bind_text(st, ":d", d);
    sql_bind_text(st, ":ics", ics);
    sql_bind_text(st, ":id", ev->id);
    enum err code = sql_run(st, e);
    if (code)
        return code;
    st = sql_get(db,
                 "UPDATE occurrence SET capacity = :capacity, cancelled = :cancelled, terms = :terms WHERE id = :id");
    sql_bind_int(st, ":capacity", ev->capacity);
    sql_bind_int(st, ":cancelled", ev->cancelled);
    sql_bind_int(st, ":terms", ev->terms);
    sql_bind_text(st, ":id", ev->id);
    return sql_run(st, e);
}

/* What an import does with an event that changed, in its transaction. */
static enum err town_change_event(struct sim *s, const struct sim_event *ev, int before_terms, struct error *e)
{
    struct records r = {0};
    enum err code = records_begin(&r, &s->hub.hub, NULL, e);
    if (!code)
        code = sql_begin(s->hub.hub.db, e);
    if (!code)
        code = town_write_event(s, ev, e);
    if (!code)
        code = seats_occurrence_changed(s->hub.hub.db, ev->id, before_terms, e);
    if (!code)
        code = record_publish(&r, ev->id, e);
    if (!code)
        code = sql_commit(s->hub.hub.db, e);
    if (code)
        sql_rollback(s->hub.hub.db);
    records_end(&r);
    s->hub.api.view.stale = true;
    return code;
}

void town_organise(struct sim *s, int n, int capacity, bool cancelled, int terms)
{
    struct error e = {0};
    struct sim_event next = s->events[n];
    next.capacity = capacity;
    next.cancelled = cancelled;
    next.terms = terms;
    if (!s->hub.up)
        return;
    watch_hub(s);
    if (!town_change_event(s, &next, s->events[n].terms, &e)) {
        int bound = 0;
        for (int seat = 1; seat <= SIM_SEATS; seat++)
            bound += s->hub.seats[n][seat].state && s->hub.seats[n][seat].state != 'f';
        next.allowed = capacity > bound ? capacity : bound;
        s->events[n] = next;
    } else if (!disk_is_dead(s->hub.disk)) {
        sim_fault(s, "the organiser's change failed: %s", e.text);
    }
}

/* ---- kiosks */

void kiosk_close(struct sim_kiosk *k)
{
    if (k->open) {
        feed_done(&k->feed);
        exchange_done(&k->exchange);
    }
    replica_close(k->replica);
    replica_writer_close(k->writer);
    ledger_close(k->ui);
    ledger_close(k->sync);
    k->replica = NULL;
    k->writer = NULL;
    k->ui = k->sync = NULL;
    k->open = false;
}

static enum err kiosk_open_all(struct sim *s, struct sim_kiosk *k, struct error *e)
{
    char path[4096];
    bool damaged = false;
    enum err code = ledger_open(&k->sync, k->dir, &k->clock, true, e);
    if (!code)
        code = ledger_open(&k->ui, k->dir, &k->clock, false, e);
    if (!code && k->anchored)
        code = ledger_use_anchor(k->ui, k->anchor, e);
    if (!code && k->anchored)
        code = ledger_use_anchor(k->sync, k->anchor, e);
    if (!code)
        code = replica_writer_open(&k->writer, file_join(path, k->dir, "replica.db"), s->zone, true, &damaged, e);
    if (!code && damaged && !disk_is_dead(k->disk))
        sim_fault(s, "kiosk %d: a crash damaged its replica", k->number);
    if (!code)
        code = keyring_load(&k->keys, k->sync, e);
    if (code)
        return code;
    k->replica = replica_open(path);
    ledger_use_key(k->sync, k->sk);
    feed_init(&k->feed, &k->line.base, k->sync, &k->keys, &k->clock, "all");
    exchange_init(&k->exchange, &k->line.base, k->sync, &k->keys, &k->clock, k->sk);
    k->open = true;
    return replica_writer_position(k->writer, &k->feed.at, e);
}

void kiosk_open(struct sim *s, struct sim_kiosk *k)
{
    struct error e = {0};
    k->seen = false;
    if (kiosk_open_all(s, k, &e) == ERR_NONE)
        return;
    kiosk_close(k);
    if (!disk_is_dead(k->disk))
        sim_fault(s, "kiosk %d does not open its databases again: %s", k->number, e.text);
}

void kiosk_restart(struct sim *s, struct sim_kiosk *k, enum disk_loss loss)
{
    kiosk_close(k);
    disk_reboot(k->disk, loss, chance_disk, s);
    if (!s->calm && chance(s, 200))
        disk_crash_after(k->disk, 1 + chance_below(s, 12)); /* again, while it recovers */
    kiosk_open(s, k);
    for (int i = 0; i < 10 && disk_is_dead(k->disk); i++) {
        kiosk_close(k);
        disk_reboot(k->disk, DISK_GAMBLES, chance_disk, s);
        kiosk_open(s, k);
    }
}

void town_revive(struct sim *s)
{
    for (int i = 0; i < s->kiosk_count; i++) {
        struct sim_kiosk *k = &s->kiosks[i];
        if (k->destroyed)
            continue;
        if (disk_is_dead(k->disk)) {
            kiosk_close(k);
            disk_reboot(k->disk, chance(s, 200) ? DISK_LOSES : DISK_GAMBLES, chance_disk, s);
            anchor_tear(s, k);
            k->off = s->calm || chance(s, 600) ? 0 : (int)chance_below(s, 30);
            s->crashes++;
        }
        if (!k->open && --k->off < 0)
            kiosk_restart(s, k, DISK_KEEPS);
    }
    if (disk_is_dead(s->hub.disk)) {
        hub_stop(s);
        disk_reboot(s->hub.disk, chance(s, 200) ? DISK_LOSES : DISK_GAMBLES, chance_disk, s);
        s->hub.off = s->calm || chance(s, 600) ? 0 : (int)chance_below(s, 20);
        s->crashes++;
    }
    if (!s->hub.up && --s->hub.off < 0)
        hub_start(s, DISK_KEEPS);
}

/* ---- once */

static void town_insert_event(struct sim *s, int n, int capacity)
{
    struct error e = {0};
    struct sim_event *ev = &s->events[n];
    *ev = (struct sim_event){.capacity = capacity, .allowed = capacity, .terms = 1};
    snprintf(ev->id, sizeof ev->id, "00000000-0000-4000-8000-00000000e0%02x", (unsigned)n & 0xff);
    ev->start_at = TOWN_NOW / 1000 + (3 + n) * TOWN_DAY;
    struct sql *db = s->hub.hub.db;
    struct sql_stmt *st =
        sql_get(db, "INSERT INTO record (id, kind, uid, name, d, live) VALUES (:id, 'event', :id, 'Event', '{}', 1)");
    sql_bind_text(st, ":id", ev->id);
    town_check(sql_run(st, &e), &e);
    st = sql_get(db, "INSERT INTO occurrence (id, record, rid, start_at, end_at, cancelled, capacity, terms) "
                     "VALUES (:id, :id, '', :start, :start + 3600, 0, :capacity, 1)");
    sql_bind_text(st, ":id", ev->id);
    sql_bind_int(st, ":start", ev->start_at);
    sql_bind_int(st, ":capacity", capacity);
    town_check(sql_run(st, &e), &e);
    town_check(town_change_event(s, ev, 1, &e), &e);
}

static void town_build_hub(struct sim *s)
{
    struct error e = {0};
    struct hub h = {0};
    snprintf(s->hub.dir, sizeof s->hub.dir, "%s/hub", s->root);
    mkdir(s->hub.dir, 0700);
    s->hub.disk = disk_new(s->hub.dir);
    snprintf(h.dir, sizeof h.dir, "%s", s->hub.dir);
    if (!town_command(&h, command_init,
                      (const char *const[]){"init", "--host", "hub.example", "--backups", "none", NULL}))
        die("town: no hub");
    town_check(keys_load(&s->hub.keys, s->hub.dir, &e), &e);
    hub_start(s, DISK_KEEPS);
    static const int capacities[SIM_EVENTS] = {12, 20, 4, -1, 10};
    for (int i = 0; i < SIM_EVENTS; i++)
        town_insert_event(s, i, capacities[i]);
}

static void town_build_kiosk(struct sim *s, int n)
{
    struct error e = {0};
    char code[ENROL_LEN + 1], path[4096];
    bool damaged;
    struct sim_kiosk *k = &s->kiosks[n];
    k->number = n;
    snprintf(k->dir, sizeof k->dir, "%s/k%d", s->root, n);
    mkdir(k->dir, 0700);
    k->disk = disk_new(k->dir);
    k->clock = clock_test(s->now_ms);
    line_init(s, k);
    uint8_t pk[CRYPTO_SIGN_PUBLIC];
    crypto_sign_keys(pk, k->sk);
    crypto_kid(k->kid, pk);
    anchor_build(k);
    town_check(ledger_open(&k->ui, k->dir, &k->clock, false, &e), &e);
    town_check(ledger_use_anchor(k->ui, k->anchor, &e), &e);
    town_check(admission_make(&s->hub.hub, "Kiosk", code, &e), &e);
    town_check(enrol_run(k->ui, &k->line.base, k->sk, "https://hub.example", code, &e), &e);
    town_check(replica_writer_open(&k->writer, file_join(path, k->dir, "replica.db"), s->zone, false, &damaged, &e),
               &e);
    kiosk_close(k);
    kiosk_open(s, k);
    act_pull(s, k);
    kiosk_close(k);
    line_forget(k);
}

void town_build(struct sim *s)
{
    struct error e = {0};
    chance_install(s);
    diskvfs_register();
    town_check(crypto_init(&e), &e);
    chance_set(s, 1, 1);
    folder_new(s->root);
    s->zone = zone_new("Europe/Moscow");
    s->now_ms = TOWN_NOW;
    s->calm = true;
    s->kiosk_count = SIM_KIOSKS;
    town_build_hub(s);
    for (int i = 0; i < SIM_KIOSKS; i++) {
        town_build_kiosk(s, i);
        s->kiosks[i].start = disk_image_take(s->kiosks[i].disk);
        anchor_keep(&s->kiosks[i]);
    }
    hub_stop(s);
    s->hub.start = disk_image_take(s->hub.disk);
    if (s->fault[0])
        die("town: %s", s->fault);
}

void town_free(struct sim *s)
{
    char command[FOLDER_PATH + 16];
    for (int i = 0; i < SIM_KIOSKS; i++) {
        anchor_free(&s->kiosks[i]);
        disk_image_free(s->kiosks[i].start);
        disk_free(s->kiosks[i].disk);
    }
    zone_free(s->zone);
    disk_image_free(s->hub.start);
    disk_free(s->hub.disk);
    snprintf(command, sizeof command, "rm -rf '%s'", s->root);
    if (system(command) != 0)
        die("town: %s stays", s->root);
}

/* ---- each seed */

/* What a seed does at all, and how often: most seeds lack some kinds of trouble, so that others come to their end. */
static void town_choose(struct sim *s)
{
    static const uint32_t scale[] = {0, 0, 1, 1, 2, 4};
    for (int i = 0; i < acts_count(); i++)
        s->weights[i] = sim_acts[i].weight * (sim_acts[i].weight >= 20 ? 2 : scale[chance_below(s, 6)]);
    uint32_t trouble = chance_below(s, 4) * 50;
    s->odds = (struct sim_odds){.lost = chance_below(s, trouble + 1),
                                .late = chance_below(s, trouble + 1),
                                .twice = chance_below(s, trouble + 1),
                                .reply_lost = chance_below(s, 2 * trouble + 1),
                                .reply_cut = chance_below(s, trouble / 2 + 1),
                                .reply_old = chance_below(s, trouble + 1),
                                .meanwhile = chance_below(s, 200)};
    s->kiosk_count = 2 + (int)chance_below(s, SIM_KIOSKS - 1);
    s->by_stick = chance(s, 300) ? (int)chance_below(s, (uint32_t)s->kiosk_count) : -1;
}

void town_begin(struct sim *s, uint64_t seed)
{
    static const int choices[] = {10, 12, 14, 20, 24, 3, 5, 8};
    s->seed = seed;
    s->now_ms = TOWN_NOW;
    s->calm = s->silent = false;
    s->person_count = s->serial = s->hub_restores = 0;
    s->fault[0] = '\0';
    memset(s->people, 0, sizeof s->people);
    memset(s->hub.seats, 0, sizeof s->hub.seats);
    memset(s->taken, 0, sizeof s->taken);
    chance_set(s, seed, 0);
    town_choose(s);
    sticks_new(s);
    disk_image_put(s->hub.disk, s->hub.start);
    hub_start(s, DISK_KEEPS);
    for (int i = 0; i < SIM_KIOSKS; i++) {
        struct sim_kiosk *k = &s->kiosks[i];
        k->destroyed = k->written_off = k->tainted = false;
        k->off = k->stock_count = 0;
        k->clock = clock_test(s->now_ms);
        line_init(s, k);
        disk_image_put(k->disk, k->start);
        disk_reboot(k->disk, DISK_KEEPS, chance_disk, s);
        anchor_begin(s, k);
        if (i < s->kiosk_count)
            kiosk_open(s, k);
        else
            k->destroyed = k->written_off = true;
    }
    struct error e = {0};
    for (int i = s->kiosk_count; i < SIM_KIOSKS; i++) {
        struct sql_stmt *st = sql_get(s->hub.hub.db, "DELETE FROM kiosk WHERE kid = :kid");
        sql_bind_text(st, ":kid", s->kiosks[i].kid);
        town_check(sql_run(st, &e), &e);
    }
    for (int i = 0; i < SIM_EVENTS; i++) {
        s->events[i].terms = 1;
        s->events[i].cancelled = false;
        s->events[i].capacity = i == 3 ? -1 : choices[chance_below(s, i == 2 ? 8 : 5)];
        s->events[i].allowed = s->events[i].capacity;
        town_organise(s, i, s->events[i].capacity, false, 1);
    }
}

void town_end(struct sim *s)
{
    for (int i = 0; i < SIM_KIOSKS; i++) {
        kiosk_close(&s->kiosks[i]);
        line_forget(&s->kiosks[i]);
        disk_image_free(s->kiosks[i].image);
        s->kiosks[i].image = NULL;
        disk_reboot(s->kiosks[i].disk, DISK_KEEPS, chance_disk, s);
    }
    hub_stop(s);
    disk_reboot(s->hub.disk, DISK_KEEPS, chance_disk, s);
    line_drop(s, -1);
    free(s->hub.backup);
    s->hub.backup = NULL;
}
