/* Forms: what people type as numbers, addresses and names, and how the engine leads through the fields. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "kiosk/base/buf.h"
#include "kiosk/base/error.h"
#include "kiosk/base/file.h"
#include "kiosk/base/text.h"
#include "kiosk/form/email.h"
#include "kiosk/form/form.h"
#include "kiosk/form/phone.h"

/* ---- phone numbers */

static const struct phone_row {
    const char *name, *typed, *want; /* want NULL: fault */
    enum phone_fault fault;
} phone_rows[] = {
    {"eight", "89123456789", "+79123456789", PHONE_OK},
    {"seven", "79123456789", "+79123456789", PHONE_OK},
    {"plus seven", "+79123456789", "+79123456789", PHONE_OK},
    {"ten digits", "9123456789", "+79123456789", PHONE_OK},
    {"as on a poster", "8 (912) 345-67-89", "+79123456789", PHONE_OK},
    {"dots", "8.912.345.67.89", "+79123456789", PHONE_OK},
    {"long dashes and hard spaces", "8\u00a0912\u2011345\u201367\u201489", "+79123456789", PHONE_OK},
    {"spaces around", "  +7 912 345 67 89  ", "+79123456789", PHONE_OK},
    {"plus eight nine", "+8 912 345 67 89", "+79123456789", PHONE_OK},
    {"Moscow", "8 495 123-45-67", "+74951234567", PHONE_OK},
    {"Moscow in ten digits", "(495) 123-45-67", "+74951234567", PHONE_OK},
    {"Petersburg", "8 812 123-45-67", "+78121234567", PHONE_OK},
    {"Kazakhstan", "+7 701 123 45 67", "+77011234567", PHONE_OK},
    {"free call", "8-800-555-35-35", "+78005553535", PHONE_OK},
    {"Belarus", "+375 29 123-45-67", "+375291234567", PHONE_OK},
    {"Germany", "+49 (30) 901820", "+4930901820", PHONE_OK},
    {"Germany through 00", "0049 30 901820", "+4930901820", PHONE_OK},
    {"Germany through 8 10", "8 10 49 30 901820", "+4930901820", PHONE_OK},
    {"Vietnam has eleven digits too", "+84 912 345 678", "+84912345678", PHONE_OK},
    {"fifteen digits", "+123456789012345", "+123456789012345", PHONE_OK},
    {"one short", "8 912 345-67-8", NULL, PHONE_SHORT},
    {"one short after plus", "+7 912 345-67-8", NULL, PHONE_SHORT},
    {"one long", "8 912 345-67-890", NULL, PHONE_LONG},
    {"one long after plus", "+7 912 345-67-890", NULL, PHONE_LONG},
    {"eight digits", "12345678", NULL, PHONE_SHORT},
    {"sixteen digits", "+1234567890123456", NULL, PHONE_LONG},
    {"at home", "2-34-56", NULL, PHONE_LOCAL},
    {"seven at home", "123-45-67", NULL, PHONE_LOCAL},
    {"a letter", "8 912 34O-67-89", NULL, PHONE_SIGN},
    {"words", "нет телефона", NULL, PHONE_SIGN},
    {"two pluses", "++79123456789", NULL, PHONE_SIGN},
    {"plus inside", "8+9123456789", NULL, PHONE_SIGN},
    {"bad bytes", "8912\xff""3456789", NULL, PHONE_SIGN},
    {"no such code", "8 112 345-67-89", NULL, PHONE_NONE},
    {"zeros", "+70000000000", NULL, PHONE_NONE},
    {"eleven digits from nowhere", "39123456789", NULL, PHONE_NONE},
    {"plus zero", "+049123456789", NULL, PHONE_NONE},
    {"nothing", "", NULL, PHONE_SHORT},
    {"only filler", " ( ) - ", NULL, PHONE_SHORT},
};

static void test_form__phone_numbers_as_people_write_them(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof phone_rows / sizeof phone_rows[0]; i++) {
        const struct phone_row *r = &phone_rows[i];
        char out[PHONE_SIZE] = "untouched";
        enum phone_fault fault = phone_read(out, r->typed, NULL);
        if (fault != r->fault || strcmp(out, r->want ? r->want : "untouched") != 0)
            fail_msg("%s: fault %d, out %s", r->name, fault, out);
    }
}

static void test_form__phone_numbers_read_again_are_the_same(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof phone_rows / sizeof phone_rows[0]; i++) {
        char shown[PHONE_SHOWN], again[PHONE_SIZE];
        if (!phone_rows[i].want)
            continue;
        assert_int_equal(phone_read(again, phone_show(shown, phone_rows[i].want), NULL), PHONE_OK);
        assert_string_equal(again, phone_rows[i].want);
    }
    char shown[PHONE_SHOWN];
    assert_string_equal(phone_show(shown, "+79123456789"), "+7 912 345-67-89");
}

static void test_form__phone_counts_digits_for_the_message(void **state)
{
    (void)state;
    char out[PHONE_SIZE], many[400];
    int digits;
    phone_read(out, "8 912 345", &digits);
    assert_int_equal(digits, 7);
    memset(many, '7', sizeof many - 1);
    many[sizeof many - 1] = 0;
    assert_int_equal(phone_read(out, many, &digits), PHONE_LONG);
    assert_int_equal(digits, sizeof many - 1);
}

/* One plus, then a country's code (not 0, not Russia's 7) and 8 to 15 digits in all, with nothing but usual signs between. */
static bool full_number(const char *s, size_t n)
{
    int digits = 0;
    char first = 0;
    for (size_t i = 1; i < n; i++) {
        if (!strchr("0123456789 -()", s[i]))
            return false;
        digits += s[i] >= '0' && s[i] <= '9';
        first = first ? first : s[i] >= '0' && s[i] <= '9' ? s[i] : 0;
    }
    return digits >= 8 && digits <= 15 && first != '0' && first != '7';
}

/* The numbers in libphonenumber's own tests: those written in full with a plus are real plans' numbers and are all taken. */
static void test_form__phone_numbers_of_other_countries(void **state)
{
    (void)state;
    const char *data = getenv("SOSEDI_DATA");
    char path[4096], number[64];
    struct buf file;
    struct error e;
    buf_init(&file, 2 << 20);
    file_join(path, data && *data ? data : "../shared/data", "phone/libphonenumber/PhoneNumberUtilTest.java");
    if (file_read(path, &file, &e) != ERR_NONE) {
        buf_done(&file);
        print_message("skipped: %s is not here\n", path);
        skip();
    }
    int taken = 0, wrong = 0;
    for (const char *p = file.data; (p = strstr(p, "\"+")); p++) {
        size_t n = strcspn(p + 1, "\"");
        char out[PHONE_SIZE];
        if (n >= sizeof number || !full_number(p + 1, n))
            continue;
        memcpy(number, p + 1, n);
        number[n] = 0;
        if (phone_read(out, number, NULL) != PHONE_OK && ++wrong)
            print_message("not taken: %s\n", number);
        taken++;
    }
    buf_done(&file);
    assert_int_equal(wrong, 0);
    assert_true(taken > 20);
}

/* ---- addresses */

static const struct email_row {
    const char *name, *typed, *want;
    enum email_fault fault;
} email_rows[] = {
    {"plain", "anna@mail.ru", "anna@mail.ru", EMAIL_OK},
    {"spaces around", "  anna@mail.ru ", "anna@mail.ru", EMAIL_OK},
    {"capitals in the domain", "Anna@Mail.RU", "Anna@mail.ru", EMAIL_OK},
    {"dots and plus", "anna.petrova+kiosk@sub.mail-1.example.com", "anna.petrova+kiosk@sub.mail-1.example.com", EMAIL_OK},
    {"digits", "1234@56.ru", "1234@56.ru", EMAIL_OK},
    {"Cyrillic", "анна@почта.рф", "анна@почта.рф", EMAIL_OK},
    {"no at", "anna.mail.ru", NULL, EMAIL_AT},
    {"two at", "anna@home@mail.ru", NULL, EMAIL_AT},
    {"nobody", "@mail.ru", NULL, EMAIL_AT},
    {"nothing", "", NULL, EMAIL_AT},
    {"no dot", "anna@mail", NULL, EMAIL_DOMAIN},
    {"dot at the end", "anna@mail.ru.", NULL, EMAIL_DOMAIN},
    {"two dots", "anna@mail..ru", NULL, EMAIL_DOMAIN},
    {"one letter at the end", "anna@mail.r", NULL, EMAIL_DOMAIN},
    {"digits at the end", "anna@mail.12", NULL, EMAIL_DOMAIN},
    {"hyphen first", "anna@-mail.ru", NULL, EMAIL_DOMAIN},
    {"no domain", "anna@", NULL, EMAIL_DOMAIN},
    {"underscore in the domain", "anna@my_mail.ru", NULL, EMAIL_DOMAIN},
    {"space inside", "anna petrova@mail.ru", NULL, EMAIL_SIGN},
    {"comma for dot", "anna@mail,ru", NULL, EMAIL_SIGN},
    {"dot before at", "anna.@mail.ru", NULL, EMAIL_SIGN},
    {"two dots before at", "anna..petrova@mail.ru", NULL, EMAIL_SIGN},
    {"sixty-five before at", "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa@mail.ru", NULL, EMAIL_LONG},
};

static void test_form__addresses_as_people_write_them(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof email_rows / sizeof email_rows[0]; i++) {
        const struct email_row *r = &email_rows[i];
        char out[EMAIL_SIZE] = "untouched";
        enum email_fault fault = email_read(out, r->typed);
        if (fault != r->fault || strcmp(out, r->want ? r->want : "untouched") != 0)
            fail_msg("%s: fault %d, out %s", r->name, fault, out);
    }
}

static void test_form__very_long_address_is_refused(void **state)
{
    (void)state;
    char typed[600], out[EMAIL_SIZE];
    memset(typed, 'a', sizeof typed - 1);
    typed[sizeof typed - 1] = 0;
    memcpy(typed, "anna@", 5);
    assert_int_equal(email_read(out, typed), EMAIL_LONG);
}

/* ---- the engine */

static const struct field engine_fields[] = {
    {.id = "name", .label = "Name", .type = FIELD_NAME, .required = true},
    {.id = "phone", .label = "Phone", .type = FIELD_PHONE, .group = 1},
    {.id = "email", .label = "E-mail", .type = FIELD_EMAIL, .group = 1},
    {.id = "party", .label = "People", .type = FIELD_NUMBER, .required = true, .min = 1, .max = 5},
    {.id = "tea", .label = "Tea?", .type = FIELD_CHOICE, .required = true, .option = {"Tea", "Coffee", "Water"}, .option_count = 3},
    {.id = "walk", .label = "On foot?", .type = FIELD_YESNO},
    {.id = "consent", .label = "Agree?", .text = "Words.", .type = FIELD_CONSENT, .required = true},
};
enum { ENGINE_COUNT = sizeof engine_fields / sizeof engine_fields[0] };

static void engine_start(struct form *f)
{
    *f = (struct form){.count = 0};
    form_set(f, engine_fields, ENGINE_COUNT, "Next");
    form_place(f, 0, 20, 76);
}

static enum form_event engine_press(struct form *f, enum key_code code) { return form_key(f, &(struct key){.code = code}); }

static void engine_type(struct form *f, const char *text)
{
    size_t left = strlen(text), n;
    for (; left > 0; text += n, left -= n) {
        uint32_t cp;
        n = text_decode(text, left, &cp);
        form_key(f, &(struct key){.code = K_CHAR, .ch = cp});
    }
}

static void engine_fill(struct form *f)
{
    static const char *const lines[] = {"Анна Петрова", "8 912 345-67-89", "", "3"};
    for (size_t i = 0; i < sizeof lines / sizeof lines[0]; i++) {
        engine_type(f, lines[i]);
        engine_press(f, K_ENTER);
    }
    engine_type(f, "2"); /* coffee, and on */
    engine_press(f, K_DOWN);
    engine_press(f, K_DOWN);
    engine_press(f, K_ENTER); /* consent */
}

static const char *engine_get(const struct form *f, const char *id)
{
    static char out[FIELD_SIZE];
    return form_get(f, id, out);
}

static void test_form__walk_from_the_first_field_to_the_button(void **state)
{
    (void)state;
    struct form f;
    engine_start(&f);
    engine_fill(&f);
    assert_int_equal(f.focus, ENGINE_COUNT);
    assert_int_equal(engine_press(&f, K_ENTER), FORM_DONE);
    assert_string_equal(engine_get(&f, "name"), "Анна Петрова");
    assert_string_equal(engine_get(&f, "phone"), "+79123456789");
    assert_string_equal(engine_get(&f, "email"), "");
    assert_string_equal(engine_get(&f, "party"), "3");
    assert_string_equal(engine_get(&f, "tea"), "Coffee");
    assert_string_equal(engine_get(&f, "walk"), "");
    assert_string_equal(engine_get(&f, "consent"), "yes");
    assert_string_equal(engine_get(&f, "nobody"), "");
}

static void test_form__enter_stays_at_what_is_wrong_and_arrows_go_on(void **state)
{
    (void)state;
    struct form f;
    engine_start(&f);
    engine_press(&f, K_ENTER);
    assert_int_equal(f.focus, 0);
    assert_int_equal(f.value[0].fault, FIELD_EMPTY);
    engine_type(&f, "5");
    assert_int_equal(f.value[0].fault, FIELD_FINE); /* not scolded while typing */
    engine_press(&f, K_ENTER);
    assert_int_equal(f.value[0].fault, FIELD_NAME_LETTERS);
    engine_press(&f, K_DOWN);
    assert_int_equal(f.focus, 1);
    assert_int_equal(f.value[0].fault, FIELD_NAME_LETTERS);
    engine_type(&f, "8 912");
    engine_press(&f, K_ENTER);
    assert_int_equal(f.focus, 1);
    assert_int_equal(f.value[1].fault, FIELD_PHONE_SHORT);
}

static void test_form__one_of_phone_and_address_is_enough(void **state)
{
    (void)state;
    struct form f;
    engine_start(&f);
    f.focus = 1;
    engine_press(&f, K_ENTER); /* no phone: not yet a fault */
    assert_int_equal(f.focus, 2);
    engine_press(&f, K_ENTER); /* no address either */
    assert_int_equal(f.focus, 2);
    assert_int_equal(f.value[2].fault, FIELD_NEITHER);
    engine_press(&f, K_UP);
    engine_type(&f, "89123456789");
    engine_press(&f, K_ENTER);
    assert_int_equal(f.value[2].fault, FIELD_FINE); /* taken back */
    engine_press(&f, K_ENTER);
    assert_int_equal(f.focus, 3);
}

static void test_form__button_leads_to_the_first_wrong_field(void **state)
{
    (void)state;
    struct form f;
    engine_start(&f);
    engine_press(&f, K_PAGE_DOWN);
    assert_int_equal(f.focus, ENGINE_COUNT);
    assert_int_equal(engine_press(&f, K_ENTER), FORM_MINE);
    assert_int_equal(f.focus, 0);
    engine_fill(&f);
    engine_press(&f, K_PAGE_UP);
    for (int i = 0; i < 3; i++)
        engine_press(&f, K_DOWN);
    engine_type(&f, "9"); /* more people than fit */
    engine_press(&f, K_PAGE_DOWN);
    engine_press(&f, K_ENTER);
    assert_int_equal(f.focus, 3);
    assert_int_equal(f.value[3].fault, FIELD_NUMBER_RANGE);
}

static void test_form__number_is_replaced_then_typed_and_counted(void **state)
{
    (void)state;
    struct form f;
    engine_start(&f);
    f.focus = 2;
    engine_type(&f, "anna@mail.ru");
    engine_press(&f, K_ENTER);
    assert_string_equal(f.value[3].input.text, "1");
    engine_type(&f, "x");
    assert_string_equal(f.value[3].input.text, "1");
    engine_type(&f, "4");
    assert_string_equal(f.value[3].input.text, "4"); /* not 14 */
    engine_type(&f, "++++");
    assert_string_equal(f.value[3].input.text, "5");
    engine_type(&f, "---------");
    assert_string_equal(f.value[3].input.text, "1");
}

static void test_form__address_is_typed_under_either_layout(void **state)
{
    (void)state;
    struct form f;
    engine_start(&f);
    f.focus = 2;
    engine_type(&f, "фттф\"ьфшдюкг");
    assert_string_equal(f.value[2].input.text, "anna@mail.ru");
}

static void test_form__consent_is_asked_for_and_can_be_withdrawn(void **state)
{
    (void)state;
    struct form f;
    engine_start(&f);
    engine_fill(&f);
    engine_press(&f, K_UP);
    engine_type(&f, " ");
    assert_string_equal(engine_get(&f, "consent"), "");
    engine_press(&f, K_PAGE_DOWN);
    engine_press(&f, K_ENTER);
    assert_int_equal(f.focus, 6);
    assert_int_equal(f.value[6].fault, FIELD_AGREE);
}

static void test_form__answers_survive_another_language_but_not_another_question(void **state)
{
    (void)state;
    struct form f;
    engine_start(&f);
    engine_fill(&f);
    struct field fields[ENGINE_COUNT];
    memcpy(fields, engine_fields, sizeof fields);
    fields[4].label = "Чай?";
    fields[4].option[1] = "Кофе";
    form_set(&f, fields, ENGINE_COUNT, "Дальше");
    assert_string_equal(engine_get(&f, "tea"), "Кофе");
    fields[4].option_count = 1; /* coffee is no longer offered */
    fields[5].type = FIELD_TEXT;
    form_set(&f, fields, ENGINE_COUNT, "Дальше");
    assert_string_equal(engine_get(&f, "tea"), "");
    assert_string_equal(engine_get(&f, "walk"), "");
    assert_string_equal(engine_get(&f, "name"), "Анна Петрова");
    form_set(&f, fields, 2, "Дальше");
    assert_true(f.focus <= 2);
}

static void test_form__leaving_is_the_screens_affair(void **state)
{
    (void)state;
    struct form f;
    engine_start(&f);
    assert_int_equal(engine_press(&f, K_HOME), FORM_NOT_MINE);
    assert_int_equal(engine_press(&f, K_ESC), FORM_NOT_MINE);
}

/* Whatever the size, the open field is inside and the cursor in it. */
static void test_form__focus_is_seen_in_every_size(void **state)
{
    (void)state;
    for (int rows = 6; rows <= 40; rows += 2)
        for (int cols = 40; cols <= 150; cols += 22) {
            struct form f;
            struct canvas_grid g;
            engine_start(&f);
            form_place(&f, 2, rows, cols);
            canvas_grid_init(&g, rows + 2, cols);
            for (int i = 0; i < 2 * ENGINE_COUNT; i++) {
                canvas_grid_resize(&g, rows + 2, cols);
                form_draw(canvas_all(&g), &f);
                if (g.cursor_row < 2)
                    fail_msg("no cursor with %d rows, %d columns, field %d", rows, cols, f.focus);
                engine_press(&f, i < ENGINE_COUNT ? K_TAB : K_BACKTAB);
            }
            canvas_grid_done(&g);
        }
}

static void test_form__clicks_open_fields_and_choose_options(void **state)
{
    (void)state;
    struct form f;
    engine_start(&f);
    form_key(&f, &(struct key){.code = K_CLICK, .row = 6, .col = 4}); /* name is open: three lines and a blank one, then one line each */
    assert_int_equal(f.focus, 4);
    for (int row = 0; row < 20 && f.value[4].chosen < 0 && f.focus == 4; row++)
        if (row > 5)
            form_key(&f, &(struct key){.code = K_CLICK, .row = row, .col = 6});
    assert_int_equal(f.value[4].chosen, 0);
    assert_int_equal(f.focus, 5);
    assert_int_equal(form_key(&f, &(struct key){.code = K_CLICK, .row = 40, .col = 6}), FORM_NOT_MINE);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_form__phone_numbers_as_people_write_them),
        cmocka_unit_test(test_form__phone_numbers_read_again_are_the_same),
        cmocka_unit_test(test_form__phone_counts_digits_for_the_message),
        cmocka_unit_test(test_form__phone_numbers_of_other_countries),
        cmocka_unit_test(test_form__addresses_as_people_write_them),
        cmocka_unit_test(test_form__very_long_address_is_refused),
        cmocka_unit_test(test_form__walk_from_the_first_field_to_the_button),
        cmocka_unit_test(test_form__enter_stays_at_what_is_wrong_and_arrows_go_on),
        cmocka_unit_test(test_form__one_of_phone_and_address_is_enough),
        cmocka_unit_test(test_form__button_leads_to_the_first_wrong_field),
        cmocka_unit_test(test_form__number_is_replaced_then_typed_and_counted),
        cmocka_unit_test(test_form__address_is_typed_under_either_layout),
        cmocka_unit_test(test_form__consent_is_asked_for_and_can_be_withdrawn),
        cmocka_unit_test(test_form__answers_survive_another_language_but_not_another_question),
        cmocka_unit_test(test_form__leaving_is_the_screens_affair),
        cmocka_unit_test(test_form__focus_is_seen_in_every_size),
        cmocka_unit_test(test_form__clicks_open_fields_and_choose_options),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
