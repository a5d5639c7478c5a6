/* The rounds of kiosk-sync against a hub in memory: what goes first, what goes on when something fails, what is told.
 */
#include "sync/agent.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "kiosk/base/file.h"
#include "kiosk/base/settings.h"
#include "tests/support/fakehub.h"

struct fixture {
    char dir[64];
    struct fakehub *hub;
    struct config *config;
    struct agent agent;
    struct ledger *screen; /* the same ledger as the kiosk's screens have it open */
    struct clock clock;
    struct error e;
};

static struct fixture *current; /* for the hub's hooks */

static void enrol(struct fixture *f)
{
    char kid[CRYPTO_KID + 1], path[4096];
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
    assert_int_equal(ledger_enrol(f->screen, &x, &f->e), ERR_NONE);
    assert_int_equal(ledger_set_keys(f->screen, 1, f->hub->doc_body[1].data, &f->e), ERR_NONE);
    file_join(path, f->dir, "kiosk.key");
    assert_int_equal(file_write(path, f->hub->kiosk_sk, CRYPTO_SIGN_SECRET, 0600, &f->e), ERR_NONE);
    buf_done(&root);
}

static int set_up(void **state)
{
    struct fixture *f = calloc(1, sizeof *f);
    snprintf(f->dir, sizeof f->dir, "/tmp/sosedi-agent-XXXXXX");
    assert_non_null(mkdtemp(f->dir));
    f->hub = fakehub_new();
    f->clock = clock_system();
    assert_int_equal(settings_load(&f->config, f->dir, NULL, &f->e), ERR_NONE);
    assert_int_equal(ledger_open(&f->screen, f->dir, &f->clock, false, &f->e), ERR_NONE);
    *state = current = f;
    return 0;
}

static int tear_down(void **state)
{
    struct fixture *f = *state;
    char command[128];
    ledger_close(f->screen);
    config_free(f->config);
    fakehub_free(f->hub);
    snprintf(command, sizeof command, "rm -rf %s", f->dir);
    assert_int_equal(system(command), 0);
    free(f);
    return 0;
}

/* One round, as `kiosk-sync once` makes it. */
static enum err once(struct fixture *f)
{
    enum err code = agent_open(&f->agent, f->dir, f->config, &f->e);
    f->agent.transport = &f->hub->base;
    f->hub->asked_count = 0;
    if (!code)
        code = agent_run(&f->agent, NULL, true, &f->e);
    agent_close(&f->agent);
    return code;
}

static void sign_up(struct fixture *f)
{
    char name[] = "Chess";
    struct content event = {.name = name, .capacity = -1, .terms = 1, .registration_open = true};
    struct row row = {.start = 1980000000, .end = 1980003600, .occurrence = "0198a1b2-0000-7000-8000-00000000e001"};
    struct signup_draft draft = {.occurrence = &row,
                                 .event = &event,
                                 .party = 1,
                                 .name = "Anna",
                                 .telephone = "+79990000000",
                                 .email = "",
                                 .lang = "ru",
                                 .sign_sk = f->hub->kiosk_sk};
    struct ticket t;
    if (ledger_sign_up(f->screen, &draft, &t, &f->e))
        fail_msg("%s", f->e.text);
}

static struct ledger_status status(struct fixture *f)
{
    struct ledger_status s;
    assert_int_equal(ledger_status(f->screen, &s, &f->e), ERR_NONE);
    return s;
}

/* Place of the first path with this text among those asked; -1: none. */
static int place(const struct fixture *f, const char *part)
{
    for (int i = 0; i < f->hub->asked_count; i++)
        if (strstr(f->hub->asked[i], part))
            return i;
    return -1;
}

/* ---- what goes first */

static void test_agent__round_pushes_and_pulls(void **state)
{
    struct fixture *f = *state;
    enrol(f);
    sign_up(f);
    fakehub_fill(f->hub, 600);
    if (once(f))
        fail_msg("%s", f->e.text);
    assert_int_equal(f->hub->said_count, 1);
    assert_int_equal(f->agent.feed.at.seq, 600);
    assert_true(place(f, "/sync") < place(f, "/head"));
    assert_int_equal(status(f).unsent, 0);
    assert_string_equal(status(f).contact_fault, "");
    assert_true(status(f).contact_at > 0);
}

static enum err sign_up_at_first_page(struct fakehub *h, const struct transport_request *q, struct transport_answer *a)
{
    (void)a;
    if (strstr(q->path, "/page/1") && h->tampered++ == 0)
        sign_up(current);
    return ERR_NONE;
}

/* A first pull over a slow line took an hour, and who signed up meanwhile was told that the hub did not answer. */
static void test_agent__sign_up_goes_before_the_next_page(void **state)
{
    struct fixture *f = *state;
    enrol(f);
    fakehub_fill(f->hub, 2600);
    f->hub->tamper = sign_up_at_first_page;
    assert_int_equal(once(f), ERR_NONE);
    int page = place(f, "/page/1");
    assert_non_null(strstr(f->hub->asked[page + 1], "/sync"));
    assert_non_null(strstr(f->hub->asked[page + 2], "/page/2"));
    assert_int_equal(f->agent.feed.at.seq, 2600);
    assert_int_equal(f->hub->said_count, 1);
}

/* ---- what fails, and what goes on */

static enum err no_line(struct fakehub *h, const struct transport_request *q, struct transport_answer *a)
{
    (void)h, (void)q;
    a->fault = FAULT_NET;
    return ERR_NET;
}

static void test_agent__without_a_line_one_question_is_enough(void **state)
{
    struct fixture *f = *state;
    enrol(f);
    sign_up(f);
    f->hub->tamper = no_line;
    assert_int_equal(once(f), ERR_NET);
    assert_int_equal(f->hub->asked_count, 1);
    assert_string_equal(status(f).contact_fault, "net");
    assert_int_equal(status(f).contact_at, 0);
    assert_true(status(f).contact_try_at > 0);
    f->hub->tamper = NULL;
    assert_int_equal(once(f), ERR_NONE);
    assert_int_equal(status(f).unsent, 0);
}

static enum err revoke(struct fakehub *h, const struct transport_request *q, struct transport_answer *a)
{
    char body[200];
    if (!q->body)
        return ERR_NONE;
    snprintf(body, sizeof body, "{\"type\":\"revoked\",\"nonce\":\"%s\"}\n", h->envelope.nonce);
    fakehub_answer_signed(h, a, 403, body);
    return ERR_NONE;
}

static void test_agent__revoked_kiosk_keeps_its_acts_and_goes_on_reading(void **state)
{
    struct fixture *f = *state;
    enrol(f);
    sign_up(f);
    fakehub_fill(f->hub, 20);
    f->hub->tamper = revoke;
    assert_int_equal(once(f), ERR_NET);
    assert_string_equal(status(f).contact_fault, "revoked");
    assert_int_equal(status(f).unsent, 1);
    assert_int_equal(f->agent.feed.at.seq, 20);
    assert_int_equal(f->hub->batches, 1);
}

static enum err spoil_heads(struct fakehub *h, const struct transport_request *q, struct transport_answer *a)
{
    (void)h;
    if (strstr(q->path, "/head"))
        a->status = 426;
    return ERR_NONE;
}

static void test_agent__pull_that_fails_does_not_stop_the_push(void **state)
{
    struct fixture *f = *state;
    enrol(f);
    sign_up(f);
    f->hub->tamper = spoil_heads;
    assert_int_equal(once(f), ERR_NET);
    assert_int_equal(f->hub->said_count, 1);
    assert_string_equal(status(f).contact_fault, "old");
    sign_up(f);
    assert_int_equal(once(f), ERR_NET);
    assert_int_equal(f->hub->said_count, 2);
}

static void test_agent__screens_suspicion_is_followed(void **state)
{
    struct fixture *f = *state;
    char path[4096];
    enrol(f);
    fakehub_fill(f->hub, 20);
    assert_int_equal(once(f), ERR_NONE);
    ledger_suspect_replica(f->screen);
    assert_int_equal(once(f), ERR_NONE);
    assert_int_equal(place(f, "/tail"), -1); /* it was sound: nothing is fetched again */
    assert_int_equal(file_write(file_join(path, f->dir, "replica.db"), "rubbish", 7, 0600, &f->e), ERR_NONE);
    ledger_suspect_replica(f->screen);
    assert_int_equal(once(f), ERR_NONE);
    assert_int_equal(f->agent.feed.at.seq, 20);
    assert_true(place(f, "/tail") >= 0);
}

/* ---- what it cannot work with */

static void test_agent__start_is_refused_with_a_reason(void **state)
{
    struct fixture *f = *state;
    struct agent second;
    assert_int_equal(once(f), ERR_STATE);
    assert_non_null(strstr(f->e.text, "not enrolled"));
    enrol(f);
    assert_int_equal(agent_open(&f->agent, f->dir, f->config, &f->e), ERR_NONE);
    assert_int_equal(agent_open(&second, f->dir, f->config, &f->e), ERR_BUSY);
    agent_close(&second);
    agent_close(&f->agent);
}

static void test_agent__feed_and_push_follow_rotated_keys(void **state)
{
    struct fixture *f = *state;
    struct ledger_identity id;
    enrol(f);
    fakehub_fill(f->hub, 5);
    assert_int_equal(once(f), ERR_NONE);
    fakehub_rotate_keys(f->hub);
    fakehub_put(f->hub, 6, "New");
    sign_up(f);
    /* The reply to the first push is signed by a key not known yet: the pull of the same round brings it. */
    assert_int_equal(once(f), ERR_NONE);
    assert_int_equal(status(f).unsent, 0);
    assert_int_equal(f->hub->said_count, 1);
    assert_int_equal(ledger_identity(f->screen, &id, &f->e), ERR_NONE);
    assert_memory_equal(id.seal_pk, f->hub->seal_pk, sizeof id.seal_pk);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
#define CASE(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
        CASE(test_agent__round_pushes_and_pulls),
        CASE(test_agent__sign_up_goes_before_the_next_page),
        CASE(test_agent__without_a_line_one_question_is_enough),
        CASE(test_agent__revoked_kiosk_keeps_its_acts_and_goes_on_reading),
        CASE(test_agent__pull_that_fails_does_not_stop_the_push),
        CASE(test_agent__screens_suspicion_is_followed),
        CASE(test_agent__start_is_refused_with_a_reason),
        CASE(test_agent__feed_and_push_follow_rotated_keys),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
