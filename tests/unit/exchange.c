/* Push: every act of a person reaches the hub exactly once, whatever becomes of batches and replies. */
#include "sync/exchange.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "sync/wire_reply.h"
#include "tests/support/fakehub.h"

static const char occurrence[] = "0198a1b2-0000-7000-8000-00000000e001";

struct fixture {
    char dir[64];
    struct fakehub *hub;
    struct keyring keys;
    struct clock clock;
    struct ledger *ledger;
    struct exchange x;
    struct error e;
};

static void enrol(struct fixture *f)
{
    char kid[CRYPTO_KID + 1];
    struct buf root;
    crypto_kid(kid, f->hub->kiosk_pk);
    buf_init(&root, 64);
    crypto_b64(&root, f->hub->doc.root, sizeof f->hub->doc.root);
    struct ledger_enrolment x = {.hub = "http://127.0.0.1:1",
                                 .kid = kid,
                                 .name = "Test",
                                 .scope = "all",
                                 .host = "hub.example",
                                 .root_b64 = root.data,
                                 .epoch = 1,
                                 .inc = 1};
    assert_int_equal(ledger_enrol(f->ledger, &x, &f->e), ERR_NONE);
    assert_int_equal(ledger_set_keys(f->ledger, 1, f->hub->doc_body[1].data, &f->e), ERR_NONE);
    assert_int_equal(keyring_load(&f->keys, f->ledger, &f->e), ERR_NONE);
    assert_int_equal(f->keys.doc.n, 1);
    buf_done(&root);
}

static int set_up(void **state)
{
    struct fixture *f = calloc(1, sizeof *f);
    snprintf(f->dir, sizeof f->dir, "/tmp/sosedi-exchange-XXXXXX");
    assert_non_null(mkdtemp(f->dir));
    f->hub = fakehub_new();
    f->clock = clock_test(INT64_C(1777629000000));
    assert_int_equal(ledger_open(&f->ledger, f->dir, &f->clock, true, &f->e), ERR_NONE);
    enrol(f);
    exchange_init(&f->x, &f->hub->base, f->ledger, &f->keys, &f->clock, f->hub->kiosk_sk);
    *state = f;
    return 0;
}

static int tear_down(void **state)
{
    struct fixture *f = *state;
    char command[128];
    exchange_done(&f->x);
    ledger_close(f->ledger);
    fakehub_free(f->hub);
    snprintf(command, sizeof command, "rm -rf %s", f->dir);
    assert_int_equal(system(command), 0);
    free(f);
    return 0;
}

/* Somebody signs up; the event has no numbered seats when capacity is -1. */
static void sign_up(struct fixture *f, int capacity, struct ticket *out)
{
    char name[] = "Chess";
    struct content event = {.name = name, .capacity = capacity, .terms = 1, .registration_open = true};
    struct row row = {.start = 1780000000, .end = 1780003600};
    snprintf(row.occurrence, sizeof row.occurrence, "%s", occurrence);
    struct signup_draft draft = {.occurrence = &row,
                                 .event = &event,
                                 .party = 1,
                                 .name = "Anna",
                                 .telephone = "+79990000000",
                                 .email = "",
                                 .lang = "ru",
                                 .sign_sk = f->hub->kiosk_sk};
    if (ledger_sign_up(f->ledger, &draft, out, &f->e))
        fail_msg("%s", f->e.text);
}

static void sign_up_many(struct fixture *f, int n)
{
    struct ticket t;
    for (int i = 0; i < n; i++)
        sign_up(f, -1, &t);
}

static enum exchange_result step(struct fixture *f) { return exchange_step(&f->x, 1, 0, &f->e); }

/* Steps until it wants no more. */
static enum exchange_result push(struct fixture *f)
{
    enum exchange_result r = step(f);
    for (int i = 0; r == EXCHANGE_AGAIN; i++) {
        assert_true(i < 200);
        r = step(f);
    }
    return r;
}

static int unsent(struct fixture *f)
{
    struct ledger_status s;
    assert_int_equal(ledger_status(f->ledger, &s, &f->e), ERR_NONE);
    return s.unsent;
}

static void assert_each_once(const struct fakehub *h, int n)
{
    assert_int_equal(h->said_count, n);
    for (int i = 0; i < n; i++)
        for (int k = 0; k < i; k++)
            assert_string_not_equal(h->said[i], h->said[k]);
}

/* ---- the plain way */

static void test_exchange__sign_up_arrives_and_is_acknowledged(void **state)
{
    struct fixture *f = *state;
    struct ticket t;
    sign_up(f, -1, &t);
    assert_int_equal(unsent(f), 1);
    assert_int_equal(push(f), EXCHANGE_DONE);
    assert_int_equal(unsent(f), 0);
    assert_each_once(f->hub, 1);
    assert_string_equal(f->hub->said[0], t.id);
    assert_int_equal(f->hub->batches, 1);
}

static void test_exchange__nothing_to_say_asks_for_news(void **state)
{
    struct fixture *f = *state;
    assert_int_equal(push(f), EXCHANGE_DONE);
    assert_int_equal(f->hub->batches, 1);
    assert_int_equal(f->hub->envelope_ops, 0);
    assert_int_equal(f->hub->envelope.first, 1);
}

static void test_exchange__long_log_goes_in_batches_of_fifty(void **state)
{
    struct fixture *f = *state;
    sign_up_many(f, 120);
    assert_int_equal(push(f), EXCHANGE_DONE);
    assert_int_equal(f->hub->batches, 3);
    assert_each_once(f->hub, 120);
}

static void test_exchange__decision_reaches_the_ticket(void **state)
{
    struct fixture *f = *state;
    struct ticket t, now;
    struct wire_decision d = {.dn = 1, .st = WIRE_CONFIRMED, .seat_count = 1, .seats = {7}};
    sign_up(f, 10, &t);
    memcpy(d.id, t.id, sizeof d.id);
    wire_decision_write(&d, &f->hub->extra);
    assert_int_equal(push(f), EXCHANGE_DONE);
    assert_int_equal(ledger_ticket_by_id(f->ledger, t.id, &now, &f->e), ERR_NONE);
    assert_int_equal(now.state, TICKET_CONFIRMED);
    assert_int_equal(now.seats[0], 7);
    assert_int_equal(push(f), EXCHANGE_DONE);
    assert_int_equal(f->hub->envelope.inbox, 1);
}

static void add_grant(struct fixture *f, int64_t lease, const uint8_t sk[CRYPTO_SIGN_SECRET])
{
    char kid[CRYPTO_KID + 1];
    struct wire_grant g = {.lease = lease, .first = 1, .last = 4, .terms = 1};
    crypto_kid(kid, f->hub->kiosk_pk);
    memcpy(g.ev, occurrence, sizeof g.ev);
    wire_grant_sign(&g, kid, sk);
    wire_grant_write(&g, &f->hub->extra);
}

static void test_exchange__lease_is_taken_once_and_told(void **state)
{
    struct fixture *f = *state;
    add_grant(f, 77, f->hub->lease_sk);
    assert_int_equal(push(f), EXCHANGE_DONE);
    assert_int_equal(ledger_stock(f->ledger, occurrence), 4);
    assert_int_equal(push(f), EXCHANGE_DONE);
    assert_int_equal(ledger_stock(f->ledger, occurrence), 4);
    assert_int_equal(f->hub->envelope.held_count, 1);
    assert_int_equal(f->hub->envelope.held[0], 77);
}

static void test_exchange__lease_by_another_key_is_not_taken(void **state)
{
    struct fixture *f = *state;
    add_grant(f, 77, f->hub->feed_sk);
    assert_int_equal(push(f), EXCHANGE_DONE);
    assert_int_equal(ledger_stock(f->ledger, occurrence), 0);
}

static void test_exchange__reply_sets_the_clock(void **state)
{
    struct fixture *f = *state;
    f->clock = clock_test(INT64_C(946684800000));
    f->clock.quality = CLOCK_UNSET;
    assert_int_equal(push(f), EXCHANGE_DONE);
    assert_int_equal(clock_wall_ms(&f->clock), INT64_C(1777629600000));
    assert_int_equal(f->clock.quality, CLOCK_OK);
}

/* ---- what may happen to replies: each row spoils the first `times` answers */

struct spoil {
    const char *name;
    int times;
    enum err (*how)(struct fakehub *h, struct transport_answer *a);
    enum fault fault; /* of the spoilt push */
};

static const struct spoil *spoiling;

static enum err lose(struct fakehub *h, struct transport_answer *a)
{
    (void)h, (void)a;
    return ERR_NET;
}
static enum err time_out(struct fakehub *h, struct transport_answer *a)
{
    (void)h, (void)a;
    return ERR_TIMEOUT;
}
static enum err cut(struct fakehub *h, struct transport_answer *a)
{
    (void)h;
    a->body.data[a->body.len /= 2] = 0;
    return ERR_NONE;
}
static enum err flip(struct fakehub *h, struct transport_answer *a)
{
    (void)h;
    a->body.data[20] ^= 1;
    return ERR_NONE;
}
static enum err other_nonce(struct fakehub *h, struct transport_answer *a)
{
    char body[2000];
    snprintf(body, sizeof body, "%s", a->body.data);
    char *mark = strstr(body, "\"nonce\":\"");
    mark[9] = mark[9] == 'A' ? 'B' : 'A';
    fakehub_answer_signed(h, a, 200, body);
    return ERR_NONE;
}
static enum err other_log(struct fakehub *h, struct transport_answer *a)
{
    char body[2000];
    snprintf(body, sizeof body, "%s", a->body.data);
    char *mark = strstr(body, "\"h\":\"");
    mark[5] = mark[5] == '0' ? '1' : '0';
    fakehub_answer_signed(h, a, 200, body);
    return ERR_NONE;
}
static enum err portal(struct fakehub *h, struct transport_answer *a)
{
    (void)h;
    buf_clear(&a->body);
    buf_add_str(&a->body, "<html>Log in to the network</html>");
    return ERR_NONE;
}
static enum err with_status(struct transport_answer *a, int status)
{
    a->status = status;
    buf_clear(&a->body);
    a->signature[0] = 0;
    return ERR_NONE;
}
static enum err unsigned_conflict(struct fakehub *h, struct transport_answer *a)
{
    return (void)h, with_status(a, 409);
}
static enum err not_known(struct fakehub *h, struct transport_answer *a) { return (void)h, with_status(a, 401); }
static enum err forbidden(struct fakehub *h, struct transport_answer *a) { return (void)h, with_status(a, 403); }
static enum err revoked(struct fakehub *h, struct transport_answer *a)
{
    char body[200];
    snprintf(body, sizeof body, "{\"type\":\"revoked\",\"nonce\":\"%s\"}\n", h->envelope.nonce);
    fakehub_answer_signed(h, a, 403, body);
    return ERR_NONE;
}
static enum err broken(struct fakehub *h, struct transport_answer *a) { return (void)h, with_status(a, 500); }
static enum err busy(struct fakehub *h, struct transport_answer *a)
{
    (void)h;
    a->retry_after_s = 30;
    return with_status(a, 503);
}

static enum err spoil_some(struct fakehub *h, const struct transport_request *q, struct transport_answer *a)
{
    (void)q;
    return h->tampered++ < spoiling->times ? spoiling->how(h, a) : ERR_NONE;
}

static void test_exchange__spoilt_replies_lose_and_double_nothing(void **state)
{
    static const struct spoil rows[] = {
        {"reply lost", 1, lose, FAULT_NET},
        {"reply late", 3, time_out, FAULT_NET},
        {"reply cut", 1, cut, FAULT_SIGN},
        {"reply changed", 2, flip, FAULT_SIGN},
        {"reply to another batch", 1, other_nonce, FAULT_SIGN},
        {"reply about another log", 1, other_log, FAULT_SIGN},
        {"captive portal", 2, portal, FAULT_SIGN},
        {"409 that nobody signed", 1, unsigned_conflict, FAULT_SIGN},
        {"401", 1, not_known, FAULT_REFUSED},
        {"403", 1, revoked, FAULT_REVOKED},
        {"403 that nobody signed", 1, forbidden, FAULT_REFUSED},
        {"500", 1, broken, FAULT_HUB},
        {"503", 1, busy, FAULT_BUSY},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct fixture *f = *state;
        print_message("%s\n", rows[i].name);
        sign_up_many(f, 7);
        spoiling = &rows[i];
        f->hub->tamper = spoil_some;
        assert_int_equal(push(f), EXCHANGE_FAILED);
        assert_int_equal(f->x.fault, rows[i].fault);
        assert_int_equal(f->x.retry_after_s, rows[i].how == busy ? 30 : -1);
        assert_int_equal(unsent(f), 7);
        while (f->hub->tampered < rows[i].times)
            assert_int_equal(push(f), EXCHANGE_FAILED);
        assert_int_equal(push(f), EXCHANGE_DONE);
        assert_int_equal(unsent(f), 0);
        assert_each_once(f->hub, 7);
        if (i + 1 < sizeof rows / sizeof rows[0]) {
            tear_down(state);
            set_up(state);
        }
    }
}

static int refuse_big(struct fakehub *h, const struct transport_request *q)
{
    return (void)q, h->envelope_ops > 3 ? 413 : 0;
}
static int refuse_all_malformed(struct fakehub *h, const struct transport_request *q) { return (void)h, (void)q, 400; }
static int refuse_all_large(struct fakehub *h, const struct transport_request *q) { return (void)h, (void)q, 413; }

static void test_exchange__refused_batches_are_halved(void **state)
{
    struct fixture *f = *state;
    sign_up_many(f, 20);
    f->hub->gate = refuse_big;
    assert_int_equal(push(f), EXCHANGE_DONE);
    assert_int_equal(unsent(f), 0);
    assert_each_once(f->hub, 20);
}

/* A captive portal answered every POST with 400, and sign-ups were set aside for it. */
static void test_exchange__refusal_that_nobody_signed_sets_nothing_aside(void **state)
{
    struct fixture *f = *state;
    int (*const gates[])(struct fakehub *, const struct transport_request *) = {refuse_all_malformed, refuse_all_large};
    sign_up_many(f, 9);
    for (int i = 0; i < 2; i++) {
        f->hub->gate = gates[i];
        for (int k = 0; k < 3; k++)
            assert_int_equal(push(f), EXCHANGE_FAILED);
        assert_int_equal(f->x.fault, FAULT_HUB);
        assert_int_equal(unsent(f), 9);
    }
    f->hub->gate = NULL;
    assert_int_equal(push(f), EXCHANGE_DONE);
    assert_each_once(f->hub, 9);
}

/* ---- what the hub may order */

static enum err order_once(struct fakehub *h, struct transport_answer *a, const char *type, int64_t newinc,
                           int64_t epoch)
{
    char body[400];
    struct wire_refusal r = {
        .type = strcmp(type, "epoch") == 0 ? WIRE_EPOCH : WIRE_RESET, .epoch = epoch, .newinc = newinc};
    struct buf out;
    snprintf(r.why, sizeof r.why, "%s", r.type == WIRE_RESET ? "log-diverged" : "");
    memcpy(r.nonce, h->envelope.nonce, sizeof r.nonce);
    buf_init(&out, sizeof body - 1);
    wire_refusal_write(&r, &out);
    snprintf(body, sizeof body, "%s", out.data);
    buf_done(&out);
    fakehub_answer_signed(h, a, 409, body);
    return ERR_NONE;
}

static enum err reset_once(struct fakehub *h, const struct transport_request *q, struct transport_answer *a)
{
    (void)q;
    return h->tampered++ ? ERR_NONE : order_once(h, a, "reset", 5, 1);
}
static enum err epoch_once(struct fakehub *h, const struct transport_request *q, struct transport_answer *a)
{
    (void)q;
    return h->tampered++ ? ERR_NONE : order_once(h, a, "epoch", 9, 2);
}
static enum err reset_always(struct fakehub *h, const struct transport_request *q, struct transport_answer *a)
{
    (void)q;
    return order_once(h, a, "reset", h->envelope.inc + 1, 1);
}
static enum err reset_backwards(struct fakehub *h, const struct transport_request *q, struct transport_answer *a)
{
    (void)q;
    return order_once(h, a, "reset", h->envelope.inc, 1);
}

static void test_exchange__reset_drops_leases_and_sends_again(void **state)
{
    struct fixture *f = *state;
    add_grant(f, 77, f->hub->lease_sk);
    assert_int_equal(push(f), EXCHANGE_DONE);
    buf_clear(&f->hub->extra);
    sign_up_many(f, 3);
    f->hub->tamper = reset_once;
    assert_int_equal(push(f), EXCHANGE_DONE);
    assert_int_equal(f->hub->envelope.inc, 5);
    assert_int_equal(f->hub->envelope.first, 1);
    assert_int_equal(ledger_stock(f->ledger, occurrence), 0);
    assert_int_equal(unsent(f), 0);
}

static void test_exchange__new_epoch_keeps_leases(void **state)
{
    struct fixture *f = *state;
    add_grant(f, 77, f->hub->lease_sk);
    assert_int_equal(push(f), EXCHANGE_DONE);
    buf_clear(&f->hub->extra);
    sign_up_many(f, 3);
    f->hub->tamper = epoch_once;
    assert_int_equal(push(f), EXCHANGE_DONE);
    assert_int_equal(f->hub->envelope.epoch, 2);
    assert_int_equal(f->hub->envelope.inc, 9);
    assert_int_equal(ledger_stock(f->ledger, occurrence), 4);
}

static void test_exchange__endless_resets_end(void **state)
{
    struct fixture *f = *state;
    sign_up_many(f, 1);
    f->hub->tamper = reset_always;
    assert_int_equal(push(f), EXCHANGE_FAILED);
    assert_int_equal(f->x.fault, FAULT_HUB);
    assert_true(f->hub->batches < 10);
    assert_int_equal(unsent(f), 1);
}

static void test_exchange__incarnation_never_falls(void **state)
{
    struct fixture *f = *state;
    sign_up_many(f, 1);
    f->hub->tamper = reset_backwards;
    assert_int_equal(push(f), EXCHANGE_FAILED);
    assert_int_equal(f->hub->batches, 1);
}

/* The hub finds one operation malformed, whatever is in the batch with it: it alone is set aside, by the hub's signed
 * word. */
static char malformed_id[CONTENT_ID];

static int refuse_one(struct fakehub *h, const struct transport_request *q)
{
    (void)h;
    return memmem(q->body, q->body_len, malformed_id, strlen(malformed_id)) ? 400 : 0;
}
static enum err sign_refusal(struct fakehub *h, const struct transport_request *q, struct transport_answer *a)
{
    char body[200];
    (void)q;
    if (a->status != 400)
        return ERR_NONE;
    snprintf(body, sizeof body, "{\"type\":\"malformed\",\"nonce\":\"%s\"}\n", h->envelope.nonce);
    fakehub_answer_signed(h, a, 400, body);
    return ERR_NONE;
}

static void test_exchange__one_malformed_operation_is_set_aside(void **state)
{
    struct fixture *f = *state;
    struct ticket t;
    sign_up_many(f, 2);
    sign_up(f, -1, &t);
    snprintf(malformed_id, sizeof malformed_id, "%s", t.id);
    sign_up_many(f, 5);
    f->hub->gate = refuse_one;
    f->hub->tamper = sign_refusal;
    assert_int_equal(push(f), EXCHANGE_DONE);
    assert_int_equal(unsent(f), 0);
    assert_int_equal(f->hub->envelope.inc, 2);
    /* The new log tells those again that are not safe yet; the hub knows them by their ids. */
    for (int i = 0; i < f->hub->said_count; i++)
        assert_string_not_equal(f->hub->said[i], t.id);
    assert_int_equal(ledger_ticket_by_id(f->ledger, t.id, &t, &f->e), ERR_NONE);
}

static enum err never_enough(struct fakehub *h, const struct transport_request *q, struct transport_answer *a)
{
    (void)q;
    char body[2000];
    snprintf(body, sizeof body, "%s", a->body.data);
    char *mark = strstr(body, "\"more\":false");
    memcpy(mark + 7, "true ", 5);
    fakehub_answer_signed(h, a, 200, body);
    return ERR_NONE;
}

static void test_exchange__endless_more_ends(void **state)
{
    struct fixture *f = *state;
    enum exchange_result r = EXCHANGE_AGAIN;
    f->hub->tamper = never_enough;
    int i = 0;
    for (; r == EXCHANGE_AGAIN && i < 2000; i++)
        r = step(f);
    assert_int_equal(r, EXCHANGE_FAILED);
    assert_true(i < 1000);
}

static void test_exchange__newer_keys_are_noticed(void **state)
{
    struct fixture *f = *state;
    uint8_t feed_sk[CRYPTO_SIGN_SECRET];
    memcpy(feed_sk, f->hub->feed_sk, sizeof feed_sk);
    fakehub_rotate_keys(f->hub);
    memcpy(f->hub->feed_sk, feed_sk, sizeof feed_sk);
    assert_int_equal(push(f), EXCHANGE_DONE);
    assert_true(f->x.new_keys);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
#define CASE(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
        CASE(test_exchange__sign_up_arrives_and_is_acknowledged),
        CASE(test_exchange__nothing_to_say_asks_for_news),
        CASE(test_exchange__long_log_goes_in_batches_of_fifty),
        CASE(test_exchange__decision_reaches_the_ticket),
        CASE(test_exchange__lease_is_taken_once_and_told),
        CASE(test_exchange__lease_by_another_key_is_not_taken),
        CASE(test_exchange__reply_sets_the_clock),
        CASE(test_exchange__spoilt_replies_lose_and_double_nothing),
        CASE(test_exchange__refused_batches_are_halved),
        CASE(test_exchange__refusal_that_nobody_signed_sets_nothing_aside),
        CASE(test_exchange__reset_drops_leases_and_sends_again),
        CASE(test_exchange__new_epoch_keeps_leases),
        CASE(test_exchange__endless_resets_end),
        CASE(test_exchange__incarnation_never_falls),
        CASE(test_exchange__one_malformed_operation_is_set_aside),
        CASE(test_exchange__endless_more_ends),
        CASE(test_exchange__newer_keys_are_noticed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
