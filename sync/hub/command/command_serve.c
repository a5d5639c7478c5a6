/* kiosk-hub serve: one thread, one poll: sockets, signals, and a tick for the new day. */
#include "sync/hub/command.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include "kiosk/base/guard.h"
#include "kiosk/base/log.h"
#include "sync/hub/serve/background.h"
#include "sync/hub/backup/backup.h"
#include "sync/hub/serve/http.h"
#include "sync/hub/hub_lock.h"
#include "sync/hub/hub_settings.h"
#include "sync/hub/seats/retention.h"
#include "sync/hub/serve/roll.h"
#include "sync/hub/serve/snapshot.h"

enum { SERVE_TICK_MS = 60000, SERVE_SNAPSHOT_AGAIN_MS = 3600000 };

struct serve {
    struct hub *hub;
    struct keys keys;
    struct api api;
    struct http *http;
    int signals; /* signalfd, -1 none */
    int64_t ticked_ms;
    int retention_days;
    char purged[11]; /* the day it was last done */
    struct snapshot_policy snapshots;
    pid_t snapshot;          /* the process that makes one, 0: none */
    int64_t snapshot_not_ms; /* none before this moment: the last try failed */
};

/* Stopping is a thing to read, not an interruption. A peer that hung up is an error of one write. */
static enum err serve_catch_signals(struct serve *s, struct error *e)
{
    sigset_t set;
    struct sigaction ignore = {.sa_handler = SIG_IGN};
    sigemptyset(&set);
    sigaddset(&set, SIGTERM);
    sigaddset(&set, SIGINT);
    sigaddset(&set, SIGHUP);
    if (sigaction(SIGPIPE, &ignore, NULL) < 0 || sigprocmask(SIG_BLOCK, &set, NULL) < 0)
        return error_set(e, ERR_IO, "signals: %s", error_errno(errno));
    s->signals = signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
    return s->signals < 0 ? error_set(e, ERR_IO, "signals: %s", error_errno(errno)) : ERR_NONE;
}

/* The process that makes a snapshot: minutes of work for which no answer may wait. */
static void serve_start_snapshot(struct serve *s)
{
    struct error e = {0};
    char text[400];
    const char *const argv[] = {"kiosk-hub",    "--data", s->hub->dir, "snapshot", s->hub->config ? "--config" : NULL,
                                s->hub->config, NULL};
    if (background_start(&s->snapshot, argv, &e))
        log_line(LOG_ERROR, "snapshot_failed", "why=%s", log_quote(text, sizeof text, e.text));
    else
        log_line(LOG_INFO, "snapshot_begun", "%s", "");
}

static void serve_snapshots(struct serve *s)
{
    int64_t now = clock_mono_ms(&s->hub->clock);
    bool good;
    if (s->snapshot && !background_has_ended(s->snapshot, &good))
        return;
    if (s->snapshot) {
        log_line(good ? LOG_INFO : LOG_ERROR, "snapshot_ended", "good=%d", good);
        s->snapshot = 0;
        s->snapshot_not_ms = good ? 0 : now + SERVE_SNAPSHOT_AGAIN_MS;
    }
    if (now >= s->snapshot_not_ms && snapshot_is_due(s->hub, &s->snapshots))
        serve_start_snapshot(s);
}

/* Keys that were replaced beside us; with the old ones until the new ones can be read. */
static void serve_take_keys(struct serve *s)
{
    struct keys *newest;
    struct error e = {0};
    char text[400];
    if (!keys_have_changed(&s->keys, s->hub->dir))
        return;
    newest = guard_new(sizeof *newest);
    if (keys_load(newest, s->hub->dir, &e)) {
        log_line(LOG_ERROR, "keys_failed", "why=%s", log_quote(text, sizeof text, e.text));
    } else {
        s->keys = *newest;
        s->api.view.stale = true;
        log_line(LOG_INFO, "keys_taken", "document=%lld", (long long)s->keys.doc.n);
    }
    guard_free(newest, sizeof *newest);
}

static void serve_tick(struct serve *s)
{
    bool changed = false;
    struct error e = {0};
    char text[400];
    s->ticked_ms = clock_mono_ms(&s->hub->clock);
    serve_take_keys(s);
    bool on_duty = hub_lock_on_duty(s->hub->db);
    if (on_duty) {
        roll_day(s->hub, &changed);
        retention_daily(s->hub, s->retention_days, s->purged);
        if (backup_undecided(s->hub, &e))
            log_line(LOG_ERROR, "safe_mark_failed", "why=%s", log_quote(text, sizeof text, e.text));
    }
    s->api.view.stale = s->api.view.stale || changed || sql_is_shared(s->hub->db);
    /* Pages are sealed here too, so that the first kiosk to ask does not wait for them. */
    if (view_head(&s->api.view, &e))
        log_line(LOG_ERROR, "head_failed", "why=%s", log_quote(text, sizeof text, e.text));
    if (on_duty)
        serve_snapshots(s);
}

static int serve_wait_ms(struct serve *s)
{
    int64_t due = s->ticked_ms + SERVE_TICK_MS - clock_mono_ms(&s->hub->clock);
    int http = http_timeout_ms(s->http);
    if (due < 0)
        due = 0;
    return http >= 0 && http < due ? http : (int)due;
}

/* SIGHUP: look at once for what changed beside us. The others end it. */
static bool serve_is_hup(const struct serve *s, bool *again)
{
    struct signalfd_siginfo info;
    *again = read(s->signals, &info, sizeof info) == sizeof info && info.ssi_signo == SIGHUP;
    return *again;
}

static enum err serve_loop(struct serve *s, struct error *e)
{
    struct pollfd fds[] = {{.fd = http_fd(s->http), .events = POLLIN}, {.fd = s->signals, .events = POLLIN}};
    for (;;) {
        int n = poll(fds, 2, serve_wait_ms(s));
        if (n < 0 && errno != EINTR)
            return error_set(e, ERR_IO, "poll: %s", error_errno(errno));
        bool again = false;
        if (n > 0 && fds[1].revents && !serve_is_hup(s, &again))
            return ERR_NONE;
        http_run(s->http);
        roll_full(&s->api);
        if (again || clock_mono_ms(&s->hub->clock) - s->ticked_ms >= SERVE_TICK_MS)
            serve_tick(s);
    }
}

/* The address with the port that was really taken. */
static void serve_announce(const struct serve *s, const char *listen)
{
    int n = (int)(strrchr(listen, ':') - listen);
    printf("listening %.*s:%d\n", n, listen, http_port(s->http));
    fflush(stdout);
    log_line(LOG_INFO, "listening", "address=%.*s port=%d", n, listen, http_port(s->http));
}

static enum err serve_run(struct serve *s, const struct http_options *o, struct error *e)
{
    enum err err = serve_catch_signals(s, e);
    if (!err)
        err = keys_load(&s->keys, s->hub->dir, e);
    if (err)
        return err;
    api_init(&s->api, s->hub, &s->keys);
    serve_tick(s);
    err = http_start(&s->http, o, &s->api, e);
    if (!err) {
        serve_announce(s, o->listen);
        err = serve_loop(s, e);
        log_line(LOG_INFO, "stopped", "%s", "");
    }
    http_stop(s->http);
    api_done(&s->api);
    background_stop(s->snapshot);
    return err;
}

/* Each connection is a file; systems begin with a limit of 1,024. */
static void serve_allow_files(int connections)
{
    enum { SPARE = 64 };
    struct rlimit files;
    if (getrlimit(RLIMIT_NOFILE, &files) < 0 || files.rlim_cur >= (rlim_t)connections + SPARE)
        return;
    files.rlim_cur = (rlim_t)connections + SPARE < files.rlim_max ? (rlim_t)connections + SPARE : files.rlim_max;
    if (setrlimit(RLIMIT_NOFILE, &files) < 0 || files.rlim_cur < (rlim_t)connections + SPARE)
        log_line(LOG_WARN, "few_files", "may_open=%lld connections=%d", (long long)files.rlim_cur, connections);
}

static int serve_with(struct hub *h, const struct config *c, struct http_options *o)
{
    struct serve *s = guard_new(sizeof *s);
    struct error e = {0};
    *s = (struct serve){.hub = h, .signals = -1, .retention_days = (int)config_int(c, "hub", "retention_days")};
    snapshot_policy_read(&s->snapshots, c);
    o->per_second = (double)config_int(c, "http", "rate");
    o->burst = (double)config_int(c, "http", "burst");
    o->timeout_s = (int)config_int(c, "http", "timeout");
    o->connections = (int)config_int(c, "http", "connections");
    serve_allow_files(o->connections);
    if (!o->cert && config_str(c, "tls", "cert")[0])
        o->cert = config_str(c, "tls", "cert");
    if (!o->key && config_str(c, "tls", "key")[0])
        o->key = config_str(c, "tls", "key");
    const char *backups = config_str(c, "hub", "backups");
    enum err err = backups[0] ? backup_decide(h->db, backups, &e) : ERR_NONE;
    if (!err)
        err = safety_set(h->db, config_int(c, "database", "standbys"), &e);
    if (!err)
        err = serve_run(s, o, &e);
    int code = err ? command_fail(&e) : CLI_DONE;
    if (s->signals >= 0)
        close(s->signals);
    guard_free(s, sizeof *s);
    return code;
}

int command_serve(struct hub *h, int argc, char **argv)
{
    struct http_options o = {.listen = "127.0.0.1:8080"};
    const struct cli_option options[] = {
        {"--listen", "ADDR:PORT", "127.0.0.1:8080 when not given; [::1]:PORT for IPv6; port 0: any free one",
         &o.listen},
        {"--tls-cert", "FILE", "certificate chain (PEM): serve HTTPS", &o.cert},
        {"--tls-key", "FILE", "its key (PEM)", &o.key},
        {.name = NULL},
    };
    struct config *c = NULL;
    struct error e = {0};
    int words = command_parse(argc, argv,
                              "serve [OPTION]...\nWrites \"listening ADDR:PORT\" to standard "
                              "output when it is ready; "
                              "SIGTERM ends it, SIGHUP makes it look for new keys at once.",
                              options);
    if (words < 0)
        return -1 - words;
    if (words > 0)
        return command_usage("serve takes no words");
    if (hub_settings_load(&c, h->dir, h->config, &e))
        return command_fail(&e);
    int code = serve_with(h, c, &o);
    config_free(c);
    return code;
}
