/* Messages by stick, and what is said about a stick. All of it is facts by name in the ledger's meta table. */
#include "kiosk/store/ledger_carry.h"

#include <stdio.h>
#include <string.h>

#include "kiosk/store/ledger_private.h"

enum { LEDGER_STICK_TEXT = 160 };

/* ---- messages */

static enum err ledger_carry_set(struct ledger *l, const char *name, const char *value, struct error *e)
{
    enum err code = ledger_begin(l, e);
    if (!code)
        code = ledger_meta_set(l, name, value, e);
    return ledger_finish(l, code, e);
}

enum err ledger_carry_begin(struct ledger *l, const char *nonce, struct error *e)
{
    return ledger_carry_set(l, "carried", nonce, e);
}

bool ledger_carry_is_newest(struct ledger *l, const char *nonce)
{
    char newest[64];
    return ledger_meta_get(l, "carried", newest, sizeof newest, NULL) == ERR_NONE && newest[0] &&
           strcmp(newest, nonce) == 0;
}

int ledger_carry_ops(struct ledger *l, int most)
{
    int64_t ops;
    if (ledger_meta_get_int(l, "carry_ops", &ops, NULL) || ops < 1 || ops > most)
        return most;
    return (int)ops;
}

enum err ledger_carry_set_ops(struct ledger *l, int ops, struct error *e)
{
    char text[16];
    snprintf(text, sizeof text, "%d", ops);
    return ledger_carry_set(l, "carry_ops", text, e);
}

enum err ledger_log_fit(struct ledger *l, int64_t n, const char *h, enum ledger_fit *out, struct error *e)
{
    bool row;
    int64_t ack = 0;
    *out = LEDGER_STRANGE;
    enum err code = ledger_meta_get_int(l, "ack_n", &ack, e);
    if (code)
        return code;
    if (n == 0) {
        *out = LEDGER_PURGED;
        return ERR_NONE;
    }
    struct sql_stmt *st = sql_get(l->db, "SELECT h FROM op WHERE n = :n");
    sql_bind_int(st, ":n", n);
    code = sql_step(st, &row, e);
    if (!code && row)
        *out = strcmp(sql_text(st, 0), h) == 0 ? LEDGER_FITS : LEDGER_STRANGE;
    else if (!code)
        *out = n <= ack ? LEDGER_PURGED : LEDGER_STRANGE;
    sql_reset(st);
    return code;
}

enum err ledger_reply_begin_carried(struct ledger *l, const int64_t *held, int count, struct error *e)
{
    enum err code = ledger_begin(l, e);
    for (int i = 0; i < count && !code; i++) {
        struct sql_stmt *st = sql_get(l->db, "UPDATE lease SET told = 1 WHERE lease = :lease AND held = 1");
        sql_bind_int(st, ":lease", held[i]);
        code = sql_run(st, e);
        if (code)
            sql_rollback(l->db);
    }
    return code;
}

/* ---- the staff page */

static const char *const ledger_stick_words[LEDGER_STICK_COUNT] = {
    [LEDGER_STICK_NONE] = "none",
    [LEDGER_STICK_FOUND] = "found",
    [LEDGER_STICK_BUSY] = "busy",
    [LEDGER_STICK_DONE] = "done",
};

static enum ledger_stick_state ledger_stick_state_read(const char *word)
{
    for (int i = 0; i < LEDGER_STICK_COUNT; i++)
        if (strcmp(word, ledger_stick_words[i]) == 0)
            return (enum ledger_stick_state)i;
    return LEDGER_STICK_NONE;
}

enum err ledger_stick(struct ledger *l, struct ledger_stick *out, struct error *e)
{
    char text[LEDGER_STICK_TEXT], word[16] = "", fault[16] = "";
    int answered = 0, news = 0;
    int64_t asked = 0;
    long long at = 0;
    *out = (struct ledger_stick){0};
    enum err code = ledger_meta_get(l, "stick", text, sizeof text, e);
    if (!code)
        code = ledger_meta_get_int(l, "stick_ask", &asked, e);
    if (code ||
        sscanf(text, "%15s %15s %d %d %d %d %lld", word, fault, &out->sent, &out->items, &answered, &news, &at) != 7)
        return code;
    out->state = ledger_stick_state_read(word);
    out->answered = answered != 0;
    out->news = news != 0;
    out->asked = asked != 0;
    out->at = at;
    if (strcmp(fault, "-") != 0)
        memcpy(out->fault, fault, sizeof out->fault);
    return ERR_NONE;
}

enum err ledger_stick_ask(struct ledger *l, struct error *e) { return ledger_carry_set(l, "stick_ask", "1", e); }

enum err ledger_stick_tell(struct ledger *l, const struct ledger_stick *s, struct error *e)
{
    char text[LEDGER_STICK_TEXT];
    snprintf(text, sizeof text, "%s %s %d %d %d %d %lld", ledger_stick_words[s->state], s->fault[0] ? s->fault : "-",
             s->sent, s->items, s->answered, s->news, (long long)ledger_now_ms(l) / 1000);
    enum err code = ledger_begin(l, e);
    if (!code)
        code = ledger_meta_set(l, "stick", text, e);
    if (!code)
        code = ledger_meta_set(l, "stick_ask", "0", e);
    return ledger_finish(l, code, e);
}
