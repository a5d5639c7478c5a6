/* UTF-8 to the code pages of printers, one byte for each column. */
#include "kiosk/print/codepage.h"

#include <stdint.h>
#include <string.h>
#include <strings.h>

#include "kiosk/base/text.h"

struct codepage_pair {
    uint16_t cp, to;
};

/* What is not in the regular runs of CP866 (А-п at 80, р-я at E0). */
static const struct codepage_pair codepage_866[] = {
    {0x0401, 0xF0}, {0x0451, 0xF1}, {0x0404, 0xF2}, {0x0454, 0xF3}, {0x0407, 0xF4}, {0x0457, 0xF5}, {0x040E, 0xF6},
    {0x045E, 0xF7}, {0x00B0, 0xF8}, {0x00B7, 0xFA}, {0x2116, 0xFC}, {0x2500, 0xC4}, {0x2550, 0xCD}, {0x25A0, 0xFE},
};

/* What is not in the regular run of CP1251 (А-я at C0..FF). */
static const struct codepage_pair codepage_1251[] = {
    {0x0401, 0xA8}, {0x0451, 0xB8}, {0x0404, 0xAA}, {0x0454, 0xBA}, {0x0407, 0xAF}, {0x0457, 0xBF}, {0x040E, 0xA1},
    {0x045E, 0xA2}, {0x0406, 0xB2}, {0x0456, 0xB3}, {0x0490, 0xA5}, {0x0491, 0xB4}, {0x0402, 0x80}, {0x0452, 0x90},
    {0x2116, 0xB9}, {0x00AB, 0xAB}, {0x00BB, 0xBB}, {0x2014, 0x97}, {0x2013, 0x96}, {0x2026, 0x85}, {0x20AC, 0x88},
    {0x201E, 0x84}, {0x201C, 0x93}, {0x201D, 0x94}, {0x2018, 0x91}, {0x2019, 0x92}, {0x2022, 0x95}, {0x00B0, 0xB0},
    {0x00A7, 0xA7}, {0x00B1, 0xB1}, {0x00B7, 0xB7}, {0x00A9, 0xA9}, {0x00AE, 0xAE},
};

/* Likenesses, tried when the page lacks the character; `to` is a code point that is looked up in turn. */
static const struct codepage_pair codepage_like[] = {
    {0x00A0, ' '},    {0x00AB, '"'},    {0x00BB, '"'},    {0x2018, '\''},   {0x2019, '\''},   {0x201A, '\''},
    {0x201C, '"'},    {0x201D, '"'},    {0x201E, '"'},    {0x2039, '\''},   {0x203A, '\''},   {0x2010, '-'},
    {0x2011, '-'},    {0x2012, '-'},    {0x2013, '-'},    {0x2014, '-'},    {0x2015, '-'},    {0x2212, '-'},
    {0x2026, '.'},    {0x2022, '*'},    {0x00B7, '*'},    {0x20AC, 'E'},    {0x20BD, 0x0440}, {0x00D7, 'x'},
    {0x2009, ' '},    {0x202F, ' '},    {0x2003, ' '},    {0x2500, '-'},    {0x2550, '='},    {0x00A7, 'S'},
    {0x0406, 'I'},    {0x0456, 'i'},    {0x0490, 0x0413}, {0x0491, 0x0433}, {0x0492, 0x0413}, {0x0493, 0x0433},
    {0x0496, 0x0416}, {0x0497, 0x0436}, {0x049A, 0x041A}, {0x049B, 0x043A}, {0x04A2, 0x041D}, {0x04A3, 0x043D},
    {0x04AE, 0x0423}, {0x04AF, 0x0443}, {0x04B0, 0x0423}, {0x04B1, 0x0443}, {0x04BA, 0x0425}, {0x04BB, 0x0445},
    {0x04D8, 0x042D}, {0x04D9, 0x044D}, {0x04E8, 0x041E}, {0x04E9, 0x043E}, {0x04B2, 0x0425}, {0x04B3, 0x0445},
    {0x0472, 0x0424}, {0x0473, 0x0444}, {0x0462, 0x0415}, {0x0463, 0x0435}, {0x0498, 0x0417}, {0x0499, 0x0437},
    {0x04AA, 0x0421}, {0x04AB, 0x0441}, {0x04A0, 0x041A}, {0x04A1, 0x043A}, {0x0408, 'J'},    {0x0458, 'j'},
    {0x00C4, 'A'},    {0x00E4, 'a'},    {0x00D6, 'O'},    {0x00F6, 'o'},    {0x00DC, 'U'},    {0x00FC, 'u'},
    {0x00E9, 'e'},    {0x00C9, 'E'},    {0x00E8, 'e'},    {0x00E0, 'a'},    {0x00E7, 'c'},    {0x011F, 'g'},
    {0x0131, 'i'},    {0x0130, 'I'},    {0x015F, 's'},    {0x015E, 'S'},    {0x00F1, 'n'},    {0x00B0, 'o'},
};

static uint32_t codepage_find(const struct codepage_pair *pairs, size_t count, uint32_t cp)
{
    for (size_t i = 0; i < count; i++)
        if (pairs[i].cp == cp)
            return pairs[i].to;
    return 0;
}

static uint32_t codepage_exact(enum codepage page, uint32_t cp)
{
    if (cp >= 0x20 && cp <= 0x7E)
        return cp;
    if (page == CODEPAGE_866) {
        if (cp >= 0x0410 && cp <= 0x043F)
            return cp - 0x0410 + 0x80;
        if (cp >= 0x0440 && cp <= 0x044F)
            return cp - 0x0440 + 0xE0;
        return codepage_find(codepage_866, sizeof codepage_866 / sizeof codepage_866[0], cp);
    }
    if (cp >= 0x0410 && cp <= 0x044F)
        return cp - 0x0410 + 0xC0;
    return codepage_find(codepage_1251, sizeof codepage_1251 / sizeof codepage_1251[0], cp);
}

/* The byte for a character, 0 when there is not even a likeness. */
static uint32_t codepage_byte(enum codepage page, uint32_t cp)
{
    uint32_t byte = codepage_exact(page, cp);
    if (byte)
        return byte;
    uint32_t like = codepage_find(codepage_like, sizeof codepage_like / sizeof codepage_like[0], cp);
    return like ? codepage_exact(page, like) : 0;
}

bool codepage_by_name(const char *name, enum codepage *out)
{
    if (strcasecmp(name, "cp866") == 0)
        *out = CODEPAGE_866;
    else if (strcasecmp(name, "cp1251") == 0)
        *out = CODEPAGE_1251;
    else
        return false;
    return true;
}

void codepage_add(struct buf *out, enum codepage page, const char *s, size_t n)
{
    for (size_t i = 0, used; i < n; i += used) {
        uint32_t cp;
        used = text_decode(s + i, n - i, &cp);
        uint32_t byte = cp == '\n' ? '\n' : codepage_byte(page, cp);
        int columns = cp == '\n' ? 1 : text_width_char(cp);
        for (int column = 0; column < columns; column++)
            buf_add_char(out, (char)(byte ? byte : '?'));
    }
}

bool codepage_covers(enum codepage page, const char *s)
{
    for (size_t n = strlen(s), i = 0, used; i < n; i += used) {
        uint32_t cp;
        used = text_decode(s + i, n - i, &cp);
        if (cp != '\n' && !codepage_byte(page, cp))
            return false;
    }
    return true;
}
