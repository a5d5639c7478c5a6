/* What a person typed, sealed to the hub. It exists readable on this stack only, and is wiped before the function
 * returns. The JSON is written here by hand: a tree would leave its copies in freed memory. */
#include "kiosk/store/ledger_private.h"

#include <stdio.h>
#include <string.h>

#include "kiosk/base/date.h"
#include "kiosk/base/text.h"
#include "kiosk/ticket/crypto.h"
#include "kiosk/ticket/token.h"

enum { LEDGER_BOX_MAX = 4096, LEDGER_PLAIN_MAX = LEDGER_BOX_MAX - CRYPTO_SEAL_EXTRA };

struct ledger_plain {
    size_t len;
    bool overflow;
    char bytes[LEDGER_PLAIN_MAX];
    char clean[1004]; /* one value, sanitised */
};

static void ledger_plain_add(struct ledger_plain *p, const char *s, size_t n)
{
    if (n > sizeof p->bytes - p->len) {
        p->overflow = true;
        return;
    }
    memcpy(p->bytes + p->len, s, n);
    p->len += n;
}

static void ledger_plain_raw(struct ledger_plain *p, const char *s) { ledger_plain_add(p, s, strlen(s)); }

/* A JSON string. Sanitised text holds no control characters, so two escapes are all it needs. */
static void ledger_plain_string(struct ledger_plain *p, const char *value)
{
    text_sanitize(p->clean, sizeof p->clean, value, strlen(value), TEXT_LINE);
    ledger_plain_raw(p, "\"");
    for (const char *s = p->clean; *s; s++) {
        if (*s == '"' || *s == '\\')
            ledger_plain_raw(p, "\\");
        ledger_plain_add(p, s, 1);
    }
    ledger_plain_raw(p, "\"");
}

/* ,"name":"value"; nothing for an empty value. */
static void ledger_plain_member(struct ledger_plain *p, const char *name, const char *value)
{
    if (!value || !value[0])
        return;
    ledger_plain_raw(p, ",");
    ledger_plain_string(p, name);
    ledger_plain_raw(p, ":");
    ledger_plain_string(p, value);
}

static void ledger_plain_answers(struct ledger_plain *p, const struct signup_draft *d)
{
    bool first = true;
    ledger_plain_raw(p, ",\"answers\":{");
    for (int i = 0; i < d->answer_count; i++) {
        const struct signup_answer *a = &d->answers[i];
        if (!a->value || !a->value[0])
            continue;
        ledger_plain_raw(p, first ? "" : ",");
        ledger_plain_string(p, a->id);
        ledger_plain_raw(p, ":");
        ledger_plain_string(p, a->value);
        first = false;
    }
    ledger_plain_raw(p, "}");
}

static void ledger_plain_write(struct ledger_plain *p, const struct ledger *l, const struct signup_draft *d,
                               const char *id)
{
    char number[32], today[21];
    instant_format_utc(ledger_now_ms(l) / 1000, today);
    today[10] = '\0';
    snprintf(number, sizeof number, ",\"party\":%d", d->party);
    ledger_plain_raw(p, "{\"id\":");
    ledger_plain_string(p, id);
    ledger_plain_member(p, "ev", ledger_subject(d));
    ledger_plain_member(p, "name", d->name);
    ledger_plain_member(p, "telephone", d->telephone);
    ledger_plain_member(p, "email", d->email);
    ledger_plain_raw(p, number);
    ledger_plain_answers(p, d);
    ledger_plain_member(p, "consent", today);
    ledger_plain_member(p, "lang", d->lang);
    ledger_plain_raw(p, "}");
}

enum err ledger_seal(const struct ledger *l, const struct signup_draft *d, const char *id,
                     const struct ledger_identity *who, struct buf *out, struct error *e)
{
    struct ledger_plain plain = {0};
    uint8_t box[LEDGER_BOX_MAX];
    ledger_plain_write(&plain, l, d, id);
    enum err code = plain.overflow ? error_set(e, ERR_TOO_BIG, "a sign-up is longer than %d bytes", LEDGER_PLAIN_MAX)
                                   : crypto_seal(box, plain.bytes, plain.len, who->seal_pk, e);
    if (!code)
        crypto_b64(out, box, plain.len + CRYPTO_SEAL_EXTRA);
    crypto_wipe(&plain, sizeof plain);
    return code;
}

/* The first 8 bytes of a UUID's text. */
static void ledger_uuid_prefix(uint8_t out[8], const char *uuid)
{
    char hex[17];
    size_t n = 0;
    for (const char *s = uuid; *s && n < 16; s++)
        if (*s != '-')
            hex[n++] = *s;
    hex[n] = '\0';
    if (n < 16 || !crypto_from_hex(out, 8, hex))
        memset(out, 0, 8);
}

void ledger_sign(struct ticket *t, const char *kid, const uint8_t *sign_sk)
{
    struct token token = {
        .seat = t->seat_count ? (uint16_t)t->seats[0] : 0, .lease = (uint64_t)t->lease, .terms = (uint16_t)t->terms};
    ledger_uuid_prefix(token.event, t->event);
    ledger_uuid_prefix(token.signup, t->id);
    memcpy(token.kid, kid, sizeof token.kid);
    token_make(t->token, &token, sign_sk);
    t->has_token = true;
}
