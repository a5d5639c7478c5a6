/* Messages by stick: batches and receipts with any time between them. */
#include "sync/carry.h"

#include <ftw.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "kiosk/base/file.h"
#include "tests/support/enrolled.h"
#include "tests/support/fakehub.h"

struct fixture {
    struct enrolled k; /* its kiosk key is given to the hub */
    struct fakehub *hub;
    struct keyring keys;
    struct exchange x;
    char dir[FOLDER_PATH];
    struct stick stick;
    struct carry carry;
    struct error e;
};

static int set_up(void **state)
{
    struct fixture *f = calloc(1, sizeof *f);
    enrolled_new(&f->k);
    f->hub = fakehub_new();
    memcpy(f->hub->kiosk_sk, f->k.sign_sk, sizeof f->k.sign_sk);
    memcpy(f->hub->kiosk_pk, f->k.sign_pk, sizeof f->k.sign_pk);
    f->keys.doc = f->hub->doc;
    exchange_init(&f->x, &f->hub->base, f->k.l, &f->keys, &f->k.clock, f->k.sign_sk);
    folder_new(f->dir);
    assert_int_equal(stick_open(&f->stick, f->dir, true, &f->e), ERR_NONE);
    carry_init(&f->carry, &f->x, &f->stick, 1782900000);
    *state = f;
    return 0;
}

static int remove_one(const char *path, const struct stat *s, int kind, struct FTW *at)
{
    (void)s;
    (void)kind;
    (void)at;
    return remove(path);
}

static int tear_down(void **state)
{
    struct fixture *f = *state;
    exchange_done(&f->x);
    stick_close(&f->stick);
    nftw(f->dir, remove_one, 8, FTW_DEPTH | FTW_PHYS);
    fakehub_free(f->hub);
    enrolled_done(&f->k);
    free(f);
    return 0;
}

static int64_t unsent(struct fixture *f)
{
    struct ledger_status s;
    assert_int_equal(ledger_status(f->k.l, &s, &f->e), ERR_NONE);
    return s.unsent;
}

static void write_stick(struct fixture *f)
{
    assert_int_equal(carry_write(&f->carry, "hub.example", 1, 0, &f->e), ERR_NONE);
}

/* What "bundle in" does: the batches to the hub, the last answer back as the receipt. A refusal ends it. */
static void hub_reads(struct fixture *f)
{
    struct stick_manifest up, down, before = {0};
    struct transport_answer a;
    char path[WIRE_PATH], base[STICK_NAME] = "";
    transport_answer_init(&a);
    wire_batch_path(path, f->x.kid);
    assert_int_equal(stick_part_load(&f->stick, f->carry.up, &up, &f->e), ERR_NONE);
    for (size_t i = 0; i < up.count && (!base[0] || a.status == 200); i++) {
        struct buf body, sig;
        const char *name = up.files[i].name;
        if (!strstr(name, ".batch"))
            continue;
        snprintf(base, sizeof base, "%.*s", (int)(strlen(name) - 6), name);
        buf_init(&body, WIRE_BATCH_MAX);
        buf_init(&sig, 200);
        char beside[STICK_NAME + 4];
        snprintf(beside, sizeof beside, "%.100s.sig", base);
        assert_int_equal(stick_part_read(&f->stick, &up, name, &body, &f->e), ERR_NONE);
        assert_int_equal(stick_part_read(&f->stick, &up, beside, &sig, &f->e), ERR_NONE);
        sig.data[strcspn(sig.data, "\n")] = 0;
        struct transport_request q = {
            .path = path, .body = body.data, .body_len = body.len, .signature = sig.data, .max = WIRE_REPLY_MAX};
        assert_int_equal(f->hub->base.send(&f->hub->base, &q, &a, &f->e), ERR_NONE);
        buf_done(&body);
        buf_done(&sig);
    }
    if (stick_part_load(&f->stick, f->carry.down, &before, NULL) != ERR_NONE)
        before.count = 0;
    stick_manifest_init(&down, f->carry.down, "hub x", "kiosk y", 0);
    char name[STICK_NAME + 8];
    struct buf sig;
    buf_init(&sig, 200);
    buf_addf(&sig, "%s\n", a.signature);
    snprintf(name, sizeof name, "%.100s.reply", base);
    assert_int_equal(stick_part_write(&f->stick, &down, name, &a.body, "x", &f->e), ERR_NONE);
    snprintf(name, sizeof name, "%.100s.sig", base);
    assert_int_equal(stick_part_write(&f->stick, &down, name, &sig, "x", &f->e), ERR_NONE);
    assert_int_equal(stick_part_finish(&f->stick, &down, &before, &f->e), ERR_NONE);
    buf_done(&sig);
    stick_manifest_done(&before);
    stick_manifest_done(&down);
    stick_manifest_done(&up);
    transport_answer_done(&a);
}

static void read_stick(struct fixture *f) { assert_int_equal(carry_read(&f->carry, &f->e), ERR_NONE); }

static void test_carry__many_batches_one_receipt(void **state)
{
    struct fixture *f = *state;
    for (int i = 0; i < 25; i++)
        enrolled_sign_up(&f->k);
    assert_int_equal(ledger_carry_set_ops(f->k.l, 10, &f->e), ERR_NONE);
    write_stick(f);
    assert_int_equal(f->carry.operations, 25);
    assert_int_equal(f->carry.batches, 4); /* 10, 10, 5, and the one that asks */
    assert_int_equal(unsent(f), 25);
    hub_reads(f);
    assert_int_equal(f->hub->said_count, 25);
    read_stick(f);
    assert_int_equal(f->carry.receipts, 1);
    assert_int_equal(unsent(f), 0);
    read_stick(f); /* once more: nothing new */
    assert_int_equal(unsent(f), 0);
    assert_int_equal(ledger_carry_ops(f->k.l, 200), 200); /* all is well again */
}

static void test_carry__a_receipt_may_be_late(void **state)
{
    struct fixture *f = *state;
    enrolled_sign_up(&f->k);
    write_stick(f);
    hub_reads(f);
    enrolled_sign_up(&f->k);
    assert_int_equal(exchange_step(&f->x, 1, 0, &f->e), EXCHANGE_DONE); /* the line is back for a moment */
    enrolled_sign_up(&f->k);
    read_stick(f);
    assert_int_equal(f->carry.receipts, 1);
    assert_int_equal(unsent(f), 1);
    assert_int_equal(f->hub->said_count, 2);
}

static int refuse_epoch(struct fakehub *h, const struct transport_request *q)
{
    (void)q;
    (void)h;
    return 409;
}

static enum err make_epoch(struct fakehub *h, const struct transport_request *q, struct transport_answer *a)
{
    struct wire_refusal r = {.type = WIRE_EPOCH, .epoch = 2, .newinc = 2};
    struct buf body;
    (void)q;
    memcpy(r.nonce, h->envelope.nonce, sizeof r.nonce);
    buf_init(&body, WIRE_SMALL_MAX);
    wire_refusal_write(&r, &body);
    fakehub_answer_signed(h, a, 409, body.data);
    buf_done(&body);
    return ERR_NONE;
}

static uint32_t incarnation(struct fixture *f)
{
    struct ledger_identity id;
    assert_int_equal(ledger_identity(f->k.l, &id, &f->e), ERR_NONE);
    return id.inc;
}

static void refusal_comes(struct fixture *f)
{
    enrolled_sign_up(&f->k);
    write_stick(f);
    f->hub->gate = refuse_epoch;
    f->hub->tamper = make_epoch;
    hub_reads(f);
    f->hub->gate = NULL;
    f->hub->tamper = NULL;
}

static void test_carry__a_refusal_of_the_newest_is_obeyed_once(void **state)
{
    struct fixture *f = *state;
    refusal_comes(f);
    read_stick(f);
    assert_int_equal(incarnation(f), 2);
    read_stick(f); /* the batch is of the log that was left */
    assert_int_equal(incarnation(f), 2);
    assert_int_equal(unsent(f), 1);
}

static void test_carry__a_refusal_is_passed_by_when_something_newer_was_sent(void **state)
{
    struct fixture *f = *state;
    refusal_comes(f);
    assert_int_equal(exchange_step(&f->x, 1, 0, &f->e), EXCHANGE_DONE);
    read_stick(f);
    assert_int_equal(incarnation(f), 1);
    assert_int_equal(unsent(f), 0);
}

static void test_carry__a_refusal_is_passed_by_after_another_stick(void **state)
{
    struct fixture *f = *state;
    refusal_comes(f);
    assert_int_equal(ledger_carry_begin(f->k.l, "AAAAAAAAAAAAAAAAAAAAAA", &f->e), ERR_NONE);
    read_stick(f);
    assert_int_equal(incarnation(f), 1);
}

/* Another device's receipt, a hub of another key: nothing of it. */
static void test_carry__a_receipt_not_signed_is_refused(void **state)
{
    struct fixture *f = *state;
    enrolled_sign_up(&f->k);
    write_stick(f);
    hub_reads(f);
    f->keys.doc.feed[0] ^= 1;
    assert_int_equal(carry_read(&f->carry, &f->e), ERR_DENIED);
    assert_int_equal(f->carry.fault, FAULT_SIGN);
    assert_int_equal(unsent(f), 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_carry__many_batches_one_receipt, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_carry__a_receipt_may_be_late, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_carry__a_refusal_of_the_newest_is_obeyed_once, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_carry__a_refusal_is_passed_by_when_something_newer_was_sent, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(test_carry__a_refusal_is_passed_by_after_another_stick, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_carry__a_receipt_not_signed_is_refused, set_up, tear_down),
    };
    return crypto_init(NULL) ? 1 : cmocka_run_group_tests(tests, NULL, NULL);
}
