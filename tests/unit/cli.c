/* Command lines: what is taken as option, value and word, and how a program is told to end. */
#include "kiosk/base/cli.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

enum { ARGS = 8, END_DONE = -1 - CLI_DONE, END_USAGE = -1 - CLI_USAGE };

struct parsed {
    const char *data, *quiet;
    char *argv[ARGS + 2];
    int result;
    char out[2000], err[2000];
};

static int redirect(int fd, FILE *to)
{
    fflush(NULL);
    int saved = dup(fd);
    dup2(fileno(to), fd);
    return saved;
}

static void restore(int fd, int saved, FILE *from, char *text, size_t size)
{
    fflush(NULL);
    dup2(saved, fd);
    close(saved);
    rewind(from);
    text[fread(text, 1, size - 1, from)] = 0;
    fclose(from);
}

static void parse(struct parsed *p, const char *const *args)
{
    const struct cli_option options[] = {
        {"--data", "DIR", "where the databases are", &p->data},
        {"--quiet", NULL, "say nothing", &p->quiet},
        {0},
    };
    int argc = 1;
    memset(p, 0, sizeof *p);
    p->argv[0] = (char *)"kiosk";
    for (; args[argc - 1]; argc++)
        p->argv[argc] = (char *)args[argc - 1];
    FILE *out = tmpfile(), *err = tmpfile();
    assert_non_null(out);
    assert_non_null(err);
    int saved_out = redirect(1, out), saved_err = redirect(2, err);
    p->result = cli_parse(argc, p->argv, "kiosk", "[OPTION]... [WORD]...", options);
    restore(1, saved_out, out, p->out, sizeof p->out);
    restore(2, saved_err, err, p->err, sizeof p->err);
}

static void test_cli__lines(void **state)
{
    (void)state;
    static const struct {
        const char *row;
        const char *args[ARGS];
        int result;
        const char *data, *quiet;
        const char *words[ARGS];
    } rows[] = {
        {"nothing", {0}, 0, NULL, NULL, {0}},
        {"words", {"a", "b"}, 2, NULL, NULL, {"a", "b"}},
        {"a value apart", {"--data", "d"}, 0, "d", NULL, {0}},
        {"a value with equals", {"--data=d=e"}, 0, "d=e", NULL, {0}},
        {"an empty value", {"--data="}, 0, "", NULL, {0}},
        {"options between words", {"a", "--quiet", "b", "--data", "d", "c"}, 3, "d", "", {"a", "b", "c"}},
        {"the last one counts", {"--data", "d", "--data=e"}, 0, "e", NULL, {0}},
        {"a value like an option", {"--data", "--quiet"}, 0, "--quiet", NULL, {0}},
        {"after two dashes", {"--", "--data", "-x", "--"}, 3, NULL, NULL, {"--data", "-x", "--"}},
        {"a dash and an empty word", {"-", ""}, 2, NULL, NULL, {"-", ""}},
        {"no value", {"a", "--data"}, END_USAGE, NULL, NULL, {0}},
        {"a value for a switch", {"--quiet=yes"}, END_USAGE, NULL, NULL, {0}},
        {"an unknown option", {"--date", "d"}, END_USAGE, NULL, NULL, {0}},
        {"a beginning of an option", {"--dat", "d"}, END_USAGE, NULL, NULL, {0}},
        {"a short option", {"-d"}, END_USAGE, NULL, NULL, {0}},
        {"help", {"--help"}, END_DONE, NULL, NULL, {0}},
        {"version", {"a", "--version", "--bad"}, END_DONE, NULL, NULL, {0}},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct parsed p;
        parse(&p, rows[i].args);
        if (p.result != rows[i].result)
            fail_msg("%s: %d", rows[i].row, p.result);
        if (p.result < 0)
            continue;
        if ((p.data == NULL) != (rows[i].data == NULL) || (p.data && strcmp(p.data, rows[i].data) != 0))
            fail_msg("%s: data %s", rows[i].row, p.data);
        if ((p.quiet == NULL) != (rows[i].quiet == NULL))
            fail_msg("%s: quiet", rows[i].row);
        for (int w = 0; w < p.result; w++)
            assert_string_equal(p.argv[1 + w], rows[i].words[w]);
        assert_null(p.argv[1 + p.result]);
    }
}

static void test_cli__help_lists_every_option(void **state)
{
    (void)state;
    struct parsed p;
    parse(&p, (const char *const[]){"--help", NULL});
    assert_string_equal(p.out, "Usage: kiosk [OPTION]... [WORD]...\n"
                               "  --data DIR            where the databases are\n"
                               "  --quiet               say nothing\n"
                               "  --help                show this and end\n"
                               "  --version             show the version and end\n");
    assert_string_equal(p.err, "");
    parse(&p, (const char *const[]){"--version", NULL});
    assert_string_equal(p.out, "kiosk " SOSEDI_VERSION "\n");
}

static void test_cli__mistakes_are_named_on_standard_error(void **state)
{
    (void)state;
    struct parsed p;
    parse(&p, (const char *const[]){"--date", NULL});
    assert_string_equal(p.out, "");
    assert_string_equal(p.err, "kiosk: unknown option: --date\nTry \"kiosk --help\".\n");
}

static void test_cli__fail_writes_and_chooses_the_code(void **state)
{
    (void)state;
    char text[400];
    struct error io = {.code = ERR_IO, .text = "/x: no"}, usage = {.code = ERR_USAGE};
    FILE *err = tmpfile();
    assert_non_null(err);
    int saved = redirect(2, err);
    int one = cli_fail("kiosk", &io), two = cli_fail("kiosk", &usage);
    restore(2, saved, err, text, sizeof text);
    assert_int_equal(one, CLI_FAILED);
    assert_int_equal(two, CLI_USAGE);
    assert_string_equal(text, "kiosk: /x: no\nkiosk: wrong usage\n");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_cli__lines),
        cmocka_unit_test(test_cli__help_lists_every_option),
        cmocka_unit_test(test_cli__mistakes_are_named_on_standard_error),
        cmocka_unit_test(test_cli__fail_writes_and_chooses_the_code),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
