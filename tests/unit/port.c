/* Ports and what printers say on them, against a printer in a process of its own. */
#include "kiosk/print/port.h"

#include <fcntl.h>
#include <pty.h>
#include <signal.h>
#include <sys/stat.h>
#include <unistd.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "kiosk/print/status.h"
#include "tests/support/printer_child.h"

static struct port_config port_at(const char *url)
{
    struct port_config c = {
        .baud = 9600, .stop_fd = -1, .limits = {.connect = 1000, .stall = 300, .status = 150, .finish = 300}};
    snprintf(c.url, sizeof c.url, "%s", url);
    return c;
}

static void test_port__urls(void **state)
{
    (void)state;
    static const struct {
        const char *url;
        bool good;
    } rows[] = {
        {"tcp://192.168.1.20:9100", true},
        {"tcp://printer.local:9100", true},
        {"tcp://[::1]:9100", true},
        {"usb:/dev/usb/lp0", true},
        {"/dev/usb/lp0", true},
        {"serial:/dev/ttyS0", true},
        {"file:out.bin", true},
        {"", false},
        {"tcp://", false},
        {"tcp://host", false},
        {"tcp://host:", false},
        {"tcp://host:0", false},
        {"tcp://host:70000", false},
        {"tcp://host:9100x", false},
        {"tcp://:9100", false},
        {"usb:", false},
        {"lp0", false},
        {"http://host:80", false},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        if ((port_check(rows[i].url, NULL) == ERR_NONE) != rows[i].good)
            fail_msg("%s", rows[i].url);
}

static void test_port__states_a_printer_tells(void **state)
{
    (void)state;
    static const struct {
        const char *name;
        int answers[STATUS_BYTES];
        bool known;
        enum job_fault fault;
        const char *word;
    } rows[] = {
        {"well", {0x16, 0x12, 0x12, 0x12}, true, JOB_FINE, "ok"},
        {"near the end", {0x12, 0x12, 0x12, 0x1E}, true, JOB_FINE, "low"},
        {"end, by question 2", {0x1A, 0x32, 0x12, 0x12}, true, JOB_PAPER, "paper"},
        {"end, by question 4", {0x1A, 0x12, 0x12, 0x72}, true, JOB_PAPER, "paper"},
        {"cover", {0x1A, 0x16, 0x12, 0x12}, true, JOB_COVER, "cover"},
        {"cover and paper", {0x1A, 0x36, 0x12, 0x7E}, true, JOB_COVER, "cover"},
        {"cutter jam", {0x1A, 0x52, 0x1A, 0x12}, true, JOB_ERROR, "error"},
        {"offline", {0x1A, 0x12, 0x12, 0x12}, true, JOB_OFFLINE, "offline"},
        {"silent", {-1, -1, -1, -1}, false, JOB_FINE, "unknown"},
        {"noise", {0x00, 0xFF, 0x41, 0x13}, false, JOB_FINE, "unknown"},
        {"answers the first only", {0x12, -1, -1, -1}, true, JOB_FINE, "ok"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct status s = status_read(rows[i].answers);
        if (s.known != rows[i].known || status_fault(&s) != rows[i].fault || strcmp(status_word(&s), rows[i].word) != 0)
            fail_msg("%s: \"%s\"", rows[i].name, status_word(&s));
    }
}

static void test_port__asks_over_tcp(void **state)
{
    (void)state;
    static const char *const rows[][2] = {{"ok", "ok"},          {"low", "low"},        {"paper", "paper"},
                                          {"cover", "cover"},    {"error", "error"},    {"offline", "offline"},
                                          {"silent", "unknown"}, {"stalled", "unknown"}};
    struct printer_child c;
    printer_child_start(&c, "ok");
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct port_config config = port_at(c.url);
        struct port *p;
        printer_child_set(&c, rows[i][0]);
        assert_int_equal(port_open(&p, &config, NULL), ERR_NONE);
        struct status s = status_ask(p, config.limits.status);
        assert_string_equal(status_word(&s), rows[i][1]);
        port_close(p);
    }
    printer_child_end(&c, true);
}

static void test_port__writes_and_finishes(void **state)
{
    (void)state;
    struct printer_child c;
    struct port *p;
    size_t written;
    printer_child_start(&c, "ok");
    struct port_config config = port_at(c.url);
    assert_int_equal(port_open(&p, &config, NULL), ERR_NONE);
    assert_int_equal(port_write(p,
                                "\x1b@\x1c.paper\n\x1b"
                                "d\x04",
                                13, &written, NULL),
                     ERR_NONE);
    assert_int_equal(written, 13);
    assert_int_equal(port_finish(p, NULL), ERR_NONE);
    port_close(p);
    assert_int_equal(printer_child_papers(&c), 1);
    printer_child_end(&c, true);
}

static void test_port__stalls_and_hang_ups_are_noticed(void **state)
{
    (void)state;
    static const struct {
        const char *state;
        enum err wanted, or ;
    } rows[] = {{"stalled", ERR_TIMEOUT, ERR_TIMEOUT}, {"dropped", ERR_IO, ERR_NET}};
    struct printer_child c;
    uint8_t *white = calloc(1, 400000);
    assert_non_null(white);
    printer_child_start(&c, "ok");
    for (size_t i = 0; i < 2; i++) {
        struct port_config config = port_at(c.url);
        struct port *p;
        size_t written;
        struct error e;
        printer_child_set(&c, rows[i].state);
        assert_int_equal(port_open(&p, &config, NULL), ERR_NONE);
        enum err code = port_write(p, white, 400000, &written, &e);
        assert_true(code == rows[i].wanted || code == rows[i].or);
        assert_true(written < 400000);
        assert_non_null(strstr(e.text, "127.0.0.1"));
        port_close(p);
    }
    free(white);
    printer_child_end(&c, true);
}

static void test_port__who_is_not_there(void **state)
{
    (void)state;
    char url[] = "usb:/tmp/sosedi-port-XXXXXX";
    int fd = mkstemp(url + 4);
    assert_true(fd >= 0);
    const struct {
        const char *url;
        enum err code;
    } rows[] = {{"tcp://127.0.0.1:1", ERR_NET},
                {"usb:/nonexistent/lp0", ERR_NOT_FOUND},
                {"serial:/nonexistent/tty", ERR_NOT_FOUND},
                {url, ERR_USAGE}, /* a plain file */
                {"file:/nonexistent/x", ERR_NOT_FOUND},
                {"serial:/dev/null", ERR_IO}};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct port_config config = port_at(rows[i].url);
        struct port *p;
        struct error e;
        if (port_open(&p, &config, &e) != rows[i].code)
            fail_msg("%s: %s", rows[i].url, e.text);
        assert_null(p);
    }
    close(fd);
    unlink(url + 4);
}

static void test_port__ends_when_asked_to(void **state)
{
    (void)state;
    struct printer_child c;
    struct port *p;
    int stop[2];
    size_t written;
    uint8_t *white = calloc(1, 400000);
    assert_non_null(white);
    assert_int_equal(pipe(stop), 0);
    printer_child_start(&c, "stalled");
    struct port_config config = port_at(c.url);
    config.stop_fd = stop[0];
    config.limits.stall = 60000;
    assert_int_equal(port_open(&p, &config, NULL), ERR_NONE);
    assert_int_equal(write(stop[1], "x", 1), 1);
    assert_int_equal(port_write(p, white, 400000, &written, NULL), ERR_STATE);
    port_close(p);
    close(stop[0]);
    close(stop[1]);
    free(white);
    printer_child_end(&c, true);
}

static void test_port__a_file_collects(void **state)
{
    (void)state;
    char path[] = "/tmp/sosedi-port-XXXXXX", url[64], got[16] = {0};
    int fd = mkstemp(path);
    assert_true(fd >= 0);
    snprintf(url, sizeof url, "file:%s", path);
    struct port_config config = port_at(url);
    for (int i = 0; i < 2; i++) {
        struct port *p;
        size_t written;
        assert_int_equal(port_open(&p, &config, NULL), ERR_NONE);
        assert_int_equal(port_ask(p, (const uint8_t[]){0x10, 4, 1}, 3, 1000), -1);
        assert_int_equal(port_write(p, "abc", 3, &written, NULL), ERR_NONE);
        assert_int_equal(port_finish(p, NULL), ERR_NONE);
        port_close(p);
    }
    assert_int_equal(read(fd, got, sizeof got), 6);
    assert_string_equal(got, "abcabc");
    close(fd);
    unlink(path);
}

/* A pseudo-terminal is a serial line without the wire: raw bytes both ways. */
static void test_port__a_serial_line(void **state)
{
    (void)state;
    int master, slave;
    char name[64], url[80], got[64];
    if (openpty(&master, &slave, name, NULL, NULL) < 0)
        skip();
    snprintf(url, sizeof url, "serial:%s", name);
    struct port_config config = port_at(url);
    struct port *p;
    size_t written;
    struct error e = {0};
    config.baud = 1234;
    assert_int_equal(port_open(&p, &config, &e), ERR_USAGE);
    config.baud = 19200;
    if (port_open(&p, &config, &e))
        fail_msg("%s", e.text);
    assert_int_equal(port_write(p, "\x1b@\n\x11\x13\x04", 6, &written, NULL), ERR_NONE);
    assert_int_equal(read(master, got, sizeof got), 6);
    assert_memory_equal(got, "\x1b@\n\x11\x13\x04", 6);
    assert_int_equal(port_finish(p, NULL), ERR_NONE);
    port_close(p);
    close(slave);
    close(master);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_port__urls),
        cmocka_unit_test(test_port__states_a_printer_tells),
        cmocka_unit_test(test_port__asks_over_tcp),
        cmocka_unit_test(test_port__writes_and_finishes),
        cmocka_unit_test(test_port__stalls_and_hang_ups_are_noticed),
        cmocka_unit_test(test_port__who_is_not_there),
        cmocka_unit_test(test_port__ends_when_asked_to),
        cmocka_unit_test(test_port__a_file_collects),
        cmocka_unit_test(test_port__a_serial_line),
    };
    signal(SIGPIPE, SIG_IGN);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
