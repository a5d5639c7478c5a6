/* Who suits whom: what a person looks for against what is known of a community. Pure. A wish that is left open is no wish.
 * What a record does not say is not a no: it is "ask them". */
#ifndef KIOSK_STORE_MATCH_H
#define KIOSK_STORE_MATCH_H

#include <stdbool.h>
#include <stdint.h>

/* What a match consists of, in the order in which it is told. */
enum match_point {
    MATCH_TOPIC,
    MATCH_AGE,
    MATCH_DAY,
    MATCH_PLACE, /* the town wished for, or on the internet */
    MATCH_COMPANY,
    MATCH_FREE,
    MATCH_ACCESS,
    MATCH_LANGUAGE,
    MATCH_POINTS
};

enum match_where { MATCH_ANYWHERE, MATCH_TOWN, MATCH_ONLINE };

struct match_wish {
    bool topic;             /* one was chosen */
    enum match_where where;
    uint64_t ages, days, company, languages; /* marks (marks.h), one of them will do */
    bool free, access;
};

struct match_facts {
    bool topic, town; /* it has the topic, is in the town wished for */
    uint64_t marks;
};

struct match {
    unsigned fits, misses, unknown; /* bits 1 << match_point, of the points wished for: together all of them */
    int score;                      /* the higher the better */
};

struct match match_of(const struct match_wish *wish, const struct match_facts *facts);
/* Everything wished for is there. */
bool match_is_whole(const struct match *m);
/* Worth telling somebody who finds nothing better: it is for people of that age, and no more than two things are otherwise. */
bool match_is_near(const struct match *m);

/* How alike two records are to somebody who looks for people like these: ages, then days, company and languages. Larger is more. */
int match_likeness(uint64_t marks, uint64_t other);

/* The best few of many: keep up to MATCH_BEST, the best first. */
enum { MATCH_BEST = 5 };
struct match_candidate {
    int64_t key;   /* the caller's: a record's ord; the same one is kept once */
    uint32_t turn; /* among equals the smaller comes first */
    struct match match;
};
struct match_list {
    int count;
    struct match_candidate best[MATCH_BEST];
};
void match_offer(struct match_list *list, const struct match_candidate *c);
/* A number by which equals take turns: another order every day (days since 1970), the same all day. */
uint32_t match_turn(int64_t key, int32_t day);

#endif
