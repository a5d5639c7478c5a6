/* fork and two pipes. */
#include "tests/support/printer_child.h"

#include <dirent.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "tests/support/printer.h"

void printer_child_start(struct printer_child *c, const char *state)
{
    int control[2], answer[2];
    char papers[80];
    struct printer_setup setup = {.width = 384, .papers = papers, .stop_fd = -1};
    snprintf(c->dir, sizeof c->dir, "/tmp/sosedi-print-XXXXXX");
    assert_non_null(mkdtemp(c->dir));
    snprintf(papers, sizeof papers, "%s/papers", c->dir);
    assert_int_equal(mkdir(papers, 0700), 0);
    assert_true(printer_state_by_name(state, &setup.state));
    setup.listen_fd = printer_listen("127.0.0.1:0", &c->port);
    assert_true(setup.listen_fd >= 0 && pipe(control) == 0 && pipe(answer) == 0);
    snprintf(c->url, sizeof c->url, "tcp://127.0.0.1:%d", c->port);
    c->pid = fork();
    assert_true(c->pid >= 0);
    if (c->pid == 0) {
        prctl(PR_SET_PDEATHSIG, SIGKILL);
        signal(SIGPIPE, SIG_IGN);
        close(control[1]);
        close(answer[0]);
        setup.control_fd = control[0];
        setup.answer_fd = answer[1];
        _exit(printer_run(&setup) ? 0 : 1);
    }
    close(setup.listen_fd);
    close(control[0]);
    close(answer[1]);
    c->control = control[1];
    c->answer = answer[0];
}

void printer_child_set(struct printer_child *c, const char *state)
{
    char line[40], said[8] = {0};
    int n = snprintf(line, sizeof line, "state %s\n", state);
    assert_int_equal(write(c->control, line, (size_t)n), n);
    assert_int_equal(read(c->answer, said, 3), 3);
    assert_string_equal(said, "ok\n");
}

/* Files in papers whose name ends so. */
static int printer_child_count(const struct printer_child *c, const char *ending)
{
    char path[80];
    snprintf(path, sizeof path, "%s/papers", c->dir);
    DIR *d = opendir(path);
    assert_non_null(d);
    int count = 0;
    for (const struct dirent *entry = readdir(d); entry; entry = readdir(d)) {
        size_t n = strlen(entry->d_name), m = strlen(ending);
        count += n > m && strcmp(entry->d_name + n - m, ending) == 0;
    }
    closedir(d);
    return count;
}

int printer_child_papers(struct printer_child *c) { return printer_child_count(c, ".png"); }

static void printer_child_remove(const char *path)
{
    DIR *d = opendir(path);
    for (const struct dirent *entry = d ? readdir(d) : NULL; entry; entry = readdir(d)) {
        char inner[400];
        if (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0)
            continue;
        snprintf(inner, sizeof inner, "%s/%s", path, entry->d_name);
        if (unlink(inner) < 0)
            printer_child_remove(inner);
    }
    if (d)
        closedir(d);
    rmdir(path);
}

void printer_child_end(struct printer_child *c, int clean)
{
    int status = 0, faults;
    assert_int_equal(write(c->control, "quit\n", 5), 5);
    assert_int_equal(waitpid(c->pid, &status, 0), c->pid);
    close(c->control);
    close(c->answer);
    faults = printer_child_count(c, ".fault");
    printer_child_remove(c->dir);
    assert_int_equal(status, 0);
    if (clean)
        assert_int_equal(faults, 0);
}
