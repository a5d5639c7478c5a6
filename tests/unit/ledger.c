/* Acts of people: sign-ups, cancelling, finding, and that what was told is there whatever happens. */
#include "kiosk/store/ledger.h"

#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "kiosk/base/json.h"
#include "kiosk/base/sql.h"
#include "kiosk/store/ledger_jobs.h"
#include "kiosk/ticket/token.h"
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

/* The newest operation's line, parsed. */
static struct json *last_line(struct enrolled *x)
{
    struct ledger_batch batch = {0};
    struct json *j;
    struct error e;
    buf_init(&batch.lines, 1 << 18);
    if (ledger_batch(x->l, &batch, 1000, &e))
        fail_msg("%s", e.text);
    assert_true(batch.lines.len > 0);
    batch.lines.data[batch.lines.len - 1] = '\0';
    const char *line = strrchr(batch.lines.data, '\n');
    line = line ? line + 1 : batch.lines.data;
    if (json_parse(&j, line, strlen(line), 1 << 16, &e))
        fail_msg("%s", e.text);
    buf_done(&batch.lines);
    return j;
}

/* ---- sign-ups */

static void test_ledger__sign_up_without_a_limit_is_confirmed(void **state)
{
    struct enrolled *x = *state;
    struct token token;
    struct ticket t = enrolled_sign_up(x), again;
    assert_int_equal(t.state, TICKET_CONFIRMED);
    assert_int_equal(t.seat_count, 0);
    assert_true(t.has_token && t.mine);
    assert_int_equal(token_read(&token, t.token, x->sign_pk, NULL), ERR_NONE);
    assert_memory_equal(token.kid, x->kid, 6);
    assert_int_equal(token.seat, 0);
    assert_int_equal(ledger_ticket_by_code(x->l, t.code, &again, NULL), ERR_NONE);
    assert_string_equal(again.id, t.id);
    assert_string_equal(again.facts.title, "Шахматный клуб");
    assert_string_equal(again.facts.place, "Дом культуры");
    assert_int_equal(again.facts.start, x->row.start);
    assert_memory_equal(again.token, t.token, sizeof t.token);
    assert_int_equal(ledger_ticket_by_code(x->l, "2222222222", &again, NULL), ERR_NOT_FOUND);
}

static void test_ledger__line_is_the_protocols(void **state)
{
    struct enrolled *x = *state;
    struct signup_answer answers[] = {{"q1", "рыба \"фугу\""}, {"q2", ""}};
    x->draft.answers = answers;
    x->draft.answer_count = 2;
    x->draft.party = 3;
    struct ticket t = enrolled_sign_up(x);
    struct json *j = last_line(x), *text;
    uint8_t box[4096];
    char plain[4096];
    size_t n;
    assert_int_equal(json_int(j, "n", 0), 1);
    assert_string_equal(json_str(j, "op", ""), "signup");
    assert_string_equal(json_str(j, "id", ""), t.id);
    assert_string_equal(json_str(j, "code", ""), t.code);
    assert_string_equal(json_str(j, "ev", ""), ENROLLED_EVENT);
    assert_int_equal(json_int(j, "terms", 0), 1);
    assert_int_equal(json_int(j, "party", 0), 3);
    assert_string_equal(json_str(j, "form", ""), "f1@2");
    assert_string_equal(json_str(json_get(j, "at"), "t", ""), "2026-07-01T10:00:00Z");
    assert_string_equal(json_str(json_get(j, "box"), "key", ""), "x1");
    assert_true(crypto_from_b64(box, sizeof box, &n, json_str(json_get(j, "box"), "ct", "")));
    assert_int_equal(crypto_open((uint8_t *)plain, box, n, x->seal_pk, x->seal_sk, NULL), ERR_NONE);
    assert_int_equal(json_parse(&text, plain, n - CRYPTO_SEAL_EXTRA, 4096, NULL), ERR_NONE);
    assert_string_equal(json_str(text, "id", ""), t.id);
    assert_string_equal(json_str(text, "ev", ""), ENROLLED_EVENT);
    assert_string_equal(json_str(text, "name", ""), "Анна Каренина");
    assert_string_equal(json_str(text, "telephone", ""), "+79161234567");
    assert_string_equal(json_str(text, "consent", ""), "2026-07-01");
    assert_int_equal(json_int(text, "party", 0), 3);
    assert_string_equal(json_str(json_get(text, "answers"), "q1", ""), "рыба \"фугу\"");
    assert_null(json_get(json_get(text, "answers"), "q2"));
    json_free(text);
    json_free(j);
}

static void test_ledger__nothing_readable_is_on_disk(void **state)
{
    struct enrolled *x = *state;
    struct signup_answer answers[] = {{"q1", "СекретныйОтвет"}};
    char which[FOLDER_PATH] = "";
    x->draft.answers = answers;
    x->draft.answer_count = 1;
    struct ticket t = enrolled_sign_up(x);
    x->event.capacity = 20;
    enrolled_sign_up(x);
    static const char *const secrets[] = {"Каренина", "79161234567", "anna@", "СекретныйОтвет"};
    for (int closed = 0; closed < 2; closed++) {
        assert_true(folder_holds(x->folder, t.code, strlen(t.code), NULL));
        for (size_t i = 0; i < sizeof secrets / sizeof secrets[0]; i++)
            if (folder_holds(x->folder, secrets[i], strlen(secrets[i]), which))
                fail_msg("%s is readable in %s", secrets[i], which);
        enrolled_reopen(x, true);
    }
}

static void test_ledger__drafts_that_are_refused(void **state)
{
    struct enrolled *x = *state;
    char long_text[1001];
    struct signup_answer many[6];
    memset(long_text, 'x', 1000);
    long_text[1000] = '\0';
    for (int i = 0; i < 6; i++)
        many[i] = (struct signup_answer){"q", long_text};
    struct row cancelled = x->row, nowhere = x->row;
    cancelled.cancelled = true;
    nowhere.occurrence[0] = '\0';
    const struct signup_draft fine = x->draft;
    struct {
        const char *row;
        struct signup_draft d;
        enum err want;
    } table[] = {{"party 0", fine, ERR_INVALID},      {"party 21", fine, ERR_INVALID},
                 {"no name", fine, ERR_INVALID},      {"nobody to reach", fine, ERR_INVALID},
                 {"too long", fine, ERR_TOO_BIG},     {"called off", fine, ERR_GONE},
                 {"no occurrence", fine, ERR_INVALID}};
    table[0].d.party = 0;
    table[1].d.party = 21;
    table[2].d.name = "";
    table[3].d.telephone = table[3].d.email = "";
    table[4].d.answers = many;
    table[4].d.answer_count = 6;
    table[5].d.occurrence = &cancelled;
    table[6].d.occurrence = &nowhere;
    for (size_t i = 0; i < sizeof table / sizeof table[0]; i++) {
        struct ticket t;
        enum err code = ledger_sign_up(x->l, &table[i].d, &t, NULL);
        if (code != table[i].want)
            fail_msg("%s: %s", table[i].row, error_name(code));
    }
    assert_int_equal(enrolled_count(x, "SELECT count(*) FROM op"), 0);
    assert_int_equal(enrolled_count(x, "SELECT count(*) FROM signup"), 0);
}

static void test_ledger__fails_closed_without_keys(void **state)
{
    struct enrolled *x = *state;
    static const char *const table[] = {"",
                                        "{}",
                                        "not json",
                                        "{\"seal\":[]}",
                                        "{\"seal\":[{\"id\":\"x1\",\"pk\":\"AAAA\"}]}",
                                        "{\"seal\":[{\"pk\":\"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA\"}]}"};
    struct ticket t;
    for (size_t i = 0; i < sizeof table / sizeof table[0]; i++) {
        assert_int_equal(ledger_set_keys(x->l, 2, table[i], NULL), ERR_NONE);
        assert_int_equal(ledger_sign_up(x->l, &x->draft, &t, NULL), ERR_STATE);
    }
    /* The key that is all zeros opens to nobody. */
    assert_int_equal(
        ledger_set_keys(x->l, 3, "{\"seal\":[{\"id\":\"x1\",\"pk\":\"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA\"}]}",
                        NULL),
        ERR_NONE);
    assert_int_equal(ledger_sign_up(x->l, &x->draft, &t, NULL), ERR_INVALID);
    assert_int_equal(enrolled_count(x, "SELECT count(*) FROM op"), 0);
}

/* ---- seats */

static void test_ledger__seats_are_taken_once(void **state)
{
    struct enrolled *x = *state;
    x->event.capacity = 40;
    enrolled_grant(x, 7, 11, 14, 1);
    bool taken[41] = {false};
    int confirmed = 0;
    for (int i = 0; i < 6; i++) {
        struct ticket t = enrolled_sign_up(x);
        if (t.state != TICKET_CONFIRMED)
            continue;
        confirmed++;
        assert_int_equal(t.seat_count, 1);
        assert_int_equal(t.lease, 7);
        assert_in_range(t.seats[0], 11, 14);
        assert_false(taken[t.seats[0]]);
        taken[t.seats[0]] = true;
    }
    assert_int_equal(confirmed, 4);
    assert_int_equal(ledger_stock(x->l, ENROLLED_EVENT), 0);
    /* The hub gives the same lease again, because its "held" was lost: nothing comes back. */
    enrolled_grant(x, 7, 11, 14, 1);
    assert_int_equal(ledger_stock(x->l, ENROLLED_EVENT), 0);
    /* One "want", however many wait. */
    assert_int_equal(enrolled_count(x, "SELECT count(*) FROM op WHERE kind = 'want'"), 1);
}

static void test_ledger__groups_stay_together(void **state)
{
    struct enrolled *x = *state;
    static const struct {
        const char *row;
        int party;
        enum ticket_state state;
        const char *seats;
        int64_t lease;
    } table[] = {
        {"two neighbours", 2, TICKET_CONFIRMED, "1,2", 5},
        {"four fit only in the second block", 4, TICKET_CONFIRMED, "10,11,12,13", 6},
        {"three fit nowhere, though four are there", 3, TICKET_ASKING, "", 0},
        {"one", 1, TICKET_CONFIRMED, "3", 5},
        {"another", 1, TICKET_CONFIRMED, "4", 5},
        {"two from the end", 2, TICKET_CONFIRMED, "14,15", 6},
        {"nothing is left", 1, TICKET_ASKING, "", 0},
    };
    x->event.capacity = 40;
    enrolled_grant(x, 5, 1, 4, 1);
    enrolled_grant(x, 6, 10, 15, 1);
    for (size_t i = 0; i < sizeof table / sizeof table[0]; i++) {
        x->draft.party = table[i].party;
        char seats[100] = "";
        struct ticket t = enrolled_sign_up(x);
        for (int k = 0; k < t.seat_count; k++)
            snprintf(seats + strlen(seats), sizeof seats - strlen(seats), "%s%d", k ? "," : "", t.seats[k]);
        if (t.state != table[i].state || strcmp(seats, table[i].seats) != 0 || t.lease != table[i].lease)
            fail_msg("%s: seats %s of lease %d", table[i].row, seats, (int)t.lease);
    }
}

static void test_ledger__neighbours_first_then_lowest(void **state)
{
    struct enrolled *x = *state;
    x->event.capacity = 40;
    x->draft.party = 2;
    enrolled_grant(x, 5, 1, 5, 1);
    /* 2 and 4 are gone: 1 3 5 are left, no two are neighbours; then the other block has some. */
    assert_int_equal(enrolled_count(x, "SELECT count(*) FROM stock"), 5);
    struct sql_stmt *st = sql_get(ledger_sql(x->l), "DELETE FROM stock WHERE seat IN (2, 4)");
    assert_int_equal(sql_run(st, NULL), ERR_NONE);
    struct ticket t = enrolled_sign_up(x);
    assert_int_equal(t.seats[0], 1);
    assert_int_equal(t.seats[1], 3);
    enrolled_grant(x, 6, 21, 22, 1);
    enrolled_grant(x, 4, 31, 32, 1);
    t = enrolled_sign_up(x);
    assert_int_equal(t.seats[0], 31);
    assert_int_equal(t.seats[1], 32);
}

static void test_ledger__seats_of_other_terms_are_not_sold(void **state)
{
    struct enrolled *x = *state;
    x->event.capacity = 40;
    x->event.terms = 2;
    enrolled_grant(x, 5, 1, 4, 1);
    struct ticket t = enrolled_sign_up(x);
    assert_int_equal(t.state, TICKET_ASKING);
    assert_int_equal(ledger_stock(x->l, ENROLLED_EVENT), 4);
    x->event.terms = 1;
    t = enrolled_sign_up(x);
    assert_int_equal(t.state, TICKET_CONFIRMED);
}

static void test_ledger__asking_ends_by_itself(void **state)
{
    struct enrolled *x = *state;
    static const struct {
        const char *row;
        int64_t later_ms;
        enum ticket_state want;
    } table[] = {
        {"at once", 0, TICKET_ASKING},
        {"within the time", LEDGER_ASK_MS, TICKET_ASKING},
        {"after it", LEDGER_ASK_MS + 1, TICKET_WAITING},
        {"the clock was set back", -1, TICKET_WAITING},
        {"a day later", 86400000, TICKET_WAITING},
    };
    x->event.capacity = 4;
    struct ticket made = enrolled_sign_up(x), t;
    for (size_t i = 0; i < sizeof table / sizeof table[0]; i++) {
        x->clock.test_wall_ms = ENROLLED_NOW + table[i].later_ms;
        assert_int_equal(ledger_ticket_by_id(x->l, made.id, &t, NULL), ERR_NONE);
        if (t.state != table[i].want)
            fail_msg("%s", table[i].row);
    }
    /* Fewer than 10 seats are not leased: nothing is wanted. */
    assert_int_equal(enrolled_count(x, "SELECT count(*) FROM op WHERE kind = 'want'"), 0);
}

/* ---- cancelling and finding */

static void test_ledger__cancel(void **state)
{
    struct enrolled *x = *state;
    struct ticket t = enrolled_sign_up(x), after;
    struct job job;
    for (int i = 0; i < 3; i++) {
        assert_int_equal(ledger_cancel(x->l, t.id, NULL), ERR_NONE);
        assert_int_equal(ledger_ticket_by_code(x->l, t.code, &after, NULL), ERR_NONE);
        assert_int_equal(after.state, TICKET_CANCELLED);
    }
    assert_int_equal(enrolled_count(x, "SELECT count(*) FROM op WHERE kind = 'cancel'"), 1);
    assert_int_equal(ledger_job_of(x->l, t.id, &job, NULL), ERR_NONE);
    assert_int_equal(job.state, JOB_CANCELLED);
    struct json *j = last_line(x);
    assert_string_equal(json_str(j, "code", ""), t.code);
    json_free(j);
    assert_int_equal(ledger_cancel(x->l, "00000000-0000-4000-8000-000000000001", NULL), ERR_NOT_FOUND);
}

static void decide(struct enrolled *x, const char *line)
{
    struct error e;
    assert_int_equal(ledger_reply_begin(x->l, &e), ERR_NONE);
    if (ledger_reply_decision(x->l, line, strlen(line), &e))
        fail_msg("%s", e.text);
    assert_int_equal(ledger_reply_commit(x->l, &e), ERR_NONE);
}

static void test_ledger__find(void **state)
{
    struct enrolled *x = *state;
    static const char code[] = "4DXF92RV7L", lost[] = "9LNC22CDFG";
    struct ticket t, mine = enrolled_sign_up(x);
    char s;
    assert_int_equal(ledger_find(x->l, mine.code, &s, NULL), ERR_NONE);
    assert_int_equal(s, 't');
    for (int i = 0; i < 3; i++) {
        assert_int_equal(ledger_find(x->l, code, &s, NULL), ERR_NONE);
        assert_int_equal(s, 'a');
    }
    assert_int_equal(ledger_find(x->l, lost, &s, NULL), ERR_NONE);
    assert_int_equal(enrolled_count(x, "SELECT count(*) FROM op WHERE kind = 'find'"), 2);
    decide(x, "{\"t\":\"decision\",\"dn\":1,\"st\":\"ticket\",\"code\":\"4DXF92RV7L\",\"id\":\"00000000-0000-4000-8000-"
              "00000000aaaa\","
              "\"ev\":\"" ENROLLED_EVENT "\",\"state\":\"waitlisted\",\"pos\":4,\"seats\":[],\"party\":2}");
    decide(x, "{\"t\":\"decision\",\"dn\":2,\"st\":\"unknown\",\"code\":\"9LNC22CDFG\"}");
    assert_int_equal(ledger_find(x->l, code, &s, NULL), ERR_NONE);
    assert_int_equal(s, 't');
    assert_int_equal(ledger_ticket_by_code(x->l, code, &t, NULL), ERR_NONE);
    assert_true(!t.mine && t.state == TICKET_WAITING && t.pos == 4 && t.party == 2 && !t.has_token);
    assert_int_equal(ledger_find(x->l, lost, &s, NULL), ERR_NONE);
    assert_int_equal(s, 'u');
    /* Later it is asked again: it may have changed, or arrived. */
    x->clock.test_wall_ms += 61000;
    assert_int_equal(ledger_find(x->l, lost, &s, NULL), ERR_NONE);
    assert_int_equal(s, 'a');
    assert_int_equal(ledger_find(x->l, code, &s, NULL), ERR_NONE);
    assert_int_equal(s, 't');
    assert_int_equal(enrolled_count(x, "SELECT count(*) FROM op WHERE kind = 'find'"), 4);
    /* A ticket of another kiosk can be cancelled here. */
    assert_int_equal(ledger_cancel(x->l, t.id, NULL), ERR_NONE);
}

/* ---- durability */

/* A child signs up and tells each code once the ledger has said that it is saved; it is killed in the middle. Whatever
 * was told is there, its chain whole. */
static void test_ledger__what_was_told_survives_a_kill(void **state)
{
    struct enrolled *x = *state;
    enum { CODES = 60, TEXT = CODE_LEN };
    char codes[CODES][TEXT + 1] = {{0}};
    int count = 0, fd[2];
    ledger_close(x->l);
    assert_int_equal(pipe(fd), 0);
    pid_t child = fork();
    if (child == 0) {
        struct ticket t;
        if (ledger_open(&x->l, x->folder, &x->clock, false, NULL))
            _exit(1);
        while (ledger_sign_up(x->l, &x->draft, &t, NULL) == ERR_NONE)
            if (write(fd[1], t.code, TEXT) != TEXT)
                _exit(1);
        _exit(1);
    }
    close(fd[1]);
    while (count < CODES - 20 && read(fd[0], codes[count], TEXT) == TEXT)
        count++;
    kill(child, SIGKILL);
    waitpid(child, NULL, 0);
    while (count < CODES && read(fd[0], codes[count], TEXT) == TEXT)
        count++;
    close(fd[0]);
    assert_true(count >= CODES - 20);
    enrolled_open(x, true);
    for (int i = 0; i < count; i++) {
        struct ticket t;
        struct job job;
        if (ledger_ticket_by_code(x->l, codes[i], &t, NULL))
            fail_msg("ticket %d of %d was told and is lost", i + 1, count);
        assert_int_equal(ledger_job_of(x->l, t.id, &job, NULL), ERR_NONE);
    }
    assert_int_equal(enrolled_count(x, "SELECT count(*) FROM op"), enrolled_count(x, "SELECT count(*) FROM signup"));
}

static void test_ledger__status(void **state)
{
    struct enrolled *x = *state;
    struct ledger_status s;
    assert_false(ledger_take_suspect(x->l));
    ledger_suspect_replica(x->l);
    assert_true(ledger_take_suspect(x->l));
    assert_false(ledger_take_suspect(x->l));
    enrolled_sign_up(x);
    enrolled_sign_up(x);
    assert_int_equal(ledger_set_contact(x->l, false, "net", NULL), ERR_NONE);
    assert_int_equal(ledger_set_printer(x->l, "paper", NULL), ERR_NONE);
    assert_int_equal(ledger_status(x->l, &s, NULL), ERR_NONE);
    assert_int_equal(s.unsent, 2);
    assert_int_equal(s.unsafe, 0);
    assert_int_equal(s.jobs_open, 2);
    assert_int_equal(s.contact_at, 0);
    assert_int_equal(s.contact_try_at, ENROLLED_NOW / 1000);
    assert_string_equal(s.contact_fault, "net");
    assert_string_equal(s.printer, "paper");
    assert_int_equal(ledger_reply_begin(x->l, NULL), ERR_NONE);
    assert_int_equal(ledger_reply_ack(x->l, 1, 100, 99, NULL), ERR_NONE);
    assert_int_equal(ledger_reply_commit(x->l, NULL), ERR_NONE);
    assert_int_equal(ledger_status(x->l, &s, NULL), ERR_NONE);
    assert_int_equal(s.unsent, 1);
    assert_int_equal(s.unsafe, 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_ledger__sign_up_without_a_limit_is_confirmed, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_ledger__line_is_the_protocols, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_ledger__nothing_readable_is_on_disk, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_ledger__drafts_that_are_refused, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_ledger__fails_closed_without_keys, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_ledger__seats_are_taken_once, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_ledger__groups_stay_together, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_ledger__neighbours_first_then_lowest, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_ledger__seats_of_other_terms_are_not_sold, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_ledger__asking_ends_by_itself, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_ledger__cancel, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_ledger__find, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_ledger__what_was_told_survives_a_kill, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_ledger__status, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
