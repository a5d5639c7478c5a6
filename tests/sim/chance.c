/* One number decides everything: a generator (splitmix64) that libsodium draws from, too. */
#include <sodium.h>
#include <sqlite3.h>
#include <string.h>

#include "tests/sim/sim.h"

/* libsodium asks without a context. */
static struct sim *chance_sim;

static uint64_t chance_next(struct sim *s)
{
    uint64_t z = s->random += UINT64_C(0x9e3779b97f4a7c15);
    z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
    return z ^ (z >> 31);
}

static const char *chance_name(void) { return "sim"; }
static uint32_t chance_word(void) { return (uint32_t)(chance_next(chance_sim) >> 32); }

static void chance_fill(void *const out, const size_t n)
{
    for (size_t i = 0; i < n; i += 8) {
        uint64_t word = chance_next(chance_sim);
        memcpy((char *)out + i, &word, n - i < 8 ? n - i : 8);
    }
}

void chance_install(struct sim *s)
{
    static randombytes_implementation source = {
        .implementation_name = chance_name, .random = chance_word, .buf = chance_fill};
    chance_sim = s;
    sqlite3_config(SQLITE_CONFIG_SINGLETHREAD);
    sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
    sqlite3_config(SQLITE_CONFIG_PAGECACHE, NULL, 0, 0); /* pages one by one: a run of 20 for each short life costs more than it spares */
    randombytes_set_implementation(&source);
}

void chance_set(struct sim *s, uint64_t a, uint64_t b)
{
    s->random = a * UINT64_C(0xd1342543de82ef95) + b;
    s->random = chance_next(s) ^ b;
    sqlite3_test_control(SQLITE_TESTCTRL_PRNG_RESET);
}

uint32_t chance_below(struct sim *s, uint32_t bound)
{
    return bound ? (uint32_t)((chance_next(s) >> 32) * bound >> 32) : 0;
}

uint32_t chance_disk(void *sim, uint32_t bound) { return chance_below(sim, bound); }
bool chance(struct sim *s, uint32_t of_1000) { return chance_below(s, 1000) < of_1000; }
