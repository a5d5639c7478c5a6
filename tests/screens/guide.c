/* "Find your community": each question, the suggestions, and what is said when nothing suits. In Russian, English and the
 * pseudo-language at 80 x 24, and in Russian on a large screen. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "kiosk/base/file.h"
#include "tests/support/picture.h"
#include "tests/support/town.h"

static const struct guide_face {
    const char *lang;
    int rows, cols;
    const char *suffix;
} guide_faces[] = {{"ru", 24, 80, "ru"}, {"en", 24, 80, "en"}, {"xx", 24, 80, "xx"}, {"ru", 45, 160, "ru-large"}};

struct guide_look {
    const char *keys, *name;
};

static int guide_set_up(void **state)
{
    static const char conf[] = "[centre]\ncity = Заречинск\n";
    static char data[64];
    char path[4096];
    town_fill(picture_data(data));
    assert_int_equal(file_write(file_join(path, data, "kiosk.conf"), conf, strlen(conf), 0600, NULL), ERR_NONE);
    *state = data;
    return 0;
}

static int guide_tear_down(void **state)
{
    picture_data_done(*state);
    return 0;
}

static struct picture *guide_start(const char *data, const struct guide_face *face)
{
    struct picture *p = picture_start(
        &(struct picture_setup){.data = data, .lang = face->lang, .rows = face->rows, .cols = face->cols});
    picture_press(p, "enter 5");
    return p;
}

static void guide_walk(const char *data, const struct guide_look *looks, size_t count)
{
    for (size_t i = 0; i < sizeof guide_faces / sizeof guide_faces[0]; i++) {
        struct picture *p = guide_start(data, &guide_faces[i]);
        for (size_t k = 0; k < count; k++) {
            char name[80];
            picture_press(p, looks[k].keys);
            snprintf(name, sizeof name, "guide-%s-%s", looks[k].name, guide_faces[i].suffix);
            picture_check(p, name);
        }
        assert_int_equal(picture_stop(p), 0);
    }
}
#define WALK(data, looks) guide_walk(data, looks, sizeof(looks) / sizeof(looks)[0])

static void test_guide__five_questions_and_what_suits(void **state)
{
    static const struct guide_look looks[] = {
        {"", "topic"}, {"2", "age"}, {"4", "when"}, {"4", "where"}, {"1", "needs"}, {"1 4 5", "needs-chosen"}, {"end enter", "found"},
    };
    WALK(*state, looks);
}

static void test_guide__what_comes_closest(void **state)
{
    static const struct guide_look looks[] = {{"1 3 5 3 4 0", "closest"}};
    WALK(*state, looks);
}

static void test_guide__nobody_of_that_age(void **state)
{
    static const struct guide_look looks[] = {{"0 1 0 0 0", "nothing"}};
    WALK(*state, looks);
}

static void test_guide__all_the_same_leads_to_suggestions_too(void **state)
{
    struct picture *p = guide_start(*state, &guide_faces[0]);
    picture_press(p, "0 0 0 0 0");
    assert_true(picture_has(p, "Вам может подойти"));
    picture_press(p, "enter");
    assert_false(picture_has(p, "Вам может подойти"));
    picture_press(p, "esc");
    assert_true(picture_has(p, "Вам может подойти"));
    assert_int_equal(picture_stop(p), 0);
}

static void test_guide__goes_back_question_by_question(void **state)
{
    struct picture *p = guide_start(*state, &guide_faces[0]);
    picture_press(p, "2 4");
    assert_true(picture_has(p, "Вопрос 3 из 5"));
    picture_press(p, "esc");
    assert_true(picture_has(p, "Вопрос 2 из 5"));
    assert_true(picture_has(p, "Спорт"));
    picture_press(p, "left");
    assert_true(picture_has(p, "Вопрос 1 из 5"));
    picture_press(p, "esc");
    assert_true(picture_has(p, "Что вы хотите сделать?"));
    assert_int_equal(picture_stop(p), 0);
}

/* Who comes next begins with the first question and sees nothing of what was answered. */
static void test_guide__forgets_the_answers(void **state)
{
    static const char *const ways[] = {"esc esc esc", "home", "2 4 delete"};
    struct picture *p = guide_start(*state, &guide_faces[0]);
    for (size_t i = 0; i < sizeof ways / sizeof ways[0]; i++) {
        picture_press(p, "2 4");
        picture_press(p, ways[i]);
        if (i < 2)
            picture_press(p, "5");
        assert_true(picture_has(p, "Вопрос 1 из 5"));
        assert_false(picture_has(p, "60 и больше"));
        picture_press(p, "0");
        assert_false(picture_has(p, "Спорт"));
        picture_press(p, "esc");
    }
    assert_int_equal(picture_stop(p), 0);
}

static void test_guide__another_town_is_asked_for(void **state)
{
    struct picture *p = guide_start(*state, &guide_faces[0]);
    picture_press(p, "0 0 0 2");
    assert_true(picture_has(p, "Какой город?"));
    picture_press(p, "'пос' enter");
    assert_true(picture_has(p, "Вопрос 5 из 5"));
    picture_press(p, "0");
    assert_true(picture_has(p, "Банк времени"));
    assert_int_equal(picture_stop(p), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_guide__five_questions_and_what_suits),
        cmocka_unit_test(test_guide__what_comes_closest),
        cmocka_unit_test(test_guide__nobody_of_that_age),
        cmocka_unit_test(test_guide__all_the_same_leads_to_suggestions_too),
        cmocka_unit_test(test_guide__goes_back_question_by_question),
        cmocka_unit_test(test_guide__forgets_the_answers),
        cmocka_unit_test(test_guide__another_town_is_asked_for),
    };
    return cmocka_run_group_tests(tests, guide_set_up, guide_tear_down);
}
