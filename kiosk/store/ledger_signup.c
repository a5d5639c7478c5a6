/* A sign-up: sealed, seated where a block holds the party, logged, with its ticket and its print job, in one
 * transaction. */
#include "kiosk/store/ledger.h"

#include <stdio.h>
#include <string.h>

#include "kiosk/base/buf.h"
#include "kiosk/store/content_read.h"
#include "kiosk/store/ledger_private.h"
#include "kiosk/ticket/crypto.h"

enum {
    LEDGER_BOX_TEXT = 6000, /* b64 of the largest box, and room */
    LEDGER_CODE_TRIES = 100,
    LEDGER_LEASED_FROM = 10, /* occurrences with fewer seats are not leased (PROTOCOL.md, 5) */
    LEDGER_WANT = 4
};

/* ---- checking */

static bool ledger_is_request(const struct signup_draft *d) { return strcmp(d->event->kind, "resource") == 0; }

const char *ledger_subject(const struct signup_draft *d)
{
    return ledger_is_request(d) ? d->event->id : d->occurrence->occurrence;
}

static enum err ledger_check_draft(const struct signup_draft *d, struct error *e)
{
    bool reachable = (d->telephone && d->telephone[0]) || (d->email && d->email[0]);
    if (d->party < 1 || d->party > LEDGER_SEATS_MAX)
        return error_set(e, ERR_INVALID, "a sign-up is for 1..%d people", LEDGER_SEATS_MAX);
    if (!d->name || !d->name[0] || !reachable)
        return error_set(e, ERR_INVALID, "a sign-up needs a name and a telephone or an address");
    if (!crypto_is_uuid(ledger_subject(d)))
        return error_set(e, ERR_INVALID, "a sign-up needs an occurrence, or a resource");
    if (d->occurrence && d->occurrence->cancelled)
        return error_set(e, ERR_GONE, "occurrence %s is cancelled", d->occurrence->occurrence);
    return ERR_NONE;
}

static enum err ledger_check_enrolled(struct ledger *l, struct ledger_identity *who, struct error *e)
{
    enum err code = ledger_identity(l, who, e);
    if (!code && (!who->kid[0] || !who->has_seal))
        code = error_set(e, ERR_STATE, "the kiosk is not enrolled, or has no seal key: no sign-ups");
    return code;
}

/* ---- the ticket */

/* A request has no time: it is forgotten some days after it was made. */
static void ledger_facts_request(struct ticket_facts *f, const struct content *c, int64_t now)
{
    content_text(f->title, sizeof f->title, c->name);
    content_text(f->organizer, sizeof f->organizer, c->owner_name);
    f->request = c->direction && strcmp(c->direction, "want") == 0 ? 'w' : 'o';
    f->end = now;
}

static void ledger_facts(struct ticket_facts *f, const struct signup_draft *d, int64_t now)
{
    const struct content *c = d->event;
    if (ledger_is_request(d)) {
        ledger_facts_request(f, c, now);
        return;
    }
    content_text(f->title, sizeof f->title, c->name ? c->name : d->occurrence->name);
    content_text(f->place, sizeof f->place, c->place_name ? c->place_name : c->city ? c->city : d->occurrence->place);
    content_text(f->address, sizeof f->address, c->address);
    content_text(f->organizer, sizeof f->organizer, c->owner_name);
    content_word(f->tz, sizeof f->tz, c->tz);
    f->start = d->occurrence->start;
    f->end = d->occurrence->end;
    f->all_day = c->all_day;
}

static void ledger_facts_write(const struct ticket_facts *f, struct buf *out)
{
    struct json *j = json_new_object();
    json_put_str(j, "title", f->title);
    json_put_str(j, "place", f->place);
    json_put_str(j, "address", f->address);
    json_put_int(j, "start", f->start);
    json_put_int(j, "end", f->end);
    json_put_bool(j, "allDay", f->all_day);
    json_put_str(j, "tz", f->tz);
    json_put_str(j, "organizer", f->organizer);
    if (f->request)
        json_put_str(j, "request", f->request == 'w' ? "want" : "offer");
    json_write(j, out);
    json_free(j);
}

static enum err ledger_new_code(struct ledger *l, char out[CODE_LEN + 1], struct error *e)
{
    for (int i = 0; i < LEDGER_CODE_TRIES; i++) {
        bool taken;
        code_make(out);
        struct sql_stmt *st = sql_get(l->db, "SELECT 1 FROM signup WHERE code = :code");
        sql_bind_text(st, ":code", out);
        enum err code = sql_step(st, &taken, e);
        sql_reset(st);
        if (code || !taken)
            return code;
    }
    return error_set(e, ERR_EXISTS, "no free ticket code");
}

/* Everything but seats and state, which the stock decides. */
static enum err ledger_new_ticket(struct ledger *l, const struct signup_draft *d, struct ticket *t, struct error *e)
{
    int64_t now = ledger_now_ms(l);
    *t = (struct ticket){.party = d->party, .terms = d->event->terms, .mine = true, .created_at = now / 1000};
    crypto_uuid(t->id, now);
    content_word(t->event, sizeof t->event, ledger_subject(d));
    content_word(t->lang, sizeof t->lang, d->lang);
    ledger_facts(&t->facts, d, now / 1000);
    return ledger_new_code(l, t->code, e);
}

static enum err ledger_seat(struct ledger *l, const struct signup_draft *d, struct ticket *t, struct error *e)
{
    struct ledger_seats seats;
    /* a request waits for the hub, and nothing is kept for it here */
    t->state = ledger_is_request(d) ? TICKET_WAITING : TICKET_CONFIRMED;
    if (ledger_is_request(d) || d->event->capacity < 0)
        return ERR_NONE;
    enum err code = ledger_take_seats(l, t->event, t->terms, t->party, &seats, e);
    if (code)
        return code;
    t->seat_count = seats.count;
    memcpy(t->seats, seats.seats, sizeof t->seats);
    t->lease = seats.lease;
    if (seats.count == 0)
        t->state = TICKET_ASKING;
    return ERR_NONE;
}

/* ---- rows */

static enum err ledger_insert_ticket(struct ledger *l, const struct ticket *t, struct error *e)
{
    char seats[160];
    struct buf facts;
    buf_init(&facts, 4096);
    ledger_facts_write(&t->facts, &facts);
    ledger_seats_text(seats, t->seats, t->seat_count);
    struct sql_stmt *st =
        sql_get(l->db, "INSERT INTO signup (id, code, event, state, party, seats, lease, pos, terms, facts, token,"
                       " lang, mine, created_at, quality, ends_at) VALUES (:id, :code, :event, :state, :party,"
                       " :seats, :lease, 0, :terms, :facts, :token, :lang, 1, :created, :quality, :ends)");
    sql_bind_text(st, ":id", t->id);
    sql_bind_text(st, ":code", t->code);
    sql_bind_text(st, ":event", t->event);
    sql_bind_text(st, ":state", ledger_state_name(t->state));
    sql_bind_int(st, ":party", t->party);
    sql_bind_text(st, ":seats", seats);
    sql_bind_int(st, ":lease", t->lease);
    sql_bind_int(st, ":terms", t->terms);
    sql_bind_text(st, ":facts", facts.data);
    if (t->has_token)
        sql_bind_blob(st, ":token", t->token, sizeof t->token);
    sql_bind_text(st, ":lang", t->lang);
    sql_bind_int(st, ":created", t->created_at);
    sql_bind_text(st, ":quality", clock_quality_name(l->clock->quality));
    sql_bind_int(st, ":ends", t->facts.end);
    enum err code = sql_run(st, e);
    buf_done(&facts);
    return code;
}

/* What the hub signed of the lease that the seats are from. */
static void ledger_put_block(struct ledger *l, int64_t lease, struct json *line)
{
    bool row = false;
    struct sql_stmt *st = sql_get(l->db, "SELECT first, last, terms, sig FROM lease WHERE lease = :lease");
    sql_bind_int(st, ":lease", lease);
    if (lease && sql_step(st, &row, NULL) == ERR_NONE && row) {
        struct json *block = json_new_object();
        json_put_int(block, "first", sql_int(st, 0));
        json_put_int(block, "last", sql_int(st, 1));
        json_put_int(block, "terms", sql_int(st, 2));
        json_put_str(block, "sig", sql_text(st, 3));
        json_put(line, "block", block);
    }
    sql_reset(st);
}

/* The line of PROTOCOL.md, 4. */
static enum err ledger_log_signup(struct ledger *l, const struct signup_draft *d, const struct ticket *t,
                                  const struct ledger_identity *who, struct error *e)
{
    struct ledger_op op;
    struct buf box;
    buf_init(&box, LEDGER_BOX_TEXT);
    enum err code = ledger_seal(l, d, t->id, who, &box, e);
    if (!code)
        code = ledger_op_init(l, &op, "signup", e);
    if (!code) {
        struct json *sealed = json_new_object();
        json_put_str(sealed, "key", who->seal_id);
        json_put_str(sealed, "ct", box.data);
        json_put_str(op.line, "id", t->id);
        json_put_str(op.line, "code", t->code);
        json_put_str(op.line, "ev", t->event);
        json_put_int(op.line, "terms", t->terms);
        json_put_int(op.line, "party", t->party);
        json_put(op.line, "seats", ledger_seats_json(t->seats, t->seat_count));
        json_put_int(op.line, "lease", t->lease);
        ledger_put_block(l, t->lease, op.line);
        json_put_str(op.line, "form", d->event->form);
        json_put(op.line, "box", sealed);
        json_put(op.line, "at", ledger_moment(l));
        code = ledger_op_append(l, &op, t->id, e);
    }
    buf_done(&box);
    return code;
}

static enum err ledger_insert_job(struct ledger *l, const struct ticket *t, struct error *e)
{
    int64_t now = ledger_now_ms(l);
    struct sql_stmt *st = sql_get(l->db, "INSERT INTO job (kind, signup, state, fault, hold_ms, lang, made_at)"
                                         " VALUES ('ticket', :signup, 'queued', '', :hold, :lang, :at)");
    sql_bind_text(st, ":signup", t->id);
    sql_bind_int(st, ":hold", t->state == TICKET_ASKING ? now + LEDGER_ASK_MS : 0);
    sql_bind_text(st, ":lang", t->lang);
    sql_bind_int(st, ":at", now / 1000);
    return sql_run(st, e);
}

/* Tells the hub that seats of this event are asked for here, once until it has heard. */
static enum err ledger_want(struct ledger *l, const struct ticket *t, struct error *e)
{
    bool wanted;
    struct ledger_op op;
    struct sql_stmt *st =
        sql_get(l->db, "SELECT 1 FROM op WHERE " LEDGER_UNSENT " AND kind = 'want' AND instr(body, :event) > 0");
    sql_bind_text(st, ":event", t->event);
    enum err code = sql_step(st, &wanted, e);
    sql_reset(st);
    if (code || wanted)
        return code;
    code = ledger_op_init(l, &op, "want", e);
    if (code)
        return code;
    json_put_str(op.line, "ev", t->event);
    json_put_int(op.line, "seats", t->party > LEDGER_WANT ? t->party : LEDGER_WANT);
    return ledger_op_append(l, &op, NULL, e);
}

static enum err ledger_record(struct ledger *l, const struct signup_draft *d, struct ticket *t, struct error *e)
{
    struct ledger_identity who;
    enum err code = ledger_check_enrolled(l, &who, e);
    if (!code)
        code = ledger_new_ticket(l, d, t, e);
    if (!code)
        code = ledger_seat(l, d, t, e);
    if (!code && t->state == TICKET_CONFIRMED && d->sign_sk)
        ledger_sign(t, who.kid, d->sign_sk);
    if (!code)
        code = ledger_log_signup(l, d, t, &who, e);
    if (!code)
        code = ledger_insert_ticket(l, t, e);
    if (!code)
        code = ledger_insert_job(l, t, e);
    bool may_lease = d->event->capacity >= LEDGER_LEASED_FROM && d->occurrence && !d->occurrence->full;
    if (!code && t->state == TICKET_ASKING && may_lease)
        code = ledger_want(l, t, e);
    return code;
}

enum err ledger_sign_up(struct ledger *l, const struct signup_draft *d, struct ticket *out, struct error *e)
{
    enum err code = ledger_check_draft(d, e);
    if (code)
        return code;
    code = ledger_begin(l, e);
    if (!code)
        code = ledger_record(l, d, out, e);
    return ledger_finish(l, code, e);
}
