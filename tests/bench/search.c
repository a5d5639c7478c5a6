/* make bench: what a letter typed into the search asks of the replica, by the store's own functions: one walk that counts
 * and fills a page. The goal is for the last line of 1,000,000 records (EVENTS=1000000).
 * usage: search KIOSK_PROGRAM FOLDER [EVENTS] */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "kiosk/base/error.h"
#include "kiosk/store/replica.h"
#include "tests/support/fill.h"

enum { SEARCH_ROUNDS = 400, SEARCH_ROWS = 48, SEARCH_COUNT = 1000 };

static double search_now(void)
{
    struct timespec ts;
    clock_gettime(CLOCK_MONOTONIC, &ts);
    return (double)ts.tv_sec * 1e3 + (double)ts.tv_nsec / 1e6;
}

static int search_compare(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

/* from: a moment within what the replica holds, so that there is past and future. */
static void search_time(struct replica *r, const char *text, int64_t from, struct row *rows)
{
    double times[SEARCH_ROUNDS];
    int count = 0;
    for (int i = 0; i < SEARCH_ROUNDS; i++) {
        struct event_filter f = {.from = from + i * 3600};
        snprintf(f.text, sizeof f.text, "%s", text);
        double at = search_now();
        replica_events_counted(r, &f, &(struct replica_window){.max = SEARCH_ROWS, .limit = SEARCH_COUNT}, rows, &count);
        times[i] = search_now() - at;
    }
    qsort(times, SEARCH_ROUNDS, sizeof times[0], search_compare);
    printf("  \"%s\"%*s %4d found %8.3f ms median, %.3f p99 (goal 5)\n", text, 12 - (int)strlen(text) / 2, "", count,
           times[SEARCH_ROUNDS / 2], times[SEARCH_ROUNDS * 99 / 100]);
}

int main(int argc, char **argv)
{
    static const char *const texts[] = {"", "вс", "вст", "кон", "шахм", "клуб шах", "щщщ"};
    int events = argc > 3 ? (int)strtol(argv[3], NULL, 10) : 100000;
    char path[4096];
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
            search_time(r, texts[i], half ? FILL_START + INT64_C(200) * 86400 : FILL_START, rows);
    free(rows);
    replica_close(r);
    return 0;
}
