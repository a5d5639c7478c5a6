/* What a kiosk says: the envelope, then operations. */
#include <stdlib.h>
#include <string.h>

#include "sync/wire_batch.h"
#include "tests/support/fuzz.h"

static void read_envelope(const struct wire_line *line)
{
    static struct wire_envelope v, again;
    struct buf out;
    if (wire_envelope_parse(&v, line->s, line->n, NULL) != ERR_NONE)
        return;
    buf_init(&out, WIRE_SMALL_MAX * 2);
    wire_envelope_write(&v, &out);
    fuzz_check(wire_envelope_parse(&again, out.data, out.len - 1, NULL) == ERR_NONE, "an envelope reads back");
    fuzz_check(memcmp(&v, &again, sizeof v) == 0, "an envelope reads the same");
    buf_done(&out);
}

static void read_op(const struct wire_line *line)
{
    static struct wire_op op, again;
    struct buf out;
    if (wire_op_parse(&op, line->s, line->n, NULL) != ERR_NONE)
        return;
    fuzz_check(op.party <= WIRE_PARTY_MAX && op.seat_count <= WIRE_PARTY_MAX, "numbers are within limits");
    fuzz_check(op.seat_count == 0 || op.lease > 0, "seats have a lease");
    buf_init(&out, WIRE_OP_MAX);
    wire_op_write(&op, &out);
    fuzz_check(!out.overflow && wire_op_parse(&again, out.data, out.len, NULL) == ERR_NONE, "an operation reads back");
    fuzz_check(memcmp(&op, &again, sizeof op) == 0, "an operation reads the same");
    buf_done(&out);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
    struct wire_line line;
    for (size_t pos = 0; wire_next_line((const char *)data, n, &pos, &line);) {
        read_envelope(&line);
        read_op(&line);
    }
    return 0;
}
