/* E-mail addresses: a check that finds slips of the finger and lets every real address pass. */
#include "kiosk/form/email.h"

#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "kiosk/base/text.h"

enum { EMAIL_LOCAL = 64 };

static bool email_is_letter(unsigned char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c >= 0x80; }
static bool email_is_digit(unsigned char c) { return c >= '0' && c <= '9'; }

static bool email_good_local(const char *s, size_t n)
{
    return n > 0 && s[0] != '.' && s[n - 1] != '.' && !memmem(s, n, "..", 2);
}

/* Not one control character, and UTF-8 throughout. */
static bool email_is_text(const char *s)
{
    for (const char *p = s; *p; p++)
        if ((unsigned char)*p < ' ' || *p == 0x7F)
            return false;
    return text_is_valid(s, strlen(s));
}

/* Labels of letters, digits and inner hyphens with dots between them; the last is two letters or more. */
static bool email_good_domain(const char *s)
{
    int labels = 0;
    size_t n = 0;
    for (; *s; s += n + (s[n] == '.')) {
        n = strcspn(s, ".");
        if (n == 0 || n > 63 || s[0] == '-' || s[n - 1] == '-')
            return false;
        if (s[n] == '.' && !s[n + 1])
            return false;
        for (size_t i = 0; i < n; i++)
            if (!email_is_letter((unsigned char)s[i]) && !email_is_digit((unsigned char)s[i]) && s[i] != '-')
                return false;
        labels++;
        if (!s[n])
            break;
    }
    return labels >= 2 && n >= 2 && email_is_letter((unsigned char)s[0]);
}

enum email_fault email_read(char out[EMAIL_SIZE], const char *typed)
{
    while (*typed == ' ')
        typed++;
    size_t n = strlen(typed);
    while (n > 0 && typed[n - 1] == ' ')
        n--;
    if (n >= EMAIL_SIZE)
        return EMAIL_LONG;
    char s[EMAIL_SIZE];
    memcpy(s, typed, n);
    s[n] = 0;
    enum email_fault fault = EMAIL_OK;
    char *at = strchr(s, '@');
    if (!at || strchr(at + 1, '@') || at == s)
        fault = EMAIL_AT;
    else if (!email_is_text(s) || strpbrk(s, " ,;:\"'()<>[]\\"))
        fault = EMAIL_SIGN;
    else if (at - s > EMAIL_LOCAL)
        fault = EMAIL_LONG;
    else if (!email_good_local(s, (size_t)(at - s)))
        fault = EMAIL_SIGN;
    else if (!email_good_domain(at + 1))
        fault = EMAIL_DOMAIN;
    if (fault == EMAIL_OK) {
        for (char *p = at; *p; p++)
            if (*p >= 'A' && *p <= 'Z')
                *p = (char)(*p - 'A' + 'a');
        memcpy(out, s, n + 1);
    }
    explicit_bzero(s, sizeof s);
    return fault;
}

uint32_t email_key(uint32_t ch)
{
    if (ch == '"')
        return '@';
    return text_key_to_us(ch);
}
