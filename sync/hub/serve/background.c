/* fork and exec of ourselves: the child shares no connection and no lock with its parent. */
#include "sync/hub/serve/background.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

static void background_child(pid_t parent, const char *const argv[])
{
    sigset_t none;
    sigemptyset(&none);
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    int nowhere = open("/dev/null", O_RDWR);
    if (getppid() != parent || nowhere < 0)
        _exit(1);
    dup2(nowhere, 0);
    dup2(nowhere, 1);
    close_range(3, ~0U, 0);
    sigprocmask(SIG_SETMASK, &none, NULL);
    setpriority(PRIO_PROCESS, 0, 19);
    execv("/proc/self/exe", (char *const *)argv);
    _exit(127);
}

enum err background_start(pid_t *out, const char *const argv[], struct error *e)
{
    pid_t parent = getpid();
    *out = fork();
    if (*out < 0) {
        *out = 0;
        return error_set(e, ERR_IO, "cannot start a process: %s", error_errno(errno));
    }
    if (*out == 0)
        background_child(parent, argv);
    return ERR_NONE;
}

bool background_has_ended(pid_t pid, bool *good)
{
    int status = 0;
    pid_t got = waitpid(pid, &status, WNOHANG);
    *good = got == pid && WIFEXITED(status) && WEXITSTATUS(status) == 0;
    return got == pid || (got < 0 && errno == ECHILD);
}

void background_stop(pid_t pid)
{
    if (pid <= 0)
        return;
    kill(pid, SIGKILL);
    while (waitpid(pid, NULL, 0) < 0 && errno == EINTR)
        continue;
}
