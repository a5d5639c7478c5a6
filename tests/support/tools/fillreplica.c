/* Makes a replica.db to look at the screens with: fillreplica FILE EVENTS COMMUNITIES (made-up ones), or fillreplica FILE with items
 * of the feed on standard input, one JSON object per line ({"k":"event","id":"..","d":{..}}). */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "kiosk/base/date.h"
#include "kiosk/base/error.h"
#include "kiosk/base/json.h"
#include "kiosk/store/replica_write.h"
#include "tests/support/fill.h"

enum { FILLREPLICA_LINE = 1 << 20 };

static void fillreplica_check(enum err code, const struct error *e)
{
    if (code)
        die("fillreplica: %s", e->text);
}

static void fillreplica_read(struct replica_writer *w, int64_t *seq)
{
    struct error e = {.code = ERR_NONE};
    char *line = NULL;
    size_t room = 0;
    ssize_t n;
    int bad = 0;
    while ((n = getline(&line, &room, stdin)) > 0) {
        struct json *item = NULL;
        fillreplica_check(json_parse(&item, line, (size_t)n, FILLREPLICA_LINE, &e), &e);
        fillreplica_check(replica_put(w, json_str(item, "k", ""), json_str(item, "id", ""), ++*seq, json_get(item, "d"), &bad, &e), &e);
        json_free(item);
    }
    free(line);
    fprintf(stderr, "fillreplica: %lld items, %d of them bad\n", (long long)*seq, bad);
}

int main(int argc, char **argv)
{
    struct error e = {.code = ERR_NONE};
    struct replica_writer *w = NULL;
    struct replica_position at = {.scope = "all", .epoch = 1, .page = 0};
    bool damaged = false;
    if (argc == 4) {
        fill_replica(argv[1], (int)strtol(argv[2], NULL, 10), (int)strtol(argv[3], NULL, 10));
        return 0;
    }
    if (argc != 2)
        return fprintf(stderr, "usage: fillreplica FILE [EVENTS COMMUNITIES]\n"), 2;
    struct zone *zone = zone_new("Europe/Moscow");
    unlink(argv[1]);
    fillreplica_check(replica_writer_open(&w, argv[1], zone, false, &damaged, &e), &e);
    fillreplica_check(replica_begin(w, &e), &e);
    fillreplica_read(w, &at.seq);
    memset(at.chain, '0', sizeof at.chain - 1);
    at.chain[sizeof at.chain - 1] = '\0';
    fillreplica_check(replica_commit(w, &at, &e), &e);
    fillreplica_check(replica_set_checked(w, time(NULL), "", &e), &e);
    replica_writer_close(w);
    zone_free(zone);
    return 0;
}
