/* Telephone numbers: from what was typed to E.164 and back to something readable. */
#include "kiosk/form/phone.h"

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "kiosk/base/text.h"

enum { PHONE_TYPED = 40, PHONE_RUSSIAN = 11, PHONE_MIN = 8, PHONE_MAX = 15 };

static bool phone_is_filler(uint32_t cp)
{
    return (cp < 0x80 && cp && strchr(" -()[]./", (int)cp)) || cp == 0xA0 || (cp >= 0x2010 && cp <= 0x2015) || cp == 0x2212;
}

/* The digits of typed; false at a foreign sign. Past PHONE_TYPED digits they are only counted. */
static bool phone_digits(const char *typed, char digits[PHONE_TYPED + 1], int *count, bool *plus)
{
    size_t left = strlen(typed), n;
    *count = 0;
    *plus = false;
    for (; left > 0; typed += n, left -= n) {
        uint32_t cp;
        n = text_decode(typed, left, &cp);
        if (cp == '+' && *count == 0 && !*plus)
            *plus = true;
        else if (cp >= '0' && cp <= '9' && ++*count <= PHONE_TYPED)
            digits[*count - 1] = (char)cp;
        else if (!(cp >= '0' && cp <= '9') && !phone_is_filler(cp))
            return false;
    }
    digits[*count < PHONE_TYPED ? *count : PHONE_TYPED] = 0;
    return true;
}

/* The ten digits after +7. Those that begin with 7 or 6 are Kazakhstan's. */
static enum phone_fault phone_russian(char out[PHONE_SIZE], const char *ten)
{
    if (ten[0] < '3')
        return PHONE_NONE;
    snprintf(out, PHONE_SIZE, "+7%.10s", ten);
    return PHONE_OK;
}

static enum phone_fault phone_abroad(char out[PHONE_SIZE], const char *digits, int count)
{
    if (count > 0 && digits[0] == '7')
        return count < PHONE_RUSSIAN ? PHONE_SHORT : count > PHONE_RUSSIAN ? PHONE_LONG : phone_russian(out, digits + 1);
    if (count < PHONE_MIN || count > PHONE_MAX)
        return count < PHONE_MIN ? PHONE_SHORT : PHONE_LONG;
    if (digits[0] == '0')
        return PHONE_NONE;
    if (count == PHONE_RUSSIAN && digits[0] == '8' && digits[1] == '9')
        return phone_russian(out, digits + 1); /* "+8 9..": no country has +89, and people mix +7 and 8 */
    snprintf(out, PHONE_SIZE, "+%.15s", digits);
    return PHONE_OK;
}

enum phone_fault phone_read(char out[PHONE_SIZE], const char *typed, int *digits)
{
    char d[PHONE_TYPED + 1];
    int count;
    bool plus;
    bool clean = phone_digits(typed, d, &count, &plus);
    if (digits)
        *digits = count;
    if (!clean)
        return PHONE_SIGN;
    if (plus)
        return phone_abroad(out, d, count);
    if (strncmp(d, "00", 2) == 0)
        return phone_abroad(out, d + 2, count - 2);
    if (strncmp(d, "810", 3) == 0 && count > PHONE_RUSSIAN)
        return phone_abroad(out, d + 3, count - 3);
    if (count == 10 && strchr("349", d[0]))
        return phone_russian(out, d);
    if (count >= 5 && count <= 7)
        return PHONE_LOCAL;
    if (count != PHONE_RUSSIAN)
        return count < PHONE_RUSSIAN ? PHONE_SHORT : PHONE_LONG;
    return d[0] == '7' || d[0] == '8' ? phone_russian(out, d + 1) : PHONE_NONE;
}

char *phone_show(char out[PHONE_SHOWN], const char *e164)
{
    if (strncmp(e164, "+7", 2) == 0 && strlen(e164) == 12)
        snprintf(out, PHONE_SHOWN, "+7 %.3s %.3s-%.2s-%.2s", e164 + 2, e164 + 5, e164 + 8, e164 + 10);
    else
        snprintf(out, PHONE_SHOWN, "%s", e164);
    return out;
}
