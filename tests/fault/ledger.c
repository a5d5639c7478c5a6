/* Acts of residents and the hub's answers while the disk or memory fails: whole or not at all, and never untrue. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "kiosk/base/sql.h"
#include "kiosk/store/ledger_jobs.h"
#include "kiosk/store/ledger_private.h"
#include "tests/support/enrolled.h"
#include "tests/support/faultrun.h"
#include "tests/support/faultvfs.h"

struct fault_ledger {
    struct enrolled x;
    struct ticket before; /* signed up, waits for the hub's word */
    struct ticket made;   /* of the act */
};

static enum err fault_open(struct fault_ledger *f, struct error *e)
{
    return ledger_open(&f->x.l, f->x.folder, &f->x.clock, true, e);
}

static void fault_close(struct fault_ledger *f)
{
    ledger_close(f->x.l);
    f->x.l = NULL;
}

static int fault_count(struct fault_ledger *f, const char *query) { return (int)enrolled_count(&f->x, query); }

static void fault_expect(struct fault_ledger *f, const char *query, int want)
{
    int got = fault_count(f, query);
    if (got != want)
        fail_msg("%s: %s is %d, not %d", faultrun_now(), query, got, want);
}

/* Each line's hash follows from the one before. */
static void fault_check_chain(struct fault_ledger *f)
{
    bool row = true;
    char h[65] = "", stored[65];
    struct error e;
    struct sql_stmt *st = sql_get(ledger_sql(f->x.l), "SELECT body, h FROM op WHERE n > 0 ORDER BY n");
    while (sql_step(st, &row, &e) == ERR_NONE && row) {
        ledger_chain(h, h, sql_text(st, 0));
        snprintf(stored, sizeof stored, "%s", sql_text(st, 1));
        assert_string_equal(h, stored);
    }
}

/* Opens as the programs do; the file was sound all the time, so it must be the same still, nothing put aside. */
static void fault_reopen(struct fault_ledger *f)
{
    struct error e = {0};
    char kept[FOLDER_FILE];
    if (fault_open(f, &e))
        fail_msg("%s: %s", faultrun_now(), e.text);
    folder_file(kept, f->x.folder, "ledger.db.damaged");
    if (access(kept, F_OK) == 0)
        fail_msg("%s: a sound ledger was taken for damaged", faultrun_now());
    fault_expect(f, "SELECT count(*) FROM pragma_integrity_check WHERE integrity_check <> 'ok'", 0);
    fault_expect(f, "SELECT count(*) FROM pragma_foreign_key_check", 0);
    fault_expect(f, "SELECT count(*) FROM meta WHERE name = 'anchor_lost' AND value = '1'", 0);
    fault_check_chain(f);
}

static void fault_new(struct fault_ledger *f)
{
    enrolled_new(&f->x);
    f->x.event.capacity = 40;
    f->before = enrolled_sign_up(&f->x);
    enrolled_grant(&f->x, 7, 11, 16, 1);
    fault_close(f);
}

static void fault_run(struct fault_ledger *f, enum err (*act)(void *, struct error *), void (*check)(void *, enum err))
{
    faultrun(&(struct faultrun){.folder = f->x.folder, .act = act, .check = check, .x = f, .step = 41});
    folder_remove(f->x.folder);
}

/* ---- a sign-up: the record, the operation, the seats, the paper */

static enum err sign_up_act(void *data, struct error *e)
{
    struct fault_ledger *f = data;
    enum err code = fault_open(f, e);
    f->x.draft.party = 2;
    if (!code)
        code = ledger_sign_up(f->x.l, &f->x.draft, &f->made, e);
    fault_close(f);
    return code;
}

static void sign_up_expect(struct fault_ledger *f, int more)
{
    fault_expect(f, "SELECT count(*) FROM signup", 1 + more);
    fault_expect(f, "SELECT count(*) FROM op WHERE kind = 'signup'", 1 + more);
    fault_expect(f, "SELECT count(*) FROM job", 1 + more);
    fault_expect(f, "SELECT count(*) FROM stock", 6 - 2 * more);
}

static void sign_up_check(void *data, enum err code)
{
    struct fault_ledger *f = data;
    struct ticket t;
    fault_reopen(f);
    int more = fault_count(f, "SELECT count(*) FROM signup") - 1;
    /* An act that the kiosk had to call failed may be there after all, whole: the sync failed, not the write. */
    if (code == ERR_NONE)
        assert_int_equal(more, 1);
    sign_up_expect(f, more);
    if (code == ERR_NONE) {
        assert_int_equal(ledger_ticket_by_code(f->x.l, f->made.code, &t, NULL), ERR_NONE);
        assert_int_equal(t.state, TICKET_CONFIRMED);
        assert_int_equal(t.seat_count, 2);
    }
    enrolled_sign_up(&f->x);
    sign_up_expect(f, more + 1);
    fault_check_chain(f);
    fault_close(f);
}

static void test_fault__a_sign_up_is_whole_or_not_at_all(void **state)
{
    struct fault_ledger f = {0};
    (void)state;
    fault_new(&f);
    fault_run(&f, sign_up_act, sign_up_check);
}

/* ---- the same on a ledger that stays open: when the disk is well again the same program goes on */

static enum err stays_open_act(void *data, struct error *e)
{
    struct fault_ledger *f = data;
    enum err code = fault_open(f, e);
    f->x.draft.party = 2;
    return code ? code : ledger_sign_up(f->x.l, &f->x.draft, &f->made, e);
}

static void stays_open_check(void *data, enum err code)
{
    struct fault_ledger *f = data;
    if (f->x.l) {
        sign_up_expect(f, code == ERR_NONE);
        enrolled_sign_up(&f->x);
        sign_up_expect(f, (code == ERR_NONE) + 1);
        fault_close(f);
        fault_reopen(f);
        sign_up_expect(f, (code == ERR_NONE) + 1);
        fault_close(f);
    }
}

static void test_fault__a_ledger_that_stays_open_goes_on(void **state)
{
    struct fault_ledger f = {0};
    (void)state;
    fault_new(&f);
    fault_run(&f, stays_open_act, stays_open_check);
}

/* ---- taken back by its holder */

static enum err cancel_act(void *data, struct error *e)
{
    struct fault_ledger *f = data;
    enum err code = fault_open(f, e);
    if (!code)
        code = ledger_cancel(f->x.l, f->before.id, e);
    fault_close(f);
    return code;
}

static void cancel_check(void *data, enum err code)
{
    struct fault_ledger *f = data;
    fault_reopen(f);
    int gone = fault_count(f, "SELECT count(*) FROM signup WHERE state = 'cancelled'");
    if (code == ERR_NONE)
        assert_int_equal(gone, 1);
    fault_expect(f, "SELECT count(*) FROM op WHERE kind = 'cancel'", gone);
    assert_int_equal(ledger_cancel(f->x.l, f->before.id, NULL), ERR_NONE);
    fault_expect(f, "SELECT count(*) FROM signup WHERE state = 'cancelled'", 1);
    fault_expect(f, "SELECT count(*) FROM op WHERE kind = 'cancel'", 1);
    fault_close(f);
}

static void test_fault__a_cancellation_is_whole_or_not_at_all(void **state)
{
    struct fault_ledger f = {0};
    (void)state;
    fault_new(&f);
    fault_run(&f, cancel_act, cancel_check);
}

/* ---- a reply of the hub: acknowledgement, seats, decisions */

static enum err reply_write(struct fault_ledger *f, struct error *e)
{
    char line[300];
    struct ledger_grant g = {.lease = 9, .event = ENROLLED_EVENT, .first = 21, .last = 24, .terms = 1, .sig = "sig"};
    int n = snprintf(line, sizeof line,
                     "{\"t\":\"decision\",\"dn\":1,\"id\":\"%s\",\"st\":\"confirmed\",\"seats\":[31],\"lease\":0,"
                     "\"pos\":0}",
                     f->before.id);
    enum err code = ledger_reply_begin(f->x.l, e);
    if (!code)
        code = ledger_reply_ack(f->x.l, 1, 50, 0, e);
    if (!code)
        code = ledger_reply_grant(f->x.l, &g, e);
    if (!code)
        code = ledger_reply_decision(f->x.l, line, (size_t)n, e);
    if (!code)
        return ledger_reply_commit(f->x.l, e);
    ledger_reply_abort(f->x.l);
    return code;
}

static enum err reply_act(void *data, struct error *e)
{
    struct fault_ledger *f = data;
    enum err code = fault_open(f, e);
    if (!code)
        code = reply_write(f, e);
    fault_close(f);
    return code;
}

static void reply_expect(struct fault_ledger *f, int taken)
{
    fault_expect(f, "SELECT count(*) FROM stock", taken ? 10 : 6);
    fault_expect(f, "SELECT count(*) FROM lease", taken ? 2 : 1);
    fault_expect(f, "SELECT count(*) FROM decision", taken);
    fault_expect(f, "SELECT count(*) FROM signup WHERE state = 'confirmed'", taken);
    fault_expect(f, "SELECT count(*) FROM op WHERE opseq = 50", taken);
}

static void reply_check(void *data, enum err code)
{
    struct fault_ledger *f = data;
    fault_reopen(f);
    int taken = fault_count(f, "SELECT count(*) FROM decision");
    if (code == ERR_NONE)
        assert_int_equal(taken, 1);
    reply_expect(f, taken);
    assert_int_equal(reply_write(f, NULL), ERR_NONE);
    reply_expect(f, 1);
    fault_close(f);
}

static void test_fault__a_reply_is_taken_whole_or_not_at_all(void **state)
{
    struct fault_ledger f = {0};
    (void)state;
    fault_new(&f);
    fault_run(&f, reply_act, reply_check);
}

/* ---- a new incarnation: the log is written anew */

static enum err incarnation_act(void *data, struct error *e)
{
    struct fault_ledger *f = data;
    enum err code = fault_open(f, e);
    if (!code)
        code = ledger_new_incarnation(f->x.l, 2, 1, true, e);
    fault_close(f);
    return code;
}

static void incarnation_check(void *data, enum err code)
{
    struct fault_ledger *f = data;
    struct ledger_identity who;
    fault_reopen(f);
    assert_int_equal(ledger_identity(f->x.l, &who, NULL), ERR_NONE);
    if (code == ERR_NONE)
        assert_int_equal(who.inc, 2);
    fault_expect(f, "SELECT count(*) FROM stock", who.inc == 2 ? 0 : 6);
    fault_expect(f, "SELECT count(*) FROM op WHERE kind = 'signup' AND n > 0", 1);
    assert_int_equal(ledger_new_incarnation(f->x.l, 3, 1, true, NULL), ERR_NONE);
    fault_expect(f, "SELECT count(*) FROM op WHERE kind = 'signup' AND n > 0", 1);
    fault_close(f);
}

static void test_fault__a_new_incarnation_is_whole_or_not_at_all(void **state)
{
    struct fault_ledger f = {0};
    (void)state;
    fault_new(&f);
    fault_run(&f, incarnation_act, incarnation_check);
}

/* ---- a paper */

static enum err paper_act(void *data, struct error *e)
{
    struct fault_ledger *f = data;
    struct job job;
    int64_t wait;
    enum err code = fault_open(f, e);
    f->x.clock = clock_test(ENROLLED_NOW + LEDGER_ASK_MS + 1);
    if (!code)
        code = ledger_jobs_recover(f->x.l, e);
    if (!code)
        code = ledger_job_next(f->x.l, &job, &wait, e);
    if (!code)
        code = ledger_job_set(f->x.l, job.id, JOB_PRINTING, JOB_FINE, e);
    if (!code)
        code = ledger_job_set(f->x.l, job.id, JOB_PRINTED, JOB_FINE, e);
    fault_close(f);
    return code;
}

/* A paper that may have been printed is never printed twice unasked, and none is forgotten. */
static void paper_check(void *data, enum err code)
{
    struct fault_ledger *f = data;
    struct job job;
    fault_reopen(f);
    assert_int_equal(ledger_jobs_recover(f->x.l, NULL), ERR_NONE);
    assert_int_equal(ledger_job_of(f->x.l, f->before.id, &job, NULL), ERR_NONE);
    if (code == ERR_NONE)
        assert_int_equal(job.state, JOB_PRINTED);
    else
        assert_true(job.state == JOB_QUEUED || job.state == JOB_UNSURE || job.state == JOB_PRINTED);
    fault_expect(f, "SELECT count(*) FROM job", 1);
    fault_close(f);
}

static void test_fault__a_paper_is_known(void **state)
{
    struct fault_ledger f = {0};
    (void)state;
    fault_new(&f);
    fault_run(&f, paper_act, paper_check);
}

/* ---- a kiosk's first start: no file yet, every migration */

static enum err first_act(void *data, struct error *e)
{
    struct fault_ledger *f = data;
    enum err code = fault_open(f, e);
    fault_close(f);
    return code;
}

static void first_check(void *data, enum err code)
{
    struct fault_ledger *f = data;
    (void)code;
    fault_reopen(f);
    enrolled_set(&f->x);
    enrolled_sign_up(&f->x);
    fault_close(f);
}

static void test_fault__a_first_start_cut_short_is_taken_up(void **state)
{
    struct fault_ledger f = {0};
    char file[FOLDER_FILE];
    (void)state;
    fault_new(&f);
    folder_file(file, f.x.folder, "ledger.db");
    assert_int_equal(unlink(file), 0);
    fault_run(&f, first_act, first_check);
}

/* ---- a damaged ledger is copied: nothing that can be read is left behind because a write failed */

static void salvage_check(void *data, enum err code)
{
    struct fault_ledger *f = data;
    (void)code;
    struct error e = {0};
    if (fault_open(f, &e))
        fail_msg("%s: %s", faultrun_now(), e.text);
    fault_expect(f, "SELECT count(*) FROM pragma_integrity_check WHERE integrity_check <> 'ok'", 0);
    fault_expect(f, "SELECT count(*) FROM signup", 6);
    fault_expect(f, "SELECT count(*) FROM meta WHERE name = 'anchor_lost'", 1);
    enrolled_sign_up(&f->x);
    fault_close(f);
}

static void test_fault__a_salvage_cut_short_leaves_nothing_behind(void **state)
{
    struct fault_ledger f = {0};
    char query[100];
    (void)state;
    fault_new(&f);
    assert_int_equal(fault_open(&f, NULL), ERR_NONE);
    for (int i = 1; i < 6; i++)
        enrolled_sign_up(&f.x);
    snprintf(query, sizeof query, "SELECT rootpage FROM sqlite_schema WHERE name = 'signup_by_code'");
    int page = fault_count(&f, query);
    fault_close(&f);
    folder_spoil(f.x.path, (page - 1) * 4096L, 4096);
    faultrun(&(struct faultrun){.folder = f.x.folder,
                                .act = first_act,
                                .check = salvage_check,
                                .x = &f,
                                .without = FAULT_READ, /* what cannot be read is left behind, rightly */
                                .step = 97});
    folder_remove(f.x.folder);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_fault__a_sign_up_is_whole_or_not_at_all),
        cmocka_unit_test(test_fault__a_ledger_that_stays_open_goes_on),
        cmocka_unit_test(test_fault__a_cancellation_is_whole_or_not_at_all),
        cmocka_unit_test(test_fault__a_reply_is_taken_whole_or_not_at_all),
        cmocka_unit_test(test_fault__a_new_incarnation_is_whole_or_not_at_all),
        cmocka_unit_test(test_fault__a_paper_is_known),
        cmocka_unit_test(test_fault__a_first_start_cut_short_is_taken_up),
        cmocka_unit_test(test_fault__a_salvage_cut_short_leaves_nothing_behind),
    };
    faultrun_init();
    return cmocka_run_group_tests(tests, NULL, NULL);
}
