/* Pull: from any position to the hub's head, through everything that can go wrong with the bytes on their way. */
#include "sync/feed.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "kiosk/base/date.h"
#include "kiosk/base/file.h"
#include "kiosk/store/replica.h"
#include "tests/support/fakehub.h"

struct fixture {
    char dir[64], path[4096];
    struct fakehub *hub;
    struct keyring keys;
    struct clock clock;
    struct zone *zone;
    struct replica_writer *writer;
    struct feed feed;
    struct error e;
};

static int set_up(void **state)
{
    struct fixture *f = calloc(1, sizeof *f);
    bool damaged;
    snprintf(f->dir, sizeof f->dir, "/tmp/sosedi-feed-XXXXXX");
    assert_non_null(mkdtemp(f->dir));
    file_join(f->path, f->dir, "replica.db");
    f->hub = fakehub_new();
    memcpy(f->keys.root, f->hub->doc.root, sizeof f->keys.root);
    f->clock = clock_test(INT64_C(1777629000000));
    f->zone = zone_new("Europe/Moscow");
    assert_int_equal(replica_writer_open(&f->writer, f->path, f->zone, true, &damaged, &f->e), ERR_NONE);
    feed_init(&f->feed, &f->hub->base, NULL, &f->keys, &f->clock, "all");
    *state = f;
    return 0;
}

static int tear_down(void **state)
{
    struct fixture *f = *state;
    char command[128];
    feed_done(&f->feed);
    replica_writer_close(f->writer);
    zone_free(f->zone);
    fakehub_free(f->hub);
    snprintf(command, sizeof command, "rm -rf %s", f->dir);
    assert_int_equal(system(command), 0);
    free(f);
    return 0;
}

/* A whole run; the code of the step that failed. */
static enum err pull(struct fixture *f)
{
    enum err code = feed_begin(&f->feed, f->writer, &f->e);
    for (int i = 0; !code && f->feed.state != FEED_DONE; i++) {
        assert_true(i < 200);
        code = feed_step(&f->feed, &f->e);
    }
    return code;
}

static void pull_well(struct fixture *f)
{
    if (pull(f) != ERR_NONE)
        fail_msg("%s", f->e.text);
    assert_int_equal(f->feed.at.seq, f->hub->head.seq);
    assert_int_equal(f->feed.at.page, f->hub->head.sealed);
    assert_int_equal(f->feed.at.epoch, f->hub->head.epoch);
    f->hub->asked_count = 0;
}

/* What community i is called in the replica; "" when it is not there. */
static const char *name_of(struct fixture *f, int i)
{
    static char name[208];
    char id[WIRE_UUID + 1];
    struct content c = {0};
    struct replica *r = replica_open(f->path);
    fakehub_id(id, i);
    name[0] = 0;
    if (replica_get(r, id, &c, NULL) == ERR_NONE)
        snprintf(name, sizeof name, "%s", c.name);
    content_done(&c);
    replica_close(r);
    return name;
}

static int count(struct fixture *f)
{
    struct record_filter filter = {.kind = "community"};
    struct replica *r = replica_open(f->path);
    int n = replica_count_records(r, &filter, 10000);
    replica_close(r);
    return n;
}

/* ---- the plain way */

static void test_feed__empty_hub_gives_an_empty_replica(void **state)
{
    struct fixture *f = *state;
    pull_well(f);
    assert_false(f->feed.applied);
    pull_well(f);
}

static void test_feed__few_changes_come_as_a_tail(void **state)
{
    struct fixture *f = *state;
    fakehub_fill(f->hub, 3);
    fakehub_put(f->hub, 2, "Renamed");
    fakehub_del(f->hub, 3);
    assert_int_equal(pull(f), ERR_NONE);
    assert_int_equal(fakehub_asked(f->hub, "/tail"), 1);
    assert_string_equal(name_of(f, 1), "Community 1");
    assert_string_equal(name_of(f, 2), "Renamed");
    assert_string_equal(name_of(f, 3), "");
}

static void test_feed__many_changes_come_as_pages_and_a_tail(void **state)
{
    struct fixture *f = *state;
    fakehub_fill(f->hub, 1203);
    assert_int_equal(pull(f), ERR_NONE);
    assert_int_equal(fakehub_asked(f->hub, "/index/"), 1);
    assert_int_equal(fakehub_asked(f->hub, "/page/"), 2);
    assert_int_equal(fakehub_asked(f->hub, "/tail"), 1);
    assert_int_equal(count(f), 1203);
    assert_string_equal(name_of(f, 1203), "Community 1203");
}

static void test_feed__idle_poll_is_one_question(void **state)
{
    struct fixture *f = *state;
    fakehub_fill(f->hub, 510);
    pull_well(f);
    assert_int_equal(pull(f), ERR_NONE);
    assert_int_equal(f->hub->asked_count, 1);
    assert_int_equal(f->feed.answer.status, 304);
    assert_false(f->feed.changed);
}

/* A record was put by a tail, deleted by the next tail, and came back when the page was sealed whose range the first
 * tail had covered. */
static void test_feed__page_does_not_bring_back_what_a_tail_deleted(void **state)
{
    struct fixture *f = *state;
    fakehub_fill(f->hub, 510);
    pull_well(f);
    fakehub_fill(f->hub, 480);
    fakehub_del(f->hub, 505);
    pull_well(f);
    assert_string_equal(name_of(f, 505), "");
    fakehub_fill(f->hub, 20);
    pull_well(f);
    assert_int_equal(f->feed.at.page, 2);
    assert_string_equal(name_of(f, 505), "");
}

static void test_feed__page_known_from_tails_is_not_fetched(void **state)
{
    struct fixture *f = *state;
    fakehub_fill(f->hub, 499);
    pull_well(f);
    f->hub->head.sealed = 0;
    fakehub_put(f->hub, 500, "The page's last");
    fakehub_put(f->hub, 501, "Next");
    /* As if the tail had come between the two: the position lies past the page's end. */
    struct replica_position at = f->feed.at;
    at.seq = 500;
    assert_int_equal(replica_begin(f->writer, &f->e), ERR_NONE);
    assert_int_equal(replica_commit(f->writer, &at, &f->e), ERR_NONE);
    assert_int_equal(pull(f), ERR_NONE);
    assert_int_equal(fakehub_asked(f->hub, "/page/"), 0);
    assert_string_equal(f->feed.at.chain, f->hub->head.chain);
    fakehub_fill(f->hub, 600);
    pull_well(f);
    assert_string_equal(name_of(f, 501), "Community 501");
}

static void test_feed__run_that_broke_off_goes_on_where_it_was(void **state)
{
    struct fixture *f = *state;
    fakehub_fill(f->hub, 1700);
    assert_int_equal(feed_begin(&f->feed, f->writer, &f->e), ERR_NONE);
    while (f->feed.at.page < 2)
        assert_int_equal(feed_step(&f->feed, &f->e), ERR_NONE);
    f->hub->asked_count = 0;
    assert_int_equal(pull(f), ERR_NONE);
    assert_int_equal(fakehub_asked(f->hub, "/page/"), 1);
    assert_int_equal(count(f), 1700);
}

static void test_feed__one_bad_item_does_not_stop_the_others(void **state)
{
    struct fixture *f = *state;
    fakehub_put(f->hub, 1, "First");
    fakehub_publish(f->hub, "\"k\":\"community\",\"op\":\"put\",\"d\":{\"name\":\"no id\"}}");
    fakehub_publish(f->hub, "broken");
    fakehub_publish(
        f->hub,
        "\"k\":\"spaceship\",\"id\":\"0198a1b2-0000-7000-8000-00000000aaaa\",\"op\":\"put\",\"d\":{\"name\":\"x\"}}");
    fakehub_put(f->hub, 2, "Last");
    pull_well(f);
    assert_true(f->feed.bad >= 2);
    assert_string_equal(name_of(f, 1), "First");
    assert_string_equal(name_of(f, 2), "Last");
}

/* ---- spoilt bytes. Each row spoils the answers whose path holds `part`, the first `times` of them. */

struct spoil {
    const char *name, *part;
    int times;
    void (*how)(struct transport_answer *a);
    enum err fails_with; /* of the run */
    enum err want;
    enum fault fault;
    const char *asked_again; /* what must have been asked past caches */
};

static const struct spoil *spoiling;

static void flip_byte(struct transport_answer *a) { a->body.data[a->body.len / 2] ^= 0x20; }
static void cut_half(struct transport_answer *a) { a->body.data[a->body.len /= 2] = 0; }
static void wrong_signature(struct transport_answer *a) { a->signature[5] = a->signature[5] == 'A' ? 'B' : 'A'; }
static void no_signature(struct transport_answer *a) { a->signature[0] = 0; }
static void missing(struct transport_answer *a) { a->status = 404; }
static void gone(struct transport_answer *a) { a->status = 410; }
static void server_error(struct transport_answer *a) { a->status = 500; }
static void too_old(struct transport_answer *a) { a->status = 426; }
static void busy(struct transport_answer *a)
{
    a->status = 503;
    a->retry_after_s = 77;
}
static void huge(struct transport_answer *a) { a->fault = FAULT_HUB; }
static void no_line(struct transport_answer *a) { a->fault = FAULT_NET; }
static void portal(struct transport_answer *a)
{
    buf_clear(&a->body);
    buf_add_str(&a->body, "<html>Please accept the terms of this network</html>");
    a->signature[0] = 0;
}

static enum err spoil_some(struct fakehub *h, const struct transport_request *q, struct transport_answer *a)
{
    if (!strstr(q->path, spoiling->part) || h->tampered++ >= spoiling->times)
        return ERR_NONE;
    spoiling->how(a);
    return spoiling->fails_with;
}

static void test_feed__spoilt_bytes_do_no_harm(void **state)
{
    static const struct spoil rows[] = {
        {"damaged page once", "/page/2", 1, flip_byte, 0, ERR_NONE, 0, "/page/2"},
        {"damaged page always", "/page/2", 9, flip_byte, 0, ERR_CORRUPT, FAULT_SIGN, "/page/2"},
        {"cut page", "/page/1", 9, cut_half, 0, ERR_CORRUPT, FAULT_SIGN, "/page/1"},
        {"missing page once", "/page/1", 1, missing, 0, ERR_NONE, 0, "/page/1"},
        {"missing page always", "/page/1", 99, missing, 0, ERR_GONE, FAULT_HUB, "/head"},
        {"huge page once", "/page/1", 1, huge, ERR_TOO_BIG, ERR_NONE, 0, "/page/1"},
        {"huge page always", "/page/1", 9, huge, ERR_TOO_BIG, ERR_TOO_BIG, FAULT_HUB, "/page/1"},
        {"damaged index once", "/index/", 1, flip_byte, 0, ERR_NONE, 0, "/index/"},
        {"damaged index always", "/index/", 9, flip_byte, 0, ERR_CORRUPT, FAULT_SIGN, "/index/"},
        {"missing index always", "/index/", 99, gone, 0, ERR_GONE, FAULT_HUB, "/head"},
        {"head's signature wrong once", "/head", 1, wrong_signature, 0, ERR_NONE, 0, "/head"},
        {"head's signature wrong", "/head", 9, wrong_signature, 0, ERR_DENIED, FAULT_SIGN, "/head"},
        {"head not signed", "/head", 9, no_signature, 0, ERR_DENIED, FAULT_SIGN, "/head"},
        {"head cut", "/head", 9, cut_half, 0, ERR_INVALID, FAULT_HUB, NULL},
        {"head from a captive portal", "/head", 9, portal, 0, ERR_INVALID, FAULT_HUB, NULL},
        {"head: server error", "/head", 9, server_error, 0, ERR_NET, FAULT_HUB, NULL},
        {"head: upgrade required", "/head", 9, too_old, 0, ERR_NET, FAULT_OLD, NULL},
        {"head: busy", "/head", 9, busy, 0, ERR_NET, FAULT_BUSY, NULL},
        {"no line at the head", "/head", 9, no_line, ERR_NET, ERR_NET, FAULT_NET, NULL},
        {"no line at a page", "/page/2", 9, no_line, ERR_TIMEOUT, ERR_TIMEOUT, FAULT_NET, NULL},
        {"tail's signature wrong", "/tail", 9, wrong_signature, 0, ERR_DENIED, FAULT_SIGN, NULL},
        {"tail damaged", "/tail", 9, flip_byte, 0, ERR_DENIED, FAULT_SIGN, NULL},
        {"tail sealed meanwhile", "/tail", 1, gone, 0, ERR_NONE, 0, "/head"},
        {"keys: wrong signature", "/keys/", 9, wrong_signature, 0, ERR_DENIED, FAULT_SIGN, NULL},
        {"keys: missing", "/keys/", 9, missing, 0, ERR_NOT_FOUND, FAULT_SIGN, NULL},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct fixture *f = *state;
        char again[64];
        print_message("%s\n", rows[i].name);
        spoiling = &rows[i];
        fakehub_fill(f->hub, 1010);
        f->hub->tamper = spoil_some;
        assert_int_equal(pull(f), rows[i].want);
        assert_int_equal(f->feed.fault, rows[i].want ? rows[i].fault : f->feed.fault);
        assert_int_equal(f->feed.retry_after_s, rows[i].how == busy ? 77 : -1);
        snprintf(again, sizeof again, "%s", rows[i].asked_again ? rows[i].asked_again : "");
        bool found = false;
        for (int k = 0; k < f->hub->asked_count; k++)
            found = found || (strstr(f->hub->asked[k], again) && strstr(f->hub->asked[k], " again"));
        assert_int_equal(found, rows[i].asked_again != NULL);
        /* Whatever it was: once it is over, the replica comes to the head. */
        f->hub->tamper = NULL;
        pull_well(f);
        assert_int_equal(count(f), 1010);
        if (i + 1 < sizeof rows / sizeof rows[0]) {
            tear_down(state);
            set_up(state);
        }
    }
}

/* ---- a line that breaks. Each row: how much of page 2 comes at a time, and whether parts may be asked for. */

struct broken {
    const char *name;
    size_t piece; /* bytes after which the line breaks */
    bool ranges;  /* of the way: a cache in between may not know them */
    bool bad_middle;
};

static const struct broken *breaking;

static enum err break_page(struct fakehub *h, const struct transport_request *q, struct transport_answer *a)
{
    size_t from = breaking->ranges ? (size_t)q->from : 0;
    if (!strstr(q->path, "/page/2"))
        return ERR_NONE;
    assert_true(from < a->body.len);
    bool bad = breaking->bad_middle && from > 0 && !q->past_caches;
    a->status = from > 0 ? 206 : 200;
    a->at = (int64_t)from;
    buf_drop(&a->body, from);
    if (bad)
        a->body.data[0] ^= 1;
    /* Each way without ranges is longer than the one before, or it would never end. */
    size_t piece = breaking->piece * (breaking->ranges ? 1 : (size_t)++h->tampered);
    if (a->body.len <= piece)
        return ERR_NONE;
    a->body.data[a->body.len = piece] = 0;
    a->taken = (int64_t)piece;
    return ERR_NET;
}

static void test_feed__a_page_comes_in_pieces(void **state)
{
    static const struct broken rows[] = {
        {"each piece once", 300, true, false},
        {"no ranges on the way", 400, false, false},
        {"a damaged piece: all of it once more past caches", 300, true, true},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct fixture *f = *state;
        print_message("%s\n", rows[i].name);
        breaking = &rows[i];
        fakehub_fill(f->hub, 1010);
        f->hub->tamper = break_page;
        assert_int_equal(pull(f), ERR_NONE);
        assert_true(fakehub_asked(f->hub, "/page/2") > 1);
        assert_int_equal(fakehub_asked(f->hub, "/page/1"), 1);
        assert_int_equal(fakehub_asked(f->hub, " again") > 0, rows[i].bad_middle);
        assert_int_equal(count(f), 1010);
        assert_int_equal(f->feed.part.len, 0);
        if (i + 1 < sizeof rows / sizeof rows[0]) {
            tear_down(state);
            set_up(state);
        }
    }
}

/* A mirror that served one broken page made kiosks throw away a good replica, and residents found an empty screen. */
static void test_feed__damaged_page_leaves_the_replica_as_it_is(void **state)
{
    struct fixture *f = *state;
    static const struct spoil row = {.part = "/page/2", .times = 99, .how = flip_byte};
    fakehub_fill(f->hub, 510);
    pull_well(f);
    fakehub_fill(f->hub, 600);
    spoiling = &row;
    f->hub->tamper = spoil_some;
    assert_int_equal(pull(f), ERR_CORRUPT);
    assert_int_equal(count(f), 510);
    assert_int_equal(f->feed.at.seq, 510);
}

/* ---- history */

static void test_feed__stale_head_is_asked_once_more_and_not_followed(void **state)
{
    struct fixture *f = *state;
    fakehub_fill(f->hub, 20);
    pull_well(f);
    f->hub->head.seq = 15;
    assert_int_equal(pull(f), ERR_CONFLICT);
    assert_int_equal(f->feed.fault, FAULT_STALE);
    assert_int_equal(fakehub_asked(f->hub, "/head again"), 1);
    assert_int_equal(count(f), 20);
    f->hub->head.seq = 20;
    pull_well(f);
}

static void test_feed__lower_epoch_is_stale(void **state)
{
    struct fixture *f = *state;
    fakehub_new_epoch(f->hub);
    fakehub_fill(f->hub, 5);
    pull_well(f);
    f->hub->head.epoch = 1;
    f->hub->head.seq = 5;
    assert_int_equal(pull(f), ERR_CONFLICT);
    assert_int_equal(f->feed.fault, FAULT_STALE);
    f->hub->head.epoch = 2;
}

static void test_feed__new_epoch_builds_the_replica_anew(void **state)
{
    struct fixture *f = *state;
    fakehub_fill(f->hub, 700);
    pull_well(f);
    fakehub_new_epoch(f->hub);
    fakehub_put(f->hub, 3, "After the restore");
    pull_well(f);
    assert_int_equal(count(f), 1);
    assert_string_equal(name_of(f, 3), "After the restore");
}

static void test_feed__broken_chain_builds_the_replica_anew(void **state)
{
    struct fixture *f = *state;
    fakehub_fill(f->hub, 700);
    pull_well(f);
    /* Other history under the same epoch, honestly signed: a hub restored by somebody who did not say so. */
    fakehub_new_epoch(f->hub);
    f->hub->head.epoch = 1;
    fakehub_put(f->hub, 9000, "Elsewhere");
    fakehub_fill(f->hub, 1100);
    pull_well(f);
    assert_int_equal(count(f), 1101);
    assert_string_equal(name_of(f, 9000), "Elsewhere");
}

/* ---- built beside the old one */

struct aside {
    struct fixture *f;
    struct replica_writer *writer;
    char path[4096];
};

static enum err open_aside(void *context, struct replica_writer **out, struct error *e)
{
    struct aside *a = context;
    bool damaged;
    file_join(a->path, a->f->dir, "replica.next");
    enum err code = replica_writer_open(&a->writer, a->path, a->f->zone, true, &damaged, e);
    *out = a->writer;
    return code;
}

/* After a restore of the hub the screens were empty for as long as a slow line took to bring everything again. */
static void test_feed__old_replica_stays_until_the_new_one_is_whole(void **state)
{
    struct fixture *f = *state;
    static const struct spoil row = {.part = "/page/2", .times = 2, .how = no_line, .fails_with = ERR_NET};
    struct aside a = {.f = f};
    f->feed.aside = open_aside;
    f->feed.aside_context = &a;
    fakehub_fill(f->hub, 30);
    pull_well(f);
    assert_null(a.writer);
    fakehub_new_epoch(f->hub);
    fakehub_fill(f->hub, 1100);
    spoiling = &row;
    f->hub->tamper = spoil_some;
    assert_int_equal(pull(f), ERR_NET);
    assert_true(f->feed.is_aside);
    assert_int_equal(count(f), 30);
    replica_writer_close(a.writer);
    /* The next run goes on with what the first one built. */
    f->hub->tamper = NULL;
    f->hub->asked_count = 0;
    assert_int_equal(pull(f), ERR_NONE);
    assert_int_equal(fakehub_asked(f->hub, "/page/1"), 0);
    assert_int_equal(fakehub_asked(f->hub, "/page/2"), 1);
    assert_int_equal(count(f), 30);
    replica_writer_close(a.writer);
    replica_writer_close(f->writer);
    assert_int_equal(replica_replace(f->path, a.path, &f->e), ERR_NONE);
    bool damaged;
    assert_int_equal(replica_writer_open(&f->writer, f->path, f->zone, true, &damaged, &f->e), ERR_NONE);
    assert_int_equal(count(f), 1100);
    f->feed.aside = NULL;
    pull_well(f);
}

static void test_feed__pages_below_min_page_are_not_asked_for(void **state)
{
    struct fixture *f = *state;
    fakehub_fill(f->hub, 1600);
    f->hub->head.min_page = 3;
    pull_well(f);
    assert_int_equal(count(f), 600);
    fakehub_fill(f->hub, 500);
    pull_well(f);
    assert_int_equal(f->feed.at.page, 4);
}

static void test_feed__newer_client_wanted_stops_the_pull(void **state)
{
    struct fixture *f = *state;
    fakehub_fill(f->hub, 5);
    snprintf(f->hub->head.min_client, sizeof f->hub->head.min_client, "99.0");
    assert_int_equal(pull(f), ERR_STATE);
    assert_int_equal(f->feed.fault, FAULT_OLD);
}

/* ---- keys */

static void test_feed__rotated_keys_are_followed_in_order(void **state)
{
    struct fixture *f = *state;
    fakehub_fill(f->hub, 5);
    pull_well(f);
    assert_int_equal(f->keys.doc.n, 1);
    fakehub_rotate_keys(f->hub);
    fakehub_rotate_keys(f->hub);
    fakehub_put(f->hub, 6, "Under new keys");
    assert_int_equal(pull(f), ERR_NONE);
    assert_int_equal(f->keys.doc.n, 3);
    assert_int_equal(fakehub_asked(f->hub, "/keys/"), 2);
    assert_string_equal(name_of(f, 6), "Under new keys");
}

static void test_feed__first_keys_and_later_ones_in_one_run(void **state)
{
    struct fixture *f = *state;
    fakehub_rotate_keys(f->hub);
    fakehub_rotate_keys(f->hub);
    fakehub_fill(f->hub, 5);
    pull_well(f);
    assert_int_equal(f->keys.doc.n, 3);
}

static enum err boast_of_keys(struct fakehub *h, const struct transport_request *q, struct transport_answer *a)
{
    (void)h;
    char *mark = strstr(a->body.data, "\"keys\":1");
    if (strstr(q->path, "/head") && mark)
        mark[7] = '9';
    return ERR_NONE;
}

static void test_feed__keys_of_an_unsigned_head_are_not_chased(void **state)
{
    struct fixture *f = *state;
    fakehub_fill(f->hub, 5);
    f->hub->tamper = boast_of_keys;
    assert_int_equal(pull(f), ERR_DENIED);
    assert_int_equal(f->feed.fault, FAULT_SIGN);
    assert_true(f->hub->asked_count < 10);
}

/* ---- time */

static void test_feed__head_moves_the_clock_forward_only(void **state)
{
    struct fixture *f = *state;
    const int64_t head = INT64_C(1777629600000);
    f->clock = clock_test(head - 86400000);
    pull_well(f);
    assert_int_equal(clock_wall_ms(&f->clock), head);
    f->clock = clock_test(head + 1800000);
    fakehub_put(f->hub, 1, "x");
    pull_well(f);
    assert_int_equal(clock_wall_ms(&f->clock), head + 1800000);
    f->clock.quality = CLOCK_UNSET;
    fakehub_put(f->hub, 1, "y");
    pull_well(f);
    assert_int_equal(clock_wall_ms(&f->clock), head);
    assert_int_equal(f->clock.quality, CLOCK_OK);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
#define CASE(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
        CASE(test_feed__empty_hub_gives_an_empty_replica),
        CASE(test_feed__few_changes_come_as_a_tail),
        CASE(test_feed__many_changes_come_as_pages_and_a_tail),
        CASE(test_feed__idle_poll_is_one_question),
        CASE(test_feed__page_does_not_bring_back_what_a_tail_deleted),
        CASE(test_feed__page_known_from_tails_is_not_fetched),
        CASE(test_feed__run_that_broke_off_goes_on_where_it_was),
        CASE(test_feed__one_bad_item_does_not_stop_the_others),
        CASE(test_feed__spoilt_bytes_do_no_harm),
        CASE(test_feed__a_page_comes_in_pieces),
        CASE(test_feed__damaged_page_leaves_the_replica_as_it_is),
        CASE(test_feed__stale_head_is_asked_once_more_and_not_followed),
        CASE(test_feed__lower_epoch_is_stale),
        CASE(test_feed__new_epoch_builds_the_replica_anew),
        CASE(test_feed__broken_chain_builds_the_replica_anew),
        CASE(test_feed__old_replica_stays_until_the_new_one_is_whole),
        CASE(test_feed__pages_below_min_page_are_not_asked_for),
        CASE(test_feed__newer_client_wanted_stops_the_pull),
        CASE(test_feed__rotated_keys_are_followed_in_order),
        CASE(test_feed__first_keys_and_later_ones_in_one_run),
        CASE(test_feed__keys_of_an_unsigned_head_are_not_chased),
        CASE(test_feed__head_moves_the_clock_forward_only),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
