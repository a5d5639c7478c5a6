/* Printers that are files: the kernel's usblp, a serial line, and a plain file that collects what would be printed. */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <termios.h>

#include "kiosk/print/port_driver.h"

enum {
    PORT_LPGETSTATUS =
        0x060B, /* <linux/lp.h>; the printer class's GET_PORT_STATUS byte (USB Printer Class 1.1, 4.2.2) */
    PORT_LP_PAPER_OUT = 0x20,
    PORT_SERIAL_STEP_MS = 20,
};

static enum err port_open_path(struct port *p, const char *path, int flags, struct error *e)
{
    p->fd = open(path, flags | O_CLOEXEC, 0600);
    if (p->fd >= 0)
        return ERR_NONE;
    enum err code = errno == ENOENT || errno == ENODEV || errno == ENXIO ? ERR_NOT_FOUND
                    : errno == EBUSY                                     ? ERR_BUSY
                                                                         : ERR_IO;
    return error_set(e, code, "%s: %s", path, error_errno(errno));
}

/* ---- USB. Without O_NONBLOCK a write hangs for ever when paper is out. */

static enum err port_usb_open(struct port *p, const char *path, struct error *e)
{
    struct stat st;
    enum err failed = port_open_path(p, path, O_RDWR | O_NONBLOCK, e);
    if (!failed && (fstat(p->fd, &st) < 0 || !S_ISCHR(st.st_mode)))
        return error_set(e, ERR_USAGE, "%s: no printer device; for a plain file write file:%s", path, path);
    return failed;
}

/* Closing throws away what the device has not taken: it is ready to write again when the last block is through. */
static enum err port_usb_finish(struct port *p, struct error *e)
{
    return port_wait(p, POLLOUT, p->config.limits.finish, "finishing", e);
}

static int port_usb_paper_out(const struct port *p)
{
    int status = 0;
    return ioctl(p->fd, PORT_LPGETSTATUS, &status) == 0 && (status & PORT_LP_PAPER_OUT) != 0;
}

/* ---- serial: 8N1, RTS/CTS. XON/XOFF would eat bytes of pictures. */

static speed_t port_serial_speed(int baud)
{
    static const struct {
        int baud;
        speed_t speed;
    } speeds[] = {{1200, B1200},   {2400, B2400},   {4800, B4800},   {9600, B9600},
                  {19200, B19200}, {38400, B38400}, {57600, B57600}, {115200, B115200}};
    for (size_t i = 0; i < sizeof speeds / sizeof speeds[0]; i++)
        if (speeds[i].baud == baud)
            return speeds[i].speed;
    return B0;
}

static enum err port_serial_open(struct port *p, const char *path, struct error *e)
{
    struct termios line;
    speed_t speed = port_serial_speed(p->config.baud);
    enum err failed = port_open_path(p, path, O_RDWR | O_NONBLOCK | O_NOCTTY, e);
    if (failed)
        return failed;
    if (speed == B0)
        return error_set(e, ERR_USAGE, "%d baud: 1200, 2400, 4800, 9600, 19200, 38400, 57600 or 115200",
                         p->config.baud);
    if (tcgetattr(p->fd, &line) < 0)
        return error_set(e, ERR_IO, "%s: %s", path, error_errno(errno));
    cfmakeraw(&line);
    line.c_cflag |= CREAD | CLOCAL | CRTSCTS;
    line.c_cflag &= ~(tcflag_t)(CSTOPB | PARENB);
    cfsetispeed(&line, speed);
    cfsetospeed(&line, speed);
    if (tcsetattr(p->fd, TCSANOW, &line) < 0)
        return error_set(e, ERR_IO, "%s: %s", path, error_errno(errno));
    return ERR_NONE;
}

/* tcdrain() may wait for ever, so the queue's length is looked at; the limit begins anew whenever it shrinks. */
static enum err port_serial_finish(struct port *p, struct error *e)
{
    int queued = 0, before = -1, waited = 0;
    while (ioctl(p->fd, TIOCOUTQ, &queued) == 0 && queued > 0) {
        struct pollfd stop = {.fd = p->config.stop_fd, .events = POLLIN};
        waited = queued == before ? waited + PORT_SERIAL_STEP_MS : 0;
        before = queued;
        if (waited > p->config.limits.finish)
            return error_set(e, ERR_TIMEOUT, "%s: %d bytes were not taken", p->config.url, queued);
        if (poll(&stop, 1, PORT_SERIAL_STEP_MS) > 0)
            return error_set(e, ERR_STATE, "%s: asked to end while finishing", p->config.url);
    }
    return ERR_NONE;
}

/* ---- a file */

static enum err port_file_open(struct port *p, const char *path, struct error *e)
{
    return port_open_path(p, path, O_WRONLY | O_APPEND | O_CREAT | O_NONBLOCK, e);
}

static enum err port_file_finish(struct port *p, struct error *e)
{
    (void)p;
    (void)e;
    return ERR_NONE;
}

const struct port_driver port_usb = {.prefix = "usb:",
                                     .answers = true,
                                     .open = port_usb_open,
                                     .finish = port_usb_finish,
                                     .paper_out = port_usb_paper_out};
const struct port_driver port_serial = {
    .prefix = "serial:", .answers = true, .open = port_serial_open, .finish = port_serial_finish};
const struct port_driver port_file = {
    .prefix = "file:", .answers = false, .open = port_file_open, .finish = port_file_finish};
