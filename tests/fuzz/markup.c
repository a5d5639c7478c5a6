/* The marks of articles: whatever the text, blocks are lines and no link is empty. */
#include <stdlib.h>
#include <string.h>

#include "kiosk/base/markup.h"
#include "tests/support/fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
    struct markup m;
    char *clean = text_dup_clean((const char *)data, n, 3 * n + 1, TEXT_LINES);
    markup_parse(&m, clean);
    fuzz_check(m.count <= MARKUP_BLOCKS && m.links <= MARKUP_LINKS, "within its limits");
    for (int i = 0; i < m.count; i++) {
        const char *text = m.block[i].text;
        fuzz_check(*text != '\0' && strchr(text, '\n') == NULL && text_is_valid(text, strlen(text)), "a block is a line");
    }
    for (int i = 0; i < m.links; i++)
        fuzz_check(strlen(m.link[i].url) > 7 && *m.link[i].words != '\0', "a link is an address with words");
    markup_done(&m);
    free(clean);
    return 0;
}
