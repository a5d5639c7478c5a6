/* A table of sums by topic and day, with open addressing. */
#include "kiosk/store/replica_days_sum.h"

#include <stdlib.h>
#include <string.h>

#include "kiosk/store/content_read.h"

enum { DAYS_SLOTS = 2048, DAYS_MOST = DAYS_SLOTS * 3 / 4 };

struct replica_day_sum {
    bool used;
    char topic[24];
    int64_t day;
    int64_t sum;
};

struct replica_days_sum {
    int count;
    struct replica_day_sum slots[DAYS_SLOTS];
};

struct replica_days_sum *replica_days_sum_new(void) { return mem_new(1, sizeof(struct replica_days_sum)); }

void replica_days_sum_free(struct replica_days_sum *s) { free(s); }

void replica_days_sum_drop(struct replica_days_sum *s)
{
    if (s->count)
        memset(s, 0, sizeof *s);
}

static struct replica_day_sum *replica_days_sum_at(struct replica_days_sum *s, const char *topic, int64_t day)
{
    uint32_t i = (uint32_t)day * 2654435761u;
    for (const char *p = topic; *p; p++)
        i = (i ^ (uint8_t)*p) * 16777619u;
    for (i %= DAYS_SLOTS; s->slots[i].used; i = (i + 1) % DAYS_SLOTS)
        if (s->slots[i].day == day && strcmp(s->slots[i].topic, topic) == 0)
            break;
    return &s->slots[i];
}

enum err replica_days_sum_add(struct replica_days_sum *s, struct sql *db, const char *topic, int64_t day, int sign,
                              struct error *e)
{
    enum err code = s->count < DAYS_MOST ? ERR_NONE : replica_days_sum_write(s, db, e);
    if (code)
        return code;
    struct replica_day_sum *slot = replica_days_sum_at(s, topic, day);
    if (!slot->used) {
        *slot = (struct replica_day_sum){.used = true, .day = day};
        content_word(slot->topic, sizeof slot->topic, topic);
        s->count++;
    }
    slot->sum += sign;
    return ERR_NONE;
}

enum err replica_days_sum_write(struct replica_days_sum *s, struct sql *db, struct error *e)
{
    enum err code = ERR_NONE;
    for (int i = 0; s->count && i < DAYS_SLOTS && !code; i++) {
        const struct replica_day_sum *slot = &s->slots[i];
        if (!slot->used || slot->sum == 0)
            continue;
        struct sql_stmt *st = sql_get(db, "INSERT INTO day_count (topic, day, times) VALUES (:topic, :day, :sum)"
                                          " ON CONFLICT (topic, day) DO UPDATE SET times = times + :sum");
        sql_bind_text(st, ":topic", slot->topic);
        sql_bind_int(st, ":day", slot->day);
        sql_bind_int(st, ":sum", slot->sum);
        code = sql_run(st, e);
    }
    replica_days_sum_drop(s);
    return code;
}
