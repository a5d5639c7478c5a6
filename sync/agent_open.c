/* What kiosk-sync works with, opened in order and closed whatever was reached. */
#include "sync/agent_open.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "kiosk/base/file.h"
#include "kiosk/base/log.h"
#include "kiosk/store/ledger_anchor.h"
#include "kiosk/ticket/key.h"
#include "sync/enrol.h"

enum err agent_reopen_replica(struct agent *a, bool *damaged, struct error *e)
{
    char path[4096];
    replica_writer_close(a->writer);
    a->writer = NULL;
    enum err code = replica_writer_open(&a->writer, file_join(path, a->dir, "replica.db"), a->zone, true, damaged, e);
    if (!code && *damaged)
        log_line(LOG_WARN, "replica-damaged", "kept=replica.db.damaged");
    return code;
}

enum err agent_open_aside(void *context, struct replica_writer **out, struct error *e)
{
    struct agent *a = context;
    char path[4096];
    bool damaged;
    enum err code = replica_writer_open(&a->aside, file_join(path, a->dir, "replica.next"), a->zone, true, &damaged, e);
    *out = a->aside;
    return code;
}

enum err agent_install(void *context, const char *file, bool aside, struct replica_writer **out, struct error *e)
{
    struct agent *a = context;
    struct replica_writer **writer = aside ? &a->aside : &a->writer;
    char path[4096];
    bool damaged;
    replica_writer_retire(*writer);
    *writer = NULL;
    file_join(path, a->dir, aside ? "replica.next" : "replica.db");
    enum err code = replica_replace(path, file, e);
    if (!code)
        code = replica_writer_open(writer, path, a->zone, false, &damaged, e);
    *out = *writer;
    return code;
}

void agent_leave_aside(struct agent *a)
{
    replica_writer_close(a->aside);
    a->aside = NULL;
}

enum err agent_take_aside(struct agent *a, struct error *e)
{
    char path[4096], next[4096];
    bool damaged = false;
    if (!a->aside)
        return ERR_NONE;
    agent_leave_aside(a);
    replica_writer_retire(a->writer);
    a->writer = NULL;
    enum err code = replica_replace(file_join(path, a->dir, "replica.db"), file_join(next, a->dir, "replica.next"), e);
    if (!code)
        code = agent_reopen_replica(a, &damaged, e);
    log_line(LOG_INFO, "replica-replaced", "epoch=%u seq=%" PRId64, a->feed.at.epoch, a->feed.at.seq);
    return code;
}

enum err agent_open(struct agent *a, const char *dir, const struct config *config, struct error *e)
{
    *a = (struct agent){.dir = dir, .config = config, .clock = clock_system()};
    a->watch.signal_fd = a->watch.inotify_fd = a->watch.lock_fd = a->watch.mount_fd = -1;
    a->push.backoff.random_below = a->pull_backoff.random_below = crypto_random_below;
    const char *zone = config_str(config, "centre", "timezone");
    a->zone = zone_new(zone);
    if (!a->zone)
        return error_set(e, ERR_USAGE, "[centre] timezone: \"%s\" is no zone this system knows", zone);
    enum err code = watch_open(&a->watch, dir, "sync.lock", e);
    if (!code)
        watch_mounts(&a->watch);
    if (!code)
        code = ledger_open(&a->ledger, dir, &a->clock, true, e);
    if (!code)
        code = ledger_use_anchor(a->ledger, config_str(config, "anchor", "file"), e);
    return code;
}

void agent_close(struct agent *a)
{
    feed_done(&a->feed);
    exchange_done(&a->exchange);
    transport_free(a->transport);
    replica_writer_close(a->aside);
    replica_writer_close(a->writer);
    ledger_close(a->ledger);
    zone_free(a->zone);
    watch_close(&a->watch);
    crypto_wipe(a->sign_sk, sizeof a->sign_sk);
}

static enum err agent_open_transport(struct agent *a, const char *hub, struct error *e)
{
    char url[256];
    enum err code = transport_url_check(url, hub, e);
    if (code)
        return code;
    if (!transport_url_is_https(url) && !transport_url_is_loopback(url))
        log_line(LOG_WARN, "no-tls", "hub=%s", url);
    a->while_sending = (struct transport_watch){{a->watch.signal_fd, a->watch.inotify_fd}, agent_while_sending, a};
    code = transport_curl_new(&a->transport, url, config_str(a->config, "hub", "ca"),
                              config_str(a->config, "hub", "proxy"), &a->while_sending, e);
    struct ledger_status heard;
    if (!code)
        transport_curl_patience(a->transport, config_int(a->config, "hub", "patience"));
    if (!code && !ledger_status(a->ledger, &heard, e))
        transport_curl_clock(a->transport, &a->clock, heard.contact_at);
    return code;
}

enum err agent_enrol(struct agent *a, const char *hub, const char *code, struct error *e)
{
    char url[256];
    enum err err = transport_url_check(url, hub, e);
    if (!err)
        err = key_load_or_make(a->sign_sk, a->dir, e);
    if (!err)
        err = agent_open_transport(a, url, e);
    return err ? err : enrol_run(a->ledger, a->transport, a->sign_sk, url, code, e);
}

enum err agent_connect(struct agent *a, const char *hub, struct error *e)
{
    struct ledger_identity id;
    bool damaged = false;
    enum err code = ledger_identity(a->ledger, &id, e);
    if (!code && !id.kid[0])
        code = error_set(e, ERR_STATE, "this kiosk is not enrolled: kiosk-sync --data %s enrol --hub URL CODE", a->dir);
    if (!code)
        code = key_load(a->sign_sk, a->dir, e);
    if (!code)
        code = keyring_load(&a->keys, a->ledger, e);
    if (!code)
        code = agent_reopen_replica(a, &damaged, e);
    if (!code && !a->transport)
        code = agent_open_transport(a, hub ? hub : id.hub, e);
    if (code)
        return code;
    ledger_use_key(a->ledger, a->sign_sk);
    feed_init(&a->feed, a->transport, a->ledger, &a->keys, &a->clock, id.scope);
    a->feed.aside = agent_open_aside;
    a->feed.install = agent_install;
    snapshot_init(&a->feed.snapshot, a->dir, zone_name(a->zone));
    a->feed.snapshot.is_apart = true;
    a->feed.aside_context = a;
    exchange_init(&a->exchange, a->transport, a->ledger, &a->keys, &a->clock, a->sign_sk);
    return replica_writer_position(a->writer, &a->feed.at, e);
}
