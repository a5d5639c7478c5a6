/* kiosk-hub: finds the data folder and the command, opens the hub, runs it. */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "kiosk/base/guard.h"
#include "kiosk/ticket/crypto.h"
#include "sync/hub/command.h"
#include "sync/hub/hub_settings.h"

static const char main_usage[] = "Usage: kiosk-hub --data DIR [OPTION]... COMMAND ...\n"
                                 "  --data DIR            folder of the hub: its database, keys and hub.conf\n"
                                 "  --database URL        postgres://USER@HOST/NAME instead of DIR/hub.db\n"
                                 "  --config FILE         settings (DIR/hub.conf)\n"
                                 "  --help                show this and end; after a COMMAND: what it takes\n"
                                 "  --version             show the version and end\n"
                                 "\nCommands:\n";

static int main_help(void)
{
    fputs(main_usage, stdout);
    for (const struct command *c = commands; c->name; c++)
        printf("  %-13s%s\n", c->name, c->help);
    return fflush(stdout) == 0 ? CLI_DONE : CLI_FAILED;
}

/* Takes "NAME VALUE" or "NAME=VALUE" at argv[*i]; *i is left on the last word taken. */
static bool main_take(int argc, char **argv, int *i, const char *name, const char **value)
{
    size_t n = strlen(name);
    if (strncmp(argv[*i], name, n) != 0)
        return false;
    if (argv[*i][n] == '=') {
        *value = argv[*i] + n + 1;
        return true;
    }
    if (argv[*i][n] || *i + 1 >= argc)
        return false;
    *value = argv[++*i];
    return true;
}

/* The options of all commands. */
struct main_options {
    const char *data, *config, *database;
};

static bool main_take_any(int argc, char **argv, int *i, struct main_options *o)
{
    return main_take(argc, argv, i, "--data", &o->data) || main_take(argc, argv, i, "--config", &o->config) ||
           main_take(argc, argv, i, "--database", &o->database);
}

/* Takes them out of the line; what is left begins at argv[1]. */
static int main_options(int argc, char **argv, struct main_options *o)
{
    int left = 1;
    bool words = false;
    for (int i = 1; i < argc; i++) {
        words = words || strcmp(argv[i], "--") == 0;
        if (words || !main_take_any(argc, argv, &i, o))
            argv[left++] = argv[i];
    }
    argv[left] = NULL;
    return left;
}

static const struct command *main_find(const char *name)
{
    for (const struct command *c = commands; name && c->name; c++)
        if (strcmp(c->name, name) == 0)
            return c;
    return NULL;
}

static bool main_asks_help(int argc, char **argv)
{
    for (int i = 2; i < argc && strcmp(argv[i], "--") != 0; i++)
        if (strcmp(argv[i], "--help") == 0 || strcmp(argv[i], "--version") == 0)
            return true;
    return false;
}

/* The database's URL may hold a password, which does not belong on a command line: the environment or hub.conf may name
 * it too. */
static enum err main_database(const struct main_options *o, char *out, size_t size, struct error *e)
{
    struct config *c = NULL;
    out[0] = '\0';
    /* Programs that this one starts find it in the environment. */
    if (o->database && setenv("SOSEDI_DATABASE", o->database, 1) < 0)
        return error_set(e, ERR_MEMORY, "no room in the environment");
    const char *named = o->database ? o->database : getenv("SOSEDI_DATABASE");
    if (named && *named) {
        snprintf(out, size, "%s", named);
        return ERR_NONE;
    }
    enum err err = hub_settings_load(&c, o->data, o->config, e);
    if (!err)
        snprintf(out, size, "%s", config_str(c, "database", "url"));
    config_free(c);
    return err;
}

static int main_run(const struct command *c, const struct main_options *o, int argc, char **argv)
{
    struct hub h = {0};
    struct error e = {0};
    char database[1024];
    if (main_asks_help(argc, argv))
        return c->run(&h, argc - 1, argv + 1);
    if (!o->data)
        return command_usage("--data DIR is wanted");
    /* A file that may not grow is an error of one write. */
    sigaction(SIGXFSZ, &(struct sigaction){.sa_handler = SIG_IGN}, NULL);
    if (guard_begin(&e) || crypto_init(&e))
        return command_fail(&e);
    if (main_database(o, database, sizeof database, &e))
        return command_fail(&e);
    if (!c->makes && hub_open(&h, o->data, database, &e))
        return command_fail(&e);
    if (c->makes)
        snprintf(h.dir, sizeof h.dir, "%s", o->data);
    h.config = o->config;
    h.database = database;
    int code = c->run(&h, argc - 1, argv + 1);
    hub_close(&h);
    return code;
}

int main(int argc, char **argv)
{
    struct main_options o = {0};
    argc = main_options(argc, argv, &o);
    if (argc < 2)
        return command_usage("which command? Try \"kiosk-hub --help\".");
    if (strcmp(argv[1], "--help") == 0)
        return main_help();
    if (argc == 2 &&
        (strcmp(argv[1], "--data") == 0 || strcmp(argv[1], "--database") == 0 || strcmp(argv[1], "--config") == 0))
        return command_usage("--data, --database and --config want a value");
    if (strcmp(argv[1], "--version") == 0)
        return printf("kiosk-hub %s\n", SOSEDI_VERSION) > 0 && fflush(stdout) == 0 ? CLI_DONE : CLI_FAILED;
    const struct command *c = main_find(argv[1]);
    if (!c) {
        fprintf(stderr, "kiosk-hub: unknown %s: %s\nTry \"kiosk-hub --help\".\n",
                argv[1][0] == '-' ? "option" : "command", argv[1]);
        return CLI_USAGE;
    }
    return main_run(c, &o, argc, argv);
}
