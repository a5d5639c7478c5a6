/* What a step costs: the bytes a screen sends when the arrow is pressed once in a list. A serial line of 9,600 bit/s carries 960 in a
 * second, so 200 keep a held key usable. Names are as long as in the worst of cities, in letters of two bytes. */
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

enum { CHEAP_ITEMS = 24, CHEAP_BYTES = 200, CHEAP_STEPS = 12, CHEAP_PAGE = 6, CHEAP_JSON = 2000 };

/* One record of each kind; the first %d is its number, the second a day of May, then the provider's. */
static const struct cheap_kind {
    const char *kind, *prefix, *d;
} cheap_kinds[] = {
    {"community", "c", "{\"name\":\"Клуб любителей краеведения и дальних прогулок «Родник» %d\",\"inLanguage\":\"ru\",\"addressLocality\":"
                       "\"Заречинск\",\"about\":[\"culture\"],\"meetsOn\":[\"MO\"]}"},
    {"event", "d", "{\"name\":\"Большая встреча соседей, самовар и песни под гармонь номер %d\",\"inLanguage\":\"ru\",\"location\":{\"name\":"
                   "\"Дом культуры железнодорожников\"},\"isAccessibleForFree\":true,\"about\":[\"culture\"],\"subEvent\":[{\"id\":"
                   "\"00000000-0000-4000-8000-000000001e%02d\",\"startDate\":\"2026-05-%02dT18:00:00+03:00\",\"endDate\":"
                   "\"2026-05-%02dT20:00:00+03:00\"}]}"},
    {"article", "e", "{\"name\":\"Как заменить счётчик воды и не переплатить, часть %d\",\"inLanguage\":\"ru\",\"description\":\"Что проверить, "
                     "кого позвать и какую бумагу взять с собой.\",\"about\":[\"it\"],\"articleBody\":\"Позвоните мастеру.\"}"},
    {"call", "f", "{\"name\":\"Гранты на соседские дела, дворы и праздники, выпуск %d\",\"inLanguage\":\"ru\",\"callType\":\"grant\","
                  "\"validThrough\":\"2026-06-%02d\",\"organizerName\":\"Фонд «Заречье»\",\"about\":[\"neighbours\"]}"},
    {"resource", "9", "{\"name\":\"Большой зал с роялем и сценой для репетиций %d\",\"inLanguage\":\"ru\",\"direction\":\"offer\","
                      "\"resourceType\":\"room\",\"provider\":\"00000000-0000-4000-8000-0000000000a1\",\"providerName\":\"Хор «Заря»\"}"},
    {"resource", "8", "{\"name\":\"Зал для репетиций и чаепитий по субботам %d\",\"inLanguage\":\"ru\",\"direction\":\"want\","
                      "\"resourceType\":\"room\",\"providerName\":\"Клуб любителей краеведения\",\"provider\":"
                      "\"00000000-0000-4000-8000-0000000000a2\"}"},
};

/* Fills in number and days in the order each kind has them. */
static void cheap_json(char out[CHEAP_JSON], const struct cheap_kind *k, int i)
{
    int day = 13 + i % 10;
    size_t n = 0;
    for (const char *c = k->d; *c && n + 20 < CHEAP_JSON; c++) {
        if (strncmp(c, "%02d", 4) == 0 || strncmp(c, "%d", 2) == 0) {
            bool day_of = c[-1] == '-', wide = c[1] == '0';
            n += (size_t)snprintf(out + n, CHEAP_JSON - n, wide ? "%02d" : "%d", day_of ? day : i);
            c += wide ? 3 : 1;
        } else {
            out[n++] = *c;
        }
    }
    out[n] = '\0';
}

static int set_up(void **state)
{
    static char data[64];
    struct replica_writer *w;
    struct error e;
    char path[4096], id[37], hex[16], d[CHEAP_JSON];
    bool damaged;
    struct zone *zone = zone_new("Europe/Moscow");
    struct replica_position at;
    town_fill(picture_data(data));
    assert_int_equal(replica_writer_open(&w, file_join(path, data, "replica.db"), zone, false, &damaged, &e), ERR_NONE);
    assert_int_equal(replica_writer_position(w, &at, &e), ERR_NONE);
    for (size_t k = 0; k < sizeof cheap_kinds / sizeof cheap_kinds[0]; k++)
        for (int i = 0; i < CHEAP_ITEMS; i++) {
            cheap_json(d, &cheap_kinds[k], i);
            snprintf(hex, sizeof hex, "%s0%02d", cheap_kinds[k].prefix, i);
            assert_int_equal(item_put(w, cheap_kinds[k].kind, item_id(id, hex), ++at.seq, d), 0);
        }
    replica_writer_close(w);
    zone_free(zone);
    *state = data;
    return 0;
}

static int tear_down(void **state)
{
    picture_data_done(*state);
    return 0;
}

/* keys lead to it from the attract screen. At the edge of what is seen a step turns the page, which is more than a step: once in `page`
 * steps (0: CHEAP_PAGE) and no more. */
static const struct cheap_list {
    const char *name, *keys, *forth, *back;
    int page;
} cheap_lists[] = {
    {"home", "enter", "down", "up", 0},
    {"events of a week", "enter 2", "down", "up", 0},
    {"all events", "enter 3", "down", "up", 0},
    {"days of a month", "enter 3 f5", "right", "left", CHEAP_STEPS},
    {"weeks of a month", "enter 3 f5 1 1 . 5 down up", "down", "up", 3},
    {"week", "enter 3 f5 f5", "down", "up", 0},
    {"communities", "enter 4", "down", "up", 0},
    {"questions", "enter 5", "down", "up", 0},
    {"suggestions", "enter 5 1 0 0 0 0", "down", "up", 0},
    {"calls", "enter 6", "down", "up", 0},
    {"rows of the matrix", "enter 7", "down", "up", 0},
    {"columns of the matrix", "enter 7 left left left left", "right", "left", 0},
    {"who helps whom", "enter 7 f7", "down", "up", 4},
    {"things of a cell", "enter 7 'заря' enter", "down", "up", 0},
    {"articles", "enter 8", "down", "up", 0},
    {"a community's card", "enter 4 'заря' enter", "down", "up", 0},
    {"topics to choose from", "enter 4 f3", "down", "up", 0},
    {"towns to choose from", "enter 4 f4", "down", "up", 0},
    {"what is asked of events", "enter 3 f4", "down", "up", 0},
    {"languages", "enter f2", "down", "up", 0},
};

static bool cheap_walk(struct picture *p, const struct cheap_list *list, const char *key)
{
    long most = 0;
    int pages = 0, step = list->page ? list->page : CHEAP_PAGE;
    for (int i = 1; i <= CHEAP_STEPS; i++) {
        long bytes = picture_bytes(p, key);
        pages += bytes > CHEAP_BYTES;
        if (pages > (i + step - 1) / step) {
            print_error("%s, %s: %ld bytes for a step to\n%s", list->name, key, bytes, picture_text(p));
            return false;
        }
        most = bytes > most && bytes <= CHEAP_BYTES ? bytes : most;
    }
    print_message("%-24s %-5s %3ld bytes at most, %d pages turned\n", list->name, key, most, pages);
    return true;
}

static void cheap_all(const char *data, bool no_color)
{
    int failed = 0;
    for (size_t i = 0; i < sizeof cheap_lists / sizeof cheap_lists[0]; i++) {
        struct picture *p = picture_start(&(struct picture_setup){.data = data, .lang = "ru", .no_color = no_color});
        picture_press(p, cheap_lists[i].keys);
        failed += !cheap_walk(p, &cheap_lists[i], cheap_lists[i].forth) + !cheap_walk(p, &cheap_lists[i], cheap_lists[i].back);
        assert_int_equal(picture_stop(p), 0);
    }
    assert_int_equal(failed, 0);
}

static void test_cheap__a_step_in_a_list(void **state) { cheap_all(*state, false); }
static void test_cheap__a_step_in_a_list_without_colours(void **state) { cheap_all(*state, true); }

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_cheap__a_step_in_a_list),
        cmocka_unit_test(test_cheap__a_step_in_a_list_without_colours),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
