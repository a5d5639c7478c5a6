/* Words for the search. */
#include "kiosk/store/replica_search.h"

#include <stdlib.h>
#include <string.h>

#include "kiosk/base/error.h"
#include "kiosk/base/text.h"

enum { REPLICA_WORD_BYTES = 72, REPLICA_CJK = 0x2E80 };

/* Letters of Unicode 6.1 (categories L and N), which is what SQLite's unicode61 knows. */
static const struct {
    uint16_t first, last;
} replica_letters[] = {
    {'0', '9'},       {'a', 'z'},       {0xC0, 0xD6},     {0xD8, 0xF6},     {0xF8, 0x2AF},    {0x370, 0x373},
    {0x376, 0x377},   {0x37B, 0x37D},   {0x386, 0x386},   {0x388, 0x38A},   {0x38C, 0x38C},   {0x38E, 0x3A1},
    {0x3A3, 0x3F5},   {0x3F7, 0x481},   {0x48A, 0x527},   {0x531, 0x556},   {0x561, 0x587},   {0x5D0, 0x5EA},
    {0x620, 0x64A},   {0x66E, 0x66F},   {0x671, 0x6D3},   {0x904, 0x939},   {0x10A0, 0x10C5}, {0x10D0, 0x10FA},
    {0x1E00, 0x1F15}, {0x3041, 0x3096}, {0x30A1, 0x30FA}, {0x3400, 0x4DB5}, {0x4E00, 0x9FCC}, {0xAC00, 0xD7A3},
};

bool replica_search_is_word(uint32_t cp)
{
    for (size_t i = 0; i < sizeof replica_letters / sizeof replica_letters[0] && replica_letters[i].first <= cp; i++)
        if (cp <= replica_letters[i].last)
            return true;
    return false;
}

/* The character at s, how many bytes it has, and whether words are made of it; what most texts are of is seen at once. */
static size_t replica_letter(const char *s, uint32_t *cp, bool *is_word)
{
    uint8_t c = (uint8_t)s[0];
    if (c < 0x80) {
        *cp = c;
        *is_word = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
        return 1;
    }
    if ((c == 0xD0 || c == 0xD1) && ((uint8_t)s[1] & 0xC0) == 0x80) { /* U+0400..U+047F: letters all */
        *cp = (uint32_t)(c & 0x1F) << 6 | ((uint8_t)s[1] & 0x3F);
        *is_word = true;
        return 2;
    }
    size_t n = text_decode(s, strnlen(s, 4), cp);
    *is_word = replica_search_is_word(*cp);
    return n;
}

/* The next word of a folded text into out (cut at its end); returns its characters, 0 when there is none. *s moves
 * behind it. */
static int replica_word(const char **s, char out[REPLICA_WORD_BYTES], uint32_t *first)
{
    size_t len = 0;
    int count = 0;
    while (**s) {
        uint32_t cp;
        bool is_word;
        size_t n = replica_letter(*s, &cp, &is_word);
        bool mark = cp >= 0x300 && cp < 0x370;
        if (!mark && !is_word && count > 0)
            break;
        if (!mark && is_word) {
            *first = count ? *first : cp;
            count++;
            if (len + n < REPLICA_WORD_BYTES) {
                memcpy(out + len, *s, n);
                len += n;
            }
        }
        *s += n;
    }
    out[len] = '\0';
    return count;
}

void replica_search_words(struct buf *out, const char *text)
{
    size_t size = 2 * strlen(text) + 8;
    char *folded = mem_new(size, 1), word[REPLICA_WORD_BYTES];
    text_fold(folded, size, text);
    uint32_t first;
    for (const char *s = folded; replica_word(&s, word, &first);) {
        buf_add_str(out, word);
        buf_add_char(out, ' ');
    }
    free(folded);
}

bool replica_search_query(char out[REPLICA_SEARCH_QUERY], const char *typed)
{
    char folded[512], word[REPLICA_WORD_BYTES];
    text_fold(folded, sizeof folded, typed);
    size_t len = 0;
    uint32_t first = 0;
    int words = 0, letters;
    for (const char *s = folded; words < REPLICA_SEARCH_WORDS && (letters = replica_word(&s, word, &first));) {
        if (letters < 2 && first < REPLICA_CJK)
            continue;
        size_t n = strlen(word);
        memcpy(out + len, word, n);
        memcpy(out + len + n, "* ", 2);
        len += n + 2;
        words++;
    }
    out[len] = '\0';
    return words > 0;
}
