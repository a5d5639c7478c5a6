/* The replica while the disk or memory fails: a page is applied whole or not at all, a snapshot takes the place or does
 * not, a first start goes on. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "kiosk/base/date.h"
#include "kiosk/base/json.h"
#include "kiosk/store/replica.h"
#include "kiosk/store/replica_snapshot.h"
#include "kiosk/store/replica_writer.h"
#include "tests/support/faultrun.h"
#include "tests/support/faultvfs.h"
#include "tests/support/feed.h"
#include "tests/support/folder.h"

enum { BEFORE = 3, PAGE = 6 };

struct fault_replica {
    char folder[FOLDER_PATH], path[FOLDER_FILE], next[FOLDER_FILE];
    struct zone *zone;
};

static enum err replica_act_open(struct fault_replica *f, struct replica_writer **w, const char *path, struct error *e)
{
    bool damaged;
    return replica_writer_open(w, path, f->zone, true, &damaged, e);
}

static enum err put_items(struct replica_writer *w, int from, int to, const char *name, struct error *e)
{
    char id[37], hex[8], d[120];
    int bad = 0;
    enum err code = ERR_NONE;
    for (int i = from; i <= to && !code; i++) {
        struct json *j = NULL;
        snprintf(hex, sizeof hex, "%d", i);
        int n = snprintf(d, sizeof d, "{\"name\":\"%s %d\",\"about\":[\"sport\"]}", name, i);
        assert_int_equal(json_parse(&j, d, (size_t)n, sizeof d, NULL), ERR_NONE);
        code = replica_put(w, "community", item_id(id, hex), i, j, &bad, e);
        json_free(j);
    }
    assert_int_equal(bad, 0);
    return code;
}

static enum err put_page(struct replica_writer *w, int from, int to, const char *name, struct error *e)
{
    struct replica_position at = {.scope = "all", .epoch = 1, .seq = to};
    memset(at.chain, '0', sizeof at.chain - 1);
    enum err code = replica_begin(w, e);
    if (!code)
        code = put_items(w, from, to, name, e);
    if (!code)
        return replica_commit(w, &at, e);
    replica_abort(w);
    return code;
}

static void replica_make(struct fault_replica *f, const char *path, int items, const char *name)
{
    struct replica_writer *w;
    assert_int_equal(replica_act_open(f, &w, path, NULL), ERR_NONE);
    assert_int_equal(put_page(w, 1, items, name, NULL), ERR_NONE);
    replica_writer_close(w);
}

static void replica_new(struct fault_replica *f)
{
    folder_new(f->folder);
    folder_file(f->path, f->folder, "replica.db");
    folder_file(f->next, f->folder, "replica.part");
    f->zone = zone_new("Europe/Moscow");
    replica_make(f, f->path, BEFORE, "Old");
}

static void replica_end(struct fault_replica *f)
{
    folder_remove(f->folder);
    zone_free(f->zone);
}

/* What the screens find, by list and by search. */
static int replica_found(struct fault_replica *f, const char *words)
{
    struct record_filter g = {.kind = "community"};
    snprintf(g.text, sizeof g.text, "%s", words);
    struct replica *r = replica_open(f->path);
    int n = replica_count_records(r, &g, 100);
    assert_int_equal(replica_state(r), REPLICA_READY);
    replica_close(r);
    return n;
}

/* A sound file is never put aside and fetched anew for a fault that passes; of a dead sector that is right. */
static bool replica_was_put_aside(struct fault_replica *f)
{
    char kept[FOLDER_FILE];
    folder_file(kept, f->folder, "replica.db.damaged");
    bool aside = access(kept, F_OK) == 0;
    if (aside && strncmp(faultrun_now(), "read", 4) != 0)
        fail_msg("%s: a sound replica was taken for damaged", faultrun_now());
    return aside;
}

/* ---- a page */

static enum err page_act(void *data, struct error *e)
{
    struct fault_replica *f = data;
    struct replica_writer *w;
    enum err code = replica_act_open(f, &w, f->path, e);
    if (!code)
        code = put_page(w, BEFORE + 1, PAGE, "New", e);
    replica_writer_close(w);
    return code;
}

static void page_check(void *data, enum err code)
{
    struct fault_replica *f = data;
    struct replica_writer *w;
    struct replica_position at;
    struct error e = {0};
    bool aside = replica_was_put_aside(f);
    if (replica_act_open(f, &w, f->path, &e))
        fail_msg("%s: %s", faultrun_now(), e.text);
    assert_int_equal(replica_writer_position(w, &at, NULL), ERR_NONE);
    if (!aside) {
        assert_true(at.seq == BEFORE || at.seq == PAGE);
        if (code == ERR_NONE)
            assert_int_equal(at.seq, PAGE);
        assert_int_equal(replica_found(f, ""), at.seq);
        assert_int_equal(replica_found(f, "new"), at.seq - BEFORE);
    }
    assert_int_equal(put_page(w, 1, PAGE, "New", NULL), ERR_NONE);
    assert_int_equal(replica_found(f, ""), PAGE);
    assert_int_equal(sql_exec(w->db, "INSERT INTO search (search) VALUES ('integrity-check')", NULL), ERR_NONE);
    replica_writer_close(w);
}

static void test_fault__a_page_is_applied_whole_or_not_at_all(void **state)
{
    struct fault_replica f;
    (void)state;
    replica_new(&f);
    faultrun(&(struct faultrun){.folder = f.folder, .act = page_act, .check = page_check, .x = &f, .step = 61});
    replica_end(&f);
}

/* ---- a snapshot: made, judged, put in place */

static enum err snapshot_act(void *data, struct error *e)
{
    struct fault_replica *f = data;
    struct replica_writer *w;
    struct replica_position want = {.scope = "all", .epoch = 1, .seq = PAGE};
    memset(want.chain, '0', sizeof want.chain - 1);
    enum err code = replica_snapshot_check(f->next, &want, "Europe/Moscow", e);
    if (code)
        return code;
    code = replica_act_open(f, &w, f->path, e);
    if (code)
        return code;
    replica_writer_retire(w);
    return replica_replace(f->path, f->next, e);
}

static void snapshot_check(void *data, enum err code)
{
    struct fault_replica *f = data;
    struct replica_writer *w;
    if (!replica_was_put_aside(f) || code == ERR_NONE) {
        int n = replica_found(f, "");
        assert_true(n == BEFORE || n == PAGE);
        if (code == ERR_NONE)
            assert_int_equal(n, PAGE);
        assert_int_equal(replica_found(f, "old"), n == BEFORE ? BEFORE : 0);
    }
    assert_int_equal(replica_act_open(f, &w, f->path, NULL), ERR_NONE);
    assert_int_equal(put_page(w, PAGE + 1, PAGE + 2, "Later", NULL), ERR_NONE);
    replica_writer_close(w);
}

static void test_fault__a_snapshot_takes_the_place_or_does_not(void **state)
{
    struct fault_replica f;
    char whole[FOLDER_FILE];
    struct replica_writer *w;
    (void)state;
    replica_new(&f);
    folder_file(whole, f.folder, "whole.db");
    replica_make(&f, whole, PAGE, "New");
    assert_int_equal(replica_act_open(&f, &w, whole, NULL), ERR_NONE);
    assert_int_equal(replica_snapshot_write(w, f.next, NULL), ERR_NONE);
    replica_writer_close(w);
    faultrun(&(struct faultrun){.folder = f.folder, .act = snapshot_act, .check = snapshot_check, .x = &f, .step = 61});
    replica_end(&f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_fault__a_page_is_applied_whole_or_not_at_all),
        cmocka_unit_test(test_fault__a_snapshot_takes_the_place_or_does_not),
    };
    faultrun_init();
    return cmocka_run_group_tests(tests, NULL, NULL);
}
