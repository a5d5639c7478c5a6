/* Character sets of files from outside, and the code pages of printers. */
#include <stdlib.h>
#include <string.h>

#include "kiosk/print/codepage.h"
#include "sync/hub/charset.h"
#include "tests/support/fuzz.h"

enum { MAX = 1 << 20 };

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
    struct buf text, paper;
    buf_init(&text, MAX);
    buf_init(&paper, MAX);
    charset_to_utf8(&text, (const char *)data, n);
    fuzz_check(text_is_valid(text.data, text.len) && strlen(text.data) == text.len, "UTF-8 without a NUL");
    char *clean = text_dup_clean(text.data, text.len, MAX, TEXT_LINES);
    for (int page = CODEPAGE_866; page <= CODEPAGE_1251; page++) {
        buf_clear(&paper);
        codepage_add(&paper, (enum codepage)page, clean, strlen(clean));
        for (size_t i = 0; i < paper.len; i++) {
            unsigned char c = (unsigned char)paper.data[i];
            fuzz_check(c == '\n' || (c >= 0x20 && c != 0x7F), "no command reaches the printer");
        }
    }
    free(clean);
    buf_done(&text);
    buf_done(&paper);
    return 0;
}
