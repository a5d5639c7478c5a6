/* The signed token: the layout is fixed, every change is found, scanners of any layout may type it. */
#include "kiosk/ticket/token.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "kiosk/base/buf.h"
#include "kiosk/base/text.h"

/* A key from a fixed seed (RFC 8032, 7.1, test 1), so that the bytes below stay the same. */
static const char secret_hex[] = "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60"
                                 "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a";

static const struct token sample = {
    .event = {1, 2, 3, 4, 5, 6, 7, 8},
    .seat = 0x1234,
    .signup = {9, 10, 11, 12, 13, 14, 15, 16},
    .kid = {'a', 'b', 'c', 'd', '2', '7'},
    .lease = UINT64_C(0x0000000300000019),
    .terms = 3,
};

static int set_up(void **state)
{
    (void)state;
    setenv("SOSEDI_DEBUG", "1", 1); /* the leak checker wants to see the process */
    return crypto_init(NULL) == ERR_NONE ? 0 : -1;
}

static void make(uint8_t out[TOKEN_BYTES], uint8_t pk[CRYPTO_SIGN_PUBLIC])
{
    uint8_t sk[CRYPTO_SIGN_SECRET];
    assert_true(crypto_from_hex(sk, sizeof sk, secret_hex));
    memcpy(pk, sk + 32, CRYPTO_SIGN_PUBLIC);
    token_make(out, &sample, sk);
}

static void assert_sample(const struct token *t)
{
    assert_memory_equal(t->event, sample.event, sizeof t->event);
    assert_int_equal(t->seat, sample.seat);
    assert_memory_equal(t->signup, sample.signup, sizeof t->signup);
    assert_memory_equal(t->kid, sample.kid, sizeof t->kid);
    assert_true(t->lease == sample.lease);
    assert_int_equal(t->terms, sample.terms);
}

static void test_token__layout_is_fixed(void **state)
{
    (void)state;
    uint8_t bytes[TOKEN_BYTES], pk[CRYPTO_SIGN_PUBLIC];
    char hex[2 * TOKEN_BODY + 1];
    make(bytes, pk);
    crypto_hex(hex, bytes, TOKEN_BODY);
    assert_string_equal(hex, "01"
                             "0102030405060708"
                             "1234"
                             "090a0b0c0d0e0f10"
                             "616263643237"
                             "0000000300000019"
                             "0003");
    assert_true(crypto_verify(bytes + TOKEN_BODY, bytes, TOKEN_BODY, pk));
}

static void test_token__read_gives_the_fields_back(void **state)
{
    (void)state;
    uint8_t bytes[TOKEN_BYTES], pk[CRYPTO_SIGN_PUBLIC];
    struct token t;
    make(bytes, pk);
    assert_int_equal(token_read(&t, bytes, pk, NULL), ERR_NONE);
    assert_sample(&t);
    memset(&t, 0, sizeof t);
    assert_int_equal(token_peek(&t, bytes, NULL), ERR_NONE);
    assert_sample(&t);
}

static void test_token__every_changed_byte_is_refused(void **state)
{
    (void)state;
    uint8_t bytes[TOKEN_BYTES], pk[CRYPTO_SIGN_PUBLIC];
    struct token t;
    make(bytes, pk);
    for (size_t i = 0; i < TOKEN_BYTES; i++) {
        bytes[i] ^= 0x40;
        enum err code = token_read(&t, bytes, pk, NULL);
        bool head = i == 0 || (i >= 19 && i < 25); /* the version, the key id */
        if (code != ERR_DENIED && !(head && code == ERR_INVALID))
            fail_msg("byte %zu: %s", i, error_name(code));
        bytes[i] ^= 0x40;
    }
    pk[0] ^= 1;
    assert_int_equal(token_read(&t, bytes, pk, NULL), ERR_DENIED);
}

static void test_token__text_goes_there_and_back(void **state)
{
    (void)state;
    uint8_t bytes[TOKEN_BYTES], back[TOKEN_BYTES], pk[CRYPTO_SIGN_PUBLIC];
    char text[TOKEN_TEXT + 1];
    make(bytes, pk);
    token_text(text, bytes);
    assert_int_equal(strlen(text), 159);
    assert_int_equal(strspn(text, "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"), 159);
    assert_true(token_from_text(back, text));
    assert_memory_equal(back, bytes, sizeof bytes);
}

/* What a scanner types when the kiosk's keyboard is Russian, Caps Lock is on, or a person copies it in groups. */
static void test_token__text_is_read_as_typed(void **state)
{
    (void)state;
    uint8_t bytes[TOKEN_BYTES], back[TOKEN_BYTES], pk[CRYPTO_SIGN_PUBLIC];
    char text[TOKEN_TEXT + 1];
    struct buf lower, groups, russian;
    make(bytes, pk);
    token_text(text, bytes);
    buf_init(&lower, 400);
    buf_init(&groups, 400);
    buf_init(&russian, 400);
    for (size_t i = 0; text[i]; i++) {
        static const char *const ru[] = {"Ф", "И", "С", "В", "У", "А", "П", "Р", "Ш", "О", "Л", "Д", "Ь",
                                         "Т", "Щ", "З", "Й", "К", "Ы", "Е", "Г", "М", "Ц", "Ч", "Н", "Я"};
        bool letter = text[i] >= 'A';
        buf_add_char(&lower, letter ? (char)(text[i] | 0x20) : text[i]);
        buf_addf(&groups, "%s%c", i % 5 ? "" : i % 2 ? " " : "-", text[i]);
        if (letter)
            buf_add_str(&russian, ru[text[i] - 'A']);
        else
            buf_add_char(&russian, text[i]);
    }
    buf_add_str(&groups, "\r\n");
    const char *const typed[] = {lower.data, groups.data, russian.data};
    for (size_t i = 0; i < 3; i++) {
        memset(back, 0, sizeof back);
        if (!token_from_text(back, typed[i]))
            fail_msg("not read: %s", typed[i]);
        assert_memory_equal(back, bytes, sizeof bytes);
    }
    buf_done(&lower);
    buf_done(&groups);
    buf_done(&russian);
}

static void test_token__other_texts_are_refused(void **state)
{
    (void)state;
    uint8_t bytes[TOKEN_BYTES], back[TOKEN_BYTES] = {0}, pk[CRYPTO_SIGN_PUBLIC];
    char text[TOKEN_TEXT + 2];
    make(bytes, pk);
    assert_false(token_from_text(back, ""));
    assert_false(token_from_text(back, "4DXF92RV7L"));
    assert_false(token_from_text(back, "\xff\xfe"));
    token_text(text, bytes);
    text[159] = 'A';
    text[160] = 0;
    assert_false(token_from_text(back, text)); /* one letter too many */
    text[159] = 0;
    text[80] = '1';
    assert_false(token_from_text(back, text)); /* not a letter of base32 */
    text[158] = 0;
    assert_false(token_from_text(back, text)); /* one too few */
    for (size_t i = 0; i < sizeof back; i++)
        assert_int_equal(back[i], 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_token__layout_is_fixed),
        cmocka_unit_test(test_token__read_gives_the_fields_back),
        cmocka_unit_test(test_token__every_changed_byte_is_refused),
        cmocka_unit_test(test_token__text_goes_there_and_back),
        cmocka_unit_test(test_token__text_is_read_as_typed),
        cmocka_unit_test(test_token__other_texts_are_refused),
    };
    return cmocka_run_group_tests(tests, set_up, NULL);
}
