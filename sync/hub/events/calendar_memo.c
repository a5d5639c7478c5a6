/* Questions are kept as their hashes only: they are as long as the feed. */
#include "sync/hub/events/calendar_memo.h"

#include <stdlib.h>
#include <string.h>

#include "sync/wire.h"

enum { MEMO_BYTES = 128 * 1024 * 1024, MEMO_BUCKETS = 1024 };

struct memo_entry {
    struct memo_entry *next;
    char hash[WIRE_HEX + 1];
    struct error why;
    size_t len;
    char answer[];
};

struct calendar_memo {
    struct memo_entry *buckets[MEMO_BUCKETS];
    size_t bytes;
};

struct calendar_memo *calendar_memo_new(void) { return mem_new(1, sizeof(struct calendar_memo)); }

void calendar_memo_free(struct calendar_memo *m)
{
    for (int i = 0; m != NULL && i < MEMO_BUCKETS; i++) {
        for (struct memo_entry *x = m->buckets[i], *next; x != NULL; x = next) {
            next = x->next;
            free(x);
        }
    }
    free(m);
}

static unsigned memo_bucket(const char *hash)
{
    const char digits[] = {hash[0], hash[1], hash[2], '\0'};
    return (unsigned)strtoul(digits, NULL, 16) % MEMO_BUCKETS;
}

bool calendar_memo_find(const struct calendar_memo *m, const struct buf *question, struct buf *answer,
                        struct error *why)
{
    char hash[WIRE_HEX + 1];
    wire_hash(hash, question->data, question->len);
    const struct memo_entry *x = m->buckets[memo_bucket(hash)];
    while (x != NULL && strcmp(x->hash, hash) != 0)
        x = x->next;
    if (x == NULL)
        return false;
    *why = x->why;
    buf_add(answer, x->answer, x->len);
    return true;
}

void calendar_memo_keep(struct calendar_memo *m, const struct buf *question, const struct buf *answer,
                        const struct error *why)
{
    size_t len = why->code == ERR_NONE ? answer->len : 0, bytes = sizeof(struct memo_entry) + len;
    if (question->overflow || bytes > MEMO_BYTES - m->bytes)
        return;
    struct memo_entry *x = mem_new(bytes, 1);
    wire_hash(x->hash, question->data, question->len);
    x->why = *why;
    x->len = len;
    memcpy(x->answer, answer->data, len);
    m->bytes += bytes;
    struct memo_entry **at = &m->buckets[memo_bucket(x->hash)];
    x->next = *at;
    *at = x;
}
