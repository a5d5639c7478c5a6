/* The table of communities and kinds: it follows from resources and communities, in whatever order they come and go. */
#include "kiosk/store/supply.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "kiosk/base/date.h"
#include "kiosk/base/sql.h"
#include "kiosk/store/replica_write.h"
#include "tests/support/feed.h"
#include "tests/support/folder.h"

#define C1 "00000000-0000-4000-8000-0000000000c1"
#define C2 "00000000-0000-4000-8000-0000000000c2"
#define R1 "00000000-0000-4000-8000-0000000000a1"
#define R2 "00000000-0000-4000-8000-0000000000a2"
#define R3 "00000000-0000-4000-8000-0000000000a3"
#define R4 "00000000-0000-4000-8000-0000000000a4"

enum { ROOM = 0, EQUIPMENT = 2, WANTED = 1, ROWS = 50 };

struct place {
    char folder[FOLDER_PATH], path[FOLDER_FILE];
    struct zone *zone;
    struct replica_writer *w;
    struct replica *r;
    int64_t seq;
    struct supply_row rows[ROWS];
};

static int set_up(void **state)
{
    static struct place place;
    struct place *p = &place;
    struct error e = {0};
    bool damaged;
    *p = (struct place){.seq = 0};
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
    return 0;
}

static void community(struct place *p, const char *id, const char *name, const char *city, const char *topic)
{
    char d[400];
    snprintf(d, sizeof d, "{\"name\":\"%s\",\"inLanguage\":\"ru\",\"addressLocality\":\"%s\",\"about\":[\"%s\"]}", name, city, topic);
    assert_int_equal(item_put(p->w, "community", id, ++p->seq, d), 0);
}

/* owner: an id, or the rest of the record: "\",\"providerName\":\"Клуб". */
static void resource(struct place *p, const char *id, const char *name, const char *owner, const char *what)
{
    char d[400];
    snprintf(d, sizeof d, "{\"name\":\"%s\",\"inLanguage\":\"ru\",\"provider\":\"%s\",%s}", name, owner, what);
    assert_int_equal(item_put(p->w, "resource", id, ++p->seq, d), 0);
}

#define OFFER(type) "\"direction\":\"offer\",\"resourceType\":\"" type "\""
#define WANT(type)  "\"direction\":\"want\",\"resourceType\":\"" type "\""

/* "Имя town 0:1 3:2; ..." of what fits. */
static const char *table(struct place *p, const struct supply_filter *f)
{
    static char out[2000];
    size_t n = 0;
    replica_refresh(p->r);
    int count = supply_rows(p->r, f, 0, p->rows, ROWS);
    assert_int_equal(supply_count(p->r, f, ROWS), count);
    out[0] = '\0';
    for (int i = 0; i < count; i++) {
        n += (size_t)snprintf(out + n, sizeof out - n, "%s%s %s%s", i ? "; " : "", p->rows[i].name, p->rows[i].city, p->rows[i].has_card ? "" : "?");
        for (int c = 0; c < SUPPLY_CELLS; c++)
            if (p->rows[i].times[c])
                n += (size_t)snprintf(out + n, sizeof out - n, " %d:%d", c, p->rows[i].times[c]);
    }
    return out;
}

static const char *all(struct place *p) { return table(p, &(struct supply_filter){.cells = 0}); }

static void test_supply__resources_come_change_and_go(void **state)
{
    struct place *p = *state;
    community(p, C1, "Хор", "Тула", "culture");
    community(p, C2, "Артель", "Омск", "employment");
    assert_string_equal(all(p), "");
    resource(p, R1, "Зал", C1, OFFER("room"));
    resource(p, R2, "Рояль", C1, WANT("equipment"));
    resource(p, R3, "Швейная машина", C2, WANT("equipment"));
    resource(p, R4, "Оверлок", C2, WANT("equipment"));
    assert_string_equal(all(p), "Артель Омск 3:2; Хор Тула 0:1 3:1");
    resource(p, R4, "Оверлок", C2, OFFER("equipment"));
    resource(p, R2, "Рояль", C2, WANT("equipment"));
    assert_string_equal(all(p), "Артель Омск 2:1 3:2; Хор Тула 0:1");
    item_del(p->w, R1, ++p->seq);
    assert_string_equal(all(p), "Артель Омск 2:1 3:2");
    resource(p, R1, "Зал", C1, "\"direction\":\"sideways\",\"resourceType\":\"room\"");
    resource(p, R3, "Швейная машина", C2, WANT("spaceship"));
    assert_string_equal(all(p), "Артель Омск 2:1 3:1");
}

static void test_supply__a_community_may_come_later_and_go_before(void **state)
{
    struct place *p = *state;
    resource(p, R1, "Зал", C1 "\",\"providerName\":\"Старый хор", OFFER("room"));
    assert_string_equal(all(p), "Старый хор ? 0:1");
    community(p, C1, "Хор", "Тула", "culture");
    assert_string_equal(all(p), "Хор Тула 0:1");
    community(p, C1, "Ансамбль", "Омск", "culture");
    assert_string_equal(all(p), "Ансамбль Омск 0:1");
    item_del(p->w, C1, ++p->seq);
    assert_string_equal(all(p), "Ансамбль Омск? 0:1");
    item_del(p->w, R1, ++p->seq);
    assert_string_equal(all(p), "");
}

/* Who has no record in the directory stands in the table all the same, and its resources are found by the row's id. */
static void test_supply__a_name_without_an_id_is_somebody(void **state)
{
    struct place *p = *state;
    resource(p, R1, "Зал", "\",\"providerName\":\"Клуб у реки", OFFER("room"));
    resource(p, R2, "Лодка", "\",\"providerName\":\"Клуб у реки", OFFER("transport"));
    resource(p, R3, "Ничьё", "", OFFER("room"));
    assert_string_equal(all(p), "Клуб у реки ? 0:1 6:1");
    struct record_filter f = {.kind = "resource", .marks = MARK_RESOURCE(3) | MARK_OFFER};
    struct row row;
    memcpy(f.owner, p->rows[0].id, sizeof f.owner);
    assert_int_equal(replica_records(p->r, &f, 0, &row, 1), 1);
    assert_string_equal(row.name, "Лодка");
    f.marks = MARK_WANT;
    assert_int_equal(replica_count_records(p->r, &f, 5), 0);
}

static void test_supply__filters(void **state)
{
    struct place *p = *state;
    static const struct {
        const char *name;
        struct supply_filter f;
        const char *want;
    } rows[] = {
        {"kind", {.cells = 3u << ROOM}, "Артель Омск 1:1; Хор Тула 0:1 3:1"},
        {"wanted kind", {.cells = 1u << (ROOM + WANTED)}, "Артель Омск 1:1"},
        {"any wanted", {.cells = 0x2AA}, "Артель Омск 1:1; Хор Тула 0:1 3:1"},
        {"town", {.city = "Тула"}, "Хор Тула 0:1 3:1"},
        {"town and kind", {.city = "Омск", .cells = 3u << EQUIPMENT}, ""},
        {"topic", {.topic = "culture"}, "Хор Тула 0:1 3:1"},
        {"topic and town", {.topic = "culture", .city = "Омск"}, ""},
        {"words of the community", {.text = "арте"}, "Артель Омск 1:1"},
        {"words of a resource", {.text = "роял"}, "Хор Тула 0:1 3:1"},
        {"words of both", {.text = "хор"}, "Хор Тула 0:1 3:1"},
        {"words and kind", {.text = "хор", .cells = 3u << 8}, ""},
        {"nobody", {.text = "лыжи"}, ""},
    };
    community(p, C1, "Хор", "Тула", "culture");
    community(p, C2, "Артель", "Омск", "employment");
    resource(p, R1, "Зал хора", C1, OFFER("room"));
    resource(p, R2, "Рояль", C1, WANT("equipment"));
    resource(p, R3, "Комната", C2, WANT("room"));
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        if (strcmp(table(p, &rows[i].f), rows[i].want) != 0)
            fail_msg("%s: %s", rows[i].name, table(p, &rows[i].f));
    struct row cities[4];
    assert_int_equal(supply_cities(p->r, cities, 4), 2);
    assert_int_equal(cities[0].start, 1);
}

/* A replica of an older program has no such table: it is made from what is there. */
static void test_supply__made_anew_for_an_older_replica(void **state)
{
    struct place *p = *state;
    struct sql *db;
    struct error e = {0};
    bool damaged;
    community(p, C1, "Хор", "Тула", "culture");
    resource(p, R1, "Зал", C1, OFFER("room"));
    resource(p, R2, "Лодка", "\",\"providerName\":\"Клуб у реки", WANT("transport"));
    assert_int_equal(sql_open(&db, p->path, SQL_NORMAL, NULL), ERR_NONE);
    assert_int_equal(sql_exec(db, "DELETE FROM provider; DELETE FROM provider_cell; UPDATE record SET marks = 0;"
                                  "UPDATE record SET owner = '' WHERE owner LIKE '~%'; DELETE FROM meta WHERE name = 'marks'", NULL), ERR_NONE);
    sql_close(db);
    assert_string_equal(all(p), "");
    replica_writer_close(p->w);
    assert_int_equal(replica_writer_open(&p->w, p->path, p->zone, false, &damaged, &e), ERR_NONE);
    assert_string_equal(all(p), "Клуб у реки ? 7:1; Хор Тула 0:1");
    struct record_filter f = {.kind = "resource"};
    memcpy(f.owner, p->rows[0].id, sizeof f.owner);
    assert_int_equal(replica_count_records(p->r, &f, 5), 1);
    assert_int_equal(replica_reset(p->w, "all", 2, &e), ERR_NONE);
    assert_string_equal(all(p), "");
}

static void test_supply__pages_join(void **state)
{
    struct place *p = *state;
    struct supply_filter any = {.cells = 0};
    for (int i = 0; i < 30; i++) {
        char id[48], r[48], name[40];
        snprintf(id, sizeof id, "00000000-0000-4000-8000-0000000001%02d", i);
        snprintf(r, sizeof r, "00000000-0000-4000-8000-0000000002%02d", i);
        snprintf(name, sizeof name, "Клуб %02d", i * 7 % 30);
        community(p, id, name, "Тула", "sport");
        resource(p, r, "Мячи", id, OFFER("equipment"));
    }
    replica_refresh(p->r);
    assert_int_equal(supply_count(p->r, &any, 1000), 30);
    assert_int_equal(supply_count(p->r, &any, 10), 10);
    assert_int_equal(supply_rows(p->r, &any, 0, p->rows, 20), 20);
    assert_int_equal(supply_rows(p->r, &any, 20, p->rows + 20, 30), 10);
    for (int i = 0; i < 30; i++) {
        char name[40];
        snprintf(name, sizeof name, "Клуб %02d", i);
        assert_string_equal(p->rows[i].name, name);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_supply__resources_come_change_and_go, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_supply__a_community_may_come_later_and_go_before, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_supply__a_name_without_an_id_is_somebody, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_supply__filters, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_supply__made_anew_for_an_older_replica, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_supply__pages_join, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
