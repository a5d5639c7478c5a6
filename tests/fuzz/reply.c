/* What the hub answers: replies, grants, decisions, refusals. */
#include <string.h>

#include "sync/wire_reply.h"
#include "tests/support/fuzz.h"

static void read_line(const struct wire_line *in, struct buf *out)
{
    static struct wire_reply_line line, again;
    if (wire_reply_line_parse(&line, in->s, in->n, NULL) != ERR_NONE || line.kind == WIRE_LINE_OTHER)
        return;
    buf_clear(out);
    if (line.kind == WIRE_LINE_GRANT)
        wire_grant_write(&line.grant, out);
    else
        wire_decision_write(&line.decision, out);
    fuzz_check(line.kind != WIRE_LINE_GRANT || line.grant.last - line.grant.first < WIRE_PARTY_MAX,
               "a lease is a block");
    fuzz_check(wire_reply_line_parse(&again, out->data, out->len - 1, NULL) == ERR_NONE, "a line reads back");
    fuzz_check(memcmp(&line, &again, sizeof line) == 0, "a line reads the same");
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
    static struct wire_reply reply, again;
    static struct wire_refusal refusal, same;
    struct wire_line line;
    struct buf out;
    buf_init(&out, WIRE_REPLY_MAX);
    if (wire_refusal_parse(&refusal, (const char *)data, n, NULL) == ERR_NONE) {
        wire_refusal_write(&refusal, &out);
        fuzz_check(wire_refusal_parse(&same, out.data, out.len, NULL) == ERR_NONE &&
                       memcmp(&refusal, &same, sizeof same) == 0,
                   "a refusal reads the same");
    }
    wire_verdict_is((const char *)data, n, "revoked", "AAAAAAAAAAAAAAAAAAAAAA");
    for (size_t pos = 0; wire_next_line((const char *)data, n, &pos, &line);) {
        buf_clear(&out);
        if (wire_reply_parse(&reply, line.s, line.n, NULL) == ERR_NONE) {
            wire_reply_write(&reply, &out);
            fuzz_check(wire_reply_parse(&again, out.data, out.len - 1, NULL) == ERR_NONE &&
                           memcmp(&reply, &again, sizeof reply) == 0,
                       "a reply reads the same");
        }
        read_line(&line, &out);
    }
    buf_done(&out);
    return 0;
}
