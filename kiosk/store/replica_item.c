/* An item of the feed as rows: what is checked, what is computed. */
#include "kiosk/store/replica_item.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "kiosk/base/date.h"
#include "kiosk/base/text.h"
#include "kiosk/store/content_read.h"
#include "kiosk/store/marks.h"
#include "kiosk/store/replica_ord.h"
#include "kiosk/store/replica_search.h"
#include "kiosk/ticket/crypto.h"

enum { REPLICA_TIMES_MAX = 1000, REPLICA_WAITING_MAX = 100000, REPLICA_WORDS_MAX = 256 * 1024 };

/* ---- times */

/* An instant, or a date: then midnight in the centre's zone. */
static bool replica_read_moment(const char *text, const struct zone *zone, int64_t *out)
{
    struct date day;
    if (!date_parse(text, &day))
        return instant_parse(text, out);
    *out = zone_instant(zone, day, 0, 0, 0);
    return true;
}

static int32_t replica_day(const struct zone *zone, int64_t instant)
{
    return date_to_days(zone_local(zone, instant).date);
}

int replica_item_shift(const struct json *d, int64_t at, const struct zone *zone, struct zone **tz)
{
    const char *name = json_str(d, "tz", "");
    if (!name[0] || json_bool(d, "allDay", false) || strcmp(name, zone_name(zone)) == 0)
        return 0;
    if (!*tz || strcmp(zone_name(*tz), name) != 0) {
        zone_free(*tz);
        *tz = zone_new(name);
    }
    return *tz ? (zone_local(*tz, at).offset - zone_local(zone, at).offset) / 60 : 0;
}

static bool replica_read_time(struct replica_time *t, const struct json *j, const struct json *d,
                              const struct zone *zone, struct zone **tz)
{
    const char *id = json_str(j, "id", ""), *start = json_str(j, "startDate", ""), *end = json_str(j, "endDate", start);
    *t = (struct replica_time){0};
    content_word(t->id, sizeof t->id, id);
    if (!crypto_is_uuid(t->id) || !replica_read_moment(start, zone, &t->start) ||
        !replica_read_moment(end, zone, &t->end) || t->end < t->start)
        return false;
    t->day = replica_day(zone, t->start);
    t->last_day = replica_day(zone, t->end > t->start ? t->end - 1 : t->end);
    t->cancelled = content_status_is(json_str(d, "eventStatus", ""), "EventCancelled") ||
                   content_status_is(json_str(j, "eventStatus", ""), "EventCancelled");
    int64_t terms = json_int(j, "terms", json_int(d, "terms", 1));
    t->terms = terms >= 0 && terms <= UINT16_MAX ? (int)terms : 1;
    t->full = json_bool(j, "full", false);
    int64_t waiting = json_int(j, "waiting", 0);
    t->waiting = waiting > 0 && waiting <= REPLICA_WAITING_MAX ? (int)waiting : 0;
    const char *before = json_str(j, "previousStartDate", json_str(d, "previousStartDate", ""));
    if (!before[0] || !replica_read_moment(before, zone, &t->moved_at) || t->moved_at == t->start)
        t->moved_at = 0;
    t->shift = replica_item_shift(d, t->start, zone, tz);
    return true;
}

static enum err replica_read_times(struct replica_item *out, const struct json *d, const struct zone *zone,
                                   struct error *e)
{
    const struct json *list = json_get(d, "subEvent");
    size_t count = json_count(list);
    if (count == 0)
        return ERR_NONE;
    if (!json_is_array(list) || count > REPLICA_TIMES_MAX)
        return error_set(e, ERR_INVALID, "subEvent: no list of at most %d", REPLICA_TIMES_MAX);
    struct zone *tz = NULL;
    out->times = mem_new(count, sizeof *out->times);
    const struct json *j = json_first(list);
    for (; j && replica_read_time(&out->times[out->time_count], j, d, zone, &tz); j = json_next(j))
        out->time_count++;
    zone_free(tz);
    return j ? error_set(e, ERR_INVALID, "subEvent %d is no occurrence", out->time_count + 1) : ERR_NONE;
}

/* ---- order */

/* Minutes since 1970 of the first time that is not over; what has none comes last. */
static uint32_t replica_event_key(const struct replica_item *item, int64_t now)
{
    int64_t first = INT64_MAX;
    for (int i = 0; i < item->time_count; i++)
        if (item->times[i].end > now && item->times[i].start < first)
            first = item->times[i].start;
    if (first == INT64_MAX || first / 60 > UINT32_MAX)
        return UINT32_MAX;
    return first < 0 ? 0 : (uint32_t)(first / 60);
}

/* Calls are listed by the day that ends them, those without one last: it stands before the name in their sort key. */
static void replica_sort_key(struct replica_item *item, bool is_call)
{
    struct date day;
    size_t n = 0;
    if (is_call) {
        const char *until = json_str(item->d, "validThrough", "");
        n = (size_t)snprintf(item->sort_key, sizeof item->sort_key, "%s ", date_parse(until, &day) ? until : "9999");
    }
    text_sort_key(item->sort_key + n, sizeof item->sort_key - n, item->name);
}

/* Days since 1900 of the day that ends a call. */
static uint32_t replica_call_key(const struct replica_item *item)
{
    struct date day;
    const struct date first = {1900, 1, 1};
    if (!date_parse(json_str(item->d, "validThrough", ""), &day))
        return UINT32_MAX;
    return (uint32_t)(date_to_days(day) - date_to_days(first));
}

static uint32_t replica_key(const struct replica_item *item, const char *kind, int64_t now)
{
    if (strcmp(kind, "call") == 0)
        return replica_call_key(item);
    if (strcmp(kind, "event") == 0)
        return replica_event_key(item, now);
    if (strcmp(kind, "topic") == 0) {
        int64_t position = json_int(item->d, "position", UINT32_MAX);
        return position < 0 || position > UINT32_MAX ? UINT32_MAX : (uint32_t)position;
    }
    /* By name as far as four bytes tell it: the first 200 matches of a search are then the first by name, too. */
    uint32_t key = 0;
    size_t len = strlen(item->sort_key);
    for (size_t i = 0; i < 4; i++)
        key = key << 8 | (i < len ? (uint8_t)item->sort_key[i] : 0);
    return key;
}

/* ---- the whole */

/* Topics have words for ids: small letters, digits, dashes. */
static bool replica_is_topic(const char *id)
{
    size_t n = strspn(id, "abcdefghijklmnopqrstuvwxyz0123456789-");
    return n > 0 && n < 24 && id[n] == '\0';
}

int replica_item_topics(char (*out)[24], const struct json *d)
{
    int count = 0;
    for (const struct json *j = json_first(json_get(d, "about")); j && count < CONTENT_TOPICS; j = json_next(j)) {
        const char *topic = json_value_str(j, "");
        bool leave_out = !replica_is_topic(topic);
        for (int i = 0; i < count; i++)
            leave_out |= strcmp(out[i], topic) == 0;
        if (!leave_out)
            content_word(out[count++], sizeof out[0], topic);
    }
    return count;
}

/* FNV-1a of a text folded, 47 bits so that SQLite keeps it in six bytes; never 0. */
static int64_t replica_number_of(const char *kind, const char *text)
{
    char folded[512];
    uint64_t h = UINT64_C(14695981039346656037);
    text_fold(folded, sizeof folded, text);
    for (int part = 0; part < 2; part++)
        for (const char *s = part ? folded : kind; *s; s++)
            h = (h ^ (uint8_t)*s) * UINT64_C(1099511628211);
    h = (h ^ h >> 47) & ((UINT64_C(1) << 47) - 1);
    return h ? (int64_t)h : 1;
}

int64_t replica_town(const char *name) { return name[0] ? replica_number_of("town ", name) : 0; }

const char *replica_item_owner(const struct json *d, char room[CONTENT_ID])
{
    const char *id = json_str(d, "organizer", json_str(d, "provider", "")), *name = json_str(d, "providerName", "");
    if (id[0] || !name[0] || marks_resource_cell(d) < 0)
        return id;
    snprintf(room, CONTENT_ID, "~%llu", (unsigned long long)replica_number_of("owner ", name));
    return room;
}

struct replica_venue replica_item_venue(const struct json *d)
{
    const struct json *location = json_get(d, "location");
    struct replica_venue v = {.id = json_str(location, "id", ""),
                              .name = json_str(location, "name", ""),
                              .town = json_str(d, "addressLocality", "")};
    char name[400];
    v.city = replica_town(v.town);
    snprintf(name, sizeof name, "%.200s / %.150s", v.name, v.town);
    if (v.name[0])
        v.place = v.id[0] ? replica_number_of("id ", v.id) : replica_number_of("name ", name);
    return v;
}

enum err replica_item_read(struct replica_item *out, const char *kind, const char *id, const struct json *d,
                           const struct zone *zone, int64_t now, struct error *e)
{
    *out = (struct replica_item){.kind = replica_kind(kind)};
    bool is_topic = strcmp(kind, "topic") == 0, is_event = strcmp(kind, "event") == 0;
    if (!out->kind || !(is_topic ? replica_is_topic(id) : crypto_is_uuid(id)))
        return error_set(e, ERR_INVALID, "no such kind, or no such id");
    if (!json_is_object(d))
        return error_set(e, ERR_INVALID, "%s: d is no object", id);
    out->d = replica_clean(d);
    out->name = json_str(out->d, "name", "");
    if (!out->name[0])
        return error_set(e, ERR_INVALID, "%s: no name", id);
    replica_sort_key(out, strcmp(kind, "call") == 0);
    out->city = json_str(out->d, "addressLocality", "");
    out->owner = replica_item_owner(out->d, out->owner_name);
    out->marks = marks_of(out->d);
    out->venue = replica_item_venue(out->d);
    out->topic_count = replica_item_topics(out->topic, out->d);
    enum err code = is_event ? replica_read_times(out, d, zone, e) : ERR_NONE;
    out->key = replica_key(out, kind, now);
    return code;
}

void replica_item_done(struct replica_item *item)
{
    json_free(item->d);
    free(item->times);
    *item = (struct replica_item){0};
}

void replica_item_words(struct buf *out, const struct json *d)
{
    static const char *const own[] = {"name",        "organizerName", "providerName", "addressLocality",
                                      "description", "articleBody"};
    static const char *const translated[] = {"name", "description", "articleBody"};
    buf_init(out, REPLICA_WORDS_MAX);
    for (size_t i = 0; i < sizeof own / sizeof own[0]; i++)
        replica_search_words(out, json_str(d, own[i], ""));
    replica_search_words(out, json_str(json_get(d, "location"), "name", ""));
    for (const struct json *j = json_first(json_get(d, "translations")); j; j = json_next(j))
        for (size_t i = 0; i < sizeof translated / sizeof translated[0]; i++)
            replica_search_words(out, json_str(j, translated[i], ""));
}
