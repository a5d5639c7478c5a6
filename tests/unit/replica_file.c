/* The replica's file under its reader: missing, changed, replaced, damaged. */
#include "kiosk/store/replica.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include "kiosk/base/date.h"
#include "kiosk/store/replica_write.h"
#include "tests/support/feed.h"
#include "tests/support/fill.h"
#include "tests/support/folder.h"

static void open_writer(struct replica_writer **w, const char *path, struct zone *zone)
{
    bool damaged;
    assert_int_equal(replica_writer_open(w, path, zone, false, &damaged, NULL), ERR_NONE);
}

/* A kiosk-sync that was killed while it made the file left one without tables; the screens called it damaged, and went
 * on doing so when the next one had filled it. */
static void test_replica_file__one_that_was_only_begun_is_looked_at_again(void **state)
{
    (void)state;
    char folder[FOLDER_PATH], path[FOLDER_FILE], id[37];
    struct replica_writer *w;
    struct zone *zone = zone_new("Europe/Moscow");
    struct record_filter f = {.kind = "community"};
    folder_new(folder);
    folder_file(path, folder, "replica.db");
    FILE *begun = fopen(path, "w");
    assert_non_null(begun);
    fclose(begun);
    struct replica *r = replica_open(path);
    assert_int_equal(replica_state(r), REPLICA_MISSING);
    assert_int_equal(replica_count_records(r, &f, 9), 0);
    open_writer(&w, path, zone);
    item_put(w, "community", item_id(id, "1"), 1, "{\"name\":\"A\"}");
    assert_true(replica_refresh(r));
    assert_int_equal(replica_state(r), REPLICA_READY);
    assert_int_equal(replica_count_records(r, &f, 9), 1);
    replica_writer_close(w);
    replica_close(r);
    zone_free(zone);
    folder_remove(folder);
}

static void test_replica_file__notices_what_others_do(void **state)
{
    (void)state;
    char folder[FOLDER_PATH], path[FOLDER_FILE], other[FOLDER_FILE], id[37];
    struct replica_writer *w;
    struct zone *zone = zone_new("Europe/Moscow");
    folder_new(folder);
    folder_file(path, folder, "replica.db");
    folder_file(other, folder, "new.db");
    struct replica *r = replica_open(path);
    assert_int_equal(replica_state(r), REPLICA_MISSING);
    assert_false(replica_refresh(r));
    struct record_filter f = {.kind = "community"};
    assert_int_equal(replica_count_records(r, &f, 9), 0);
    open_writer(&w, path, zone);
    assert_true(replica_refresh(r));
    assert_int_equal(replica_state(r), REPLICA_EMPTY);
    assert_false(replica_refresh(r));
    item_put(w, "community", item_id(id, "1"), 1, "{\"name\":\"A\"}");
    assert_true(replica_refresh(r));
    assert_false(replica_refresh(r));
    assert_int_equal(replica_state(r), REPLICA_READY);
    assert_int_equal(replica_set_checked(w, 777, "", NULL), ERR_NONE);
    assert_int_equal(replica_checked_at(r), 777);
    replica_writer_close(w);
    /* A snapshot takes its place. */
    open_writer(&w, other, zone);
    item_put(w, "community", item_id(id, "1"), 1, "{\"name\":\"A\"}");
    item_put(w, "community", item_id(id, "2"), 2, "{\"name\":\"B\"}");
    replica_writer_close(w);
    assert_int_equal(replica_replace(path, other, NULL), ERR_NONE);
    assert_true(replica_refresh(r));
    assert_int_equal(replica_count_records(r, &f, 9), 2);
    replica_close(r);
    zone_free(zone);
    folder_remove(folder);
}

static void test_replica_file__damage_is_told_and_survived(void **state)
{
    (void)state;
    char folder[FOLDER_PATH], path[FOLDER_FILE];
    static struct row rows[500];
    folder_new(folder);
    folder_file(path, folder, "replica.db");
    fill_replica(path, 300, 30);
    folder_spoil(path, 4096 * 2, 4096 * 60);
    struct replica *r = replica_open(path);
    struct event_filter f = {0}, words = {.text = "шахматный"};
    struct record_filter g = {.kind = "community"};
    struct content c;
    for (int i = 0; i < 3; i++) {
        replica_events(r, &f, 0, rows, 500);
        replica_events(r, &words, 0, rows, 500);
        replica_records(r, &g, 0, rows, 500);
        replica_topics(r, "community", rows, 500);
        replica_cities(r, "community", rows, 500);
        replica_refresh(r);
    }
    assert_int_equal(replica_state(r), REPLICA_DAMAGED);
    assert_int_equal(replica_get(r, rows[0].id, &c, NULL), ERR_NOT_FOUND);
    /* kiosk-sync makes it anew. */
    struct replica_writer *w;
    struct zone *zone = zone_new("Europe/Moscow");
    bool damaged;
    assert_int_equal(replica_writer_open(&w, path, zone, true, &damaged, NULL), ERR_NONE);
    assert_true(damaged);
    assert_true(replica_refresh(r));
    assert_int_equal(replica_state(r), REPLICA_EMPTY);
    replica_writer_close(w);
    replica_close(r);
    zone_free(zone);
    folder_remove(folder);
}

/* Each of the first pages wrong in turn: never a crash, never a hang, always an answer. */
static void test_replica_file__any_page_may_be_wrong(void **state)
{
    (void)state;
    char folder[FOLDER_PATH], path[FOLDER_FILE];
    static struct row rows[60];
    folder_new(folder);
    folder_file(path, folder, "replica.db");
    for (int page = 0; page < 40; page += 3) {
        fill_replica(path, 40, 5);
        folder_spoil(path, 4096L * page + (page % 2 ? 0 : 200), 700);
        struct replica *r = replica_open(path);
        struct event_filter f = {0}, words = {.text = "шах"};
        replica_events(r, &f, 0, rows, 60);
        replica_events(r, &words, 0, rows, 60);
        struct record_filter g = {.kind = "community", .topic = "it"};
        replica_records(r, &g, 0, rows, 60);
        replica_close(r);
    }
    folder_remove(folder);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_replica_file__one_that_was_only_begun_is_looked_at_again),
        cmocka_unit_test(test_replica_file__notices_what_others_do),
        cmocka_unit_test(test_replica_file__damage_is_told_and_survived),
        cmocka_unit_test(test_replica_file__any_page_may_be_wrong),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
