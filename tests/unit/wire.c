/* The wire: what is written reads back the same, and what a stranger may send is refused. */
#include "sync/wire.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "sync/wire_batch.h"
#include "sync/wire_enrol.h"
#include "sync/wire_page.h"
#include "sync/wire_reply.h"
#include "sync/wire_zstd.h"

static const char event_id[] = "0198a1b2-0000-7000-8000-00000000e001";
static const char signup_id[] = "0198a1b2-0000-7000-8000-00000000a001";

static int set_up(void **state)
{
    (void)state;
    setenv("SOSEDI_DEBUG", "1", 1);
    return crypto_init(NULL) == ERR_NONE ? 0 : -1;
}

static struct wire_op make_signup(void)
{
    struct wire_op op = {
        .kind = WIRE_OP_SIGNUP, .n = 118, .terms = 1, .party = 2, .seat_count = 2, .lease = 77812, .mono = 81};
    op.seats[0] = 19;
    op.seats[1] = 20;
    memcpy(op.id, signup_id, sizeof signup_id);
    memcpy(op.ev, event_id, sizeof event_id);
    code_make(op.code);
    memcpy(op.form, "f1@2", 5);
    memcpy(op.box_key, "x1", 3);
    op.box_len = WIRE_BOX_MAX;
    crypto_random(op.box, op.box_len);
    memcpy(op.at, "2026-05-01T09:58:00Z", 21);
    memcpy(op.quality, "ok", 3);
    memcpy(op.boot, "b1", 3);
    return op;
}

/* ---- signatures */

static void test_wire__signature_belongs_to_kind_place_and_bytes(void **state)
{
    (void)state;
    uint8_t pk[CRYPTO_SIGN_PUBLIC], sk[CRYPTO_SIGN_SECRET];
    char sig[WIRE_SIG + 1];
    crypto_sign_keys(pk, sk);
    wire_sign(sig, WIRE_DOMAIN_TAIL, "/a?after=1", "body", 4, sk);
    assert_int_equal(strlen(sig), WIRE_SIG);
    assert_true(wire_verify(sig, WIRE_DOMAIN_TAIL, "/a?after=1", "body", 4, pk));
    assert_false(wire_verify(sig, WIRE_DOMAIN_HEAD, "/a?after=1", "body", 4, pk));
    assert_false(wire_verify(sig, WIRE_DOMAIN_TAIL, "/a?after=2", "body", 4, pk));
    assert_false(wire_verify(sig, WIRE_DOMAIN_TAIL, NULL, "body", 4, pk));
    assert_false(wire_verify(sig, WIRE_DOMAIN_TAIL, "/a?after=1", "bodY", 4, pk));
    assert_false(wire_verify(NULL, WIRE_DOMAIN_TAIL, NULL, "", 0, pk));
    assert_false(wire_verify("short", WIRE_DOMAIN_TAIL, NULL, "", 0, pk));
}

static void test_wire__lines_end_with_or_without_lf(void **state)
{
    (void)state;
    struct wire_line line;
    size_t pos = 0;
    assert_true(wire_next_line("a\n\nbc", 5, &pos, &line));
    assert_int_equal(line.n, 1);
    assert_true(wire_next_line("a\n\nbc", 5, &pos, &line));
    assert_int_equal(line.n, 0);
    assert_true(wire_next_line("a\n\nbc", 5, &pos, &line));
    assert_int_equal(line.n, 2);
    assert_false(wire_next_line("a\n\nbc", 5, &pos, &line));
}

/* ---- batches */

static void test_wire__envelope_reads_back(void **state)
{
    (void)state;
    struct wire_envelope
        v = {.inc = 4, .epoch = 2, .first = 118, .seen_epoch = 2, .seen_seq = 9, .inbox = 40, .held_count = 2},
        w;
    v.held[0] = 5;
    v.held[1] = ((int64_t)2 << 32) | 7;
    wire_nonce(v.nonce);
    memcpy(v.h0, wire_zero_hash, sizeof v.h0);
    struct buf out;
    buf_init(&out, WIRE_SMALL_MAX);
    wire_envelope_write(&v, &out);
    assert_int_equal(out.data[out.len - 1], '\n');
    assert_int_equal(wire_envelope_parse(&w, out.data, out.len - 1, NULL), ERR_NONE);
    assert_memory_equal(&v, &w, sizeof v);
    buf_done(&out);
}

static void assert_op_round_trip(const struct wire_op *op)
{
    struct wire_op back;
    struct buf one, two;
    buf_init(&one, WIRE_OP_MAX);
    buf_init(&two, WIRE_OP_MAX);
    wire_op_write(op, &one);
    assert_false(one.overflow);
    struct error e = {0};
    if (wire_op_parse(&back, one.data, one.len, &e))
        fail_msg("%s: %s", one.data, e.text);
    wire_op_write(&back, &two);
    assert_string_equal(one.data, two.data);
    buf_done(&one);
    buf_done(&two);
}

static void test_wire__operations_read_back(void **state)
{
    (void)state;
    struct wire_op op = make_signup();
    assert_op_round_trip(&op);
    op.seat_count = 0;
    op.lease = 0;
    op.at[0] = '\0';
    assert_op_round_trip(&op);
    op.kind = WIRE_OP_CANCEL;
    assert_op_round_trip(&op);
    op.kind = WIRE_OP_FIND;
    assert_op_round_trip(&op);
    op.kind = WIRE_OP_WANT;
    op.want = 4;
    assert_op_round_trip(&op);
    op.kind = WIRE_OP_RETURN;
    op.lease = 8;
    op.seat_count = 1;
    assert_op_round_trip(&op);
}

static void test_wire__bad_operations_are_refused(void **state)
{
    (void)state;
    static const struct {
        const char *name, *line;
    } rows[] = {
        {"no JSON", "{"},
        {"an array", "[]"},
        {"no number", "{\"op\":\"find\",\"code\":\"2222222222\"}"},
        {"number 0", "{\"n\":0,\"op\":\"find\",\"code\":\"2222222222\"}"},
        {"unknown op", "{\"n\":1,\"op\":\"drop\"}"},
        {"wrong check symbol", "{\"n\":1,\"op\":\"find\",\"code\":\"2222222223\"}"},
        {"code in lower case", "{\"n\":1,\"op\":\"find\",\"code\":\"cccccccccc\"}"},
        {"upper-case id", "{\"n\":1,\"op\":\"want\",\"ev\":\"0198A1B2-0000-7000-8000-00000000E001\",\"seats\":1}"},
        {"no seats", "{\"n\":1,\"op\":\"want\",\"ev\":\"0198a1b2-0000-7000-8000-00000000e001\",\"seats\":0}"},
        {"21 seats", "{\"n\":1,\"op\":\"want\",\"ev\":\"0198a1b2-0000-7000-8000-00000000e001\",\"seats\":21}"},
        {"seats twice",
         "{\"n\":1,\"op\":\"return\",\"ev\":\"0198a1b2-0000-7000-8000-00000000e001\",\"lease\":3,\"seats\":[4,4]}"},
        {"returns nothing",
         "{\"n\":1,\"op\":\"return\",\"ev\":\"0198a1b2-0000-7000-8000-00000000e001\",\"lease\":3,\"seats\":[]}"},
        {"seat past int", "{\"n\":1,\"op\":\"return\",\"ev\":\"0198a1b2-0000-7000-8000-00000000e001\",\"lease\":3,"
                          "\"seats\":[4294967297]}"},
    };
    struct wire_op op;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        if (wire_op_parse(&op, rows[i].line, strlen(rows[i].line), NULL) == ERR_NONE)
            fail_msg("%s was taken", rows[i].name);
}

static void test_wire__seats_without_lease_are_refused(void **state)
{
    (void)state;
    struct wire_op op = make_signup(), back;
    struct buf out;
    buf_init(&out, WIRE_OP_MAX);
    op.lease = 0;
    wire_op_write(&op, &out);
    assert_int_equal(wire_op_parse(&back, out.data, out.len, NULL), ERR_INVALID);
    buf_clear(&out);
    op.lease = 5;
    op.party = 3;
    wire_op_write(&op, &out);
    assert_int_equal(wire_op_parse(&back, out.data, out.len, NULL), ERR_INVALID);
    buf_done(&out);
}

static void test_wire__chain_depends_on_every_line(void **state)
{
    (void)state;
    char a[WIRE_HEX + 1], b[WIRE_HEX + 1];
    memcpy(a, wire_zero_hash, sizeof a);
    memcpy(b, wire_zero_hash, sizeof b);
    assert_true(wire_chain(a, "one", 3) && wire_chain(b, "one", 3));
    assert_string_equal(a, b);
    assert_true(wire_chain(a, "two", 3) && wire_chain(b, "twx", 3));
    assert_string_not_equal(a, b);
    b[0] = 'G';
    assert_false(wire_chain(b, "x", 1));
}

/* ---- replies */

static void test_wire__reply_reads_back(void **state)
{
    (void)state;
    struct wire_reply r = {.ack_n = 121, .ack_opseq = 99120, .safe_opseq = 99001, .keys = 1, .more = true}, back;
    wire_nonce(r.nonce);
    memcpy(r.ack_h, wire_zero_hash, sizeof r.ack_h);
    memcpy(r.time, "2026-05-01T09:58:00Z", 21);
    struct buf out;
    buf_init(&out, WIRE_SMALL_MAX);
    wire_reply_write(&r, &out);
    assert_int_equal(wire_reply_parse(&back, out.data, out.len - 1, NULL), ERR_NONE);
    assert_memory_equal(&r, &back, sizeof r);
    buf_done(&out);
}

static void test_wire__grant_is_signed_for_one_kiosk(void **state)
{
    (void)state;
    uint8_t pk[CRYPTO_SIGN_PUBLIC], sk[CRYPTO_SIGN_SECRET];
    crypto_sign_keys(pk, sk);
    struct wire_grant g = {.lease = 77990, .first = 31, .last = 34, .terms = 1};
    memcpy(g.ev, event_id, sizeof event_id);
    wire_grant_sign(&g, "abcdefghij", sk);
    struct buf out;
    struct wire_reply_line back;
    buf_init(&out, WIRE_SMALL_MAX);
    wire_grant_write(&g, &out);
    assert_int_equal(wire_reply_line_parse(&back, out.data, out.len - 1, NULL), ERR_NONE);
    assert_int_equal(back.kind, WIRE_LINE_GRANT);
    assert_true(wire_grant_verify(&back.grant, "abcdefghij", pk));
    assert_false(wire_grant_verify(&back.grant, "abcdefghik", pk));
    back.grant.last++;
    assert_false(wire_grant_verify(&back.grant, "abcdefghij", pk));
    buf_done(&out);
}

static void test_wire__decisions_read_back(void **state)
{
    (void)state;
    for (int st = 0; st < WIRE_STATE_COUNT; st++) {
        struct wire_decision d = {.dn = 3, .st = (enum wire_state)st, .state = WIRE_CONFIRMED, .party = 1, .pos = 2};
        struct wire_reply_line back;
        struct buf one, two;
        d.seats[d.seat_count++] = 7;
        memcpy(d.id, signup_id, sizeof signup_id);
        memcpy(d.ev, event_id, sizeof event_id);
        code_make(d.code);
        buf_init(&one, WIRE_SMALL_MAX);
        buf_init(&two, WIRE_SMALL_MAX);
        wire_decision_write(&d, &one);
        if (wire_reply_line_parse(&back, one.data, one.len - 1, NULL) || back.kind != WIRE_LINE_DECISION)
            fail_msg("%s was not read", one.data);
        wire_decision_write(&back.decision, &two);
        assert_string_equal(one.data, two.data);
        buf_done(&one);
        buf_done(&two);
    }
}

static void test_wire__refusals_read_back(void **state)
{
    (void)state;
    struct wire_refusal r = {.type = WIRE_RESET, .why = "behind", .epoch = 2, .newinc = 5}, back;
    wire_nonce(r.nonce);
    struct buf out;
    buf_init(&out, WIRE_SMALL_MAX);
    wire_refusal_write(&r, &out);
    assert_int_equal(wire_refusal_parse(&back, out.data, out.len, NULL), ERR_NONE);
    assert_memory_equal(&r, &back, sizeof r);
    static const char bad[] = "{\"type\":\"halt\",\"epoch\":1,\"newinc\":2}";
    assert_int_equal(wire_refusal_parse(&back, bad, strlen(bad), NULL), ERR_INVALID);
    buf_done(&out);
}

/* ---- what the hub publishes */

static void test_wire__head_reads_back(void **state)
{
    (void)state;
    struct wire_head h = {.scope = "all",
                          .epoch = 1,
                          .seq = 1223,
                          .per = WIRE_PER,
                          .sealed = 2,
                          .index_n = 0,
                          .min_page = 1,
                          .keys = 1,
                          .min_client = "0.1",
                          .time = "2026-05-01T10:00:00Z"},
                     back;
    memset(h.chain, 'a', WIRE_HEX);
    memset(h.index_hash, 'b', WIRE_HEX);
    struct buf out;
    buf_init(&out, WIRE_SMALL_MAX);
    wire_head_write(&h, &out);
    assert_int_equal(wire_head_parse(&back, out.data, out.len, NULL), ERR_NONE);
    assert_memory_equal(&h, &back, sizeof h);
    h.sealed = 3; /* 1,500 items, but seq says 1,223 */
    buf_clear(&out);
    wire_head_write(&h, &out);
    assert_int_equal(wire_head_parse(&back, out.data, out.len, NULL), ERR_INVALID);
    h.sealed = 0;
    h.index_n = -1;
    h.index_hash[0] = '\0';
    buf_clear(&out);
    wire_head_write(&h, &out);
    assert_int_equal(wire_head_parse(&back, out.data, out.len, NULL), ERR_NONE);
    assert_int_equal(back.index_n, -1);
    buf_done(&out);
}

static void test_wire__versions_compare_as_numbers(void **state)
{
    (void)state;
    assert_true(wire_version_compare("0.1", "0.1.0") == 0);
    assert_true(wire_version_compare("1.10", "1.9") > 0);
    assert_true(wire_version_compare("0.1", "1") < 0);
    assert_true(wire_version_compare("1.0-x", "1.0-y") != 0);
}

static void test_wire__keys_read_back(void **state)
{
    (void)state;
    struct wire_keys k = {.n = 1, .seal_count = 1, .seal = {{.id = "x1"}}}, back;
    crypto_random(k.root, sizeof k.root);
    crypto_random(k.seal[0].pk, sizeof k.seal[0].pk);
    struct buf out;
    buf_init(&out, WIRE_SMALL_MAX);
    wire_keys_write(&k, &out);
    assert_int_equal(wire_keys_parse(&back, out.data, out.len, NULL), ERR_NONE);
    assert_memory_equal(&k, &back, sizeof k);
    static const char none[] = "{\"v\":1,\"n\":1,\"root\":\"\",\"feed\":\"\",\"lease\":\"\",\"seal\":[]}";
    assert_int_equal(wire_keys_parse(&back, none, strlen(none), NULL), ERR_INVALID);
    buf_done(&out);
}

static void test_wire__page_reads_back(void **state)
{
    (void)state;
    struct wire_page p = {.page = 1, .first = 1, .last = 2}, back;
    struct wire_line line;
    struct wire_item item;
    struct buf out;
    size_t pos = 0;
    memcpy(p.prev, wire_zero_hash, sizeof p.prev);
    buf_init(&out, WIRE_PAGE_MAX);
    wire_page_write(&p, &out);
    wire_item_write(&out, 1, "topic", "sport", "{\"name\":\"Спорт\"}");
    buf_add_char(&out, '\n');
    wire_item_write(&out, 2, "event", event_id, NULL);
    buf_add_char(&out, '\n');
    assert_int_equal(wire_page_parse(&back, out.data, out.len, &pos, NULL), ERR_NONE);
    assert_memory_equal(&p, &back, sizeof p);
    assert_true(wire_next_line(out.data, out.len, &pos, &line));
    assert_int_equal(wire_item_parse(&item, line.s, line.n, NULL), ERR_NONE);
    assert_true(item.put);
    assert_string_equal(json_str(item.d, "name", ""), "Спорт");
    wire_item_done(&item);
    assert_true(wire_next_line(out.data, out.len, &pos, &line));
    assert_int_equal(wire_item_parse(&item, line.s, line.n, NULL), ERR_NONE);
    assert_false(item.put);
    wire_item_done(&item);
    assert_false(wire_next_line(out.data, out.len, &pos, &line));
    buf_done(&out);
}

static void test_wire__index_reads_back_full(void **state)
{
    (void)state;
    struct wire_index *x = mem_new(2, sizeof *x), *back = x + 1;
    x->n = 3;
    x->count = WIRE_INDEX_PAGES;
    memcpy(x->prev, wire_zero_hash, sizeof x->prev);
    for (int i = 0; i < x->count; i++)
        wire_hash(x->hash[i], &i, sizeof i);
    struct buf out;
    buf_init(&out, WIRE_PAGE_MAX);
    wire_index_write(x, &out);
    assert_int_equal(wire_index_parse(back, out.data, out.len, NULL), ERR_NONE);
    assert_memory_equal(x, back, sizeof *x);
    buf_addf(&out, "\"%s\"\n", wire_zero_hash);
    assert_int_equal(wire_index_parse(back, out.data, out.len, NULL), ERR_INVALID);
    buf_done(&out);
    free(x);
}

static void test_wire__file_names_have_one_spelling(void **state)
{
    (void)state;
    char path[WIRE_PATH], hash16[WIRE_HASH16 + 1];
    int64_t n = 0;
    wire_file_path(path, "all", 1, WIRE_PAGE, 12, "0123456789abcdef0123");
    assert_string_equal(path, "/v1/feed/all/1/page/12-0123456789abcdef.zst");
    assert_true(wire_file_name_read("12-0123456789abcdef.zst", &n, hash16));
    assert_int_equal(n, 12);
    assert_string_equal(hash16, "0123456789abcdef");
    static const char *const bad[] = {"",
                                      "12",
                                      "012-0123456789abcdef.zst",
                                      "12-0123456789abcde.zst",
                                      "12-0123456789abcdeF.zst",
                                      "12-0123456789abcdef.zst/",
                                      "-1-0123456789abcdef.zst",
                                      "9999999999999-0123456789abcdef.zst"};
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
        if (wire_file_name_read(bad[i], &n, hash16))
            fail_msg("%s was taken", bad[i]);
}

/* ---- compression */

static void test_wire__unpack_stops_at_its_limit(void **state)
{
    (void)state;
    struct buf plain, packed, back;
    buf_init(&plain, 1 << 20);
    for (int i = 0; i < 100000; i++)
        buf_add_str(&plain, "sosedi ");
    buf_init(&packed, 1 << 20);
    assert_int_equal(wire_pack(&packed, plain.data, plain.len, WIRE_LEVEL_PAGE, NULL), ERR_NONE);
    buf_init(&back, plain.len);
    assert_int_equal(wire_unpack(&back, packed.data, packed.len, NULL), ERR_NONE);
    assert_int_equal(back.len, plain.len);
    assert_memory_equal(back.data, plain.data, plain.len);
    buf_clear(&back);
    assert_int_equal(wire_unpack(&back, packed.data, packed.len - 1, NULL), ERR_INVALID);
    buf_done(&back);
    buf_init(&back, plain.len - 1);
    assert_int_equal(wire_unpack(&back, packed.data, packed.len, NULL), ERR_TOO_BIG);
    buf_clear(&back);
    assert_int_equal(wire_unpack(&back, "plain text", 10, NULL), ERR_INVALID);
    assert_int_equal(wire_unpack(&back, "", 0, NULL), ERR_INVALID);
    buf_add(&packed, "x", 1);
    buf_done(&back);
    buf_init(&back, plain.len);
    assert_int_equal(wire_unpack(&back, packed.data, packed.len, NULL), ERR_INVALID);
    buf_done(&back);
    buf_done(&packed);
    buf_done(&plain);
}

/* ---- enrolment */

static void test_wire__enrolment_proves_the_code_to_both(void **state)
{
    (void)state;
    char code[ENROL_LEN + 1], other[ENROL_LEN + 1];
    enrol_code_make(code);
    enrol_code_make(other);
    struct wire_enrol m = {0}, m2;
    struct wire_enrolled r = {.kid = "abcdefghij",
                              .name = "Библиотека",
                              .scope = "all",
                              .keys = 1,
                              .epoch = 1,
                              .inc = 1},
                         r2;
    memcpy(m.code4, code, WIRE_CODE4);
    crypto_random(m.pk, sizeof m.pk);
    wire_nonce(m.nonce);
    memcpy(r.nonce, m.nonce, sizeof r.nonce);
    wire_enrol_sign(&m, code);
    wire_enrolled_sign(&r, code);
    struct buf out;
    buf_init(&out, WIRE_SMALL_MAX);
    wire_enrol_write(&m, &out);
    assert_int_equal(wire_enrol_parse(&m2, out.data, out.len, NULL), ERR_NONE);
    assert_true(wire_enrol_verify(&m2, code));
    assert_false(wire_enrol_verify(&m2, other));
    m2.pk[0] ^= 1;
    assert_false(wire_enrol_verify(&m2, code));
    buf_clear(&out);
    wire_enrolled_write(&r, &out);
    assert_int_equal(wire_enrolled_parse(&r2, out.data, out.len, NULL), ERR_NONE);
    assert_true(wire_enrolled_verify(&r2, code));
    r2.root[3] ^= 1;
    assert_false(wire_enrolled_verify(&r2, code));
    buf_done(&out);
}

/* ---- hostile bytes */

/* Reads the bytes as every message there is. Nothing is expected but that it ends. */
static void read_as_everything(const char *bytes, size_t n)
{
    static struct wire_index index;
    struct wire_envelope envelope;
    struct wire_op op;
    struct wire_reply reply;
    struct wire_reply_line line;
    struct wire_refusal refusal;
    struct wire_keys keys;
    struct wire_head head;
    struct wire_page page;
    struct wire_tail tail;
    struct wire_item item;
    struct wire_enrol enrol;
    struct wire_enrolled enrolled;
    size_t pos;
    (void)!wire_envelope_parse(&envelope, bytes, n, NULL);
    (void)!wire_op_parse(&op, bytes, n, NULL);
    (void)!wire_reply_parse(&reply, bytes, n, NULL);
    (void)!wire_reply_line_parse(&line, bytes, n, NULL);
    (void)!wire_refusal_parse(&refusal, bytes, n, NULL);
    (void)!wire_keys_parse(&keys, bytes, n, NULL);
    (void)!wire_head_parse(&head, bytes, n, NULL);
    (void)!wire_page_parse(&page, bytes, n, &pos, NULL);
    (void)!wire_tail_parse(&tail, bytes, n, &pos, NULL);
    (void)!wire_index_parse(&index, bytes, n, NULL);
    (void)!wire_enrol_parse(&enrol, bytes, n, NULL);
    (void)!wire_enrolled_parse(&enrolled, bytes, n, NULL);
    if (wire_item_parse(&item, bytes, n, NULL) == ERR_NONE)
        wire_item_done(&item);
}

static void test_wire__spoiled_messages_are_read_without_harm(void **state)
{
    (void)state;
    static const char *const seeds[] = {
        "{\"v\":1,\"inc\":1,\"epoch\":1,\"nonce\":\"AAAAAAAAAAAAAAAAAAAAAA\",\"first\":1,\"h0\":"
        "\"0000000000000000000000000000000000000000000000000000000000000000\",\"seen\":{\"epoch\":1,\"seq\":2},"
        "\"inbox\":0,\"anchor_lost\":false,\"held\":[1,2,3]}",
        "{\"n\":119,\"op\":\"return\",\"ev\":\"0198a1b2-0000-7000-8000-00000000e001\",\"lease\":77812,\"seats\":[21,22]"
        "}",
        "{\"t\":\"decision\",\"dn\":42,\"st\":\"ticket\",\"code\":\"2222222222\",\"id\":\"0198a1b2-0000-7000-8000-"
        "00000000e001\",\"ev\":\"0198a1b2-0000-7000-8000-00000000e001\",\"state\":\"confirmed\",\"seats\":[3],"
        "\"party\":1}",
        "{\"v\":1,\"scope\":\"all\",\"epoch\":1,\"seq\":1223,\"per\":500,\"sealed\":2,\"chain\":\"\",\"index\":{\"n\":"
        "0,\"hash\":\"\"},\"min_page\":1,\"snapshot\":null,\"safe_opseq\":0,\"keys\":1,\"min_client\":\"0.1\",\"time\":"
        "\"2026-05-01T10:00:00Z\"}",
        "{\"seq\":17,\"k\":\"event\",\"id\":\"x\",\"op\":\"put\",\"d\":{\"name\":\"y\"}}",
        "{\"v\":1,\"index\":0,\"prev\":\"0000000000000000000000000000000000000000000000000000000000000000\"}"
        "\n\"0000000000000000000000000000000000000000000000000000000000000000\"\n",
    };
    unsigned dice = 4711;
    for (size_t i = 0; i < sizeof seeds / sizeof seeds[0]; i++)
        for (int round = 0; round < 400; round++) {
            size_t n = strlen(seeds[i]);
            char *copy = mem_new(n + 1, 1); /* exactly as long as it is: a read past its end shows */
            memcpy(copy, seeds[i], n);
            for (int hit = 0; hit < round % 4; hit++) {
                dice = dice * 1103515245u + 12345u;
                copy[(dice >> 8) % n] = "\"\\{}[]:,0-9\xff\x01 \n"[(dice >> 20) % 16];
            }
            read_as_everything(copy, round % 3 == 2 ? (dice >> 6) % n : n);
            free(copy);
        }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_wire__signature_belongs_to_kind_place_and_bytes),
        cmocka_unit_test(test_wire__lines_end_with_or_without_lf),
        cmocka_unit_test(test_wire__envelope_reads_back),
        cmocka_unit_test(test_wire__operations_read_back),
        cmocka_unit_test(test_wire__bad_operations_are_refused),
        cmocka_unit_test(test_wire__seats_without_lease_are_refused),
        cmocka_unit_test(test_wire__chain_depends_on_every_line),
        cmocka_unit_test(test_wire__reply_reads_back),
        cmocka_unit_test(test_wire__grant_is_signed_for_one_kiosk),
        cmocka_unit_test(test_wire__decisions_read_back),
        cmocka_unit_test(test_wire__refusals_read_back),
        cmocka_unit_test(test_wire__head_reads_back),
        cmocka_unit_test(test_wire__versions_compare_as_numbers),
        cmocka_unit_test(test_wire__keys_read_back),
        cmocka_unit_test(test_wire__page_reads_back),
        cmocka_unit_test(test_wire__index_reads_back_full),
        cmocka_unit_test(test_wire__file_names_have_one_spelling),
        cmocka_unit_test(test_wire__unpack_stops_at_its_limit),
        cmocka_unit_test(test_wire__enrolment_proves_the_code_to_both),
        cmocka_unit_test(test_wire__spoiled_messages_are_read_without_harm),
    };
    return cmocka_run_group_tests(tests, set_up, NULL);
}
