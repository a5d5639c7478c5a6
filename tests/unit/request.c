/* Requests: sign-ups for a resource. At the kiosk they wait for the hub and need no seat, at the hub they are received, passed on by a
 * person, cancelled and told again like any other; nothing of them is lost and nothing is kept longer than was said. */
#include "sync/hub/seats/request.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "kiosk/base/json.h"
#include "kiosk/base/sql.h"
#include "kiosk/store/ledger_jobs.h"
#include "kiosk/store/ledger_sync.h"
#include "sync/hub/seats/retention.h"
#include "sync/hub/seats/signup.h"
#include "tests/support/enrolled.h"
#include "tests/support/hubkit.h"

static const char thing[] = "0198a1b2-0000-7000-8000-00000000f001";
static const char nothing[] = "0198a1b2-0000-7000-8000-00000000f00f";
static const char evening[] = "0198a1b2-0000-7000-8000-00000000e001";
static const int64_t noon = INT64_C(1796126400000);
enum { DAY = 86400 };

/* ---- at the kiosk */

static int set_up_kiosk(void **state)
{
    static struct enrolled x;
    enrolled_new(&x);
    *state = &x;
    return 0;
}

static int tear_down_kiosk(void **state)
{
    enrolled_done(*state);
    return 0;
}

static struct ticket ask(struct enrolled *x, const char *direction)
{
    struct signup_answer answers[] = {{"message", "на субботу, вернём вечером"}};
    struct content resource = {.name = (char *)"Шатры и лавки", .owner_name = (char *)"Танцы на площади", .direction = (char *)direction, .capacity = -1, .terms = 1};
    struct ticket t;
    struct error e = {0};
    memcpy(resource.kind, "resource", sizeof "resource");
    memcpy(resource.id, thing, sizeof thing);
    struct signup_draft draft = x->draft;
    draft.occurrence = NULL;
    draft.event = &resource;
    draft.answers = answers;
    draft.answer_count = 1;
    if (ledger_sign_up(x->l, &draft, &t, &e))
        fail_msg("%s", e.text);
    return t;
}

static void decide(struct enrolled *x, int dn, const char *id, const char *st, int pos)
{
    char line[300];
    struct error e;
    snprintf(line, sizeof line, "{\"t\":\"decision\",\"dn\":%d,\"id\":\"%s\",\"st\":\"%s\",\"seats\":[],\"lease\":0,\"pos\":%d}", dn, id, st, pos);
    assert_int_equal(ledger_reply_begin(x->l, &e), ERR_NONE);
    assert_int_equal(ledger_reply_decision(x->l, line, strlen(line), &e), ERR_NONE);
    assert_int_equal(ledger_reply_commit(x->l, &e), ERR_NONE);
}

static void test_request__waits_at_the_kiosk_until_the_hub_has_it(void **state)
{
    struct enrolled *x = *state;
    struct ticket t = ask(x, "offer");
    struct job job;
    assert_int_equal(t.state, TICKET_WAITING);
    assert_int_equal(t.pos, 0);
    assert_false(t.has_token);
    assert_int_equal(t.facts.request, 'o');
    assert_string_equal(t.event, thing);
    assert_int_equal(ledger_job_of(x->l, t.id, &job, NULL), ERR_NONE);
    ledger_use_key(x->l, x->sign_sk);
    decide(x, 1, t.id, "waitlisted", 1);
    assert_int_equal(ledger_ticket_by_code(x->l, t.code, &t, NULL), ERR_NONE);
    assert_int_equal(t.state, TICKET_WAITING);
    assert_int_equal(t.pos, 1);
    decide(x, 2, t.id, "confirmed", 0);
    assert_int_equal(ledger_ticket_by_code(x->l, t.code, &t, NULL), ERR_NONE);
    assert_int_equal(t.state, TICKET_CONFIRMED);
    assert_false(t.has_token); /* there is no entrance to show it at */
    assert_string_equal(t.facts.title, "Шатры и лавки");
    assert_string_equal(t.facts.organizer, "Танцы на площади");
    assert_int_equal(t.facts.request, 'o');
    assert_int_equal(ask(x, "want").facts.request, 'w');
}

static void test_request__line_is_a_sign_up(void **state)
{
    struct enrolled *x = *state;
    struct ledger_batch batch = {0};
    struct json *j, *text;
    uint8_t box[4096];
    char plain[4096], which[FOLDER_PATH] = "";
    size_t n;
    struct ticket t = ask(x, "want");
    buf_init(&batch.lines, 1 << 18);
    assert_int_equal(ledger_batch(x->l, &batch, 10, NULL), ERR_NONE);
    assert_int_equal(json_parse(&j, batch.lines.data, batch.lines.len - 1, 1 << 16, NULL), ERR_NONE);
    assert_string_equal(json_str(j, "op", ""), "signup");
    assert_string_equal(json_str(j, "ev", ""), thing);
    assert_int_equal(json_int(j, "party", 0), 1);
    assert_string_equal(json_str(j, "form", "?"), "");
    assert_true(crypto_from_b64(box, sizeof box, &n, json_str(json_get(j, "box"), "ct", "")));
    assert_int_equal(crypto_open((uint8_t *)plain, box, n, x->seal_pk, x->seal_sk, NULL), ERR_NONE);
    assert_int_equal(json_parse(&text, plain, n - CRYPTO_SEAL_EXTRA, 4096, NULL), ERR_NONE);
    assert_string_equal(json_str(text, "id", ""), t.id);
    assert_string_equal(json_str(text, "ev", ""), thing);
    assert_string_equal(json_str(json_get(text, "answers"), "message", ""), "на субботу, вернём вечером");
    json_free(text);
    json_free(j);
    buf_done(&batch.lines);
    assert_false(folder_holds(x->folder, "вернём вечером", strlen("вернём вечером"), which));
}

static void test_request__is_cancelled_and_forgotten(void **state)
{
    struct enrolled *x = *state;
    struct ticket t = ask(x, "offer"), kept = ask(x, "offer");
    struct error e;
    assert_int_equal(ledger_cancel(x->l, t.id, &e), ERR_NONE);
    assert_int_equal(ledger_ticket_by_id(x->l, t.id, &t, &e), ERR_NONE);
    assert_int_equal(t.state, TICKET_CANCELLED);
    assert_int_equal(ledger_reply_begin(x->l, &e), ERR_NONE);
    assert_int_equal(ledger_reply_ack(x->l, 3, 9, 9, &e), ERR_NONE);
    assert_int_equal(ledger_reply_commit(x->l, &e), ERR_NONE);
    x->clock.test_wall_ms += INT64_C(29) * DAY * 1000;
    assert_int_equal(ledger_purge(x->l, &e), ERR_NONE);
    assert_int_equal(ledger_ticket_by_id(x->l, kept.id, &t, &e), ERR_NONE);
    x->clock.test_wall_ms += INT64_C(2) * DAY * 1000;
    assert_int_equal(ledger_purge(x->l, &e), ERR_NONE);
    assert_int_equal(ledger_ticket_by_id(x->l, kept.id, &t, &e), ERR_NOT_FOUND);
}

/* ---- at the hub */

struct fixture {
    struct hubkit k;
    struct hubkit_kiosk q;
    struct error e;
};

static void run(struct fixture *f, const char *sql)
{
    assert_int_equal(sql_begin(f->k.hub.db, &f->e), ERR_NONE);
    if (sql_exec(f->k.hub.db, sql, &f->e))
        fail_msg("%s", f->e.text);
    assert_int_equal(sql_commit(f->k.hub.db, &f->e), ERR_NONE);
}

static int set_up_hub(void **state)
{
    assert_int_equal(crypto_init(NULL), ERR_NONE);
    struct fixture *f = mem_new(1, sizeof *f);
    hubkit_init(&f->k, noon);
    hubkit_event(&f->k, evening, 5, DAY);
    hubkit_kiosk_init(&f->k, &f->q);
    run(f, "INSERT INTO record (id, kind, uid, name, d, live) VALUES ('0198a1b2-0000-7000-8000-00000000c001', 'community', 'c', 'Танцы', "
           "'{\"name\":\"Танцы\",\"telephone\":\"+7 000 1\"}', 1)");
    run(f, "INSERT INTO record (id, kind, uid, name, d, live) VALUES ('0198a1b2-0000-7000-8000-00000000f001', 'resource', 'r', 'Шатры', "
           "'{\"name\":\"Шатры\",\"direction\":\"offer\",\"resourceType\":\"equipment\",\"provider\":\"0198a1b2-0000-7000-8000-00000000c001\"}', 1)");
    *state = f;
    return 0;
}

static int tear_down_hub(void **state)
{
    struct fixture *f = *state;
    hubkit_kiosk_done(&f->q);
    hubkit_done(&f->k);
    free(f);
    return 0;
}

static void test_request__is_received_and_passed_on(void **state)
{
    struct fixture *f = *state;
    char id[3][WIRE_UUID + 1], code[3][CODE_LEN + 1];
    hubkit_signup(&f->q, thing, 1, id[0], code[0]);
    hubkit_signup(&f->q, thing, 1, id[1], code[1]);
    hubkit_signup(&f->q, nothing, 1, id[2], code[2]);
    assert_int_equal(hubkit_exchange(&f->k, &f->q), 200);
    assert_int_equal(hubkit_told_of(&f->q, id[0])->st, WIRE_WAITLISTED);
    assert_true(hubkit_told_of(&f->q, id[0])->pos > 0);
    assert_int_equal(hubkit_told_of(&f->q, id[1])->st, WIRE_WAITLISTED);
    assert_int_equal(hubkit_told_of(&f->q, id[2])->st, WIRE_CONFLICT);
    assert_int_equal(request_pass(f->k.hub.db, code[0], &f->e), ERR_NONE);
    assert_int_equal(request_pass(f->k.hub.db, code[0], &f->e), ERR_NONE);
    assert_int_equal(request_pass(f->k.hub.db, code[2], &f->e), ERR_NOT_FOUND);
    assert_int_equal(request_pass(f->k.hub.db, "2222222222", &f->e), ERR_NOT_FOUND);
    assert_int_equal(hubkit_exchange(&f->k, &f->q), 200);
    assert_int_equal(hubkit_told_of(&f->q, id[0])->st, WIRE_CONFIRMED);
    assert_int_equal(hubkit_told_of(&f->q, id[1])->st, WIRE_WAITLISTED);
    hubkit_cancel(&f->q, id[1], code[1]);
    assert_int_equal(hubkit_exchange(&f->k, &f->q), 200);
    assert_int_equal(hubkit_told_of(&f->q, id[1])->st, WIRE_CANCELLED);
    assert_int_equal(request_pass(f->k.hub.db, code[1], &f->e), ERR_STATE);
    assert_int_equal(hubkit_number(&f->k, "SELECT count(*) FROM signup"), 3);
}

/* What a community took back meanwhile was asked for all the same; and nothing that happens to events touches it. */
static void test_request__outlives_its_resource_and_seats(void **state)
{
    struct fixture *f = *state;
    char id[WIRE_UUID + 1], code[CODE_LEN + 1], seat[WIRE_UUID + 1], seat_code[CODE_LEN + 1];
    run(f, "UPDATE record SET live = 0 WHERE kind = 'resource'");
    hubkit_signup(&f->q, thing, 1, id, code);
    hubkit_signup(&f->q, evening, 5, seat, seat_code);
    assert_int_equal(hubkit_exchange(&f->k, &f->q), 200);
    hubkit_cancel(&f->q, seat, seat_code);
    assert_int_equal(hubkit_exchange(&f->k, &f->q), 200);
    assert_int_equal(hubkit_told_of(&f->q, id)->st, WIRE_WAITLISTED);
    assert_int_equal(hubkit_number(&f->k, "SELECT count(*) FROM signup WHERE state = 'waitlisted'"), 1);
}

/* A kiosk that begins a new log has forgotten what it was told. */
static void test_request__is_told_again(void **state)
{
    struct fixture *f = *state;
    char id[WIRE_UUID + 1], code[CODE_LEN + 1];
    hubkit_signup(&f->q, thing, 1, id, code);
    assert_int_equal(hubkit_exchange(&f->k, &f->q), 200);
    assert_int_equal(request_pass(f->k.hub.db, code, &f->e), ERR_NONE);
    assert_int_equal(hubkit_exchange(&f->k, &f->q), 200);
    f->q.told_count = 0;
    assert_int_equal(sql_begin(f->k.hub.db, &f->e), ERR_NONE);
    assert_int_equal(signup_tell_all(f->k.hub.db, f->q.kid, noon / 1000 - DAY, &f->e), ERR_NONE);
    assert_int_equal(sql_commit(f->k.hub.db, &f->e), ERR_NONE);
    assert_int_equal(hubkit_exchange(&f->k, &f->q), 200);
    assert_int_equal(hubkit_told_of(&f->q, id)->st, WIRE_CONFIRMED);
}

static void test_request__is_erased_some_days_after_it_came(void **state)
{
    struct fixture *f = *state;
    char id[WIRE_UUID + 1], code[CODE_LEN + 1];
    int64_t erased = -1;
    hubkit_signup(&f->q, thing, 1, id, code);
    assert_int_equal(hubkit_exchange(&f->k, &f->q), 200);
    f->k.hub.clock.test_wall_ms = noon + INT64_C(29) * DAY * 1000;
    assert_int_equal(retention_purge(&f->k.hub, 30, &erased, &f->e), ERR_NONE);
    assert_int_equal(erased, 0);
    f->k.hub.clock.test_wall_ms = noon + INT64_C(31) * DAY * 1000;
    assert_int_equal(retention_purge(&f->k.hub, 30, &erased, &f->e), ERR_NONE);
    assert_int_equal(erased, 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_request__waits_at_the_kiosk_until_the_hub_has_it, set_up_kiosk, tear_down_kiosk),
        cmocka_unit_test_setup_teardown(test_request__line_is_a_sign_up, set_up_kiosk, tear_down_kiosk),
        cmocka_unit_test_setup_teardown(test_request__is_cancelled_and_forgotten, set_up_kiosk, tear_down_kiosk),
        cmocka_unit_test_setup_teardown(test_request__is_received_and_passed_on, set_up_hub, tear_down_hub),
        cmocka_unit_test_setup_teardown(test_request__outlives_its_resource_and_seats, set_up_hub, tear_down_hub),
        cmocka_unit_test_setup_teardown(test_request__is_told_again, set_up_hub, tear_down_hub),
        cmocka_unit_test_setup_teardown(test_request__is_erased_some_days_after_it_came, set_up_hub, tear_down_hub),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
