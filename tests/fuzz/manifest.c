/* Manifests of a stick's parts. The first and the last line, a hash, are put on here: the fuzzer would never find them.
 */
#include <stdlib.h>
#include <string.h>

#include "sync/stick_part.h"
#include "tests/support/fuzz.h"

enum { MAX = 1 << 20 };

static void check_file(const struct stick_file *f)
{
    fuzz_check(f->name[0] != '/' && strstr(f->name, "..") == NULL && strchr(f->name, '\\') == NULL,
               "a name stays inside");
    fuzz_check(f->bytes >= 0 && f->bytes <= STICK_FILE_MAX && wire_is_hash(f->hash), "its size and hash are such");
    for (const char *p = f->what; *p; p++)
        fuzz_check(*p >= 0x20 && *p <= 0x7e, "its words are plain");
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
    struct stick_manifest m, again;
    struct buf text, out;
    char hash[WIRE_HEX + 1];
    buf_init(&text, MAX);
    buf_init(&out, MAX);
    buf_add_str(&text, "sosedi-manifest 1\n");
    buf_add(&text, data, n);
    wire_hash(hash, text.data, text.len);
    buf_addf(&text, "end %s\n", hash);
    if (stick_manifest_parse(&m, text.data, text.len, NULL) == ERR_NONE) {
        for (size_t i = 0; i < m.count; i++) {
            check_file(&m.files[i]);
            fuzz_check(stick_manifest_find(&m, m.files[i].name) == &m.files[i], "each is found by its name");
        }
        stick_manifest_write(&m, &out);
        fuzz_check(stick_manifest_parse(&again, out.data, out.len, NULL) == ERR_NONE, "it reads back");
        fuzz_check(m.count == again.count && strcmp(m.part, again.part) == 0, "it reads the same");
        stick_manifest_done(&again);
    }
    stick_manifest_done(&m);
    if (stick_manifest_parse(&m, (const char *)data, n, NULL) == ERR_NONE)
        fuzz_check(n >= WIRE_HEX, "it ends with its hash");
    stick_manifest_done(&m);
    buf_done(&text);
    buf_done(&out);
    return 0;
}
