/* What can happen in one step. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "kiosk/base/file.h"
#include "sync/hub/backup/backup.h"
#include "sync/hub/command.h"
#include "sync/stock.h"
#include "tests/sim/sim.h"

enum { ACT_ROUNDS = 12, ACT_PULLS = 40 };

/* ---- people */

int person_find(const struct sim *s, const char *id)
{
    for (int i = s->person_count - 1; i >= 0; i--)
        if (strcmp(s->people[i].id, id) == 0)
            return i;
    return -1;
}

int person_new(struct sim *s, const char *id, const char *code, int kiosk)
{
    if (s->person_count == SIM_PEOPLE)
        return -1;
    struct sim_person *p = &s->people[s->person_count];
    *p = (struct sim_person){.kiosk = kiosk, .ev = -1, .stale = s->kiosks[kiosk].tainted};
    snprintf(p->id, sizeof p->id, "%s", id);
    snprintf(p->code, sizeof p->code, "%s", code);
    s->signups++;
    return s->person_count++;
}

static void person_take(struct sim *s, struct sim_person *p, const struct ticket *t)
{
    for (int i = 0; i < SIM_EVENTS; i++)
        if (strcmp(s->events[i].id, t->event) == 0)
            p->ev = i;
    p->party = t->party;
    p->word = t->state;
    p->seat_count = t->seat_count;
    memcpy(p->seats, t->seats, sizeof p->seats);
    p->lease = t->lease;
    p->promised = t->state == TICKET_CONFIRMED;
    p->here = p->queued = true;
    s->promised += p->promised;
}

static void person_signs_up(struct sim *s, struct sim_kiosk *k)
{
    struct row row;
    struct content event;
    struct ticket t;
    struct error e;
    int ev = (int)chance_below(s, 7) % SIM_EVENTS;
    replica_refresh(k->replica);
    if (replica_get_occurrence(k->replica, s->events[ev].id, &row, &event, &e))
        return;
    struct signup_draft draft = {.occurrence = &row,
                                 .event = &event,
                                 .party = chance(s, 700) ? 1 : 1 + (int)chance_below(s, 4),
                                 .name = "Anna",
                                 .telephone = "+79161234567",
                                 .lang = "ru",
                                 .sign_sk = k->sk};
    enum err code = row.cancelled || event.cancelled ? ERR_GONE : ledger_sign_up(k->ui, &draft, &t, &e);
    content_done(&event);
    if (code && code != ERR_GONE && !disk_is_dead(k->disk))
        sim_fault(s, "kiosk %d refused a sign-up: %s", k->number, e.text);
    int n = code ? -1 : person_new(s, t.id, t.code, k->number);
    if (n >= 0)
        person_take(s, &s->people[n], &t);
}

static struct sim_person *person_any(struct sim *s, const struct sim_kiosk *k, bool from_here)
{
    for (int tries = 0; tries < 8 && s->person_count > 0; tries++) {
        struct sim_person *p = &s->people[chance_below(s, (uint32_t)s->person_count)];
        if ((p->kiosk == k->number) == from_here && !p->cancelled)
            return p;
    }
    return NULL;
}

static void person_cancels_ticket(struct sim_kiosk *k, struct sim_person *p)
{
    struct ticket t;
    struct error e;
    if (ledger_ticket_by_code(k->ui, p->code, &t, &e) || t.state == TICKET_CANCELLED || strcmp(t.id, p->id) != 0)
        return;
    if (ledger_cancel(k->ui, t.id, &e) == ERR_NONE) {
        p->cancelled = true;
        p->cancel_kiosk = k->number;
        if (p->kiosk == k->number)
            p->word = TICKET_CANCELLED;
    } else {
        p->maybe = true;
    }
}

static void act_cancel(struct sim *s, struct sim_kiosk *k)
{
    struct sim_person *p = person_any(s, k, true);
    if (p)
        person_cancels_ticket(k, p);
}

/* With the paper to another kiosk: it asks the hub, and the next time it knows. */
static void act_cancel_elsewhere(struct sim *s, struct sim_kiosk *k)
{
    struct error e;
    char state = 0;
    struct sim_person *p = person_any(s, k, false);
    if (p && ledger_find(k->ui, p->code, &state, &e) == ERR_NONE && state == 't' && chance(s, 700))
        person_cancels_ticket(k, p);
}

void act_person(struct sim *s, struct sim_kiosk *k)
{
    if (!k->open)
        return;
    if (chance(s, 800))
        person_signs_up(s, k);
    else if (chance(s, 500))
        act_cancel(s, k);
    else
        act_cancel_elsewhere(s, k);
}

/* ---- kiosk-sync */

void act_push(struct sim *s, struct sim_kiosk *k)
{
    struct error e;
    int rounds = s->calm ? ACT_ROUNDS : 1 + (int)chance_below(s, 5);
    enum exchange_result result = EXCHANGE_AGAIN;
    for (int i = 0; i < rounds && result == EXCHANGE_AGAIN && !disk_is_dead(k->disk); i++) {
        result = exchange_step(&k->exchange, k->feed.at.epoch, k->feed.at.seq, &e);
        if (result != EXCHANGE_FAILED)
            k->tainted = false;
    }
}

void act_pull(struct sim *s, struct sim_kiosk *k)
{
    struct error e;
    char path[4096];
    int returned;
    if (feed_begin(&k->feed, k->writer, &e))
        return;
    for (int i = 0; i < ACT_PULLS && k->feed.state != FEED_DONE; i++)
        if (feed_step(&k->feed, &e))
            return;
    int64_t now = k->clock.quality == CLOCK_OK ? clock_wall_ms(&k->clock) / 1000 : INT64_MIN;
    if (k->feed.state != FEED_DONE ||
        stock_return(k->sync, file_join(path, k->dir, "replica.db"), now, &returned, &e) == ERR_NONE)
        return;
    if (!disk_is_dead(k->disk))
        sim_fault(s, "kiosk %d cannot return its stock: %s", k->number, e.text);
}

void act_purge(struct sim *s, struct sim_kiosk *k)
{
    struct error e;
    if (ledger_purge(k->sync, &e) && !disk_is_dead(k->disk))
        sim_fault(s, "kiosk %d cannot purge: %s", k->number, e.text);
}

/* ---- misfortunes of kiosks */

static void act_arm_kiosk(struct sim *s, struct sim_kiosk *k) { disk_crash_after(k->disk, 1 + chance_below(s, 25)); }

static void act_power_cut(struct sim *s, struct sim_kiosk *k)
{
    (void)s;
    disk_crash_now(k->disk);
}

static void act_kill(struct sim *s, struct sim_kiosk *k) { kiosk_restart(s, k, DISK_KEEPS); }

static void act_take_image(struct sim *s, struct sim_kiosk *k)
{
    (void)s;
    disk_image_free(k->image);
    k->image = disk_image_take(k->disk);
}

static void act_put_image(struct sim *s, struct sim_kiosk *k)
{
    if (!k->image)
        return;
    watch_kiosk(s, k);
    kiosk_close(k);
    disk_reboot(k->disk, DISK_KEEPS, chance_disk, s);
    disk_image_put(k->disk, k->image);
    s->restores++;
    if (!k->anchored) { /* what was under way would speak for another log that looks the same */
        k->tainted = true;
        line_drop(s, k->number);
        line_forget(k);
        sticks_forget(s, k);
    }
    for (int i = 0; i < s->person_count; i++) {
        struct sim_person *p = &s->people[i];
        p->wiped = p->wiped || p->kiosk == k->number;
        p->cancel_lost = p->cancel_lost || (p->cancelled && p->cancel_kiosk == k->number);
    }
    kiosk_open(s, k);
    if (k->open)
        watch_kiosk(s, k);
    for (int i = 0; i < s->person_count; i++) /* those that the image has are where they were */
        if (s->people[i].kiosk == k->number && s->people[i].queued)
            s->people[i].wiped = false;
}

static void act_destroy(struct sim *s, struct sim_kiosk *k)
{
    int left = 0;
    for (int i = 0; i < s->kiosk_count; i++)
        left += !s->kiosks[i].destroyed;
    if (left < 2)
        return;
    kiosk_close(k);
    disk_reboot(k->disk, DISK_KEEPS, chance_disk, s);
    k->destroyed = true;
    k->stock_count = 0;
    for (int i = 0; i < s->person_count; i++) {
        struct sim_person *p = &s->people[i];
        p->gone = p->gone || p->kiosk == k->number;
        p->cancel_lost = p->cancel_lost || (p->cancelled && p->cancel_kiosk == k->number);
        if (p->kiosk == k->number)
            p->here = p->queued = false;
    }
}

void act_write_off(struct sim *s, struct sim_kiosk *k)
{
    if (k->destroyed && !k->written_off && s->hub.up)
        k->written_off = town_command(&s->hub.hub, command_revoke,
                                      (const char *const[]){"revoke", "--write-off", "--yes", k->kid, NULL});
    s->hub.api.view.stale = true;
}

static void act_write_off_any(struct sim *s, struct sim_kiosk *k)
{
    (void)k;
    act_write_off(s, &s->kiosks[chance_below(s, (uint32_t)s->kiosk_count)]);
}

static void act_clock(struct sim *s, struct sim_kiosk *k)
{
    static const int64_t off[] = {-400 * 86400, -86400, -3600, 3600, 86400, 400 * 86400};
    k->clock.test_wall_ms = s->now_ms + off[chance_below(s, 6)] * 1000;
    k->clock.quality = chance(s, 500) ? CLOCK_SUSPECT : CLOCK_UNSET;
}

static void act_line(struct sim *s, struct sim_kiosk *k)
{
    (void)s;
    k->line.cut = !k->line.cut;
}

/* ---- the hub */

static void act_arm_hub(struct sim *s, struct sim_kiosk *k)
{
    (void)k;
    disk_crash_after(s->hub.disk, 1 + chance_below(s, 40));
}

static void act_kill_hub(struct sim *s, struct sim_kiosk *k)
{
    (void)k;
    hub_start(s, DISK_KEEPS);
}

static void act_late(struct sim *s, struct sim_kiosk *k)
{
    (void)k;
    line_land(s);
}

bool act_backup_made(struct sim *s)
{
    char name[40], path[4096];
    size_t n;
    int64_t opseq = 0;
    if (!s->hub.up)
        return false;
    snprintf(name, sizeof name, "backup-%d.db", s->serial++);
    /* The drill works on real files, which these are not: it has its own tests. */
    bool made = !backup_copy(&s->hub.hub, file_join(path, s->hub.dir, name), true, &opseq, NULL) &&
                !backup_passed(&s->hub.hub, opseq, NULL);
    s->hub.api.view.stale = true;
    unlink(path);
    if (made) { /* to another medium */
        const void *bytes = disk_file_get(s->hub.disk, name, &n);
        free(s->hub.backup);
        s->hub.backup = mem_new(n, 1);
        s->hub.backup_size = n;
        memcpy(s->hub.backup, bytes, n);
    }
    disk_file_delete(s->hub.disk, name);
    return made;
}

static void act_backup(struct sim *s, struct sim_kiosk *k)
{
    (void)k;
    act_backup_made(s);
}

/* What the hub had decided after the backup is forgotten with it: where only its own word confirmed, no kiosk can
 * prove it again. */
static void act_note_forgotten(struct sim *s)
{
    for (int i = 0; i < s->person_count; i++) {
        struct sim_person *p = &s->people[i];
        bool same = p->at_hub && p->state == WIRE_CONFIRMED;
        p->unproven = p->unproven || (p->promised && p->lease == 0 && !same);
        p->stale = p->stale || (p->wiped && !p->at_hub); /* nobody remembers it any more, nor how it was told */
    }
    for (int i = 0; i < SIM_EVENTS; i++) { /* the organiser's changes went with it */
        struct sim_event *ev = &s->events[i];
        struct sql_stmt *st =
            sql_get(s->hub.hub.db, "SELECT capacity, cancelled, terms FROM occurrence WHERE id = :id");
        bool row = false;
        sql_bind_text(st, ":id", ev->id);
        if (sql_step(st, &row, NULL) == ERR_NONE && row) {
            ev->capacity = (int)sql_int(st, 0);
            ev->cancelled = sql_int(st, 1) != 0;
            ev->terms = (int)sql_int(st, 2);
            ev->allowed = ev->allowed > ev->capacity ? ev->allowed : ev->capacity;
        }
        sql_reset(st);
    }
}

/* Seats that changed hands after the backup are where they were: who has one now is displaced until the one before has
 * spoken, and is the first to be seated then. */
static void act_note_taken(struct sim *s)
{
    for (int ev = 0; ev < SIM_EVENTS; ev++)
        for (int seat = 1; seat <= SIM_SEATS; seat++) {
            const struct sim_seat *at = &s->hub.seats[ev][seat];
            int64_t *taken = &s->taken[ev][seat];
            if (at->state == 'h' || at->state == 's')
                *taken = at->lease && (*taken == 0 || *taken == at->lease) ? at->lease : -1;
        }
}

static void act_restore_hub(struct sim *s, struct sim_kiosk *k)
{
    (void)k;
    if (!s->hub.backup)
        return;
    hub_stop(s);
    disk_reboot(s->hub.disk, DISK_KEEPS, chance_disk, s);
    disk_file_delete(s->hub.disk, "hub.db-wal");
    disk_file_put(s->hub.disk, "hub.db", s->hub.backup, s->hub.backup_size);
    hub_start(s, DISK_KEEPS);
    s->restores++;
    s->hub_restores++;
    if (chance(s, 150)) /* it finds out by itself, or nobody knows more */
        s->silent = true;
    else if (!s->hub.up || !town_command(&s->hub.hub, command_restored, (const char *const[]){"restored", NULL}))
        sim_fault(s, "the hub cannot be told that it was restored");
    s->hub.api.view.stale = true;
    watch_hub(s);
    act_note_forgotten(s);
    act_note_taken(s);
    for (int i = 0; i < s->kiosk_count; i++) /* a write-off after the backup is forgotten, too */
        s->kiosks[i].written_off = i >= s->kiosk_count;
}

static void act_organise(struct sim *s, struct sim_kiosk *k)
{
    (void)k;
    int n = (int)chance_below(s, SIM_EVENTS);
    const struct sim_event *ev = &s->events[n];
    switch (chance_below(s, 3)) {
    case 0:
        if (ev->capacity >= 0)
            town_organise(s, n, (int)chance_below(s, 26), ev->cancelled, ev->terms);
        return;
    case 1:
        town_organise(s, n, ev->capacity, !ev->cancelled, ev->terms);
        return;
    default:
        town_organise(s, n, ev->capacity, ev->cancelled, ev->terms + 1);
    }
}

static void act_hours(struct sim *s, struct sim_kiosk *k)
{
    (void)k;
    s->now_ms += (int64_t)chance_below(s, 10) * 3600000;
    for (int i = 0; i < s->kiosk_count; i++)
        s->kiosks[i].clock.test_wall_ms += 3600000;
}

const struct sim_act sim_acts[] = {
    {"a person at the kiosk", 60, act_person, false},
    {"push", 50, act_push, false},
    {"pull", 20, act_pull, false},
    {"a ticket is cancelled", 4, act_cancel, false},
    {"a ticket is cancelled elsewhere", 6, act_cancel_elsewhere, false},
    {"purge", 5, act_purge, false},
    {"the kiosk will crash at a write", 8, act_arm_kiosk, false},
    {"power cut at the kiosk", 2, act_power_cut, false},
    {"the kiosk's programs are killed", 2, act_kill, false},
    {"an image is made of the kiosk", 4, act_take_image, false},
    {"an old image is put back", 3, act_put_image, false},
    {"the kiosk is destroyed", 1, act_destroy, false},
    {"the anchor's medium goes or comes", 3, act_anchor, false},
    {"the kiosk's clock jumps", 2, act_clock, false},
    {"the kiosk's line goes or comes", 5, act_line, false},
    {"a stick at the kiosk", 8, act_stick_kiosk, false},
    {"a stick at the hub", 10, act_stick_hub, true},
    {"a stick is lost, copied, comes again, or is tampered with", 8, act_stick_trouble, true},
    {"a destroyed kiosk is written off", 3, act_write_off_any, true},
    {"a late message arrives", 10, act_late, true},
    {"the hub will crash at a write", 8, act_arm_hub, true},
    {"the hub is killed", 2, act_kill_hub, true},
    {"backup", 4, act_backup, true},
    {"the hub is restored", 3, act_restore_hub, true},
    {"the organiser changes an event", 4, act_organise, true},
    {"hours pass", 3, act_hours, true},
};

int acts_count(void) { return (int)(sizeof sim_acts / sizeof sim_acts[0]); }
