/* Records as structs: the members all kinds share, and the one line of a list. Members are a table, so that reading and
 * freeing cannot disagree. */
#include "kiosk/store/content.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "kiosk/base/buf.h"
#include "kiosk/base/date.h"
#include "kiosk/base/text.h"
#include "kiosk/store/content_read.h"
#include "kiosk/store/marks.h"

/* Texts of a struct content and the members they come from, the first that is there. */
static const struct content_member {
    const char *name, *other;
    size_t offset;
} content_members[] = {
    {"name", NULL, offsetof(struct content, name)},
    {"description", NULL, offsetof(struct content, description)},
    {"articleBody", NULL, offsetof(struct content, body)},
    {"addressLocality", NULL, offsetof(struct content, city)},
    {"address", NULL, offsetof(struct content, address)},
    {"accessibility", NULL, offsetof(struct content, accessibility)},
    {"telephone", NULL, offsetof(struct content, telephone)},
    {"email", NULL, offsetof(struct content, email)},
    {"url", NULL, offsetof(struct content, url)},
    {"audience", NULL, offsetof(struct content, audience)},
    {"typicalAgeRange", NULL, offsetof(struct content, age)},
    {"joining", NULL, offsetof(struct content, joining)},
    {"meets", "availability", offsetof(struct content, meets)},
    {"entryRules", NULL, offsetof(struct content, rules)},
    {"organizer", "provider", offsetof(struct content, owner_id)},
    {"organizerName", "providerName", offsetof(struct content, owner_name)},
    {"callType", NULL, offsetof(struct content, call_type)},
    {"resourceType", NULL, offsetof(struct content, resource_type)},
    {"direction", NULL, offsetof(struct content, direction)},
    {"price", NULL, offsetof(struct content, price)},
    {"eventAttendanceMode", NULL, offsetof(struct content, mode)},
    {"rrule", NULL, offsetof(struct content, rrule)},
};
enum { CONTENT_MEMBERS = sizeof content_members / sizeof content_members[0] };

static char **content_slot(struct content *c, size_t i) { return (char **)((char *)c + content_members[i].offset); }

/* "ru" and "ru-RU" are one language to a reader. */
static bool content_same_lang(const char *a, const char *b)
{
    size_t n = strcspn(a, "-_");
    return n == strcspn(b, "-_") && strncasecmp(a, b, n) == 0;
}

void content_source_init(struct content_source *out, const struct json *d, const char *lang)
{
    *out = (struct content_source){.d = d};
    const char *own = json_str(d, "inLanguage", "");
    if (!lang || !lang[0] || !own[0] || content_same_lang(own, lang))
        return;
    char primary[8];
    size_t n = strcspn(lang, "-_");
    if (n < sizeof primary) {
        memcpy(primary, lang, n);
        primary[n] = '\0';
        const struct json *tr = json_get(json_get(d, "translations"), primary);
        if (json_str(tr, "name", "")[0]) {
            out->translation = tr;
            return;
        }
    }
    content_word(out->lang, sizeof out->lang, own);
}

const char *content_pick(const struct content_source *s, const char *name)
{
    const char *text = json_str(s->translation, name, "");
    if (!text[0])
        text = json_str(s->d, name, "");
    return text[0] ? text : NULL;
}

void content_word(char *out, size_t size, const char *word)
{
    size_t n = word ? strlen(word) : 0;
    if (n >= size)
        n = 0;
    memcpy(out, n ? word : "", n);
    out[n] = '\0';
}

void content_text(char *out, size_t size, const char *text)
{
    text_sanitize(out, size, text ? text : "", text ? strlen(text) : 0, TEXT_LINE);
}

bool content_status_is(const char *status, const char *name)
{
    size_t have = strlen(status), want = strlen(name);
    return have >= want && strcmp(status + have - want, name) == 0 && (have == want || status[have - want - 1] == '/');
}

static void content_read_texts(struct content *out, const struct content_source *s)
{
    for (size_t i = 0; i < CONTENT_MEMBERS; i++) {
        const char *text = content_pick(s, content_members[i].name);
        if (!text && content_members[i].other)
            text = content_pick(s, content_members[i].other);
        *content_slot(out, i) = mem_dup_str(text);
    }
}

static void content_read_lists(struct content *out, const struct json *d)
{
    for (const struct json *j = json_first(json_get(d, "about")); j && out->topic_count < CONTENT_TOPICS;
         j = json_next(j)) {
        content_word(out->topic[out->topic_count], sizeof out->topic[0], json_value_str(j, ""));
        out->topic_count += out->topic[out->topic_count][0] != '\0';
    }
    int links = 0;
    for (const struct json *j = json_first(json_get(d, "sameAs")); j && links < CONTENT_LINKS; j = json_next(j))
        if (json_value_str(j, "")[0])
            out->link[links++] = mem_dup_str(json_value_str(j, ""));
}

/* ["ru","tt"] as "ru, tt"; a plain text stays itself. */
static char *content_words(const struct json *d, const char *name)
{
    const struct json *list = json_get(d, name);
    if (!json_is_array(list))
        return mem_dup_str(json_value_str(list, NULL));
    struct buf b;
    buf_init(&b, 400);
    for (const struct json *j = json_first(list); j; j = json_next(j)) {
        const char *word = json_value_str(j, "");
        if (!word[0])
            continue;
        buf_add_str(&b, b.len ? ", " : "");
        buf_add_str(&b, word);
    }
    char *out = b.len ? mem_dup_str(b.data) : NULL;
    buf_done(&b);
    return out;
}

static void content_read_related(struct content *out, const struct json *d)
{
    int count = 0;
    for (const struct json *j = json_first(json_get(d, "related")); j && count < CONTENT_RELATED; j = json_next(j)) {
        content_word(out->related[count], CONTENT_ID, json_value_str(j, ""));
        count += out->related[count][0] != '\0';
    }
    content_word(out->event, sizeof out->event, json_str(d, "event", ""));
}

enum err content_from_json(struct content *out, const char *kind, const char *id, const struct json *d,
                           const char *lang, struct error *e)
{
    *out = (struct content){.capacity = -1, .terms = 1};
    if (!json_is_object(d) || !json_str(d, "name", "")[0])
        return error_set(e, ERR_INVALID, "%s %s: no name", kind, id);
    struct content_source s;
    content_source_init(&s, d, lang);
    content_word(out->kind, sizeof out->kind, kind);
    content_word(out->id, sizeof out->id, id);
    content_word(out->lang, sizeof out->lang, s.lang);
    content_read_texts(out, &s);
    content_read_lists(out, d);
    out->languages = content_words(d, "availableLanguage");
    out->companions = content_words(d, "companions");
    out->days = content_words(d, "meetsOn");
    content_word(out->valid_through, sizeof out->valid_through, json_str(d, "validThrough", ""));
    content_read_related(out, d);
    content_read_event(out, &s);
    return ERR_NONE;
}

void content_done(struct content *c)
{
    if (!c)
        return;
    for (size_t i = 0; i < CONTENT_MEMBERS; i++)
        free(*content_slot(c, i));
    for (int i = 0; i < CONTENT_LINKS; i++)
        free(c->link[i]);
    free(c->languages);
    free(c->companions);
    free(c->days);
    free(c->place_name);
    free(c->place_id);
    for (int i = 0; i < c->question_count; i++) {
        free(c->question[i].label);
        for (int k = 0; k < c->question[i].option_count; k++)
            free(c->question[i].option[k]);
    }
    *c = (struct content){0};
}

/* Events show where, communities their town, the rest whose they are. */
static const char *content_row_place(const struct content_source *s, const char *kind)
{
    if (strcmp(kind, "event") == 0) {
        const char *place = json_str(json_get(s->d, "location"), "name", "");
        return place[0] ? place : content_pick(s, "addressLocality");
    }
    if (strcmp(kind, "community") == 0)
        return content_pick(s, "addressLocality");
    const char *owner = content_pick(s, "organizerName");
    return owner ? owner : content_pick(s, "providerName");
}

bool content_row(struct row *row, const char *kind, const char *id, const struct json *d, const char *lang)
{
    *row = (struct row){0};
    struct content_source s;
    content_source_init(&s, d, lang);
    content_word(row->kind, sizeof row->kind, kind);
    content_word(row->id, sizeof row->id, id);
    content_word(row->lang, sizeof row->lang, s.lang);
    content_text(row->name, sizeof row->name, content_pick(&s, "name"));
    content_text(row->place, sizeof row->place, content_row_place(&s, kind));
    content_word(row->topic, sizeof row->topic, json_value_str(json_first(json_get(d, "about")), ""));
    content_word(row->type, sizeof row->type, json_str(d, "callType", json_str(d, "resourceType", "")));
    struct date until;
    if (date_parse(json_str(d, "validThrough", ""), &until))
        row->day = row->last_day = date_to_days(until);
    row->all_day = json_bool(d, "allDay", false);
    row->cancelled = content_status_is(json_str(d, "eventStatus", ""), "EventCancelled");
    row->marks = marks_of(d);
    row->free = (row->marks & MARK_FREE) != 0;
    return row->name[0] != '\0';
}
