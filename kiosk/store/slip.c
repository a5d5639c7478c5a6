/* Slips as JSON. Members are a table, so that writing and reading cannot disagree. */
#include "kiosk/store/slip.h"

#include <stdlib.h>
#include <string.h>

#include "kiosk/base/buf.h"
#include "kiosk/base/json.h"

static const char *const slip_kinds[] = {[SLIP_ARTICLE] = "article", [SLIP_REMINDER] = "reminder"};

static const struct slip_member {
    const char *name;
    size_t offset;
} slip_members[] = {
    {"title", offsetof(struct slip, title)},     {"lead", offsetof(struct slip, lead)},
    {"body", offsetof(struct slip, body)},       {"organiser", offsetof(struct slip, organiser)},
    {"address", offsetof(struct slip, address)}, {"telephone", offsetof(struct slip, telephone)},
    {"email", offsetof(struct slip, email)},     {"joining", offsetof(struct slip, joining)},
    {"url", offsetof(struct slip, url)},         {"until", offsetof(struct slip, until)},
};
enum { SLIP_MEMBERS = sizeof slip_members / sizeof slip_members[0] };

static const char **slip_slot(struct slip *s, size_t i) { return (const char **)((char *)s + slip_members[i].offset); }

struct slip slip_whole(const struct slip *s)
{
    struct slip out = *s;
    for (size_t i = 0; i < SLIP_MEMBERS; i++)
        if (!*slip_slot(&out, i))
            *slip_slot(&out, i) = "";
    return out;
}

char *slip_write(const struct slip *s)
{
    struct json *d = json_new_object();
    struct slip copy = slip_whole(s);
    struct buf text;
    json_put_str(d, "kind", slip_kinds[s->kind]);
    for (size_t i = 0; i < SLIP_MEMBERS; i++) {
        const char *value = *slip_slot(&copy, i);
        json_put_str(d, slip_members[i].name, value[0] ? value : NULL);
    }
    buf_init(&text, SLIP_BYTES_MAX);
    json_write(d, &text);
    json_free(d);
    char *out = text.overflow ? NULL : buf_take(&text);
    buf_done(&text);
    return out;
}

enum err slip_read(struct slip *out, struct json **json, const char *text, struct error *e)
{
    *out = (struct slip){.kind = SLIP_ARTICLE};
    enum err code = json_parse(json, text, strlen(text), SLIP_BYTES_MAX, e);
    if (code) {
        *json = NULL;
        return ERR_INVALID;
    }
    if (strcmp(json_str(*json, "kind", ""), slip_kinds[SLIP_REMINDER]) == 0)
        out->kind = SLIP_REMINDER;
    for (size_t i = 0; i < SLIP_MEMBERS; i++)
        *slip_slot(out, i) = json_str(*json, slip_members[i].name, "");
    return out->title[0] ? ERR_NONE : error_set(e, ERR_INVALID, "a slip without a title");
}
