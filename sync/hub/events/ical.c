/* What the library calls things is kept out of the rest: values are copied into our own structs at once. */
#include "sync/hub/events/ical.h"

#include <ctype.h>
#include <libical/ical.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "kiosk/base/buf.h"
#include "kiosk/base/error.h"

struct ical_rule {
    struct icalrecurrencetype rule;
    icalrecur_iterator *walk;
};

struct ical_vtz {
    icaltimezone *zone;
};

/* ---- times */

static struct ical_time ical_time_in(struct icaltimetype t, icalproperty *p)
{
    struct ical_time out = {
        .date = {t.year, t.month, t.day},
        .hour = t.hour,
        .minute = t.minute,
        .second = t.second,
        .is_date = t.is_date != 0,
    };
    if (out.is_date) {
        out.hour = out.minute = out.second = 0;
    } else if (icaltime_is_utc(t)) {
        snprintf(out.zone, sizeof out.zone, "UTC");
    } else if (p != NULL) {
        icalparameter *tz = icalproperty_get_first_parameter(p, ICAL_TZID_PARAMETER);
        const char *name = tz == NULL ? NULL : icalparameter_get_tzid(tz);
        snprintf(out.zone, sizeof out.zone, "%s", name == NULL ? "" : name);
    }
    return out;
}

static struct icaltimetype ical_time_out(const struct ical_time *t)
{
    struct icaltimetype out = icaltime_null_time();
    out.year = t->date.year;
    out.month = t->date.month;
    out.day = t->date.day;
    out.hour = t->hour;
    out.minute = t->minute;
    out.second = t->second;
    out.is_date = t->is_date;
    return out;
}

/* Years are held to those that dates of the base layer know; second 60 (a leap second) is 59. */
static bool ical_time_mend(struct ical_time *t)
{
    if (t->second == 60)
        t->second = 59;
    return date_is_valid(t->date) && t->hour >= 0 && t->hour < 24 && t->minute >= 0 && t->minute < 60 &&
           t->second >= 0 && t->second < 60;
}

/* ---- an event's properties */

static void ical_fault(struct ical_event *ev, const char *text)
{
    if (ev->fault == NULL)
        ev->fault = text;
}

static void ical_take_time(struct ical_event *ev, icalproperty *p, struct ical_time *into, bool *has)
{
    icalvalue *v = icalproperty_get_value(p);
    icalvalue_kind kind = v == NULL ? ICAL_NO_VALUE : icalvalue_isa(v);
    if (kind != ICAL_DATETIME_VALUE && kind != ICAL_DATE_VALUE) {
        ical_fault(ev, "a time cannot be read");
        return;
    }
    struct icaltimetype t = kind == ICAL_DATE_VALUE ? icalvalue_get_date(v) : icalvalue_get_datetime(v);
    *into = ical_time_in(t, p);
    *has = ical_time_mend(into);
    if (!*has)
        ical_fault(ev, "a time cannot be read");
}

static void ical_take_rid(struct ical_event *ev, icalproperty *p)
{
    ical_take_time(ev, p, &ev->rid, &ev->has_rid);
    icalparameter *range = icalproperty_get_first_parameter(p, ICAL_RANGE_PARAMETER);
    ev->rid_future = range != NULL && icalparameter_get_range(range) == ICAL_RANGE_THISANDFUTURE;
}

static void ical_take_duration(struct ical_event *ev, icalproperty *p)
{
    icalvalue *v = icalproperty_get_value(p);
    if (v == NULL || icalvalue_isa(v) != ICAL_DURATION_VALUE) {
        ical_fault(ev, "the duration cannot be read");
        return;
    }
    struct icaldurationtype d = icalvalue_get_duration(v);
    uint64_t days = d.days + 7ull * d.weeks, seconds = d.hours * 3600ull + d.minutes * 60ull + d.seconds;
    if (d.is_neg || days > 3660 || seconds > 3660ull * 86400) {
        ical_fault(ev, "the duration makes no sense");
        return;
    }
    ev->has_duration = true;
    ev->days = (int)days;
    ev->seconds = (int64_t)seconds;
}

static void ical_take_rule(struct ical_event *ev, icalproperty *p, char **rules, int *count)
{
    icalvalue *v = icalproperty_get_value(p);
    if (v == NULL || icalvalue_isa(v) != ICAL_RECUR_VALUE || *count == ICAL_RULES) {
        ical_fault(ev, "the rule is not valid");
        return;
    }
    struct icalrecurrencetype rule = icalvalue_get_recur(v);
    char *text = rule.freq == ICAL_NO_RECURRENCE ? NULL : icalrecurrencetype_as_string_r(&rule);
    if (text == NULL) {
        ical_fault(ev, "the rule is not valid");
        return;
    }
    rules[(*count)++] = mem_dup_str(text);
    free(text);
}

static void ical_take_extra(struct ical_event *ev, icalproperty *p)
{
    struct icaldatetimeperiodtype at = icalproperty_get_rdate(p);
    bool period = icaltime_is_null_time(at.time);
    struct ical_extra x = {.at = ical_time_in(period ? at.period.start : at.time, p), .seconds = -1};
    if (!ical_time_mend(&x.at) || ev->extra_count == ICAL_DATES) {
        ical_fault(ev, "an RDATE cannot be read");
        return;
    }
    if (period) {
        int64_t length = icaltime_is_null_time(at.period.end)
                             ? icaldurationtype_as_int(at.period.duration)
                             : (int64_t)(icaltime_as_timet(at.period.end) - icaltime_as_timet(at.period.start));
        x.seconds = length < 0 || length > 3660LL * 86400 ? -1 : length;
    }
    if (ev->extra_count % 16 == 0)
        ev->extras = mem_resize(ev->extras, (size_t)ev->extra_count + 16, sizeof *ev->extras);
    ev->extras[ev->extra_count++] = x;
}

static void ical_take_exdate(struct ical_event *ev, icalproperty *p)
{
    struct ical_time t;
    bool good = false;
    ical_take_time(ev, p, &t, &good);
    if (!good || ev->exdate_count == ICAL_DATES)
        return;
    if (ev->exdate_count % 16 == 0)
        ev->exdates = mem_resize(ev->exdates, (size_t)ev->exdate_count + 16, sizeof *ev->exdates);
    ev->exdates[ev->exdate_count++] = t;
}

static void ical_upper(char *s)
{
    for (; *s != '\0'; s++)
        *s = (char)toupper((unsigned char)*s);
}

static void ical_take_text(struct ical_event *ev, enum ical_text which, const char *value)
{
    if (value == NULL || *value == '\0')
        return;
    if (which == ICAL_CATEGORIES && *ev->text[which] != '\0') {
        struct buf all;
        buf_init(&all, 16384);
        buf_addf(&all, "%s\n%s", ev->text[which], value);
        ical_event_set_text(ev, which, all.data);
        buf_done(&all);
    } else if (*ev->text[which] == '\0') {
        ical_event_set_text(ev, which, value);
    }
    if (which == ICAL_STATUS || which == ICAL_CLASS)
        ical_upper(ev->text[which]);
}

static const char *ical_organizer_name(icalproperty *p)
{
    icalparameter *cn = icalproperty_get_first_parameter(p, ICAL_CN_PARAMETER);
    return cn == NULL ? NULL : icalparameter_get_cn(cn);
}

static void ical_take_x(struct ical_event *ev, icalproperty *p)
{
    const char *name = icalproperty_get_x_name(p);
    if (name != NULL && strcasecmp(name, "X-SOSEDI-SEATS") == 0)
        ical_take_text(ev, ICAL_SEATS, icalproperty_get_value_as_string(p));
    else if (name != NULL && strcasecmp(name, "X-SOSEDI-REGISTRATION") == 0)
        ical_take_text(ev, ICAL_REGISTRATION, icalproperty_get_value_as_string(p));
}

/* A line that the library could not read stands in the component as an X-LIC-ERROR that names it. */
static void ical_take_error(struct ical_event *ev, icalproperty *p)
{
    const char *text = icalproperty_get_xlicerror(p);
    if (text != NULL && (strstr(text, "RRULE") != NULL || strstr(text, "EXRULE") != NULL))
        ical_fault(ev, "the rule is not valid");
    else if (text != NULL && strstr(text, "DTSTART") != NULL)
        ical_fault(ev, "the start cannot be read");
}

static void ical_take_words(struct ical_event *ev, icalproperty *p, icalproperty_kind kind)
{
    static const struct {
        icalproperty_kind kind;
        enum ical_text text;
    } plain[] = {
        {ICAL_UID_PROPERTY, ICAL_UID},
        {ICAL_SUMMARY_PROPERTY, ICAL_SUMMARY},
        {ICAL_DESCRIPTION_PROPERTY, ICAL_DESCRIPTION},
        {ICAL_LOCATION_PROPERTY, ICAL_LOCATION},
        {ICAL_CATEGORIES_PROPERTY, ICAL_CATEGORIES},
    };
    for (size_t i = 0; i < sizeof plain / sizeof plain[0]; i++) {
        icalvalue *v = kind == plain[i].kind ? icalproperty_get_value(p) : NULL;
        if (v != NULL && icalvalue_isa(v) == ICAL_TEXT_VALUE)
            ical_take_text(ev, plain[i].text, icalvalue_get_text(v));
    }
    if (kind == ICAL_URL_PROPERTY)
        ical_take_text(ev, ICAL_URL, icalproperty_get_value_as_string(p));
    else if (kind == ICAL_STATUS_PROPERTY)
        ical_take_text(ev, ICAL_STATUS, icalproperty_get_value_as_string(p));
    else if (kind == ICAL_CLASS_PROPERTY)
        ical_take_text(ev, ICAL_CLASS, icalproperty_get_value_as_string(p));
    else if (kind == ICAL_ORGANIZER_PROPERTY)
        ical_take_text(ev, ICAL_ORGANIZER, ical_organizer_name(p));
    else if (kind == ICAL_X_PROPERTY)
        ical_take_x(ev, p);
}

static void ical_take_property(struct ical_event *ev, icalproperty *p)
{
    switch ((int)icalproperty_isa(p)) {
    case ICAL_DTSTART_PROPERTY:
        if (!ev->has_start)
            ical_take_time(ev, p, &ev->start, &ev->has_start);
        break;
    case ICAL_DTEND_PROPERTY:
        ical_take_time(ev, p, &ev->end, &ev->has_end);
        break;
    case ICAL_DURATION_PROPERTY:
        ical_take_duration(ev, p);
        break;
    case ICAL_RECURRENCEID_PROPERTY:
        ical_take_rid(ev, p);
        break;
    case ICAL_RRULE_PROPERTY:
        ical_take_rule(ev, p, ev->rules, &ev->rule_count);
        break;
    case ICAL_EXRULE_PROPERTY:
        ical_take_rule(ev, p, ev->exrules, &ev->exrule_count);
        break;
    case ICAL_RDATE_PROPERTY:
        ical_take_extra(ev, p);
        break;
    case ICAL_EXDATE_PROPERTY:
        ical_take_exdate(ev, p);
        break;
    case ICAL_SEQUENCE_PROPERTY:
        ev->sequence = icalproperty_get_sequence(p);
        break;
    case ICAL_XLICERROR_PROPERTY:
        ical_take_error(ev, p);
        break;
    default:
        ical_take_words(ev, p, icalproperty_isa(p));
    }
}

bool ical_read_event(struct ical_event *out, const char *text)
{
    *out = (struct ical_event){0};
    for (int i = 0; i < ICAL_TEXTS; i++)
        out->text[i] = mem_dup_str("");
    icalerror_set_errors_are_fatal(0);
    icalcomponent *c = icalparser_parse_string(text);
    bool good = c != NULL && icalcomponent_isa(c) == ICAL_VEVENT_COMPONENT;
    if (good) {
        for (icalproperty *p = icalcomponent_get_first_property(c, ICAL_ANY_PROPERTY); p != NULL;
             p = icalcomponent_get_next_property(c, ICAL_ANY_PROPERTY))
            ical_take_property(out, p);
    }
    if (c != NULL)
        icalcomponent_free(c);
    icalmemory_free_ring();
    return good;
}

void ical_event_done(struct ical_event *ev)
{
    for (int i = 0; i < ICAL_TEXTS; i++)
        free(ev->text[i]);
    for (int i = 0; i < ICAL_RULES; i++) {
        free(ev->rules[i]);
        free(ev->exrules[i]);
    }
    free(ev->extras);
    free(ev->exdates);
    *ev = (struct ical_event){0};
}

void ical_event_set_text(struct ical_event *ev, enum ical_text which, const char *value)
{
    char *copy = mem_dup_str(value);
    free(ev->text[which]);
    ev->text[which] = copy;
}

/* ---- rules */

struct ical_rule *ical_rule_new(const char *text)
{
    icalerror_set_errors_are_fatal(0);
    struct icalrecurrencetype rule = icalrecurrencetype_from_string(text);
    if (rule.freq == ICAL_NO_RECURRENCE || rule.interval < 1) {
        free(rule.rscale);
        return NULL;
    }
    struct ical_rule *r = mem_new(1, sizeof *r);
    r->rule = rule;
    return r;
}

void ical_rule_free(struct ical_rule *r)
{
    if (r == NULL)
        return;
    if (r->walk != NULL)
        icalrecur_iterator_free(r->walk);
    free(r->rule.rscale);
    free(r);
}

bool ical_rule_until(const struct ical_rule *r, struct ical_time *out)
{
    if (icaltime_is_null_time(r->rule.until))
        return false;
    *out = ical_time_in(r->rule.until, NULL);
    return ical_time_mend(out);
}

void ical_rule_set_until(struct ical_rule *r, const struct ical_time *civil) { r->rule.until = ical_time_out(civil); }

bool ical_rule_has_count(const struct ical_rule *r) { return r->rule.count > 0; }

bool ical_rule_begin(struct ical_rule *r, const struct ical_time *start, const struct ical_time *from)
{
    if (r->walk != NULL)
        icalrecur_iterator_free(r->walk);
    r->walk = icalrecur_iterator_new(r->rule, ical_time_out(start));
    if (r->walk != NULL && from != NULL && r->rule.count == 0)
        icalrecur_iterator_set_start(r->walk, ical_time_out(from));
    return r->walk != NULL;
}

bool ical_rule_next(struct ical_rule *r, struct ical_time *out)
{
    struct icaltimetype t = icalrecur_iterator_next(r->walk);
    if (icaltime_is_null_time(t))
        return false;
    *out = ical_time_in(t, NULL);
    return true;
}

/* ---- zones */

struct ical_vtz *ical_vtz_new(const char *text)
{
    icalerror_set_errors_are_fatal(0);
    icalcomponent *c = icalparser_parse_string(text);
    if (c == NULL || icalcomponent_isa(c) != ICAL_VTIMEZONE_COMPONENT) {
        if (c != NULL)
            icalcomponent_free(c);
        return NULL;
    }
    icaltimezone *zone = icaltimezone_new();
    if (!icaltimezone_set_component(zone, c)) {
        icalcomponent_free(c);
        icaltimezone_free(zone, 1);
        return NULL;
    }
    struct ical_vtz *z = mem_new(1, sizeof *z);
    z->zone = zone;
    return z;
}

void ical_vtz_free(struct ical_vtz *z)
{
    if (z == NULL)
        return;
    icaltimezone_free(z->zone, 1);
    free(z);
}

int ical_vtz_offset(struct ical_vtz *z, const struct ical_time *local)
{
    struct icaltimetype t = ical_time_out(local);
    t.is_date = 0;
    int summer = 0;
    return icaltimezone_get_utc_offset(z->zone, &t, &summer);
}

int ical_vtz_offset_utc(struct ical_vtz *z, const struct ical_time *utc)
{
    struct icaltimetype t = ical_time_out(utc);
    t.is_date = 0;
    int summer = 0;
    return icaltimezone_get_utc_offset_of_utc_time(z->zone, &t, &summer);
}
