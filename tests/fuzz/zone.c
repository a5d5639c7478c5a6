/* Zones: their names, their files, the rule at a file's end. */
#include <stdlib.h>
#include <string.h>

#include "kiosk/base/date_zone.h"
#include "sync/hub/events/ical_zone.h"
#include "sync/hub/events/winzone.h"
#include "tests/support/fuzz.h"

static void try_zone(struct zone *z)
{
    static const int64_t times[] = {INT64_C(-3000000000), -1, 0, 1780000000, INT64_C(4200000000), INT64_C(7000000000)};
    for (size_t i = 0; z != NULL && i < sizeof times / sizeof times[0]; i++) {
        struct date_time t = zone_local(z, times[i]);
        fuzz_check(t.offset > -180000 && t.offset < 180000 && t.weekday >= 1 && t.weekday <= 7, "a local time is one");
        zone_instant(z, t.date, t.hour, t.minute, t.second);
    }
    zone_free(z);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
    char *text = fuzz_text(data, n), name[ICAL_IANA_NAME];
    struct zone_rule rule;
    try_zone(zone_from_bytes("Test/File", data, n));
    if (zone_rule_parse((const char *)data, n, &rule))
        zone_rule_offset(&rule, 1780000000);
    if (strlen(text) < ICAL_ZONE_NAME) {
        fuzz_check(!ical_zone_iana(text, name) || strlen(name) < sizeof name, "a name fits");
        fuzz_check(!ical_zone_fixed(text, name) || strncmp(name, "Etc/GMT", 7) == 0 || strcmp(name, "UTC") == 0,
                   "fixed");
    }
    winzone_find(text);
    try_zone(strlen(text) < ICAL_IANA_NAME ? zone_new(text) : NULL);
    free(text);
    return 0;
}
