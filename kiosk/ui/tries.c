/* Counting wrong guesses. */
#include "kiosk/ui/tries.h"

void tries_wrong(struct tries *t, int64_t mono, int allowed, int64_t pause_ms)
{
    if (t->wrong < allowed)
        t->wrong++;
    if (t->wrong >= allowed)
        t->until = mono + pause_ms;
}

void tries_right(struct tries *t) { *t = (struct tries){.wrong = 0}; }

int tries_wait(const struct tries *t, int64_t mono)
{
    return t->until > mono ? (int)((t->until - mono + 999) / 1000) : 0;
}
