/* Writing to and asking a printer, whatever it hangs on. */
#include "kiosk/print/port.h"

#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "kiosk/print/port_driver.h"

static const struct port_driver *const port_drivers[] = {&port_tcp, &port_usb, &port_serial, &port_file};
enum { PORT_CHUNK = 4096 };

struct port_limits port_limits(void)
{
    return (struct port_limits){.connect = 3000, .stall = 10000, .status = 500, .finish = 5000};
}

/* The driver and the address within url. A bare path is a USB printer. */
static const struct port_driver *port_find(const char *url, const char **address)
{
    *address = url;
    for (size_t i = 0; i < sizeof port_drivers / sizeof port_drivers[0]; i++) {
        size_t n = strlen(port_drivers[i]->prefix);
        if (strncmp(url, port_drivers[i]->prefix, n) == 0) {
            *address = url + n;
            return port_drivers[i];
        }
    }
    return url[0] == '/' ? &port_usb : NULL;
}

enum err port_check(const char *url, struct error *e)
{
    const char *address;
    const struct port_driver *driver = port_find(url, &address);
    if (!driver || !*address || strlen(url) >= sizeof((struct port_config *)0)->url)
        return error_set(e, ERR_USAGE,
                         "\"%s\" is no printer: tcp://HOST:9100, usb:/dev/usb/lp0, serial:/dev/ttyS0 or file:PATH",
                         url);
    if (driver != &port_tcp)
        return ERR_NONE;
    const char *colon = strrchr(address, ':');
    char *end = NULL;
    long port = colon && colon > address ? strtol(colon + 1, &end, 10) : 0;
    if (port < 1 || port > 65535 || *end)
        return error_set(e, ERR_USAGE, "\"%s\": tcp://HOST:PORT is wanted, PORT usually 9100", url);
    return ERR_NONE;
}

enum err port_wait(const struct port *p, short events, int ms, const char *what, struct error *e)
{
    struct pollfd fds[] = {{.fd = p->fd, .events = events}, {.fd = p->config.stop_fd, .events = POLLIN}};
    int n;
    do
        n = poll(fds, 2, ms);
    while (n < 0 && errno == EINTR);
    if (n < 0)
        return error_set(e, ERR_IO, "%s: poll: %s", p->config.url, error_errno(errno));
    if (n == 0)
        return error_set(e, ERR_TIMEOUT, "%s: %s took longer than %d ms", p->config.url, what, ms);
    if (fds[1].revents)
        return error_set(e, ERR_STATE, "%s: asked to end while %s", p->config.url, what);
    return ERR_NONE;
}

enum err port_open(struct port **out, const struct port_config *config, struct error *e)
{
    const char *address;
    *out = NULL;
    enum err failed = port_check(config->url, e);
    if (failed)
        return failed;
    struct port *p = mem_new(1, sizeof *p);
    p->config = *config;
    p->fd = -1;
    p->driver = port_find(p->config.url, &address);
    failed = p->driver->open(p, address, e);
    if (failed)
        port_close(p);
    else
        *out = p;
    return failed;
}

enum err port_write(struct port *p, const void *bytes, size_t n, size_t *written, struct error *e)
{
    *written = 0;
    while (*written < n) {
        enum err failed = port_wait(p, POLLOUT, p->config.limits.stall, "writing", e);
        if (failed)
            return failed;
        size_t left = n - *written;
        ssize_t took = write(p->fd, (const char *)bytes + *written, left < PORT_CHUNK ? left : PORT_CHUNK);
        if (took >= 0)
            *written += (size_t)took;
        else if (errno != EAGAIN && errno != EINTR)
            return error_set(e, ERR_IO, "%s: writing: %s", p->config.url, error_errno(errno));
    }
    return ERR_NONE;
}

int port_ask(struct port *p, const uint8_t *bytes, size_t n, int wait_ms)
{
    uint8_t said[64];
    size_t written;
    if (!p->driver->answers)
        return -1;
    while (read(p->fd, said, sizeof said) > 0) {
    }
    if (port_write(p, bytes, n, &written, NULL) || port_wait(p, POLLIN, wait_ms, "asking", NULL))
        return -1;
    return read(p->fd, said, 1) == 1 ? said[0] : -1;
}

int port_paper_out(const struct port *p) { return p->driver->paper_out ? p->driver->paper_out(p) : 0; }

enum err port_finish(struct port *p, struct error *e) { return p->driver->finish(p, e); }

void port_close(struct port *p)
{
    if (p && p->fd >= 0)
        close(p->fd);
    free(p);
}
