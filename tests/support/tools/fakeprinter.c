/* fakeprinter: a receipt printer on a TCP port whose paper is pictures. For `make demo` and the end-to-end tests.
 * usage: fakeprinter --listen HOST:PORT --papers DIR [--state NAME] [--width DOTS] [--control FIFO]
 * Says "listening on HOST:PORT" when it is ready. Lines written to FIFO change it, "state cover" or "quit",
 * each answered by "ok" on its standard output. */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/signalfd.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tests/support/paper.h"
#include "tests/support/printer.h"

struct fakeprinter_options {
    const char *listen, *papers, *state, *width, *control;
};

static int fakeprinter_usage(const char *why)
{
    fprintf(stderr,
            "fakeprinter: %s\nusage: fakeprinter --listen HOST:PORT --papers DIR [--state NAME] [--width DOTS] "
            "[--control FIFO]\n"
            "states: ok low paper cover error offline silent slow stalled dropped runs-out mute\n",
            why);
    return 2;
}

static const char **fakeprinter_option(struct fakeprinter_options *o, const char *name)
{
    return strcmp(name, "--listen") == 0    ? &o->listen
           : strcmp(name, "--papers") == 0  ? &o->papers
           : strcmp(name, "--state") == 0   ? &o->state
           : strcmp(name, "--width") == 0   ? &o->width
           : strcmp(name, "--control") == 0 ? &o->control
                                            : NULL;
}

/* Readable when the program is asked to end. */
static int fakeprinter_stop_fd(void)
{
    sigset_t set;
    sigemptyset(&set);
    sigaddset(&set, SIGTERM);
    sigaddset(&set, SIGINT);
    sigprocmask(SIG_BLOCK, &set, NULL);
    signal(SIGPIPE, SIG_IGN);
    return signalfd(-1, &set, SFD_CLOEXEC);
}

int main(int argc, char **argv)
{
    struct fakeprinter_options o = {.state = "ok", .width = "384"};
    for (int i = 1; i < argc; i += 2) {
        const char **into = fakeprinter_option(&o, argv[i]);
        if (!into || i + 1 == argc)
            return fakeprinter_usage(argv[i]);
        *into = argv[i + 1];
    }
    struct printer_setup setup = {
        .control_fd = -1, .answer_fd = -1, .papers = o.papers, .width = (int)strtol(o.width, NULL, 10)};
    if (!o.listen || !o.papers || !printer_state_by_name(o.state, &setup.state) || setup.width < 256 ||
        setup.width > 576)
        return fakeprinter_usage("an option is missing or wrong");
    int port = 0;
    if (mkdir(o.papers, 0755) < 0 && errno != EEXIST) {
        fprintf(stderr, "fakeprinter: %s: %s\n", o.papers, strerror(errno));
        return 1;
    }
    setup.listen_fd = printer_listen(o.listen, &port);
    setup.stop_fd = fakeprinter_stop_fd();
    if (setup.listen_fd < 0) {
        fprintf(stderr, "fakeprinter: cannot listen on %s: %s\n", o.listen, strerror(errno));
        return 1;
    }
    if (o.control) {
        if (mkfifo(o.control, 0600) < 0 && errno != EEXIST)
            fprintf(stderr, "fakeprinter: %s: %s\n", o.control, strerror(errno));
        setup.control_fd = open(o.control, O_RDWR | O_CLOEXEC); /* a writer of our own, so that it never ends */
        setup.answer_fd = STDOUT_FILENO;
    }
    printf("listening on %.*s:%d\n", (int)(strrchr(o.listen, ':') - o.listen), o.listen, port);
    fflush(stdout);
    bool good = printer_run(&setup);
    paper_forget_fonts();
    return good ? 0 : 1;
}
