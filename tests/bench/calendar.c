/* make bench: what the calendar asks of the replica: the counts of a month, plain and narrowed, and a page of the agenda with what the
 * dialog can ask for; the rarer what is asked for, the further the walk.
 * usage: calendar KIOSK_PROGRAM FOLDER [EVENTS] */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "kiosk/base/error.h"
#include "kiosk/store/marks.h"
#include "kiosk/store/replica.h"
#include "tests/support/figures.h"
#include "tests/support/fill.h"

enum { CALENDAR_ROUNDS = 60, CALENDAR_ROWS = 48, CALENDAR_COUNT = 1000, CALENDAR_DAYS = 42, CALENDAR_DAY = 86400 };

static const struct calendar_case {
    const char *name;
    struct event_filter f;
    bool rare; /* printed, not judged: such a filter is chosen once, not with each key */
} calendar_cases[] = {
    {"everything", {.topic = ""}, false},
    {"a topic", {.topic = "sport"}, false},
    {"free", {.marks = MARK_FREE}, false},
    {"for children, free", {.marks = MARK_CHILDREN | MARK_FREE}, false},
    {"a topic, online", {.topic = "it", .marks = MARK_ONLINE}, false},
    {"a town", {.city = "Казань"}, false},
    {"of the state, a town, accessible", {.city = "Казань", .marks = MARK_STATE | MARK_ACCESSIBLE}, true},
    {"what nobody has", {.marks = MARK_CITY | MARK_STATE}, true},
};

static double calendar_time(struct replica *r, const struct calendar_case *c, struct row *rows, bool month)
{
    double times[CALENDAR_ROUNDS];
    int rounds = figures_are_short() || c->rare ? 10 : CALENDAR_ROUNDS, found = 0, count[CALENDAR_DAYS];
    for (int i = 0; i < rounds; i++) {
        struct event_filter f = c->f;
        int32_t first = (int32_t)(FILL_START / CALENDAR_DAY) + i * 4;
        f.from = (int64_t)first * CALENDAR_DAY;
        f.until = month ? f.from + CALENDAR_DAYS * CALENDAR_DAY : 0;
        double at = figures_busy();
        if (month)
            replica_day_counts(r, &f, first, CALENDAR_DAYS, count);
        else
            replica_events_counted(r, &f, &(struct replica_window){.max = CALENDAR_ROWS, .limit = CALENDAR_COUNT}, rows, &found);
        times[i] = (figures_busy() - at) * 1e3;
    }
    double worst = figures_rank(times, rounds, 0.99);
    printf("  %-34s %-7s %8.3f ms median, %.3f p99\n", c->name, month ? "month" : "agenda", figures_rank(times, rounds, 0.5), worst);
    return c->rare ? 0 : worst;
}

int main(int argc, char **argv)
{
    int events = argc > 3 ? (int)strtol(argv[3], NULL, 10) : 100000;
    char path[4096], what[120];
    double month = 0, agenda = 0;
    snprintf(path, sizeof path, "%s/replica.db", argc > 2 ? argv[2] : ".");
    if (access(path, R_OK) < 0)
        fill_replica(path, events, events / 50 + 1);
    struct replica *r = replica_open(path);
    struct row *rows = mem_new(CALENDAR_ROWS, sizeof *rows);
    if (replica_state(r) != REPLICA_READY)
        die("calendar: %s is no replica", path);
    printf("the calendar of %d events: six weeks counted, a page of %d and the count\n", events, CALENDAR_ROWS);
    for (size_t i = 0; i < sizeof calendar_cases / sizeof calendar_cases[0]; i++) {
        month = fmax(month, calendar_time(r, &calendar_cases[i], rows, true));
        agenda = fmax(agenda, calendar_time(r, &calendar_cases[i], rows, false));
    }
    snprintf(what, sizeof what, "a page of the agenda with filters, %d events: p99 of the dearest", events);
    figures_put(what, agenda, "ms", FIGURE_AT_MOST, 16);
    snprintf(what, sizeof what, "a month with filters, %d events: p99 of the dearest", events);
    figures_put(what, month, "ms", FIGURE_AT_MOST, 40);
    free(rows);
    replica_close(r);
    return 0;
}
