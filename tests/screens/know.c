/* Good to know, and opportunities: lists, filters, what is found by words, reading page by page, addresses by number, paper. Each walk
 * runs in Russian, English, the pseudo-language and without colours at 80 x 24, and in Russian on a large screen. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "kiosk/base/file.h"
#include "kiosk/store/replica_write.h"
#include "tests/support/desk.h"
#include "tests/support/feed.h"
#include "tests/support/picture.h"
#include "tests/support/town.h"

static const struct know_face {
    const char *lang;
    int rows, cols;
    bool no_color;
    const char *suffix;
} know_faces[] = {{"ru", 24, 80, false, "ru"}, {"en", 24, 80, false, "en"}, {"xx", 24, 80, false, "xx"},
                  {"ru", 24, 80, true, "ru-mono"}, {"ru", 45, 160, false, "ru-large"}};
enum { KNOW_FACES = sizeof know_faces / sizeof know_faces[0] };

#define KNOW_ID "00000000-0000-4000-8000-0000000000"
static const struct {
    const char *kind, *id, *d;
} know[] = {
    {"article", "c1",
     "{\"name\":\"Как узнать телефонного мошенника\",\"inLanguage\":\"ru\",\"description\":\"Пять примет обмана и что делать, если уже "
     "перевели деньги.\",\"about\":[\"it\"],\"url\":\"https://zarechinsk.example/scam\",\"articleBody\":\"# Приметы\\n- Вас торопят: "
     "«только сейчас», «через час будет поздно», «деньги уже уходят».\\n- Просят никому не говорить.\\n- Называют себя банком и просят "
     "код из сообщения.\\n\\n# Что делать\\n1. Положите трубку.\\n2. Позвоните сами по номеру на обороте карты.\\n3. Позвоните тому, кем "
     "вас пугали.\\n\\n# Если деньги уже ушли\\nНе ругайте себя: эти люди обманывают каждый день, это их работа.\\n\\nПодробнее: [памятка "
     "банка](https://bank.example/safe) и https://zarechinsk.example/police.\",\"related\":[\"" KNOW_ID "c3\"],\"translations\":{\"en\":{"
     "\"name\":\"How to spot a phone scammer\",\"description\":\"Five signs of fraud.\",\"articleBody\":\"# The signs\\n- You are hurried."
     "\\n- They ask for a code.\\n\\nMore: [the bank's page](https://bank.example/safe).\"}}}"},
    {"article", "c2",
     "{\"name\":\"Потеряли карту\",\"inLanguage\":\"ru\",\"description\":\"Пять минут, которые берегут деньги.\",\"about\":[\"it\"],"
     "\"articleBody\":\"1. Позвоните в банк.\\n2. Скажите: «Заблокируйте карту».\"}"},
    {"article", "c3",
     "{\"name\":\"Пароль, который не забыть: четыре слова лучше одной закорючки, а бумажку держат дома\",\"inLanguage\":\"ru\","
     "\"about\":[\"it\"],\"articleBody\":\"Возьмите четыре не связанных слова и представьте картинку.\"}"},
    {"article", "c4",
     "{\"name\":\"Free internet in town\",\"inLanguage\":\"en\",\"description\":\"Where, when, and how to connect.\",\"about\":[\"it\","
     "\"neighbours\"],\"articleBody\":\"- Sadovaya library\\n- The station\"}"},
    {"call", "d1",
     "{\"name\":\"Гранты на соседские дела\",\"inLanguage\":\"ru\",\"description\":\"До ста тысяч рублей на двор, кружок или праздник.\","
     "\"callType\":\"grant\",\"validThrough\":\"2026-05-17\",\"organizerName\":\"Фонд «Заречье»\",\"about\":[\"neighbours\"],"
     "\"addressLocality\":\"Заречинск\",\"address\":\"ул. Мира, 1\",\"telephone\":\"+7 000 555-21-00\",\"email\":\"fund@zarechinsk.example\","
     "\"audience\":\"Любым троим, кто хочет сделать что-то для своего двора\",\"joining\":\"Заполните заявку на сайте или принесите на "
     "бумаге.\",\"url\":\"https://zarechinsk.example/grants\",\"translations\":{\"en\":{\"name\":\"Grants for neighbourly projects\","
     "\"description\":\"Up to 100,000 roubles for a yard, a club or a feast.\",\"joining\":\"Fill in the form on the site.\"}}}"},
    {"call", "d2",
     "{\"name\":\"Мастерская кукольного театра\",\"inLanguage\":\"ru\",\"callType\":\"workshop\",\"validThrough\":\"2026-05-12\","
     "\"organizer\":\"" KNOW_ID "a1\",\"organizerName\":\"Хор «Заря»\",\"about\":[\"culture\"],\"event\":\"" KNOW_ID "e1\",\"typicalAgeRange\":"
     "\"8+\"}"},
    {"call", "d3",
     "{\"name\":\"Наставник для тех, кто впервые открывает своё дело и не знает, с чего начать, к кому идти и сколько платить\","
     "\"inLanguage\":\"ru\",\"callType\":\"mentoring\",\"validThrough\":\"2026-08-01\",\"organizerName\":\"Работаю на себя\","
     "\"addressLocality\":\"Новый Посад\"}"},
    {"call", "d4", "{\"name\":\"Крёстные деревьев\",\"inLanguage\":\"ru\",\"callType\":\"volunteering\",\"about\":[\"neighbours\"]}"},
    {"call", "d5", "{\"name\":\"Школа вожатых\",\"inLanguage\":\"ru\",\"callType\":\"internship\",\"validThrough\":\"2026-05-02\","
                   "\"telephone\":\"+7 000 557-80-80\"}"},
};

static void know_fill(const char *folder)
{
    struct replica_writer *w;
    char path[4096], id[37];
    bool damaged;
    struct error e;
    if (replica_writer_open(&w, file_join(path, folder, "replica.db"), NULL, false, &damaged, &e))
        fail_msg("%s", e.text);
    for (size_t i = 0; i < sizeof know / sizeof know[0]; i++)
        assert_int_equal(item_put(w, know[i].kind, item_id(id, know[i].id), 1000 + (int64_t)i, know[i].d), 0);
    replica_writer_close(w);
}

static int know_set_up(void **state)
{
    static char data[64];
    town_fill(picture_data(data));
    know_fill(data);
    *state = data;
    return 0;
}

static int know_tear_down(void **state)
{
    picture_data_done(*state);
    return 0;
}

static struct picture *know_start(const char *data, const struct know_face *face)
{
    return picture_start(&(struct picture_setup){
        .data = data, .lang = face->lang, .rows = face->rows, .cols = face->cols, .no_color = face->no_color});
}

struct know_step {
    const char *keys, *name;
};

static void know_walk(const char *data, const struct know_step *steps, size_t count)
{
    for (int i = 0; i < KNOW_FACES; i++) {
        struct picture *p = know_start(data, &know_faces[i]);
        for (size_t k = 0; k < count; k++) {
            char name[80];
            picture_press(p, steps[k].keys);
            snprintf(name, sizeof name, "know-%s-%s", steps[k].name, know_faces[i].suffix);
            picture_check(p, name);
        }
        assert_int_equal(picture_stop(p), 0);
    }
}
#define WALK(data, steps) know_walk(data, steps, sizeof(steps) / sizeof(steps)[0])

/* The lines of the start page. */
#define KNOW_CALLS    "6"
#define KNOW_ARTICLES "8"

static void test_know__articles_and_what_is_found(void **state)
{
    static const struct know_step steps[] = {
        {"enter " KNOW_ARTICLES, "articles"},      {"down down", "articles-long"}, {"'карт'", "articles-found"},
        {"'ы'", "articles-nothing"},               {"esc f3 2", "articles-topic"},
    };
    WALK(*state, steps);
}

static void test_know__article_read_page_by_page(void **state)
{
    static const struct know_step steps[] = {
        {"enter " KNOW_ARTICLES " 'мошен' enter", "article"}, {"pgdn", "article-second"}, {"end", "article-end"},
        {"1", "article-link"},                                {"esc down down down enter", "article-related"},
    };
    WALK(*state, steps);
}

static void test_know__calls_by_the_day_that_ends_them(void **state)
{
    static const struct know_step steps[] = {
        {"enter " KNOW_CALLS, "calls"}, {"down down", "calls-long"}, {"f5", "calls-kinds"}, {"2", "calls-kind"}, {"delete f6", "calls-closed"},
    };
    WALK(*state, steps);
}

static void test_know__call_tells_how_to_apply(void **state)
{
    static const struct know_step steps[] = {
        {"enter " KNOW_CALLS " 2", "call"}, {"1", "call-link"}, {"esc esc 1", "call-today"}, {"1", "call-event"}, {"esc esc f6 1", "call-over"},
    };
    WALK(*state, steps);
}

/* The number in the text is the number of the line, and its code is what a camera reads. */
static void test_know__codes(void **state)
{
    static const struct {
        const char *keys, *want;
    } rows[] = {
        {KNOW_ARTICLES " 'мошен' enter 1", "https://bank.example/safe"},
        {KNOW_ARTICLES " 'мошен' enter 2", "https://zarechinsk.example/police"},
        {KNOW_ARTICLES " 'мошен' enter 3", "https://zarechinsk.example/scam"},
        {KNOW_CALLS " 2 1", "https://zarechinsk.example/grants"},
    };
    char text[256];
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct picture *p = know_start(*state, &know_faces[0]);
        picture_press(p, "enter");
        picture_press(p, rows[i].keys);
        assert_string_equal(picture_qr(p, text, sizeof text), rows[i].want);
        assert_int_equal(picture_stop(p), 0);
    }
}

/* ---- paper */

static struct picture *know_desk(struct desk *d, const char *conf, const char *keys)
{
    desk_new(d, conf, true);
    know_fill(d->folder);
    struct picture *p = picture_start(&(struct picture_setup){.data = d->folder, .lang = "ru", .clock = DESK_CLOCK});
    picture_press(p, "enter");
    picture_press(p, keys);
    return p;
}

static void test_know__printing_is_told_in_words(void **state)
{
    (void)state;
    static const struct {
        enum job_state state;
        enum job_fault fault;
        const char *words;
    } rows[] = {
        {JOB_QUEUED, JOB_PAPER, "Кончилась бумага."}, {JOB_PRINTING, JOB_FINE, "Печатаем…"},
        {JOB_QUEUED, JOB_COVER, "Принтер открыт."},   {JOB_QUEUED, JOB_OFFLINE, "Принтер не отвечает."},
        {JOB_PRINTED, JOB_FINE, "Напечатано."},
    };
    struct desk d;
    struct job job;
    int64_t wait;
    struct picture *p = know_desk(&d, "[printer]\nurl = tcp://127.0.0.1:9\n", KNOW_ARTICLES " 'мошен' enter f5");
    assert_true(picture_has(p, "Сейчас напечатаем…"));
    assert_int_equal(ledger_job_next(d.ledger, &job, &wait, NULL), ERR_NONE);
    assert_int_equal(job.kind, JOB_SLIP);
    assert_string_equal(job.lang, "ru");
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        assert_int_equal(ledger_job_set(d.ledger, job.id, rows[i].state, rows[i].fault, NULL), ERR_NONE);
        if (!picture_wait_text(p, rows[i].words))
            fail_msg("%s", rows[i].words);
    }
    assert_int_equal(picture_stop(p), 0);
    desk_done(&d);
}

static void test_know__a_reminder_holds_what_is_needed(void **state)
{
    (void)state;
    struct desk d;
    struct job job;
    int64_t wait;
    char *text;
    struct picture *p = know_desk(&d, "[printer]\nurl = tcp://127.0.0.1:9\n", KNOW_CALLS " 2 f5");
    assert_int_equal(ledger_job_next(d.ledger, &job, &wait, NULL), ERR_NONE);
    assert_int_equal(ledger_slip_get(d.ledger, job.id, &text, NULL), ERR_NONE);
    static const char *const wanted[] = {"\"reminder\"", "Гранты на соседские дела", "2026-05-17", "https://zarechinsk.example/grants",
                                         "+7 000 555-21-00", "ул. Мира, 1, Заречинск", "Фонд «Заречье»"};
    for (size_t i = 0; i < sizeof wanted / sizeof wanted[0]; i++)
        if (!strstr(text, wanted[i]))
            fail_msg("%s is not in %s", wanted[i], text);
    free(text);
    assert_int_equal(picture_stop(p), 0);
    desk_done(&d);
}

static void test_know__without_a_printer_it_says_so(void **state)
{
    (void)state;
    struct desk d;
    struct picture *p = know_desk(&d, NULL, KNOW_ARTICLES " 1 f5");
    assert_true(picture_has(p, "Здесь нет принтера."));
    assert_int_equal(picture_stop(p), 0);
    desk_done(&d);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_know__articles_and_what_is_found),
        cmocka_unit_test(test_know__article_read_page_by_page),
        cmocka_unit_test(test_know__calls_by_the_day_that_ends_them),
        cmocka_unit_test(test_know__call_tells_how_to_apply),
        cmocka_unit_test(test_know__codes),
        cmocka_unit_test(test_know__printing_is_told_in_words),
        cmocka_unit_test(test_know__a_reminder_holds_what_is_needed),
        cmocka_unit_test(test_know__without_a_printer_it_says_so),
    };
    return cmocka_run_group_tests(tests, know_set_up, know_tear_down);
}
