/* Request and reply are frames of a 4-byte length and so many bytes over a socket pair. Why a process per call was not
 * taken: a feed has thousands of events, and a fork costs more than most of them. */
#include "sync/hub/events/worker.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <unistd.h>

#include "kiosk/base/clock.h"

enum { WORKER_REQUEST_MAX = 20 * 1024 * 1024, WORKER_PATIENCE = 8 };

struct worker {
    const struct worker_task *task;
    struct clock clock;
    pid_t pid; /* 0: none */
    int fd;
};

/* ---- the helper's side: blocking reads and writes, _exit at the first doubt */

static void worker_child_read(int fd, void *into, size_t n)
{
    for (size_t got = 0; got < n;) {
        ssize_t r = read(fd, (char *)into + got, n - got);
        if (r > 0)
            got += (size_t)r;
        else if (r == 0 || errno != EINTR)
            _exit(0);
    }
}

static void worker_child_write(int fd, const void *from, size_t n)
{
    for (size_t sent = 0; sent < n;) {
        ssize_t r = send(fd, (const char *)from + sent, n - sent, MSG_NOSIGNAL);
        if (r > 0)
            sent += (size_t)r;
        else if (errno != EINTR)
            _exit(0);
    }
}

/* Memory is limited relative to what the process has mapped at the start, so that a build with sanitizers, which maps
 * terabytes, is held as well. */
static void worker_child_limit_memory(size_t extra)
{
    unsigned long long pages = 0;
    FILE *f = fopen("/proc/self/statm", "r");
    if (f == NULL)
        return;
    if (fscanf(f, "%llu", &pages) == 1) {
        rlim_t most = (rlim_t)pages * (rlim_t)sysconf(_SC_PAGESIZE) + extra;
        setrlimit(RLIMIT_AS, &(struct rlimit){.rlim_cur = most, .rlim_max = most});
    }
    fclose(f);
}

/* A call's processor time ends with SIGPROF; 0 takes the limit away. */
static void worker_child_limit_time(int timeout_ms)
{
    struct itimerval most = {.it_value = {.tv_sec = timeout_ms / 1000, .tv_usec = timeout_ms % 1000 * 1000}};
    setitimer(ITIMER_PROF, &most, NULL);
}

static void worker_child_prepare(const struct worker_task *task, pid_t parent, int *fd)
{
    static const int signals[] = {SIGINT,  SIGTERM, SIGHUP,  SIGPIPE, SIGCHLD, SIGUSR1, SIGUSR2,
                                  SIGALRM, SIGPROF, SIGSEGV, SIGBUS,  SIGFPE,  SIGILL,  SIGABRT};
    sigset_t none;
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (getppid() != parent)
        _exit(0);
    for (size_t i = 0; i < sizeof signals / sizeof signals[0]; i++)
        sigaction(signals[i], &(struct sigaction){.sa_handler = SIG_DFL}, NULL);
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, NULL);
    setrlimit(RLIMIT_CORE, &(struct rlimit){0, 0});
    worker_child_limit_memory(task->memory);
    if (*fd != 3) {
        dup2(*fd, 3);
        *fd = 3;
    }
    close_range(4, ~0U, 0);
}

static void worker_child_run(const struct worker_task *task, pid_t parent, int fd)
{
    worker_child_prepare(task, parent, &fd);
    void *state = task->start == NULL ? NULL : task->start();
    struct buf reply;
    buf_init(&reply, task->reply_max);
    for (;;) {
        uint32_t n;
        worker_child_read(fd, &n, sizeof n);
        if (n > WORKER_REQUEST_MAX)
            _exit(0);
        char *request = mem_new(n + 1UL, 1);
        worker_child_read(fd, request, n);
        worker_child_limit_time(task->timeout_ms);
        buf_clear(&reply);
        task->answer(state, request, n, &reply);
        worker_child_limit_time(0);
        free(request);
        n = reply.overflow ? UINT32_MAX : (uint32_t)reply.len;
        worker_child_write(fd, &n, sizeof n);
        if (!reply.overflow)
            worker_child_write(fd, reply.data, reply.len);
    }
}

/* ---- the parent's side */

/* Returns the status with which the process ended. */
static int worker_stop(struct worker *w)
{
    int status = 0;
    if (w->pid == 0)
        return 0;
    kill(w->pid, SIGKILL);
    close(w->fd);
    while (waitpid(w->pid, &status, 0) < 0 && errno == EINTR)
        continue;
    w->pid = 0;
    return status;
}

static enum err worker_late(const struct worker *w, struct error *e)
{
    return error_set(e, ERR_TIMEOUT, "took longer than %d ms", w->task->timeout_ms);
}

static enum err worker_start(struct worker *w, struct error *e)
{
    int pair[2];
    if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair) != 0)
        return error_set(e, ERR_IO, "helper process: %s", error_errno(errno));
    pid_t parent = getpid();
    pid_t pid = fork();
    if (pid < 0) {
        enum err code = error_set(e, ERR_IO, "helper process: %s", error_errno(errno));
        close(pair[0]);
        close(pair[1]);
        return code;
    }
    if (pid == 0) {
        worker_child_run(w->task, parent, pair[1]);
        _exit(0);
    }
    close(pair[1]);
    w->fd = pair[0];
    w->pid = pid;
    return ERR_NONE;
}

/* Waits until the socket is ready for `events` or the deadline has passed. */
static enum err worker_wait(struct worker *w, short events, int64_t deadline, struct error *e)
{
    for (;;) {
        int64_t left = deadline - clock_mono_ms(&w->clock);
        struct pollfd p = {.fd = w->fd, .events = events};
        int r = left <= 0 ? 0 : poll(&p, 1, (int)left);
        if (r > 0)
            return ERR_NONE;
        if (r == 0)
            return worker_late(w, e);
        if (errno != EINTR)
            return error_set(e, ERR_IO, "helper process: %s", error_errno(errno));
    }
}

static enum err worker_send(struct worker *w, const void *bytes, size_t n, int64_t deadline, struct error *e)
{
    for (size_t sent = 0; sent < n;) {
        ssize_t r = send(w->fd, (const char *)bytes + sent, n - sent, MSG_NOSIGNAL | MSG_DONTWAIT);
        if (r >= 0) {
            sent += (size_t)r;
            continue;
        }
        if (errno != EAGAIN && errno != EINTR)
            return error_set(e, ERR_CORRUPT, "cannot be worked on: it broke its reader");
        enum err code = worker_wait(w, POLLOUT, deadline, e);
        if (code != ERR_NONE)
            return code;
    }
    return ERR_NONE;
}

static enum err worker_receive(struct worker *w, void *into, size_t n, int64_t deadline, struct error *e)
{
    for (size_t got = 0; got < n;) {
        ssize_t r = recv(w->fd, (char *)into + got, n - got, MSG_DONTWAIT);
        if (r > 0) {
            got += (size_t)r;
            continue;
        }
        if (r == 0 || (errno != EAGAIN && errno != EINTR))
            return error_set(e, ERR_CORRUPT, "cannot be worked on: it broke its reader");
        enum err code = worker_wait(w, POLLIN, deadline, e);
        if (code != ERR_NONE)
            return code;
    }
    return ERR_NONE;
}

static enum err worker_exchange(struct worker *w, const void *request, size_t n, struct buf *reply, struct error *e)
{
    int64_t deadline = clock_mono_ms(&w->clock) + (int64_t)w->task->timeout_ms * WORKER_PATIENCE;
    uint32_t size = (uint32_t)n;
    enum err code = worker_send(w, &size, sizeof size, deadline, e);
    if (code == ERR_NONE)
        code = worker_send(w, request, n, deadline, e);
    if (code == ERR_NONE)
        code = worker_receive(w, &size, sizeof size, deadline, e);
    if (code != ERR_NONE)
        return code;
    if (size > w->task->reply_max)
        return error_set(e, ERR_TOO_BIG, "the result is longer than %zu bytes", w->task->reply_max);
    char *bytes = mem_new(size + 1UL, 1);
    code = worker_receive(w, bytes, size, deadline, e);
    if (code == ERR_NONE)
        buf_add(reply, bytes, size);
    free(bytes);
    return code == ERR_NONE && reply->overflow ? error_set(e, ERR_TOO_BIG, "the result is too long") : code;
}

struct worker *worker_new(const struct worker_task *task)
{
    struct worker *w = mem_new(1, sizeof *w);
    *w = (struct worker){.task = task, .clock = clock_system(), .fd = -1};
    return w;
}

void worker_free(struct worker *w)
{
    if (w == NULL)
        return;
    worker_stop(w);
    free(w);
}

enum err worker_call(struct worker *w, const void *request, size_t n, struct buf *reply, struct error *e)
{
    if (n > WORKER_REQUEST_MAX)
        return error_set(e, ERR_TOO_BIG, "longer than %d bytes", WORKER_REQUEST_MAX);
    enum err code = w->pid == 0 ? worker_start(w, e) : ERR_NONE;
    if (code != ERR_NONE)
        return code;
    code = worker_exchange(w, request, n, reply, e);
    if (code == ERR_NONE)
        return code;
    int status = worker_stop(w);
    return code == ERR_CORRUPT && WIFSIGNALED(status) && WTERMSIG(status) == SIGPROF ? worker_late(w, e) : code;
}
