/* Files on a stick: names, manifests cut and changed at every byte, parts. */
#include "sync/stick_part.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "kiosk/base/file.h"
#include "tests/support/folder.h"

static void test_stick__names(void **state)
{
    static const struct {
        const char *name;
        bool good;
    } rows[] = {{"hub/v1/keys/1", true},
                {"kiosks/abcdefghij/up/0001-0123456789abcdef.batch", true},
                {"", false},
                {"/etc/passwd", false},
                {"../x", false},
                {"a/../b", false},
                {"a/./b", false},
                {"a//b", false},
                {"a/", false},
                {"a.", false},
                {"a./b", false},
                {"a..b", false},
                {".hidden", false},
                {"-x", false},
                {"A", false},
                {"a:b", false},
                {"a\\b", false},
                {"a b", false},
                {"a\nb", false},
                {"a?b", false},
                {"\xd0\xb0", false}};
    char longest[STICK_PATH + 1];
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        if (stick_path_is_good(rows[i].name) != rows[i].good)
            fail_msg("\"%s\" should be %s", rows[i].name, rows[i].good ? "good" : "bad");
    memset(longest, 'a', STICK_PATH);
    longest[STICK_PATH] = 0;
    assert_false(stick_path_is_good(longest));
    longest[STICK_PATH - 1] = 0;
    assert_true(stick_path_is_good(longest));
}

static void test_stick__a_url_has_one_name(void **state)
{
    static const struct {
        const char *url, *name; /* NULL: none */
    } rows[] = {{"/v1/keys/1", "v1/keys/1"},
                {"/v1/feed/all/1/tail?after=500", "v1/feed/all/1/tail-500"},
                {"/v1/feed/all/1/tail?after=500&again", NULL},
                {"/v1/feed/all/head?again", NULL},
                {"/../x", NULL},
                {"v1/keys/1", NULL},
                {"/", NULL}};
    char name[STICK_NAME];
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        bool good = stick_name_of_url(name, rows[i].url);
        if (good != (rows[i].name != NULL) || (good && strcmp(name, rows[i].name) != 0))
            fail_msg("%s gave %s", rows[i].url, good ? name : "nothing");
    }
}

static void sample(struct stick_manifest *m, struct buf *text)
{
    stick_manifest_init(m, "kiosks/abcdefghij/up", "kiosk abcdefghij", "hub hub.example", 1782900000);
    stick_manifest_add(m, "0002-b.batch", "two", 3, "asks for decisions");
    stick_manifest_add(m, "0001-a.batch", "first", 5, "operations 1-5, sealed");
    stick_manifest_add(m, "0001-a.batch", "one", 3, "operations 1-5, sealed");
    buf_init(text, 4096);
    stick_manifest_write(m, text);
}

static void test_stick__a_manifest_comes_back(void **state)
{
    struct stick_manifest m, in;
    struct buf text;
    struct error e;
    (void)state;
    sample(&m, &text);
    assert_int_equal(stick_manifest_parse(&in, text.data, text.len, &e), ERR_NONE);
    assert_int_equal(in.count, 2);
    assert_string_equal(in.files[0].name, "0001-a.batch");
    assert_string_equal(in.files[0].what, "operations 1-5, sealed");
    assert_string_equal(in.part, "kiosks/abcdefghij/up");
    assert_string_equal(in.made, "2026-07-01T10:00:00Z");
    assert_int_equal(stick_manifest_find(&in, "0002-b.batch")->bytes, 3);
    assert_null(stick_manifest_find(&in, "0003-c.batch"));
    stick_manifest_done(&in);
    stick_manifest_done(&m);
    buf_done(&text);
}

/* A copy that was not finished ends anywhere; a bad stick changes anything. */
static void test_stick__a_manifest_cut_or_changed_anywhere_is_none(void **state)
{
    struct stick_manifest m, in;
    struct buf text;
    (void)state;
    sample(&m, &text);
    for (size_t n = 0; n < text.len; n++) {
        char *cut = malloc(n + 1); /* so that a read past the end is seen */
        memcpy(cut, text.data, n);
        if (stick_manifest_parse(&in, cut, n, NULL) == ERR_NONE)
            fail_msg("cut at %zu it was taken", n);
        stick_manifest_done(&in);
        free(cut);
        for (int bit = 0; bit < 8; bit++) {
            text.data[n] = (char)(text.data[n] ^ 1 << bit);
            if (stick_manifest_parse(&in, text.data, text.len, NULL) == ERR_NONE)
                fail_msg("changed at %zu it was taken", n);
            stick_manifest_done(&in);
            text.data[n] = (char)(text.data[n] ^ 1 << bit);
        }
    }
    stick_manifest_done(&m);
    buf_done(&text);
}

static void seal(struct buf *text)
{
    char hash[WIRE_HEX + 1];
    wire_hash(hash, text->data, text->len);
    buf_addf(text, "end %s\n", hash);
}

static void test_stick__odd_manifests_are_refused(void **state)
{
    static const char h[] = "0000000000000000000000000000000000000000000000000000000000000000";
    static const struct {
        const char *name, *lines; /* %s: a hash */
    } rows[] = {{"another word", "fill %s 1 a x\n"},
                {"no hash", "file 12 1 a x\n"},
                {"no length", "file %s x a x\n"},
                {"negative", "file %s -1 a x\n"},
                {"enormous", "file %s 99999999999 a x\n"},
                {"above 1 GB", "file %s 1073741825 a x\n"},
                {"a way out", "file %s 1 ../a x\n"},
                {"no name", "file %s 1\n"},
                {"named twice", "file %s 1 a x\nfile %s 1 a x\n"}};
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct buf text;
        struct stick_manifest in;
        buf_init(&text, 4096);
        buf_add_str(&text, "sosedi-manifest 1\npart hub\n");
        for (const char *p = rows[i].lines; *p; p++) {
            if (strncmp(p, "%s", 2) == 0)
                buf_add_str(&text, h), p++;
            else
                buf_add_char(&text, *p);
        }
        seal(&text);
        if (stick_manifest_parse(&in, text.data, text.len, NULL) == ERR_NONE)
            fail_msg("%s: taken", rows[i].name);
        stick_manifest_done(&in);
        buf_done(&text);
    }
}

static void test_stick__a_part_is_whole_or_refused(void **state)
{
    char dir[FOLDER_PATH], path[4096];
    struct stick s;
    struct stick_manifest m, in;
    struct buf bytes;
    struct error e;
    (void)state;
    folder_new(dir);
    assert_int_equal(stick_open(&s, dir, false, &e), ERR_NOT_FOUND);
    assert_false(stick_is_there(dir));
    assert_int_equal(stick_open(&s, dir, true, &e), ERR_NONE);
    assert_true(stick_is_there(dir));
    buf_init(&bytes, 64);
    buf_add_str(&bytes, "content");
    stick_manifest_init(&m, "hub", "hub x", "all", 0);
    assert_int_equal(stick_part_write(&s, &m, "v1/a", &bytes, "x", &e), ERR_NONE);
    assert_int_equal(stick_part_load(&s, "hub", &in, &e), ERR_CORRUPT); /* files and no manifest yet */
    assert_int_equal(stick_part_finish(&s, &m, NULL, &e), ERR_NONE);
    assert_int_equal(stick_part_load(&s, "hub", &in, &e), ERR_NONE);
    buf_clear(&bytes);
    assert_int_equal(stick_part_read(&s, &in, "v1/a", &bytes, &e), ERR_NONE);
    assert_string_equal(bytes.data, "content");
    bytes.max = bytes.len + 3; /* it no longer fits, and what is there stays */
    assert_int_equal(stick_part_read(&s, &in, "v1/a", &bytes, &e), ERR_TOO_BIG);
    assert_string_equal(bytes.data, "content");
    buf_clear(&bytes);
    bytes.max = 64;
    file_join(path, s.name, "hub/v1/a");
    assert_int_equal(file_write(path, "Content", 7, 0644, &e), ERR_NONE);
    assert_int_equal(stick_part_read(&s, &in, "v1/a", &bytes, &e), ERR_CORRUPT);
    assert_non_null(strstr(e.text, "hub/v1/a"));
    assert_int_equal(unlink(path), 0);
    assert_int_equal(stick_part_read(&s, &in, "v1/a", &bytes, &e), ERR_CORRUPT);
    assert_int_equal(stick_part_read(&s, &in, "v1/b", &bytes, &e), ERR_NOT_FOUND);
    /* What the next manifest does not name goes. */
    stick_manifest_done(&m);
    stick_manifest_init(&m, "hub", "hub x", "all", 0);
    assert_int_equal(stick_part_write(&s, &m, "v1/b", &bytes, "x", &e), ERR_NONE);
    assert_int_equal(stick_part_finish(&s, &m, &in, &e), ERR_NONE);
    stick_manifest_done(&in);
    assert_int_equal(stick_part_load(&s, "hub", &in, &e), ERR_NONE);
    assert_int_equal(in.count, 1);
    stick_manifest_done(&m);
    assert_int_equal(stick_part_load(&s, "kiosks/abcdefghij/up", &m, &e), ERR_NOT_FOUND);
    stick_manifest_done(&in);
    stick_manifest_done(&m);
    buf_done(&bytes);
    for (size_t i = 0; i < 4; i++) {
        static const char *const left[] = {"hub/v1/b", "hub/v1", "hub/MANIFEST.txt", "hub"};
        assert_int_equal(remove(file_join(path, s.name, left[i])), 0);
    }
    assert_int_equal(rmdir(s.name), 0);
    stick_close(&s);
    folder_remove(dir);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_stick__names),
        cmocka_unit_test(test_stick__a_url_has_one_name),
        cmocka_unit_test(test_stick__a_manifest_comes_back),
        cmocka_unit_test(test_stick__a_manifest_cut_or_changed_anywhere_is_none),
        cmocka_unit_test(test_stick__odd_manifests_are_refused),
        cmocka_unit_test(test_stick__a_part_is_whole_or_refused),
    };
    return crypto_init(NULL) ? 1 : cmocka_run_group_tests(tests, NULL, NULL);
}
