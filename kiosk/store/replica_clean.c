/* The door for content at the kiosk: every text of an item is made harmless before it is kept. */
#include "kiosk/store/replica_item.h"

#include <stdlib.h>
#include <string.h>

#include "kiosk/base/text.h"

/* Members with paragraphs, or with a limit of their own; the rest are lines of at most 1,000 bytes. */
static const struct replica_limit {
    const char *name;
    size_t max;
    enum text_flags flags;
} replica_limits[] = {
    {"name", 200, TEXT_LINE},      {"description", 4000, TEXT_LINES}, {"articleBody", 40000, TEXT_LINES},
    {"joining", 1000, TEXT_LINES}, {"meets", 1000, TEXT_LINES},       {"entryRules", 1000, TEXT_LINES},
};

static char *replica_clean_text(const char *name, const char *text)
{
    struct replica_limit limit = {name, 1000, TEXT_LINE};
    for (size_t i = 0; name && i < sizeof replica_limits / sizeof replica_limits[0]; i++)
        if (strcmp(replica_limits[i].name, name) == 0)
            limit = replica_limits[i];
    return text_dup_clean(text, strlen(text), limit.max, limit.flags);
}

/* Recursion is bounded: the parser refuses depths over 32. */
static struct json *replica_clean_value(const struct json *d, const char *leave_out)
{
    if (!json_is_object(d) && !json_is_array(d))
        return json_dup(d);
    struct json *out = json_is_array(d) ? json_new_array() : json_new_object();
    for (const struct json *j = json_first(d); j; j = json_next(j)) {
        const char *text = json_value_str(j, NULL);
        if (leave_out && json_name(j) && strcmp(json_name(j), leave_out) == 0)
            continue;
        if (!text) {
            json_put(out, json_name(j), replica_clean_value(j, NULL));
            continue;
        }
        char *clean = replica_clean_text(json_name(j), text);
        json_put_str(out, json_name(j), clean);
        free(clean);
    }
    return out;
}

struct json *replica_clean(const struct json *d) { return replica_clean_value(d, "subEvent"); }
