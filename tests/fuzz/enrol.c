/* Enrolment, both ways. */
#include <stdlib.h>
#include <string.h>

#include "sync/wire_enrol.h"
#include "tests/support/fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
    static struct wire_enrol ask, ask_again;
    static struct wire_enrolled answer, answer_again;
    struct buf out;
    buf_init(&out, WIRE_SMALL_MAX);
    if (wire_enrol_parse(&ask, (const char *)data, n, NULL) == ERR_NONE) {
        wire_enrol_write(&ask, &out);
        fuzz_check(wire_enrol_parse(&ask_again, out.data, out.len, NULL) == ERR_NONE, "a request reads back");
        fuzz_check(memcmp(&ask, &ask_again, sizeof ask) == 0, "a request reads the same");
        fuzz_check(!wire_enrol_verify(&ask, "23456789CDFGJLN8"), "nobody guesses the code");
    }
    buf_clear(&out);
    if (wire_enrolled_parse(&answer, (const char *)data, n, NULL) == ERR_NONE) {
        wire_enrolled_write(&answer, &out);
        fuzz_check(wire_enrolled_parse(&answer_again, out.data, out.len, NULL) == ERR_NONE, "an answer reads back");
        fuzz_check(memcmp(&answer, &answer_again, sizeof answer) == 0, "an answer reads the same");
        fuzz_check(!wire_enrolled_verify(&answer, "23456789CDFGJLN8"), "nobody guesses the code");
    }
    buf_done(&out);
    return 0;
}
