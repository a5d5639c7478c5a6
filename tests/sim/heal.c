/* The phase of healing: no more faults, every machine that exists comes back, people do what is theirs to do. Within a
 * bounded number of rounds everything must be at rest. */
#include <string.h>

#include "sync/hub/command.h"
#include "tests/sim/sim.h"

enum { HEAL_ROUNDS = 8, HEAL_PERSON = 4, HEAL_TRIPS = 2, HEAL_ASK = 5, HEAL_REST = 4 };

static void heal_kiosk(struct sim *s, struct sim_kiosk *k)
{
    if (!k->open)
        return;
    if (k->number == s->by_stick) {
        for (int i = 0; i < HEAL_TRIPS; i++)
            stick_trip(s, k);
        return;
    }
    act_push(s, k);
    act_pull(s, k);
    act_push(s, k);
}

static void heal_round(struct sim *s, int round)
{
    s->now_ms += 86400000 + 60000;
    town_revive(s);
    s->hub.hub.clock.test_wall_ms = s->now_ms;
    s->hub.api.view.stale = true;
    for (int i = 0; i < s->kiosk_count; i++)
        act_write_off(s, &s->kiosks[i]);
    for (int i = 0; i < s->kiosk_count; i++)
        heal_kiosk(s, &s->kiosks[i]);
    bool window = hub_meta_int(s->hub.hub.db, "window", 0) != 0,
         dirty = hub_meta_int(s->hub.hub.db, "window_dirty", 0) != 0;
    if (round == HEAL_PERSON && window && !dirty)
        sim_fault(s, "the quarantine does not end though every kiosk has spoken");
    if (round == HEAL_PERSON && !town_command(&s->hub.hub, command_release, (const char *const[]){"release", NULL}))
        sim_fault(s, "the quarantine cannot be ended");
    s->hub.api.view.stale = true;
}

/* Some people ask about their papers at every kiosk. */
static void heal_ask(struct sim *s)
{
    char state;
    struct error e;
    for (int i = (int)chance_below(s, HEAL_ASK); i < s->person_count; i += HEAL_ASK) {
        struct sim_person *p = &s->people[i];
        p->asked = true;
        for (int n = 0; n < s->kiosk_count; n++)
            if (s->kiosks[n].open && ledger_find(s->kiosks[n].ui, p->code, &state, &e))
                sim_fault(s, "kiosk %d cannot ask for a ticket: %s", n, e.text);
    }
}

/* No time passes any more: what the last round moved is told, people ask, and a backup makes it safe. */
static void heal_rest(struct sim *s)
{
    char backups[8];
    for (int rest = 0; rest < HEAL_REST && !s->fault[0]; rest++) {
        if (rest == HEAL_REST - 2)
            heal_ask(s);
        hub_meta_str(s->hub.hub.db, "backups", "no", backups, sizeof backups);
        if (rest == HEAL_REST - 1 && strcmp(backups, "yes") == 0 && !act_backup_made(s))
            sim_fault(s, "no backup can be made");
        for (int i = 0; i < s->kiosk_count; i++)
            heal_kiosk(s, &s->kiosks[i]);
    }
}

void heal(struct sim *s)
{
    s->calm = true;
    line_drop(s, -1);
    for (int i = 0; i < s->kiosk_count; i++) {
        struct sim_kiosk *k = &s->kiosks[i];
        line_forget(k);
        anchor_heal(k);
        disk_crash_after(k->disk, 0);
        k->off = 0;
        k->clock.test_wall_ms = s->now_ms;
    }
    disk_crash_after(s->hub.disk, 0);
    s->hub.off = 0;
    for (int round = 0; round < HEAL_ROUNDS && !s->fault[0]; round++) {
        heal_round(s, round);
        watch_step(s);
    }
    heal_rest(s);
}
