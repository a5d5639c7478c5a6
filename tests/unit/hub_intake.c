/* Batches at the hub: repeated, cut off, from an old image, from a revoked kiosk, and to a hub that was itself
 * restored. */
#include "sync/hub/intake.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "sync/hub/admission.h"
#include "sync/hub/feed.h"
#include "sync/hub/seats.h"
#include "tests/support/hubkit.h"

static const char ev_open[] = "0198a1b2-0000-7000-8000-00000000e003";
static const char ev_large[] = "0198a1b2-0000-7000-8000-00000000e002";
static const int64_t noon = INT64_C(1796126400000);

struct fixture {
    struct hubkit k;
    struct hubkit_kiosk q;
    char id[WIRE_UUID + 1], code[CODE_LEN + 1];
};

static int set_up(void **state)
{
    setenv("SOSEDI_DEBUG", "1", 1);
    assert_int_equal(crypto_init(NULL), ERR_NONE);
    struct fixture *f = mem_new(1, sizeof *f);
    hubkit_init(&f->k, noon);
    hubkit_event(&f->k, ev_open, -1, 86400);
    hubkit_event(&f->k, ev_large, 40, 86400);
    hubkit_kiosk_init(&f->k, &f->q);
    *state = f;
    return 0;
}

static int tear_down(void **state)
{
    struct fixture *f = *state;
    hubkit_kiosk_done(&f->q);
    hubkit_done(&f->k);
    free(f);
    return 0;
}

static int deliver(struct fixture *f, const struct hubkit_message *m)
{
    struct intake_answer a;
    hubkit_deliver(&f->k, &f->q, m, &a);
    int status = a.status;
    buf_done(&a.body);
    return status;
}

static int64_t count(struct fixture *f, const char *table)
{
    char sql[80];
    snprintf(sql, sizeof sql, "SELECT count(*) FROM %s", table);
    return hubkit_number(&f->k, sql);
}

static void test_intake__a_repeated_batch_changes_nothing(void **state)
{
    struct fixture *f = *state;
    struct hubkit_message m;
    hubkit_signup(&f->q, ev_open, 1, f->id, f->code);
    hubkit_want(&f->q, ev_large, 2);
    hubkit_pack(&f->q, &m);
    assert_int_equal(deliver(f, &m), 200);
    int64_t ops = count(f, "oplog"), leases = count(f, "lease"), told = count(f, "decision");
    for (int i = 0; i < 3; i++)
        assert_int_equal(deliver(f, &m), 200);
    assert_int_equal(count(f, "oplog"), ops);
    assert_int_equal(count(f, "lease"), leases);
    assert_int_equal(count(f, "decision"), told);
    assert_int_equal(count(f, "signup"), 1);
    assert_int_equal(hubkit_exchange(&f->k, &f->q), 200);
    assert_int_equal(hubkit_told_of(&f->q, f->id)->st, WIRE_CONFIRMED);
    assert_int_equal(f->q.log_count, 0);
    assert_int_equal(hubkit_exchange(&f->k, &f->q), 200);
    assert_int_equal(count(f, "decision"), 0); /* its inbox covers them */
    buf_done(&m.body);
}

static void test_intake__decisions_come_again_until_the_inbox_covers_them(void **state)
{
    struct fixture *f = *state;
    struct hubkit_message m;
    hubkit_signup(&f->q, ev_open, 1, f->id, f->code);
    hubkit_pack(&f->q, &m);
    assert_int_equal(deliver(f, &m), 200); /* this answer is lost */
    buf_done(&m.body);
    hubkit_pack(&f->q, &m);
    assert_int_equal(deliver(f, &m), 200); /* and this */
    buf_done(&m.body);
    assert_int_equal(hubkit_exchange(&f->k, &f->q), 200);
    assert_non_null(hubkit_told_of(&f->q, f->id));
}

static void test_intake__more_than_500_decisions_come_in_parts(void **state)
{
    struct fixture *f = *state;
    for (int round = 0; round < 3; round++) {
        struct intake_answer a;
        struct hubkit_message m;
        for (int i = 0; i < 50; i++)
            hubkit_signup(&f->q, ev_open, 1, f->id, f->code);
        hubkit_pack(&f->q, &m);
        hubkit_deliver(&f->k, &f->q, &m, &a);
        hubkit_receive(&f->k, &f->q, &a);
        buf_done(&a.body);
        buf_done(&m.body);
    }
    /* 450 more: cancelled by others while this kiosk was away */
    struct error e = {0};
    assert_int_equal(sql_exec(f->k.hub.db,
                              "WITH RECURSIVE c (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM c WHERE n < 600) "
                              "INSERT INTO decision SELECT kid, dn + n, '{\"t\":\"other\"}' || char(10) FROM kiosk, c; "
                              "UPDATE kiosk SET dn = dn + 600",
                              &e),
                     ERR_NONE);
    struct hubkit_message m;
    struct intake_answer a;
    struct wire_reply r;
    struct wire_line line;
    size_t pos = 0;
    hubkit_pack(&f->q, &m);
    hubkit_deliver(&f->k, &f->q, &m, &a);
    assert_true(wire_next_line(a.body.data, a.body.len, &pos, &line));
    assert_int_equal(wire_reply_parse(&r, line.s, line.n, NULL), ERR_NONE);
    assert_true(r.more);
    buf_done(&a.body);
    buf_done(&m.body);
}

static void test_intake__strangers_and_changed_bytes_are_401(void **state)
{
    struct fixture *f = *state;
    struct hubkit_message m;
    struct intake_answer a;
    hubkit_signup(&f->q, ev_open, 1, f->id, f->code);
    hubkit_pack(&f->q, &m);
    m.body.data[m.body.len - 3] ^= 1;
    assert_int_equal(deliver(f, &m), 401);
    m.body.data[m.body.len - 3] ^= 1;
    struct wire_line body = {m.body.data, m.body.len};
    intake_run(&f->k.hub, &f->k.keys, "aaaaaaaaaa", m.sig, &body, &a);
    assert_int_equal(a.status, 401);
    buf_done(&a.body);
    intake_run(&f->k.hub, &f->k.keys, f->q.kid, NULL, &body, &a);
    assert_int_equal(a.status, 401);
    buf_done(&a.body);
    assert_int_equal(count(f, "signup"), 0);
    buf_done(&m.body);
}

static int deliver_text(struct fixture *f, const char *text, size_t n)
{
    struct hubkit_message m = {0};
    char before[WIRE_PATH];
    buf_init(&m.body, WIRE_BATCH_MAX);
    buf_add(&m.body, text, n);
    wire_batch_before(before, f->q.kid);
    wire_sign(m.sig, WIRE_DOMAIN_BATCH, before, m.body.data, m.body.len, f->q.sk);
    int status = deliver(f, &m);
    buf_done(&m.body);
    return status;
}

static void test_intake__malformed_batches_are_400_and_leave_nothing(void **state)
{
    struct fixture *f = *state;
    struct hubkit_message m;
    hubkit_signup(&f->q, ev_open, 1, f->id, f->code);
    hubkit_pack(&f->q, &m);
    assert_int_equal(deliver_text(f, "", 0), 400);
    assert_int_equal(deliver_text(f, "{}\n", 3), 400);
    buf_add_str(&m.body, "{\"n\":3,\"op\":\"find\",\"code\":\"2222222222\"}\n"); /* 2 is missing */
    assert_int_equal(deliver_text(f, m.body.data, m.body.len), 400);
    buf_add_str(&m.body, "\xff\n");
    assert_int_equal(deliver_text(f, m.body.data, m.body.len), 400);
    assert_int_equal(count(f, "signup"), 0);
    buf_done(&m.body);
}

static void test_intake__a_batch_of_201_operations_is_413(void **state)
{
    struct fixture *f = *state;
    struct hubkit_message m;
    struct buf all;
    hubkit_pack(&f->q, &m);
    buf_init(&all, WIRE_BATCH_MAX);
    buf_add(&all, m.body.data, m.body.len);
    for (int i = 1; i <= WIRE_BATCH_OPS + 1; i++)
        buf_addf(&all, "{\"n\":%d,\"op\":\"find\",\"code\":\"2222222222\"}\n", i);
    assert_int_equal(deliver_text(f, all.data, all.len), 413);
    buf_done(&all);
    buf_done(&m.body);
}

/* An image of the card from yesterday is put back: its log is shorter, or goes another way. */
static void test_intake__an_old_image_is_reset(void **state)
{
    struct fixture *f = *state;
    struct hubkit_kiosk old;
    char id[WIRE_UUID + 1], code[CODE_LEN + 1];
    assert_int_equal(hubkit_exchange(&f->k, &f->q), 200);
    hubkit_kiosk_copy(&old, &f->q);
    hubkit_signup(&f->q, ev_open, 1, f->id, f->code);
    hubkit_signup(&f->q, ev_open, 1, f->id, f->code);
    assert_int_equal(hubkit_exchange(&f->k, &f->q), 200);
    int64_t held = hubkit_number(&f->k, "SELECT count(*) FROM seat WHERE state = 'held'");
    assert_int_equal(hubkit_exchange(&f->k, &old), 409);
    assert_string_equal(old.refusal.why, "behind");
    old.inc = 1;
    hubkit_signup(&old, ev_open, 1, id, code);
    hubkit_signup(&old, ev_open, 1, id, code);
    assert_int_equal(hubkit_exchange(&f->k, &old), 409);
    assert_string_equal(old.refusal.why, "log-diverged");
    assert_int_equal(count(f, "signup"), 4); /* the people are taken in all the same */
    assert_int_equal(old.inc, 2);
    assert_int_equal(hubkit_exchange(&f->k, &old), 200);
    assert_int_equal(hubkit_told_of(&old, id)->st, WIRE_CONFIRMED);
    assert_int_equal(count(f, "signup"), 4);
    assert_int_equal(old.stock_count, 0);
    assert_int_equal(hubkit_number(&f->k, "SELECT count(*) FROM seat WHERE state = 'held'"),
                     held);                               /* bound until a person decides */
    assert_int_equal(hubkit_exchange(&f->k, &f->q), 409); /* the other copy is the old one now */
    assert_string_equal(f->q.refusal.why, "behind");
    assert_int_equal(f->q.refusal.newinc, 3);
    assert_int_equal(hubkit_exchange(&f->k, &f->q), 200);
    assert_int_equal(hubkit_number(&f->k, "SELECT resets FROM kiosk"), 2);
    hubkit_want(&f->q, ev_large, 2); /* two resets in a day: nothing more to sell */
    assert_int_equal(hubkit_exchange(&f->k, &f->q), 200);
    assert_int_equal(f->q.stock_count, 0);
    hubkit_kiosk_done(&old);
}

static void test_intake__a_lost_anchor_is_reset(void **state)
{
    struct fixture *f = *state;
    hubkit_signup(&f->q, ev_open, 1, f->id, f->code);
    f->q.anchor_lost = true;
    assert_int_equal(hubkit_exchange(&f->k, &f->q), 409);
    assert_string_equal(f->q.refusal.why, "anchor-lost");
    assert_int_equal(hubkit_exchange(&f->k, &f->q), 200);
    assert_int_equal(hubkit_told_of(&f->q, f->id)->st, WIRE_CONFIRMED);
    assert_int_equal(count(f, "signup"), 1);
}

static void test_intake__a_revoked_kiosk_is_heard_but_gets_nothing(void **state)
{
    struct fixture *f = *state;
    struct error e = {0};
    assert_int_equal(sql_exec(f->k.hub.db, "UPDATE kiosk SET state = 'revoked'", &e), ERR_NONE);
    hubkit_signup(&f->q, ev_open, 1, f->id, f->code);
    assert_int_equal(hubkit_exchange(&f->k, &f->q), 403);
    assert_int_equal(hubkit_exchange(&f->k, &f->q), 403);
    assert_int_equal(hubkit_number(&f->k, "SELECT count(*) FROM signup WHERE state = 'quarantined'"), 1);
    assert_int_equal(hubkit_number(&f->k, "SELECT count(*) FROM seat WHERE state <> 'free'"), 0);
}

static void test_intake__another_kiosk_cancels_with_the_code(void **state)
{
    struct fixture *f = *state;
    struct hubkit_kiosk other;
    struct wire_op find = {.kind = WIRE_OP_FIND};
    hubkit_kiosk_init(&f->k, &other);
    hubkit_signup(&f->q, ev_open, 1, f->id, f->code);
    assert_int_equal(hubkit_exchange(&f->k, &f->q), 200);
    memcpy(find.code, f->code, sizeof find.code);
    hubkit_op(&other, &find);
    assert_int_equal(hubkit_exchange(&f->k, &other), 200);
    assert_int_equal(other.found, WIRE_CONFIRMED);
    hubkit_cancel(&other, f->id, "2222222222"); /* a wrong code cancels nothing */
    assert_int_equal(hubkit_exchange(&f->k, &other), 200);
    assert_int_equal(other.found, WIRE_UNKNOWN);
    hubkit_cancel(&other, f->id, f->code);
    assert_int_equal(hubkit_exchange(&f->k, &other), 200);
    assert_int_equal(hubkit_told_of(&other, f->id)->st, WIRE_CANCELLED);
    assert_int_equal(hubkit_exchange(&f->k, &f->q), 200);
    assert_int_equal(hubkit_told_of(&f->q, f->id)->st, WIRE_CANCELLED);
    hubkit_kiosk_done(&other);
}

static void test_intake__an_id_of_somebody_else_is_a_conflict(void **state)
{
    struct fixture *f = *state;
    struct hubkit_kiosk other;
    char id[WIRE_UUID + 1], code[CODE_LEN + 1];
    hubkit_kiosk_init(&f->k, &other);
    hubkit_signup(&f->q, ev_open, 1, f->id, f->code);
    assert_int_equal(hubkit_exchange(&f->k, &f->q), 200);
    hubkit_signup(&other, ev_open, 1, id, code);
    memcpy(other.log[0]->id, f->id, sizeof f->id);
    assert_int_equal(hubkit_exchange(&f->k, &other), 200);
    assert_int_equal(hubkit_told_of(&other, f->id)->st, WIRE_CONFLICT);
    assert_int_equal(hubkit_told_of(&other, f->id)->seat_count, 0);
    assert_int_equal(count(f, "signup"), 1);
    hubkit_kiosk_done(&other);
}

/* ---- the hub itself was restored */

static void save(struct fixture *f, const char *name)
{
    char path[FOLDER_FILE];
    struct error e = {0};
    folder_file(path, f->k.dir, name);
    struct sql_stmt *st = sql_get(f->k.hub.db, "VACUUM INTO :file");
    sql_bind_text(st, ":file", path);
    assert_int_equal(sql_run(st, &e), ERR_NONE);
}

static void restore(struct fixture *f, const char *name)
{
    char from[FOLDER_FILE], to[FOLDER_FILE];
    struct clock clock = f->k.hub.clock;
    struct error e = {0};
    hub_close(&f->k.hub);
    folder_file(from, f->k.dir, name);
    folder_file(to, f->k.dir, "hub.db");
    assert_int_equal(rename(from, to), 0);
    if (hub_open(&f->k.hub, f->k.dir, &e))
        fail_msg("%s", e.text);
    f->k.hub.clock = clock;
}

/* A backup is put back without a word. The first kiosk that was further shows it; nothing is given away until all have
 * spoken, and what they sold meanwhile holds. */
static void test_intake__a_restored_hub_finds_out_and_oversells_nothing(void **state)
{
    struct fixture *f = *state;
    struct hubkit_kiosk other;
    char id[40][WIRE_UUID + 1], code[CODE_LEN + 1], wait[WIRE_UUID + 1];
    hubkit_kiosk_init(&f->k, &other);
    assert_int_equal(hubkit_exchange(&f->k, &other), 200);
    save(f, "backup.db");
    assert_int_equal(hubkit_exchange(&f->k, &f->q), 200); /* gets seats after the backup */
    hubkit_want(&f->q, ev_large, 4);
    assert_int_equal(hubkit_exchange(&f->k, &f->q), 200);
    int stock = f->q.stock_count;
    assert_true(stock >= 5);
    restore(f, "backup.db");
    for (int i = 0; i < stock; i++)
        hubkit_signup(&f->q, ev_large, 1, id[i], code);
    assert_int_equal(hubkit_exchange(&f->k, &f->q), 409);
    assert_int_equal(f->q.refusal.type, WIRE_EPOCH);
    assert_int_equal(f->q.epoch, 2);
    assert_int_equal(hubkit_number(&f->k, "SELECT count(*) FROM seat WHERE state = 'free'"), 0);
    assert_int_equal(hubkit_exchange(&f->k, &f->q), 200);
    for (int i = 0; i < stock; i++)
        assert_int_equal(hubkit_told_of(&f->q, id[i])->st, WIRE_CONFIRMED);
    hubkit_signup(&f->q, ev_large, 1, wait, code);
    assert_int_equal(hubkit_exchange(&f->k, &f->q), 200);
    assert_int_equal(hubkit_told_of(&f->q, wait)->st, WIRE_WAITLISTED); /* the other has not spoken */
    assert_int_equal(hubkit_exchange(&f->k, &f->q), 200);
    assert_int_equal(hubkit_exchange(&f->k, &other), 409);
    assert_int_equal(hubkit_exchange(&f->k, &other), 200);
    assert_false(seats_in_window(f->k.hub.db));
    assert_int_equal(hubkit_exchange(&f->k, &f->q), 200);
    assert_int_equal(hubkit_told_of(&f->q, wait)->st, WIRE_CONFIRMED);
    assert_int_equal(hubkit_number(&f->k, "SELECT count(*) FROM seat"), 40);
    hubkit_kiosk_done(&other);
}

static void test_intake__quarantine_ends_by_a_persons_word(void **state)
{
    struct fixture *f = *state;
    struct error e = {0};
    assert_int_equal(hubkit_exchange(&f->k, &f->q), 200);
    assert_int_equal(seats_open_window(f->k.hub.db, 0, &e), ERR_NONE);
    assert_int_equal(seats_close_window(f->k.hub.db, false, &e), ERR_NONE);
    assert_true(seats_in_window(f->k.hub.db));
    assert_int_equal(seats_close_window(f->k.hub.db, true, &e), ERR_NONE);
    assert_false(seats_in_window(f->k.hub.db));
    assert_int_equal(hubkit_number(&f->k, "SELECT count(*) FROM seat WHERE state = 'quarantined'"), 0);
}

/* ---- enrolment */

static int ask(struct fixture *f, struct wire_enrol *m, const char *code, struct buf *answer)
{
    struct buf text;
    wire_enrol_sign(m, code);
    buf_init(&text, WIRE_SMALL_MAX);
    buf_clear(answer);
    wire_enrol_write(m, &text);
    struct wire_line body = {text.data, text.len};
    int status = admission_answer(&f->k.hub, &f->k.keys, &body, answer);
    buf_done(&text);
    return status;
}

static void test_intake__an_enrolment_code_is_good_for_one_key(void **state)
{
    struct fixture *f = *state;
    struct wire_enrol m = {0};
    struct buf answer;
    char code[ENROL_LEN + 1], wrong[ENROL_LEN + 1];
    buf_init(&answer, WIRE_SMALL_MAX);
    assert_int_equal(admission_make(&f->k.hub, "Библиотека 5", code, NULL), ERR_NONE);
    assert_int_equal(admission_make(&f->k.hub, " \x01 ", wrong, NULL), ERR_INVALID);
    memcpy(m.code4, code, WIRE_CODE4);
    memcpy(wrong, code, sizeof wrong);
    wrong[7] = wrong[7] == '2' ? '3' : '2';
    wire_nonce(m.nonce);
    m.pk[0] = 1;
    assert_int_equal(ask(f, &m, wrong, &answer), 403);
    assert_int_equal(ask(f, &m, code, &answer), 200);
    wire_nonce(m.nonce); /* the answer was lost, the kiosk was started anew */
    assert_int_equal(ask(f, &m, code, &answer), 200);
    m.pk[0] = 2;
    assert_int_equal(ask(f, &m, code, &answer), 409);
    f->k.hub.clock.test_wall_ms += (int64_t)ADMISSION_SECONDS * 1000;
    m.pk[0] = 1;
    assert_int_equal(ask(f, &m, code, &answer), 404);
    buf_done(&answer);
}

static void test_intake__ten_wrong_macs_spoil_a_code(void **state)
{
    struct fixture *f = *state;
    struct wire_enrol m = {0};
    struct buf answer;
    char code[ENROL_LEN + 1];
    buf_init(&answer, WIRE_SMALL_MAX);
    assert_int_equal(admission_make(&f->k.hub, "Kiosk", code, NULL), ERR_NONE);
    memcpy(m.code4, code, WIRE_CODE4);
    wire_nonce(m.nonce);
    for (int i = 0; i < ADMISSION_FAULTS; i++)
        assert_int_equal(ask(f, &m, "2222222222222222", &answer), 403);
    assert_int_equal(ask(f, &m, code, &answer), 404);
    buf_done(&answer);
}

#define CASE(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        CASE(test_intake__a_repeated_batch_changes_nothing),
        CASE(test_intake__decisions_come_again_until_the_inbox_covers_them),
        CASE(test_intake__more_than_500_decisions_come_in_parts),
        CASE(test_intake__strangers_and_changed_bytes_are_401),
        CASE(test_intake__malformed_batches_are_400_and_leave_nothing),
        CASE(test_intake__a_batch_of_201_operations_is_413),
        CASE(test_intake__an_old_image_is_reset),
        CASE(test_intake__a_lost_anchor_is_reset),
        CASE(test_intake__a_revoked_kiosk_is_heard_but_gets_nothing),
        CASE(test_intake__another_kiosk_cancels_with_the_code),
        CASE(test_intake__an_id_of_somebody_else_is_a_conflict),
        CASE(test_intake__a_restored_hub_finds_out_and_oversells_nothing),
        CASE(test_intake__quarantine_ends_by_a_persons_word),
        CASE(test_intake__an_enrolment_code_is_good_for_one_key),
        CASE(test_intake__ten_wrong_macs_spoil_a_code),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
