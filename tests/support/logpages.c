/* Pages on the disk: a million records would not fit in the memory of a small machine. */
#include "tests/support/logpages.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "kiosk/base/file.h"
#include "kiosk/base/json.h"
#include "sync/wire_zstd.h"
#include "tests/support/fill.h"

static void logpages_check(enum err code, const struct error *e)
{
    if (code)
        die("bench: %s", e->text);
}

static char *logpages_path(const struct logpages *p, int64_t n, char out[4096])
{
    char name[40];
    snprintf(name, sizeof name, "page-%lld", (long long)n);
    return file_join(out, p->dir, name);
}

static void logpages_end(struct logpages *p)
{
    struct error e;
    struct buf packed;
    char path[4096];
    wire_hash(p->chain, p->page.data, p->page.len);
    buf_init(&packed, WIRE_PAGE_MAX);
    logpages_check(wire_pack(&packed, p->page.data, p->page.len, p->level, &e), &e);
    logpages_check(file_write(logpages_path(p, ++p->count, path), packed.data, packed.len, 0600, &e), &e);
    p->bytes += (int64_t)packed.len;
    p->plain_bytes += (int64_t)p->page.len;
    buf_done(&packed);
    buf_clear(&p->page);
}

static void logpages_take(void *context, int64_t seq, const char *kind, const char *id, const struct json *d)
{
    struct logpages *p = context;
    struct buf text;
    if (p->page.len == 0) {
        struct wire_page head = {.page = p->count + 1, .first = seq, .last = seq + WIRE_PER - 1};
        memcpy(head.prev, p->chain, sizeof head.prev);
        wire_page_write(&head, &p->page);
    }
    buf_init(&text, WIRE_ITEM_MAX);
    json_write(d, &text);
    wire_item_write(&p->page, seq, kind, id, text.data);
    buf_add_char(&p->page, '\n');
    buf_done(&text);
    if (seq % WIRE_PER == 0)
        logpages_end(p);
}

void logpages_make(struct logpages *p, const char *dir, int records, int level)
{
    *p = (struct logpages){.dir = dir, .level = level};
    memcpy(p->chain, wire_zero_hash, sizeof p->chain);
    buf_init(&p->page, WIRE_PAGE_MAX);
    fill_items(records - records / 10, records / 10, logpages_take, p);
}

void logpages_done(struct logpages *p)
{
    char path[4096];
    for (int64_t n = 1; n <= p->count; n++)
        unlink(logpages_path(p, n, path));
    buf_done(&p->page);
}

void logpages_read(const struct logpages *p, int64_t n, struct buf *bytes)
{
    struct error e;
    struct buf packed;
    char path[4096];
    buf_init(&packed, WIRE_PAGE_MAX);
    buf_clear(bytes);
    logpages_check(file_read(logpages_path(p, n, path), &packed, &e), &e);
    logpages_check(wire_unpack(bytes, packed.data, packed.len, &e), &e);
    buf_done(&packed);
}

void logpages_apply(const struct logpages *p, struct replica_writer *w, int64_t n, struct replica_position *at)
{
    struct error e;
    struct wire_page page;
    struct wire_line line;
    struct buf bytes;
    size_t pos = 0;
    int bad = 0;
    buf_init(&bytes, WIRE_PAGE_MAX);
    logpages_read(p, n, &bytes);
    wire_hash(at->chain, bytes.data, bytes.len);
    logpages_check(wire_page_parse(&page, bytes.data, bytes.len, &pos, &e), &e);
    logpages_check(replica_begin(w, &e), &e);
    while (wire_next_line(bytes.data, bytes.len, &pos, &line)) {
        struct wire_item it;
        logpages_check(wire_item_parse(&it, line.s, line.n, &e), &e);
        logpages_check(replica_put(w, it.kind, it.id, it.seq, it.d, &bad, &e), &e);
        wire_item_done(&it);
    }
    at->seq = page.last;
    at->page = n;
    logpages_check(replica_commit(w, at, &e), &e);
    buf_done(&bytes);
}
