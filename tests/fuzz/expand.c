/* Stored calendars into occurrences; in the hub a helper process with limits does this. */
#include <stdlib.h>
#include <string.h>

#include "sync/hub/events/expand.h"
#include "tests/support/fuzz.h"

enum { FROM = 1780000000, DAYS = 60, ROWS = 50, TEXT = 4096 };

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
    struct expand_range range = {.from = FROM, .to = FROM + DAYS * 86400, .max = ROWS};
    if (n > TEXT)
        return 0;
    char *text = fuzz_text(data, n);
    struct ical_zones *zones = ical_zones_new();
    struct json *j = expand_events(zones, text, "Europe/Moscow", &range);
    const struct json *list = json_get(j, "o");
    fuzz_check(json_count(list) <= ROWS, "no more than asked for");
    int64_t last = INT64_MIN;
    for (const struct json *o = json_first(list); o != NULL; o = json_next(o)) {
        int64_t start = json_int(o, "s", 0), end = json_int(o, "e", 0);
        fuzz_check(start >= last && end >= start, "in order, none ends before it begins");
        fuzz_check(start < range.to && end >= range.from, "each in range");
        last = start;
    }
    json_free(j);
    ical_zones_free(zones);
    free(text);
    return 0;
}
