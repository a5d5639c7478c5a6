/* Folding for search, and keys for sorting. Nothing here makes a text longer in characters of its own alphabet than it
 * was; two letters come only from one that took two bytes. */
#include "kiosk/base/text.h"

#include <string.h>

#include "kiosk/base/text_tables.h"

/* The plain letter of each Latin character, '.' where there is none. */
static const char text_latin_c0[] = "aaaaaa.ceeeeiiiidnooooo.ouuuuy..aaaaaa.ceeeeiiiidnooooo.ouuuuy.y"    /* U+00C0 */
                                    "aaaaaaccccccccddddeeeeeeeeeegggggggghhhhiiiiiiiiii..jjkkklllllll"    /* U+0100 */
                                    "lllnnnnnnn..oooooo..rrrrrrssssssssttttttuuuuuuuuuuuuwwyyyzzzzzzs"    /* U+0140 */
                                    "bbbb...ccdddd....ffg...ikkll.nnooo..pp.....ttttuu.vyyzz........w"    /* U+0180 */
                                    ".............aaiioouuuuuuuuuu.aaaa..ggggkkoooo..j...gg.wnnaa..oo"    /* U+01C0 */
                                    "aaaaeeeeiiiioooorrrruuuusstt..hhnd..zzaaeeooooooooyylntj..acclts"    /* U+0200 */
                                    "z..bu.eejjqqrryy";                                                   /* U+0240 */
static const char text_latin_1e00[] = "aabbbbbbccddddddddddeeeeeeeeeeffgghhhhhhhhhhiiiikkkkkkllllllllmm"  /* U+1E00 */
                                      "mmmmnnnnnnnnoooooooopppprrrrrrrrssssssssssttttttttuuuuuuuuuuvvvv"  /* U+1E40 */
                                      "wwwwwwwwwwxxxxyyzzzzzzhtwy.s....aaaaaaaaaaaaaaaaaaaaaaaaeeeeeeee"  /* U+1E80 */
                                      "eeeeeeeeiiiioooooooooooooooooooooooouuuuuuuuuuuuuuyyyyyyyy......"; /* U+1EC0 */

/* Letters that fold to two, or to another one by themselves. */
static const struct {
    uint32_t cp;
    char to[3];
} text_special[] = {
    {0x00C6, "ae"}, {0x00E6, "ae"}, {0x01E2, "ae"}, {0x01E3, "ae"}, {0x01FC, "ae"}, {0x01FD, "ae"}, {0x0152, "oe"},
    {0x0153, "oe"}, {0x0132, "ij"}, {0x0133, "ij"}, {0x00DE, "th"}, {0x00FE, "th"}, {0x00DF, "ss"}, {0x1E9E, "ss"},
    {0x01C4, "dz"}, {0x01C5, "dz"}, {0x01C6, "dz"}, {0x01F1, "dz"}, {0x01F2, "dz"}, {0x01F3, "dz"}, {0x01C7, "lj"},
    {0x01C8, "lj"}, {0x01C9, "lj"}, {0x01CA, "nj"}, {0x01CB, "nj"}, {0x01CC, "nj"}, {0x018F, "ə"},  {0x014A, "ŋ"},
};

/* Greek with tonos or dialytika, from U+0386 and from U+03AA. */
static const struct {
    uint16_t cp, to;
} text_greek[] = {
    {0x0386, 0x03B1}, {0x0388, 0x03B5}, {0x0389, 0x03B7}, {0x038A, 0x03B9}, {0x038C, 0x03BF}, {0x038E, 0x03C5},
    {0x038F, 0x03C9}, {0x0390, 0x03B9}, {0x03AA, 0x03B9}, {0x03AB, 0x03C5}, {0x03AC, 0x03B1}, {0x03AD, 0x03B5},
    {0x03AE, 0x03B7}, {0x03AF, 0x03B9}, {0x03B0, 0x03C5}, {0x03C2, 0x03C3}, {0x03CA, 0x03B9}, {0x03CB, 0x03C5},
    {0x03CC, 0x03BF}, {0x03CD, 0x03C5}, {0x03CE, 0x03C9},
};

static uint32_t text_lower_greek(uint32_t cp)
{
    for (size_t i = 0; i < sizeof text_greek / sizeof text_greek[0]; i++) {
        if (text_greek[i].cp == cp)
            return text_greek[i].to;
    }
    return cp >= 0x391 && cp <= 0x3A9 ? cp + 0x20 : cp;
}

static uint32_t text_lower_cyrillic(uint32_t cp)
{
    if (cp >= 0x410 && cp <= 0x42F)
        return cp + 0x20;
    if (cp >= 0x400 && cp <= 0x40F)
        return cp + 0x50;
    if (cp == 0x4C0)
        return 0x4CF;
    if (cp >= 0x4C1 && cp <= 0x4CE)
        return cp + (cp & 1);
    bool paired = (cp >= 0x460 && cp <= 0x481) || (cp >= 0x48A && cp <= 0x52F);
    return paired && !(cp & 1) ? cp + 1 : cp;
}

/* Lower case outside of Latin's tables. */
static uint32_t text_lower(uint32_t cp)
{
    if (cp >= 0x386 && cp <= 0x3CE)
        return text_lower_greek(cp);
    if (cp >= 0x400 && cp <= 0x52F)
        return text_lower_cyrillic(cp);
    if (cp >= 0x531 && cp <= 0x556) /* Armenian */
        return cp + 0x30;
    return cp;
}

/* Folds one composed character to at most 4 bytes, of which it returns how many. ё is kept apart here. */
static size_t text_fold_char(uint32_t cp, char out[4])
{
    if (cp >= 0xFF01 && cp <= 0xFF5E) /* full-width forms */
        cp = cp - 0xFF00 + 0x20;
    if (cp < 0x80) {
        out[0] = (char)(cp >= 'A' && cp <= 'Z' ? cp + 0x20 : cp);
        return 1;
    }
    char plain = '.';
    if (cp >= 0xC0 && cp < 0x250)
        plain = text_latin_c0[cp - 0xC0];
    else if (cp >= 0x1E00 && cp < 0x1F00)
        plain = text_latin_1e00[cp - 0x1E00];
    if (plain != '.') {
        out[0] = plain;
        return 1;
    }
    bool special = cp < 0x250 || cp == 0x1E9E;
    for (size_t i = 0; special && i < sizeof text_special / sizeof text_special[0]; i++) {
        if (text_special[i].cp == cp) {
            size_t n = strnlen(text_special[i].to, 2);
            memcpy(out, text_special[i].to, n);
            return n;
        }
    }
    return text_encode(cp == 0xA0 ? ' ' : text_lower(cp), out);
}

/* The next character of s with the marks that compose with it; marks left over on a Latin letter are passed by. */
static size_t text_next(const char *s, uint32_t *cp)
{
    size_t n = text_decode(s, strnlen(s, 4), cp);
    while (s[n]) {
        uint32_t mark;
        size_t used = text_decode(s + n, strnlen(s + n, 4), &mark);
        uint32_t whole = text_is_mark(mark) ? text_compose(*cp, mark) : 0;
        bool latin = *cp < 0x250 || (*cp >= 0x1E00 && *cp < 0x1F00);
        if (!whole && !(latin && mark >= 0x300 && mark < 0x370))
            break;
        if (whole)
            *cp = whole;
        n += used;
    }
    return n;
}

enum { TEXT_IE = 0x435, TEXT_IO = 0x451 };

static bool text_is_io(uint32_t cp) { return cp == TEXT_IO || cp == 0x401; }

/* A letter U+0400..U+047F at s, or 0. */
static uint32_t text_cyrillic_at(const char *s)
{
    uint8_t lead = (uint8_t)s[0];
    if ((lead != 0xD0 && lead != 0xD1) || ((uint8_t)s[1] & 0xC0) != 0x80)
        return 0;
    return (uint32_t)(lead & 0x1F) << 6 | ((uint8_t)s[1] & 0x3F);
}

/* What stands before this byte is followed by no mark: the end, ASCII, or a letter U+0400..U+047F. */
static bool text_is_unmarked(char next)
{
    uint8_t c = (uint8_t)next;
    return c < 0x80 || c == 0xD0 || c == 0xD1;
}

/* Most of what is folded: ASCII and Russian letters with no mark behind them. Returns bytes of s, 0 for anything else. */
static size_t text_fold_plain(const char *s, char out[4], size_t *n)
{
    if ((uint8_t)*s < 0x80 && text_is_unmarked(s[1])) {
        out[0] = (char)(*s >= 'A' && *s <= 'Z' ? *s + 0x20 : *s);
        *n = 1;
        return 1;
    }
    uint32_t cp = text_cyrillic_at(s);
    if (!cp || !text_is_unmarked(s[2]))
        return 0;
    cp = text_is_io(cp) ? TEXT_IE : text_lower_cyrillic(cp);
    out[0] = (char)(0xC0 | cp >> 6);
    out[1] = (char)(0x80 | (cp & 0x3F));
    *n = 2;
    return 2;
}

size_t text_fold(char *out, size_t size, const char *s)
{
    if (size == 0)
        return 0;
    size_t len = 0;
    while (*s) {
        uint32_t cp;
        char bytes[4];
        size_t n, used = text_fold_plain(s, bytes, &n);
        s += used;
        if (!used) {
            s += text_next(s, &cp);
            n = text_fold_char(text_is_io(cp) ? TEXT_IE : cp, bytes);
        }
        if (!text_put(out, size, &len, bytes, n))
            break;
    }
    out[len] = 0;
    return len;
}

/* ---- sorting */

/* Letters whose place in their alphabet is not where Unicode put them: after `after`, in this order. They become that
 * letter and U+E000 + step, which is above every letter of the alphabet and below nothing that text holds. */
static const struct {
    uint16_t cp, after, step;
} text_places[] = {
    {0x4D9, 0x430, 0}, {0x491, 0x433, 0}, {0x493, 0x433, 1}, {0x452, 0x434, 0}, {0x454, 0x435, 0},
    {0x497, 0x436, 0}, {0x456, 0x438, 0}, {0x457, 0x438, 1}, {0x458, 0x438, 2}, {0x49B, 0x43A, 0},
    {0x459, 0x43B, 0}, {0x4A3, 0x43D, 0}, {0x45A, 0x43D, 1}, {0x4E9, 0x43E, 0}, {0x45B, 0x442, 0},
    {0x45E, 0x443, 0}, {0x4B1, 0x443, 1}, {0x4AF, 0x443, 2}, {0x4BB, 0x445, 0}, {0x45F, 0x447, 0},
};

struct text_key {
    char *out;
    size_t len, size;
    bool full;
};

static void text_key_add(struct text_key *k, uint32_t cp)
{
    char bytes[4];
    size_t n = text_encode(cp, bytes);
    if (k->full || k->len + n >= k->size) {
        k->full = true;
        return;
    }
    memcpy(k->out + k->len, bytes, n);
    k->len += n;
}

static bool text_is_ignored(uint32_t cp)
{
    if (cp < 0x80)
        return !((cp >= '0' && cp <= '9') || (cp >= 'a' && cp <= 'z') || cp == ' ');
    return (cp >= 0xA1 && cp <= 0xBF) || (cp >= 0x2010 && cp <= 0x206F) || text_is_mark(cp);
}

static void text_key_letter(struct text_key *k, uint32_t cp)
{
    bool moved = cp > 0x451 && cp < 0x500;
    for (size_t i = 0; moved && i < sizeof text_places / sizeof text_places[0]; i++) {
        if (text_places[i].cp == cp) {
            text_key_add(k, text_places[i].after);
            text_key_add(k, 0xE000 + text_places[i].step);
            return;
        }
    }
    text_key_add(k, cp);
}

/* First what words are compared by: letters, digits and single spaces. */
static void text_key_words(struct text_key *k, const char *s)
{
    bool space = false;
    while (*s) {
        uint32_t cp;
        char folded[4];
        size_t n, used = text_fold_plain(s, folded, &n);
        s += used;
        if (!used) {
            s += text_next(s, &cp);
            n = text_fold_char(text_is_io(cp) ? TEXT_IE : cp, folded);
        }
        for (size_t i = 0; i < n;) {
            i += text_decode(folded + i, n - i, &cp);
            if (cp == ' ' || cp == '-' || cp == '\n') {
                space = k->len > 0;
            } else if (!text_is_ignored(cp)) {
                if (space)
                    text_key_add(k, ' ');
                space = false;
                text_key_letter(k, cp);
            }
        }
    }
}

size_t text_sort_key(char *out, size_t size, const char *s)
{
    if (size == 0)
        return 0;
    struct text_key k = {.out = out, .size = size};
    text_key_words(&k, s);
    /* Then, among equals, ё after е: one figure for each of the two, behind a byte below every letter. */
    text_key_add(&k, 1);
    while (*s) {
        uint32_t cp;
        char folded[4];
        size_t n, used = text_fold_plain(s, folded, &n);
        if (used)
            cp = used == 1 ? (uint8_t)*s : text_cyrillic_at(s);
        else
            used = text_next(s, &cp);
        s += used;
        if (text_is_io(cp))
            text_key_add(&k, '2');
        else if (cp == TEXT_IE || cp == 0x415)
            text_key_add(&k, '1');
    }
    out[k.len] = 0;
    return k.len;
}

static uint32_t text_capital(uint32_t cp)
{
    if ((cp >= 'a' && cp <= 'z') || (cp >= 0x430 && cp <= 0x44F))
        return cp - 0x20;
    if (cp >= 0x450 && cp <= 0x45F)
        return cp - 0x50;
    bool pairs = (cp >= 0x460 && cp <= 0x481) || (cp >= 0x48A && cp <= 0x4BF) || (cp >= 0x4D0 && cp <= 0x52F);
    return pairs ? cp & ~1u : cp;
}

void text_capitalize(char *s)
{
    uint32_t cp;
    char capital[4];
    if (!*s)
        return;
    size_t n = text_decode(s, strnlen(s, 4), &cp);
    if (text_encode(text_capital(cp), capital) == n)
        memcpy(s, capital, n);
}
