/* What a calendar says of an event besides its times, as a record says it. */
#include "sync/hub/import/import_ics.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

static void ics_put_words(struct json *d, const struct json *j, const char *calendar_name)
{
    const char *name = json_str(j, "summary", ""), *text = json_str(j, "description", "");
    if (*name == '\0')
        name = *text != '\0' ? text : calendar_name != NULL ? calendar_name : json_str(j, "uid", "");
    content_put(d, "name", name, CONTENT_NAME, TEXT_LINE);
    content_put(d, "description", text, CONTENT_LONG, TEXT_LINES);
    const char *lang = content_language(name) != NULL ? "ru" : content_language(text);
    json_put_str(d, "inLanguage", lang);
}

static void ics_put_topics(struct json *d, const struct ics_about *about, const struct json *j)
{
    char *list = mem_dup_str(json_str(j, "categories", "")), *next = list;
    if (about->im->topic != NULL)
        content_add_topic(d, about->im->topic);
    for (char *one; (one = strsep(&next, "\n,")) != NULL;) {
        one += strspn(one, " ");
        const char *id = content_topic(about->im->topics, one);
        if (id != NULL)
            content_add_topic(d, id);
    }
    free(list);
}

static enum err ics_put_organizer(struct json *d, const struct ics_about *about, const struct json *j, struct error *e)
{
    const char *name = json_str(j, "organizer", "");
    struct content_ref ref;
    if (*name == '\0')
        name = about->calendar_name != NULL ? about->calendar_name : "";
    if (*name == '\0')
        return ERR_NONE;
    enum err code = content_find(&about->im->records, "community", about->source, name, &ref, e);
    if (code == ERR_NONE && *ref.id != '\0')
        json_put_str(d, "organizer", ref.id);
    content_put(d, "organizerName", ref.d != NULL ? json_str(ref.d, "name", name) : name, CONTENT_NAME, TEXT_LINE);
    json_free(ref.d);
    return code;
}

static enum err ics_put_place(struct json *d, const struct ics_about *about, const struct json *j, struct error *e)
{
    const char *text = json_str(j, "location", "");
    struct content_ref ref = {.id = ""};
    enum err code = ERR_NONE;
    if (*text != '\0') {
        struct json *place = json_new_object();
        code = content_find(&about->im->records, "place", about->source, text, &ref, e);
        if (code == ERR_NONE && *ref.id != '\0')
            json_put_str(place, "id", ref.id);
        content_put(place, "name", ref.d != NULL ? json_str(ref.d, "name", text) : text, CONTENT_NAME, TEXT_LINE);
        json_put_str(place, "address", json_str(ref.d, "address", NULL));
        json_put(d, "location", place);
    }
    const char *city = json_str(ref.d, "addressLocality", about->im->city);
    if (city != NULL)
        content_put(d, "addressLocality", city, CONTENT_NAME, TEXT_LINE);
    json_free(ref.d);
    return code;
}

static void ics_put_rest(struct json *d, const struct ics_about *about, const struct json *j)
{
    const char *status = json_str(j, "status", ""), *url = json_str(j, "url", ""), *place = json_str(j, "location", "");
    const char *registration = json_str(j, "registration", "");
    char *end = NULL;
    long seats = strtol(json_str(j, "seats", ""), &end, 10);
    json_put_str(d, "tz", json_str(j, "tz", "UTC"));
    json_put_bool(d, "allDay", json_bool(j, "allDay", false));
    json_put_str(d, "eventStatus", strcmp(status, "CANCELLED") == 0 ? "EventCancelled" : "EventScheduled");
    if (content_is_url(place))
        json_put_str(d, "eventAttendanceMode", "online");
    else if (*place != '\0')
        json_put_str(d, "eventAttendanceMode", "offline");
    if (content_is_url(url))
        json_put_str(d, "url", url);
    else if (content_is_url(place))
        json_put_str(d, "url", place);
    if (*json_str(j, "seats", "") != '\0' && *end == '\0' && seats >= 0 && seats <= 10000)
        json_put_int(d, "maximumAttendeeCapacity", seats);
    if (strcasecmp(registration, "none") == 0 || strcasecmp(registration, "open") == 0)
        json_put_str(d, "registration", strcasecmp(registration, "none") == 0 ? "none" : "open");
    else
        json_put_str(d, "registration", about->im->registration);
    json_put_str(d, "rrule", json_str(j, "rrule", NULL));
}

enum err ics_describe(struct json *d, const struct ics_about *about, const struct json *j, struct error *e)
{
    ics_put_words(d, j, about->calendar_name);
    ics_put_topics(d, about, j);
    enum err code = ics_put_organizer(d, about, j, e);
    if (code == ERR_NONE)
        code = ics_put_place(d, about, j, e);
    ics_put_rest(d, about, j);
    return code;
}
