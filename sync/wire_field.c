/* Reading and writing of members. Every text that is taken from a message is checked here for length and control
 * characters. */
#include "sync/wire_field.h"

#include <string.h>

#include "kiosk/base/date.h"
#include "kiosk/ticket/code.h"

static void wire_in_bad(struct wire_in *in, const char *name)
{
    if (!in->bad)
        in->bad = name;
}

enum err wire_in_open(struct wire_in *in, struct json **root, const char *bytes, size_t n, size_t max, struct error *e)
{
    *root = NULL;
    *in = (struct wire_in){0};
    enum err err = json_parse(root, bytes, n, max, e);
    if (err)
        return err;
    in->j = *root;
    if (!json_is_object(*root))
        wire_in_bad(in, "object");
    return ERR_NONE;
}

enum err wire_in_close(const struct wire_in *in, const char *what, struct error *e)
{
    if (in->bad)
        return error_set(e, ERR_INVALID, "%s: \"%s\" is missing or wrong", what, in->bad);
    return ERR_NONE;
}

enum err wire_read(const struct wire_reader *r, void *out, const char *bytes, size_t n, struct error *e)
{
    struct wire_in in;
    struct json *root;
    enum err err = wire_in_open(&in, &root, bytes, n, WIRE_SMALL_MAX, e);
    if (err)
        return err;
    wire_in_int(&in, "v", 1, 1);
    r->take(&in, out);
    err = wire_in_close(&in, r->what, e);
    json_free(root);
    return err;
}

bool wire_in_has(const struct wire_in *in, const char *name) { return json_get(in->j, name) != NULL; }

int64_t wire_in_int(struct wire_in *in, const char *name, int64_t min, int64_t max)
{
    int64_t v = json_int(in->j, name, INT64_MIN);
    if (v >= min && v <= max)
        return v;
    wire_in_bad(in, name);
    return min;
}

bool wire_in_bool(struct wire_in *in, const char *name)
{
    bool v = json_bool(in->j, name, true);
    if (v != json_bool(in->j, name, false))
        wire_in_bad(in, name);
    return v;
}

static bool wire_text_is_plain(const char *s)
{
    for (; *s; s++)
        if ((unsigned char)*s < 0x20 || *s == 0x7f)
            return false;
    return true;
}

void wire_in_str(struct wire_in *in, const char *name, char *out, size_t size, bool (*ok)(const char *))
{
    const char *s = json_str(in->j, name, NULL);
    out[0] = '\0';
    if (!s || strlen(s) >= size || !wire_text_is_plain(s) || (ok && !ok(s))) {
        wire_in_bad(in, name);
        return;
    }
    memcpy(out, s, strlen(s) + 1);
}

void wire_in_opt(struct wire_in *in, const char *name, char *out, size_t size, bool (*ok)(const char *))
{
    out[0] = '\0';
    if (wire_in_has(in, name))
        wire_in_str(in, name, out, size, ok);
}

void wire_in_bytes(struct wire_in *in, const char *name, void *out, size_t size)
{
    const char *s = json_str(in->j, name, NULL);
    if (!s || !crypto_from_b64(out, size, NULL, s)) {
        memset(out, 0, size);
        wire_in_bad(in, name);
    }
}

int wire_in_ints(struct wire_in *in, const char *name, int64_t *out, int max)
{
    const struct json *list = json_get(in->j, name);
    if (!list)
        return 0;
    int count = 0;
    int64_t before = 0;
    if (!json_is_array(list) || json_count(list) > (size_t)max) {
        wire_in_bad(in, name);
        return 0;
    }
    for (const struct json *it = json_first(list); it; it = json_next(it)) {
        int64_t v = json_value_int(it, 0);
        if (v <= before) {
            wire_in_bad(in, name);
            return 0;
        }
        out[count++] = before = v;
    }
    return count;
}

bool wire_ok_hash(const char *s) { return wire_is_hash(s); }
bool wire_ok_id(const char *s) { return wire_is_id(s); }

bool wire_ok_code(const char *s)
{
    char plain[CODE_LEN + 1];
    return strlen(s) == CODE_LEN && code_read(plain, s, CODE_LEN) == CODE_OK && strcmp(plain, s) == 0;
}

bool wire_ok_nonce(const char *s)
{
    uint8_t bytes[16];
    return crypto_from_b64(bytes, sizeof bytes, NULL, s);
}

bool wire_ok_sig(const char *s)
{
    uint8_t bytes[CRYPTO_SIGNATURE];
    return crypto_from_b64(bytes, sizeof bytes, NULL, s);
}

bool wire_ok_time(const char *s)
{
    int64_t instant = 0;
    return strlen(s) == WIRE_TIME && s[WIRE_TIME - 1] == 'Z' && instant_parse(s, &instant);
}

bool wire_ok_word(const char *s)
{
    static const char allowed[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._";
    return s[0] && strspn(s, allowed) == strlen(s);
}

void wire_put_bytes(struct json *j, const char *name, const void *bytes, size_t n)
{
    struct buf text;
    buf_init(&text, 2 * n + 8);
    crypto_b64(&text, bytes, n);
    json_put_str(j, name, text.data);
    buf_done(&text);
}

void wire_put_line(struct json *take, struct buf *out)
{
    json_write(take, out);
    buf_add_char(out, '\n');
    json_free(take);
}
