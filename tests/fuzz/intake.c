/* A kiosk with a good key and bad intentions: a line is an operation, '=' sends what there is. */
#include "tests/support/fuzz.h"
#include "tests/support/hubkit.h"

#define EV "0198a1b2-0000-7000-8000-00000000e001"

static void send(struct hubkit *k, struct hubkit_kiosk *q)
{
    struct hubkit_message m;
    struct intake_answer a;
    hubkit_pack(q, &m);
    hubkit_deliver(k, q, &m, &a);
    fuzz_check(a.status != 503 && a.status != 401, "the hub is well and knows its kiosk");
    hubkit_receive(k, q, &a);
    buf_done(&a.body);
    buf_done(&m.body);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
    static struct hubkit k;
    static struct hubkit_kiosk bad, good;
    static struct wire_op op;
    struct wire_line line;
    hubkit_init(&k, INT64_C(1777629000000));
    hubkit_event(&k, EV, 40, 86400);
    hubkit_kiosk_init(&k, &bad);
    hubkit_kiosk_init(&k, &good);
    hubkit_exchange(&k, &good);
    hubkit_exchange(&k, &bad);
    for (size_t pos = 0; wire_next_line((const char *)data, n, &pos, &line);) {
        if (wire_op_parse(&op, line.s, line.n, NULL) == ERR_NONE && bad.log_count < WIRE_SEND_OPS)
            hubkit_op(&bad, &op);
        else if (line.n > 0 && line.s[0] == '=')
            send(&k, &bad);
    }
    send(&k, &bad);
    fuzz_check(good.stock_count > 0, "the honest one has seats");
    for (char id[WIRE_UUID + 1], code[CODE_LEN + 1]; good.stock_count > 0;)
        hubkit_signup(&good, EV, 1, id, code);
    hubkit_exchange(&k, &good);
    for (int i = 0; i < good.told_count; i++)
        fuzz_check(good.told[i].st == WIRE_CONFIRMED, "who got a seat of the honest one has it");
    hubkit_kiosk_done(&bad);
    hubkit_kiosk_done(&good);
    hubkit_done(&k);
    return 0;
}
