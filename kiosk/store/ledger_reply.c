/* What a reply of the hub says, written in one transaction: acknowledgement, leases, decisions. */
#include "kiosk/store/ledger_sync.h"

#include <string.h>

#include "kiosk/base/log.h"
#include "kiosk/store/content_read.h"
#include "kiosk/store/ledger_private.h"
#include "kiosk/ticket/crypto.h"

enum { LEDGER_DECISION_MAX = 8192, LEDGER_SEAT_NUMBER_MAX = 1000000 };

void ledger_use_key(struct ledger *l, const uint8_t *sign_sk) { l->sign_sk = sign_sk; }

/* ---- the transaction */

enum err ledger_reply_begin(struct ledger *l, struct error *e)
{
    enum err code = ledger_begin(l, e);
    if (code)
        return code;
    /* The hub has answered: it has seen the "held" of the batch, which named these first (ledger_batch). */
    struct sql_stmt *st =
        sql_get(l->db, "UPDATE lease SET told = 1 WHERE lease IN"
                       " (SELECT lease FROM lease WHERE held = 1 AND told = 0 ORDER BY lease LIMIT 256)");
    code = sql_run(st, e);
    if (code)
        sql_rollback(l->db);
    return code;
}

enum err ledger_reply_commit(struct ledger *l, struct error *e) { return ledger_finish(l, ERR_NONE, e); }
void ledger_reply_abort(struct ledger *l) { sql_rollback(l->db); }

/* ---- acknowledgement */

/* Never lowers it: an old head may come late. A new epoch starts from 0 (ledger_new_incarnation). */
static enum err ledger_raise(struct ledger *l, const char *name, int64_t value, struct error *e)
{
    int64_t before;
    enum err code = ledger_meta_get_int(l, name, &before, e);
    if (!code && value > before)
        code = ledger_meta_set_int(l, name, value, e);
    return code;
}

enum err ledger_reply_ack(struct ledger *l, int64_t n, int64_t opseq, int64_t safe_opseq, struct error *e)
{
    int64_t last, before = 0;
    char h[65];
    enum err code = ledger_op_last(l, &last, h, e);
    if (!code && (n < 0 || n > last))
        code = error_set(e, ERR_INVALID, "the hub acknowledged operation %lld of %lld", (long long)n, (long long)last);
    if (!code)
        code = ledger_meta_get_int(l, "ack_n", &before, e);
    if (code)
        return code;
    struct sql_stmt *st =
        sql_get(l->db, "UPDATE op SET opseq = :opseq WHERE n > :before AND n <= :n AND opseq IS NULL");
    sql_bind_int(st, ":before", before);
    sql_bind_int(st, ":opseq", opseq > 0 ? opseq : 1);
    sql_bind_int(st, ":n", n);
    code = sql_run(st, e);
    if (!code)
        code = ledger_raise(l, "ack_n", n, e);
    if (!code)
        code = ledger_raise(l, "safe_opseq", safe_opseq, e);
    return code;
}

enum err ledger_set_safe(struct ledger *l, int64_t epoch, int64_t safe_opseq, struct error *e)
{
    int64_t ours = 0;
    enum err code = ledger_begin(l, e);
    if (!code)
        code = ledger_meta_get_int(l, "epoch", &ours, e);
    if (!code && ours == epoch)
        code = ledger_raise(l, "safe_opseq", safe_opseq, e);
    return ledger_finish(l, code, e);
}

/* ---- leases */

static enum err ledger_insert_lease(struct ledger *l, const struct ledger_grant *g, bool *is_new, struct error *e)
{
    struct sql_stmt *st =
        sql_get(l->db, "INSERT OR IGNORE INTO lease (lease, event, first, last, terms, sig, told, held, got_at)"
                       " VALUES (:lease, :event, :first, :last, :terms, :sig, 0, 1, :got_at)");
    sql_bind_int(st, ":lease", g->lease);
    sql_bind_text(st, ":event", g->event);
    sql_bind_int(st, ":first", g->first);
    sql_bind_int(st, ":last", g->last);
    sql_bind_int(st, ":terms", g->terms);
    sql_bind_text(st, ":sig", g->sig);
    sql_bind_int(st, ":got_at", l->clock->quality == CLOCK_UNSET ? 0 : ledger_now_ms(l) / 1000);
    enum err code = sql_run(st, e);
    *is_new = !code && sql_changes(l->db) == 1;
    return code;
}

enum err ledger_set_mark(struct ledger *l, const char *mark, struct error *e)
{
    enum err code = *mark ? ledger_begin(l, e) : ERR_NONE;
    if (*mark && !code)
        code = ledger_finish(l, ledger_meta_set(l, "mark", mark, e), e);
    return code;
}

enum err ledger_reply_proof(struct ledger *l, const char *proof, struct error *e)
{
    return *proof ? ledger_meta_set(l, "proof", proof, e) : ERR_NONE;
}

enum err ledger_reply_grant(struct ledger *l, const struct ledger_grant *g, struct error *e)
{
    bool is_new;
    if (g->first < 1 || g->last < g->first || g->last > LEDGER_SEAT_NUMBER_MAX || g->last - g->first >= 1000 ||
        g->lease < 1)
        return error_set(e, ERR_INVALID, "lease %lld: seats %d..%d", (long long)g->lease, g->first, g->last);
    /* A lease that was here before is not taken again, whatever became of its seats. */
    enum err code = ledger_insert_lease(l, g, &is_new, e);
    for (int seat = g->first; seat <= g->last && !code && is_new; seat++) {
        /* A seat that is in stock under an older lease goes over to the newer: one right per seat. */
        struct sql_stmt *st =
            sql_get(l->db, "INSERT OR REPLACE INTO stock (event, seat, lease) VALUES (:event, :seat, :lease)");
        sql_bind_text(st, ":event", g->event);
        sql_bind_int(st, ":seat", seat);
        sql_bind_int(st, ":lease", g->lease);
        code = sql_run(st, e);
    }
    return code;
}

/* ---- decisions */

static int ledger_read_seat_list(const struct json *list, int *seats)
{
    int count = 0;
    for (const struct json *j = json_first(list); j && count < LEDGER_SEATS_MAX; j = json_next(j)) {
        int64_t seat = json_value_int(j, 0);
        if (seat > 0 && seat <= LEDGER_SEAT_NUMBER_MAX)
            seats[count++] = (int)seat;
    }
    return count;
}

/* The hub's word for a state as ours; -1 for an unknown one. */
static int ledger_decided_state(const char *word)
{
    if (strcmp(word, "waitlisted") == 0)
        return TICKET_WAITING;
    for (int i = TICKET_CONFIRMED; i <= TICKET_CANCELLED; i++)
        if (i != TICKET_WAITING && strcmp(ledger_state_name((enum ticket_state)i), word) == 0)
            return i;
    return -1;
}

static enum err ledger_update_ticket(struct ledger *l, const struct ticket *t, struct error *e)
{
    char seats[160];
    ledger_seats_text(seats, t->seats, t->seat_count);
    struct sql_stmt *st = sql_get(l->db, "UPDATE signup SET state = :state, seats = :seats, lease = :lease, pos = :pos,"
                                         " token = :token WHERE id = :id");
    sql_bind_text(st, ":id", t->id);
    sql_bind_text(st, ":state", ledger_state_name(t->state));
    sql_bind_text(st, ":seats", seats);
    sql_bind_int(st, ":lease", t->lease);
    sql_bind_int(st, ":pos", t->pos);
    if (t->has_token)
        sql_bind_blob(st, ":token", t->token, sizeof t->token);
    return sql_run(st, e);
}

static enum err ledger_sign_decided(struct ledger *l, struct ticket *t, struct error *e)
{
    char kid[12];
    if (t->state != TICKET_CONFIRMED || t->has_token || !t->mine || t->facts.request || !l->sign_sk)
        return ERR_NONE;
    enum err code = ledger_meta_get(l, "kid", kid, sizeof kid, e);
    if (!code && strlen(kid) == CRYPTO_KID)
        ledger_sign(t, kid, l->sign_sk);
    return code;
}

/* The person cancelled, and what the hub decides about it was decided before it heard of that. Or it was restored and
 * forgot, while this log does not hold the cancellation (any more): then it is told once more. */
static enum err ledger_cancel_again(struct ledger *l, const struct ticket *t, struct error *e)
{
    bool row = false;
    struct sql_stmt *st = sql_get(l->db, "SELECT 1 FROM op WHERE kind = 'cancel' AND signup = :id AND body <> ''");
    sql_bind_text(st, ":id", t->id);
    enum err code = sql_step(st, &row, e);
    sql_reset(st);
    return code || row ? code : ledger_append_cancel(l, t, e);
}

/* A change of a sign-up's state. */
static enum err ledger_decide(struct ledger *l, const struct json *j, struct error *e)
{
    struct ticket t;
    int state = ledger_decided_state(json_str(j, "st", ""));
    enum err code = state < 0 ? ERR_NOT_FOUND : ledger_ticket_by_id(l, json_str(j, "id", ""), &t, e);
    if (code)
        return code == ERR_NOT_FOUND ? ERR_NONE : code;
    if (t.state == TICKET_CANCELLED)
        return state == TICKET_CANCELLED ? ERR_NONE : ledger_cancel_again(l, &t, e);
    int seats[LEDGER_SEATS_MAX], count = ledger_read_seat_list(json_get(j, "seats"), seats);
    bool moved = count > 0 && (count != t.seat_count || memcmp(seats, t.seats, (size_t)count * sizeof seats[0]) != 0);
    t.state = (enum ticket_state)state;
    t.pos = (int)json_int(j, "pos", 0);
    if (moved) {
        t.seat_count = count;
        memcpy(t.seats, seats, sizeof seats);
        t.lease = json_int(j, "lease", 0);
        t.has_token = false; /* it names the old seat */
    }
    code = ledger_sign_decided(l, &t, e);
    return code ? code : ledger_update_ticket(l, &t, e);
}

static enum err ledger_insert_found(struct ledger *l, const struct json *j, struct error *e)
{
    char seats[160];
    int list[LEDGER_SEATS_MAX], state = ledger_decided_state(json_str(j, "state", "")),
                                party = (int)json_int(j, "party", 1);
    int64_t now = ledger_now_ms(l) / 1000;
    ledger_seats_text(seats, list, ledger_read_seat_list(json_get(j, "seats"), list));
    struct sql_stmt *st =
        sql_get(l->db, "INSERT INTO signup (id, code, event, state, party, seats, lease, pos, terms, facts, lang, mine,"
                       " created_at, quality, ends_at) VALUES (:id, :code, :event, :state, :party, :seats, 0, :pos, 0,"
                       " '{}', '', 0, :now, :quality, :now) ON CONFLICT (id) DO UPDATE SET state = excluded.state,"
                       " seats = excluded.seats, pos = excluded.pos, party = excluded.party WHERE mine = 0");
    sql_bind_text(st, ":id", json_str(j, "id", ""));
    sql_bind_text(st, ":code", json_str(j, "code", ""));
    sql_bind_text(st, ":event", json_str(j, "ev", ""));
    sql_bind_text(st, ":state", ledger_state_name(state < 0 ? TICKET_QUARANTINED : (enum ticket_state)state));
    sql_bind_int(st, ":party", party);
    sql_bind_text(st, ":seats", seats);
    sql_bind_int(st, ":pos", json_int(j, "pos", 0));
    sql_bind_int(st, ":now", now);
    sql_bind_text(st, ":quality", clock_quality_name(l->clock->quality));
    return sql_run(st, e);
}

/* The answer to a find. */
static enum err ledger_found(struct ledger *l, const struct json *j, struct error *e)
{
    bool ticket = strcmp(json_str(j, "st", ""), "ticket") == 0;
    const char *text = json_str(j, "code", "");
    if (strlen(text) != CODE_LEN ||
        (ticket && !(crypto_is_uuid(json_str(j, "id", "")) && crypto_is_uuid(json_str(j, "ev", "")))))
        return ERR_NONE;
    enum err code = ticket ? ledger_insert_found(l, j, e) : ERR_NONE;
    if (code)
        return code;
    struct sql_stmt *st = sql_get(l->db, "INSERT OR REPLACE INTO found (code, state, at) VALUES (:code, :state, :at)");
    sql_bind_text(st, ":code", text);
    sql_bind_text(st, ":state", ticket ? "ticket" : "unknown");
    sql_bind_int(st, ":at", ledger_now_ms(l) / 1000);
    return sql_run(st, e);
}

static enum err ledger_store_decision(struct ledger *l, int64_t dn, const struct json *j, struct error *e)
{
    struct buf body;
    buf_init(&body, LEDGER_DECISION_MAX);
    json_write(j, &body);
    struct sql_stmt *st = sql_get(l->db, "INSERT OR REPLACE INTO decision (dn, body) VALUES (:dn, :body)");
    sql_bind_int(st, ":dn", dn);
    sql_bind_text(st, ":body", body.data);
    enum err code = sql_run(st, e);
    buf_done(&body);
    return code ? code : ledger_meta_set_int(l, "inbox", dn, e);
}

static enum err ledger_apply_decision(struct ledger *l, const struct json *j, struct error *e)
{
    int64_t inbox, dn = json_int(j, "dn", 0);
    const char *st = json_str(j, "st", "");
    enum err code = ledger_meta_get_int(l, "inbox", &inbox, e);
    if (!code && dn < 1)
        code = error_set(e, ERR_INVALID, "a decision without a number");
    if (code || dn <= inbox)
        return code;
    code = ledger_store_decision(l, dn, j, e);
    if (!code)
        code = strcmp(st, "ticket") == 0 || strcmp(st, "unknown") == 0 ? ledger_found(l, j, e) : ledger_decide(l, j, e);
    return code;
}

enum err ledger_reply_decision(struct ledger *l, const char *line, size_t n, struct error *e)
{
    struct json *j;
    enum err code = json_parse(&j, line, n, LEDGER_DECISION_MAX, e);
    if (code) {
        error_prefix(e, "decision");
        return code;
    }
    code = ledger_apply_decision(l, j, e);
    json_free(j);
    return code;
}
