#include "tests/support/enrolled.h"

#include <stdio.h>
#include <string.h>

#include "kiosk/base/buf.h"
#include "kiosk/base/sql.h"

static void enrolled_check(enum err code, const struct error *e)
{
    if (code)
        die("enrolled: %s", e->text);
}

void enrolled_set(struct enrolled *x)
{
    struct error e;
    struct buf seal, keys;
    struct ledger_enrolment enrolment = {.hub = "https://hub.example",
                                         .kid = x->kid,
                                         .name = "Library",
                                         .scope = "all",
                                         .host = "hub.example",
                                         .root_b64 = "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
                                         .epoch = 1,
                                         .inc = 1};
    enrolled_check(ledger_enrol(x->l, &enrolment, &e), &e);
    buf_init(&seal, 100);
    buf_init(&keys, 1000);
    crypto_b64(&seal, x->seal_pk, sizeof x->seal_pk);
    buf_addf(&keys, "{\"v\":1,\"n\":1,\"seal\":[{\"id\":\"x1\",\"pk\":\"%s\"}]}", seal.data);
    enrolled_check(ledger_set_keys(x->l, 1, keys.data, &e), &e);
    buf_done(&seal);
    buf_done(&keys);
}

static void enrolled_set_draft(struct enrolled *x)
{
    x->row = (struct row){.occurrence = ENROLLED_EVENT, .kind = "event", .name = "Шахматный клуб"};
    x->row.start = ENROLLED_NOW / 1000 + 86400;
    x->row.end = x->row.start + 7200;
    x->event = (struct content){.kind = "event",
                                .name = (char *)(uintptr_t) "Шахматный клуб",
                                .capacity = -1,
                                .terms = 1,
                                .place_name = (char *)(uintptr_t) "Дом культуры",
                                .tz = "Europe/Moscow",
                                .form = "f1@2"};
    x->draft = (struct signup_draft){.occurrence = &x->row,
                                     .event = &x->event,
                                     .party = 1,
                                     .name = "Анна Каренина",
                                     .telephone = "+79161234567",
                                     .email = "anna@example.org",
                                     .lang = "ru",
                                     .sign_sk = x->sign_sk};
}

void enrolled_new(struct enrolled *x)
{
    struct error e;
    *x = (struct enrolled){.clock = clock_test(ENROLLED_NOW)};
    enrolled_check(crypto_init(&e), &e);
    folder_new(x->folder);
    folder_file(x->path, x->folder, "ledger.db");
    crypto_sign_keys(x->sign_pk, x->sign_sk);
    crypto_seal_keys(x->seal_pk, x->seal_sk);
    crypto_kid(x->kid, x->sign_pk);
    enrolled_open(x, true);
    enrolled_set(x);
    enrolled_set_draft(x);
}

void enrolled_done(struct enrolled *x)
{
    ledger_close(x->l);
    folder_remove(x->folder);
}

void enrolled_open(struct enrolled *x, bool check)
{
    struct error e;
    enrolled_check(ledger_open(&x->l, x->folder, &x->clock, check, &e), &e);
}

void enrolled_reopen(struct enrolled *x, bool check)
{
    ledger_close(x->l);
    enrolled_open(x, check);
}

struct ticket enrolled_sign_up(struct enrolled *x)
{
    struct ticket t;
    struct error e;
    enrolled_check(ledger_sign_up(x->l, &x->draft, &t, &e), &e);
    return t;
}

void enrolled_grant(struct enrolled *x, int64_t lease, int first, int last, int terms)
{
    struct error e;
    struct ledger_grant g = {
        .lease = lease, .event = ENROLLED_EVENT, .first = first, .last = last, .terms = terms, .sig = "sig"};
    enrolled_check(ledger_reply_begin(x->l, &e), &e);
    enrolled_check(ledger_reply_grant(x->l, &g, &e), &e);
    enrolled_check(ledger_reply_commit(x->l, &e), &e);
}

int64_t enrolled_count(struct enrolled *x, const char *query)
{
    bool row;
    struct error e;
    struct sql_stmt *st = sql_get(ledger_sql(x->l), query);
    enrolled_check(sql_step(st, &row, &e), &e);
    int64_t n = row ? sql_int(st, 0) : -1;
    sql_reset(st);
    return n;
}
