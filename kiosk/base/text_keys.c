/* The Russian ЙЦУКЕН PC layout against the US one, key by key. */
#include "kiosk/base/text.h"

#include <string.h>

/* The same keys in the same order on both layouts: first plain, then with Shift. The other characters of ASCII (digits,
 * space, ! % * ( ) - _ = + \) are where they are on both. */
static const char text_keys_us[] = "`qwertyuiop[]asdfghjkl;'zxcvbnm,./"
                                   "~QWERTYUIOP{}ASDFGHJKL:\"ZXCVBNM<>?"
                                   "@#$^&|";
static const uint16_t text_keys_ru[] = {
    /* ё йцукенгшщзхъ фывапролджэ ячсмитьбю . */
    0x451,
    0x439,
    0x446,
    0x443,
    0x43A,
    0x435,
    0x43D,
    0x433,
    0x448,
    0x449,
    0x437,
    0x445,
    0x44A,
    0x444,
    0x44B,
    0x432,
    0x430,
    0x43F,
    0x440,
    0x43E,
    0x43B,
    0x434,
    0x436,
    0x44D,
    0x44F,
    0x447,
    0x441,
    0x43C,
    0x438,
    0x442,
    0x44C,
    0x431,
    0x44E,
    '.',
    /* Ё ЙЦУКЕНГШЩЗХЪ ФЫВАПРОЛДЖЭ ЯЧСМИТЬБЮ , */
    0x401,
    0x419,
    0x426,
    0x423,
    0x41A,
    0x415,
    0x41D,
    0x413,
    0x428,
    0x429,
    0x417,
    0x425,
    0x42A,
    0x424,
    0x42B,
    0x412,
    0x410,
    0x41F,
    0x420,
    0x41E,
    0x41B,
    0x414,
    0x416,
    0x42D,
    0x42F,
    0x427,
    0x421,
    0x41C,
    0x418,
    0x422,
    0x42C,
    0x411,
    0x42E,
    ',',
    /* " № ; : ? / */
    '"',
    0x2116,
    ';',
    ':',
    '?',
    '/',
};
_Static_assert(sizeof text_keys_us - 1 == sizeof text_keys_ru / sizeof text_keys_ru[0], "one key, one key");

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
        size_t n = text_encode(map ? text_key_back(cp) : cp, bytes);
        if (len + n >= size)
            break;
        memcpy(out + len, bytes, n);
        len += n;
    }
    out[len] = 0;
    return len;
}
