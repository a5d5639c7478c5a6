/* Keys: from bytes to keys, hostile bytes, and the watch for scanners. */
#include "kiosk/ui/keys.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "kiosk/base/text.h"

#define COUNT(a) (sizeof(a) / sizeof(a)[0])

/* Everything that comes out, as words: "a", "Up", "click3,4", "scan[TEXT]"; "a?" may yet be taken back, which is "untype". */
static void describe(struct keys *k, int64_t at, char *out, size_t size)
{
    struct key key;
    char name[32], utf8[5];
    while (keys_next(k, at, &key)) {
        size_t n = strlen(out);
        if (key.code == K_CHAR) {
            utf8[text_encode(key.ch, utf8)] = 0;
            snprintf(out + n, size - n, key.early ? "%s? " : "%s ", utf8);
            assert_true(key.early == 0 || key.early == k->burst);
        } else if (key.code == K_SCAN) {
            snprintf(out + n, size - n, "scan[%s] ", key.text);
        } else if (key.code == K_UNTYPE) {
            assert_true(key.early > 0);
            snprintf(out + n, size - n, "untype ");
        } else if (key.code == K_CLICK) {
            snprintf(out + n, size - n, "click%d,%d ", key.row, key.col);
        } else if (key.code == K_WHEEL_UP || key.code == K_WHEEL_DOWN) {
            snprintf(out + n, size - n, "wheel%s ", key.code == K_WHEEL_UP ? "up" : "down");
        } else {
            snprintf(out + n, size - n, "%s ", key_name((int)key.code, name, sizeof name));
        }
    }
}

static void test_keys__bytes_become_keys(void **state)
{
    (void)state;
    static const struct {
        const char *name, *bytes, *want;
    } rows[] = {
        {"letters", "aЯ", "a Я "},
        {"arrows, normal and application", "\033[A\033OB\033[C\033OD", "Up Down Right Left "},
        {"paging", "\033[5~\033[6~\033[H\033OF\033[1~\033[4~", "PgUp PgDn Home End Home End "},
        {"editing", "\177\b\033[3~\033[2~\t\033[Z\r", "Backspace Backspace Delete Insert Tab Shift+Tab Enter "},
        {"function keys of xterm", "\033OP\033OQ\033[15~\033[24~", "F1 F2 F5 F12 "},
        {"function keys of the Linux console", "\033[[A\033[[E\033[17~", "F1 F5 F6 "},
        {"with modifiers", "\033[1;5A\033[1;2B", "Up Down "},
        {"escape, then later a letter", "\033", "Esc "},
        {"two escapes", "\033\033", "Esc Esc "},
        {"alt and a letter", "\033x", ""},
        {"mouse", "\033[<0;5;7M\033[<0;5;7m\033[<64;1;1M\033[<65;1;1M", "click6,4 wheelup wheeldown "},
        {"mouse, other buttons and motion", "\033[<2;5;7M\033[<35;5;7M\033[<128;5;7M", ""},
        {"mouse out of bounds", "\033[<0;99999;7M\033[<0;0;7M\033[<0;-4;7M\033[<0;5;99999999999999M", ""},
        {"old mouse report", "\033[M !!x", "x "},
        {"cursor report", "\033[12;40R", ""},
        {"device attributes", "\033[?62;1;4c\033[>0;276;0c", ""},
        {"title and colour answers", "\033]0;evil\007\033]11;rgb:0000/0000/0000\033\\z", "z "},
        {"device control", "\033P1$r0m\033\\z", "z "},
        {"focus", "\033[I\033[O", ""},
        {"a sequence far too long", "\033[1111111111111111111111111111111111111111111111111Ax", "x "},
        {"control characters", "\001\003\004\023\032\034", ""},
        {"broken UTF-8", "\xFFx\xC3(\xE2\x84y\xF8", "x ( y "},
        {"overlong, surrogate, C1, bidi", "\xC0\xAF\xED\xA0\x80\xC2\x9B\xE2\x80\xAEz", "z "},
        {"the denial: FF, then an arrow", "\xFF\033[Ax", "Up x "},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        static struct keys k;
        char got[512] = "";
        keys_init(&k);
        keys_feed(&k, rows[i].bytes, strlen(rows[i].bytes), 1000);
        describe(&k, 1000, got, sizeof got);
        describe(&k, 2000, got, sizeof got);
        if (strcmp(got, rows[i].want) != 0)
            fail_msg("%s: \"%s\"", rows[i].name, got);
        assert_true(keys_deadline(&k) == INT64_MAX);
    }
}

/* The same however the bytes are cut into reads. */
static void test_keys__sequences_may_come_in_pieces(void **state)
{
    (void)state;
    static const char bytes[] = "\033[1;5A\033OP\xD0\xAF\033[<0;5;7M\033]0;t\007\033[5~";
    static struct keys k;
    for (size_t cut = 0; cut < sizeof bytes; cut++) {
        char got[512] = "";
        keys_init(&k);
        keys_feed(&k, bytes, cut, 1000);
        keys_feed(&k, bytes + cut, sizeof bytes - 1 - cut, 1001);
        describe(&k, 2000, got, sizeof got);
        assert_string_equal(got, "Up F1 Я click6,4 PgUp ");
    }
}

static void test_keys__escape_alone_waits_25_ms(void **state)
{
    (void)state;
    static struct keys k;
    struct key key;
    keys_init(&k);
    keys_feed(&k, "\033", 1, 1000);
    assert_false(keys_next(&k, 1024, &key));
    assert_true(keys_deadline(&k) == 1025);
    assert_true(keys_next(&k, 1025, &key));
    assert_int_equal(key.code, K_ESC);
}

/* Bytes with a gap before each. */
static void type_bytes(struct keys *k, const char *bytes, int gap, int64_t *at, char *got, size_t size)
{
    for (; *bytes; bytes++) {
        size_t n = (*bytes & 0xC0) == 0xC0 ? 2 : 1;
        describe(k, *at, got, size);
        *at += gap;
        keys_feed(k, bytes, n, *at);
        bytes += n - 1;
    }
    describe(k, *at, got, size);
}

/* What comes where a character can be taken back (eager), and where it cannot. */
static void test_keys__scanner_bursts_are_one_key(void **state)
{
    (void)state;
    static const struct {
        const char *name, *bytes;
        int gap;
        const char *held, *eager; /* NULL: the same */
    } rows[] = {
        {"a scan", "4DXF92RV7L\r", 5, "scan[4DXF92RV7L] ", "4? untype scan[4DXF92RV7L] "},
        {"a scan at once", "4DXF92RV7L\r", 0, "scan[4DXF92RV7L] ", "4? untype scan[4DXF92RV7L] "},
        {"a scan ended by Tab", "4DXF92RV7L\t", 35, "scan[4DXF92RV7L] ", "4? untype scan[4DXF92RV7L] "},
        {"the link of a ticket", "HTTPS://HUB.EXAMPLE/T/4DXF92RV7L\r", 2, "scan[HTTPS://HUB.EXAMPLE/T/4DXF92RV7L] ",
         "H? untype scan[HTTPS://HUB.EXAMPLE/T/4DXF92RV7L] "},
        {"under the Russian layout", "РЕЕЗЫЖ.. 4ВЧА92КМ7Д\r", 2, "scan[HTTPS:// 4DXF92RV7L] ",
         "Р? untype scan[HTTPS:// 4DXF92RV7L] "},
        {"beginning with the same ones", "222DXF92RV7L\r", 5, "scan[222DXF92RV7L] ", "2? 2? 2? untype scan[222DXF92RV7L] "},
        {"even with many", "222222222DXF\r", 5, "2? 2? 2? 2? 2? 2? 2? 2? 2? untype scan[222222222DXF] ", NULL},
        {"eight are enough", "22334455\r", 30, "scan[22334455] ", "2? 2? untype scan[22334455] "},
        {"seven are typing", "2345679\r", 30, "2 3 4 5 6 7 9 Enter ", "2? 3 4 5 6 7 9 Enter "},
        {"slow is typing", "234567892\r", 36, "2 3 4 5 6 7 8 9 2 Enter ", "2? 3? 4? 5? 6? 7? 8? 9? 2? Enter "},
        {"STX makes anything a scan", "\002AB\r", 30, "scan[AB] ", NULL},
        {"even the same ones", "\002AAAAAAAAA\r", 30, "scan[AAAAAAAAA] ", NULL},
        {"STX and ETX", "\002AB\003x\r", 30, "scan[AB] x Enter ", "scan[AB] x? Enter "},
        {"STX after a letter", "a\002AB\003", 30, "a scan[AB] ", "a? scan[AB] "},
        {"an arrow ends the waiting", "abc\033[A", 1, "a b c Up ", "a? b c Up "},
        {"and so does Backspace", "ab\177", 1, "a b Backspace ", "a? b Backspace "},
        {"a key held down", "aaaaaaaaaaaa\r", 33, "a? a? a? a? a? a? a? a? a? a? a? a? Enter ", NULL},
        {"a space is no beginning", " ", 1, "  ", NULL},
        {"but may follow", "a 2345678\r", 1, "scan[a 2345678] ", "a? untype scan[a 2345678] "},
    };
    for (size_t i = 0; i < 2 * COUNT(rows); i++) {
        static struct keys k;
        char got[512] = "";
        int64_t at = 1000;
        bool eager = i % 2;
        const char *want = eager && rows[i / 2].eager ? rows[i / 2].eager : rows[i / 2].held;
        keys_init(&k);
        k.eager = eager;
        type_bytes(&k, rows[i / 2].bytes, rows[i / 2].gap, &at, got, sizeof got);
        describe(&k, at + 1000, got, sizeof got);
        if (strcmp(got, want) != 0)
            fail_msg("%s, %s: \"%s\"", rows[i / 2].name, eager ? "eager" : "held", got);
        assert_true(keys_deadline(&k) == INT64_MAX);
    }
}

/* When each comes, the clock moved by hand: letters at these moments, read at every millisecond. */
static void test_keys__letters_come_as_soon_as_they_may(void **state)
{
    (void)state;
    static const struct {
        const char *name, *letters;
        int at[8];
        bool eager;
        const char *want; /* "letter@moment" */
    } rows[] = {
        {"one", "a", {0}, true, "a@0 "},
        {"one that cannot be taken back", "a", {0}, false, "a@36 "},
        {"people", "abc", {0, 80, 200}, true, "a@0 b@80 c@200 "},
        {"two keys rolled over", "abc", {0, 20, 140}, true, "a@0 b@56 c@140 "},
        {"rolled over, and on", "abcd", {0, 20, 60, 140}, true, "a@0 b@56 c@60 d@140 "},
        {"three in a rush", "abc", {0, 30, 60}, true, "a@0 b@96 c@96 "},
        {"a key held down", "aaaaaaa", {0, 500, 533, 566, 599, 632, 665}, true, "a@0 a@500 a@533 a@566 a@599 a@632 a@665 "},
        {"held down, faster", "aaaaaa", {0, 250, 270, 290, 310, 330}, true, "a@0 a@250 a@270 a@290 a@310 a@330 "},
        {"held down, then another", "aaab", {0, 33, 66, 99}, true, "a@0 a@33 a@66 b@135 "},
        {"held down where it waits", "aaaaaa", {0, 33, 66, 99, 132, 165}, false, "a@99 a@99 a@99 a@99 a@132 a@165 "},
        {"a space where it waits", " ", {0}, false, " @0 "},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        static struct keys k;
        struct key key;
        char got[256] = "";
        size_t next = 0, n = 0;
        keys_init(&k);
        k.eager = rows[i].eager;
        for (int64_t ms = 0; ms < 1000; ms++) {
            for (; rows[i].letters[next] && rows[i].at[next] == ms; next++)
                keys_feed(&k, &rows[i].letters[next], 1, 1000 + ms);
            bool due = keys_deadline(&k) <= 1000 + ms;
            for (; keys_next(&k, 1000 + ms, &key); due = true) {
                assert_true(due); /* a deadline said so */
                n += (size_t)snprintf(got + n, sizeof got - n, "%c@%d ", (char)key.ch, (int)ms);
            }
        }
        if (strcmp(got, rows[i].want) != 0)
            fail_msg("%s: %s", rows[i].name, got);
    }
}

/* Bytes that piled up while the reader was busy carry the moment at which they may have come. */
static void test_keys__a_busy_reader_breaks_no_scan(void **state)
{
    (void)state;
    static struct keys k;
    char got[256] = "";
    keys_init(&k);
    k.eager = true;
    keys_feed(&k, "4", 1, 1000);
    describe(&k, 1000, got, sizeof got);
    keys_feed(&k, "DXF92RV7L\r", 10, 1000); /* read at 1300 */
    describe(&k, 1000, got, sizeof got);
    assert_string_equal(got, "4? untype scan[4DXF92RV7L] ");
}

static void test_keys__a_field_gets_nothing_while_a_scan_is_collected(void **state)
{
    (void)state;
    static struct keys k;
    struct key key;
    keys_init(&k);
    keys_feed(&k, "4DXF9", 5, 1000);
    assert_false(keys_next(&k, 1035, &key));
    assert_true(keys_deadline(&k) == 1036);
    assert_true(keys_next(&k, 1036, &key));
    assert_int_equal(key.ch, '4');
    k.eager = true;
    keys_wipe(&k);
    k.eager = true;
    keys_feed(&k, "4DXF9", 5, 2000);
    assert_true(keys_next(&k, 2000, &key));
    assert_int_equal(key.ch, '4');
    assert_false(keys_next(&k, 2035, &key));
    assert_true(keys_deadline(&k) == 2036);
    assert_true(keys_next(&k, 2036, &key));
    assert_int_equal(key.ch, 'D');
}

static void test_keys__without_a_scanner_nothing_is_held_back(void **state)
{
    (void)state;
    static struct keys k;
    char got[512] = "";
    keys_init(&k);
    k.no_scanner = true;
    keys_feed(&k, "\0024DXF92RV7L\r", 12, 1000);
    describe(&k, 1000, got, sizeof got);
    assert_string_equal(got, "4 D X F 9 2 R V 7 L Enter ");
}

static void test_keys__what_is_too_long_to_be_a_code_is_dropped_whole(void **state)
{
    (void)state;
    static struct keys k;
    char bytes[1200], got[512] = "";
    for (size_t i = 0; i < sizeof bytes; i++)
        bytes[i] = "4DXF92RV7L"[i % 10];
    bytes[sizeof bytes - 1] = '\r';
    keys_init(&k);
    keys_feed(&k, bytes, sizeof bytes, 1000);
    describe(&k, 2000, got, sizeof got);
    assert_string_equal(got, "");
    k.eager = true;
    keys_feed(&k, bytes, sizeof bytes, 3000);
    describe(&k, 4000, got, sizeof got);
    assert_string_equal(got, "4? untype ");
}

static void test_keys__tables_match_the_physical_key(void **state)
{
    (void)state;
    static const struct {
        const char *name;
        uint32_t ch;
        int want;
        bool is;
    } rows[] = {
        {"same letter", 'p', 'p', true},     {"upper case", 'P', 'p', true},     {"Russian layout", 0x437, 'p', true},
        {"Russian upper", 0x417, 'p', true}, {"another key", 0x43F, 'p', false}, {"digit", '3', '3', true},
        {"question mark", '?', '?', true},   {"nothing", 'p', 0, false},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct key k = {.code = K_CHAR, .ch = rows[i].ch};
        if (key_is(&k, rows[i].want) != rows[i].is)
            fail_msg("%s", rows[i].name);
    }
    assert_true(key_is(&(struct key){.code = K_F1}, K_F1));
    assert_false(key_is(&(struct key){.code = K_CHAR, .ch = 'x'}, K_CHAR));
    assert_int_equal(key_digit(&(struct key){.code = K_CHAR, .ch = '7'}), 7);
    assert_int_equal(key_digit(&(struct key){.code = K_CHAR, .ch = '0'}), 0);
}

static uint32_t next_random(uint32_t *seed) { return *seed = *seed * 1664525u + 1013904223u; }

/* Any bytes at any times: no crash, keys within their ranges, and afterwards an arrow is an arrow. */
static void test_keys__random_bytes_are_survived(void **state)
{
    (void)state;
    static const char spice[] = "\033[]OP<;M~\007\\\002\003\r";
    static struct keys k;
    uint32_t seed = 11;
    int64_t at = 0;
    keys_init(&k);
    for (int round = 0; round < 20000; round++) {
        unsigned char bytes[16];
        for (size_t i = 0; i < sizeof bytes; i++) {
            uint32_t r = next_random(&seed) >> 16;
            bytes[i] = r & 1 ? (unsigned char)spice[(r >> 1) % (sizeof spice - 1)] : (unsigned char)(r >> 4);
        }
        at += next_random(&seed) >> 26;
        k.eager = next_random(&seed) >> 31;
        keys_feed(&k, bytes, (next_random(&seed) >> 28) + 1, at);
        struct key key;
        while (keys_next(&k, at, &key)) {
            assert_true(key.code >= K_CHAR && key.code <= K_UNTYPE);
            assert_true(key.row >= 0 && key.row < 200 && key.col >= 0 && key.col < 500);
            assert_true(key.code != K_SCAN || (key.text && strlen(key.text) < KEYS_TEXT));
        }
    }
    keys_feed(&k, "\030", 1, at + 10000);
    char got[256] = "";
    describe(&k, at + 20000, got, sizeof got);
    got[0] = 0;
    keys_feed(&k, "\033[A", 3, at + 30000);
    describe(&k, at + 40000, got, sizeof got);
    assert_string_equal(got, "Up ");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_keys__bytes_become_keys),
        cmocka_unit_test(test_keys__sequences_may_come_in_pieces),
        cmocka_unit_test(test_keys__escape_alone_waits_25_ms),
        cmocka_unit_test(test_keys__scanner_bursts_are_one_key),
        cmocka_unit_test(test_keys__letters_come_as_soon_as_they_may),
        cmocka_unit_test(test_keys__a_busy_reader_breaks_no_scan),
        cmocka_unit_test(test_keys__a_field_gets_nothing_while_a_scan_is_collected),
        cmocka_unit_test(test_keys__without_a_scanner_nothing_is_held_back),
        cmocka_unit_test(test_keys__what_is_too_long_to_be_a_code_is_dropped_whole),
        cmocka_unit_test(test_keys__tables_match_the_physical_key),
        cmocka_unit_test(test_keys__random_bytes_are_survived),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
