/* Heads: what was read and written again reads the same; paths stay plain. */
#include <stdlib.h>
#include <string.h>

#include "sync/wire_page.h"
#include "tests/support/fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
    static struct wire_head head, again;
    struct buf out;
    if (wire_head_parse(&head, (const char *)data, n, NULL) != ERR_NONE)
        return 0;
    fuzz_check(n <= WIRE_SMALL_MAX, "the size is within its limit");
    fuzz_check(head.sealed <= head.seq / WIRE_PER, "pages lie below seq");
    fuzz_check(strstr(head.snapshot.path, "..") == NULL && head.snapshot.path[0] != '/',
               "the snapshot's path is plain");
    buf_init(&out, WIRE_SMALL_MAX);
    wire_head_write(&head, &out);
    fuzz_check(!out.overflow && wire_head_parse(&again, out.data, out.len, NULL) == ERR_NONE, "it reads back");
    fuzz_check(memcmp(&head, &again, sizeof head) == 0, "it reads the same");
    wire_version_compare(head.min_client, SOSEDI_VERSION);
    buf_done(&out);
    return 0;
}
