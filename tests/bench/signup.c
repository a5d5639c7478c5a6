/* make bench: what it costs until a person may be told "you are signed up". The time of ledger_sign_up beside that of a bare
 * fdatasync of as many bytes in the same folder, in turns; and the system calls on files, counted by strace.
 * usage: signup KIOSK_PROGRAM FOLDER [EVENTS]   SIGNUPS=n for another number than 1,000
 *        signup --only N                        N sign-ups and nothing else, for strace */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "kiosk/base/error.h"
#include "kiosk/base/file.h"
#include "tests/support/enrolled.h"
#include "tests/support/figures.h"

enum { SIGNUP_BYTES = 3 * 4096, SIGNUP_FILE = 4 << 20, SIGNUP_TRACED = 100, SIGNUP_BEFORE = 20 };

/* As a WAL that has been filled before: bytes of a file that is long enough. */
static int signup_file(const struct enrolled *x)
{
    char path[4096];
    char *zeros = mem_new(SIGNUP_FILE, 1);
    int fd = open(file_join(path, x->folder, "bare"), O_RDWR | O_CREAT | O_TRUNC, 0600);
    if (fd < 0 || write(fd, zeros, SIGNUP_FILE) != SIGNUP_FILE || fsync(fd) < 0)
        die("bench: %s cannot be written", path);
    free(zeros);
    return fd;
}

static double signup_bare(int fd, int i)
{
    char bytes[SIGNUP_BYTES];
    memset(bytes, i, sizeof bytes);
    if (pwrite(fd, bytes, sizeof bytes, (off_t)(i % (SIGNUP_FILE / SIGNUP_BYTES)) * SIGNUP_BYTES) != SIGNUP_BYTES)
        die("bench: cannot write");
    double from = figures_now();
    if (fdatasync(fd) < 0)
        die("bench: cannot sync");
    return figures_now() - from;
}

static void signup_time(int n)
{
    struct enrolled x;
    double *ours = mem_new((size_t)n, sizeof *ours), *bare = mem_new((size_t)n, sizeof *bare);
    enrolled_new(&x);
    int fd = signup_file(&x);
    for (int i = 0; i < n; i++) {
        double from = figures_now();
        enrolled_sign_up(&x);
        ours[i] = figures_now() - from;
        bare[i] = signup_bare(fd, i);
    }
    double p99 = figures_rank(ours, n, 0.99), bare99 = figures_rank(bare, n, 0.99);
    figures_say("  a sign-up %.3f ms median, %.3f p99; fdatasync %.3f and %.3f", figures_rank(ours, n, 0.5) * 1e3, p99 * 1e3,
                figures_rank(bare, n, 0.5) * 1e3, bare99 * 1e3);
    figures_put("sign-up until it is durable, p99 : p99 of fdatasync", p99 / bare99, "x", FIGURE_AT_MOST, 3);
    close(fd);
    enrolled_done(&x);
    free(ours);
    free(bare);
}

static int signup_only(int n)
{
    struct enrolled x;
    enrolled_new(&x);
    for (int i = 0; i < n; i++)
        enrolled_sign_up(&x);
    enrolled_done(&x);
    return 0;
}

/* Lines of strace's output that name a call of the list, for n sign-ups. */
static void signup_trace(const char *self, const char *dir, int n, long *syncs, long *calls)
{
    char command[3 * 4096], path[4096], line[4096];
    file_join(path, dir, "trace");
    snprintf(command, sizeof command,
             "strace -f -qq -e trace=pwrite64,pread64,write,read,pwritev,preadv,fdatasync,fsync,ftruncate,fallocate "
             "-o '%s' '%s' --only %d",
             path, self, n);
    FILE *f = system(command) == 0 ? fopen(path, "r") : NULL;
    if (!f)
        die("bench: strace does not run");
    *syncs = *calls = 0;
    while (fgets(line, sizeof line, f)) {
        *syncs += strstr(line, "sync(") != NULL;
        *calls += strchr(line, '(') != NULL;
    }
    fclose(f);
    unlink(path);
}

static void signup_count(const char *self, const char *dir)
{
    long syncs[2], calls[2];
    if (system("strace -V >/dev/null 2>&1") != 0) {
        figures_say("  strace is not installed: calls are not counted");
        return;
    }
    signup_trace(self, dir, SIGNUP_BEFORE, &syncs[0], &calls[0]);
    signup_trace(self, dir, SIGNUP_BEFORE + SIGNUP_TRACED, &syncs[1], &calls[1]);
    figures_put("fdatasync calls of one sign-up", (double)(syncs[1] - syncs[0]) / SIGNUP_TRACED, "", FIGURE_AT_MOST, 1);
    figures_put("reads, writes and syncs of one sign-up", (double)(calls[1] - calls[0]) / SIGNUP_TRACED, "",
                FIGURE_AT_MOST, 10);
}

int main(int argc, char **argv)
{
    if (argc == 3 && strcmp(argv[1], "--only") == 0)
        return signup_only((int)strtol(argv[2], NULL, 10));
    int n = figures_size("SIGNUPS", 1000, 20);
    figures_say("signing up: %d times", n);
    signup_time(n);
    if (!figures_are_short())
        signup_count(argv[0], argc > 2 ? argv[2] : ".");
    return 0;
}
