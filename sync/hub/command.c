/* The table of commands and what they share. */
#include "sync/hub/command.h"

#include <errno.h>
#include <stdio.h>

#include "sync/hub/command/events.h"
#include "sync/hub/import/import.h"

int command_fail(const struct error *e) { return cli_fail("kiosk-hub", e); }

int command_usage(const char *text)
{
    struct error e;
    error_set(&e, ERR_USAGE, "%s", text);
    return command_fail(&e);
}

int command_parse(int argc, char **argv, const char *usage, const struct cli_option *options)
{
    char text[1024];
    snprintf(text, sizeof text, "--data DIR [--database URL] [--config FILE] %s", usage);
    return cli_parse(argc, argv, "kiosk-hub", text, options);
}

int command_print(const struct buf *b)
{
    struct error e;
    if (b->overflow)
        error_set(&e, ERR_TOO_BIG, "more than %zu bytes to print", b->max);
    else if (fwrite(b->data, 1, b->len, stdout) == b->len && fflush(stdout) == 0)
        return CLI_DONE;
    else
        error_set(&e, ERR_IO, "standard output: %s", error_errno(errno));
    return command_fail(&e);
}

const struct command commands[] = {
    {"init", true, command_init, "make a hub in DIR: its database and keys"},
    {"serve", false, command_serve, "answer kiosks and browsers"},
    {"enrol", false, command_enrol, "a one-time code for a new kiosk"},
    {"kiosks", false, command_kiosks, "list the kiosks"},
    {"revoke", false, command_revoke, "take a kiosk's rights away"},
    {"import", false, import_main, "take in calendars and tables"},
    {"events", false, events_main, "list what takes place"},
    {"signups", false, command_signups, "list sign-ups, opened"},
    {"requests", false, command_requests, "list who asks for help or offers it, opened"},
    {"purge", false, command_purge, "erase what people wrote about past events"},
    {"snapshot", false, command_snapshot, "make a snapshot for kiosks that are new or far behind"},
    {"bundle", false, command_bundle, "exchange with kiosks by a USB stick"},
    {"backup", false, command_backup, "copy the database to a folder and try the copy"},
    {"restore", true, command_restore, "put a copy back after a loss"},
    {"rotate-keys", false, command_rotate, "new keys in the place of the feed, lease or seal key"},
    {"restored", false, command_restored, "say that the database is an older copy"},
    {"release", false, command_release, "free the seats kept back after that"},
    {.name = NULL},
};
