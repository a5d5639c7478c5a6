/* Who could help whom: what speaks for a pair, in which order, and never without bound. */
#include "kiosk/store/supply_match.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "kiosk/base/date.h"
#include "kiosk/store/replica_write.h"
#include "tests/support/feed.h"
#include "tests/support/folder.h"

enum { ROOM, EQUIPMENT, SKILL, TRANSPORT, HELPERS };

static struct supply_thing thing(bool wanted, int kind, const char *name, const char *text)
{
    struct supply_thing t = {.is = {.kind = kind, .wanted = wanted, .owner = "a", .city = "Тула"}};
    snprintf(t.is.owner, sizeof t.is.owner, "%s", wanted ? "who seeks" : "who shares");
    supply_thing_add_words(&t, name, true);
    supply_thing_add_words(&t, text, false);
    return t;
}

static void test_supply_match__words_in_common(void **state)
{
    (void)state;
    static const struct {
        const char *want, *offer, *text;
        int kind;
        const char *word;
        bool fits;
    } rows[] = {
        {"Швейная машина", "Даём швейную машину", "", EQUIPMENT, "швейную", true},
        {"Швейная машина", "Лыжи", "", EQUIPMENT, "", false},
        {"Швейная машина", "Мастерская", "Есть две швейные машины", EQUIPMENT, "швейные", true},
        {"Ищем проектор на вечер", "Проектор и экран", "", EQUIPMENT, "проектор", true},
        {"Ёлочные игрушки", "ЕЛОЧНЫЕ гирлянды", "", EQUIPMENT, "елочные", true},
        {"Машинист", "Машина", "", SKILL, "машина", true},
        {"Машинистка на вечер", "Машина", "", SKILL, "", false},
        {"Печь", "Печать", "", EQUIPMENT, "", false},
        {"Бухгалтер", "Помощь юриста", "", SKILL, "", false},
        {"Ищем людей", "Нужны люди", "", SKILL, "", false},
        {"Комната по вечерам", "Зал на тридцать человек", "", ROOM, "", true},
        {"Перевезти рояль", "Прицеп", "", TRANSPORT, "", true},
        {"Sewing machine wanted", "Two sewing machines", "", EQUIPMENT, "sewing", true},
        {"", "", "", EQUIPMENT, "", false},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct supply_thing want = thing(true, rows[i].kind, rows[i].want, ""), offer = thing(false, rows[i].kind, rows[i].offer, rows[i].text);
        struct supply_fit fit = supply_fit(&want, &offer);
        if ((fit.score > 0) != rows[i].fits || strcmp(fit.word, rows[i].word) != 0)
            fail_msg("%s / %s: %d %s", rows[i].want, rows[i].offer, fit.score, fit.word);
    }
}

static void test_supply_match__what_never_fits(void **state)
{
    (void)state;
    struct supply_thing want = thing(true, ROOM, "Зал", ""), offer = thing(false, ROOM, "Зал", "");
    assert_true(supply_fit(&want, &offer).score > 0);
    assert_int_equal(supply_fit(&offer, &want).score, 0);
    assert_int_equal(supply_fit(&want, &want).score, 0);
    offer.is.kind = HELPERS;
    assert_int_equal(supply_fit(&want, &offer).score, 0);
    offer = thing(false, ROOM, "Зал", "");
    memcpy(offer.is.owner, want.is.owner, sizeof offer.is.owner);
    assert_int_equal(supply_fit(&want, &offer).score, 0);
    want.is.kind = offer.is.kind = -1;
    assert_int_equal(supply_fit(&want, &offer).score, 0);
}

static void test_supply_match__town_before_words_before_nothing(void **state)
{
    (void)state;
    struct supply_thing want = thing(true, ROOM, "Зал для танцев", "");
    struct supply_thing here = thing(false, ROOM, "Подвал", ""), words = thing(false, ROOM, "Танцы и музыка", ""), far = thing(false, ROOM, "Подвал", "");
    struct supply_thing both = thing(false, ROOM, "Зал, танцы", "");
    memcpy(words.is.city, "Омск", sizeof "Омск");
    memcpy(far.is.city, "Омск", sizeof "Омск");
    assert_true(supply_fit(&want, &both).score > supply_fit(&want, &here).score);
    assert_true(supply_fit(&want, &here).score > supply_fit(&want, &words).score);
    assert_true(supply_fit(&want, &words).score > supply_fit(&want, &far).score);
    assert_true(supply_fit(&want, &here).same_city && !supply_fit(&want, &far).same_city);
    want.is.city[0] = far.is.city[0] = '\0'; /* nobody knows where: not the same place */
    assert_false(supply_fit(&want, &far).same_city);
}

/* ---- in a replica */

struct place {
    char folder[FOLDER_PATH], path[FOLDER_FILE];
    struct zone *zone;
    struct replica_writer *w;
    struct replica *r;
    int64_t seq;
    struct supply_pair pairs[400];
};

static int set_up(void **state)
{
    struct place *p = calloc(1, sizeof *p);
    struct error e = {0};
    bool damaged;
    folder_new(p->folder);
    folder_file(p->path, p->folder, "replica.db");
    p->zone = zone_new("Europe/Moscow");
    assert_int_equal(replica_writer_open(&p->w, p->path, p->zone, false, &damaged, &e), ERR_NONE);
    p->r = replica_open(p->path);
    *state = p;
    return 0;
}

static int tear_down(void **state)
{
    struct place *p = *state;
    replica_close(p->r);
    replica_writer_close(p->w);
    zone_free(p->zone);
    folder_remove(p->folder);
    free(p);
    return 0;
}

static const char *id_of(char kind, int n)
{
    static char ids[4][64];
    static int at;
    char *id = ids[at++ % 4];
    snprintf(id, 64, "00000000-0000-4000-8000-%c%011d", kind, n);
    return id;
}

static void community(struct place *p, int n, const char *city)
{
    char d[300];
    snprintf(d, sizeof d, "{\"name\":\"Клуб %03d\",\"addressLocality\":\"%s\"}", n, city);
    assert_int_equal(item_put(p->w, "community", id_of('c', n), ++p->seq, d), 0);
}

static void resource(struct place *p, int n, int owner, const char *rest)
{
    char d[500];
    snprintf(d, sizeof d, "{\"provider\":\"%s\",\"providerName\":\"Клуб %03d\",%s}", id_of('c', owner), owner, rest);
    assert_int_equal(item_put(p->w, "resource", id_of('a', n), ++p->seq, d), 0);
}

#define OFFER(name, type) "\"name\":\"" name "\",\"direction\":\"offer\",\"resourceType\":\"" type "\""
#define WANT(name, type)  "\"name\":\"" name "\",\"direction\":\"want\",\"resourceType\":\"" type "\""

static void test_supply_match__pairs_of_the_replica(void **state)
{
    struct place *p = *state;
    community(p, 1, "Тула");
    community(p, 2, "Омск");
    community(p, 3, "Тула");
    resource(p, 1, 1, WANT("Швейная машина", "equipment"));
    resource(p, 2, 2, OFFER("Швейные машины", "equipment"));
    resource(p, 3, 3, OFFER("Машина швейная, старая", "equipment"));
    resource(p, 4, 3, OFFER("Лыжи", "equipment"));
    resource(p, 5, 3, WANT("Комната", "room"));
    resource(p, 6, 1, OFFER("Подвал", "room"));
    replica_refresh(p->r);
    assert_int_equal(supply_pairs(p->r, "Тула", p->pairs, 400), 3);
    assert_string_equal(p->pairs[0].offer.name, "Машина швейная, старая");
    assert_true(p->pairs[0].fit.same_city);
    assert_string_equal(p->pairs[1].offer.name, "Подвал");
    assert_string_equal(p->pairs[2].offer.name, "Швейные машины");
    assert_string_equal(p->pairs[2].offer.owner_name, "Клуб 002");
    assert_string_equal(p->pairs[2].want.city, "Тула");
    assert_int_equal(supply_pairs(p->r, "", p->pairs, 1), 1);
    assert_true(p->pairs[0].fit.same_city);

    assert_int_equal(supply_pairs_of(p->r, id_of('a', 1), p->pairs, 10), 2);
    assert_string_equal(p->pairs[0].offer.name, "Машина швейная, старая");
    assert_int_equal(supply_pairs_of(p->r, id_of('a', 6), p->pairs, 10), 1);
    assert_string_equal(p->pairs[0].want.name, "Комната");
    assert_int_equal(supply_pairs_of(p->r, id_of('a', 4), p->pairs, 10), 0);
    assert_int_equal(supply_pairs_of(p->r, id_of('c', 1), p->pairs, 10), 0);
    assert_int_equal(supply_pairs_of(p->r, "nothing", p->pairs, 10), 0);
}

/* Many others do not hide the one that has the words, or is next door. */
static void test_supply_match__found_among_many(void **state)
{
    struct place *p = *state;
    community(p, 0, "Тула");
    resource(p, 0, 0, WANT("Токарный станок", "equipment"));
    for (int i = 1; i < 400; i++) {
        community(p, i, i == 399 ? "Тула" : "Омск");
        resource(p, i, i, i == 300 ? OFFER("Станок токарный", "equipment") : i == 399 ? OFFER("Станок столярный", "equipment") : OFFER("Мячи и сетки", "equipment"));
    }
    replica_refresh(p->r);
    assert_int_equal(supply_pairs_of(p->r, id_of('a', 0), p->pairs, 10), 2);
    assert_string_equal(p->pairs[0].offer.name, "Станок столярный");
    assert_string_equal(p->pairs[1].offer.name, "Станок токарный");
    assert_int_equal(supply_pairs(p->r, "Тула", p->pairs, 400), 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_supply_match__words_in_common),
        cmocka_unit_test(test_supply_match__what_never_fits),
        cmocka_unit_test(test_supply_match__town_before_words_before_nothing),
        cmocka_unit_test_setup_teardown(test_supply_match__pairs_of_the_replica, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_supply_match__found_among_many, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
