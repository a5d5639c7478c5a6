/* sim: runs seeds, prints the first that breaks something, replays and shrinks it (tests/sim/README.md). */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "kiosk/base/cli.h"
#include "kiosk/ticket/crypto.h"
#include "tests/sim/sim.h"

enum { SIM_KINDS = 32 };

struct sim_run {
    bool skip[SIM_STEPS + 1]; /* steps that are left out */
    int last;                 /* the step at which it broke, SIM_STEPS: in the healing */
    char fault[SIM_FAULT];
};

static uint32_t main_weights(const struct sim *s)
{
    uint32_t sum = 0;
    for (int i = 0; i < acts_count(); i++)
        sum += s->weights[i];
    return sum;
}

static int main_choose(struct sim *s)
{
    uint32_t at = chance_below(s, main_weights(s));
    int i = 0;
    while (at >= s->weights[i])
        at -= s->weights[i++];
    return i;
}

static void main_time(struct sim *s)
{
    int64_t ms = chance_below(s, 120000);
    s->now_ms += ms;
    for (int i = 0; i < s->kiosk_count; i++)
        s->kiosks[i].clock.test_wall_ms += ms;
    if (s->hub.up)
        s->hub.hub.clock.test_wall_ms = s->now_ms;
}

static void main_fold(struct sim *s, uint64_t value) { s->trace = (s->trace ^ value) * UINT64_C(0x100000001b3); }

/* Numbers drawn, bytes on every disk, what is known of everybody. */
static void main_trace(struct sim *s)
{
    main_fold(s, s->random);
    main_fold(s, (uint64_t)disk_bytes(s->hub.disk));
    for (int i = 0; i < s->kiosk_count; i++)
        main_fold(s, (uint64_t)disk_bytes(s->kiosks[i].disk));
    for (int i = 0; i < s->person_count; i++) {
        const struct sim_person *p = &s->people[i];
        for (const char *c = p->code; *c; c++)
            main_fold(s, (unsigned char)*c);
        main_fold(s, (uint64_t)p->word << 8 | (uint64_t)p->state << 4 | (uint64_t)p->at_hub << 1 | p->here);
    }
}

/* Each step draws from its own number, so that leaving one out changes no other. */
static void main_step(struct sim *s, int step)
{
    chance_set(s, s->seed, (uint64_t)step + 1);
    s->step = step;
    main_time(s);
    town_revive(s);
    const struct sim_act *act = &sim_acts[main_choose(s)];
    struct sim_kiosk *k = &s->kiosks[chance_below(s, (uint32_t)s->kiosk_count)];
    bool able = act->hub ? s->hub.up : k->open;
    if (s->tell && able)
        printf("  step %3d: %s%s%.0d\n", step, act->name, act->hub ? "" : ", kiosk ", act->hub ? 0 : k->number + 1);
    if (able)
        act->run(s, k);
    s->steps_run++;
    watch_step(s);
    main_trace(s);
}

static bool main_seed(struct sim *s, uint64_t seed, struct sim_run *run)
{
    town_begin(s, seed);
    s->trace = UINT64_C(0xcbf29ce484222325);
    run->last = 0;
    for (; run->last < SIM_STEPS && !s->fault[0]; run->last++)
        if (!run->skip[run->last])
            main_step(s, run->last);
    if (!s->fault[0]) {
        chance_set(s, seed, SIM_STEPS + 1);
        if (s->tell)
            printf("  healing\n");
        heal(s);
        if (!s->fault[0])
            watch_end(s);
        main_trace(s);
    }
    memcpy(run->fault, s->fault, sizeof run->fault);
    town_end(s);
    return !run->fault[0];
}

/* ---- shrinking: leave out runs of steps, halves first, as long as it still breaks */

static bool main_breaks_without(struct sim *s, struct sim_run *run, int from, int n)
{
    struct sim_run less = *run;
    for (int i = from; i < from + n && i < SIM_STEPS; i++)
        less.skip[i] = true;
    if (memcmp(less.skip, run->skip, sizeof less.skip) == 0)
        return false;
    const char *kind = s->kind;
    if (main_seed(s, s->seed, &less) || s->kind != kind) {
        s->kind = kind;
        return false;
    }
    *run = less;
    return true;
}

static void main_shrink(struct sim *s, struct sim_run *run)
{
    for (int i = run->last; i < SIM_STEPS; i++)
        run->skip[i] = true;
    for (int n = SIM_STEPS / 2; n > 0; n = n > 1 ? n / 2 : 0)
        for (int from = 0; from < SIM_STEPS; from += n)
            main_breaks_without(s, run, from, n);
    for (int again = 0; again < 2; again++)
        for (int from = 0; from < SIM_STEPS; from++)
            main_breaks_without(s, run, from, 1);
}

static void main_print_steps(const struct sim_run *run)
{
    bool any = false;
    for (int i = 0; i < SIM_STEPS; i++) {
        if (run->skip[i])
            continue;
        printf("%s%d", any ? "," : "", i);
        any = true;
    }
    printf("%s", any ? "" : "none");
}

/* What breaks in how many seeds, by kind. */
struct sim_tally {
    const char *kind;
    char example[SIM_FAULT];
    uint64_t first;
    int count;
};

static void main_count(struct sim_tally *tally, const struct sim *s, const struct sim_run *run)
{
    int i = 0;
    while (i < SIM_KINDS - 1 && tally[i].kind && tally[i].kind != s->kind)
        i++;
    if (!tally[i].kind) {
        tally[i] = (struct sim_tally){.kind = s->kind, .first = s->seed};
        memcpy(tally[i].example, run->fault, sizeof tally[i].example);
    }
    tally[i].count++;
}

static void main_report(struct sim *s, struct sim_run *run, bool shrink)
{
    uint64_t seed = s->seed;
    printf("seed %llu breaks: %s\n", (unsigned long long)seed, run->fault);
    if (!shrink)
        return;
    main_shrink(s, run);
    s->tell = true;
    main_seed(s, seed, run);
    s->tell = false;
    printf("shrunk to: SEED=%llu STEPS=", (unsigned long long)seed);
    main_print_steps(run);
    printf("\nbreaks: %s\n", run->fault);
}

/* ---- the command line */

/* "1,5,7": only these steps. */
static void main_only(struct sim_run *run, const char *steps)
{
    memset(run->skip, 1, sizeof run->skip);
    while (*steps) {
        char *end;
        long n = strtol(steps, &end, 10);
        if (end == steps)
            break;
        if (n >= 0 && n < SIM_STEPS)
            run->skip[n] = false;
        steps = *end == ',' ? end + 1 : end;
    }
}

static double main_seconds(void)
{
    struct timespec ts;
    clock_gettime(CLOCK_MONOTONIC, &ts);
    return (double)ts.tv_sec + (double)ts.tv_nsec / 1e9;
}

int main(int argc, char **argv)
{
    const char *seeds = "500", *first = "1", *steps = NULL, *tell = NULL, *no_shrink = NULL, *all = NULL, *trace = NULL;
    struct sim_tally tally[SIM_KINDS] = {{0}};
    const struct cli_option options[] = {{"--seeds", "N", "how many (500)", &seeds},
                                         {"--first", "SEED", "the first one (1)", &first},
                                         {"--steps", "LIST", "only these steps of the seed: 3,17,22", &steps},
                                         {"--tell", NULL, "print the steps, and what the programs log", &tell},
                                         {"--no-shrink", NULL, "only say that it breaks", &no_shrink},
                                         {"--all", NULL, "go on, and count what breaks by kind", &all},
                                         {"--trace", NULL, "print a number for all that happened in each seed", &trace},
                                         {.name = NULL}};
    int words = cli_parse(argc, argv, "sim", "[OPTION]..", options);
    if (words != 0)
        return words < 0 ? -1 - words : CLI_USAGE;
    struct sim *s = mem_new(1, sizeof *s);
    if (access("/dev/shm", W_OK) == 0)
        setenv("TMPDIR", "/dev/shm", 0); /* sticks are synced */
    setvbuf(stdout, NULL, _IOLBF, 0);
    if (!tell && dup2(open("/dev/null", O_WRONLY), STDERR_FILENO) < 0)
        return CLI_FAILED;
    town_build(s);
    uint64_t seed = strtoull(first, NULL, 10), end = seed + strtoull(seeds, NULL, 10);
    double start = main_seconds();
    bool good = true;
    for (; seed < end && good; seed++) {
        struct sim_run run = {0};
        if (steps)
            main_only(&run, steps);
        s->tell = tell != NULL;
        good = main_seed(s, seed, &run);
        if (trace)
            printf("seed %llu: %016llx\n", (unsigned long long)seed, (unsigned long long)s->trace);
        if (!good && all) {
            printf("seed %llu breaks: %s\n", (unsigned long long)seed, run.fault);
            main_count(tally, s, &run);
        } else if (!good)
            main_report(s, &run, !no_shrink && !steps);
        good = good || all;
    }
    for (int i = 0; i < SIM_KINDS && tally[i].kind; i++, good = false)
        printf("%5d x, first by seed %llu: %s\n", tally[i].count, (unsigned long long)tally[i].first, tally[i].example);
    printf("%s 1 - %llu seeds from %s on, %lld steps, %lld sign-ups (%lld confirmed), %lld crashes, %lld restores, "
           "%lld receipts by stick in %.1f s: %s\n",
           good ? "ok" : "not ok", (unsigned long long)(seed - strtoull(first, NULL, 10)), first,
           (long long)s->steps_run, (long long)s->signups, (long long)s->promised, (long long)s->crashes,
           (long long)s->restores, (long long)s->receipts, main_seconds() - start, good ? "nothing broken" : "BROKEN");
    town_free(s);
    free(s);
    return good ? CLI_DONE : CLI_FAILED;
}
