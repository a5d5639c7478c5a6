/* DLE EOT. */
#include "kiosk/print/status.h"

#include "kiosk/print/port.h"

enum { STATUS_FIXED_MASK = 0x93, STATUS_FIXED = 0x12 };
/* Bits by the number of the question. */
enum {
    STATUS_1_OFFLINE = 0x08,
    STATUS_2_COVER = 0x04,
    STATUS_2_PAPER_END = 0x20,
    STATUS_2_ERROR = 0x40,
    STATUS_3_CUTTER = 0x08,
    STATUS_3_UNRECOVERABLE = 0x20,
    STATUS_3_RECOVERABLE = 0x40,
    STATUS_4_NEAR_END = 0x0C,
    STATUS_4_END = 0x60,
};

static int status_bits(int answer)
{
    return answer >= 0 && (answer & STATUS_FIXED_MASK) == STATUS_FIXED ? answer & ~STATUS_FIXED_MASK : STATUS_SILENT;
}

static bool status_has(int bits, int wanted) { return bits != STATUS_SILENT && (bits & wanted) != 0; }

struct status status_read(const int answers[STATUS_BYTES])
{
    int n1 = status_bits(answers[0]), n2 = status_bits(answers[1]), n3 = status_bits(answers[2]),
        n4 = status_bits(answers[3]);
    struct status s = {.known =
                           n1 != STATUS_SILENT || n2 != STATUS_SILENT || n3 != STATUS_SILENT || n4 != STATUS_SILENT};
    s.offline = status_has(n1, STATUS_1_OFFLINE);
    s.cover_open = status_has(n2, STATUS_2_COVER);
    s.paper_out = status_has(n2, STATUS_2_PAPER_END) || status_has(n4, STATUS_4_END);
    s.error = status_has(n2, STATUS_2_ERROR) ||
              status_has(n3, STATUS_3_CUTTER | STATUS_3_UNRECOVERABLE | STATUS_3_RECOVERABLE);
    s.near_end = status_has(n4, STATUS_4_NEAR_END);
    return s;
}

struct status status_ask(struct port *p, int wait_ms)
{
    int answers[STATUS_BYTES] = {STATUS_SILENT, STATUS_SILENT, STATUS_SILENT, STATUS_SILENT};
    for (int i = 0; i < STATUS_BYTES; i++) {
        answers[i] = port_ask(p, (const uint8_t[]){0x10, 0x04, (uint8_t)(i + 1)}, 3, wait_ms);
        if (answers[i] == STATUS_SILENT)
            break;
    }
    struct status s = status_read(answers);
    s.paper_out = s.paper_out || port_paper_out(p);
    return s;
}

/* The cover goes first: an open one often reads as no paper too. "Offline" alone has no cause that a person could see.
 */
enum job_fault status_fault(const struct status *s)
{
    return s->cover_open  ? JOB_COVER
           : s->paper_out ? JOB_PAPER
           : s->error     ? JOB_ERROR
           : s->offline   ? JOB_OFFLINE
                          : JOB_FINE;
}

const char *status_word(const struct status *s)
{
    switch (status_fault(s)) {
    case JOB_COVER:
        return "cover";
    case JOB_PAPER:
        return "paper";
    case JOB_ERROR:
        return "error";
    case JOB_OFFLINE:
        return "offline";
    case JOB_STALLED:
    case JOB_FINE:
        break;
    }
    return !s->known ? "unknown" : s->near_end ? "low" : "ok";
}
