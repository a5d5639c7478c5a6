/* Wishes against facts: what fits, what does not, what nobody said; which are the best. */
#include "kiosk/store/match.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "kiosk/store/marks.h"

enum { TOPIC = 1 << MATCH_TOPIC, AGE = 1 << MATCH_AGE, DAY = 1 << MATCH_DAY, PLACE = 1 << MATCH_PLACE, COMPANY = 1 << MATCH_COMPANY,
       FREE = 1 << MATCH_FREE, ACCESS = 1 << MATCH_ACCESS, LANGUAGE = 1 << MATCH_LANGUAGE };

static void test_match__each_wish(void **state)
{
    (void)state;
    const uint64_t tt = marks_language("tt"), ru = marks_language("ru"), tu = MARK_WEEKDAY(2), sa = MARK_WEEKDAY(6);
    const struct {
        const char *name;
        struct match_wish wish;
        struct match_facts facts;
        unsigned fits, misses, unknown;
    } rows[] = {
        {"no wish", {.topic = false}, {.marks = MARK_FREE}, 0, 0, 0},
        {"topic", {.topic = true}, {.topic = true}, TOPIC, 0, 0},
        {"another topic", {.topic = true}, {.topic = false}, 0, TOPIC, 0},
        {"age", {.ages = MARK_ELDERLY}, {.marks = MARK_ADULTS | MARK_ELDERLY}, AGE, 0, 0},
        {"another age", {.ages = MARK_CHILDREN}, {.marks = MARK_ELDERLY}, 0, AGE, 0},
        {"one of the days", {.days = tu | sa}, {.marks = sa}, DAY, 0, 0},
        {"other days", {.days = tu}, {.marks = sa}, 0, DAY, 0},
        {"days nobody said", {.days = tu}, {.marks = 0}, 0, 0, DAY},
        {"town", {.where = MATCH_TOWN}, {.town = true}, PLACE, 0, 0},
        {"another town", {.where = MATCH_TOWN}, {.marks = MARK_ONLINE}, 0, PLACE, 0},
        {"on the internet", {.where = MATCH_ONLINE}, {.marks = MARK_ONLINE}, PLACE, 0, 0},
        {"not on the internet", {.where = MATCH_ONLINE}, {.town = true}, 0, PLACE, 0},
        {"with a child", {.company = MARK_WITH_CHILD}, {.marks = MARK_WITH_CHILD | MARK_ALONE}, COMPANY, 0, 0},
        {"with a child, nobody said", {.company = MARK_WITH_CHILD}, {.marks = MARK_ALONE}, 0, 0, COMPANY},
        {"free", {.free = true}, {.marks = MARK_FREE}, FREE, 0, 0},
        {"free, nobody said", {.free = true}, {.marks = 0}, 0, 0, FREE},
        {"steps, nobody said", {.access = true}, {.marks = MARK_FREE}, 0, 0, ACCESS},
        {"no steps", {.access = true}, {.marks = MARK_ACCESSIBLE}, ACCESS, 0, 0},
        {"language", {.languages = tt}, {.marks = tt | ru}, LANGUAGE, 0, 0},
        {"another language", {.languages = tt}, {.marks = ru}, 0, LANGUAGE, 0},
        {"several", {.topic = true, .days = tu, .free = true}, {.topic = true, .marks = sa}, TOPIC, DAY, FREE},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct match m = match_of(&rows[i].wish, &rows[i].facts);
        if (m.fits != rows[i].fits || m.misses != rows[i].misses || m.unknown != rows[i].unknown)
            fail_msg("%s: fits %x misses %x unknown %x", rows[i].name, m.fits, m.misses, m.unknown);
        assert_true(match_is_whole(&m) == (rows[i].misses == 0 && rows[i].unknown == 0));
    }
}

static void test_match__nobody_of_another_age_is_near(void **state)
{
    (void)state;
    assert_true(match_is_near(&(struct match){.misses = TOPIC | DAY}));
    assert_true(match_is_near(&(struct match){.unknown = TOPIC | DAY | FREE | ACCESS}));
    assert_false(match_is_near(&(struct match){.misses = AGE}));
    assert_false(match_is_near(&(struct match){.misses = TOPIC | DAY | PLACE}));
}

static struct match_candidate candidate(int64_t key, unsigned misses, int score)
{
    return (struct match_candidate){.key = key, .turn = (uint32_t)key, .match = {.misses = misses, .score = score}};
}

static void test_match__the_best_are_kept_in_order(void **state)
{
    (void)state;
    struct match_list list = {0};
    const struct match_candidate offered[] = {candidate(7, TOPIC, 90), candidate(6, 0, 10), candidate(5, 0, 40), candidate(5, 0, 40),
                                              candidate(4, TOPIC, 20), candidate(3, TOPIC, 30), candidate(2, 0, 40), candidate(1, TOPIC, 5)};
    const int64_t wanted[] = {2, 5, 6, 7, 3};
    for (size_t i = 0; i < sizeof offered / sizeof offered[0]; i++)
        match_offer(&list, &offered[i]);
    assert_int_equal(list.count, MATCH_BEST);
    for (int i = 0; i < MATCH_BEST; i++)
        assert_int_equal(list.best[i].key, wanted[i]);
}

/* What is whole comes before what is not, whatever it counts; a wheelchair counts more than a price. */
static void test_match__what_matters_more_comes_first(void **state)
{
    (void)state;
    struct match_wish wish = {.free = true, .access = true};
    struct match no_steps = match_of(&wish, &(struct match_facts){.marks = MARK_ACCESSIBLE});
    struct match no_price = match_of(&wish, &(struct match_facts){.marks = MARK_FREE});
    assert_true(no_steps.score > no_price.score);
}

static void test_match__likeness_goes_by_age_first(void **state)
{
    (void)state;
    const uint64_t ru = marks_language("ru"), tt = marks_language("tt"), own = MARK_ELDERLY | MARK_WEEKDAY(2) | ru | tt;
    const uint64_t nearer[] = {own, MARK_ELDERLY | ru | tt, MARK_ELDERLY | ru, MARK_ADULTS | MARK_ELDERLY | ru, MARK_ADULTS | MARK_WEEKDAY(2) | ru,
                               MARK_CHILDREN | MARK_TEENAGERS | ru};
    for (size_t i = 1; i < sizeof nearer / sizeof nearer[0]; i++)
        if (match_likeness(own, nearer[i - 1]) <= match_likeness(own, nearer[i]))
            fail_msg("row %zu", i);
}

static void test_match__equals_take_turns(void **state)
{
    (void)state;
    int first[2] = {0, 0};
    assert_int_equal(match_turn(3, 20000), match_turn(3, 20000));
    for (int day = 20000; day < 20100; day++)
        first[match_turn(1, day) < match_turn(2, day)]++;
    assert_in_range(first[0], 25, 75);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_match__each_wish),
        cmocka_unit_test(test_match__nobody_of_another_age_is_near),
        cmocka_unit_test(test_match__the_best_are_kept_in_order),
        cmocka_unit_test(test_match__what_matters_more_comes_first),
        cmocka_unit_test(test_match__likeness_goes_by_age_first),
        cmocka_unit_test(test_match__equals_take_turns),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
