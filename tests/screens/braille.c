/* What lies under a blind person's fingers: the kiosk on a virtual terminal of the kernel, brltty beside it with its virtual display of
 * 40 cells. It takes the terminal over, so it runs only where SOSEDI_VT names the active one ("/dev/tty1"), as root, with brltty. */
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>

#include "kiosk/base/buf.h"
#include "kiosk/base/file.h"
#include "tests/support/desk.h"

enum { BRAILLE_PORT = 35998, BRAILLE_WAIT_MS = 30000 };
static const char braille_program[] = "/usr/sbin/brltty";

struct braille {
    struct desk desk;
    const char *vt;
    pid_t kiosk, brltty;
    int display;
    struct buf got;
};

static int64_t braille_now(void)
{
    struct timespec ts;
    clock_gettime(CLOCK_MONOTONIC, &ts);
    return (int64_t)ts.tv_sec * 1000 + ts.tv_nsec / 1000000;
}

static void braille_kiosk(const struct braille *b)
{
    char self[4096], program[4096];
    setsid();
    int fd = open(b->vt, O_RDWR);
    if (fd < 0 || ioctl(fd, TIOCSCTTY, 0) != 0)
        _exit(126);
    for (int i = 0; i < 3; i++)
        dup2(fd, i);
    setenv("TERM", "linux", 1);
    setenv("LC_ALL", "C.UTF-8", 1);
    setenv("SOSEDI_CLOCK", DESK_CLOCK, 1);
    file_program_dir(self);
    file_join(program, self, "../../bin/kiosk");
    execl(program, program, "--data", b->desk.folder, "--lang", "en", (char *)NULL);
    _exit(127);
}

static void braille_brltty(void)
{
    char device[60];
    int null = open("/dev/null", O_RDWR);
    for (int i = 0; i < 3; i++)
        dup2(null, i);
    snprintf(device, sizeof device, "server:127.0.0.1:%d", BRAILLE_PORT);
    execl(braille_program, braille_program, "-n", "-e", "-q", "-b", "vr", "-d", device, "-x", "lx", "-s", "no", "-A", "auth=none,host=", "-f",
          "/dev/null", (char *)NULL);
    _exit(127);
}

static void braille_connect(struct braille *b)
{
    struct sockaddr_in at = {.sin_family = AF_INET, .sin_port = htons(BRAILLE_PORT), .sin_addr = {htonl(INADDR_LOOPBACK)}};
    for (int64_t until = braille_now() + BRAILLE_WAIT_MS; braille_now() < until; poll(NULL, 0, 50)) {
        b->display = socket(AF_INET, SOCK_STREAM, 0);
        if (connect(b->display, (struct sockaddr *)&at, sizeof at) == 0) {
            assert_int_equal(send(b->display, "cells 40\n", 9, MSG_NOSIGNAL), 9);
            return;
        }
        close(b->display);
    }
    fail_msg("brltty does not listen");
}

static void braille_press(const struct braille *b, const char *keys)
{
    int fd = open(b->vt, O_RDWR | O_NOCTTY);
    for (; *keys; keys++)
        if (ioctl(fd, TIOCSTI, keys) != 0)
            fail_msg("no key can be given to %s", b->vt);
    close(fd);
}

/* Until the display shows it; the display follows the cursor by itself. */
static void braille_feels(struct braille *b, const char *text)
{
    char bytes[2048];
    for (int64_t until = braille_now() + BRAILLE_WAIT_MS; braille_now() < until;) {
        if (strstr(b->got.data, text)) {
            buf_clear(&b->got);
            return;
        }
        struct pollfd p = {.fd = b->display, .events = POLLIN};
        if (poll(&p, 1, 200) <= 0)
            continue;
        ssize_t n = recv(b->display, bytes, sizeof bytes, 0);
        if (n <= 0)
            fail_msg("brltty is gone");
        buf_add(&b->got, bytes, (size_t)n);
    }
    fail_msg("\"%s\" does not come; the display had:\n%s", text, b->got.data);
}

static void test_braille__display_follows_from_the_start_page_to_a_form(void **state)
{
    struct braille b = {.vt = getenv("SOSEDI_VT")};
    (void)state;
    if (!b.vt || geteuid() != 0 || access(braille_program, X_OK) != 0) {
        print_message("skipped: no SOSEDI_VT, not root, or no brltty\n");
        skip();
    }
    desk_new(&b.desk, NULL, true);
    buf_init(&b.got, 1 << 20);
    if ((b.kiosk = fork()) == 0)
        braille_kiosk(&b);
    if ((b.brltty = fork()) == 0)
        braille_brltty();
    braille_connect(&b);
    braille_feels(&b, "Чтобы начать"); /* the cursor is beside the first language of the place */
    braille_press(&b, "\r");
    braille_feels(&b, "> 1  Today");
    braille_press(&b, "\033[B");
    braille_feels(&b, "> 2  The next seven days");
    braille_press(&b, "1");
    braille_feels(&b, "> 1  15:00");
    braille_press(&b, "\r");
    braille_feels(&b, "> 1  Sign up");
    braille_press(&b, "\r");
    braille_press(&b, "Anna");
    braille_feels(&b, "Anna");
    braille_press(&b, "\r\r");
    braille_press(&b, "\033[20~"); /* F9: where am I? */
    braille_press(&b, "\033");
    braille_feels(&b, "> Stay here");
    kill(b.kiosk, SIGTERM);
    kill(b.brltty, SIGKILL); /* it takes its time to end by itself */
    waitpid(b.kiosk, NULL, 0);
    waitpid(b.brltty, NULL, 0);
    close(b.display);
    buf_done(&b.got);
    desk_done(&b.desk);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_braille__display_follows_from_the_start_page_to_a_form)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
