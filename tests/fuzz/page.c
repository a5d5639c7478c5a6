/* Pages and tails: the first line, then items through the kiosk's door. */
#include <stdlib.h>
#include <string.h>

#include "kiosk/store/replica_item.h"
#include "sync/wire_page.h"
#include "tests/support/fuzz.h"

enum { NOW = 1780000000 };

static void read_item(const struct wire_line *line)
{
    struct wire_item item;
    if (wire_item_parse(&item, line->s, line->n, NULL) == ERR_NONE && item.put) {
        struct replica_item row;
        if (replica_item_read(&row, item.kind, item.id, item.d, NULL, NOW, NULL) == ERR_NONE) {
            fuzz_clean_json(row.d, 40000);
            fuzz_check(row.time_count <= 1000 && row.topic_count <= CONTENT_TOPICS, "counts are within limits");
            struct buf words;
            replica_item_words(&words, row.d);
            buf_done(&words);
            struct content c;
            if (content_from_json(&c, item.kind, item.id, row.d, "en", NULL) == ERR_NONE)
                content_done(&c);
        }
        replica_item_done(&row);
    }
    wire_item_done(&item);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
    struct wire_page page;
    struct wire_tail tail;
    struct wire_line line;
    const char *bytes = (const char *)data;
    size_t pos = 0;
    if (wire_page_parse(&page, bytes, n, &pos, NULL) != ERR_NONE &&
        wire_tail_parse(&tail, bytes, n, &pos, NULL) != ERR_NONE)
        pos = 0;
    while (wire_next_line(bytes, n, &pos, &line))
        read_item(&line);
    return 0;
}
