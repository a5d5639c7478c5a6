/* Requests and replies are JSON. After a few calls that broke the helper the calendar gives up: a file made to waste
 * time wastes seconds, not hours. */
#include "sync/hub/events/calendar.h"

#include <stdlib.h>
#include <string.h>

#include "kiosk/base/buf.h"
#include "sync/hub/events/calendar_memo.h"
#include "sync/hub/events/expand.h"
#include "sync/hub/events/ical_norm.h"
#include "sync/hub/events/worker.h"

enum {
    CALENDAR_MEMORY = 400 * 1024 * 1024,
    CALENDAR_REPLY = 8 * 1024 * 1024,
    CALENDAR_TIMEOUT_MS = 4000,
    CALENDAR_STRIKES = 8,
};

struct calendar {
    struct worker *worker;
    struct calendar_memo *memo; /* NULL: answers are not kept */
    int strikes;
};

/* ---- in the helper process */

static void *calendar_start(void) { return ical_zones_new(); }

static struct json *calendar_answer_read(struct ical_zones *zones, const struct json *q)
{
    struct ical_norm n = {
        .zones = zones, .zone = json_str(q, "zone", "UTC"), .flags = (unsigned)json_int(q, "flags", 0)};
    struct ical_event ev;
    ical_zones_forget_own(zones);
    for (const struct json *z = json_first(json_get(q, "zones")); z != NULL; z = json_next(z))
        ical_zones_add_own(zones, json_str(z, "id", ""), json_str(z, "text", ""));
    bool good = ical_read_event(&ev, json_str(q, "text", "")) && ical_normalise(&n, &ev);
    struct json *reply = NULL;
    if (good) {
        reply = ical_describe(&n, &ev);
    } else {
        reply = json_new_object();
        json_put_str(reply, "error", n.fault_count > 0 ? n.faults[n.fault_count - 1] : "it cannot be read as an event");
    }
    ical_event_done(&ev);
    return reply;
}

static void calendar_answer(void *state, const char *request, size_t n, struct buf *reply)
{
    struct json *q = NULL, *j = NULL;
    if (json_parse(&q, request, n, n, NULL) != ERR_NONE)
        return;
    if (json_get(q, "ics") != NULL) {
        struct expand_range range = {
            .from = json_int(q, "from", 0), .to = json_int(q, "to", 0), .max = (int)json_int(q, "max", 1)};
        j = expand_events(state, json_str(q, "ics", ""), json_str(q, "zone", "UTC"), &range);
    } else {
        j = calendar_answer_read(state, q);
    }
    json_write(j, reply);
    json_free(j);
    json_free(q);
}

static const struct worker_task calendar_task = {
    .answer = calendar_answer,
    .start = calendar_start,
    .memory = CALENDAR_MEMORY,
    .reply_max = CALENDAR_REPLY,
    .timeout_ms = CALENDAR_TIMEOUT_MS,
};

/* ---- in the hub */

struct calendar *calendar_new(void)
{
    struct calendar *c = mem_new(1, sizeof *c);
    c->worker = worker_new(&calendar_task);
    return c;
}

void calendar_free(struct calendar *c)
{
    if (c == NULL)
        return;
    worker_free(c->worker);
    calendar_memo_free(c->memo);
    free(c);
}

void calendar_remember(struct calendar *c)
{
    calendar_memo_free(c->memo);
    c->memo = calendar_memo_new();
    c->strikes = 0;
}

static enum err calendar_call(struct calendar *c, const struct buf *question, struct buf *answer, struct error *e)
{
    if (question->overflow)
        return error_set(e, ERR_TOO_BIG, "it is too long");
    if (c->strikes >= CALENDAR_STRIKES)
        return error_set(e, ERR_TIMEOUT, "not tried: too many before it took too long");
    enum err code = worker_call(c->worker, question->data, question->len, answer, e);
    if (code == ERR_TIMEOUT || code == ERR_CORRUPT)
        c->strikes++;
    return code;
}

/* Takes request. */
static enum err calendar_ask(struct calendar *c, struct json *request, struct json **reply, struct error *e)
{
    struct buf out, in;
    struct error why = {0};
    enum err code;
    buf_init(&out, (size_t)2 * ICAL_FILE_MAX);
    buf_init(&in, CALENDAR_REPLY);
    json_write(request, &out);
    json_free(request);
    if (c->memo == NULL || !calendar_memo_find(c->memo, &out, &in, &why)) {
        why.code = calendar_call(c, &out, &in, &why);
        if (c->memo != NULL)
            calendar_memo_keep(c->memo, &out, &in, &why);
    }
    code = why.code;
    if (code == ERR_NONE)
        code = json_parse(reply, in.data, in.len, CALENDAR_REPLY, e);
    else if (e != NULL)
        *e = why;
    buf_done(&out);
    buf_done(&in);
    return code;
}

/* The VTIMEZONEs of the file that this event names. */
static struct json *calendar_zones_of(const struct ical_file *f, const struct ical_block *event)
{
    struct json *list = json_new_array();
    for (int i = 0; i < f->zone_count; i++) {
        const struct ical_block *z = &f->zones[i];
        char iana[ICAL_IANA_NAME];
        if (z->calendar != event->calendar || *z->key == '\0' || strstr(event->text, z->key) == NULL ||
            ical_zone_iana(z->key, iana))
            continue;
        struct json *one = json_new_object();
        json_put_str(one, "id", z->key);
        json_put_str(one, "text", z->text);
        json_put(list, NULL, one);
    }
    return list;
}

enum err calendar_read(struct calendar *c, const struct ical_file *f, int event, const char *zone, unsigned flags,
                       struct json **out, struct error *e)
{
    struct json *q = json_new_object(), *reply = NULL;
    json_put_str(q, "text", f->events[event].text);
    json_put_str(q, "zone", zone);
    json_put_int(q, "flags", flags);
    json_put(q, "zones", calendar_zones_of(f, &f->events[event]));
    enum err code = calendar_ask(c, q, &reply, e);
    if (code != ERR_NONE)
        return code;
    const char *fault = json_str(reply, "error", NULL);
    if (fault != NULL) {
        code = error_set(e, ERR_INVALID, "%s", fault);
        json_free(reply);
        return code;
    }
    *out = reply;
    return ERR_NONE;
}

enum err calendar_expand(struct calendar *c, const char *ics, const struct calendar_range *range,
                         struct calendar_times *out, struct error *e)
{
    struct json *q = json_new_object();
    *out = (struct calendar_times){0};
    json_put_str(q, "ics", ics);
    json_put_str(q, "zone", range->zone);
    json_put_int(q, "from", range->from);
    json_put_int(q, "to", range->to);
    json_put_int(q, "max", range->max < EXPAND_ROWS ? range->max : EXPAND_ROWS);
    enum err code = calendar_ask(c, q, &out->from, e);
    if (code != ERR_NONE)
        return code;
    const struct json *list = json_get(out->from, "o");
    out->list = mem_new(json_count(list) + 1, sizeof *out->list);
    out->all_day = json_bool(out->from, "allDay", false);
    out->is_private = json_bool(out->from, "private", false);
    out->cut = json_bool(out->from, "cut", false);
    for (const struct json *o = json_first(list); o != NULL; o = json_next(o)) {
        out->list[out->count++] = (struct calendar_time){
            .rid = json_str(o, "r", ""),
            .start = json_int(o, "s", 0),
            .end = json_int(o, "e", 0),
            .is_date = json_bool(o, "d", false),
            .cancelled = json_bool(o, "c", false),
            .title = json_str(o, "t", NULL),
            .place = json_str(o, "l", NULL),
        };
    }
    return ERR_NONE;
}

void calendar_times_done(struct calendar_times *t)
{
    free(t->list);
    json_free(t->from);
    *t = (struct calendar_times){0};
}
