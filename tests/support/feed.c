#include "tests/support/feed.h"

#include <stdio.h>
#include <string.h>

#include "kiosk/base/error.h"
#include "kiosk/base/json.h"
#include "kiosk/store/replica_write.h"

static void feed_check(enum err code, const struct error *e)
{
    if (code)
        die("feed: %s", e->text);
}

static void feed_commit(struct replica_writer *w, int64_t seq)
{
    struct error e;
    struct replica_position at;
    feed_check(replica_writer_position(w, &at, &e), &e);
    at.seq = seq;
    feed_check(replica_commit(w, &at, &e), &e);
}

int item_put(struct replica_writer *w, const char *kind, const char *id, int64_t seq, const char *d)
{
    int bad = 0;
    struct error e;
    struct json *j;
    feed_check(json_parse(&j, d, strlen(d), 1 << 20, &e), &e);
    feed_check(replica_begin(w, &e), &e);
    feed_check(replica_put(w, kind, id, seq, j, &bad, &e), &e);
    feed_commit(w, seq);
    json_free(j);
    return bad;
}

void item_del(struct replica_writer *w, const char *id, int64_t seq)
{
    struct error e;
    feed_check(replica_begin(w, &e), &e);
    feed_check(replica_del(w, id, seq, &e), &e);
    feed_commit(w, seq);
}

const char *item_id(char out[37], const char *hex)
{
    snprintf(out, 37, "00000000-0000-4000-8000-%.*s%s", (int)(12 - strlen(hex)), "000000000000", hex);
    return out;
}
