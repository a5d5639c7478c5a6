/* make bench: what a letter typed into the search asks of the replica, by the store's own functions: one walk that counts
 * and fills a page. The goal is for the last line of 1,000,000 records (EVENTS=1000000).
 * usage: search KIOSK_PROGRAM FOLDER [EVENTS] */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "kiosk/base/error.h"
#include "kiosk/store/replica.h"
#include "tests/support/figures.h"
#include "tests/support/fill.h"

enum { SEARCH_ROUNDS = 400, SEARCH_ROWS = 48, SEARCH_COUNT = 1000 };

/* Returns the 99th percentile of the time a processor was busy with it: the wall's is that of the whole machine.
 * from: a moment within what the replica holds, so that there is past and future. */
static double search_time(struct replica *r, const char *text, int64_t from, struct row *rows)
{
    double times[SEARCH_ROUNDS], busy[SEARCH_ROUNDS];
    int count = 0, rounds = figures_are_short() ? 20 : SEARCH_ROUNDS;
    for (int i = 0; i < rounds; i++) {
        struct event_filter f = {.from = from + i * 3600};
        snprintf(f.text, sizeof f.text, "%s", text);
        double at = figures_now(), busy_at = figures_busy();
        replica_events_counted(r, &f, &(struct replica_window){.max = SEARCH_ROWS, .limit = SEARCH_COUNT}, rows, &count);
        busy[i] = (figures_busy() - busy_at) * 1e3;
        times[i] = (figures_now() - at) * 1e3;
    }
    double p99 = figures_rank(busy, rounds, 0.99);
    printf("  \"%s\"%*s %4d found %8.3f ms median, %.3f p99; of the processor %.3f and %.3f\n", text,
           12 - (int)strlen(text) / 2, "", count, figures_rank(times, rounds, 0.5), figures_rank(times, rounds, 0.99),
           figures_rank(busy, rounds, 0.5), p99);
    return p99;
}

int main(int argc, char **argv)
{
    static const char *const texts[] = {"", "вс", "вст", "кон", "шахм", "клуб шах", "щщщ"};
    int events = argc > 3 ? (int)strtol(argv[3], NULL, 10) : 100000;
    char path[4096], what[100];
    double worst[2] = {0};
    snprintf(path, sizeof path, "%s/replica.db", argc > 2 ? argv[2] : ".");
    if (access(path, R_OK) < 0)
        fill_replica(path, events, events / 50 + 1);
    struct replica *r = replica_open(path);
    struct row *rows = mem_new(SEARCH_ROWS, sizeof *rows);
    if (replica_state(r) != REPLICA_READY)
        die("search: %s is no replica", path);
    replica_set_lang(r, "ru");
    printf("search among %d events, a page of %d and the count, asked at the first hour and in the midst\n", events,
           SEARCH_ROWS);
    for (int half = 0; half < 2; half++)
        for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++)
            worst[half] = fmax(
                worst[half], search_time(r, texts[i], half ? FILL_START + INT64_C(200) * 86400 : FILL_START, rows));
    snprintf(what, sizeof what, "search by beginnings of words, %d events: p99 of the dearest, busy", events);
    figures_put(what, fmax(worst[0], worst[1]), "ms", FIGURE_AT_MOST, 5);
    free(rows);
    replica_close(r);
    return 0;
}
