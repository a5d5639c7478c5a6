/* RFC 8259 by recursive descent; the depth is bounded, so the stack is. */
#include "kiosk/base/json_check.h"

#include <math.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "kiosk/base/text.h"

struct json_check {
    const char *start, *p, *end;
    int depth;
    enum err code; /* the first fault, where it was, and what it was */
    const char *where;
    const char *what;
};

static bool json_check_fail(struct json_check *c, enum err code, const char *what)
{
    if (!c->code) {
        c->code = code;
        c->where = c->p;
        c->what = what;
    }
    return false;
}

static bool json_check_bad(struct json_check *c, const char *what) { return json_check_fail(c, ERR_INVALID, what); }

static bool json_check_at(const struct json_check *c, char wanted) { return c->p < c->end && *c->p == wanted; }

static bool json_check_take(struct json_check *c, char wanted)
{
    if (!json_check_at(c, wanted))
        return false;
    c->p++;
    return true;
}

static void json_check_space(struct json_check *c)
{
    while (c->p < c->end && (*c->p == ' ' || *c->p == '\t' || *c->p == '\n' || *c->p == '\r'))
        c->p++;
}

/* Four hexadecimal digits, or -1. */
static int json_check_hex4(struct json_check *c)
{
    int value = 0;
    for (int i = 0; i < 4; i++, c->p++) {
        char d = c->p < c->end ? *c->p : 0;
        if (d >= '0' && d <= '9')
            value = value * 16 + (d - '0');
        else if ((d | 0x20) >= 'a' && (d | 0x20) <= 'f')
            value = value * 16 + (d | 0x20) - 'a' + 10;
        else
            return -1;
    }
    return value;
}

static bool json_check_unicode(struct json_check *c)
{
    int cp = json_check_hex4(c);
    if (cp < 0)
        return json_check_bad(c, "four hexadecimal digits wanted");
    if (cp == 0)
        return json_check_bad(c, "NUL in a string");
    if (cp < 0xd800 || cp > 0xdfff)
        return true;
    if (cp > 0xdbff || !json_check_take(c, '\\') || !json_check_take(c, 'u'))
        return json_check_bad(c, "half a surrogate pair");
    int low = json_check_hex4(c);
    return (low >= 0xdc00 && low <= 0xdfff) || json_check_bad(c, "half a surrogate pair");
}

static bool json_check_escape(struct json_check *c)
{
    char kind = c->p < c->end ? *c->p : 0;
    if (!kind || !strchr("\"\\/bfnrtu", kind))
        return json_check_bad(c, "unknown escape");
    c->p++;
    return kind != 'u' || json_check_unicode(c);
}

size_t json_plain(const char *s, size_t n)
{
    size_t i = 0;
    while (i < n) {
        uint8_t c = (uint8_t)s[i];
        if (c >= 0x20 && c < 0x80 && c != '"' && c != '\\')
            i++;
        else if (c >= 0xC2 && c < 0xE0 && i + 1 < n && ((uint8_t)s[i + 1] & 0xC0) == 0x80)
            i += 2;
        else
            break;
    }
    return i;
}

static bool json_check_char(struct json_check *c)
{
    uint8_t byte = (uint8_t)*c->p;
    if (byte < 0x20)
        return json_check_bad(c, "control character in a string");
    if (byte < 0x80) {
        c->p++;
        return byte != '\\' || json_check_escape(c);
    }
    uint32_t cp;
    size_t used = text_decode(c->p, (size_t)(c->end - c->p), &cp);
    if (used == 1)
        return json_check_bad(c, "not UTF-8");
    c->p += used;
    return true;
}

static bool json_check_string(struct json_check *c)
{
    if (!json_check_take(c, '"'))
        return json_check_bad(c, "a string wanted");
    for (c->p += json_plain(c->p, (size_t)(c->end - c->p)); c->p < c->end && *c->p != '"';
         c->p += json_plain(c->p, (size_t)(c->end - c->p)))
        if (!json_check_char(c))
            return false;
    return json_check_take(c, '"') || json_check_bad(c, "a string without an end");
}

static bool json_check_digits(struct json_check *c)
{
    const char *first = c->p;
    while (c->p < c->end && *c->p >= '0' && *c->p <= '9')
        c->p++;
    return c->p > first || json_check_bad(c, "a digit wanted");
}

static bool json_check_number(struct json_check *c)
{
    const char *first = c->p;
    json_check_take(c, '-');
    if (!json_check_take(c, '0') && !json_check_digits(c))
        return false;
    if (json_check_take(c, '.') && !json_check_digits(c))
        return false;
    if (json_check_take(c, 'e') || json_check_take(c, 'E')) {
        if (!json_check_take(c, '-'))
            json_check_take(c, '+');
        if (!json_check_digits(c))
            return false;
    }
    char copy[JSON_NUMBER_MAX + 1];
    size_t n = (size_t)(c->p - first);
    if (n > JSON_NUMBER_MAX)
        return json_check_fail(c, ERR_TOO_BIG, "a number with too many digits");
    memcpy(copy, first, n);
    copy[n] = 0;
    return isfinite(strtod(copy, NULL)) || json_check_fail(c, ERR_TOO_BIG, "a number out of range");
}

static bool json_check_word(struct json_check *c, const char *word)
{
    size_t n = strlen(word);
    if ((size_t)(c->end - c->p) < n || memcmp(c->p, word, n) != 0)
        return json_check_bad(c, "a value wanted");
    c->p += n;
    return true;
}

static bool json_check_value(struct json_check *c);

static bool json_check_member(struct json_check *c)
{
    if (!json_check_string(c))
        return false;
    json_check_space(c);
    if (!json_check_take(c, ':'))
        return json_check_bad(c, "a colon wanted");
    json_check_space(c);
    return json_check_value(c);
}

/* The inside of an object or array, up to and with its closing bracket. */
static bool json_check_list(struct json_check *c, char close, bool (*item)(struct json_check *))
{
    if (++c->depth > JSON_DEPTH_MAX)
        return json_check_fail(c, ERR_TOO_BIG, "nested too deep");
    c->p++;
    json_check_space(c);
    if (!json_check_at(c, close)) {
        do {
            json_check_space(c);
            if (!item(c))
                return false;
            json_check_space(c);
        } while (json_check_take(c, ','));
    }
    c->depth--;
    return json_check_take(c, close) || json_check_bad(c, "a comma or the closing bracket wanted");
}

static bool json_check_value(struct json_check *c)
{
    switch (c->p < c->end ? *c->p : 0) {
    case '{':
        return json_check_list(c, '}', json_check_member);
    case '[':
        return json_check_list(c, ']', json_check_value);
    case '"':
        return json_check_string(c);
    case 't':
        return json_check_word(c, "true");
    case 'f':
        return json_check_word(c, "false");
    case 'n':
        return json_check_word(c, "null");
    case '-':
    case '0':
    case '1':
    case '2':
    case '3':
    case '4':
    case '5':
    case '6':
    case '7':
    case '8':
    case '9':
        return json_check_number(c);
    default:
        return json_check_bad(c, "a value wanted");
    }
}

enum err json_check(const char *bytes, size_t n, struct error *e)
{
    struct json_check c = {.start = bytes, .p = bytes, .end = bytes + n};
    json_check_space(&c);
    if (json_check_value(&c)) {
        json_check_space(&c);
        if (c.p < c.end)
            json_check_bad(&c, "more than one value");
    }
    if (!c.code)
        return ERR_NONE;
    return error_set(e, c.code, "JSON, byte %zu: %s", (size_t)(c.where - c.start), c.what);
}
