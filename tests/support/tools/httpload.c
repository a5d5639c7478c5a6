/* httpload: as many kiosks as wanted ask one server of this machine, each over a connection of its own that stays open, each
 * again as soon as it was answered.
 *   httpload PORT CONNECTIONS MILLISECONDS STATUS PATH [HEADER]...
 * Prints answers per second and their 99th percentile in milliseconds. Fails when an answer has another status. */
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/tcp.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include "tests/support/figures.h"

enum { LOAD_HEAD = 2048, LOAD_TIMES = 200000, LOAD_EVENTS = 256 };

struct load_connection {
    int fd;
    double asked;
    size_t have; /* of the head */
    long left;   /* bytes of the body that are still to come; -1: the head is */
    char head[LOAD_HEAD];
};

struct load {
    int epoll, port, status;
    char request[LOAD_HEAD];
    size_t n;
    long answers;
    double *times, end;
};

static void load_die(const char *what)
{
    fprintf(stderr, "httpload: %s: %s\n", what, strerror(errno));
    exit(1);
}

static void load_ask(struct load *l, struct load_connection *c)
{
    c->asked = figures_now();
    c->have = 0;
    c->left = -1;
    if (send(c->fd, l->request, l->n, MSG_NOSIGNAL) != (ssize_t)l->n)
        load_die("send");
}

static void load_connect(struct load *l, struct load_connection *c)
{
    struct sockaddr_in at = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    struct epoll_event ev = {.events = EPOLLIN, .data.ptr = c};
    int one = 1;
    at.sin_port = htons((unsigned short)l->port);
    c->fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (c->fd < 0 || connect(c->fd, (struct sockaddr *)&at, sizeof at) < 0)
        load_die("connect");
    setsockopt(c->fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
    if (epoll_ctl(l->epoll, EPOLL_CTL_ADD, c->fd, &ev) < 0)
        load_die("epoll");
    load_ask(l, c);
}

/* The head is whole: its status, and how much of a body there is. */
static void load_judge(const struct load *l, struct load_connection *c, const char *end)
{
    const char *length = strcasestr(c->head, "\r\nContent-Length:");
    long status = strtol(c->head + 9, NULL, 10);
    if (status != l->status) {
        fprintf(stderr, "httpload: status %ld instead of %d\n", status, l->status);
        exit(1);
    }
    c->left = status == 304 || !length ? 0 : strtol(length + 17, NULL, 10);
    c->left -= (long)(c->have - (size_t)(end + 4 - c->head));
}

static void load_read(struct load *l, struct load_connection *c)
{
    static char body[256 << 10];
    bool in_head = c->left < 0;
    ssize_t n = in_head ? recv(c->fd, c->head + c->have, LOAD_HEAD - 1 - c->have, MSG_DONTWAIT)
                        : recv(c->fd, body, sizeof body, MSG_DONTWAIT);
    if (n < 0 && errno == EAGAIN)
        return;
    if (n <= 0)
        load_die("an answer breaks off");
    if (in_head) {
        c->have += (size_t)n;
        c->head[c->have] = '\0';
        const char *end = strstr(c->head, "\r\n\r\n");
        if (!end)
            return;
        load_judge(l, c, end);
    } else {
        c->left -= n;
    }
    if (c->left > 0)
        return;
    double now = figures_now();
    if (l->answers < LOAD_TIMES)
        l->times[l->answers] = now - c->asked;
    l->answers++;
    load_ask(l, c);
}

static void load_request(struct load *l, int argc, char **argv)
{
    size_t n = (size_t)snprintf(l->request, sizeof l->request, "GET %s HTTP/1.1\r\nHost: hub\r\n", argv[5]);
    for (int i = 6; i < argc; i++)
        n += (size_t)snprintf(l->request + n, sizeof l->request - n, "%s\r\n", argv[i]);
    l->n = n + (size_t)snprintf(l->request + n, sizeof l->request - n, "\r\n");
}

int main(int argc, char **argv)
{
    struct load *l = calloc(1, sizeof *l);
    struct rlimit files;
    if (argc < 6 || !l) {
        fprintf(stderr, "usage: httpload PORT CONNECTIONS MILLISECONDS STATUS PATH [HEADER]...\n");
        return 2;
    }
    int count = (int)strtol(argv[2], NULL, 10);
    l->port = (int)strtol(argv[1], NULL, 10);
    l->status = (int)strtol(argv[4], NULL, 10);
    l->times = calloc(LOAD_TIMES, sizeof *l->times);
    struct load_connection *all = calloc((size_t)count, sizeof *all);
    getrlimit(RLIMIT_NOFILE, &files);
    files.rlim_cur = files.rlim_max;
    setrlimit(RLIMIT_NOFILE, &files);
    load_request(l, argc, argv);
    l->epoll = epoll_create1(EPOLL_CLOEXEC);
    for (int i = 0; i < count; i++)
        load_connect(l, &all[i]);
    double from = figures_now();
    l->end = from + (double)strtol(argv[3], NULL, 10) / 1e3;
    while (figures_now() < l->end) {
        struct epoll_event events[LOAD_EVENTS];
        int n = epoll_wait(l->epoll, events, LOAD_EVENTS, 1000);
        for (int i = 0; i < n; i++)
            load_read(l, events[i].data.ptr);
    }
    double took = figures_now() - from;
    int kept = (int)(l->answers < LOAD_TIMES ? l->answers : LOAD_TIMES);
    printf("%.0f %.3f\n", (double)l->answers / took, figures_rank(l->times, kept, 0.99) * 1e3);
    free(all);
    free(l->times);
    free(l);
    return 0;
}
