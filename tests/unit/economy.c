/* What the pull costs on the wire, counted: the hub's own server in a process, the kiosk's own transport, a relay
 * between them. And the same line cut again and again while a snapshot comes. */
#include <poll.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "kiosk/base/file.h"
#include "sync/feed.h"
#include "sync/hub/feed.h"
#include "sync/hub/serve/http.h"
#include "sync/hub/serve/snapshot.h"
#include "tests/support/hubkit.h"
#include "tests/support/relay.h"

enum { IDLE_MOST = 500, CHANGE_MOST = 1500 };

struct fixture {
    struct hubkit k;
    pid_t server;
    struct relay relay;
    char dir[FOLDER_PATH], path[4096];
    struct keyring keys;
    struct clock clock;
    struct zone *zone;
    struct transport *transport;
    struct replica_writer *writer;
    struct feed feed;
    struct error e;
};

/* Says its port, then serves until it is killed. Its connection to the database is its own. */
static void serve(struct fixture *f, int told)
{
    struct hub hub;
    struct api api;
    struct http *http;
    struct error e;
    const struct http_options o = {.listen = "127.0.0.1:0", .burst = 1, .timeout_s = 20, .connections = 20};
    if (hub_open(&hub, f->k.dir, f->k.database, &e))
        _exit(1);
    api_init(&api, &hub, &f->k.keys);
    api.view.look_every_ms = 0;
    if (http_start(&http, &o, &api, &e))
        _exit(1);
    int port = http_port(http);
    if (write(told, &port, sizeof port) != sizeof port)
        _exit(1);
    for (;;) {
        struct pollfd p = {.fd = http_fd(http), .events = POLLIN};
        poll(&p, 1, http_timeout_ms(http));
        http_run(http);
    }
}

static enum err install(void *context, const char *file, bool aside, struct replica_writer **out, struct error *e)
{
    struct fixture *f = context;
    bool damaged;
    assert_false(aside);
    replica_writer_retire(f->writer);
    f->writer = NULL;
    enum err code = replica_replace(f->path, file, e);
    if (!code)
        code = replica_writer_open(&f->writer, f->path, f->zone, false, &damaged, e);
    *out = f->writer;
    return code;
}

static int set_up(void **state)
{
    struct fixture *f = calloc(1, sizeof *f);
    int told[2], port = 0;
    bool damaged;
    hubkit_init(&f->k, INT64_C(1796126400000));
    assert_int_equal(hub_meta_set(f->k.hub.db, "zone", "Europe/Moscow", &f->e), ERR_NONE);
    assert_int_equal(pipe(told), 0);
    f->server = fork();
    if (f->server == 0)
        serve(f, told[1]);
    assert_int_equal(read(told[0], &port, sizeof port), sizeof port);
    close(told[0]);
    close(told[1]);
    relay_start(&f->relay, port);
    folder_new(f->dir);
    file_join(f->path, f->dir, "replica.db");
    f->zone = zone_new("Europe/Moscow");
    f->clock = clock_test(INT64_C(1796126400000));
    f->keys.doc = f->k.keys.doc;
    assert_int_equal(transport_curl_new(&f->transport, f->relay.url, NULL, NULL, NULL, &f->e), ERR_NONE);
    assert_int_equal(replica_writer_open(&f->writer, f->path, f->zone, true, &damaged, &f->e), ERR_NONE);
    feed_init(&f->feed, f->transport, NULL, &f->keys, &f->clock, "all");
    f->feed.install = install;
    f->feed.aside_context = f;
    snapshot_init(&f->feed.snapshot, f->dir, "Europe/Moscow");
    *state = f;
    return 0;
}

static int tear_down(void **state)
{
    struct fixture *f = *state;
    char dir[4096];
    feed_done(&f->feed);
    replica_writer_close(f->writer);
    transport_free(f->transport);
    kill(f->server, SIGKILL);
    waitpid(f->server, NULL, 0);
    relay_stop(&f->relay);
    zone_free(f->zone);
    folder_remove(f->dir);
    if (access(file_join(dir, f->k.dir, "snapshots"), F_OK) == 0)
        folder_remove(dir);
    hubkit_done(&f->k);
    free(f);
    return 0;
}

/* An event as people write them: about 1,000 bytes of text. */
static void publish(struct fixture *f, int i)
{
    static const char text[] = "Приглашаем на вечер настольных игр в районную библиотеку. Будут шахматы, шашки, лото и "
                               "новые игры для всей семьи. "
                               "Правила объяснят волонтёры, чай и печенье за наш счёт. Дети до двенадцати лет приходят "
                               "со взрослыми. Вход с торца "
                               "здания, есть пандус; вопросы по телефону с десяти до шести.";
    char id[37], d[3000];
    struct json *j;
    snprintf(id, sizeof id, "00000000-0000-4000-8000-%012d", i);
    snprintf(
        d, sizeof d,
        "{\"name\":\"Вечер настольных игр %d\",\"inLanguage\":\"ru\",\"description\":\"%s\",\"about\":[\"culture\"],"
        "\"organizerName\":\"Библиотека № 12\",\"addressLocality\":\"Кострома\",\"isAccessibleForFree\":true,"
        "\"eventStatus\":\"EventScheduled\",\"registration\":\"open\",\"tz\":\"Europe/"
        "Moscow\",\"allDay\":false,\"terms\":1,"
        "\"subEvent\":[{\"id\":\"%s\",\"startDate\":\"2026-12-20T18:00:00+03:00\",\"endDate\":\"2026-12-20T20:00:00+03:"
        "00\"}]}",
        i, text, id);
    assert_int_equal(json_parse(&j, d, strlen(d), sizeof d, &f->e), ERR_NONE);
    struct sql_stmt *st = sql_get(
        f->k.hub.db, "INSERT INTO record (id, kind, uid, name, d, live) VALUES (:id, 'event', :id, 'E', '{}', 1)");
    sql_bind_text(st, ":id", id);
    assert_int_equal(sql_run(st, &f->e), ERR_NONE);
    assert_int_equal(feed_put(f->k.hub.db, "event", id, j, &f->e), ERR_NONE);
    json_free(j);
}

static void publish_many(struct fixture *f, int first, int last)
{
    assert_int_equal(sql_begin(f->k.hub.db, &f->e), ERR_NONE);
    for (int i = first; i <= last; i++)
        publish(f, i);
    assert_int_equal(sql_commit(f->k.hub.db, &f->e), ERR_NONE);
}

/* A run to the head; the bytes it took both ways. */
static long pull(struct fixture *f)
{
    long before = atomic_load(&f->relay.up) + atomic_load(&f->relay.down);
    enum err code = feed_begin(&f->feed, f->writer, &f->e);
    for (int i = 0; !code && f->feed.state != FEED_DONE; i++) {
        assert_true(i < 400);
        code = feed_step(&f->feed, &f->e);
    }
    if (code)
        fail_msg("%s", f->e.text);
    return atomic_load(&f->relay.up) + atomic_load(&f->relay.down) - before;
}

static void test_economy__idle_poll_and_one_change(void **state)
{
    struct fixture *f = *state;
    const struct snapshot_policy policy = {.keep_days = 3, .level = 3};
    bool made;
    publish_many(f, 1, 620);
    if (snapshot_make(&f->k.hub, &policy, &made, &f->e))
        fail_msg("%s", f->e.text);
    assert_true(made);
    pull(f);
    assert_int_equal(f->feed.at.seq, 620);
    long idle = pull(f);
    publish_many(f, 621, 621);
    long change = pull(f);
    assert_int_equal(f->feed.at.seq, 621);
    print_message("an idle poll: %ld bytes; one changed record: %ld bytes\n", idle, change);
    assert_in_range(idle, 1, IDLE_MOST);
    assert_in_range(change, 1, CHANGE_MOST);
}

static void test_economy__a_cut_line_costs_no_byte_twice(void **state)
{
    struct fixture *f = *state;
    const struct snapshot_policy policy = {.keep_days = 3, .level = 3};
    bool made;
    publish_many(f, 1, 1000);
    assert_int_equal(snapshot_make(&f->k.hub, &policy, &made, &f->e), ERR_NONE);
    atomic_store(&f->relay.cut, 16384);
    long bytes = pull(f);
    assert_int_equal(f->feed.at.seq, 1000);
    int connections = atomic_load(&f->relay.connections);
    struct wire_snapshot s;
    snapshot_newest(&f->k.hub, 1, &s);
    print_message("%ld bytes on the line for a snapshot of %ld, in %d connections\n", bytes, (long)s.bytes,
                  connections);
    assert_true(s.bytes > 3 * 16384 && connections >= 3);
    /* Besides the file: the head, and 600 bytes of headers for each piece; what was in the relay when it cut is lost.
     */
    assert_true(bytes < s.bytes + 3000L * (connections + 1));
}

static void test_economy__a_cut_line_costs_no_page_twice(void **state)
{
    struct fixture *f = *state;
    publish_many(f, 1, 1000);
    atomic_store(&f->relay.cut, 2500);
    long bytes = pull(f);
    assert_int_equal(f->feed.at.seq, 1000);
    int connections = atomic_load(&f->relay.connections);
    long pages = hubkit_number(&f->k, "SELECT sum(length(zst)) FROM page");
    print_message("%ld bytes on the line for pages of %ld, in %d connections\n", bytes, pages, connections);
    assert_true(pages > 2 * 2500 && connections >= 3);
    assert_true(bytes < pages + 3000L * (connections + 1));
}

#define CASE(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    if (crypto_init(NULL) != ERR_NONE)
        return 1;
    const struct CMUnitTest tests[] = {
        CASE(test_economy__idle_poll_and_one_change),
        CASE(test_economy__a_cut_line_costs_no_byte_twice),
        CASE(test_economy__a_cut_line_costs_no_page_twice),
    };
    return cmocka_run_group_tests_name("economy", tests, NULL, NULL);
}
