/* Print jobs. */
#include "kiosk/store/ledger_jobs.h"

#include <stdlib.h>
#include <string.h>

#include "kiosk/store/content_read.h"
#include "kiosk/store/ledger_private.h"
#include "kiosk/store/slip.h"

static const char *const ledger_job_kinds[] = {"ticket", "test", "slip"};
static const char *const ledger_job_states[] = {"queued", "printing", "printed", "unsure", "cancelled"};
static const char *const ledger_job_faults[] = {"", "paper", "cover", "offline", "stalled", "error"};

static int ledger_job_word(const char *const *words, int count, const char *word)
{
    for (int i = 0; i < count; i++)
        if (strcmp(words[i], word) == 0)
            return i;
    return 0;
}

/* Columns id, kind, signup, state, fault, lang, tries. */
static void ledger_read_job(struct sql_stmt *st, struct job *out)
{
    *out = (struct job){.id = sql_int(st, 0), .tries = (int)sql_int(st, 6)};
    out->kind = (enum job_kind)ledger_job_word(ledger_job_kinds, JOB_SLIP + 1, sql_text(st, 1));
    content_word(out->signup, sizeof out->signup, sql_text(st, 2));
    out->state = (enum job_state)ledger_job_word(ledger_job_states, JOB_CANCELLED + 1, sql_text(st, 3));
    out->fault = (enum job_fault)ledger_job_word(ledger_job_faults, JOB_ERROR + 1, sql_text(st, 4));
    content_word(out->lang, sizeof out->lang, sql_text(st, 5));
}

/* ---- adding */

/* What a job is made of; the same is not open twice. */
struct ledger_job_new {
    enum job_kind kind;
    const char *signup; /* NULL unless a ticket */
    const char *slip;   /* "" unless a slip */
    const char *lang;
};

static enum err ledger_job_open(struct ledger *l, const struct ledger_job_new *j, int64_t *id, struct error *e)
{
    bool row;
    struct sql_stmt *st = sql_get(l->db, "SELECT id FROM job WHERE state IN ('queued', 'printing') AND kind = :kind"
                                         " AND signup IS :signup AND slip = :slip LIMIT 1");
    sql_bind_text(st, ":kind", ledger_job_kinds[j->kind]);
    sql_bind_text(st, ":signup", j->signup);
    sql_bind_text(st, ":slip", j->slip);
    enum err code = sql_step(st, &row, e);
    *id = !code && row ? sql_int(st, 0) : 0;
    sql_reset(st);
    return code;
}

static enum err ledger_job_insert(struct ledger *l, const struct ledger_job_new *j, int64_t *id, struct error *e)
{
    struct sql_stmt *st = sql_get(l->db, "INSERT INTO job (kind, signup, state, fault, hold_ms, lang, made_at, slip)"
                                         " VALUES (:kind, :signup, 'queued', '', 0, :lang, :at, :slip)");
    sql_bind_text(st, ":kind", ledger_job_kinds[j->kind]);
    sql_bind_text(st, ":signup", j->signup);
    sql_bind_text(st, ":slip", j->slip);
    sql_bind_text(st, ":lang", j->lang);
    sql_bind_int(st, ":at", ledger_now_ms(l) / 1000);
    enum err code = sql_run(st, e);
    *id = code ? 0 : sql_last_id(l->db);
    return code;
}

enum err ledger_job_add(struct ledger *l, const char *signup, const char *lang, int64_t *id, struct error *e)
{
    struct ticket t;
    struct ledger_job_new j = {.kind = signup ? JOB_TICKET : JOB_TEST, .signup = signup, .slip = "", .lang = lang};
    enum err code = ledger_begin(l, e);
    if (!code && signup)
        code = ledger_ticket_by_id(l, signup, &t, e);
    if (!code)
        code = ledger_job_open(l, &j, id, e);
    if (!code && *id == 0)
        code = ledger_job_insert(l, &j, id, e);
    return ledger_finish(l, code, e);
}

/* ---- slips */

/* A clock that was set back makes old jobs look new: those are not counted. */
static enum err ledger_slips_allow(struct ledger *l, struct error *e)
{
    bool row;
    int64_t now = ledger_now_ms(l) / 1000;
    struct sql_stmt *st = sql_get(l->db, "SELECT count(*) FROM job WHERE kind = 'slip' AND made_at > :since AND made_at <= :now");
    sql_bind_int(st, ":since", now - 3600);
    sql_bind_int(st, ":now", now);
    enum err code = sql_step(st, &row, e);
    if (!code && row && sql_int(st, 0) >= JOB_SLIPS_AN_HOUR)
        code = error_set(e, ERR_BUSY, "%d slips were asked for within an hour", JOB_SLIPS_AN_HOUR);
    sql_reset(st);
    return code;
}

enum err ledger_slip_add(struct ledger *l, const struct slip *slip, const char *lang, int64_t *id, struct error *e)
{
    char *text = slip_write(slip);
    struct ledger_job_new j = {.kind = JOB_SLIP, .slip = text, .lang = lang};
    *id = 0;
    if (!text)
        return error_set(e, ERR_TOO_BIG, "a slip of more than %d bytes", SLIP_BYTES_MAX);
    enum err code = ledger_begin(l, e);
    if (!code)
        code = ledger_job_open(l, &j, id, e);
    if (!code && *id == 0)
        code = ledger_slips_allow(l, e);
    if (!code && *id == 0)
        code = ledger_job_insert(l, &j, id, e);
    code = ledger_finish(l, code, e);
    free(text);
    return code;
}

enum err ledger_slip_get(struct ledger *l, int64_t id, char **text, struct error *e)
{
    bool row;
    *text = NULL;
    struct sql_stmt *st = sql_get(l->db, "SELECT slip FROM job WHERE id = :id AND slip <> ''");
    sql_bind_int(st, ":id", id);
    enum err code = sql_step(st, &row, e);
    if (!code && row)
        *text = mem_dup_str(sql_text(st, 0));
    else if (!code)
        code = error_set(e, ERR_NOT_FOUND, "no slip to print in job %lld", (long long)id);
    sql_reset(st);
    return code;
}

/* ---- reading */

enum err ledger_job_of(struct ledger *l, const char *signup, struct job *out, struct error *e)
{
    bool row;
    struct sql_stmt *st =
        sql_get(l->db, "SELECT id, kind, signup, state, fault, lang, tries FROM job WHERE signup = :signup"
                       " ORDER BY id DESC LIMIT 1");
    sql_bind_text(st, ":signup", signup);
    enum err code = sql_step(st, &row, e);
    if (!code && row)
        ledger_read_job(st, out);
    else if (!code)
        code = error_set(e, ERR_NOT_FOUND, "no print job of %s", signup);
    sql_reset(st);
    return code;
}

enum err ledger_job_get(struct ledger *l, int64_t id, struct job *out, struct error *e)
{
    bool row;
    struct sql_stmt *st =
        sql_get(l->db, "SELECT id, kind, signup, state, fault, lang, tries FROM job WHERE id = :id");
    sql_bind_int(st, ":id", id);
    enum err code = sql_step(st, &row, e);
    if (!code && row)
        ledger_read_job(st, out);
    else if (!code)
        code = error_set(e, ERR_NOT_FOUND, "no print job %lld", (long long)id);
    sql_reset(st);
    return code;
}

/* How long a job is still held. A hold longer than any that is made means that the clock was set back: it is over. */
static int64_t ledger_job_hold(const struct ledger *l, int64_t hold_ms, const char *signup_state)
{
    int64_t left = hold_ms - ledger_now_ms(l);
    return left <= 0 || left > LEDGER_ASK_MS || strcmp(signup_state, "asking") != 0 ? 0 : left;
}

enum err ledger_job_next(struct ledger *l, struct job *out, int64_t *wait_ms, struct error *e)
{
    bool row = true, found = false;
    enum err code = ERR_NONE;
    *wait_ms = -1;
    struct sql_stmt *st =
        sql_get(l->db, "SELECT j.id, j.kind, j.signup, j.state, j.fault, j.lang, j.tries, j.hold_ms, s.state"
                       " FROM job j LEFT JOIN signup s ON s.id = j.signup"
                       " WHERE j.state = 'queued' ORDER BY j.id");
    while (!code && !found) {
        code = sql_step(st, &row, e);
        if (code || !row)
            break;
        int64_t left = ledger_job_hold(l, sql_int(st, 7), sql_text(st, 8));
        if (left > 0 && (*wait_ms < 0 || left < *wait_ms))
            *wait_ms = left;
        found = left == 0;
        if (found)
            ledger_read_job(st, out);
    }
    sql_reset(st);
    return code || found ? code : error_set(e, ERR_NOT_FOUND, "nothing to print");
}

/* ---- working */

enum err ledger_job_set(struct ledger *l, int64_t id, enum job_state state, enum job_fault fault, struct error *e)
{
    enum err code = ledger_begin(l, e);
    if (!code) {
        struct sql_stmt *st =
            sql_get(l->db, "UPDATE job SET tries = tries + (:state = 'printing' AND state <> 'printing'),"
                           " state = :state, fault = :fault, done_at = :done,"
                           " slip = CASE WHEN :state IN ('queued', 'printing') THEN slip ELSE '' END WHERE id = :id");
        sql_bind_int(st, ":id", id);
        sql_bind_text(st, ":state", ledger_job_states[state]);
        sql_bind_text(st, ":fault", ledger_job_faults[fault]);
        if (state > JOB_PRINTING)
            sql_bind_int(st, ":done", ledger_now_ms(l) / 1000);
        code = sql_run(st, e);
    }
    if (!code && sql_changes(l->db) == 0)
        code = error_set(e, ERR_NOT_FOUND, "no print job %lld", (long long)id);
    return ledger_finish(l, code, e);
}

enum err ledger_jobs_recover(struct ledger *l, struct error *e)
{
    enum err code = ledger_begin(l, e);
    if (!code) {
        struct sql_stmt *st = sql_get(l->db, "UPDATE job SET state = 'unsure', done_at = :at, slip = ''"
                                             " WHERE state = 'printing'");
        sql_bind_int(st, ":at", ledger_now_ms(l) / 1000);
        code = sql_run(st, e);
    }
    return ledger_finish(l, code, e);
}

enum err ledger_set_printer(struct ledger *l, const char *state, struct error *e)
{
    enum err code = ledger_begin(l, e);
    if (!code)
        code = ledger_meta_set(l, "printer", state, e);
    if (!code)
        code = ledger_meta_set_int(l, "printer_at", ledger_now_ms(l) / 1000, e);
    return ledger_finish(l, code, e);
}
