/* Every start is first a civil time in the zone of the master's DTSTART, where rules live, and becomes an instant only
 * when it is in range. For all-day events the key of an occurrence is its date, else its instant. */
#include "sync/hub/events/expand.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "kiosk/base/error.h"
#include "sync/hub/events/ical_split.h"

enum { EXPAND_DAY = 86400, EXPAND_LONGEST = 3660 };

struct expand_start {
    int64_t civil;  /* ical_civil_seconds */
    int64_t length; /* seconds when it has one of its own, else -1 */
};

struct expand_row {
    int64_t key, start, end;
    bool cancelled;
    const char *title, *place; /* of an override, NULL: as the master */
    bool is_date;
};

struct expand {
    struct ical_zones *zones;
    const struct ical_zone *home; /* for dates and floating times */
    const struct ical_zone *zone; /* of the master's start */
    const struct expand_range *range;
    struct ical_event *events;
    int event_count;
    const struct ical_event *master; /* NULL: overrides only */
    int64_t *keys;                   /* of the events' RECURRENCE-IDs */
    int64_t *exkeys;                 /* of the master's EXDATEs; of dates the day number */
    int64_t low, high;               /* civil bounds that no start in range lies outside of */
    struct expand_start *starts;
    int start_count, start_room;
    struct expand_row *rows;
    int row_count, row_room;
    int steps;
    bool cut;
};

/* ---- lengths and keys */

static const struct ical_zone *expand_zone(const struct expand *x, const struct ical_time *t)
{
    const struct ical_zone *z = t->is_date || *t->zone == '\0' ? x->home : ical_zone_find(x->zones, t->zone);
    return z == NULL ? x->home : z;
}

static int64_t expand_instant(const struct expand *x, const struct ical_time *t)
{
    return ical_zone_instant(expand_zone(x, t), t);
}

/* The end of an occurrence of ev that starts at `civil` in zone z. DTEND gives an exact length in seconds, for dates in
 * days; the days of DURATION are calendar days (RFC 5545, 3.8.5.3 and 3.3.6). */
static int64_t expand_end(const struct expand *x, const struct ical_event *ev, const struct ical_time *civil,
                          const struct ical_zone *z)
{
    int64_t at = ical_civil_seconds(civil);
    if (civil->is_date) {
        int64_t days = 1;
        if (ev->has_end)
            days = (ical_civil_seconds(&ev->end) - ical_civil_seconds(&ev->start)) / EXPAND_DAY;
        else if (ev->has_duration)
            days = ev->days + (ev->seconds + EXPAND_DAY - 1) / EXPAND_DAY;
        struct ical_time end = ical_civil_time(at + (days < 1 ? 1 : days) * EXPAND_DAY, true, "");
        return ical_zone_instant(z, &end);
    }
    if (ev->has_end)
        return ical_zone_instant(z, civil) + expand_instant(x, &ev->end) - expand_instant(x, &ev->start);
    struct ical_time end = ical_civil_time(at + (int64_t)ev->days * EXPAND_DAY, false, civil->zone);
    return ical_zone_instant(z, &end) + ev->seconds;
}

/* The key of a RECURRENCE-ID or of an original start. For an all-day master a time stands for its day, and the other
 * way round the day stands for the start at the master's hour. */
static int64_t expand_key(const struct expand *x, const struct ical_time *t)
{
    const struct ical_event *m = x->master;
    bool all_day = m == NULL ? t->is_date : m->start.is_date;
    if (all_day && t->is_date)
        return ical_civil_seconds(t);
    if (all_day) {
        struct ical_time local = *t;
        if (strcmp(t->zone, "UTC") == 0)
            local = ical_zone_civil(x->home, expand_instant(x, t));
        return (int64_t)date_to_days(local.date) * EXPAND_DAY;
    }
    if (t->is_date) {
        struct ical_time timed = m->start;
        timed.date = t->date;
        return expand_instant(x, &timed);
    }
    return expand_instant(x, t);
}

/* ---- collecting starts */

static void expand_add_start(struct expand *x, int64_t civil, int64_t length)
{
    if (civil < x->low || civil > x->high)
        return;
    if (x->start_count == EXPAND_STEPS) {
        x->cut = true;
        return;
    }
    if (x->start_count == x->start_room) {
        x->start_room = x->start_room == 0 ? 64 : x->start_room * 2;
        x->starts = mem_resize(x->starts, (size_t)x->start_room, sizeof *x->starts);
    }
    x->starts[x->start_count++] = (struct expand_start){civil, length};
}

/* UNTIL as a civil time in the master's zone. */
static void expand_mend_until(const struct expand *x, struct ical_rule *r)
{
    struct ical_time until;
    if (!ical_rule_until(r, &until))
        return;
    const struct ical_time *start = &x->master->start;
    if (start->is_date) {
        until = ical_civil_time(ical_civil_seconds(&until), true, "");
    } else if (until.is_date) {
        until = ical_civil_time(ical_civil_seconds(&until) + EXPAND_DAY - 1, false, "");
    } else if (strcmp(until.zone, "UTC") == 0) {
        until = ical_zone_civil(x->zone, expand_instant(x, &until));
    }
    *until.zone = '\0';
    ical_rule_set_until(r, &until);
}

/* Walks from the start; false when the steps ran out. */
static bool expand_walk(struct expand *x, struct ical_rule *r, const struct ical_time *from)
{
    struct ical_time start = x->master->start, t;
    *start.zone = '\0';
    if (!ical_rule_begin(r, &start, from))
        return true;
    int found = 0;
    while (x->steps < EXPAND_STEPS && found <= EXPAND_ROWS) {
        x->steps++;
        if (!ical_rule_next(r, &t))
            return true;
        int64_t civil = ical_civil_seconds(&t);
        if (civil > x->high)
            return true;
        found += civil >= x->low;
        expand_add_start(x, civil, -1);
    }
    return found > EXPAND_ROWS;
}

static void expand_rule(struct expand *x, const char *text)
{
    struct ical_rule *r = ical_rule_new(text);
    if (r == NULL)
        return;
    expand_mend_until(x, r);
    int before = x->start_count;
    bool whole = expand_walk(x, r, NULL);
    if (!whole && !ical_rule_has_count(r) && x->low > ical_civil_seconds(&x->master->start)) {
        struct ical_time from = ical_civil_time(x->low, x->master->start.is_date, "");
        x->steps = 0;
        x->start_count = before;
        whole = expand_walk(x, r, &from);
    }
    x->cut = x->cut || !whole || x->start_count - before > EXPAND_ROWS;
    ical_rule_free(r);
}

static int expand_compare_starts(const void *a, const void *b)
{
    const struct expand_start *p = a, *q = b;
    return p->civil != q->civil ? (p->civil > q->civil) - (p->civil < q->civil)
                                : (p->length < q->length) - (p->length > q->length);
}

/* EXRULE (RFC 2445): its starts are taken out of what was collected. */
static void expand_exclude_rule(struct expand *x, const char *text)
{
    struct expand_start *kept = x->starts;
    int kept_count = x->start_count, kept_room = x->start_room, out = 0;
    x->starts = NULL;
    x->start_count = x->start_room = 0;
    expand_rule(x, text);
    for (int i = 0; i < kept_count; i++) {
        bool excluded = false;
        for (int low = 0, high = x->start_count; low < high && !excluded;) {
            int middle = (low + high) / 2;
            excluded = x->starts[middle].civil == kept[i].civil;
            if (x->starts[middle].civil < kept[i].civil)
                low = middle + 1;
            else
                high = middle;
        }
        if (!excluded)
            kept[out++] = kept[i];
    }
    free(x->starts);
    x->starts = kept;
    x->start_count = out;
    x->start_room = kept_room;
}

static bool expand_is_excluded(const struct expand *x, const struct ical_time *civil, int64_t key)
{
    for (int i = 0; i < x->master->exdate_count; i++) {
        bool day = x->master->exdates[i].is_date;
        if (x->exkeys[i] == (day ? date_to_days(civil->date) : key))
            return true;
    }
    return false;
}

static void expand_collect(struct expand *x)
{
    const struct ical_event *m = x->master;
    expand_add_start(x, ical_civil_seconds(&m->start), -1);
    for (int i = 0; i < m->rule_count; i++)
        expand_rule(x, m->rules[i]);
    for (int i = 0; i < m->extra_count; i++) {
        struct ical_time t = m->extras[i].at;
        if (!t.is_date && !m->start.is_date)
            t = ical_zone_civil(x->zone, expand_instant(x, &t));
        else if (t.is_date && !m->start.is_date)
            t = ical_civil_time(ical_civil_seconds(&t) + ical_civil_seconds(&m->start) % EXPAND_DAY, false, "");
        else
            t = ical_civil_time(ical_civil_seconds(&t) - t.hour * 3600 - t.minute * 60 - t.second, true, "");
        expand_add_start(x, ical_civil_seconds(&t), m->extras[i].seconds);
    }
    for (int i = 0; i < m->exrule_count; i++)
        expand_exclude_rule(x, m->exrules[i]);
    if (x->start_count > 1)
        qsort(x->starts, (size_t)x->start_count, sizeof *x->starts, expand_compare_starts);
}

/* ---- rows */

static void expand_add_row(struct expand *x, struct expand_row row)
{
    bool in = row.start < x->range->to && (row.end > x->range->from || row.start >= x->range->from);
    if (!in)
        return;
    if (x->row_count == x->row_room) {
        x->row_room = x->row_room == 0 ? 64 : x->row_room * 2;
        x->rows = mem_resize(x->rows, (size_t)x->row_room, sizeof *x->rows);
    }
    x->rows[x->row_count++] = row;
}

static bool expand_is_cancelled(const struct expand *x, const struct ical_event *ev)
{
    return strcmp(ev->text[ICAL_STATUS], "CANCELLED") == 0 ||
           (x->master != NULL && strcmp(x->master->text[ICAL_STATUS], "CANCELLED") == 0);
}

static const char *expand_change(const struct expand *x, const struct ical_event *ev, enum ical_text which)
{
    const char *text = ev->text[which];
    return *text == '\0' || (x->master != NULL && strcmp(x->master->text[which], text) == 0) ? NULL : text;
}

/* The override for exactly this key, and the last THISANDFUTURE one at or before it. */
static const struct ical_event *expand_override(const struct expand *x, int64_t key, const struct ical_event **future)
{
    const struct ical_event *exact = NULL;
    int64_t best = 0;
    *future = NULL;
    for (int i = 0; i < x->event_count; i++) {
        const struct ical_event *ev = &x->events[i];
        if (!ev->has_rid)
            continue;
        int64_t at = x->keys[i];
        if (at == key)
            exact = ev;
        if (ev->rid_future && at <= key && (*future == NULL || at >= best)) {
            *future = ev;
            best = at;
        }
    }
    return exact;
}

/* An occurrence of the master that no override names. A THISANDFUTURE override before it moves it by what it moved its
 * own. */
static void expand_plain_row(struct expand *x, const struct expand_start *s, const struct ical_event *future)
{
    const struct ical_event *m = x->master, *shape = future == NULL ? m : future;
    struct ical_time civil = ical_civil_time(s->civil, m->start.is_date, m->start.zone);
    struct expand_row row = {
        .key = expand_key(x, &civil), .cancelled = expand_is_cancelled(x, shape), .is_date = civil.is_date};
    if (future != NULL && future->start.is_date == m->start.is_date) {
        int64_t at = expand_key(x, &future->rid);
        struct ical_time rid = m->start.is_date ? ical_civil_time(at, true, "") : ical_zone_civil(x->zone, at);
        struct ical_time begin = future->start;
        if (!begin.is_date)
            begin = ical_zone_civil(x->zone, expand_instant(x, &begin));
        civil = ical_civil_time(s->civil + ical_civil_seconds(&begin) - ical_civil_seconds(&rid), m->start.is_date,
                                m->start.zone);
    }
    row.start = ical_zone_instant(x->zone, &civil);
    row.end = s->length >= 0 ? row.start + s->length : expand_end(x, shape, &civil, x->zone);
    if (future != NULL) {
        row.title = expand_change(x, future, ICAL_SUMMARY);
        row.place = expand_change(x, future, ICAL_LOCATION);
    }
    expand_add_row(x, row);
}

static void expand_master_rows(struct expand *x)
{
    expand_collect(x);
    for (int i = 0; i < x->start_count; i++) {
        const struct expand_start *s = &x->starts[i];
        if (i > 0 && s->civil == s[-1].civil)
            continue;
        struct ical_time civil = ical_civil_time(s->civil, x->master->start.is_date, x->master->start.zone);
        int64_t key = expand_key(x, &civil);
        const struct ical_event *future;
        if (expand_is_excluded(x, &civil, key) || expand_override(x, key, &future) != NULL)
            continue;
        expand_plain_row(x, s, future);
    }
}

static void expand_override_rows(struct expand *x)
{
    for (int i = 0; i < x->event_count; i++) {
        const struct ical_event *ev = &x->events[i];
        if (!ev->has_rid)
            continue;
        const struct ical_zone *z = expand_zone(x, &ev->start);
        expand_add_row(x, (struct expand_row){
                              .key = x->keys[i],
                              .start = ical_zone_instant(z, &ev->start),
                              .end = expand_end(x, ev, &ev->start, z),
                              .cancelled = expand_is_cancelled(x, ev),
                              .title = expand_change(x, ev, ICAL_SUMMARY),
                              .place = expand_change(x, ev, ICAL_LOCATION),
                              .is_date = ev->start.is_date,
                          });
    }
}

static int expand_compare_rows(const void *a, const void *b)
{
    const struct expand_row *p = a, *q = b;
    if (p->start != q->start)
        return (p->start > q->start) - (p->start < q->start);
    return (p->key > q->key) - (p->key < q->key);
}

/* ---- in and out */

static void expand_read(struct expand *x, const struct ical_file *f)
{
    ical_zones_forget_own(x->zones);
    for (int i = 0; i < f->zone_count; i++)
        ical_zones_add_own(x->zones, f->zones[i].key, f->zones[i].text);
    x->events = mem_new((size_t)f->event_count + 1, sizeof *x->events);
    for (int i = 0; i < f->event_count; i++) {
        struct ical_event *ev = &x->events[x->event_count];
        if (ical_read_event(ev, f->events[i].text) && ev->has_start) {
            x->event_count++;
            continue;
        }
        ical_event_done(ev);
    }
    for (int i = 0; i < x->event_count; i++) {
        if (!x->events[i].has_rid)
            x->master = &x->events[i];
    }
    /* Some programs give every event a RECURRENCE-ID: one with a rule and no master beside it is the master. */
    for (int i = 0; i < x->event_count && x->master == NULL; i++) {
        if (x->events[i].rule_count > 0) {
            x->events[i].has_rid = false;
            x->master = &x->events[i];
        }
    }
}

/* Keys are compared often, and a zone has to be asked for each. */
static void expand_find_keys(struct expand *x)
{
    int exdates = x->master == NULL ? 0 : x->master->exdate_count;
    x->keys = mem_new((size_t)x->event_count + 1, sizeof *x->keys);
    x->exkeys = mem_new((size_t)exdates + 1, sizeof *x->exkeys);
    for (int i = 0; i < x->event_count; i++)
        x->keys[i] = x->events[i].has_rid ? expand_key(x, &x->events[i].rid) : 0;
    for (int i = 0; i < exdates; i++) {
        const struct ical_time *d = &x->master->exdates[i];
        x->exkeys[i] = d->is_date ? date_to_days(d->date) : expand_key(x, d);
    }
}

/* How far from the range a start may lie and still belong to it: the longest event, a THISANDFUTURE move, and two days
 * for zones. */
static void expand_bound(struct expand *x)
{
    int64_t reach = 2 * EXPAND_DAY;
    for (int i = 0; i < x->event_count; i++) {
        const struct ical_event *ev = &x->events[i];
        int64_t length = (ev->days + 1) * (int64_t)EXPAND_DAY + ev->seconds;
        if (ev->has_end)
            length = ical_civil_seconds(&ev->end) - ical_civil_seconds(&ev->start) + EXPAND_DAY;
        if (ev->rid_future)
            length += llabs(ical_civil_seconds(&ev->start) - ical_civil_seconds(&ev->rid)) + EXPAND_DAY;
        reach = length > reach ? length : reach;
        for (int k = 0; k < ev->extra_count; k++)
            reach = ev->extras[k].seconds + EXPAND_DAY > reach ? ev->extras[k].seconds + EXPAND_DAY : reach;
    }
    if (reach > EXPAND_LONGEST * (int64_t)EXPAND_DAY)
        reach = EXPAND_LONGEST * (int64_t)EXPAND_DAY;
    x->low = x->range->from - reach - 2 * EXPAND_DAY;
    x->high = x->range->to + reach + 2 * EXPAND_DAY;
}

static void expand_write_rid(char out[24], const struct expand *x, const struct expand_row *row, bool all_day)
{
    const struct ical_event *m = x->master;
    bool single = m != NULL && m->rule_count == 0 && m->extra_count == 0;
    struct ical_time t = ical_civil_time(row->key, false, "UTC");
    *out = '\0';
    if (single && row->key == expand_key(x, &m->start))
        return;
    snprintf(out, 24, "%04d%02d%02d", t.date.year % 10000, t.date.month % 100, t.date.day % 100);
    if (!all_day)
        snprintf(out + 8, 16, "T%02d%02d%02dZ", t.hour % 100, t.minute % 100, t.second % 100);
}

static struct json *expand_reply(struct expand *x)
{
    const struct ical_event *first = x->master != NULL ? x->master : x->event_count > 0 ? x->events : NULL;
    struct json *j = json_new_object(), *list = json_new_array();
    bool all_day = first != NULL && first->start.is_date;
    const char *class = first == NULL ? "" : first->text[ICAL_CLASS];
    int count = x->row_count < x->range->max ? x->row_count : x->range->max;
    json_put_bool(j, "allDay", all_day);
    json_put_bool(j, "private", strcmp(class, "PRIVATE") == 0 || strcmp(class, "CONFIDENTIAL") == 0);
    json_put_bool(j, "cut", x->cut || count < x->row_count);
    for (int i = 0; i < count; i++) {
        const struct expand_row *row = &x->rows[i];
        struct json *o = json_new_object();
        char rid[24];
        expand_write_rid(rid, x, row, all_day);
        json_put_str(o, "r", rid);
        json_put_int(o, "s", row->start);
        json_put_int(o, "e", row->end);
        if (row->is_date)
            json_put_bool(o, "d", true);
        if (row->cancelled)
            json_put_bool(o, "c", true);
        json_put_str(o, "t", row->title);
        json_put_str(o, "l", row->place);
        json_put(list, NULL, o);
    }
    json_put(j, "o", list);
    return j;
}

struct json *expand_events(struct ical_zones *zones, const char *ics, const char *zone,
                           const struct expand_range *range)
{
    struct expand x = {.zones = zones, .range = range};
    struct ical_file f;
    ical_split(&f, ics, strlen(ics));
    expand_read(&x, &f);
    x.home = ical_zone_find(zones, zone);
    if (x.home == NULL)
        x.home = ical_zone_find(zones, "UTC");
    expand_find_keys(&x);
    expand_bound(&x);
    if (x.master != NULL) {
        x.zone = expand_zone(&x, &x.master->start);
        expand_master_rows(&x);
    }
    expand_override_rows(&x);
    if (x.row_count > 1)
        qsort(x.rows, (size_t)x.row_count, sizeof *x.rows, expand_compare_rows);
    struct json *j = expand_reply(&x);
    for (int i = 0; i < x.event_count; i++)
        ical_event_done(&x.events[i]);
    free(x.events);
    free(x.starts);
    free(x.rows);
    free(x.keys);
    free(x.exkeys);
    ical_split_done(&f);
    return j;
}
