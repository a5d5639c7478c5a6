/* JSON into a hub: it goes through the same door as tables. */
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
#include "tests/support/folder.h"

/* 2026-11-23T12:00:00Z, a Monday */
enum { NOW = 1795435200 };

struct fixture {
    char dir[FOLDER_PATH];
    struct hub hub;
    char *told;
    struct error e;
};

static int set_up(void **state)
{
    struct fixture *f = calloc(1, sizeof *f);
    assert_int_equal(crypto_init(NULL), ERR_NONE);
    folder_new(f->dir);
    assert_int_equal(hub_create(&f->hub, f->dir, NULL, &f->e), ERR_NONE);
    f->hub.clock = clock_test((int64_t)NOW * 1000);
    *state = f;
    return 0;
}

static int tear_down(void **state)
{
    struct fixture *f = *state;
    hub_close(&f->hub);
    folder_remove(f->dir);
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
    struct import_order order = {
        .what = what, .json = true, .files = files, .file_count = 1, .source = "test", .out = out};
    enum err code = import_run(&f->hub, &order, &f->e);
    fclose(out);
    return code;
}

static enum err import_text(struct fixture *f, const char *what, const char *text)
{
    char path[4096];
    file_join(path, f->dir, "list.json");
    assert_int_equal(file_write(path, text, strlen(text), 0600, &f->e), ERR_NONE);
    return import_path(f, what, path);
}

static void expect_told(struct fixture *f, const char *what)
{
    if (strstr(f->told, what) == NULL)
        fail_msg("told: %s\nexpected in it: %s", f->told, what);
}

static void expect_one(struct fixture *f, const char *text, const char *expected)
{
    struct sql_stmt *st = sql_get(f->hub.db, text);
    bool row = false;
    assert_int_equal(sql_step(st, &row, &f->e), ERR_NONE);
    assert_true(row);
    assert_string_equal(sql_text(st, 0), expected);
    sql_reset(st);
}

static void test_import_json__takes_the_names_of_schema_org(void **state)
{
    struct fixture *f = *state;
    assert_int_equal(import_text(f, "topics", "[{\"id\":\"culture\",\"name\":\"Культура\"}]"), ERR_NONE);
    assert_int_equal(
        import_text(
            f, "communities",
            "[{\"id\":7,\"name\":\"Хор\",\"translations\":{\"en\":{\"name\":\"Choir\"}},\"addressLocality\":\"Арск\","
            "\"availableLanguage\":[\"ru\",\"tt\"],\"about\":[\"культура\"],\"telephone\":\"112\",\"email\":null,"
            "\"url\":\"hor.ru\",\"sameAs\":[\"https://t.me/hor\",\"https://vk.com/hor\"]}]"),
        ERR_NONE);
    expect_told(f, "communities: 1 added, 0 updated, 0 unchanged, 0 withdrawn, 0 skipped");
    expect_one(f, "SELECT d FROM record WHERE kind = 'community'",
               "{\"name\":\"Хор\",\"inLanguage\":\"ru\",\"about\":[\"culture\"],\"url\":\"https://"
               "hor.ru\",\"sameAs\":[\"https://t.me/hor\","
               "\"https://vk.com/"
               "hor\"],\"addressLocality\":\"Арск\",\"telephone\":\"112\",\"availableLanguage\":[\"ru\",\"tt\"],"
               "\"translations\":{\"en\":{\"name\":\"Choir\"}}}");
    assert_string_equal(f->told, "communities: 1 added, 0 updated, 0 unchanged, 0 withdrawn, 0 skipped\n");
}

static void test_import_json__reads_events_with_offsets(void **state)
{
    static const struct {
        const char *name, *members;
        long long start;
    } rows[] = {
        {"an offset: the hub's own time", "\"startDate\":\"2026-12-01T18:00:00+05:00\"", 1796130000},
        {"UTC", "\"startDate\":\"2026-12-01T22:30:00Z\"", 1796164200},
        {"no offset", "\"startDate\":\"2026-12-01T18:00:00\"", 1796137200},
        {"a zone is named", "\"startDate\":\"2026-12-01T18:00:00+05:00\",\"timezone\":\"Asia/Yekaterinburg\"",
         1796130000},
    };
    struct fixture *f = *state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        char text[400];
        snprintf(text, sizeof text,
                 "{\"id\":\"e\",\"name\":\"Вечер\",\"eventStatus\":\"https://schema.org/EventCancelled\",%s,"
                 "\"location\":{\"name\":\"Зал\",\"address\":{\"addressLocality\":\"Арск\"}},"
                 "\"maximumAttendeeCapacity\":12}",
                 rows[i].members);
        if (import_text(f, "events", text) != ERR_NONE)
            fail_msg("%s: %s; told: %s", rows[i].name, f->e.text, f->told);
        struct sql_stmt *st =
            sql_get(f->hub.db, "SELECT start_at || ' ' || cancelled || ' ' || capacity || ' ' || json_extract(d, "
                               "'$.location.name') FROM occurrence JOIN record ON record.id = record");
        bool row = false;
        char want[100];
        snprintf(want, sizeof want, "%lld 1 12 Зал", rows[i].start);
        if (sql_step(st, &row, &f->e) != ERR_NONE)
            fail_msg("%s", f->e.text);
        if (!row || strcmp(sql_text(st, 0), want) != 0)
            fail_msg("%s: got %s, wanted %s; told: %s", rows[i].name, row ? sql_text(st, 0) : "nothing", want, f->told);
        sql_reset(st);
    }
}

static void test_import_json__reads_pages_of_other_programs(void **state)
{
    struct fixture *f = *state;
    assert_int_equal(
        import_text(f, "communities",
                    "{\"next\":\"x\",\"items\":[{\"state\":\"updated\",\"id\":\"a\",\"data\":{\"name\":\"Один\"}},"
                    "{\"state\":\"updated\",\"id\":\"b\",\"data\":{\"name\":\"Два\"}}]}"),
        ERR_NONE);
    expect_told(f, "communities: 2 added, 0 updated, 0 unchanged, 0 withdrawn, 0 skipped");
    assert_int_equal(import_text(f, "communities",
                                 "{\"items\":[{\"state\":\"updated\",\"id\":\"a\",\"data\":{\"name\":\"Один\"}},"
                                 "{\"state\":\"deleted\",\"id\":\"b\"}]}"),
                     ERR_NONE);
    expect_told(f, "communities: 0 added, 0 updated, 1 unchanged, 1 withdrawn, 0 skipped");
    assert_int_equal(
        import_text(f, "communities", "{\"total_items\":1,\"contents\":[{\"id\":\"c\",\"name\":\"Три\"}]}"), ERR_NONE);
    expect_told(f, "communities: 1 added, 0 updated, 0 unchanged, 1 withdrawn, 0 skipped");
}

static void test_import_json__names_what_is_wrong_and_lands_the_rest(void **state)
{
    struct fixture *f = *state;
    assert_int_equal(
        import_text(
            f, "places",
            "[{\"id\":\"a\",\"name\":\"Зал\",\"shoe\":1,\"@type\":\"Place\"},5,{\"id\":\"b\"},{\"name\":\"Двор\"}]"),
        ERR_NONE);
    expect_told(f, "list.json: column \"shoe\" is not known and left out\n");
    expect_told(f, "list.json:2: is no object\n");
    expect_told(f, "list.json:3: name is empty\n");
    expect_told(f, "list.json:4: id is empty\n");
    expect_told(f, "places: 1 added, 0 updated, 0 unchanged, 0 withdrawn, 3 skipped");
}

static void test_import_json__refuses_what_is_no_list(void **state)
{
    static const struct {
        const char *name, *text, *why;
    } rows[] = {
        {"cut", "[{\"id\":1", "list.json: JSON, byte 8"},
        {"a number", "5", "list.json: the column \"name\" is missing"},
        {"an empty list", "[]", "list.json: no header row"},
        {"numbers", "[1,2]", "list.json: the column \"name\" is missing"},
        {"without ids", "[{\"name\":\"x\"}]", "list.json: none of its 1 rows can be used"},
    };
    struct fixture *f = *state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        assert_int_equal(import_text(f, "places", rows[i].text), ERR_INVALID);
        if (strstr(f->e.text, rows[i].why) == NULL)
            fail_msg("%s: %s", rows[i].name, f->e.text);
    }
}

/* What OpenActive and HSDS give as examples. */
static void test_import_json__takes_examples_of_others(void **state)
{
    static const struct {
        const char *kind, *file, *told;
    } rows[] = {
        {"events", "openactive/examples/event_example_1.json", "events: 1 added"},
        {"events", "openactive/examples/scheduledsession_example_1.json", "events: 1 added"},
        {"communities", "hsds/examples-json/organization_full.json", "communities: 1 added"},
    };
    const char *data = getenv("SOSEDI_DATA");
    struct fixture *f = *state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        char path[4096];
        file_join(path, data ? data : "../shared/data", rows[i].file);
        if (access(path, R_OK) != 0) {
            print_message("%s is not here: skipped\n", path);
            skip();
        }
        if (import_path(f, rows[i].kind, path) != ERR_NONE)
            fail_msg("%s: %s", rows[i].file, f->e.text);
        expect_told(f, rows[i].told);
    }
}

#define CASE(name) cmocka_unit_test_setup_teardown(test_import_json__##name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        CASE(takes_the_names_of_schema_org), CASE(reads_events_with_offsets),
        CASE(reads_pages_of_other_programs), CASE(names_what_is_wrong_and_lands_the_rest),
        CASE(refuses_what_is_no_list),       CASE(takes_examples_of_others),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
