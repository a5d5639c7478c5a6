/* The way to a printer. A URL says which: tcp://HOST:PORT (raw, usually 9100), usb:/dev/usb/lp0 or just the path,
 * serial:/dev/ttyS0, file:PATH (appended to; for tests and captures). Every wait has an end; none is longer than the
 * limits below. */
#ifndef KIOSK_PRINT_PORT_H
#define KIOSK_PRINT_PORT_H

#include <stddef.h>
#include <stdint.h>

#include "kiosk/base/error.h"

struct port;

/* Milliseconds; port_limits() gives the usual ones. */
struct port_limits {
    int connect; /* until a TCP printer has answered */
    int stall;   /* without a single byte taken */
    int status;  /* until a status byte has come */
    int finish;  /* after the last byte, until the printer has everything */
};
struct port_limits port_limits(void); /* 3000, 10000, 500, 5000 */

struct port_config {
    char url[256];
    int baud;    /* of a serial line */
    int stop_fd; /* becomes readable when the program is to end; -1: none */
    struct port_limits limits;
};

/* Whether url is one of the above; ERR_USAGE says what is wrong. Opens nothing. */
enum err port_check(const char *url, struct error *e) MUST_CHECK;
/* ERR_NET, ERR_NOT_FOUND, ERR_BUSY (a USB printer has one opener), ERR_IO: the printer cannot be reached. ERR_STATE:
 * stop_fd. */
enum err port_open(struct port **out, const struct port_config *config, struct error *e) MUST_CHECK;
/* Writes all n bytes; *written counts what was taken, also when it fails. ERR_TIMEOUT: stalled. ERR_NET, ERR_IO: gone.
 * ERR_STATE: stop_fd. */
enum err port_write(struct port *p, const void *bytes, size_t n, size_t *written, struct error *e) MUST_CHECK;
/* Sends n bytes and gives back the next byte the printer says, or -1 when it says nothing within wait_ms. What it said
 * before is thrown away first. */
int port_ask(struct port *p, const uint8_t *bytes, size_t n, int wait_ms);
/* 1: the port itself (not the printer's program) tells that paper is out; 0: it does not, or cannot tell. */
int port_paper_out(const struct port *p);
/* Waits until everything written has left this machine and, by TCP, until the printer has read it. ERR_TIMEOUT,
 * ERR_NET, ERR_IO: it is not sure that it arrived. */
enum err port_finish(struct port *p, struct error *e) MUST_CHECK;
void port_close(struct port *p); /* takes NULL */

#endif
