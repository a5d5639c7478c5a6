/* Tickets as their holders see them: by code, cancelled, asked for at the hub. */
#include "kiosk/store/ledger.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "kiosk/base/text.h"
#include "kiosk/store/content_read.h"
#include "kiosk/store/ledger_private.h"

enum { LEDGER_FACTS_MAX = 4096, LEDGER_FIND_AGAIN = 60 };

/* ---- states and seats as text */

static const char *const ledger_states[] = {
    [TICKET_ASKING] = "asking",
    [TICKET_CONFIRMED] = "confirmed",
    [TICKET_WAITING] = "waiting",
    [TICKET_DISPLACED] = "displaced",
    [TICKET_EVENT_CANCELLED] = "event_cancelled",
    [TICKET_TERMS_CHANGED] = "terms_changed",
    [TICKET_CONFLICT] = "conflict",
    [TICKET_QUARANTINED] = "quarantined",
    [TICKET_CANCELLED] = "cancelled",
};
enum { LEDGER_STATES = sizeof ledger_states / sizeof ledger_states[0] };

const char *ledger_state_name(enum ticket_state state) { return ledger_states[state]; }

enum ticket_state ledger_state_read(const char *name)
{
    for (int i = 0; i < LEDGER_STATES; i++)
        if (strcmp(ledger_states[i], name) == 0)
            return (enum ticket_state)i;
    return TICKET_QUARANTINED;
}

struct json *ledger_seats_json(const int *seats, int count)
{
    struct json *list = json_new_array();
    for (int i = 0; i < count; i++)
        json_put_int(list, NULL, seats[i]);
    return list;
}

void ledger_seats_text(char out[160], const int *seats, int count)
{
    size_t len = 0;
    out[0] = '\0';
    for (int i = 0; i < count && len < 150; i++)
        len += (size_t)snprintf(out + len, 160 - len, "%s%d", i ? "," : "", seats[i]);
}

static void ledger_read_seats(struct ticket *t, const char *text)
{
    while (*text && t->seat_count < LEDGER_SEATS_MAX) {
        t->seats[t->seat_count++] = (int)strtol(text, NULL, 10);
        const char *comma = strchr(text, ',');
        text = comma ? comma + 1 : "";
    }
}

/* ---- reading */

static void ledger_read_facts(struct ticket_facts *f, const char *text)
{
    struct json *j;
    if (json_parse(&j, text, strlen(text), LEDGER_FACTS_MAX, NULL))
        return;
    content_text(f->title, sizeof f->title, json_str(j, "title", ""));
    content_text(f->place, sizeof f->place, json_str(j, "place", ""));
    content_text(f->address, sizeof f->address, json_str(j, "address", ""));
    content_text(f->organizer, sizeof f->organizer, json_str(j, "organizer", ""));
    content_word(f->tz, sizeof f->tz, json_str(j, "tz", ""));
    f->start = json_int(j, "start", 0);
    f->end = json_int(j, "end", 0);
    f->all_day = json_bool(j, "allDay", false);
    f->request = json_str(j, "request", "")[0];
    json_free(j);
}

/* The moment in a UUID of version 7: its first 48 bits, Unix milliseconds. */
static int64_t ledger_uuid_ms(const char *id)
{
    char hex[13];
    snprintf(hex, sizeof hex, "%.8s%.4s", id, strlen(id) > 13 ? id + 9 : "");
    return strtoll(hex, NULL, 16);
}

/* Asking ends by itself. An age below zero means that the clock was set back: nobody is asking any more, either. */
static enum ticket_state ledger_state_now(const struct ledger *l, const struct ticket *t)
{
    int64_t age = ledger_now_ms(l) - ledger_uuid_ms(t->id);
    return t->state == TICKET_ASKING && (age < 0 || age > LEDGER_ASK_MS) ? TICKET_WAITING : t->state;
}

static void ledger_read_ticket(const struct ledger *l, struct sql_stmt *st, struct ticket *t)
{
    size_t n;
    *t = (struct ticket){.party = (int)sql_int(st, 4),
                         .lease = sql_int(st, 6),
                         .pos = (int)sql_int(st, 7),
                         .terms = (int)sql_int(st, 8),
                         .mine = sql_int(st, 12) != 0,
                         .created_at = sql_int(st, 13)};
    content_word(t->id, sizeof t->id, sql_text(st, 0));
    content_word(t->code, sizeof t->code, sql_text(st, 1));
    content_word(t->event, sizeof t->event, sql_text(st, 2));
    t->state = ledger_state_read(sql_text(st, 3));
    ledger_read_seats(t, sql_text(st, 5));
    ledger_read_facts(&t->facts, sql_text(st, 9));
    const void *token = sql_blob(st, 10, &n);
    t->has_token = n == sizeof t->token;
    if (t->has_token)
        memcpy(t->token, token, sizeof t->token);
    content_word(t->lang, sizeof t->lang, sql_text(st, 11));
    t->state = ledger_state_now(l, t);
}

#define LEDGER_TICKET                                                                                                  \
    "SELECT id, code, event, state, party, seats, lease, pos, terms, facts, token, lang, mine, created_at FROM "       \
    "signup WHERE "

static enum err ledger_ticket(struct ledger *l, const char *text, const char *key, struct ticket *out, struct error *e)
{
    bool row;
    struct sql_stmt *st = sql_get(l->db, text);
    sql_bind_text(st, ":key", key);
    enum err code = sql_step(st, &row, e);
    if (!code && row)
        ledger_read_ticket(l, st, out);
    else if (!code)
        code = error_set(e, ERR_NOT_FOUND, "no such ticket here");
    sql_reset(st);
    return code;
}

enum err ledger_ticket_by_code(struct ledger *l, const char *code, struct ticket *out, struct error *e)
{
    /* Codes of other kiosks could be the same as one made here: the one made here is meant. */
    return ledger_ticket(l, LEDGER_TICKET "code = :key ORDER BY mine DESC, created_at DESC LIMIT 1", code, out, e);
}

enum err ledger_ticket_by_id(struct ledger *l, const char *id, struct ticket *out, struct error *e)
{
    return ledger_ticket(l, LEDGER_TICKET "id = :key", id, out, e);
}

/* ---- cancelling */

static enum err ledger_run_id(struct ledger *l, const char *text, const char *id, struct error *e)
{
    struct sql_stmt *st = sql_get(l->db, text);
    sql_bind_text(st, ":id", id);
    return sql_run(st, e);
}

enum err ledger_append_cancel(struct ledger *l, const struct ticket *t, struct error *e)
{
    struct ledger_op op;
    enum err code = ledger_op_init(l, &op, "cancel", e);
    if (code)
        return code;
    json_put_str(op.line, "id", t->id);
    json_put_str(op.line, "code", t->code);
    return ledger_op_append(l, &op, t->id, e);
}

static enum err ledger_cancel_here(struct ledger *l, const struct ticket *t, struct error *e)
{
    enum err code = ledger_append_cancel(l, t, e);
    if (!code)
        code = ledger_run_id(l, "UPDATE signup SET state = 'cancelled', pos = 0 WHERE id = :id", t->id, e);
    if (!code)
        code = ledger_run_id(l, "UPDATE job SET state = 'cancelled' WHERE signup = :id AND state = 'queued'", t->id, e);
    return code;
}

enum err ledger_cancel(struct ledger *l, const char *id, struct error *e)
{
    struct ticket t;
    enum err code = ledger_begin(l, e);
    if (!code)
        code = ledger_ticket_by_id(l, id, &t, e);
    if (!code && t.state != TICKET_CANCELLED)
        code = ledger_cancel_here(l, &t, e);
    return ledger_finish(l, code, e);
}

/* ---- asking the hub about a code */

static enum err ledger_ask(struct ledger *l, const char *code_text, struct error *e)
{
    struct ledger_op op;
    enum err code = ledger_op_init(l, &op, "find", e);
    if (code)
        return code;
    json_put_str(op.line, "code", code_text);
    code = ledger_op_append(l, &op, NULL, e);
    if (code)
        return code;
    struct sql_stmt *st = sql_get(l->db, "INSERT OR REPLACE INTO found (code, state, at) VALUES (:code, 'asked', :at)");
    sql_bind_text(st, ":code", code_text);
    sql_bind_int(st, ":at", ledger_now_ms(l) / 1000);
    return sql_run(st, e);
}

/* What was last heard of a code: 0 nothing, 'a', 't', 'u'; *old when that was a while ago. */
static enum err ledger_heard(struct ledger *l, const char *code_text, char *state, bool *old, struct error *e)
{
    bool row;
    struct sql_stmt *st = sql_get(l->db, "SELECT state, at FROM found WHERE code = :code");
    sql_bind_text(st, ":code", code_text);
    enum err code = sql_step(st, &row, e);
    *state = !code && row ? sql_text(st, 0)[0] : '\0';
    int64_t age = !code && row ? ledger_now_ms(l) / 1000 - sql_int(st, 1) : 0;
    *old = age < 0 || age > LEDGER_FIND_AGAIN;
    sql_reset(st);
    return code;
}

static enum err ledger_find_here(struct ledger *l, const char *code_text, char *state, struct error *e)
{
    struct ticket t;
    char heard, kid[12];
    bool old;
    enum err code = ledger_ticket_by_code(l, code_text, &t, e);
    bool here = code == ERR_NONE;
    *state = 't';
    if ((here && t.mine) || (code && code != ERR_NOT_FOUND))
        return code;
    code = ledger_heard(l, code_text, &heard, &old, e);
    if (!code)
        code = ledger_meta_get(l, "kid", kid, sizeof kid, e);
    if (code)
        return code;
    *state = here ? 't' : heard == 'u' && !old ? 'u' : 'a';
    /* An operation that was appended is never lost, so one question at a time is enough. */
    if (heard == 'a' || (heard && !old))
        return ERR_NONE;
    if (!kid[0])
        return here ? ERR_NONE : error_set(e, ERR_STATE, "the kiosk is not enrolled");
    return ledger_ask(l, code_text, e);
}

enum err ledger_find(struct ledger *l, const char *code_text, char *state, struct error *e)
{
    enum err code = ledger_begin(l, e);
    if (!code)
        code = ledger_find_here(l, code_text, state, e);
    return ledger_finish(l, code, e);
}
