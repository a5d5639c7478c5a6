/* Calendar files: cut into pieces, each event read and told as a record's words. */
#include <stdlib.h>
#include <string.h>

#include "sync/hub/events/ical_norm.h"
#include "sync/hub/events/ical_split.h"
#include "tests/support/fuzz.h"

enum { EVENTS = 4, TEXT = 64 << 10 };

static void read_event(struct ical_zones *zones, const char *text)
{
    struct ical_norm n = {.zones = zones, .zone = "Europe/Moscow"};
    struct ical_event ev;
    if (ical_read_event(&ev, text) && ical_normalise(&n, &ev)) {
        struct json *j = ical_describe(&n, &ev);
        for (const struct json *it = json_first(j); it != NULL; it = json_next(it))
            if (json_name(it) == NULL || strcmp(json_name(it), "vevent") != 0)
                fuzz_clean_json(it, TEXT);
        json_free(j);
    }
    fuzz_check(n.fault_count <= ICAL_FAULTS, "faults are few");
    ical_event_done(&ev);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
    struct ical_file f;
    struct ical_zones *zones = ical_zones_new();
    ical_split(&f, (const char *)data, n);
    fuzz_check(f.event_count == 0 || f.calendar_count > 0, "an event stands in a calendar");
    for (int i = 0; i < f.zone_count && i < EVENTS; i++)
        ical_zones_add_own(zones, f.zones[i].key, f.zones[i].text);
    for (int i = 0; i < f.event_count && i < EVENTS; i++) {
        fuzz_check(f.events[i].calendar < f.calendar_count, "its calendar is there");
        read_event(zones, f.events[i].text);
    }
    ical_split_done(&f);
    ical_zones_free(zones);
    return 0;
}
