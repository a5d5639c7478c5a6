/* The shell without a terminal: moves, keys, idle, and that nothing of one person stays. */
#include "kiosk/ui/shell.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "kiosk/base/clock.h"
#include "kiosk/base/config.h"
#include "kiosk/base/settings.h"
#include "kiosk/base/i18n.h"
#include "kiosk/store/replica.h"

#define COUNT(a) (sizeof(a) / sizeof(a)[0])

enum { ATTRACT, HOME, LIST, FORM, HELP, LANGUAGE, IDLE, CONFIRM, COUNT_SCREENS };

/* What happened, written down by the screens. One per process: screens are const and get no argument of the test's. */
static char story[2000];
static void tell(const char *what, const char *more)
{
    size_t n = strlen(story);
    snprintf(story + n, sizeof story - n, "%s%s ", what, more);
}

struct form {
    char typed[32];
    int refreshed;
};
static struct form *form_seen; /* the state of the form that is open */

static void list_enter(struct ui *ui, void *state, const char *arg)
{
    (void)ui;
    (void)state;
    tell("list:", arg);
}

static bool list_on_key(struct ui *ui, void *state, const struct key *k)
{
    (void)state;
    if (k->code != K_ENTER)
        return false;
    shell_open(ui, FORM, "from-list");
    tell("still-list", "");
    return true;
}

static void list_act(struct ui *ui, void *state, int action)
{
    (void)state;
    char text[64];
    snprintf(text, sizeof text, "%d,%s", action, ui->answer);
    tell("list-act:", text);
}

static void form_enter(struct ui *ui, void *state, const char *arg)
{
    (void)ui;
    form_seen = state;
    tell("form:", arg);
}

static void form_refresh(struct ui *ui, void *state)
{
    struct form *s = state;
    s->refreshed++;
    assert_int_equal(ui->rows, 20);
}

static bool form_key(struct ui *ui, void *state, const struct key *k)
{
    struct form *s = state;
    size_t n = strlen(s->typed);
    if (k->code == K_ENTER)
        shell_return(ui, 7, s->typed);
    else if (k->code == K_DELETE)
        shell_ask(ui, &(struct shell_question){.text = "Sure?", .yes = "Yes", .no = "No", .action = 9});
    else if (k->code == K_CHAR && n + 1 < sizeof s->typed)
        s->typed[n] = (char)k->ch;
    return k->code == K_ENTER || k->code == K_DELETE || k->code == K_CHAR;
}

static void form_act(struct ui *ui, void *state, int action)
{
    (void)ui;
    (void)state;
    tell("form-act:", action == 9 ? "9" : "?");
}

static void form_leave(struct ui *ui, void *state)
{
    (void)ui;
    tell("form-left:", ((struct form *)state)->typed);
    form_seen = NULL;
}

static void form_tick(struct ui *ui, void *state)
{
    (void)ui;
    (void)state;
    tell("tick", "");
}

static void plain_draw(const struct ui *ui, const void *state, struct canvas body)
{
    (void)ui;
    (void)state;
    canvas_text(body, 0, 0, STYLE_TEXT, "body");
}

static bool any_back(struct ui *ui, void *state, const struct key *k)
{
    (void)state;
    (void)k;
    shell_back(ui);
    return true;
}

static bool confirm_key(struct ui *ui, void *state, const struct key *k)
{
    (void)state;
    if (k->code != K_ENTER)
        return false;
    assert_string_equal(shell_asked(ui)->text, "Sure?");
    shell_return(ui, shell_asked(ui)->action, "");
    return true;
}

static bool list_can(const struct ui *ui, const void *state, int action)
{
    (void)ui;
    (void)state;
    return action != 3;
}

static const struct screen_key list_keys[] = {{'p', "Print", 2, "Prints it"}, {'x', "Forbidden", 3, NULL}, {0}};

static const struct screen attract = {.name = "attract", .flags = SCREEN_FULL | SCREEN_NO_IDLE, .draw = plain_draw};
static const struct screen home = {.name = "home", .title = "Start page", .draw = plain_draw};
static const struct screen list = {.name = "list",
                                   .keys = list_keys,
                                   .enter = list_enter,
                                   .key = list_on_key,
                                   .act = list_act,
                                   .can = list_can,
                                   .draw = plain_draw};
static const struct screen form = {.name = "form",
                                   .state_size = sizeof(struct form),
                                   .tick_ms = 500,
                                   .enter = form_enter,
                                   .refresh = form_refresh,
                                   .key = form_key,
                                   .act = form_act,
                                   .tick = form_tick,
                                   .leave = form_leave,
                                   .draw = plain_draw};
static const struct screen help = {.name = "help", .draw = plain_draw};
static const struct screen language = {.name = "language", .draw = plain_draw};
static const struct screen idle = {.name = "idle", .flags = SCREEN_DIALOG, .key = any_back};
static const struct screen confirm = {.name = "confirm", .flags = SCREEN_DIALOG, .key = confirm_key};
static const struct screen *const table[COUNT_SCREENS] = {&attract, &home,     &list, &form,
                                                          &help,    &language, &idle, &confirm};

struct fixture {
    struct clock clock;
    struct ui ui;
    struct shell *shell;
};

static int shell_setup(void **state)
{
    static struct fixture f;
    static const struct shell_setup setup = {.screens = table,
                                             .count = COUNT_SCREENS,
                                             .attract = ATTRACT,
                                             .home = HOME,
                                             .help = HELP,
                                             .language = LANGUAGE,
                                             .idle = IDLE,
                                             .confirm = CONFIRM,
                                             .scan = LIST,
                                             .staff = HELP,
                                             .idle_ms = 60000,
                                             .gone_ms = 20000};
    f = (struct fixture){.clock = clock_test(INT64_C(1778581800000))};
    f.clock.test_mono_ms = 1000;
    f.ui = (struct ui){.clock = &f.clock, .lang = "en", .replica = replica_open("/nonexistent/replica.db")};
    i18n_set("en");
    story[0] = 0;
    f.shell = shell_new(&f.ui, &setup);
    shell_resize(f.shell, 24, 80);
    *state = &f;
    return 0;
}

static int shell_teardown(void **state)
{
    struct fixture *f = *state;
    shell_free(f->shell);
    replica_close(f->ui.replica);
    return 0;
}

static void press(struct fixture *f, enum key_code code)
{
    shell_advance(f->shell);
    shell_key(f->shell, &(struct key){.code = code});
}

static void type(struct fixture *f, uint32_t ch)
{
    shell_advance(f->shell);
    shell_key(f->shell, &(struct key){.code = K_CHAR, .ch = ch});
}

static void pass(struct fixture *f, int64_t ms)
{
    f->clock.test_mono_ms += ms;
    f->clock.test_wall_ms += ms;
    shell_advance(f->shell);
}

static void test_shell__starts_with_attract_and_any_key_leads_home(void **state)
{
    struct fixture *f = *state;
    assert_string_equal(shell_top_name(f->shell), "attract");
    press(f, K_PAGE_DOWN);
    assert_string_equal(shell_top_name(f->shell), "home");
    press(f, K_ESC);
    assert_string_equal(shell_top_name(f->shell), "attract");
}

static void go_to_form(struct fixture *f)
{
    press(f, K_ENTER);
    shell_open(&f->ui, LIST, "all");
    press(f, K_UP);
    assert_string_equal(shell_top_name(f->shell), "list");
    press(f, K_ENTER);
    assert_string_equal(shell_top_name(f->shell), "form");
}

static void test_shell__moves_wait_until_the_handler_returned(void **state)
{
    struct fixture *f = *state;
    go_to_form(f);
    assert_string_equal(story, "list:all still-list form:from-list ");
    press(f, K_ESC);
    assert_string_equal(shell_top_name(f->shell), "list");
    assert_string_equal(story, "list:all still-list form:from-list form-left: ");
}

static void test_shell__an_answer_goes_to_the_screen_below(void **state)
{
    struct fixture *f = *state;
    go_to_form(f);
    story[0] = 0;
    type(f, 'o');
    type(f, 'k');
    press(f, K_ENTER);
    assert_string_equal(story, "form-left:ok list-act:7,ok ");
    assert_string_equal(f->ui.answer, "");
}

static void test_shell__a_question_is_a_dialog_and_yes_an_action(void **state)
{
    struct fixture *f = *state;
    go_to_form(f);
    story[0] = 0;
    press(f, K_DELETE);
    assert_string_equal(shell_top_name(f->shell), "confirm");
    press(f, K_ESC);
    assert_string_equal(story, "");
    press(f, K_DELETE);
    press(f, K_ENTER);
    assert_string_equal(story, "form-act:9 ");
    assert_string_equal(shell_top_name(f->shell), "form");
}

static void test_shell__tables_act_where_they_may_and_in_either_layout(void **state)
{
    struct fixture *f = *state;
    go_to_form(f);
    press(f, K_ESC);
    story[0] = 0;
    type(f, 'p');
    type(f, 0x417); /* З: the same key */
    type(f, 'x');
    assert_string_equal(story, "list-act:2, list-act:2, ");
}

static void test_shell__help_language_and_home_work_everywhere(void **state)
{
    struct fixture *f = *state;
    go_to_form(f);
    press(f, K_F1);
    assert_string_equal(shell_top_name(f->shell), "help");
    press(f, K_F1);
    assert_string_equal(shell_top_name(f->shell), "form");
    press(f, K_F2);
    assert_string_equal(shell_top_name(f->shell), "language");
    press(f, K_ESC);
    type(f, '?'); /* a form takes it */
    assert_string_equal(shell_top_name(f->shell), "form");
    press(f, K_HOME);
    assert_string_equal(shell_top_name(f->shell), "home");
    assert_null(form_seen);
    press(f, K_HOME);
    type(f, '?');
    assert_string_equal(shell_top_name(f->shell), "help");
    struct screen_key k;
    int rows = 0;
    while (shell_help_row(&f->ui, rows, &k))
        rows++;
    assert_int_equal(rows, 6); /* the end of home's own, Esc, F2, F1, F8, F9 */
}

static void test_shell__a_scan_nobody_wants_opens_its_screen(void **state)
{
    struct fixture *f = *state;
    press(f, K_ENTER);
    story[0] = 0;
    shell_key(f->shell, &(struct key){.code = K_SCAN, .text = "4DXF92RV7L"});
    assert_string_equal(story, "list:4DXF92RV7L ");
}

static void test_shell__a_message_sounds_once_where_sound_is_wanted(void **state)
{
    struct fixture *f = *state;
    struct config *c;
    struct error e;
    shell_flash(&f->ui, STYLE_GOOD, "done");
    assert_false(shell_take_tone(f->shell)); /* no settings: silent */
    assert_int_equal(config_load(&c, NULL, settings_kiosk, &e), ERR_NONE);
    f->ui.config = c;
    shell_flash(&f->ui, STYLE_GOOD, "done");
    assert_false(shell_take_tone(f->shell)); /* the default */
    assert_int_equal(config_set(c, "screen", "sound", "yes", &e), ERR_NONE);
    assert_false(shell_take_tone(f->shell)); /* what was silent stays so */
    shell_flash(&f->ui, STYLE_GOOD, "done");
    assert_true(shell_take_tone(f->shell));
    assert_false(shell_take_tone(f->shell));
    f->ui.config = NULL;
    config_free(c);
}

static void test_shell__idle_asks_then_wipes(void **state)
{
    struct fixture *f = *state;
    go_to_form(f);
    type(f, 'x');
    story[0] = 0;
    pass(f, 59999);
    assert_string_equal(shell_top_name(f->shell), "form");
    pass(f, 1);
    assert_string_equal(shell_top_name(f->shell), "idle");
    pass(f, 10000);
    press(f, K_UP); /* still here */
    assert_string_equal(shell_top_name(f->shell), "form");
    assert_string_equal(form_seen->typed, "x");
    pass(f, 60000);
    assert_string_equal(shell_top_name(f->shell), "idle");
    pass(f, 19999);
    assert_string_equal(shell_top_name(f->shell), "idle");
    pass(f, 1);
    assert_string_equal(shell_top_name(f->shell), "attract");
    assert_non_null(strstr(story, "form-left:x"));
}

static void test_shell__sleeping_through_both_limits_wipes_at_once(void **state)
{
    struct fixture *f = *state;
    go_to_form(f);
    pass(f, 3600000);
    assert_string_equal(shell_top_name(f->shell), "attract");
}

static void test_shell__deadlines_are_the_nearest_thing_due(void **state)
{
    struct fixture *f = *state;
    shell_advance(f->shell);
    int64_t minute = 60000 - f->clock.test_wall_ms % 60000;
    assert_true(shell_deadline(f->shell) == f->clock.test_mono_ms + minute); /* attract: only the clock */
    go_to_form(f);
    assert_true(shell_deadline(f->shell) == f->clock.test_mono_ms + 500); /* the form's tick */
    story[0] = 0;
    pass(f, 500);
    assert_string_equal(story, "tick ");
    pass(f, 100);
    assert_string_equal(story, "tick ");
}

static void test_shell__language_ends_with_the_person(void **state)
{
    struct fixture *f = *state;
    go_to_form(f);
    int before = form_seen->refreshed;
    shell_set_lang(&f->ui, "xx");
    assert_true(form_seen->refreshed > before);
    assert_string_equal(f->ui.lang, "xx");
    shell_leave(&f->ui);
    press(f, K_UP);
    assert_string_equal(f->ui.lang, "en");
    assert_string_equal(i18n_lang(), "en");
}

static void test_shell__following_links_for_ever_keeps_home_below(void **state)
{
    struct fixture *f = *state;
    press(f, K_ENTER);
    for (int i = 0; i < 100; i++) {
        shell_open(&f->ui, LIST, "again");
        press(f, K_UP);
    }
    for (int i = 0; i < 20 && strcmp(shell_top_name(f->shell), "home") != 0; i++)
        press(f, K_ESC);
    assert_string_equal(shell_top_name(f->shell), "home");
}

static void test_shell__footer_can_be_touched(void **state)
{
    struct fixture *f = *state;
    struct canvas_grid g;
    go_to_form(f);
    press(f, K_ESC);
    canvas_grid_init(&g, 24, 80);
    shell_draw(f->shell, &g);
    assert_string_equal(canvas_grid_cell(&g, 23, 2)->text, "P");
    assert_int_equal(canvas_grid_cell(&g, 23, 2)->style, STYLE_KEY);
    assert_string_equal(canvas_grid_cell(&g, 2, 2)->text, "b");
    assert_string_equal(canvas_grid_cell(&g, 0, 2)->text, "S");
    story[0] = 0;
    shell_key(f->shell, &(struct key){.code = K_CLICK, .row = 23, .col = 4});
    assert_string_equal(story, "list-act:2, ");
    canvas_grid_done(&g);
}

static void test_shell__too_small_a_window_takes_no_keys(void **state)
{
    struct fixture *f = *state;
    struct canvas_grid g;
    shell_resize(f->shell, 10, 20);
    press(f, K_ENTER);
    assert_string_equal(shell_top_name(f->shell), "attract");
    canvas_grid_init(&g, 10, 20);
    shell_draw(f->shell, &g);
    canvas_grid_done(&g);
    shell_resize(f->shell, 24, 80);
    press(f, K_ENTER);
    assert_string_equal(shell_top_name(f->shell), "home");
}

static void test_shell__messages_go_with_the_next_key_or_by_themselves(void **state)
{
    struct fixture *f = *state;
    struct canvas_grid g;
    press(f, K_ENTER);
    canvas_grid_init(&g, 24, 80);
    for (int by_key = 0; by_key < 2; by_key++) {
        shell_flash(&f->ui, STYLE_GOOD, "Saved");
        canvas_grid_resize(&g, 24, 80);
        shell_draw(f->shell, &g);
        assert_string_equal(canvas_grid_cell(&g, 22, 2)->text, "S");
        if (by_key)
            press(f, K_UP);
        else
            pass(f, 8000);
        assert_true(shell_is_dirty(f->shell));
        canvas_grid_resize(&g, 24, 80);
        shell_draw(f->shell, &g);
        assert_string_equal(canvas_grid_cell(&g, 22, 2)->text, " ");
    }
    canvas_grid_done(&g);
}

#define SHELL_TEST(f) cmocka_unit_test_setup_teardown(f, shell_setup, shell_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        SHELL_TEST(test_shell__starts_with_attract_and_any_key_leads_home),
        SHELL_TEST(test_shell__moves_wait_until_the_handler_returned),
        SHELL_TEST(test_shell__an_answer_goes_to_the_screen_below),
        SHELL_TEST(test_shell__a_question_is_a_dialog_and_yes_an_action),
        SHELL_TEST(test_shell__tables_act_where_they_may_and_in_either_layout),
        SHELL_TEST(test_shell__help_language_and_home_work_everywhere),
        SHELL_TEST(test_shell__a_scan_nobody_wants_opens_its_screen),
        SHELL_TEST(test_shell__a_message_sounds_once_where_sound_is_wanted),
        SHELL_TEST(test_shell__idle_asks_then_wipes),
        SHELL_TEST(test_shell__sleeping_through_both_limits_wipes_at_once),
        SHELL_TEST(test_shell__deadlines_are_the_nearest_thing_due),
        SHELL_TEST(test_shell__language_ends_with_the_person),
        SHELL_TEST(test_shell__following_links_for_ever_keeps_home_below),
        SHELL_TEST(test_shell__footer_can_be_touched),
        SHELL_TEST(test_shell__too_small_a_window_takes_no_keys),
        SHELL_TEST(test_shell__messages_go_with_the_next_key_or_by_themselves),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
