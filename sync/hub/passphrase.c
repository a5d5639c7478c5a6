/* Reading a secret without showing it. */
#include "sync/hub/passphrase.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

#include "kiosk/base/buf.h"
#include "kiosk/base/file.h"
#include "kiosk/base/guard.h"

static enum err passphrase_type(int fd, char *out, struct error *e)
{
    static const char prompt[] = "Passphrase of the opener's key: ";
    struct termios was, quiet;
    char c = 0;
    if (tcgetattr(fd, &was) < 0)
        return error_set(e, ERR_IO, "/dev/tty: %s", error_errno(errno));
    quiet = was;
    quiet.c_lflag &= ~(tcflag_t)ECHO;
    bool good = tcsetattr(fd, TCSAFLUSH, &quiet) == 0 && write(fd, prompt, sizeof prompt - 1) > 0;
    for (size_t n = 0; good && read(fd, &c, 1) == 1 && c != '\n';)
        if (n < PASSPHRASE_MAX)
            out[n++] = c;
    good = tcsetattr(fd, TCSAFLUSH, &was) == 0 && good;
    good = write(fd, "\n", 1) == 1 && good;
    return good ? ERR_NONE : error_set(e, ERR_IO, "/dev/tty: %s", error_errno(errno));
}

static enum err passphrase_ask(char *out, struct error *e)
{
    int fd = open("/dev/tty", O_RDWR | O_NOCTTY | O_CLOEXEC);
    if (fd < 0)
        return error_set(e, ERR_USAGE, "a passphrase is wanted: --passphrase-file FILE, or a terminal to ask at");
    enum err err = passphrase_type(fd, out, e);
    close(fd);
    return err;
}

static enum err passphrase_load(const char *file, char *out, struct error *e)
{
    struct buf text;
    buf_init(&text, PASSPHRASE_MAX);
    enum err err = file_read(file, &text, e);
    if (!err)
        memcpy(out, text.data, strcspn(text.data, "\r\n"));
    buf_wipe(&text);
    buf_done(&text);
    return err;
}

enum err passphrase_read(const char *file, char **out, struct error *e)
{
    *out = guard_new(PASSPHRASE_MAX + 1);
    enum err err = file ? passphrase_load(file, *out, e) : passphrase_ask(*out, e);
    if (!err && strlen(*out) < PASSPHRASE_MIN)
        err = error_set(e, ERR_INVALID, "the passphrase is shorter than %d characters", PASSPHRASE_MIN);
    if (err) {
        passphrase_free(*out);
        *out = NULL;
    }
    return err;
}

void passphrase_free(char *passphrase) { guard_free(passphrase, PASSPHRASE_MAX + 1); }
