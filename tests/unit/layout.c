/* What is on the paper of a ticket, in every state, and the words of dates. */
#include "kiosk/print/layout.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "kiosk/base/date.h"
#include "kiosk/base/i18n.h"
#include "kiosk/base/text.h"
#include "kiosk/print/words.h"
#include "tests/support/sample.h"

static struct layout layout_of(const struct ticket *t, int width)
{
    struct layout l;
    const struct layout_where where = {
        .centre = "Центр соседей", .host = "sosedi.example", .printed_at = 1778260000, .width = width, .module = 6};
    layout_ticket(&l, t, &where);
    return l;
}

static const struct block *layout_find(const struct layout *l, const char *text)
{
    for (int i = 0; i < l->count; i++)
        if (l->block[i].text && strstr(l->block[i].text, text))
            return &l->block[i];
    return NULL;
}

static int layout_count(const struct layout *l, enum block_kind kind)
{
    int count = 0;
    for (int i = 0; i < l->count; i++)
        count += l->block[i].kind == kind;
    return count;
}

/* The order of the paper: golden. */
static void test_layout__structure_of_a_confirmed_ticket(void **state)
{
    (void)state;
    sample_language("ru");
    struct ticket t = sample_ticket();
    struct layout l = layout_of(&t, 384);
    static const char *const wanted[] = {
        "Центр соседей",
        "---",
        "Вечер настольных игр и домашнего чаепития для соседей",
        "",
        "Пятница, 15 мая 2026",
        "16:00 – 18:00",
        "",
        "Библиотека № 12 имени А. П. Чехова",
        "ул. Садовая, д. 14, 2 этаж, вход со двора",
        "Клуб «Добрые соседи»",
        "",
        "Вы записаны",
        "",
        "Места 19–20",
        "на 2 человека",
        "Ждём вас! Покажите этот листок на входе.",
        "---",
        "Ваш код",
        "4DXF9-2RV7L",
        "[QR]",
        "Планы изменились? Наберите код в любом терминале и отмените запись: соседи будут рады месту.",
        "---",
        "Для проверки на входе",
        "[QR]",
        "",
        "Напечатано 8 мая 2026"};
    assert_int_equal(l.count, sizeof wanted / sizeof wanted[0]);
    for (int i = 0; i < l.count; i++) {
        const struct block *b = &l.block[i];
        const char *is = b->kind == BLOCK_RULE  ? "---"
                         : b->kind == BLOCK_GAP ? ""
                         : b->kind == BLOCK_QR  ? "[QR]"
                                                : b->text;
        assert_string_equal(is, wanted[i]);
    }
    assert_int_equal(layout_find(&l, "Вы записаны")->kind, BLOCK_BANNER);
    assert_int_equal(layout_find(&l, "4DXF9")->size, SIZE_HUGE);
    layout_done(&l);
}

static void test_layout__every_state_says_what_happens_next(void **state)
{
    (void)state;
    static const struct {
        const char *name;
        enum ticket_state state;
        int pos;
        const char *headline, *next;
        bool open;
    } rows[] = {
        {"confirmed", TICKET_CONFIRMED, 0, "You are signed up", "look forward", true},
        {"asking", TICKET_ASKING, 0, "Your request is accepted", "whether there is a place", true},
        {"waiting", TICKET_WAITING, 0, "Your request is accepted", "whether there is a place", true},
        {"waiting in line", TICKET_WAITING, 4, "You are on the waiting list", "As soon as a place", true},
        {"displaced", TICKET_DISPLACED, 0, "Your seat has changed", "first in line", true},
        {"event cancelled", TICKET_EVENT_CANCELLED, 0, "will not take place", "what else is on", false},
        {"terms changed", TICKET_TERMS_CHANGED, 0, "The event has changed", "time or the place", true},
        {"conflict", TICKET_CONFLICT, 0, "being checked", "A person is looking", true},
        {"quarantined", TICKET_QUARANTINED, 0, "being checked", "A person is looking", true},
        {"cancelled", TICKET_CANCELLED, 0, "You have cancelled", "Thank you", false},
    };
    sample_language("en");
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct ticket t = sample_ticket();
        t.state = rows[i].state;
        t.pos = rows[i].pos;
        struct layout l = layout_of(&t, 384);
        const struct block *headline = layout_find(&l, rows[i].headline);
        if (!headline || !layout_find(&l, rows[i].next))
            fail_msg("%s: words are missing", rows[i].name);
        assert_int_equal(headline->kind, rows[i].state == TICKET_CONFIRMED ? BLOCK_BANNER : BLOCK_FRAME);
        assert_non_null(layout_find(&l, "4DXF9-2RV7L"));
        /* a seat is printed only while it is theirs */
        assert_int_equal(layout_find(&l, "Seats") != NULL, rows[i].state == TICKET_CONFIRMED);
        assert_int_equal(layout_find(&l, "number in the list: 4") != NULL, rows[i].pos == 4);
        assert_int_equal(layout_count(&l, BLOCK_QR), rows[i].open ? 2 : 1);
        layout_done(&l);
    }
}

/* A request has no time, no seat and no entrance; it says whose it is and where it stands. */
static void test_layout__a_request_has_a_paper_of_its_own(void **state)
{
    (void)state;
    static const struct {
        enum ticket_state state;
        const char *there;
    } rows[] = {{TICKET_WAITING, "Ваше обращение сохранено"},
                {TICKET_CONFIRMED, "Ваше обращение передано"},
                {TICKET_CANCELLED, "Это обращение отменено"},
                {TICKET_QUARANTINED, "Вашим обращением занимаются"}};
    sample_language("ru");
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct ticket t = sample_ticket();
        t.state = rows[i].state;
        t.seat_count = 0;
        t.has_token = false;
        t.pos = 3;
        t.facts.request = i % 2 ? 'w' : 'o';
        t.facts.start = 0;
        struct layout l = layout_of(&t, 384);
        assert_non_null(layout_find(&l, rows[i].there));
        assert_non_null(layout_find(&l, i % 2 ? "Вы предлагаете помощь" : "Вы просите"));
        assert_non_null(layout_find(&l, "Клуб «Добрые соседи»"));
        assert_null(layout_find(&l, "1970"));
        assert_null(layout_find(&l, "на 2 человека"));
        assert_null(layout_find(&l, "Ваш номер"));
        assert_int_equal(layout_count(&l, BLOCK_QR), 1);
        layout_done(&l);
    }
}

static void test_layout__qr_codes_fit_every_paper(void **state)
{
    (void)state;
    static const int widths[] = {384, 512, 576};
    struct ticket t = sample_ticket();
    for (size_t i = 0; i < 3; i++) {
        struct layout l = layout_of(&t, widths[i]);
        for (int k = 0; k < l.count; k++) {
            const struct block *b = &l.block[k];
            if (b->kind != BLOCK_QR)
                continue;
            assert_true(b->module >= LAYOUT_MODULE_MIN);
            assert_true((b->qr->side + 2 * LAYOUT_QUIET) * b->module <= widths[i]);
        }
        assert_int_equal(layout_count(&l, BLOCK_QR), 2);
        layout_done(&l);
    }
}

static void test_layout__what_is_missing_is_left_out(void **state)
{
    (void)state;
    sample_language("en");
    struct ticket t = {
        .code = "4DXF92RV7L", .state = TICKET_CONFIRMED, .party = 1, .facts = {.title = "Tea", .start = 1778860800}};
    const struct layout_where where = {.centre = "", .host = "", .width = 384, .module = 6};
    struct layout l;
    layout_ticket(&l, &t, &where);
    assert_null(layout_find(&l, "Printed"));
    assert_null(layout_find(&l, "Seat"));
    assert_non_null(layout_find(&l, "for 1 person"));
    assert_non_null(layout_find(&l, "begins at 16:00"));
    assert_int_equal(layout_count(&l, BLOCK_QR), 1);
    layout_done(&l);
}

/* Titles come from anybody: controls, bidi overrides and line breaks must not reach the paper. */
static void test_layout__hostile_titles(void **state)
{
    (void)state;
    static const struct {
        const char *name, *title, *shown;
    } rows[] = {
        {"escape sequence", "Tea\x1b@\x1b[2J", "Tea@[2J"},
        {"status command", "Tea\x10\x04\x01", "Tea"},
        {"line breaks", "Tea\r\n\nYou are signed up", NULL},
        {"bidi override",
         "Tea \xe2\x80\xae"
         "eat",
         "Tea eat"},
        {"bad UTF-8", "Tea \xff\xc3", "Tea \xef\xbf\xbd\xef\xbf\xbd"},
    };
    sample_language("en");
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct ticket t = sample_ticket();
        snprintf(t.facts.title, sizeof t.facts.title, "%s", rows[i].title);
        struct layout l = layout_of(&t, 384);
        const struct block *b = layout_find(&l, "Tea");
        assert_non_null(b);
        if (rows[i].shown)
            assert_string_equal(b->text, rows[i].shown);
        for (const char *c = b->text; *c; c++)
            assert_true((unsigned char)*c >= 0x20 && *c != 0x7F);
        layout_done(&l);
    }
}

static int64_t layout_at(const char *s)
{
    int64_t t;
    assert_true(instant_parse(s, &t));
    return t;
}

static void test_layout__days_and_hours_in_words(void **state)
{
    (void)state;
    static const struct {
        const char *name, *lang, *start, *end;
        bool all_day;
        const char *days, *hours;
    } rows[] = {
        {"an evening", "ru", "2026-05-12T18:00:00+03:00", "2026-05-12T20:00:00+03:00", false, "Вторник, 12 мая 2026",
         "18:00 – 20:00"},
        {"in English", "en", "2026-05-12T18:00:00+03:00", "2026-05-12T20:00:00+03:00", false, "Tuesday, 12 May 2026",
         "18:00 – 20:00"},
        {"past midnight", "ru", "2026-12-31T22:00:00+03:00", "2027-01-01T02:00:00+03:00", false,
         "Четверг, 31 декабря 2026", "22:00 – 02:00"},
        {"until midnight", "ru", "2026-05-12T18:00:00+03:00", "2026-05-13T00:00:00+03:00", false,
         "Вторник, 12 мая 2026", "18:00 – 00:00"},
        {"no end", "ru", "2026-05-12T09:05:00+03:00", NULL, false, "Вторник, 12 мая 2026", "начало в 09:05"},
        {"a whole day", "ru", "2026-05-12T00:00:00+03:00", "2026-05-13T00:00:00+03:00", true, "Вторник, 12 мая 2026",
         "весь день"},
        {"whole days", "ru", "2026-05-12T00:00:00+03:00", "2026-05-15T00:00:00+03:00", true,
         "12 мая 2026 – 14 мая 2026", ""},
        {"days with hours", "ru", "2026-05-12T10:00:00+03:00", "2026-05-14T18:00:00+03:00", false,
         "12 мая 2026 – 14 мая 2026", "начало в 10:00"},
        {"another zone's midnight", "ru", "2026-05-11T22:30:00+00:00", "2026-05-11T23:30:00+00:00", false,
         "Вторник, 12 мая 2026", "01:30 – 02:30"},
    };
    struct zone *zone = zone_new("Europe/Moscow");
    assert_non_null(zone);
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        char days[160], hours[80];
        sample_language(rows[i].lang);
        struct ticket_facts facts = {.start = layout_at(rows[i].start),
                                     .end = rows[i].end ? layout_at(rows[i].end) : 0,
                                     .all_day = rows[i].all_day};
        assert_string_equal(words_days(days, sizeof days, &facts, zone), rows[i].days);
        assert_string_equal(words_hours(hours, sizeof hours, &facts, zone), rows[i].hours);
    }
    zone_free(zone);
}

static void test_layout__numbers_of_seats(void **state)
{
    (void)state;
    char out[160], small[6];
    assert_string_equal(words_numbers(out, sizeof out, (const int[]){19}, 1), "19");
    assert_string_equal(words_numbers(out, sizeof out, (const int[]){3, 5, 6, 7, 9}, 5), "3, 5–7, 9");
    assert_string_equal(words_numbers(out, sizeof out, NULL, 0), "");
    words_numbers(small, sizeof small, (const int[]){1, 3, 5, 7, 9}, 5);
    assert_true(strlen(small) < sizeof small);
}

static void test_layout__cut_texts_never_overflow(void **state)
{
    (void)state;
    char out[8];
    words_date(out, sizeof out, 1778860800, NULL);
    assert_true(strlen(out) < sizeof out);
    struct layout l;
    layout_init(&l);
    for (int i = 0; i < 2 * LAYOUT_BLOCKS; i++) {
        layout_add(&l, (struct block){.size = SIZE_NORMAL}, "text");
        layout_add_qr(&l, "CODE", 6, 384);
    }
    assert_int_equal(l.count, LAYOUT_BLOCKS);
    layout_done(&l);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_layout__structure_of_a_confirmed_ticket),
        cmocka_unit_test(test_layout__every_state_says_what_happens_next),
        cmocka_unit_test(test_layout__a_request_has_a_paper_of_its_own),
        cmocka_unit_test(test_layout__qr_codes_fit_every_paper),
        cmocka_unit_test(test_layout__what_is_missing_is_left_out),
        cmocka_unit_test(test_layout__hostile_titles),
        cmocka_unit_test(test_layout__days_and_hours_in_words),
        cmocka_unit_test(test_layout__numbers_of_seats),
        cmocka_unit_test(test_layout__cut_texts_never_overflow),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
