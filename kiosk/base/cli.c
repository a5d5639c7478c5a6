/* Command lines, without surprises: options anywhere, words stay, errors say what was wrong. */
#include "kiosk/base/cli.h"

#include <stdbool.h>
#include <stdio.h>
#include <string.h>

enum { CLI_COLUMN = 24 };

static int cli_end(enum cli_exit code) { return -1 - (int)code; }

static int cli_wrong(const char *program, const char *what, const char *arg)
{
    fprintf(stderr, "%s: %s: %s\nTry \"%s --help\".\n", program, what, arg, program);
    return cli_end(CLI_USAGE);
}

static void cli_help_line(const char *name, const char *value, const char *help)
{
    int n = printf("  %s%s%s", name, value ? " " : "", value ? value : "");
    if (n < CLI_COLUMN)
        printf("%*s%s\n", CLI_COLUMN - n, "", help);
    else
        printf("\n%*s%s\n", CLI_COLUMN, "", help);
}

static int cli_help(const char *program, const char *usage, const struct cli_option *options)
{
    printf("Usage: %s %s\n", program, usage);
    for (const struct cli_option *o = options; o->name; o++)
        cli_help_line(o->name, o->value, o->help);
    cli_help_line("--help", NULL, "show this and end");
    cli_help_line("--version", NULL, "show the version and end");
    return cli_end(fflush(stdout) == 0 ? CLI_DONE : CLI_FAILED);
}

static int cli_version(const char *program)
{
    printf("%s %s\n", program, SOSEDI_VERSION);
    return cli_end(fflush(stdout) == 0 ? CLI_DONE : CLI_FAILED);
}

/* The option that arg names, alone or before "=". */
static const struct cli_option *cli_find(const struct cli_option *options, const char *arg)
{
    size_t n = strcspn(arg, "=");
    for (; options->name; options++)
        if (strlen(options->name) == n && memcmp(options->name, arg, n) == 0)
            return options;
    return NULL;
}

/* Sets the option at argv[*i], moving *i over a value that is a word of its own. Returns 0 or the end. */
static int cli_take(char **argv, int *i, const char *program, const struct cli_option *o)
{
    const char *equals = strchr(argv[*i], '=');
    if (!o->value && equals)
        return cli_wrong(program, "takes no value", o->name);
    if (!o->value)
        *o->into = "";
    else if (equals)
        *o->into = equals + 1;
    else if (argv[*i + 1])
        *o->into = argv[++*i];
    else
        return cli_wrong(program, "wants a value", o->name);
    return 0;
}

int cli_parse(int argc, char **argv, const char *program, const char *usage, const struct cli_option *options)
{
    int words = 0;
    bool only_words = false;
    for (int i = 1; i < argc; i++) {
        char *arg = argv[i];
        if (only_words || arg[0] != '-' || !arg[1]) {
            argv[++words] = arg;
            continue;
        }
        if (strcmp(arg, "--") == 0) {
            only_words = true;
            continue;
        }
        if (strcmp(arg, "--help") == 0)
            return cli_help(program, usage, options);
        if (strcmp(arg, "--version") == 0)
            return cli_version(program);
        const struct cli_option *o = cli_find(options, arg);
        if (!o)
            return cli_wrong(program, "unknown option", arg);
        int end = cli_take(argv, &i, program, o);
        if (end)
            return end;
    }
    if (argc > 0)
        argv[words + 1 < argc ? words + 1 : argc] = NULL;
    return words;
}

int cli_fail(const char *program, const struct error *e)
{
    fprintf(stderr, "%s: %s\n", program, e->text[0] ? e->text : error_name(e->code));
    return e->code == ERR_USAGE ? CLI_USAGE : CLI_FAILED;
}
