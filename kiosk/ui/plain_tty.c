/* Lines from standard input, answers to standard output. */
#include "kiosk/ui/plain_tty.h"

#include <errno.h>
#include <poll.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

#include "kiosk/base/guard.h"
#include "kiosk/ui/plain.h"

enum { PLAIN_TTY_READ = 256, PLAIN_TTY_OUT = 1 << 17 };

struct plain_tty {
    struct shell *shell;
    struct plain *plain;
    struct termios before;
    bool is_terminal, hidden;
    char line[PLAIN_LINE]; /* not ended yet */
    size_t len;
    bool gone;
};

static void plain_tty_set(struct plain_tty *t, bool hide)
{
    struct termios mode = t->before;
    if (!t->is_terminal)
        return;
    mode.c_iflag = (mode.c_iflag | ICRNL | IUTF8) & ~(tcflag_t)IXON;
    mode.c_lflag = (mode.c_lflag | ICANON | ECHO | ECHOE | ECHOK) & ~(tcflag_t)ISIG;
    if (hide)
        mode.c_lflag = (mode.c_lflag | ECHONL) & ~(tcflag_t)ECHO;
    mode.c_cc[VEOF] = mode.c_cc[VEOL] = mode.c_cc[VEOL2] = _POSIX_VDISABLE;
    tcsetattr(STDIN_FILENO, TCSANOW, &mode);
    t->hidden = hide;
}

struct plain_tty *plain_tty_open(struct shell *s)
{
    struct plain_tty *t = guard_new(sizeof *t); /* what is being typed lies in it */
    t->shell = s;
    t->plain = plain_new(s);
    t->is_terminal = tcgetattr(STDIN_FILENO, &t->before) == 0;
    plain_tty_set(t, false);
    return t;
}

void plain_tty_close(struct plain_tty *t)
{
    if (!t)
        return;
    plain_free(t->plain);
    if (t->is_terminal)
        tcsetattr(STDIN_FILENO, TCSANOW, &t->before);
    guard_free(t, sizeof *t);
}

int plain_tty_fd(const struct plain_tty *t)
{
    (void)t;
    return STDIN_FILENO;
}

static void plain_tty_write(struct plain_tty *t, const struct buf *out)
{
    for (size_t at = 0; at < out->len && !t->gone;) {
        ssize_t n = write(STDOUT_FILENO, out->data + at, out->len - at);
        t->gone = n < 0 && errno != EINTR;
        at += n > 0 ? (size_t)n : 0;
    }
}

/* What was typed and not sent when a person's time was over is nobody's any more. */
static void plain_tty_forget(struct plain_tty *t)
{
    explicit_bzero(t->line, sizeof t->line);
    t->len = 0;
    if (t->is_terminal)
        tcflush(STDIN_FILENO, TCIFLUSH);
}

static void plain_tty_say(struct plain_tty *t, bool answer)
{
    struct buf out;
    buf_init(&out, PLAIN_TTY_OUT);
    plain_say(t->plain, &out, answer);
    if (plain_left(t->plain) && !answer)
        plain_tty_forget(t);
    if (plain_hides(t->plain) != t->hidden)
        plain_tty_set(t, plain_hides(t->plain)); /* before the prompt: nothing typed after it is shown */
    plain_tty_write(t, &out);
    buf_wipe(&out);
    buf_done(&out);
}

void plain_tty_draw(struct plain_tty *t) { plain_tty_say(t, false); }

static void plain_tty_line(struct plain_tty *t)
{
    t->line[t->len < sizeof t->line ? t->len : sizeof t->line - 1] = '\0';
    t->len = 0;
    shell_advance(t->shell);
    plain_line(t->plain, t->line);
    explicit_bzero(t->line, sizeof t->line);
    plain_tty_say(t, true);
}

/* A NUL is no text and would end it; what is longer than any answer is cut. */
static void plain_tty_byte(struct plain_tty *t, char c)
{
    if (c == '\n')
        plain_tty_line(t);
    else if (c != '\0' && c != '\r' && t->len < sizeof t->line)
        t->line[t->len++] = c;
}

int plain_tty_take(struct plain_tty *t)
{
    char bytes[PLAIN_TTY_READ];
    struct pollfd p = {.fd = STDIN_FILENO, .events = POLLIN};
    if (t->gone)
        return -1;
    if (poll(&p, 1, 0) <= 0)
        return 0;
    ssize_t n = read(p.fd, bytes, sizeof bytes);
    if (n < 0)
        return errno == EINTR || errno == EAGAIN ? 0 : -1;
    for (ssize_t i = 0; i < n && !shell_is_over(t->shell); i++)
        plain_tty_byte(t, bytes[i]);
    explicit_bzero(bytes, sizeof bytes);
    return n == 0 ? -1 : (int)n;
}
