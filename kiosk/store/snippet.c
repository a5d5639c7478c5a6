/* Snippets. One walk over the text finds the words; then the window with the most of them is the best of those that
 * begin a little before a word found. */
#include "kiosk/store/snippet.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "kiosk/base/error.h"
#include "kiosk/base/text.h"
#include "kiosk/store/replica_search.h"

enum { SNIPPET_HITS = 200, SNIPPET_BEFORE = 3 /* of a window's columns one third stands before the first word */ };

struct snippet_hit {
    size_t from, bytes;
    int word; /* index in the words typed */
};

struct snippet_words {
    char text[REPLICA_SEARCH_QUERY]; /* each ended by NUL */
    const char *word[REPLICA_SEARCH_WORDS];
    int count;
};

/* "дом* снег* " as words without their stars. */
static void snippet_read_words(struct snippet_words *w, const char *typed)
{
    w->count = 0;
    if (!replica_search_query(w->text, typed))
        return;
    for (char *s = w->text; *s && w->count < REPLICA_SEARCH_WORDS;) {
        size_t n = strcspn(s, "*");
        if (s[n] != '*' || s[n + 1] != ' ')
            break;
        s[n] = '\0';
        w->word[w->count++] = s;
        s += n + 2;
    }
}

/* A character of a text as the search sees it; 0: none that belongs to a word. Latin, Cyrillic and ASCII without the
 * way around by strings. */
static uint32_t snippet_fold(uint32_t cp)
{
    char utf8[5] = "", folded[16];
    if (cp < 0x80)
        return (cp >= 'a' && cp <= 'z') || (cp >= '0' && cp <= '9') ? cp : cp >= 'A' && cp <= 'Z' ? cp + 0x20 : 0;
    if (cp >= 0x430 && cp < 0x450)
        return cp;
    if (cp >= 0x410 && cp < 0x430)
        return cp + 0x20;
    utf8[text_encode(cp, utf8)] = '\0';
    text_fold(folded, sizeof folded, utf8);
    if (folded[0])
        text_decode(folded, strlen(folded), &cp);
    return replica_search_is_word(cp) ? cp : 0;
}

static bool snippet_is_accent(uint32_t cp) { return cp >= 0x300 && cp < 0x370; }

/* The word at s (its first character is one): its bytes; *hit is the first of w that it begins with, -1 none. */
static size_t snippet_word(const char *s, const struct snippet_words *w, int *hit)
{
    char folded[80];
    size_t used = 0, len = 0;
    while (s[used]) {
        uint32_t cp, f;
        size_t n = text_decode(s + used, strnlen(s + used, 4), &cp);
        f = snippet_fold(cp);
        if (!f && !snippet_is_accent(cp))
            break;
        if (f && len + 4 < sizeof folded)
            len += text_encode(f, folded + len);
        used += n;
    }
    folded[len] = '\0';
    *hit = -1;
    for (int i = 0; i < w->count && *hit < 0; i++)
        if (strncmp(folded, w->word[i], strlen(w->word[i])) == 0)
            *hit = i;
    return used;
}

static int snippet_find(struct snippet_hit *hits, const char *text, const struct snippet_words *w)
{
    int count = 0;
    for (size_t at = 0; text[at] && count < SNIPPET_HITS;) {
        uint32_t cp;
        size_t n = text_decode(text + at, strnlen(text + at, 4), &cp);
        int hit = -1;
        if (snippet_fold(cp)) {
            n = snippet_word(text + at, w, &hit);
            if (hit >= 0)
                hits[count++] = (struct snippet_hit){.from = at, .bytes = n, .word = hit};
        }
        at += n;
    }
    return count;
}

/* How many different words typed the hits from the i-th on have within so many columns. */
static int snippet_score(const struct snippet_hit *hits, int count, int i, const char *text, int columns)
{
    unsigned seen = 0;
    size_t end = hits[i].from + text_fit(text + hits[i].from, columns);
    int score = 0;
    for (int k = i; k < count && hits[k].from + hits[k].bytes <= end; k++) {
        score += !(seen >> hits[k].word & 1);
        seen |= 1u << hits[k].word;
    }
    return score;
}

/* Columns for what stands before the first word: a third, or all that the rest of the text leaves. */
static int snippet_room(const char *rest, int columns)
{
    int least = columns / SNIPPET_BEFORE, after = text_fit(rest, columns) == strlen(rest) ? text_width(rest) : columns;
    return columns - 1 - after > least ? columns - 1 - after : least;
}

/* Goes back from `from` over whole words while they fit into columns. */
static size_t snippet_back(const char *text, size_t from, int columns)
{
    size_t start = from;
    for (size_t at = from; at > 0; at--) {
        if (text[at - 1] != ' ')
            continue;
        if (from - at > (size_t)columns * 4)
            break;
        char piece[SNIPPET_BYTES];
        snprintf(piece, sizeof piece, "%.*s", (int)(from - at), text + at);
        if (text_width(piece) > columns)
            break;
        start = at;
    }
    char piece[SNIPPET_BYTES];
    snprintf(piece, sizeof piece, "%.*s", (int)(from < sizeof piece ? from : 0), text);
    return from < sizeof piece && text_width(piece) <= columns ? 0 : start;
}

/* Copies the window from start on into out and notes the hits that lie in it whole. */
static void snippet_cut(struct snippet *out, const char *text, size_t start, const struct snippet_hit *hits, int count,
                        int columns)
{
    size_t lead = start > 0 ? strlen("…") : 0;
    size_t bytes = text_fit(text + start, columns - (start > 0));
    bool more = text[start + bytes] != '\0';
    if (more) {
        bytes = text_fit(text + start, columns - 1 - (start > 0));
        size_t whole = bytes;
        while (whole > 0 && text[start + whole] != ' ')
            whole--;
        bytes = whole > bytes / 2 ? whole : bytes;
        while (bytes > 0 && strchr(" .,;:", text[start + bytes - 1]))
            bytes--;
    }
    if (bytes > sizeof out->text - 8)
        bytes = 0;
    snprintf(out->text, sizeof out->text, "%s%.*s%s", lead ? "…" : "", (int)bytes, text + start, more ? "…" : "");
    for (int i = 0; i < count && out->marks < SNIPPET_MARKS; i++)
        if (hits[i].from >= start && hits[i].from + hits[i].bytes <= start + bytes) {
            out->mark[out->marks].from = (unsigned short)(lead + hits[i].from - start);
            out->mark[out->marks++].bytes = (unsigned short)hits[i].bytes;
        }
}

static void snippet_of_line(struct snippet *out, const char *text, const char *typed, int columns)
{
    struct snippet_words words;
    struct snippet_hit hits[SNIPPET_HITS];
    *out = (struct snippet){.marks = 0};
    columns = columns < 10 ? 10 : columns > SNIPPET_COLUMNS ? SNIPPET_COLUMNS : columns;
    snippet_read_words(&words, typed);
    int count = words.count ? snippet_find(hits, text, &words) : 0, best = -1;
    for (int i = 0; i < count; i++) {
        int score = snippet_score(hits, count, i, text, columns - columns / SNIPPET_BEFORE);
        if (score > out->words) {
            out->words = score;
            best = i;
        }
    }
    size_t start = best < 0 ? 0 : snippet_back(text, hits[best].from, snippet_room(text + hits[best].from, columns));
    snippet_cut(out, text, start, hits, count, columns);
}

void snippet_make(struct snippet *out, const char *text, const char *typed, int columns)
{
    char *line = mem_dup_str(text);
    for (char *s = line; *s; s++)
        *s = (char)(*s == '\n' ? ' ' : *s);
    snippet_of_line(out, line, typed, columns);
    free(line);
}
