/* What the kernel's files say of the way to the network, told from a folder that looks like them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "kiosk/base/file.h"
#include "sync/line.h"

#define ROUTES "Iface\tDestination\tGateway \tFlags\tRefCnt\tUse\tMetric\tMask\t\tMTU\tWindow\tIRTT\n"
#define RADIOS                                                                                                         \
    "Inter-| sta-|   Quality        |   Discarded packets               | Missed | WE\n"                               \
    " face | tus | link level noise |  nwid  crypt   frag  retry   misc | beacon | 22\n"

static void put(const char *root, const char *name, const char *text)
{
    char path[4096];
    struct error e;
    assert_int_equal(file_write(file_join(path, root, name), text, strlen(text), 0600, &e), ERR_NONE);
}

static void test_line__tells_device_and_signal(void **state)
{
    static const struct {
        const char *name, *routes, *radios, *line;
    } rows[] = {
        {"a cable", ROUTES "eth0\t00000000\t010200C0\t0003\t0\t0\t0\t00000000\t0\t0\t0\n", RADIOS, "wire eth0"},
        {"a radio", ROUTES "wlan9\t00000000\t0101A8C0\t0003\t0\t0\t600\t00000000\t0\t0\t0\n",
         RADIOS " wlan9: 0000   45.  -65.  -256        0      0      0      0      0        0\n", "radio 60 "},
        {"better than the best", ROUTES "wlan9\t00000000\t0101A8C0\t0003\t0\t0\t600\t00000000\t0\t0\t0\n",
         RADIOS " wlan9: 0000   99.  -20.  -256        0\n", "radio 100 "},
        {"the other one is the radio", ROUTES "eth0\t00000000\t010200C0\t0003\t0\t0\t0\t00000000\t0\t0\t0\n",
         RADIOS " wlan9: 0000   45.  -65.  -256        0\n", "wire eth0"},
        {"only neighbours", ROUTES "eth0\t000200C0\t00000000\t0001\t0\t0\t0\t00FFFFFF\t0\t0\t0\n", RADIOS, ""},
        {"a route that is down", ROUTES "eth0\t00000000\t010200C0\t0002\t0\t0\t0\t00000000\t0\t0\t0\n", RADIOS, ""},
        {"nothing", ROUTES, RADIOS, ""},
        {"odd words", "x\n\n\teth0 what\n", "wlan9:", ""},
    };
    char root[64] = "/tmp/sosedi-line-XXXXXX", path[4096], command[100], line[LINE_TEXT];
    struct error e;
    (void)state;
    assert_non_null(mkdtemp(root));
    assert_int_equal(file_make_dir(file_join(path, root, "proc/net"), 0700, &e), ERR_NONE);
    assert_string_equal(line_read(root, line), ""); /* no such files */
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        put(root, "proc/net/route", rows[i].routes);
        put(root, "proc/net/wireless", rows[i].radios);
        if (strcmp(line_read(root, line), rows[i].line) != 0)
            fail_msg("%s: \"%s\"", rows[i].name, line);
    }
    snprintf(command, sizeof command, "rm -r %s", root);
    assert_int_equal(system(command), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_line__tells_device_and_signal)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
