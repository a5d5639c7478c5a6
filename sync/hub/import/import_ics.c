/* A calendar file becomes events: its VEVENTs are read one by one, gathered by UID, the newest of each kept, and stored
 * as one VCALENDAR per UID. METHOD tells what a file is: PUBLISH or none is the whole feed; REQUEST, ADD and CANCEL
 * speak about single events and are laid over what is known of them; the rest is talk between organiser and guests (RFC
 * 5546). */
#include "sync/hub/import/import.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "kiosk/base/sql.h"
#include "sync/hub/events/ical_write.h"
#include "sync/hub/events/ical_zone.h"
#include "sync/hub/import/import_ics.h"

enum { ICS_STORED_MAX = 2 * 1024 * 1024, ICS_MESSAGES = 200 };

enum ics_method { ICS_FEED, ICS_SINGLE, ICS_CANCEL, ICS_TALK };

/* Which of two VEVENTs with the same UID and RECURRENCE-ID counts: a notice that all is cancelled says less than what
 * is stored, and what is stored less than what the file says. */
enum ics_rank { ICS_NOTICE, ICS_STORED, ICS_FRESH };

/* One VEVENT that was read. */
struct ics_item {
    struct json *j; /* what calendar_read gave */
    const char *uid, *rid;
    int64_t sequence;
    int order;
    enum ics_rank rank;
    const struct ical_file *file; /* where it stands */
    int block;
};

struct ics_import {
    struct import *im;
    int64_t source; /* the import's, or that of the events a message is about */
    char source_name[1024];
    const struct ical_file *file;
    struct ical_file stored[ICS_MESSAGES]; /* calendars from the database that messages are laid over */
    int stored_count;
    struct ics_item *items;
    int count;
    int usable;
};

static const struct ical_block *ics_block(const struct ics_item *item) { return &item->file->events[item->block]; }

static const struct ical_calendar *ics_calendar(const struct ics_item *item)
{
    return &item->file->calendars[ics_block(item)->calendar];
}

static enum ics_method ics_method_of(const struct ical_calendar *c)
{
    static const struct {
        const char *name;
        enum ics_method method;
    } known[] = {{"PUBLISH", ICS_FEED}, {"REQUEST", ICS_SINGLE}, {"ADD", ICS_SINGLE},   {"CANCEL", ICS_CANCEL},
                 {"REPLY", ICS_TALK},   {"COUNTER", ICS_TALK},   {"REFRESH", ICS_TALK}, {"DECLINECOUNTER", ICS_TALK}};
    for (size_t i = 0; c->method != NULL && i < sizeof known / sizeof known[0]; i++) {
        if (strcasecmp(c->method, known[i].name) == 0)
            return known[i].method;
    }
    return ICS_FEED;
}

/* The zone of a calendar's floating times: X-WR-TIMEZONE, else the hub's. */
static void ics_zone_of(const struct ics_import *ics, const struct ical_calendar *c, char out[ICAL_IANA_NAME])
{
    if (c->zone == NULL || !ical_zone_iana(c->zone, out))
        snprintf(out, ICAL_IANA_NAME, "%.63s", ics->im->records.zone);
}

/* ---- reading */

static struct ics_item *ics_add_item(struct ics_import *ics, struct json *j, const struct ical_file *f, int block)
{
    if ((ics->count & (ics->count - 1)) == 0)
        ics->items = mem_resize(ics->items, ics->count == 0 ? 1 : (size_t)ics->count * 2, sizeof *ics->items);
    ics->items[ics->count] = (struct ics_item){.j = j,
                                               .uid = json_str(j, "uid", ""),
                                               .rid = json_str(j, "rid", ""),
                                               .sequence = json_int(j, "sequence", 0),
                                               .order = ics->count,
                                               .rank = f == ics->file ? ICS_FRESH : ICS_STORED,
                                               .file = f,
                                               .block = block};
    return &ics->items[ics->count++];
}

/* What could not be read keeps its record, if there is one. */
static enum err ics_skip(struct ics_import *ics, const struct ical_block *b, const struct error *why, struct error *e)
{
    char uid[256];
    text_sanitize(uid, sizeof uid, b->key, strlen(b->key), TEXT_LINE);
    import_skip(ics->im, b->line, "event%s%s: %s", *uid == '\0' ? "" : " ", uid, why->text);
    struct record_in in = {.source = ics->source, .source_name = ics->source_name, .kind = "event", .uid = uid};
    return *uid == '\0' ? ERR_NONE : record_keep(&ics->im->records, &in, e);
}

static enum err ics_read_one(struct ics_import *ics, int i, struct error *e)
{
    const struct ical_block *b = &ics->file->events[i];
    const struct ical_calendar *c = &ics->file->calendars[b->calendar];
    enum ics_method method = ics_method_of(c);
    char zone[ICAL_IANA_NAME];
    struct json *j = NULL;
    struct error why;
    if (method == ICS_TALK) {
        error_set(&why, ERR_INVALID, "METHOD:%s is an answer between people, not an event", c->method);
        return ics_skip(ics, b, &why, e);
    }
    ics_zone_of(ics, c, zone);
    unsigned flags = method == ICS_CANCEL ? CALENDAR_CANCEL : CALENDAR_PLAIN;
    if (calendar_read(ics->im->records.calendar, ics->file, i, zone, flags, &j, &why) != ERR_NONE)
        return ics_skip(ics, b, &why, e);
    for (const struct json *f = json_first(json_get(j, "faults")); f != NULL; f = json_next(f))
        import_tell(ics->im, b->line, "event %s: %s", json_str(j, "uid", ""), json_value_str(f, ""));
    struct ics_item *item = ics_add_item(ics, j, ics->file, i);
    if (method == ICS_CANCEL && *item->rid == '\0')
        item->rank = ICS_NOTICE;
    return ERR_NONE;
}

/* ---- messages about events that are known */

static bool ics_is_message(enum ics_method m) { return m == ICS_SINGLE || m == ICS_CANCEL; }

/* The stored calendar of a UID, from this source or else from any, which then becomes the file's. *text is the
 * caller's. */
static enum err ics_find_stored(struct ics_import *ics, const char *uid, char **text, struct error *e)
{
    struct sql_stmt *st =
        sql_get(ics->im->records.hub->db,
                "SELECT record.ics, source.id, source.name FROM record JOIN source ON source.id = record.source "
                "WHERE record.kind = 'event' AND record.uid = :uid AND record.live = 1 "
                "ORDER BY source.id <> :source, source.id LIMIT 1");
    bool row = false;
    *text = NULL;
    sql_bind_text(st, ":uid", uid);
    sql_bind_int(st, ":source", ics->source);
    enum err code = sql_step(st, &row, e);
    if (code != ERR_NONE || !row)
        return code;
    *text = mem_dup_str(sql_text(st, 0));
    ics->source = sql_int(st, 1);
    snprintf(ics->source_name, sizeof ics->source_name, "%s", sql_text(st, 2));
    sql_reset(st);
    return ERR_NONE;
}

/* Lays item over what is stored of its UID. A cancelled master cancels the stored one, which knows more of its rule. */
static enum err ics_lay_over(struct ics_import *ics, const struct ics_item *item, struct error *e)
{
    char *text = NULL;
    enum err code = ics_find_stored(ics, item->uid, &text, e);
    if (code != ERR_NONE || text == NULL)
        return code;
    unsigned flags = item->rank == ICS_NOTICE ? CALENDAR_CANCEL : CALENDAR_PLAIN;
    struct ical_file *f = &ics->stored[ics->stored_count++];
    ical_split(f, text, strlen(text));
    free(text);
    for (int i = 0; i < f->event_count; i++) {
        struct json *j = NULL;
        if (calendar_read(ics->im->records.calendar, f, i, ics->im->records.zone, flags, &j, NULL) == ERR_NONE)
            ics_add_item(ics, j, f, i);
    }
    return ERR_NONE;
}

static enum err ics_lay_messages(struct ics_import *ics, struct error *e)
{
    enum err code = ERR_NONE;
    int fresh = ics->count;
    for (int i = 0; i < fresh && code == ERR_NONE && ics->stored_count < ICS_MESSAGES; i++) {
        struct ics_item item = ics->items[i];
        bool again = false;
        for (int k = 0; k < i && !again; k++)
            again = strcmp(ics->items[k].uid, item.uid) == 0;
        if (!again && ics_is_message(ics_method_of(ics_calendar(&item))))
            code = ics_lay_over(ics, &item, e);
    }
    return code;
}

/* ---- gathering */

static int ics_compare_items(const void *a, const void *b)
{
    const struct ics_item *p = a, *q = b;
    int by = strcmp(p->uid, q->uid);
    if (by == 0)
        by = strcmp(p->rid, q->rid);
    if (by == 0)
        by = (int)p->rank - (int)q->rank;
    if (by == 0)
        by = (p->sequence > q->sequence) - (p->sequence < q->sequence);
    return by != 0 ? by : (p->order > q->order) - (p->order < q->order);
}

/* From `first`, sorted: how many items have the same UID. */
static int ics_group(const struct ics_import *ics, int first)
{
    int n = 1;
    while (first + n < ics->count && strcmp(ics->items[first + n].uid, ics->items[first].uid) == 0)
        n++;
    return n;
}

/* Items of a group with the same RECURRENCE-ID stand together, the newest last: that one counts. */
static bool ics_is_newest(const struct ics_import *ics, int i, int end)
{
    return i + 1 == end || strcmp(ics->items[i].rid, ics->items[i + 1].rid) != 0;
}

static bool ics_group_needs(const struct ics_import *ics, int first, int n, const char *tzid)
{
    for (int i = first; i < first + n; i++) {
        const struct json *needs = json_get(ics->items[i].j, "needs");
        for (const struct json *t = json_first(needs); t != NULL; t = json_next(t)) {
            if (strcmp(json_value_str(t, ""), tzid) == 0)
                return true;
        }
    }
    return false;
}

/* The zones of the first item's file that the group needs, each name once. */
static void ics_write_zones(struct buf *out, const struct ics_import *ics, int first, int n)
{
    const struct ical_file *f = ics->items[first].file;
    for (int i = first; i < first + n; i++)
        f = ics->items[i].file->zone_count > 0 ? ics->items[i].file : f;
    for (int z = 0; z < f->zone_count; z++) {
        const char *key = f->zones[z].key;
        bool before = false;
        for (int k = 0; k < z && !before; k++)
            before = strcmp(f->zones[k].key, key) == 0;
        if (!before && ics_group_needs(ics, first, n, key))
            ical_write_block(out, f->zones[z].text);
    }
}

static void ics_write_group(struct buf *out, const struct ics_import *ics, int first, int n)
{
    ical_write_begin(out);
    ics_write_zones(out, ics, first, n);
    for (int i = first; i < first + n; i++) {
        if (ics_is_newest(ics, i, first + n))
            buf_add_str(out, json_str(ics->items[i].j, "vevent", ""));
    }
    ical_write_end(out);
}

/* ---- putting */

static enum err ics_put_text(struct ics_import *ics, const struct ics_item *item, const char *text, struct error *e)
{
    struct json *d = json_new_object();
    struct record_in in = {
        .source = ics->source, .source_name = ics->source_name, .kind = "event", .uid = item->uid, .d = d, .ics = text};
    enum record_change change = RECORD_UNCHANGED;
    struct ics_about about = {.im = ics->im, .source = ics->source, .calendar_name = ics_calendar(item)->name};
    enum err code = ics_describe(d, &about, item->j, e);
    if (code == ERR_NONE)
        code = record_put(&ics->im->records, &in, &change, e);
    json_free(d);
    if (code == ERR_NONE) {
        import_counted(ics->im, change);
        ics->usable++;
    }
    return code;
}

/* An event whose rule cannot be walked lands without it. */
static enum err ics_put_single(struct ics_import *ics, const struct ics_item *item, struct error *e)
{
    char zone[ICAL_IANA_NAME];
    struct ics_item plain = *item;
    struct buf text;
    ics_zone_of(ics, ics_calendar(item), zone);
    enum err code =
        calendar_read(ics->im->records.calendar, item->file, item->block, zone, CALENDAR_SINGLE, &plain.j, e);
    if (code != ERR_NONE)
        return code;
    buf_init(&text, ICS_STORED_MAX);
    ical_write_begin(&text);
    buf_add_str(&text, json_str(plain.j, "vevent", ""));
    ical_write_end(&text);
    code = ics_put_text(ics, &plain, text.data, e);
    buf_done(&text);
    json_free(plain.j);
    return code;
}

static bool ics_is_own_fault(enum err code)
{
    return code == ERR_TIMEOUT || code == ERR_CORRUPT || code == ERR_TOO_BIG || code == ERR_INVALID;
}

/* The newest master, else the newest of the first override. */
static const struct ics_item *ics_base(const struct ics_import *ics, int first, int n)
{
    int i = first;
    while (!ics_is_newest(ics, i, first + n))
        i++;
    return &ics->items[i];
}

/* What stands in the file twice, and not in the same words, is told: the calendar's maker may not have meant it. */
static void ics_tell_repeated(struct ics_import *ics, int i, int end)
{
    if (ics_is_newest(ics, i, end) || ics->items[i].rank != ICS_FRESH || ics->items[i + 1].rank != ICS_FRESH ||
        strcmp(json_str(ics->items[i].j, "vevent", ""), json_str(ics->items[i + 1].j, "vevent", "")) == 0)
        return;
    import_tell(ics->im, ics_block(&ics->items[i])->line, "event %s: stands in the file again at line %d, which counts",
                ics->items[i].uid, ics_block(&ics->items[i + 1])->line);
}

static enum err ics_put_group(struct ics_import *ics, int first, int n, struct error *e)
{
    const struct ics_item *base = ics_base(ics, first, n);
    for (int i = first; i < first + n; i++)
        ics_tell_repeated(ics, i, first + n);
    struct buf text;
    struct error why = {0};
    buf_init(&text, ICS_STORED_MAX);
    ics_write_group(&text, ics, first, n);
    enum err code =
        text.overflow ? error_set(&why, ERR_TOO_BIG, "it is too long") : ics_put_text(ics, base, text.data, &why);
    buf_done(&text);
    if (code == ERR_TIMEOUT || code == ERR_CORRUPT) {
        import_tell(ics->im, ics_block(base)->line, "event %s: the rule %s; taken as a single event", base->uid,
                    why.text);
        code = ics_put_single(ics, base, &why);
    }
    if (code != ERR_NONE && !ics_is_own_fault(code)) {
        if (e != NULL)
            *e = why;
        return code;
    }
    return code == ERR_NONE ? ERR_NONE : ics_skip(ics, ics_block(base), &why, e);
}

/* ---- a whole file */

static enum err ics_put_all(struct ics_import *ics, struct error *e)
{
    enum err code = ics_lay_messages(ics, e);
    if (ics->count > 1)
        qsort(ics->items, (size_t)ics->count, sizeof *ics->items, ics_compare_items);
    for (int i = 0, n; i < ics->count && code == ERR_NONE; i += n) {
        n = ics_group(ics, i);
        code = ics_put_group(ics, i, n, e);
    }
    return code;
}

static bool ics_is_feed(const struct ical_file *f)
{
    for (int i = 0; i < f->calendar_count; i++) {
        if (ics_method_of(&f->calendars[i]) != ICS_FEED)
            return false;
    }
    return f->complete;
}

static void ics_done(struct ics_import *ics)
{
    for (int i = 0; i < ics->count; i++)
        json_free(ics->items[i].j);
    for (int i = 0; i < ics->stored_count; i++)
        ical_split_done(&ics->stored[i]);
    free(ics->items);
    free(ics);
}

enum err import_ics(struct import *im, const struct buf *bytes, bool *complete, struct error *e)
{
    struct ical_file f;
    ical_split(&f, bytes->data, bytes->len);
    struct ics_import *ics = mem_new(1, sizeof *ics);
    *ics = (struct ics_import){.im = im, .file = &f, .source = im->source};
    snprintf(ics->source_name, sizeof ics->source_name, "%s", im->source_name);
    enum err code = ERR_NONE;
    if (f.calendar_count == 0)
        code = error_set(e, ERR_INVALID, "%s: no calendar in it", im->file);
    for (int i = 0; i < f.event_count && code == ERR_NONE; i++)
        code = ics_read_one(ics, i, e);
    if (code == ERR_NONE)
        code = ics_put_all(ics, e);
    *complete = ics_is_feed(&f);
    if (code == ERR_NONE && !f.complete)
        import_tell(im, 0, "the calendar ends too early or a limit was met; nothing is withdrawn");
    if (code == ERR_NONE && ics->usable == 0 && f.event_count > 0)
        code = error_set(e, ERR_INVALID, "%s: none of its %d events can be used", im->file, f.event_count);
    ics_done(ics);
    ical_split_done(&f);
    return code;
}
