/* kiosk-hub bundle in|out DIR: sticks. */
#include <stdio.h>
#include <string.h>

#include "kiosk/base/guard.h"
#include "sync/hub/serve/bundle.h"
#include "sync/hub/command.h"

enum { BUNDLE_WORDS = 1 << 20 };

static int bundle_in_print(struct hub *h, const struct keys *k, const char *dir)
{
    struct bundle_in in;
    struct error e = {0};
    struct buf words;
    buf_init(&words, BUNDLE_WORDS);
    int code = bundle_in_run(h, k, dir, &in, &words, &e) ? command_fail(&e) : CLI_DONE;
    if (code == CLI_DONE && in.kiosks == 0)
        buf_add_str(&words, "nothing of a kiosk on this stick\n");
    if (code == CLI_DONE)
        code = command_print(&words);
    buf_done(&words);
    return code == CLI_DONE && in.faults > 0 ? CLI_FAILED : code;
}

static int bundle_out_print(struct hub *h, const struct keys *k, const char *dir, bool recent)
{
    struct bundle_out out = {.recent = recent};
    struct error e = {0};
    if (bundle_out_run(h, k, dir, &out, &e))
        return command_fail(&e);
    printf("%d files up to change %lld of epoch %lld; the stick may be taken out\n", out.files, (long long)out.seq,
           (long long)out.epoch);
    return fflush(stdout) == 0 ? CLI_DONE : CLI_FAILED;
}

int command_bundle(struct hub *h, int argc, char **argv)
{
    const char *recent = NULL;
    const struct cli_option options[] = {
        {"--recent", NULL, "out: without the pages that all active kiosks said they have", &recent}, {.name = NULL}};
    struct error e = {0};
    int words =
        command_parse(argc, argv,
                      "bundle in STICK\n       kiosk-hub ... bundle [--recent] out STICK\n"
                      "For kiosks without a line. \"in\" takes what kiosks put on a USB stick and writes their "
                      "receipts on it,\n\"out\" writes what is published. STICK is the folder where it is mounted.",
                      options);
    if (words < 0)
        return -1 - words;
    bool in = words == 2 && strcmp(argv[1], "in") == 0, out = words == 2 && strcmp(argv[1], "out") == 0;
    if ((!in && !out) || (in && recent))
        return command_usage("bundle wants \"in STICK\" or \"out STICK\"");
    struct keys *keys = guard_new(sizeof *keys);
    int code = keys_load(keys, h->dir, &e) ? command_fail(&e)
               : in                        ? bundle_in_print(h, keys, argv[2])
                                           : bundle_out_print(h, keys, argv[2], recent != NULL);
    guard_free(keys, sizeof *keys);
    return code;
}
