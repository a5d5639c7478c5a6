/* The screens that find things, under a shell without a terminal: moments that a picture cannot easily have (no clock, no content, a
 * Sunday, an event that is over), and the words and pages they are made of. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "kiosk/base/clock.h"
#include "kiosk/base/date.h"
#include "kiosk/base/file.h"
#include "kiosk/base/i18n.h"
#include "kiosk/base/text.h"
#include "kiosk/store/replica.h"
#include "kiosk/ui/shell.h"
#include "kiosk/ui/when.h"
#include "screens/page.h"
#include "screens/repeat.h"
#include "screens/screens.h"
#include "tests/support/folder.h"
#include "tests/support/town.h"

#define COUNT(a) (sizeof(a) / sizeof(a)[0])

struct bench {
    char data[FOLDER_PATH];
    struct zone *zone;
    struct clock clock;
    struct ui ui;
    struct shell *shell;
    struct canvas_grid grid;
    char *text; /* of the grid, one line per row */
};

static int find_set_up(void **state)
{
    struct bench *b = calloc(1, sizeof *b);
    struct error e;
    assert_int_equal(i18n_init(&e), ERR_NONE);
    i18n_set("en");
    folder_new(b->data);
    town_fill(b->data);
    b->zone = zone_new("Europe/Moscow");
    canvas_grid_init(&b->grid, 24, 80);
    *state = b;
    return 0;
}

static int find_tear_down(void **state)
{
    struct bench *b = *state;
    folder_remove(b->data);
    zone_free(b->zone);
    canvas_grid_done(&b->grid);
    free(b->text);
    free(b);
    return 0;
}

static void find_open(struct bench *b, const char *clock, const char *replica)
{
    char path[4096];
    int64_t at;
    struct shell_setup setup = {.screens = screens, .count = SCREEN_COUNT, .attract = SCREEN_ATTRACT, .home = SCREEN_HOME,
                                .help = SCREEN_HELP, .language = SCREEN_LANGUAGE, .idle = SCREEN_IDLE, .confirm = SCREEN_CONFIRM,
                                .scan = SCREEN_MYTICKET, .staff = SCREEN_STAFF, .idle_ms = 60000, .gone_ms = 20000};
    assert_true(instant_parse(clock, &at));
    b->clock = clock_test(at * 1000);
    b->ui = (struct ui){.replica = replica_open(file_join(path, b->data, replica)), .clock = &b->clock, .zone = b->zone, .lang = "en"};
    b->shell = shell_new(&b->ui, &setup);
    shell_resize(b->shell, 24, 80);
}

static void find_close(struct bench *b)
{
    shell_free(b->shell);
    replica_close(b->ui.replica);
}

static void find_press(struct bench *b, enum key_code code) { shell_key(b->shell, &(struct key){.code = code}); }
static void find_type(struct bench *b, uint32_t ch) { shell_key(b->shell, &(struct key){.code = K_CHAR, .ch = ch}); }

static const char *find_screen(struct bench *b)
{
    size_t size = 24 * (80 * CANVAS_CLUSTER + 2), n = 0;
    free(b->text);
    b->text = calloc(1, size);
    canvas_grid_resize(&b->grid, 24, 80);
    shell_draw(b->shell, &b->grid);
    for (int row = 0; row < 24; row++) {
        for (int col = 0; col < 80; col++)
            n += (size_t)snprintf(b->text + n, size - n, "%s", canvas_grid_cell(&b->grid, row, col)->text);
        b->text[n++] = '\n';
    }
    return b->text;
}

static void find_wants(struct bench *b, const char *text)
{
    if (!strstr(find_screen(b), text))
        fail_msg("\"%s\" is not there:\n%s", text, b->text);
}

static void find_wants_not(struct bench *b, const char *text)
{
    if (strstr(find_screen(b), text))
        fail_msg("\"%s\" is there:\n%s", text, b->text);
}

/* ---- moments */

static void test_find__without_a_clock_nothing_is_called_today(void **state)
{
    struct bench *b = *state;
    find_open(b, "1970-01-02T00:00:00Z", "replica.db");
    b->clock.quality = CLOCK_UNSET;
    shell_advance(b->shell);
    find_press(b, K_ENTER);
    shell_data_changed(b->shell);
    find_wants_not(b, "Today");
    find_wants_not(b, "today");
    find_type(b, '1');
    find_wants(b, "Choir rehearsal");
    find_wants(b, "2026");
    find_wants_not(b, "Weekend");
    find_wants_not(b, "Today");
    find_close(b);
}

static void test_find__without_content_every_list_says_why(void **state)
{
    struct bench *b = *state;
    find_open(b, "2026-05-12T10:30:00Z", "nothing.db");
    find_wants(b, "This kiosk is being set up");
    find_press(b, K_ENTER);
    find_wants(b, "has not arrived here yet");
    find_type(b, '3');
    find_wants(b, "has not arrived here yet");
    find_press(b, K_F3);
    find_wants(b, "All topics");
    find_press(b, K_ENTER);
    find_press(b, K_ESC);
    find_type(b, '4');
    find_wants(b, "has not arrived here yet");
    find_close(b);
}

static void test_find__weekend_seen_from_each_day(void **state)
{
    static const struct {
        const char *name, *clock, *there, *gone;
    } rows[] = {{"a Tuesday", "2026-05-12T10:30:00Z", "Saturday, 16 May", "12 May"},
                {"the Saturday", "2026-05-16T06:00:00Z", "Today, Saturday, 16 May", "22 May"},
                {"the Sunday", "2026-05-17T06:00:00Z", "Today, Sunday, 17 May", "19 May"},
                {"the Monday after", "2026-05-17T21:30:00Z", "Saturday, 23 May", "19 May"}};
    struct bench *b = *state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        find_open(b, rows[i].clock, "replica.db");
        find_press(b, K_ENTER);
        find_type(b, '1');
        find_press(b, K_RIGHT);
        find_wants(b, "[Weekend]");
        if (!strstr(b->text, rows[i].there) || strstr(b->text, rows[i].gone))
            fail_msg("%s:\n%s", rows[i].name, b->text);
        find_close(b);
    }
}

/* A person reads the page of an event while its time passes, or while the hub takes it back. */
static void test_find__event_that_ends_or_vanishes_under_the_reader(void **state)
{
    struct bench *b = *state;
    find_open(b, "2026-05-12T10:30:00Z", "replica.db");
    find_press(b, K_ENTER);
    find_type(b, '3');
    find_type(b, '2');
    find_wants(b, "Choir rehearsal");
    b->clock.test_wall_ms += 10 * INT64_C(3600000);
    b->clock.test_mono_ms += 50000;
    shell_advance(b->shell);
    shell_data_changed(b->shell);
    find_wants(b, "This is already over.");
    find_press(b, K_ESC);
    find_wants_not(b, "18:00–20:00  Choir rehearsal");
    find_close(b);
    find_open(b, "2026-05-12T10:30:00Z", "replica.db");
    find_press(b, K_ENTER);
    shell_open(&b->ui, SCREEN_EVENT, "00000000-0000-4000-8000-000000000999");
    find_press(b, K_F6);
    find_wants(b, "no longer in the programme");
    shell_open(&b->ui, SCREEN_COMMUNITY, "no id at all");
    find_press(b, K_F6);
    find_wants(b, "no longer in the list");
    find_close(b);
}

static void test_find__kiosk_that_is_not_enrolled_takes_no_signups(void **state)
{
    struct bench *b = *state;
    find_open(b, "2026-05-12T10:30:00Z", "replica.db");
    find_press(b, K_ENTER);
    find_type(b, '3');
    find_type(b, '2');
    find_wants(b, "Please ask the staff.");
    find_wants_not(b, "Sign up");
    find_press(b, K_F5);
    assert_string_equal(shell_top_name(b->shell), "event");
    find_close(b);
}

/* ---- words */

static void test_find__repetition_in_words(void **state)
{
    static const struct {
        const char *rule, *words;
    } rows[] = {
        {"FREQ=WEEKLY", "every week"},
        {"FREQ=WEEKLY;BYDAY=TU,TH", "every week: Tue, Thu"},
        {"RRULE:FREQ=WEEKLY;WKST=MO;BYDAY=SU;UNTIL=20261231T000000Z", "every Sunday, until 31 December"},
        {"FREQ=WEEKLY;BYDAY=TU;UNTIL=20270501", "every Tuesday, until 1 May 2027"},
        {"FREQ=DAILY;UNTIL=soon", "every day"},
        {"FREQ=WEEKLY;INTERVAL=2;BYDAY=MO", "every 2 weeks: Mon"},
        {"FREQ=WEEKLY;INTERVAL=3;COUNT=5", "every 3 weeks"},
        {"FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR", "every weekday"},
        {"FREQ=DAILY;BYDAY=MO,TU,WE,TH,FR,SA,SU", "every day"},
        {"FREQ=DAILY", "every day"},
        {"FREQ=DAILY;INTERVAL=2", ""},
        {"FREQ=MONTHLY", "every month"},
        {"FREQ=MONTHLY;BYDAY=-1FR", "every month"},
        {"FREQ=MONTHLY;BYDAY=1MO,3MO", ""},
        {"FREQ=MONTHLY;BYMONTHDAY=13", ""},
        {"FREQ=YEARLY", "every year"},
        {"FREQ=WEEKLY;BYDAY=", ""},
        {"FREQ=WEEKLY;BYDAY=XX", ""},
        {"FREQ=WEEKLY;INTERVAL=0", ""},
        {"FREQ=WEEKLY;INTERVAL=x", ""},
        {"FREQ=WEEKLY;BYDAY=1MO", ""},
        {"FREQ=", ""},
        {";;;=;", ""},
        {"", ""},
    };
    (void)state;
    char out[200];
    const struct when now = {.today = date_to_days((struct date){2026, 5, 12})};
    for (size_t i = 0; i < COUNT(rows); i++)
        if (strcmp(repeat_words(out, sizeof out, rows[i].rule, &now), rows[i].words) != 0)
            fail_msg("%s: \"%s\", not \"%s\"", rows[i].rule, out, rows[i].words);
    assert_string_equal(repeat_words(out, sizeof out, NULL, &now), "");
}

/* ---- pages */

static void test_find__page_shows_every_line_once(void **state)
{
    (void)state;
    struct page p = {.line = NULL};
    struct canvas_grid g;
    canvas_grid_init(&g, 6, 20);
    page_gap(&p); /* never the first */
    page_text(&p, STYLE_HEADING, "Title");
    page_gap(&p);
    page_gap(&p); /* never two */
    page_fact(&p, "When", "one two three four five six");
    page_fact(&p, "Where", "");
    page_text(&p, STYLE_TEXT, "a b c d e f g h i j k l m n o p q r s t u v");
    page_place(&p, 6, 20);
    assert_int_equal(p.lines, 7);
    assert_true(page_scrolls(&p));
    page_draw(canvas_all(&g), &p);
    assert_string_equal(canvas_grid_cell(&g, 0, 0)->text, "T");
    assert_string_equal(canvas_grid_cell(&g, 2, 6)->text, "o");
    page_key(&p, &(struct key){.code = K_END});
    assert_int_equal(p.top, 2);
    page_key(&p, &(struct key){.code = K_CHAR, .ch = ' '});
    assert_int_equal(p.top, 0);
    assert_false(page_key(&p, &(struct key){.code = K_CHAR, .ch = 'x'}));
    page_place(&p, 7, 20);
    assert_false(page_scrolls(&p));
    assert_false(page_key(&p, &(struct key){.code = K_DOWN}));
    page_done(&p);
    canvas_grid_done(&g);
}

/* Sizes that no terminal has, texts that no person writes: nothing is drawn outside, nothing hangs. */
static void test_find__page_in_no_room(void **state)
{
    (void)state;
    struct page p = {.line = NULL};
    struct canvas_grid g;
    char *text = malloc(4001);
    memset(text, 'w', 4000);
    text[4000] = '\0';
    canvas_grid_init(&g, 3, 4);
    for (int i = 0; i < 100; i++)
        page_fact(&p, "A label that is longer than any label", text);
    for (int rows = 0; rows < 4; rows++)
        for (int cols = 2; cols < 5; cols++) {
            page_place(&p, rows, cols);
            page_key(&p, &(struct key){.code = K_PAGE_DOWN});
            page_draw(canvas_all(&g), &p);
        }
    page_done(&p);
    canvas_grid_done(&g);
    free(text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_find__without_a_clock_nothing_is_called_today),
        cmocka_unit_test(test_find__without_content_every_list_says_why),
        cmocka_unit_test(test_find__weekend_seen_from_each_day),
        cmocka_unit_test(test_find__event_that_ends_or_vanishes_under_the_reader),
        cmocka_unit_test(test_find__kiosk_that_is_not_enrolled_takes_no_signups),
        cmocka_unit_test(test_find__repetition_in_words),
        cmocka_unit_test(test_find__page_shows_every_line_once),
        cmocka_unit_test(test_find__page_in_no_room),
    };
    return cmocka_run_group_tests(tests, find_set_up, find_tear_down);
}
