/* The Russian ЙЦУКЕН PC layout against the US one, key by key. */
#include "kiosk/base/text.h"

#include <string.h>
#include <uchar.h>

/* The same keys in the same order on both layouts: plain, with Shift, and the digits with Shift that differ. The other
 * characters of ASCII (digits, space, ! % * ( ) - _ = + \) are where they are on both. */
static const char text_keys_us[] = "`qwertyuiop[]asdfghjkl;'zxcvbnm,./"
                                   "~QWERTYUIOP{}ASDFGHJKL:\"ZXCVBNM<>?"
                                   "@#$^&|";
static const char32_t text_keys_ru[] = U"ёйцукенгшщзхъфывапролджэячсмитьбю."
                                       U"ЁЙЦУКЕНГШЩЗХЪФЫВАПРОЛДЖЭЯЧСМИТЬБЮ,"
                                       U"\"№;:?/";
_Static_assert(sizeof text_keys_us == sizeof text_keys_ru / sizeof text_keys_ru[0], "one key, one key");

static uint32_t text_key_back(uint32_t cp)
{
    for (size_t i = 0; text_keys_us[i]; i++) {
        if (text_keys_ru[i] == cp)
            return (unsigned char)text_keys_us[i];
    }
    return cp;
}

uint32_t text_key_to_us(uint32_t cp) { return cp < 0x80 ? cp : text_key_back(cp); }

uint32_t text_key_to_ru(uint32_t cp)
{
    if (cp < 0x21 || cp > 0x7E)
        return cp;
    const char *at = strchr(text_keys_us, (int)cp);
    return at ? text_keys_ru[at - text_keys_us] : cp;
}

static bool text_has_foreign_letter(const char *s)
{
    while (*s) {
        uint32_t cp;
        s += text_decode(s, strnlen(s, 4), &cp);
        if (cp >= 0x80 && text_key_back(cp) != cp)
            return true;
    }
    return false;
}

size_t text_keys_to_us(char *out, size_t size, const char *s)
{
    if (size == 0)
        return 0;
    bool map = text_has_foreign_letter(s);
    size_t len = 0;
    while (*s) {
        uint32_t cp;
        char bytes[4];
        s += text_decode(s, strnlen(s, 4), &cp);
        if (!text_put(out, size, &len, bytes, text_encode(map ? text_key_back(cp) : cp, bytes)))
            break;
    }
    out[len] = 0;
    return len;
}
