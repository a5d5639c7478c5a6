/* kiosk-print: builds, runs, tears down. */
#include <stdio.h>
#include <string.h>

#include "kiosk/base/cli.h"
#include "kiosk/base/guard.h"
#include "kiosk/base/i18n.h"
#include "kiosk/print/run.h"
#include "kiosk/ticket/crypto.h"

static const char print_usage[] = "--data DIR run            print what the kiosk asks for, until SIGTERM\n"
                                  "       kiosk-print --data DIR once           print what waits now, then end\n"
                                  "       kiosk-print [--data DIR] test-page    what this printer can do, on paper";

int main(int argc, char **argv)
{
    struct print_options o = {0};
    struct error e = {0};
    const struct cli_option options[] = {
        {"--data", "DIR", "folder of the kiosk's databases", &o.data},
        {"--config", "FILE", "settings (DIR/kiosk.conf)", &o.config},
        {"--printer", "URL",
         "tcp://HOST:9100, usb:/dev/usb/lp0, serial:/dev/ttyS0 or file:PATH, instead of the setting", &o.printer},
        {.name = NULL},
    };
    int words = cli_parse(argc, argv, "kiosk-print", print_usage, options);
    if (words < 0)
        return -1 - words;
    enum err failed = print_check_words(&o, words, words ? argv[1] : "", &e);
    if (!failed)
        failed = guard_begin(&e);
    if (!failed)
        failed = i18n_init(&e);
    if (!failed)
        failed = crypto_init(&e);
    if (!failed)
        failed = print_main(&o, &e);
    return failed ? cli_fail("kiosk-print", &e) : CLI_DONE;
}
