/* Indexes of pages, and the names of files. */
#include <stdlib.h>
#include <string.h>

#include "sync/wire_page.h"
#include "tests/support/fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
    static struct wire_index index, again;
    char hash[WIRE_HASH16 + 1], path[WIRE_PATH], *name = fuzz_text(data, n);
    int64_t number;
    if (wire_file_name_read(name, &number, hash)) {
        wire_file_path(path, "all", 1, WIRE_PAGE, number, hash);
        fuzz_check(strcmp(strrchr(path, '/') + 1, name) == 0, "a name has one spelling");
    }
    free(name);
    if (wire_index_parse(&index, (const char *)data, n, NULL) != ERR_NONE)
        return 0;
    struct buf out;
    buf_init(&out, WIRE_PAGE_MAX);
    wire_index_write(&index, &out);
    fuzz_check(wire_index_parse(&again, out.data, out.len, NULL) == ERR_NONE, "it reads back");
    fuzz_check(index.n == again.n && index.count == again.count && strcmp(index.prev, again.prev) == 0 &&
                   memcmp(index.hash, again.hash, (size_t)index.count * sizeof index.hash[0]) == 0,
               "it reads the same");
    buf_done(&out);
    return 0;
}
