/* A printer on the network: raw bytes to a TCP port. */
#include <errno.h>
#include <linux/sockios.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include "kiosk/print/port_driver.h"

/* Little of a job may wait on our side: a printer that takes no more must be noticed. */
enum { PORT_TCP_SEND_BYTES = 8192 };

static enum err port_tcp_connect(struct port *p, const struct addrinfo *a, struct error *e)
{
    p->fd = socket(a->ai_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (p->fd < 0)
        return error_set(e, ERR_NET, "%s: socket: %s", p->config.url, error_errno(errno));
    setsockopt(p->fd, SOL_SOCKET, SO_SNDBUF, &(int){PORT_TCP_SEND_BYTES}, sizeof(int));
    if (connect(p->fd, a->ai_addr, a->ai_addrlen) < 0 && errno != EINPROGRESS)
        return error_set(e, ERR_NET, "%s: %s", p->config.url, error_errno(errno));
    enum err failed = port_wait(p, POLLOUT, p->config.limits.connect, "connecting", e);
    if (failed)
        return failed;
    int fault = 0;
    socklen_t size = sizeof fault;
    if (getsockopt(p->fd, SOL_SOCKET, SO_ERROR, &fault, &size) < 0 || fault)
        return error_set(e, ERR_NET, "%s: %s", p->config.url, error_errno(fault));
    /* status questions are three bytes and must not wait for an acknowledgement */
    setsockopt(p->fd, IPPROTO_TCP, TCP_NODELAY, &(int){1}, sizeof(int));
    return ERR_NONE;
}

/* The first address that answers. Names are looked up by the system, numeric addresses at once. */
static enum err port_tcp_open(struct port *p, const char *address, struct error *e)
{
    char host[256];
    const char *colon = strrchr(address, ':');
    struct addrinfo hints = {.ai_socktype = SOCK_STREAM, .ai_flags = AI_NUMERICSERV | AI_ADDRCONFIG}, *list = NULL;
    size_t n = (size_t)(colon - address);
    if (n >= 2 && address[0] == '[' && address[n - 1] == ']') {
        address++;
        n -= 2;
    }
    snprintf(host, sizeof host, "%.*s", (int)n, address);
    int fault = getaddrinfo(host, colon + 1, &hints, &list);
    if (fault)
        return error_set(e, ERR_NET, "%s: %s", p->config.url,
                         fault == EAI_AGAIN ? "the name server does not answer" : "no such host or port");
    enum err failed = ERR_NET;
    for (const struct addrinfo *a = list; a && failed && failed != ERR_STATE; a = a->ai_next) {
        failed = port_tcp_connect(p, a, e);
        if (failed && p->fd >= 0) {
            close(p->fd);
            p->fd = -1;
        }
    }
    freeaddrinfo(list);
    return failed;
}

/* Bytes that the other machine has not acknowledged; -1 when the system does not tell. */
static int port_tcp_queued(const struct port *p)
{
    int queued = -1;
    return ioctl(p->fd, SIOCOUTQ, &queued) == 0 ? queued : -1;
}

/* Half-closes and waits for the other half: a printer closes when it has read everything. Some never do; then it is
 * enough that the printer's machine has acknowledged all of it. */
static enum err port_tcp_finish(struct port *p, struct error *e)
{
    char said[64];
    if (shutdown(p->fd, SHUT_WR) < 0)
        return error_set(e, ERR_NET, "%s: %s", p->config.url, error_errno(errno));
    for (;;) {
        enum err failed = port_wait(p, POLLIN, p->config.limits.finish, "closing", e);
        if (failed)
            return failed == ERR_TIMEOUT && port_tcp_queued(p) == 0 ? ERR_NONE : failed;
        ssize_t n = read(p->fd, said, sizeof said);
        if (n == 0)
            return ERR_NONE;
        if (n < 0 && errno != EAGAIN && errno != EINTR)
            return error_set(e, ERR_NET, "%s: closing: %s", p->config.url, error_errno(errno));
    }
}

const struct port_driver port_tcp = {
    .prefix = "tcp://", .answers = true, .open = port_tcp_open, .finish = port_tcp_finish};
