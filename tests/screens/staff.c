/* The staff page: the lock, what it tells, the test page, the way out. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "kiosk/base/buf.h"
#include "kiosk/base/file.h"
#include "kiosk/base/sql.h"
#include "kiosk/store/ledger_carry.h"
#include "tests/support/desk.h"
#include "tests/support/picture.h"

static const char staff_conf[] = "[staff]\npin = 2468\n[printer]\nurl = tcp://127.0.0.1:9\n";

static struct picture *staff_open(const struct desk *d, const char *lang, int rows)
{
    struct picture *p = picture_start(&(struct picture_setup){.data = d->folder, .lang = lang, .rows = rows,
                                                              .cols = rows == 45 ? 160 : 80, .clock = DESK_CLOCK});
    picture_press(p, "enter f12");
    return p;
}

static const struct staff_look {
    const char *lang;
    int rows;
    const char *suffix;
} staff_looks[] = {{"ru", 24, "ru"}, {"en", 24, "en"}, {"xx", 24, "xx"}, {"ru", 45, "ru-large"}};

static void staff_trouble(struct desk *d)
{
    struct error e;
    assert_int_equal(ledger_set_contact(d->ledger, false, "tls", &e), ERR_NONE);
    assert_int_equal(ledger_set_line(d->ledger, "radio 20 Biblioteka", &e), ERR_NONE);
    assert_int_equal(ledger_set_printer(d->ledger, "paper", &e), ERR_NONE);
    desk_sign_up(d, DESK_PLAIN, 1, "4DXF92RV73");
}

static void test_staff__looks_right(void **state)
{
    struct desk d;
    (void)state;
    desk_new(&d, staff_conf, true);
    staff_trouble(&d);
    for (size_t i = 0; i < sizeof staff_looks / sizeof staff_looks[0]; i++) {
        static const struct {
            const char *keys, *name;
        } steps[] = {{"", "locked"}, {"1111 enter", "wrong"}, {"2468 enter", "trouble"}, {"right right right right space", "close"}, {"esc left left space", "settings"},
                     {"down down 'x' enter", "hours-wrong"}};
        struct picture *p = staff_open(&d, staff_looks[i].lang, staff_looks[i].rows);
        for (size_t k = 0; k < sizeof steps / sizeof steps[0]; k++) {
            char name[80];
            picture_press(p, steps[k].keys);
            snprintf(name, sizeof name, "staff-%s-%s", steps[k].name, staff_looks[i].suffix);
            picture_check(p, name);
        }
        assert_int_equal(picture_stop(p), 0);
    }
    desk_done(&d);
}

static void test_staff__all_is_well(void **state)
{
    struct desk d;
    struct error e;
    (void)state;
    desk_new(&d, staff_conf, true);
    assert_int_equal(ledger_set_contact(d.ledger, true, "", &e), ERR_NONE);
    assert_int_equal(ledger_set_line(d.ledger, "wire eth0", &e), ERR_NONE);
    assert_int_equal(ledger_set_printer(d.ledger, "ok", &e), ERR_NONE);
    struct picture *p = staff_open(&d, "ru", 24);
    picture_press(p, "2468 enter");
    picture_check(p, "staff-well-ru");
    assert_false(picture_has(p, " ! "));
    assert_int_equal(picture_stop(p), 0);
    desk_done(&d);
}

static void test_staff__without_a_pin_it_stays_closed_and_says_how_to_open_it(void **state)
{
    static const struct {
        const char *name, *conf;
    } rows[] = {{"none", NULL}, {"short", "[staff]\npin = 12\n"}, {"letters", "[staff]\npin = abcd\n"}};
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct desk d;
        desk_new(&d, rows[i].conf, true);
        struct picture *p = staff_open(&d, "ru", 24);
        picture_press(p, "12 enter abcd enter enter");
        picture_check(p, "staff-no-pin-ru");
        assert_int_equal(picture_stop(p), 0);
        desk_done(&d);
    }
}

/* Going away and coming back gives no new tries; the right PIN waits too. */
static void test_staff__guessing_is_slowed(void **state)
{
    struct desk d;
    (void)state;
    desk_new(&d, staff_conf, true);
    struct picture *p = staff_open(&d, "ru", 24);
    for (int i = 0; i < 5; i++)
        picture_press(p, "1357 enter esc f12");
    assert_true(picture_has(p, "Слишком много неверных попыток"));
    picture_press(p, "2468 enter");
    assert_true(picture_has(p, "Слишком много неверных попыток"));
    assert_false(picture_has(p, "Закрыть программу"));
    assert_int_equal(picture_stop(p), 0);
    desk_done(&d);
}

static void test_staff__leaving_locks_again(void **state)
{
    struct desk d;
    (void)state;
    desk_new(&d, staff_conf, true);
    struct picture *p = staff_open(&d, "ru", 24);
    picture_press(p, "2468 enter");
    assert_true(picture_has(p, "Закрыть программу"));
    picture_press(p, "esc f12");
    assert_false(picture_has(p, "Закрыть программу"));
    assert_true(picture_has(p, "Наберите код сотрудника"));
    assert_false(picture_has(p, "2468"));
    assert_int_equal(picture_stop(p), 0);
    desk_done(&d);
}

static const struct {
    const char *name;
    struct ledger_stick stick;
    const char *text;
} staff_sticks[] = {
    {"busy", {.state = LEDGER_STICK_BUSY}, "не вынимайте"},
    {"done", {.state = LEDGER_STICK_DONE, .sent = 3, .items = 12, .answered = true, .news = true}, "можно вынуть"},
    {"nothing", {.state = LEDGER_STICK_DONE, .news = true}, "Нового на ней не было"},
    {"full", {.state = LEDGER_STICK_DONE, .fault = "full", .items = 1}, "нет места"},
    {"readonly", {.state = LEDGER_STICK_DONE, .fault = "readonly", .items = 12}, "нельзя записать"},
    {"damaged", {.state = LEDGER_STICK_DONE, .fault = "damaged", .sent = 1}, "не до конца"},
    {"stranger", {.state = LEDGER_STICK_DONE, .fault = "stranger"}, "из другого центра"},
    {"broken", {.state = LEDGER_STICK_DONE, .fault = "broken"}, "слишком рано"},
    {"disk", {.state = LEDGER_STICK_DONE, .fault = "disk"}, "свой диск"},
};

static void test_staff__tells_what_becomes_of_a_stick(void **state)
{
    struct desk d;
    struct error e;
    (void)state;
    desk_new(&d, staff_conf, true);
    assert_int_equal(ledger_set_contact(d.ledger, false, "net", &e), ERR_NONE);
    for (size_t i = 0; i < sizeof staff_sticks / sizeof staff_sticks[0]; i++) {
        char name[64];
        assert_int_equal(ledger_stick_tell(d.ledger, &staff_sticks[i].stick, &e), ERR_NONE);
        struct picture *p = staff_open(&d, "ru", 24);
        picture_press(p, "2468 enter");
        if (!picture_has(p, staff_sticks[i].text))
            fail_msg("%s: \"%s\" is not on the page", staff_sticks[i].name, staff_sticks[i].text);
        snprintf(name, sizeof name, "staff-stick-%s-ru", staff_sticks[i].name);
        if (i < 2 || i == 4)
            picture_check(p, name);
        assert_int_equal(picture_stop(p), 0);
    }
    desk_done(&d);
}

/* The page asks by itself, once, when it is opened with a stick in; and again when somebody wants it. */
static void test_staff__a_stick_is_used_when_the_page_is_open(void **state)
{
    struct desk d;
    struct error e;
    struct ledger_stick s = {.state = LEDGER_STICK_FOUND};
    (void)state;
    desk_new(&d, staff_conf, true);
    assert_int_equal(ledger_stick_tell(d.ledger, &s, &e), ERR_NONE);
    struct picture *p = staff_open(&d, "ru", 24);
    picture_press(p, "1111 enter");
    assert_int_equal(ledger_stick(d.ledger, &s, &e), ERR_NONE);
    assert_false(s.asked);
    picture_press(p, "2468 enter");
    assert_true(picture_has(p, "найдена"));
    assert_int_equal(ledger_stick(d.ledger, &s, &e), ERR_NONE);
    assert_true(s.asked);
    s = (struct ledger_stick){.state = LEDGER_STICK_DONE, .sent = 1};
    assert_int_equal(ledger_stick_tell(d.ledger, &s, &e), ERR_NONE);
    picture_press(p, "right right");
    assert_true(picture_has(p, "можно вынуть"));
    assert_int_equal(ledger_stick(d.ledger, &s, &e), ERR_NONE);
    assert_false(s.asked);
    picture_press(p, "space");
    assert_int_equal(ledger_stick(d.ledger, &s, &e), ERR_NONE);
    assert_true(s.asked);
    assert_int_equal(picture_stop(p), 0);
    desk_done(&d);
}

static void test_staff__orders_a_test_page(void **state)
{
    struct desk d;
    struct error e;
    struct job job;
    int64_t wait;
    (void)state;
    desk_new(&d, staff_conf, true);
    struct picture *p = staff_open(&d, "ru", 24);
    picture_press(p, "2468 enter right space");
    assert_true(picture_has(p, "Пробная страница отправлена"));
    assert_int_equal(ledger_job_next(d.ledger, &job, &wait, &e), ERR_NONE);
    assert_int_equal(job.kind, JOB_TEST);
    assert_int_equal(picture_stop(p), 0);
    desk_done(&d);
}

static void test_staff__closes_the_program_after_a_yes(void **state)
{
    struct desk d;
    (void)state;
    desk_new(&d, staff_conf, true);
    struct picture *p = staff_open(&d, "ru", 24);
    picture_press(p, "2468 enter right right right right space enter"); /* no */
    assert_true(picture_has(p, "Закрыть программу"));
    picture_press(p, "space down");
    assert_int_equal(picture_send_last(p, "\r", 1), 0);
    assert_true(picture_echoes(p));
    assert_int_equal(picture_stop(p), 0);
    desk_done(&d);
}

/* What staff set holds at once, after the program was started again, and spares the PIN of kiosk.conf. */
static void test_staff__settings_are_kept(void **state)
{
    struct desk d;
    char path[4096];
    struct buf text;
    struct error e;
    (void)state;
    desk_new(&d, staff_conf, true);
    struct picture *p = staff_open(&d, "ru", 24);
    picture_press(p, "2468 enter right right space");
    picture_press(p, "'Дом у реки' down down 'Mo-Su 00:00-00:01' down down 1 enter");
    assert_true(picture_has(p, "Сохранено"));
    assert_true(picture_has(p, "Дом у реки │ Для сотрудников"));
    assert_int_equal(picture_stop(p), 0);
    buf_init(&text, 4096);
    assert_int_equal(file_read(file_join(path, d.folder, "staff.conf"), &text, &e), ERR_NONE);
    assert_non_null(strstr(text.data, "name = Дом у реки\n"));
    assert_non_null(strstr(text.data, "sound = yes\n"));
    assert_null(strstr(text.data, "2468"));
    buf_done(&text);
    p = picture_start(&(struct picture_setup){.data = d.folder, .lang = "ru", .clock = DESK_CLOCK});
    assert_true(picture_has(p, "Дом у реки"));
    picture_check(p, "attract-closed-ru");
    assert_int_equal(picture_stop(p), 0);
    desk_done(&d);
}

static void test_staff__settings_that_cannot_be_kept_are_told(void **state)
{
    struct desk d;
    char path[4096];
    (void)state;
    desk_new(&d, staff_conf, true);
    struct picture *p = staff_open(&d, "ru", 24);
    assert_int_equal(mkdir(file_join(path, d.folder, "staff.conf"), 0700), 0); /* nothing can take its place */
    picture_press(p, "2468 enter right right space 'Дом' down down down down down enter");
    assert_true(picture_has(p, "Не сохранено"));
    assert_true(picture_has(p, "Настройки этого терминала"));
    assert_int_equal(picture_stop(p), 0);
    p = picture_start(&(struct picture_setup){.data = d.folder, .lang = "ru", .clock = DESK_CLOCK}); /* and it starts all the same */
    assert_int_equal(picture_stop(p), 0);
    desk_done(&d);
}

/* The report tells how the terminal is and nothing that was typed here. */
static void test_staff__writes_a_report_without_people(void **state)
{
    struct desk d;
    char path[4096];
    struct buf text;
    struct error e;
    (void)state;
    desk_new(&d, staff_conf, true);
    desk_sign_up(&d, DESK_PLAIN, 1, "4DXF92RV73");
    struct picture *p = staff_open(&d, "en", 24);
    picture_press(p, "2468 enter right right right space");
    assert_true(picture_has(p, "report.txt"));
    assert_int_equal(picture_stop(p), 0);
    buf_init(&text, 256 * 1024);
    assert_int_equal(file_read(file_join(path, d.folder, "report.txt"), &text, &e), ERR_NONE);
    static const char *const wanted[] = {"Version: Sosedi ", "To be sent: 1 message", "url = tcp://127.0.0.1:9", "ledger.db ", "# machine"};
    static const char *const secret[] = {"2468", "4DXF92RV73", "Анна"};
    for (size_t i = 0; i < sizeof wanted / sizeof wanted[0]; i++)
        if (!strstr(text.data, wanted[i]))
            fail_msg("no \"%s\" in:\n%s", wanted[i], text.data);
    for (size_t i = 0; i < sizeof secret / sizeof secret[0]; i++)
        if (strstr(text.data, secret[i]))
            fail_msg("\"%s\" is in it:\n%s", secret[i], text.data);
    buf_done(&text);
    desk_done(&d);
}

/* Whether the second memory is there, and what follows from it, is said where somebody can do something about it. */
static void test_staff__the_second_memory_is_spoken_of(void **state)
{
    static const struct {
        const char *name, *file, *text;
    } rows[] = {
        {"none is used", "", NULL},
        {"it is empty", "/dev/shm/sosedi-staff-anchor", "does not agree with the records"},
        {"it is not there", "/proc/no/such/medium", "cannot be written"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        char conf[200];
        struct desk d;
        print_message("%s\n", rows[i].name);
        unlink(rows[1].file);
        snprintf(conf, sizeof conf, "%s[anchor]\nfile = %s\n", staff_conf, rows[i].file);
        desk_new(&d, conf, true);
        struct picture *p = staff_open(&d, "en", 24);
        picture_press(p, "2468 enter");
        assert_int_equal(picture_has(p, "Second memory"), rows[i].text != NULL);
        if (rows[i].text)
            assert_true(picture_has(p, rows[i].text));
        assert_int_equal(picture_stop(p), 0);
        desk_done(&d);
    }
    unlink(rows[1].file);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_staff__looks_right),
        cmocka_unit_test(test_staff__all_is_well),
        cmocka_unit_test(test_staff__without_a_pin_it_stays_closed_and_says_how_to_open_it),
        cmocka_unit_test(test_staff__guessing_is_slowed),
        cmocka_unit_test(test_staff__leaving_locks_again),
        cmocka_unit_test(test_staff__tells_what_becomes_of_a_stick),
        cmocka_unit_test(test_staff__a_stick_is_used_when_the_page_is_open),
        cmocka_unit_test(test_staff__orders_a_test_page),
        cmocka_unit_test(test_staff__closes_the_program_after_a_yes),
        cmocka_unit_test(test_staff__settings_are_kept),
        cmocka_unit_test(test_staff__settings_that_cannot_be_kept_are_told),
        cmocka_unit_test(test_staff__writes_a_report_without_people),
        cmocka_unit_test(test_staff__the_second_memory_is_spoken_of),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
