/* Print jobs: held while the hub is asked, printed once, never lost. */
#include "kiosk/store/ledger_jobs.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "kiosk/base/json.h"
#include "kiosk/store/slip.h"
#include "tests/support/enrolled.h"

static int set_up(void **state)
{
    static struct enrolled x;
    enrolled_new(&x);
    *state = &x;
    return 0;
}

static int tear_down(void **state)
{
    enrolled_done(*state);
    return 0;
}

static void assert_next(struct enrolled *x, int64_t want_id, int64_t want_wait)
{
    struct job job = {0};
    int64_t wait;
    enum err code = ledger_job_next(x->l, &job, &wait, NULL);
    assert_int_equal(code, want_id ? ERR_NONE : ERR_NOT_FOUND);
    assert_int_equal(job.id, want_id);
    if (!want_id)
        assert_int_equal(wait, want_wait);
}

static void test_ledger_jobs__oldest_first(void **state)
{
    struct enrolled *x = *state;
    struct job job;
    struct ticket t = enrolled_sign_up(x);
    enrolled_sign_up(x);
    assert_next(x, 1, 0);
    assert_int_equal(ledger_job_set(x->l, 1, JOB_PRINTING, JOB_FINE, NULL), ERR_NONE);
    assert_next(x, 2, 0);
    assert_int_equal(ledger_job_set(x->l, 1, JOB_QUEUED, JOB_PAPER, NULL), ERR_NONE);
    assert_int_equal(ledger_job_of(x->l, t.id, &job, NULL), ERR_NONE);
    assert_int_equal(job.fault, JOB_PAPER);
    assert_int_equal(job.tries, 1);
    assert_next(x, 1, 0);
    assert_int_equal(ledger_job_set(x->l, 1, JOB_PRINTING, JOB_FINE, NULL), ERR_NONE);
    assert_int_equal(ledger_job_set(x->l, 1, JOB_PRINTED, JOB_FINE, NULL), ERR_NONE);
    assert_int_equal(ledger_job_of(x->l, t.id, &job, NULL), ERR_NONE);
    assert_int_equal(job.tries, 2);
    assert_int_equal(job.state, JOB_PRINTED);
    assert_int_equal(ledger_job_set(x->l, 2, JOB_PRINTED, JOB_FINE, NULL), ERR_NONE);
    assert_next(x, 0, -1);
    assert_int_equal(ledger_job_set(x->l, 77, JOB_PRINTED, JOB_FINE, NULL), ERR_NOT_FOUND);
}

static void test_ledger_jobs__held_while_the_hub_is_asked(void **state)
{
    struct enrolled *x = *state;
    x->event.capacity = 4;
    enrolled_sign_up(x);
    assert_next(x, 0, LEDGER_ASK_MS);
    x->clock.test_wall_ms += 1000;
    assert_next(x, 0, LEDGER_ASK_MS - 1000);
    x->clock.test_wall_ms += LEDGER_ASK_MS;
    assert_next(x, 1, 0);
    /* A clock that was set back holds nothing up. */
    x->clock.test_wall_ms = ENROLLED_NOW - 3600000;
    assert_next(x, 1, 0);
}

static void test_ledger_jobs__a_held_job_lets_others_pass(void **state)
{
    struct enrolled *x = *state;
    x->event.capacity = 4;
    enrolled_sign_up(x);
    x->event.capacity = -1;
    enrolled_sign_up(x);
    assert_next(x, 2, 0);
}

static void test_ledger_jobs__a_decision_ends_the_hold(void **state)
{
    struct enrolled *x = *state;
    char line[300];
    x->event.capacity = 4;
    struct ticket t = enrolled_sign_up(x);
    assert_next(x, 0, LEDGER_ASK_MS);
    snprintf(line, sizeof line,
             "{\"t\":\"decision\",\"dn\":1,\"id\":\"%s\",\"st\":\"confirmed\",\"seats\":[3],\"lease\":0}", t.id);
    assert_int_equal(ledger_reply_begin(x->l, NULL), ERR_NONE);
    assert_int_equal(ledger_reply_decision(x->l, line, strlen(line), NULL), ERR_NONE);
    assert_int_equal(ledger_reply_commit(x->l, NULL), ERR_NONE);
    assert_next(x, 1, 0);
}

static void test_ledger_jobs__again(void **state)
{
    struct enrolled *x = *state;
    struct ticket t = enrolled_sign_up(x);
    int64_t id;
    struct job job;
    assert_int_equal(ledger_job_add(x->l, t.id, "en", &id, NULL), ERR_NONE);
    assert_int_equal(id, 1); /* it is open still */
    assert_int_equal(ledger_job_set(x->l, 1, JOB_PRINTED, JOB_FINE, NULL), ERR_NONE);
    assert_int_equal(ledger_job_add(x->l, t.id, "en", &id, NULL), ERR_NONE);
    assert_int_equal(id, 2);
    assert_int_equal(ledger_job_of(x->l, t.id, &job, NULL), ERR_NONE);
    assert_string_equal(job.lang, "en");
    assert_int_equal(job.state, JOB_QUEUED);
    assert_int_equal(ledger_job_add(x->l, "00000000-0000-4000-8000-000000000001", "en", &id, NULL), ERR_NOT_FOUND);
    assert_int_equal(ledger_job_of(x->l, "00000000-0000-4000-8000-000000000001", &job, NULL), ERR_NOT_FOUND);
}

static void test_ledger_jobs__test_page(void **state)
{
    struct enrolled *x = *state;
    int64_t id, again, wait;
    struct job job;
    assert_int_equal(ledger_job_add(x->l, NULL, "ru", &id, NULL), ERR_NONE);
    assert_int_equal(ledger_job_add(x->l, NULL, "ru", &again, NULL), ERR_NONE);
    assert_int_equal(id, again);
    assert_int_equal(ledger_job_next(x->l, &job, &wait, NULL), ERR_NONE);
    assert_true(job.kind == JOB_TEST && job.signup[0] == '\0');
}

static void test_ledger_jobs__slips_are_kept_until_they_are_printed(void **state)
{
    struct enrolled *x = *state;
    const struct slip article = {.kind = SLIP_ARTICLE, .title = "Не упасть на льду", .body = "# Как\n- Медленно"};
    const struct slip call = {.kind = SLIP_REMINDER, .title = "Стажировка", .until = "2026-12-31", .lead = NULL};
    struct slip back;
    struct json *json = NULL;
    struct job job;
    int64_t first, again, second, wait;
    char *text;
    assert_int_equal(ledger_slip_add(x->l, &article, "ru", &first, NULL), ERR_NONE);
    assert_int_equal(ledger_slip_add(x->l, &article, "ru", &again, NULL), ERR_NONE);
    assert_int_equal(again, first);
    assert_int_equal(ledger_slip_add(x->l, &call, "en", &second, NULL), ERR_NONE);
    assert_true(second != first);
    assert_int_equal(ledger_job_next(x->l, &job, &wait, NULL), ERR_NONE);
    assert_true(job.id == first && job.kind == JOB_SLIP && job.signup[0] == '\0');
    assert_int_equal(ledger_slip_get(x->l, first, &text, NULL), ERR_NONE);
    assert_int_equal(slip_read(&back, &json, text, NULL), ERR_NONE);
    assert_int_equal(back.kind, SLIP_ARTICLE);
    assert_string_equal(back.body, "# Как\n- Медленно");
    assert_string_equal(back.url, "");
    json_free(json);
    free(text);
    assert_int_equal(ledger_job_set(x->l, first, JOB_QUEUED, JOB_PAPER, NULL), ERR_NONE);
    assert_int_equal(ledger_job_get(x->l, first, &job, NULL), ERR_NONE);
    assert_int_equal(job.fault, JOB_PAPER);
    assert_int_equal(ledger_job_set(x->l, first, JOB_PRINTED, JOB_FINE, NULL), ERR_NONE);
    assert_int_equal(ledger_slip_get(x->l, first, &text, NULL), ERR_NOT_FOUND);
    assert_int_equal(ledger_job_set(x->l, second, JOB_PRINTING, JOB_FINE, NULL), ERR_NONE);
    assert_int_equal(ledger_jobs_recover(x->l, NULL), ERR_NONE);
    assert_int_equal(ledger_job_get(x->l, second, &job, NULL), ERR_NONE);
    assert_int_equal(job.state, JOB_UNSURE);
    assert_int_equal(ledger_job_get(x->l, 99, &job, NULL), ERR_NOT_FOUND);
}

/* A roll of paper is not to be had by holding a key. */
static void test_ledger_jobs__slips_of_an_hour_are_limited(void **state)
{
    struct enrolled *x = *state;
    char title[40];
    const struct slip slip = {.kind = SLIP_ARTICLE, .title = title};
    int64_t id;
    for (int i = 0; i < JOB_SLIPS_AN_HOUR; i++) {
        snprintf(title, sizeof title, "Статья %d", i);
        assert_int_equal(ledger_slip_add(x->l, &slip, "ru", &id, NULL), ERR_NONE);
        assert_int_equal(ledger_job_set(x->l, id, JOB_PRINTED, JOB_FINE, NULL), ERR_NONE);
    }
    snprintf(title, sizeof title, "Ещё одна");
    assert_int_equal(ledger_slip_add(x->l, &slip, "ru", &id, NULL), ERR_BUSY);
    x->clock.test_wall_ms += 3601000;
    assert_int_equal(ledger_slip_add(x->l, &slip, "ru", &id, NULL), ERR_NONE);
}

static void test_ledger_jobs__no_slips(void **state)
{
    (void)state;
    static const char *const rows[] = {"", "{}", "[]", "{\"title\":7}", "{\"title\":\"\"}", "{\"title\":\"a\""};
    struct slip slip;
    struct json *json;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        assert_int_equal(slip_read(&slip, &json, rows[i], NULL), ERR_INVALID);
        json_free(json);
    }
    char *big = calloc(SLIP_BYTES_MAX, 1);
    memset(big, 'x', SLIP_BYTES_MAX - 1);
    assert_null(slip_write(&(struct slip){.title = big}));
    free(big);
}

static void test_ledger_jobs__a_crash_leaves_them_unsure(void **state)
{
    struct enrolled *x = *state;
    struct ticket t = enrolled_sign_up(x);
    struct job job;
    enrolled_sign_up(x);
    assert_int_equal(ledger_job_set(x->l, 1, JOB_PRINTING, JOB_FINE, NULL), ERR_NONE);
    enrolled_reopen(x, false);
    assert_int_equal(ledger_jobs_recover(x->l, NULL), ERR_NONE);
    assert_int_equal(ledger_job_of(x->l, t.id, &job, NULL), ERR_NONE);
    assert_int_equal(job.state, JOB_UNSURE);
    assert_next(x, 2, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_ledger_jobs__oldest_first, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_ledger_jobs__held_while_the_hub_is_asked, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_ledger_jobs__a_held_job_lets_others_pass, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_ledger_jobs__a_decision_ends_the_hold, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_ledger_jobs__again, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_ledger_jobs__test_page, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_ledger_jobs__slips_are_kept_until_they_are_printed, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_ledger_jobs__slips_of_an_hour_are_limited, set_up, tear_down),
        cmocka_unit_test(test_ledger_jobs__no_slips),
        cmocka_unit_test_setup_teardown(test_ledger_jobs__a_crash_leaves_them_unsure, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
