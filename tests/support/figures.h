/* What the benches share: time, ranks, and figures beside their goals. A figure is printed where it arises and written to
 * the file that BENCH_TABLE names, for the table at the end of `make bench` (tests/bench/run). Nothing is asserted:
 * machines are noisy, ratios taken in one run less so. */
#ifndef TESTS_SUPPORT_FIGURES_H
#define TESTS_SUPPORT_FIGURES_H

#include <stdbool.h>

enum figure_sense { FIGURE_PLAIN, FIGURE_AT_LEAST, FIGURE_AT_MOST };

double figures_now(void);  /* seconds, monotonic */
double figures_busy(void); /* seconds this thread has had a processor: what others do on it does not count */
/* The value at rank p (0..1) of n; sorts them. 0 of none. */
double figures_rank(double *values, int n, double p);
/* whole, or brief when BENCH_SHORT is set (then the benches only show that they run); the environment's `name` before
 * both. */
int figures_size(const char *name, int whole, int brief);
bool figures_are_short(void);
/* unit: "x" of a ratio, "ms" ... The rest says in words what it was made of. */
void figures_put(const char *what, double value, const char *unit, enum figure_sense sense, double goal);
void figures_say(const char *fmt, ...) __attribute__((format(printf, 1, 2)));

#endif
