/* Dates and instants. */
#include <stdlib.h>
#include <string.h>

#include "kiosk/base/date.h"
#include "tests/support/fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
    char *text = fuzz_text(data, n), shown[32];
    int64_t instant, again;
    struct date d, same;
    if (instant_parse(text, &instant)) {
        instant_format_utc(instant, shown);
        fuzz_check(instant_parse(shown, &again) && again == instant, "an instant reads the same");
    }
    if (date_parse(text, &d)) {
        date_format(d, shown);
        fuzz_check(date_is_valid(d) && strcmp(shown, text) == 0, "a date has one spelling");
        same = date_from_days(date_to_days(d));
        fuzz_check(memcmp(&d, &same, sizeof d) == 0, "and one number");
    }
    free(text);
    return 0;
}
