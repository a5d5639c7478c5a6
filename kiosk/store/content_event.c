/* The members of events: place, marks, seats, and the organiser's questions. */
#include "kiosk/store/content_read.h"

#include <stdio.h>
#include <string.h>

static int content_question_type(const char *name)
{
    static const struct {
        const char *name;
        int type;
    } types[] = {{"choice", QUESTION_CHOICE}, {"number", QUESTION_NUMBER}, {"yesno", QUESTION_YESNO}};
    for (size_t i = 0; i < sizeof types / sizeof types[0]; i++)
        if (strcmp(types[i].name, name) == 0)
            return types[i].type;
    return QUESTION_TEXT;
}

/* False when the field has no id or label; a choice without options is a text. */
static bool content_read_question(struct question *q, const struct json *field)
{
    *q = (struct question){0};
    content_word(q->id, sizeof q->id, json_str(field, "id", ""));
    const char *label = json_str(field, "label", "");
    if (!q->id[0] || !label[0])
        return false;
    q->label = mem_dup_str(label);
    q->required = json_bool(field, "required", false);
    q->type = content_question_type(json_str(field, "type", ""));
    if (q->type != QUESTION_CHOICE)
        return true;
    for (const struct json *j = json_first(json_get(field, "options")); j && q->option_count < CONTENT_OPTIONS;
         j = json_next(j))
        if (json_value_str(j, "")[0])
            q->option[q->option_count++] = mem_dup_str(json_value_str(j, ""));
    if (q->option_count == 0)
        q->type = QUESTION_TEXT;
    return true;
}

static void content_read_form(struct content *out, const struct json *form)
{
    const char *id = json_str(form, "id", "");
    if (!id[0])
        return;
    const char *version = json_str(form, "version", "");
    char name[128];
    int n = version[0] ? snprintf(name, sizeof name, "%s@%s", id, version)
                       : snprintf(name, sizeof name, "%s@%lld", id, (long long)json_int(form, "version", 1));
    content_word(out->form, sizeof out->form, n > 0 && n < (int)sizeof name ? name : "");
    for (const struct json *j = json_first(json_get(form, "fields")); j && out->question_count < CONTENT_QUESTIONS;
         j = json_next(j))
        out->question_count += content_read_question(&out->question[out->question_count], j);
}

static int content_whole(const struct json *d, const char *name, int64_t min, int64_t max, int def)
{
    int64_t n = json_int(d, name, def);
    return n < min || n > max ? def : (int)n;
}

static void content_read_location(struct content *out, const struct content_source *s)
{
    const struct json *location = json_get(s->d, "location");
    const char *id = json_str(location, "id", ""), *name = json_str(location, "name", "");
    const char *address = json_str(location, "address", "");
    out->place_id = mem_dup_str(id[0] ? id : NULL);
    out->place_name = mem_dup_str(name[0] ? name : NULL);
    if (!out->address && address[0])
        out->address = mem_dup_str(address);
}

void content_read_event(struct content *out, const struct content_source *s)
{
    const struct json *d = s->d;
    const char *status = json_str(d, "eventStatus", "");
    content_read_location(out, s);
    content_word(out->tz, sizeof out->tz, json_str(d, "tz", ""));
    out->all_day = json_bool(d, "allDay", false);
    out->cancelled = content_status_is(status, "EventCancelled");
    out->postponed = content_status_is(status, "EventPostponed");
    out->free = json_bool(d, "isAccessibleForFree", false);
    out->accessible = json_bool(d, "accessible", false);
    out->registration_open =
        strcmp(out->kind, "event") == 0 && strcmp(json_str(d, "registration", "open"), "none") != 0;
    out->capacity = content_whole(d, "maximumAttendeeCapacity", 0, 1000000, -1);
    out->terms = content_whole(d, "terms", 0, 65535, 1);
    content_read_form(out, json_get(d, "form"));
}
