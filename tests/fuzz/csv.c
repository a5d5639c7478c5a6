/* Tables: what was read, written out with quotes, reads the same. */
#include <stdlib.h>
#include <string.h>

#include "sync/hub/import/csv.h"
#include "tests/support/fuzz.h"

enum { MAX = 1 << 20 };

static void write_row(const struct csv *c, struct buf *out)
{
    for (int i = 0; i < c->count; i++) {
        buf_add_str(out, i > 0 ? ",\"" : "\"");
        for (const char *s = csv_field(c, i); *s != '\0'; s++)
            buf_add_str(out, *s == '"' ? "\"\"" : (char[]){*s, '\0'});
        buf_add_char(out, '"');
    }
    buf_add_char(out, '\n');
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
    struct csv c, again;
    struct buf out;
    if (!csv_open(&c, (const char *)data, n, MAX))
        return 0;
    buf_init(&out, MAX);
    while (csv_next(&c)) {
        fuzz_check(c.count >= 0 && c.count <= CSV_COLUMNS && (c.count == 0) == (c.fault != NULL), "a row or a fault");
        fuzz_check(*csv_field(&c, c.count) == '\0', "past the row there is nothing");
        if (c.fault != NULL)
            continue;
        buf_clear(&out);
        write_row(&c, &out);
        fuzz_check(csv_open(&again, out.data, out.len, MAX), "what was written opens");
        bool row = csv_next(&again);
        fuzz_check(!row || again.count == c.count, "it has as many fields");
        for (int i = 0; row && i < c.count; i++)
            fuzz_check(strcmp(csv_field(&c, i), csv_field(&again, i)) == 0, "it reads the same");
        csv_close(&again);
    }
    buf_done(&out);
    csv_close(&c);
    return 0;
}
