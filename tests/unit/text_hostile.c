/* The text module against strings that were made to break programs, damaged bytes, and the standard's own table. */
#include "kiosk/base/text.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static void check_hostile(const char *s, size_t n)
{
    for (int flags = TEXT_LINE; flags <= TEXT_LINES; flags++) {
        char *once = text_dup_clean(s, n, 3 * n, (enum text_flags)flags);
        size_t len = strlen(once);
        char *twice = text_dup_clean(once, len, len, (enum text_flags)flags);
        assert_string_equal(once, twice);
        assert_true(text_is_valid(once, len));
        for (size_t i = 0, bytes; i < len; i += bytes) {
            uint32_t cp;
            text_decode(once + i, len - i, &cp);
            int columns = text_cluster(once + i, &bytes);
            assert_true(cp == '\n' ? columns == 0 : columns == 1 || columns == 2);
            assert_true(bytes > 0 && bytes <= 8);
        }
        size_t pos = 0, line, bytes;
        while (text_wrap(once, 10, &pos, &line, &bytes)) {
            char cut[80];
            assert_true(bytes < sizeof cut);
            memcpy(cut, once + line, bytes);
            cut[bytes] = 0;
            assert_true(text_width(cut) <= 10);
        }
        char *folded = malloc(len + 1), *key = malloc(3 * len + 2), *cut = malloc(len + 4);
        assert_true(text_fold(folded, len + 1, once) <= len);
        assert_true(text_sort_key(key, 3 * len + 2, once) <= 3 * len + 1);
        assert_true(text_ellipsis(cut, len + 4, once, 9) <= 9);
        free(folded), free(key), free(cut), free(once), free(twice);
    }
}

static const char *data_folder(void)
{
    const char *dir = getenv("SOSEDI_DATA");
    return dir ? dir : "../shared/data";
}

static void check_file(const char *name)
{
    char path[512], line[8192];
    snprintf(path, sizeof path, "%s/hostile-text/%s", data_folder(), name);
    FILE *f = fopen(path, "rb");
    if (!f) {
        print_message("%s is absent\n", path);
        skip();
    }
    size_t n;
    while (fgets(line, sizeof line, f)) {
        n = strlen(line);
        check_hostile(line, n);
    }
    rewind(f);
    while ((n = fread(line, 1, 3001, f)) > 0) /* cut wherever it falls */
        check_hostile(line, n);
    fclose(f);
}

static void test_text__bears_naughty_strings(void **state)
{
    (void)state;
    check_file("blns.txt");
}

static void test_text__bears_utf8_demo(void **state)
{
    (void)state;
    check_file("UTF-8-demo.txt");
    check_file("unicode-16/emoji-test.txt");
}

static void test_text__bears_any_bytes(void **state)
{
    (void)state;
    uint32_t seed = 20260501;
    for (int round = 0; round < 2000; round++) {
        char bytes[64];
        for (size_t i = 0; i < sizeof bytes; i++) {
            seed = seed * 1664525u + 1013904223u;
            bytes[i] = (char)(seed >> (round % 3 ? 24 : 23));
            if (round % 2 && i % 2) /* many combining marks */
                bytes[i] = (char)(0x80 | (bytes[i] & 0x3F));
            else if (round % 2)
                bytes[i] = "\xCC\xD0\xD1"
                           "a"[(seed >> 20) & 3];
        }
        check_hostile(bytes, sizeof bytes);
    }
}

/* Every range of the standard's own file against the table. */
static void test_text__width_agrees_with_the_standard(void **state)
{
    (void)state;
    char path[512], line[512];
    snprintf(path, sizeof path, "%s/hostile-text/unicode-16/EastAsianWidth.txt", data_folder());
    FILE *f = fopen(path, "rb");
    if (!f) {
        print_message("%s is absent\n", path);
        skip();
    }
    while (fgets(line, sizeof line, f)) {
        unsigned first, last;
        char class[4];
        if (sscanf(line, "%x..%x ; %3s", &first, &last, class) != 3) {
            if (sscanf(line, "%x ; %3s", &first, class) != 2)
                continue;
            last = first;
        }
        bool wide = strcmp(class, "W") == 0 || strcmp(class, "F") == 0;
        for (unsigned cp = first; cp <= last; cp++) {
            int columns = text_width_char(cp);
            bool free = columns == 0 || strcmp(class, "A") == 0; /* invisible, or ambiguous */
            if (!free && columns != (wide ? 2 : 1))
                fail_msg("U+%04X takes %d columns", cp, columns);
        }
    }
    fclose(f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_text__bears_naughty_strings),
        cmocka_unit_test(test_text__bears_utf8_demo),
        cmocka_unit_test(test_text__bears_any_bytes),
        cmocka_unit_test(test_text__width_agrees_with_the_standard),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
