/* The ticket: what it says in every state, its codes, its paper, and that nobody who comes later finds it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "kiosk/base/sql.h"
#include "tests/support/desk.h"
#include "tests/support/picture.h"

#define TICKET_CODE "4DXF92RV73"

/* Every test has a desk of its own: a ticket's state is what it is about. */
struct fixture {
    struct desk d;
    char id[CONTENT_ID];
};

static void ticket_begin(struct fixture *f, enum desk_event event, int party)
{
    char code[CODE_LEN + 1];
    desk_new(&f->d, "[printer]\nurl = tcp://127.0.0.1:9\n", true);
    desk_sign_up(&f->d, event, party, TICKET_CODE);
    assert_true(desk_last(&f->d, f->id, code));
}

static void ticket_end(struct fixture *f, struct picture *p)
{
    assert_int_equal(picture_stop(p), 0);
    desk_done(&f->d);
}

/* A scanner's burst anywhere opens the ticket. */
static struct picture *ticket_open(const struct fixture *f, const struct picture_setup *how)
{
    struct picture_setup setup = *how;
    setup.data = f->d.folder;
    setup.clock = DESK_CLOCK;
    struct picture *p = picture_start(&setup);
    picture_press(p, "enter");
    picture_send(p, "\x02" TICKET_CODE "\r", 12);
    return p;
}

static const struct picture_setup ticket_looks[] = {
    {.lang = "ru"}, {.lang = "en"}, {.lang = "xx"}, {.lang = "ru", .rows = 45, .cols = 160}};
static const char *const ticket_suffixes[] = {"ru", "en", "xx", "ru-large"};
enum { TICKET_LOOKS = 4 };

static void ticket_check_looks(const struct fixture *f, const char *name)
{
    for (int i = 0; i < TICKET_LOOKS; i++) {
        char file[80];
        struct picture *p = ticket_open(f, &ticket_looks[i]);
        snprintf(file, sizeof file, "ticket-%s-%s", name, ticket_suffixes[i]);
        picture_check(p, file);
        assert_int_equal(picture_stop(p), 0);
    }
}

static void test_ticket__says_its_state_in_words(void **state)
{
    static const struct {
        const char *name, *state; /* the hub's word; NULL: none came */
        enum desk_event event;
        int seat, pos;
    } rows[] = {
        {"confirmed", NULL, DESK_ASKS, 0, 0},
        {"asking", NULL, DESK_FULL, 0, 0},
        {"seated", "confirmed", DESK_FULL, 4, 0},
        {"in-line", "waitlisted", DESK_FULL, 0, 3},
        {"displaced", "displaced", DESK_FULL, 0, 0},
        {"called-off", "event_cancelled", DESK_LONG, 0, 0},
        {"changed", "terms_changed", DESK_PLAIN, 0, 0},
        {"looked-at", "quarantined", DESK_PLAIN, 0, 0},
    };
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct fixture f;
        ticket_begin(&f, rows[i].event, 2);
        if (rows[i].state)
            desk_decide(&f.d, f.id, rows[i].state, rows[i].seat, rows[i].pos);
        ticket_check_looks(&f, rows[i].name);
        desk_done(&f.d);
    }
}

static void test_ticket__code_is_read_from_the_screen(void **state)
{
    struct fixture f;
    char seen[200];
    (void)state;
    ticket_begin(&f, DESK_PLAIN, 1);
    for (int i = 0; i < TICKET_LOOKS; i++) {
        struct picture *p = ticket_open(&f, &ticket_looks[i]);
        assert_string_equal(picture_qr(p, seen, sizeof seen), "HTTPS://HUB.EXAMPLE/T/" TICKET_CODE);
        assert_int_equal(picture_stop(p), 0);
    }
    desk_done(&f.d);
}

/* The longest host that a code of this size takes, and one that is longer: then the bare code, which kiosks read as well. */
static void test_ticket__code_is_read_whatever_the_hub_is_called(void **state)
{
    static const struct {
        const char *host, *want;
    } rows[] = {{"sosedi.oblast-kursk.r", "HTTPS://SOSEDI.OBLAST-KURSK.R/T/" TICKET_CODE},
                {"sosedi.oblast-kurskaya.example", TICKET_CODE},
                {"", TICKET_CODE}};
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct fixture f;
        struct error e;
        char seen[200];
        ticket_begin(&f, DESK_PLAIN, 1);
        struct sql_stmt *st = sql_get(ledger_sql(f.d.ledger), "UPDATE meta SET value = :host WHERE name = 'host'");
        sql_bind_text(st, ":host", rows[i].host);
        assert_int_equal(sql_run(st, &e), ERR_NONE);
        struct picture *p = ticket_open(&f, &ticket_looks[2]);
        assert_string_equal(picture_qr(p, seen, sizeof seen), rows[i].want);
        if (i == 0)
            picture_check(p, "ticket-long-host-xx");
        ticket_end(&f, p);
    }
}

/* Without colours there is no QR code: the code stands in block letters over the whole width. */
static void test_ticket__without_colours_the_code_is_large(void **state)
{
    struct fixture f;
    char seen[200];
    (void)state;
    ticket_begin(&f, DESK_ASKS, 1);
    struct picture *p = ticket_open(&f, &(struct picture_setup){.lang = "ru", .no_color = true});
    picture_check(p, "ticket-no-colour-ru");
    assert_string_equal(picture_qr(p, seen, sizeof seen), "");
    ticket_end(&f, p);
}

static void test_ticket__hub_answers_while_one_looks(void **state)
{
    struct fixture f;
    (void)state;
    ticket_begin(&f, DESK_FULL, 1);
    struct picture *p = ticket_open(&f, &ticket_looks[0]);
    assert_true(picture_has(p, "Минутку, спрашиваем…"));
    desk_decide(&f.d, f.id, "confirmed", 4, 0);
    assert_true(picture_wait_text(p, "Ваше место: 4"));
    picture_press(p, "tab backtab");
    assert_true(picture_has(p, "Вы записаны"));
    ticket_end(&f, p);
}

static void test_ticket__tells_how_the_paper_is_doing(void **state)
{
    static const struct {
        const char *name;
        enum job_state state;
        enum job_fault fault;
        const char *text;
    } rows[] = {
        {"at work", JOB_PRINTING, JOB_FINE, "Печатаем ваш билет"},
        {"no paper", JOB_QUEUED, JOB_PAPER, "кончилась бумага"},
        {"open", JOB_QUEUED, JOB_COVER, "Принтер открыт"},
        {"silent", JOB_QUEUED, JOB_OFFLINE, "Принтер не отвечает"},
        {"stuck", JOB_QUEUED, JOB_STALLED, "Принтер не отвечает"},
        {"unsure", JOB_UNSURE, JOB_FINE, "Непонятно, напечатался ли"},
        {"done", JOB_PRINTED, JOB_FINE, "Билет напечатан"},
    };
    struct fixture f;
    (void)state;
    ticket_begin(&f, DESK_PLAIN, 1);
    desk_job(&f.d, f.id, JOB_PRINTED, JOB_FINE);
    struct picture *p = ticket_open(&f, &ticket_looks[0]);
    assert_false(picture_has(p, "Билет напечатан")); /* that was another day */
    picture_press(p, "p");
    assert_true(picture_has(p, "Сейчас напечатаем"));
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        desk_job(&f.d, f.id, rows[i].state, rows[i].fault);
        if (!picture_wait_text(p, rows[i].text))
            fail_msg("%s:\n%s", rows[i].name, picture_text(p));
    }
    ticket_end(&f, p);
}

static void test_ticket__paper_runs_out_in_every_language(void **state)
{
    struct fixture f;
    (void)state;
    ticket_begin(&f, DESK_FULL, 2);
    desk_decide(&f.d, f.id, "waitlisted", 0, 12);
    desk_job(&f.d, f.id, JOB_QUEUED, JOB_PAPER);
    ticket_check_looks(&f, "no-paper");
    desk_done(&f.d);
}

static void test_ticket__is_printed_again_but_not_without_end(void **state)
{
    struct fixture f;
    struct error e;
    struct job job;
    (void)state;
    ticket_begin(&f, DESK_PLAIN, 1);
    struct picture *p = ticket_open(&f, &ticket_looks[0]);
    for (int i = 0; i < 3; i++) {
        desk_job(&f.d, f.id, JOB_PRINTED, JOB_FINE);
        picture_press(p, "p");
        assert_int_equal(ledger_job_of(f.d.ledger, f.id, &job, &e), ERR_NONE);
        assert_int_equal(job.state, JOB_QUEUED);
    }
    desk_job(&f.d, f.id, JOB_PRINTED, JOB_FINE);
    picture_press(p, "p");
    assert_true(picture_has(p, "Бумаги уже достаточно"));
    assert_int_equal(ledger_job_of(f.d.ledger, f.id, &job, &e), ERR_NONE);
    assert_int_equal(job.state, JOB_PRINTED);
    ticket_end(&f, p);
}

static void test_ticket__is_cancelled_only_after_a_yes(void **state)
{
    struct fixture f;
    struct error e;
    struct ticket t;
    (void)state;
    ticket_begin(&f, DESK_ASKS, 2);
    struct picture *p = ticket_open(&f, &ticket_looks[0]);
    picture_press(p, "right right space");
    picture_check(p, "ticket-cancel-asks-ru");
    picture_press(p, "enter"); /* no */
    assert_int_equal(ledger_ticket_by_id(f.d.ledger, f.id, &t, &e), ERR_NONE);
    assert_int_equal(t.state, TICKET_CONFIRMED);
    picture_press(p, "c down enter");
    assert_int_equal(ledger_ticket_by_id(f.d.ledger, f.id, &t, &e), ERR_NONE);
    assert_int_equal(t.state, TICKET_CANCELLED);
    picture_check(p, "ticket-cancelled-ru");
    picture_press(p, "p c"); /* no more */
    picture_check(p, "ticket-cancelled-ru");
    ticket_end(&f, p);
}

static void test_ticket__nobody_comes_back_to_it(void **state)
{
    static const char *const ways[] = {"esc", "space", "home"};
    static const char *const tries[] = {"esc", "enter", "esc", "up", "left", "f1", "esc"};
    (void)state;
    for (size_t i = 0; i < sizeof ways / sizeof ways[0]; i++) {
        struct fixture f;
        ticket_begin(&f, DESK_PLAIN, 1);
        struct picture *p = ticket_open(&f, &(struct picture_setup){.lang = "ru", .no_color = true});
        assert_true(picture_has(p, "Вы записаны"));
        picture_press(p, ways[i]);
        assert_true(picture_has(p, "Что вы хотите сделать?"));
        for (size_t k = 0; k < sizeof tries / sizeof tries[0]; k++) {
            picture_press(p, tries[k]);
            assert_false(picture_has(p, "Вы записаны"));
        }
        ticket_end(&f, p);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_ticket__says_its_state_in_words),
        cmocka_unit_test(test_ticket__code_is_read_from_the_screen),
        cmocka_unit_test(test_ticket__code_is_read_whatever_the_hub_is_called),
        cmocka_unit_test(test_ticket__without_colours_the_code_is_large),
        cmocka_unit_test(test_ticket__hub_answers_while_one_looks),
        cmocka_unit_test(test_ticket__tells_how_the_paper_is_doing),
        cmocka_unit_test(test_ticket__paper_runs_out_in_every_language),
        cmocka_unit_test(test_ticket__is_printed_again_but_not_without_end),
        cmocka_unit_test(test_ticket__is_cancelled_only_after_a_yes),
        cmocka_unit_test(test_ticket__nobody_comes_back_to_it),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
