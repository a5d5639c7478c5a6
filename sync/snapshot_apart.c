/* fork: the child works on files of its own, uses none of the parent's connections, and ends with it. */
#include "sync/snapshot_apart.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "sync/snapshot.h"

/* Small enough to be written whole or not at all. */
struct snapshot_verdict {
    enum err code;
    struct error error;
};

static void snapshot_apart_child(pid_t parent, int *fd)
{
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (getppid() != parent)
        _exit(1);
    if (*fd != 3) {
        dup2(*fd, 3);
        *fd = 3;
    }
    close_range(4, ~0U, 0);
    setpriority(PRIO_PROCESS, 0, 10);
}

static int snapshot_apart_work(int fd, const char *packed, const struct wire_head *head, const char *zone,
                               const char *into)
{
    struct snapshot_verdict v = {.code = ERR_NONE};
    v.code = snapshot_unpack(packed, head, zone, into, &v.error);
    return write(fd, &v, sizeof v) == (ssize_t)sizeof v ? 0 : 1;
}

enum err snapshot_apart_start(struct snapshot_apart *a, const char *packed, const struct wire_head *head,
                              const char *zone, const char *into, struct error *e)
{
    int ends[2];
    pid_t parent = getpid();
    if (pipe2(ends, O_CLOEXEC) < 0)
        return error_set(e, ERR_MEMORY, "no pipe: %s", error_errno(errno));
    pid_t pid = fork();
    if (pid == 0) {
        snapshot_apart_child(parent, &ends[1]);
        _exit(snapshot_apart_work(ends[1], packed, head, zone, into));
    }
    int why = errno;
    close(ends[1]);
    if (pid < 0) {
        close(ends[0]);
        return error_set(e, ERR_MEMORY, "no process: %s", error_errno(why));
    }
    *a = (struct snapshot_apart){pid, ends[0]};
    return ERR_NONE;
}

bool snapshot_apart_ended(struct snapshot_apart *a, enum err *code, struct error *e)
{
    struct snapshot_verdict v;
    int status = 0;
    pid_t got = waitpid(a->pid, &status, WNOHANG);
    if (got == 0 || (got < 0 && errno == EINTR))
        return false;
    if (read(a->fd, &v, sizeof v) == (ssize_t)sizeof v) {
        *code = v.code;
        *e = v.error;
    } else {
        *code = error_set(e, ERR_IO, "the process that checks a snapshot ended with status %d", status);
    }
    close(a->fd);
    *a = (struct snapshot_apart){.pid = 0};
    return true;
}

void snapshot_apart_stop(struct snapshot_apart *a)
{
    if (a->pid <= 0)
        return;
    kill(a->pid, SIGKILL);
    while (waitpid(a->pid, NULL, 0) < 0 && errno == EINTR)
        continue;
    close(a->fd);
    *a = (struct snapshot_apart){.pid = 0};
}
