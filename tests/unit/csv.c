/* Tables: csv-spectrum's expectations, and what spreadsheets write. */
#include "sync/hub/import/csv.h"

#include <dirent.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "kiosk/base/file.h"
#include "kiosk/base/json.h"
#include "sync/hub/charset.h"

enum { MAX = 1024 * 1024 };

struct csv_case {
    const char *name, *text;
    size_t size;          /* 0: strlen */
    const char *expected; /* fields in <>, rows ended by ; and a fault as !line */
};

static const struct csv_case cases[] = {
    {"plain", "a,b\n1,2\n", 0, "<a><b>;<1><2>;"},
    {"no line end at the end", "a,b\n1,2", 0, "<a><b>;<1><2>;"},
    {"CRLF", "a,b\r\n1,2\r\n", 0, "<a><b>;<1><2>;"},
    {"CR", "a,b\r1,2\r", 0, "<a><b>;<1><2>;"},
    {"semicolons", "a;b;c\n1,5;2;3\n", 0, "<a><b><c>;<1,5><2><3>;"},
    {"tabs", "a\tb\n1;,\t2\n", 0, "<a><b>;<1;,><2>;"},
    {"a separator in the header's quotes does not count", "\"a;;;\",b\n1,2\n", 0, "<a;;;><b>;<1><2>;"},
    {"byte order mark",
     "\xEF\xBB\xBF"
     "a,b\n1,2\n",
     0, "<a><b>;<1><2>;"},
    {"quotes", "a,b\n\"x \"\"y\"\" z\",\"1,2\"\n", 0, "<a><b>;<x \"y\" z><1,2>;"},
    {"line end in quotes", "a,b\n\"x\r\ny\",2\n", 0, "<a><b>;<x\ny><2>;"},
    {"quote inside a field is itself", "a,b\nx\"y,2\n", 0, "<a><b>;<x\"y><2>;"},
    {"text behind a closing quote", "a,b\n\"x\"y,2\n", 0, "<a><b>;<xy><2>;"},
    {"empty fields", "a,b,c\n,,3\n1,,\n", 0, "<a><b><c>;<><><3>;<1><><>;"},
    {"empty rows are skipped", "a,b\n\n,\n1,2\n\n", 0, "<a><b>;<1><2>;"},
    {"empty quotes at the end", "a,b\n1,\"\"", 0, "<a><b>;<1><>;"},
    {"one column", "a\n1\n2\n", 0, "<a>;<1>;<2>;"},
    {"nothing", "", 0, ""},
    {"a quote never closed spoils its row only", "a,b\n\"x,1\n2,3\n", 0, "<a><b>;!2;<2><3>;"},
    {"NUL is dropped", "a,b\n1\0x,2\n", 10, "<a><b>;<1x><2>;"},
    {"windows-1251", "\xE0;\xFF\n\xA8;\xB8\n", 0, "<а><я>;<Ё><ё>;"},
    {"UTF-16",
     "\xFF\xFE"
     "a\0\t\0\x30\x04\n\0",
     10, "<a><а>;"},
};

static void read_all(const char *bytes, size_t n, struct buf *out)
{
    struct csv c;
    assert_true(csv_open(&c, bytes, n, MAX));
    while (csv_next(&c)) {
        if (c.fault != NULL)
            buf_addf(out, "!%d", c.line);
        for (int i = 0; i < c.count; i++)
            buf_addf(out, "<%s>", csv_field(&c, i));
        buf_add_char(out, ';');
    }
    csv_close(&c);
}

static void test_csv__reads_what_spreadsheets_write(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct buf got;
        buf_init(&got, MAX);
        read_all(cases[i].text, cases[i].size == 0 ? strlen(cases[i].text) : cases[i].size, &got);
        if (strcmp(got.data, cases[i].expected) != 0)
            fail_msg("%s: got %s, expected %s", cases[i].name, got.data, cases[i].expected);
        buf_done(&got);
    }
}

static void test_csv__counts_lines_across_quoted_line_ends(void **state)
{
    (void)state;
    static const char text[] = "a,b\r\n\"1\r\n2\",x\r\n3,4\r\n";
    struct csv c;
    assert_true(csv_open(&c, text, strlen(text), MAX));
    assert_true(csv_next(&c));
    assert_true(csv_next(&c));
    assert_int_equal(c.line, 2);
    assert_true(csv_next(&c));
    assert_int_equal(c.line, 4);
    assert_string_equal(csv_field(&c, 1), "4");
    assert_string_equal(csv_field(&c, 7), "");
    assert_false(csv_next(&c));
    csv_close(&c);
}

static void test_csv__refuses_too_much(void **state)
{
    (void)state;
    struct buf text, got;
    struct csv c;
    buf_init(&text, MAX);
    buf_init(&got, MAX);
    for (int i = 0; i <= CSV_COLUMNS; i++)
        buf_add_str(&text, "x,");
    buf_add_str(&text, "\n");
    for (int i = 0; i <= CSV_FIELD; i++)
        buf_add_char(&text, 'y');
    buf_add_str(&text, "\n1,2\n");
    read_all(text.data, text.len, &got);
    assert_string_equal(got.data, "!1;!2;<1><2>;");
    assert_false(csv_open(&c, text.data, text.len, 100));
    csv_close(&c);
    buf_done(&text);
    buf_done(&got);
}

/* ---- csv-spectrum: NAME.csv with NAME.json, an array of objects by header */

/* Line ends inside fields are LF here, whatever the file has: texts are paragraphs. The expectations keep CRLF. */
static void without_cr(char *out, size_t size, const char *s)
{
    size_t n = 0;
    for (; *s != '\0' && n + 1 < size; s++) {
        if (*s != '\r')
            out[n++] = *s;
    }
    out[n] = '\0';
}

static void check_spectrum(const char *name, const struct buf *bytes, const struct json *rows)
{
    struct csv c;
    char header[CSV_COLUMNS][64];
    assert_true(csv_open(&c, bytes->data, bytes->len, MAX));
    assert_true(csv_next(&c));
    int columns = c.count;
    for (int i = 0; i < columns; i++)
        snprintf(header[i], sizeof header[i], "%s", csv_field(&c, i));
    for (const struct json *row = json_first(rows); row != NULL; row = json_next(row)) {
        if (!csv_next(&c))
            fail_msg("%s: too few rows", name);
        for (int i = 0; i < columns; i++) {
            char expected[1024];
            without_cr(expected, sizeof expected, json_str(row, header[i], "(none)"));
            if (strcmp(csv_field(&c, i), expected) != 0)
                fail_msg("%s line %d: got %s, expected %s", name, c.line, csv_field(&c, i), expected);
        }
    }
    assert_false(csv_next(&c));
    csv_close(&c);
}

static void test_csv__agrees_with_csv_spectrum(void **state)
{
    (void)state;
    const char *data = getenv("SOSEDI_DATA") != NULL ? getenv("SOSEDI_DATA") : "../shared/data";
    char folder[3000];
    struct dirent **names;
    int checked = 0;
    snprintf(folder, sizeof folder, "%s/csv/csv-spectrum", data);
    int count = scandir(folder, &names, NULL, alphasort);
    for (int i = 0; i < count; i++) {
        char path[4096];
        struct buf text, json;
        struct json *rows = NULL;
        char *dot = strstr(names[i]->d_name, ".csv");
        if (dot != NULL) {
            buf_init(&text, MAX);
            buf_init(&json, MAX);
            snprintf(path, sizeof path, "%s/%s", folder, names[i]->d_name);
            assert_int_equal(file_read(path, &text, NULL), ERR_NONE);
            snprintf(path, sizeof path, "%s/%.*s.json", folder, (int)(dot - names[i]->d_name), names[i]->d_name);
            assert_int_equal(file_read(path, &json, NULL), ERR_NONE);
            assert_int_equal(json_parse(&rows, json.data, json.len, MAX, NULL), ERR_NONE);
            check_spectrum(names[i]->d_name, &text, rows);
            checked++;
            json_free(rows);
            buf_done(&text);
            buf_done(&json);
        }
        free(names[i]);
    }
    if (count >= 0)
        free(names);
    if (checked == 0)
        skip();
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_csv__reads_what_spreadsheets_write),
        cmocka_unit_test(test_csv__counts_lines_across_quoted_line_ends),
        cmocka_unit_test(test_csv__refuses_too_much),
        cmocka_unit_test(test_csv__agrees_with_csv_spectrum),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
