/* Which character set a file is in, and its text as UTF-8. There are only three candidates: what Russian offices save.
 */
#include "sync/hub/charset.h"

#include <stdbool.h>
#include <stdint.h>

#include "kiosk/base/text.h"

/* 0x80..0xBF of windows-1251; 0xC0..0xFF are U+0410..U+044F. 0x98 is not assigned. */
static const uint16_t charset_cp1251[64] = {
    0x0402, 0x0403, 0x201A, 0x0453, 0x201E, 0x2026, 0x2020, 0x2021, 0x20AC, 0x2030, 0x0409, 0x2039, 0x040A,
    0x040C, 0x040B, 0x040F, 0x0452, 0x2018, 0x2019, 0x201C, 0x201D, 0x2022, 0x2013, 0x2014, 0xFFFD, 0x2122,
    0x0459, 0x203A, 0x045A, 0x045C, 0x045B, 0x045F, 0x00A0, 0x040E, 0x045E, 0x0408, 0x00A4, 0x0490, 0x00A6,
    0x00A7, 0x0401, 0x00A9, 0x0404, 0x00AB, 0x00AC, 0x00AD, 0x00AE, 0x0407, 0x00B0, 0x00B1, 0x0406, 0x0456,
    0x0491, 0x00B5, 0x00B6, 0x00B7, 0x0451, 0x2116, 0x0454, 0x00BB, 0x0458, 0x0405, 0x0455, 0x0457,
};

static void charset_put(struct buf *out, uint32_t cp)
{
    char bytes[4];
    if (cp != 0 && cp != 0xFEFF)
        buf_add(out, bytes, text_encode(cp, bytes));
}

static void charset_add_utf8(struct buf *out, const char *bytes, size_t n)
{
    size_t start = 0;
    for (size_t i = 0; i <= n; i++) {
        if (i == n || bytes[i] == '\0') {
            buf_add(out, bytes + start, i - start);
            start = i + 1;
        }
    }
}

static void charset_add_utf16(struct buf *out, const unsigned char *s, size_t n, bool big)
{
    for (size_t i = 2; i + 1 < n; i += 2) {
        uint32_t unit = big ? (uint32_t)(s[i] << 8 | s[i + 1]) : (uint32_t)(s[i + 1] << 8 | s[i]);
        if (unit >= 0xD800 && unit < 0xDC00 && i + 3 < n) {
            uint32_t low = big ? (uint32_t)(s[i + 2] << 8 | s[i + 3]) : (uint32_t)(s[i + 3] << 8 | s[i + 2]);
            if (low >= 0xDC00 && low < 0xE000) {
                unit = 0x10000 + ((unit - 0xD800) << 10) + (low - 0xDC00);
                i += 2;
            }
        }
        charset_put(out, unit);
    }
}

static void charset_add_cp1251(struct buf *out, const unsigned char *s, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        if (s[i] < 0x80)
            charset_put(out, s[i]);
        else if (s[i] < 0xC0)
            charset_put(out, charset_cp1251[s[i] - 0x80]);
        else
            charset_put(out, 0x0410u + s[i] - 0xC0u);
    }
}

enum charset charset_to_utf8(struct buf *out, const char *bytes, size_t n)
{
    const unsigned char *s = (const unsigned char *)bytes;
    if (n >= 2 && ((s[0] == 0xFF && s[1] == 0xFE) || (s[0] == 0xFE && s[1] == 0xFF))) {
        charset_add_utf16(out, s, n, s[0] == 0xFE);
        return CHARSET_UTF16;
    }
    if (n >= 3 && s[0] == 0xEF && s[1] == 0xBB && s[2] == 0xBF) {
        bytes += 3;
        s += 3;
        n -= 3;
    }
    if (text_is_valid(bytes, n)) {
        charset_add_utf8(out, bytes, n);
        return CHARSET_UTF8;
    }
    charset_add_cp1251(out, s, n);
    return CHARSET_CP1251;
}
