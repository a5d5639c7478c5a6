/* kiosk-hub purge: forgets who came. */
#include "sync/hub/command.h"

#include <stdio.h>
#include <stdlib.h>

#include "sync/hub/hub_settings.h"
#include "sync/hub/seats/retention.h"

static enum err purge_days(struct hub *h, const char *text, int *days, struct error *e)
{
    char *end = NULL;
    long n = text ? strtol(text, &end, 10) : 0;
    if (text && (end == text || *end || n < 0 || n > RETENTION_DAYS_MAX))
        return error_set(e, ERR_USAGE, "--older-than %s: a number of days, 0 to %d", text, RETENTION_DAYS_MAX);
    *days = (int)n;
    if (text)
        return ERR_NONE;
    struct config *c = NULL;
    enum err err = hub_settings_load(&c, h->dir, h->config, e);
    if (!err)
        *days = (int)config_int(c, "hub", "retention_days");
    config_free(c);
    return err;
}

int command_purge(struct hub *h, int argc, char **argv)
{
    const char *older = NULL;
    const struct cli_option options[] = {
        {"--older-than", "DAYS", "since the event's end; [hub] retention_days of the configuration when not given",
         &older},
        {.name = NULL},
    };
    struct error e = {0};
    int64_t erased = 0;
    int days = 0;
    int words = command_parse(argc, argv,
                              "purge [OPTION]...\nErases what people wrote in sign-ups of past "
                              "events, for good; id, code and state of the sign-up stay. serve does it every day.",
                              options);
    if (words < 0)
        return -1 - words;
    if (words > 0)
        return command_usage("purge takes no words");
    if (purge_days(h, older, &days, &e) || retention_purge(h, days, &erased, &e))
        return command_fail(&e);
    fprintf(stderr, "%lld sign-ups of events that ended more than %d days ago erased\n", (long long)erased, days);
    return CLI_DONE;
}
