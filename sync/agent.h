/* kiosk-sync's working life: rounds of push and pull, and waiting for a reason to begin the next. An enum of states
 * with one short function each; what people did goes before what the hub published, between any two questions to the
 * hub. */
#ifndef SYNC_AGENT_H
#define SYNC_AGENT_H

#include "kiosk/base/config.h"
#include "kiosk/base/date.h"
#include "kiosk/base/watch.h"
#include "sync/exchange.h"
#include "sync/feed.h"
#include "sync/pace.h"

enum agent_state { AGENT_CHOOSE, AGENT_REPAIR, AGENT_PUSH, AGENT_PULL, AGENT_STEP, AGENT_STICK, AGENT_WAIT, AGENT_END };

struct agent {
    const char *dir;
    const struct config *config;
    struct clock clock;
    struct zone *zone;
    struct ledger *ledger;
    struct replica_writer *writer;
    struct replica_writer *aside; /* of a replica that is being built anew beside the old one; NULL: none */
    struct watch watch;
    struct transport_watch while_sending;
    struct transport *transport; /* NULL after agent_open: HTTP to the hub is made when it is needed */
    struct keyring keys;
    struct feed feed;
    struct exchange exchange;
    uint8_t sign_sk[CRYPTO_SIGN_SECRET];

    enum agent_state state;
    bool once;
    bool pulling;             /* a run of the feed is under way */
    bool suspect;             /* the replica is to be checked */
    struct pace push;
    int64_t pull_at; /* monotonic ms: next pull */
    int64_t step_at; /* of a pull under way: no step before that moment */
    int64_t purge_at;
    struct backoff pull_backoff;
    enum fault push_fault, pull_fault;
    enum fault told; /* to the ledger, with the next time to say it again */
    int64_t tell_at;
    enum ledger_stick_state stick; /* what the ledger says of it, once stick_known */
    bool stick_known;
    int64_t stick_at; /* no exchange by stick before that moment: the ledger could not be told of the last one */
    struct error error; /* of the last failure */
};

/* Opens everything in dir. config is borrowed. ERR_BUSY: another one works there. agent_close takes whatever was
 * reached. */
enum err agent_open(struct agent *a, const char *dir, const struct config *config, struct error *e) MUST_CHECK;
void agent_close(struct agent *a);
/* Enrols with the hub; nothing else. */
enum err agent_enrol(struct agent *a, const char *hub, const char *code, struct error *e) MUST_CHECK;
/* hub: an address to use instead of the one known from the enrolment, NULL: that one. once: one round, then the end;
 * ERR_NONE when all of it went well. Otherwise until a signal, whatever happens on the line: ERR_NONE. ERR_STATE: not
 * enrolled. */
enum err agent_run(struct agent *a, const char *hub, bool once, struct error *e) MUST_CHECK;

#endif
