/* Seats at the hub: whatever is lost, repeated, delayed or cancelled, nobody is confirmed beyond the capacity, and
 * nobody who was confirmed at a kiosk is turned away. */
#include "sync/hub/seats/seats.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "sync/hub/seats/lease.h"
#include "tests/support/hubkit.h"

static const char ev_small[] = "0198a1b2-0000-7000-8000-00000000e001";
static const char ev_large[] = "0198a1b2-0000-7000-8000-00000000e002";
static const char ev_open[] = "0198a1b2-0000-7000-8000-00000000e003";
static const int64_t noon = INT64_C(1796126400000);

static int set_up(void **state)
{
    (void)state;
    setenv("SOSEDI_DEBUG", "1", 1);
    return crypto_init(NULL) == ERR_NONE ? 0 : -1;
}

/* What must hold at every moment, asked of the database itself. */
static void assert_not_oversold(struct hubkit *k)
{
    assert_int_equal(
        hubkit_number(
            k, "SELECT count(*) FROM occurrence o WHERE capacity >= 0 AND capacity < (SELECT coalesce(sum(party), 0) "
               "FROM signup s WHERE s.ev = o.id AND s.state = 'confirmed')"),
        0);
    /* every confirmed person has a seat, every sold seat has one sign-up */
    assert_int_equal(
        hubkit_number(
            k,
            "SELECT count(*) FROM occurrence o WHERE capacity >= 0 AND (SELECT count(*) FROM seat t WHERE t.ev = o.id "
            "AND t.state = 'sold') <> (SELECT coalesce(sum(party), 0) FROM signup s WHERE s.ev = o.id AND s.state = "
            "'confirmed')"),
        0);
    assert_int_equal(
        hubkit_number(k,
                      "SELECT count(*) FROM seat t WHERE t.state = 'sold' AND NOT EXISTS (SELECT 1 FROM signup s WHERE "
                      "s.id = t.signup AND s.state = 'confirmed' AND s.ev = t.ev)"),
        0);
}

static int stock_of(const struct hubkit_kiosk *q, const char *ev)
{
    int n = 0;
    for (int i = 0; i < q->stock_count; i++)
        n += strcmp(q->stock[i].ev, ev) == 0;
    return n;
}

static void change(struct hubkit *k, const char *sql, const char *ev)
{
    struct error e = {0};
    assert_int_equal(sql_begin(k->hub.db, &e), ERR_NONE);
    assert_int_equal(sql_exec(k->hub.db, sql, &e), ERR_NONE);
    int64_t terms = hubkit_number(k, "SELECT min(terms) FROM occurrence");
    (void)terms;
    if (seats_occurrence_changed(k->hub.db, ev, 1, &e))
        fail_msg("%s", e.text);
    assert_int_equal(sql_commit(k->hub.db, &e), ERR_NONE);
}

/* ---- single rules */

static void test_seats__hub_confirms_until_full_then_queues(void **state)
{
    (void)state;
    struct hubkit k;
    struct hubkit_kiosk q;
    char id[4][WIRE_UUID + 1], code[4][CODE_LEN + 1];
    hubkit_init(&k, noon);
    hubkit_event(&k, ev_small, 3, 86400);
    hubkit_kiosk_init(&k, &q);
    hubkit_signup(&q, ev_small, 2, id[0], code[0]);
    hubkit_signup(&q, ev_small, 2, id[1], code[1]); /* a group is whole: one seat left is not enough */
    hubkit_signup(&q, ev_small, 1, id[2], code[2]);
    hubkit_signup(&q, ev_small, 1, id[3], code[3]);
    assert_int_equal(hubkit_exchange(&k, &q), 200);
    assert_int_equal(hubkit_told_of(&q, id[0])->st, WIRE_CONFIRMED);
    assert_int_equal(hubkit_told_of(&q, id[1])->st, WIRE_WAITLISTED);
    assert_int_equal(hubkit_told_of(&q, id[1])->pos, 1);
    assert_int_equal(hubkit_told_of(&q, id[2])->st, WIRE_CONFIRMED);
    assert_int_equal(hubkit_told_of(&q, id[3])->pos, 2);
    assert_true(seats_is_full(k.hub.db, ev_small));
    hubkit_cancel(&q, id[0], code[0]);
    assert_int_equal(hubkit_exchange(&k, &q), 200);
    assert_int_equal(hubkit_told_of(&q, id[0])->st, WIRE_CANCELLED);
    assert_int_equal(hubkit_told_of(&q, id[1])->st, WIRE_CONFIRMED);
    assert_int_equal(hubkit_told_of(&q, id[3])->st, WIRE_WAITLISTED);
    assert_not_oversold(&k);
    hubkit_kiosk_done(&q);
    hubkit_done(&k);
}

static void test_seats__no_capacity_confirms_everyone(void **state)
{
    (void)state;
    struct hubkit k;
    struct hubkit_kiosk q;
    char id[WIRE_UUID + 1], code[CODE_LEN + 1];
    hubkit_init(&k, noon);
    hubkit_event(&k, ev_open, -1, 86400);
    hubkit_kiosk_init(&k, &q);
    for (int i = 0; i < 30; i++)
        hubkit_signup(&q, ev_open, 20, id, code);
    assert_int_equal(hubkit_exchange(&k, &q), 200);
    for (int i = 0; i < q.told_count; i++)
        assert_int_equal(q.told[i].st, WIRE_CONFIRMED);
    assert_int_equal(q.told_count, 30);
    assert_false(seats_is_full(k.hub.db, ev_open));
    hubkit_kiosk_done(&q);
    hubkit_done(&k);
}

static void test_seats__a_grant_is_sent_until_it_is_held(void **state)
{
    (void)state;
    struct hubkit k;
    struct hubkit_kiosk q;
    struct hubkit_message m;
    struct intake_answer a;
    hubkit_init(&k, noon);
    hubkit_event(&k, ev_large, 40, 86400);
    hubkit_kiosk_init(&k, &q);
    hubkit_pack(&q, &m);
    hubkit_deliver(&k, &q, &m, &a); /* the answer is lost */
    buf_done(&a.body);
    buf_done(&m.body);
    int64_t held = hubkit_number(&k, "SELECT count(*) FROM seat WHERE state = 'held'");
    assert_true(held >= 1 && held <= LEASE_MOST);
    assert_int_equal(hubkit_exchange(&k, &q), 200);
    assert_int_equal(stock_of(&q, ev_large), held);
    assert_int_equal(hubkit_exchange(&k, &q), 200);
    assert_int_equal(hubkit_number(&k, "SELECT count(*) FROM lease WHERE taken = 1"), 1);
    assert_int_equal(hubkit_number(&k, "SELECT count(*) FROM seat WHERE state = 'held'"), held);
    hubkit_kiosk_done(&q);
    hubkit_done(&k);
}

static void test_seats__the_hub_keeps_a_fifth_for_who_asks(void **state)
{
    (void)state;
    struct hubkit k;
    struct hubkit_kiosk q;
    hubkit_init(&k, noon);
    hubkit_event(&k, ev_large, 20, 86400);
    hubkit_kiosk_init(&k, &q);
    for (int i = 0; i < 30; i++) {
        hubkit_want(&q, ev_large, 8);
        assert_int_equal(hubkit_exchange(&k, &q), 200);
    }
    assert_true(hubkit_number(&k, "SELECT count(*) FROM seat WHERE state = 'free'") >= 1);
    assert_int_equal(stock_of(&q, ev_large) + hubkit_number(&k, "SELECT count(*) FROM seat WHERE state = 'free'"), 20);
    hubkit_kiosk_done(&q);
    hubkit_done(&k);
}

static void test_seats__small_and_started_events_are_not_leased(void **state)
{
    (void)state;
    struct hubkit k;
    struct hubkit_kiosk q;
    hubkit_init(&k, noon);
    hubkit_event(&k, ev_small, 9, 86400);
    hubkit_event(&k, ev_large, 40, -60);
    hubkit_kiosk_init(&k, &q);
    hubkit_want(&q, ev_small, 2);
    hubkit_want(&q, ev_large, 2);
    assert_int_equal(hubkit_exchange(&k, &q), 200);
    assert_int_equal(q.stock_count, 0);
    hubkit_kiosk_done(&q);
    hubkit_done(&k);
}

static void test_seats__returned_seats_go_to_who_waits(void **state)
{
    (void)state;
    struct hubkit k;
    struct hubkit_kiosk a, b;
    char id[WIRE_UUID + 1], code[CODE_LEN + 1];
    hubkit_init(&k, noon);
    hubkit_event(&k, ev_large, 10, 86400);
    hubkit_kiosk_init(&k, &a);
    hubkit_kiosk_init(&k, &b);
    assert_int_equal(hubkit_exchange(&k, &a), 200);
    int stock = stock_of(&a, ev_large);
    assert_true(stock >= 1);
    for (int i = 0; i < 10 - stock; i++)
        hubkit_signup(&b, ev_large, 1, id, code);
    hubkit_signup(&b, ev_large, 1, id, code);
    assert_int_equal(hubkit_exchange(&k, &b), 200);
    assert_int_equal(hubkit_told_of(&b, id)->st, WIRE_WAITLISTED);
    hubkit_return(&a);
    assert_int_equal(hubkit_exchange(&k, &a), 200);
    assert_int_equal(hubkit_exchange(&k, &b), 200);
    assert_int_equal(hubkit_told_of(&b, id)->st, WIRE_CONFIRMED);
    assert_not_oversold(&k);
    hubkit_kiosk_done(&a);
    hubkit_kiosk_done(&b);
    hubkit_done(&k);
}

static void test_seats__capacity_follows_the_organiser(void **state)
{
    (void)state;
    struct hubkit k;
    struct hubkit_kiosk q;
    char id[5][WIRE_UUID + 1], code[CODE_LEN + 1];
    hubkit_init(&k, noon);
    hubkit_event(&k, ev_small, 5, 86400);
    hubkit_kiosk_init(&k, &q);
    for (int i = 0; i < 4; i++)
        hubkit_signup(&q, ev_small, 1, id[i], code);
    assert_int_equal(hubkit_exchange(&k, &q), 200);
    change(&k, "UPDATE occurrence SET capacity = 2", ev_small); /* only the free seat can go */
    assert_int_equal(hubkit_number(&k, "SELECT count(*) FROM seat"), 4);
    hubkit_signup(&q, ev_small, 1, id[4], code);
    assert_int_equal(hubkit_exchange(&k, &q), 200);
    assert_int_equal(hubkit_told_of(&q, id[4])->st, WIRE_WAITLISTED);
    change(&k, "UPDATE occurrence SET capacity = 6", ev_small);
    assert_int_equal(hubkit_exchange(&k, &q), 200);
    assert_int_equal(hubkit_told_of(&q, id[4])->st, WIRE_CONFIRMED);
    assert_not_oversold(&k);
    change(&k, "UPDATE occurrence SET cancelled = 1", ev_small);
    assert_int_equal(hubkit_exchange(&k, &q), 200);
    for (int i = 0; i < 5; i++)
        assert_int_equal(hubkit_told_of(&q, id[i])->st, WIRE_EVENT_CANCELLED);
    change(&k, "UPDATE occurrence SET cancelled = 0, terms = 2", ev_small);
    assert_int_equal(hubkit_exchange(&k, &q), 200);
    for (int i = 0; i < 5; i++)
        assert_int_equal(hubkit_told_of(&q, id[i])->st, WIRE_TERMS_CHANGED);
    assert_not_oversold(&k);
    hubkit_kiosk_done(&q);
    hubkit_done(&k);
}

static void test_seats__capacity_that_comes_later_counts_who_is_there(void **state)
{
    (void)state;
    struct hubkit k;
    struct hubkit_kiosk q;
    char id[4][WIRE_UUID + 1], code[CODE_LEN + 1];
    hubkit_init(&k, noon);
    hubkit_event(&k, ev_open, -1, 86400);
    hubkit_kiosk_init(&k, &q);
    for (int i = 0; i < 3; i++)
        hubkit_signup(&q, ev_open, 2, id[i], code);
    assert_int_equal(hubkit_exchange(&k, &q), 200);
    change(&k, "UPDATE occurrence SET capacity = 7", ev_open);
    hubkit_signup(&q, ev_open, 2, id[3], code);
    assert_int_equal(hubkit_exchange(&k, &q), 200);
    assert_int_equal(hubkit_told_of(&q, id[3])->st, WIRE_WAITLISTED);
    assert_not_oversold(&k);
    change(&k, "UPDATE occurrence SET capacity = -1", ev_open);
    assert_int_equal(hubkit_exchange(&k, &q), 200);
    assert_int_equal(hubkit_told_of(&q, id[3])->st, WIRE_CONFIRMED);
    hubkit_kiosk_done(&q);
    hubkit_done(&k);
}

/* A card was copied and both devices sold the same seats: one ticket of each pair holds the seat, the other one waits
 * at the head. */
static void test_seats__a_seat_sold_twice_is_given_once(void **state)
{
    (void)state;
    struct hubkit k;
    struct hubkit_kiosk a, twin;
    char id[2][40][WIRE_UUID + 1], code[CODE_LEN + 1];
    hubkit_init(&k, noon);
    hubkit_event(&k, ev_large, 12, 86400);
    hubkit_kiosk_init(&k, &a);
    assert_int_equal(hubkit_exchange(&k, &a), 200);
    int stock = stock_of(&a, ev_large), left = 12 - stock;
    hubkit_kiosk_copy(&twin, &a);
    for (int i = 0; i < stock; i++) {
        hubkit_signup(&a, ev_large, 1, id[0][i], code);
        hubkit_signup(&twin, ev_large, 1, id[1][i], code);
    }
    for (int i = 0; i < left; i++)
        hubkit_signup(&a, ev_large, 1, id[0][stock + i], code);
    assert_int_equal(hubkit_exchange(&k, &a), 200);
    assert_int_equal(hubkit_exchange(&k, &twin), 409); /* its log is another one: but its people are taken in */
    assert_int_equal(twin.refusal.type, WIRE_RESET);
    assert_int_equal(hubkit_number(&k, "SELECT count(*) FROM signup WHERE state = 'displaced'"), stock);
    assert_int_equal(hubkit_number(&k, "SELECT sum(party) FROM signup WHERE state = 'confirmed'"), 12);
    assert_not_oversold(&k);
    hubkit_kiosk_done(&a);
    hubkit_kiosk_done(&twin);
    hubkit_done(&k);
}

static void test_seats__write_off_frees_what_a_lost_kiosk_held(void **state)
{
    (void)state;
    struct hubkit k;
    struct hubkit_kiosk q;
    struct error e = {0};
    hubkit_init(&k, noon);
    hubkit_event(&k, ev_large, 40, 86400);
    hubkit_kiosk_init(&k, &q);
    assert_int_equal(hubkit_exchange(&k, &q), 200);
    assert_true(hubkit_number(&k, "SELECT count(*) FROM seat WHERE state = 'free'") < 40);
    assert_int_equal(seats_write_off(k.hub.db, q.kid, &e), ERR_NONE);
    assert_int_equal(hubkit_number(&k, "SELECT count(*) FROM seat WHERE state = 'free'"), 40);
    hubkit_kiosk_done(&q);
    hubkit_done(&k);
}

/* ---- everything at once */

enum { KIOSKS = 4, TICKETS = 400, MESSAGES = 12 };

struct ticket {
    char id[WIRE_UUID + 1], code[CODE_LEN + 1];
    int kiosk;
    bool guaranteed, cancelled;
};

struct world {
    struct hubkit k;
    struct hubkit_kiosk q[KIOSKS];
    struct ticket tickets[TICKETS];
    int ticket_count;
    struct hubkit_message late[MESSAGES]; /* sent once, and perhaps again later */
    int late_count;
    unsigned seed;
};

static unsigned roll(struct world *w, unsigned below)
{
    w->seed = w->seed * 1103515245u + 12345u;
    return (w->seed >> 12) % below;
}

static void world_signup(struct world *w, int i)
{
    const char *const evs[] = {ev_small, ev_large, ev_open};
    if (w->ticket_count == TICKETS || w->q[i].log_count > 40)
        return;
    struct ticket *t = &w->tickets[w->ticket_count++];
    t->kiosk = i;
    hubkit_signup(&w->q[i], evs[roll(w, 3)], 1 + (int)roll(w, 3), t->id, t->code);
    t->guaranteed = w->q[i].log[w->q[i].log_count - 1]->seat_count > 0;
}

static void world_cancel(struct world *w)
{
    if (!w->ticket_count)
        return;
    struct ticket *t = &w->tickets[roll(w, (unsigned)w->ticket_count)];
    t->cancelled = true;
    hubkit_cancel(&w->q[t->kiosk], t->id, t->code);
}

/* A message may be lost on the way there or back, arrive twice, or arrive much later. */
static void world_send(struct world *w, int i)
{
    struct hubkit_message m;
    struct intake_answer a;
    hubkit_pack(&w->q[i], &m);
    m.kiosk = i;
    if (roll(w, 8) != 0) {
        hubkit_deliver(&w->k, &w->q[i], &m, &a);
        assert_true(a.status == 200 || a.status == 409);
        if (roll(w, 5) != 0)
            hubkit_receive(&w->k, &w->q[i], &a);
        buf_done(&a.body);
    }
    if (w->late_count < MESSAGES && roll(w, 3) == 0)
        w->late[w->late_count++] = m;
    else
        buf_done(&m.body);
}

static void world_late(struct world *w)
{
    struct intake_answer a;
    if (!w->late_count)
        return;
    int i = (int)roll(w, (unsigned)w->late_count);
    hubkit_deliver(&w->k, &w->q[w->late[i].kiosk], &w->late[i], &a);
    buf_done(&a.body); /* nobody waits for it any more */
    buf_done(&w->late[i].body);
    w->late[i] = w->late[--w->late_count];
}

static void world_step(struct world *w)
{
    int i = (int)roll(w, KIOSKS);
    switch (roll(w, 10)) {
    case 0:
        world_cancel(w);
        break;
    case 1:
        hubkit_return(&w->q[i]);
        break;
    case 2:
        hubkit_want(&w->q[i], ev_large, 1 + (int)roll(w, 8));
        break;
    case 3:
        world_late(w);
        break;
    case 4:
    case 5:
        world_send(w, i);
        break;
    default:
        world_signup(w, i);
    }
}

static void world_settle(struct world *w)
{
    while (w->late_count)
        world_late(w);
    for (int round = 0; round < 12; round++)
        for (int i = 0; i < KIOSKS; i++)
            hubkit_exchange(&w->k, &w->q[i]);
    for (int i = 0; i < KIOSKS; i++)
        assert_int_equal(w->q[i].log_count, 0);
}

static void world_judge(struct world *w)
{
    assert_int_equal(hubkit_number(&w->k, "SELECT count(*) FROM signup"), w->ticket_count);
    assert_int_equal(hubkit_number(&w->k, "SELECT count(*) FROM signup WHERE state = 'displaced'"), 0);
    for (int i = 0; i < w->ticket_count; i++) {
        const struct ticket *t = &w->tickets[i];
        const struct hubkit_told *told = hubkit_told_of(&w->q[t->kiosk], t->id);
        struct signup s;
        assert_non_null(told);
        assert_int_equal(signup_by_id(w->k.hub.db, t->id, &s, NULL), ERR_NONE);
        assert_int_equal(told->st, s.state);
        if (t->cancelled)
            assert_int_equal(s.state, WIRE_CANCELLED);
        else if (t->guaranteed)
            assert_int_equal(s.state, WIRE_CONFIRMED);
    }
}

static void test_seats__interleaved_batches_never_oversell(void **state)
{
    (void)state;
    /* Over a socket to PostgreSQL each step takes ten times as long. */
    unsigned worlds = getenv("SOSEDI_DATABASE") ? 2 : 12;
    for (unsigned seed = 1; seed <= worlds; seed++) {
        struct world *w = mem_new(1, sizeof *w);
        w->seed = seed * 7919;
        hubkit_init(&w->k, noon);
        hubkit_event(&w->k, ev_small, 7, 86400);
        hubkit_event(&w->k, ev_large, 60, 86400);
        hubkit_event(&w->k, ev_open, -1, 86400);
        for (int i = 0; i < KIOSKS; i++)
            hubkit_kiosk_init(&w->k, &w->q[i]);
        for (int step = 0; step < 250; step++) {
            world_step(w);
            assert_not_oversold(&w->k);
        }
        world_settle(w);
        assert_not_oversold(&w->k);
        world_judge(w);
        for (int i = 0; i < KIOSKS; i++)
            hubkit_kiosk_done(&w->q[i]);
        hubkit_done(&w->k);
        free(w);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_seats__hub_confirms_until_full_then_queues),
        cmocka_unit_test(test_seats__no_capacity_confirms_everyone),
        cmocka_unit_test(test_seats__a_grant_is_sent_until_it_is_held),
        cmocka_unit_test(test_seats__the_hub_keeps_a_fifth_for_who_asks),
        cmocka_unit_test(test_seats__small_and_started_events_are_not_leased),
        cmocka_unit_test(test_seats__returned_seats_go_to_who_waits),
        cmocka_unit_test(test_seats__capacity_follows_the_organiser),
        cmocka_unit_test(test_seats__capacity_that_comes_later_counts_who_is_there),
        cmocka_unit_test(test_seats__a_seat_sold_twice_is_given_once),
        cmocka_unit_test(test_seats__write_off_frees_what_a_lost_kiosk_held),
        cmocka_unit_test(test_seats__interleaved_batches_never_oversell),
    };
    return cmocka_run_group_tests(tests, set_up, NULL);
}
