/* One line per figure. */
#include "tests/support/figures.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

double figures_now(void)
{
    struct timespec ts;
    clock_gettime(CLOCK_MONOTONIC, &ts);
    return (double)ts.tv_sec + (double)ts.tv_nsec / 1e9;
}

double figures_busy(void)
{
    struct timespec ts;
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &ts);
    return (double)ts.tv_sec + (double)ts.tv_nsec / 1e9;
}

static int figures_compare(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

double figures_rank(double *values, int n, double p)
{
    if (n <= 0)
        return 0;
    qsort(values, (size_t)n, sizeof *values, figures_compare);
    return values[(int)((n - 1) * p)];
}

bool figures_are_short(void) { return getenv("BENCH_SHORT") != NULL; }

int figures_size(const char *name, int whole, int brief)
{
    const char *set = getenv(name);
    return set ? (int)strtol(set, NULL, 10) : figures_are_short() ? brief : whole;
}

static const char *figures_verdict(double value, enum figure_sense sense, double goal)
{
    if (sense == FIGURE_PLAIN)
        return "";
    return (sense == FIGURE_AT_LEAST ? value >= goal : value <= goal) ? "reached" : "missed";
}

void figures_put(const char *what, double value, const char *unit, enum figure_sense sense, double goal)
{
    const char *path = getenv("BENCH_TABLE");
    char text[40], wanted[40] = "";
    snprintf(text, sizeof text, "%.*f %s", value < 10 ? 3 : value < 100 ? 2 : 0, value, unit);
    if (sense != FIGURE_PLAIN)
        snprintf(wanted, sizeof wanted, "goal %s %g", sense == FIGURE_AT_LEAST ? ">=" : "<=", goal);
    printf("  %-62s %14s  %-14s %s\n", what, text, wanted, figures_verdict(value, sense, goal));
    fflush(stdout);
    FILE *table = path ? fopen(path, "a") : NULL;
    if (!table)
        return;
    fprintf(table, "  %-62s %14s  %-14s %s\n", what, text, wanted, figures_verdict(value, sense, goal));
    fclose(table);
}

void figures_say(const char *fmt, ...)
{
    va_list ap;
    va_start(ap, fmt);
    vprintf(fmt, ap);
    va_end(ap);
    putchar('\n');
    fflush(stdout);
}
