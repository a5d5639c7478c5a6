/* Each schema brought up from each of its versions while the disk or memory fails; and a death in the middle of an act.
 */
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "kiosk/base/schema.h"
#include "kiosk/base/sql.h"
#include "kiosk/store/ledger_private.h"
#include "tests/support/enrolled.h"
#include "tests/support/faultrun.h"

struct fault_migration {
    char folder[FOLDER_PATH], path[FOLDER_FILE];
    const char *schema;
    int from, to;
};

/* Where migration n begins; NULL: there is none. */
static const char *migration_at(const char *schema, int n)
{
    char mark[40];
    snprintf(mark, sizeof mark, "\n-- migration %d\n", n);
    return strstr(schema, mark);
}

static int64_t migration_number(struct sql *db, const char *query)
{
    bool row = false;
    struct error e;
    struct sql_stmt *st = sql_get(db, query);
    if (sql_step(st, &row, &e))
        fail_msg("%s: %s", faultrun_now(), e.text);
    int64_t n = row ? sql_int(st, 0) : -1;
    sql_reset(st);
    return n;
}

static enum err migration_act(void *data, struct error *e)
{
    struct fault_migration *f = data;
    struct sql *db = NULL;
    enum err code = sql_open(&db, f->path, SQL_DURABLE, e);
    if (!code)
        code = sql_migrate(db, f->schema, e);
    sql_close(db);
    return code;
}

static void migration_check(void *data, enum err code)
{
    struct fault_migration *f = data;
    struct sql *db = NULL;
    struct error e = {0};
    assert_int_equal(sql_open(&db, f->path, SQL_DURABLE, NULL), ERR_NONE);
    int64_t version = migration_number(db, "PRAGMA user_version");
    assert_in_range(version, f->from, f->to);
    if (code == ERR_NONE)
        assert_int_equal(version, f->to);
    /* Half a migration would meet its own tables here. */
    if (sql_migrate(db, f->schema, &e))
        fail_msg("%s: at version %d: %s", faultrun_now(), (int)version, e.text);
    assert_int_equal(migration_number(db, "PRAGMA user_version"), f->to);
    assert_int_equal(migration_number(db, "SELECT count(*) FROM meta WHERE name = 'kept' AND value = 'yes'"), 1);
    assert_int_equal(migration_number(db, "SELECT count(*) FROM pragma_integrity_check WHERE integrity_check <> 'ok'"),
                     0);
    sql_close(db);
}

static void migration_from(const char *name, const char *schema, int from, int to)
{
    struct fault_migration f = {.schema = schema, .from = from, .to = to};
    struct sql *db = NULL;
    struct error e = {0};
    folder_new(f.folder);
    folder_file(f.path, f.folder, "some.db");
    const char *end = migration_at(schema, from + 1);
    char *old = end ? strndup(schema, (size_t)(end - schema) + 1) : strdup(schema);
    assert_non_null(old);
    assert_int_equal(sql_open(&db, f.path, SQL_DURABLE, NULL), ERR_NONE);
    if (sql_migrate(db, old, &e))
        fail_msg("%s %d: %s", name, from, e.text);
    assert_int_equal(sql_exec(db, "INSERT INTO meta (name, value) VALUES ('kept', 'yes')", NULL), ERR_NONE);
    sql_close(db);
    free(old);
    print_message("%s: from %d to %d: ", name, from, to);
    faultrun(
        &(struct faultrun){.folder = f.folder, .act = migration_act, .check = migration_check, .x = &f, .step = 89});
    folder_remove(f.folder);
}

static void test_fault__a_migration_is_whole_or_not_at_all(void **state)
{
    static const struct {
        const char *name, *schema;
    } all[] = {{"ledger", schema_ledger}, {"replica", schema_replica}, {"hub", schema_hub}};
    (void)state;
    for (size_t i = 0; i < sizeof all / sizeof all[0]; i++) {
        int to = 1;
        while (migration_at(all[i].schema, to + 1))
            to++;
        for (int from = 1; from <= to; from++)
            migration_from(all[i].name, all[i].schema, from, to);
    }
}

/* ---- no memory for something small: the program ends itself, as by design, and the act never was */

static void test_fault__a_death_inside_an_act_leaves_nothing_of_it(void **state)
{
    struct enrolled x;
    int status;
    (void)state;
    enrolled_new(&x);
    enrolled_sign_up(&x);
    ledger_close(x.l);
    pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        setrlimit(RLIMIT_CORE, &(struct rlimit){0, 0});
        signal(SIGABRT, SIG_DFL);
        enrolled_open(&x, false);
        if (ledger_begin(x.l, NULL) || sql_exec(x.l->db, "DELETE FROM job; DELETE FROM op; DELETE FROM signup", NULL))
            _exit(1);
        mem_resize(NULL, SIZE_MAX / 2, 4);
        _exit(2);
    }
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_true(WIFSIGNALED(status) && WTERMSIG(status) == SIGABRT);
    enrolled_open(&x, true);
    assert_int_equal(enrolled_count(&x, "SELECT count(*) FROM signup"), 1);
    assert_int_equal(enrolled_count(&x, "SELECT count(*) FROM op"), 1);
    enrolled_sign_up(&x);
    enrolled_done(&x);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_fault__a_migration_is_whole_or_not_at_all),
        cmocka_unit_test(test_fault__a_death_inside_an_act_leaves_nothing_of_it),
    };
    faultrun_init();
    return cmocka_run_group_tests(tests, NULL, NULL);
}
