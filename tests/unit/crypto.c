/* Cryptography: known answers, and that everything that was changed is refused. */
#include "kiosk/ticket/crypto.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static int set_up(void **state)
{
    (void)state;
    /* Under a debugger's or sanitizer's eye the process stays dumpable, except in the case that tests it. */
    setenv("SOSEDI_DEBUG", "1", 1);
    return crypto_init(NULL) == ERR_NONE ? 0 : -1;
}

static void from_hex(void *out, size_t size, const char *hex) { assert_true(crypto_from_hex(out, size, hex)); }

static void assert_hex(const void *bytes, size_t n, const char *wanted)
{
    char text[300];
    assert_true(2 * n < sizeof text);
    crypto_hex(text, bytes, n);
    assert_string_equal(text, wanted);
}

static void test_crypto__blake2b_known_answers(void **state)
{
    (void)state;
    uint8_t h[CRYPTO_HASH], both[CRYPTO_HASH];
    /* BLAKE2b-256 of nothing and of "abc". */
    crypto_digest(h, NULL, 0);
    assert_hex(h, sizeof h, "0e5751c026e543b2e8ab2eb06099daa1d1e5df47778f7787faab45cdf12fe3a8");
    crypto_digest(h, "abc", 3);
    assert_hex(h, sizeof h, "bddd813c634239723171ef3fee98579b94964e3bb1cb3e427262c8c068d52319");
    crypto_digest2(both, "a", 1, "bc", 2);
    assert_memory_equal(h, both, sizeof h);
}

static void test_crypto__mac_depends_on_key_and_text(void **state)
{
    (void)state;
    uint8_t a[CRYPTO_HASH], b[CRYPTO_HASH], c[CRYPTO_HASH], plain[CRYPTO_HASH];
    crypto_mac(a, "key one", "text", 4);
    crypto_mac(b, "key two", "text", 4);
    crypto_mac(c, "key one", "texts", 5);
    crypto_digest(plain, "text", 4);
    assert_false(crypto_equal(a, b, sizeof a));
    assert_false(crypto_equal(a, c, sizeof a));
    assert_false(crypto_equal(a, plain, sizeof a));
    crypto_mac(b, "key one", "text", 4);
    assert_true(crypto_equal(a, b, sizeof a));
    crypto_mac(a, "k", NULL, 0);
}

/* RFC 8032, 7.1, test 2. libsodium's secret key is the seed followed by the public key. */
static void test_crypto__ed25519_known_answer(void **state)
{
    (void)state;
    uint8_t sk[CRYPTO_SIGN_SECRET], sig[CRYPTO_SIGNATURE];
    from_hex(sk, sizeof sk,
             "4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb"
             "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c");
    crypto_sign_message(sig, "\x72", 1, sk);
    assert_hex(sig, sizeof sig,
               "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da"
               "085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00");
    assert_true(crypto_verify(sig, "\x72", 1, sk + 32));
}

static void test_crypto__verify_refuses_every_changed_bit(void **state)
{
    (void)state;
    uint8_t pk[CRYPTO_SIGN_PUBLIC], sk[CRYPTO_SIGN_SECRET], sig[CRYPTO_SIGNATURE], none[CRYPTO_SIGN_PUBLIC] = {0};
    char text[] = "a message";
    crypto_sign_keys(pk, sk);
    crypto_sign_message(sig, text, sizeof text, sk);
    assert_true(crypto_verify(sig, text, sizeof text, pk));
    for (size_t bit = 0; bit < 8 * sizeof sig; bit += 5) {
        sig[bit / 8] ^= (uint8_t)(1u << bit % 8);
        assert_false(crypto_verify(sig, text, sizeof text, pk));
        sig[bit / 8] ^= (uint8_t)(1u << bit % 8);
    }
    text[0] ^= 1;
    assert_false(crypto_verify(sig, text, sizeof text, pk));
    text[0] ^= 1;
    assert_false(crypto_verify(sig, text, sizeof text - 1, pk));
    assert_false(crypto_verify(sig, text, sizeof text, none));
    assert_true(crypto_verify(sig, text, sizeof text, pk));
}

static void test_crypto__kid_is_base32_of_the_hash(void **state)
{
    (void)state;
    uint8_t pk[CRYPTO_SIGN_PUBLIC] = {1, 2, 3}, hash[CRYPTO_HASH];
    char kid[CRYPTO_KID + 1], text[60];
    crypto_kid(kid, pk);
    assert_int_equal(strlen(kid), CRYPTO_KID);
    crypto_digest(hash, pk, sizeof pk);
    crypto_base32(text, hash, sizeof hash);
    for (int i = 0; i < CRYPTO_KID; i++)
        assert_true(kid[i] == text[i] || kid[i] == (text[i] | 0x20));
    assert_int_equal(strspn(kid, "abcdefghijklmnopqrstuvwxyz234567"), CRYPTO_KID);
}

static void test_crypto__sealed_opens_with_its_key_alone(void **state)
{
    (void)state;
    uint8_t pk[CRYPTO_SEAL_PUBLIC], sk[CRYPTO_SEAL_SECRET], pk2[CRYPTO_SEAL_PUBLIC], sk2[CRYPTO_SEAL_SECRET];
    const uint8_t zero[CRYPTO_SEAL_PUBLIC] = {0};
    const char text[] = "Имя, телефон";
    uint8_t box[sizeof text + CRYPTO_SEAL_EXTRA], again[sizeof box], open[sizeof text];
    crypto_seal_keys(pk, sk);
    crypto_seal_keys(pk2, sk2);
    assert_int_equal(crypto_seal(box, text, sizeof text, pk, NULL), ERR_NONE);
    assert_int_equal(crypto_seal(again, text, sizeof text, pk, NULL), ERR_NONE);
    assert_memory_not_equal(box, again, sizeof box);
    assert_int_equal(crypto_open(open, box, sizeof box, pk, sk, NULL), ERR_NONE);
    assert_memory_equal(open, text, sizeof text);
    assert_int_equal(crypto_open(open, box, sizeof box, pk2, sk2, NULL), ERR_DENIED);
    assert_int_equal(crypto_open(open, box, CRYPTO_SEAL_EXTRA - 1, pk, sk, NULL), ERR_DENIED);
    box[40] ^= 1;
    assert_int_equal(crypto_open(open, box, sizeof box, pk, sk, NULL), ERR_DENIED);
    assert_int_equal(crypto_seal(box, text, sizeof text, zero, NULL), ERR_INVALID);
    /* Nothing can be sealed too. */
    assert_int_equal(crypto_seal(box, "", 0, pk, NULL), ERR_NONE);
    assert_int_equal(crypto_open(open, box, CRYPTO_SEAL_EXTRA, pk, sk, NULL), ERR_NONE);
}

static void test_crypto__locked_opens_with_its_passphrase_alone(void **state)
{
    (void)state;
    struct buf locked, open;
    buf_init(&locked, 200);
    buf_init(&open, 100);
    assert_int_equal(crypto_lock(&locked, "secret", 6, "пароль", NULL), ERR_NONE);
    assert_int_equal(locked.len, 6 + CRYPTO_LOCK_EXTRA);
    assert_int_equal(crypto_unlock(&open, locked.data, locked.len, "parole", NULL), ERR_DENIED);
    assert_int_equal(open.len, 0);
    assert_int_equal(crypto_unlock(&open, locked.data, locked.len, "пароль", NULL), ERR_NONE);
    assert_string_equal(open.data, "secret");
    locked.data[locked.len - 1] ^= 1;
    assert_int_equal(crypto_unlock(&open, locked.data, locked.len, "пароль", NULL), ERR_DENIED);
    assert_int_equal(open.len, 6);
    buf_done(&locked);
    buf_done(&open);
}

static void test_crypto__unlock_refuses_foreign_bytes_cheaply(void **state)
{
    (void)state;
    uint8_t bytes[CRYPTO_LOCK_EXTRA + 4] = "SOSLOCK1";
    struct buf open;
    buf_init(&open, 100);
    /* No passes; then 4 billion passes over 4 TB: asked for by the bytes, not given. */
    assert_int_equal(crypto_unlock(&open, bytes, sizeof bytes, "x", NULL), ERR_INVALID);
    memset(bytes + 8, 0xff, 8);
    assert_int_equal(crypto_unlock(&open, bytes, sizeof bytes, "x", NULL), ERR_INVALID);
    bytes[0] = 'X';
    assert_int_equal(crypto_unlock(&open, bytes, sizeof bytes, "x", NULL), ERR_INVALID);
    assert_int_equal(crypto_unlock(&open, bytes, 10, "x", NULL), ERR_INVALID);
    buf_done(&open);
    buf_init(&open, 10);
    assert_int_equal(crypto_lock(&open, "secret", 6, "x", NULL), ERR_TOO_BIG);
    assert_false(open.overflow);
    buf_done(&open);
}

/* RFC 4648, 10 (without padding). */
static void test_crypto__base_known_answers(void **state)
{
    (void)state;
    static const struct {
        const char *text, *b64, *b32, *hex;
    } rows[] = {
        {"", "", "", ""},
        {"f", "Zg", "MY", "66"},
        {"fo", "Zm8", "MZXQ", "666f"},
        {"foo", "Zm9v", "MZXW6", "666f6f"},
        {"foob", "Zm9vYg", "MZXW6YQ", "666f6f62"},
        {"fooba", "Zm9vYmE", "MZXW6YTB", "666f6f6261"},
        {"foobar", "Zm9vYmFy", "MZXW6YTBOI", "666f6f626172"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        size_t n = strlen(rows[i].text), got = 99;
        char text[40], back[8];
        struct buf b;
        buf_init(&b, 100);
        crypto_b64(&b, rows[i].text, n);
        assert_string_equal(b.data, rows[i].b64);
        assert_true(crypto_from_b64(back, sizeof back, &got, b.data));
        assert_int_equal(got, n);
        assert_memory_equal(back, rows[i].text, n);
        buf_done(&b);
        crypto_base32(text, rows[i].text, n);
        assert_string_equal(text, rows[i].b32);
        assert_true(crypto_from_base32(back, n, text));
        assert_memory_equal(back, rows[i].text, n);
        crypto_hex(text, rows[i].text, n);
        assert_string_equal(text, rows[i].hex);
        assert_true(crypto_from_hex(back, n, text));
        assert_memory_equal(back, rows[i].text, n);
    }
}

static void test_crypto__decoders_are_strict(void **state)
{
    (void)state;
    uint8_t out[8];
    size_t n;
    assert_true(crypto_from_b64(out, 2, NULL, "_-8"));
    assert_false(crypto_from_b64(out, 2, NULL, "/+8"));
    assert_false(crypto_from_b64(out, 2, NULL, "_-8="));
    assert_false(crypto_from_b64(out, 2, NULL, "_-9")); /* left-over bits */
    assert_false(crypto_from_b64(out, 3, NULL, "_-8"));
    assert_false(crypto_from_b64(out, 1, &n, "_-8"));
    assert_false(crypto_from_b64(out, 8, &n, "_ -8"));
    assert_false(crypto_from_b64(out, 8, &n, "A"));
    assert_true(crypto_from_hex(out, 2, "0aff"));
    assert_false(crypto_from_hex(out, 2, "0aFF"));
    assert_false(crypto_from_hex(out, 2, "0aff0"));
    assert_false(crypto_from_hex(out, 2, "0af"));
    assert_false(crypto_from_hex(out, 2, "0afg"));
    assert_true(crypto_from_base32(out, 1, "my"));
    assert_false(crypto_from_base32(out, 1, "mz")); /* left-over bits */
    assert_false(crypto_from_base32(out, 1, "m1"));
    assert_false(crypto_from_base32(out, 1, "myy"));
    assert_false(crypto_from_base32(out, 2, "my"));
}

static void test_crypto__b64_of_long_bytes_is_one_piece(void **state)
{
    (void)state;
    uint8_t bytes[1000], back[1000];
    struct buf b;
    buf_init(&b, 2000);
    crypto_random(bytes, sizeof bytes);
    crypto_b64(&b, bytes, sizeof bytes);
    assert_int_equal(b.len, 1334);
    assert_true(crypto_from_b64(back, sizeof back, NULL, b.data));
    assert_memory_equal(bytes, back, sizeof bytes);
    buf_done(&b);
}

static void test_crypto__uuids(void **state)
{
    (void)state;
    char a[37], b[37];
    /* RFC 9562, A.6: the moment 0x017F22E279B0. */
    crypto_uuid(a, INT64_C(0x017F22E279B0));
    crypto_uuid(b, INT64_C(0x017F22E279B0));
    assert_memory_equal(a, "017f22e2-79b0-7", 15);
    assert_non_null(strchr("89ab", a[19]));
    assert_true(crypto_is_uuid(a) && crypto_is_uuid(b));
    assert_string_not_equal(a, b);
    crypto_uuid(b, INT64_C(0x017F22E279B1));
    assert_true(strcmp(a, b) < 0);
    crypto_uuid(b, -5);
    assert_memory_equal(b, "00000000-0000-7", 15);

    crypto_uuid_name(a, "feed", "event-1");
    crypto_uuid_name(b, "feed", "event-1");
    assert_string_equal(a, b);
    assert_true(crypto_is_uuid(a) && a[14] == '8');
    crypto_uuid_name(b, "feede", "vent-1");
    assert_string_not_equal(a, b);
}

static void test_crypto__is_uuid(void **state)
{
    (void)state;
    static const struct {
        const char *row, *text;
        bool is;
    } rows[] = {
        {"good", "017f22e2-79b0-7cc3-98c4-dc0c0c07398f", true},
        {"upper case", "017F22E2-79B0-7CC3-98C4-DC0C0C07398F", false},
        {"short", "017f22e2-79b0-7cc3-98c4-dc0c0c07398", false},
        {"long", "017f22e2-79b0-7cc3-98c4-dc0c0c07398ff", false},
        {"no dashes", "017f22e279b07cc398c4dc0c0c07398f0000", false},
        {"braces", "{17f22e2-79b0-7cc3-98c4-dc0c0c07398}", false},
        {"letter", "017f22g2-79b0-7cc3-98c4-dc0c0c07398f", false},
        {"nothing", "", false},
        {"NULL", NULL, false},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        if (crypto_is_uuid(rows[i].text) != rows[i].is)
            fail_msg("%s", rows[i].row);
}

static void test_crypto__random_below_stays_below(void **state)
{
    (void)state;
    bool seen[19] = {false};
    for (int i = 0; i < 2000; i++) {
        uint32_t r = crypto_random_below(19);
        assert_true(r < 19);
        seen[r] = true;
    }
    for (int i = 0; i < 19; i++)
        assert_true(seen[i]);
}

static void test_crypto__wipe_and_equal(void **state)
{
    (void)state;
    char secret[] = "secret";
    assert_true(crypto_equal(secret, "secret", 6));
    assert_false(crypto_equal(secret, "secreT", 6));
    crypto_wipe(secret, sizeof secret);
    for (size_t i = 0; i < sizeof secret; i++)
        assert_int_equal(secret[i], 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_crypto__blake2b_known_answers),
        cmocka_unit_test(test_crypto__mac_depends_on_key_and_text),
        cmocka_unit_test(test_crypto__ed25519_known_answer),
        cmocka_unit_test(test_crypto__verify_refuses_every_changed_bit),
        cmocka_unit_test(test_crypto__kid_is_base32_of_the_hash),
        cmocka_unit_test(test_crypto__sealed_opens_with_its_key_alone),
        cmocka_unit_test(test_crypto__locked_opens_with_its_passphrase_alone),
        cmocka_unit_test(test_crypto__unlock_refuses_foreign_bytes_cheaply),
        cmocka_unit_test(test_crypto__base_known_answers),
        cmocka_unit_test(test_crypto__decoders_are_strict),
        cmocka_unit_test(test_crypto__b64_of_long_bytes_is_one_piece),
        cmocka_unit_test(test_crypto__uuids),
        cmocka_unit_test(test_crypto__is_uuid),
        cmocka_unit_test(test_crypto__random_below_stays_below),
        cmocka_unit_test(test_crypto__wipe_and_equal),
    };
    return cmocka_run_group_tests(tests, set_up, NULL);
}
