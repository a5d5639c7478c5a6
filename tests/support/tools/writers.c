/* writers URL WRITERS ROUNDS: so many processes change records in transactions of up to 20 ms (some much longer), two
 * sequencers number the changes, one reader follows the published log and one a naive cursor over numbers that were
 * drawn inside the transactions. Prints what each of the two readers missed; fails when the log's reader missed
 * anything, met a gap or saw one record's changes out of order. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "kiosk/base/schema.h"
#include "sync/hub/feed.h"
#include "sync/hub/feed_stage.h"
#include "sync/hub/sql_pg.h"

enum { WRITERS_MAX = 64, WRITERS_PAUSE_MS = 20, WRITERS_LONG_MS = 200, WRITERS_LONG_EVERY = 25 };

struct readers {
    struct sql *db;
    int64_t naive_last, naive_seen, log_last, log_seen, gaps, disorder;
    int64_t rounds[WRITERS_MAX]; /* last seen of each writer */
};

static void check(enum err err, const struct error *e)
{
    if (err)
        die("writers: %s", e->text);
}

static struct sql *opened(const char *url)
{
    struct sql *db = NULL;
    struct error e = {0};
    check(sql_pg_open(&db, url, NULL, &e), &e);
    return db;
}

static void pause_ms(int ms)
{
    struct timespec t = {.tv_sec = ms / 1000, .tv_nsec = ms % 1000 * 1000000L};
    nanosleep(&t, NULL);
}

static void record_name(char out[37], int writer)
{
    snprintf(out, 37, "00000000-0000-4000-8000-%012d", writer % (WRITERS_MAX * 10));
}

static void prepare(const char *url, int writers)
{
    struct error e = {0};
    struct sql *db = opened(url);
    check(sql_migrate(db, schema_hub, &e), &e);
    check(sql_exec(
              db, "CREATE TABLE naive (n BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY, writer BIGINT, round BIGINT)",
              &e),
          &e);
    for (int i = 0; i < writers; i++) {
        char id[37];
        struct sql_stmt *st = sql_get(
            db, "INSERT INTO record (id, kind, uid, name, d, live) VALUES (:id, 'place', :id, 'Place', '{}', 1)");
        record_name(id, i);
        sql_bind_text(st, ":id", id);
        check(sql_run(st, &e), &e);
    }
    sql_close(db);
}

/* One transaction: a change for the log, and a row for the naive cursor, both before the pause. */
static void write_once(struct sql *db, int writer, int round, int ms)
{
    char id[37];
    struct error e = {0};
    struct json *d = json_new_object();
    json_put_int(d, "writer", writer);
    json_put_int(d, "round", round);
    record_name(id, writer);
    check(sql_begin(db, &e), &e);
    check(feed_put(db, "place", id, d, &e), &e);
    struct sql_stmt *st = sql_get(db, "INSERT INTO naive (writer, round) VALUES (:writer, :round)");
    sql_bind_int(st, ":writer", writer);
    sql_bind_int(st, ":round", round);
    check(sql_run(st, &e), &e);
    pause_ms(ms);
    check(sql_commit(db, &e), &e);
    json_free(d);
}

static int write_all(const char *url, int writer, int rounds)
{
    struct sql *db = opened(url);
    unsigned seed = (unsigned)writer + 1;
    for (int i = 1; i <= rounds; i++) {
        int ms = rand_r(&seed) % WRITERS_LONG_EVERY == 0 ? WRITERS_LONG_MS : rand_r(&seed) % (WRITERS_PAUSE_MS + 1);
        write_once(db, writer, i, ms);
    }
    sql_close(db);
    return 0;
}

/* Until the pipe's other end is closed. */
static int number_all(const char *url, int until)
{
    struct sql *db = opened(url);
    struct error e = {0};
    fd_set set;
    for (;;) {
        struct timeval wait = {.tv_usec = 1000};
        check(feed_number_all(db, &e), &e);
        FD_ZERO(&set);
        FD_SET(until, &set);
        if (select(until + 1, &set, NULL, NULL, &wait) > 0)
            break;
    }
    check(feed_number_all(db, &e), &e);
    sql_close(db);
    return 0;
}

/* ---- reading */

static void read_naive(struct readers *r)
{
    struct error e = {0};
    bool row = true;
    struct sql_stmt *st = sql_get(r->db, "SELECT n FROM naive WHERE n > :last ORDER BY n");
    sql_bind_int(st, ":last", r->naive_last);
    for (;;) {
        check(sql_step(st, &row, &e), &e);
        if (!row)
            return;
        r->naive_last = sql_int(st, 0);
        r->naive_seen++;
    }
}

static int64_t member(const char *line, const char *name)
{
    const char *at = strstr(line, name);
    return at ? strtoll(at + strlen(name), NULL, 10) : -1;
}

static void read_log(struct readers *r)
{
    struct error e = {0};
    bool row = true;
    struct sql_stmt *st = sql_get(r->db, "SELECT seq, line FROM change WHERE seq > :last ORDER BY seq");
    sql_bind_int(st, ":last", r->log_last);
    for (;;) {
        check(sql_step(st, &row, &e), &e);
        if (!row)
            return;
        int64_t writer = member(sql_text(st, 1), "\"writer\":"), round = member(sql_text(st, 1), "\"round\":");
        r->gaps += sql_int(st, 0) != r->log_last + 1;
        if (writer >= 0 && writer < WRITERS_MAX) {
            r->disorder += round != r->rounds[writer] + 1;
            r->rounds[writer] = round;
        }
        r->log_last = sql_int(st, 0);
        r->log_seen++;
    }
}

static void follow(struct readers *r, int writers)
{
    int left = writers;
    while (left > 0) {
        int status = 0;
        pid_t pid = waitpid(0, &status, WNOHANG);
        if (pid > 0 && status != 0)
            die("writers: a process failed");
        left -= pid > 0;
        read_naive(r);
        read_log(r);
        pause_ms(1);
    }
}

static void settle(struct readers *r, int sequencers)
{
    for (int i = 0, status; i < sequencers; i++)
        if (wait(&status) < 0 || status != 0)
            die("writers: a sequencer failed");
    read_naive(r);
    read_log(r);
}

static int run(const char *url, int writers, int rounds)
{
    struct readers r = {0};
    int until[2];
    prepare(url, writers);
    if (pipe(until) < 0)
        die("writers: pipe");
    for (int i = 0; i < writers + 2; i++) {
        pid_t pid = fork();
        if (pid < 0)
            die("writers: fork");
        if (pid == 0) {
            close(until[1]);
            _exit(i < writers ? write_all(url, i, rounds) : number_all(url, until[0]));
        }
    }
    r.db = opened(url);
    follow(&r, writers);
    close(until[1]);
    settle(&r, 2);
    sql_close(r.db);
    int64_t all = (int64_t)writers * rounds;
    printf("committed=%" PRId64 " naive_missed=%" PRId64 " log_missed=%" PRId64 " gaps=%" PRId64 " disorder=%" PRId64
           "\n",
           all, all - r.naive_seen, all - r.log_seen, r.gaps, r.disorder);
    return r.log_seen == all && r.gaps == 0 && r.disorder == 0 ? 0 : 1;
}

int main(int argc, char **argv)
{
    int writers = argc == 4 ? (int)strtol(argv[2], NULL, 10) : 0;
    if (writers < 1 || writers > WRITERS_MAX) {
        fprintf(stderr, "usage: writers URL WRITERS ROUNDS\n");
        return 2;
    }
    return run(argv[1], writers, (int)strtol(argv[3], NULL, 10));
}
