/* Leniency lives here: what real calendars do wrong and how it is understood. */
#include "sync/hub/events/ical_norm.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "kiosk/base/error.h"
#include "kiosk/base/text.h"
#include "kiosk/ticket/crypto.h"
#include "sync/hub/events/calendar.h"
#include "sync/hub/events/ical_write.h"
#include "sync/hub/plain.h"

static void ical_norm_fault(struct ical_norm *n, const char *text)
{
    if (n->fault_count < ICAL_FAULTS)
        n->faults[n->fault_count++] = text;
}

/* ---- texts */

static void ical_norm_texts(struct ical_event *ev)
{
    static const struct {
        size_t max;
        enum text_flags flags;
    } limits[ICAL_TEXTS] = {
        [ICAL_UID] = {200, TEXT_LINE},           [ICAL_SUMMARY] = {200, TEXT_LINE},
        [ICAL_DESCRIPTION] = {4000, TEXT_LINES}, [ICAL_LOCATION] = {1000, TEXT_LINE},
        [ICAL_URL] = {1000, TEXT_LINE},          [ICAL_ORGANIZER] = {200, TEXT_LINE},
        [ICAL_STATUS] = {40, TEXT_LINE},         [ICAL_CLASS] = {40, TEXT_LINE},
        [ICAL_CATEGORIES] = {4000, TEXT_LINES},  [ICAL_SEATS] = {20, TEXT_LINE},
        [ICAL_REGISTRATION] = {20, TEXT_LINE},
    };
    char *plain = plain_from_html(ev->text[ICAL_DESCRIPTION]);
    ical_event_set_text(ev, ICAL_DESCRIPTION, plain);
    free(plain);
    for (int i = 0; i < ICAL_TEXTS; i++) {
        char *clean = text_dup_clean(ev->text[i], strlen(ev->text[i]), limits[i].max, limits[i].flags);
        free(ev->text[i]);
        ev->text[i] = clean;
    }
}

/* ---- times */

static void ical_norm_time(struct ical_norm *n, struct ical_time *t)
{
    if (t->is_date)
        return;
    const struct ical_zone *z = *t->zone == '\0' ? NULL : ical_zone_find(n->zones, t->zone);
    if (z == NULL && *t->zone != '\0')
        ical_norm_fault(n, "its time zone is not known; the calendar's is taken");
    snprintf(t->zone, sizeof t->zone, "%s", z == NULL ? n->zone : z->name);
}

/* A zone that only the file knows need not be kept for a single instant. */
static void ical_norm_own_zone(struct ical_norm *n, struct ical_time *t)
{
    const struct ical_zone *z = t->is_date ? NULL : ical_zone_find(n->zones, t->zone);
    if (z != NULL && z->own != NULL)
        *t = ical_civil_time(ical_zone_instant(z, t), false, "UTC");
}

static int64_t ical_norm_instant(struct ical_norm *n, const struct ical_time *t)
{
    const struct ical_zone *z = ical_zone_find(n->zones, t->is_date ? n->zone : t->zone);
    return z == NULL ? ical_civil_seconds(t) : ical_zone_instant(z, t);
}

/* DTEND of the other kind than DTSTART: of a date the day counts, of a time the end of the day before. */
static void ical_norm_end(struct ical_norm *n, struct ical_event *ev)
{
    if (!ev->has_end)
        return;
    ev->has_duration = false;
    if (ev->start.is_date && !ev->end.is_date) {
        ev->end = ical_civil_time(ical_civil_seconds(&ev->end), true, "");
    } else if (!ev->start.is_date && ev->end.is_date) {
        ev->end.is_date = false;
        snprintf(ev->end.zone, sizeof ev->end.zone, "%s", ev->start.zone);
    }
    int64_t length = ical_norm_instant(n, &ev->end) - ical_norm_instant(n, &ev->start);
    if (length < 0 || length > 3660LL * 86400) {
        ical_norm_fault(n, "it ends before it starts, or years later; the end is left out");
        ev->has_end = false;
    } else if (length == 0) {
        ev->has_end = false; /* a date lasts a day; a moment has no length */
    }
}

static void ical_norm_times(struct ical_norm *n, struct ical_event *ev)
{
    ical_norm_time(n, &ev->start);
    if (ev->has_end)
        ical_norm_time(n, &ev->end);
    if (ev->has_rid)
        ical_norm_time(n, &ev->rid);
    for (int i = 0; i < ev->extra_count; i++)
        ical_norm_time(n, &ev->extras[i].at);
    for (int i = 0; i < ev->exdate_count; i++)
        ical_norm_time(n, &ev->exdates[i]);
    ical_norm_end(n, ev);
}

static void ical_norm_drop_rules(struct ical_event *ev)
{
    for (int i = 0; i < ICAL_RULES; i++) {
        free(ev->rules[i]);
        free(ev->exrules[i]);
        ev->rules[i] = ev->exrules[i] = NULL;
    }
    ev->rule_count = ev->exrule_count = ev->extra_count = ev->exdate_count = 0;
}

/* Rules that the library wrote but does not take back are dropped as well. */
static void ical_norm_check_rules(struct ical_norm *n, struct ical_event *ev)
{
    for (int i = 0; i < ev->rule_count; i++) {
        struct ical_rule *r = ical_rule_new(ev->rules[i]);
        if (r == NULL) {
            ical_norm_fault(n, "the rule is not valid");
            ical_norm_drop_rules(ev);
        }
        ical_rule_free(r);
    }
}

static void ical_norm_shift(struct ical_time *t, int64_t by)
{
    char zone[ICAL_ZONE_NAME];
    snprintf(zone, sizeof zone, "%s", t->zone);
    *t = ical_civil_time(ical_civil_seconds(t) + by, t->is_date, zone);
}

static void ical_norm_align(struct ical_norm *n, struct ical_event *ev)
{
    struct ical_rule *r = ev->rule_count == 0 ? NULL : ical_rule_new(ev->rules[0]);
    struct ical_time start = ev->start, first;
    *start.zone = '\0';
    if (r != NULL && ical_rule_begin(r, &start, NULL)) {
        if (!ical_rule_next(r, &first)) {
            ical_norm_fault(n, "the rule gives no date from the start on; taken as a single event");
            ical_norm_drop_rules(ev);
        } else {
            int64_t by = ical_civil_seconds(&first) - ical_civil_seconds(&start);
            ical_norm_shift(&ev->start, by);
            if (ev->has_end)
                ical_norm_shift(&ev->end, by);
        }
    }
    ical_rule_free(r);
}

static void ical_norm_derive_uid(struct ical_event *ev)
{
    struct buf content;
    char uid[37];
    if (*ev->text[ICAL_UID] != '\0')
        return;
    buf_init(&content, 1024 * 1024);
    ical_write_event(&content, ev);
    crypto_uuid_name(uid, "sosedi-event-without-uid", content.data);
    ical_event_set_text(ev, ICAL_UID, uid);
    buf_done(&content);
}

bool ical_normalise(struct ical_norm *n, struct ical_event *ev)
{
    if (ev->fault != NULL)
        ical_norm_fault(n, ev->fault);
    if (!ev->has_start) {
        n->fault_count = 0;
        ical_norm_fault(n, ev->fault != NULL && strstr(ev->fault, "start") != NULL ? ev->fault
                                                                                   : "it has no start (DTSTART)");
        return false;
    }
    ical_norm_texts(ev);
    if ((n->flags & CALENDAR_SINGLE) != 0)
        ical_norm_drop_rules(ev);
    if ((n->flags & CALENDAR_CANCEL) != 0)
        ical_event_set_text(ev, ICAL_STATUS, "CANCELLED");
    ical_norm_check_rules(n, ev);
    ical_norm_times(n, ev);
    if ((n->flags & CALENDAR_ALIGN) != 0)
        ical_norm_align(n, ev);
    if (!ev->has_rid && ev->rule_count == 0 && ev->extra_count == 0) {
        ical_norm_own_zone(n, &ev->start);
        if (ev->has_end)
            ical_norm_own_zone(n, &ev->end);
    }
    ical_norm_derive_uid(ev);
    return true;
}

/* ---- the description */

static void ical_put_need(struct ical_norm *n, struct json *needs, const struct ical_time *t)
{
    const struct ical_zone *z = t->is_date ? NULL : ical_zone_find(n->zones, t->zone);
    if (z == NULL || z->own == NULL)
        return;
    for (const struct json *j = json_first(needs); j != NULL; j = json_next(j)) {
        if (strcmp(json_value_str(j, ""), z->name) == 0)
            return;
    }
    json_put_str(needs, NULL, z->name);
}

static struct json *ical_describe_needs(struct ical_norm *n, const struct ical_event *ev)
{
    struct json *needs = json_new_array();
    ical_put_need(n, needs, &ev->start);
    if (ev->has_end)
        ical_put_need(n, needs, &ev->end);
    if (ev->has_rid)
        ical_put_need(n, needs, &ev->rid);
    for (int i = 0; i < ev->extra_count; i++)
        ical_put_need(n, needs, &ev->extras[i].at);
    for (int i = 0; i < ev->exdate_count; i++)
        ical_put_need(n, needs, &ev->exdates[i]);
    return needs;
}

/* The key of the occurrence an override is for: dates as they are, times in UTC. */
static void ical_describe_rid(struct ical_norm *n, const struct ical_event *ev, char out[24])
{
    *out = '\0';
    if (!ev->has_rid)
        return;
    struct ical_time t = ev->rid;
    if (!t.is_date)
        t = ical_civil_time(ical_norm_instant(n, &t), false, "UTC");
    snprintf(out, 24, "%04d%02d%02d", t.date.year % 10000, t.date.month % 100, t.date.day % 100);
    if (!t.is_date)
        snprintf(out + 8, 16, "T%02d%02d%02dZ", t.hour % 100, t.minute % 100, t.second % 100);
}

struct json *ical_describe(struct ical_norm *n, const struct ical_event *ev)
{
    static const char *const names[ICAL_TEXTS] = {
        [ICAL_UID] = "uid",
        [ICAL_SUMMARY] = "summary",
        [ICAL_DESCRIPTION] = "description",
        [ICAL_LOCATION] = "location",
        [ICAL_URL] = "url",
        [ICAL_ORGANIZER] = "organizer",
        [ICAL_STATUS] = "status",
        [ICAL_CLASS] = "class",
        [ICAL_CATEGORIES] = "categories",
        [ICAL_SEATS] = "seats",
        [ICAL_REGISTRATION] = "registration",
    };
    struct json *j = json_new_object();
    for (int i = 0; i < ICAL_TEXTS; i++)
        json_put_str(j, names[i], ev->text[i]);
    char rid[24];
    ical_describe_rid(n, ev, rid);
    json_put_str(j, "rid", rid);
    json_put_int(j, "sequence", ev->sequence);
    json_put_bool(j, "allDay", ev->start.is_date);
    const struct ical_zone *z = ev->start.is_date ? NULL : ical_zone_find(n->zones, ev->start.zone);
    json_put_str(j, "tz", z != NULL && z->iana != NULL ? z->name : n->zone);
    if (ev->rule_count > 0)
        json_put_str(j, "rrule", ev->rules[0]);
    json_put(j, "needs", ical_describe_needs(n, ev));
    struct json *faults = json_new_array();
    for (int i = 0; i < n->fault_count; i++)
        json_put_str(faults, NULL, n->faults[i]);
    json_put(j, "faults", faults);
    struct buf text;
    buf_init(&text, 4 * 1024 * 1024);
    ical_write_event(&text, ev);
    json_put_str(j, "vevent", text.data);
    buf_done(&text);
    return j;
}
