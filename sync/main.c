/* kiosk-sync: builds, runs, tears down. */
#include <stdio.h>
#include <string.h>

#include "kiosk/base/cli.h"
#include "kiosk/base/file.h"
#include "kiosk/base/guard.h"
#include "kiosk/base/settings.h"
#include "sync/agent_open.h"
#include "sync/bundle.h"

static const char sync_usage[] = "--data DIR enrol --hub URL CODE\n"
                                 "       kiosk-sync --data DIR once    one exchange, then the end\n"
                                 "       kiosk-sync --data DIR run     exchange until SIGTERM\n"
                                 "       kiosk-sync --data DIR import STICK    take what the hub put on a USB stick\n"
                                 "       kiosk-sync --data DIR export STICK    put on it what the hub is to get\n";

struct sync_options {
    const char *data, *config, *hub;
};

static enum err sync_by_stick(struct agent *a, const char *verb, const char *dir, struct error *e)
{
    struct bundle_report r = {0};
    bool in = strcmp(verb, "import") == 0;
    enum err code = agent_connect(a, NULL, e);
    if (!code)
        code = in ? bundle_import(a, dir, &r, e) : bundle_export(a, dir, &r, e);
    if (code && !in)
        return code;
    if (in)
        printf("kiosk-sync: %s; %d changes taken, %d answers of the hub\n",
               !r.news   ? "nothing of a hub on this stick"
               : r.stale ? "older than what is here"
               : code    ? "not all could be read"
                         : "as new as the stick",
               r.items, r.receipts);
    else
        printf("kiosk-sync: %d operations on the stick; it may be taken out\n", r.operations);
    return code;
}

static enum err sync_run(const struct sync_options *o, int words, char **argv, struct error *e)
{
    struct config *config = NULL;
    struct agent *agent = NULL;
    bool enrol = strcmp(argv[1], "enrol") == 0;
    enum err code = guard_begin(e);
    if (!code)
        code = crypto_init(e);
    if (!code && enrol)
        code = file_make_dir(o->data, 0700, e);
    if (!code)
        code = settings_load(&config, o->data, o->config, e);
    if (code)
        goto out;
    agent = guard_new(sizeof *agent);
    code = agent_open(agent, o->data, config, e);
    if (!code && words == 2 && !enrol)
        code = sync_by_stick(agent, argv[1], argv[2], e);
    else if (!code)
        code = enrol ? agent_enrol(agent, o->hub, argv[words], e)
                     : agent_run(agent, o->hub, strcmp(argv[1], "once") == 0, e);
    agent_close(agent);
out:
    guard_free(agent, sizeof *agent);
    config_free(config);
    return code;
}

static enum err sync_check_words(const struct sync_options *o, int words, char **argv, struct error *e)
{
    const char *verb = words > 0 ? argv[1] : "";
    if (!o->data)
        return error_set(e, ERR_USAGE, "--data DIR is missing");
    if (strcmp(verb, "enrol") == 0)
        return words == 2 && o->hub ? ERR_NONE : error_set(e, ERR_USAGE, "enrol wants --hub URL and the hub's CODE");
    if ((strcmp(verb, "import") == 0 || strcmp(verb, "export") == 0) && words == 2)
        return ERR_NONE;
    if ((strcmp(verb, "once") == 0 || strcmp(verb, "run") == 0) && words == 1)
        return ERR_NONE;
    return error_set(e, ERR_USAGE, "what to do? See kiosk-sync --help");
}

int main(int argc, char **argv)
{
    struct sync_options o = {0};
    struct error e = {0};
    const struct cli_option options[] = {
        {"--data", "DIR", "folder of the kiosk's databases", &o.data},
        {"--config", "FILE", "settings (DIR/kiosk.conf)", &o.config},
        {"--hub", "URL", "the hub's address, https://HOST[:PORT]; once, run: instead of the one enrolled with", &o.hub},
        {.name = NULL},
    };
    int words = cli_parse(argc, argv, "kiosk-sync", sync_usage, options);
    if (words < 0)
        return -1 - words;
    if (sync_check_words(&o, words, argv, &e) || sync_run(&o, words, argv, &e))
        return cli_fail("kiosk-sync", &e);
    if (strcmp(argv[1], "enrol") == 0)
        puts("kiosk-sync: enrolled");
    return CLI_DONE;
}
