/* The watcher sees everything at once: every ledger, the hub, every paper. What it says must hold after each step, and
 * what must hold when all has healed. */
#include <stdio.h>
#include <string.h>

#include "kiosk/store/ledger_private.h"
#include "sync/hub/feed.h"
#include "sync/hub/seats/seats.h"
#include "tests/sim/sim.h"

/* ---- reading */

static int watch_event(const struct sim *s, const char *id)
{
    for (int i = 0; i < SIM_EVENTS; i++)
        if (strcmp(s->events[i].id, id) == 0)
            return i;
    return -1;
}

static int watch_seats(const char *text, int *seats, int max)
{
    int count = 0, n = 0, used = 0;
    while (count < max && sscanf(text, "%d%n", &n, &used) == 1) {
        seats[count++] = n;
        text += used;
        text += *text == ',';
    }
    return count;
}

static void watch_ticket(struct sim *s, struct sim_kiosk *k, struct sql_stmt *st)
{
    int n = person_find(s, sql_text(st, 0));
    if (n < 0) /* a crash came between the commit and the paper: it is printed after the start */
        n = person_new(s, sql_text(st, 0), sql_text(st, 1), k->number);
    if (n < 0)
        return;
    struct sim_person *p = &s->people[n];
    enum ticket_state state = TICKET_QUARANTINED;
    static const char *const names[] = {"asking",        "confirmed", "waiting",     "displaced", "event_cancelled",
                                        "terms_changed", "conflict",  "quarantined", "cancelled"};
    for (int i = 0; i < 9; i++)
        if (strcmp(names[i], sql_text(st, 3)) == 0)
            state = (enum ticket_state)i;
    p->ev = watch_event(s, sql_text(st, 2));
    p->word = state == TICKET_ASKING ? TICKET_WAITING : state;
    p->party = (int)sql_int(st, 4);
    p->seat_count = watch_seats(sql_text(st, 5), p->seats, LEDGER_SEATS_MAX);
    p->lease = sql_int(st, 6);
    p->here = true;
    if (state == TICKET_CONFIRMED && !p->promised) {
        p->promised = true;
        s->promised++;
    }
    if (state == TICKET_CANCELLED && p->maybe && !p->cancelled) {
        p->cancelled = true;
        p->cancel_kiosk = k->number;
    }
}

static void watch_stock(struct sim *s, struct sim_kiosk *k, struct sql *db)
{
    bool row = true;
    int64_t lost = 0;
    k->stock_count = 0;
    if (ledger_meta_get_int(k->ui, "anchor_lost", &lost, NULL) || lost) /* nothing is sold from it */
        return;
    struct sql_stmt *st = sql_get(db, "SELECT event, seat, lease FROM stock");
    while (sql_step(st, &row, NULL) == ERR_NONE && row && k->stock_count < SIM_EVENTS * SIM_SEATS)
        k->stock[k->stock_count++] =
            (struct sim_stock){watch_event(s, sql_text(st, 0)), (int)sql_int(st, 1), sql_int(st, 2)};
    sql_reset(st);
}

void watch_kiosk(struct sim *s, struct sim_kiosk *k)
{
    bool row = true;
    int64_t changes = disk_count(k->disk, DISK_CHANGES);
    bool known = k->seen && k->looked == changes;
    k->seen = k->open && !disk_is_dead(k->disk);
    k->looked = changes;
    if (!k->seen || known)
        return;
    for (int i = 0; i < s->person_count; i++)
        if (s->people[i].kiosk == k->number)
            s->people[i].here = s->people[i].queued = false;
    struct sql *db = ledger_sql(k->ui);
    struct sql_stmt *st = sql_get(db, "SELECT id, code, event, state, party, seats, lease FROM signup WHERE mine = 1");
    while (sql_step(st, &row, NULL) == ERR_NONE && row)
        watch_ticket(s, k, st);
    st = sql_get(db, "SELECT signup FROM op WHERE kind = 'signup' AND body <> ''");
    for (row = true; sql_step(st, &row, NULL) == ERR_NONE && row;) {
        int n = person_find(s, sql_text(st, 0));
        if (n >= 0)
            s->people[n].queued = true;
    }
    watch_stock(s, k, db);
}

static void watch_hub_seats(struct sim *s)
{
    bool row = true;
    memset(s->hub.seats, 0, sizeof s->hub.seats);
    struct sql_stmt *st = sql_get(s->hub.hub.db, "SELECT ev, seat, state, lease, signup FROM seat");
    while (sql_step(st, &row, NULL) == ERR_NONE && row) {
        int ev = watch_event(s, sql_text(st, 0)), seat = (int)sql_int(st, 1);
        if (ev < 0 || seat < 1 || seat > SIM_SEATS)
            continue;
        s->hub.seats[ev][seat] = (struct sim_seat){.state = sql_text(st, 2)[0], .lease = sql_int(st, 3), .person = -1};
        if (sql_text(st, 2)[0] == 's')
            s->hub.seats[ev][seat].person = person_find(s, sql_text(st, 4));
    }
}

/* A restored hub forgot that the organiser had raised the capacity: what was sold of that is not there (L8). */
static void watch_beyond(struct sim *s)
{
    for (int i = 0; s->hub_restores > 0 && i < s->person_count; i++) {
        struct sim_person *p = &s->people[i];
        for (int n = 0; p->ev >= 0 && p->lease && n < p->seat_count; n++)
            if (p->seats[n] <= SIM_SEATS && !s->hub.seats[p->ev][p->seats[n]].state)
                p->unproven = true;
    }
}

void watch_hub(struct sim *s)
{
    bool row = true;
    int64_t changes = disk_count(s->hub.disk, DISK_CHANGES) + s->person_count;
    if (!s->hub.up || disk_is_dead(s->hub.disk) || s->hub.looked == changes)
        return;
    s->hub.looked = changes;
    for (int i = 0; i < s->person_count; i++)
        s->people[i].at_hub = false;
    struct sql_stmt *st = sql_get(s->hub.hub.db, "SELECT id, state, party, seats, passed FROM signup");
    while (sql_step(st, &row, NULL) == ERR_NONE && row) {
        int n = person_find(s, sql_text(st, 0));
        if (n < 0) {
            /* It died with its kiosk or under an older image before the watcher could see it. */
            continue;
        }
        struct sim_person *p = &s->people[n];
        p->at_hub = true;
        if (!wire_state_read(&p->state, sql_text(st, 1)))
            sim_fault(s, "sign-up %s has the state %s", p->id, sql_text(st, 1));
        p->hub_party = (int)sql_int(st, 2);
        p->passed = (int)sql_int(st, 4);
        p->hub_count = watch_seats(sql_text(st, 3), p->hub_seats, WIRE_PARTY_MAX);
    }
    watch_hub_seats(s);
    watch_beyond(s);
}

/* ---- after each step */

/* What a kiosk said that was written off comes late, and waits at the hub for a person. */
static bool watch_excused(const struct sim *s, const struct sim_person *p)
{
    bool unheard = !p->at_hub || (p->gone && p->state == WIRE_QUARANTINED);
    bool wiped = p->wiped && !s->kiosks[p->kiosk].anchored;
    return p->stale || p->unproven || ((wiped || p->gone) && unheard);
}

static void watch_losses(struct sim *s)
{
    for (int i = 0; i < s->person_count; i++) {
        const struct sim_person *p = &s->people[i];
        if (!p->at_hub && !p->queued && !p->wiped && !p->gone)
            sim_fault(s, "sign-up %d (%s, kiosk %d) is lost: neither at the hub nor in its kiosk's log", i, p->id,
                      p->kiosk);
    }
}

static bool watch_has_seats(const struct sim_person *p)
{
    return !p->cancelled && !p->maybe && p->seat_count > 0 && p->word != TICKET_CANCELLED &&
           (p->word == TICKET_CONFIRMED || p->word == TICKET_TERMS_CHANGED);
}

/* Who may sell a seat, or has it on paper: at most one. Papers have numbers from 1, stocks from -1. */
static void watch_claim(struct sim *s, int claims[SIM_EVENTS][SIM_SEATS + 1], int ev, int seat, int who)
{
    if (ev < 0 || seat < 1 || seat > SIM_SEATS)
        return;
    int before = claims[ev][seat];
    if (before)
        sim_fault(s, "seat %d of event %d is with %s %d and with %s %d", seat, ev, before > 0 ? "paper" : "kiosk",
                  before > 0 ? before - 1 : -before - 1, who > 0 ? "paper" : "kiosk", who > 0 ? who - 1 : -who - 1);
    claims[ev][seat] = who;
}

static void watch_claims(struct sim *s)
{
    int claims[SIM_EVENTS][SIM_SEATS + 1] = {0};
    for (int i = 0; i < s->person_count; i++) {
        const struct sim_person *p = &s->people[i];
        if (!watch_has_seats(p) || watch_excused(s, p))
            continue;
        for (int n = 0; n < p->seat_count; n++)
            watch_claim(s, claims, p->ev, p->seats[n], i + 1);
    }
    for (int i = 0; i < s->kiosk_count; i++) {
        const struct sim_kiosk *k = &s->kiosks[i];
        for (int n = 0; k->seen && !k->tainted && n < k->stock_count; n++)
            watch_claim(s, claims, k->stock[n].ev, k->stock[n].seat, -i - 1);
    }
    for (int ev = 0; s->hub.up && ev < SIM_EVENTS; ev++)
        for (int seat = 1; seat <= SIM_SEATS; seat++)
            if (s->hub.seats[ev][seat].state == 'f' && claims[ev][seat])
                sim_fault(s, "seat %d of event %d is free at the hub and with %s %d", seat, ev,
                          claims[ev][seat] > 0 ? "paper" : "kiosk",
                          claims[ev][seat] > 0 ? claims[ev][seat] - 1 : -claims[ev][seat] - 1);
}

static bool watch_sits(const struct sim_person *p, int seat)
{
    for (int n = 0; p->at_hub && n < p->hub_count; n++)
        if (p->hub_seats[n] == seat)
            return true;
    return false;
}

/* At the hub itself: people confirmed sit on seats of their own, and are no more than there are. */
static void watch_sold(struct sim *s)
{
    for (int ev = 0; ev < SIM_EVENTS; ev++) {
        int people = 0;
        for (int i = 0; i < s->person_count; i++) {
            const struct sim_person *p = &s->people[i];
            if (p->at_hub && p->ev == ev && p->state == WIRE_CONFIRMED && s->events[ev].capacity >= 0) {
                people += p->hub_party;
                if (p->hub_count != p->hub_party)
                    sim_fault(s, "sign-up %d is confirmed for %d with %d seats", i, p->hub_party, p->hub_count);
            }
            for (int n = 0; p->at_hub && p->ev == ev && n < p->hub_count; n++)
                if (s->hub.seats[ev][p->hub_seats[n]].person != i)
                    sim_fault(s, "sign-up %d says seat %d of event %d, the seat says otherwise", i, p->hub_seats[n],
                              ev);
        }
        for (int seat = 1; seat <= SIM_SEATS; seat++) {
            const struct sim_seat *at = &s->hub.seats[ev][seat];
            if (at->state == 's' && at->person >= 0 && !watch_sits(&s->people[at->person], seat))
                sim_fault(s, "seat %d of event %d is sold to sign-up %d, who does not sit there", seat, ev, at->person);
        }
        if (s->events[ev].capacity >= 0 && people > s->events[ev].allowed)
            sim_fault(s, "event %d has room for %d and %d are confirmed", ev, s->events[ev].allowed, people);
    }
}

static bool watch_was_taken(const struct sim *s, const struct sim_person *p)
{
    for (int n = 0; n < p->paper_count; n++)
        if (p->paper[n] > SIM_SEATS || (s->taken[p->ev][p->paper[n]] && s->taken[p->ev][p->paper[n]] != p->paper_lease))
            return true;
    return false;
}

/* Whoever was told a seat by a kiosk that had it sits there and nowhere else. */
static void watch_paper(struct sim *s, int i)
{
    struct sim_person *p = &s->people[i];
    if (!p->paper_count && p->lease && p->word == TICKET_CONFIRMED) {
        p->paper_count = p->seat_count;
        p->paper_lease = p->lease;
        memcpy(p->paper, p->seats, sizeof p->paper);
    }
    if (p->at_hub && p->paper_count && p->state == WIRE_CONFIRMED && !watch_excused(s, p) && !watch_was_taken(s, p) &&
        memcmp(p->paper, p->hub_seats, (size_t)p->paper_count * sizeof p->paper[0]) != 0)
        sim_fault(s, "sign-up %d (%s) has seat %d on paper and %d at the hub", i, p->id, p->paper[0], p->hub_seats[0]);
}

static void watch_promises(struct sim *s)
{
    int64_t window = hub_meta_int(s->hub.hub.db, "window", 0);
    for (int i = 0; i < s->person_count; i++) {
        const struct sim_person *p = &s->people[i];
        watch_paper(s, i);
        if (!p->at_hub || watch_excused(s, p))
            continue;
        if (p->promised && p->lease && !window && (p->state == WIRE_DISPLACED || p->state == WIRE_CONFLICT))
            sim_fault(s, "sign-up %d (%s) was confirmed on paper and is %s at the hub", i, p->id,
                      wire_state_name(p->state));
        if (p->state == WIRE_CANCELLED && !p->cancelled && !p->maybe)
            sim_fault(s, "sign-up %d (%s) was cancelled by nobody", i, p->id);
    }
}

void watch_step(struct sim *s)
{
    for (int i = 0; i < s->kiosk_count; i++)
        watch_kiosk(s, &s->kiosks[i]);
    watch_hub(s);
    if (!s->hub.up || disk_is_dead(s->hub.disk))
        return;
    watch_losses(s);
    if (s->hub_restores == 0 && hub_meta_int(s->hub.hub.db, "epoch", 1) != 1)
        sim_fault(s, "the hub thinks that it was restored, and it was not");
    if (!s->silent)
        watch_claims(s);
    watch_sold(s);
    if (!s->silent)
        watch_promises(s);
}

/* ---- at the end */

static bool watch_same_state(enum ticket_state word, enum wire_state state)
{
    switch (state) {
    case WIRE_CONFIRMED:
        return word == TICKET_CONFIRMED || word == TICKET_TERMS_CHANGED;
    case WIRE_WAITLISTED:
        return word == TICKET_WAITING;
    case WIRE_DISPLACED:
        return word == TICKET_DISPLACED;
    case WIRE_EVENT_CANCELLED:
        return word == TICKET_EVENT_CANCELLED;
    case WIRE_CANCELLED:
        return word == TICKET_CANCELLED;
    case WIRE_CONFLICT:
        return word == TICKET_CONFLICT;
    default:
        return word == TICKET_QUARANTINED;
    }
}

static void watch_same(struct sim *s, int i)
{
    const struct sim_person *p = &s->people[i];
    if (!p->here || !p->at_hub)
        return;
    if (!watch_same_state(p->word, p->state))
        sim_fault(s, "sign-up %d (%s) is %s at the hub and state %d at kiosk %d", i, p->id, wire_state_name(p->state),
                  (int)p->word, p->kiosk);
    bool seated = p->state == WIRE_CONFIRMED && s->events[p->ev].capacity >= 0;
    if (seated && (p->seat_count != p->hub_count ||
                   memcmp(p->seats, p->hub_seats, (size_t)p->seat_count * sizeof p->seats[0]) != 0))
        sim_fault(s, "sign-up %d (%s) sits elsewhere at the hub than on paper", i, p->id);
}

/* Nobody waits who could sit, unless the seats are kept for a group that was passed over too often. */
static void watch_queue(struct sim *s, int ev)
{
    int least = 1000, room = 0;
    for (int i = 0; i < s->person_count && s->events[ev].cancelled; i++) {
        const struct sim_person *p = &s->people[i];
        if (p->at_hub && p->ev == ev && (p->state == WIRE_CONFIRMED || p->state == WIRE_WAITLISTED))
            sim_fault(s, "event %d is called off and sign-up %d is %s", ev, i, wire_state_name(p->state));
    }
    if (s->events[ev].capacity < 0 || s->events[ev].cancelled)
        return;
    for (int seat = 1; seat <= SIM_SEATS; seat++)
        room += s->hub.seats[ev][seat].state == 'f';
    for (int i = 0; i < s->person_count; i++) {
        const struct sim_person *p = &s->people[i];
        if (!p->at_hub || p->ev != ev || (p->state != WIRE_WAITLISTED && p->state != WIRE_DISPLACED))
            continue;
        if (p->passed >= SEATS_PASSED && p->hub_party > room)
            return;
        least = p->hub_party < least ? p->hub_party : least;
    }
    if (least <= room)
        sim_fault(s, "a party of %d waits for event %d, which has %d free seats", least, ev, room);
}

static void watch_outbox(struct sim *s, struct sim_kiosk *k)
{
    struct ledger_status status;
    struct error e;
    if (!k->open)
        return;
    if (k->feed.at.epoch != (uint32_t)hub_meta_int(s->hub.hub.db, "epoch", 1) ||
        k->feed.at.seq != feed_seq(s->hub.hub.db))
        sim_fault(s, "kiosk %d ends with a replica of epoch %u at %lld", k->number, k->feed.at.epoch,
                  (long long)k->feed.at.seq);
    if (k->anchored && !ledger_anchor_holds(k->ui))
        sim_fault(s, "kiosk %d cannot sell: its anchor does not hold", k->number);
    if (ledger_status(k->ui, &status, &e))
        sim_fault(s, "kiosk %d: %s", k->number, e.text);
    else if (status.unsent || status.unsafe)
        sim_fault(s, "kiosk %d still has %d operations unsent and %d not safe", k->number, status.unsent,
                  status.unsafe);
}

/* The paper is good everywhere: asked for at another kiosk, it is what the hub says. */
static void watch_asked(struct sim *s)
{
    struct ticket t;
    struct error e;
    for (int i = 0; i < s->person_count; i++) {
        const struct sim_person *p = &s->people[i];
        for (int n = 0; n < s->kiosk_count && p->at_hub; n++) {
            struct sim_kiosk *k = &s->kiosks[n];
            if (!p->asked || n == p->kiosk || !k->open)
                continue;
            if (ledger_ticket_by_code(k->ui, p->code, &t, &e))
                sim_fault(s, "sign-up %d (%s) was asked for at kiosk %d, which does not find it", i, p->id, n);
            else if (!watch_same_state(t.state, p->state))
                sim_fault(s, "sign-up %d (%s) is %s at the hub and state %d when asked for at kiosk %d", i, p->id,
                          wire_state_name(p->state), (int)t.state, n);
        }
    }
}

void watch_end(struct sim *s)
{
    watch_step(s);
    for (int i = 0; i < s->kiosk_count; i++)
        watch_outbox(s, &s->kiosks[i]);
    for (int i = 0; i < s->person_count; i++) {
        const struct sim_person *p = &s->people[i];
        if (!p->at_hub && !p->wiped && !p->gone)
            sim_fault(s, "sign-up %d (%s) never reached the hub", i, p->id);
        watch_same(s, i);
        if (p->at_hub && p->cancelled && !p->cancel_lost && p->state != WIRE_CANCELLED && p->state != WIRE_QUARANTINED)
            sim_fault(s, "sign-up %d (%s) was cancelled at kiosk %d and is %s at the hub", i, p->id, p->cancel_kiosk,
                      wire_state_name(p->state));
        bool seated = p->state == WIRE_CONFIRMED || p->state == WIRE_EVENT_CANCELLED || p->state == WIRE_CANCELLED;
        if (p->at_hub && p->promised && p->lease && !watch_excused(s, p) && !seated && !s->silent && !p->gone)
            sim_fault(s, "sign-up %d (%s) was confirmed on paper and ends %s", i, p->id, wire_state_name(p->state));
    }
    watch_asked(s);
    for (int ev = 0; ev < SIM_EVENTS; ev++)
        watch_queue(s, ev);
}
