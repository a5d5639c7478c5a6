/* No room to save a sign-up: it is said, nothing is half done, and with room it works again. */
#include <fcntl.h>
#include <sched.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "kiosk/base/file.h"
#include "kiosk/base/sql.h"
#include "tests/support/desk.h"
#include "tests/support/picture.h"

static const char full_disk[] = "/tmp/sosedi-full", full_fill[] = "/tmp/sosedi-full/fill";

/* A small disk for what this process and its children make: as root, or as the root of a namespace of one's own. */
static bool full_small_disk(void)
{
    char map[40];
    unsigned uid = getuid();
    if (unshare(CLONE_NEWNS) != 0) {
        if (unshare(CLONE_NEWUSER | CLONE_NEWNS) != 0)
            return false;
        snprintf(map, sizeof map, "0 %u 1", uid);
        int fd = open("/proc/self/uid_map", O_WRONLY | O_CLOEXEC);
        bool mapped = fd >= 0 && write(fd, map, strlen(map)) == (ssize_t)strlen(map);
        close(fd);
        if (!mapped)
            return false;
    }
    mkdir(full_disk, 0700);
    return setenv("TMPDIR", full_disk, 1) == 0 && mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) == 0 &&
           mount("small", full_disk, "tmpfs", 0, "size=4m") == 0;
}

static void full_fill_disk(void)
{
    char page[4096] = {1};
    int fd = open(full_fill, O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
    while (write(fd, page, sizeof page) > 0)
        ;
    close(fd);
}

static int full_count(struct desk *d, const char *query)
{
    struct sql_stmt *st = sql_get(ledger_sql(d->ledger), query);
    struct error e;
    bool row = false;
    assert_int_equal(sql_step(st, &row, &e), ERR_NONE);
    int n = row ? (int)sql_int(st, 0) : -1;
    sql_reset(st);
    return n;
}

/* Sign-ups, operations for the hub, papers: all of an act, or none. */
static void full_expect(struct desk *d, int acts)
{
    assert_int_equal(full_count(d, "SELECT count(*) FROM signup"), acts);
    assert_int_equal(full_count(d, "SELECT count(*) FROM op"), acts);
    assert_int_equal(full_count(d, "SELECT count(*) FROM job"), acts);
}

static struct picture *full_at_review(const struct desk *d)
{
    struct picture *p = picture_start(&(struct picture_setup){.data = d->folder, .lang = "ru", .clock = DESK_CLOCK});
    picture_press(p, "enter 1 enter f5 'Анна Петрова' enter '8 912 345-67-89' enter enter 2 enter enter enter");
    assert_true(picture_has(p, "Всё верно?"));
    return p;
}

static void test_signup__a_full_file_saves_nothing_and_says_so(void **state)
{
    struct desk d;
    struct rlimit old, none = {.rlim_cur = 1};
    (void)state;
    desk_new(&d, NULL, true);
    struct picture *p = full_at_review(&d);
    assert_int_equal(prlimit(picture_pid(p), RLIMIT_FSIZE, NULL, &old), 0);
    none.rlim_max = old.rlim_max;
    assert_int_equal(prlimit(picture_pid(p), RLIMIT_FSIZE, &none, NULL), 0);
    picture_press(p, "space");
    picture_check(p, "full-file-ru");
    full_expect(&d, 0);
    picture_press(p, "space");
    full_expect(&d, 0);
    assert_int_equal(prlimit(picture_pid(p), RLIMIT_FSIZE, &old, NULL), 0);
    picture_press(p, "space");
    assert_true(picture_has(p, "Вы записаны"));
    full_expect(&d, 1);
    assert_int_equal(picture_stop(p), 0);
    desk_done(&d);
}

/* The seal key is gone: what a person typed cannot be closed away, so it is not taken. */
static void test_signup__without_a_seal_key_nothing_is_taken(void **state)
{
    static const char no_seal[] = "{\"v\":1,\"n\":2,\"seal\":[]}";
    struct desk d;
    struct error e;
    (void)state;
    desk_new(&d, NULL, true);
    struct picture *p = full_at_review(&d);
    assert_int_equal(ledger_set_keys(d.ledger, 2, no_seal, &e), ERR_NONE);
    assert_true(picture_wait_text(p, "сейчас нельзя"));
    picture_press(p, "tab backtab"); /* what came by itself is drawn whole */
    picture_check(p, "full-no-seal-ru");
    full_expect(&d, 0);
    assert_int_equal(picture_stop(p), 0);
    desk_done(&d);
}

/* The last one: it moves this process to a disk of its own. */
static void test_signup__a_full_disk_saves_nothing_and_says_so(void **state)
{
    struct desk d;
    (void)state;
    if (!full_small_disk()) {
        print_message("no file system may be mounted here\n");
        skip();
    }
    desk_new(&d, NULL, true);
    struct picture *p = full_at_review(&d);
    full_fill_disk();
    picture_press(p, "space");
    picture_check(p, "full-disk-ru");
    full_expect(&d, 0);
    picture_press(p, "space"); /* once more: in vain */
    assert_true(picture_has(p, "Вы не записаны"));
    full_expect(&d, 0);
    unlink(full_fill);
    picture_press(p, "space");
    assert_true(picture_has(p, "Вы записаны"));
    full_expect(&d, 1);
    picture_press(p, "space 1 down enter");
    assert_true(picture_has(p, "Шахматный вечер"));
    assert_int_equal(picture_stop(p), 0);
    desk_done(&d);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_signup__a_full_file_saves_nothing_and_says_so),
        cmocka_unit_test(test_signup__without_a_seal_key_nothing_is_taken),
        cmocka_unit_test(test_signup__a_full_disk_saves_nothing_and_says_so),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
