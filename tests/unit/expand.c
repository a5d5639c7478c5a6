/* Recurrence: own cases for what the product promises, and the vectors of other projects. */
#include "sync/hub/events/calendar.h"

#include <dirent.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "kiosk/base/date.h"
#include "kiosk/base/file.h"
#include "kiosk/ticket/crypto.h"
#include "sync/hub/events/ical_write.h"
#include "sync/hub/events/ical_zone.h"

static int set_up(void **state)
{
    assert_int_equal(crypto_init(NULL), ERR_NONE);
    *state = calendar_new();
    return 0;
}

static int tear_down(void **state)
{
    calendar_free(*state);
    return 0;
}

/* Reads every event of a file as the import does and gives one stored calendar; UIDs are not told apart. */
static void normalise(struct calendar *c, const char *bytes, const char *zone, struct buf *out)
{
    struct ical_file f;
    ical_split(&f, bytes, strlen(bytes));
    ical_write_begin(out);
    for (int i = 0; i < f.zone_count; i++)
        ical_write_block(out, f.zones[i].text);
    for (int i = 0; i < f.event_count; i++) {
        struct json *j = NULL;
        struct error e;
        if (calendar_read(c, &f, i, zone, CALENDAR_PLAIN, &j, &e) != ERR_NONE)
            continue;
        buf_add_str(out, json_str(j, "vevent", ""));
        json_free(j);
    }
    ical_write_end(out);
    ical_split_done(&f);
}

static int64_t instant(const char *text)
{
    int64_t t = 0;
    assert_true(instant_parse(text, &t));
    return t;
}

static void local_text(const struct zone *z, const struct calendar_time *t, char out[40])
{
    if (t->is_date)
        date_format(zone_local(z, t->start).date, out);
    else
        instant_format_local(t->start, z, out);
    out[t->is_date ? 10 : 16] = '\0';
    if (t->cancelled)
        strcat(out, " x");
    if (t->title != NULL) {
        strcat(out, " ");
        strncat(out, t->title, 16);
    }
}

struct expand_case {
    const char *name;
    const char *event; /* between BEGIN:VEVENT and END:VEVENT; "|" ends a line, "||" one event */
    const char *from, *to;
    const char *expected; /* local starts, separated by ", " */
};

static const struct expand_case cases[] = {
    {"single", "DTSTART;TZID=Europe/Moscow:20261201T180000|DTEND;TZID=Europe/Moscow:20261201T200000",
     "2026-01-01T00:00:00Z", "2027-01-01T00:00:00Z", "2026-12-01T18:00"},
    {"single out of range", "DTSTART;TZID=Europe/Moscow:20261201T180000", "2027-01-01T00:00:00Z",
     "2028-01-01T00:00:00Z", ""},
    {"running at the beginning of the range", "DTSTART:20261231T200000Z|DTEND:20270101T020000Z", "2027-01-01T00:00:00Z",
     "2027-01-02T00:00:00Z", "2026-12-31T23:00"},
    {"ended when the range begins", "DTSTART:20261231T200000Z|DTEND:20270101T000000Z", "2027-01-01T00:00:00Z",
     "2027-01-02T00:00:00Z", ""},
    {"weekly with count", "DTSTART;TZID=Europe/Moscow:20261201T180000|RRULE:FREQ=WEEKLY;COUNT=3",
     "2026-01-01T00:00:00Z", "2028-01-01T00:00:00Z", "2026-12-01T18:00, 2026-12-08T18:00, 2026-12-15T18:00"},
    {"twenty years later", "DTSTART;TZID=Europe/Moscow:20050103T180000|RRULE:FREQ=WEEKLY;BYDAY=MO,TH",
     "2025-01-01T00:00:00Z", "2025-01-10T00:00:00Z", "2025-01-02T18:00, 2025-01-06T18:00, 2025-01-09T18:00"},
    {"exdate",
     "DTSTART;TZID=Europe/Moscow:20261201T180000|RRULE:FREQ=DAILY;COUNT=4|EXDATE;TZID=Europe/Moscow:20261202T180000",
     "2026-01-01T00:00:00Z", "2028-01-01T00:00:00Z", "2026-12-01T18:00, 2026-12-03T18:00, 2026-12-04T18:00"},
    {"exdate in UTC", "DTSTART;TZID=Europe/Moscow:20261201T180000|RRULE:FREQ=DAILY;COUNT=3|EXDATE:20261202T150000Z",
     "2026-01-01T00:00:00Z", "2028-01-01T00:00:00Z", "2026-12-01T18:00, 2026-12-03T18:00"},
    {"exdate with a date",
     "DTSTART;TZID=Europe/Moscow:20261201T180000|RRULE:FREQ=DAILY;COUNT=3|EXDATE;VALUE=DATE:20261202",
     "2026-01-01T00:00:00Z", "2028-01-01T00:00:00Z", "2026-12-01T18:00, 2026-12-03T18:00"},
    {"exdate takes the first",
     "DTSTART;TZID=Europe/Moscow:20261201T180000|RRULE:FREQ=DAILY;COUNT=2|EXDATE:20261201T150000Z",
     "2026-01-01T00:00:00Z", "2028-01-01T00:00:00Z", "2026-12-02T18:00"},
    {"rdate", "DTSTART;TZID=Europe/Moscow:20261201T180000|RDATE;TZID=Europe/Moscow:20261220T120000,20261224T120000",
     "2026-01-01T00:00:00Z", "2028-01-01T00:00:00Z", "2026-12-01T18:00, 2026-12-20T12:00, 2026-12-24T12:00"},
    {"rdate twice is once", "DTSTART:20261201T180000Z|RDATE:20261201T180000Z,20261202T180000Z", "2026-01-01T00:00:00Z",
     "2028-01-01T00:00:00Z", "2026-12-01T21:00, 2026-12-02T21:00"},
    {"rdate period", "DTSTART:20261201T180000Z|RDATE;VALUE=PERIOD:20261210T100000Z/PT2H", "2026-12-10T11:30:00Z",
     "2026-12-10T11:40:00Z", "2026-12-10T13:00"},
    {"exrule", "DTSTART:20261201T090000Z|RRULE:FREQ=DAILY;COUNT=6|EXRULE:FREQ=DAILY;INTERVAL=2", "2026-01-01T00:00:00Z",
     "2028-01-01T00:00:00Z", "2026-12-02T12:00, 2026-12-04T12:00, 2026-12-06T12:00"},
    {"moved",
     "DTSTART;TZID=Europe/Moscow:20261201T180000|RRULE:FREQ=WEEKLY;COUNT=3||RECURRENCE-ID;TZID=Europe/"
     "Moscow:20261208T180000|"
     "DTSTART;TZID=Europe/Moscow:20261209T190000|SUMMARY:Moved",
     "2026-01-01T00:00:00Z", "2028-01-01T00:00:00Z", "2026-12-01T18:00, 2026-12-09T19:00 Moved, 2026-12-15T18:00"},
    {"moved into the range",
     "DTSTART:20261201T180000Z|RRULE:FREQ=WEEKLY;COUNT=3||RECURRENCE-ID:20261208T180000Z|DTSTART:20270105T180000Z",
     "2027-01-01T00:00:00Z", "2028-01-01T00:00:00Z", "2027-01-05T21:00"},
    {"moved out of the range",
     "DTSTART:20261201T180000Z|RRULE:FREQ=WEEKLY;COUNT=3||RECURRENCE-ID:20261208T180000Z|DTSTART:20270105T180000Z",
     "2026-12-01T00:00:00Z", "2026-12-31T00:00:00Z", "2026-12-01T21:00, 2026-12-15T21:00"},
    {"cancelled",
     "DTSTART:20261201T180000Z|RRULE:FREQ=WEEKLY;COUNT=2||RECURRENCE-ID:20261208T180000Z|DTSTART:20261208T180000Z|"
     "STATUS:CANCELLED",
     "2026-01-01T00:00:00Z", "2028-01-01T00:00:00Z", "2026-12-01T21:00, 2026-12-08T21:00 x"},
    {"all cancelled", "DTSTART:20261201T180000Z|RRULE:FREQ=WEEKLY;COUNT=2|STATUS:CANCELLED", "2026-01-01T00:00:00Z",
     "2028-01-01T00:00:00Z", "2026-12-01T21:00 x, 2026-12-08T21:00 x"},
    {"this and future",
     "DTSTART:20261201T180000Z|RRULE:FREQ=WEEKLY;COUNT=4||RECURRENCE-ID;RANGE=THISANDFUTURE:20261215T180000Z|DTSTART:"
     "20261215T190000Z",
     "2026-01-01T00:00:00Z", "2028-01-01T00:00:00Z",
     "2026-12-01T21:00, 2026-12-08T21:00, 2026-12-15T22:00, 2026-12-22T22:00"},
    {"an override the rule does not know",
     "DTSTART:20261201T180000Z|RRULE:FREQ=WEEKLY;COUNT=1||RECURRENCE-ID:20261203T180000Z|"
     "DTSTART:20261203T200000Z",
     "2026-01-01T00:00:00Z", "2028-01-01T00:00:00Z", "2026-12-01T21:00, 2026-12-03T23:00"},
    {"an override alone", "RECURRENCE-ID:20261203T180000Z|DTSTART:20261203T200000Z", "2026-01-01T00:00:00Z",
     "2028-01-01T00:00:00Z", "2026-12-03T23:00"},
    {"all day", "DTSTART;VALUE=DATE:20261201", "2026-01-01T00:00:00Z", "2028-01-01T00:00:00Z", "2026-12-01"},
    {"all day, weekly", "DTSTART;VALUE=DATE:20261201|DTEND;VALUE=DATE:20261203|RRULE:FREQ=WEEKLY;UNTIL=20261215",
     "2026-01-01T00:00:00Z", "2028-01-01T00:00:00Z", "2026-12-01, 2026-12-08, 2026-12-15"},
    {"all day, second day reaches into the range", "DTSTART;VALUE=DATE:20261201|DTEND;VALUE=DATE:20261203",
     "2026-12-02T10:00:00Z", "2026-12-02T11:00:00Z", "2026-12-01"},
    {"all day with an override in time",
     "DTSTART;VALUE=DATE:20261201|RRULE:FREQ=DAILY;COUNT=2||"
     "RECURRENCE-ID;VALUE=DATE:20261202|DTSTART;TZID=Europe/Moscow:20261202T100000",
     "2026-01-01T00:00:00Z", "2028-01-01T00:00:00Z", "2026-12-01, 2026-12-02T10:00"},
    {"until in UTC includes its moment",
     "DTSTART;TZID=Europe/Moscow:20261201T180000|RRULE:FREQ=DAILY;UNTIL=20261203T150000Z", "2026-01-01T00:00:00Z",
     "2028-01-01T00:00:00Z", "2026-12-01T18:00, 2026-12-02T18:00, 2026-12-03T18:00"},
    {"until a second earlier", "DTSTART;TZID=Europe/Moscow:20261201T180000|RRULE:FREQ=DAILY;UNTIL=20261203T145959Z",
     "2026-01-01T00:00:00Z", "2028-01-01T00:00:00Z", "2026-12-01T18:00, 2026-12-02T18:00"},
    {"until with a date includes the day", "DTSTART;TZID=Europe/Moscow:20261201T180000|RRULE:FREQ=DAILY;UNTIL=20261203",
     "2026-01-01T00:00:00Z", "2028-01-01T00:00:00Z", "2026-12-01T18:00, 2026-12-02T18:00, 2026-12-03T18:00"},
    {"last day of the month", "DTSTART:20260131T090000Z|RRULE:FREQ=MONTHLY;BYMONTHDAY=-1;COUNT=3",
     "2026-01-01T00:00:00Z", "2028-01-01T00:00:00Z", "2026-01-31T12:00, 2026-02-28T12:00, 2026-03-31T12:00"},
    {"second Saturday", "DTSTART:20260110T090000Z|RRULE:FREQ=MONTHLY;BYDAY=2SA;COUNT=3", "2026-01-01T00:00:00Z",
     "2028-01-01T00:00:00Z", "2026-01-10T12:00, 2026-02-14T12:00, 2026-03-14T12:00"},
    {"29 February", "DTSTART;VALUE=DATE:20240229|RRULE:FREQ=YEARLY;COUNT=3", "2024-01-01T00:00:00Z",
     "2040-01-01T00:00:00Z", "2024-02-29, 2028-02-29, 2032-02-29"},
    {"last working day", "DTSTART:20260130T090000Z|RRULE:FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1;COUNT=3",
     "2026-01-01T00:00:00Z", "2028-01-01T00:00:00Z", "2026-01-30T12:00, 2026-02-27T12:00, 2026-03-31T12:00"},
    {"the clock stays when the country changes its own",
     "DTSTART;TZID=Europe/Moscow:20141020T180000|RRULE:FREQ=WEEKLY;COUNT=2", "2014-01-01T00:00:00Z",
     "2015-01-01T00:00:00Z", "2014-10-20T18:00, 2014-10-27T18:00"},
    {"a start the rule does not give counts",
     "DTSTART:20261202T090000Z|RRULE:FREQ=WEEKLY;BYDAY=TU;UNTIL=20261216T000000Z", "2026-01-01T00:00:00Z",
     "2028-01-01T00:00:00Z", "2026-12-02T12:00, 2026-12-08T12:00, 2026-12-15T12:00"},
    {"every minute, far from its start", "DTSTART:20000101T000000Z|RRULE:FREQ=MINUTELY;INTERVAL=20",
     "2026-12-01T10:00:00Z", "2026-12-01T10:30:00Z", "2026-12-01T13:00, 2026-12-01T13:20"},
    {"a name of Microsoft's", "DTSTART;TZID=Russian Standard Time:20261201T180000", "2026-01-01T00:00:00Z",
     "2028-01-01T00:00:00Z", "2026-12-01T18:00"},
    {"floating is the hub's", "DTSTART:20261201T180000", "2026-01-01T00:00:00Z", "2028-01-01T00:00:00Z",
     "2026-12-01T18:00"},
};

static void make_calendar(struct buf *out, const char *event)
{
    buf_add_str(out, "BEGIN:VCALENDAR\nVERSION:2.0\nBEGIN:VEVENT\nUID:x\n");
    for (const char *p = event; *p != '\0'; p++) {
        if (p[0] == '|' && p[1] == '|') {
            buf_add_str(out, "\nEND:VEVENT\nBEGIN:VEVENT\nUID:x\n");
            p++;
        } else {
            buf_add_char(out, *p == '|' ? '\n' : *p);
        }
    }
    buf_add_str(out, "\nEND:VEVENT\nEND:VCALENDAR\n");
}

static void test_expand__gives_the_occurrences_in_a_range(void **state)
{
    struct zone *z = zone_new("Europe/Moscow");
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        const struct expand_case *k = &cases[i];
        struct calendar_range range = {
            .zone = "Europe/Moscow", .from = instant(k->from), .to = instant(k->to), .max = 1000};
        struct calendar_times t;
        struct buf raw, ics, got;
        struct error e;
        buf_init(&raw, 65536);
        buf_init(&ics, 65536);
        buf_init(&got, 65536);
        make_calendar(&raw, k->event);
        normalise(*state, raw.data, "Europe/Moscow", &ics);
        if (calendar_expand(*state, ics.data, &range, &t, &e) != ERR_NONE)
            fail_msg("%s: %s", k->name, e.text);
        for (int n = 0; n < t.count; n++) {
            char text[64];
            local_text(z, &t.list[n], text);
            buf_addf(&got, "%s%s", n == 0 ? "" : ", ", text);
        }
        if (strcmp(got.data, k->expected) != 0)
            fail_msg("%s:\n got      %s\n expected %s", k->name, got.data, k->expected);
        calendar_times_done(&t);
        buf_done(&raw);
        buf_done(&ics);
        buf_done(&got);
    }
    zone_free(z);
}

/* ---- vectors of KDE's calendar library: NAME.ics with NAME.ics.next.ref, "YYYY-MM-DDTHH:MM:SS zone" a line, at most
 * 500 */

static const char *data_dir(void) { return getenv("SOSEDI_DATA") != NULL ? getenv("SOSEDI_DATA") : "../shared/data"; }

/* The zone of the first DTSTART of an event, which the vectors are told in. */
static struct zone *zone_of(const char *ics)
{
    char tzid[128] = "UTC", name[ICAL_IANA_NAME];
    const char *ev = strstr(ics, "BEGIN:VEVENT"), *start = ev == NULL ? NULL : strstr(ev, "\nDTSTART");
    if (start != NULL && sscanf(start, "\nDTSTART;TZID=%127[^:;\r\n]", tzid) == 1 && ical_zone_iana(tzid, name))
        return zone_new(name);
    return zone_new(start != NULL && start[1 + strcspn(start + 1, "\r\n") - 1] == 'Z' ? "UTC" : "Europe/Moscow");
}

/* Compares; false with the first difference in `why`. */
static bool vector_agrees(struct calendar *c, const char *ics, const char *ref, char why[400])
{
    struct calendar_range range = {.zone = "Europe/Moscow",
                                   .from = instant("1950-01-01T00:00:00Z"),
                                   .to = instant("2199-12-30T00:00:00Z"),
                                   .max = 600};
    struct calendar_times t;
    struct buf stored;
    struct error e;
    struct zone *z = zone_of(ics);
    buf_init(&stored, 1024 * 1024);
    normalise(c, ics, "Europe/Moscow", &stored);
    bool good = calendar_expand(c, stored.data, &range, &t, &e) == ERR_NONE;
    snprintf(why, 400, "%s", good ? "" : e.text);
    int n = 0;
    const char *line = ref;
    for (; good && *line != '\0' && strncmp(line, "2199", 4) < 0; n++) { /* dates here end there */
        char have[40] = "(none)";
        size_t length = strcspn(line, "\r\n"), text = strcspn(line, " \r\n");
        if (n < t.count)
            instant_format_local(t.list[n].start, t.list[n].is_date ? NULL : z, have);
        if (n < t.count && t.list[n].is_date) {
            struct zone *home = zone_new("Europe/Moscow");
            date_format(zone_local(home, t.list[n].start).date, have);
            strcat(have, "T00:00:00");
            zone_free(home);
        }
        have[19] = '\0';
        good = strncmp(have, line, text) == 0;
        if (!good)
            snprintf(why, 400, "row %d: %s, expected %.*s", n + 1, have, (int)length, line);
        line += length;
        line += strspn(line, "\r\n");
    }
    if (good && *line == '\0' && n < 500 && n != t.count) {
        good = false;
        snprintf(why, 400, "%d rows, expected %d", t.count, n);
    }
    calendar_times_done(&t);
    buf_done(&stored);
    zone_free(z);
    return good;
}

static int run_vectors(struct calendar *c, const char *folder, int *run)
{
    char path[4096];
    int differ = 0;
    snprintf(path, sizeof path, "%s/rrule/%s", data_dir(), folder);
    struct dirent **names;
    int count = scandir(path, &names, NULL, alphasort);
    for (int i = 0; i < count; i++) {
        char file[4400], why[400];
        struct buf ics, ref;
        size_t n = strlen(names[i]->d_name);
        buf_init(&ics, 1024 * 1024);
        buf_init(&ref, 1024 * 1024);
        snprintf(file, sizeof file, "%s/%s.next.ref", path, names[i]->d_name);
        bool wanted = n > 4 && strcmp(names[i]->d_name + n - 4, ".ics") == 0 && file_read(file, &ref, NULL) == ERR_NONE;
        snprintf(file, sizeof file, "%s/%s", path, names[i]->d_name);
        if (wanted && file_read(file, &ics, NULL) == ERR_NONE) {
            ++*run;
            if (!vector_agrees(c, ics.data, ref.data, why)) {
                differ++;
                printf("%s: %s\n", names[i]->d_name, why);
            }
        }
        buf_done(&ics);
        buf_done(&ref);
        free(names[i]);
    }
    if (count >= 0)
        free(names);
    return differ;
}

static void test_expand__agrees_with_the_vectors_of_kcalendarcore(void **state)
{
    static const char *const folders[] = {"kcalendarcore-LibICal", "kcalendarcore-RFC2445",
                                          "kcalendarcore-ConnectDaily"};
    int run = 0, differ = 0;
    for (int i = 0; i < 3; i++)
        differ += run_vectors(*state, folders[i], &run);
    if (run == 0)
        skip();
    printf("%d vectors, %d differ\n", run, differ);
    assert_int_equal(differ, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_expand__gives_the_occurrences_in_a_range, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_expand__agrees_with_the_vectors_of_kcalendarcore, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
