/* Tables into a hub, as assets/demo/README.md describes them. */
#include "sync/hub/import/import.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "kiosk/base/file.h"
#include "kiosk/base/sql.h"
#include "kiosk/ticket/crypto.h"

/* 2026-11-23T12:00:00Z, a Monday */
enum { NOW = 1795435200 };

struct fixture {
    char dir[64];
    struct hub hub;
    char *told;
    struct error e;
};

static int set_up(void **state)
{
    struct fixture *f = calloc(1, sizeof *f);
    assert_int_equal(crypto_init(NULL), ERR_NONE);
    snprintf(f->dir, sizeof f->dir, "/tmp/sosedi-csv-XXXXXX");
    assert_non_null(mkdtemp(f->dir));
    assert_int_equal(hub_create(&f->hub, f->dir, NULL, &f->e), ERR_NONE);
    f->hub.clock = clock_test((int64_t)NOW * 1000);
    *state = f;
    return 0;
}

static int tear_down(void **state)
{
    struct fixture *f = *state;
    char command[128];
    hub_close(&f->hub);
    snprintf(command, sizeof command, "rm -rf %s", f->dir);
    assert_int_equal(system(command), 0);
    free(f->told);
    free(f);
    return 0;
}

static enum err import_path(struct fixture *f, const char *what, const char *path)
{
    char *files[] = {(char *)path};
    size_t size = 0;
    free(f->told);
    f->told = NULL;
    FILE *out = open_memstream(&f->told, &size);
    struct import_order order = {.what = what, .files = files, .file_count = 1, .source = "test", .out = out};
    enum err code = import_run(&f->hub, &order, &f->e);
    fclose(out);
    return code;
}

static enum err import_text(struct fixture *f, const char *what, const char *text)
{
    char path[128];
    snprintf(path, sizeof path, "%s/table.csv", f->dir);
    assert_int_equal(file_write(path, text, strlen(text), 0600, &f->e), ERR_NONE);
    return import_path(f, what, path);
}

static void expect_told(struct fixture *f, const char *what)
{
    if (strstr(f->told, what) == NULL)
        fail_msg("told: %s\nexpected in it: %s", f->told, what);
}

static void expect_query(struct fixture *f, const char *text, const char *expected)
{
    struct sql_stmt *st = sql_get(f->hub.db, text);
    struct buf got;
    bool row = false;
    buf_init(&got, 1024 * 1024);
    while (sql_step(st, &row, &f->e) == ERR_NONE && row)
        buf_addf(&got, "%s;", sql_text(st, 0));
    if (strcmp(got.data, expected) != 0)
        fail_msg("%s\n got      %s\n expected %s", text, got.data, expected);
    buf_done(&got);
}

static void test_import_csv__lands_updates_and_withdraws(void **state)
{
    struct fixture *f = *state;
    assert_int_equal(
        import_text(f, "topics", "id,name,name_en,position\nsport,Спорт,Sport,2\nculture,Культура,Culture,1\n"),
        ERR_NONE);
    expect_told(f, "topics: 2 added, 0 updated, 0 unchanged, 0 withdrawn, 0 skipped");
    expect_query(
        f, "SELECT d FROM record ORDER BY id",
        "{\"name\":\"Культура\",\"position\":1,\"inLanguage\":\"ru\",\"translations\":{\"en\":{\"name\":\"Culture\"}}};"
        "{\"name\":\"Спорт\",\"position\":2,\"inLanguage\":\"ru\",\"translations\":{\"en\":{\"name\":\"Sport\"}}};");
    assert_int_equal(import_text(f, "topics", "id,name,name_en,position\nsport,Спорт,Sports,2\n"), ERR_NONE);
    expect_told(f, "topics: 0 added, 1 updated, 0 unchanged, 1 withdrawn, 0 skipped");
    assert_int_equal(import_text(f, "places", "id,name\np1,Зал\n"), ERR_NONE);
    expect_query(f, "SELECT id FROM record WHERE live = 1 AND kind = 'topic'", "sport;");
    expect_query(f, "SELECT json_extract(line, '$.op') FROM change ORDER BY seq", "put;put;put;del;put;");
}

static void test_import_csv__reads_communities(void **state)
{
    struct fixture *f = *state;
    assert_int_equal(import_text(f, "topics", "id,name\nculture,Культура\n"), ERR_NONE);
    assert_int_equal(
        import_text(
            f, "communities",
            "ID;Название;описание;темы;город;phone;url;telegram;vk;languages;joining_en;shoe size\n"
            "choir;Хор;\"Поём.\nВместе.\";культура Sport чужое;Казань;+7 843;choir.example https://b.example;@hor;"
            "https://vk.com/hor;ru tt;Just come;42\n"),
        ERR_NONE);
    expect_told(f, "table.csv:1: column \"shoe size\" is not known and left out");
    expect_told(f, "table.csv:2: no topic \"чужое\"; left out");
    expect_query(
        f, "SELECT d FROM record WHERE kind = 'community'",
        "{\"name\":\"Хор\",\"description\":\"Поём.\\nВместе.\",\"inLanguage\":\"ru\",\"about\":[\"culture\",\"sport\"],"
        "\"url\":\"https://choir.example\",\"sameAs\":[\"https://b.example\",\"https://t.me/hor\",\"https://vk.com/"
        "hor\"],"
        "\"addressLocality\":\"Казань\",\"telephone\":\"+7 843\",\"availableLanguage\":[\"ru\",\"tt\"],"
        "\"translations\":{\"en\":{\"joining\":\"Just come\"}}};");
}

static void test_import_csv__reads_what_communities_say_of_themselves(void **state)
{
    struct fixture *f = *state;
    assert_int_equal(import_text(f, "communities",
                                 "id,name,meets,дни,правила,price,accessible,online,with\n"
                                 "a,А,по вторникам и четвергам,,Сменная обувь,0,да,mixed,alone child\n"
                                 "b,Б,раз в месяц,пн-ср,,300 ₽,,,together strangers\n"
                                 "c,В,раз в месяц,когда-нибудь,,,,,\n"),
                     ERR_NONE);
    expect_told(f, "table.csv:3: with: \"together strangers\" is not understood and left out");
    expect_told(f, "table.csv:4: days: \"когда-нибудь\" is not understood and left out");
    expect_query(f, "SELECT d FROM record WHERE kind = 'community' ORDER BY uid",
                 "{\"name\":\"А\",\"inLanguage\":\"ru\",\"meets\":\"по вторникам и четвергам\",\"entryRules\":\"Сменная обувь\","
                 "\"companions\":[\"alone\",\"child\"],\"meetsOn\":[\"TU\",\"TH\"],\"isAccessibleForFree\":true,"
                 "\"eventAttendanceMode\":\"mixed\",\"accessible\":true};"
                 "{\"name\":\"Б\",\"inLanguage\":\"ru\",\"meets\":\"раз в месяц\",\"companions\":[\"together\"],"
                 "\"meetsOn\":[\"MO\",\"TU\",\"WE\"],\"isAccessibleForFree\":false,\"price\":\"300 ₽\"};"
                 "{\"name\":\"В\",\"inLanguage\":\"ru\",\"meets\":\"раз в месяц\"};");
}

static void test_import_csv__reads_events(void **state)
{
    struct fixture *f = *state;
    assert_int_equal(import_text(f, "places", "id,name,address,city\nhall,Зал,ул. Мира 1,Казань\n"), ERR_NONE);
    assert_int_equal(import_text(f, "communities", "id,name\nchoir,Хор\n"), ERR_NONE);
    assert_int_equal(
        import_text(
            f, "events",
            "id,title,community,place,start,end,seats,price,accessible,online,status,questions\n"
            "a,Концерт,choir,hall,2026-12-01 18:00,20:00,40,300 "
            "₽,да,no,confirmed,Аллергии?|text;;Язык?|choice|yes|татарский/русский\n"
            "b,Ночь,Чужие,Двор,01.12.2026 22:00,02:00,,0,,,cancelled,\n"
            "c,Поход,,,2026-12-05,2026-12-06,,,,,,\n"
            "d,Скоро,,,+3 18:30,,,,,,,\n"),
        ERR_NONE);
    expect_told(f, "events: 4 added");
    expect_query(f,
                 "SELECT json_extract(d, '$.organizerName') || '|' || json_extract(d, '$.location.address') || '|' || "
                 "json_extract(d, '$.addressLocality') || '|' || json_extract(d, '$.price') || '|' || "
                 "json_extract(d, '$.maximumAttendeeCapacity') || '|' || json_extract(d, '$.accessible') || '|' || "
                 "json_extract(d, '$.eventAttendanceMode') FROM record WHERE uid = 'a'",
                 "Хор|ул. Мира 1|Казань|300 ₽|40|1|offline;");
    expect_query(f, "SELECT json_extract(d, '$.form.fields') FROM record WHERE uid = 'a'",
                 "[{\"id\":\"q1\",\"type\":\"text\",\"label\":\"Аллергии?\",\"required\":false},"
                 "{\"id\":\"q2\",\"type\":\"choice\",\"label\":\"Язык?\",\"required\":true,\"options\":[\"татарский\","
                 "\"русский\"]}];");
    expect_query(f,
                 "SELECT uid || ' ' || datetime(start_at, 'unixepoch') || ' ' || datetime(end_at, 'unixepoch') || ' ' "
                 "|| capacity || "
                 "' ' || cancelled FROM occurrence JOIN record ON record.id = record ORDER BY uid",
                 "a 2026-12-01 15:00:00 2026-12-01 17:00:00 40 0;b 2026-12-01 19:00:00 2026-12-01 23:00:00 -1 1;"
                 "c 2026-12-04 21:00:00 2026-12-06 21:00:00 -1 0;d 2026-11-26 15:30:00 2026-11-26 16:30:00 -1 0;");
    expect_query(f, "SELECT occurrence.id = record.id FROM occurrence JOIN record ON record.id = record", "1;1;1;1;");
}

static void test_import_csv__repeats_by_a_rule(void **state)
{
    struct fixture *f = *state;
    assert_int_equal(import_text(f, "events",
                                 "id,title,start,end,rrule,exdates\n"
                                 "a,Кружок,2026-12-02 18:00,19:00,rrule:freq=weekly;byday=tu;count=3,2026-12-15\n"
                                 "b,Сбой,2026-12-02 18:00,,FREQ=NEVER,\n"),
                     ERR_NONE);
    expect_told(f, "table.csv:3: the rule is not valid");
    expect_query(f,
                 "SELECT uid || ' ' || datetime(start_at, 'unixepoch') || ' ' || (end_at - start_at) FROM occurrence "
                 "JOIN record ON record.id = record ORDER BY uid, start_at",
                 "a 2026-12-08 15:00:00 3600;a 2026-12-22 15:00:00 3600;b 2026-12-02 15:00:00 3600;");
    expect_query(f, "SELECT json_extract(d, '$.rrule') FROM record WHERE uid = 'a'", "FREQ=WEEKLY;COUNT=3;BYDAY=TU;");
}

static void test_import_csv__raises_the_form_version_when_questions_change(void **state)
{
    struct fixture *f = *state;
    static const char version[] = "SELECT json_extract(d, '$.form.version') FROM record";
    assert_int_equal(import_text(f, "events", "id,title,start,questions\na,x,2026-12-01 10:00,Имя кошки?|text\n"),
                     ERR_NONE);
    expect_query(f, version, "1;");
    assert_int_equal(import_text(f, "events", "id,title,start,questions\na,y,2026-12-01 10:00,Имя кошки?|text\n"),
                     ERR_NONE);
    expect_query(f, version, "1;");
    assert_int_equal(import_text(f, "events", "id,title,start,questions\na,y,2026-12-01 10:00,Имя собаки?|text\n"),
                     ERR_NONE);
    expect_query(f, version, "2;");
}

struct fault_case {
    const char *name, *what, *text, *told;
    bool lands; /* the row is there all the same */
};

static const struct fault_case faults[] = {
    {"no start", "events", "id,title,start\na,x,soon\nok,y,2026-12-01\n", ":2: start: \"soon\" is not a date", false},
    {"empty start", "events", "id,title,start\na,x,\nok,y,2026-12-01\n", ":2: start is empty", false},
    {"no such day", "events", "id,title,start\na,x,2026-02-30\nok,y,2026-12-01\n", ":2: start: \"2026-02-30\"", false},
    {"no such hour", "events", "id,title,start\na,x,2026-02-20 25:00\nok,y,2026-12-01\n", ":2: start: ", false},
    {"end before start", "events", "id,title,start,end\na,x,2026-02-20 12:00,2026-02-19 12:00\nok,y,2026-12-01,\n",
     ":2: end: ", false},
    {"end of another kind", "events", "id,title,start,end\na,x,2026-02-20,12:00\nok,y,2026-12-01,\n",
     ":2: end: ", false},
    {"bad seats", "events", "id,title,start,seats\na,x,2026-12-01,many\nok,y,2026-12-01,\n", ":2: seats: ", false},
    {"empty name", "places", "id,name\na,\nok,y\n", ":2: name is empty", false},
    {"name of nothing visible", "places", "id,name\na,\xE2\x80\x8B\nok,y\n", ":2: the name is empty", false},
    {"empty id", "places", "id,name\n,a\nok,y\n", ":2: id is empty", false},
    {"same id", "places", "id,name\nok,a\nok,b\n", ":3: id \"ok\" stood in an earlier row", false},
    {"open quote", "places", "id,name\n\"a,x\nok,y\n", ":2: a quote is opened and never closed", false},
    {"bad latitude", "places", "id,name,latitude\na,x,95.1\nok,y,55.8\n", ":2: latitude: ", true},
    {"bad direction", "resources", "id,name,direction\na,x,up\nok,y,want\n", ":2: direction: ", true},
    {"bad url", "articles", "id,title,url\na,x,javascript:alert(1)\nok,y,\n", ":2: url: ", true},
    {"bad zone", "events", "id,title,start,timezone\na,x,2026-12-01 10:00,Mars\nok,y,2026-12-01,\n",
     ":2: timezone: ", true},
};

static void test_import_csv__tells_what_is_wrong_and_lands_the_rest(void **state)
{
    struct fixture *f = *state;
    for (size_t i = 0; i < sizeof faults / sizeof faults[0]; i++) {
        const struct fault_case *k = &faults[i];
        char path[200];
        enum err code = import_text(f, k->what, k->text);
        snprintf(path, sizeof path, "table.csv%s", k->told);
        if (code != ERR_NONE || strstr(f->told, path) == NULL)
            fail_msg("%s: code %d, told %s", k->name, code, f->told);
        expect_query(f, "SELECT count(*) FROM record WHERE uid = 'ok'", "1;");
        expect_query(f, "SELECT count(*) FROM record WHERE uid = 'a'", k->lands ? "1;" : "0;");
        expect_told(f, k->lands ? ": 2 added, 0 updated, 0 unchanged, 0 withdrawn, 0 skipped" : ", 1 skipped");
        assert_int_equal(sql_exec(f->hub.db, "DELETE FROM seat; DELETE FROM occurrence; DELETE FROM record;", &f->e),
                         ERR_NONE);
    }
}

static void test_import_csv__refuses_what_is_no_table(void **state)
{
    struct fixture *f = *state;
    assert_int_equal(import_text(f, "places", "id,name\na,x\n"), ERR_NONE);
    assert_int_equal(import_text(f, "places", "name\nx\n"), ERR_INVALID);
    assert_non_null(strstr(f->e.text, "the column \"id\" is missing"));
    assert_int_equal(import_text(f, "places", "id,name\n,\"\n,x\n"), ERR_INVALID);
    assert_int_equal(import_text(f, "places", ""), ERR_NONE);
    assert_int_equal(import_path(f, "places", "/nonexistent/table.csv"), ERR_NOT_FOUND);
    expect_query(f, "SELECT live FROM record", "1;");
    assert_int_equal(import_text(f, "places", "id,name\n"), ERR_NONE);
    expect_told(f, "1 withdrawn");
}

static void test_import_csv__keeps_a_spoiled_row_as_it_was(void **state)
{
    struct fixture *f = *state;
    assert_int_equal(import_text(f, "events", "id,title,start\na,x,2026-12-01\nb,y,2026-12-01\n"), ERR_NONE);
    assert_int_equal(import_text(f, "events", "id,title,start\na,x,tomorrow\nb,y,2026-12-01\n"), ERR_NONE);
    expect_told(f, "0 added, 0 updated, 1 unchanged, 0 withdrawn, 1 skipped");
}

static void test_import_csv__sanitises_and_cuts(void **state)
{
    struct fixture *f = *state;
    struct buf text;
    buf_init(&text, 1024 * 1024);
    buf_add_str(&text, "id,title,summary,body\na,\"\x1B[2J\xE2\x80\xAE");
    for (int i = 0; i < 300; i++)
        buf_add_str(&text, "Ж");
    buf_add_str(&text, "\",\"");
    for (int i = 0; i < 5000; i++)
        buf_add_str(&text, "Я");
    buf_add_str(&text, "\",\"");
    for (int i = 0; i < 20000; i++)
        buf_add_str(&text, "Ю");
    buf_add_str(&text, "\"\n");
    assert_int_equal(import_text(f, "articles", text.data), ERR_NONE);
    expect_query(f, "SELECT length(CAST(name AS BLOB)) BETWEEN 190 AND 200 FROM record", "1;");
    expect_query(f, "SELECT substr(name, 1, 4) FROM record", "[2JЖ;");
    expect_query(f, "SELECT length(CAST(json_extract(d, '$.description') AS BLOB)) FROM record", "4000;");
    expect_query(f, "SELECT length(CAST(json_extract(d, '$.articleBody') AS BLOB)) FROM record", "24000;");
    buf_done(&text);
}

static void test_import_csv__articles_name_articles_and_calls_an_event(void **state)
{
    struct fixture *f = *state;
    assert_int_equal(import_text(f, "articles", "id,title,related\na,Раз,\"b c\"\nb,Два,a\n"), ERR_NONE);
    expect_query(f, "SELECT json_array_length(json_extract(d, '$.related')) FROM record WHERE name = 'Раз'", "2;");
    expect_query(f, "SELECT count(*) FROM record a JOIN record b ON json_extract(a.d, '$.related[0]') = b.id"
                    " WHERE a.name <> b.name", "2;");
    assert_int_equal(import_text(f, "events", "id,title,start\ne,Встреча,2026-12-01 18:00\n"), ERR_NONE);
    assert_int_equal(import_text(f, "calls", "id,title,type,deadline,organizer,city,phone,email,applying,event\n"
                                             "c,Набор,mentoring,-3,Клуб,Омск,+7 000,a@b.example,Позвоните,e\n"
                                             "d,Другой,grant,+3,,,,,,x\n"), ERR_NONE);
    expect_told(f, ":3: no event \"x\"; left out");
    expect_query(f, "SELECT count(*) FROM record c JOIN record e ON json_extract(c.d, '$.event') = e.id AND e.kind = 'event'", "1;");
    expect_query(f, "SELECT json_extract(d, '$.telephone') || json_extract(d, '$.email') || json_extract(d, '$.joining')"
                    " || json_extract(d, '$.addressLocality') FROM record WHERE name = 'Набор'", "+7 000a@b.exampleПозвонитеОмск;");
    expect_query(f, "SELECT julianday(json_extract(b.d, '$.validThrough')) - julianday(json_extract(a.d, '$.validThrough'))"
                    " FROM record a, record b WHERE a.name = 'Набор' AND b.name = 'Другой'", "6.0;");
}

static void test_import_csv__takes_the_demonstration(void **state)
{
    static const char *const tables[] = {"topics", "cities",    "places",   "communities",
                                         "events", "resources", "articles", "calls"};
    struct fixture *f = *state;
    for (int i = 0; i < 8; i++) {
        char path[200];
        snprintf(path, sizeof path, "assets/demo/%s.csv", tables[i]);
        if (access(path, R_OK) != 0)
            skip();
        if (import_path(f, tables[i], path) != ERR_NONE)
            fail_msg("%s: %s", path, f->e.text);
        expect_told(f, " 0 skipped");
        if (strstr(f->told, ".csv:") != NULL)
            fail_msg("%s", f->told);
    }
    expect_query(f, "SELECT count(*) > 100 FROM record WHERE kind = 'community'", "1;");
    expect_query(f, "SELECT count(*) FROM record WHERE kind = 'event' AND sent = ''", "0;");
}

#define CASE(name) cmocka_unit_test_setup_teardown(test_import_csv__##name, set_up, tear_down)

/* Whose, in which languages, until when, moved from when. */
static void test_import_csv__reads_what_a_calendar_shows_of_events(void **state)
{
    struct fixture *f = *state;
    assert_int_equal(import_text(f, "events",
                                 "id,title,start,rrule,until,moved_from,scope,languages,timezone\n"
                                 "a,Совет,2026-12-01 18:00,,,2026-11-30 19:00,city,ru tt,Europe/Moscow\n"
                                 "b,Кружок,2026-12-01 18:00,FREQ=WEEKLY;BYDAY=TU,2026-12-10,2026-11-30,state,,Europe/Moscow\n"
                                 "c,Дом,2026-12-01 18:00,,,нескоро,village,,Europe/Moscow\n"),
                     ERR_NONE);
    expect_told(f, "moved_from: \"нескоро\" is not a date");
    expect_query(f, "SELECT json_extract(d, '$.scope') || ' ' || json_extract(d, '$.previousStartDate') || "
                    "json_extract(d, '$.availableLanguage') FROM record WHERE uid = 'a'",
                 "city 2026-11-30T19:00:00+03:00[\"ru\",\"tt\"];");
    expect_query(f, "SELECT json_extract(d, '$.rrule') FROM record WHERE uid = 'b'",
                 "FREQ=WEEKLY;UNTIL=20261210T235959Z;BYDAY=TU;");
    expect_query(f, "SELECT count(*) FROM record WHERE json_extract(d, '$.previousStartDate') IS NOT NULL", "1;");
    expect_query(f, "SELECT json_array_length(json_extract(line, '$.d.subEvent')) FROM change WHERE line LIKE '%Кружок%'", "2;");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        CASE(lands_updates_and_withdraws),
        CASE(reads_communities),
        CASE(reads_what_communities_say_of_themselves),
        CASE(reads_events),
        CASE(repeats_by_a_rule),
        CASE(raises_the_form_version_when_questions_change),
        CASE(tells_what_is_wrong_and_lands_the_rest),
        CASE(refuses_what_is_no_table),
        CASE(keeps_a_spoiled_row_as_it_was),
        CASE(sanitises_and_cuts),
        CASE(articles_name_articles_and_calls_an_event),
        CASE(takes_the_demonstration),
        cmocka_unit_test_setup_teardown(test_import_csv__reads_what_a_calendar_shows_of_events, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
