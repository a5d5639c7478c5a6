/* A kind of port, as port.c sees it. Drivers open and finish; reading, writing and waiting are alike for all file
 * descriptors. */
#ifndef KIOSK_PRINT_PORT_DRIVER_H
#define KIOSK_PRINT_PORT_DRIVER_H

#include <stdbool.h>

#include "kiosk/print/port.h"

struct port {
    const struct port_driver *driver;
    struct port_config config;
    int fd; /* non-blocking */
};

struct port_driver {
    const char *prefix; /* of the URL */
    bool answers;       /* the printer can be asked for its state */
    /* address: the URL without the prefix. Sets p->fd. */
    enum err (*open)(struct port *p, const char *address, struct error *e);
    enum err (*finish)(struct port *p, struct error *e);
    int (*paper_out)(const struct port *p); /* may be NULL */
};

/* Waits for events (poll) on the port, at most ms. ERR_TIMEOUT, ERR_STATE (stop_fd), ERR_IO with a text about `what`.
 */
enum err port_wait(const struct port *p, short events, int ms, const char *what, struct error *e) MUST_CHECK;

extern const struct port_driver port_tcp, port_usb, port_serial, port_file;

#endif
