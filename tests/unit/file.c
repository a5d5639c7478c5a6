/* Whole files: maximum, atomic replacement, folders, assets; and the log line, which is one write. */
#include "kiosk/base/file.h"

#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>
#include <dirent.h>
#include <signal.h>

#include <cmocka.h>

#include "kiosk/base/log.h"

static int set_up(void **state)
{
    char *dir = strdup("/tmp/sosedi-file-XXXXXX");
    *state = dir;
    return dir && mkdtemp(dir) ? 0 : -1;
}

static int remove_tree(const char *path)
{
    DIR *d = opendir(path);
    if (!d)
        return unlink(path);
    char inside[4096];
    for (struct dirent *entry; (entry = readdir(d));)
        if (strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0)
            remove_tree(file_join(inside, path, entry->d_name));
    closedir(d);
    return rmdir(path);
}

static int tear_down(void **state)
{
    int rc = remove_tree(*state);
    free(*state);
    return rc;
}

static size_t count_entries(const char *dir)
{
    size_t n = 0;
    DIR *d = opendir(dir);
    assert_non_null(d);
    for (struct dirent *entry; (entry = readdir(d));)
        n += entry->d_name[0] != '.';
    closedir(d);
    return n;
}

static void assert_content(const char *path, const char *wanted)
{
    struct buf b;
    buf_init(&b, 1000);
    assert_int_equal(file_read(path, &b, NULL), ERR_NONE);
    assert_string_equal(b.data, wanted);
    buf_done(&b);
}

static void test_file__write_then_read(void **state)
{
    char path[4096];
    struct stat st;
    file_join(path, *state, "a");
    mode_t mask = umask(077);
    assert_int_equal(file_write(path, "one", 3, 0644, NULL), ERR_NONE);
    umask(mask);
    assert_content(path, "one");
    assert_int_equal(stat(path, &st), 0);
    assert_int_equal(st.st_mode & 0777, 0644);
    assert_int_equal(file_write(path, "two, longer", 11, 0600, NULL), ERR_NONE);
    assert_content(path, "two, longer");
    assert_int_equal(stat(path, &st), 0);
    assert_int_equal(st.st_mode & 0777, 0600);
    assert_int_equal(file_write(path, NULL, 0, 0600, NULL), ERR_NONE);
    assert_content(path, "");
    assert_int_equal(count_entries(*state), 1);
}

static void test_file__read_appends_and_keeps_on_failure(void **state)
{
    char path[4096];
    struct buf b;
    struct error e = {0};
    file_join(path, *state, "a");
    assert_int_equal(file_write(path, "12345", 5, 0600, NULL), ERR_NONE);
    buf_init(&b, 8);
    buf_add_str(&b, "abc");
    assert_int_equal(file_read(path, &b, &e), ERR_NONE);
    assert_string_equal(b.data, "abc12345");
    buf_clear(&b);
    buf_add_str(&b, "abcd");
    assert_int_equal(file_read(path, &b, &e), ERR_TOO_BIG);
    assert_string_equal(b.data, "abcd");
    assert_non_null(strstr(e.text, path));
    buf_done(&b);
}

static void test_file__read_a_large_file_whole(void **state)
{
    char path[4096];
    struct buf b;
    size_t n = 200001;
    char *bytes = malloc(n);
    assert_non_null(bytes);
    for (size_t i = 0; i < n; i++)
        bytes[i] = (char)(i * 31);
    file_join(path, *state, "large");
    assert_int_equal(file_write(path, bytes, n, 0600, NULL), ERR_NONE);
    buf_init(&b, n);
    assert_int_equal(file_read(path, &b, NULL), ERR_NONE);
    assert_int_equal(b.len, n);
    assert_memory_equal(b.data, bytes, n);
    buf_done(&b);
    buf_init(&b, n - 1);
    assert_int_equal(file_read(path, &b, NULL), ERR_TOO_BIG);
    buf_done(&b);
    free(bytes);
}

static void test_file__read_what_is_no_file(void **state)
{
    char path[4096];
    struct buf b;
    struct error e = {0};
    buf_init(&b, 100);
    assert_int_equal(file_read(file_join(path, *state, "none"), &b, &e), ERR_NOT_FOUND);
    assert_non_null(strstr(e.text, path));
    assert_int_equal(file_read(*state, &b, &e), ERR_IO);
    /* A pipe that nobody writes to must not hold the program up. */
    assert_int_equal(mkfifo(file_join(path, *state, "pipe"), 0600), 0);
    assert_int_equal(file_read(path, &b, &e), ERR_NONE);
    assert_int_equal(b.len, 0);
    buf_done(&b);
}

static void test_file__a_failed_write_leaves_the_old_file(void **state)
{
    char path[4096];
    struct error e = {0};
    struct rlimit old, tiny;
    file_join(path, *state, "a");
    assert_int_equal(file_write(path, "old", 3, 0600, NULL), ERR_NONE);
    assert_int_equal(getrlimit(RLIMIT_FSIZE, &old), 0);
    tiny = (struct rlimit){.rlim_cur = 5, .rlim_max = old.rlim_max};
    void (*handler)(int) = signal(SIGXFSZ, SIG_IGN);
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &tiny), 0);
    enum err code = file_write(path, "much longer than that", 21, 0600, &e);
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &old), 0);
    signal(SIGXFSZ, handler);
    assert_int_equal(code, ERR_IO);
    assert_non_null(strstr(e.text, path));
    assert_content(path, "old");
    assert_int_equal(count_entries(*state), 1);
    assert_int_equal(file_write(file_join(path, *state, "no/folder"), "x", 1, 0600, &e), ERR_NOT_FOUND);
}

/* The names of temporary files can be guessed; what lies there is replaced, never followed. */
static void test_file__write_does_not_follow_a_planted_link(void **state)
{
    char path[4096], victim[4096], temp[4200];
    file_join(path, *state, "a");
    file_join(victim, *state, "victim");
    assert_int_equal(file_write(victim, "mine", 4, 0600, NULL), ERR_NONE);
    snprintf(temp, sizeof temp, "%s.%ld.tmp", path, (long)getpid());
    assert_int_equal(symlink(victim, temp), 0);
    assert_int_equal(file_write(path, "new", 3, 0600, NULL), ERR_NONE);
    assert_content(victim, "mine");
    assert_content(path, "new");
}

static void test_file__make_dir_with_parents(void **state)
{
    char path[4096], inside[4096];
    struct stat st;
    struct error e = {0};
    file_join(path, *state, "a/b/c");
    assert_int_equal(file_make_dir(path, 0700, NULL), ERR_NONE);
    assert_int_equal(stat(path, &st), 0);
    assert_true(S_ISDIR(st.st_mode));
    assert_int_equal(file_make_dir(path, 0700, NULL), ERR_NONE);
    assert_int_equal(file_make_dir(file_join(inside, path, "d/"), 0700, NULL), ERR_NONE);
    assert_int_equal(file_make_dir("/", 0700, NULL), ERR_NONE);
    assert_int_equal(file_write(file_join(inside, path, "f"), "", 0, 0600, NULL), ERR_NONE);
    assert_int_equal(file_make_dir(inside, 0700, &e), ERR_IO);
    assert_int_equal(file_make_dir(file_join(inside, path, "f/g"), 0700, &e), ERR_IO);
    assert_int_equal(file_make_dir("", 0700, &e), ERR_USAGE);
}

static void test_file__join(void **state)
{
    (void)state;
    char out[4096];
    assert_string_equal(file_join(out, "a", "b"), "a/b");
    assert_string_equal(file_join(out, "a/", "b"), "a/b");
    assert_string_equal(file_join(out, "/", "b"), "/b");
    assert_string_equal(file_join(out, "", "b"), "b");
}

static void test_file__assets_are_found_from_the_build_tree(void **state)
{
    (void)state;
    char dir[4096], out[4096];
    struct error e = {0};
    struct stat st;
    file_program_dir(dir);
    assert_int_equal(dir[0], '/');
    assert_int_not_equal(dir[strlen(dir) - 1], '/');
    assert_int_equal(stat(dir, &st), 0);
    /* build/test/tests/unit: libsosedi.a is two folders up. */
    assert_int_equal(file_find_asset("libsosedi.a", out, &e), ERR_NONE);
    assert_int_equal(stat(out, &st), 0);
    assert_int_equal(file_find_asset("no such thing", out, &e), ERR_NOT_FOUND);
    assert_non_null(strstr(e.text, "no such thing"));
}

/* ---- log lines */

/* What fd 2 receives while call runs, in out. */
static void catch_log(char *out, size_t size, void (*call)(void))
{
    int fds[2], saved = dup(2);
    assert_int_equal(pipe(fds), 0);
    fflush(stderr);
    dup2(fds[1], 2);
    close(fds[1]);
    call();
    dup2(saved, 2);
    close(saved);
    ssize_t n = read(fds[0], out, size - 1);
    close(fds[0]);
    out[n > 0 ? n : 0] = 0;
}

static void log_hostile(void)
{
    char quoted[40];
    log_line(LOG_WARN, "sync.failed", "why=%s n=%d", log_quote(quoted, sizeof quoted, "a\nb \x1b[2J\"q\""), 7);
}

static void log_long(void)
{
    char text[3000];
    memset(text, 'x', sizeof text - 1);
    text[sizeof text - 1] = 0;
    log_line(LOG_ERROR, "e", "%s", text);
}

static void log_debug(void) { log_line(LOG_DEBUG, "e", "n=%d", 1); }

static void test_log__one_harmless_line(void **state)
{
    (void)state;
    char text[4096];
    catch_log(text, sizeof text, log_hostile);
    assert_int_equal(text[10], 'T');
    assert_string_equal(text + 19, "Z warn sync.failed why=\"a b [2J\\\"q\\\"\" n=7\n");
    catch_log(text, sizeof text, log_long);
    size_t n = strlen(text);
    assert_true(n > 900 && n <= 1024 && text[n - 1] == '\n');
    assert_ptr_equal(strchr(text, '\n'), text + n - 1);
}

static void test_log__debug_on_demand(void **state)
{
    (void)state;
    char text[4096];
    unsetenv("SOSEDI_DEBUG");
    catch_log(text, sizeof text, log_debug);
    assert_string_equal(text, "");
    setenv("SOSEDI_DEBUG", "1", 1);
    catch_log(text, sizeof text, log_debug);
    unsetenv("SOSEDI_DEBUG");
    assert_string_equal(text + 19, "Z debug e n=1\n");
}

static void test_log__quote(void **state)
{
    (void)state;
    static const struct {
        const char *row, *value;
        unsigned long size;
        const char *wanted;
    } rows[] = {
        {"plain", "abc", 40, "abc"},
        {"nothing", "", 40, "\"\""},
        {"NULL", NULL, 40, "\"\""},
        {"space", "a b", 40, "\"a b\""},
        {"equals", "a=b", 40, "\"a=b\""},
        {"quote and backslash", "\"\\", 40, "\"\\\"\\\\\""},
        {"Cyrillic", "ёж", 40, "ёж"},
        {"cut between characters", "ёёёё", 7, "ёё"},
        {"cut, still quoted", "a bcdefgh", 8, "\"a bcd\""},
        {"no room", "abc", 2, ""},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        char out[40];
        if (strcmp(log_quote(out, rows[i].size, rows[i].value), rows[i].wanted) != 0)
            fail_msg("%s: %s", rows[i].row, out);
        assert_true(strlen(out) < rows[i].size);
    }
}

#define FILE_CASE(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        FILE_CASE(test_file__write_then_read),
        FILE_CASE(test_file__read_appends_and_keeps_on_failure),
        FILE_CASE(test_file__read_a_large_file_whole),
        FILE_CASE(test_file__read_what_is_no_file),
        FILE_CASE(test_file__a_failed_write_leaves_the_old_file),
        FILE_CASE(test_file__write_does_not_follow_a_planted_link),
        FILE_CASE(test_file__make_dir_with_parents),
        cmocka_unit_test(test_file__join),
        cmocka_unit_test(test_file__assets_are_found_from_the_build_tree),
        cmocka_unit_test(test_log__one_harmless_line),
        cmocka_unit_test(test_log__debug_on_demand),
        cmocka_unit_test(test_log__quote),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
