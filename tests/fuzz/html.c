/* Descriptions in HTML. */
#include <stdlib.h>
#include <string.h>

#include "sync/hub/plain.h"
#include "tests/support/fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
    char *text = fuzz_text(data, n), *plain = plain_from_html(text);
    fuzz_check(strlen(plain) <= 2 * strlen(text) + 1, "it is no longer than was said");
    free(plain);
    free(text);
    return 0;
}
