/* Languages: catalogues written here byte by byte (the .mo format of GNU gettext), changed while the program runs. */
#include "kiosk/base/i18n.h"

#include <locale.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "kiosk/base/i18n_pseudo.h"
#include "kiosk/base/text.h"

#define COUNT(a) (sizeof(a) / sizeof(a)[0])

struct entry {
    const char *id, *text;
    size_t id_len, text_len; /* with the NULs between plural forms; 0: strlen */
};

static void put_u32(FILE *f, size_t v)
{
    uint32_t u = (uint32_t)v;
    fwrite(&u, sizeof u, 1, f);
}

static size_t len_of(const char *s, size_t len) { return len ? len : strlen(s); }

/* Entries are in the order of their ids. */
static void write_catalogue(const char *folder, const char *code, const struct entry *entries, size_t n)
{
    char path[512];
    snprintf(path, sizeof path, "%s/%s", folder, code);
    mkdir(path, 0700);
    snprintf(path, sizeof path, "%s/%s/LC_MESSAGES", folder, code);
    mkdir(path, 0700);
    snprintf(path, sizeof path, "%s/%s/LC_MESSAGES/sosedi.mo", folder, code);
    FILE *f = fopen(path, "wb");
    assert_non_null(f);
    size_t head = 28, at = head + 16 * n;
    put_u32(f, 0x950412de);
    put_u32(f, 0);
    put_u32(f, n);
    put_u32(f, head);
    put_u32(f, head + 8 * n);
    put_u32(f, 0);
    put_u32(f, 0);
    for (size_t i = 0; i < n; i++) {
        size_t len = len_of(entries[i].id, entries[i].id_len);
        put_u32(f, len), put_u32(f, at);
        at += len + 1;
    }
    for (size_t i = 0; i < n; i++) {
        size_t len = len_of(entries[i].text, entries[i].text_len);
        put_u32(f, len), put_u32(f, at);
        at += len + 1;
    }
    for (size_t i = 0; i < n; i++)
        fwrite(entries[i].id, 1, len_of(entries[i].id, entries[i].id_len) + 1, f);
    for (size_t i = 0; i < n; i++)
        fwrite(entries[i].text, 1, len_of(entries[i].text, entries[i].text_len) + 1, f);
    fclose(f);
}

#define RU_PLURALS                                                                                                     \
    "nplurals=3; plural=(n%10==1 && n%100!=11 ? 0 : n%10>=2 && n%10<=4 && (n%100<10 || n%100>=20) ? 1 : 2);"

static int setup(void **state)
{
    static char folder[] = "/tmp/sosedi-i18n-XXXXXX";
    if (!mkdtemp(folder))
        return -1;
    *state = folder;
    static const char ru_head[] = "Content-Type: text/plain; charset=UTF-8\nPlural-Forms: " RU_PLURALS "\n";
    static const char head[] = "Content-Type: text/plain; charset=UTF-8\n";
    static const char seat_id[] = "%lu seat\0%lu seats", seat_ru[] = "%lu место\0%lu места\0%lu мест";
    const struct entry ru[] = {
        {.id = "", .text = ru_head},
        {.id = seat_id, .id_len = sizeof seat_id - 1, .text = seat_ru, .text_len = sizeof seat_ru - 1},
        {.id = "Events", .text = "События"},
        {.id = "language name", .text = "Русский"},
    };
    write_catalogue(folder, "ru", ru, COUNT(ru));
    const struct entry fi[] = {
        {.id = "", .text = head}, {.id = "Events", .text = "Tapahtumat"}, {.id = "language name", .text = "Suomi"}};
    write_catalogue(folder, "fi", fi, COUNT(fi));
    const struct entry be[] = {{.id = "", .text = head}, {.id = "Events", .text = "Падзеі"}};
    write_catalogue(folder, "be", be, COUNT(be));
    char path[256];
    snprintf(path, sizeof path, "%s/de", folder); /* a folder without a catalogue */
    return mkdir(path, 0700);
}

static int teardown(void **state)
{
    static const char *const parts[] = {
        "ru/LC_MESSAGES/sosedi.mo",
        "ru/LC_MESSAGES",
        "ru",
        "fi/LC_MESSAGES/sosedi.mo",
        "fi/LC_MESSAGES",
        "fi",
        "be/LC_MESSAGES/sosedi.mo",
        "be/LC_MESSAGES",
        "be",
        "de",
        "",
    };
    for (size_t i = 0; i < COUNT(parts); i++) {
        char path[256];
        snprintf(path, sizeof path, "%s/%s", (const char *)*state, parts[i]);
        remove(path);
    }
    return 0;
}

static void init(const char *folder)
{
    struct error e = {0};
    if (i18n_init_in(folder, &e) != ERR_NONE)
        fail_msg("%s", e.text);
}

static void test_i18n__english_before_anything(void **state)
{
    (void)state;
    assert_string_equal(i18n_lang(), "en");
    assert_string_equal(_("Events"), "Events");
}

static void test_i18n__language_changes_live(void **state)
{
    init(*state);
    static const struct {
        const char *set, *lang, *text;
    } rows[] = {
        {"ru", "ru", "События"}, {"en", "en", "Events"},       {"fi", "fi", "Tapahtumat"}, {"ru", "ru", "События"},
        {"de", "en", "Events"},  {"../ru", "en", "Events"},    {"ru:fi", "en", "Events"},  {"be", "be", "Падзеі"},
        {NULL, "en", "Events"},  {"russian1", "en", "Events"}, {"", "en", "Events"},       {"ru", "ru", "События"},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        i18n_set(rows[i].set);
        assert_string_equal(i18n_lang(), rows[i].lang);
        assert_string_equal(_("Events"), rows[i].text);
        assert_string_equal(_("Not in any catalogue"), "Not in any catalogue");
        assert_string_equal(_(""), "");
    }
    i18n_set(i18n_lang());
    assert_string_equal(i18n_lang(), "ru");
}

static void test_i18n__plural_forms(void **state)
{
    init(*state);
    static const struct {
        const char *lang;
        unsigned long n;
        const char *text;
    } rows[] = {
        {"ru", 0, "%lu мест"},      {"ru", 1, "%lu место"},  {"ru", 2, "%lu места"},   {"ru", 5, "%lu мест"},
        {"ru", 11, "%lu мест"},     {"ru", 21, "%lu место"}, {"ru", 104, "%lu места"}, {"en", 0, "%lu seats"},
        {"en", 1, "%lu seat"},      {"en", 21, "%lu seats"}, {"fi", 1, "%lu seat"},    {"xx", 1, "[%lu šéáţ ~]"},
        {"xx", 2, "[%lu šéáţš ~]"},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        i18n_set(rows[i].lang);
        assert_string_equal(i18n_plural("%lu seat", "%lu seats", rows[i].n), rows[i].text);
    }
}

/* Debian without the package locales has C and C.UTF-8 alone, and the environment names anything. */
static void test_i18n__works_whatever_the_environment_says(void **state)
{
    static const char *const locales[] = {"C", "POSIX", "ru_RU.UTF-8", "ru_RU.KOI8-R", "C.UTF-8", "nonsense", ""};
    for (size_t i = 0; i < COUNT(locales); i++) {
        setenv("LC_ALL", locales[i], 1);
        setenv("LANGUAGE", "de:fr", 1);
        init(*state);
        i18n_set("ru");
        assert_string_equal(_("Events"), "События");
        assert_int_equal(mblen("Ж", 2), 2);
        assert_string_equal(localeconv()->decimal_point, ".");
    }
    unsetenv("LC_ALL");
}

static void test_i18n__lists_languages(void **state)
{
    init(*state);
    i18n_set("fi");
    struct i18n_lang list[8];
    static const struct i18n_lang want[] = {{"ru", "Русский"}, {"en", "English"}, {"be", "be"}, {"fi", "Suomi"}};
    assert_int_equal(i18n_list(list, COUNT(list)), COUNT(want));
    for (size_t i = 0; i < COUNT(want); i++) {
        assert_string_equal(list[i].code, want[i].code);
        assert_string_equal(list[i].name, want[i].name);
    }
    assert_string_equal(_("Events"), "Tapahtumat"); /* as it was */
    assert_int_equal(i18n_list(list, 1), 1);
    assert_string_equal(list[0].code, "ru");
    assert_int_equal(i18n_list(list, 0), 0);
}

static void test_i18n__without_catalogues_is_english(void **state)
{
    (void)state;
    init(NULL);
    i18n_set("ru");
    assert_string_equal(i18n_lang(), "en");
    assert_string_equal(_("Events"), "Events");
    struct i18n_lang list[4];
    assert_int_equal(i18n_list(list, COUNT(list)), 1);
    assert_string_equal(list[0].code, "en");
    assert_string_equal(list[0].name, "English");
}

static void test_i18n__pseudo_language(void **state)
{
    init(*state);
    i18n_set("xx");
    assert_string_equal(i18n_lang(), "xx");
    static const struct {
        const char *name, *in, *out;
    } rows[] = {
        {"words", "Find an event", "[Ƒíñð áñ éṽéñţ ~~~]"},
        {"one letter", "y", "[ý]"},
        {"directives", "%d of %s at %5.1f%%", "[%d óƒ %s áţ %5.1f%% ~~~~~]"},
        {"numbered", "%1$s, %2$lu", "[%1$s, %2$lu ~~]"},
        {"a percent sign alone", "50 %", "[50 %]"},
        {"star and length", "%-*.*s %llu %zu", "[%-*.*s %llu %zu ~~~]"},
        {"other letters stay", "Ёж №5", "[Ёж №5]"},
        {"lines", "One\nTwo", "[Óñé\nŢŵó~]"},
        {"empty", "", ""},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        print_message("  %s\n", rows[i].name);
        assert_string_equal(i18n_text(rows[i].in), rows[i].out);
        assert_ptr_equal(i18n_text(rows[i].in), i18n_text(rows[i].in));
    }
    for (unsigned i = 0; i < 600; i++) { /* the table grows */
        char text[40];
        snprintf(text, sizeof text, "text number %u", i);
        const char *pseudo = i18n_text(text);
        int width = text_width(text);
        assert_true(text_width(pseudo) * 10 >= width * 14 && text_width(pseudo) * 10 < width * 14 + 10);
    }
    assert_string_equal(_("Find an event"), "[Ƒíñð áñ éṽéñţ ~~~]");
    i18n_set("en");
    assert_string_equal(_("Find an event"), "Find an event");
}

/* What the pseudo-language draws must pass the door unchanged, one column a letter. */
static void test_i18n__pseudo_letters_are_plain(void **state)
{
    (void)state;
    static const char alphabet[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";
    char *pseudo = i18n_pseudo_dup(alphabet);
    char *clean = text_dup_clean(pseudo, strlen(pseudo), 1000, TEXT_LINE);
    assert_string_equal(clean, pseudo);
    for (const char *s = alphabet; *s; s++)
        assert_null(strchr(pseudo, *s));
    assert_int_equal(text_width(pseudo), 73);
    free(pseudo);
    free(clean);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_i18n__english_before_anything),
        cmocka_unit_test(test_i18n__language_changes_live),
        cmocka_unit_test(test_i18n__plural_forms),
        cmocka_unit_test(test_i18n__works_whatever_the_environment_says),
        cmocka_unit_test(test_i18n__lists_languages),
        cmocka_unit_test(test_i18n__without_catalogues_is_english),
        cmocka_unit_test(test_i18n__pseudo_language),
        cmocka_unit_test(test_i18n__pseudo_letters_are_plain),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
