/* Calls: by the day that ends them, those that are over left out, whatever else is filtered by. */
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
#include "kiosk/base/file.h"
#include "kiosk/store/marks.h"
#include "kiosk/store/replica_write.h"
#include "tests/support/feed.h"
#include "tests/support/folder.h"

enum { ROWS = 20 };

struct calls {
    char folder[FOLDER_PATH];
    struct replica *r;
};

static const char *const calls_items[] = {
    "{\"name\":\"Грант на двор\",\"callType\":\"grant\",\"validThrough\":\"2026-06-10\",\"about\":[\"neighbours\"]}",
    "{\"name\":\"Ёлка для всех\",\"callType\":\"volunteering\",\"about\":[\"neighbours\"],\"addressLocality\":\"Заречинск\"}",
    "{\"name\":\"Стажировка\",\"callType\":\"internship\",\"validThrough\":\"2026-05-12\",\"about\":[\"culture\"],"
    "\"addressLocality\":\"Заречинск\"}",
    "{\"name\":\"Грант на музыку\",\"callType\":\"grant\",\"validThrough\":\"2026-05-11\",\"about\":[\"culture\"]}",
    "{\"name\":\"Авторы двора\",\"callType\":\"workshop\",\"validThrough\":\"2026-06-10\",\"about\":[\"culture\"],"
    "\"addressLocality\":\"Заречинск\"}",
    "{\"name\":\"Без срока по ошибке\",\"validThrough\":\"скоро\"}",
};

static int set_up(void **state)
{
    static struct calls c;
    struct replica_writer *w;
    char path[FOLDER_FILE], id[37], hex[8];
    bool damaged;
    folder_new(c.folder);
    snprintf(path, sizeof path, "%s/replica.db", c.folder);
    assert_int_equal(replica_writer_open(&w, path, NULL, false, &damaged, NULL), ERR_NONE);
    for (size_t i = 0; i < sizeof calls_items / sizeof calls_items[0]; i++) {
        snprintf(hex, sizeof hex, "%zx", i + 1);
        assert_int_equal(item_put(w, "call", item_id(id, hex), (int64_t)i + 1, calls_items[i]), 0);
    }
    replica_writer_close(w);
    c.r = replica_open(path);
    *state = &c;
    return 0;
}

static int tear_down(void **state)
{
    struct calls *c = *state;
    replica_close(c->r);
    folder_remove(c->folder);
    return 0;
}

static void test_replica_calls__by_the_day_that_ends_them(void **state)
{
    struct calls *c = *state;
    static const struct {
        const char *name;
        struct record_filter f;
        const char *want;
    } rows[] = {
        {"all", {.kind = "call"}, "Грант на музыку, Стажировка, Авторы двора, Грант на двор, Без срока по ошибке, Ёлка для всех"},
        {"open", {.kind = "call", .since = "2026-05-12"}, "Стажировка, Авторы двора, Грант на двор, Без срока по ошибке, Ёлка для всех"},
        {"of a topic", {.kind = "call", .since = "2026-05-13", .topic = "culture"}, "Авторы двора"},
        {"of a town", {.kind = "call", .since = "2026-05-12", .city = "Заречинск"}, "Стажировка, Авторы двора, Ёлка для всех"},
        {"of both", {.kind = "call", .since = "2026-05-12", .city = "Заречинск", .topic = "neighbours"}, "Ёлка для всех"},
        {"of a kind", {.kind = "call", .since = "2026-05-12", .marks = MARK_CALL(0)}, "Грант на двор"},
        {"of a kind and a topic", {.kind = "call", .topic = "culture", .marks = MARK_CALL(0)}, "Грант на музыку"},
        {"by words", {.kind = "call", .since = "2026-05-12", .text = "двор"}, "Авторы двора, Грант на двор"},
        {"by words, over", {.kind = "call", .since = "2026-06-11", .text = "двор"}, ""},
        {"by words, all", {.kind = "call", .text = "грант"}, "Грант на музыку, Грант на двор"},
    };
    struct row row[ROWS];
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        char out[2000] = "";
        size_t n = 0;
        int count = replica_records(c->r, &rows[i].f, 0, row, ROWS);
        for (int k = 0; k < count; k++)
            n += (size_t)snprintf(out + n, sizeof out - n, "%s%s", k ? ", " : "", row[k].name);
        if (strcmp(out, rows[i].want) != 0)
            fail_msg("%s: %s", rows[i].name, out);
        assert_int_equal(replica_count_records(c->r, &rows[i].f, ROWS), count);
    }
}

static void test_replica_calls__rows_tell_kind_and_day(void **state)
{
    struct calls *c = *state;
    struct row row[ROWS];
    struct record_filter f = {.kind = "call"};
    struct date day = {2026, 5, 11};
    assert_int_equal(replica_records(c->r, &f, 0, row, ROWS), 6);
    assert_string_equal(row[0].type, "grant");
    assert_int_equal(row[0].last_day, date_to_days(day));
    assert_string_equal(row[4].type, "");
    assert_int_equal(row[4].last_day, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_replica_calls__by_the_day_that_ends_them),
        cmocka_unit_test(test_replica_calls__rows_tell_kind_and_day),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
