/* Enrolment messages and their MACs. */
#include "sync/wire_enrol.h"

#include <string.h>

#include "sync/wire_field.h"

static void wire_mac(char out[WIRE_HEX + 1], const char *code, const struct buf *text)
{
    uint8_t raw[CRYPTO_HASH];
    crypto_mac(raw, code, text->data, text->len);
    crypto_hex(out, raw, sizeof raw);
}

static void wire_enrol_mac(char out[WIRE_HEX + 1], const struct wire_enrol *m, const char *code)
{
    struct buf text;
    buf_init(&text, 512);
    buf_addf(&text, "sosedi-enrol-1\n%s\n", m->code4);
    crypto_b64(&text, m->pk, sizeof m->pk);
    buf_addf(&text, "\n%s", m->nonce);
    wire_mac(out, code, &text);
    buf_done(&text);
}

static void wire_enrolled_mac(char out[WIRE_HEX + 1], const struct wire_enrolled *m, const char *code)
{
    struct buf text;
    buf_init(&text, 512);
    buf_addf(&text, "sosedi-enrolled-1\n%s\n", m->kid);
    crypto_b64(&text, m->root, sizeof m->root);
    buf_addf(&text, "\n%lld\n%s", (long long)m->keys, m->nonce);
    wire_mac(out, code, &text);
    buf_done(&text);
}

void wire_enrol_sign(struct wire_enrol *m, const char *code) { wire_enrol_mac(m->mac, m, code); }
void wire_enrolled_sign(struct wire_enrolled *m, const char *code) { wire_enrolled_mac(m->mac, m, code); }

bool wire_enrol_verify(const struct wire_enrol *m, const char *code)
{
    char mac[WIRE_HEX + 1];
    wire_enrol_mac(mac, m, code);
    return crypto_equal(mac, m->mac, WIRE_HEX);
}

bool wire_enrolled_verify(const struct wire_enrolled *m, const char *code)
{
    char mac[WIRE_HEX + 1];
    wire_enrolled_mac(mac, m, code);
    return crypto_equal(mac, m->mac, WIRE_HEX);
}

void wire_enrol_write(const struct wire_enrol *m, struct buf *out)
{
    struct json *j = json_new_object();
    json_put_int(j, "v", 1);
    json_put_str(j, "code", m->code4);
    wire_put_bytes(j, "pk", m->pk, sizeof m->pk);
    json_put_str(j, "nonce", m->nonce);
    json_put_str(j, "mac", m->mac);
    wire_put_line(j, out);
}

void wire_enrolled_write(const struct wire_enrolled *m, struct buf *out)
{
    struct json *j = json_new_object();
    json_put_int(j, "v", 1);
    json_put_str(j, "kid", m->kid);
    json_put_str(j, "name", m->name);
    json_put_str(j, "scope", m->scope);
    json_put_str(j, "nonce", m->nonce);
    wire_put_bytes(j, "root", m->root, sizeof m->root);
    json_put_int(j, "keys", m->keys);
    json_put_int(j, "epoch", m->epoch);
    json_put_int(j, "inc", m->inc);
    json_put_str(j, "host", m->host);
    json_put_str(j, "mac", m->mac);
    wire_put_line(j, out);
}

static bool wire_ok_code4(const char *s)
{
    return strlen(s) == WIRE_CODE4 && strspn(s, "23456789CDFGJLNRVWX") == WIRE_CODE4;
}
static bool wire_ok_kid(const char *s)
{
    return strlen(s) == CRYPTO_KID && strspn(s, "abcdefghijklmnopqrstuvwxyz234567") == CRYPTO_KID;
}

static void wire_enrol_take(struct wire_in *in, void *into)
{
    struct wire_enrol *out = into;
    wire_in_str(in, "code", out->code4, sizeof out->code4, wire_ok_code4);
    wire_in_bytes(in, "pk", out->pk, sizeof out->pk);
    wire_in_str(in, "nonce", out->nonce, sizeof out->nonce, wire_ok_nonce);
    wire_in_str(in, "mac", out->mac, sizeof out->mac, wire_ok_hash);
}

enum err wire_enrol_parse(struct wire_enrol *out, const char *bytes, size_t n, struct error *e)
{
    static const struct wire_reader reader = {"enrolment", wire_enrol_take};
    *out = (struct wire_enrol){0};
    return wire_read(&reader, out, bytes, n, e);
}

static void wire_enrolled_take(struct wire_in *in, void *into)
{
    struct wire_enrolled *out = into;
    wire_in_str(in, "kid", out->kid, sizeof out->kid, wire_ok_kid);
    wire_in_str(in, "name", out->name, sizeof out->name, NULL);
    wire_in_str(in, "scope", out->scope, sizeof out->scope, wire_ok_word);
    wire_in_str(in, "nonce", out->nonce, sizeof out->nonce, wire_ok_nonce);
    wire_in_bytes(in, "root", out->root, sizeof out->root);
    out->keys = wire_in_int(in, "keys", 1, JSON_INT_MAX);
    out->epoch = wire_in_int(in, "epoch", 1, UINT32_MAX);
    out->inc = wire_in_int(in, "inc", 1, UINT32_MAX);
    wire_in_opt(in, "host", out->host, sizeof out->host, NULL);
    wire_in_str(in, "mac", out->mac, sizeof out->mac, wire_ok_hash);
}

enum err wire_enrolled_parse(struct wire_enrolled *out, const char *bytes, size_t n, struct error *e)
{
    static const struct wire_reader reader = {"enrolment reply", wire_enrolled_take};
    *out = (struct wire_enrolled){0};
    return wire_read(&reader, out, bytes, n, e);
}
