/* What a terminal sends: keys, pastes, mice, answers, scanners. The first byte says how the rest is chopped. */
#include <stdlib.h>
#include <string.h>

#include "kiosk/ui/input.h"
#include "tests/support/fuzz.h"

static void take(struct keys *k, struct input *field, int64_t now)
{
    struct key key;
    while (keys_next(k, now, &key)) {
        fuzz_check(key.code != K_NONE, "a key is one");
        if (key.code == K_CHAR)
            fuzz_check(key.ch >= ' ' && key.ch != 0x7F && key.ch <= 0x10FFFF, "a character can be shown");
        if (key.code == K_SCAN)
            fuzz_check(text_is_valid(key.text, strlen(key.text)), "a scan is text");
        input_key(field, &key);
        fuzz_check(text_is_valid(field->text, strlen(field->text)), "a field holds text");
        fuzz_check(field->cursor >= 0 && field->cursor <= (int)strlen(field->text), "the cursor is in it");
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
    static struct keys k;
    struct input field = {.max = 0};
    int64_t now = 1000;
    if (n == 0)
        return 0;
    size_t chunk = 1 + (data[0] & 15);
    int gap = (data[0] >> 4) * 5;
    keys_init(&k);
    k.eager = data[0] & 1;
    for (size_t at = 1; at < n; at += chunk) {
        keys_feed(&k, data + at, n - at < chunk ? n - at : chunk, now);
        take(&k, &field, now);
        now += gap;
    }
    for (int i = 0; i < 9 && keys_deadline(&k) != INT64_MAX; i++)
        take(&k, &field, now += 1000);
    fuzz_check(keys_deadline(&k) == INT64_MAX, "nothing is held for ever");
    return 0;
}
