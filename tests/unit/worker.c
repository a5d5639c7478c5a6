/* The worker: what becomes of jobs in every state a printer can be in. */
#include "kiosk/print/worker.h"

#include <signal.h>
#include <unistd.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "kiosk/base/sql.h"
#include "tests/support/printer_child.h"
#include "tests/support/sample.h"
#include "tests/support/sample_ledger.h"

struct bench {
    struct printer_child printer;
    struct clock clock;
    struct ticket ticket;
    struct worker worker;
    int64_t job;
};

static void worker_begin(struct bench *b, const char *state)
{
    sample_language("ru");
    *b = (struct bench){.clock = clock_test(1778260000000), .ticket = sample_ticket()};
    printer_child_start(&b->printer, state);
    b->worker = (struct worker){.clock = &b->clock, .centre = "Центр соседей", .paper = sample_paper(384)};
    b->worker.ledger = sample_ledger(b->printer.dir, &b->clock, &b->ticket);
    b->worker.port =
        (struct port_config){.stop_fd = -1, .limits = {.connect = 1000, .stall = 300, .status = 200, .finish = 300}};
    snprintf(b->worker.port.url, sizeof b->worker.port.url, "%s", b->printer.url);
    assert_int_equal(ledger_job_add(b->worker.ledger, b->ticket.id, "ru", &b->job, NULL), ERR_NONE);
}

static void worker_end(struct bench *b)
{
    ledger_close(b->worker.ledger);
    printer_child_end(&b->printer, true);
}

static int64_t worker_steps(struct bench *b)
{
    struct error e = {0};
    int64_t wait_ms;
    if (worker_step(&b->worker, &wait_ms, &e))
        fail_msg("%s", e.text);
    return wait_ms;
}

static struct job worker_look_at(struct bench *b)
{
    struct job job;
    assert_int_equal(ledger_job_of(b->worker.ledger, b->ticket.id, &job, NULL), ERR_NONE);
    return job;
}

static void worker_printer_is(struct bench *b, const char *word)
{
    struct ledger_status s;
    assert_int_equal(ledger_status(b->worker.ledger, &s, NULL), ERR_NONE);
    assert_string_equal(s.printer, word);
}

static void test_worker__every_state_of_a_printer(void **state)
{
    (void)state;
    static const struct {
        const char *printer, *word;
        enum job_state job;
        enum job_fault fault;
        int papers;
    } rows[] = {
        {"ok", "ok", JOB_PRINTED, JOB_FINE, 1},
        {"low", "low", JOB_PRINTED, JOB_FINE, 1},
        {"slow", "ok", JOB_PRINTED, JOB_FINE, 1},
        {"silent", "unknown", JOB_PRINTED, JOB_FINE, 1},
        {"mute", "unknown", JOB_UNSURE, JOB_FINE, 1},
        {"paper", "paper", JOB_QUEUED, JOB_PAPER, 0},
        {"cover", "cover", JOB_QUEUED, JOB_COVER, 0},
        {"error", "error", JOB_QUEUED, JOB_ERROR, 0},
        {"offline", "offline", JOB_QUEUED, JOB_OFFLINE, 0},
        {"stalled", "stalled", JOB_QUEUED, JOB_STALLED, 0},
        {"dropped", "offline", JOB_QUEUED, JOB_OFFLINE, 0},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct bench b;
        worker_begin(&b, rows[i].printer);
        if (strcmp(rows[i].printer, "slow") == 0)
            b.worker.port.limits.stall = 5000;
        int64_t wait_ms = worker_steps(&b);
        struct job job = worker_look_at(&b);
        if (job.state != rows[i].job || job.fault != rows[i].fault)
            fail_msg("%s: state %d, fault %d", rows[i].printer, job.state, job.fault);
        assert_int_equal(wait_ms, rows[i].fault ? WORKER_RETRY_MIN_MS : -1);
        assert_int_equal(b.worker.waiting, rows[i].fault != JOB_FINE);
        worker_printer_is(&b, rows[i].word);
        ledger_close(b.worker.ledger);
        assert_int_equal(printer_child_papers(&b.printer), rows[i].papers);
        printer_child_end(&b.printer, strcmp(rows[i].printer, "dropped") != 0);
    }
}

/* Paper ends in the middle: nobody may be told "printed", and the whole ticket comes again on the new roll. */
static void test_worker__paper_ends_in_the_middle(void **state)
{
    (void)state;
    struct bench b;
    worker_begin(&b, "runs-out");
    assert_int_equal(worker_steps(&b), WORKER_RETRY_MIN_MS);
    struct job job = worker_look_at(&b);
    assert_true(job.state == JOB_QUEUED && job.fault == JOB_PAPER && job.tries == 1);
    worker_printer_is(&b, "paper");
    printer_child_set(&b.printer, "ok");
    b.clock.test_mono_ms += WORKER_RETRY_MIN_MS;
    assert_int_equal(worker_steps(&b), -1);
    job = worker_look_at(&b);
    assert_true(job.state == JOB_PRINTED && job.fault == JOB_FINE && job.tries == 2);
    worker_printer_is(&b, "ok");
    ledger_close(b.worker.ledger);
    printer_child_end(&b.printer, false); /* half a ticket is on the floor */
}

/* A ticket torn by a hang-up left the printer waiting for dots; the next one must not be swallowed as dots. */
static void test_worker__after_a_hang_up_the_next_paper_is_whole(void **state)
{
    (void)state;
    struct bench b;
    worker_begin(&b, "dropped");
    worker_steps(&b);
    assert_true(b.worker.torn);
    printer_child_set(&b.printer, "ok");
    b.clock.test_mono_ms += WORKER_RETRY_MIN_MS;
    assert_int_equal(worker_steps(&b), -1);
    assert_int_equal(worker_look_at(&b).state, JOB_PRINTED);
    assert_false(b.worker.torn);
    assert_int_equal(printer_child_papers(&b.printer), 1);
    worker_end(&b);
}

static void test_worker__waits_longer_each_time_and_recovers(void **state)
{
    (void)state;
    struct bench b;
    worker_begin(&b, "cover");
    int64_t wanted = WORKER_RETRY_MIN_MS;
    for (int i = 0; i < 6; i++) {
        assert_int_equal(worker_steps(&b), wanted);
        b.clock.test_mono_ms += wanted - 1;
        assert_int_equal(worker_steps(&b), 1); /* too early: not even asked */
        b.clock.test_mono_ms += 1;
        wanted = wanted * 2 > WORKER_RETRY_MAX_MS ? WORKER_RETRY_MAX_MS : wanted * 2;
    }
    assert_int_equal(worker_look_at(&b).tries, 0); /* nothing was sent */
    printer_child_set(&b.printer, "ok");
    b.clock.test_mono_ms += WORKER_RETRY_MAX_MS;
    assert_int_equal(worker_steps(&b), -1);
    assert_int_equal(worker_look_at(&b).state, JOB_PRINTED);
    assert_int_equal(b.worker.retry_ms, 0);
    worker_end(&b);
}

/* A fault that lasts writes once: each commit would wake the screens. */
static void test_worker__a_lasting_fault_is_written_once(void **state)
{
    (void)state;
    struct bench b;
    worker_begin(&b, "paper");
    worker_steps(&b);
    struct ledger *other = NULL;
    assert_int_equal(ledger_open(&other, b.printer.dir, &b.clock, false, NULL), ERR_NONE);
    ledger_refresh(other);
    for (int i = 0; i < 5; i++) {
        b.clock.test_mono_ms += WORKER_RETRY_MAX_MS;
        worker_steps(&b);
        assert_false(ledger_refresh(other));
    }
    printer_child_set(&b.printer, "ok");
    b.clock.test_mono_ms += WORKER_RETRY_MAX_MS;
    worker_steps(&b);
    assert_true(ledger_refresh(other));
    ledger_close(other);
    worker_end(&b);
}

static void test_worker__torn_too_often_is_given_up(void **state)
{
    (void)state;
    struct bench b;
    worker_begin(&b, "dropped");
    for (int i = 0; i < WORKER_TRIES; i++) {
        assert_int_equal(worker_look_at(&b).state, JOB_QUEUED);
        worker_steps(&b);
        b.clock.test_mono_ms += WORKER_RETRY_MAX_MS;
    }
    assert_int_equal(worker_look_at(&b).state, JOB_UNSURE);
    ledger_close(b.worker.ledger);
    printer_child_end(&b.printer, false);
}

static void test_worker__nobody_at_the_address(void **state)
{
    (void)state;
    struct bench b;
    worker_begin(&b, "ok");
    snprintf(b.worker.port.url, sizeof b.worker.port.url, "tcp://127.0.0.1:1");
    assert_int_equal(worker_steps(&b), WORKER_RETRY_MIN_MS);
    struct job job = worker_look_at(&b);
    assert_true(job.state == JOB_QUEUED && job.fault == JOB_OFFLINE && job.tries == 0);
    worker_printer_is(&b, "offline");
    worker_end(&b);
}

static void test_worker__prints_again_and_in_order(void **state)
{
    (void)state;
    struct bench b;
    int64_t again;
    worker_begin(&b, "ok");
    worker_steps(&b);
    assert_int_equal(ledger_job_add(b.worker.ledger, b.ticket.id, "en", &again, NULL), ERR_NONE);
    assert_int_not_equal(again, b.job);
    assert_int_equal(ledger_job_add(b.worker.ledger, NULL, "ru", &again, NULL), ERR_NONE);
    worker_steps(&b);
    assert_int_equal(printer_child_papers(&b.printer), 3);
    assert_int_equal(worker_look_at(&b).state, JOB_PRINTED);
    worker_end(&b);
}

/* A damaged record must not keep everybody else's tickets waiting. */
static void test_worker__a_ticket_that_is_gone_holds_nobody_up(void **state)
{
    (void)state;
    struct bench b;
    struct error e = {0};
    worker_begin(&b, "ok");
    if (sql_exec(ledger_sql(b.worker.ledger),
                 "PRAGMA foreign_keys = OFF; UPDATE job SET signup = 'gone'; PRAGMA foreign_keys = ON;", &e))
        fail_msg("%s", e.text);
    assert_int_equal(ledger_job_add(b.worker.ledger, b.ticket.id, "ru", &b.job, NULL), ERR_NONE);
    assert_int_equal(worker_steps(&b), -1);
    assert_int_equal(worker_look_at(&b).state, JOB_PRINTED);
    assert_int_equal(printer_child_papers(&b.printer), 1);
    worker_end(&b);
}

static void test_worker__asked_to_end_keeps_the_job(void **state)
{
    (void)state;
    struct bench b;
    int stop[2];
    int64_t wait_ms;
    worker_begin(&b, "stalled");
    assert_int_equal(pipe(stop), 0);
    assert_int_equal(write(stop[1], "x", 1), 1);
    b.worker.port.stop_fd = stop[0];
    b.worker.port.limits.stall = 60000;
    assert_int_equal(worker_step(&b.worker, &wait_ms, NULL), ERR_STATE);
    assert_int_equal(worker_look_at(&b).state, JOB_QUEUED);
    close(stop[0]);
    close(stop[1]);
    worker_end(&b);
}

static void test_worker__a_held_job_waits_for_the_hub(void **state)
{
    (void)state;
    struct bench b;
    worker_begin(&b, "ok");
    assert_int_equal(sql_exec(ledger_sql(b.worker.ledger),
                              "UPDATE signup SET state = 'asking';"
                              "UPDATE job SET hold_ms = 1778260002000;",
                              NULL),
                     ERR_NONE);
    assert_int_equal(worker_steps(&b), 2000);
    assert_int_equal(printer_child_papers(&b.printer), 0);
    b.clock.test_wall_ms += 2000;
    assert_int_equal(worker_steps(&b), -1);
    assert_int_equal(printer_child_papers(&b.printer), 1);
    worker_end(&b);
}

static void test_worker__looks_without_printing(void **state)
{
    (void)state;
    struct bench b;
    worker_begin(&b, "cover");
    assert_int_equal(worker_look(&b.worker, NULL), ERR_NONE);
    worker_printer_is(&b, "cover");
    printer_child_set(&b.printer, "ok");
    assert_int_equal(worker_look(&b.worker, NULL), ERR_NONE);
    worker_printer_is(&b, "ok");
    assert_int_equal(worker_look_at(&b).state, JOB_QUEUED);
    assert_int_equal(printer_child_papers(&b.printer), 0);
    worker_end(&b);
}

static void test_worker__test_page(void **state)
{
    (void)state;
    struct bench b;
    struct error e;
    worker_begin(&b, "ok");
    assert_int_equal(worker_test_page(&b.worker, &e), ERR_NONE);
    assert_int_equal(printer_child_papers(&b.printer), 1);
    printer_child_set(&b.printer, "cover");
    assert_int_equal(worker_test_page(&b.worker, &e), ERR_STATE);
    assert_non_null(strstr(e.text, "cover"));
    worker_end(&b);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_worker__every_state_of_a_printer),
        cmocka_unit_test(test_worker__paper_ends_in_the_middle),
        cmocka_unit_test(test_worker__after_a_hang_up_the_next_paper_is_whole),
        cmocka_unit_test(test_worker__waits_longer_each_time_and_recovers),
        cmocka_unit_test(test_worker__a_lasting_fault_is_written_once),
        cmocka_unit_test(test_worker__torn_too_often_is_given_up),
        cmocka_unit_test(test_worker__nobody_at_the_address),
        cmocka_unit_test(test_worker__prints_again_and_in_order),
        cmocka_unit_test(test_worker__a_ticket_that_is_gone_holds_nobody_up),
        cmocka_unit_test(test_worker__asked_to_end_keeps_the_job),
        cmocka_unit_test(test_worker__a_held_job_waits_for_the_hub),
        cmocka_unit_test(test_worker__looks_without_printing),
        cmocka_unit_test(test_worker__test_page),
    };
    signal(SIGPIPE, SIG_IGN);
    return cmocka_run_group_tests(tests, NULL, sample_forget);
}
