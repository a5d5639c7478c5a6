/* The log as it is sent, replies as they are taken, and what may be forgotten. */
#include "kiosk/store/ledger_sync.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "kiosk/base/json.h"
#include "kiosk/ticket/token.h"
#include "tests/support/enrolled.h"

enum { DAY_MS = 86400000 };

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

/* A batch whose chain is checked against the specification, recomputed here from the lines alone. */
static void check_batch(struct enrolled *x, struct ledger_batch *out, int max_ops)
{
    struct error e;
    *out = (struct ledger_batch){0};
    buf_init(&out->lines, 1 << 18);
    if (ledger_batch(x->l, out, max_ops, &e))
        fail_msg("%s", e.text);
    uint8_t h[CRYPTO_HASH];
    assert_true(crypto_from_hex(h, sizeof h, out->h0));
    int64_t n = out->first;
    for (char *line = out->lines.data, *end; (end = strchr(line, '\n')); line = end + 1, n++) {
        uint8_t both[CRYPTO_HASH + 20000];
        size_t len = (size_t)(end - line);
        char hex[65], query[200];
        struct json *j;
        assert_int_equal(json_parse(&j, line, len, 1 << 16, NULL), ERR_NONE);
        assert_int_equal(json_int(j, "n", 0), n);
        json_free(j);
        memcpy(both, h, sizeof h);
        memcpy(both + sizeof h, line, len);
        crypto_digest(h, both, sizeof h + len);
        crypto_hex(hex, h, sizeof h);
        snprintf(query, sizeof query, "SELECT h = '%s' FROM op WHERE n = %d", hex, (int)n);
        if (enrolled_count(x, query) != 1)
            fail_msg("the chain breaks at operation %d", (int)n);
    }
    assert_int_equal(out->last, n - 1);
    buf_done(&out->lines);
}

static void ack(struct enrolled *x, int64_t n, int64_t opseq, int64_t safe)
{
    struct error e;
    assert_int_equal(ledger_reply_begin(x->l, &e), ERR_NONE);
    if (ledger_reply_ack(x->l, n, opseq, safe, &e))
        fail_msg("%s", e.text);
    assert_int_equal(ledger_reply_commit(x->l, &e), ERR_NONE);
}

static enum err decide(struct enrolled *x, const char *line)
{
    assert_int_equal(ledger_reply_begin(x->l, NULL), ERR_NONE);
    enum err code = ledger_reply_decision(x->l, line, strlen(line), NULL);
    if (code)
        ledger_reply_abort(x->l);
    else
        assert_int_equal(ledger_reply_commit(x->l, NULL), ERR_NONE);
    return code;
}

/* ---- batches */

static void test_ledger_sync__batches_follow_one_another(void **state)
{
    struct enrolled *x = *state;
    struct ledger_batch b;
    check_batch(x, &b, 50);
    assert_true(b.first == 1 && b.last == 0 && b.inc == 1 && b.epoch == 1 && !b.anchor_lost);
    assert_int_equal(strspn(b.h0, "0"), 64);
    assert_false(ledger_has_unsent(x->l));
    for (int i = 0; i < 5; i++)
        enrolled_sign_up(x);
    assert_true(ledger_has_unsent(x->l));
    check_batch(x, &b, 3);
    assert_true(b.first == 1 && b.last == 3);
    ack(x, 3, 10, 0);
    check_batch(x, &b, 50);
    assert_true(b.first == 4 && b.last == 5);
    ack(x, 5, 12, 0);
    check_batch(x, &b, 50);
    assert_true(b.first == 6 && b.last == 5);
    assert_false(ledger_has_unsent(x->l));
}

static void test_ledger_sync__a_small_buffer_takes_fewer(void **state)
{
    struct enrolled *x = *state;
    struct ledger_batch b = {0};
    for (int i = 0; i < 5; i++)
        enrolled_sign_up(x);
    buf_init(&b.lines, 1500);
    assert_int_equal(ledger_batch(x->l, &b, 50, NULL), ERR_NONE);
    assert_in_range(b.last, 1, 4);
    assert_false(b.lines.overflow);
    buf_done(&b.lines);
}

static void test_ledger_sync__an_ack_of_what_was_never_said_is_refused(void **state)
{
    struct enrolled *x = *state;
    enrolled_sign_up(x);
    assert_int_equal(ledger_reply_begin(x->l, NULL), ERR_NONE);
    assert_int_equal(ledger_reply_ack(x->l, 2, 10, 0, NULL), ERR_INVALID);
    ledger_reply_abort(x->l);
    assert_true(ledger_has_unsent(x->l));
}

static void test_ledger_sync__held_names_what_the_hub_must_know(void **state)
{
    struct enrolled *x = *state;
    struct ledger_batch b;
    x->event.capacity = 40;
    enrolled_grant(x, 5, 1, 2, 1);
    enrolled_grant(x, 6, 3, 3, 1);
    check_batch(x, &b, 50);
    assert_int_equal(b.held_count, 2);
    ack(x, 0, 0, 0); /* the hub has seen both now */
    x->draft.party = 2;
    enrolled_sign_up(x);
    check_batch(x, &b, 50);
    assert_int_equal(b.held_count, 1);
    assert_int_equal(b.held[0], 6);
    /* A lease that was sold out before the hub saw it is still named, or it would come again and again. */
    enrolled_grant(x, 8, 11, 12, 1);
    enrolled_sign_up(x);
    assert_int_equal(enrolled_count(x, "SELECT count(*) FROM stock WHERE lease = 8"), 0);
    check_batch(x, &b, 50);
    assert_int_equal(b.held_count, 2);
    /* The hub refuses a list that does not rise, so new ones never stand before known ones with lower numbers. */
    assert_true(b.held[0] == 6 && b.held[1] == 8);
}

/* It was refused by the hub for ever once: leases the hub had heard of stood behind those that it had not. */
static void test_ledger_sync__held_rises_whatever_the_hub_has_heard_of(void **state)
{
    struct enrolled *x = *state;
    struct ledger_batch b;
    x->event.capacity = 40;
    enrolled_grant(x, 5, 1, 2, 1);
    enrolled_grant(x, 6, 3, 4, 1);
    check_batch(x, &b, 50);
    ack(x, 0, 0, 0);
    enrolled_grant(x, 7, 5, 6, 1);
    check_batch(x, &b, 50);
    assert_int_equal(b.held_count, 3);
    for (int i = 0; i < 3; i++)
        assert_int_equal(b.held[i], 5 + i);
}

/* ---- decisions */

static void test_ledger_sync__decisions(void **state)
{
    struct enrolled *x = *state;
    static const struct {
        const char *row, *rest;
        enum ticket_state want;
        int pos, seat;
    } table[] = {
        {"confirmed", "\"st\":\"confirmed\",\"seats\":[7,8],\"lease\":0", TICKET_CONFIRMED, 0, 7},
        {"waitlisted", "\"st\":\"waitlisted\",\"seats\":[],\"pos\":3", TICKET_WAITING, 3, 0},
        {"displaced", "\"st\":\"displaced\"", TICKET_DISPLACED, 0, 0},
        {"called off", "\"st\":\"event_cancelled\"", TICKET_EVENT_CANCELLED, 0, 0},
        {"moved", "\"st\":\"terms_changed\"", TICKET_TERMS_CHANGED, 0, 0},
        {"conflict", "\"st\":\"conflict\"", TICKET_CONFLICT, 0, 0},
        {"quarantined", "\"st\":\"quarantined\"", TICKET_QUARANTINED, 0, 0},
        {"a word of a later version", "\"st\":\"teleported\"", TICKET_ASKING, 0, 0},
        {"asking is no decision", "\"st\":\"asking\"", TICKET_ASKING, 0, 0},
        {"cancelled", "\"st\":\"cancelled\"", TICKET_CANCELLED, 0, 0},
    };
    x->event.capacity = 4;
    for (size_t i = 0; i < sizeof table / sizeof table[0]; i++) {
        char line[400];
        struct ticket t = enrolled_sign_up(x);
        snprintf(line, sizeof line, "{\"t\":\"decision\",\"dn\":%zu,\"id\":\"%s\",%s}", i + 1, t.id, table[i].rest);
        assert_int_equal(decide(x, line), ERR_NONE);
        assert_int_equal(ledger_ticket_by_id(x->l, t.id, &t, NULL), ERR_NONE);
        if (t.state != table[i].want || t.pos != table[i].pos || t.seats[0] != table[i].seat)
            fail_msg("%s: state %d pos %d seat %d", table[i].row, t.state, t.pos, t.seats[0]);
    }
}

static void test_ledger_sync__a_decision_is_taken_once(void **state)
{
    struct enrolled *x = *state;
    struct ledger_batch b;
    char line[300];
    x->event.capacity = 4;
    struct ticket t = enrolled_sign_up(x);
    snprintf(line, sizeof line, "{\"t\":\"decision\",\"dn\":5,\"id\":\"%s\",\"st\":\"waitlisted\",\"pos\":2}", t.id);
    assert_int_equal(decide(x, line), ERR_NONE);
    snprintf(line, sizeof line, "{\"t\":\"decision\",\"dn\":5,\"id\":\"%s\",\"st\":\"confirmed\",\"seats\":[1]}", t.id);
    assert_int_equal(decide(x, line), ERR_NONE);
    assert_int_equal(ledger_ticket_by_id(x->l, t.id, &t, NULL), ERR_NONE);
    assert_int_equal(t.state, TICKET_WAITING);
    check_batch(x, &b, 50);
    assert_int_equal(b.inbox, 5);
    assert_int_equal(decide(x, "{\"t\":\"decision\",\"dn\":6,\"id\":\"nobody\",\"st\":\"confirmed\"}"), ERR_NONE);
    assert_int_equal(decide(x, "{\"t\":\"decision\",\"st\":\"confirmed\"}"), ERR_INVALID);
    assert_int_equal(decide(x, "not json"), ERR_INVALID);
    check_batch(x, &b, 50);
    assert_int_equal(b.inbox, 6);
}

static void test_ledger_sync__what_the_person_cancelled_stays_so(void **state)
{
    struct enrolled *x = *state;
    char line[300];
    x->event.capacity = 4;
    struct ticket t = enrolled_sign_up(x);
    assert_int_equal(ledger_cancel(x->l, t.id, NULL), ERR_NONE);
    snprintf(line, sizeof line, "{\"t\":\"decision\",\"dn\":1,\"id\":\"%s\",\"st\":\"confirmed\",\"seats\":[1]}", t.id);
    assert_int_equal(decide(x, line), ERR_NONE);
    assert_int_equal(ledger_ticket_by_id(x->l, t.id, &t, NULL), ERR_NONE);
    assert_int_equal(t.state, TICKET_CANCELLED);
}

/* The hub told that it was cancelled (at another kiosk, or here, in a life that an older copy of this log overwrote),
 * was restored, and confirmed it again. */
static void test_ledger_sync__a_cancellation_that_the_hub_forgot_is_told_again(void **state)
{
    struct enrolled *x = *state;
    struct ledger_batch b;
    char line[300];
    x->event.capacity = 4;
    struct ticket t = enrolled_sign_up(x);
    snprintf(line, sizeof line, "{\"t\":\"decision\",\"dn\":1,\"id\":\"%s\",\"st\":\"cancelled\"}", t.id);
    assert_int_equal(decide(x, line), ERR_NONE);
    check_batch(x, &b, 50);
    int64_t last = b.last;
    for (int dn = 2; dn < 4; dn++) { /* once is enough */
        snprintf(line, sizeof line, "{\"t\":\"decision\",\"dn\":%d,\"id\":\"%s\",\"st\":\"confirmed\",\"seats\":[1]}",
                 dn, t.id);
        assert_int_equal(decide(x, line), ERR_NONE);
    }
    buf_init(&b.lines, 1 << 18);
    assert_int_equal(ledger_batch(x->l, &b, 50, NULL), ERR_NONE);
    assert_int_equal(b.last, last + 1);
    assert_non_null(strstr(b.lines.data, "\"op\":\"cancel\""));
    buf_done(&b.lines);
    assert_int_equal(ledger_ticket_by_id(x->l, t.id, &t, NULL), ERR_NONE);
    assert_int_equal(t.state, TICKET_CANCELLED);
}

static void test_ledger_sync__a_confirmed_seat_gets_its_token(void **state)
{
    struct enrolled *x = *state;
    char line[300];
    struct token token;
    x->event.capacity = 4;
    struct ticket t = enrolled_sign_up(x);
    assert_false(t.has_token);
    ledger_use_key(x->l, x->sign_sk);
    snprintf(line, sizeof line,
             "{\"t\":\"decision\",\"dn\":1,\"id\":\"%s\",\"st\":\"confirmed\",\"seats\":[17],\"lease\":4294967301}",
             t.id);
    assert_int_equal(decide(x, line), ERR_NONE);
    assert_int_equal(ledger_ticket_by_id(x->l, t.id, &t, NULL), ERR_NONE);
    assert_true(t.has_token);
    assert_int_equal(token_read(&token, t.token, x->sign_pk, NULL), ERR_NONE);
    assert_int_equal(token.seat, 17);
    assert_int_equal(token.lease, 4294967301);
}

/* ---- leases */

static void test_ledger_sync__odd_leases_are_refused(void **state)
{
    struct enrolled *x = *state;
    static const struct {
        const char *row;
        int64_t lease;
        int first, last;
    } table[] = {{"no number", 0, 1, 2}, {"seat 0", 4, 0, 2}, {"backwards", 4, 3, 2}, {"huge", 4, 1, 2000000000}};
    for (size_t i = 0; i < sizeof table / sizeof table[0]; i++) {
        struct ledger_grant g = {
            .lease = table[i].lease, .event = ENROLLED_EVENT, .first = table[i].first, .last = table[i].last};
        assert_int_equal(ledger_reply_begin(x->l, NULL), ERR_NONE);
        if (ledger_reply_grant(x->l, &g, NULL) != ERR_INVALID)
            fail_msg("%s was taken", table[i].row);
        ledger_reply_abort(x->l);
    }
    assert_int_equal(ledger_stock(x->l, ENROLLED_EVENT), 0);
}

static void test_ledger_sync__stock_is_given_back_by_an_operation(void **state)
{
    struct enrolled *x = *state;
    char events[4][CONTENT_ID];
    struct ledger_batch b;
    x->event.capacity = 40;
    enrolled_grant(x, 5, 1, 4, 1);
    enrolled_grant(x, 6, 5, 6, 2);
    enrolled_sign_up(x);
    assert_int_equal(ledger_stock_events(x->l, events, 4), 1);
    assert_string_equal(events[0], ENROLLED_EVENT);
    assert_int_equal(ledger_return_stock(x->l, ENROLLED_EVENT, 2, NULL), ERR_NONE);
    assert_int_equal(ledger_stock(x->l, ENROLLED_EVENT), 2);
    assert_int_equal(
        enrolled_count(x, "SELECT json_extract(body, '$.seats') = '[2,3,4]' AND json_extract(body, '$.lease') = 5"
                          " FROM op WHERE kind = 'return'"),
        1);
    assert_int_equal(ledger_return_stock(x->l, ENROLLED_EVENT, -1, NULL), ERR_NONE);
    assert_int_equal(ledger_stock_events(x->l, events, 4), 0);
    check_batch(x, &b, 50);
    assert_int_equal(b.last, 3);
}

/* ---- incarnations */

static void make_history(struct enrolled *x)
{
    x->event.capacity = 40;
    enrolled_grant(x, 5, 1, 4, 1);
    for (int i = 0; i < 2; i++)
        enrolled_sign_up(x);                                                         /* 1, 2 */
    ack(x, 2, 50, 49);                                                               /* acknowledged, not safe */
    struct ticket t = enrolled_sign_up(x);                                           /* 3 */
    assert_int_equal(ledger_return_stock(x->l, ENROLLED_EVENT, -1, NULL), ERR_NONE); /* 4 */
    assert_int_equal(ledger_cancel(x->l, t.id, NULL), ERR_NONE);                     /* 5 */
    enrolled_grant(x, 6, 11, 14, 1);
}

static void test_ledger_sync__reset_renumbers_and_drops_stock(void **state)
{
    struct enrolled *x = *state;
    struct ledger_batch b;
    make_history(x);
    assert_int_equal(ledger_new_incarnation(x->l, 4, 1, true, NULL), ERR_NONE);
    check_batch(x, &b, 50);
    assert_true(b.first == 1 && b.last == 4 && b.inc == 4 && b.held_count == 0);
    assert_int_equal(strspn(b.h0, "0"), 64);
    assert_int_equal(enrolled_count(x, "SELECT count(*) FROM op WHERE kind = 'return'"), 0);
    assert_int_equal(ledger_stock(x->l, ENROLLED_EVENT), 0);
    /* The old lease is not taken again. */
    enrolled_grant(x, 6, 11, 14, 1);
    assert_int_equal(ledger_stock(x->l, ENROLLED_EVENT), 0);
    enrolled_sign_up(x);
    check_batch(x, &b, 50);
    assert_int_equal(b.last, 6); /* with its "want" */
}

static void test_ledger_sync__new_epoch_sends_again_what_is_not_safe(void **state)
{
    struct enrolled *x = *state;
    struct ledger_batch b;
    make_history(x);
    ack(x, 2, 50, 50); /* safe now: operations 1 and 2 are on the hub's backup */
    assert_int_equal(ledger_new_incarnation(x->l, 2, 2, false, NULL), ERR_NONE);
    check_batch(x, &b, 50);
    assert_true(b.first == 1 && b.last == 3 && b.inc == 2 && b.epoch == 2);
    assert_int_equal(b.held_count, 2);
    assert_int_equal(ledger_stock(x->l, ENROLLED_EVENT), 4);
    assert_int_equal(enrolled_count(x, "SELECT count(*) FROM op WHERE kind = 'return'"), 1);
    /* The safe numbers of the old epoch say nothing about the new one. */
    ack(x, 3, 7, 0);
    assert_int_equal(ledger_purge(x->l, NULL), ERR_NONE);
    assert_int_equal(enrolled_count(x, "SELECT count(*) FROM op WHERE body <> ''"), 3);
}

/* The head of a restored hub was read before the kiosk had said anything in the new epoch: its safe numbers, counted by
 * other kiosks' operations, covered what the hub had forgotten, and the renumbering left it out for ever. */
static void test_ledger_sync__a_head_of_another_epoch_makes_nothing_safe(void **state)
{
    struct enrolled *x = *state;
    struct ledger_batch b;
    enrolled_sign_up(x);
    ack(x, 1, 50, 0);
    assert_int_equal(ledger_set_safe(x->l, 2, 1000, NULL), ERR_NONE);
    assert_int_equal(ledger_purge(x->l, NULL), ERR_NONE);
    assert_int_equal(ledger_new_incarnation(x->l, 2, 2, false, NULL), ERR_NONE);
    check_batch(x, &b, 50);
    assert_true(b.first == 1 && b.last == 1);
    /* And an old one, come late, neither. */
    ack(x, 1, 3, 0);
    assert_int_equal(ledger_set_safe(x->l, 1, 1000, NULL), ERR_NONE);
    assert_int_equal(ledger_purge(x->l, NULL), ERR_NONE);
    assert_int_equal(enrolled_count(x, "SELECT count(*) FROM op WHERE body <> ''"), 1);
}

static void test_ledger_sync__set_aside_is_kept_and_passed_by(void **state)
{
    struct enrolled *x = *state;
    struct ledger_batch b;
    for (int i = 0; i < 3; i++)
        enrolled_sign_up(x);
    assert_int_equal(ledger_set_aside(x->l, 1, NULL), ERR_NONE);
    assert_int_equal(ledger_set_aside(x->l, 1, NULL), ERR_NOT_FOUND);
    check_batch(x, &b, 50);
    assert_true(b.first == 2 && b.last == 3);
    for (uint32_t inc = 2; inc < 4; inc++) {
        assert_int_equal(ledger_new_incarnation(x->l, inc, 1, true, NULL), ERR_NONE);
        check_batch(x, &b, 50);
        assert_true(b.first == 1 && b.last == 2);
        assert_int_equal(enrolled_count(x, "SELECT count(*) FROM op WHERE opseq = -1 AND body <> '' AND n < 0"), 1);
        assert_int_equal(ledger_set_safe(x->l, 1, 1000, NULL), ERR_NONE);
        assert_int_equal(ledger_purge(x->l, NULL), ERR_NONE);
    }
    assert_int_equal(ledger_set_aside(x->l, 1, NULL), ERR_NONE);
    assert_int_equal(ledger_new_incarnation(x->l, 9, 1, true, NULL), ERR_NONE);
    assert_int_equal(enrolled_count(x, "SELECT count(*) FROM op WHERE opseq = -1"), 2);
}

static void test_ledger_sync__enrolled_under_another_key(void **state)
{
    struct enrolled *x = *state;
    struct ledger_identity who;
    struct ledger_batch b;
    x->event.capacity = 40;
    enrolled_grant(x, 5, 1, 4, 1);
    enrolled_sign_up(x);
    ack(x, 1, 5, 0);
    assert_int_equal(decide(x, "{\"t\":\"decision\",\"dn\":9,\"st\":\"unknown\",\"code\":\"9LNC22CDFG\"}"), ERR_NONE);
    memcpy(x->kid, "abcdefghij", 11);
    enrolled_set(x);
    check_batch(x, &b, 50);
    assert_true(b.first == 1 && b.last == 1 && b.inbox == 0 && b.held_count == 0);
    assert_int_equal(ledger_identity(x->l, &who, NULL), ERR_NONE);
    assert_string_equal(who.kid, "abcdefghij");
    assert_true(who.has_seal);
    assert_string_equal(who.seal_id, "x1");
}

/* ---- forgetting */

static void test_ledger_sync__purge_waits_until_it_is_safe(void **state)
{
    struct enrolled *x = *state;
    struct ticket t = enrolled_sign_up(x), after;
    struct ledger_batch b;
    enrolled_sign_up(x);
    static const struct {
        const char *row;
        int64_t ack_n, opseq, safe, days;
        int bodies, signups;
    } table[] = {
        {"not sent, and long over", 0, 0, 0, 60, 2, 2},
        {"acknowledged, not safe", 2, 20, 19, 60, 2, 2},
        {"safe, the event just over", 2, 20, 20, 3, 0, 2},
        {"safe and over for 30 days", 2, 20, 20, 32, 0, 0},
    };
    for (size_t i = 0; i < sizeof table / sizeof table[0]; i++) {
        x->clock.test_wall_ms = ENROLLED_NOW + table[i].days * DAY_MS;
        ack(x, table[i].ack_n, table[i].opseq, table[i].safe);
        assert_int_equal(ledger_purge(x->l, NULL), ERR_NONE);
        int bodies = (int)enrolled_count(x, "SELECT count(*) FROM op WHERE body <> ''");
        int signups = (int)enrolled_count(x, "SELECT count(*) FROM signup");
        if (bodies != table[i].bodies || signups != table[i].signups)
            fail_msg("%s: %d bodies, %d sign-ups", table[i].row, bodies, signups);
    }
    assert_int_equal(ledger_ticket_by_id(x->l, t.id, &after, NULL), ERR_NOT_FOUND);
    assert_int_equal(enrolled_count(x, "SELECT count(*) FROM job"), 0);
    /* The chain goes on from the last hash. */
    enrolled_sign_up(x);
    check_batch(x, &b, 50);
    assert_true(b.first == 3 && b.last == 3);
}

static void test_ledger_sync__purged_boxes_leave_no_bytes(void **state)
{
    struct enrolled *x = *state;
    struct ledger_batch b = {0};
    char box[65] = "";
    enrolled_sign_up(x);
    buf_init(&b.lines, 1 << 18);
    assert_int_equal(ledger_batch(x->l, &b, 1, NULL), ERR_NONE);
    memcpy(box, strstr(b.lines.data, "\"ct\":\"") + 6, 64);
    buf_done(&b.lines);
    assert_true(folder_holds(x->folder, box, 64, NULL));
    ack(x, 1, 1, 1);
    assert_int_equal(ledger_purge(x->l, NULL), ERR_NONE);
    /* at once, while the ledger is open: it is open for weeks */
    assert_false(folder_holds(x->folder, box, 64, NULL));
}

static void test_ledger_sync__without_the_time_nothing_is_old(void **state)
{
    struct enrolled *x = *state;
    enrolled_sign_up(x);
    ack(x, 1, 1, 1);
    x->clock.test_wall_ms = ENROLLED_NOW + INT64_C(400) * DAY_MS;
    x->clock.quality = CLOCK_UNSET;
    assert_int_equal(ledger_purge(x->l, NULL), ERR_NONE);
    assert_int_equal(enrolled_count(x, "SELECT count(*) FROM signup"), 1);
}

static void test_ledger_sync__keys_and_root(void **state)
{
    struct enrolled *x = *state;
    struct buf document;
    uint8_t root[32];
    int n;
    buf_init(&document, 8192);
    assert_int_equal(ledger_keys(x->l, &n, &document, NULL), ERR_NONE);
    assert_int_equal(n, 1);
    assert_non_null(strstr(document.data, "\"seal\""));
    buf_done(&document);
    assert_int_equal(ledger_root(x->l, root, NULL), ERR_NONE);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_ledger_sync__batches_follow_one_another, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_ledger_sync__a_small_buffer_takes_fewer, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_ledger_sync__an_ack_of_what_was_never_said_is_refused, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_ledger_sync__held_names_what_the_hub_must_know, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_ledger_sync__held_rises_whatever_the_hub_has_heard_of, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_ledger_sync__decisions, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_ledger_sync__a_decision_is_taken_once, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_ledger_sync__what_the_person_cancelled_stays_so, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_ledger_sync__a_cancellation_that_the_hub_forgot_is_told_again, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(test_ledger_sync__a_confirmed_seat_gets_its_token, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_ledger_sync__odd_leases_are_refused, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_ledger_sync__stock_is_given_back_by_an_operation, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_ledger_sync__reset_renumbers_and_drops_stock, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_ledger_sync__new_epoch_sends_again_what_is_not_safe, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_ledger_sync__a_head_of_another_epoch_makes_nothing_safe, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(test_ledger_sync__set_aside_is_kept_and_passed_by, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_ledger_sync__enrolled_under_another_key, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_ledger_sync__purge_waits_until_it_is_safe, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_ledger_sync__purged_boxes_leave_no_bytes, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_ledger_sync__without_the_time_nothing_is_old, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_ledger_sync__keys_and_root, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
