/* The rounds of kiosk-sync. */
#include "sync/agent.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "kiosk/base/file.h"
#include "kiosk/base/log.h"
#include "kiosk/ticket/key.h"
#include "sync/agent_open.h"
#include "sync/agent_stick.h"
#include "sync/line.h"
#include "sync/stock.h"

enum {
    AGENT_TELL_MS = 300000, /* the same word is written to the ledger no more often: each time is a sync of the disk */
    AGENT_PURGE_MS = 3600000,
    AGENT_WORKING_MS = 200 /* between two looks at work that is done beside */
};

static int64_t agent_now(const struct agent *a) { return clock_mono_ms(&a->clock); }

static int agent_unsent(struct agent *a)
{
    struct ledger_status s = {0};
    struct error e;
    if (ledger_status(a->ledger, &s, &e) != ERR_NONE)
        log_line(LOG_ERROR, "ledger", "why=%s", error_name(e.code));
    return s.unsent;
}

/* Somebody did something since the last try. */
static bool agent_has_news(struct agent *a) { return pace_is_urgent(&a->push, agent_now(a), agent_unsent(a)); }

bool agent_while_sending(void *context)
{
    struct agent *a = context;
    bool ledger = watch_drain(&a->watch);
    return a->watch.ending || (a->state == AGENT_STEP && ledger && agent_has_news(a));
}

/* ---- how it went */

static bool agent_is_no_line(enum fault f)
{
    return f == FAULT_NET || f == FAULT_TLS || f == FAULT_CLOCK || f == FAULT_BUSY;
}

static void agent_tell_ledger(struct agent *a, enum fault now)
{
    struct error e;
    enum fault f = a->push_fault ? a->push_fault : a->pull_fault;
    bool reached = !(now == FAULT_NET || now == FAULT_TLS || now == FAULT_CLOCK);
    if (f == a->told && reached && agent_now(a) < a->tell_at)
        return;
    char line[LINE_TEXT];
    if (ledger_set_line(a->ledger, line_read("", line), &e) != ERR_NONE)
        log_line(LOG_ERROR, "ledger", "why=%s", error_name(e.code));
    a->told = f;
    a->tell_at = agent_now(a) + AGENT_TELL_MS;
    if (ledger_set_contact(a->ledger, reached, fault_name(f), &e) != ERR_NONE)
        log_line(LOG_ERROR, "ledger", "why=%s", error_name(e.code));
}

static void agent_log_fault(const struct agent *a, const char *event, enum fault f, int64_t wait)
{
    char why[280];
    log_line(LOG_WARN, event, "fault=%s next_s=%" PRId64 " why=%s", fault_name(f), wait / 1000,
             log_quote(why, sizeof why, a->error.text));
}

static void agent_push_failed(struct agent *a)
{
    enum fault f = a->exchange.fault;
    int64_t wait = pace_fail(&a->push, agent_now(a), f, a->exchange.retry_after_s, agent_unsent(a));
    a->push_fault = f;
    /* Without a line the pull would only wait for the same time-outs once more. */
    if (agent_is_no_line(f) && a->pull_at < a->push.at)
        a->pull_at = a->push.at;
    if (agent_is_no_line(f))
        a->pulling = false;
    agent_log_fault(a, "push-failed", f, wait);
    agent_tell_ledger(a, f);
}

static void agent_pull_failed(struct agent *a)
{
    enum fault f = a->feed.fault;
    int64_t wait = backoff_fail(&a->pull_backoff, a->feed.retry_after_s);
    a->pulling = false;
    a->pull_fault = f;
    a->pull_at = agent_now(a) + wait;
    agent_leave_aside(a);
    if (f == FAULT_DISK)
        a->suspect = true;
    agent_log_fault(a, "pull-failed", f, wait);
    agent_tell_ledger(a, f);
}

/* ---- states */

static bool agent_has_failed(const struct agent *a) { return a->push_fault || a->pull_fault; }

static enum agent_state agent_choose(struct agent *a)
{
    int64_t now = agent_now(a);
    watch_drain(&a->watch);
    if (a->watch.ending || (a->once && agent_is_no_line(a->push_fault)))
        return AGENT_END;
    if (a->suspect || ledger_take_suspect(a->ledger))
        return AGENT_REPAIR;
    if (!a->once && agent_stick_look(a))
        return AGENT_STICK;
    if (pace_is_due(&a->push, now, agent_unsent(a)))
        return AGENT_PUSH;
    if (a->pulling)
        return now >= a->step_at ? AGENT_STEP : AGENT_WAIT;
    if (now >= a->pull_at)
        return AGENT_PULL;
    return a->once ? AGENT_END : AGENT_WAIT;
}

static enum agent_state agent_push(struct agent *a)
{
    const struct replica_position *at = &a->feed.at;
    enum exchange_result result = exchange_step(&a->exchange, at->epoch, at->seq, &a->error);
    if (result == EXCHANGE_FAILED) {
        if (!a->watch.ending)
            agent_push_failed(a);
        return AGENT_CHOOSE;
    }
    pace_succeed(&a->push, agent_now(a), result == EXCHANGE_AGAIN);
    if (a->exchange.new_keys)
        a->pull_at = 0;
    if (result == EXCHANGE_AGAIN)
        return AGENT_CHOOSE;
    /* The line is there again: the pull need not sit out its wait. */
    if (agent_is_no_line(a->pull_fault) || agent_is_no_line(a->push_fault))
        a->pull_at = 0;
    a->push_fault = FAULT_NONE;
    agent_tell_ledger(a, FAULT_NONE);
    return AGENT_CHOOSE;
}

static enum agent_state agent_pull(struct agent *a)
{
    agent_leave_aside(a);
    if (feed_begin(&a->feed, a->writer, &a->error) != ERR_NONE)
        agent_pull_failed(a);
    else
        a->pulling = true;
    return AGENT_CHOOSE;
}

/* Only after a pull that came to the head: then what the replica does not hold is not there. */
static void agent_return_stock(struct agent *a)
{
    struct error e;
    char path[4096];
    int returned = 0;
    int64_t now = a->clock.quality == CLOCK_OK ? clock_wall_ms(&a->clock) / 1000 : INT64_MIN;
    if (stock_return(a->ledger, file_join(path, a->dir, "replica.db"), now, &returned, &e) != ERR_NONE)
        log_line(LOG_ERROR, "stock", "why=%s", error_name(e.code));
    if (returned)
        log_line(LOG_INFO, "stock-returned", "events=%d", returned);
}

static void agent_pull_finished(struct agent *a)
{
    if (agent_take_aside(a, &a->error) != ERR_NONE) {
        a->feed.fault = FAULT_DISK;
        agent_pull_failed(a);
        return;
    }
    a->pulling = false;
    a->pull_fault = FAULT_NONE;
    a->pull_at = agent_now(a) + backoff_succeed(&a->pull_backoff);
    /* News from the hub often come with decisions for this kiosk. */
    if (a->feed.changed) {
        log_line(LOG_INFO, "pulled", "epoch=%u seq=%" PRId64 " items=%d skipped=%d", a->feed.at.epoch, a->feed.at.seq,
                 a->feed.applied, a->feed.bad);
        a->push.at = a->push_fault ? a->push.at : 0;
    }
    agent_return_stock(a);
    agent_tell_ledger(a, FAULT_NONE);
}

static enum agent_state agent_step(struct agent *a)
{
    int64_t keys = a->keys.doc.n;
    enum err code = feed_step(&a->feed, &a->error);
    a->step_at = a->feed.working ? agent_now(a) + AGENT_WORKING_MS : 0;
    if (code && a->feed.answer.stopped)
        return AGENT_CHOOSE;
    /* A reply that could not be believed may have been signed by the key that just came. */
    if (a->keys.doc.n > keys && a->push_fault == FAULT_SIGN)
        a->push.at = 0;
    if (code)
        agent_pull_failed(a);
    else if (a->feed.state == FEED_DONE)
        agent_pull_finished(a);
    return AGENT_CHOOSE;
}

/* By a stick, as the staff page asks. A pull by the line that was under way begins anew. */
static enum agent_state agent_by_stick(struct agent *a)
{
    a->pulling = false;
    a->pull_at = 0;
    agent_leave_aside(a);
    agent_stick_do(a);
    if (!a->writer)
        a->suspect = true;
    return AGENT_CHOOSE;
}

/* The screens, or a write, met a damaged replica. */
static enum agent_state agent_repair(struct agent *a)
{
    a->suspect = false;
    a->pulling = false;
    agent_leave_aside(a);
    bool damaged = false;
    if (agent_reopen_replica(a, &damaged, &a->error) != ERR_NONE) {
        a->pull_fault = FAULT_DISK;
        log_line(LOG_ERROR, "replica", "why=%s", error_name(a->error.code));
        agent_tell_ledger(a, FAULT_NONE);
        return AGENT_END;
    }
    if (damaged)
        a->pull_at = 0;
    return AGENT_CHOOSE;
}

static void agent_purge(struct agent *a)
{
    struct error e;
    if (agent_now(a) < a->purge_at)
        return;
    a->purge_at = agent_now(a) + AGENT_PURGE_MS;
    if (ledger_purge(a->ledger, &e) != ERR_NONE)
        log_line(LOG_ERROR, "purge", "why=%s", error_name(e.code));
}

static enum agent_state agent_wait(struct agent *a)
{
    agent_purge(a);
    /* Look once more: what was committed before the drain gave no event that is still to come. */
    watch_drain(&a->watch);
    if (a->watch.ending || agent_has_news(a) || agent_stick_look(a))
        return AGENT_CHOOSE;
    int64_t push = pace_next(&a->push, agent_unsent(a)), pull = a->pulling ? a->step_at : a->pull_at;
    int64_t next = push < pull ? push : pull;
    int64_t ms = next - agent_now(a);
    watch_wait(&a->watch, ms > 0 ? ms : 0);
    return AGENT_CHOOSE;
}

static enum agent_state (*const agent_states[])(struct agent *a) = {
    [AGENT_CHOOSE] = agent_choose, [AGENT_REPAIR] = agent_repair, [AGENT_PUSH] = agent_push,
    [AGENT_PULL] = agent_pull,     [AGENT_STEP] = agent_step,     [AGENT_STICK] = agent_by_stick,
    [AGENT_WAIT] = agent_wait,
};

enum err agent_run(struct agent *a, const char *hub, bool once, struct error *e)
{
    enum err code = agent_connect(a, hub, e);
    if (code)
        return code;
    a->once = once;
    log_line(LOG_INFO, "begin", "epoch=%u seq=%" PRId64 " unsent=%d", a->feed.at.epoch, a->feed.at.seq, agent_unsent(a));
    for (a->state = AGENT_CHOOSE; a->state != AGENT_END;)
        a->state = agent_states[a->state](a);
    log_line(LOG_INFO, "end", "unsent=%d", agent_unsent(a));
    /* Without a replica to write there is nothing to go on with: whoever keeps this program running starts it again. */
    if (a->writer && (!once || !agent_has_failed(a)))
        return ERR_NONE;
    *e = a->error;
    return e->code;
}
