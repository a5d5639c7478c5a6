/* What screens ask of the replica: the right rows in the right order, through an index, and no harm from what is typed
 * or damaged. */
#include "kiosk/store/replica.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "kiosk/base/date.h"
#include "kiosk/base/sql.h"
#include "kiosk/base/text.h"
#include "kiosk/store/marks.h"
#include "kiosk/store/replica_query.h"
#include "kiosk/store/replica_search.h"
#include "tests/support/fill.h"
#include "tests/support/folder.h"

enum { EVENTS = 600, COMMUNITIES = 60, ROWS = 700, DAY = 86400 };

struct place {
    char folder[FOLDER_PATH], path[FOLDER_FILE];
    struct replica *r;
    struct row rows[ROWS];
};

/* One filled replica for all cases that only read. */
static int set_up(void **state)
{
    static struct place place;
    struct place *p = &place;
    folder_new(p->folder);
    folder_file(p->path, p->folder, "replica.db");
    fill_replica(p->path, EVENTS, COMMUNITIES);
    p->r = replica_open(p->path);
    replica_set_lang(p->r, "ru");
    assert_int_equal(replica_state(p->r), REPLICA_READY);
    *state = p;
    return 0;
}

static int tear_down(void **state)
{
    struct place *p = *state;
    replica_close(p->r);
    folder_remove(p->folder);
    return 0;
}

static void assert_by_start(const struct row *rows, int n)
{
    for (int i = 1; i < n; i++)
        if (rows[i].start < rows[i - 1].start)
            fail_msg("row %d begins before row %d", i, i - 1);
}

/* ---- events */

/* Every filter against a walk through all rows with the same condition written in C. */
static bool fits(const struct event_filter *f, const struct row *row, const struct content *c)
{
    bool topic = f->topic[0] == '\0';
    for (int i = 0; i < c->topic_count; i++)
        topic |= strcmp(c->topic[i], f->topic) == 0;
    return row->end > f->from && (!f->until || row->start < f->until) && topic && (row->marks & f->marks) == f->marks &&
           (!f->city[0] || strcmp(f->city, c->city) == 0) &&
           (!f->community[0] || (c->owner_id && strcmp(c->owner_id, f->community) == 0));
}

static int expected(struct place *p, const struct event_filter *f)
{
    struct event_filter all = {0};
    static struct row rows[ROWS];
    int n = replica_events(p->r, &all, 0, rows, ROWS), count = 0;
    assert_int_equal(n, EVENTS);
    for (int i = 0; i < n; i++) {
        struct content c;
        assert_int_equal(replica_get(p->r, rows[i].id, &c, NULL), ERR_NONE);
        count += fits(f, &rows[i], &c);
        content_done(&c);
    }
    return count;
}

/* A window and the count in one walk: as each alone. */
static void assert_counted(struct place *p, const struct event_filter *f, int want)
{
    static struct row window[5];
    int count = -1, n = replica_events_counted(p->r, f, &(struct replica_window){3, 5, ROWS}, window, &count);
    assert_int_equal(count, want);
    assert_int_equal(n, want < 3 ? 0 : want < 8 ? want - 3 : 5);
    for (int i = 0; i < n; i++)
        assert_string_equal(window[i].occurrence, p->rows[3 + i].occurrence);
    replica_events_counted(p->r, f, &(struct replica_window){0, 5, 7}, window, &count);
    assert_int_equal(count, want < 7 ? want : 7);
}

static void test_replica__filters_of_events(void **state)
{
    struct place *p = *state;
    struct event_filter table[] = {
        {.from = 0},
        {.from = FILL_START + 100 * DAY},
        {.from = FILL_START + 100 * DAY, .until = FILL_START + 130 * DAY},
        {.from = FILL_START + 100 * DAY, .topic = "it"},
        {.from = FILL_START + 100 * DAY, .marks = MARK_FREE},
        {.from = FILL_START + 100 * DAY, .topic = "sport", .marks = MARK_FREE},
        {.from = FILL_START + 50 * DAY, .community = "?"},
        {.from = FILL_START, .community = "?", .topic = "culture", .marks = MARK_FREE},
        {.from = FILL_START + 400 * DAY},
        {.from = FILL_START, .marks = MARK_CHILDREN},
        {.from = FILL_START, .marks = MARK_CHILDREN | MARK_FREE | MARK_ACCESSIBLE},
        {.from = FILL_START, .marks = MARK_ONLINE, .topic = "sport"},
        {.from = FILL_START, .marks = MARK_CITY | MARK_WEEKDAY(2)},
        {.from = FILL_START, .marks = MARK_STATE, .city = "Казань"},
        {.from = FILL_START + 20 * DAY, .until = FILL_START + 60 * DAY, .city = "Казань"},
        {.from = FILL_START, .marks = MARK_WEEKDAY(6), .community = "?"},
        {.from = FILL_START + 10 * DAY, .until = FILL_START + 10 * DAY},
    };
    for (size_t i = 0; i < sizeof table / sizeof table[0]; i++) {
        if (table[i].community[0])
            fill_id(table[i].community, "community", 7);
        int n = replica_events(p->r, &table[i], 0, p->rows, ROWS), want = expected(p, &table[i]);
        assert_counted(p, &table[i], n);
        if (n != want || replica_count_events(p->r, &table[i], ROWS) != want)
            fail_msg("filter %zu: %d rows, %d expected", i, n, want);
        assert_by_start(p->rows, n);
    }
}

static void test_replica__what_began_long_ago_comes_first(void **state)
{
    struct place *p = *state;
    /* Event 7 lasts ten days from its start on. */
    struct event_filter f = {.from = FILL_START + 8 * DAY};
    char seventh[37];
    fill_id(seventh, "time", 7);
    assert_true(replica_events(p->r, &f, 0, p->rows, 3) == 3);
    assert_string_equal(p->rows[0].occurrence, seventh);
    assert_true(p->rows[0].last_day - p->rows[0].day == 10);
    assert_true(p->rows[1].start >= FILL_START + 7 * DAY);
}

static void test_replica__pages_join_without_gap(void **state)
{
    struct place *p = *state;
    static struct row page[7];
    struct event_filter f = {.from = FILL_START + 8 * DAY, .topic = "health"};
    int all = replica_events(p->r, &f, 0, p->rows, ROWS), seen = 0, n;
    while ((n = replica_events(p->r, &f, seen, page, 7)) > 0)
        for (int i = 0; i < n; i++, seen++)
            assert_string_equal(page[i].occurrence, p->rows[seen].occurrence);
    assert_int_equal(seen, all);
    assert_int_equal(replica_count_events(p->r, &f, 5), 5);
}

static void test_replica__marks_of_events(void **state)
{
    struct place *p = *state;
    char id[37];
    struct row row;
    struct content c;
    fill_id(id, "time", 5);
    assert_int_equal(replica_get_occurrence(p->r, id, &row, &c, NULL), ERR_NONE);
    assert_true(row.cancelled && !row.full && !row.free);
    assert_string_equal(c.place_name, "Дом культуры");
    content_done(&c);
    fill_id(id, "time", 3);
    assert_int_equal(replica_get_occurrence(p->r, id, &row, &c, NULL), ERR_NONE);
    assert_true(!row.cancelled && row.full && row.free);
    assert_string_equal(row.occurrence, id);
    content_done(&c);
    assert_int_equal(replica_get_occurrence(p->r, "00000000-0000-4000-8000-000000000000", &row, &c, NULL),
                     ERR_NOT_FOUND);
    content_done(&c);
}

/* ---- the month, places */

/* Each day's count is what the agenda of that day lists. */
static void test_replica__counts_of_days_are_those_of_the_lists(void **state)
{
    struct place *p = *state;
    enum { DAYS = 42 };
    int count[DAYS];
    struct zone *zone = zone_new("Europe/Moscow");
    int32_t first = date_to_days((struct date){2026, 8, 31});
    struct event_filter table[] = {{.from = 0}, {.topic = "sport"}, {.marks = MARK_FREE}, {.topic = "it", .marks = MARK_ACCESSIBLE},
                                   {.city = "Казань"}, {.text = "шахм"}, {.community = "?"}};
    for (size_t i = 0; i < sizeof table / sizeof table[0]; i++) {
        struct event_filter f = table[i];
        if (f.community[0])
            fill_id(f.community, "community", 7);
        f.from = zone_instant(zone, date_from_days(first), 0, 0, 0);
        f.until = zone_instant(zone, date_from_days(first + DAYS), 0, 0, 0);
        assert_true(replica_day_counts(p->r, &f, first, DAYS, count));
        int all = 0;
        for (int day = 0; day < DAYS; day++) {
            f.from = zone_instant(zone, date_from_days(first + day), 0, 0, 0);
            f.until = zone_instant(zone, date_from_days(first + day + 1), 0, 0, 0);
            int want = replica_count_events(p->r, &f, ROWS);
            if (count[day] != want)
                fail_msg("filter %zu, day %d: %d, the list has %d", i, day, count[day], want);
            all += want;
        }
        assert_true(all > 0);
    }
    zone_free(zone);
}

static void test_replica__places_by_name(void **state)
{
    struct place *p = *state;
    int n = replica_places(p->r, 0, p->rows, ROWS), events = 0;
    assert_int_equal(n, 20);
    assert_string_equal(p->rows[0].name, "Дом культуры");
    assert_string_equal(p->rows[19].name, "Районная библиотека");
    for (int i = 0; i < n; i++) {
        static struct row rows[ROWS];
        struct event_filter f = {0};
        snprintf(f.place, sizeof f.place, "%.23s", p->rows[i].id);
        int found = replica_events(p->r, &f, 0, rows, ROWS);
        assert_int_equal(found, p->rows[i].start);
        for (int k = 0; k < found; k++)
            assert_string_equal(rows[k].place, p->rows[i].name);
        events += found;
    }
    assert_int_equal(events, EVENTS);
    assert_int_equal(replica_places(p->r, 18, p->rows, ROWS), 2);
}

/* ---- search */

static void test_replica__search(void **state)
{
    struct place *p = *state;
    static const struct {
        const char *row, *text;
        int want; /* of 600 events, 40 of each name; a list considers 200 */
    } table[] = {
        {"beginning of a word", "шахм", 40},
        {"ё is е", "елка", 40},
        {"е is not needed for ё", "ёлка", 40},
        {"case", "ШАХМ", 40},
        {"two words, any order", "клуб шахмат", 40},
        {"translation", "event 17", 20},       /* 17, 170..179, and 9 more of community 17 */
        {"organiser", "родник шахматный", 10}, /* of community 1 */
        {"place", "районная шахматный", 20},
        {"two letters", "ша", 40},
        {"middle of a word", "хматный", 0},
        {"one letter does not filter", "ш", 600},
        {"nothing but signs does not filter", "\"*^-:()«»", 600},
        {"nonsense", "щщщщ", 0},
    };
    for (size_t i = 0; i < sizeof table / sizeof table[0]; i++) {
        struct event_filter f = {.from = FILL_START};
        snprintf(f.text, sizeof f.text, "%s", table[i].text);
        int n = replica_events(p->r, &f, 0, p->rows, ROWS);
        if (n != table[i].want)
            fail_msg("%s: %d, not %d", table[i].row, n, table[i].want);
        assert_by_start(p->rows, n);
    }
}

static void test_replica__search_joins_filters(void **state)
{
    struct place *p = *state;
    struct event_filter f = {
        .from = FILL_START + 200 * DAY, .until = FILL_START + 300 * DAY, .text = "ёлка", .marks = MARK_FREE};
    int n = replica_events(p->r, &f, 0, p->rows, ROWS);
    assert_in_range(n, 1, 13);
    for (int i = 0; i < n; i++)
        assert_true(p->rows[i].free && p->rows[i].end > f.from && p->rows[i].start < f.until);
    struct record_filter g = {.kind = "community", .text = "дом", .city = "Казань"};
    n = replica_records(p->r, &g, 0, p->rows, ROWS);
    assert_in_range(n, 1, COMMUNITIES);
    for (int i = 0; i < n; i++)
        assert_string_equal(p->rows[i].place, "Казань");
}

/* Whatever is typed is words, never FTS5's language: no fault, and nothing is taken for damage. */
static void test_replica__typed_syntax_is_harmless(void **state)
{
    struct place *p = *state;
    static const char *const table[] = {
        "\"",
        "'",
        "шах\"",
        "шах* OR *",
        "NEAR(шах клуб, 2)",
        "text:шах",
        "{text} : шах",
        "-шах",
        "^шах",
        "шах + клуб",
        "(((((",
        "шах AND NOT клуб",
        "шах\xd1",
        "\xff\xfe\xfd",
        "a'; DROP TABLE record; --",
        "слово—слово",
        "«шах»мат",
        "шах\u00adмат",
        "за\u0301мок",
        "ab\tcd\nef",
        "один два три четыре пять шесть семь восемь девять десять",
        "оченьдлинноесловокотороенепомещаетсянивкакуюстрокуиещёнемногодлиннеечемэто",
    };
    for (size_t i = 0; i < sizeof table / sizeof table[0]; i++) {
        struct event_filter f = {0};
        snprintf(f.text, sizeof f.text, "%s", table[i]);
        replica_events(p->r, &f, 0, p->rows, 5);
        struct record_filter g = {.kind = "community"};
        memcpy(g.text, f.text, sizeof g.text);
        replica_records(p->r, &g, 0, p->rows, 5);
        if (replica_state(p->r) != REPLICA_READY)
            fail_msg("%s was taken for damage", table[i]);
    }
}

/* Every letter the search knows must be a letter to FTS5's tokenizer, or a word would be two there and the query a
 * phrase, which this index cannot answer. */
static void test_replica__letters_are_the_tokenizers(void **state)
{
    (void)state;
    struct sql *db;
    int letters = 0;
    assert_int_equal(sql_open(&db, ":memory:", SQL_NORMAL, NULL), ERR_NONE);
    assert_int_equal(
        sql_exec(db, "CREATE VIRTUAL TABLE s USING fts5 (t, detail=none, tokenize='unicode61 remove_diacritics 0')",
                 NULL),
        ERR_NONE);
    for (uint32_t cp = 1; cp < 0x10000; cp++) {
        char query[16] = "a", folded[16];
        bool row;
        size_t n = text_encode(cp, query + 1);
        memcpy(query + 1 + n, "b*", 3);
        text_fold(folded, sizeof folded, query);
        if (!replica_search_is_word(cp) || strcmp(folded, query) != 0)
            continue;
        letters++;
        struct sql_stmt *st = sql_get(db, "SELECT rowid FROM s WHERE s MATCH :q");
        sql_bind_text(st, ":q", query);
        if (sql_step(st, &row, NULL))
            fail_msg("U+%04X is no letter to FTS5", cp);
    }
    assert_true(letters > 20000);
    sql_close(db);
}

/* ---- records */

static void assert_by_name(const struct row *rows, int n)
{
    char before[600] = "", key[600];
    for (int i = 0; i < n; i++) {
        text_sort_key(key, sizeof key, rows[i].name);
        if (strcmp(before, key) > 0)
            fail_msg("%s is out of order", rows[i].name);
        memcpy(before, key, sizeof before);
    }
}

static void test_replica__filters_of_records(void **state)
{
    struct place *p = *state;
    static const struct {
        const char *row;
        struct record_filter f;
        int want;
    } table[] = {
        {"all", {.kind = "community"}, COMMUNITIES},
        {"city", {.kind = "community", .city = "Казань"}, 3},
        {"topic", {.kind = "community", .topic = "it"}, 11},
        {"city and topic", {.kind = "community", .city = "Казань", .topic = "health"}, 1},
        {"words", {.kind = "community", .text = "школа"}, 8},
        {"marks all have", {.kind = "community", .marks = MARK_IN_PERSON}, COMMUNITIES},
        {"topic and marks", {.kind = "community", .topic = "it", .marks = MARK_ADULTS}, 7},
        {"marks none has", {.kind = "community", .topic = "it", .marks = MARK_ONLINE}, 0},
        {"words and marks", {.kind = "community", .text = "школа", .marks = MARK_FREE}, 0},
        {"other kind", {.kind = "article"}, 0},
        {"no such kind", {.kind = "recipe"}, 0},
        {"no such city", {.kind = "community", .city = "Атлантида"}, 0},
    };
    for (size_t i = 0; i < sizeof table / sizeof table[0]; i++) {
        int n = replica_records(p->r, &table[i].f, 0, p->rows, ROWS);
        if (n != table[i].want || n != replica_count_records(p->r, &table[i].f, ROWS))
            fail_msg("%s: %d, not %d", table[i].row, n, table[i].want);
        assert_by_name(p->rows, n);
    }
    struct record_filter all = {.kind = "community"};
    assert_int_equal(replica_records(p->r, &all, 50, p->rows, ROWS), COMMUNITIES - 50);
    assert_int_equal(replica_count_records(p->r, &all, 7), 7);
}

static void test_replica__topics_and_cities(void **state)
{
    struct place *p = *state;
    char name[64];
    assert_int_equal(replica_topics(p->r, "community", p->rows, ROWS), 11);
    assert_string_equal(p->rows[0].id, "health");
    assert_string_equal(p->rows[10].name, "Компьютеры");
    struct record_filter f = {.kind = "community", .topic = "it"};
    assert_int_equal(p->rows[10].start, replica_count_records(p->r, &f, ROWS));
    assert_int_equal(replica_cities(p->r, "community", p->rows, ROWS), 20);
    assert_string_equal(p->rows[0].name, "Вологда");
    assert_string_equal(p->rows[0].place, "Вологда");
    assert_true(p->rows[0].id[0] != '\0');
    assert_int_equal(p->rows[0].start, 3);
    assert_int_equal(replica_cities(p->r, "article", p->rows, ROWS), 0);
    assert_string_equal(replica_topic_name(p->r, "sport", name, sizeof name), "Спорт");
    assert_string_equal(replica_topic_name(p->r, "unknown", name, sizeof name), "unknown");
}

static void test_replica__language_of_rows(void **state)
{
    struct place *p = *state;
    struct event_filter f = {.from = FILL_START};
    replica_set_lang(p->r, "en");
    assert_int_equal(replica_events(p->r, &f, 0, p->rows, 1), 1);
    assert_string_equal(p->rows[0].name, "Event 0");
    assert_string_equal(p->rows[0].lang, "");
    struct record_filter g = {.kind = "community"};
    assert_int_equal(replica_records(p->r, &g, 0, p->rows, 1), 1);
    assert_string_equal(p->rows[0].lang, "ru");
    replica_set_lang(p->r, "ru");
}

/* No list reads a whole table, and the long ones come out of an index in their order. */
static void test_replica__lists_walk_an_index(void **state)
{
    struct place *p = *state;
    struct sql *db;
    char text[4096];
    assert_int_equal(sql_open(&db, p->path, SQL_READ, NULL), ERR_NONE);
    for (int i = 0; i < REPLICA_QUESTIONS; i++) {
        bool row = true, sorts = i == REPLICA_EVENTS_OWNER || i == REPLICA_EVENTS_TEXT || i == REPLICA_RECORDS_OWNER ||
                                 i == REPLICA_RECORDS_TEXT || i == REPLICA_PROVIDERS_TEXT;
        snprintf(text, sizeof text, "EXPLAIN QUERY PLAN %s", replica_queries[i].text);
        struct sql_stmt *st = sql_get(db, text);
        while (sql_step(st, &row, NULL) == ERR_NONE && row) {
            const char *plan = sql_text(st, 3);
            bool scan = strncmp(plan, "SCAN ", 5) == 0 && !strstr(plan, "VIRTUAL TABLE") &&
                        strncmp(plan, "SCAN m", 6) != 0 && strncmp(plan, "SCAN f", 6) != 0 &&
                        !strstr(plan, "(subquery");
            if (scan || (!sorts && strstr(plan, "TEMP B-TREE")))
                fail_msg("%s: %s", replica_queries[i].name, plan);
        }
    }
    sql_close(db);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_replica__filters_of_events),
        cmocka_unit_test(test_replica__what_began_long_ago_comes_first),
        cmocka_unit_test(test_replica__pages_join_without_gap),
        cmocka_unit_test(test_replica__marks_of_events),
        cmocka_unit_test(test_replica__counts_of_days_are_those_of_the_lists),
        cmocka_unit_test(test_replica__places_by_name),
        cmocka_unit_test(test_replica__search),
        cmocka_unit_test(test_replica__search_joins_filters),
        cmocka_unit_test(test_replica__typed_syntax_is_harmless),
        cmocka_unit_test(test_replica__letters_are_the_tokenizers),
        cmocka_unit_test(test_replica__filters_of_records),
        cmocka_unit_test(test_replica__topics_and_cities),
        cmocka_unit_test(test_replica__language_of_rows),
        cmocka_unit_test(test_replica__lists_walk_an_index),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
