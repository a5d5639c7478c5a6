/* Ticket and enrolment codes. The alphabet was chosen so that a key pressed under the Russian layout says one symbol
 * and a letter misread on paper says at most one. */
#include "kiosk/ticket/code.h"

#include <stdint.h>
#include <string.h>

#include "kiosk/base/text.h"
#include "kiosk/ticket/crypto.h"

enum {
    CODE_BASE = 19,          /* prime: every weight below it has an inverse */
    CODE_TYPED_MAX = 256,    /* of what was typed or scanned; the rest cannot be a code */
    CODE_QR_MAX = 42,        /* bytes of version 3-M in alphanumeric mode that stay beside the text at 80x24 */
    CODE_HOST_AND_NAME = 22, /* "HTTPS://" + "/T/" + 10 symbols + NUL */
};

static const char code_symbols[CODE_BASE + 1] = "23456789CDFGJLNRVWX";

static int code_value(uint32_t cp)
{
    if (cp >= 'a' && cp <= 'z')
        cp -= 'a' - 'A';
    const char *at = cp && cp < 0x80 ? strchr(code_symbols, (int)cp) : NULL;
    return at ? (int)(at - code_symbols) : -1;
}

/* A letter that is no symbol, as what it was most likely read from. */
static int code_value_lookalike(uint32_t cp)
{
    static const struct {
        uint16_t cp;
        char symbol;
    } table[] = {
        {'B', '8'},    {'b', '8'},    {'S', '5'},    {'s', '5'},
        {'Z', '2'},    {'z', '2'},    {0x0417, '3'}, {0x0437, '3'}, /* З: its key is P, no symbol */
        {0x0425, 'X'}, {0x0445, 'X'},                               /* Х: its key is [ */
    };
    for (size_t i = 0; i < sizeof table / sizeof table[0]; i++) {
        if (table[i].cp == cp)
            return code_value(table[i].symbol);
    }
    return -1;
}

/* The value of a typed character: itself, then the key it shares with a Latin letter, then what it looks like. The key
 * comes before the look: a person with a Russian layout types many letters on the right keys, and of the Cyrillic
 * letters that look like a symbol only С (the same key) and Х, З (keys of no symbol) could be meant by their look. */
static int code_value_typed(uint32_t cp)
{
    uint32_t key = text_key_to_us(cp);
    int value = code_value(key);
    if (value < 0)
        value = code_value_lookalike(cp);
    return value < 0 ? code_value_lookalike(key) : value;
}

/* Sum of value times weight 1, 2, 3... modulo 19. A code is right when its sum is 0. */
static unsigned code_sum(const char *symbols, size_t n)
{
    unsigned sum = 0;
    for (size_t i = 0; i < n; i++)
        sum += (unsigned)(i + 1) * (unsigned)code_value((unsigned char)symbols[i]);
    return sum % CODE_BASE;
}

/* The symbol that makes the sum of n symbols and itself 0. */
static char code_closing(const char *symbols, size_t n)
{
    unsigned sum = code_sum(symbols, n), value = 0;
    while ((sum + (unsigned)(n + 1) * value) % CODE_BASE != 0)
        value++;
    return code_symbols[value];
}

char code_check(const char *first_nine) { return code_closing(first_nine, CODE_LEN - 1); }

static void code_random(char *out, size_t len)
{
    for (size_t i = 0; i < len - 1; i++)
        out[i] = code_symbols[crypto_random_below(CODE_BASE)];
    out[len - 1] = code_closing(out, len - 1);
    out[len] = 0;
}

void code_make(char out[CODE_LEN + 1]) { code_random(out, CODE_LEN); }

static bool code_is_separator(uint32_t cp)
{
    static const uint32_t extra[] = {' ', '\t', '\r', '\n', '-', '_', 0xA0, 0x2212, 0x202F};
    for (size_t i = 0; i < sizeof extra / sizeof extra[0]; i++) {
        if (cp == extra[i])
            return true;
    }
    return cp >= 0x2010 && cp <= 0x2015; /* hyphens and dashes */
}

/* Reads symbols to the end of s. Counts all of them, keeps the first max. */
static enum code_fault code_collect(char *out, size_t max, const char *s, size_t *count)
{
    *count = 0;
    while (*s) {
        uint32_t cp;
        s += text_decode(s, strnlen(s, 4), &cp);
        if (code_is_separator(cp))
            continue;
        int value = code_value_typed(cp);
        if (value < 0)
            return CODE_SYMBOL;
        if (*count < max)
            out[*count] = code_symbols[value];
        ++*count;
    }
    return CODE_OK;
}

static enum code_fault code_read_exactly(char *out, size_t len, const char *s)
{
    char symbols[ENROL_LEN];
    size_t count;
    enum code_fault fault = code_collect(symbols, len, s, &count);
    if (fault != CODE_OK)
        return fault;
    if (count != len)
        return count < len ? CODE_SHORT : CODE_LONG;
    if (code_sum(symbols, len) != 0)
        return CODE_CHECK;
    memcpy(out, symbols, len);
    out[len] = 0;
    return CODE_OK;
}

/* In a URL the code is what follows the last /T/, up to the next / ? or #. Cuts s there; NULL when s is no URL. */
static char *code_in_url(char *s)
{
    char *found = NULL;
    if (!strstr(s, "://"))
        return NULL;
    for (char *at = s; (at = strcasestr(at, "/t/")) != NULL;) {
        at += 2;
        found = at + 1;
    }
    if (found)
        found[strcspn(found, "/?#")] = 0;
    return found;
}

enum code_fault code_read(char out[CODE_LEN + 1], const char *typed, size_t n)
{
    char plain[CODE_TYPED_MAX + 1], keys[CODE_TYPED_MAX + 1];
    if (n > CODE_TYPED_MAX)
        return CODE_LONG;
    if (n > 0 && memchr(typed, 0, n))
        return CODE_SYMBOL;
    if (n > 0)
        memcpy(plain, typed, n);
    plain[n] = 0;
    /* A scanner's burst under the Russian layout has its colon and slashes on other keys: seen as a whole it is a URL.
     */
    text_keys_to_us(keys, sizeof keys, plain);
    const char *code = code_in_url(keys);
    return code_read_exactly(out, CODE_LEN, code ? code : plain);
}

/* Groups of `group` symbols with a dash between. */
static void code_group(char *out, const char *code, size_t len, size_t group)
{
    for (size_t i = 0; i < len; i++) {
        if (i > 0 && i % group == 0)
            *out++ = '-';
        *out++ = code[i];
    }
    *out = 0;
}

void code_show(char out[CODE_SHOWN + 1], const char *code) { code_group(out, code, CODE_LEN, 5); }

/* Upper case, as long as every character is one of QR's 45 alphanumeric ones (ISO/IEC 18004, 7.3.4). */
static bool code_host(char *out, const char *host, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        char c = host[i];
        if (c >= 'a' && c <= 'z')
            c = (char)(c - 'a' + 'A');
        bool letter_or_digit = (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
        if (!letter_or_digit && c != '.' && c != '-' && c != ':')
            return false;
        out[i] = c;
    }
    return n > 0;
}

bool code_url(char out[CODE_URL_MAX], const char *host, const char *code)
{
    static const char scheme[] = "HTTPS://", path[] = "/T/";
    size_t n = strnlen(host, CODE_URL_MAX), at = sizeof scheme - 1;
    char name[CODE_URL_MAX];
    bool fits = n + CODE_HOST_AND_NAME - 1 <= CODE_QR_MAX && code_host(name, host, n);
    if (!fits) {
        memcpy(out, code, CODE_LEN);
        out[CODE_LEN] = 0;
        return false;
    }
    memcpy(out, scheme, at);
    memcpy(out + at, name, n);
    memcpy(out + at + n, path, sizeof path - 1);
    at += n + sizeof path - 1;
    memcpy(out + at, code, CODE_LEN);
    out[at + CODE_LEN] = 0;
    return true;
}

void enrol_code_make(char out[ENROL_LEN + 1]) { code_random(out, ENROL_LEN); }

bool enrol_code_read(char out[ENROL_LEN + 1], const char *typed)
{
    return code_read_exactly(out, ENROL_LEN, typed) == CODE_OK;
}

void enrol_code_show(char out[ENROL_SHOWN + 1], const char *code) { code_group(out, code, ENROL_LEN, 4); }
