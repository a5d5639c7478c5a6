/* The signed token: fixed fields in a fixed order, a signature behind them. */
#include "kiosk/ticket/token.h"

#include <string.h>

#include "kiosk/base/text.h"

enum { TOKEN_VERSION = 1, TOKEN_LETTERS = (TOKEN_BYTES * 8 + 4) / 5 };

static uint8_t *token_put(uint8_t *p, uint64_t value, int bytes)
{
    for (int i = bytes - 1; i >= 0; i--)
        *p++ = (uint8_t)(value >> (8 * i));
    return p;
}

static uint64_t token_get(const uint8_t **p, int bytes)
{
    uint64_t value = 0;
    while (bytes-- > 0)
        value = value << 8 | *(*p)++;
    return value;
}

static uint8_t *token_put_bytes(uint8_t *p, const uint8_t *bytes, size_t n)
{
    return (uint8_t *)memcpy(p, bytes, n) + n;
}

static void token_get_bytes(const uint8_t **p, uint8_t *bytes, size_t n)
{
    memcpy(bytes, *p, n);
    *p += n;
}

void token_make(uint8_t out[TOKEN_BYTES], const struct token *t, const uint8_t sk[CRYPTO_SIGN_SECRET])
{
    uint8_t *p = token_put(out, TOKEN_VERSION, 1);
    p = token_put_bytes(p, t->event, sizeof t->event);
    p = token_put(p, t->seat, 2);
    p = token_put_bytes(p, t->signup, sizeof t->signup);
    p = token_put_bytes(p, t->kid, sizeof t->kid);
    p = token_put(p, t->lease, 8);
    p = token_put(p, t->terms, 2);
    crypto_sign_message(p, out, TOKEN_BODY, sk);
}

static void token_unpack(struct token *out, const uint8_t *bytes)
{
    const uint8_t *p = bytes + 1;
    token_get_bytes(&p, out->event, sizeof out->event);
    out->seat = (uint16_t)token_get(&p, 2);
    token_get_bytes(&p, out->signup, sizeof out->signup);
    token_get_bytes(&p, out->kid, sizeof out->kid);
    out->lease = token_get(&p, 8);
    out->terms = (uint16_t)token_get(&p, 2);
}

static bool token_is_kid(const uint8_t *kid)
{
    for (size_t i = 0; i < sizeof((struct token *)0)->kid; i++)
        if (!((kid[i] >= 'a' && kid[i] <= 'z') || (kid[i] >= '2' && kid[i] <= '7')))
            return false;
    return true;
}

enum err token_peek(struct token *out, const uint8_t bytes[TOKEN_BYTES], struct error *e)
{
    struct token t;
    if (bytes[0] != TOKEN_VERSION)
        return error_set(e, ERR_INVALID, "a ticket token of version %d is not known", bytes[0]);
    token_unpack(&t, bytes);
    if (!token_is_kid(t.kid))
        return error_set(e, ERR_INVALID, "not a ticket token: no key id in it");
    *out = t;
    return ERR_NONE;
}

enum err token_read(struct token *out, const uint8_t bytes[TOKEN_BYTES], const uint8_t pk[CRYPTO_SIGN_PUBLIC],
                    struct error *e)
{
    struct token t;
    enum err code = token_peek(&t, bytes, e);
    if (code)
        return code;
    if (!crypto_verify(bytes + TOKEN_BODY, bytes, TOKEN_BODY, pk))
        return error_set(e, ERR_DENIED, "the ticket's signature is not that of kiosk %.6s", (const char *)t.kid);
    *out = t;
    return ERR_NONE;
}

void token_text(char out[TOKEN_TEXT + 1], const uint8_t bytes[TOKEN_BYTES]) { crypto_base32(out, bytes, TOKEN_BYTES); }

/* A scanner is a keyboard: Caps Lock turns the case, the Russian layout turns the letters, and both are turned back. */
bool token_from_text(uint8_t out[TOKEN_BYTES], const char *text)
{
    char plain[TOKEN_LETTERS + 1];
    uint8_t bytes[TOKEN_BYTES];
    size_t n = 0, left = strlen(text);
    while (left > 0) {
        uint32_t cp;
        size_t used = text_decode(text, left, &cp);
        text += used;
        left -= used;
        if (cp == ' ' || cp == '-' || cp == '\r' || cp == '\n')
            continue;
        cp = cp < 0x80 ? cp : text_key_to_us(cp);
        if (cp >= 0x80 || n == TOKEN_LETTERS)
            return false;
        plain[n++] = (char)cp;
    }
    plain[n] = 0;
    if (!crypto_from_base32(bytes, sizeof bytes, plain))
        return false;
    memcpy(out, bytes, sizeof bytes);
    return true;
}
