/* The pull and the push, each over a stick. */
#include "sync/bundle.h"

#include <inttypes.h>

#include "kiosk/base/log.h"
#include "sync/agent_open.h"
#include "sync/carry.h"
#include "sync/transport_stick.h"

static enum err bundle_feed(struct agent *a, struct feed *f, struct error *e)
{
    enum err code = feed_begin(f, a->writer, e);
    while (!code && f->state != FEED_DONE)
        code = feed_step(f, e);
    if (code) {
        agent_leave_aside(a);
        return code;
    }
    a->feed.at = f->at;
    return agent_take_aside(a, e);
}

static enum err bundle_pull(struct agent *a, struct stick *s, const struct stick_manifest *hub, struct bundle_report *r,
                            struct error *e)
{
    struct transport *t;
    struct feed f;
    transport_stick_new(&t, s, hub);
    feed_init(&f, t, a->ledger, &a->keys, &a->clock, a->feed.scope);
    f.aside = agent_open_aside;
    f.install = agent_install;
    f.aside_context = a;
    snapshot_init(&f.snapshot, a->dir, zone_name(a->zone));
    f.carried = true;
    enum err code = bundle_feed(a, &f, e);
    r->items = f.applied;
    r->stale = f.fault == FAULT_STALE;
    if (f.fault == FAULT_SIGN && code && !s->fault)
        s->fault = ERR_DENIED;
    /* An old stick is no fault: it just brings nothing. */
    if (r->stale)
        code = ERR_NONE;
    log_line(LOG_INFO, "stick-read", "epoch=%u seq=%" PRId64 " items=%d fault=%s", f.at.epoch, f.at.seq, f.applied,
             fault_name(f.fault));
    feed_done(&f);
    transport_free(t);
    /* Whatever came of it, the line goes on from where the replica stands. */
    struct error other;
    if (a->writer && replica_writer_position(a->writer, &a->feed.at, &other) != ERR_NONE && !code)
        code = error_set(e, other.code, "%s", other.text);
    return code;
}

static enum err bundle_import_hub(struct agent *a, struct stick *s, struct bundle_report *r, struct error *e)
{
    struct stick_manifest hub;
    enum err code = stick_part_load(s, "hub", &hub, e);
    r->news = !code;
    if (code == ERR_NOT_FOUND)
        code = ERR_NONE;
    else if (!code)
        code = bundle_pull(a, s, &hub, r, e);
    stick_manifest_done(&hub);
    return code;
}

static enum err bundle_receipts(struct agent *a, struct stick *s, struct bundle_report *r, struct error *e)
{
    struct carry c;
    carry_init(&c, &a->exchange, s, clock_wall_ms(&a->clock) / 1000);
    enum err code = carry_read(&c, e);
    r->receipts += c.receipts;
    if (code && c.fault == FAULT_SIGN && !s->fault)
        s->fault = ERR_DENIED;
    return code;
}

enum err bundle_import(struct agent *a, const char *dir, struct bundle_report *r, struct error *e)
{
    struct stick s;
    struct error later;
    *r = (struct bundle_report){0};
    enum err code = stick_open(&s, dir, false, e);
    if (!code) {
        code = bundle_import_hub(a, &s, r, e);
        enum err second = bundle_receipts(a, &s, r, &later);
        if (second && !code)
            code = error_set(e, second, "%s", later.text);
    }
    r->stick = s.fault;
    stick_close(&s);
    return code;
}

static enum err bundle_write(struct agent *a, struct stick *s, struct bundle_report *r, struct error *e)
{
    struct carry c;
    struct ledger_identity id;
    enum err code = ledger_identity(a->ledger, &id, e);
    if (code)
        return code;
    carry_init(&c, &a->exchange, s, clock_wall_ms(&a->clock) / 1000);
    code = carry_write(&c, id.host, a->feed.at.epoch, a->feed.at.seq, e);
    r->operations = code ? 0 : c.operations;
    log_line(LOG_INFO, "stick-written", "operations=%d batches=%d why=%s", c.operations, c.batches, error_name(code));
    return code;
}

enum err bundle_export(struct agent *a, const char *dir, struct bundle_report *r, struct error *e)
{
    struct stick s;
    char why[400];
    *r = (struct bundle_report){0};
    enum err code = stick_open(&s, dir, true, e);
    /* A receipt that is spoilt is no reason not to write: what it would have told, the next one tells. */
    if (!code && bundle_receipts(a, &s, r, e))
        log_line(LOG_WARN, "receipt-refused", "why=%s", log_quote(why, sizeof why, e->text));
    s.fault = code;
    if (!code)
        code = bundle_write(a, &s, r, e);
    r->stick = s.fault;
    stick_close(&s);
    return code;
}
