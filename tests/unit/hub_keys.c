/* Keys of a hub that are replaced: what stays good beside them, and what a try that was cut short leaves. */
#include "sync/hub/keys.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "kiosk/base/file.h"
#include "sync/wire_reply.h"

struct fixture {
    char dir[64];
    struct keys first, now;
    int64_t n;
    struct error e;
};

static int set_up(void **state)
{
    struct fixture *f = calloc(1, sizeof *f);
    setenv("SOSEDI_DEBUG", "1", 1);
    assert_int_equal(crypto_init(NULL), ERR_NONE);
    snprintf(f->dir, sizeof f->dir, "/tmp/sosedi-keys-XXXXXX");
    assert_non_null(mkdtemp(f->dir));
    assert_int_equal(keys_create(f->dir, NULL, &f->e), ERR_NONE);
    assert_int_equal(keys_load(&f->first, f->dir, &f->e), ERR_NONE);
    *state = f;
    return 0;
}

static int tear_down(void **state)
{
    struct fixture *f = *state;
    char command[128];
    snprintf(command, sizeof command, "rm -rf %s", f->dir);
    assert_int_equal(system(command), 0);
    free(f);
    return 0;
}

static void rotate(struct fixture *f, unsigned kinds, bool stolen)
{
    if (keys_rotate(f->dir, kinds, stolen, NULL, &f->n, &f->e))
        fail_msg("%s", f->e.text);
    if (keys_load(&f->now, f->dir, &f->e))
        fail_msg("%s", f->e.text);
    assert_int_equal(f->now.doc.n, f->n);
}

/* Whether what k's feed key signs is believed by who knows f->now's document. */
static bool head_is_believed(const struct fixture *f, const struct keys *k)
{
    char sig[WIRE_SIG + 1];
    wire_sign(sig, WIRE_DOMAIN_HEAD, NULL, "head", 4, k->feed);
    return wire_keys_verify(&f->now.doc, sig, WIRE_DOMAIN_HEAD, NULL, &(struct wire_line){"head", 4});
}

static bool lease_is_believed(const struct fixture *f, const struct keys *k)
{
    struct wire_grant g = {.ev = "0198a1b2-0000-7000-8000-00000000e001", .lease = 7, .first = 1, .last = 3};
    wire_grant_sign(&g, "abcdefghij", k->lease);
    return wire_keys_verify_grant(&f->now.doc, &g, "abcdefghij");
}

static void test_hub_keys__old_keys_are_good_until_the_next_rotation(void **state)
{
    struct fixture *f = *state;
    rotate(f, KEYS_FEED | KEYS_LEASE, false);
    assert_memory_not_equal(f->now.feed, f->first.feed, sizeof f->now.feed);
    struct keys second = f->now;
    assert_true(head_is_believed(f, &second) && lease_is_believed(f, &second));
    assert_true(head_is_believed(f, &f->first) && lease_is_believed(f, &f->first));
    rotate(f, KEYS_SEAL, false); /* of another kind: changes nothing for these */
    assert_true(head_is_believed(f, &f->first) && lease_is_believed(f, &f->first));
    rotate(f, KEYS_FEED, false);
    assert_true(head_is_believed(f, &second) && lease_is_believed(f, &f->first));
    assert_false(head_is_believed(f, &f->first));
    assert_int_equal(f->n, 4);
}

static void test_hub_keys__a_stolen_key_is_believed_no_more(void **state)
{
    struct fixture *f = *state;
    rotate(f, KEYS_FEED | KEYS_LEASE, true);
    assert_true(head_is_believed(f, &f->now) && lease_is_believed(f, &f->now));
    assert_false(head_is_believed(f, &f->first));
    assert_false(lease_is_believed(f, &f->first));
}

static void test_hub_keys__old_boxes_open_after_a_rotation(void **state)
{
    struct fixture *f = *state;
    uint8_t sk[CRYPTO_SEAL_SECRET], box[CRYPTO_SEAL_EXTRA + 4], text[4];
    assert_int_equal(crypto_seal(box, "name", 4, f->first.doc.seal[0].pk, &f->e), ERR_NONE);
    rotate(f, KEYS_SEAL, false);
    assert_int_equal(f->now.doc.seal_count, 2);
    assert_string_equal(f->now.doc.seal[1].id, "x2");
    assert_int_equal(keys_seal_secret(f->dir, "x1", NULL, sk, &f->e), ERR_NONE);
    assert_int_equal(crypto_open(text, box, sizeof box, f->first.doc.seal[0].pk, sk, &f->e), ERR_NONE);
    assert_int_equal(keys_seal_secret(f->dir, "x2", NULL, sk, &f->e), ERR_NONE);
    for (int i = 2; i < WIRE_SEALS; i++)
        rotate(f, KEYS_SEAL, false);
    assert_int_equal(keys_rotate(f->dir, KEYS_SEAL, false, NULL, &f->n, &f->e), ERR_TOO_BIG);
    assert_int_equal(keys_load(&f->now, f->dir, &f->e), ERR_NONE);
    assert_int_equal(f->now.doc.n, WIRE_SEALS);
}

/* Power went after the secret was written and before the document was. */
static void test_hub_keys__a_rotation_cut_short_did_nothing(void **state)
{
    struct fixture *f = *state;
    char path[128];
    snprintf(path, sizeof path, "%s/keys/feed-2.key", f->dir);
    assert_int_equal(file_write(path, "half", 4, 0600, &f->e), ERR_NONE);
    assert_false(keys_have_changed(&f->first, f->dir));
    assert_int_equal(keys_load(&f->now, f->dir, &f->e), ERR_NONE);
    assert_memory_equal(f->now.feed, f->first.feed, sizeof f->now.feed);
    rotate(f, KEYS_FEED, false);
    assert_true(keys_have_changed(&f->first, f->dir));
    assert_true(head_is_believed(f, &f->now));
}

static void test_hub_keys__only_the_root_key_makes_documents(void **state)
{
    struct fixture *f = *state;
    char path[128], other[128];
    snprintf(path, sizeof path, "%s/keys/root.key", f->dir);
    snprintf(other, sizeof other, "%s/keys/lease.key", f->dir);
    assert_int_equal(unlink(path), 0);
    assert_int_equal(keys_rotate(f->dir, KEYS_FEED, false, NULL, &f->n, &f->e), ERR_NOT_FOUND);
    assert_int_equal(link(other, path), 0); /* a key, but not the root's */
    assert_int_equal(keys_rotate(f->dir, KEYS_FEED, false, NULL, &f->n, &f->e), ERR_CORRUPT);
    assert_int_equal(keys_load(&f->now, f->dir, &f->e), ERR_NONE);
    assert_int_equal(f->now.doc.n, 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_hub_keys__old_keys_are_good_until_the_next_rotation, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_hub_keys__a_stolen_key_is_believed_no_more, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_hub_keys__old_boxes_open_after_a_rotation, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_hub_keys__a_rotation_cut_short_did_nothing, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_hub_keys__only_the_root_key_makes_documents, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
