/* Signals and commits as files to poll, and the lock. */
#include "kiosk/base/watch.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/file.h>
#include <sys/inotify.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include "kiosk/base/file.h"

static enum err watch_take_signals(struct watch *w, struct error *e)
{
    sigset_t set;
    struct sigaction ignore = {.sa_handler = SIG_IGN};
    sigemptyset(&set);
    sigaddset(&set, SIGTERM);
    sigaddset(&set, SIGINT);
    sigaddset(&set, SIGHUP);
    sigprocmask(SIG_BLOCK, &set, NULL);
    sigaction(SIGPIPE, &ignore, NULL);
    sigaction(SIGXFSZ, &ignore, NULL); /* a file that may not grow is an error of one write */
    w->signal_fd = signalfd(-1, &set, SFD_NONBLOCK | SFD_CLOEXEC);
    return w->signal_fd < 0 ? error_set(e, ERR_IO, "signalfd: %s", error_errno(errno)) : ERR_NONE;
}

static enum err watch_lock(struct watch *w, const char *dir, const char *lock, struct error *e)
{
    char path[4096];
    file_join(path, dir, lock);
    w->lock_fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
    if (w->lock_fd < 0)
        return error_set(e, ERR_IO, "%s: %s", path, error_errno(errno));
    if (flock(w->lock_fd, LOCK_EX | LOCK_NB) == 0)
        return ERR_NONE;
    return errno == EWOULDBLOCK ? error_set(e, ERR_BUSY, "%s: another process works here", path)
                                : error_set(e, ERR_IO, "%s: %s", path, error_errno(errno));
}

/* IN_ATTRIB comes after a commit (sql_commit); IN_MODIFY would come during it, too early to read what it brings. */
static enum err watch_folder(struct watch *w, const char *dir, struct error *e)
{
    w->inotify_fd = inotify_init1(IN_NONBLOCK | IN_CLOEXEC);
    if (w->inotify_fd < 0 || inotify_add_watch(w->inotify_fd, dir, IN_ATTRIB | IN_CREATE | IN_MOVED_TO) < 0)
        return error_set(e, ERR_IO, "%s: cannot watch it: %s", dir, error_errno(errno));
    return ERR_NONE;
}

enum err watch_open(struct watch *w, const char *dir, const char *lock, struct error *e)
{
    *w = (struct watch){.signal_fd = -1, .inotify_fd = -1, .lock_fd = -1, .mount_fd = -1};
    enum err code = watch_lock(w, dir, lock, e);
    if (!code)
        code = watch_take_signals(w, e);
    if (!code)
        code = watch_folder(w, dir, e);
    if (code)
        watch_close(w);
    return code;
}

/* Reading is not needed: the kernel tells each change once to whoever polls for POLLPRI (proc(5)). */
void watch_mounts(struct watch *w) { w->mount_fd = open("/proc/self/mountinfo", O_RDONLY | O_CLOEXEC); }

static void watch_close_fd(int *fd)
{
    if (*fd > 0)
        close(*fd);
    *fd = -1;
}

void watch_close(struct watch *w)
{
    watch_close_fd(&w->signal_fd);
    watch_close_fd(&w->inotify_fd);
    watch_close_fd(&w->lock_fd);
    watch_close_fd(&w->mount_fd);
}

static bool watch_names_ledger(const struct inotify_event *event)
{
    return (event->mask & IN_Q_OVERFLOW) || (event->len && strncmp(event->name, "ledger.db", 9) == 0);
}

bool watch_drain(struct watch *w)
{
    struct signalfd_siginfo info;
    union {
        struct inotify_event align;
        char bytes[16 * (sizeof(struct inotify_event) + NAME_MAX + 1)];
    } in;
    bool ledger = false;
    while (read(w->signal_fd, &info, sizeof info) == (ssize_t)sizeof info)
        w->ending = true;
    for (ssize_t n = read(w->inotify_fd, in.bytes, sizeof in.bytes); n > 0;
         n = read(w->inotify_fd, in.bytes, sizeof in.bytes))
        for (ssize_t at = 0; at < n;) {
            const struct inotify_event *event = (const struct inotify_event *)(const void *)(in.bytes + at);
            ledger = ledger || watch_names_ledger(event);
            at += (ssize_t)(sizeof *event + event->len);
        }
    return ledger;
}

void watch_wait(const struct watch *w, int64_t ms)
{
    struct pollfd fds[] = {{.fd = w->signal_fd, .events = POLLIN}, {.fd = w->inotify_fd, .events = POLLIN},
                           {.fd = w->mount_fd > 0 ? w->mount_fd : -1, .events = POLLPRI}};
    poll(fds, 3, ms > INT_MAX ? INT_MAX : (int)ms);
}
