/* Reading a secret without showing it. */
#include "sync/hub/passphrase.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

#include "kiosk/base/file.h"

static enum err passphrase_type(int fd, struct buf *out, struct error *e)
{
    static const char prompt[] = "Passphrase of the opener's key: ";
    struct termios was, quiet;
    char c = 0;
    if (tcgetattr(fd, &was) < 0)
        return error_set(e, ERR_IO, "/dev/tty: %s", error_errno(errno));
    quiet = was;
    quiet.c_lflag &= ~(tcflag_t)ECHO;
    bool good = tcsetattr(fd, TCSAFLUSH, &quiet) == 0 && write(fd, prompt, sizeof prompt - 1) > 0;
    while (good && read(fd, &c, 1) == 1 && c != '\n')
        buf_add_char(out, c);
    good = tcsetattr(fd, TCSAFLUSH, &was) == 0 && good;
    good = write(fd, "\n", 1) == 1 && good;
    return good ? ERR_NONE : error_set(e, ERR_IO, "/dev/tty: %s", error_errno(errno));
}

static enum err passphrase_ask(struct buf *out, struct error *e)
{
    int fd = open("/dev/tty", O_RDWR | O_NOCTTY | O_CLOEXEC);
    if (fd < 0)
        return error_set(e, ERR_USAGE, "a passphrase is wanted: --passphrase-file FILE, or a terminal to ask at");
    enum err err = passphrase_type(fd, out, e);
    close(fd);
    return err;
}

enum err passphrase_read(const char *file, struct buf *out, struct error *e)
{
    size_t before = out->len;
    enum err err = file ? file_read(file, out, e) : passphrase_ask(out, e);
    if (err)
        return err;
    size_t n = strcspn(out->data + before, "\r\n");
    memset(out->data + before + n, 0, out->len - before - n);
    out->len = before + n;
    if (n < PASSPHRASE_MIN)
        return error_set(e, ERR_INVALID, "the passphrase is shorter than %d characters", PASSPHRASE_MIN);
    return ERR_NONE;
}
