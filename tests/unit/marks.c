/* Marks: each from the member it is made of, and nothing from members of other kinds or shapes. */
#include "kiosk/store/marks.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "kiosk/base/date.h"
#include "kiosk/base/json.h"

static uint64_t marks_text(const char *d)
{
    struct json *j;
    assert_int_equal(json_parse(&j, d, strlen(d), 4096, NULL), ERR_NONE);
    uint64_t marks = marks_of(j);
    json_free(j);
    return marks;
}

static void test_marks__each_from_its_member(void **state)
{
    (void)state;
    static const struct {
        const char *d;
        uint64_t marks, among; /* these, of all among */
    } rows[] = {
        {"{}", MARK_IN_PERSON | MARK_ADULTS | MARK_ELDERLY, UINT64_MAX},
        {"{\"isAccessibleForFree\":true}", MARK_FREE, MARK_FREE},
        {"{\"isAccessibleForFree\":\"true\"}", 0, MARK_FREE},
        {"{\"accessible\":true}", MARK_ACCESSIBLE, MARK_ACCESSIBLE},
        {"{\"accessible\":false}", 0, MARK_ACCESSIBLE},
        {"{\"callType\":\"mentoring\"}", MARK_CALL(2), MARK_CALL(0) | MARK_CALL(1) | MARK_CALL(2) | MARK_CALL(3) | MARK_CALL(4)},
        {"{\"callType\":\"lottery\"}", 0, MARK_CALL(0) | MARK_CALL(1) | MARK_CALL(2) | MARK_CALL(3) | MARK_CALL(4)},
        {"{\"eventAttendanceMode\":\"online\"}", MARK_ONLINE, MARK_ONLINE | MARK_IN_PERSON},
        {"{\"eventAttendanceMode\":\"https://schema.org/OnlineEventAttendanceMode\"}", MARK_ONLINE, MARK_ONLINE | MARK_IN_PERSON},
        {"{\"eventAttendanceMode\":\"mixed\"}", MARK_ONLINE | MARK_IN_PERSON, MARK_ONLINE | MARK_IN_PERSON},
        {"{\"eventAttendanceMode\":\"offline\"}", MARK_IN_PERSON, MARK_ONLINE | MARK_IN_PERSON},
        {"{\"typicalAgeRange\":\"0+\"}", MARK_AGES, MARK_AGES},
        {"{\"typicalAgeRange\":\"7-12\"}", MARK_CHILDREN | MARK_TEENAGERS, MARK_AGES},
        {"{\"typicalAgeRange\":\"7-11\"}", MARK_CHILDREN, MARK_AGES},
        {"{\"typicalAgeRange\":\"-10\"}", MARK_CHILDREN, MARK_AGES},
        {"{\"typicalAgeRange\":\"14-17\"}", MARK_TEENAGERS, MARK_AGES},
        {"{\"typicalAgeRange\":\"18+\"}", MARK_ADULTS | MARK_ELDERLY, MARK_AGES},
        {"{\"typicalAgeRange\":\"18-\"}", MARK_ADULTS | MARK_ELDERLY, MARK_AGES},
        {"{\"typicalAgeRange\":\"60+\"}", MARK_ELDERLY, MARK_AGES},
        {"{\"typicalAgeRange\":\"18-59\"}", MARK_ADULTS, MARK_AGES},
        {"{\"typicalAgeRange\":\"9-3\"}", MARK_ADULTS | MARK_ELDERLY, MARK_AGES},
        {"{\"typicalAgeRange\":\"any\",\"about\":[\"children\"]}", MARK_CHILDREN | MARK_TEENAGERS, MARK_AGES},
        {"{\"about\":[\"sport\",\"elderly\"]}", MARK_ELDERLY, MARK_AGES},
        {"{\"scope\":\"city\"}", MARK_CITY, MARK_CITY | MARK_STATE},
        {"{\"scope\":\"state\"}", MARK_STATE, MARK_CITY | MARK_STATE},
        {"{\"scope\":\"community\"}", 0, MARK_CITY | MARK_STATE},
        {"{\"companions\":[\"child\",\"alone\",\"dog\"]}", MARK_WITH_CHILD | MARK_ALONE, MARK_COMPANY},
        {"{\"meetsOn\":[\"TU\",\"SU\",\"XX\",3]}", MARK_WEEKDAY(2) | MARK_WEEKDAY(7), MARK_WEEKDAYS},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        if ((marks_text(rows[i].d) & rows[i].among) != rows[i].marks)
            fail_msg("%s: %llx", rows[i].d, (unsigned long long)marks_text(rows[i].d));
    assert_true(marks_of(NULL) == 0);
}

static void test_marks__languages(void **state)
{
    (void)state;
    const uint64_t all = ~UINT64_C(0) << MARK_FIRST_LANGUAGE;
    assert_true((marks_text("{\"inLanguage\":\"ru\"}") & all) == marks_language("ru"));
    assert_true((marks_text("{\"inLanguage\":\"ru\",\"availableLanguage\":[\"tt\",\"en-GB\"]}") & all) ==
                (marks_language("tt") | marks_language("en")));
    assert_true((marks_text("{\"availableLanguage\":\"ba\"}") & all) == marks_language("ba"));
    assert_true((marks_text("{\"availableLanguage\":[\"tlh\"]}") & all) == marks_language("qqq"));
    assert_true(marks_language("qqq") != marks_language("ru"));
    assert_string_equal(marks_language_name("tt-RU"), "Татарча");
    assert_string_equal(marks_language_name("tlh"), "tlh");
    uint64_t seen = 0;
    for (int i = 0; marks_language_at(i); i++) {
        uint64_t bit = marks_language(marks_language_at(i)->code);
        assert_true((seen & bit) == 0 && (bit & MARK_SPOKEN) == bit && bit >> 62 == 0);
        seen |= bit;
    }
}

static void test_marks__bits_are_told_once(void **state)
{
    (void)state;
    uint64_t seen = 0;
    for (const struct mark *m = marks_table; m->word; m++) {
        assert_true((seen & m->bit) == 0 && (m->bit & MARK_SPOKEN) == 0);
        seen |= m->bit;
    }
}

static void test_marks__weekdays_of_days(void **state)
{
    (void)state;
    int32_t friday = date_to_days((struct date){2026, 5, 15});
    assert_true(marks_of_days(friday, friday) == MARK_WEEKDAY(5));
    assert_true(marks_of_days(friday, friday + 2) == (MARK_WEEKDAY(5) | MARK_WEEKDAY(6) | MARK_WEEKDAY(7)));
    assert_true(marks_of_days(friday, friday + 400) == MARK_WEEKDAYS);
    assert_true(marks_of_days(friday, friday - 1) == 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_marks__each_from_its_member),
        cmocka_unit_test(test_marks__languages),
        cmocka_unit_test(test_marks__bits_are_told_once),
        cmocka_unit_test(test_marks__weekdays_of_days),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
