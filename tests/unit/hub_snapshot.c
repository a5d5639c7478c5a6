/* Snapshots at the hub: what is in them, when they are made, how they are served and when they go. */
#include "sync/hub/serve/snapshot.h"

#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

#include <cmocka.h>

#include "kiosk/base/file.h"
#include "sync/hub/serve/api.h"
#include "sync/hub/feed.h"
#include "sync/snapshot.h"
#include "tests/support/hubkit.h"

static const int64_t noon = INT64_C(1796126400000);

struct fixture {
    struct hubkit k;
    struct api api;
    struct snapshot_policy policy;
    struct error e;
};

static int set_up(void **state)
{
    struct fixture *f = mem_new(1, sizeof *f);
    hubkit_init(&f->k, noon);
    api_init(&f->api, &f->k.hub, &f->k.keys);
    f->api.view.look_every_ms = 0;
    f->policy = (struct snapshot_policy){.pages = 2, .hours = 24, .keep_days = 3, .level = 3};
    *state = f;
    return 0;
}

/* hubkit_done removes a folder without folders in it. */
static int tear_down(void **state)
{
    struct fixture *f = *state;
    char dir[4096];
    folder_remove(file_join(dir, f->k.dir, "snapshots"));
    api_done(&f->api);
    hubkit_done(&f->k);
    free(f);
    return 0;
}

static void fill(struct fixture *f, int first, int last)
{
    assert_int_equal(sql_begin(f->k.hub.db, &f->e), ERR_NONE);
    for (int i = first; i <= last; i++) {
        char id[37];
        snprintf(id, sizeof id, "00000000-0000-4000-8000-%012d", i);
        struct sql_stmt *st =
            sql_get(f->k.hub.db,
                    "INSERT INTO record (id, kind, uid, name, d, live) VALUES (:id, 'community', :id, 'C', '{}', 1)");
        struct json *d = json_new_object();
        sql_bind_text(st, ":id", id);
        assert_int_equal(sql_run(st, &f->e), ERR_NONE);
        json_put_str(d, "name", "Сообщество");
        json_put_int(d, "n", i);
        if (feed_put(f->k.hub.db, "community", id, d, &f->e))
            fail_msg("%s", f->e.text);
        json_free(d);
    }
    assert_int_equal(sql_commit(f->k.hub.db, &f->e), ERR_NONE);
}

static bool make(struct fixture *f)
{
    bool made;
    if (snapshot_make(&f->k.hub, &f->policy, &made, &f->e))
        fail_msg("%s", f->e.text);
    f->api.view.stale = true; /* in earnest another process did it, which is noticed */
    return made;
}

static struct wire_head head(struct fixture *f)
{
    assert_int_equal(view_head(&f->api.view, &f->e), ERR_NONE);
    return f->api.view.head;
}

/* The status; the file's bytes are in buf when there are any. */
static int get(struct fixture *f, const char *path, const char *range, struct buf *out)
{
    struct api_request q = {.method = "GET", .path = path, .range = range};
    struct api_reply r;
    char bytes[65536];
    api_answer(&f->api, &q, &r);
    buf_clear(out);
    if (r.fd >= 0) {
        for (int64_t at = 0; at < r.n;) {
            size_t most = r.n - at < (int64_t)sizeof bytes ? (size_t)(r.n - at) : sizeof bytes;
            ssize_t n = pread(r.fd, bytes, most, (off_t)(r.first + at));
            assert_true(n > 0);
            buf_add(out, bytes, (size_t)n);
            at += n;
        }
        close(r.fd);
    }
    blob_drop(r.body);
    return r.status;
}

static int files(struct fixture *f, const char *pattern)
{
    char command[4400];
    snprintf(command, sizeof command, "ls %s/snapshots | grep -cE '%s'", f->k.dir, pattern);
    FILE *p = popen(command, "r");
    int n = -1;
    assert_int_equal(fscanf(p, "%d", &n), 1);
    pclose(p);
    return n;
}

static void test_hub_snapshot__holds_the_sealed_pages(void **state)
{
    struct fixture *f = *state;
    char path[WIRE_PATH], packed[4096], into[4096];
    struct buf all, part;
    assert_false(make(f)); /* nothing yet */
    assert_string_equal(head(f).snapshot.path, "");
    fill(f, 1, 1203);
    assert_true(make(f));
    struct wire_head h = head(f);
    assert_int_equal(h.snapshot.page, 2);
    assert_int_equal(h.snapshot.seq, 1000);
    assert_string_equal(h.snapshot.chain, h.chain);
    assert_string_equal(h.snapshot.zone, zone_name(f->k.hub.zone));
    /* Served whole and in parts, and good for a kiosk. */
    buf_init(&all, 1 << 20);
    buf_init(&part, 1 << 20);
    wire_snapshot_path(path, "all", h.epoch, &h.snapshot);
    assert_int_equal(get(f, path, NULL, &all), 200);
    assert_int_equal(all.len, h.snapshot.bytes);
    assert_int_equal(get(f, path, "bytes=100-149", &part), 206);
    assert_int_equal(part.len, 50);
    assert_memory_equal(part.data, all.data + 100, 50);
    assert_int_equal(get(f, path, "bytes=99999999-", &part), 416);
    assert_int_equal(file_write(file_join(packed, f->k.dir, "packed"), all.data, all.len, 0600, &f->e), ERR_NONE);
    if (snapshot_unpack(packed, &h, h.snapshot.zone, file_join(into, f->k.dir, "into"), &f->e))
        fail_msg("%s", f->e.text);
    assert_false(make(f));
    buf_done(&part);
    buf_done(&all);
}

static void test_hub_snapshot__next_one_goes_on_and_the_last_is_served_on(void **state)
{
    struct fixture *f = *state;
    char path[WIRE_PATH];
    struct buf bytes;
    buf_init(&bytes, 1 << 20);
    fill(f, 1, 500);
    assert_true(make(f));
    struct wire_head first = head(f);
    wire_snapshot_path(path, "all", first.epoch, &first.snapshot);
    fill(f, 501, 1500);
    f->k.hub.clock.test_wall_ms += 86400000;
    assert_true(make(f));
    assert_int_equal(head(f).snapshot.page, 3);
    assert_int_equal(get(f, path, NULL, &bytes), 200);
    assert_int_equal(files(f, "zst$"), 2);
    /* Four days after it was replaced it goes. */
    f->k.hub.clock.test_wall_ms += 4 * 86400000LL;
    fill(f, 1501, 2000);
    assert_true(make(f));
    assert_int_equal(get(f, path, NULL, &bytes), 404);
    assert_int_equal(files(f, "zst$"), 2);
    buf_done(&bytes);
}

static void test_hub_snapshot__is_due_by_pages_and_hours(void **state)
{
    struct fixture *f = *state;
    struct hub *h = &f->k.hub;
    int left;
    fill(f, 1, 999);
    assert_int_equal(feed_seal(h->db, 9, &left, &f->e), ERR_NONE);
    assert_false(snapshot_is_due(h, &f->policy));
    fill(f, 1000, 1000);
    assert_int_equal(feed_seal(h->db, 9, &left, &f->e), ERR_NONE);
    assert_true(snapshot_is_due(h, &f->policy));
    assert_true(make(f));
    assert_false(snapshot_is_due(h, &f->policy));
    fill(f, 1001, 2000);
    assert_int_equal(feed_seal(h->db, 9, &left, &f->e), ERR_NONE);
    assert_false(snapshot_is_due(h, &f->policy)); /* one was made just now */
    h->clock.test_wall_ms += 25 * 3600000LL;
    assert_true(snapshot_is_due(h, &f->policy));
    f->policy.pages = 0;
    assert_false(snapshot_is_due(h, &f->policy));
}

static void test_hub_snapshot__of_a_new_epoch_is_a_new_one(void **state)
{
    struct fixture *f = *state;
    char path[WIRE_PATH];
    struct buf bytes;
    buf_init(&bytes, 1 << 20);
    fill(f, 1, 600);
    assert_true(make(f));
    struct wire_head old = head(f);
    wire_snapshot_path(path, "all", old.epoch, &old.snapshot);
    assert_int_equal(hub_meta_set_int(f->k.hub.db, "epoch", 2, &f->e), ERR_NONE);
    f->api.view.stale = true;
    assert_string_equal(head(f).snapshot.path, "");
    assert_int_equal(get(f, path, NULL, &bytes), 404);
    assert_true(make(f));
    f->api.view.stale = true;
    assert_int_equal(head(f).snapshot.seq, 500);
    assert_string_not_equal(head(f).snapshot.hash, old.snapshot.hash);
    buf_done(&bytes);
}

static void test_hub_snapshot__lost_or_half_made_files_are_made_anew(void **state)
{
    struct fixture *f = *state;
    char path[4096], dir[4096];
    fill(f, 1, 500);
    assert_true(make(f));
    struct wire_head h = head(f);
    file_join(dir, f->k.dir, "snapshots");
    assert_int_equal(unlink(file_join(path, dir, strrchr(h.snapshot.path, '/') + 1)), 0);
    f->api.view.stale = true;
    assert_string_equal(head(f).snapshot.path, "");
    assert_int_equal(file_write(file_join(path, dir, "copy.db"), "half", 4, 0600, &f->e), ERR_NONE);
    assert_int_equal(file_write(file_join(path, dir, "packed.tmp"), "half", 4, 0600, &f->e), ERR_NONE);
    assert_int_equal(file_write(file_join(path, dir, "7-0123456789abcdef.zst"), "old", 3, 0600, &f->e), ERR_NONE);
    assert_true(make(f));
    assert_int_equal(files(f, "zst$"), 1);
    assert_int_equal(files(f, "copy|packed"), 0);
    /* Its own replica damaged: the next try makes it anew. */
    fill(f, 501, 1000);
    folder_spoil(file_join(path, dir, "replica.db"), 0, 3000);
    assert_true(make(f));
    f->api.view.stale = true;
    assert_int_equal(head(f).snapshot.page, 2);
}

static void test_hub_snapshot__one_at_a_time(void **state)
{
    struct fixture *f = *state;
    char dir[4096], path[4096];
    bool made;
    fill(f, 1, 500);
    assert_true(make(f));
    int fd = open(file_join(path, file_join(dir, f->k.dir, "snapshots"), "lock"), O_RDWR);
    assert_int_equal(flock(fd, LOCK_EX), 0);
    fill(f, 501, 1000);
    assert_int_equal(snapshot_make(&f->k.hub, &f->policy, &made, &f->e), ERR_BUSY);
    close(fd);
    assert_true(make(f));
}

static void test_hub_snapshot__old_pages_go_when_asked(void **state)
{
    struct fixture *f = *state;
    char path[WIRE_PATH], hash[WIRE_HEX + 1] = "";
    struct buf bytes;
    buf_init(&bytes, 1 << 20);
    fill(f, 1, 2500);
    f->policy.keep_pages = 2;
    assert_true(make(f));
    struct wire_head h = head(f);
    assert_int_equal(h.min_page, 4);
    for (int p = 3; p <= 4; p++) {
        struct sql_stmt *st = sql_get(f->k.hub.db, "SELECT hash FROM page WHERE what = 'page' AND n = :n");
        bool row;
        sql_bind_int(st, ":n", p);
        assert_int_equal(sql_step(st, &row, &f->e), ERR_NONE);
        snprintf(hash, sizeof hash, "%s", sql_text(st, 0));
        sql_reset(st);
        wire_file_path(path, "all", h.epoch, WIRE_PAGE, p, hash);
        assert_int_equal(get(f, path, NULL, &bytes), p < 4 ? 410 : 200);
    }
    /* The log goes on as if nothing had happened. */
    fill(f, 2501, 3000);
    assert_true(make(f));
    assert_int_equal(head(f).sealed, 6);
    buf_done(&bytes);
}

static void test_hub_snapshot__names_that_are_none_are_404(void **state)
{
    struct fixture *f = *state;
    struct buf bytes;
    buf_init(&bytes, 1 << 20);
    static const char *const paths[] = {"/v1/feed/all/1/snap/replica.db",
                                        "/v1/feed/all/1/snap/lock",
                                        "/v1/feed/all/1/snap/..",
                                        "/v1/feed/all/1/snap/500-0123456789abcdef.zst",
                                        "/v1/feed/all/2/snap/500-0123456789abcdef.zst",
                                        "/v1/feed/all/1/snap/"};
    fill(f, 1, 500);
    assert_true(make(f));
    for (size_t i = 0; i < sizeof paths / sizeof paths[0]; i++) {
        print_message("%s\n", paths[i]);
        assert_int_equal(get(f, paths[i], NULL, &bytes), 404);
    }
    buf_done(&bytes);
}

#define CASE(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    if (crypto_init(NULL) != ERR_NONE)
        return 1;
    const struct CMUnitTest tests[] = {
        CASE(test_hub_snapshot__holds_the_sealed_pages),
        CASE(test_hub_snapshot__next_one_goes_on_and_the_last_is_served_on),
        CASE(test_hub_snapshot__is_due_by_pages_and_hours),
        CASE(test_hub_snapshot__of_a_new_epoch_is_a_new_one),
        CASE(test_hub_snapshot__lost_or_half_made_files_are_made_anew),
        CASE(test_hub_snapshot__one_at_a_time),
        CASE(test_hub_snapshot__old_pages_go_when_asked),
        CASE(test_hub_snapshot__names_that_are_none_are_404),
    };
    return cmocka_run_group_tests_name("hub_snapshot", tests, NULL, NULL);
}
