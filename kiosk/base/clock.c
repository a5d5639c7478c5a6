/* The machine's clocks, and one for tests. */
#include "kiosk/base/clock.h"

#include <time.h>

static int64_t clock_read(clockid_t id)
{
    struct timespec ts;
    clock_gettime(id, &ts);
    return (int64_t)ts.tv_sec * 1000 + ts.tv_nsec / 1000000;
}

static int64_t clock_system_mono(const struct clock *c)
{
    (void)c;
    return clock_read(CLOCK_BOOTTIME);
}

static int64_t clock_system_wall(const struct clock *c)
{
    if (c->wall_offset_ms != INT64_MIN)
        return clock_read(CLOCK_BOOTTIME) + c->wall_offset_ms;
    return clock_read(CLOCK_REALTIME);
}

static int64_t clock_test_mono(const struct clock *c) { return c->test_mono_ms; }
static int64_t clock_test_wall(const struct clock *c) { return c->test_wall_ms; }

struct clock clock_system(void)
{
    struct clock c = {.mono_ms = clock_system_mono, .wall_ms = clock_system_wall, .wall_offset_ms = INT64_MIN};
    c.quality = clock_read(CLOCK_REALTIME) < CLOCK_BUILD_MS ? CLOCK_UNSET : CLOCK_OK;
    return c;
}

struct clock clock_test(int64_t wall_ms)
{
    return (struct clock){
        .mono_ms = clock_test_mono, .wall_ms = clock_test_wall, .wall_offset_ms = INT64_MIN, .test_wall_ms = wall_ms};
}

int64_t clock_mono_ms(const struct clock *c) { return c->mono_ms(c); }
int64_t clock_wall_ms(const struct clock *c) { return c->wall_ms(c); }

void clock_learn(struct clock *c, int64_t hub_ms)
{
    c->wall_offset_ms = hub_ms - clock_mono_ms(c);
    c->test_wall_ms = hub_ms;
    c->quality = CLOCK_OK;
}

bool clock_recheck(struct clock *c)
{
    if (c->quality != CLOCK_UNSET || clock_wall_ms(c) < CLOCK_BUILD_MS)
        return false;
    c->quality = CLOCK_OK;
    return true;
}

const char *clock_quality_name(enum clock_quality q)
{
    return q == CLOCK_OK ? "ok" : q == CLOCK_SUSPECT ? "suspect" : "unset";
}
