/* One thread, one connection at a time. */
#include "tests/support/relay.h"

#include <arpa/inet.h>
#include <poll.h>
#include <stdio.h>
#include <sys/socket.h>
#include <unistd.h>

#include "kiosk/base/error.h"

static int relay_connect(const struct relay *r)
{
    struct sockaddr_in at = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    at.sin_port = htons((unsigned short)r->port);
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (connect(fd, (struct sockaddr *)&at, sizeof at) == 0)
        return fd;
    close(fd);
    return -1;
}

/* Passes on what one side has; false at its end. */
static int relay_pass(int from, int to, atomic_long *count)
{
    char bytes[2048];
    ssize_t n = recv(from, bytes, sizeof bytes, 0);
    if (n <= 0)
        return 0;
    atomic_fetch_add(count, n);
    return send(to, bytes, (size_t)n, MSG_NOSIGNAL) == n;
}

/* Until one side ends, the line is cut, or somebody else connects: a client has one connection. */
static void relay_run(struct relay *r, int client, int server)
{
    long begun = atomic_load(&r->down);
    for (int going = 1; going;) {
        struct pollfd p[] = {
            {.fd = client, .events = POLLIN}, {.fd = server, .events = POLLIN}, {.fd = r->listen_fd, .events = POLLIN}};
        if (poll(p, 3, -1) < 0)
            return;
        if (p[0].revents)
            going = relay_pass(client, server, &r->up);
        if (going && p[1].revents)
            going = relay_pass(server, client, &r->down);
        long cut = atomic_load(&r->cut);
        if (cut && atomic_load(&r->down) - begun >= cut)
            going = 0;
        if (!p[0].revents && !p[1].revents && p[2].revents)
            going = 0;
    }
}

static void *relay_serve(void *context)
{
    struct relay *r = context;
    for (int client = accept(r->listen_fd, NULL, NULL); client >= 0; client = accept(r->listen_fd, NULL, NULL)) {
        int server = relay_connect(r);
        atomic_fetch_add(&r->connections, 1);
        if (server >= 0) {
            relay_run(r, client, server);
            close(server);
        }
        close(client);
    }
    return NULL;
}

void relay_start(struct relay *r, int port)
{
    struct sockaddr_in at = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t n = sizeof at;
    *r = (struct relay){.port = port};
    r->listen_fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (r->listen_fd < 0 || bind(r->listen_fd, (struct sockaddr *)&at, n) < 0 || listen(r->listen_fd, 4) < 0 ||
        getsockname(r->listen_fd, (struct sockaddr *)&at, &n) < 0 || pthread_create(&r->thread, NULL, relay_serve, r))
        die("the test's relay does not start");
    snprintf(r->url, sizeof r->url, "http://127.0.0.1:%d", ntohs(at.sin_port));
}

void relay_stop(struct relay *r)
{
    shutdown(r->listen_fd, SHUT_RDWR);
    pthread_join(r->thread, NULL);
    close(r->listen_fd);
}
