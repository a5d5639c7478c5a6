/* Compressed bytes: never more than was allowed, and what was packed unpacks. */
#include <stdlib.h>
#include <string.h>

#include "sync/wire_zstd.h"
#include "tests/support/fuzz.h"

enum { MAX = 1 << 20 };

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
    struct buf out, packed, again;
    buf_init(&out, MAX);
    buf_init(&packed, MAX + 4096);
    buf_init(&again, MAX);
    if (wire_unpack(&out, data, n, NULL) == ERR_NONE) {
        fuzz_check(out.len <= MAX, "no more than was allowed");
        fuzz_check(wire_pack(&packed, out.data, out.len, WIRE_LEVEL_TAIL, NULL) == ERR_NONE, "it packs");
        fuzz_check(wire_unpack(&again, packed.data, packed.len, NULL) == ERR_NONE && again.len == out.len &&
                       memcmp(again.data, out.data, out.len) == 0,
                   "it unpacks the same");
    }
    buf_done(&out);
    buf_done(&packed);
    buf_done(&again);
    return 0;
}
