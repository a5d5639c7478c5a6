/* Events of tables: their times become a VCALENDAR and go the same way as those of calendar files. */
#include "sync/hub/import/import_csv.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "kiosk/base/date.h"
#include "sync/hub/events/ical_write.h"
#include "sync/hub/events/ical_zone.h"

enum {
    EVENT_SEATS_MAX = 10000,
    EVENT_FIELDS_MAX = 12,
    EVENT_OPTIONS_MAX = 20,
    EVENT_DAY = 86400,
    EVENT_ICS = 256 * 1024
};

/* ---- times */

static struct ical_time event_time(struct date date, int minutes, bool has_time, const char *zone)
{
    struct ical_time t = {.date = date, .is_date = !has_time};
    if (has_time) {
        t.hour = minutes / 60;
        t.minute = minutes % 60;
        snprintf(t.zone, sizeof t.zone, "%s", zone);
    }
    return t;
}

static void event_shift(struct ical_time *t, int64_t seconds)
{
    char zone[ICAL_ZONE_NAME];
    snprintf(zone, sizeof zone, "%s", t->zone);
    *t = ical_civil_time(ical_civil_seconds(t) + seconds, t->is_date, zone);
}

static enum err event_read_start(struct csv_import *c, struct ical_event *ev, const char *zone, struct error *e)
{
    struct date date;
    int minutes;
    bool has_time;
    const char *start = csv_cell(c, "start"), *clock = csv_cell(c, "time");
    if (!csv_parse_when(c, start, &date, &minutes, &has_time))
        return error_set(e, ERR_INVALID, "start: \"%.60s\" is not a date", start);
    if (!has_time && *clock != '\0') {
        has_time = csv_parse_clock(clock, &minutes);
        if (!has_time)
            return error_set(e, ERR_INVALID, "time: \"%.60s\" is not a time", clock);
    }
    ev->has_start = true;
    ev->start = event_time(date, minutes, has_time, zone);
    return ERR_NONE;
}

/* Empty, a time of the same day (or the next when it is not later), or a date, of all-day events the last day. */
static enum err event_read_end(struct csv_import *c, struct ical_event *ev, const char *zone, struct error *e)
{
    const char *end = csv_cell(c, "end");
    bool all_day = ev->start.is_date, has_time = true;
    struct date date;
    int minutes;
    ev->has_end = true;
    ev->end = ev->start;
    if (*end == '\0') {
        event_shift(&ev->end, all_day ? EVENT_DAY : 3600);
    } else if (!all_day && csv_parse_clock(end, &minutes)) {
        ev->end = event_time(ev->start.date, minutes, true, zone);
        if (ical_civil_seconds(&ev->end) <= ical_civil_seconds(&ev->start))
            event_shift(&ev->end, EVENT_DAY);
    } else if (csv_parse_when(c, end, &date, &minutes, &has_time) && has_time == !all_day) {
        ev->end = event_time(date, minutes, has_time, zone);
        if (all_day)
            event_shift(&ev->end, EVENT_DAY);
    } else {
        return error_set(e, ERR_INVALID, "end: \"%.60s\" does not fit the start", end);
    }
    if (ical_civil_seconds(&ev->end) < ical_civil_seconds(&ev->start))
        return error_set(e, ERR_INVALID, "end: \"%.60s\" lies before the start", end);
    return ERR_NONE;
}

static void event_read_exdates(struct csv_import *c, struct ical_event *ev)
{
    char *list = mem_dup_str(csv_cell(c, "exdates")), *next = list;
    for (char *one; (one = strsep(&next, " ,;\n")) != NULL;) {
        struct date date;
        int minutes;
        bool has_time;
        if (*one == '\0' || ev->exdate_count == ICAL_DATES)
            continue;
        if (!csv_parse_when(c, one, &date, &minutes, &has_time)) {
            import_tell(c->im, c->csv.line, "exdates: \"%.40s\" is not a date and left out", one);
            continue;
        }
        ev->exdates = mem_resize(ev->exdates, (size_t)ev->exdate_count + 1, sizeof *ev->exdates);
        ev->exdates[ev->exdate_count++] = event_time(date, 0, false, "");
    }
    free(list);
}

/* The day of a cell; false: it is empty, or says none (and that is told). */
static bool event_read_day(struct csv_import *c, const char *column, struct date *out)
{
    const char *cell = csv_cell(c, column);
    int minutes;
    bool has_time;
    if (*cell == '\0')
        return false;
    if (csv_parse_when(c, cell, out, &minutes, &has_time))
        return true;
    import_tell(c->im, c->csv.line, "%s: \"%.40s\" is not a date and left out", column, cell);
    return false;
}

static void event_read_rule(struct csv_import *c, struct ical_event *ev)
{
    const char *rule = csv_cell(c, "rrule");
    char text[512];
    rule += strncasecmp(rule, "RRULE:", 6) == 0 ? 6 : 0;
    text_sanitize(text, sizeof text, rule, strlen(rule), TEXT_LINE);
    for (char *p = text; *p != '\0'; p++)
        *p = (char)toupper((unsigned char)*p);
    size_t n = strlen(text);
    struct date until;
    if (*text == '\0')
        return;
    if (event_read_day(c, "until", &until) && strstr(text, "UNTIL=") == NULL && strstr(text, "COUNT=") == NULL)
        snprintf(text + n, sizeof text - n, ";UNTIL=%04d%02d%02d%s", until.year % 10000, until.month % 100, until.day % 100,
                 ev->start.is_date ? "" : "T235959Z");
    ev->rules[ev->rule_count++] = mem_dup_str(text);
}

/* When it would have begun before it was moved: of a single event only, a series says it of each of its times. */
static void event_put_moved(struct csv_import *c, const struct ical_event *ev, const char *zone, struct json *d)
{
    struct date date;
    int minutes;
    bool has_time;
    char text[26];
    if (ev->rule_count > 0 || !event_read_day(c, "moved_from", &date))
        return;
    csv_parse_when(c, csv_cell(c, "moved_from"), &date, &minutes, &has_time);
    if (has_time == ev->start.is_date)
        return;
    date_format(date, text);
    if (has_time) {
        struct zone *z = zone_new(zone);
        instant_format_local(zone_instant(z, date, minutes / 60, minutes % 60, 0), z, text);
        zone_free(z);
    }
    json_put_str(d, "previousStartDate", text);
}

static void event_read_zone(struct csv_import *c, char out[ICAL_IANA_NAME])
{
    const char *name = csv_cell(c, "timezone");
    if (*name != '\0' && ical_zone_iana(name, out))
        return;
    if (*name != '\0')
        import_tell(c->im, c->csv.line, "timezone: \"%.60s\" is not known; the hub's is taken", name);
    snprintf(out, ICAL_IANA_NAME, "%.63s", c->im->records.zone);
}

static enum err event_read_times(struct csv_import *c, struct ical_event *ev, const char *zone, struct error *e)
{
    enum err code = event_read_start(c, ev, zone, e);
    if (code == ERR_NONE)
        code = event_read_end(c, ev, zone, e);
    event_read_exdates(c, ev);
    event_read_rule(c, ev);
    return code;
}

/* ---- members */

static void event_put_place(struct json *d, const struct content_ref *ref, const char *text, const char *city)
{
    if (*text != '\0') {
        struct json *place = json_new_object();
        if (*ref->id != '\0')
            json_put_str(place, "id", ref->id);
        content_put(place, "name", ref->d != NULL ? json_str(ref->d, "name", text) : text, CONTENT_NAME, TEXT_LINE);
        json_put_str(place, "address", json_str(ref->d, "address", NULL));
        json_put(d, "location", place);
    }
    const char *found = json_str(ref->d, "addressLocality", *city != '\0' ? city : NULL);
    if (found != NULL && json_get(d, "addressLocality") == NULL)
        content_put(d, "addressLocality", found, CONTENT_NAME, TEXT_LINE);
}

static bool event_put_seats(struct csv_import *c, struct json *d)
{
    const char *seats = csv_cell(c, "seats");
    char *end;
    long n = strtol(seats, &end, 10);
    end += strspn(end, " ");
    if (*seats == '\0')
        return true;
    if (*end != '\0' || end == seats || n < 0 || n > EVENT_SEATS_MAX)
        return false;
    json_put_int(d, "maximumAttendeeCapacity", n);
    return true;
}

static void event_put_choices(struct csv_import *c, struct json *d)
{
    static const char *const status[] = {"confirmed",      "EventScheduled", "cancelled",
                                         "EventCancelled", "canceled",       "EventCancelled",
                                         "отменено",       "EventCancelled", "postponed",
                                         "EventPostponed", "перенесено",     "EventPostponed",
                                         "tentative",      "EventScheduled", "eventscheduled",
                                         "EventScheduled", "eventcancelled", "EventCancelled",
                                         "eventpostponed", "EventPostponed", NULL};
    static const char *const registration[] = {"open", "open", "yes",  "open", "да",   "open", "none",
                                               "none", "no",   "none", "нет",  "none", NULL};
    csv_put_said(c, d, &(struct csv_said){"status", "eventStatus", status, "EventScheduled"});
    csv_put_online(c, d);
    csv_put_said(c, d, &(struct csv_said){"registration", "registration", registration, c->im->registration});
    csv_put_accessible(c, d);
}

/* ---- the organiser's questions */

/* "label|type|required|first/second": NULL when there is no such type or a choice has no options. */
static struct json *event_field(char *text, int number)
{
    static const char *const types[] = {"text", "choice", "number", "yesno", NULL};
    const char *label = strsep(&text, "|"), *type = strsep(&text, "|"), *required = strsep(&text, "|");
    char id[24];
    int t = 0;
    type = type == NULL || *type == '\0' ? "text" : type + strspn(type, " ");
    while (types[t] != NULL && strncasecmp(types[t], type, strlen(types[t])) != 0)
        t++;
    if (types[t] == NULL || *label == '\0' || (t == 1 && text == NULL))
        return NULL;
    struct json *f = json_new_object(), *options = json_new_array();
    snprintf(id, sizeof id, "q%d", number);
    json_put_str(f, "id", id);
    json_put_str(f, "type", types[t]);
    content_put(f, "label", label, CONTENT_NAME, TEXT_LINE);
    json_put_bool(f, "required",
                  required != NULL && (csv_parse_yes(required) == 1 || strncasecmp(required, "required", 8) == 0));
    for (char *one; t == 1 && (one = strsep(&text, "/|")) != NULL && json_count(options) < EVENT_OPTIONS_MAX;) {
        char clean[CONTENT_NAME + 1];
        if (text_sanitize(clean, sizeof clean, one, strlen(one), TEXT_LINE) > 0)
            json_put_str(options, NULL, clean);
    }
    if (t == 1 && json_count(options) > 0)
        json_put(f, "options", options);
    else
        json_free(options);
    return f;
}

static struct json *event_fields(struct csv_import *c)
{
    struct json *fields = json_new_array();
    char *list = mem_dup_str(csv_cell(c, "questions")), *next = list;
    while (next != NULL && *next != '\0') {
        char *one = next, *mark = strstr(next, ";;");
        next = mark == NULL ? NULL : mark + 2;
        if (mark != NULL)
            *mark = '\0';
        one += strspn(one, " \n");
        if (*one == '\0')
            continue;
        struct json *f = json_count(fields) < EVENT_FIELDS_MAX ? event_field(one, (int)json_count(fields) + 1) : NULL;
        if (f != NULL)
            json_put(fields, NULL, f);
        else
            import_tell(c->im, c->csv.line, "questions: \"%.60s\" is not understood and left out", one);
    }
    free(list);
    return fields;
}

/* The version rises when the questions change: a sign-up says which ones its person was asked. */
static enum err event_put_form(struct csv_import *c, const char *uid, struct json *d, struct error *e)
{
    struct json *fields = event_fields(c);
    if (json_count(fields) == 0) {
        json_free(fields);
        return ERR_NONE;
    }
    struct content_ref old;
    struct record_in in = {.source_name = c->im->source_name, .kind = "event", .uid = uid};
    char id[64], name[16];
    record_id(&in, id);
    enum err code = content_find(&c->im->records, "event", c->im->source, uid, &old, e);
    const struct json *before = strcmp(old.id, id) == 0 ? json_get(old.d, "form") : NULL;
    struct buf now, then;
    buf_init(&now, EVENT_ICS);
    buf_init(&then, EVENT_ICS);
    json_write(fields, &now);
    if (json_get(before, "fields") != NULL)
        json_write(json_get(before, "fields"), &then);
    int64_t version = json_int(before, "version", 0);
    struct json *form = json_new_object();
    snprintf(name, sizeof name, "e%.8s", id);
    json_put_str(form, "id", name);
    json_put_int(form, "version", strcmp(now.data, then.data) == 0 ? version : version + 1);
    json_put(form, "fields", fields);
    json_put(d, "form", form);
    buf_done(&now);
    buf_done(&then);
    json_free(old.d);
    return code;
}

/* ---- the calendar */

static void event_set_texts(struct ical_event *ev, const char *uid, const struct json *d)
{
    const char *status = json_str(d, "eventStatus", "");
    for (int i = 0; i < ICAL_TEXTS; i++)
        ev->text[i] = mem_dup_str("");
    ical_event_set_text(ev, ICAL_UID, uid);
    ical_event_set_text(ev, ICAL_SUMMARY, json_str(d, "name", ""));
    ical_event_set_text(ev, ICAL_LOCATION, json_str(json_get(d, "location"), "name", ""));
    ical_event_set_text(ev, ICAL_STATUS, strcmp(status, "EventCancelled") == 0 ? "CANCELLED" : "");
}

/* Writes ev as a calendar, and has it read back as any calendar from outside is. */
static enum err event_write(struct csv_import *c, const struct ical_event *ev, const char *zone, struct json *d,
                            char **ics, struct error *e)
{
    struct buf text;
    struct ical_file f;
    struct json *j = NULL;
    buf_init(&text, EVENT_ICS);
    ical_write_begin(&text);
    ical_write_event(&text, ev);
    ical_write_end(&text);
    ical_split(&f, text.data, text.len);
    enum err code = f.event_count != 1 ? error_set(e, ERR_INVALID, "its times cannot be written")
                                       : calendar_read(c->im->records.calendar, &f, 0, zone, CALENDAR_ALIGN, &j, e);
    if (code == ERR_NONE) {
        for (const struct json *t = json_first(json_get(j, "faults")); t != NULL; t = json_next(t))
            import_tell(c->im, c->csv.line, "%s", json_value_str(t, ""));
        buf_clear(&text);
        ical_write_begin(&text);
        buf_add_str(&text, json_str(j, "vevent", ""));
        ical_write_end(&text);
        json_put_str(d, "rrule", json_str(j, "rrule", NULL));
        *ics = mem_dup_str(text.data);
    }
    json_free(j);
    ical_split_done(&f);
    buf_done(&text);
    return code;
}

static enum err event_put_members(struct csv_import *c, const char *uid, struct json *d, struct error *e)
{
    char place[CONTENT_TEXT + 1];
    struct content_ref ref = {.id = ""};
    const char *cell = csv_cell(c, "place");
    enum err code = ERR_NONE;
    text_sanitize(place, sizeof place, cell, strlen(cell), TEXT_LINE);
    if (*place != '\0')
        code = content_find(&c->im->records, "place", c->im->source, place, &ref, e);
    if (code == ERR_NONE) {
        event_put_place(d, &ref, place, csv_cell(c, "city"));
        csv_put_price(c, d, true);
        event_put_choices(c, d);
        if (!event_put_seats(c, d))
            code = error_set(e, ERR_INVALID, "seats: \"%.40s\" is not a number from 0 to %d", csv_cell(c, "seats"),
                             EVENT_SEATS_MAX);
    }
    json_free(ref.d);
    return code != ERR_NONE ? code : event_put_form(c, uid, d, e);
}

enum err import_csv_event(struct csv_import *c, const char *uid, struct json *d, char **ics, struct error *e)
{
    char zone[ICAL_IANA_NAME];
    struct ical_event ev = {0};
    enum err code = event_put_members(c, uid, d, e);
    if (code != ERR_NONE)
        return code;
    event_read_zone(c, zone);
    event_set_texts(&ev, uid, d);
    code = event_read_times(c, &ev, zone, e);
    json_put_str(d, "tz", zone);
    json_put_bool(d, "allDay", ev.start.is_date);
    if (code == ERR_NONE)
        event_put_moved(c, &ev, zone, d);
    if (code == ERR_NONE)
        code = event_write(c, &ev, zone, d, ics, e);
    ical_event_done(&ev);
    return code;
}
