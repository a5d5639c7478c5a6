/* signups CLIENTS MILLISECONDS: so many hubs at once on the database of SOSEDI_DATABASE, each with a kiosk of its own that sends
 * one sign-up after the other, each in a message of its own. Prints sign-ups per second.
 *   signups prepare CLIENTS      the same tables with that many kiosks, k0 k1 ..., for others to work on
 *   signups one                  two sign-ups, one after the other; the second is what a log of the server shows last */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "tests/support/figures.h"
#include "tests/support/hubkit.h"

enum { SIGNUPS_CLIENTS = 64 };

/* Each client has an event of its own: one that all want at once is one queue, whoever serves it. */
static void signups_event(char out[WIRE_UUID + 1], int i)
{
    snprintf(out, WIRE_UUID + 1, "0198a1b2-0000-7000-8000-00000000e%03u", (unsigned)i % 1000);
}

/* Shared with the children. */
struct signups_shared {
    _Atomic int ready, go;
    _Atomic long made;
};

static void signups_one(struct hubkit *k, struct hubkit_kiosk *q, int i)
{
    char id[WIRE_UUID + 1], code[CODE_LEN + 1], ev[WIRE_UUID + 1];
    signups_event(ev, i);
    hubkit_signup(q, ev, 1, id, code);
    q->told_count = 0;
    if (hubkit_exchange(k, q) != 200)
        die("signups: refused");
}

static void signups_client(struct hubkit *k, struct hubkit_kiosk *all, int i, struct signups_shared *s, double seconds)
{
    struct error e = {0};
    struct clock clock = k->hub.clock;
    if (hub_open(&k->hub, k->dir, k->database, &e))
        die("signups: %s", e.text);
    k->hub.clock = clock;
    signups_one(k, &all[i], i);
    s->ready++;
    while (!s->go)
        usleep(1000);
    for (double end = figures_now() + seconds; figures_now() < end; s->made++)
        signups_one(k, &all[i], i);
    _exit(0);
}

static void signups_run(struct hubkit *k, int clients, double seconds)
{
    struct hubkit_kiosk *q = mem_new((size_t)clients, sizeof *q);
    struct signups_shared *s =
        mmap(NULL, sizeof *s, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    for (int i = 0; i < clients; i++)
        hubkit_kiosk_init(k, &q[i]);
    for (int i = 0; i < clients; i++)
        if (fork() == 0)
            signups_client(k, q, i, s, seconds);
    while (s->ready < clients)
        usleep(1000);
    double from = figures_now();
    s->go = 1;
    while (wait(NULL) > 0) {}
    printf("%.0f\n", (double)s->made / (figures_now() - from));
    free(q);
}

static void signups_prepare(struct hubkit *k, int clients)
{
    struct error e = {0};
    for (int i = 0; i < clients; i++) {
        struct hubkit_kiosk q;
        char sql[200];
        hubkit_kiosk_init(k, &q);
        snprintf(sql, sizeof sql, "UPDATE kiosk SET kid = 'k%d' WHERE kid = '%s'", i, q.kid);
        if (sql_exec(k->hub.db, sql, &e))
            die("signups: %s", e.text);
    }
    printf("kit%d\n", (int)getpid());
}

int main(int argc, char **argv)
{
    struct error e = {0};
    struct hubkit *k = mem_new(1, sizeof *k);
    bool prepare = argc == 3 && strcmp(argv[1], "prepare") == 0, one = argc == 2 && strcmp(argv[1], "one") == 0;
    int clients = argc == 3 ? (int)strtol(argv[prepare ? 2 : 1], NULL, 10) : 1;
    if ((argc != 3 && !one) || clients < 1 || clients > SIGNUPS_CLIENTS || crypto_init(&e)) {
        fprintf(stderr, "usage: SOSEDI_DATABASE=URL signups CLIENTS MILLISECONDS | prepare CLIENTS | one\n");
        return 2;
    }
    hubkit_init(k, INT64_C(1796126400000));
    for (int i = 0; i < SIGNUPS_CLIENTS; i++) {
        char ev[WIRE_UUID + 1];
        signups_event(ev, i);
        hubkit_event(k, ev, -1, 86400);
    }
    if (prepare) {
        signups_prepare(k, clients);
    } else if (one) {
        struct hubkit_kiosk *q = mem_new(1, sizeof *q);
        hubkit_kiosk_init(k, q);
        for (int i = 0; i < 4; i++)
            signups_one(k, q, 0);
        free(q);
    } else {
        signups_run(k, clients, strtod(argv[2], NULL) / 1e3);
    }
    hubkit_done(k);
    free(k);
    return 0;
}
