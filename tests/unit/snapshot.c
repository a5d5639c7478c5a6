/* Snapshots at the kiosk: when one is taken, how it comes over a line that breaks, and what is never put in a replica's
 * place. */
#include "sync/snapshot.h"

#include <poll.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "kiosk/base/date.h"
#include "kiosk/base/file.h"
#include "kiosk/base/sql.h"
#include "kiosk/store/replica.h"
#include "kiosk/store/replica_snapshot.h"
#include "sync/feed.h"
#include "sync/wire_zstd.h"
#include "tests/support/fakehub.h"
#include "tests/support/folder.h"

struct fixture {
    char dir[FOLDER_PATH], path[4096];
    struct fakehub *hub;
    struct keyring keys;
    struct clock clock;
    struct zone *zone;
    struct replica_writer *writer, *aside;
    struct feed feed;
    struct error e;
};

/* What the agent does (sync/agent_open.c). */
static enum err install(void *context, const char *file, bool aside, struct replica_writer **out, struct error *e)
{
    struct fixture *f = context;
    struct replica_writer **writer = aside ? &f->aside : &f->writer;
    char path[4096];
    bool damaged;
    replica_writer_retire(*writer);
    *writer = NULL;
    enum err code = replica_replace(aside ? file_join(path, f->dir, "replica.next") : f->path, file, e);
    if (!code)
        code = replica_writer_open(writer, aside ? path : f->path, f->zone, false, &damaged, e);
    *out = *writer;
    return code;
}

static enum err open_aside(void *context, struct replica_writer **out, struct error *e)
{
    struct fixture *f = context;
    char path[4096];
    bool damaged;
    enum err code = replica_writer_open(&f->aside, file_join(path, f->dir, "replica.next"), f->zone, true, &damaged, e);
    *out = f->aside;
    return code;
}

static void begin(struct fixture *f)
{
    bool damaged;
    assert_int_equal(replica_writer_open(&f->writer, f->path, f->zone, true, &damaged, &f->e), ERR_NONE);
    feed_init(&f->feed, &f->hub->base, NULL, &f->keys, &f->clock, "all");
    f->feed.install = install;
    f->feed.aside = open_aside;
    f->feed.aside_context = f;
    snapshot_init(&f->feed.snapshot, f->dir, "Europe/Moscow");
}

static void end(struct fixture *f)
{
    feed_done(&f->feed);
    replica_writer_close(f->aside);
    replica_writer_close(f->writer);
    f->writer = f->aside = NULL;
}

/* kiosk-sync ends and starts again. */
static void restart(struct fixture *f)
{
    end(f);
    begin(f);
}

static int set_up(void **state)
{
    struct fixture *f = calloc(1, sizeof *f);
    folder_new(f->dir);
    file_join(f->path, f->dir, "replica.db");
    f->hub = fakehub_new();
    memcpy(f->keys.root, f->hub->doc.root, sizeof f->keys.root);
    f->clock = clock_test(INT64_C(1777629000000));
    f->zone = zone_new("Europe/Moscow");
    begin(f);
    *state = f;
    return 0;
}

static int tear_down(void **state)
{
    struct fixture *f = *state;
    end(f);
    zone_free(f->zone);
    fakehub_free(f->hub);
    folder_remove(f->dir);
    free(f);
    return 0;
}

/* A whole run; the code of the step that failed. */
static enum err pull(struct fixture *f)
{
    f->hub->asked_count = 0;
    enum err code = feed_begin(&f->feed, f->writer, &f->e);
    for (int i = 0; !code && f->feed.state != FEED_DONE; i++) {
        assert_true(i < 400);
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
}

static bool is_there(const struct fixture *f, const char *name)
{
    char path[4096];
    return access(file_join(path, f->dir, name), F_OK) == 0;
}

static int64_t part_size(const struct fixture *f)
{
    char path[4096];
    struct stat st;
    return stat(file_join(path, f->dir, "replica.snapshot.part"), &st) == 0 ? (int64_t)st.st_size : -1;
}

static int count(struct fixture *f)
{
    struct record_filter filter = {.kind = "community"};
    struct replica *r = replica_open(f->path);
    int n = replica_count_records(r, &filter, 10000);
    replica_close(r);
    return n;
}

/* A hash over everything that was published, not over how rows lie or are ordered. */
static void digest(struct fixture *f, char out[WIRE_HEX + 1])
{
    struct sql *db;
    struct buf all;
    bool row;
    buf_init(&all, 64 << 20);
    assert_int_equal(sql_open(&db, f->path, SQL_READ, &f->e), ERR_NONE);
    struct sql_stmt *st =
        sql_get(db, "SELECT id, kind, seq, name, d FROM record UNION ALL SELECT id, ord, start_at, end_at,"
                    " terms FROM occurrence ORDER BY 1");
    while (sql_step(st, &row, NULL) == ERR_NONE && row)
        for (int i = 0; i < 5; i++)
            buf_addf(&all, "%s\n", sql_text(st, i));
    sql_close(db);
    wire_hash(out, all.data, all.len);
    buf_done(&all);
}

/* ---- when */

static void test_snapshot__is_taken_when_it_is_better(void **state)
{
    (void)state;
    static const struct {
        const char *name;
        int64_t at_page, at_seq, min_page, page, bytes, pages_bytes;
        bool want;
    } rows[] = {
        {"none is offered", 0, 0, 1, 0, 0, 0, false},
        {"a new kiosk", 0, 0, 1, 100, 9000, 5000, true},
        {"it has some of it by a tail", 0, 3, 1, 100, 9000, 5000, false},
        {"it stands there already", 100, 50000, 1, 100, 9000, 5000, false},
        {"it is further", 120, 60000, 1, 100, 9000, 5000, false},
        {"few pages behind", 90, 45000, 1, 100, 9000, 20000, false},
        {"pages of as many bytes", 50, 25000, 1, 100, 10000, 20000, true},
        {"pages of fewer bytes", 51, 25500, 1, 100, 10000, 20000, false},
        {"the page it needs is gone", 90, 45000, 92, 100, 9000, 20000, true},
        {"the page it needs is the first kept", 90, 45000, 91, 100, 9000, 20000, false},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct wire_head h = {.per = WIRE_PER, .min_page = rows[i].min_page};
        struct replica_position at = {.page = rows[i].at_page, .seq = rows[i].at_seq};
        h.snapshot = (struct wire_snapshot){.page = rows[i].page,
                                            .seq = rows[i].page * WIRE_PER,
                                            .bytes = rows[i].bytes,
                                            .pages_bytes = rows[i].pages_bytes};
        snprintf(h.snapshot.path, sizeof h.snapshot.path, "%s", rows[i].page ? "snap/x" : "");
        print_message("%s\n", rows[i].name);
        assert_int_equal(snapshot_is_worth(&h, &at), rows[i].want);
    }
}

static void test_snapshot__new_kiosk_takes_it_and_the_rest(void **state)
{
    struct fixture *f = *state;
    char by_pages[WIRE_HEX + 1], by_snapshot[WIRE_HEX + 1];
    fakehub_fill(f->hub, 1003);
    pull_well(f);
    assert_int_equal(fakehub_asked(f->hub, "/page/"), 2);
    digest(f, by_pages);
    end(f);
    unlink(f->path);
    fakehub_snapshot(f->hub, f->dir, NULL);
    begin(f);
    pull_well(f);
    assert_int_equal(fakehub_asked(f->hub, "/snap/"), 1);
    assert_int_equal(fakehub_asked(f->hub, "/page/"), 0);
    assert_int_equal(fakehub_asked(f->hub, "/tail"), 1);
    digest(f, by_snapshot);
    assert_string_equal(by_snapshot, by_pages);
    assert_false(is_there(f, "replica.snapshot") || is_there(f, "replica.snapshot.part") ||
                 is_there(f, "replica.snapshot.db"));
    pull_well(f);
    assert_int_equal(f->hub->asked_count, 1);
}

static void test_snapshot__pages_after_it_chain(void **state)
{
    struct fixture *f = *state;
    fakehub_fill(f->hub, 1000);
    fakehub_snapshot(f->hub, f->dir, NULL);
    fakehub_put(f->hub, 2, "Renamed");
    fakehub_fill(f->hub, 700);
    pull_well(f);
    assert_int_equal(fakehub_asked(f->hub, "/snap/"), 1);
    assert_int_equal(fakehub_asked(f->hub, "/page/"), 1);
    assert_int_equal(f->feed.resets, 0);
    assert_int_equal(count(f), 1000);
}

static void test_snapshot__reader_sees_the_old_one_until_the_new_one_is_there(void **state)
{
    struct fixture *f = *state;
    struct record_filter filter = {.kind = "community"};
    fakehub_fill(f->hub, 20);
    pull_well(f);
    struct replica *r = replica_open(f->path);
    assert_int_equal(replica_count_records(r, &filter, 9999), 20);
    fakehub_fill(f->hub, 1500);
    fakehub_snapshot(f->hub, f->dir, NULL);
    f->hub->head.snapshot.pages_bytes = f->hub->head.snapshot.bytes * 2;
    assert_int_equal(feed_begin(&f->feed, f->writer, &f->e), ERR_NONE);
    while (f->feed.state != FEED_INSTALL) {
        assert_int_equal(feed_step(&f->feed, &f->e), ERR_NONE);
        replica_refresh(r);
        assert_int_equal(replica_count_records(r, &filter, 9999), 20);
    }
    assert_int_equal(feed_step(&f->feed, &f->e), ERR_NONE);
    assert_true(replica_refresh(r));
    assert_int_equal(replica_count_records(r, &filter, 9999), 1480); /* of changes 1..1500 the first 20 came twice */
    assert_int_equal(replica_state(r), REPLICA_READY);
    /* And what comes after it. */
    fakehub_put(f->hub, 3000, "One more");
    pull_well(f);
    assert_true(replica_refresh(r));
    assert_int_equal(replica_count_records(r, &filter, 9999), 1501);
    replica_close(r);
}

static void test_snapshot__new_epoch_builds_aside(void **state)
{
    struct fixture *f = *state;
    fakehub_fill(f->hub, 30);
    pull_well(f);
    fakehub_new_epoch(f->hub);
    fakehub_fill(f->hub, 600);
    fakehub_snapshot(f->hub, f->dir, NULL);
    pull_well(f);
    assert_int_equal(fakehub_asked(f->hub, "/snap/"), 1);
    assert_true(f->feed.is_aside);
    assert_int_equal(count(f), 30); /* until the caller exchanges them */
    struct replica_position at;
    assert_int_equal(replica_writer_position(f->aside, &at, &f->e), ERR_NONE);
    assert_int_equal(at.seq, 600);
}

/* ---- what this kiosk cannot use */

static void test_snapshot__of_another_kind_is_left(void **state)
{
    static const char *const names[] = {"version", "zone"};
    for (int i = 0; i < 2; i++) {
        if (i > 0) {
            tear_down(state);
            set_up(state);
        }
        struct fixture *f = *state;
        print_message("%s\n", names[i]);
        fakehub_fill(f->hub, 700);
        fakehub_snapshot(f->hub, f->dir, NULL);
        if (i == 0)
            f->hub->head.snapshot.schema++;
        else
            snprintf(f->hub->head.snapshot.zone, WIRE_ZONE, "Asia/Omsk");
        pull_well(f);
        assert_int_equal(fakehub_asked(f->hub, "/snap/"), 0);
        assert_int_equal(count(f), 700);
    }
}

static void test_snapshot__below_min_page_nothing_is_thrown_away(void **state)
{
    struct fixture *f = *state;
    fakehub_fill(f->hub, 500);
    pull_well(f);
    fakehub_fill(f->hub, 1500);
    fakehub_snapshot(f->hub, f->dir, NULL);
    f->hub->head.min_page = 3;
    f->hub->head.snapshot.schema++;
    assert_int_equal(pull(f), ERR_STATE);
    assert_int_equal(f->feed.fault, FAULT_OLD);
    assert_int_equal(count(f), 500);
    f->hub->head.snapshot.schema--;
    pull_well(f);
    assert_int_equal(fakehub_asked(f->hub, "/snap/"), 1);
    assert_int_equal(count(f), 1500);
}

/* ---- the line */

static void test_snapshot__goes_on_where_the_line_broke(void **state)
{
    struct fixture *f = *state;
    fakehub_fill(f->hub, 1000);
    fakehub_snapshot(f->hub, f->dir, NULL);
    assert_true(f->hub->head.snapshot.bytes > 9000);
    f->hub->cut_after = 4096;
    pull_well(f);
    int want = (int)((f->hub->head.snapshot.bytes + 4095) / 4096);
    assert_int_equal(fakehub_asked(f->hub, "/snap/"), want);
    assert_int_equal(count(f), 1000);
}

static void test_snapshot__goes_on_after_a_restart_with_the_one_begun(void **state)
{
    struct fixture *f = *state;
    fakehub_fill(f->hub, 1000);
    fakehub_snapshot(f->hub, f->dir, NULL);
    f->hub->cut_after = 4096;
    assert_int_equal(feed_begin(&f->feed, f->writer, &f->e), ERR_NONE);
    while (part_size(f) < 4096)
        assert_int_equal(feed_step(&f->feed, &f->e), ERR_NONE);
    /* Meanwhile there is a newer one. */
    restart(f);
    f->hub->cut_after = 0;
    fakehub_fill(f->hub, 600);
    fakehub_snapshot(f->hub, f->dir, NULL);
    pull_well(f);
    assert_int_equal(fakehub_asked(f->hub, "snap/1000-"), 1);
    assert_int_equal(fakehub_asked(f->hub, "snap/1500-"), 0);
    assert_int_equal(fakehub_asked(f->hub, "/page/"), 1);
    assert_int_equal(count(f), 1000);
}

static void test_snapshot__one_that_is_gone_gives_way_to_the_newest(void **state)
{
    struct fixture *f = *state;
    fakehub_fill(f->hub, 1000);
    fakehub_snapshot(f->hub, f->dir, NULL);
    f->hub->cut_after = 4096;
    assert_int_equal(feed_begin(&f->feed, f->writer, &f->e), ERR_NONE);
    while (part_size(f) < 4096)
        assert_int_equal(feed_step(&f->feed, &f->e), ERR_NONE);
    restart(f);
    f->hub->cut_after = 0;
    snprintf(f->hub->files[f->hub->file_count - 1].path, WIRE_PATH, "gone");
    fakehub_fill(f->hub, 600);
    fakehub_snapshot(f->hub, f->dir, NULL);
    pull_well(f);
    assert_int_equal(fakehub_asked(f->hub, "snap/1500-"), 1);
    assert_int_equal(fakehub_asked(f->hub, "/page/"), 0);
    assert_int_equal(count(f), 1000);
}

static void test_snapshot__works_without_ranges(void **state)
{
    struct fixture *f = *state;
    fakehub_fill(f->hub, 1000);
    fakehub_snapshot(f->hub, f->dir, NULL);
    f->hub->cut_after = 4096;
    assert_int_equal(feed_begin(&f->feed, f->writer, &f->e), ERR_NONE);
    while (part_size(f) < 4096)
        assert_int_equal(feed_step(&f->feed, &f->e), ERR_NONE);
    restart(f);
    f->hub->cut_after = 0;
    f->hub->no_ranges = true;
    pull_well(f);
    assert_int_equal(fakehub_asked(f->hub, "/snap/"), 1);
    assert_int_equal(count(f), 1000);
}

static void test_snapshot__a_note_that_is_not_signed_is_not_believed(void **state)
{
    struct fixture *f = *state;
    char note[4096];
    fakehub_fill(f->hub, 1000);
    fakehub_snapshot(f->hub, f->dir, NULL);
    f->hub->cut_after = 4096;
    assert_int_equal(feed_begin(&f->feed, f->writer, &f->e), ERR_NONE);
    while (part_size(f) < 4096)
        assert_int_equal(feed_step(&f->feed, &f->e), ERR_NONE);
    folder_spoil(file_join(note, f->dir, "replica.snapshot"), 200, 1);
    restart(f);
    f->hub->cut_after = 0;
    pull_well(f);
    assert_int_equal(count(f), 1000);
}

/* ---- in a process beside */

static enum err spoil_first(struct fakehub *h, const struct transport_request *q, struct transport_answer *a)
{
    if (strstr(q->path, "/snap/") && h->tampered++ == 0)
        a->body.data[a->body.len / 2] ^= 1;
    return ERR_NONE;
}

/* Steps until the check has begun. */
static void begin_apart(struct fixture *f)
{
    fakehub_fill(f->hub, 1003);
    fakehub_snapshot(f->hub, f->dir, NULL);
    f->feed.snapshot.is_apart = true;
    assert_int_equal(feed_begin(&f->feed, f->writer, &f->e), ERR_NONE);
    while (!f->feed.working)
        assert_int_equal(feed_step(&f->feed, &f->e), ERR_NONE);
    assert_true(f->feed.snapshot.apart.pid > 0);
}

static enum err step_to_the_end(struct fixture *f)
{
    enum err code = ERR_NONE;
    while (!code && f->feed.state != FEED_DONE) {
        code = feed_step(&f->feed, &f->e);
        if (f->feed.working)
            poll(NULL, 0, 1);
    }
    return code;
}

/* A minute of work must not be a minute in which nobody's sign-up is sent: the steps return however long it takes. */
static void test_snapshot__checked_beside_no_step_waits(void **state)
{
    struct fixture *f = *state;
    begin_apart(f);
    kill(f->feed.snapshot.apart.pid, SIGSTOP); /* it takes as long as we like */
    for (int i = 0; i < 20; i++) {
        assert_int_equal(feed_step(&f->feed, &f->e), ERR_NONE);
        assert_true(f->feed.working);
        assert_int_equal(f->feed.at.seq, 0);
    }
    kill(f->feed.snapshot.apart.pid, SIGCONT);
    assert_int_equal(step_to_the_end(f), ERR_NONE);
    assert_int_equal(f->feed.at.seq, 1003);
    assert_int_equal(fakehub_asked(f->hub, "/page/"), 0);
    assert_int_equal(count(f), 1003);
    assert_false(is_there(f, "replica.snapshot.db"));
}

static void test_snapshot__a_check_that_died_is_made_again(void **state)
{
    struct fixture *f = *state;
    begin_apart(f);
    kill(f->feed.snapshot.apart.pid, SIGKILL);
    assert_int_equal(step_to_the_end(f), ERR_IO);
    assert_int_equal(feed_begin(&f->feed, f->writer, &f->e), ERR_NONE);
    assert_int_equal(step_to_the_end(f), ERR_NONE);
    assert_int_equal(count(f), 1003);
    assert_int_equal(fakehub_asked(f->hub, "/snap/"), 1);
}

/* The end of the program is the end of the check; the next one begins with the bytes that are there. */
static void test_snapshot__a_check_ends_with_its_program(void **state)
{
    struct fixture *f = *state;
    begin_apart(f);
    pid_t pid = f->feed.snapshot.apart.pid;
    kill(pid, SIGSTOP);
    restart(f);
    assert_int_equal(kill(pid, 0), -1);
    pull_well(f);
    assert_int_equal(count(f), 1003);
    assert_int_equal(fakehub_asked(f->hub, "/snap/"), 0);
}

static void test_snapshot__checked_beside_spoilt_bytes_are_found_as_well(void **state)
{
    struct fixture *f = *state;
    f->hub->tamper = spoil_first;
    begin_apart(f);
    assert_int_equal(step_to_the_end(f), ERR_NONE);
    assert_int_equal(fakehub_asked(f->hub, ".zst again"), 1);
    assert_int_equal(count(f), 1003);
}

/* ---- wrong bytes, at once */

static enum err spoil_all(struct fakehub *h, const struct transport_request *q, struct transport_answer *a)
{
    (void)h;
    if (strstr(q->path, "/snap/"))
        a->body.data[a->body.len / 2] ^= 1;
    return ERR_NONE;
}

static enum err longer(struct fakehub *h, const struct transport_request *q, struct transport_answer *a)
{
    (void)h;
    if (strstr(q->path, "/snap/"))
        buf_add_str(&a->body, "and more");
    return ERR_NONE;
}

static void test_snapshot__spoilt_bytes_are_fetched_past_caches(void **state)
{
    struct fixture *f = *state;
    fakehub_fill(f->hub, 1000);
    fakehub_snapshot(f->hub, f->dir, NULL);
    f->hub->tamper = spoil_first;
    pull_well(f);
    assert_int_equal(fakehub_asked(f->hub, "/snap/"), 2);
    assert_int_equal(fakehub_asked(f->hub, ".zst again"), 1);
    assert_int_equal(fakehub_asked(f->hub, "/page/"), 0);
    assert_int_equal(count(f), 1000);
}

static void test_snapshot__spoilt_for_good_gives_way_to_pages(void **state)
{
    enum err (*const ways[])(struct fakehub *, const struct transport_request *,
                             struct transport_answer *) = {spoil_all, longer};
    for (size_t i = 0; i < 2; i++) {
        if (i > 0) {
            tear_down(state);
            set_up(state);
        }
        struct fixture *f = *state;
        fakehub_fill(f->hub, 1000);
        fakehub_snapshot(f->hub, f->dir, NULL);
        f->hub->tamper = ways[i];
        pull_well(f);
        assert_int_equal(fakehub_asked(f->hub, "/snap/"), 2);
        assert_int_equal(fakehub_asked(f->hub, "/page/"), 2);
        assert_int_equal(count(f), 1000);
        assert_false(is_there(f, "replica.snapshot.part"));
    }
}

/* ---- signed, and yet no replica: a hub's fault must not become the kiosk's */

static void run_on(const char *db, const char *script)
{
    struct sql *s;
    struct error e;
    if (sql_open(&s, db, SQL_NORMAL, &e) || sql_exec(s, script, &e))
        fail_msg("%s", e.text);
    sql_close(s);
}

static void add_trigger(const char *db)
{
    run_on(db, "CREATE TRIGGER t AFTER INSERT ON record BEGIN DELETE FROM occurrence; END");
}
static void add_view(const char *db) { run_on(db, "CREATE VIEW v AS SELECT * FROM record"); }
static void drop_index(const char *db) { run_on(db, "DROP INDEX record_by_city"); }
static void move_on(const char *db) { run_on(db, "UPDATE meta SET value = 499 WHERE name = 'seq'"); }
static void other_zone(const char *db) { run_on(db, "UPDATE meta SET value = 'Asia/Omsk' WHERE name = 'zone'"); }
static void other_program(const char *db) { run_on(db, "PRAGMA application_id = 7"); }
static void newer(const char *db) { run_on(db, "PRAGMA user_version = 99"); }
static void no_database(const char *db) { folder_spoil(db, 0, 100); }
static void damage(const char *db) { folder_spoil(db, 40960, 9000); }
static void cut_short(const char *db) { assert_int_equal(truncate(db, 20480), 0); }
static void nothing(const char *db) { assert_int_equal(truncate(db, 0), 0); }

static void test_snapshot__what_is_no_replica_is_never_put_in_place(void **state)
{
    static const struct {
        const char *name;
        void (*spoil)(const char *);
    } rows[] = {{"a trigger", add_trigger}, {"a view", add_view},         {"an index less", drop_index},
                {"another place", move_on}, {"another zone", other_zone}, {"another program's", other_program},
                {"a newer version", newer}, {"no database", no_database}, {"damaged pages", damage},
                {"cut short", cut_short},   {"nothing", nothing}};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        if (i > 0) {
            tear_down(state);
            set_up(state);
        }
        struct fixture *f = *state;
        print_message("%s\n", rows[i].name);
        fakehub_fill(f->hub, 500);
        fakehub_snapshot(f->hub, f->dir, rows[i].spoil);
        f->hub->head.snapshot.size += f->hub->head.snapshot.size ? 0 : 1;
        pull_well(f);
        assert_int_equal(fakehub_asked(f->hub, "/snap/"), 1);
        assert_int_equal(fakehub_asked(f->hub, "/page/"), 1);
        assert_int_equal(count(f), 500);
        assert_false(is_there(f, "replica.snapshot.db") || is_there(f, "replica.snapshot.db-wal"));
        f->hub->head.time[18]++;
        pull_well(f);
    }
}

static void test_snapshot__larger_than_it_says_is_stopped(void **state)
{
    struct fixture *f = *state;
    fakehub_fill(f->hub, 500);
    fakehub_snapshot(f->hub, f->dir, NULL);
    f->hub->head.snapshot.size--;
    pull_well(f);
    assert_int_equal(fakehub_asked(f->hub, "/page/"), 1);
}

static void test_snapshot__no_room_on_the_disk_means_pages(void **state)
{
    struct fixture *f = *state;
    fakehub_fill(f->hub, 500);
    fakehub_snapshot(f->hub, f->dir, NULL);
    f->hub->head.snapshot.size = INT64_C(1) << 50;
    pull_well(f);
    assert_int_equal(fakehub_asked(f->hub, "/snap/"), 0);
    assert_int_equal(fakehub_asked(f->hub, "/page/"), 1);
}

/* From a stick: the same judge, another way. */
static void test_snapshot__local_file_is_judged_by_the_head(void **state)
{
    struct fixture *f = *state;
    char packed[4096], into[4096];
    fakehub_fill(f->hub, 500);
    fakehub_snapshot(f->hub, f->dir, NULL);
    const struct fakehub_file *file = &f->hub->files[f->hub->file_count - 1];
    file_join(packed, f->dir, "stick.zst");
    file_join(into, f->dir, "stick.db");
    assert_int_equal(file_write(packed, file->packed.data, file->packed.len, 0600, &f->e), ERR_NONE);
    assert_int_equal(snapshot_unpack(packed, &f->hub->head, "Europe/Moscow", into, &f->e), ERR_NONE);
    assert_int_equal(snapshot_unpack(packed, &f->hub->head, "Asia/Omsk", into, &f->e), ERR_STATE);
    assert_false(is_there(f, "stick.db"));
    assert_int_equal(truncate(packed, (off_t)file->packed.len - 1), 0);
    assert_int_equal(snapshot_unpack(packed, &f->hub->head, "Europe/Moscow", into, &f->e), ERR_DENIED);
    unlink(packed);
    assert_int_equal(snapshot_unpack(packed, &f->hub->head, "Europe/Moscow", into, &f->e), ERR_NOT_FOUND);
}

#define CASE(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    setenv("SOSEDI_DEBUG", "1", 1);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_snapshot__is_taken_when_it_is_better),
        CASE(test_snapshot__new_kiosk_takes_it_and_the_rest),
        CASE(test_snapshot__pages_after_it_chain),
        CASE(test_snapshot__reader_sees_the_old_one_until_the_new_one_is_there),
        CASE(test_snapshot__new_epoch_builds_aside),
        CASE(test_snapshot__of_another_kind_is_left),
        CASE(test_snapshot__below_min_page_nothing_is_thrown_away),
        CASE(test_snapshot__goes_on_where_the_line_broke),
        CASE(test_snapshot__goes_on_after_a_restart_with_the_one_begun),
        CASE(test_snapshot__one_that_is_gone_gives_way_to_the_newest),
        CASE(test_snapshot__works_without_ranges),
        CASE(test_snapshot__a_note_that_is_not_signed_is_not_believed),
        CASE(test_snapshot__spoilt_bytes_are_fetched_past_caches),
        CASE(test_snapshot__spoilt_for_good_gives_way_to_pages),
        CASE(test_snapshot__what_is_no_replica_is_never_put_in_place),
        CASE(test_snapshot__larger_than_it_says_is_stopped),
        CASE(test_snapshot__no_room_on_the_disk_means_pages),
        CASE(test_snapshot__local_file_is_judged_by_the_head),
        CASE(test_snapshot__checked_beside_no_step_waits),
        CASE(test_snapshot__a_check_that_died_is_made_again),
        CASE(test_snapshot__a_check_ends_with_its_program),
        CASE(test_snapshot__checked_beside_spoilt_bytes_are_found_as_well),
    };
    return cmocka_run_group_tests_name("snapshot", tests, NULL, NULL);
}
