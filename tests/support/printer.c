/* The printer's loop: one poll, one connection at a time, as cheap printers have it. */
#include "tests/support/printer.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "tests/support/paper.h"

enum { PRINTER_SLOW_BYTES = 400, PRINTER_SLOW_MS = 10, PRINTER_DROP_AFTER = 5000, PRINTER_OUT_AFTER = 5000 };

static const char *const printer_names[] = {"ok",     "low",  "paper",   "cover",   "error",    "offline",
                                            "silent", "slow", "stalled", "dropped", "runs-out", "mute"};

struct printer {
    struct printer_setup setup;
    enum printer_state state;
    struct paper paper;
    int fd;           /* the connection, -1: none */
    size_t job_bytes; /* taken on this connection, questions not counted */
    uint8_t asked[2]; /* the beginning of a question between jobs */
    int asked_len;
    int count;     /* papers so far */
    char line[64]; /* from control_fd */
    size_t line_len;
    bool ending;
};

bool printer_state_by_name(const char *name, enum printer_state *out)
{
    for (size_t i = 0; i < sizeof printer_names / sizeof printer_names[0]; i++)
        if (strcmp(printer_names[i], name) == 0) {
            *out = (enum printer_state)i;
            return true;
        }
    return false;
}

int printer_listen(const char *address, int *port)
{
    char host[64];
    const char *colon = strrchr(address, ':');
    struct sockaddr_in a = {.sin_family = AF_INET};
    socklen_t size = sizeof a;
    if (!colon || (size_t)(colon - address) >= sizeof host)
        return -1;
    memcpy(host, address, (size_t)(colon - address));
    host[colon - address] = 0;
    a.sin_port = htons((uint16_t)strtol(colon + 1, NULL, 10));
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0), yes = 1, small = 8192;
    if (fd < 0)
        return -1;
    setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
    setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &small, sizeof small); /* a printer's memory is small */
    if (inet_pton(AF_INET, host, &a.sin_addr) != 1 || bind(fd, (struct sockaddr *)&a, sizeof a) < 0 ||
        listen(fd, 8) < 0 || getsockname(fd, (struct sockaddr *)&a, &size) < 0) {
        close(fd);
        return -1;
    }
    *port = ntohs(a.sin_port);
    return fd;
}

/* ---- papers */

static void printer_write_fault(const struct printer *p, const char *base)
{
    char path[4200];
    snprintf(path, sizeof path, "%s.fault", base);
    FILE *f = fopen(path, "w");
    if (f) {
        fprintf(f, "%s\n", p->paper.fault);
        fclose(f);
    }
    fprintf(stderr, "fakeprinter: %s\n", p->paper.fault);
}

/* Tears the paper off: the picture appears in the folder whole or not at all. */
static void printer_tear(struct printer *p)
{
    char base[4100], part[4200], path[4200];
    if (paper_is_blank(&p->paper) && !p->paper.fault[0]) {
        paper_tear(&p->paper);
        return;
    }
    /* One that was started again goes on with the numbers. */
    do {
        snprintf(base, sizeof base, "%s/paper-%04d", p->setup.papers, ++p->count);
        snprintf(path, sizeof path, "%s.png", base);
    } while (access(path, F_OK) == 0);
    snprintf(part, sizeof part, "%s.part", base);
    if (!paper_write_png(&p->paper, part) || rename(part, path) < 0)
        fprintf(stderr, "fakeprinter: %s cannot be written\n", path);
    if (p->paper.fault[0])
        printer_write_fault(p, base);
    else
        fprintf(stderr, "fakeprinter: %s\n", path);
    paper_tear(&p->paper);
}

/* ---- answers */

static bool printer_answers(const struct printer *p)
{
    return p->state != PRINTER_SILENT && p->state != PRINTER_STALLED && !(p->state == PRINTER_MUTE && p->job_bytes > 0);
}

static uint8_t printer_status(const struct printer *p, int question)
{
    bool out = p->state == PRINTER_PAPER || (p->state == PRINTER_RUNS_OUT && p->job_bytes > PRINTER_OUT_AFTER);
    bool cover = p->state == PRINTER_COVER, error = p->state == PRINTER_ERROR;
    switch (question) {
    case 1:
        return 0x12 | (out || cover || error || p->state == PRINTER_OFFLINE ? 0x08 : 0);
    case 2:
        return (uint8_t)(0x12 | (cover ? 0x04 : 0) | (out ? 0x20 : 0) | (error ? 0x40 : 0));
    case 3:
        return 0x12 | (error ? 0x08 : 0);
    default:
        return (uint8_t)(0x12 | (out ? 0x6C : p->state == PRINTER_LOW ? 0x0C : 0));
    }
}

static bool printer_between_commands(const struct printer *p)
{
    return p->paper.raster_left == 0 && p->paper.pending_len == 0 && p->paper.line_at == 0;
}

static void printer_byte(struct printer *p, uint8_t b)
{
    if (p->asked_len == 0 && b != 0x10) {
        p->job_bytes++;
        if (p->state != PRINTER_RUNS_OUT || p->job_bytes <= PRINTER_OUT_AFTER)
            paper_feed(&p->paper, &b, 1);
        return;
    }
    if (p->asked_len < 2) {
        p->asked[p->asked_len++] = b;
        return;
    }
    p->asked_len = 0;
    if (p->asked[1] == 0x04 && b >= 1 && b <= 4) {
        uint8_t answer = printer_status(p, b);
        if (printer_answers(p) && write(p->fd, &answer, 1) != 1)
            fprintf(stderr, "fakeprinter: nobody waits for an answer\n");
    } else {
        paper_feed(&p->paper, p->asked, 2);
        paper_feed(&p->paper, &b, 1);
    }
}

/* Questions stand before a job and between its commands; inside one they are its bytes, and a fault if they are
 * executed. Before a job the printer may still wait for the dots of one that was torn: it answers all the same. */
static void printer_take(struct printer *p, const uint8_t *bytes, size_t n)
{
    bool swallow = p->state == PRINTER_RUNS_OUT;
    for (size_t i = 0; i < n; i++) {
        if (p->asked_len || p->job_bytes == 0 || printer_between_commands(p) ||
            (swallow && p->job_bytes > PRINTER_OUT_AFTER)) {
            printer_byte(p, bytes[i]);
        } else {
            p->job_bytes++;
            if (!swallow || p->job_bytes <= PRINTER_OUT_AFTER)
                paper_feed(&p->paper, &bytes[i], 1);
        }
        if (p->paper.cuts)
            printer_tear(p);
    }
}

/* ---- connections */

static void printer_hang_up(struct printer *p, bool rudely)
{
    struct linger now = {.l_onoff = 1, .l_linger = 0};
    if (rudely)
        setsockopt(p->fd, SOL_SOCKET, SO_LINGER, &now, sizeof now);
    else
        printer_tear(p);
    close(p->fd);
    p->fd = -1;
}

static void printer_read(struct printer *p)
{
    uint8_t bytes[4096];
    size_t want = p->state == PRINTER_SLOW ? PRINTER_SLOW_BYTES : sizeof bytes;
    ssize_t n = read(p->fd, bytes, want);
    if (n < 0 && (errno == EAGAIN || errno == EINTR))
        return;
    if (n > 0)
        printer_take(p, bytes, (size_t)n);
    if (n <= 0)
        printer_hang_up(p, false);
    else if (p->state == PRINTER_DROPPED && p->job_bytes > PRINTER_DROP_AFTER)
        printer_hang_up(p, true);
}

static void printer_accept(struct printer *p)
{
    p->fd = accept4(p->setup.listen_fd, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK);
    p->job_bytes = 0;
    p->asked_len = 0;
}

/* ---- control */

static void printer_command(struct printer *p, const char *line)
{
    enum printer_state state;
    bool good = true;
    if (strcmp(line, "quit") == 0)
        p->ending = true;
    else if (strncmp(line, "state ", 6) == 0 && printer_state_by_name(line + 6, &state))
        p->state = state;
    else
        good = false;
    const char *answer = good ? "ok\n" : "what?\n";
    if (p->setup.answer_fd >= 0 && write(p->setup.answer_fd, answer, strlen(answer)) < 0)
        p->setup.answer_fd = -1;
}

static void printer_control(struct printer *p)
{
    char bytes[64];
    ssize_t n = read(p->setup.control_fd, bytes, sizeof bytes);
    if (n == 0)
        p->ending = true;
    for (ssize_t i = 0; i < n; i++) {
        if (bytes[i] != '\n') {
            if (p->line_len + 1 < sizeof p->line)
                p->line[p->line_len++] = bytes[i];
            continue;
        }
        p->line[p->line_len] = 0;
        p->line_len = 0;
        printer_command(p, p->line);
    }
}

static void printer_turn(struct printer *p)
{
    bool deaf = p->state == PRINTER_STALLED;
    struct pollfd fds[] = {{.fd = p->fd < 0 ? p->setup.listen_fd : -1, .events = POLLIN},
                           {.fd = deaf ? -1 : p->fd, .events = POLLIN},
                           {.fd = p->setup.control_fd, .events = POLLIN},
                           {.fd = p->setup.stop_fd, .events = POLLIN},
                           {.fd = deaf ? p->fd : -1, .events = POLLRDHUP}};
    if (poll(fds, 5, -1) < 0)
        return;
    if (fds[3].revents)
        p->ending = true;
    if (fds[2].revents)
        printer_control(p);
    if (fds[0].revents)
        printer_accept(p);
    if (fds[4].revents)
        printer_hang_up(p, true);
    else if (fds[1].revents)
        printer_read(p);
    if (p->state == PRINTER_SLOW && p->fd >= 0)
        poll(&fds[2], 2, PRINTER_SLOW_MS);
}

bool printer_run(const struct printer_setup *setup)
{
    struct printer p = {.setup = *setup, .state = setup->state, .fd = -1};
    paper_init(&p.paper, setup->width);
    fcntl(setup->listen_fd, F_SETFL, O_NONBLOCK);
    while (!p.ending)
        printer_turn(&p);
    if (p.fd >= 0)
        printer_hang_up(&p, false);
    close(setup->listen_fd);
    paper_done(&p.paper);
    return true;
}
