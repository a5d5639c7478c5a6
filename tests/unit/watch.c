/* Waking for other programs' commits, and the lock of a folder. */
#include "kiosk/base/watch.h"

#include <pthread.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "kiosk/base/clock.h"
#include "kiosk/base/file.h"
#include "kiosk/base/sql.h"

enum { ROUNDS = 60, PATIENCE_MS = 5000 };

struct fixture {
    char dir[64], path[4096];
    struct watch watch;
    struct sql *reader;
    struct error e;
};

static int set_up(void **state)
{
    struct fixture *f = calloc(1, sizeof *f);
    snprintf(f->dir, sizeof f->dir, "/tmp/sosedi-watch-XXXXXX");
    assert_non_null(mkdtemp(f->dir));
    file_join(f->path, f->dir, "ledger.db");
    assert_int_equal(sql_open(&f->reader, f->path, SQL_DURABLE, &f->e), ERR_NONE);
    assert_int_equal(sql_exec(f->reader, "CREATE TABLE act (n INTEGER)", &f->e), ERR_NONE);
    assert_int_equal(watch_open(&f->watch, f->dir, "test.lock", &f->e), ERR_NONE);
    *state = f;
    return 0;
}

static int tear_down(void **state)
{
    struct fixture *f = *state;
    char command[128];
    watch_close(&f->watch);
    sql_close(f->reader);
    snprintf(command, sizeof command, "rm -rf %s", f->dir);
    assert_int_equal(system(command), 0);
    free(f);
    return 0;
}

static int64_t count(struct fixture *f)
{
    bool row = false;
    struct sql_stmt *st = sql_get(f->reader, "SELECT count(*) FROM act");
    assert_int_equal(sql_step(st, &row, &f->e), ERR_NONE);
    int64_t n = sql_int(st, 0);
    sql_reset(st);
    return n;
}

/* One act in a transaction of its own, on a connection of its own. */
static void *commit_one(void *path)
{
    struct sql *db;
    if (sql_open(&db, path, SQL_DURABLE, NULL) || sql_begin(db, NULL) ||
        sql_exec(db, "INSERT INTO act VALUES (1)", NULL) || sql_commit(db, NULL))
        die("the act is not committed");
    sql_close(db);
    return NULL;
}

/* kiosk-sync woke for the write to the WAL, looked before the commit could be read, and slept on: a sign-up waited a
 * minute for the hub instead of three seconds. */
static void test_watch__after_waking_the_commit_can_be_read(void **state)
{
    struct fixture *f = *state;
    struct clock clock = clock_system();
    for (int i = 1; i <= ROUNDS; i++) {
        pthread_t other;
        int64_t begun = clock_mono_ms(&clock);
        watch_drain(&f->watch);
        assert_int_equal(pthread_create(&other, NULL, commit_one, f->path), 0);
        while (count(f) < i) {
            watch_wait(&f->watch, PATIENCE_MS);
            watch_drain(&f->watch);
            assert_true(clock_mono_ms(&clock) - begun < PATIENCE_MS); /* woken, not timed out */
        }
        pthread_join(other, NULL);
    }
}

static void test_watch__reading_wakes_nobody(void **state)
{
    struct fixture *f = *state;
    watch_drain(&f->watch);
    for (int i = 0; i < 3; i++) {
        assert_int_equal(sql_begin(f->reader, &f->e), ERR_NONE);
        count(f);
        assert_int_equal(sql_commit(f->reader, &f->e), ERR_NONE);
    }
    assert_false(watch_drain(&f->watch));
}

static void test_watch__other_files_do_not_count(void **state)
{
    struct fixture *f = *state;
    char path[4096];
    watch_drain(&f->watch);
    assert_int_equal(file_write(file_join(path, f->dir, "kiosk.conf"), "x", 1, 0600, &f->e), ERR_NONE);
    assert_false(watch_drain(&f->watch));
    commit_one(f->path);
    assert_true(watch_drain(&f->watch));
    assert_false(watch_drain(&f->watch));
}

static void test_watch__signal_ends_the_wait(void **state)
{
    struct fixture *f = *state;
    raise(SIGTERM);
    watch_wait(&f->watch, PATIENCE_MS);
    watch_drain(&f->watch);
    assert_true(f->watch.ending);
}

static void test_watch__folder_has_one_owner(void **state)
{
    struct fixture *f = *state;
    struct watch second, other;
    assert_int_equal(watch_open(&second, f->dir, "test.lock", &f->e), ERR_BUSY);
    assert_int_equal(watch_open(&other, f->dir, "other.lock", &f->e), ERR_NONE);
    watch_close(&other);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_watch__after_waking_the_commit_can_be_read, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_watch__reading_wakes_nobody, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_watch__other_files_do_not_count, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_watch__signal_ends_the_wait, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_watch__folder_has_one_owner, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
