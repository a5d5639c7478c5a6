/* Rows are collected first and sorted, because no order of records gives the order of their occurrences. */
#include "sync/hub/command/events.h"

#include <stdlib.h>
#include <string.h>

#include "kiosk/base/buf.h"
#include "kiosk/base/cli.h"
#include "kiosk/base/json.h"
#include "kiosk/base/sql.h"
#include "kiosk/base/text.h"
#include "sync/hub/command.h"
#include "sync/hub/events/calendar.h"

enum { EVENTS_DEFAULT_DAYS = 30, EVENTS_RECORD_MAX = 256 * 1024, EVENTS_PER_RECORD = 20000 };

/* What the rows of one record share. */
struct events_record {
    char *uid, *title, *status;
    int64_t seats; /* -1: no limit */
    struct zone *zone;
};

struct events_row {
    int64_t start, end;
    bool is_date, cancelled;
    int record;  /* index; records may move while they grow */
    char *title; /* where it differs, else NULL */
};

struct events {
    struct hub *hub;
    struct calendar *calendar;
    FILE *notes;
    struct calendar_range range;
    struct events_record *records;
    int record_count;
    struct events_row *rows;
    int row_count;
    bool cut;
};

/* ---- collecting */

static struct events_record *events_add_record(struct events *x, const char *uid, const struct json *d)
{
    if ((x->record_count & (x->record_count - 1)) == 0)
        x->records = mem_resize(x->records, x->record_count == 0 ? 1 : (size_t)x->record_count * 2, sizeof *x->records);
    const char *status = json_str(d, "eventStatus", "");
    struct events_record *r = &x->records[x->record_count++];
    *r = (struct events_record){
        .uid = mem_dup_str(uid),
        .title = mem_dup_str(json_str(d, "name", "")),
        .status = mem_dup_str(strcmp(status, "EventCancelled") == 0   ? "cancelled"
                              : strcmp(status, "EventPostponed") == 0 ? "postponed"
                                                                      : "confirmed"),
        .seats = json_int(d, "maximumAttendeeCapacity", -1),
        .zone = zone_new(json_str(d, "tz", "UTC")),
    };
    return r;
}

static void events_add_row(struct events *x, const struct calendar_time *t)
{
    if (x->row_count == EVENTS_ROWS) {
        x->cut = true;
        return;
    }
    if ((x->row_count & (x->row_count - 1)) == 0)
        x->rows = mem_resize(x->rows, x->row_count == 0 ? 1 : (size_t)x->row_count * 2, sizeof *x->rows);
    x->rows[x->row_count++] = (struct events_row){.start = t->start,
                                                  .end = t->end,
                                                  .is_date = t->is_date,
                                                  .cancelled = t->cancelled,
                                                  .record = x->record_count - 1,
                                                  .title = mem_dup_str(t->title)};
}

static void events_expand(struct events *x, const char *uid, const char *text, const char *ics)
{
    struct json *d = NULL;
    struct calendar_times times = {0};
    struct error why = {0};
    enum err code = json_parse(&d, text, strlen(text), EVENTS_RECORD_MAX, &why);
    if (code == ERR_NONE) {
        struct calendar_range range = x->range;
        range.zone = json_str(d, "tz", x->range.zone);
        code = calendar_expand(x->calendar, ics, &range, &times, &why);
    }
    if (code != ERR_NONE) {
        fprintf(x->notes, "kiosk-hub events: %s: left out: %s\n", uid, why.text);
    } else {
        events_add_record(x, uid, d);
        for (int i = 0; i < times.count; i++)
            events_add_row(x, &times.list[i]);
        if (times.cut)
            fprintf(x->notes, "kiosk-hub events: %s: has more occurrences than are shown\n", uid);
    }
    calendar_times_done(&times);
    json_free(d);
}

static enum err events_collect(struct events *x, struct error *e)
{
    struct sql_stmt *st = sql_get(x->hub->db, "SELECT uid, d, ics FROM record WHERE kind = 'event' AND live = 1 AND "
                                              "ics IS NOT NULL ORDER BY uid, id");
    int64_t deadline = clock_mono_ms(&x->hub->clock) + EVENTS_SECONDS * 1000;
    bool row = false;
    enum err code;
    while ((code = sql_step(st, &row, e)) == ERR_NONE && row && !x->cut) {
        if (clock_mono_ms(&x->hub->clock) > deadline)
            x->cut = true;
        else
            events_expand(x, sql_text(st, 0), sql_text(st, 1), sql_text(st, 2));
    }
    sql_reset(st);
    if (x->cut)
        fprintf(x->notes, "kiosk-hub events: there is more than is shown: ask for a shorter range\n");
    return code;
}

static int events_compare(const void *a, const void *b, void *records)
{
    const struct events_row *p = a, *q = b;
    const struct events_record *r = records;
    if (p->start != q->start)
        return (p->start > q->start) - (p->start < q->start);
    int by = strcmp(r[p->record].uid, r[q->record].uid);
    return by != 0 ? by : p->record - q->record;
}

/* ---- writing */

static void events_when(const struct events *x, const struct events_row *row, int64_t at, char out[26])
{
    const struct zone *z = x->records[row->record].zone;
    if (row->is_date)
        date_format(zone_local(z, at).date, out);
    else
        instant_format_local(at, z, out);
}

static void events_write_csv_field(struct buf *b, const char *value)
{
    if (strpbrk(value, ",\"\r\n;") == NULL) {
        buf_add_str(b, value);
        return;
    }
    buf_add_char(b, '"');
    for (; *value != '\0'; value++) {
        if (*value == '"')
            buf_add_char(b, '"');
        buf_add_char(b, *value);
    }
    buf_add_char(b, '"');
}

/* One row, as its fields in the order of the header. */
struct events_fields {
    char start[26], end[26], seats[24];
    const char *status, *uid, *title;
    bool is_date;
    int64_t seat_count;
};

static void events_write_csv(struct buf *b, const struct events_fields *f)
{
    const char *const fields[] = {f->start, f->end, f->status, f->uid, f->title, f->seats};
    for (int i = 0; i < 6; i++) {
        if (i > 0)
            buf_add_char(b, ',');
        events_write_csv_field(b, fields[i]);
    }
    buf_add_char(b, '\n');
}

static void events_write_text(struct buf *b, const struct events_fields *f)
{
    buf_addf(b, "%-25s  %-25s  %-9s  %5s  %s  [%s]\n", f->start, f->end, f->status, *f->seats == '\0' ? "-" : f->seats,
             f->title, f->uid);
}

static void events_write_json(struct buf *b, const struct events_fields *f, bool first)
{
    struct json *j = json_new_object();
    json_put_str(j, "start", f->start);
    json_put_str(j, "end", f->end);
    json_put_bool(j, "allDay", f->is_date);
    json_put_str(j, "status", f->status);
    json_put_str(j, "uid", f->uid);
    json_put_str(j, "title", f->title);
    if (f->seat_count >= 0)
        json_put_int(j, "seats", f->seat_count);
    buf_add_str(b, first ? "\n" : ",\n");
    json_write(j, b);
    if (f->seat_count < 0 && b->len > 0) { /* the JSON module writes no null */
        b->data[--b->len] = '\0';
        buf_add_str(b, ",\"seats\":null}");
    }
    json_free(j);
}

static void events_fill(const struct events *x, const struct events_row *row, struct events_fields *f)
{
    const struct events_record *r = &x->records[row->record];
    *f = (struct events_fields){.status = row->cancelled ? "cancelled" : r->status,
                                .uid = r->uid,
                                .title = row->title != NULL ? row->title : r->title,
                                .is_date = row->is_date,
                                .seat_count = r->seats};
    events_when(x, row, row->start, f->start);
    events_when(x, row, row->end, f->end);
    if (r->seats >= 0)
        snprintf(f->seats, sizeof f->seats, "%lld", (long long)r->seats);
}

static enum err events_write(const struct events *x, enum events_format format, FILE *out, struct error *e)
{
    struct buf b;
    buf_init(&b, (size_t)64 * 1024);
    if (format == EVENTS_CSV)
        buf_add_str(&b, "start,end,status,uid,title,seats\n");
    else if (format == EVENTS_JSON)
        buf_add_str(&b, "[");
    for (int i = 0; i < x->row_count; i++) {
        struct events_fields f;
        events_fill(x, &x->rows[i], &f);
        if (format == EVENTS_CSV)
            events_write_csv(&b, &f);
        else if (format == EVENTS_JSON)
            events_write_json(&b, &f, i == 0);
        else
            events_write_text(&b, &f);
        fwrite(b.data, 1, b.len, out);
        buf_clear(&b);
    }
    if (format == EVENTS_JSON)
        buf_add_str(&b, x->row_count == 0 ? "]\n" : "\n]\n");
    fwrite(b.data, 1, b.len, out);
    buf_done(&b);
    return fflush(out) != 0 || ferror(out) ? error_set(e, ERR_IO, "the list could not be written") : ERR_NONE;
}

static void events_done(struct events *x)
{
    for (int i = 0; i < x->record_count; i++) {
        free(x->records[i].uid);
        free(x->records[i].title);
        free(x->records[i].status);
        zone_free(x->records[i].zone);
    }
    for (int i = 0; i < x->row_count; i++)
        free(x->rows[i].title);
    free(x->records);
    free(x->rows);
    calendar_free(x->calendar);
}

enum err events_list(struct hub *h, const struct events_query *q, FILE *out, FILE *notes, struct error *e)
{
    struct events x = {.hub = h, .calendar = calendar_new(), .notes = notes};
    struct date after = date_from_days(date_to_days(q->to) + 1);
    x.range = (struct calendar_range){.zone = h->zone == NULL ? "UTC" : zone_name(h->zone),
                                      .from = zone_instant(h->zone, q->from, 0, 0, 0),
                                      .to = zone_instant(h->zone, after, 0, 0, 0),
                                      .max = EVENTS_PER_RECORD};
    enum err code = events_collect(&x, e);
    if (code == ERR_NONE) {
        if (x.row_count > 1)
            qsort_r(x.rows, (size_t)x.row_count, sizeof *x.rows, events_compare, x.records);
        code = events_write(&x, q->format, out, e);
    }
    events_done(&x);
    return code;
}

/* ---- the command */

bool events_parse_date(const char *text, bool last, struct date *out)
{
    int year = 0, month = 0, used = 0;
    if (date_parse(text, out))
        return true;
    if (sscanf(text, "%4d%n", &year, &used) != 1 || used != 4)
        return false;
    if (text[4] == '\0') {
        *out = last ? (struct date){year, 12, 31} : (struct date){year, 1, 1};
        return date_is_valid(*out);
    }
    if (sscanf(text + 4, "-%2d%n", &month, &used) != 1 || used != 3 || text[7] != '\0' || month < 1 || month > 12)
        return false;
    *out = (struct date){year, month, 1};
    if (last) {
        struct date next = month == 12 ? (struct date){year + 1, 1, 1} : (struct date){year, month + 1, 1};
        *out = date_from_days(date_to_days(next) - 1);
    }
    return date_is_valid(*out);
}

static bool events_parse_format(const char *text, enum events_format *out)
{
    static const char *const names[] = {[EVENTS_TEXT] = "text", [EVENTS_CSV] = "csv", [EVENTS_JSON] = "json"};
    for (int i = 0; i < 3; i++) {
        if (strcmp(text, names[i]) == 0) {
            *out = (enum events_format)i;
            return true;
        }
    }
    return false;
}

int events_main(struct hub *h, int argc, char **argv)
{
    const char *from = NULL, *to = NULL, *format = "text";
    const struct cli_option options[] = {
        {"--from", "DATE", "first day: 2026-12-01, 2026-12 or 2026 (default today)", &from},
        {"--to", "DATE", "last day, included (default 30 days after the first)", &to},
        {"--format", "text|csv|json", "how to print (default text)", &format},
        {NULL, NULL, NULL, NULL},
    };
    int words = command_parse(
        argc, argv,
        "events [OPTION]...\nLists what takes place, one row an occurrence, with the offset from UTC of each time.",
        options);
    if (words < 0)
        return -1 - words;
    struct error e;
    struct events_query q = {.from = zone_local(h->zone, hub_now(h)).date};
    bool good = words == 0 && (from == NULL || events_parse_date(from, false, &q.from)) &&
                events_parse_format(format, &q.format);
    q.to = date_from_days(date_to_days(q.from) + EVENTS_DEFAULT_DAYS);
    good = good && (to == NULL || events_parse_date(to, true, &q.to));
    if (!good || date_to_days(q.to) < date_to_days(q.from)) {
        error_set(&e, ERR_USAGE, "events: wants --from DATE, --to DATE not before it, --format text, csv or json");
        return cli_fail("kiosk-hub", &e);
    }
    return events_list(h, &q, stdout, stderr, &e) == ERR_NONE ? CLI_DONE : cli_fail("kiosk-hub", &e);
}
