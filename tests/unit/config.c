/* Configuration files: what is read, and that every mistake is named with its line. */
#include "kiosk/base/config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "kiosk/base/file.h"

static const struct config_key keys[] = {
    {"hub", "url", 's', 0, 0, "https://hub.example", "address of the hub"},
    {"hub", "every", 'i', 5, 3600, "60", "seconds between exchanges"},
    {"screen", "qr", 'b', 0, 0, "yes", "show QR codes"},
    {"screen", "name", 's', 0, 0, "", "name of the centre"},
    {0},
};

struct place {
    char dir[64], path[80];
};

static int set_up(void **state)
{
    struct place *p = calloc(1, sizeof *p);
    if (!p)
        return -1;
    snprintf(p->dir, sizeof p->dir, "/tmp/sosedi-config-XXXXXX");
    *state = p;
    if (!mkdtemp(p->dir))
        return -1;
    snprintf(p->path, sizeof p->path, "%s/sosedi.conf", p->dir);
    return 0;
}

static int tear_down(void **state)
{
    struct place *p = *state;
    unlink(p->path);
    rmdir(p->dir);
    free(p);
    return 0;
}

static enum err load(const struct place *p, const char *text, size_t n, struct config **c, struct error *e)
{
    *e = (struct error){0};
    assert_int_equal(file_write(p->path, text, n, 0600, NULL), ERR_NONE);
    return config_load(c, p->path, keys, e);
}

static void assert_defaults(struct config *c)
{
    assert_string_equal(config_str(c, "hub", "url"), "https://hub.example");
    assert_int_equal(config_int(c, "hub", "every"), 60);
    assert_true(config_bool(c, "screen", "qr"));
    assert_string_equal(config_str(c, "screen", "name"), "");
    config_free(c);
}

static void test_config__no_file_is_the_defaults(void **state)
{
    struct place *p = *state;
    struct config *c;
    struct error e;
    assert_int_equal(config_load(&c, p->path, keys, &e), ERR_NONE);
    assert_defaults(c);
    assert_int_equal(config_load(&c, NULL, keys, &e), ERR_NONE);
    assert_defaults(c);
    assert_int_equal(load(p, "", 0, &c, &e), ERR_NONE);
    assert_defaults(c);
    config_free(NULL);
}

static void test_config__values_are_read(void **state)
{
    struct place *p = *state;
    struct config *c;
    struct error e;
    static const char text[] = "# a comment\r\n\r\n[hub]\r\nurl = https://h.example/a;b ; the new one\r\nevery=3600\r\n"
                               "   \n; another\n[screen]\nqr: no\nname = Библиотека № 5\n[hub]";
    if (load(p, text, sizeof text - 1, &c, &e))
        fail_msg("%s", e.text);
    assert_string_equal(config_str(c, "hub", "url"), "https://h.example/a;b");
    assert_int_equal(config_int(c, "hub", "every"), 3600);
    assert_string_equal(config_str(c, "hub", "every"), "3600");
    assert_false(config_bool(c, "screen", "qr"));
    assert_string_equal(config_str(c, "screen", "name"), "Библиотека № 5");
    config_free(c);
}

static void test_config__mistakes_name_their_line(void **state)
{
    struct place *p = *state;
    static const struct {
        const char *row, *text, *wanted;
    } rows[] = {
        {"unknown name", "[hub]\nurl = a\ncolour = red\n", ":3: no setting colour is known in [hub]"},
        {"a name of another section", "[screen]\nurl = a\n", ":2: no setting url is known in [screen]"},
        {"unknown section", "\n[printer]\n", ":2: no section [printer] is known"},
        {"no section", "url = a\n", ":1: no setting url"},
        {"set twice", "[hub]\nevery = 5\n\n[hub]\nevery = 6\n", ":5: every is set already in line 2"},
        {"set twice to the same", "[hub]\nevery = 5\nevery = 5\n", ":3: every is set already in line 2"},
        {"no equals sign", "[hub]\nurl\n", ":2: neither"},
        {"open section", "[hub\nurl = a\n", ":1: neither"},
        {"no number", "[hub]\nevery = soon\n", ":2: every wants a whole number from 5 to 3600"},
        {"a fraction", "[hub]\nevery = 5.5\n", ":2: every wants"},
        {"empty number", "[hub]\nevery =\n", ":2: every wants"},
        {"hexadecimal", "[hub]\nevery = 0x10\n", ":2: every wants"},
        {"a plus sign", "[hub]\nevery = +10\n", ":2: every wants"},
        {"too small", "[hub]\nevery = 4\n", ":2: every wants"},
        {"too large", "[hub]\nevery = 99999999999999999999\n", ":2: every wants"},
        {"true", "[screen]\nqr = true\n", ":2: qr wants yes or no"},
        {"a leading space", "[hub]\nurl = a\n b\n", ":3: starts with a space"},
        {"not UTF-8", "[screen]\nname = \xff\n", ":2: not UTF-8"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct config *c;
        struct error e;
        enum err code = load(p, rows[i].text, strlen(rows[i].text), &c, &e);
        if (code != ERR_INVALID || !strstr(e.text, rows[i].wanted) || !strstr(e.text, p->path))
            fail_msg("%s: %s %s", rows[i].row, error_name(code), e.text);
        assert_null(c);
    }
}

static void test_config__lines_and_files_have_their_limits(void **state)
{
    struct place *p = *state;
    struct config *c;
    struct error e;
    char *text = malloc(70000);
    assert_non_null(text);
    int head = snprintf(text, 70000, "[screen]\nname = ");
    memset(text + head, 'x', 192);
    /* "name = " and 191 are a line of 198 bytes; one more is too many. */
    assert_int_equal(load(p, text, (size_t)head + 191, &c, &e), ERR_NONE);
    assert_int_equal(strlen(config_str(c, "screen", "name")), 191);
    config_free(c);
    assert_int_equal(load(p, text, (size_t)head + 192, &c, &e), ERR_INVALID);
    assert_non_null(strstr(e.text, ":2: longer than 198 bytes"));
    assert_int_equal(load(p, "[hub]\0\nurl=a", 12, &c, &e), ERR_INVALID);
    memset(text, '\n', 70000);
    assert_int_equal(load(p, text, 70000, &c, &e), ERR_TOO_BIG);
    free(text);
}

static void test_config__a_folder_is_no_configuration(void **state)
{
    struct place *p = *state;
    struct config *c;
    struct error e;
    assert_int_equal(config_load(&c, p->dir, keys, &e), ERR_IO);
    assert_null(c);
}

static void test_config__an_overlay_stands_before_and_what_is_written_reads_the_same(void **state)
{
    struct place *p = *state;
    struct config *c, *again;
    struct error e;
    struct buf out;
    buf_init(&out, 4096);
    const char under[] = "[hub]\nurl = http://a\nevery = 5\n", over[] = "[hub]\nevery = 7\n";
    assert_int_equal(load(p, under, strlen(under), &c, &e), ERR_NONE);
    assert_int_equal(file_write(p->path, over, strlen(over), 0600, &e), ERR_NONE);
    assert_int_equal(config_overlay(c, p->path, &e), ERR_NONE);
    assert_int_equal(config_int(c, "hub", "every"), 7);
    assert_string_equal(config_str(c, "hub", "url"), "http://a");
    const char twice[] = "[hub]\nevery = 8\nevery = 9\n";
    assert_int_equal(file_write(p->path, twice, strlen(twice), 0600, &e), ERR_NONE);
    assert_int_equal(config_overlay(c, p->path, &e), ERR_INVALID);
    assert_int_equal(config_int(c, "hub", "every"), 7);
    assert_int_equal(config_set(c, "hub", "url", "a = b # c", &e), ERR_NONE);
    assert_int_equal(config_set(c, "screen", "name", "", &e), ERR_NONE);
    config_write(c, "hub", "url", &out);
    config_write(c, "hub", "every", &out);
    config_write(c, "screen", "name", &out);
    assert_int_equal(load(p, out.data, out.len, &again, &e), ERR_NONE);
    assert_string_equal(config_str(again, "hub", "url"), "a = b # c");
    assert_string_equal(config_str(again, "screen", "name"), "");
    assert_int_equal(config_int(again, "hub", "every"), 7);
    config_free(again);
    config_free(c);
    buf_done(&out);
}

static void test_config__what_could_not_be_read_again_is_not_set(void **state)
{
    static const struct {
        const char *row, *section, *name, *value;
    } rows[] = {{"two lines", "hub", "url", "a\nb"},    {"a remark", "hub", "url", "a ;b"},
                {"a space before", "hub", "url", " a"}, {"not UTF-8", "hub", "url", "\xff"},
                {"no number", "hub", "every", "often"}, {"no yes", "screen", "qr", "true"}};
    struct config *c;
    struct error e;
    char text[300];
    (void)state;
    assert_int_equal(config_load(&c, NULL, keys, &e), ERR_NONE);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        if (config_set(c, rows[i].section, rows[i].name, rows[i].value, &e) != ERR_INVALID)
            fail_msg("%s was taken", rows[i].row);
    memset(text, 'x', sizeof text);
    text[sizeof text - 1] = 0;
    assert_int_equal(config_set(c, "screen", "name", text, &e), ERR_INVALID);
    config_free(c);
}

#define CONFIG_CASE(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        CONFIG_CASE(test_config__no_file_is_the_defaults),
        CONFIG_CASE(test_config__values_are_read),
        CONFIG_CASE(test_config__mistakes_name_their_line),
        CONFIG_CASE(test_config__lines_and_files_have_their_limits),
        CONFIG_CASE(test_config__an_overlay_stands_before_and_what_is_written_reads_the_same),
        CONFIG_CASE(test_config__what_could_not_be_read_again_is_not_set),
        CONFIG_CASE(test_config__a_folder_is_no_configuration),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
