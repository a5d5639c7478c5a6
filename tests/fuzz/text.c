/* The door for text, and what is done with text behind it. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/support/fuzz.h"

enum { COLUMNS = 20 };

static void look_at(const char *s)
{
    char cut[64], word[600];
    size_t pos = 0, line, bytes;
    fuzz_check(text_is_valid(s, strlen(s)), "UTF-8");
    fuzz_check(text_ellipsis(cut, sizeof cut, s, COLUMNS) <= COLUMNS, "a cut text fits");
    fuzz_check(text_is_valid(cut, strlen(cut)) && text_fit(s, COLUMNS) <= strlen(s), "cut between characters");
    fuzz_check(text_fold(word, sizeof word, s) < sizeof word && text_is_valid(word, strlen(word)), "folded");
    fuzz_check(text_sort_key(word, sizeof word, s) < sizeof word && text_is_valid(word, strlen(word)), "sorted");
    text_keys_to_us(word, sizeof word, s);
    while (text_wrap(s, COLUMNS, &pos, &line, &bytes)) {
        char part[sizeof word];
        fuzz_check(line + bytes <= strlen(s) && pos <= strlen(s), "a line lies in its text");
        snprintf(part, sizeof part, "%.*s", (int)bytes, s + line);
        fuzz_check(bytes >= sizeof part || text_width(part) <= COLUMNS, "a line is no wider than it may be");
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
    for (int flags = TEXT_LINE; flags <= TEXT_LINES; flags++) {
        char small[24], *clean = text_dup_clean((const char *)data, n, 3 * n + 1, (enum text_flags)flags);
        fuzz_clean(clean, (enum text_flags)flags);
        for (const char *s = clean; *s != '\0'; s++)
            fuzz_check((unsigned char)*s >= ' ' || (*s == '\n' && flags == TEXT_LINES), "no control characters");
        fuzz_check(text_sanitize(small, sizeof small, (const char *)data, n, (enum text_flags)flags) < sizeof small,
                   "fits");
        fuzz_clean(small, (enum text_flags)flags);
        look_at(clean);
        free(clean);
    }
    return 0;
}
