/* A hub whose disk or memory fails: a batch, an import, a backup are there whole or not at all. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "kiosk/base/file.h"
#include "sync/hub/backup/backup.h"
#include "sync/hub/import/import.h"
#include "tests/support/faultrun.h"
#include "tests/support/hubkit.h"

static const char ev_few[] = "0198a1b2-0000-7000-8000-00000000e001";
static const char ev_many[] = "0198a1b2-0000-7000-8000-00000000e002";
static const int64_t noon = INT64_C(1796126400000);

enum { BATCH_SIGNUPS = 3 };

struct fault_hub {
    struct hubkit k;
    struct hubkit_kiosk q;
    struct hubkit_message m;
    struct intake_answer answer; /* of the act */
    char other[FOLDER_PATH], file[FOLDER_FILE];
    int64_t safe; /* before the act */
};

static enum err hub_again(struct fault_hub *f, struct error *e)
{
    enum err code = hub_open(&f->k.hub, f->k.dir, "", e);
    if (!code)
        f->k.hub.clock = clock_test(noon);
    return code;
}

static void hub_well(struct fault_hub *f)
{
    struct error e = {0};
    if (hub_again(f, &e))
        fail_msg("%s: %s", faultrun_now(), e.text);
    assert_int_equal(hubkit_number(&f->k, "SELECT count(*) FROM pragma_integrity_check WHERE integrity_check <> 'ok'"),
                     0);
}

static void hub_new(struct fault_hub *f)
{
    char id[WIRE_UUID + 1], code[CODE_LEN + 1];
    hubkit_init(&f->k, noon);
    hubkit_event(&f->k, ev_few, 2, 86400);
    hubkit_event(&f->k, ev_many, 60, 86400);
    hubkit_kiosk_init(&f->k, &f->q);
    assert_int_equal(hubkit_exchange(&f->k, &f->q), 200);
    hubkit_signup(&f->q, ev_many, 2, id, code); /* of its own seats */
    hubkit_signup(&f->q, ev_few, 1, id, code);
    hubkit_signup(&f->q, ev_few, 2, id, code); /* one seat too many: it waits */
    hubkit_want(&f->q, ev_many, 4);
    hubkit_pack(&f->q, &f->m);
    hub_close(&f->k.hub);
}

static void hub_end(struct fault_hub *f)
{
    buf_done(&f->m.body);
    hubkit_kiosk_done(&f->q);
    folder_remove(f->k.dir);
}

/* ---- a batch */

static enum err batch_act(void *data, struct error *e)
{
    struct fault_hub *f = data;
    f->answer.status = 0;
    enum err code = hub_again(f, e);
    if (code)
        return code;
    hubkit_deliver(&f->k, &f->q, &f->m, &f->answer);
    hub_close(&f->k.hub);
    if (f->answer.status == 200)
        return ERR_NONE;
    if (f->answer.status != 503)
        fail_msg("%s: answered %d", faultrun_now(), f->answer.status);
    buf_done(&f->answer.body);
    return error_set(e, ERR_IO, "answered 503");
}

/* Nobody twice, nobody beyond the seats, no seat given to two. */
static void batch_expect(struct fault_hub *f, bool taken)
{
    assert_int_equal(hubkit_number(&f->k, "SELECT count(*) FROM signup"), taken ? BATCH_SIGNUPS : 0);
    assert_int_equal(hubkit_number(&f->k, "SELECT log_n FROM kiosk"), taken ? BATCH_SIGNUPS + 1 : 0);
    assert_int_equal(hubkit_number(&f->k, "SELECT count(*) FROM seat t WHERE state = 'sold' AND NOT EXISTS (SELECT 1 "
                                          "FROM signup s WHERE s.id = t.signup AND s.ev = t.ev)"),
                     0);
    assert_int_equal(hubkit_number(&f->k, "SELECT coalesce(sum(party), 0) FROM signup WHERE state = 'confirmed'") -
                         hubkit_number(&f->k, "SELECT count(*) FROM seat WHERE state = 'sold'"),
                     0);
}

/* The kiosk, a copy of it, takes an answer and goes on. */
static void batch_receive(struct fault_hub *f, struct intake_answer *a, bool goes_on)
{
    struct hubkit_kiosk *q = mem_new(1, sizeof *q);
    hubkit_kiosk_copy(q, &f->q);
    assert_int_equal(a->status, 200);
    hubkit_receive(&f->k, q, a);
    assert_int_equal(q->base_n, BATCH_SIGNUPS + 1);
    assert_in_range(q->told_count, 2, BATCH_SIGNUPS);
    if (goes_on)
        assert_int_equal(hubkit_exchange(&f->k, q), 200);
    hubkit_kiosk_done(q);
    free(q);
}

static void batch_check(void *data, enum err code)
{
    struct fault_hub *f = data;
    struct intake_answer again = {0};
    hub_well(f);
    bool taken = hubkit_number(&f->k, "SELECT count(*) FROM signup") > 0;
    if (code == ERR_NONE) {
        assert_true(taken);
        batch_receive(f, &f->answer, false);
        buf_done(&f->answer.body);
    }
    batch_expect(f, taken);
    hubkit_deliver(&f->k, &f->q, &f->m, &again);
    batch_receive(f, &again, true);
    batch_expect(f, true);
    buf_done(&again.body);
    hub_close(&f->k.hub);
}

static void test_fault__a_batch_is_taken_whole_or_answered_503(void **state)
{
    struct fault_hub *f = mem_new(1, sizeof *f);
    (void)state;
    hub_new(f);
    faultrun(&(struct faultrun){.folder = f->k.dir, .act = batch_act, .check = batch_check, .x = f, .step = 101});
    hub_end(f);
    free(f);
}

/* ---- an import */

static const char import_table[] = "id,name,city\na,Chess,Town\nb,Choir,Town\nc,Tea,Village\n";

static enum err import_act(void *data, struct error *e)
{
    struct fault_hub *f = data;
    char *files[] = {f->file};
    FILE *out = fopen("/dev/null", "w");
    struct import_order order = {.what = "communities", .files = files, .file_count = 1, .source = "test", .out = out};
    enum err code = hub_again(f, e);
    if (!code) {
        code = import_run(&f->k.hub, &order, e);
        hub_close(&f->k.hub);
    }
    fclose(out);
    return code;
}

static void import_check(void *data, enum err code)
{
    struct fault_hub *f = data;
    struct error e = {0};
    static const char records[] = "SELECT count(*) FROM record WHERE kind = 'community'";
    static const char published[] = "SELECT count(*) FROM record WHERE kind = 'community' AND sent IS NOT NULL";
    hub_well(f);
    int64_t there = hubkit_number(&f->k, records);
    if (code == ERR_NONE)
        assert_int_equal(there, 3);
    else
        assert_true(there == 0 || there == 3);
    assert_int_equal(hubkit_number(&f->k, published), there);
    hub_close(&f->k.hub);
    if (import_act(f, &e))
        fail_msg("%s: %s", faultrun_now(), e.text);
    hub_well(f);
    assert_int_equal(hubkit_number(&f->k, records), 3);
    hub_close(&f->k.hub);
}

static void test_fault__an_import_is_whole_or_not_at_all(void **state)
{
    struct fault_hub *f = mem_new(1, sizeof *f);
    (void)state;
    hub_new(f);
    folder_new(f->other);
    folder_file(f->file, f->other, "table.csv");
    assert_int_equal(file_write(f->file, import_table, sizeof import_table - 1, 0600, NULL), ERR_NONE);
    faultrun(&(struct faultrun){.folder = f->k.dir, .act = import_act, .check = import_check, .x = f, .step = 151});
    hub_end(f);
    folder_remove(f->other);
    free(f);
}

/* ---- a backup */

static enum err backup_act(void *data, struct error *e)
{
    struct fault_hub *f = data;
    int64_t opseq = 0;
    unlink(f->file);
    enum err code = hub_again(f, e);
    if (code)
        return code;
    code = backup_copy(&f->k.hub, f->file, true, &opseq, e);
    if (!code)
        code = backup_passed(&f->k.hub, opseq, e);
    hub_close(&f->k.hub);
    return code;
}

/* What counts as safe is in a whole copy; a copy that failed is not in the way of the next one. */
static void backup_check(void *data, enum err code)
{
    struct fault_hub *f = data;
    struct error e = {0};
    struct sql *copy = NULL;
    hub_well(f);
    bool safe = intake_safe_opseq(f->k.hub.db) > f->safe;
    hub_close(&f->k.hub);
    if (code == ERR_NONE || safe) {
        assert_int_equal(sql_open(&copy, f->file, SQL_READ, NULL), ERR_NONE);
        assert_int_equal(sql_quick_check(copy, NULL), ERR_NONE);
        sql_close(copy);
    } else if (access(f->file, F_OK) == 0 && backup_is_name(strrchr(f->file, '/') + 1)) {
        assert_int_equal(unlink(f->file), 0);
    }
    if (backup_act(f, &e))
        fail_msg("%s: %s", faultrun_now(), e.text);
}

static void test_fault__what_is_called_safe_is_in_a_whole_copy(void **state)
{
    struct fault_hub *f = mem_new(1, sizeof *f);
    struct intake_answer a;
    char name[BACKUP_NAME + 1];
    (void)state;
    hub_new(f);
    hub_well(f);
    hubkit_deliver(&f->k, &f->q, &f->m, &a);
    assert_int_equal(a.status, 200);
    buf_done(&a.body);
    f->safe = intake_safe_opseq(f->k.hub.db);
    hub_close(&f->k.hub);
    folder_new(f->other);
    backup_name(name, noon / 1000);
    folder_file(f->file, f->other, name);
    faultrun(&(struct faultrun){.folder = f->k.dir, .act = backup_act, .check = backup_check, .x = f, .step = 151});
    hub_end(f);
    folder_remove(f->other);
    free(f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_fault__a_batch_is_taken_whole_or_answered_503),
        cmocka_unit_test(test_fault__an_import_is_whole_or_not_at_all),
        cmocka_unit_test(test_fault__what_is_called_safe_is_in_a_whole_copy),
    };
    unsetenv("SOSEDI_DATABASE"); /* SQLite's disk is what fails here */
    faultrun_init();
    return cmocka_run_group_tests(tests, NULL, NULL);
}
