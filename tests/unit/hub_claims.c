/* What a kiosk says of the hub's own past: believed by the hub's signature, not by the kiosk's word. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "sync/hub/seats/seats.h"
#include "tests/support/hubkit.h"

static const char claims_ev[] = "0198a1b2-0000-7000-8000-00000000e001";
static const int64_t claims_noon = INT64_C(1767268800000); /* 2026-01-01T12:00:00Z */

struct fixture {
    struct hubkit k;
    struct hubkit_kiosk a, b;
};

static int set_up(void **state)
{
    struct fixture *f = mem_new(1, sizeof *f);
    char id[WIRE_UUID + 1], code[CODE_LEN + 1];
    hubkit_init(&f->k, claims_noon);
    hubkit_event(&f->k, claims_ev, 40, 86400);
    hubkit_kiosk_init(&f->k, &f->a);
    hubkit_kiosk_init(&f->k, &f->b);
    for (int i = 0; i < 3; i++) {
        assert_int_equal(hubkit_exchange(&f->k, &f->a), 200);
        assert_int_equal(hubkit_exchange(&f->k, &f->b), 200);
        hubkit_signup(&f->a, claims_ev, 1, id, code);
        hubkit_signup(&f->b, claims_ev, 1, id, code);
    }
    assert_int_equal(hubkit_exchange(&f->k, &f->a), 200);
    assert_int_equal(hubkit_exchange(&f->k, &f->b), 200);
    assert_true(f->a.stock_count > 0 && f->a.base_n == 3 && f->a.proof[0]);
    *state = f;
    return 0;
}

static int tear_down(void **state)
{
    struct fixture *f = *state;
    hubkit_kiosk_done(&f->a);
    hubkit_kiosk_done(&f->b);
    hubkit_done(&f->k);
    free(f);
    return 0;
}

static int64_t epoch(struct fixture *f) { return hubkit_number(&f->k, "SELECT coalesce(max(CAST(value AS INTEGER)), 1) FROM meta WHERE name = 'epoch'"); }

static void run(struct fixture *f, const char *sql)
{
    struct error e = {0};
    if (sql_exec(f->k.hub.db, sql, &e))
        fail_msg("%s", e.text);
}

static void spoil(char *proof) { proof[strlen(proof) - 10] ^= 1; }

/* The hub is as it was before a's last two operations; what a says of it is judged by what it shows. */
static void test_claims__a_log_that_is_ahead_needs_the_hub_s_word(void **state)
{
    static const struct {
        const char *name;
        int proof; /* 0 none, 1 another's, 2 spoilt, 3 its own */
        int status;
    } rows[] = {{"none", 0, 503}, {"another kiosk's", 1, 503}, {"spoilt", 2, 503}, {"its own", 3, 409}};
    struct fixture *f = *state;
    char own[WIRE_PROOF + 1];
    memcpy(own, f->a.proof, sizeof own);
    run(f, "UPDATE kiosk SET log_n = 1");
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        print_message("%s\n", rows[i].name);
        int64_t before = epoch(f);
        snprintf(f->a.proof, sizeof f->a.proof, "%s", rows[i].proof == 0 ? "" : rows[i].proof == 1 ? f->b.proof : own);
        if (rows[i].proof == 2)
            spoil(f->a.proof);
        assert_int_equal(hubkit_exchange(&f->k, &f->a), rows[i].status);
        assert_int_equal(epoch(f) > before, rows[i].proof == 3);
    }
    assert_true(seats_in_window(f->k.hub.db));
}

/* Anybody may say that he saw a feed or an epoch that never was. */
static void test_claims__a_feed_or_epoch_that_never_was_stops_nobody(void **state)
{
    struct fixture *f = *state;
    f->a.seen_seq = 1000000;
    assert_int_equal(hubkit_exchange(&f->k, &f->a), 200);
    f->a.seen_seq = 0;
    f->a.epoch += 5;
    assert_int_equal(hubkit_exchange(&f->k, &f->a), 503);
    assert_int_equal(epoch(f), 1);
    assert_false(seats_in_window(f->k.hub.db));
    assert_int_equal(hubkit_exchange(&f->k, &f->b), 200);
}

/* A word of the hub is about one moment: once the hub has come to know as much again it says nothing. */
static void test_claims__an_old_word_of_the_hub_says_nothing(void **state)
{
    struct fixture *f = *state;
    char old[WIRE_PROOF + 1], id[WIRE_UUID + 1], code[CODE_LEN + 1];
    memcpy(old, f->a.proof, sizeof old);
    hubkit_signup(&f->a, claims_ev, 1, id, code);
    assert_int_equal(hubkit_exchange(&f->k, &f->a), 200);
    memcpy(f->a.proof, old, sizeof old);
    assert_int_equal(hubkit_exchange(&f->k, &f->a), 200);
    assert_int_equal(epoch(f), 1);
}

/* A head of an epoch that a second restore forgot: the new epoch lies above it at once, for the next one would be taken for forgotten again. */
static void test_claims__the_new_epoch_is_above_all_that_is_shown(void **state)
{
    struct fixture *f = *state;
    struct wire_head head = {.epoch = 5000, .seq = 1};
    wire_proof_mark(&head, f->k.keys.feed);
    wire_proof_of_head(f->a.mark, &head);
    assert_int_equal(hubkit_exchange(&f->k, &f->a), 409);
    assert_true(epoch(f) > 5000);
    int64_t once = epoch(f);
    assert_int_equal(hubkit_exchange(&f->k, &f->a), 200);
    f->k.hub.clock.test_wall_ms += INT64_C(3) * 86400000;
    assert_int_equal(hubkit_exchange(&f->k, &f->a), 200);
    assert_int_equal(epoch(f), once);
    spoil(f->b.mark[0] ? f->b.mark : memcpy(f->b.mark, f->a.mark, sizeof f->b.mark));
    assert_int_equal(hubkit_exchange(&f->k, &f->b), 409); /* the epoch alone: what it shows is nobody's */
    assert_int_equal(epoch(f), once);
}

/* While all is in quarantine after a restore, a lease that the hub forgot is honoured by its signature, and an invented one is not. */
static void test_claims__a_forgotten_lease_is_honoured_by_its_signature(void **state)
{
    static const struct {
        const char *name;
        bool forged, confirmed;
    } rows[] = {{"invented", true, false}, {"given and forgotten", false, true}};
    struct fixture *f = *state;
    struct error e = {0};
    run(f, "DELETE FROM lease WHERE NOT EXISTS (SELECT 1 FROM signup s WHERE s.lease = lease.lease);"
           "DELETE FROM lease; UPDATE seat SET state = 'free', lease = NULL WHERE state = 'held'");
    assert_int_equal(seats_open_window(f->k.hub.db, 1, &e), ERR_NONE);
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        char id[WIRE_UUID + 1], code[CODE_LEN + 1];
        print_message("%s\n", rows[i].name);
        hubkit_signup(&f->a, claims_ev, 1, id, code);
        struct wire_op *op = f->a.log[f->a.log_count - 1];
        assert_true(op->lease > 0);
        if (rows[i].forged) /* another lease than was signed, as new */
            op->lease++;
        hubkit_exchange(&f->k, &f->a); /* 409: another epoch; the sign-up was taken in */
        char sql[200];
        snprintf(sql, sizeof sql, "SELECT count(*) FROM signup WHERE id = '%s' AND state = 'confirmed' AND lease > 0", id);
        assert_int_equal(hubkit_number(&f->k, sql), rows[i].confirmed);
        snprintf(sql, sizeof sql, "SELECT count(*) FROM signup WHERE id = '%s' AND state = 'displaced'", id);
        assert_int_equal(hubkit_number(&f->k, sql), 0); /* no right was lost: it goes before nobody */
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_claims__a_log_that_is_ahead_needs_the_hub_s_word, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_claims__a_feed_or_epoch_that_never_was_stops_nobody, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_claims__an_old_word_of_the_hub_says_nothing, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_claims__the_new_epoch_is_above_all_that_is_shown, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_claims__a_forgotten_lease_is_honoured_by_its_signature, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
