/* What the hub publishes, read back as a kiosk would: numbers without gaps, pages that chain, signed heads and tails,
 * and the views for others. */
#include "sync/hub/serve/api.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "sync/hub/feed.h"
#include "sync/hub/feed_stage.h"
#include "sync/hub/serve/rate.h"
#include "sync/hub/seats/sheet.h"
#include "sync/wire_zstd.h"
#include "tests/support/hubkit.h"

static const char ev_open[] = "0198a1b2-0000-7000-8000-00000000e003";
static const int64_t noon = INT64_C(1796126400000);

struct fixture {
    struct hubkit k;
    struct api api;
    struct api_reply reply;
};

static int set_up(void **state)
{
    setenv("SOSEDI_DEBUG", "1", 1);
    assert_int_equal(crypto_init(NULL), ERR_NONE);
    struct fixture *f = mem_new(1, sizeof *f);
    hubkit_init(&f->k, noon);
    api_init(&f->api, &f->k.hub, &f->k.keys);
    f->api.view.look_every_ms = 0;
    *state = f;
    return 0;
}

static int tear_down(void **state)
{
    struct fixture *f = *state;
    blob_drop(f->reply.body);
    api_done(&f->api);
    hubkit_done(&f->k);
    free(f);
    return 0;
}

static const char *query(const struct api_request *q, const char *name)
{
    (void)name;
    return q->carrier; /* one value for every name */
}

static const struct api_reply *get(struct fixture *f, const char *path, const char *value, const char *etag)
{
    char copy[32] = "";
    if (value)
        snprintf(copy, sizeof copy, "%s", value);
    struct api_request q = {
        .method = "GET", .path = path, .if_none_match = etag, .query = query, .carrier = value ? copy : NULL};
    blob_drop(f->reply.body);
    api_answer(&f->api, &q, &f->reply);
    assert_non_null(f->reply.body);
    return &f->reply;
}

static void fill(struct fixture *f, int first, int last)
{
    struct error e = {0};
    assert_int_equal(sql_begin(f->k.hub.db, &e), ERR_NONE);
    for (int i = first; i <= last; i++) {
        char id[37];
        snprintf(id, sizeof id, "00000000-0000-4000-8000-%012d", i);
        struct sql_stmt *st =
            sql_get(f->k.hub.db,
                    "INSERT INTO record (id, kind, uid, name, d, live) VALUES (:id, 'place', :id, 'Place', '{}', 1)");
        struct json *d = json_new_object();
        sql_bind_text(st, ":id", id);
        assert_int_equal(sql_run(st, &e), ERR_NONE);
        json_put_str(d, "name", "Место");
        json_put_int(d, "n", i);
        if (feed_put(f->k.hub.db, "place", id, d, &e))
            fail_msg("%s", e.text);
        json_free(d);
    }
    assert_int_equal(sql_commit(f->k.hub.db, &e), ERR_NONE);
    assert_int_equal(feed_number_all(f->k.hub.db, &e), ERR_NONE);
    f->api.view.stale = true;
}

/* The last number, when all that was committed has one. */
static int64_t numbered(struct sql *db)
{
    assert_int_equal(feed_number_all(db, NULL), ERR_NONE);
    return feed_seq(db);
}

static struct wire_head head(struct fixture *f)
{
    struct wire_head h;
    const struct api_reply *r = get(f, "/v1/feed/all/head", NULL, NULL);
    assert_int_equal(r->status, 200);
    assert_true(wire_verify(r->signature, WIRE_DOMAIN_HEAD, NULL, r->body->bytes, r->body->n, f->k.feed_pk));
    assert_int_equal(wire_head_parse(&h, r->body->bytes, r->body->n, NULL), ERR_NONE);
    return h;
}

static void unpack(struct fixture *f, struct buf *out)
{
    assert_int_equal(f->reply.status, 200);
    buf_clear(out);
    assert_int_equal(wire_unpack(out, f->reply.body->bytes, f->reply.body->n, NULL), ERR_NONE);
}

/* ---- the log */

static void test_feed__same_content_is_not_a_change(void **state)
{
    struct fixture *f = *state;
    struct sql *db = f->k.hub.db;
    struct json *d = json_new_object();
    fill(f, 1, 1);
    json_put_str(d, "name", "Место");
    json_put_int(d, "n", 1);
    static const char id[] = "00000000-0000-4000-8000-000000000001";
    assert_int_equal(feed_put(db, "place", id, d, NULL), ERR_NONE);
    assert_int_equal(numbered(db), 1);
    json_put_int(d, "n", 2);
    assert_int_equal(feed_put(db, "place", id, d, NULL), ERR_NONE);
    assert_int_equal(numbered(db), 2);
    assert_int_equal(feed_del(db, "place", id, NULL), ERR_NONE);
    assert_int_equal(feed_del(db, "place", id, NULL), ERR_NONE);
    assert_int_equal(numbered(db), 3);
    assert_int_equal(feed_put(db, "place", id, d, NULL), ERR_NONE);
    assert_int_equal(numbered(db), 4);
    assert_int_equal(feed_put(db, "place", "00000000-0000-4000-8000-00000000000f", d, NULL), ERR_NOT_FOUND);
    json_free(d);
}

static void test_feed__an_item_past_its_limit_is_refused(void **state)
{
    struct fixture *f = *state;
    struct json *d = json_new_object();
    char *text = mem_new(WIRE_ITEM_MAX, 1);
    fill(f, 1, 1);
    memset(text, 'x', WIRE_ITEM_MAX - 60); /* fits alone, not with the item around it */
    json_put_str(d, "name", text);
    assert_int_equal(feed_put(f->k.hub.db, "place", "00000000-0000-4000-8000-000000000001", d, NULL), ERR_TOO_BIG);
    assert_int_equal(numbered(f->k.hub.db), 1);
    json_free(d);
    free(text);
}

static void test_feed__a_rolled_back_change_leaves_no_gap(void **state)
{
    struct fixture *f = *state;
    struct error e = {0};
    struct json *d = json_new_object();
    fill(f, 1, 2);
    assert_int_equal(sql_begin(f->k.hub.db, &e), ERR_NONE);
    assert_int_equal(feed_put(f->k.hub.db, "place", "00000000-0000-4000-8000-000000000001", d, &e), ERR_NONE);
    sql_rollback(f->k.hub.db);
    fill(f, 3, 3);
    assert_int_equal(numbered(f->k.hub.db), 3);
    assert_int_equal(hubkit_number(&f->k, "SELECT count(*) FROM change"), 3);
    json_free(d);
}

/* ---- published files */

static void test_view__pages_chain_and_hold_everything(void **state)
{
    struct fixture *f = *state;
    struct wire_index *x = mem_new(1, sizeof *x);
    struct buf bytes;
    char path[WIRE_PATH], hash[WIRE_HEX + 1], prev[WIRE_HEX + 1];
    fill(f, 1, 2103);
    for (struct wire_head h = head(f); h.sealed < 4; h = head(f))
        assert_true(h.sealed >= 2); /* two at a time */
    struct wire_head h = head(f);
    assert_int_equal(h.seq, 2103);
    buf_init(&bytes, WIRE_PAGE_MAX);
    wire_file_path(path, "all", h.epoch, WIRE_INDEX, h.index_n, h.index_hash);
    get(f, path, NULL, NULL);
    unpack(f, &bytes);
    wire_hash(hash, bytes.data, bytes.len);
    assert_string_equal(hash, h.index_hash);
    assert_int_equal(wire_index_parse(x, bytes.data, bytes.len, NULL), ERR_NONE);
    assert_int_equal(x->count, 4);
    assert_string_equal(x->hash[3], h.chain);
    memcpy(prev, wire_zero_hash, sizeof prev);
    int64_t seq = 0;
    for (int p = 1; p <= 4; p++) {
        struct wire_page page;
        struct wire_line line;
        size_t pos;
        wire_file_path(path, "all", h.epoch, WIRE_PAGE, p, x->hash[p - 1]);
        get(f, path, NULL, NULL);
        unpack(f, &bytes);
        assert_string_equal(f->reply.cache, "public, max-age=31536000, immutable");
        wire_hash(hash, bytes.data, bytes.len);
        assert_string_equal(hash, x->hash[p - 1]);
        assert_int_equal(wire_page_parse(&page, bytes.data, bytes.len, &pos, NULL), ERR_NONE);
        assert_string_equal(page.prev, prev);
        memcpy(prev, hash, sizeof prev);
        while (wire_next_line(bytes.data, bytes.len, &pos, &line)) {
            struct wire_item item;
            assert_int_equal(wire_item_parse(&item, line.s, line.n, NULL), ERR_NONE);
            assert_int_equal(item.seq, ++seq);
            wire_item_done(&item);
        }
    }
    assert_int_equal(seq, 2000);
    buf_done(&bytes);
    free(x);
}

/* A page has the same bytes for ever, so a kiosk whose line broke asks for the rest. */
static void test_view__a_page_is_given_in_parts(void **state)
{
    static const struct {
        const char *range;
        int status;
        int64_t first;
    } rows[] = {{"bytes=0-", 206, 0}, {"bytes=100-", 206, 100}, {"bytes=1000000-", 416, 0}, {"lines=1-", 200, 0}};
    struct fixture *f = *state;
    char path[WIRE_PATH];
    fill(f, 1, 501);
    struct wire_head h = head(f);
    wire_file_path(path, "all", h.epoch, WIRE_PAGE, 1, h.chain);
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct api_request q = {.method = "GET", .path = path, .query = query, .range = rows[i].range};
        blob_drop(f->reply.body);
        api_answer(&f->api, &q, &f->reply);
        assert_int_equal(f->reply.status, rows[i].status);
        assert_true(f->reply.size > 100);
        if (rows[i].status == 206) {
            assert_int_equal(f->reply.first, rows[i].first);
            assert_int_equal(f->reply.n, f->reply.size - rows[i].first);
            assert_int_equal(f->reply.body->n, f->reply.size);
        }
    }
}

static void test_view__tail_is_signed_for_its_path(void **state)
{
    struct fixture *f = *state;
    struct wire_tail t;
    struct buf bytes;
    size_t pos;
    fill(f, 1, 7);
    struct wire_head h = head(f);
    buf_init(&bytes, WIRE_PAGE_MAX);
    const struct api_reply *r = get(f, "/v1/feed/all/1/tail", "3", NULL);
    assert_true(wire_verify(r->signature, WIRE_DOMAIN_TAIL, "/v1/feed/all/1/tail?after=3", r->body->bytes, r->body->n,
                            f->k.feed_pk));
    assert_false(wire_verify(r->signature, WIRE_DOMAIN_TAIL, "/v1/feed/all/1/tail?after=2", r->body->bytes, r->body->n,
                             f->k.feed_pk));
    assert_string_equal(r->cache, "no-store");
    unpack(f, &bytes);
    assert_int_equal(wire_tail_parse(&t, bytes.data, bytes.len, &pos, NULL), ERR_NONE);
    assert_int_equal(t.after, 3);
    assert_int_equal(t.last, h.seq);
    assert_int_equal(get(f, "/v1/feed/all/1/tail", "7", NULL)->status, 200);
    assert_int_equal(get(f, "/v1/feed/all/1/tail", "8", NULL)->status, 404);
    assert_int_equal(get(f, "/v1/feed/all/1/tail", NULL, NULL)->status, 404);
    assert_int_equal(get(f, "/v1/feed/all/1/tail", "-1", NULL)->status, 404);
    assert_int_equal(get(f, "/v1/feed/all/2/tail", "3", NULL)->status, 404);
    buf_done(&bytes);
}

static void test_view__an_unchanged_head_is_304(void **state)
{
    struct fixture *f = *state;
    char etag[32];
    fill(f, 1, 3);
    snprintf(etag, sizeof etag, "%s", get(f, "/v1/feed/all/head", NULL, NULL)->etag);
    assert_int_equal(get(f, "/v1/feed/all/head", NULL, etag)->status, 304);
    assert_int_equal(f->reply.body->n, 0);
    f->api.view.stale = true;
    assert_int_equal(get(f, "/v1/feed/all/head", NULL, etag)->status, 304); /* looked again, found the same */
    fill(f, 4, 4);
    assert_int_equal(get(f, "/v1/feed/all/head", NULL, etag)->status, 200);
    snprintf(etag, sizeof etag, "%s", f->reply.etag);
    f->k.hub.clock.test_wall_ms += (VIEW_HEAD_SECONDS + 1) * 1000;
    assert_int_equal(get(f, "/v1/feed/all/head", NULL, etag)->status, 200); /* once an hour, for the time in it */
}

static void test_view__another_process_s_commit_is_noticed(void **state)
{
    struct fixture *f = *state;
    struct hub other;
    struct error e = {0};
    fill(f, 1, 3);
    assert_int_equal(head(f).seq, 3);
    assert_int_equal(hub_open(&other, f->k.dir, f->k.database, &e), ERR_NONE);
    assert_int_equal(feed_del(other.db, "place", "00000000-0000-4000-8000-000000000002", &e), ERR_NONE);
    assert_int_equal(head(f).seq, 4);
    hub_close(&other);
}

static void test_view__wrong_names_are_404_and_not_kept(void **state)
{
    struct fixture *f = *state;
    static const char *const paths[] = {"/",
                                        "",
                                        "/v1",
                                        "/v1/feed/all",
                                        "/v1/feed/s7/head",
                                        "/v1/feed/all/1/page/1-0000000000000000.zst",
                                        "/v1/feed/all/1/page/../../keys",
                                        "/v1/feed/all/01/tail",
                                        "/v1/keys/0",
                                        "/v1/keys/9",
                                        "/v1/keys/x",
                                        "//v1/feed/all/head",
                                        "/v1/feed/all/head/",
                                        "/rpde/",
                                        "/rpde/ev%2e",
                                        "/a/b/c/d/e/f/g/h/i"};
    fill(f, 1, 501);
    head(f);
    for (size_t i = 0; i < sizeof paths / sizeof paths[0]; i++) {
        const struct api_reply *r = get(f, paths[i], NULL, NULL);
        if (r->status != 404 && strcmp(paths[i], "/rpde/") != 0)
            fail_msg("%s: %d", paths[i], r->status);
        assert_true(strcmp(r->cache, "public, max-age=31536000, immutable") != 0);
    }
}

static void test_view__old_programs_are_told(void **state)
{
    struct fixture *f = *state;
    struct error e = {0};
    struct api_request q = {
        .method = "GET", .path = "/v1/feed/all/head", .query = query, .user_agent = "kiosk-sync/0.9"};
    assert_int_equal(hub_meta_set(f->k.hub.db, "min_client", "1.0", &e), ERR_NONE);
    api_answer(&f->api, &q, &f->reply);
    assert_int_equal(f->reply.status, 426);
    q.user_agent = "kiosk-sync/1.0";
    blob_drop(f->reply.body);
    api_answer(&f->api, &q, &f->reply);
    assert_int_equal(f->reply.status, 200);
}

/* ---- views for others */

static void test_view__rpde_has_each_record_once(void **state)
{
    struct fixture *f = *state;
    struct json *page = NULL;
    struct json *d = json_new_object();
    fill(f, 1, 5);
    json_put_str(d, "name", "Другое");
    assert_int_equal(feed_put(f->k.hub.db, "place", "00000000-0000-4000-8000-000000000002", d, NULL), ERR_NONE);
    assert_int_equal(feed_del(f->k.hub.db, "place", "00000000-0000-4000-8000-000000000004", NULL), ERR_NONE);
    assert_int_equal(numbered(f->k.hub.db), 7);
    json_free(d);
    int64_t after = 0, seen = 0, deleted = 0;
    for (int pages = 0; pages < 10; pages++) {
        char path[64], limit[8];
        snprintf(limit, sizeof limit, "%lld", (long long)after);
        snprintf(path, sizeof path, "/rpde/place");
        const struct api_reply *r = get(f, path, limit, NULL);
        assert_int_equal(json_parse(&page, r->body->bytes, r->body->n, WIRE_PAGE_MAX, NULL), ERR_NONE);
        const struct json *items = json_get(page, "items");
        for (const struct json *it = json_first(items); it; it = json_next(it)) {
            assert_true(json_int(it, "modified", 0) > after);
            after = json_int(it, "modified", 0);
            seen++;
            deleted += strcmp(json_str(it, "state", ""), "deleted") == 0;
            if (json_int(it, "modified", 0) == 6)
                assert_string_equal(json_str(json_get(it, "data"), "name", ""), "Другое");
        }
        bool end = json_count(items) == 0;
        json_free(page);
        if (end)
            break;
    }
    assert_int_equal(seen, 5);
    assert_int_equal(deleted, 1);
}

static void test_view__ticket_page_says_the_state_and_nobody_s_name(void **state)
{
    struct fixture *f = *state;
    struct hubkit_kiosk q;
    char id[WIRE_UUID + 1], code[CODE_LEN + 1], path[64];
    struct error e = {0};
    hubkit_event(&f->k, ev_open, -1, 86400);
    assert_int_equal(sql_exec(f->k.hub.db,
                              "UPDATE record SET d = '{\"name\":\"<Хор> & \\\"друзья\\\"\",\"tz\":\"Europe/Moscow\"}'",
                              &e),
                     ERR_NONE);
    hubkit_kiosk_init(&f->k, &q);
    hubkit_signup(&q, ev_open, 2, id, code);
    assert_int_equal(hubkit_exchange(&f->k, &q), 200);
    snprintf(path, sizeof path, "/T/%s", code);
    const struct api_reply *r = get(f, path, NULL, NULL);
    assert_int_equal(r->status, 200);
    assert_non_null(strstr(r->body->bytes, "Место за вами"));
    assert_non_null(strstr(r->body->bytes, "&lt;Хор&gt; &amp; &quot;друзья&quot;"));
    assert_null(strstr(r->body->bytes, "<Хор>"));
    assert_string_equal(r->cache, "no-store");
    for (char *c = path + 3; *c; c++)
        *c = *c >= 'A' && *c <= 'Z' ? (char)(*c + 32) : *c;
    path[1] = 't';
    assert_int_equal(get(f, path, NULL, NULL)->status, 200);
    assert_int_equal(get(f, "/T/2222222222", NULL, NULL)->status, 404);
    assert_int_equal(get(f, "/T/<script>", NULL, NULL)->status, 404);
    assert_null(strstr(f->reply.body->bytes, "<script>"));
    hubkit_kiosk_done(&q);
}

static void test_api__methods_that_do_not_fit_are_405(void **state)
{
    struct fixture *f = *state;
    struct api_request q = {.method = "DELETE", .path = "/health", .query = query};
    api_answer(&f->api, &q, &f->reply);
    assert_int_equal(f->reply.status, 405);
    q.method = "HEAD";
    blob_drop(f->reply.body);
    api_answer(&f->api, &q, &f->reply);
    assert_int_equal(f->reply.status, 200);
}

/* ---- small parts */

static void test_rate__a_bucket_empties_and_fills(void **state)
{
    (void)state;
    struct rate *r = mem_new(1, sizeof *r);
    r->per_second = 2;
    r->burst = 3;
    for (int i = 0; i < 3; i++)
        assert_true(rate_allow(r, "\x7f\0\0\1", 4, 1000));
    assert_false(rate_allow(r, "\x7f\0\0\1", 4, 1000));
    assert_true(rate_allow(r, "\x7f\0\0\2", 4, 1000));
    assert_true(rate_allow(r, "\x7f\0\0\1", 4, 1500));
    assert_false(rate_allow(r, "\x7f\0\0\1", 4, 1500));
    for (int i = 0; i < 100000; i++)
        rate_allow(r, &i, 4, 2000 + i); /* more strangers than slots */
    r->per_second = 0;
    for (int i = 0; i < 1000; i++)
        assert_true(rate_allow(r, "\x7f\0\0\1", 4, 2000));
    free(r);
}

static void test_sheet__cells_are_quoted_and_never_formulas(void **state)
{
    (void)state;
    static const struct {
        const char *name, *in, *out;
    } rows[] = {
        {"plain", "Иванова", "Иванова"},
        {"empty", "", ""},
        {"comma", "a,b", "\"a,b\""},
        {"quote", "say \"hi\"", "\"say \"\"hi\"\"\""},
        {"two lines", "a\nb", "\"a\nb\""},
        {"formula", "=1+1", "\"'=1+1\""},
        {"telephone", "+7 900", "\"'+7 900\""},
        {"minus", "-5", "\"'-5\""},
        {"at", "@SUM(A1)", "\"'@SUM(A1)\""},
        {"tab", "\tx", "\"'\tx\""},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct buf b;
        buf_init(&b, 100);
        sheet_cell(&b, true, rows[i].in);
        if (strcmp(b.data, rows[i].out) != 0)
            fail_msg("%s: %s", rows[i].name, b.data);
        buf_done(&b);
    }
}

#define CASE(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        CASE(test_feed__same_content_is_not_a_change),
        CASE(test_feed__an_item_past_its_limit_is_refused),
        CASE(test_feed__a_rolled_back_change_leaves_no_gap),
        CASE(test_view__pages_chain_and_hold_everything),
        CASE(test_view__a_page_is_given_in_parts),
        CASE(test_view__tail_is_signed_for_its_path),
        CASE(test_view__an_unchanged_head_is_304),
        CASE(test_view__another_process_s_commit_is_noticed),
        CASE(test_view__wrong_names_are_404_and_not_kept),
        CASE(test_view__old_programs_are_told),
        CASE(test_view__rpde_has_each_record_once),
        CASE(test_view__ticket_page_says_the_state_and_nobody_s_name),
        CASE(test_api__methods_that_do_not_fit_are_405),
        cmocka_unit_test(test_rate__a_bucket_empties_and_fills),
        cmocka_unit_test(test_sheet__cells_are_quoted_and_never_formulas),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
