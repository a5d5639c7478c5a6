/* kiosk-hub: finds the data folder and the command, opens the hub, runs it. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "kiosk/ticket/crypto.h"
#include "sync/hub/command.h"

static const char main_usage[] =
    "Usage: kiosk-hub --data DIR [--config FILE] COMMAND ...\n\nCommands (each has its own --help):\n";

static int main_help(void)
{
    fputs(main_usage, stdout);
    for (const struct command *c = commands; c->name; c++)
        printf("  %-10s%s\n", c->name, c->help);
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

/* Takes the options of all commands out of the line; what is left begins at argv[1]. */
static int main_options(int argc, char **argv, const char **data, const char **config)
{
    int left = 1;
    bool words = false;
    for (int i = 1; i < argc; i++) {
        words = words || strcmp(argv[i], "--") == 0;
        if (words || (!main_take(argc, argv, &i, "--data", data) && !main_take(argc, argv, &i, "--config", config)))
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

static int main_run(const struct command *c, const char *data, const char *config, int argc, char **argv)
{
    struct hub h = {0};
    struct error e = {0};
    if (main_asks_help(argc, argv))
        return c->run(&h, argc - 1, argv + 1);
    if (!data)
        return command_usage("--data DIR is wanted");
    umask(077); /* the database holds codes and sealed boxes, a backup the same */
    if (crypto_init(&e))
        return command_fail(&e);
    if (!c->makes && hub_open(&h, data, &e))
        return command_fail(&e);
    if (c->makes)
        snprintf(h.dir, sizeof h.dir, "%s", data);
    h.config = config;
    int code = c->run(&h, argc - 1, argv + 1);
    hub_close(&h);
    return code;
}

int main(int argc, char **argv)
{
    const char *data = NULL, *config = NULL;
    argc = main_options(argc, argv, &data, &config);
    if (argc < 2)
        return command_usage("which command? Try \"kiosk-hub --help\".");
    if (strcmp(argv[1], "--help") == 0)
        return main_help();
    if (strcmp(argv[1], "--version") == 0)
        return printf("kiosk-hub %s\n", SOSEDI_VERSION) > 0 && fflush(stdout) == 0 ? CLI_DONE : CLI_FAILED;
    const struct command *c = main_find(argv[1]);
    if (!c) {
        fprintf(stderr, "kiosk-hub: unknown command: %s\nTry \"kiosk-hub --help\".\n", argv[1]);
        return CLI_USAGE;
    }
    return main_run(c, data, config, argc, argv);
}
