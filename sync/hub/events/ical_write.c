/* No time stamps are written (DTSTAMP, LAST-MODIFIED): the same event must give the same bytes, or every import would
 * be a change. */
#include "sync/hub/events/ical_write.h"

#include <string.h>

enum { ICAL_FOLD = 75 };

static void ical_write_line(struct buf *out, const char *line, size_t n)
{
    for (size_t room = ICAL_FOLD; n > room; room = ICAL_FOLD - 1) {
        size_t cut = room;
        while (cut > 1 && ((unsigned char)line[cut] & 0xC0) == 0x80)
            cut--;
        buf_add(out, line, cut);
        buf_add_str(out, "\r\n ");
        line += cut;
        n -= cut;
    }
    buf_add(out, line, n);
    buf_add_str(out, "\r\n");
}

static void ical_write_text(struct buf *out, const char *name, const char *value)
{
    struct buf line;
    if (*value == '\0')
        return;
    buf_init(&line, 65536);
    buf_addf(&line, "%s:", name);
    for (; *value != '\0'; value++) {
        if (*value == '\n') {
            buf_add_str(&line, "\\n");
            continue;
        }
        if (strchr("\\,;", *value) != NULL)
            buf_add_char(&line, '\\');
        buf_add_char(&line, *value);
    }
    ical_write_line(out, line.data, line.len);
    buf_done(&line);
}

static void ical_add_time(struct buf *line, const struct ical_time *t)
{
    buf_addf(line, "%04d%02d%02d", t->date.year, t->date.month, t->date.day);
    if (!t->is_date)
        buf_addf(line, "T%02d%02d%02d%s", t->hour, t->minute, t->second, strcmp(t->zone, "UTC") == 0 ? "Z" : "");
}

/* NAME[;params]: ready for the value */
static void ical_add_time_name(struct buf *line, const char *name, const struct ical_time *t, const char *kind)
{
    buf_add_str(line, name);
    if (t->is_date)
        buf_add_str(line, ";VALUE=DATE");
    else if (*kind != '\0')
        buf_addf(line, ";VALUE=%s", kind);
    if (!t->is_date && *t->zone != '\0' && strcmp(t->zone, "UTC") != 0) {
        const char *quote = strpbrk(t->zone, ":;,") == NULL ? "" : "\"";
        buf_addf(line, ";TZID=%s%s%s", quote, t->zone, quote);
    }
    buf_add_char(line, ':');
}

static void ical_write_time(struct buf *out, const char *name, const struct ical_time *t)
{
    struct buf line;
    buf_init(&line, 1024);
    ical_add_time_name(&line, name, t, "");
    ical_add_time(&line, t);
    ical_write_line(out, line.data, line.len);
    buf_done(&line);
}

static void ical_write_extra(struct buf *out, const struct ical_extra *x)
{
    struct buf line;
    buf_init(&line, 1024);
    bool period = x->seconds >= 0 && !x->at.is_date;
    ical_add_time_name(&line, "RDATE", &x->at, period ? "PERIOD" : "");
    ical_add_time(&line, &x->at);
    if (period)
        buf_addf(&line, "/PT%lldS", (long long)x->seconds);
    ical_write_line(out, line.data, line.len);
    buf_done(&line);
}

static void ical_write_rules(struct buf *out, const char *name, char *const *rules, int count)
{
    struct buf line;
    buf_init(&line, 65536);
    for (int i = 0; i < count; i++) {
        buf_clear(&line);
        buf_addf(&line, "%s:%s", name, rules[i]);
        ical_write_line(out, line.data, line.len);
    }
    buf_done(&line);
}

void ical_write_event(struct buf *out, const struct ical_event *ev)
{
    buf_add_str(out, "BEGIN:VEVENT\r\n");
    ical_write_text(out, "UID", ev->text[ICAL_UID]);
    if (ev->has_rid)
        ical_write_time(out, ev->rid_future ? "RECURRENCE-ID;RANGE=THISANDFUTURE" : "RECURRENCE-ID", &ev->rid);
    if (ev->has_start)
        ical_write_time(out, "DTSTART", &ev->start);
    if (ev->has_end)
        ical_write_time(out, "DTEND", &ev->end);
    else if (ev->has_duration && ev->seconds == 0)
        buf_addf(out, "DURATION:P%dD\r\n", ev->days);
    else if (ev->has_duration)
        buf_addf(out, "DURATION:P%dDT%lldS\r\n", ev->days, (long long)ev->seconds);
    ical_write_rules(out, "RRULE", ev->rules, ev->rule_count);
    ical_write_rules(out, "EXRULE", ev->exrules, ev->exrule_count);
    for (int i = 0; i < ev->extra_count; i++)
        ical_write_extra(out, &ev->extras[i]);
    for (int i = 0; i < ev->exdate_count; i++)
        ical_write_time(out, "EXDATE", &ev->exdates[i]);
    if (ev->sequence != 0)
        buf_addf(out, "SEQUENCE:%d\r\n", ev->sequence);
    ical_write_text(out, "SUMMARY", ev->text[ICAL_SUMMARY]);
    ical_write_text(out, "LOCATION", ev->text[ICAL_LOCATION]);
    ical_write_text(out, "STATUS", ev->text[ICAL_STATUS]);
    ical_write_text(out, "CLASS", ev->text[ICAL_CLASS]);
    buf_add_str(out, "END:VEVENT\r\n");
}

void ical_write_begin(struct buf *out)
{
    buf_add_str(out, "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//Sosedi//hub//EN\r\n");
}

void ical_write_end(struct buf *out) { buf_add_str(out, "END:VCALENDAR\r\n"); }

void ical_write_block(struct buf *out, const char *block)
{
    while (*block != '\0') {
        size_t n = strcspn(block, "\r\n");
        if (n > 0)
            ical_write_line(out, block, n);
        block += n;
        block += strspn(block, "\r\n");
    }
}
