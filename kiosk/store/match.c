/* Wishes against facts, point by point. */
#include "kiosk/store/match.h"

#include <string.h>

#include "kiosk/store/marks.h"

enum match_answer { MATCH_OPEN, MATCH_YES, MATCH_NO, MATCH_UNKNOWN };

/* How much a point counts. What one cannot do anything about counts most. */
static const int match_weights[MATCH_POINTS] = {
    [MATCH_TOPIC] = 40, [MATCH_AGE] = 60,    [MATCH_DAY] = 25,    [MATCH_PLACE] = 30,
    [MATCH_COMPANY] = 10, [MATCH_FREE] = 15, [MATCH_ACCESS] = 50, [MATCH_LANGUAGE] = 35,
};

/* One of the wished bits among those that the record says of its kind; saying none leaves it open. */
static enum match_answer match_bits(uint64_t wished, uint64_t marks, uint64_t of_kind)
{
    if (wished == 0)
        return MATCH_OPEN;
    if (marks & wished)
        return MATCH_YES;
    return marks & of_kind ? MATCH_NO : MATCH_UNKNOWN;
}

static enum match_answer match_place(const struct match_wish *wish, const struct match_facts *facts)
{
    switch (wish->where) {
    case MATCH_TOWN:
        return facts->town ? MATCH_YES : MATCH_NO;
    case MATCH_ONLINE:
        return facts->marks & MARK_ONLINE ? MATCH_YES : MATCH_NO;
    default:
        return MATCH_OPEN;
    }
}

static enum match_answer match_said(bool wished, bool said) { return !wished ? MATCH_OPEN : said ? MATCH_YES : MATCH_UNKNOWN; }

static enum match_answer match_point(const struct match_wish *wish, const struct match_facts *facts, int point)
{
    uint64_t marks = facts->marks;
    switch (point) {
    case MATCH_TOPIC:
        return !wish->topic ? MATCH_OPEN : facts->topic ? MATCH_YES : MATCH_NO;
    case MATCH_AGE:
        return match_bits(wish->ages, marks, MARK_AGES);
    case MATCH_DAY:
        return match_bits(wish->days, marks, MARK_WEEKDAYS);
    case MATCH_PLACE:
        return match_place(wish, facts);
    case MATCH_COMPANY:
        return match_bits(wish->company, marks, 0);
    case MATCH_FREE:
        return match_said(wish->free, marks & MARK_FREE);
    case MATCH_ACCESS:
        return match_said(wish->access, marks & MARK_ACCESSIBLE);
    default:
        return match_bits(wish->languages, marks, MARK_SPOKEN);
    }
}

struct match match_of(const struct match_wish *wish, const struct match_facts *facts)
{
    struct match m = {0};
    for (int point = 0; point < MATCH_POINTS; point++) {
        switch (match_point(wish, facts, point)) {
        case MATCH_YES:
            m.fits |= 1u << point;
            m.score += match_weights[point];
            break;
        case MATCH_NO:
            m.misses |= 1u << point;
            m.score -= 2 * match_weights[point];
            break;
        case MATCH_UNKNOWN:
            m.unknown |= 1u << point;
            m.score -= match_weights[point] / 2;
            break;
        case MATCH_OPEN:
            break;
        }
    }
    return m;
}

bool match_is_whole(const struct match *m) { return m->misses == 0 && m->unknown == 0; }

bool match_is_near(const struct match *m)
{
    int others = 0;
    for (int point = 0; point < MATCH_POINTS; point++)
        others += m->misses >> point & 1;
    return others <= 2 && !(m->misses >> MATCH_AGE & 1);
}

static int match_count(uint64_t marks)
{
    int count = 0;
    for (; marks; marks &= marks - 1)
        count++;
    return count;
}

int match_likeness(uint64_t marks, uint64_t other)
{
    uint64_t both = marks & other, either = marks | other;
    return 6 * match_count(both & MARK_AGES) - 3 * match_count(either & MARK_AGES) + match_count(both & (MARK_WEEKDAYS | MARK_COMPANY)) +
           2 * match_count(both & MARK_SPOKEN) - match_count(either & MARK_SPOKEN);
}

static bool match_is_better(const struct match_candidate *a, const struct match_candidate *b)
{
    if (match_is_whole(&a->match) != match_is_whole(&b->match))
        return match_is_whole(&a->match);
    if (a->match.score != b->match.score)
        return a->match.score > b->match.score;
    return a->turn != b->turn ? a->turn < b->turn : a->key < b->key;
}

void match_offer(struct match_list *list, const struct match_candidate *c)
{
    int at = list->count;
    for (int i = 0; i < list->count; i++)
        if (list->best[i].key == c->key)
            return;
    while (at > 0 && match_is_better(c, &list->best[at - 1]))
        at--;
    if (at == MATCH_BEST)
        return;
    if (list->count < MATCH_BEST)
        list->count++;
    memmove(&list->best[at + 1], &list->best[at], (size_t)(list->count - 1 - at) * sizeof list->best[0]);
    list->best[at] = *c;
}

uint32_t match_turn(int64_t key, int32_t day)
{
    uint64_t x = (uint64_t)key * UINT64_C(0x9E3779B97F4A7C15) + (uint64_t)(uint32_t)day * UINT64_C(0xD1B54A32D192ED03);
    x ^= x >> 29;
    x *= UINT64_C(0xBF58476D1CE4E5B9);
    return (uint32_t)(x >> 32);
}
