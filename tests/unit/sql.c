/* The door to SQLite: modes, migrations, kept statements, and what damage, locks and full disks turn into. */
#include "kiosk/base/sql.h"

#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "kiosk/base/buf.h"
#include "kiosk/base/file.h"

static const char schema_one[] = "-- what this is for\n"
                                 "-- migration 1\n"
                                 "CREATE TABLE t (id INTEGER PRIMARY KEY, name TEXT UNIQUE, r REAL, b BLOB) STRICT;\n";
static const char schema_two[] =
    "-- migration 1\n"
    "CREATE TABLE t (id INTEGER PRIMARY KEY, name TEXT UNIQUE, r REAL, b BLOB) STRICT;\n"
    "-- migration 2: a second table\n"
    "CREATE TABLE u (t INTEGER NOT NULL REFERENCES t (id), n INTEGER CHECK (n > 0)) STRICT;\n"
    "INSERT INTO t (id, name) VALUES (1, 'first');\n";

struct place {
    char dir[64];
    char path[80];
};

static int set_up(void **state)
{
    struct place *p = calloc(1, sizeof *p);
    if (!p)
        return -1;
    snprintf(p->dir, sizeof p->dir, "/tmp/sosedi-sql-XXXXXX");
    if (!mkdtemp(p->dir))
        return -1;
    snprintf(p->path, sizeof p->path, "%s/db", p->dir);
    *state = p;
    return 0;
}

static int tear_down(void **state)
{
    struct place *p = *state;
    static const char *const ends[] = {"", "-wal", "-shm", "-journal"};
    for (size_t i = 0; i < 4; i++) {
        char path[100];
        snprintf(path, sizeof path, "%s%s", p->path, ends[i]);
        unlink(path);
    }
    rmdir(p->dir);
    free(p);
    return 0;
}

static struct sql *opened(const char *path, enum sql_mode mode)
{
    struct sql *db = NULL;
    struct error e = {0};
    if (sql_open(&db, path, mode, &e))
        fail_msg("%s", e.text);
    return db;
}

static struct sql *migrated(const char *path, const char *schema)
{
    struct sql *db = opened(path, SQL_DURABLE);
    struct error e = {0};
    if (sql_migrate(db, schema, &e))
        fail_msg("%s", e.text);
    return db;
}

static enum err run(struct sql *db, const char *text) { return sql_run(sql_get(db, text), NULL); }

static int64_t number(struct sql *db, const char *text)
{
    bool row = false;
    struct sql_stmt *st = sql_get(db, text);
    assert_int_equal(sql_step(st, &row, NULL), ERR_NONE);
    assert_true(row);
    int64_t value = sql_int(st, 0);
    sql_reset(st);
    return value;
}

static void test_sql__open_sets_what_it_promises(void **state)
{
    struct place *p = *state;
    struct sql *db = opened(p->path, SQL_DURABLE);
    assert_int_equal(number(db, "PRAGMA foreign_keys"), 1);
    assert_int_equal(number(db, "PRAGMA synchronous"), 2);
    assert_int_equal(number(db, "PRAGMA trusted_schema"), 0);
    assert_int_equal(number(db, "PRAGMA busy_timeout"), 5000);
    bool row;
    struct sql_stmt *st = sql_get(db, "PRAGMA journal_mode");
    assert_int_equal(sql_step(st, &row, NULL), ERR_NONE);
    assert_string_equal(sql_text(st, 0), "wal");
    sql_close(db);
    db = opened(p->path, SQL_NORMAL);
    assert_int_equal(number(db, "PRAGMA synchronous"), 1);
    sql_close(db);
    db = opened(":memory:", SQL_NORMAL);
    assert_int_equal(number(db, "PRAGMA synchronous"), 2);
    sql_close(db);
    sql_close(NULL);
}

static void test_sql__values_go_in_and_out(void **state)
{
    struct place *p = *state;
    struct sql *db = migrated(p->path, schema_one);
    bool row;
    size_t n;
    struct sql_stmt *st = sql_get(db, "INSERT INTO t (id, name, r, b) VALUES (:id, :name, :r, :b)");
    sql_bind_int(st, ":id", INT64_MIN);
    sql_bind_text(st, ":name", "Ёж'; DROP TABLE t; --");
    sql_bind_real(st, ":r", 0.1);
    sql_bind_blob(st, ":b", "\0\1\2", 3);
    assert_int_equal(sql_run(st, NULL), ERR_NONE);
    assert_int_equal(sql_changes(db), 1);
    st = sql_get(db, "INSERT INTO t (id, name, r, b) VALUES (:id, :name, :r, :b)");
    sql_bind_text(st, ":name", NULL);
    sql_bind_blob(st, ":b", NULL, 0);
    assert_int_equal(sql_run(st, NULL), ERR_NONE);
    assert_true(sql_last_id(db) == INT64_MIN + 1);

    st = sql_get(db, "SELECT id, name, r, b FROM t ORDER BY id");
    assert_int_equal(sql_step(st, &row, NULL), ERR_NONE);
    assert_true(row && sql_int(st, 0) == INT64_MIN && sql_real(st, 2) == 0.1);
    assert_string_equal(sql_text(st, 1), "Ёж'; DROP TABLE t; --");
    assert_memory_equal(sql_blob(st, 3, &n), "\0\1\2", 3);
    assert_int_equal(n, 3);
    assert_int_equal(sql_step(st, &row, NULL), ERR_NONE);
    assert_true(row && sql_is_null(st, 1) && sql_is_null(st, 2) && !sql_is_null(st, 3));
    assert_string_equal(sql_text(st, 1), "");
    assert_non_null(sql_blob(st, 3, &n));
    assert_int_equal(n, 0);
    assert_int_equal(sql_step(st, &row, NULL), ERR_NONE);
    assert_false(row);
    sql_close(db);
}

static void test_sql__statements_are_kept_and_come_back_clean(void **state)
{
    struct place *p = *state;
    struct sql *db = migrated(p->path, schema_two);
    bool row;
    char copy[] = "SELECT id FROM t WHERE name = :name";
    struct sql_stmt *st = sql_get(db, "SELECT id FROM t WHERE name = :name");
    sql_bind_text(st, ":name", "first");
    assert_int_equal(sql_step(st, &row, NULL), ERR_NONE);
    assert_true(row);
    /* The same text at another address is the same statement, with nothing bound and at its start. */
    assert_ptr_equal(sql_get(db, copy), st);
    assert_int_equal(sql_step(st, &row, NULL), ERR_NONE);
    assert_false(row);
    copy[7] = 'r';
    copy[8] = ' ';
    assert_ptr_not_equal(sql_get(db, copy), st);
    sql_close(db);
}

static void test_sql__migrate_rises_step_by_step(void **state)
{
    struct place *p = *state;
    struct error e = {0};
    struct sql *db = migrated(p->path, schema_one);
    assert_int_equal(number(db, "PRAGMA user_version"), 1);
    assert_int_equal(sql_migrate(db, schema_two, &e), ERR_NONE);
    assert_int_equal(sql_migrate(db, schema_two, &e), ERR_NONE);
    assert_int_equal(number(db, "PRAGMA user_version"), 2);
    assert_int_equal(number(db, "SELECT count(*) FROM t"), 1);
    assert_int_equal(sql_migrate(db, schema_one, &e), ERR_STATE);
    assert_non_null(strstr(e.text, "newer"));
    sql_close(db);
}

static void test_sql__a_failed_migration_leaves_nothing(void **state)
{
    struct place *p = *state;
    struct error e = {0};
    struct sql *db = migrated(p->path, schema_one);
    const char broken[] = "-- migration 1\nCREATE TABLE x (a);\n"
                          "-- migration 2\nCREATE TABLE y (a);\nINSERT INTO nowhere VALUES (1);\n";
    assert_int_not_equal(sql_migrate(db, broken, &e), ERR_NONE);
    assert_memory_equal(e.text, "migration 2", 11);
    assert_int_equal(number(db, "PRAGMA user_version"), 1);
    assert_int_equal(number(db, "SELECT count(*) FROM sqlite_schema WHERE name = 'y'"), 0);
    sql_close(db);
}

static void test_sql__constraints_have_their_codes(void **state)
{
    struct place *p = *state;
    struct sql *db = migrated(p->path, schema_two);
    static const struct {
        const char *row, *text;
        enum err code;
    } rows[] = {
        {"primary key", "INSERT INTO t (id) VALUES (1)", ERR_EXISTS},
        {"unique", "INSERT INTO t (name) VALUES ('first')", ERR_EXISTS},
        {"foreign key", "INSERT INTO u (t) VALUES (77)", ERR_INVALID},
        {"not null", "INSERT INTO u (t) VALUES (NULL)", ERR_INVALID},
        {"check", "INSERT INTO u (t, n) VALUES (1, 0)", ERR_INVALID},
        {"good", "INSERT INTO u (t, n) VALUES (1, 1)", ERR_NONE},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        if (run(db, rows[i].text) != rows[i].code)
            fail_msg("%s", rows[i].row);
    sql_close(db);
}

static void test_sql__rollback_takes_back(void **state)
{
    struct place *p = *state;
    struct sql *db = migrated(p->path, schema_one);
    sql_rollback(db);
    assert_int_equal(sql_begin(db, NULL), ERR_NONE);
    assert_int_equal(run(db, "INSERT INTO t (id) VALUES (5)"), ERR_NONE);
    bool row;
    struct sql_stmt *st = sql_get(db, "SELECT id FROM t");
    assert_int_equal(sql_step(st, &row, NULL), ERR_NONE); /* a reader left in the middle */
    sql_rollback(db);
    assert_int_equal(number(db, "SELECT count(*) FROM t"), 0);
    assert_int_equal(sql_begin(db, NULL), ERR_NONE);
    assert_int_equal(run(db, "INSERT INTO t (id) VALUES (5)"), ERR_NONE);
    assert_int_equal(sql_commit(db, NULL), ERR_NONE);
    assert_int_equal(number(db, "SELECT count(*) FROM t"), 1);
    sql_close(db);
}

static void test_sql__a_reader_sees_another_programs_commits(void **state)
{
    struct place *p = *state;
    struct sql *writer = migrated(p->path, schema_one), *reader = opened(p->path, SQL_READ);
    int64_t before = sql_data_version(reader);
    assert_int_equal(sql_data_version(reader), before);
    assert_int_equal(run(writer, "INSERT INTO t (id) VALUES (1)"), ERR_NONE);
    assert_int_not_equal(sql_data_version(reader), before);
    assert_int_equal(number(reader, "SELECT count(*) FROM t"), 1);
    assert_int_equal(run(reader, "INSERT INTO t (id) VALUES (2)"), ERR_DENIED);
    sql_close(writer);
    assert_int_equal(number(reader, "SELECT count(*) FROM t"), 1);
    assert_int_equal(sql_quick_check(reader, NULL), ERR_NONE);
    sql_close(reader);
}

/* A writer that was killed leaves a WAL behind; the reader must recover it although it may not write content. */
static void test_sql__a_reader_reads_what_a_killed_writer_left(void **state)
{
    struct place *p = *state;
    struct sql *db = migrated(p->path, schema_one);
    sql_close(db);
    pid_t pid = fork();
    assert_true(pid >= 0);
    if (pid == 0) {
        struct sql *child = NULL;
        if (sql_open(&child, p->path, SQL_DURABLE, NULL) || run(child, "INSERT INTO t (id) VALUES (9)"))
            _exit(1);
        _exit(0); /* without closing */
    }
    int status;
    assert_int_equal(waitpid(pid, &status, 0), pid);
    assert_int_equal(status, 0);
    db = opened(p->path, SQL_READ);
    assert_int_equal(number(db, "SELECT id FROM t"), 9);
    sql_close(db);
}

static void test_sql__what_cannot_be_opened(void **state)
{
    struct place *p = *state;
    struct sql *db = NULL;
    struct error e = {0};
    assert_int_equal(sql_open(&db, p->path, SQL_READ, &e), ERR_NOT_FOUND);
    assert_non_null(strstr(e.text, p->path));
    assert_null(db);
    char text[2048];
    memset(text, 'x', sizeof text);
    assert_int_equal(file_write(p->path, text, sizeof text, 0600, NULL), ERR_NONE);
    assert_int_equal(sql_open(&db, p->path, SQL_READ, &e), ERR_CORRUPT);
    assert_int_equal(sql_open(&db, p->path, SQL_DURABLE, &e), ERR_CORRUPT);
    assert_int_equal(sql_open(&db, "/nowhere/at/all", SQL_DURABLE, &e), ERR_NOT_FOUND);
}

static void test_sql__damage_is_told_as_damage(void **state)
{
    struct place *p = *state;
    struct sql *db = migrated(p->path, schema_one);
    assert_int_equal(run(db, "WITH RECURSIVE c (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM c WHERE i < 500) "
                             "INSERT INTO t (id, name) SELECT i, 'some name that fills the page, number ' || i FROM c"),
                     ERR_NONE);
    sql_close(db); /* the last one to close folds the WAL in */
    struct stat st;
    assert_int_equal(stat(p->path, &st), 0);
    int fd = open(p->path, O_RDWR);
    char junk[4096];
    memset(junk, 0xa5, sizeof junk);
    for (off_t at = 8192; at < st.st_size; at += 4096)
        assert_int_equal(pwrite(fd, junk, sizeof junk, at), sizeof junk);
    close(fd);
    struct error e = {0};
    db = opened(p->path, SQL_READ);
    assert_int_equal(sql_run(sql_get(db, "SELECT name FROM t"), &e), ERR_CORRUPT);
    assert_non_null(strstr(e.text, p->path));
    assert_int_equal(sql_quick_check(db, NULL), ERR_CORRUPT);
    sql_close(db);
}

/* A sound file that is not ours: the program must be able to say so, and go on when the table appears. */
static void test_sql__a_foreign_schema_is_no_bug(void **state)
{
    struct place *p = *state;
    struct error e = {0};
    struct sql *db = opened(p->path, SQL_DURABLE);
    struct sql_stmt *st = sql_get(db, "SELECT id FROM t WHERE id = :id");
    sql_bind_int(st, ":id", 1);
    bool row = true;
    assert_int_equal(sql_step(st, &row, &e), ERR_CORRUPT);
    assert_false(row);
    sql_reset(st);
    assert_int_equal(sql_migrate(db, schema_two, &e), ERR_NONE);
    st = sql_get(db, "SELECT id FROM t WHERE id = :id");
    sql_bind_int(st, ":id", 1);
    assert_int_equal(sql_step(st, &row, &e), ERR_NONE);
    assert_true(row);
    /* And away again under a kept statement. */
    sql_reset(st);
    assert_int_equal(sql_exec(db, "PRAGMA foreign_keys=OFF; DROP TABLE u; DROP TABLE t", &e), ERR_NONE);
    assert_int_equal(sql_step(sql_get(db, "SELECT id FROM t WHERE id = :id"), &row, &e), ERR_CORRUPT);
    sql_close(db);
}

static void test_sql__a_full_disk_is_told_and_nothing_is_lost(void **state)
{
    struct place *p = *state;
    struct error e = {0};
    struct sql *db = migrated(p->path, schema_one);
    assert_int_equal(run(db, "INSERT INTO t (id) VALUES (1)"), ERR_NONE);
    assert_int_equal(sql_exec(db, "PRAGMA max_page_count=4", &e), ERR_NONE);
    assert_int_equal(sql_begin(db, &e), ERR_NONE);
    struct sql_stmt *st = sql_get(db, "INSERT INTO t (b) VALUES (zeroblob(100000))");
    assert_int_equal(sql_run(st, &e), ERR_FULL);
    sql_rollback(db);
    assert_int_equal(number(db, "SELECT count(*) FROM t"), 1);
    sql_close(db);
}

static void test_sql__a_lock_is_told_as_busy(void **state)
{
    struct place *p = *state;
    struct error e = {0};
    struct sql *one = migrated(p->path, schema_one), *two = opened(p->path, SQL_DURABLE);
    assert_int_equal(sql_exec(two, "PRAGMA busy_timeout=1", &e), ERR_NONE);
    assert_int_equal(sql_begin(one, &e), ERR_NONE);
    assert_int_equal(sql_begin(two, &e), ERR_BUSY);
    assert_int_equal(number(two, "SELECT count(*) FROM t"), 0); /* readers are not held up */
    assert_int_equal(sql_commit(one, &e), ERR_NONE);
    assert_int_equal(sql_begin(two, &e), ERR_NONE);
    sql_rollback(two);
    sql_close(one);
    sql_close(two);
}

/* Both programs of a kiosk start at once on a new card: each creates the ledger and each migrates it. */
static void test_sql__two_programs_create_one_database(void **state)
{
    struct place *p = *state;
    pid_t pids[4];
    int go[2];
    assert_int_equal(pipe(go), 0);
    for (size_t i = 0; i < 4; i++) {
        pids[i] = fork();
        assert_true(pids[i] >= 0);
        if (pids[i] == 0) {
            char c;
            struct sql *db = NULL;
            close(go[1]);
            bool ok = read(go[0], &c, 1) == 0 && !sql_open(&db, p->path, SQL_DURABLE, NULL) &&
                      !sql_migrate(db, schema_two, NULL);
            _exit(ok ? 0 : 1);
        }
    }
    close(go[0]);
    close(go[1]); /* all read the end at once */
    for (size_t i = 0; i < 4; i++) {
        int status;
        assert_int_equal(waitpid(pids[i], &status, 0), pids[i]);
        assert_int_equal(status, 0);
    }
    struct sql *db = opened(p->path, SQL_READ);
    assert_int_equal(number(db, "SELECT count(*) FROM t"), 1);
    sql_close(db);
}

#define SQL_CASE(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        SQL_CASE(test_sql__open_sets_what_it_promises),
        SQL_CASE(test_sql__values_go_in_and_out),
        SQL_CASE(test_sql__statements_are_kept_and_come_back_clean),
        SQL_CASE(test_sql__migrate_rises_step_by_step),
        SQL_CASE(test_sql__a_failed_migration_leaves_nothing),
        SQL_CASE(test_sql__constraints_have_their_codes),
        SQL_CASE(test_sql__rollback_takes_back),
        SQL_CASE(test_sql__a_reader_sees_another_programs_commits),
        SQL_CASE(test_sql__a_reader_reads_what_a_killed_writer_left),
        SQL_CASE(test_sql__what_cannot_be_opened),
        SQL_CASE(test_sql__damage_is_told_as_damage),
        SQL_CASE(test_sql__a_foreign_schema_is_no_bug),
        SQL_CASE(test_sql__a_full_disk_is_told_and_nothing_is_lost),
        SQL_CASE(test_sql__a_lock_is_told_as_busy),
        SQL_CASE(test_sql__two_programs_create_one_database),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
