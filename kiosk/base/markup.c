/* Articles' marks. Two passes that know nothing of each other: lines to blocks, then addresses in a block to numbers. */
#include "kiosk/base/markup.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "kiosk/base/buf.h"
#include "kiosk/base/error.h"

enum { MARKUP_TEXT = 256 * 1024, MARKUP_WORDS = 200, MARKUP_LOOK = 2000 /* bytes looked at for one address */ };

/* ---- addresses */

static size_t markup_scheme(const char *s)
{
    return strncasecmp(s, "https://", 8) == 0 ? 8 : strncasecmp(s, "http://", 7) == 0 ? 7 : 0;
}

/* What ends an address: white space, controls, and signs that quote it. Guillemets are two bytes each (C2 AB, C2 BB). */
static bool markup_ends_url(const char *s)
{
    unsigned char c = (unsigned char)*s, next = (unsigned char)s[c != '\0'];
    return c <= ' ' || c == 0x7F || strchr("<>\"`{}|\\^", c) || (c == 0xC2 && (next == 0xAB || next == 0xBB || next == 0xA0));
}

/* Bytes of the address at s: none of the sentence's own punctuation, a closing bracket only where it was opened inside. */
static size_t markup_url(const char *s)
{
    size_t n = markup_scheme(s);
    int open = 0, start = (int)n;
    while (n < MARKUP_LOOK && !markup_ends_url(s + n)) {
        open += s[n] == '(' ? 1 : s[n] == ')' ? -1 : 0;
        n++;
    }
    while (n > (size_t)start && strchr(".,;:!?'*_)]", s[n - 1]) && (s[n - 1] != ')' || open < 0)) {
        open += s[n - 1] == ')';
        n--;
    }
    return n > (size_t)start ? n : 0;
}

/* The number of the address, 0 when there is no room for it. Takes words only for a new one. */
static int markup_number(struct markup *m, const char *url, size_t n, const char *words, size_t words_len)
{
    char text[MARKUP_URL + 1];
    if (n > MARKUP_URL)
        return 0;
    snprintf(text, sizeof text, "%.*s", (int)n, url);
    for (int i = 0; i < m->links; i++)
        if (strcmp(m->link[i].url, text) == 0)
            return i + 1;
    if (m->links == MARKUP_LINKS)
        return 0;
    struct markup_link *link = &m->link[m->links++];
    link->url = mem_dup_str(text);
    snprintf(text, sizeof text, "%.*s", (int)words_len, words);
    link->words = mem_dup_str(text);
    return m->links;
}

/* "[words](address)" at s: its bytes, 0 when it is none. */
static size_t markup_named(const char *s, size_t *words, size_t *url)
{
    *words = strcspn(s + 1, "[]\n");
    const char *after = s + 1 + *words;
    if (*words == 0 || *words > MARKUP_WORDS || after[0] != ']' || after[1] != '(' || !markup_scheme(after + 2))
        return 0;
    *url = markup_url(after + 2);
    return *url && after[2 + *url] == ')' ? *words + *url + 4 : 0;
}

/* Appends what stands for the link at s; returns the bytes of s it took, 0 when there is no link. */
static size_t markup_add_link(struct markup *m, struct buf *out, const char *s)
{
    size_t words, url, whole = *s == '[' ? markup_named(s, &words, &url) : 0;
    if (whole) {
        int number = markup_number(m, s + words + 3, url, s + 1, words);
        buf_add(out, s + 1, words);
        if (number)
            buf_addf(out, " [%d]", number);
        else
            buf_addf(out, " (%.*s)", (int)url, s + words + 3);
        return whole;
    }
    size_t scheme = markup_scheme(s);
    url = scheme ? markup_url(s) : 0;
    if (!url)
        return 0;
    size_t shown = url - scheme - (s[url - 1] == '/');
    int number = shown ? markup_number(m, s, url, s + scheme, shown) : 0;
    if (number)
        buf_addf(out, "%.*s [%d]", (int)shown, s + scheme, number);
    else
        buf_add(out, s, url);
    return url;
}

/* A line of n bytes with numbers in the place of addresses; the caller frees. */
static char *markup_text(struct markup *m, const char *line, size_t n)
{
    struct buf in, out;
    buf_init(&in, MARKUP_TEXT);
    buf_init(&out, 2 * MARKUP_TEXT);
    buf_add(&in, line, n);
    bool in_word = false;
    for (const char *s = in.data; *s;) {
        size_t took = in_word && *s != '[' ? 0 : markup_add_link(m, &out, s);
        if (!took) {
            buf_add_char(&out, (char)(*s == '\n' ? ' ' : *s));
            in_word = (*s >= 'a' && *s <= 'z') || (*s >= 'A' && *s <= 'Z');
            s++;
            continue;
        }
        in_word = false;
        s += took;
    }
    buf_done(&in);
    char *text = buf_take(&out);
    buf_done(&out);
    return text;
}

/* ---- blocks */

static size_t markup_dash(const char *s)
{
    static const char *const dashes[] = {"- ", "* ", "• ", "– ", "— "};
    for (size_t i = 0; i < sizeof dashes / sizeof dashes[0]; i++)
        if (strncmp(s, dashes[i], strlen(dashes[i])) == 0)
            return strlen(dashes[i]);
    return 0;
}

/* "12. " or "12) ": its bytes. */
static size_t markup_counted(const char *s, int *number)
{
    size_t n = strspn(s, "0123456789");
    if (n == 0 || n > 3 || s[0] == '0' || (s[n] != '.' && s[n] != ')') || s[n + 1] != ' ')
        return 0;
    *number = (int)strtol(s, NULL, 10);
    return n + 2;
}

/* What kind of line it is, and the bytes of its mark. */
static size_t markup_mark(const char *s, struct markup_block *b)
{
    size_t n = strspn(s, "#");
    if (n > 0 && n <= 6 && s[n] == ' ') {
        b->kind = n == 1 ? MARKUP_HEADING : MARKUP_SUBHEADING;
        return n + 1;
    }
    n = markup_dash(s);
    if (!n)
        n = markup_counted(s, &b->number);
    if (n)
        b->kind = MARKUP_ENTRY;
    return n;
}

static void markup_add(struct markup *m, struct markup_block b)
{
    if (!b.text[0]) {
        free(b.text);
        return;
    }
    if ((m->count & (m->count - 1)) == 0) /* doubles */
        m->block = mem_resize(m->block, m->count ? 2 * (size_t)m->count : 1, sizeof *m->block);
    m->block[m->count++] = b;
}

static size_t markup_trim(const char *s, size_t n)
{
    while (n > 0 && strchr(" \t\r\n", s[n - 1]))
        n--;
    return n;
}

void markup_parse(struct markup *out, const char *text)
{
    *out = (struct markup){.block = NULL};
    bool apart = false;
    for (const char *s = text ? text : ""; *s;) {
        struct markup_block b = {.apart = apart && out->count > 0};
        /* the last block that there is room for takes all the rest */
        size_t line = out->count < MARKUP_BLOCKS - 1 ? strcspn(s, "\n") : strlen(s), lead = strspn(s, " \t");
        const char *next = s + line + (s[line] == '\n');
        lead = lead < line ? lead : line;
        size_t mark = markup_mark(s + lead, &b), from = lead + mark < line ? lead + mark : line;
        from += strspn(s + from, " \t");
        size_t n = from < line ? markup_trim(s + from, line - from) : 0;
        apart = n == 0 && mark == 0 ? true : n == 0 && apart;
        if (n) {
            b.text = markup_text(out, s + from, n);
            markup_add(out, b);
        }
        s = next;
    }
}

void markup_done(struct markup *m)
{
    for (int i = 0; i < m->count; i++)
        free(m->block[i].text);
    for (int i = 0; i < m->links; i++) {
        free(m->link[i].url);
        free(m->link[i].words);
    }
    free(m->block);
    *m = (struct markup){.block = NULL};
}
