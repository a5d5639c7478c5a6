/* JSON: what is taken and refused, reading, building, writing. */
#include "kiosk/base/json.h"

#include <dirent.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "kiosk/base/file.h"

enum { MAX = 1 << 20 };

static enum err parse(const char *text, struct json **out, struct error *e)
{
    return json_parse(out, text, strlen(text), MAX, e);
}

static struct json *parsed(const char *text)
{
    struct json *j = NULL;
    struct error e = {0};
    if (parse(text, &j, &e))
        fail_msg("%s: %s", text, e.text);
    return j;
}

static void assert_written(const struct json *j, const char *wanted)
{
    struct buf b;
    buf_init(&b, MAX);
    json_write(j, &b);
    assert_string_equal(b.data, wanted);
    buf_done(&b);
}

static void test_json__takes_and_refuses(void **state)
{
    (void)state;
    char deep[200];
    memset(deep, '[', 33);
    memset(deep + 33, ']', 33);
    deep[66] = 0;
    const struct {
        const char *row, *text;
        enum err code;
    } rows[] = {
        {"an object", "{\"a\":1}", ERR_NONE},
        {"white space around", " \t\r\n1 \n", ERR_NONE},
        {"a bare string", "\"x\"", ERR_NONE},
        {"a surrogate pair", "\"\\uD83D\\uDE00\"", ERR_NONE},
        {"depth 32", "[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]", ERR_NONE},
        {"depth 33", deep, ERR_TOO_BIG},
        {"nothing", "", ERR_INVALID},
        {"only space", "  ", ERR_INVALID},
        {"two values", "1 2", ERR_INVALID},
        {"a name twice", "{\"a\":1,\"a\":2}", ERR_INVALID},
        {"a name twice, once escaped", "{\"a\":1,\"\\u0061\":2}", ERR_INVALID},
        {"a name twice, deeper", "[{\"x\":{\"a\":1,\"b\":0,\"a\":2}}]", ERR_INVALID},
        {"names that differ in case", "{\"a\":1,\"A\":2}", ERR_NONE},
        {"escaped NUL", "\"a\\u0000b\"", ERR_INVALID},
        {"lone high surrogate", "\"\\uD83D\"", ERR_INVALID},
        {"lone low surrogate", "\"\\uDE00\"", ERR_INVALID},
        {"high surrogate and a letter", "\"\\uD83Dx\"", ERR_INVALID},
        {"raw surrogate", "\"\xED\xA0\x80\"", ERR_INVALID},
        {"overlong", "\"\xC0\xAF\"", ERR_INVALID},
        {"cut UTF-8", "\"\xD0", ERR_INVALID},
        {"byte order mark", "\xEF\xBB\xBF{}", ERR_INVALID},
        {"trailing comma", "[1,]", ERR_INVALID},
        {"comment", "[1/**/]", ERR_INVALID},
        {"NaN", "NaN", ERR_INVALID},
        {"leading zero", "01", ERR_INVALID},
        {"plus", "+1", ERR_INVALID},
        {"too large for a double", "1e999", ERR_TOO_BIG},
        {"61 digits", "1234567890123456789012345678901234567890123456789012345678901", ERR_TOO_BIG},
        {"60 digits", "123456789012345678901234567890123456789012345678901234567890", ERR_NONE},
        {"minus alone", "-", ERR_INVALID},
        {"cut word", "tru", ERR_INVALID},
        {"cut escape", "\"\\u12", ERR_INVALID},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct json *j = NULL;
        struct error e = {0};
        enum err code = parse(rows[i].text, &j, &e);
        if (code != rows[i].code)
            fail_msg("%s: %s (%s)", rows[i].row, error_name(code), e.text);
        assert_true((j != NULL) == (code == ERR_NONE));
        json_free(j);
    }
}

static void test_json__names_the_offset(void **state)
{
    (void)state;
    struct json *j;
    struct error e = {0};
    assert_int_equal(parse("{\"a\": nul}", &j, &e), ERR_INVALID);
    assert_non_null(strstr(e.text, "byte 6"));
}

static void test_json__raw_nul_and_maximum(void **state)
{
    (void)state;
    struct json *j;
    assert_int_equal(json_parse(&j, "\"a\0b\"", 5, MAX, NULL), ERR_INVALID);
    assert_int_equal(json_parse(&j, "1\0", 2, MAX, NULL), ERR_INVALID);
    assert_int_equal(json_parse(&j, "[1,2]", 5, 4, NULL), ERR_TOO_BIG);
    assert_int_equal(json_parse(&j, "[1,2]xyz", 5, 5, NULL), ERR_NONE);
    json_free(j);
}

static void test_json__finds_a_double_name_among_many(void **state)
{
    (void)state;
    struct buf b;
    buf_init(&b, MAX);
    buf_add_str(&b, "{");
    for (int i = 0; i < 1000; i++)
        buf_addf(&b, "\"n%d\":%d,", i, i);
    buf_add_str(&b, "\"last\":0}");
    struct json *j = parsed(b.data);
    assert_int_equal(json_count(j), 1001);
    json_free(j);
    b.data[b.len - 1] = ',';
    buf_add_str(&b, "\"n500\":0}");
    assert_int_equal(parse(b.data, &j, NULL), ERR_INVALID);
    buf_done(&b);
}

static void test_json__readers_give_defaults(void **state)
{
    (void)state;
    struct json *j = parsed("{\"s\":\"text\",\"i\":-7,\"f\":1.5,\"t\":true,\"n\":null,\"a\":[10,20,30],"
                            "\"big\":9007199254740991,\"over\":9007199254740993}");
    assert_string_equal(json_str(j, "s", "no"), "text");
    assert_string_equal(json_str(j, "i", "no"), "no");
    assert_null(json_str(j, "missing", NULL));
    assert_int_equal(json_int(j, "i", 0), -7);
    assert_int_equal(json_int(j, "f", 99), 99);
    assert_int_equal(json_int(j, "s", 99), 99);
    assert_true(json_int(j, "big", 0) == INT64_C(9007199254740991));
    assert_int_equal(json_int(j, "over", -1), -1);
    assert_true(json_bool(j, "t", false));
    assert_true(json_bool(j, "n", true));
    assert_false(json_bool(j, "i", false));
    assert_null(json_get(NULL, "s"));
    assert_null(json_get(json_get(j, "s"), "s"));
    const struct json *a = json_get(j, "a");
    assert_true(json_is_array(a) && !json_is_object(a) && json_is_object(j));
    assert_int_equal(json_count(a), 3);
    assert_int_equal(json_value_int(json_at(a, 1), 0), 20);
    assert_null(json_at(a, 3));
    assert_null(json_first(NULL));
    assert_null(json_next(NULL));
    assert_string_equal(json_name(json_first(j)), "s");
    assert_null(json_name(json_first(a)));
    json_free(j);
    json_free(NULL);
}

static void test_json__writes_compact_and_escaped(void **state)
{
    (void)state;
    struct json *j = json_new_object();
    json_put_str(j, "q", "\"\\/\b\f\n\r\t\x01\x1f\x7f");
    json_put_str(j, "ru", "Ёж 🦔");
    json_put_str(j, "bad",
                 "a\xff"
                 "b");
    json_put_str(j, "none", NULL);
    json_put_int(j, "i", INT64_C(1000000000000000));
    json_put_int(j, "lease", INT64_C(9007199254740993));
    json_put_bool(j, "yes", true);
    struct json *list = json_new_array();
    json_put_int(list, NULL, 1);
    json_put(list, NULL, json_new_object());
    json_put(j, "list", list);
    assert_written(j,
                   "{\"q\":\"\\\"\\\\/\\b\\f\\n\\r\\t\\u0001\\u001f\x7f\",\"ru\":\"Ёж 🦔\",\"bad\":\"a\xEF\xBF\xBD"
                   "b\",\"i\":1000000000000000,\"lease\":9007199254740993,\"yes\":true,\"list\":[1,{}]}");
    json_free(j);
}

static void test_json__putting_again_replaces(void **state)
{
    (void)state;
    struct json *j = json_new_object();
    json_put_int(j, "a", 1);
    json_put_int(j, "b", 2);
    json_put_int(j, "a", 3);
    assert_written(j, "{\"b\":2,\"a\":3}");
    json_free(j);
}

static void test_json__a_copy_stands_alone(void **state)
{
    (void)state;
    struct json *j = parsed("{\"child\":{\"x\":[1,\"y\",null]}}");
    struct json *copy = json_dup(json_get(j, "child"));
    json_free(j);
    assert_null(json_name(copy));
    struct json *list = json_new_array();
    json_put(list, NULL, copy);
    assert_written(list, "[{\"x\":[1,\"y\",null]}]");
    json_free(list);
    assert_null(json_dup(NULL));
}

static void test_json__numbers_survive_a_round_trip(void **state)
{
    (void)state;
    static const struct {
        const char *in, *out;
    } rows[] = {
        {"0", "0"},     {"-0", "0"},         {"1.0", "1"},           {"1E3", "1000"},
        {"0.1", "0.1"}, {"1e300", "1e+300"}, {"-2.5e-3", "-0.0025"}, {"3.141592653589793", "3.141592653589793"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct json *j = parsed(rows[i].in), *again;
        struct buf b;
        buf_init(&b, MAX);
        json_write(j, &b);
        assert_string_equal(b.data, rows[i].out);
        again = parsed(b.data);
        json_free(again);
        buf_done(&b);
        json_free(j);
    }
}

/* ---- JSONTestSuite (shared data) */

/* Valid JSON that this project refuses by its own limits. */
static const char *const suite_limits[] = {
    "y_object_duplicated_key.json", "y_object_duplicated_key_and_value.json", "y_object_escaped_null_in_key.json",
    "y_string_null_escape.json",    "y_number_double_close_to_zero.json",
};

static bool suite_is_limit(const char *name)
{
    for (size_t i = 0; i < sizeof suite_limits / sizeof *suite_limits; i++)
        if (strcmp(suite_limits[i], name) == 0)
            return true;
    return false;
}

static void suite_check(const char *dir, const char *name)
{
    char path[4096];
    struct buf b;
    struct error e = {0};
    struct json *j = NULL;
    buf_init(&b, 4 << 20);
    assert_int_equal(file_read(file_join(path, dir, name), &b, &e), ERR_NONE);
    enum err code = json_parse(&j, b.data, b.len, 4 << 20, &e);
    bool limit = suite_is_limit(name);
    if ((name[0] == 'y' && !limit && code) || ((name[0] == 'n' || limit) && !code))
        fail_msg("%s: %s %s", name, error_name(code), e.text);
    if (!code) {
        struct buf text;
        struct json *again = NULL;
        buf_init(&text, 8 << 20);
        json_write(j, &text);
        if (json_parse(&again, text.data, text.len, 8 << 20, &e))
            fail_msg("%s: written, then not read: %s", name, e.text);
        json_free(again);
        buf_done(&text);
    }
    json_free(j);
    buf_done(&b);
}

static void test_json__json_test_suite(void **state)
{
    (void)state;
    const char *data = getenv("SOSEDI_DATA");
    char dir[4096];
    file_join(dir, data ? data : "../shared/data", "json/JSONTestSuite/test_parsing");
    DIR *d = opendir(dir);
    if (!d) {
        print_message("skipped: %s is not there\n", dir);
        skip();
    }
    int n = 0;
    for (struct dirent *entry; (entry = readdir(d));)
        if (entry->d_name[0] != '.') {
            suite_check(dir, entry->d_name);
            n++;
        }
    closedir(d);
    assert_true(n > 100);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_json__takes_and_refuses),
        cmocka_unit_test(test_json__names_the_offset),
        cmocka_unit_test(test_json__raw_nul_and_maximum),
        cmocka_unit_test(test_json__finds_a_double_name_among_many),
        cmocka_unit_test(test_json__readers_give_defaults),
        cmocka_unit_test(test_json__writes_compact_and_escaped),
        cmocka_unit_test(test_json__putting_again_replaces),
        cmocka_unit_test(test_json__a_copy_stands_alone),
        cmocka_unit_test(test_json__numbers_survive_a_round_trip),
        cmocka_unit_test(test_json__json_test_suite),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
