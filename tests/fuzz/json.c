/* JSON: what was read and written again reads the same. */
#include <stdlib.h>
#include <string.h>

#include "kiosk/base/json_check.h"
#include "tests/support/fuzz.h"

enum { MAX = 64 << 10 };

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
    struct json *j = NULL, *again = NULL;
    struct buf one, two;
    if (json_parse(&j, (const char *)data, n, MAX, NULL) != ERR_NONE)
        return 0;
    fuzz_check(n <= MAX && json_check((const char *)data, n, NULL) == ERR_NONE, "the parser takes what is JSON");
    buf_init(&one, 8 * MAX);
    buf_init(&two, 8 * MAX);
    json_write(j, &one);
    fuzz_check(json_parse(&again, one.data, one.len, 8 * MAX, NULL) == ERR_NONE, "it reads back");
    json_write(again, &two);
    fuzz_check(strcmp(one.data, two.data) == 0, "it reads the same");
    fuzz_check(text_is_valid(one.data, one.len), "it is UTF-8");
    buf_done(&one);
    buf_done(&two);
    json_free(j);
    json_free(again);
    return 0;
}
