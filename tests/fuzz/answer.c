/* What a printer answers, and the range of bytes a client asks for. */
#include <stdlib.h>
#include <string.h>

#include "kiosk/print/status.h"
#include "sync/hub/serve/range.h"
#include "tests/support/fuzz.h"

enum { SIZE = 1000 };

static void read_status(const uint8_t *data, size_t n)
{
    int answers[STATUS_BYTES];
    for (size_t i = 0; i < STATUS_BYTES; i++)
        answers[i] = i < n ? data[i] : STATUS_SILENT;
    struct status s = status_read(answers);
    fuzz_check(s.known || !(s.offline || s.cover_open || s.error || s.near_end), "who is silent has said nothing");
    fuzz_check(s.known || status_fault(&s) == JOB_FINE || s.paper_out, "silence is no fault");
    fuzz_check(*status_word(&s) != '\0', "there is a word for it");
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
    char *text = fuzz_text(data, n);
    int64_t first, count;
    int code = range_read(text, NULL, "\"tag\"", SIZE, &first, &count);
    fuzz_check(code == 200 || code == 206 || code == 416, "one of three answers");
    fuzz_check(code == 416 || (first >= 0 && count >= 0 && first + count <= SIZE), "the range lies in the file");
    free(text);
    read_status(data, n);
    return 0;
}
