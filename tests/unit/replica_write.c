/* Items into the replica: order, repetition, damage, and that nothing of an old state stays behind. */
#include "kiosk/store/replica_write.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "kiosk/base/date.h"
#include "kiosk/base/sql.h"
#include "kiosk/store/replica.h"
#include "tests/support/feed.h"
#include "tests/support/folder.h"

#define E1 "00000000-0000-4000-8000-0000000000e1"
#define E2 "00000000-0000-4000-8000-0000000000e2"
#define C1 "00000000-0000-4000-8000-0000000000c1"
#define T1 "00000000-0000-4000-8000-0000000000f1"
#define T2 "00000000-0000-4000-8000-0000000000f2"

struct place {
    char folder[FOLDER_PATH], path[FOLDER_FILE];
    struct zone *zone;
    struct replica_writer *w;
};

static void open_writer(struct place *p, bool check, bool want_damaged)
{
    struct error e = {0};
    bool damaged;
    if (replica_writer_open(&p->w, p->path, p->zone, check, &damaged, &e))
        fail_msg("%s", e.text);
    assert_int_equal(damaged, want_damaged);
}

static int set_up(void **state)
{
    static struct place place;
    struct place *p = &place;
    folder_new(p->folder);
    folder_file(p->path, p->folder, "replica.db");
    p->zone = zone_new("Europe/Moscow");
    open_writer(p, true, false);
    *state = p;
    return 0;
}

static int tear_down(void **state)
{
    struct place *p = *state;
    replica_writer_close(p->w);
    zone_free(p->zone);
    folder_remove(p->folder);
    return 0;
}

/* Rows in a table or search hits, as SQLite counts them. */
static int count(struct place *p, const char *query)
{
    struct sql *db;
    bool row;
    assert_int_equal(sql_open(&db, p->path, SQL_READ, NULL), ERR_NONE);
    struct sql_stmt *st = sql_get(db, query);
    assert_int_equal(sql_step(st, &row, NULL), ERR_NONE);
    int n = (int)sql_int(st, 0);
    sql_close(db);
    return n;
}

static int hits(struct place *p, const char *kind, const char *text)
{
    struct replica *r = replica_open(p->path);
    struct record_filter f = {0};
    snprintf(f.kind, sizeof f.kind, "%s", kind);
    snprintf(f.text, sizeof f.text, "%s", text);
    int n = replica_count_records(r, &f, 1000);
    replica_close(r);
    return n;
}

#define EVENT(name, about, times)                                                                                      \
    "{\"name\":\"" name "\",\"inLanguage\":\"ru\",\"about\":[" about "],\"subEvent\":[" times "]}"
#define TIME(id, start, end) "{\"id\":\"" id "\",\"startDate\":\"" start "\",\"endDate\":\"" end "\"}"
#define MAY                  TIME(T1, "2026-05-01T18:00:00+03:00", "2026-05-01T20:00:00+03:00")
#define JUNE                 TIME(T2, "2026-06-01T18:00:00+03:00", "2026-06-01T20:00:00+03:00")

static void test_replica_write__a_change_replaces_everything(void **state)
{
    struct place *p = *state;
    assert_int_equal(item_put(p->w, "event", E1, 1, EVENT("Лыжная прогулка", "\"sport\",\"culture\"", MAY "," JUNE)),
                     0);
    assert_int_equal(count(p, "SELECT count(*) FROM occurrence"), 2);
    assert_int_equal(count(p, "SELECT count(*) FROM occurrence_topic"), 4);
    assert_int_equal(hits(p, "event", "лыж"), 1);
    assert_int_equal(item_put(p->w, "event", E1, 2, EVENT("Поход в музей", "\"culture\"", JUNE)), 0);
    assert_int_equal(count(p, "SELECT count(*) FROM record"), 1);
    assert_int_equal(count(p, "SELECT count(*) FROM record_topic"), 1);
    assert_int_equal(count(p, "SELECT count(*) FROM occurrence"), 1);
    assert_int_equal(count(p, "SELECT count(*) FROM occurrence_topic"), 1);
    assert_int_equal(hits(p, "event", "лыж"), 0);
    assert_int_equal(hits(p, "event", "музе"), 1);
    item_del(p->w, E1, 3);
    assert_int_equal(count(p, "SELECT (SELECT count(*) FROM record) + (SELECT count(*) FROM record_topic)"
                              " + (SELECT count(*) FROM occurrence) + (SELECT count(*) FROM occurrence_topic)"),
                     0);
    assert_int_equal(count(p, "SELECT count(*) FROM search WHERE search MATCH 'музе* OR лыж* OR прогулк*'"), 0);
}

#define AT_HOME "\"location\":{\"name\":\"Клуб\"},\"addressLocality\":\"Тула\",\"typicalAgeRange\":\"7-11\","

static void test_replica_write__what_is_counted_comes_and_goes(void **state)
{
    struct place *p = *state;
    assert_int_equal(item_put(p->w, "event", E1, 1, "{\"name\":\"Ночь\"," AT_HOME "\"about\":[\"sport\"],\"subEvent\":["
                              TIME(T1, "2026-05-01T22:00:00+03:00", "2026-05-02T02:00:00+03:00") "]}"), 0);
    assert_int_equal(item_put(p->w, "event", E2, 2, "{\"name\":\"Утро\"," AT_HOME "\"subEvent\":["
                              TIME(T2, "2026-05-02T09:00:00+03:00", "2026-05-02T10:00:00+03:00") "]}"), 0);
    assert_int_equal(count(p, "SELECT sum(times) FROM day_count WHERE topic = ''"), 3);
    assert_int_equal(count(p, "SELECT times FROM day_count WHERE topic = '' AND day = 20575"), 2);
    assert_int_equal(count(p, "SELECT times FROM day_count WHERE topic = 'sport' AND day = 20575"), 1);
    assert_int_equal(count(p, "SELECT events FROM venue WHERE name = 'Клуб' AND city = 'Тула'"), 2);
    assert_int_equal(count(p, "SELECT count(*) FROM occurrence WHERE marks & 16 AND marks & 32768"), 2); /* children, Saturday */
    assert_int_equal(item_put(p->w, "event", E1, 3, EVENT("Ночь", "", MAY)), 0);
    assert_int_equal(count(p, "SELECT sum(times) FROM day_count WHERE topic = ''"), 2);
    assert_int_equal(count(p, "SELECT sum(times) FROM day_count WHERE topic = 'sport'"), 0);
    assert_int_equal(count(p, "SELECT events FROM venue"), 1);
    item_del(p->w, E1, 4);
    item_del(p->w, E2, 5);
    assert_int_equal(count(p, "SELECT sum(times) FROM day_count"), 0);
    assert_int_equal(count(p, "SELECT count(*) FROM venue"), 0);
}

/* An updated program computes what the one before could not know, from what is there; no network is needed. */
static void test_replica_write__marks_of_an_older_program_are_computed_anew(void **state)
{
    struct place *p = *state;
    struct sql *db;
    static const char all[] = "SELECT sum(marks) + sum(place) % 1000 + sum(shift) + (SELECT sum(marks) FROM record)"
                              " + (SELECT sum(times * day) FROM day_count) + (SELECT sum(events) FROM venue)"
                              " + (SELECT sum(marks) FROM occurrence_topic) FROM occurrence";
    item_put(p->w, "event", E1, 1, "{\"name\":\"Ночь\"," AT_HOME "\"tz\":\"Asia/Omsk\",\"about\":[\"sport\"],\"subEvent\":[" MAY "," JUNE "]}");
    item_put(p->w, "community", C1, 2, "{\"name\":\"Хор\",\"availableLanguage\":[\"tt\"]}");
    assert_int_equal(count(p, "SELECT shift FROM occurrence"), 180);
    int before = count(p, all);
    assert_int_equal(sql_open(&db, p->path, SQL_NORMAL, NULL), ERR_NONE);
    assert_int_equal(sql_exec(db, "DELETE FROM meta WHERE name = 'marks'; UPDATE occurrence SET marks = 0, place = 0, city = 0,"
                                  " shift = 0; UPDATE record SET marks = 0; UPDATE occurrence_topic SET marks = 0; UPDATE venue SET events = 7; UPDATE day_count SET"
                                  " times = 9", NULL), ERR_NONE);
    sql_close(db);
    assert_int_not_equal(count(p, all), before);
    replica_writer_close(p->w);
    open_writer(p, false, false);
    assert_int_equal(count(p, all), before);
    assert_int_equal(count(p, "SELECT count(*) FROM day_count WHERE topic = 'sport'"), 2);
}

/* The words of a deleted row must leave the index: with the wrong old text FTS5 would keep them, or break. */
static void test_replica_write__the_search_index_stays_whole(void **state)
{
    struct place *p = *state;
    char id[37], hex[8], d[400];
    for (int round = 0; round < 3; round++) {
        for (int i = 0; i < 60; i++) {
            snprintf(hex, sizeof hex, "a%02x", i);
            snprintf(d, sizeof d,
                     "{\"name\":\"Ёж №%d, круг %d\",\"description\":\"Слова: ЁЛКА-%d и «кавычки»\\nвторая строка\"}", i,
                     round, i * round);
            item_put(p->w, "article", item_id(id, hex), round * 100 + i + 1, d);
        }
    }
    for (int i = 0; i < 60; i += 2) {
        snprintf(hex, sizeof hex, "a%02x", i);
        item_del(p->w, item_id(id, hex), 1000 + i);
    }
    assert_int_equal(hits(p, "article", "еж"), 30);
    assert_int_equal(hits(p, "article", "круг 1"), 30); /* single signs do not filter */
    assert_int_equal(hits(p, "article", "КАВЫЧКИ Елк втор"), 30);
    struct sql *db;
    assert_int_equal(sql_open(&db, p->path, SQL_NORMAL, NULL), ERR_NONE);
    assert_int_equal(sql_exec(db, "INSERT INTO search (search) VALUES ('integrity-check')", NULL), ERR_NONE);
    sql_close(db);
}

static void test_replica_write__older_and_repeated_items_are_skipped(void **state)
{
    struct place *p = *state;
    static const struct {
        const char *row, *name;
        int64_t seq;
        const char *want;
    } table[] = {
        {"first", "Один", 10, "один"},
        {"the same again", "Другой", 10, "один"},
        {"older", "Старый", 9, "один"},
        {"newer", "Новый", 11, "новый"},
    };
    for (size_t i = 0; i < sizeof table / sizeof table[0]; i++) {
        char d[200];
        snprintf(d, sizeof d, "{\"name\":\"%s\"}", table[i].name);
        item_put(p->w, "community", C1, table[i].seq, d);
        if (hits(p, "community", table[i].want) != 1)
            fail_msg("%s", table[i].row);
    }
    item_del(p->w, C1, 11);
    assert_int_equal(hits(p, "community", "новый"), 1);
    item_del(p->w, C1, 12);
    assert_int_equal(hits(p, "community", "новый"), 0);
    item_del(p->w, C1, 13);
}

static void test_replica_write__one_bad_item_does_not_stop_the_others(void **state)
{
    struct place *p = *state;
    static const struct {
        const char *row, *kind, *id, *d;
    } table[] = {
        {"unknown kind", "recipe", C1, "{\"name\":\"A\"}"},
        {"no name", "community", C1, "{\"description\":\"A\"}"},
        {"a name of nothing visible", "community", C1, "{\"name\":\" \\u200b \"}"},
        {"no object", "community", C1, "[]"},
        {"id is no UUID", "community", "C1", "{\"name\":\"A\"}"},
        {"a topic's id is no word", "topic", "Bad Topic", "{\"name\":\"A\"}"},
        {"occurrence without id", "event", E1, EVENT("A", "", "{\"startDate\":\"2026-05-01\"}")},
        {"occurrence without start", "event", E1, EVENT("A", "", "{\"id\":\"" T1 "\"}")},
        {"end before start", "event", E1, EVENT("A", "", TIME(T1, "2026-05-02", "2026-05-01"))},
        {"no such day", "event", E1, EVENT("A", "", TIME(T1, "2026-02-30", "2026-03-01"))},
        {"subEvent is no list", "event", E1, "{\"name\":\"A\",\"subEvent\":{\"id\":\"x\"}}"},
    };
    for (size_t i = 0; i < sizeof table / sizeof table[0]; i++)
        if (item_put(p->w, table[i].kind, table[i].id, (int64_t)i + 1, table[i].d) != 1)
            fail_msg("%s was taken", table[i].row);
    assert_int_equal(count(p, "SELECT count(*) FROM record"), 0);
    assert_int_equal(item_put(p->w, "community", C1, 50, "{\"name\":\"A\"}"), 0);
    assert_int_equal(count(p, "SELECT count(*) FROM record"), 1);
}

static void test_replica_write__an_occurrence_belongs_to_one_event(void **state)
{
    struct place *p = *state;
    item_put(p->w, "event", E1, 1, EVENT("Первое", "\"it\"", MAY));
    item_put(p->w, "event", E2, 2, EVENT("Второе", "\"it\"", MAY "," JUNE));
    assert_int_equal(count(p, "SELECT count(*) FROM occurrence"), 2);
    assert_int_equal(count(p, "SELECT count(*) FROM occurrence_topic"), 2);
    item_del(p->w, E2, 3);
    assert_int_equal(count(p, "SELECT count(*) FROM occurrence"), 1);
    assert_int_equal(count(p, "SELECT count(*) FROM occurrence_topic"), 1);
}

/* An occurrence that nothing happened to keeps its own number when the event's rises: leases are matched by it. */
static void test_replica_write__an_occurrence_may_have_terms_of_its_own(void **state)
{
    struct place *p = *state;
    struct row row;
    struct content event;
    item_put(p->w, "event", E1, 1,
             "{\"name\":\"A\",\"terms\":3,\"subEvent\":[" MAY ",{\"id\":\"" T2 "\",\"startDate\":\"2026-06-01\",\"terms\":1}]}");
    struct replica *r = replica_open(p->path);
    assert_int_equal(replica_get_occurrence(r, T1, &row, &event, NULL), ERR_NONE);
    assert_int_equal(event.terms, 3);
    content_done(&event);
    assert_int_equal(replica_get_occurrence(r, T2, &row, &event, NULL), ERR_NONE);
    assert_int_equal(event.terms, 1);
    content_done(&event);
    replica_close(r);
}

static void test_replica_write__texts_are_made_harmless(void **state)
{
    struct place *p = *state;
    item_put(p->w, "community", C1, 1,
             "{\"name\":\"A\\u001b[2J\\u202eB\",\"description\":\"one\\ntwo\\u0007\",\"url\":\"x\\ny\",\"deep\":[{"
             "\"er\":\"\\u009b1m\"}]}");
    assert_int_equal(count(p, "SELECT name = 'A[2JB' FROM record"), 1);
    assert_int_equal(count(p, "SELECT json_extract(d, '$.description') = 'one' || char(10) || 'two' FROM record"), 1);
    assert_int_equal(count(p, "SELECT json_extract(d, '$.url') = 'x y' FROM record"), 1);
    assert_int_equal(count(p, "SELECT json_extract(d, '$.deep[0].er') = '1m' FROM record"), 1);
}

static void test_replica_write__days_are_the_centres(void **state)
{
    struct place *p = *state;
    /* 23:30 in Kaliningrad is the next day in Moscow; an all-day event ends before its exclusive end. */
    item_put(p->w, "event", E1, 1, EVENT("A", "", TIME(T1, "2026-05-01T23:30:00+02:00", "2026-05-02T00:30:00+02:00")));
    item_put(p->w, "event", E2, 2, EVENT("B", "", TIME(T2, "2026-05-09", "2026-05-11")));
    int32_t may1 = date_to_days((struct date){2026, 5, 1});
    char query[200];
    snprintf(query, sizeof query, "SELECT day = %d AND last_day = %d FROM occurrence WHERE id = '" T1 "'", may1 + 1,
             may1 + 1);
    assert_int_equal(count(p, query), 1);
    snprintf(query, sizeof query,
             "SELECT day = %d AND last_day = %d AND start_at = %d FROM occurrence WHERE id = '" T2 "'", may1 + 8,
             may1 + 9, (may1 + 8) * 86400 - 3 * 3600);
    assert_int_equal(count(p, query), 1);
}

static void test_replica_write__position_and_items_are_one(void **state)
{
    struct place *p = *state;
    struct replica_position at;
    struct error e;
    assert_int_equal(replica_writer_position(p->w, &at, &e), ERR_NONE);
    assert_int_equal(at.seq, 0);
    assert_int_equal(strspn(at.chain, "0"), 64);
    item_put(p->w, "community", C1, 7, "{\"name\":\"A\"}");
    assert_int_equal(replica_begin(p->w, &e), ERR_NONE);
    assert_int_equal(replica_del(p->w, C1, 8, &e), ERR_NONE);
    replica_abort(p->w);
    assert_int_equal(replica_writer_position(p->w, &at, &e), ERR_NONE);
    assert_int_equal(at.seq, 7);
    assert_int_equal(hits(p, "community", ""), 1);
    assert_int_equal(replica_set_checked(p->w, 1234567890, "\"tag\"", &e), ERR_NONE);
    assert_int_equal(replica_reset(p->w, "north", 3, &e), ERR_NONE);
    assert_int_equal(replica_writer_position(p->w, &at, &e), ERR_NONE);
    assert_int_equal(at.seq, 0);
    assert_int_equal(at.epoch, 3);
    assert_string_equal(at.scope, "north");
    assert_int_equal(count(p, "SELECT count(*) FROM record"), 0);
    char etag[80];
    assert_int_equal(replica_get_etag(p->w, etag, &e), ERR_NONE);
    assert_string_equal(etag, "");
    assert_int_equal(item_put(p->w, "community", C1, 1, "{\"name\":\"A\"}"), 0);
    assert_int_equal(hits(p, "community", ""), 1);
}

static void test_replica_write__order_of_equals(void **state)
{
    struct place *p = *state;
    char id[37], hex[8];
    for (int i = 0; i < 300; i++) {
        snprintf(hex, sizeof hex, "b%03x", i);
        assert_int_equal(item_put(p->w, "notice", item_id(id, hex), i + 1, "{\"name\":\"Одно и то же\"}"), 0);
    }
    assert_int_equal(count(p, "SELECT count(DISTINCT ord) FROM record"), 300);
    assert_int_equal(hits(p, "notice", "одно"), 200);
}

static void test_replica_write__damaged_file_is_set_aside(void **state)
{
    struct place *p = *state;
    char kept[FOLDER_FILE], id[37], hex[8];
    for (int i = 0; i < 50; i++) {
        snprintf(hex, sizeof hex, "d%02x", i);
        item_put(p->w, "community", item_id(id, hex), i + 1, "{\"name\":\"Дом\"}");
    }
    static const struct {
        const char *row;
        long offset;
        size_t n;
    } table[] = {{"header", 0, 64}, {"a page of a table", 4096 * 3, 4096}, {"everything", 0, 4096 * 20}};
    folder_file(kept, p->folder, "replica.db.damaged");
    for (size_t i = 0; i < sizeof table / sizeof table[0]; i++) {
        replica_writer_close(p->w);
        unlink(kept);
        folder_spoil(p->path, table[i].offset, table[i].n);
        open_writer(p, true, true);
        if (access(kept, F_OK) != 0)
            fail_msg("%s: nothing kept", table[i].row);
        assert_int_equal(item_put(p->w, "community", C1, 1, "{\"name\":\"A\"}"), 0);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_replica_write__a_change_replaces_everything, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_replica_write__what_is_counted_comes_and_goes, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_replica_write__marks_of_an_older_program_are_computed_anew, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_replica_write__the_search_index_stays_whole, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_replica_write__older_and_repeated_items_are_skipped, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_replica_write__one_bad_item_does_not_stop_the_others, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_replica_write__an_occurrence_belongs_to_one_event, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_replica_write__an_occurrence_may_have_terms_of_its_own, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_replica_write__texts_are_made_harmless, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_replica_write__days_are_the_centres, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_replica_write__position_and_items_are_one, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_replica_write__order_of_equals, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_replica_write__damaged_file_is_set_aside, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
