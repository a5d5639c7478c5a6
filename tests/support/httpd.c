/* One connection, one scripted answer. */
#include "tests/support/httpd.h"

#include <arpa/inet.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>
#include <unistd.h>

#include "kiosk/base/error.h"

/* Whether head and body (by its Content-Length) are here. */
static int httpd_is_complete(const char *request, size_t n)
{
    const char *end = strstr(request, "\r\n\r\n"), *length = strcasestr(request, "\r\nContent-Length:");
    if (!end)
        return 0;
    size_t body = length && length < end ? strtoul(length + 17, NULL, 10) : 0;
    return n >= (size_t)(end + 4 - request) + body;
}

static void httpd_receive(struct httpd *h, int fd)
{
    size_t n = 0;
    while (n + 1 < sizeof h->request) {
        ssize_t got = read(fd, h->request + n, sizeof h->request - 1 - n);
        if (got <= 0)
            return;
        n += (size_t)got;
        h->request[n] = 0;
        if (httpd_is_complete(h->request, n))
            return;
    }
}

static int httpd_send(int fd, const char *bytes, size_t n)
{
    while (n > 0) {
        ssize_t put = send(fd, bytes, n, MSG_NOSIGNAL);
        if (put <= 0)
            return -1;
        bytes += put;
        n -= (size_t)put;
    }
    return 0;
}

static void *httpd_serve(void *context)
{
    struct httpd *h = context;
    char block[4096];
    memset(block, 'x', sizeof block);
    int fd = accept(h->listen_fd, NULL, NULL);
    if (fd < 0)
        return NULL;
    httpd_receive(h, fd);
    if (!h->reply) {
        while (read(fd, block, sizeof block) > 0)
            continue;
    } else if (httpd_send(fd, h->reply, h->n) == 0) {
        size_t left = h->repeat_last;
        while (left > 0 && httpd_send(fd, block, left < sizeof block ? left : sizeof block) == 0)
            left -= left < sizeof block ? left : sizeof block;
    }
    close(fd);
    return NULL;
}

void httpd_start(struct httpd *h)
{
    struct sockaddr_in at = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t n = sizeof at;
    h->listen_fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (h->listen_fd < 0 || bind(h->listen_fd, (struct sockaddr *)&at, n) < 0 || listen(h->listen_fd, 1) < 0 ||
        getsockname(h->listen_fd, (struct sockaddr *)&at, &n) < 0 || pthread_create(&h->thread, NULL, httpd_serve, h))
        die("the test's HTTP server does not start");
    snprintf(h->url, sizeof h->url, "http://127.0.0.1:%d", ntohs(at.sin_port));
}

void httpd_stop(struct httpd *h)
{
    /* Wakes accept() when nobody came. */
    shutdown(h->listen_fd, SHUT_RDWR);
    pthread_join(h->thread, NULL);
    close(h->listen_fd);
}
