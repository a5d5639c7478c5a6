/* The calendar: month, week, one day, a date typed, what is asked for; and what an event says of times, queues and owners. Each walk runs
 * in Russian, English and the pseudo-language at 80 x 24, and in Russian on a large screen. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "kiosk/base/date.h"
#include "kiosk/base/file.h"
#include "kiosk/store/replica_write.h"
#include "tests/support/feed.h"
#include "tests/support/picture.h"
#include "tests/support/town.h"

struct calendar_step {
    const char *keys, *name;
};

static const struct calendar_face {
    const char *lang;
    int rows, cols;
    const char *suffix;
} calendar_faces[] = {{"ru", 24, 80, "ru"}, {"en", 24, 80, "en"}, {"xx", 24, 80, "xx"}, {"ru", 45, 160, "ru-large"}};
enum { CALENDAR_FACES = sizeof calendar_faces / sizeof calendar_faces[0] };

/* What the town of the other tests lacks. */
static const struct {
    const char *id, *d;
} calendar_more[] = {
    {"f1", "{\"name\":\"Открытый совет\",\"inLanguage\":\"ru\",\"description\":\"Глава города отвечает на вопросы.\",\"organizerName\":"
           "\"Администрация\",\"scope\":\"city\",\"location\":{\"name\":\"Ратуша\"},\"registration\":\"none\",\"isAccessibleForFree\":true,"
           "\"about\":[\"neighbours\"],\"previousStartDate\":\"2026-05-19T18:00:00+03:00\",\"subEvent\":[{\"id\":"
           "\"00000000-0000-4000-8000-000000000201\",\"startDate\":\"2026-05-20T18:00:00+03:00\",\"endDate\":"
           "\"2026-05-20T20:00:00+03:00\"}]}"},
    {"f2", "{\"name\":\"Эфир из Омска\",\"inLanguage\":\"ru\",\"description\":\"Врач отвечает.\",\"tz\":\"Asia/Omsk\",\"scope\":\"state\","
           "\"eventAttendanceMode\":\"mixed\",\"accessible\":true,\"about\":[\"it\"],\"availableLanguage\":[\"ru\",\"tt\"],\"subEvent\":[{\"id\":"
           "\"00000000-0000-4000-8000-000000000202\",\"startDate\":\"2026-05-20T20:00:00+06:00\",\"endDate\":"
           "\"2026-05-20T21:00:00+06:00\"}]}"},
    {"f3", "{\"name\":\"Расписной пряник\",\"inLanguage\":\"ru\",\"description\":\"Краски дадим.\",\"typicalAgeRange\":\"5-12\","
           "\"maximumAttendeeCapacity\":2,\"rrule\":\"FREQ=WEEKLY;BYDAY=WE;UNTIL=20260701\",\"subEvent\":[{\"id\":"
           "\"00000000-0000-4000-8000-000000000203\",\"startDate\":\"2026-05-20T15:00:00+03:00\",\"endDate\":"
           "\"2026-05-20T17:00:00+03:00\",\"full\":true,\"waiting\":3}]}"},
};

static void calendar_fill(const char *data)
{
    struct replica_writer *w;
    struct zone *zone = zone_new("Europe/Moscow");
    bool damaged;
    char path[4096], id[37];
    town_fill(data);
    assert_int_equal(replica_writer_open(&w, file_join(path, data, "replica.db"), zone, false, &damaged, NULL), ERR_NONE);
    for (size_t i = 0; i < sizeof calendar_more / sizeof calendar_more[0]; i++)
        assert_int_equal(item_put(w, "event", item_id(id, calendar_more[i].id), 100 + (int64_t)i, calendar_more[i].d), 0);
    replica_writer_close(w);
    zone_free(zone);
}

static int calendar_set_up(void **state)
{
    static char data[64];
    calendar_fill(picture_data(data));
    *state = data;
    return 0;
}

static int calendar_tear_down(void **state)
{
    picture_data_done(*state);
    return 0;
}

static struct picture *calendar_start(const char *data, const struct calendar_face *face)
{
    return picture_start(&(struct picture_setup){.data = data, .lang = face->lang, .rows = face->rows, .cols = face->cols});
}

static void calendar_walk(const char *data, const struct calendar_step *steps, size_t count)
{
    for (int i = 0; i < CALENDAR_FACES; i++) {
        struct picture *p = calendar_start(data, &calendar_faces[i]);
        for (size_t k = 0; k < count; k++) {
            char name[80];
            picture_press(p, steps[k].keys);
            snprintf(name, sizeof name, "calendar-%s-%s", steps[k].name, calendar_faces[i].suffix);
            picture_check(p, name);
        }
        assert_int_equal(picture_stop(p), 0);
    }
}
#define WALK(data, steps) calendar_walk(data, steps, sizeof(steps) / sizeof(steps)[0])

static void test_calendar__month_with_counts_and_today(void **state)
{
    static const struct calendar_step steps[] = {{"enter 3 f5", "month"}, {"right down", "month-moved"}, {"pgdn", "month-next"}};
    WALK(*state, steps);
}

static void test_calendar__week_and_day(void **state)
{
    static const struct calendar_step steps[] = {{"enter 3 f5 f5", "week"}, {"right", "week-next"}, {"down down enter", "day"}};
    WALK(*state, steps);
}

static void test_calendar__a_date_is_typed(void **state)
{
    static const struct calendar_step steps[] = {{"enter 3 f5 '20.5'", "date"}, {"enter", "date-day"}};
    WALK(*state, steps);
}

static void test_calendar__what_is_asked_for(void **state)
{
    static const struct calendar_step steps[] = {
        {"enter 3 f4 2 2 3", "filter"}, {"f4", "filtered"}, {"delete f4 8 9", "of-the-town"}, {"f5", "filtered-month"}};
    WALK(*state, steps);
}

static void test_calendar__events_tell_their_times_and_queues(void **state)
{
    static const struct calendar_step steps[] = {
        {"enter 3 'омск' enter", "organisers-clock"}, {"esc esc 'совет' enter", "moved"}, {"esc esc 'пряник' enter", "queue"}};
    WALK(*state, steps);
}

/* Large letters: 40 columns and 12 rows. */
static void test_calendar__in_large_letters(void **state)
{
    static const struct calendar_step steps[] = {
        {"enter 3 f5", "narrow-month"}, {"'20.5'", "narrow-date"}, {"esc f5", "narrow-week"}, {"f4 2", "narrow-filter"}, {"f4 f5", "narrow-wish"}};
    static const struct calendar_face faces[] = {{"ru", 12, 40, "ru"}, {"en", 12, 40, "en"}, {"ru", 24, 40, "ru-24"}};
    for (int i = 0; i < 3; i++) {
        struct picture *p = calendar_start(*state, &faces[i]);
        for (size_t k = 0; k < sizeof steps / sizeof steps[0]; k++) {
            char name[80];
            picture_press(p, steps[k].keys);
            snprintf(name, sizeof name, "calendar-%s-%s", steps[k].name, faces[i].suffix);
            picture_check(p, name);
        }
        assert_int_equal(picture_stop(p), 0);
    }
}

/* Whatever way one goes, the day and what is asked for come along. */
static void test_calendar__day_and_wish_are_carried(void **state)
{
    static const struct {
        const char *keys, *there, *gone;
    } rows[] = {
        {"enter 3 f4 2 f4", "для детей", "Репетиция хора"},
        {"f5", "для детей", "Наберите дату или слово щ"},
        {"'20 мая' enter", "Среда, 20 мая", "Открытый совет"},
        {"", "Расписной пряник", "Эфир из Омска"},
        {"delete", "Эфир из Омска", "Delete"},
        {"right", "Четверг, 21 мая", "Эфир из Омска"},
        {"esc", "Четверг, 21 мая", "для детей"},
        {"f5", "18–24 мая", "для детей"},
        {"'мак'", "ничего нет", "встреча"},
        {"esc end", "Сегодня, вторник, 12 мая", "мак"},
        {"esc", "[Все дни]", "Сегодня, вторник, 12 мая: "},
    };
    struct picture *p = calendar_start(*state, &calendar_faces[0]);
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        picture_press(p, rows[i].keys);
        if (!picture_has(p, rows[i].there) || picture_has(p, rows[i].gone))
            fail_msg("row %zu, %s:\n%s", i, rows[i].keys, picture_text(p));
    }
    assert_int_equal(picture_stop(p), 0);
}

static void test_calendar__touch_opens_a_day_and_an_event(void **state)
{
    struct picture *p = calendar_start(*state, &calendar_faces[0]);
    picture_press(p, "enter 3 f5");
    picture_click(p, 10, 25); /* Wednesday of the third week */
    assert_true(picture_has(p, "Завтра, среда, 13 мая"));
    assert_true(picture_has(p, "Читаем вслух"));
    assert_int_equal(picture_stop(p), 0);
    p = calendar_start(*state, &calendar_faces[3]);
    picture_press(p, "enter 3 f5");
    picture_click(p, 5, 90);
    assert_true(picture_has(p, "Репетиция хора"));
    assert_int_equal(picture_stop(p), 0);
}

/* A month far from everything, and back: never a dead end, never beyond what can be of interest. */
static void test_calendar__ends_of_time(void **state)
{
    struct picture *p = calendar_start(*state, &calendar_faces[0]);
    picture_press(p, "enter 3 f5");
    for (int i = 0; i < 30; i++)
        picture_press(p, "pgdn");
    assert_true(picture_has(p, "май 2028"));
    for (int i = 0; i < 40; i++)
        picture_press(p, "pgup");
    assert_true(picture_has(p, "февраль 2026"));
    picture_press(p, "'31.12.2199' enter");
    assert_true(picture_has(p, "На этот день ничего не запланировано"));
    picture_press(p, "esc end");
    assert_true(picture_has(p, "[12]"));
    assert_int_equal(picture_stop(p), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_calendar__month_with_counts_and_today),
        cmocka_unit_test(test_calendar__week_and_day),
        cmocka_unit_test(test_calendar__a_date_is_typed),
        cmocka_unit_test(test_calendar__what_is_asked_for),
        cmocka_unit_test(test_calendar__events_tell_their_times_and_queues),
        cmocka_unit_test(test_calendar__in_large_letters),
        cmocka_unit_test(test_calendar__day_and_wish_are_carried),
        cmocka_unit_test(test_calendar__touch_opens_a_day_and_an_event),
        cmocka_unit_test(test_calendar__ends_of_time),
    };
    return cmocka_run_group_tests(tests, calendar_set_up, calendar_tear_down);
}
