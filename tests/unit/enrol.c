/* Enrolment: the code never travels, a lost reply costs nothing, another hub cannot answer. */
#include "sync/enrol.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include <cmocka.h>

#include "kiosk/base/file.h"
#include "kiosk/ticket/code.h"
#include "kiosk/ticket/key.h"
#include "tests/support/fakehub.h"

static const char url[] = "https://hub.example";

struct fixture {
    char dir[64];
    struct fakehub *hub;
    struct clock clock;
    struct ledger *ledger;
    uint8_t sk[CRYPTO_SIGN_SECRET];
    char shown[ENROL_SHOWN + 1];
    struct error e;
};

static int set_up(void **state)
{
    struct fixture *f = calloc(1, sizeof *f);
    snprintf(f->dir, sizeof f->dir, "/tmp/sosedi-enrol-XXXXXX");
    assert_non_null(mkdtemp(f->dir));
    f->hub = fakehub_new();
    enrol_code_make(f->hub->code16);
    enrol_code_show(f->shown, f->hub->code16);
    f->clock = clock_test(INT64_C(1777629000000));
    assert_int_equal(ledger_open(&f->ledger, f->dir, &f->clock, true, &f->e), ERR_NONE);
    assert_int_equal(key_load_or_make(f->sk, f->dir, &f->e), ERR_NONE);
    *state = f;
    return 0;
}

static int tear_down(void **state)
{
    struct fixture *f = *state;
    char command[128];
    ledger_close(f->ledger);
    fakehub_free(f->hub);
    snprintf(command, sizeof command, "rm -rf %s", f->dir);
    assert_int_equal(system(command), 0);
    free(f);
    return 0;
}

static enum err enrol(struct fixture *f) { return enrol_run(f->ledger, &f->hub->base, f->sk, url, f->shown, &f->e); }

static const char *kid(struct fixture *f)
{
    static struct ledger_identity id;
    assert_int_equal(ledger_identity(f->ledger, &id, &f->e), ERR_NONE);
    return id.kid;
}

static enum err look_for_code(struct fakehub *h, const struct transport_request *q, struct transport_answer *a)
{
    (void)a;
    if (q->body && memmem(q->body, q->body_len, h->code16 + WIRE_CODE4, ENROL_LEN - WIRE_CODE4))
        fail_msg("the code travels");
    return ERR_NONE;
}

static void test_enrol__identity_and_keys_are_kept(void **state)
{
    struct fixture *f = *state;
    struct ledger_identity id;
    fakehub_rotate_keys(f->hub);
    f->hub->tamper = look_for_code;
    if (enrol(f))
        fail_msg("%s", f->e.text);
    assert_int_equal(ledger_identity(f->ledger, &id, &f->e), ERR_NONE);
    assert_int_equal(strlen(id.kid), CRYPTO_KID);
    assert_string_equal(id.hub, url);
    assert_string_equal(id.host, "hub.example");
    assert_string_equal(id.scope, "all");
    assert_true(id.has_seal);
    assert_memory_equal(id.seal_pk, f->hub->seal_pk, sizeof id.seal_pk);
}

static enum err lose_first(struct fakehub *h, const struct transport_request *q, struct transport_answer *a)
{
    (void)q, (void)a;
    return h->tampered++ == 0 ? ERR_NET : ERR_NONE;
}

static void test_enrol__lost_reply_is_asked_for_again(void **state)
{
    struct fixture *f = *state;
    uint8_t again[CRYPTO_SIGN_SECRET];
    f->hub->tamper = lose_first;
    assert_int_equal(enrol(f), ERR_NET);
    assert_string_equal(kid(f), "");
    assert_int_equal(key_load_or_make(again, f->dir, &f->e), ERR_NONE);
    assert_memory_equal(again, f->sk, sizeof again);
    assert_int_equal(enrol(f), ERR_NONE);
    assert_int_equal(f->hub->enrolments, 2);
}

static enum err spoil_reply(struct fakehub *h, const struct transport_request *q, struct transport_answer *a)
{
    (void)h;
    if (strcmp(q->path, "/v1/enrol") == 0 && a->body.len > 40) {
        char *mark = strstr(a->body.data, "\"root\":\"");
        mark[8] = mark[8] == 'A' ? 'B' : 'A';
    }
    return ERR_NONE;
}

static enum err spoil_keys(struct fakehub *h, const struct transport_request *q, struct transport_answer *a)
{
    (void)h;
    if (strstr(q->path, "/keys/"))
        a->signature[3] = a->signature[3] == 'A' ? 'B' : 'A';
    return ERR_NONE;
}

static void test_enrol__who_does_not_know_the_code_cannot_answer(void **state)
{
    struct fixture *f = *state;
    f->hub->tamper = spoil_reply;
    assert_int_equal(enrol(f), ERR_DENIED);
    assert_string_equal(kid(f), "");
    f->hub->tamper = spoil_keys;
    assert_int_equal(enrol(f), ERR_DENIED);
    assert_string_equal(kid(f), "");
    f->hub->tamper = NULL;
    assert_int_equal(enrol(f), ERR_NONE);
}

static void test_enrol__codes(void **state)
{
    struct fixture *f = *state;
    char other[ENROL_LEN + 1];
    assert_int_equal(enrol_run(f->ledger, &f->hub->base, f->sk, url, "not a code", &f->e), ERR_USAGE);
    assert_int_equal(f->hub->asked_count, 0);
    do
        enrol_code_make(other);
    while (strncmp(other, f->hub->code16, WIRE_CODE4) == 0);
    assert_int_equal(enrol_run(f->ledger, &f->hub->base, f->sk, url, other, &f->e), ERR_NOT_FOUND);
    do {
        enrol_code_make(other);
        memcpy(other, f->hub->code16, WIRE_CODE4);
    } while (!enrol_code_read(other, other) || strcmp(other, f->hub->code16) == 0);
    assert_int_equal(enrol_run(f->ledger, &f->hub->base, f->sk, url, other, &f->e), ERR_DENIED);
    memset(f->hub->enrolled_pk, 1, sizeof f->hub->enrolled_pk);
    f->hub->enrolments = 1;
    assert_int_equal(enrol(f), ERR_CONFLICT);
    assert_string_equal(kid(f), "");
    assert_null(strstr(f->e.text, f->hub->code16 + WIRE_CODE4));
}

static void test_enrol__anew_only_while_the_ledger_is_empty(void **state)
{
    struct fixture *f = *state;
    struct ledger_grant g = {
        .lease = 7, .event = "0198a1b2-0000-7000-8000-00000000e001", .first = 1, .last = 2, .sig = "s"};
    assert_int_equal(enrol(f), ERR_NONE);
    assert_int_equal(enrol(f), ERR_NONE);
    assert_int_equal(ledger_reply_begin(f->ledger, &f->e), ERR_NONE);
    assert_int_equal(ledger_reply_grant(f->ledger, &g, &f->e), ERR_NONE);
    assert_int_equal(ledger_reply_commit(f->ledger, &f->e), ERR_NONE);
    assert_int_equal(enrol(f), ERR_STATE);
    assert_non_null(strstr(f->e.text, "enrolled already"));
}

/* ---- the key file */

static void test_key__file_is_private_and_checked(void **state)
{
    struct fixture *f = *state;
    char path[4096];
    struct stat st;
    uint8_t sk[CRYPTO_SIGN_SECRET];
    file_join(path, f->dir, "kiosk.key");
    assert_int_equal(stat(path, &st), 0);
    assert_int_equal(st.st_mode & 0777, 0600);
    assert_int_equal(st.st_size, CRYPTO_SIGN_SECRET);
    assert_int_equal(file_write(path, "short", 5, 0600, &f->e), ERR_NONE);
    assert_int_equal(key_load(sk, f->dir, &f->e), ERR_CORRUPT);
    assert_int_equal(key_load_or_make(sk, f->dir, &f->e), ERR_CORRUPT);
    memcpy(sk, f->sk, sizeof sk);
    sk[50] ^= 1;
    assert_int_equal(file_write(path, sk, sizeof sk, 0600, &f->e), ERR_NONE);
    assert_int_equal(key_load(sk, f->dir, &f->e), ERR_CORRUPT);
    assert_int_equal(key_load(sk, "/nonexistent", &f->e), ERR_NOT_FOUND);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
#define CASE(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
        CASE(test_enrol__identity_and_keys_are_kept),
        CASE(test_enrol__lost_reply_is_asked_for_again),
        CASE(test_enrol__who_does_not_know_the_code_cannot_answer),
        CASE(test_enrol__codes),
        CASE(test_enrol__anew_only_while_the_ledger_is_empty),
        CASE(test_key__file_is_private_and_checked),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
