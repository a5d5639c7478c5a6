/* Calendar files into a hub: what lands, what a second import changes, what hostile files cannot do. */
#include "sync/hub/import/import.h"

#include <dirent.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "kiosk/base/file.h"
#include "kiosk/base/sql.h"
#include "kiosk/ticket/crypto.h"
#include "sync/hub/command/events.h"

/* 2026-11-23T12:00:00Z, a Monday */
enum { NOW = 1795435200 };

struct fixture {
    char dir[64];
    struct hub hub;
    struct calendar *calendar; /* one for all imports: making its process is slow with sanitizers */
    char *told;                /* what the last import said */
    struct error e;
};

static int set_up(void **state)
{
    struct fixture *f = calloc(1, sizeof *f);
    assert_int_equal(crypto_init(NULL), ERR_NONE);
    snprintf(f->dir, sizeof f->dir, "/tmp/sosedi-ics-XXXXXX");
    assert_non_null(mkdtemp(f->dir));
    assert_int_equal(hub_create(&f->hub, f->dir, NULL, &f->e), ERR_NONE);
    f->hub.clock = clock_test((int64_t)NOW * 1000);
    f->calendar = calendar_new();
    *state = f;
    return 0;
}

static int tear_down(void **state)
{
    struct fixture *f = *state;
    char command[128];
    hub_close(&f->hub);
    calendar_free(f->calendar);
    snprintf(command, sizeof command, "rm -rf %s", f->dir);
    assert_int_equal(system(command), 0);
    free(f->told);
    free(f);
    return 0;
}

static enum err import_path(struct fixture *f, const char *path, const char *source)
{
    char *files[] = {(char *)path};
    size_t size = 0;
    free(f->told);
    f->told = NULL;
    FILE *out = open_memstream(&f->told, &size);
    struct import_order order = {
        .what = "ics", .files = files, .file_count = 1, .source = source, .calendar = f->calendar, .out = out};
    enum err code = import_run(&f->hub, &order, &f->e);
    fclose(out);
    return code;
}

/* Imports "text" with LF lines under a name of the test. */
static enum err import_text(struct fixture *f, const char *text)
{
    char path[128];
    snprintf(path, sizeof path, "%s/feed.ics", f->dir);
    assert_int_equal(file_write(path, text, strlen(text), 0600, &f->e), ERR_NONE);
    return import_path(f, path, "feed");
}

static void expect_told(struct fixture *f, const char *what)
{
    if (strstr(f->told, what) == NULL)
        fail_msg("told: %s\nexpected in it: %s", f->told, what);
}

static void expect_counts(struct fixture *f, const char *counts)
{
    char line[200];
    snprintf(line, sizeof line, "ics: %s\n", counts);
    expect_told(f, line);
}

/* All rows of a statement, columns separated by '|', rows ended by ';'. */
static void query(struct fixture *f, const char *text, int columns, struct buf *out)
{
    struct sql_stmt *st = sql_get(f->hub.db, text);
    bool row = false;
    while (sql_step(st, &row, &f->e) == ERR_NONE && row) {
        for (int i = 0; i < columns; i++)
            buf_addf(out, "%s%s", i == 0 ? "" : "|", sql_text(st, i));
        buf_add_char(out, ';');
    }
}

static void expect_query(struct fixture *f, const char *text, int columns, const char *expected)
{
    struct buf got;
    buf_init(&got, 1024 * 1024);
    query(f, text, columns, &got);
    if (strcmp(got.data, expected) != 0)
        fail_msg("%s\n got      %s\n expected %s", text, got.data, expected);
    buf_done(&got);
}

static void expect_events(struct fixture *f, const char *from, const char *to, const char *expected)
{
    char *got = NULL;
    size_t size = 0;
    FILE *out = open_memstream(&got, &size);
    struct events_query q = {.format = EVENTS_CSV};
    assert_true(events_parse_date(from, false, &q.from) && events_parse_date(to, true, &q.to));
    assert_int_equal(events_list(&f->hub, &q, out, stderr, &f->e), ERR_NONE);
    fclose(out);
    if (strcmp(got, expected) != 0)
        fail_msg("got\n%sexpected\n%s", got, expected);
    free(got);
}

#define OCCURRENCES                                                                                                    \
    "SELECT rid, datetime(start_at, 'unixepoch'), cancelled, terms FROM occurrence ORDER BY start_at, rid"
#define HEAD "start,end,status,uid,title,seats\n"

static void test_import_ics__lands_updates_and_withdraws(void **state)
{
    struct fixture *f = *state;
    static const char two[] =
        "BEGIN:VCALENDAR\nX-WR-CALNAME:Клуб\nBEGIN:VEVENT\nUID:a\nDTSTART:20261201T150000Z\nDTEND:20261201T170000Z\n"
        "SUMMARY:Шахматы\nEND:VEVENT\nBEGIN:VEVENT\nUID:b\nDTSTART;VALUE=DATE:20261202\nSUMMARY:День\nEND:VEVENT\n"
        "END:VCALENDAR\n";
    static const char one[] =
        "BEGIN:VCALENDAR\nX-WR-CALNAME:Клуб\nBEGIN:VEVENT\nUID:a\nDTSTART:20261201T150000Z\nDTEND:20261201T170000Z\n"
        "SUMMARY:Шашки\nEND:VEVENT\nEND:VCALENDAR\n";
    assert_int_equal(import_text(f, two), ERR_NONE);
    expect_counts(f, "2 added, 0 updated, 0 unchanged, 0 withdrawn, 0 skipped");
    expect_query(
        f, "SELECT name, json_extract(d, '$.organizerName'), json_extract(d, '$.inLanguage') FROM record ORDER BY uid",
        3, "Шахматы|Клуб|ru;День|Клуб|ru;");
    assert_int_equal(import_text(f, two), ERR_NONE);
    expect_counts(f, "0 added, 0 updated, 2 unchanged, 0 withdrawn, 0 skipped");
    assert_int_equal(import_text(f, one), ERR_NONE);
    expect_counts(f, "0 added, 1 updated, 0 unchanged, 1 withdrawn, 0 skipped");
    expect_query(f, "SELECT kind, json_extract(line, '$.op') FROM change ORDER BY seq", 2,
                 "event|put;event|put;event|put;event|del;");
    expect_events(f, "2005", "2030", HEAD "2026-12-01T18:00:00+03:00,2026-12-01T20:00:00+03:00,confirmed,a,Шашки,\n");
    assert_int_equal(import_text(f, two), ERR_NONE);
    expect_counts(f, "1 added, 1 updated, 0 unchanged, 0 withdrawn, 0 skipped");
}

static void test_import_ics__keeps_the_id_of_an_occurrence_that_moves_within_its_day(void **state)
{
    struct fixture *f = *state;
    static const char form[] =
        "BEGIN:VCALENDAR\nBEGIN:VEVENT\nUID:a\nDTSTART;TZID=Europe/Moscow:20261201T%s\nRRULE:FREQ=WEEKLY;COUNT=3\n"
        "SUMMARY:x\nLOCATION:%s\n%sEND:VEVENT\nEND:VCALENDAR\n";
    char text[1000];
    struct buf before, after;
    buf_init(&before, 65536);
    buf_init(&after, 65536);
    snprintf(text, sizeof text, form, "180000", "Зал", "");
    assert_int_equal(import_text(f, text), ERR_NONE);
    query(f, "SELECT id FROM occurrence ORDER BY start_at", 1, &before);
    snprintf(text, sizeof text, form, "190000", "Зал", "");
    assert_int_equal(import_text(f, text), ERR_NONE);
    query(f, "SELECT id FROM occurrence ORDER BY start_at", 1, &after);
    assert_string_equal(before.data, after.data);
    expect_query(f, OCCURRENCES, 4,
                 "20261201T160000Z|2026-12-01 16:00:00|0|2;20261208T160000Z|2026-12-08 "
                 "16:00:00|0|2;20261215T160000Z|2026-12-15 16:00:00|0|2;");
    snprintf(text, sizeof text, form, "190000", "Зал",
             "END:VEVENT\nBEGIN:VEVENT\nUID:a\nRECURRENCE-ID:20261208T160000Z\nDTSTART:20261208T170000Z\n");
    assert_int_equal(import_text(f, text), ERR_NONE);
    expect_query(f, OCCURRENCES, 4,
                 "20261201T160000Z|2026-12-01 16:00:00|0|2;20261208T160000Z|2026-12-08 "
                 "17:00:00|0|3;20261215T160000Z|2026-12-15 16:00:00|0|2;");
    expect_query(f,
                 "SELECT json_extract(line, '$.d.terms'), json_extract(line, '$.d.subEvent[0].terms'), "
                 "json_extract(line, '$.d.subEvent[1].terms') FROM change ORDER BY seq DESC LIMIT 1",
                 3, "3|2|;");
    snprintf(text, sizeof text, form, "190000", "Двор", "EXDATE;TZID=Europe/Moscow:20261208T190000\n");
    assert_int_equal(import_text(f, text), ERR_NONE);
    expect_query(f, OCCURRENCES, 4,
                 "20261201T160000Z|2026-12-01 16:00:00|0|4;20261215T160000Z|2026-12-15 16:00:00|0|4;");
    expect_query(f, "SELECT json_extract(d, '$.terms') FROM record", 1, "4;");
    buf_done(&before);
    buf_done(&after);
}

/* One of a series at another time says when it would have been; a series that is at another hour altogether does not. */
static void test_import_ics__says_when_a_moved_one_would_have_been(void **state)
{
    struct fixture *f = *state;
    static const char form[] = "BEGIN:VCALENDAR\nBEGIN:VEVENT\nUID:a\nDTSTART;TZID=Europe/Moscow:20261201T%s\n"
                               "RRULE:FREQ=WEEKLY;COUNT=2\nSUMMARY:x\nEND:VEVENT\n%sEND:VCALENDAR\n";
    static const char moved[] = "BEGIN:VEVENT\nUID:a\nRECURRENCE-ID;TZID=Europe/Moscow:20261208T180000\n"
                                "DTSTART;TZID=Europe/Moscow:20261210T190000\nSUMMARY:x\nEND:VEVENT\n";
    char text[1000];
    static const char shown[] = "SELECT coalesce(json_extract(line, '$.d.subEvent[0].previousStartDate'), '-'), "
                                "coalesce(json_extract(line, '$.d.subEvent[1].previousStartDate'), '-') "
                                "FROM change ORDER BY seq DESC LIMIT 1";
    snprintf(text, sizeof text, form, "180000", moved);
    assert_int_equal(import_text(f, text), ERR_NONE);
    expect_query(f, shown, 2, "-|2026-12-08T18:00:00+03:00;");
    snprintf(text, sizeof text, form, "170000", "");
    assert_int_equal(import_text(f, text), ERR_NONE);
    expect_query(f, shown, 2, "-|-;");
}

static void test_import_ics__cancels_what_people_signed_up_for_instead_of_forgetting_it(void **state)
{
    struct fixture *f = *state;
    static const char with[] =
        "BEGIN:VCALENDAR\nBEGIN:VEVENT\nUID:a\nDTSTART:20261201T150000Z\nSUMMARY:x\nX-SOSEDI-SEATS:20\nEND:VEVENT\n"
        "END:VCALENDAR\n";
    static const char without[] = "BEGIN:VCALENDAR\nEND:VCALENDAR\n";
    assert_int_equal(import_text(f, with), ERR_NONE);
    expect_query(f, "SELECT capacity, seated FROM occurrence", 2, "20|20;");
    assert_int_equal(
        sql_exec(f->hub.db,
                 "INSERT INTO signup (id, code, ev, kid, state, party, seats, lease, terms, form, box_key, box, "
                 "claimed_at, quality, at) "
                 "SELECT 's', 'c', id, 'k', 'confirmed', 1, '', 0, 1, '', 'x1', x'00', '', 'ok', 0 FROM occurrence;",
                 &f->e),
        ERR_NONE);
    assert_int_equal(import_text(f, without), ERR_NONE);
    expect_counts(f, "0 added, 0 updated, 0 unchanged, 1 withdrawn, 0 skipped");
    expect_query(f, "SELECT cancelled FROM occurrence", 1, "1;");
    assert_int_equal(import_text(f, with), ERR_NONE);
    expect_query(f, "SELECT cancelled FROM occurrence", 1, "0;");
}

static void test_import_ics__publishes_the_window_and_rolls_on(void **state)
{
    struct fixture *f = *state;
    int64_t changed;
    assert_int_equal(
        import_text(
            f, "BEGIN:VCALENDAR\nBEGIN:VEVENT\nUID:a\nDTSTART;TZID=Europe/"
               "Moscow:20261101T180000\nRRULE:FREQ=DAILY\nSUMMARY:x\n"
               "END:VEVENT\nBEGIN:VEVENT\nUID:old\nDTSTART:20200101T100000Z\nSUMMARY:y\nEND:VEVENT\nEND:VCALENDAR\n"),
        ERR_NONE);
    expect_query(f, "SELECT uid, sent <> '' FROM record ORDER BY uid", 2, "a|1;old|0;");
    expect_query(
        f,
        "SELECT count(*), min(datetime(start_at, 'unixepoch')), max(datetime(start_at, 'unixepoch')) FROM occurrence",
        3, "402|2026-11-22 15:00:00|2027-12-28 15:00:00;");
    expect_query(f, "SELECT count(*) FROM change", 1, "1;");
    assert_int_equal(record_roll(&f->hub, &changed, &f->e), ERR_NONE);
    assert_int_equal(changed, 0);
    f->hub.clock = clock_test(((int64_t)NOW + 86400) * 1000);
    assert_int_equal(record_roll(&f->hub, &changed, &f->e), ERR_NONE);
    assert_int_equal(changed, 1);
    expect_query(
        f,
        "SELECT count(*), min(datetime(start_at, 'unixepoch')), max(datetime(start_at, 'unixepoch')) FROM occurrence",
        3, "402|2026-11-23 15:00:00|2027-12-29 15:00:00;");
    expect_query(f, "SELECT max(terms) FROM occurrence", 1, "1;");
}

static void test_import_ics__keeps_items_small(void **state)
{
    struct fixture *f = *state;
    assert_int_equal(import_text(f, "BEGIN:VCALENDAR\nBEGIN:VEVENT\nUID:a\nDTSTART;TZID=Europe/"
                                    "Moscow:20261101T180000\nRRULE:FREQ=HOURLY\nSUMMARY:x\n"
                                    "END:VEVENT\nEND:VCALENDAR\n"),
                     ERR_NONE);
    expect_query(f, "SELECT count(*) FROM occurrence", 1, "1000;");
    expect_query(f, "SELECT max(length(line)) BETWEEN 50000 AND 65536 FROM change", 1, "1;");
}

struct lenient_case {
    const char *name, *event, *told, *row; /* row: of events, without the title's end; NULL none */
};

static const struct lenient_case lenient[] = {
    {"no UID", "DTSTART:20261201T150000Z\nSUMMARY:x", "1 added", "2026-12-01T18:00:00+03:00"},
    {"no DTSTART", "UID:a\nSUMMARY:x", "feed.ics:4: event a: it has no start (DTSTART)", NULL},
    {"bad DTSTART", "UID:a\nDTSTART:yesterday\nSUMMARY:x", "feed.ics:4: event a: ", NULL},
    {"bad rule", "UID:a\nDTSTART:20261201T150000Z\nRRULE:FREQ=SOMETIMES\nSUMMARY:x",
     "feed.ics:4: event a: the rule is not valid", "2026-12-01T18:00:00+03:00"},
    {"unknown zone", "UID:a\nDTSTART;TZID=Moon/Base:20261201T150000\nSUMMARY:x", "event a: its time zone is not known",
     "2026-12-01T15:00:00+03:00"},
    {"Olson prefix", "UID:a\nDTSTART;TZID=/freeassociation.sourceforge.net/Asia/Omsk:20261201T150000\nSUMMARY:x",
     "1 added", "2026-12-01T15:00:00+06:00"},
    {"Microsoft's name", "UID:a\nDTSTART;TZID=\"Ekaterinburg Standard Time\":20261201T150000\nSUMMARY:x", "1 added",
     "2026-12-01T15:00:00+05:00"},
    {"an offset as name", "UID:a\nDTSTART;TZID=\"(UTC+07:00) Krasnoyarsk\":20261201T150000\nSUMMARY:x", "1 added",
     "2026-12-01T15:00:00+07:00"},
    {"floating", "UID:a\nDTSTART:20261201T150000\nSUMMARY:x", "1 added", "2026-12-01T15:00:00+05:00"},
    {"ends before it starts", "UID:a\nDTSTART:20261201T150000Z\nDTEND:20261201T140000Z\nSUMMARY:x",
     "it ends before it starts", "2026-12-01T18:00:00+03:00,2026-12-01T18:00:00+03:00"},
    {"duration", "UID:a\nDTSTART:20261201T150000Z\nDURATION:PT90M\nSUMMARY:x", "1 added",
     "2026-12-01T18:00:00+03:00,2026-12-01T19:30:00+03:00"},
    {"all day without an end", "UID:a\nDTSTART;VALUE=DATE:20261201\nSUMMARY:x", "1 added", "2026-12-01,2026-12-02"},
    {"all day that ends on its day", "UID:a\nDTSTART;VALUE=DATE:20261201\nDTEND;VALUE=DATE:20261201\nSUMMARY:x",
     "1 added", "2026-12-01,2026-12-02"},
    {"folded inside a letter", "UID:a\nDTSTART:20261201T150000Z\nSUMMARY:\xD0\n \x96", "1 added",
     "2026-12-01T18:00:00+03:00,2026-12-01T18:00:00+03:00,confirmed,a,Ж,"},
    {"escapes", "UID:a\nDTSTART:20261201T150000Z\nSUMMARY:a\\, b\\; c\\nd \x1B[31m", "1 added",
     "2026-12-01T18:00:00+03:00,2026-12-01T18:00:00+03:00,confirmed,a,\"a, b; c d [31m\","},
    {"quoted-printable",
     "UID:a\nDTSTART:20261201T150000Z\nSUMMARY;ENCODING=QUOTED-PRINTABLE;CHARSET=UTF-8:=D0=96=\n=D1=83=D0=BA",
     "1 added", "2026-12-01T18:00:00+03:00,2026-12-01T18:00:00+03:00,confirmed,a,Жук,"},
    {"an alarm inside",
     "UID:a\nBEGIN:VALARM\nTRIGGER:-PT5M\nDTSTART:20200101T000000Z\nSUMMARY:alarm\nEND:VALARM\nDTSTART:"
     "20261201T150000Z\nSUMMARY:x",
     "1 added", "2026-12-01T18:00:00+03:00,2026-12-01T18:00:00+03:00,confirmed,a,x,"},
    {"cancelled", "UID:a\nDTSTART:20261201T150000Z\nSTATUS:CANCELLED\nSUMMARY:x", "1 added",
     "2026-12-01T18:00:00+03:00,2026-12-01T18:00:00+03:00,cancelled,a,x,"},
    {"seats", "UID:a\nDTSTART:20261201T150000Z\nX-SOSEDI-SEATS:12\nSUMMARY:x", "1 added",
     "2026-12-01T18:00:00+03:00,2026-12-01T18:00:00+03:00,confirmed,a,x,12"},
};

static void test_import_ics__understands_what_calendars_do_wrong(void **state)
{
    struct fixture *f = *state;
    for (size_t i = 0; i < sizeof lenient / sizeof lenient[0]; i++) {
        const struct lenient_case *k = &lenient[i];
        char text[2000];
        snprintf(text, sizeof text, "BEGIN:VCALENDAR\nVERSION:2.0\n%sBEGIN:VEVENT\n%s\nEND:VEVENT\nEND:VCALENDAR\n",
                 strcmp(k->name, "floating") == 0 ? "X-WR-TIMEZONE:Asia/Yekaterinburg\n" : "X-A:b\n", k->event);
        enum err code = import_text(f, text);
        if (strstr(f->told, k->told) == NULL || (code == ERR_NONE) != (k->row != NULL))
            fail_msg("%s: %s (code %d)", k->name, f->told, code);
        char *got = NULL;
        size_t size = 0;
        FILE *out = open_memstream(&got, &size);
        struct events_query q = {.from = {2000, 1, 1}, .to = {2100, 1, 1}, .format = EVENTS_CSV};
        assert_int_equal(events_list(&f->hub, &q, out, stderr, &f->e), ERR_NONE);
        fclose(out);
        if (k->row != NULL && strncmp(got + strlen(HEAD), k->row, strlen(k->row)) != 0)
            fail_msg("%s: got %s, expected %s", k->name, got + strlen(HEAD), k->row);
        free(got);
        assert_int_equal(sql_exec(f->hub.db, "DELETE FROM seat; DELETE FROM occurrence; DELETE FROM record;", &f->e),
                         ERR_NONE);
    }
}

static void test_import_ics__makes_plain_text_of_html(void **state)
{
    struct fixture *f = *state;
    assert_int_equal(
        import_text(f, "BEGIN:VCALENDAR\nBEGIN:VEVENT\nUID:a\nDTSTART:20261201T150000Z\nSUMMARY:1 < 2\n"
                       "DESCRIPTION:<p>Ждём <b>всех</b>&nbsp;&mdash\\; <a href=\"https://e.example/1\">здесь</a>"
                       "<br>&#1078\\;</p><ul><li>чай</li></ul>\nEND:VEVENT\nEND:VCALENDAR\n"),
        ERR_NONE);
    expect_query(f, "SELECT json_extract(d, '$.description') FROM record", 1,
                 "Ждём всех — здесь (https://e.example/1)\nж\n- чай;");
    expect_query(f, "SELECT name FROM record", 1, "1 < 2;");
}

static void test_import_ics__takes_zones_from_the_file_when_their_name_says_nothing(void **state)
{
    struct fixture *f = *state;
    assert_int_equal(import_text(f, "BEGIN:VCALENDAR\nBEGIN:VTIMEZONE\nTZID:Наш "
                                    "пояс\nBEGIN:STANDARD\nDTSTART:16010101T000000\nTZOFFSETFROM:+0430\n"
                                    "TZOFFSETTO:+0430\nEND:STANDARD\nEND:VTIMEZONE\nBEGIN:VEVENT\nUID:a\nDTSTART;TZID="
                                    "Наш пояс:20261201T150000\n"
                                    "RRULE:FREQ=WEEKLY;COUNT=2\nSUMMARY:x\nEND:VEVENT\nBEGIN:VEVENT\nUID:b\nDTSTART;"
                                    "TZID=Наш пояс:20261203T150000\nSUMMARY:y\n"
                                    "END:VEVENT\nEND:VCALENDAR\n"),
                     ERR_NONE);
    expect_events(f, "2026", "2027",
                  HEAD "2026-12-01T13:30:00+03:00,2026-12-01T13:30:00+03:00,confirmed,a,x,\n"
                       "2026-12-03T13:30:00+03:00,2026-12-03T13:30:00+03:00,confirmed,b,y,\n"
                       "2026-12-08T13:30:00+03:00,2026-12-08T13:30:00+03:00,confirmed,a,x,\n");
    expect_query(f, "SELECT uid, ics LIKE '%BEGIN:VTIMEZONE%' FROM record ORDER BY uid", 2, "a|1;b|0;");
}

static void test_import_ics__takes_the_newest_of_the_same(void **state)
{
    struct fixture *f = *state;
    assert_int_equal(
        import_text(
            f, "BEGIN:VCALENDAR\nBEGIN:VEVENT\nUID:a\nSEQUENCE:2\nDTSTART:20261202T150000Z\nSUMMARY:two\nEND:VEVENT\n"
               "BEGIN:VEVENT\nUID:a\nSEQUENCE:1\nDTSTART:20261201T150000Z\nSUMMARY:one\nEND:VEVENT\nEND:VCALENDAR\n"),
        ERR_NONE);
    expect_counts(f, "1 added, 0 updated, 0 unchanged, 0 withdrawn, 0 skipped");
    expect_told(f, "feed.ics:8: event a: stands in the file again at line 2, which counts");
    expect_events(f, "2026", "2027", HEAD "2026-12-02T18:00:00+03:00,2026-12-02T18:00:00+03:00,confirmed,a,two,\n");
}

static void test_import_ics__lays_messages_over_what_it_knows(void **state)
{
    struct fixture *f = *state;
    char path[128];
    static const char feed[] = "BEGIN:VCALENDAR\nBEGIN:VEVENT\nUID:a\nDTSTART:20261201T150000Z\nRRULE:FREQ=WEEKLY;"
                               "COUNT=3\nSUMMARY:x\nEND:VEVENT\n"
                               "BEGIN:VEVENT\nUID:b\nDTSTART:20261201T150000Z\nSUMMARY:y\nEND:VEVENT\nEND:VCALENDAR\n";
    static const char one[] = "BEGIN:VCALENDAR\nMETHOD:CANCEL\nBEGIN:VEVENT\nUID:a\nRECURRENCE-ID:"
                              "20261208T150000Z\nDTSTART:20261208T150000Z\n"
                              "SUMMARY:x\nEND:VEVENT\nEND:VCALENDAR\n";
    static const char all[] = "BEGIN:VCALENDAR\nMETHOD:CANCEL\nBEGIN:VEVENT\nUID:a\nDTSTART:20261201T150000Z\nSUMMARY:"
                              "x\nEND:VEVENT\nEND:VCALENDAR\n";
    assert_int_equal(import_text(f, feed), ERR_NONE);
    snprintf(path, sizeof path, "%s/message.ics", f->dir);
    assert_int_equal(file_write(path, one, strlen(one), 0600, NULL), ERR_NONE);
    assert_int_equal(import_path(f, path, NULL), ERR_NONE);
    expect_counts(f, "0 added, 1 updated, 0 unchanged, 0 withdrawn, 0 skipped");
    expect_query(f, OCCURRENCES, 3,
                 "|2026-12-01 15:00:00|0;20261201T150000Z|2026-12-01 15:00:00|0;20261208T150000Z|2026-12-08 15:00:00|1;"
                 "20261215T150000Z|2026-12-15 15:00:00|0;");
    assert_int_equal(file_write(path, all, strlen(all), 0600, NULL), ERR_NONE);
    assert_int_equal(import_path(f, path, NULL), ERR_NONE);
    expect_query(f, "SELECT sum(cancelled), count(*) FROM occurrence", 2, "3|4;");
    expect_query(f, "SELECT json_extract(d, '$.eventStatus') FROM record ORDER BY uid", 1,
                 "EventCancelled;EventScheduled;");
}

static void test_import_ics__does_not_withdraw_after_a_broken_download(void **state)
{
    struct fixture *f = *state;
    static const char whole[] =
        "BEGIN:VCALENDAR\nBEGIN:VEVENT\nUID:a\nDTSTART:20261201T150000Z\nSUMMARY:x\nEND:VEVENT\n"
        "BEGIN:VEVENT\nUID:b\nDTSTART:20261201T150000Z\nSUMMARY:y\nEND:VEVENT\nEND:VCALENDAR\n";
    static const char spoiled[] =
        "BEGIN:VCALENDAR\nBEGIN:VEVENT\nUID:a\nDTSTART:20261201T150000Z\nSUMMARY:x\nEND:VEVENT\n"
        "BEGIN:VEVENT\nUID:b\nDTSTART:soon\nSUMMARY:y\nEND:VEVENT\nEND:VCALENDAR\n";
    char cut[1000];
    assert_int_equal(import_text(f, whole), ERR_NONE);
    snprintf(cut, sizeof cut, "%.100s", whole);
    assert_int_equal(import_text(f, cut), ERR_NONE);
    expect_told(f, "ends too early");
    assert_int_equal(import_text(f, ""), ERR_NONE);
    assert_int_equal(import_text(f, "<html>Not here</html>"), ERR_INVALID);
    assert_int_equal(import_text(f, spoiled), ERR_NONE);
    expect_counts(f, "0 added, 0 updated, 1 unchanged, 0 withdrawn, 1 skipped");
    expect_query(f, "SELECT uid FROM record WHERE live = 1 ORDER BY uid", 1, "a;b;");
}

static void test_import_ics__keeps_private_events_from_the_kiosks(void **state)
{
    struct fixture *f = *state;
    assert_int_equal(import_text(f, "BEGIN:VCALENDAR\nBEGIN:VEVENT\nUID:a\nCLASS:PRIVATE\nDTSTART:"
                                    "20261201T150000Z\nSUMMARY:x\nEND:VEVENT\nEND:VCALENDAR\n"),
                     ERR_NONE);
    expect_query(f, "SELECT count(*) FROM change", 1, "0;");
    expect_query(f, "SELECT count(*) FROM record WHERE live = 1", 1, "1;");
}

static void test_import_ics__changes_nothing_in_a_dry_run(void **state)
{
    struct fixture *f = *state;
    char path[128];
    static const char text[] =
        "BEGIN:VCALENDAR\nBEGIN:VEVENT\nUID:a\nDTSTART:20261201T150000Z\nSUMMARY:x\nEND:VEVENT\nEND:VCALENDAR\n";
    snprintf(path, sizeof path, "%s/feed.ics", f->dir);
    assert_int_equal(file_write(path, text, strlen(text), 0600, NULL), ERR_NONE);
    char *files[] = {path};
    struct import_order order = {.what = "ics", .files = files, .file_count = 1, .dry = true, .out = stdout};
    assert_int_equal(import_run(&f->hub, &order, &f->e), ERR_NONE);
    expect_query(f, "SELECT count(*) FROM record", 1, "0;");
    expect_query(f, "SELECT count(*) FROM source", 1, "0;");
}

/* ---- a rule made to waste time */

static void test_import_ics__lets_no_event_hold_up_the_others(void **state)
{
    struct fixture *f = *state;
    assert_int_equal(
        import_text(f, "BEGIN:VCALENDAR\nBEGIN:VEVENT\nUID:a\nDTSTART:20000101T000000Z\n"
                       "RRULE:FREQ=SECONDLY;BYMONTH=2;BYMONTHDAY=30\nSUMMARY:x\nEND:VEVENT\n"
                       "BEGIN:VEVENT\nUID:b\nDTSTART:20261201T150000Z\nSUMMARY:y\nEND:VEVENT\nEND:VCALENDAR\n"),
        ERR_NONE);
    expect_counts(f, "2 added, 0 updated, 0 unchanged, 0 withdrawn, 0 skipped");
}

/* ---- whole folders of other projects: nothing may crash, hang, or take a second import for a change */

static const struct {
    const char *name;
    bool twice;
} folders[] = {
    {"russian", true},
    {"ical4j-valid", true},
    {"node-ical", true},
    {"ical4j-invalid", false},
    {"ical4j-outlook-etc", false},
    {"libical-test-data", false},
    {"libical-fuzz", false},
    {"collective-icalendar", false},
    {"collective-icalendar-fuzz", false},
    {"kcalendarcore-compat", false},
    {"vobject", false},
    {"icaljs", false},
    {"evolution", false},
    {"calcurse", false},
    {"data-ical-perl", false},
    {"golang-ical", false},
    {"ical-parser-perl", false},
};

static int import_folder(struct fixture *f, const char *folder, bool twice)
{
    const char *data = getenv("SOSEDI_DATA") != NULL ? getenv("SOSEDI_DATA") : "../shared/data";
    char path[4096];
    struct dirent **names;
    snprintf(path, sizeof path, "%s/ics/%s", data, folder);
    int count = scandir(path, &names, NULL, alphasort), done = 0;
    for (int i = 0; i < count; i++) {
        char file[4400];
        struct stat s;
        snprintf(file, sizeof file, "%s/%s", path, names[i]->d_name);
        if (stat(file, &s) == 0 && S_ISREG(s.st_mode)) {
            enum err first = import_path(f, file, NULL);
            if (first != ERR_NONE && first != ERR_INVALID)
                fail_msg("%s: %s", file, f->e.text);
            enum err second = twice ? import_path(f, file, NULL) : first;
            if (second != first || (twice && first == ERR_NONE && strstr(f->told, ": 0 added, 0 updated") == NULL))
                fail_msg("%s a second time: %s", file, f->told);
            done++;
        }
        free(names[i]);
    }
    if (count >= 0)
        free(names);
    return done;
}

static void test_import_ics__survives_the_calendars_of_other_projects(void **state)
{
    struct fixture *f = *state;
    int done = 0;
    for (size_t i = 0; i < sizeof folders / sizeof folders[0]; i++)
        done += import_folder(f, folders[i].name, folders[i].twice);
    if (done == 0)
        skip();
    expect_query(f, "SELECT count(*) > 400 FROM record WHERE live = 1", 1, "1;");
    expect_query(f, "SELECT count(*) FROM change WHERE length(CAST(line AS BLOB)) > 65536", 1, "0;");
}

#define CASE(name) cmocka_unit_test_setup_teardown(test_import_ics__##name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        CASE(lands_updates_and_withdraws),
        CASE(keeps_the_id_of_an_occurrence_that_moves_within_its_day),
        CASE(says_when_a_moved_one_would_have_been),
        CASE(cancels_what_people_signed_up_for_instead_of_forgetting_it),
        CASE(publishes_the_window_and_rolls_on),
        CASE(keeps_items_small),
        CASE(understands_what_calendars_do_wrong),
        CASE(makes_plain_text_of_html),
        CASE(takes_zones_from_the_file_when_their_name_says_nothing),
        CASE(takes_the_newest_of_the_same),
        CASE(lays_messages_over_what_it_knows),
        CASE(does_not_withdraw_after_a_broken_download),
        CASE(keeps_private_events_from_the_kiosks),
        CASE(changes_nothing_in_a_dry_run),
        CASE(lets_no_event_hold_up_the_others),
        CASE(survives_the_calendars_of_other_projects),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
