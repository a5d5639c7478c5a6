/* Sharing and seeking: the table of communities and kinds, its cells, the list behind a cell, one thing, who helps whom. Each walk runs
 * in Russian, English and the pseudo-language at 80 x 24, and in Russian on a large screen. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "kiosk/base/date.h"
#include "kiosk/base/file.h"
#include "kiosk/store/replica_write.h"
#include "tests/support/feed.h"
#include "tests/support/picture.h"
#include "tests/support/town.h"

#define OFFER(type) ",\"direction\":\"offer\",\"resourceType\":\"" type "\""
#define WANT(type)  ",\"direction\":\"want\",\"resourceType\":\"" type "\""
#define BY(n, name) "\"provider\":\"00000000-0000-4000-8000-0000000000" n "\",\"providerName\":\"" name "\",\"inLanguage\":\"ru\","
#define EN(name)    ",\"translations\":{\"en\":{\"name\":\"" name "\"}}"

/* The communities are the town's: a1 choir, a2 walkers with a long name, a3 time bank, a5 computers, a6. */
static const char *const supply_things[] = {
    "{" BY("a1", "Хор «Заря»") "\"name\":\"Зал с роялем\",\"description\":\"Сорок мест, рояль настроен, вход без ступеней.\",\"availability\":"
                               "\"будни до шести\",\"entryRules\":\"Бесплатно, после себя убрать\"" OFFER("room") EN("Hall with a piano") "}",
    "{" BY("a1", "Хор «Заря»") "\"name\":\"Подвал для репетиций\"" OFFER("room") EN("Rehearsal basement") "}",
    "{" BY("a1", "Хор «Заря»") "\"name\":\"Сцена на лето\"" OFFER("room") "}",
    "{" BY("a1", "Хор «Заря»") "\"name\":\"Костюмерная\"" OFFER("room") "}",
    "{" BY("a1", "Хор «Заря»") "\"name\":\"Комната с тихими соседями\"" WANT("room") "}",
    "{" BY("a1", "Хор «Заря»") "\"name\":\"Перевезти рояль\"" WANT("transport") EN("A piano to be moved") "}",
    "{" BY("a2", "Ходьба") "\"name\":\"Палки для ходьбы, двадцать пар\"" OFFER("equipment") EN("Walking poles") "}",
    "{" BY("a3", "Банк времени") "\"name\":\"Бухгалтер\",\"description\":\"Помочь с отчётом раз в квартал.\"" WANT("skill") "}",
    "{" BY("a3", "Банк времени") "\"name\":\"Грузовик с водителем\"" OFFER("transport") EN("Lorry with a driver") "}",
    "{" BY("a5", "Компьютер с нуля") "\"name\":\"Помощь с отчётом и налогами\"" OFFER("skill") EN("Help with taxes") "}",
    "{" BY("a6", "Ёлочка") "\"name\":\"Палки для занятий\"" WANT("equipment") EN("Poles for lessons") "}",
    "{\"inLanguage\":\"ru\",\"providerName\":\"Клуб без страницы\",\"name\":\"Руки на субботник\"" WANT("volunteers") "}",
};

static const struct supply_face {
    const char *lang;
    int rows, cols;
    const char *suffix;
} supply_faces[] = {{"ru", 24, 80, "ru"}, {"en", 24, 80, "en"}, {"xx", 24, 80, "xx"}, {"ru", 45, 160, "ru-large"}, {"ru", 12, 40, "ru-narrow"}};

static void supply_fill(const char *data)
{
    struct replica_writer *w;
    struct error e;
    char path[4096], id[37], hex[8];
    bool damaged;
    struct zone *zone = zone_new("Europe/Moscow");
    struct replica_position at;
    town_fill(data);
    assert_int_equal(replica_writer_open(&w, file_join(path, data, "replica.db"), zone, false, &damaged, &e), ERR_NONE);
    assert_int_equal(replica_writer_position(w, &at, &e), ERR_NONE);
    for (size_t i = 0; i < sizeof supply_things / sizeof supply_things[0]; i++) {
        snprintf(hex, sizeof hex, "f%02d", (int)i);
        assert_int_equal(item_put(w, "resource", item_id(id, hex), ++at.seq, supply_things[i]), 0);
    }
    replica_writer_close(w);
    zone_free(zone);
}

static int set_up(void **state)
{
    static char data[64];
    supply_fill(picture_data(data));
    *state = data;
    return 0;
}

static int tear_down(void **state)
{
    picture_data_done(*state);
    return 0;
}

struct supply_step {
    const char *keys, *name;
};

static void supply_walk(const char *data, const struct supply_step *steps, size_t count)
{
    for (size_t i = 0; i < sizeof supply_faces / sizeof supply_faces[0]; i++) {
        const struct supply_face *f = &supply_faces[i];
        struct picture *p = picture_start(&(struct picture_setup){.data = data, .lang = f->lang, .rows = f->rows, .cols = f->cols});
        for (size_t k = 0; k < count; k++) {
            char name[80];
            picture_press(p, steps[k].keys);
            snprintf(name, sizeof name, "supply-%s-%s", steps[k].name, f->suffix);
            picture_check(p, name);
        }
        assert_int_equal(picture_stop(p), 0);
    }
}
#define WALK(data, steps) supply_walk(data, steps, sizeof(steps) / sizeof(steps)[0])

static void test_supply__table_of_communities_and_kinds(void **state)
{
    static const struct supply_step steps[] = {
        {"enter 7", "table"}, {"end right right right right", "corner"}, {"left up", "walked"}, {"'пал'", "search"}, {"esc f5", "kinds"}, {"3", "kind"},
    };
    WALK(*state, steps);
}

static void test_supply__what_is_behind_a_cell(void **state)
{
    static const struct supply_step steps[] = {{"enter 7 'заря' enter", "list"}, {"3", "thing"}};
    WALK(*state, steps);
}

static void test_supply__who_helps_whom(void **state)
{
    static const struct supply_step steps[] = {{"enter 7 f7", "pairs"}, {"1", "pair"}};
    WALK(*state, steps);
}

#define FILLED "'Анна Петрова' enter '8 912 345-67-89' enter enter 'В субботу с десяти' enter space down"

static void test_supply__a_request_is_filled_in_and_checked(void **state)
{
    static const struct supply_step steps[] = {
        {"enter 7 'заря' enter 1 1", "request"}, {FILLED, "request-filled"}, {"enter", "request-review"}};
    WALK(*state, steps);
}

static struct picture *supply_start(const char *data)
{
    return picture_start(&(struct picture_setup){.data = data, .lang = "ru"});
}

/* The cursor rests on the cell that is told about below. */
static void test_supply__cursor_is_on_the_cell(void **state)
{
    struct picture *p = supply_start(*state);
    int row, col, before;
    picture_press(p, "enter 7");
    picture_cursor(p, &row, &before);
    picture_press(p, "down down right");
    int top = row;
    picture_cursor(p, &row, &col);
    assert_int_equal(row, top + 2);
    assert_true(col > before);
    assert_int_equal(picture_stop(p), 0);
}

static void test_supply__touch_opens_a_cell_or_all_of_a_community(void **state)
{
    struct picture *p = supply_start(*state);
    picture_press(p, "enter 7 'заря'");
    picture_click(p, 6, 10); /* the name */
    assert_true(picture_has(p, "6 записей"));
    picture_press(p, "esc");
    picture_click(p, 6, 60); /* transport */
    assert_true(picture_has(p, "Перевезти рояль"));
    assert_true(picture_has(p, "Кто ищет"));
    assert_int_equal(picture_stop(p), 0);
}

/* The paper of a request: what it asks, where it stands, and how to take it back; found again by its code. */
static void test_supply__a_request_has_a_code_and_can_be_taken_back(void **state)
{
    struct picture *p = supply_start(*state);
    picture_press(p, "enter 7 'заря' enter 1 1 " FILLED " enter space");
    assert_true(picture_has(p, "Ваше обращение сохранено"));
    assert_true(picture_has(p, "Оно уйдёт, как только будет связь"));
    assert_true(picture_has(p, "Зал с роялем"));
    assert_true(picture_has(p, "Отменить обращение"));
    assert_false(picture_has(p, "человек"));
    picture_press(p, "c down enter");
    assert_true(picture_has(p, "Это обращение отменено"));
    assert_int_equal(picture_stop(p), 0);
}

static void test_supply__says_what_is_missing(void **state)
{
    static const struct {
        const char *keys, *there;
    } rows[] = {{"enter 7 'щщщ'", "никого не нашлось"},
                {"esc f4 'нов' enter f5 2", "Таким пока никто не делится"},
                {"delete 'елочка' right enter", "Здесь такого пока нет."},
                {"esc delete f6 3", "только что ищут"}};
    struct picture *p = supply_start(*state);
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        picture_press(p, rows[i].keys);
        if (!picture_has(p, rows[i].there))
            fail_msg("%s:\n%s", rows[i].keys, picture_text(p));
    }
    assert_int_equal(picture_stop(p), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_supply__table_of_communities_and_kinds),
        cmocka_unit_test(test_supply__what_is_behind_a_cell),
        cmocka_unit_test(test_supply__who_helps_whom),
        cmocka_unit_test(test_supply__a_request_is_filled_in_and_checked),
        cmocka_unit_test(test_supply__cursor_is_on_the_cell),
        cmocka_unit_test(test_supply__a_request_has_a_code_and_can_be_taken_back),
        cmocka_unit_test(test_supply__touch_opens_a_cell_or_all_of_a_community),
        cmocka_unit_test(test_supply__says_what_is_missing),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
