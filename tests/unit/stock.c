/* Stock that goes back: what is over, called off, withdrawn or under other terms. */
#include "sync/stock.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "kiosk/base/date.h"
#include "kiosk/base/file.h"
#include "kiosk/base/json.h"
#include "kiosk/store/replica_write.h"

#define EV "0198a1b2-0000-7000-8000-00000000e001"
#define ID "0198a1b2-0000-7000-8000-00000000d001"
enum { START = 1796137200 }; /* 2026-12-01T18:00:00+03:00 */

struct fixture {
    char dir[64], path[4096];
    struct clock clock;
    struct ledger *ledger;
    struct error e;
};

static int set_up(void **state)
{
    struct fixture *f = calloc(1, sizeof *f);
    snprintf(f->dir, sizeof f->dir, "/tmp/sosedi-stock-XXXXXX");
    assert_non_null(mkdtemp(f->dir));
    file_join(f->path, f->dir, "replica.db");
    f->clock = clock_test((START - 86400) * INT64_C(1000));
    assert_int_equal(ledger_open(&f->ledger, f->dir, &f->clock, true, &f->e), ERR_NONE);
    struct ledger_enrolment x = {.hub = "http://127.0.0.1:1",
                                 .kid = "abcdefghij",
                                 .name = "T",
                                 .scope = "all",
                                 .host = "",
                                 .root_b64 = "",
                                 .epoch = 1,
                                 .inc = 1};
    assert_int_equal(ledger_enrol(f->ledger, &x, &f->e), ERR_NONE);
    struct ledger_grant g = {.lease = 7, .event = EV, .first = 3, .last = 6, .terms = 2, .sig = "s"};
    assert_int_equal(ledger_reply_begin(f->ledger, &f->e), ERR_NONE);
    assert_int_equal(ledger_reply_grant(f->ledger, &g, &f->e), ERR_NONE);
    assert_int_equal(ledger_reply_commit(f->ledger, &f->e), ERR_NONE);
    *state = f;
    return 0;
}

static int tear_down(void **state)
{
    struct fixture *f = *state;
    char command[128];
    ledger_close(f->ledger);
    snprintf(command, sizeof command, "rm -rf %s", f->dir);
    assert_int_equal(system(command), 0);
    free(f);
    return 0;
}

/* The replica holds the event as d says it; NULL: it does not hold it. */
static void write_replica(struct fixture *f, const char *d)
{
    struct replica_writer *w;
    struct json *j;
    struct zone *zone = zone_new("Europe/Moscow");
    struct replica_position at = {.scope = "all", .epoch = 1, .seq = 1};
    bool damaged;
    int bad = 0;
    assert_int_equal(replica_writer_open(&w, f->path, zone, false, &damaged, &f->e), ERR_NONE);
    assert_int_equal(replica_begin(w, &f->e), ERR_NONE);
    if (d) {
        assert_int_equal(json_parse(&j, d, strlen(d), 4096, &f->e), ERR_NONE);
        assert_int_equal(replica_put(w, "event", ID, 1, j, &bad, &f->e), ERR_NONE);
        json_free(j);
    }
    assert_int_equal(bad, 0);
    memset(at.chain, '0', 64);
    assert_int_equal(replica_commit(w, &at, &f->e), ERR_NONE);
    replica_writer_close(w);
    zone_free(zone);
}

#define EVENT(more, occurrence_more)                                                                                   \
    "{\"name\":\"Chess\",\"tz\":\"Europe/Moscow\",\"maximumAttendeeCapacity\":12," more "\"subEvent\":[{\"id\":\"" EV  \
    "\",\"startDate\":\"2026-12-01T18:00:00+03:00\","                                                                  \
    "\"endDate\":\"2026-12-01T20:00:00+03:00\"" occurrence_more "}]}"

static void test_stock__only_what_can_still_be_sold_stays(void **state)
{
    const struct {
        const char *name, *d;
        int64_t now;
        int want;
    } rows[] = {
        {"to come", EVENT("\"terms\":2,", ""), START - 86000, 4},
        {"begun", EVENT("\"terms\":2,", ""), START + 60, 0},
        {"begun, but the time is not known", EVENT("\"terms\":2,", ""), INT64_MIN, 4},
        {"called off", EVENT("\"terms\":2,", ",\"eventStatus\":\"EventCancelled\""), START - 3600, 0},
        {"all of it called off", EVENT("\"terms\":2,\"eventStatus\":\"EventCancelled\",", ""), START - 3600, 0},
        {"other terms", EVENT("\"terms\":3,", ""), START - 3600, 0},
        {"withdrawn", NULL, START - 3600, 0},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct fixture *f = *state;
        int returned;
        print_message("%s\n", rows[i].name);
        write_replica(f, rows[i].d);
        assert_int_equal(stock_return(f->ledger, f->path, rows[i].now, &returned, &f->e), ERR_NONE);
        assert_int_equal(ledger_stock(f->ledger, EV), rows[i].want);
        assert_int_equal(returned, rows[i].want == 0);
        assert_int_equal(ledger_has_unsent(f->ledger), rows[i].want == 0);
        if (i + 1 < sizeof rows / sizeof rows[0]) {
            tear_down(state);
            set_up(state);
        }
    }
}

/* A quarter of the time that is left, then one seat stays. */
static void test_stock__what_does_not_sell_goes_back(void **state)
{
    struct fixture *f = *state;
    int returned;
    write_replica(f, EVENT("\"terms\":2,", ""));
    assert_int_equal(stock_return(f->ledger, f->path, START - 86400 + 17000, &returned, &f->e), ERR_NONE);
    assert_int_equal(ledger_stock(f->ledger, EV), 4);
    assert_int_equal(stock_return(f->ledger, f->path, START - 86400 + 18000, &returned, &f->e), ERR_NONE);
    assert_int_equal(ledger_stock(f->ledger, EV), 1);
    assert_int_equal(returned, 1);
    assert_true(ledger_has_unsent(f->ledger));
    struct ledger_batch b = {0};
    buf_init(&b.lines, 10000);
    assert_int_equal(ledger_batch(f->ledger, &b, 50, &f->e), ERR_NONE);
    assert_non_null(strstr(b.lines.data, "\"op\":\"return\",\"ev\":\"" EV "\",\"lease\":7,\"seats\":[4,5,6]"));
    buf_done(&b.lines);
    assert_int_equal(stock_return(f->ledger, f->path, START - 4000, &returned, &f->e), ERR_NONE);
    assert_int_equal(returned, 0);
}

static void test_stock__stays_while_the_replica_cannot_be_read(void **state)
{
    struct fixture *f = *state;
    int returned;
    assert_int_equal(stock_return(f->ledger, f->path, START, &returned, &f->e), ERR_NONE);
    assert_int_equal(ledger_stock(f->ledger, EV), 4);
    assert_int_equal(file_write(f->path, "no database at all, but some bytes", 34, 0600, &f->e), ERR_NONE);
    assert_int_equal(stock_return(f->ledger, f->path, START, &returned, &f->e), ERR_NONE);
    assert_int_equal(ledger_stock(f->ledger, EV), 4);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_stock__only_what_can_still_be_sold_stays, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_stock__what_does_not_sell_goes_back, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_stock__stays_while_the_replica_cannot_be_read, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
