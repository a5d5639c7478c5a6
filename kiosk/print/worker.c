/* From the ledger to the printer. */
#include "kiosk/print/worker.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "kiosk/base/i18n.h"
#include "kiosk/base/json.h"
#include "kiosk/base/log.h"
#include "kiosk/print/layout.h"
#include "kiosk/print/status.h"
#include "kiosk/store/slip.h"

/* What an attempt came to. */
struct worker_result {
    enum job_state state;
    enum job_fault fault;
    const char *word; /* of the printer */
};

static struct worker_result worker_waits(enum job_fault fault, const char *word)
{
    return (struct worker_result){.state = JOB_QUEUED, .fault = fault, .word = word};
}

/* ---- the bytes of a job */

/* What stands on every paper beside its matter; who lends its name. */
static enum err worker_where(const struct worker *w, struct ledger_identity *who, struct layout_where *out, struct error *e)
{
    enum err failed = ledger_identity(w->ledger, who, e);
    *out = (struct layout_where){.centre = w->centre && *w->centre ? w->centre : who->name,
                                 .host = who->host,
                                 .zone = w->zone,
                                 .width = w->paper.width,
                                 .module = w->paper.module,
                                 .printed_at = w->clock->quality == CLOCK_UNSET ? 0 : clock_wall_ms(w->clock) / 1000};
    return failed;
}

static enum err worker_ticket(const struct worker *w, const struct job *job, struct buf *out, struct error *e)
{
    struct ticket t;
    struct layout l;
    struct ledger_identity who;
    struct layout_where where;
    enum err failed = ledger_ticket_by_id(w->ledger, job->signup, &t, e);
    if (!failed)
        failed = worker_where(w, &who, &where, e);
    if (failed)
        return failed;
    i18n_set(job->lang[0] ? job->lang : t.lang);
    layout_ticket(&l, &t, &where);
    failed = sheet_bytes(out, &l, &w->paper, e);
    layout_done(&l);
    return failed;
}

static enum err worker_slip(const struct worker *w, const struct job *job, struct buf *out, struct error *e)
{
    struct slip slip;
    struct layout l;
    struct ledger_identity who;
    struct layout_where where;
    struct json *json = NULL;
    char *text;
    enum err failed = ledger_slip_get(w->ledger, job->id, &text, e);
    if (!failed)
        failed = slip_read(&slip, &json, text, e);
    if (!failed)
        failed = worker_where(w, &who, &where, e);
    if (!failed) {
        i18n_set(job->lang);
        layout_slip(&l, &slip, &where);
        failed = sheet_bytes(out, &l, &w->paper, e);
        layout_done(&l);
    }
    json_free(json);
    free(text);
    return failed;
}

static enum err worker_bytes(const struct worker *w, const struct job *job, struct buf *out, struct error *e)
{
    if (w->torn)
        escpos_flush(out);
    if (job->kind == JOB_TICKET)
        return worker_ticket(w, job, out, e);
    if (job->kind == JOB_SLIP)
        return worker_slip(w, job, out, e);
    i18n_set(job->lang);
    return sheet_test_page(out, &w->paper, w->centre ? w->centre : "", e);
}

/* ---- the printer */

static struct worker_result worker_broken(enum err code, const struct error *e)
{
    log_line(LOG_WARN, "printer", "error=%s", e->text);
    return code == ERR_TIMEOUT ? worker_waits(JOB_STALLED, "stalled") : worker_waits(JOB_OFFLINE, "offline");
}

/* After all bytes were taken. A printer that answered before the job must answer after it: its answer stands behind the
 * dots in the same stream, so it proves that they were read, and is given as long as writing would be. */
static struct worker_result worker_after(struct port *p, const struct port_limits *limits, bool talks)
{
    struct error e = {0};
    struct status after = status_ask(p, talks ? limits->stall : limits->status);
    enum job_fault fault = status_fault(&after);
    if (fault)
        return worker_waits(fault, status_word(&after));
    enum err failed = port_finish(p, &e);
    bool sure = talks ? after.known : !failed;
    if (!sure && failed == ERR_TIMEOUT)
        return worker_broken(failed, &e);
    return (struct worker_result){.state = sure ? JOB_PRINTED : JOB_UNSURE, .word = status_word(&after)};
}

/* Writes the job; code is ERR_STATE when asked to end in the middle, ERR_NONE else. */
static enum err worker_send(struct worker *w, struct port *p, const struct buf *bytes, bool talks,
                            struct worker_result *out)
{
    struct error e = {0};
    size_t written;
    enum err failed = port_write(p, bytes->data, bytes->len, &written, &e);
    bool torn = w->torn || written > 0;
    if (failed == ERR_STATE) {
        w->torn = torn;
        *out = worker_waits(JOB_FINE, w->word);
        return ERR_STATE;
    }
    *out = failed ? worker_broken(failed, &e) : worker_after(p, &w->port.limits, talks);
    w->torn = out->state != JOB_PRINTED && torn; /* what a printer in trouble made of the bytes is anybody's guess */
    return ERR_NONE;
}

/* Opens the printer and asks how it is. *p is NULL unless a job may be sent. */
static enum err worker_reach(struct worker *w, struct port **p, struct status *before, struct worker_result *out)
{
    struct error e = {0};
    enum err failed = port_open(p, &w->port, &e);
    if (failed == ERR_STATE)
        return ERR_STATE;
    if (failed) {
        *out = worker_broken(ERR_NET, &e);
        return ERR_NONE;
    }
    *before = status_ask(*p, w->port.limits.status);
    enum job_fault fault = status_fault(before);
    if (fault) {
        *out = worker_waits(fault, status_word(before));
        port_close(*p);
        *p = NULL;
    }
    return ERR_NONE;
}

/* ---- the ledger */

static enum err worker_set_word(struct worker *w, const char *word, struct error *e)
{
    if (strcmp(w->word, word) == 0)
        return ERR_NONE;
    snprintf(w->word, sizeof w->word, "%s", word);
    log_line(LOG_INFO, "printer", "state=%s", word);
    return ledger_set_printer(w->ledger, word, e);
}

static void worker_pause(struct worker *w, bool fault)
{
    if (!fault) {
        w->retry_ms = 0;
        return;
    }
    w->retry_ms = w->retry_ms == 0 ? WORKER_RETRY_MIN_MS : w->retry_ms * 2;
    if (w->retry_ms > WORKER_RETRY_MAX_MS)
        w->retry_ms = WORKER_RETRY_MAX_MS;
    w->retry_at = clock_mono_ms(w->clock) + w->retry_ms;
}

/* Writes down what an attempt came to, only where it changes something: every commit wakes the screens. */
static enum err worker_record(struct worker *w, const struct job *job, struct worker_result r, bool sent,
                              struct error *e)
{
    enum err failed = worker_set_word(w, r.word, e);
    if (!failed && sent && r.state == JOB_QUEUED && r.fault && job->tries + 1 >= WORKER_TRIES)
        r.state = JOB_UNSURE;
    if (!failed && (sent || r.fault != job->fault))
        failed = ledger_job_set(w->ledger, job->id, r.state, r.fault, e);
    if (sent || r.fault != job->fault)
        log_line(LOG_INFO, "job", "id=%lld printed=%d unsure=%d fault=%d", (long long)job->id, r.state == JOB_PRINTED,
                 r.state == JOB_UNSURE, (int)r.fault);
    worker_pause(w, r.fault != JOB_FINE);
    return failed;
}

/* A ticket that cannot be drawn must not hold up those behind it; a ledger that cannot be read now is another matter.
 */
static enum err worker_skip(struct worker *w, const struct job *job, enum err code, const struct error *why,
                            struct error *e)
{
    if (code != ERR_NOT_FOUND && code != ERR_INVALID && code != ERR_TOO_BIG)
        return error_set(e, code, "%s", why->text);
    log_line(LOG_ERROR, "job", "id=%lld error=%s", (long long)job->id, why->text);
    return ledger_job_set(w->ledger, job->id, JOB_CANCELLED, JOB_ERROR, e);
}

static enum err worker_print(struct worker *w, const struct job *job, const struct buf *bytes, struct error *e)
{
    struct worker_result r = {0};
    struct status before = {0};
    struct port *p = NULL;
    bool sent = false;
    enum err ending = worker_reach(w, &p, &before, &r), failed = ERR_NONE;
    if (p) {
        failed = ledger_job_set(w->ledger, job->id, JOB_PRINTING, JOB_FINE, e);
        sent = !failed;
        if (sent)
            ending = worker_send(w, p, bytes, before.known, &r);
        port_close(p);
    }
    if (!failed && (sent || !ending))
        failed = worker_record(w, job, r, sent, e);
    return failed ? failed : ending ? error_set(e, ERR_STATE, "asked to end") : ERR_NONE;
}

static enum err worker_job(struct worker *w, const struct job *job, struct error *e)
{
    struct buf bytes;
    struct error why = {0};
    buf_init(&bytes, SHEET_BYTES_MAX);
    enum err failed = worker_bytes(w, job, &bytes, &why);
    failed = failed ? worker_skip(w, job, failed, &why, e) : worker_print(w, job, &bytes, e);
    buf_done(&bytes);
    return failed;
}

enum err worker_step(struct worker *w, int64_t *wait_ms, struct error *e)
{
    for (;;) {
        struct job job;
        enum err failed = ledger_job_next(w->ledger, &job, wait_ms, e);
        w->waiting = !failed;
        if (failed)
            return failed == ERR_NOT_FOUND ? ERR_NONE : failed;
        int64_t left = w->retry_ms ? w->retry_at - clock_mono_ms(w->clock) : 0;
        if (left > 0) {
            *wait_ms = left;
            return ERR_NONE;
        }
        failed = worker_job(w, &job, e);
        if (failed)
            return failed;
    }
}

enum err worker_look(struct worker *w, struct error *e)
{
    struct worker_result r = {0};
    struct status s = {0};
    struct port *p = NULL;
    enum err ending = worker_reach(w, &p, &s, &r);
    if (ending)
        return ERR_NONE;
    const char *word = p ? status_word(&s) : r.word;
    port_close(p);
    return worker_set_word(w, word, e);
}

/* ---- the test page */

enum err worker_test_page(struct worker *w, struct error *e)
{
    struct buf bytes;
    struct port *p = NULL;
    size_t written;
    buf_init(&bytes, SHEET_BYTES_MAX);
    if (w->torn)
        escpos_flush(&bytes);
    enum err failed = sheet_test_page(&bytes, &w->paper, w->centre ? w->centre : "", e);
    if (!failed)
        failed = port_open(&p, &w->port, e);
    if (failed)
        goto out;
    struct status s = status_ask(p, w->port.limits.status);
    if (status_fault(&s))
        failed = error_set(e, ERR_STATE, "the printer says: %s", status_word(&s));
    if (!failed)
        failed = port_write(p, bytes.data, bytes.len, &written, e);
    if (!failed)
        failed = port_finish(p, e);
out:
    port_close(p);
    buf_done(&bytes);
    return failed;
}
