/* Key documents. */
#include <stdlib.h>
#include <string.h>

#include "sync/wire_page.h"
#include "tests/support/fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
    static struct wire_keys keys, again;
    struct buf out;
    if (wire_keys_parse(&keys, (const char *)data, n, NULL) != ERR_NONE)
        return 0;
    fuzz_check(keys.seal_count >= 1 && keys.seal_count <= WIRE_SEALS, "there is a key to seal to");
    buf_init(&out, WIRE_SMALL_MAX);
    wire_keys_write(&keys, &out);
    fuzz_check(!out.overflow && wire_keys_parse(&again, out.data, out.len, NULL) == ERR_NONE, "it reads back");
    fuzz_check(memcmp(&keys, &again, sizeof keys) == 0, "it reads the same");
    buf_done(&out);
    return 0;
}
