/* Ranges of bytes, by the examples of RFC 9110 (14.1.2) and what clients get wrong. */
#include "sync/hub/serve/range.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

static void test_range__is_read_or_left(void **state)
{
    (void)state;
    static const struct {
        const char *range, *if_range;
        int64_t size;
        int want;
        int64_t first, n;
    } rows[] = {
        {0, 0, 100, 200, 0, 100},
        {"bytes=0-", 0, 100, 206, 0, 100},
        {"bytes=10-", 0, 100, 206, 10, 90},
        {"bytes=10-19", 0, 100, 206, 10, 10},
        {"bytes=99-99", 0, 100, 206, 99, 1},
        {"bytes=10-1000", 0, 100, 206, 10, 90},
        {"bytes=-10", 0, 100, 206, 90, 10},
        {"bytes=-1000", 0, 100, 206, 0, 100},
        {"bytes=-0", 0, 100, 416, 0, 100},
        {"bytes=100-", 0, 100, 416, 0, 100},
        {"bytes=100-200", 0, 100, 416, 0, 100},
        {"bytes=999999999999999999-", 0, 100, 416, 0, 100},
        {"bytes=10-9", 0, 100, 200, 0, 100},
        {"bytes=", 0, 100, 200, 0, 100},
        {"bytes=-", 0, 100, 200, 0, 100},
        {"bytes=a-b", 0, 100, 200, 0, 100},
        {"bytes=1-2,5-6", 0, 100, 200, 0, 100},
        {"bytes=1-2 ", 0, 100, 200, 0, 100},
        {"bytes=99999999999999999999-", 0, 100, 200, 0, 100},
        {"bytes=1-99999999999999999999999", 0, 100, 200, 0, 100},
        {"bytes=+1-", 0, 100, 200, 0, 100},
        {"lines=1-2", 0, 100, 200, 0, 100},
        {"bytes=10-", "\"me\"", 100, 206, 10, 90},
        {"bytes=10-", "\"you\"", 100, 200, 0, 100},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        int64_t first, n;
        print_message("%s\n", rows[i].range ? rows[i].range : "none");
        assert_int_equal(range_read(rows[i].range, rows[i].if_range, "\"me\"", rows[i].size, &first, &n), rows[i].want);
        if (rows[i].want != 416) {
            assert_int_equal(first, rows[i].first);
            assert_int_equal(n, rows[i].n);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_range__is_read_or_left)};
    return cmocka_run_group_tests_name("range", tests, NULL, NULL);
}
