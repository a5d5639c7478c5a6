/* What a process promises about itself: private files, no core dumps, memory that stays where it is. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "kiosk/base/guard.h"

static long guard_locked_kb(void)
{
    char line[200];
    long kb = -1;
    FILE *f = fopen("/proc/self/status", "r");
    while (f && fgets(line, sizeof line, f))
        if (sscanf(line, "VmLck: %ld", &kb) == 1)
            break;
    if (f)
        fclose(f);
    return kb;
}

static void test_guard__memory_is_locked_zeroed_and_aligned(void **state)
{
    static const size_t sizes[] = {1, 15, 16, 64, 4095, 4096, 4097, 70000};
    struct rlimit most;
    (void)state;
    getrlimit(RLIMIT_MEMLOCK, &most);
    if (most.rlim_cur < 1 << 20) {
        print_message("only %lu bytes may be locked here\n", (unsigned long)most.rlim_cur);
        skip();
    }
    for (size_t i = 0; i < sizeof sizes / sizeof sizes[0]; i++) {
        long before = guard_locked_kb();
        uint8_t *p = guard_new(sizes[i]);
        assert_int_equal((uintptr_t)p % 16, 0);
        assert_true((guard_locked_kb() - before) * 1024 >= (long)sizes[i]);
        for (size_t k = 0; k < sizes[i]; k++) {
            assert_int_equal(p[k], 0);
            p[k] = 0xff;
        }
        guard_free(p, sizes[i]);
        assert_int_equal(guard_locked_kb(), before);
    }
    guard_free(NULL, 10);
}

/* How a child that does it ends. */
static int guard_child(void (*what)(void))
{
    int status = 0;
    pid_t pid = fork();
    if (pid == 0) {
        signal(SIGSEGV, SIG_DFL);
        signal(SIGABRT, SIG_DFL);
        what();
        _exit(0);
    }
    assert_int_equal(waitpid(pid, &status, 0), pid);
    return status;
}

static void guard_write_past(void)
{
    volatile uint8_t *p = guard_new(4096);
    p[4096] = 1;
}

static void test_guard__writing_past_the_end_is_stopped(void **state)
{
    (void)state;
    int status = guard_child(guard_write_past);
    assert_true(WIFSIGNALED(status) && WTERMSIG(status) == SIGSEGV);
}

static void guard_abort(void)
{
    static const struct rlimit any = {RLIM_INFINITY, RLIM_INFINITY};
    unsetenv("SOSEDI_DEBUG");
    setrlimit(RLIMIT_CORE, &any);
    prctl(PR_SET_DUMPABLE, 1, 0, 0, 0);
    if (guard_begin(NULL) == ERR_NONE)
        abort();
}

static void guard_look(void)
{
    struct rlimit core;
    unsetenv("SOSEDI_DEBUG");
    _exit(guard_begin(NULL) || prctl(PR_GET_DUMPABLE, 0, 0, 0, 0) != 0 || getrlimit(RLIMIT_CORE, &core) != 0 ||
          core.rlim_cur != 0 || core.rlim_max != 0 || umask(0) != 077);
}

static void test_guard__a_program_that_dies_leaves_no_core(void **state)
{
    (void)state;
    int status = guard_child(guard_abort);
    assert_true(WIFSIGNALED(status) && WTERMSIG(status) == SIGABRT);
    assert_false(WCOREDUMP(status));
    assert_int_equal(guard_child(guard_look), 0);
}

/* A system that lets nothing be locked: the program works all the same. */
static void guard_unlockable(void)
{
    static const struct rlimit none = {0, 0};
    setrlimit(RLIMIT_MEMLOCK, &none);
    if (setuid(65534) != 0)
        _exit(0); /* who is no superuser is held by the limit as he is */
    char *p = guard_new(100);
    strncpy(p, "still memory", 100);
    _exit(strcmp(p, "still memory") != 0);
}

static void test_guard__without_the_right_to_lock_it_is_memory_all_the_same(void **state)
{
    (void)state;
    assert_int_equal(guard_child(guard_unlockable), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_guard__memory_is_locked_zeroed_and_aligned),
        cmocka_unit_test(test_guard__writing_past_the_end_is_stopped),
        cmocka_unit_test(test_guard__a_program_that_dies_leaves_no_core),
        cmocka_unit_test(test_guard__without_the_right_to_lock_it_is_memory_all_the_same),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
