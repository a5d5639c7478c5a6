/* The large mode: few large letters, 40 columns and 12 rows or more. The way from the start page to a ticket and back to it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "tests/support/desk.h"
#include "tests/support/picture.h"

static const struct narrow_look {
    const char *lang;
    int rows;
    const char *suffix;
} narrow_looks[] = {{"ru", 12, "ru"}, {"en", 12, "en"}, {"xx", 12, "xx"}, {"ru", 24, "ru-24"}};

static void narrow_check(struct picture *p, const struct narrow_look *look, const char *what)
{
    char name[80];
    snprintf(name, sizeof name, "narrow-%s-%s", what, look->suffix);
    picture_check(p, name);
}

static void test_narrow__from_the_start_page_to_a_ticket(void **state)
{
    static const struct {
        const char *keys, *name;
    } steps[] = {
        {"", "attract"},
        {"enter", "home"},
        {"f1", "help"},
        {"esc f2", "language"},
        {"esc home 1", "events"},
        {"down", "events-second"},
        {"enter", "event"},
        {"f5", "form"},
        {"enter", "form-fault"},
        {"'Анна Петрова' enter", "form-phone"},
        {"'8 912 345-67-89' enter enter 2 enter", "form-choice"},
        {"2 67 enter 1", "form-text"},
        {"enter", "consent"},
        {"enter", "consent-below"},
        {"enter", "form-button"},
        {"enter", "review"},
        {"pgdn", "review-below"},
        {"home", "leave"},
        {"right enter", "home-again"},
    };
    for (size_t i = 0; i < sizeof narrow_looks / sizeof narrow_looks[0]; i++) {
        const struct narrow_look *look = &narrow_looks[i];
        struct desk d;
        (void)state;
        desk_new(&d, "[screen]\nhide_contacts = no\n", true);
        struct picture *p = picture_start(
            &(struct picture_setup){.data = d.folder, .lang = look->lang, .rows = look->rows, .cols = 40, .clock = DESK_CLOCK});
        for (size_t k = 0; k < sizeof steps / sizeof steps[0]; k++) {
            picture_press(p, steps[k].keys);
            narrow_check(p, look, steps[k].name);
        }
        assert_int_equal(picture_stop(p), 0);
        desk_done(&d);
    }
}

static void test_narrow__my_ticket_by_its_code(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof narrow_looks / sizeof narrow_looks[0]; i++) {
        const struct narrow_look *look = &narrow_looks[i];
        struct desk d;
        desk_new(&d, NULL, true);
        desk_sign_up(&d, DESK_PLAIN, 2, "4DXF92RV73");
        struct picture *p = picture_start(
            &(struct picture_setup){.data = d.folder, .lang = look->lang, .rows = look->rows, .cols = 40, .clock = DESK_CLOCK});
        picture_press(p, "enter end up up enter");
        narrow_check(p, look, "myticket");
        picture_press(p, "4DXF92RV73 enter");
        narrow_check(p, look, "ticket");
        picture_press(p, "down");
        narrow_check(p, look, "ticket-second");
        assert_int_equal(picture_stop(p), 0);
        desk_done(&d);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_narrow__from_the_start_page_to_a_ticket),
        cmocka_unit_test(test_narrow__my_ticket_by_its_code),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
