/* Two clocks behind one door. Time is data, never order: counters order things.
 * mono_ms is for waiting (CLOCK_BOOTTIME), wall_ms for records and the screen (Unix time, UTC).
 * wall_ms of the system clock is the boot-time clock plus an offset learnt from the hub, once one is known;
 * until then it is the system's own idea and `quality` says how far it is to be trusted (HARDWARE: boards without a
 * clock). */
#ifndef KIOSK_BASE_CLOCK_H
#define KIOSK_BASE_CLOCK_H

#include <stdbool.h>
#include <stdint.h>

enum clock_quality { CLOCK_OK, CLOCK_SUSPECT, CLOCK_UNSET }; /* on the wire: "ok" "suspect" "unset" */

/* No Sosedi ran before this moment (2026-01-01T00:00:00Z): a clock that says so was never set. */
#define CLOCK_BUILD_MS INT64_C(1767225600000)

struct clock {
    int64_t (*mono_ms)(const struct clock *c);
    int64_t (*wall_ms)(const struct clock *c);
    int64_t wall_offset_ms; /* added to the boot-time clock; INT64_MIN: unknown, ask the system */
    enum clock_quality quality;
    int64_t test_mono_ms, test_wall_ms; /* of clock_test() only */
};

/* The machine's clock. quality is CLOCK_UNSET while the system date lies before the build date. */
struct clock clock_system(void);
/* A clock that stands still until its fields are changed. */
struct clock clock_test(int64_t wall_ms);

int64_t clock_mono_ms(const struct clock *c);
int64_t clock_wall_ms(const struct clock *c);
/* Learns the hub's time: wall = hub_ms from now on, quality CLOCK_OK. */
void clock_learn(struct clock *c, int64_t hub_ms);
/* For a clock whose system was never set: has somebody set it meanwhile? Then quality becomes CLOCK_OK, and true is
 * returned. */
bool clock_recheck(struct clock *c);
const char *clock_quality_name(enum clock_quality q); /* "ok", "suspect", "unset" */

#endif
