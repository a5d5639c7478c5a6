/* Finding things: the start page with counts, the agenda, one event in each of its states, communities, pickers, codes. Each walk runs
 * in Russian, English and the pseudo-language at 80 x 24, and in Russian on a large screen. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "kiosk/base/file.h"
#include "tests/support/fill.h"
#include "tests/support/picture.h"
#include "tests/support/town.h"

struct find_step {
    const char *keys, *name;
};

static const struct find_face {
    const char *lang;
    int rows, cols;
    const char *suffix;
} find_faces[] = {{"ru", 24, 80, "ru"}, {"en", 24, 80, "en"}, {"xx", 24, 80, "xx"}, {"ru", 45, 160, "ru-large"}};
enum { FIND_FACES = sizeof find_faces / sizeof find_faces[0] };

static int find_set_up(void **state)
{
    static char data[64];
    town_fill(picture_data(data));
    *state = data;
    return 0;
}

static int find_tear_down(void **state)
{
    picture_data_done(*state);
    return 0;
}

static struct picture *find_start(const char *data, const struct find_face *face)
{
    return picture_start(&(struct picture_setup){.data = data, .lang = face->lang, .rows = face->rows, .cols = face->cols});
}

static void find_walk(const char *data, const struct find_step *steps, size_t count)
{
    for (int i = 0; i < FIND_FACES; i++) {
        struct picture *p = find_start(data, &find_faces[i]);
        for (size_t k = 0; k < count; k++) {
            char name[80];
            picture_press(p, steps[k].keys);
            snprintf(name, sizeof name, "find-%s-%s", steps[k].name, find_faces[i].suffix);
            picture_check(p, name);
        }
        assert_int_equal(picture_stop(p), 0);
    }
}
#define WALK(data, steps) find_walk(data, steps, sizeof(steps) / sizeof(steps)[0])

static void test_find__start_page_counts_what_there_is(void **state)
{
    static const struct find_step steps[] = {{"", "attract"}, {"enter", "home"}};
    WALK(*state, steps);
}

static void test_find__agenda_by_days_and_filters(void **state)
{
    static const struct find_step steps[] = {
        {"enter 3", "agenda"},         {"down down down", "agenda-fourth"}, {"left left left", "weekend"},
        {"left", "today"},             {"f4 3 f4", "today-free"},                {"delete f3", "topics"},
        {"3", "topic"},
    };
    WALK(*state, steps);
}

static void test_find__agenda_says_what_to_do_when_it_is_empty(void **state)
{
    static const struct find_step steps[] = {{"enter 1 f3 3", "today-sport"}, {"delete 'щщ'", "nothing-found"}};
    WALK(*state, steps);
}

static void test_find__event_in_each_of_its_states(void **state)
{
    static const struct find_step steps[] = {
        {"enter 3 1 ", "event-no-signup"}, {"esc 2", "event-open"}, {"esc 3", "event-cancelled"}, {"esc 5", "event-full"},
        {"esc down 6", "event-language"},
    };
    WALK(*state, steps);
}

static void test_find__event_leads_to_organiser_dates_and_code(void **state)
{
    static const struct find_step steps[] = {{"enter 3 2 2", "event-organiser"}, {"esc 3", "event-dates"}, {"esc 4", "event-link"}};
    WALK(*state, steps);
}

static void test_find__communities_by_name_topic_and_town(void **state)
{
    static const struct find_step steps[] = {
        {"enter 4", "communities"}, {"down down down", "communities-fourth"}, {"f4", "towns"},
        {"3", "communities-town"},  {"delete 'коф'", "communities-nobody"},   {"esc 6", "community-long"},
    };
    WALK(*state, steps);
}

static void test_find__languages(void **state)
{
    static const struct find_step steps[] = {{"enter 6", "language"}};
    WALK(*state, steps);
}

static void test_find__code_is_what_a_camera_reads(void **state)
{
    char text[256];
    struct picture *p = find_start(*state, &find_faces[0]);
    picture_press(p, "enter 3 2 4");
    assert_string_equal(picture_qr(p, text, sizeof text), "https://zarechinsk.example/zarya/1");
    assert_int_equal(picture_stop(p), 0);
}

/* An address that is no ASCII makes no code: it is shown in letters, whole. */
static void test_find__address_without_code_is_written_out(void **state)
{
    char text[256];
    struct picture *p = find_start(*state, &find_faces[0]);
    picture_press(p, "enter 4 'заря' enter 6");
    assert_string_equal(picture_qr(p, text, sizeof text), "");
    assert_true(picture_has(p, "https://хор-заря.example"));
    assert_int_equal(picture_stop(p), 0);
}

/* Right is not advised where no more days are to be had, and an organiser who has events is not said to have none. */
static void test_find__says_why_a_search_is_empty(void **state)
{
    static const struct {
        const char *name, *keys, *there;
    } rows[] = {{"some days", "enter 1 'щщ'", "стрелка вправо покажет"},
                {"all days", "esc home 3 'щщ'", "ничего не нашлось. Esc очистит поиск."},
                {"of an organiser", "esc home 4 'заря' enter 3 'щщ'", "ничего не нашлось. Esc очистит поиск."}};
    struct picture *p = find_start(*state, &find_faces[0]);
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        picture_press(p, rows[i].keys);
        if (!picture_has(p, rows[i].there))
            fail_msg("%s:\n%s", rows[i].name, picture_text(p));
    }
    assert_int_equal(picture_stop(p), 0);
}

static void test_find__search_narrows_as_one_types(void **state)
{
    static const struct {
        const char *keys, *there, *gone;
    } rows[] = {{"'хор'", "Репетиция хора", "Сход двора"},
                {"backspace backspace backspace", "Сход двора", NULL},
                {"'ЁЛ'", "Читаем вслух", "Сход двора"},
                {"esc", "Сход двора", NULL}};
    struct picture *p = find_start(*state, &find_faces[0]);
    picture_press(p, "enter 3");
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        picture_press(p, rows[i].keys);
        if (!picture_has(p, rows[i].there) || (rows[i].gone && picture_has(p, rows[i].gone)))
            fail_msg("%s:\n%s", rows[i].keys, picture_text(p));
    }
    assert_int_equal(picture_stop(p), 0);
}

static void test_find__touch_chooses_days_and_rows(void **state)
{
    struct picture *p = find_start(*state, &find_faces[0]);
    picture_press(p, "enter 3");
    picture_click(p, 2, 15); /* the weekend */
    assert_true(picture_has(p, "[Выходные]"));
    assert_true(picture_has(p, "Субботник"));
    picture_click(p, 10, 30);
    assert_true(picture_has(p, "Ночь музеев"));
    assert_int_equal(picture_stop(p), 0);
}

/* Walking to the end and back among many: every row is met, the numbers agree. */
static void test_find__ends_of_a_long_agenda(void **state)
{
    (void)state;
    char data[64], path[4096];
    fill_replica(file_join(path, picture_data(data), "replica.db"), 3000, 20);
    struct picture *p = picture_start(&(struct picture_setup){.data = data, .lang = "en", .clock = "2026-07-01T07:00:00Z"});
    picture_press(p, "enter 3 end");
    assert_true(picture_has(p, "1000 of 1000+"));
    picture_press(p, "pgup pgdn");
    assert_true(picture_has(p, "1000 of 1000+"));
    picture_press(p, "esc 3 pgdn pgdn pgdn pgup pgup pgup");
    assert_true(picture_has(p, "1 of 1000+"));
    picture_press(p, "up");
    assert_true(picture_has(p, "1 of 1000+"));
    assert_int_equal(picture_stop(p), 0);
    picture_data_done(data);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_find__start_page_counts_what_there_is),
        cmocka_unit_test(test_find__agenda_by_days_and_filters),
        cmocka_unit_test(test_find__agenda_says_what_to_do_when_it_is_empty),
        cmocka_unit_test(test_find__event_in_each_of_its_states),
        cmocka_unit_test(test_find__event_leads_to_organiser_dates_and_code),
        cmocka_unit_test(test_find__communities_by_name_topic_and_town),
        cmocka_unit_test(test_find__languages),
        cmocka_unit_test(test_find__code_is_what_a_camera_reads),
        cmocka_unit_test(test_find__address_without_code_is_written_out),
        cmocka_unit_test(test_find__says_why_a_search_is_empty),
        cmocka_unit_test(test_find__search_narrows_as_one_types),
        cmocka_unit_test(test_find__touch_chooses_days_and_rows),
        cmocka_unit_test(test_find__ends_of_a_long_agenda),
    };
    return cmocka_run_group_tests(tests, find_set_up, find_tear_down);
}
