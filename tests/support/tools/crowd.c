/* crowd KIOSKS ROUNDS: so many hubs at once on the database of SOSEDI_DATABASE, each with a kiosk of its own that signs
 * people up, cancels, wants and returns seats of the same few events. Then asks the database whether anybody was lost,
 * doubled or oversold. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "tests/support/hubkit.h"

enum { CROWD_MAX = 32, CROWD_EVENTS = 4, CROWD_TRIES = 60, CROWD_MADE = 200 };

static const char *const crowd_events[CROWD_EVENTS] = {
    "0198a1b2-0000-7000-8000-00000000e001", "0198a1b2-0000-7000-8000-00000000e002",
    "0198a1b2-0000-7000-8000-00000000e003", "0198a1b2-0000-7000-8000-00000000e004"};
static const int64_t crowd_capacity[CROWD_EVENTS] = {5, 40, -1, 24};

struct crowd_made {
    char id[WIRE_UUID + 1], code[CODE_LEN + 1];
};

static void crowd_act(struct hubkit_kiosk *q, struct crowd_made *made, int *count, unsigned *seed)
{
    const char *ev = crowd_events[rand_r(seed) % CROWD_EVENTS];
    switch (rand_r(seed) % 8) {
    case 0:
        if (*count > 0) {
            const struct crowd_made *m = &made[rand_r(seed) % (unsigned)*count];
            hubkit_cancel(q, m->id, m->code);
        }
        break;
    case 1:
        hubkit_want(q, ev, 1 + rand_r(seed) % 4);
        break;
    case 2:
        hubkit_return(q);
        break;
    default:
        if (*count < CROWD_MADE) {
            hubkit_signup(q, ev, 1 + rand_r(seed) % 3, made[*count].id, made[*count].code);
            ++*count;
        }
    }
}

/* Exit code: how many sign-ups it made. */
static int crowd_kiosk(struct hubkit *k, struct hubkit_kiosk *q, int rounds, unsigned seed)
{
    struct error e = {0};
    struct crowd_made *made = mem_new(CROWD_MADE, sizeof *made);
    int count = 0, tries = 0;
    struct clock clock = k->hub.clock;
    if (hub_open(&k->hub, k->dir, k->database, &e))
        die("crowd: %s", e.text);
    k->hub.clock = clock;
    for (int i = 0; i < rounds; i++) {
        for (int n = rand_r(&seed) % 4; n >= 0; n--)
            crowd_act(q, made, &count, &seed);
        hubkit_exchange(k, q);
    }
    while (q->log_count > 0 && tries++ < CROWD_TRIES)
        hubkit_exchange(k, q);
    if (q->log_count > 0)
        die("crowd: a kiosk cannot get rid of its operations");
    hub_close(&k->hub);
    return count;
}

static const struct {
    const char *what, *sql;
} crowd_checks[] = {
    {"oversold", "SELECT count(*) FROM occurrence o WHERE capacity >= 0 AND capacity < (SELECT coalesce(sum(party), 0) "
                 "FROM signup s WHERE s.ev = o.id AND s.state = 'confirmed')"},
    {"seats_and_people_differ",
     "SELECT count(*) FROM occurrence o WHERE capacity >= 0 AND (SELECT count(*) FROM seat t WHERE t.ev = o.id AND "
     "t.state = 'sold') <> (SELECT coalesce(sum(party), 0) FROM signup s WHERE s.ev = o.id AND s.state = 'confirmed')"},
    {"more_seats_than_capacity", "SELECT count(*) FROM occurrence o WHERE capacity >= 0 AND seated > capacity"},
    {"seat_of_nobody",
     "SELECT count(*) FROM seat t WHERE t.state = 'sold' AND NOT EXISTS (SELECT 1 FROM signup s WHERE "
     "s.id = t.signup AND s.state = 'confirmed' AND s.ev = t.ev)"},
    {"waiting_though_free",
     "SELECT count(*) FROM signup s WHERE s.state = 'waitlisted' AND s.party <= (SELECT count(*) FROM seat t WHERE "
     "t.ev = s.ev AND t.state = 'free') AND NOT EXISTS (SELECT 1 FROM signup p WHERE p.ev = s.ev AND p.passed > 0)"},
    {"lease_twice", "SELECT count(*) - count(DISTINCT lease) FROM lease"},
    {"displaced", "SELECT count(*) FROM signup WHERE state = 'displaced'"},
};

static int crowd_verdict(struct hubkit *k, int made)
{
    int64_t bad = hubkit_number(k, "SELECT count(*) FROM signup") - made;
    printf("signups=%d lost_or_doubled=%lld", made, (long long)bad);
    for (size_t i = 0; i < sizeof crowd_checks / sizeof crowd_checks[0]; i++) {
        int64_t n = hubkit_number(k, crowd_checks[i].sql);
        printf(" %s=%lld", crowd_checks[i].what, (long long)n);
        bad |= n;
    }
    printf("\n");
    return bad == 0 ? 0 : 1;
}

static int crowd_run(int kiosks, int rounds)
{
    struct hubkit *k = mem_new(1, sizeof *k);
    struct hubkit_kiosk *q = mem_new((size_t)kiosks, sizeof *q);
    int made = 0;
    hubkit_init(k, INT64_C(1796126400000));
    for (int i = 0; i < CROWD_EVENTS; i++)
        hubkit_event(k, crowd_events[i], crowd_capacity[i], 86400);
    for (int i = 0; i < kiosks; i++)
        hubkit_kiosk_init(k, &q[i]);
    fflush(stdout);
    for (int i = 0; i < kiosks; i++) {
        pid_t pid = fork();
        if (pid < 0)
            die("crowd: fork");
        if (pid == 0)
            _exit(crowd_kiosk(k, &q[i], rounds, (unsigned)i + 1));
    }
    for (int i = 0, status; i < kiosks; i++) {
        if (wait(&status) < 0 || !WIFEXITED(status) || WEXITSTATUS(status) > CROWD_MADE)
            die("crowd: a hub died");
        made += WEXITSTATUS(status);
    }
    int code = crowd_verdict(k, made);
    hubkit_done(k);
    free(q);
    free(k);
    return code;
}

int main(int argc, char **argv)
{
    int kiosks = argc == 3 ? (int)strtol(argv[1], NULL, 10) : 0;
    struct error e = {0};
    if (kiosks < 1 || kiosks > CROWD_MAX || crypto_init(&e)) {
        fprintf(stderr, "usage: SOSEDI_DATABASE=URL crowd KIOSKS ROUNDS\n");
        return 2;
    }
    return crowd_run(kiosks, (int)strtol(argv[2], NULL, 10));
}
